"""Text on a PDF's page beside its content: the fields of a form that was filled in, and readers' comments (ISO 32000-2, 12.5)."""

from __future__ import annotations

from itertools import islice
from typing import TYPE_CHECKING, Any

from claimreg.ingest.formats.pdf_lines import Row, row_of
from claimreg.ingest.formats.pdf_marks import known, listed, text_of
from claimreg.ingest.formats.tidy import storable

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from pypdf import PageObject

_MOST = 1_000
_LONGEST = 1_000_000  # code points of all comments; many may be one string of the file, over and over
_HIDDEN = 0b10_0010  # hidden, or not to be viewed
_DRAWN = frozenset({"/Widget", "/FreeText"})
_COMMENTS = frozenset({"/Text", "/Highlight", "/Underline", "/Squiggly", "/StrikeOut", "/Caret", "/Stamp", "/Ink"})
_SAME_LINE = 0.5


def appearances(page: PageObject) -> Iterator[tuple[Any, Any]]:
    """The forms that draw filled-in fields and free text on a page, each with its rectangle."""
    for one in _annotations(page):
        if one.get("/Subtype") in _DRAWN:
            form = known(one.get("/AP")).get("/N")
            form = form.get_object() if hasattr(form, "get_object") else form
            if isinstance(form, dict) and not hasattr(form, "get_data"):
                form = known(form.get(one.get("/AS")))
            if hasattr(form, "get_data"):
                yield form, listed(one.get("/Rect"))


def comments(pages: Iterable[PageObject]) -> list[str]:
    """The comments that readers left on the pages, each once, up to a bound."""
    found: dict[str, None] = {}
    length = 0
    for page in pages:
        for one in _annotations(page):
            text = storable(text_of(one.get("/Contents")) or "").strip() if one.get("/Subtype") in _COMMENTS else ""
            length += len(text)
            if length > _LONGEST:
                return list(found)
            if text:
                found[text] = None
    return list(found)


def _annotations(page: PageObject) -> Iterator[Any]:
    for one in islice(listed(page.get("/Annots")), _MOST):
        found = known(one)
        flags = found.get("/F", 0)
        if not (isinstance(flags, int) and flags & _HIDDEN):
            yield found


def filled_in(rows: list[Row], fields: list[Row]) -> list[Row]:
    """The lines of a page with what was filled in, each in the line where it stands; else after them."""
    lines = list(rows)
    for field in fields:
        at = next((at for at, row in enumerate(lines) if _same_line(row, field)), None)
        if at is None:
            lines.append(field)
            continue
        glyphs = lines[at].glyphs
        before = sum(1 for glyph in glyphs if glyph.start < field.start)
        lines[at] = row_of([*glyphs[:before], *field.glyphs, *glyphs[before:]])
    return lines


def _same_line(row: Row, field: Row) -> bool:
    return row.turn == field.turn and abs(row.base - field.base) <= _SAME_LINE * max(row.size, field.size) and not row.role
