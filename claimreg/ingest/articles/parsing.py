"""Parsing of an article by its kind, in this process; `reading` has it done in a process of its own."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from claimreg.errors import InputError, UnsupportedDocumentError
from claimreg.ingest.articles.building import Builder
from claimreg.ingest.extract import unsupported
from claimreg.ingest.formats import BY_MEDIA_TYPE, DOCX, HTML, MARKDOWN, PLAIN
from claimreg.ingest.formats.kinds import media_type_of
from claimreg.services.articles import Article

if TYPE_CHECKING:
    from claimreg.ingest.formats.text import Decoded
    from claimreg.ingest.types import Hints, Limits

_LINE_END = re.compile(r"\r\n|\n|\r")


def parse_article(content: bytes, hints: Hints, limits: Limits) -> Article:
    """The article in a file of Markdown, plain text, HTML or DOCX; one without a word has no blocks.

    Raises `InputError` for a file that is damaged, too large or nested too deeply, `UnsupportedDocumentError` for another kind.
    """
    if len(content) > limits.size:
        raise InputError(f"{hints.name} is larger than {limits.size // 2**20} MB; hand in the part of it that is needed.")
    kind = article_kind(content, hints)
    if kind == DOCX:
        from claimreg.ingest.articles.word import read_word

        return read_word(content, hints, limits)
    if kind not in (MARKDOWN, HTML, PLAIN):
        raise _not_an_article(kind, hints.name, content)
    decoded = _decoded(content, kind, hints)
    builder = Builder(decoded.text)
    _read(decoded.text, kind, hints.name, builder)
    lines = (0, *(found.end() for found in _LINE_END.finditer(decoded.text)))
    return Article(hints.name, kind, decoded.text, tuple(builder.blocks), tuple(builder.comments), lines, decoded.notes)


def article_kind(content: bytes, hints: Hints) -> str:
    """The media type of an article; a file that is named as Markdown is it, though it may begin with HTML."""
    found = media_type_of(content, hints.name, hints.media_type)
    known = BY_MEDIA_TYPE.get(found)
    is_named = hints.name.lower().endswith(BY_MEDIA_TYPE[MARKDOWN].suffixes)
    return MARKDOWN if is_named and known is not None and known.told else found


def _decoded(content: bytes, kind: str, hints: Hints) -> Decoded:
    if kind == HTML:
        from claimreg.ingest.formats.page import decode_page

        return decode_page(content, hints)
    from claimreg.ingest.formats.text import decode

    return decode(content, hints)


def _read(text: str, kind: str, name: str, builder: Builder) -> None:
    if kind == MARKDOWN:
        from claimreg.ingest.articles.markdown import read_markdown

        read_markdown(text, name, builder)
    elif kind == HTML:
        from claimreg.ingest.articles.page import read_page

        read_page(text, builder)
    else:
        from claimreg.ingest.articles.plain import read_plain

        read_plain(text, builder)


def _not_an_article(kind: str, name: str, content: bytes) -> InputError:
    known = BY_MEDIA_TYPE.get(kind)
    if known is None or not known.module:
        return unsupported(kind, name, content)
    return UnsupportedDocumentError(f"{name} is no draft that can be read ({kind}); save it as Markdown, text, HTML or DOCX.")
