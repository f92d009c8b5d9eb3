"""Sources as CSL-JSON, which Pandoc, Zotero and every citeproc read."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from claimreg.interchange.references import Kind, references
from claimreg.text.acting import json_text

if TYPE_CHECKING:
    from collections.abc import Iterator

    from claimreg.interchange.formats import Writing
    from claimreg.interchange.references import Reference
    from claimreg.services.exchange.selection import Selection

_TYPES = {Kind.PAGE: "webpage", Kind.VIDEO: "motion_picture", Kind.SOUND: "song", Kind.PICTURE: "graphic", Kind.DOCUMENT: "document"}


def write(selection: Selection, writing: Writing) -> Iterator[bytes]:
    """The sources as one array, an item a line."""
    lead = "["
    for one in references(selection, writing):
        yield f"{lead}\n{json_text(_item(one))}".encode()
        lead = ","
    yield b"[]\n" if lead == "[" else b"\n]\n"


def _item(one: Reference) -> dict[str, Any]:
    item = {
        "id": one.key,
        "type": _TYPES[one.kind],
        "title": one.title,
        "author": [{"literal": one.author}] if one.author else None,
        # Of a page, styles print the name of its site.
        "container-title" if one.kind is Kind.PAGE else "publisher": one.publisher,
        "issued": {"date-parts": [list(one.issued)]} if one.issued else None,
        "accessed": {"date-parts": [list(one.accessed)]} if one.accessed else None,
        "URL": one.url,
        "note": f"Archived: {one.archive}" if one.archive else None,
        "abstract": one.abstract,
        "language": one.lang,
        "keyword": ", ".join(one.keywords),
    }
    return {name: value for name, value in item.items() if value}
