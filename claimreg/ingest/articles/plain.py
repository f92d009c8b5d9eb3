"""Plain text as an article: its paragraphs, which empty lines part."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from claimreg.model import Span

if TYPE_CHECKING:
    from claimreg.ingest.articles.building import Builder

_EMPTY_LINES = re.compile(r"(?>\r\n|\n|\r)(?:[^\S\r\n]*+(?>\r\n|\n|\r))++")
_COMMENT_LINE = re.compile(r"^[ \t]*+(<!--((?:(?!-->)[^\r\n])*+)-->)[ \t]*+\r?$", re.MULTILINE)


def read_plain(text: str, builder: Builder) -> None:
    """Tell the builder of the paragraphs, line ends in them as they are, and of comments that fill a line."""
    start = 0
    for found in _COMMENT_LINE.finditer(text):
        _paragraphs(text, start, found.start(), builder)
        builder.comment(found[2], Span(*found.span(1)))
        start = found.end()
    _paragraphs(text, start, len(text), builder)


def _paragraphs(text: str, start: int, end: int, builder: Builder) -> None:
    for found in _EMPTY_LINES.finditer(text, start, end):
        _paragraph(text, start, found.start(), builder)
        start = found.end()
    _paragraph(text, start, end, builder)


def _paragraph(text: str, start: int, end: int, builder: Builder) -> None:
    builder.write(text[start:end], range(start, end))
    builder.end_block()
