"""Markdown as an article: CommonMark with tables and footnotes, parsed by markdown-it."""

from __future__ import annotations

import re
from itertools import zip_longest
from typing import TYPE_CHECKING

from markdown_it import MarkdownIt

from claimreg.errors import InputError
from claimreg.ingest.articles.elements import Elements
from claimreg.ingest.articles.inline import Inline, footnote_sign, inline_note, write_inline
from claimreg.ingest.articles.page import PageReader
from claimreg.services.articles import Role

if TYPE_CHECKING:
    from collections.abc import Sequence

    from markdown_it.rules_block import StateBlock
    from markdown_it.token import Token

    from claimreg.ingest.articles.building import Builder

_DEEPEST = 100
"""Levels of nesting that are read; markdown-it's own limit where it does not follow CommonMark by the letter."""

_DEEPEST_IN_A_LINE = 20
"""Links in links, and the like, that are looked into; markdown-it's own limit for CommonMark, and each costs time for every bracket."""

_FRONT_MATTER = re.compile(r"---[ \t]*+\n(?:(?!(?:---|\.\.\.)[ \t]*+$)[^\n]*+\n)*+(?:---|\.\.\.)[ \t]*+$", re.MULTILINE)
_LINE_END = re.compile("\r\n?")
_DEFINITION = re.compile(r"\[\^[^\]\s]{1,99}+\]:")
_NOTE_INDENT = 4
_BOX = re.compile(r"\[![a-zA-Z]+\]")
"""First words of a box on GitHub and in Obsidian (``> [!NOTE]``), which is written as a block quotation and quotes nobody."""

_OPENING = {"heading_open": Role.HEADING, "footnote_open": Role.NOTE}
_CLOSING = {"heading_close": Role.HEADING, "footnote_close": Role.NOTE}
_LEAVES = frozenset({"paragraph_open", "heading_open"})
_ENDS = frozenset({"paragraph_close", "list_item_open", "list_item_close", "td_close", "th_close", "hr"})


def read_markdown(text: str, name: str, builder: Builder) -> None:
    """Tell the builder of the blocks of a Markdown text. Raises `InputError` for one that is nested too deeply."""
    source, places = _with_line_feeds(text)
    skipped = front.end() if (front := _FRONT_MATTER.match(source)) else 0
    _Reader(source[skipped:], places[skipped:], builder).read(name)


def _with_line_feeds(text: str) -> tuple[str, Sequence[int]]:
    """The text with a line feed for every line end, and the place of each of its code points, and of its end, in the text before."""
    if "\r" not in text:
        return text, range(len(text) + 1)
    places: list[int] = []
    start = 0
    for found in _LINE_END.finditer(text):
        places.extend(range(start, found.start() + 1))
        start = found.end()
    places.extend(range(start, len(text) + 1))
    return _LINE_END.sub("\n", text), places


class _Reader:
    """Reader of one text: takes markdown-it's blocks in order and finds where their content stands."""

    def __init__(self, source: str, places: Sequence[int], builder: Builder) -> None:
        self._source = source
        self._places = places
        self._lines = [0, *(found.end() for found in re.finditer("\n", source))]
        self._builder = builder
        self._elements = Elements(builder)
        self._scanner = PageReader(self._elements)
        self._is_cell = False
        self._row = -1, 0
        self._quotations: list[Role] = []

    def read(self, name: str) -> None:
        md = MarkdownIt("commonmark", {"maxNesting": _DEEPEST}).enable(["table", "strikethrough"])
        md.disable(["inline", "text_join", "fragments_join"])
        md.block.ruler.before("reference", "footnote", footnote, {"alt": ["paragraph", "reference"]})
        md.inline.ruler.before("link", "footnote_sign", footnote_sign)
        md.inline.ruler.before("link", "inline_note", inline_note)
        environment: dict[str, object] = {}
        tokens = md.parse(self._source, environment)
        md.options["maxNesting"] = _DEEPEST_IN_A_LINE
        for token, content in zip_longest(tokens, tokens[2:]):
            # The parser leaves out what is deeper, without a word.
            if token.nesting == 1 and token.level >= _DEEPEST - 1 and token.type not in _LEAVES:
                raise InputError(f"{name} is nested too deeply to be read.")
            if token.type == "inline":
                write_inline(self._content(token), md, environment, self._scanner, self._builder)
            else:
                self._block(token, content)
        self._builder.end_block()

    def _block(self, token: Token, content: Token | None) -> None:
        """Tell of a block's beginning or end; ``content`` is what a quotation that begins with a paragraph begins with."""
        self._is_cell = token.type in {"th_open", "td_open"}
        if token.type in _ENDS:
            self._scanner.show("p")
        if token.block:
            self._elements.end_block()
        if token.type == "blockquote_open":
            self._quotations.append(Role.NOTE if content is not None and _BOX.match(content.content) else Role.QUOTE)
            self._builder.open(self._quotations[-1])
        elif token.type == "blockquote_close":
            self._builder.close(self._quotations.pop())
        elif role := _OPENING.get(token.type):
            self._builder.open(role)
        elif role := _CLOSING.get(token.type):
            self._builder.close(role)
        elif token.map is not None and token.type in {"fence", "code_block"}:
            self._builder.open(Role.CODE)
            self._builder.write(token.content, self._whole_lines(token.content, token.map[0] + (token.type == "fence")))
            self._builder.close(Role.CODE)
        elif token.map is not None and token.type == "html_block":
            self._scanner.feed(token.content, self._whole_lines(token.content, token.map[0]))

    def _content(self, token: Token) -> Inline:
        """The content of a paragraph, heading or cell: a line of it is what is left of the file's when its beginning is taken off."""
        first = token.map[0] if token.map else 0
        if "\n" not in token.content:
            return self._in_line(token.content, first)
        places: list[int] = []
        for number, line in enumerate(token.content.split("\n"), first):
            places.extend(self._end_of_line(line, number))
        return Inline(token.content, [self._places[place] for place in places[: len(token.content)]])

    def _in_line(self, content: str, number: int) -> Inline:
        """Content on one line, where a heading's signs and a table's cells stand beside it: each is looked for behind the one before."""
        start, end = self._lines[number], self._line_end(number)
        if not content:
            return Inline("", ())
        if self._is_cell:
            start = self._row[1] if self._row[0] == number else start
        elif self._source[start:end].rstrip().endswith(content):
            start = start + len(self._source[start:end].rstrip()) - len(content)
        else:
            start += _heading_start(self._source[start:end])
        at = self._source.find(content, start, end)
        if at >= 0:
            self._row = number, at + len(content)
            return Inline(content, self._places[at : at + len(content)])
        return self._escaped(content, number, start, end)

    def _escaped(self, content: str, number: int, start: int, end: int) -> Inline:
        """A cell of a table, where a bar is written with a backslash before it."""
        written = content.replace("|", "\\|")
        at = max(start, self._source.find(written, start, end))
        self._row = number, at + len(written)
        places: list[int] = []
        for sign in content:
            at += sign == "|"
            places.append(self._places[min(at, end)])
            at += 1
        return Inline(content, places)

    def _whole_lines(self, content: str, first: int) -> Sequence[int]:
        """The places of content that has the ends of its lines, too."""
        places: list[int] = []
        for number, line in enumerate(content.removesuffix("\n").split("\n"), first):
            places.extend(self._end_of_line(line, number))
        return [self._places[place] for place in places[: len(content)]]

    def _end_of_line(self, line: str, number: int) -> list[int]:
        """The offsets in the source of the last code points of a line and of its end; spaces that stand for a tab are at the tab."""
        if number >= len(self._lines):
            return [len(self._source)] * (len(line) + 1)
        first, end = self._lines[number], self._line_end(number)
        if not self._source.endswith(line, first, end):
            end = first + len(self._source[first:end].rstrip())
            line = line.rstrip()
        return [max(first, end - len(line) + offset) for offset in range(len(line) + 1)]

    def _line_end(self, number: int) -> int:
        return self._lines[number + 1] - 1 if number + 1 < len(self._lines) else len(self._source)


def _heading_start(line: str) -> int:
    """The offset in a line behind the signs of a heading; 0 where there are none."""
    found = re.search(r"#{1,6}(?=[ \t])", line)
    return found.end() if found else 0


def footnote(state: StateBlock, start: int, end: int, silent: bool) -> bool:  # noqa: FBT001 -- the library's form of a rule
    """Rule of markdown-it for a footnote: ``[^1]:`` and its text, with further paragraphs indented, as PHP Markdown Extra has it."""
    first = state.bMarks[start] + state.tShift[start]
    found = _DEFINITION.match(state.src, first, state.eMarks[start])
    if found is None or state.is_code_block(start):
        return False
    if silent:
        return True
    before = state.bMarks[start], state.tShift[start], state.sCount[start], state.parentType
    state.push("footnote_open", "", 1)
    text = len(state.src[found.end() : state.eMarks[start]]) - len(state.src[found.end() : state.eMarks[start]].lstrip(" \t"))
    state.bMarks[start], state.tShift[start] = found.end(), text
    state.blkIndent += _NOTE_INDENT
    state.sCount[start] = state.blkIndent
    state.parentType = "footnote"
    state.md.block.tokenize(state, start, end)
    state.blkIndent -= _NOTE_INDENT
    state.bMarks[start], state.tShift[start], state.sCount[start], state.parentType = before
    state.push("footnote_close", "", -1)
    return True
