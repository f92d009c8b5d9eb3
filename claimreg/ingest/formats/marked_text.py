"""Text files as they look where they are shown: Markdown without its marks, and plain text without what stands for other signs.

Markdown goes the way that it goes on the web: markdown-it makes HTML of it, and the blocks of that page are the text. What a plain text
says in marks is read only where nothing else can be meant: references to characters by a name that HTML knows or by number, and links
with their address in Markdown's form.
"""

from __future__ import annotations

import html
import re
from html.entities import html5
from typing import TYPE_CHECKING, NamedTuple

from claimreg.model import Locator
from claimreg.vocabulary import STRUCK_OUT

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from markdown_it import MarkdownIt
    from markdown_it.token import Token

FRONT_MATTER = "the file's front matter"
ADDRESS = "a link's address"
STRUCK_NOTE = "The file strikes words out; they are not read as said."
REFERENCES_NOTE = "References to characters, such as &amp;, were read as the signs that they stand for."
LINKS_NOTE = "Links were read by their words; their addresses are left out."
LARGE_NOTE = "The file is too large to be read as Markdown; it was read as plain text."

_FRONT = re.compile(r"---[ \t]*+\r?\n(?:(?!(?:---|\.\.\.)[ \t]*+\r?$)[^\n]*+\n)*+(?:---|\.\.\.)[ \t]*+\r?$", re.MULTILINE)
_REFERENCE = re.compile(r"&(#[0-9]{1,7}|#[xX][0-9a-fA-F]{1,6}|[a-zA-Z][a-zA-Z0-9]{1,31});")
_LINK = re.compile(
    r"""!?\[([^\[\]\n]{1,1000})\]
    \(<?((?:https?://|mailto:)[^\s()<>]{1,2000}(?:\([^\s()<>]{0,500}\)[^\s()<>]{0,500})?)>?(?:[ \t]+"[^"\n]{0,500}")?\)""",
    re.VERBOSE,
)
_UNSEEN = "\u00ad\u200b\u200c\u200d\u200e\u200f"
_LARGEST = 4 * 2**20  # code points; markdown-it takes a second for each million of dense marks
_DEEPEST = 100
"""Levels of nesting that are read; markdown-it's own limit where it does not follow CommonMark by the letter."""


class Shown(NamedTuple):
    """A text as it looks, what it leaves out, the places in both, and sentences for a person."""

    text: str
    left_out: str = ""
    locators: tuple[Locator, ...] = ()
    notes: tuple[str, ...] = ()


def markdown_shown(source: str) -> Shown:
    """Markdown as a page shows it, a block a line; its front matter is left out, and what it strikes out."""
    if len(source) > _LARGEST:
        return Shown(source, notes=(LARGE_NOTE,))
    front = _FRONT.match(source)
    blocks = _blocks(source[front.end() :] if front else source)
    text = "\n".join(words for words, label in blocks if label != STRUCK_OUT)
    if not text:
        return Shown(source)
    struck = [(words, STRUCK_OUT) for words, label in blocks if label == STRUCK_OUT]
    matter = [(line.strip(), FRONT_MATTER) for line in front[0].split("\n")[1:-1] if line.strip()] if front else []
    return _with_left_out(text, [*matter, *struck], (STRUCK_NOTE,) if struck else ())


def plain_shown(source: str) -> Shown:
    """Plain text with the signs in it that references stand for, and with links by their words."""
    text, notes, addresses = source, [], []
    if "](" in text:
        addresses = [found[2] for found in _LINK.finditer(text)]
        text = _LINK.sub(lambda found: found[1], text)
        notes += [LINKS_NOTE] if addresses else []
    if "&" in text and _is_escaped(text):
        text = _REFERENCE.sub(lambda found: _sign(found[1]) or found[0], text)
        notes.append(REFERENCES_NOTE)
    return _with_left_out(text, [(address, ADDRESS) for address in addresses], tuple(notes))


def _is_escaped(text: str) -> bool:
    """Return whether the text was escaped for HTML: no fewer of its ampersands begin a reference than stand for themselves."""
    references = sum(_sign(found[1]) is not None for found in _REFERENCE.finditer(text))
    return references > 0 and 2 * references >= text.count("&")


def _sign(name: str) -> str | None:
    """The sign that a reference stands for, ``None`` where it stands for none that can be read."""
    if not name.startswith("#"):
        return html5.get(f"{name};")
    sign = html.unescape(f"&{name};")
    return sign if sign != "\ufffd" and (sign.isprintable() or sign.isspace() or sign in _UNSEEN) else None


def _with_left_out(text: str, lines: Sequence[tuple[str, str]], notes: tuple[str, ...]) -> Shown:
    locators: list[Locator] = []
    at = len(text) + 1
    for words, label in lines:
        if not locators or locators[-1].label != label:
            locators.append(Locator(at, label))
        at += len(words) + 1
    return Shown(text, "\n".join(words for words, _ in lines), tuple(locators), notes)


def _blocks(source: str) -> Iterable[tuple[str, str]]:
    from claimreg.ingest.formats import markup
    from claimreg.ingest.formats.page_parts import blocks_of

    page = f"<html><body>{_parser().render(source)}</body></html>"
    if (tree := markup.parsed(page)) is None:
        whole, struck = markup.whole_and_struck(page)
        return [*((line, "") for line in whole.split("\n")), *((line, STRUCK_OUT) for line in struck.split("\n") if line)]
    marked = dict.fromkeys(markup.struck_out(tree, page), STRUCK_OUT)
    return [(block.words, block.label) for block in blocks_of(tree, marked)]


def _parser() -> MarkdownIt:
    from markdown_it import MarkdownIt

    from claimreg.ingest.articles.inline import footnote_sign
    from claimreg.ingest.articles.markdown import footnote

    parser = MarkdownIt("commonmark", {"maxNesting": _DEEPEST}).enable(["table", "strikethrough"])
    parser.block.ruler.before("reference", "footnote", footnote, {"alt": ["paragraph", "reference"]})
    parser.inline.ruler.before("link", "footnote_sign", footnote_sign)
    for kind, rule in (("footnote_sign", _nothing), ("footnote_open", _nothing), ("footnote_close", _nothing), ("image", _nothing)):
        parser.add_render_rule(kind, rule)
    for kind in ("fence", "code_block"):
        parser.add_render_rule(kind, _code)
    return parser


def _nothing(_renderer: object, _tokens: Sequence[Token], _place: int, _options: object, _environment: object) -> str:
    return ""


def _code(_renderer: object, tokens: Sequence[Token], place: int, _options: object, _environment: object) -> str:
    """Code line by line, as it looks."""
    return "<div>" + "<br>".join(html.escape(line) for line in tokens[place].content.split("\n")) + "</div>"
