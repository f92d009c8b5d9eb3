"""Sources as RIS: a tag and a value a line, which Zotero, EndNote and Citavi read."""

from __future__ import annotations

from typing import TYPE_CHECKING

from claimreg.interchange.references import Kind, plain, references

if TYPE_CHECKING:
    from collections.abc import Iterator

    from claimreg.interchange.formats import Writing
    from claimreg.interchange.references import Reference
    from claimreg.services.exchange.selection import Selection

_TYPES = {Kind.PAGE: "ELEC", Kind.VIDEO: "VIDEO", Kind.SOUND: "SOUND", Kind.PICTURE: "FIGURE", Kind.DOCUMENT: "GEN"}


def write(selection: Selection, writing: Writing) -> Iterator[bytes]:
    """The sources, each a record of its own."""
    for one in references(selection, writing):
        lines = [f"{tag}  - {plain(value)}\r\n" for tag, value in _fields(one) if value]
        yield "".join([*lines, "ER  - \r\n\r\n"]).encode()


def _fields(one: Reference) -> Iterator[tuple[str, str | None]]:
    yield "TY", _TYPES[one.kind]
    yield "ID", one.key
    yield "TI", one.title
    yield "AU", one.author
    yield "PB", one.publisher
    if one.kind is Kind.PAGE:
        # Zotero knows no publisher of a page, and has this as the name of its site.
        yield "T2", one.publisher
    yield "PY", f"{one.issued[0]:04}" if one.issued else None
    yield "DA", _date(one.issued)
    yield "Y2", _date(one.accessed)
    yield "UR", one.url
    yield "N1", f"Archived: {one.archive}" if one.archive else None
    yield "AB", one.abstract
    yield "LA", one.lang
    for keyword in one.keywords:
        yield "KW", keyword


def _date(date: tuple[int, ...]) -> str | None:
    """A date as the format has it: three strokes, and nothing between them where no more is known."""
    year, month, day = (*(f"{part:0{size}}" for part, size in zip(date, (4, 2, 2), strict=False)), "", "", "")[:3]
    return f"{year}/{month}/{day}/" if date else None
