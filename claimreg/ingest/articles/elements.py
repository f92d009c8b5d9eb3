"""Elements of HTML by what they mean in an article; Markdown may hold them, too."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from claimreg.ingest.formats.tidy import RAISED_DIGITS
from claimreg.services.articles import Role

if TYPE_CHECKING:
    from collections.abc import Mapping

    from claimreg.ingest.articles.building import Builder

_ROLES = {
    "blockquote": Role.QUOTE, "pre": Role.CODE, "aside": Role.NOTE,
    **dict.fromkeys(("h1", "h2", "h3", "h4", "h5", "h6"), Role.HEADING),
}  # fmt: skip
_CITES = frozenset({"cite", "footer"})
_CODE = frozenset({"code", "kbd", "samp", "tt", "var"})
BLOCKS = frozenset({
    "address", "article", "body", "caption", "center", "dd", "details", "dialog", "dir", "div", "dl", "dt", "fieldset", "figcaption",
    "figure", "footer", "form", "header", "hgroup", "hr", "html", "legend", "li", "main", "menu", "nav", "ol", "option", "p",
    "section", "summary", "table", "tbody", "td", "tfoot", "th", "thead", "tr", "ul",
})  # fmt: skip
_MARKS = (("“", "”"), ("‘", "’"))
"""Marks that are drawn around `q`, by depth, as browsers do for English; which ones they are, nobody compares."""

_NOTE_NAMES = re.compile(r"(?:^|[\s:_-])(?:doc-)?(?:foot|end)notes?(?=$|[\s_-])", re.IGNORECASE)
_REFERENCE_NAMES = re.compile(r"noteref|(?:foot|end)note[-_]?(?:ref|anchor|back|return)|backlink", re.IGNORECASE)
_NOTE_SIGN = re.compile(r"[\s\[\](){}*†‡§¶#↩↑\ufe0e\d⁰¹²³⁴-⁹,;–-]*|\s*[\[(]?[a-z][\])]?\s*", re.IGNORECASE)
_NAMING = ("class", "id", "role", "epub:type")


class Elements:
    """Elements that are open. They are counted by name, not kept in a tree, so that no depth of nesting matters."""

    def __init__(self, builder: Builder) -> None:
        self.builder = builder
        self._marks: list[str] = []
        self._holder = ""
        self._holds_link = False
        self._notes: list[tuple[str, int]] = []
        self._open: dict[str, int] = {}
        self._figure_group: int | None = None

    def start(self, tag: str, attributes: Mapping[str, str], place: int) -> None:
        """Begin an element that stands at a place of the file; a paragraph ends where another block begins, closed or not."""
        if tag in BLOCKS or tag in _ROLES:
            self.end("p", place)
        self._open[tag] = self._open.get(tag, 0) + 1
        if tag == "q":
            opening, closing = _MARKS[len(self._marks) % 2]
            self.builder.draw(opening, place)
            self._marks.append(closing)
        elif role := self._role(tag):
            self._end_inline()
            self.builder.open(role)
        elif tag == "br":
            self.builder.draw("\n", place)
        elif tag in _CODE or tag == "sup" or self._is_reference(tag, attributes):
            self._hold(tag)
        elif tag == "a" and self._holder:
            self._holds_link = True
        elif tag in BLOCKS:
            self.end_block()
        if tag == "figure":
            self._figure_group = self.builder.group
        self._note_begins(tag, attributes)

    def end(self, tag: str, place: int) -> None:
        """End the innermost element of this name, if one is open."""
        if not self._open.get(tag):
            return
        if self._notes and self._notes[-1] == (tag, self._open[tag]):
            self._notes.pop()
            self.end_block()
            self.builder.close(Role.NOTE)
        self._open[tag] -= 1
        if tag == self._holder:
            self._release()
        if tag == "q":
            self.builder.draw(self._marks.pop(), place) if self._marks else None
        elif role := self._role(tag):
            self._end_inline()
            self.builder.close(role)
        elif tag in BLOCKS:
            self.end_block()
        if tag == "figure":
            self._figure_group = None

    def end_block(self) -> None:
        """End the block at hand, and what is open in it."""
        self._end_inline()
        self.builder.end_block()

    def _role(self, tag: str) -> Role | None:
        """The role of what stands in an element; `cite` and `footer` name a speaker only within a quotation or its figure."""
        if tag in _CITES and (self.builder.inside(Role.QUOTE) or self.builder.inside(Role.CITE)):
            return Role.CITE
        if tag == "figcaption" and self._figure_group is not None and self.builder.group > self._figure_group:
            return Role.CITE
        return _ROLES.get(tag)

    def _is_reference(self, tag: str, attributes: Mapping[str, str]) -> bool:
        """Return whether a link leads to another place of the page, as those to notes and back do."""
        return tag == "a" and (
            attributes.get("href", "").startswith("#") or any(_REFERENCE_NAMES.search(attributes.get(name, "")) for name in _NAMING)
        )

    def _note_begins(self, tag: str, attributes: Mapping[str, str]) -> None:
        if tag in ("div", "section", "ol", "ul", "li", "p") and any(_NOTE_NAMES.search(attributes.get(name, "")) for name in _NAMING):
            self._notes.append((tag, self._open[tag]))
            self.end_block()
            self.builder.open(Role.NOTE)

    def _hold(self, tag: str) -> None:
        if self.builder.inside(Role.CODE):
            return
        self._holds_link = self._holds_link or tag == "a"
        if not self._holder:
            self._holder = tag
            self.builder.hold()

    def _release(self) -> None:
        if self._holder in _CODE:
            self.builder.release_code()
        elif not self._holds_link and self.builder.held_text().isdecimal():
            self.builder.release_as(self.builder.held_text().translate(RAISED_DIGITS))
        else:
            self.builder.release(keep=not _NOTE_SIGN.fullmatch(self.builder.held_text()))
        self._holder, self._holds_link = "", False

    def _end_inline(self) -> None:
        """End what is open in a block, as it ends with it: browsers have it so for `q`."""
        if self._holder:
            self._release()
        while self._marks:
            self.builder.draw(self._marks.pop())
