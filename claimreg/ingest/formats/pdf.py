"""PDF, read by pypdf. Nothing in a file is run: pypdf only reads."""

from __future__ import annotations

import logging
import re
import time
import warnings
from contextlib import contextmanager
from functools import partial
from io import BytesIO
from itertools import islice
from typing import TYPE_CHECKING, Any, Literal, NamedTuple, TypeVar

from claimreg.errors import InputError
from claimreg.ingest.formats import PDF
from claimreg.ingest.formats.package import cut_off
from claimreg.ingest.formats.page_lines import Layout, laid_out
from claimreg.ingest.formats.pdf_annotations import comments, filled_in
from claimreg.ingest.formats.pdf_glyphs import Drawing, TimeIsUpError
from claimreg.ingest.formats.pdf_lines import Row, lines_of, rows_of
from claimreg.ingest.formats.pdf_numbers import numbers_taken_out
from claimreg.ingest.formats.tidy import check_text, dates_of, has_letters, notes_of, property_of
from claimreg.ingest.types import Extraction, Hints, Limits
from claimreg.services.recording.sources import SourceDetails

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from pypdf import PageObject, PdfReader

_T = TypeVar("_T")

_MOST_UNPACKED = 75_000_000
_MOST_PAGES_NAMED = 5
_MOST_ANNOTATIONS = 1_000
_MOST_NESTED = 5
_TRAILER = 2_048
"""Bytes at the end of a file in which the sign of its end is looked for; a kilobyte of something else may stand behind it."""

_DATE = re.compile(r"(?:D:)?\s*(\d{4})(\d\d)(\d\d)")


def extract(content: bytes, hints: Hints, limits: Limits) -> Extraction:
    """The text of a PDF, with the beginning of each page.

    Raises :class:`InputError` for a file that is damaged, locked with a password, made of images only, or that unpacks to more
    than the limits allow.
    """
    with _bounded(limits):
        from pypdf import __version__

        reader = _open(content, hints)
        pages = _read_pages(reader, hints, limits)
        details, dated = _details(reader)
        unrun: tuple[str, ...] = _tried(lambda: _unrun(reader), ())
        notes = unrun + pages.notes + dated
    text, left_out, locators = pages.layout
    check_text(text, hints, limits)
    return Extraction(text, PDF, f"pypdf/{__version__}", details, locators=locators, notes=notes, left_out=left_out)


class _Pages(NamedTuple):
    layout: Layout
    notes: tuple[str, ...]


@contextmanager
def _bounded(limits: Limits) -> Iterator[None]:
    """Apply the limits to pypdf, and keep what it logs and warns of away from the terminal."""
    from pypdf import apply_configuration

    logger = logging.getLogger("pypdf")
    handler, propagate = logging.NullHandler(), logger.propagate
    most = min(limits.size, _MOST_UNPACKED)
    logger.addHandler(handler)
    logger.propagate = False
    try:
        with (
            warnings.catch_warnings(),
            apply_configuration(
                maximum_declared_stream_length=most,
                array_based_stream_maximum_output_length=most,
                lzw_maximum_output_length=most,
                run_length_maximum_output_length=most,
                zlib_maximum_output_length=most,
                brotli_maximum_output_length=most,
                stream_decoding_work_maximum_length=2 * most,
                jbig2dec_binary=None,  # a program of another's, for images, which nobody reads here
            ),
        ):
            warnings.simplefilter("ignore")
            yield
    finally:
        logger.propagate = propagate
        logger.removeHandler(handler)


def _open(content: bytes, hints: Hints) -> PdfReader:
    from pypdf import PasswordType, PdfReader
    from pypdf.errors import DependencyError, LimitReachedError

    locked = empty = False
    try:
        reader = PdfReader(BytesIO(content))
        if reader.is_encrypted:
            locked = True
            locked = reader.decrypt("") is PasswordType.NOT_DECRYPTED
        empty = not locked and not len(reader.pages)
    except LimitReachedError as error:
        raise _too_large(hints) from error
    except DependencyError as error:
        raise InputError(f"The PDF {hints.name} is encrypted; `pip install cryptography`, then try again.") from error
    except Exception as error:  # pypdf lets whatever a damaged file causes through: KeyError, RecursionError, zlib.error, …
        if not locked:
            raise _damaged(content, hints) from error
    if empty:
        raise InputError(f"The PDF {hints.name} has no pages; fetch or export it anew.")
    if locked:
        raise InputError(f"The PDF {hints.name} is locked with a password; save a copy without one and hand that in.")
    return reader


def _damaged(content: bytes, hints: Hints) -> InputError:
    if b"%%EOF" not in content[-_TRAILER:]:
        return cut_off(hints.name)
    return InputError(f"{hints.name} is no PDF that can be read, or it is damaged; fetch or export it anew.")


def _too_large(hints: Hints) -> InputError:
    return InputError(f"The PDF {hints.name} unpacks to more than one document may hold; hand in the pages that are quoted.")


def _read_pages(reader: PdfReader, hints: Hints, limits: Limits) -> _Pages:
    drawing = Drawing(time.monotonic() + limits.seconds)
    pages: list[list[Row]] = []
    unread: list[int] = []
    images: list[int] = []
    length = 0
    for number in range(1, len(reader.pages) + 1):
        try:
            rows, lacks = _read_page(reader, drawing, number - 1, hints)
        except TimeIsUpError as error:
            raise InputError(
                f"The PDF {hints.name} takes longer than {limits.seconds:g} seconds to read; hand in the pages that are quoted."
            ) from error
        if lacks:
            (images if lacks == "images" else unread).append(number)
        pages.append(rows)
        length += sum(len(glyph.text) for row in rows for glyph in row.glyphs)
        if length > limits.size:
            raise _too_large(hints)
    numbers = numbers_taken_out(pages)
    told: list[str] = _tried(lambda: comments(reader.pages), [])
    layout = laid_out([lines_of(rows) for rows in pages], numbers, told)
    _check_read(layout.text, unread, images, hints)
    return _Pages(layout, (*_page_notes(unread, images), *notes_of(changes=False, comments=bool(told))))


def _read_page(reader: PdfReader, drawing: Drawing, index: int, hints: Hints) -> tuple[list[Row], Literal["", "images", "damaged"]]:
    """The lines of one page, and why there are none."""
    from pypdf.errors import LimitReachedError

    try:
        page = reader.pages[index]
        rows = rows_of(drawing.glyphs(page))
        if "/Annots" in page:
            rows = filled_in(rows, rows_of(drawing.fields(page)))
        lettered = any(has_letters(glyph.text) for row in rows for glyph in row.glyphs)
        return rows, "images" if not lettered and _has_images(page) else ""
    except LimitReachedError as error:
        raise _too_large(hints) from error
    except TimeIsUpError:
        raise
    except Exception:  # noqa: BLE001 -- as in opening: any error at all; the other pages may be whole
        return [], "damaged"


def _check_read(text: str, unread: list[int], images: list[int], hints: Hints) -> None:
    if has_letters(text):
        return
    if images:
        raise InputError(
            f"The PDF {hints.name} is scanned: its pages are images without text; run it through OCR and hand in the result, by itself or "
            "to claimreg source add with --transcript FILE."
        )
    if unread:
        raise InputError(f"No page of the PDF {hints.name} can be read, it is damaged; fetch or export it anew.")


def _page_notes(unread: list[int], images: list[int]) -> tuple[str, ...]:
    notes = []
    if unread:
        notes.append(f"{_named(unread)} could not be read: the file is damaged there.")
    if images:
        notes.append(f"{_named(images)} without text: a scan needs OCR before it can be quoted from.")
    return tuple(notes)


def _named(numbers: list[int]) -> str:
    first = ", ".join(map(str, numbers[:_MOST_PAGES_NAMED]))
    more = f" and {len(numbers) - _MOST_PAGES_NAMED} more" if len(numbers) > _MOST_PAGES_NAMED else ""
    return f"{'Page' if len(numbers) == 1 else 'Pages'} {first}{more}"


def _details(reader: PdfReader) -> tuple[SourceDetails, tuple[str, ...]]:
    """Read the details in the file, but for ``/Lang``: programs write their own language there, whatever the text's."""
    known = _tried(lambda: reader.metadata, None)
    if known is None:
        return SourceDetails(), ()
    notes = dates_of(_tried(lambda: _day(known.creation_date_raw), None), _tried(lambda: _day(known.modification_date_raw), None))
    title = _tried(lambda: property_of(known.title), None)
    author = _tried(lambda: property_of(known.author), None)
    return SourceDetails(title=title, author=author), notes


def _day(raw: object) -> str | None:
    """The day of a PDF's date, ``D:20200930…``; the rest is written in many ways, some of which pypdf does not read."""
    found = _DATE.match(str(raw))
    return "-".join(found.groups()) if found else None


def _unrun(reader: PdfReader) -> tuple[str, ...]:
    """Notes on scripts, programs to start, and attached files, none of which were touched."""
    catalog = _plain(reader.trailer["/Root"])
    names = _plain(catalog.get("/Names"))
    notes = []
    active = "/JavaScript" in names or "/AA" in catalog or _acts(catalog.get("/OpenAction"))
    if active or any(_tried(partial(_page_acts, page), default=False) for page in reader.pages):
        notes.append("The PDF holds scripts or commands to start programs, which were not run.")
    if "/EmbeddedFiles" in names:
        notes.append("The PDF has files attached, which were not opened.")
    return tuple(notes)


def _page_acts(page: PageObject) -> bool:
    annotations = _plain_list(page.get("/Annots"))
    return "/AA" in page or any("/AA" in one or _acts(one.get("/A")) for one in map(_plain, islice(annotations, _MOST_ANNOTATIONS)))


def _acts(action: object, depth: int = 0) -> bool:
    """Return whether an action runs a script or starts a program; going to a page or an address does not."""
    known = _plain(action)
    acts = known.get("/S") in {"/JavaScript", "/Launch", "/ImportData", "/SubmitForm"}
    return acts or (depth < _MOST_NESTED and "/Next" in known and _acts(known["/Next"], depth + 1))


def _has_images(page: PageObject) -> bool:
    forms = _plain(_plain(page.get("/Resources")).get("/XObject"))
    return any(_plain(form).get("/Subtype") == "/Image" for form in forms.values())


def _plain(value: object) -> dict[str, Any]:
    """The dictionary that a value is or points to; an empty one where a damaged file has something else."""
    found = value.get_object() if hasattr(value, "get_object") else value
    return found if isinstance(found, dict) else {}


def _plain_list(value: object) -> list[Any]:
    found = value.get_object() if hasattr(value, "get_object") else value
    return found if isinstance(found, list) else []


def _tried(read: Callable[[], _T], default: _T) -> _T:
    """Return what is read, or the default where the file is damaged: damaged details are no reason to refuse the text."""
    try:
        return read()
    except Exception:  # noqa: BLE001 -- as in opening: any error at all
        return default
