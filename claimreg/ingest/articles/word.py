"""DOCX as an article: what Word's styles say of paragraphs. Names are those of WordprocessingML (ISO/IEC 29500-1, section 17)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from claimreg.ingest.articles.building import Builder
from claimreg.ingest.formats import DOCX
from claimreg.ingest.formats.word import joins_next, open_word, paragraphs_in
from claimreg.ingest.formats.word_set_aside import W
from claimreg.services.articles import Article, Role

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from lxml.etree import _Element

    from claimreg.ingest.formats.word import WordFile
    from claimreg.ingest.types import Hints, Limits

_ROLES = {
    **dict.fromkeys(("quote", "intensequote", "quotations", "blocktext", "blockquote", "blockquotation"), Role.QUOTE),
    **dict.fromkeys(("title", "subtitle", *(f"heading{level}" for level in range(1, 10))), Role.HEADING),
    **dict.fromkeys(("htmlpreformatted", "preformattedtext", "sourcecode"), Role.CODE),
    **dict.fromkeys(("footnotetext", "endnotetext"), Role.NOTE),
}
"""Roles by the names of styles, in lower case without spaces: Word's own, which it writes in English in a document of any language;
LibreOffice's ("Quotations", "Preformatted Text") and Pandoc's ("Block Text", "Source Code")."""


def read_word(content: bytes, hints: Hints, limits: Limits) -> Article:
    """The article in a Word document: the body, then its notes. Text that was deleted under tracked changes is none of it.

    Raises `InputError` as `claimreg.ingest.formats.word.extract` does, but not for a document without text.
    """
    word = open_word(content, hints, limits)
    styles = _Styles(word)
    article = _Paragraphs()
    article.add(paragraphs_in(word.body, word.looks), styles.role)
    for kind in ("footnotes", "endnotes"):
        for root in word.roots(kind):
            article.add(paragraphs_in(root, word.looks), lambda _: Role.NOTE)
    return Article(hints.name, DOCX, "".join(article.text), tuple(article.builder.blocks), lines=tuple(article.starts) or (0,))


class _Paragraphs:
    """Paragraphs as they are told to a builder, and the text that they make, each on a line."""

    def __init__(self) -> None:
        self.builder = Builder()
        self.text: list[str] = []
        self.starts: list[int] = []
        self._length = 0

    def add(self, paragraphs: Iterable[tuple[_Element, str]], role_of: Callable[[_Element], Role | None]) -> None:
        """Add the paragraphs of a part. Those of one role that follow each other are one quotation, if they are that."""
        role, goes_on = None, False
        for paragraph, text in paragraphs:
            if not goes_on:
                role = self._change(role, role_of(paragraph))
                self.starts.append(self._length)
            self.builder.write(text, range(self._length, self._length + len(text)))
            goes_on = joins_next(paragraph)
            self._append(text if goes_on else text + "\n")
            if not goes_on:
                self.builder.end_block()
        self._change(role, None)

    def _change(self, before: Role | None, after: Role | None) -> Role | None:
        if before is not after:
            if before is not None:
                self.builder.close(before)
            if after is not None:
                self.builder.open(after)
        return after

    def _append(self, text: str) -> None:
        self.text.append(text)
        self._length += len(text)


class _Styles:
    """The document's paragraph styles. One that has no known name has the role of that which it is based on."""

    def __init__(self, word: WordFile) -> None:
        self._names: dict[str, str] = {}
        self._bases: dict[str, str] = {}
        for root in word.roots("styles"):
            for style in root.iter(f"{W}style"):
                key = style.get(f"{W}styleId", "")
                self._names[key] = _value(style.find(f"{W}name"))
                self._bases[key] = _value(style.find(f"{W}basedOn"))

    def role(self, paragraph: _Element) -> Role | None:
        """The role of a paragraph, ``None`` for the body's."""
        style = _value(paragraph.find(f"{W}pPr/{W}pStyle"))
        seen: set[str] = set()
        while style and style not in seen:
            seen.add(style)
            name = self._names.get(style) or style
            if role := _ROLES.get("".join(name.lower().split())):
                return role
            style = self._bases.get(style, "")
        return None


def _value(element: _Element | None) -> str:
    return "" if element is None else str(element.get(f"{W}val", ""))
