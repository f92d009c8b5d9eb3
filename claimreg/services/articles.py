"""Articles as their readers hand them over: blocks with a role, and the place of every character in the file."""

from __future__ import annotations

from bisect import bisect_right
from enum import StrEnum
from typing import NamedTuple

from claimreg.model import Span


class Role(StrEnum):
    """Part that a block plays in an article."""

    BODY = "body"
    QUOTE = "quote"
    """Words in a block quotation: all of them are quoted, marks or not."""
    HEADING = "heading"
    CODE = "code"
    NOTE = "note"
    """A footnote, an endnote, a box beside the text."""
    CITE = "cite"
    """Line that names whom or what a block quotation is from; `Block.group` tells which quotation."""


class Position(NamedTuple):
    """Line and column in the file, both from 1, the column in code points; in DOCX the paragraph, and the column in it."""

    line: int
    column: int


class Block(NamedTuple):
    """A paragraph or the like as a reader sees it, without markup.

    ``places`` has for each code point of ``text`` its place in `Article.text`. ``written`` has the code points (by offset in
    ``text``) that do not stand in the file as themselves, each with how many stand there for it: an entity or a line end of two, and
    0 for a mark that a program draws where an element begins or ends. The blocks of one block quotation and what names its speaker
    have the same ``group``.
    """

    role: Role
    text: str
    places: tuple[int, ...]
    written: dict[int, int] = {}  # noqa: RUF012 -- a field's default that nothing writes to, as all of a named tuple
    group: int | None = None

    def in_file(self, span: Span) -> Span:
        """The stretch of `Article.text` that a stretch of this block stands at; an empty one for an empty one."""
        if span.start >= span.end:
            place = self.places[span.start] if span.start < len(self.places) else self.in_file(Span(0, len(self.text))).end
            return Span(place, place)
        last = span.end - 1
        return Span(self.places[span.start], self.places[last] + self.written.get(last, 1))


class Comment(NamedTuple):
    """An instruction to claimreg in a comment, such as ``ignore``: the words after ``claimreg:``, and where the comment stands."""

    text: str
    place: Span


class Article(NamedTuple):
    """An article that was read.

    ``kind`` is its media type. ``text`` is the file's decoded text, without a byte order mark; of a DOCX, its paragraphs, each on a
    line. ``lines`` are the places in it where a line, or a DOCX's paragraph, begins. ``notes`` are sentences for a person: what was
    guessed.
    """

    name: str
    kind: str
    text: str
    blocks: tuple[Block, ...]
    comments: tuple[Comment, ...] = ()
    lines: tuple[int, ...] = (0,)
    notes: tuple[str, ...] = ()

    def position(self, place: int) -> Position:
        """The line and the column of a place in ``text``."""
        line = max(1, bisect_right(self.lines, place))
        return Position(line, place - self.lines[line - 1] + 1)


def position(article: Article, block: Block, offset: int) -> Position:
    """The line and the column, in the file, of a code point of a block; of its end, for the offset behind the last."""
    return article.position(block.in_file(Span(offset, offset)).start)
