"""Spreadsheets (XLSX, Office Open XML): the same table as in CSV, in cells of text; see `claimreg.interchange.table_columns`.

Nothing is a formula: what is written are texts, and of formulas the values are read that the spreadsheet program kept. Macros stay bytes.
A text that is longer than a cell may be is not cut, as it would be another text: its claim is named, and nothing is written.
"""

from __future__ import annotations

import tempfile
import zipfile
from datetime import datetime
from importlib.util import find_spec
from pathlib import Path
from shutil import copyfileobj
from typing import TYPE_CHECKING, Any

from claimreg.corpus.jsonl import BadLine
from claimreg.errors import InputError
from claimreg.interchange.table_columns import NAMES, READ, header_of
from claimreg.interchange.table_reading import TableReader
from claimreg.interchange.table_writing import TableWriter
from claimreg.interchange.workbook_cells import escaped, shown
from claimreg.model import Stance
from claimreg.render.safe import shortened

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence
    from os import PathLike
    from typing import BinaryIO

    from claimreg.interchange.formats import Writing
    from claimreg.services.exchange.rows import Reading, Row
    from claimreg.services.exchange.selection import Selection

SHEET = "claims"
ABOUT = "columns"
"""Names of the sheet with the table, and of that which explains it in a template."""

LONGEST_CELL = 32_767
"""UTF-16 units that the format lets a cell have."""

_MOST_ROWS = 2**20
_PIECE = 2**16
_MOST_TOLD = 10
_MOST_LETTERS = 40
_TEXT, _ERROR = "@", "e"
_WIDE = {"claim": 60, "quote": 60, "why": 60, "what it holds": 120}
_USUAL_WIDTH = 18
_FIRST_DAY = datetime(1980, 1, 1)  # noqa: DTZ001 -- archives name days without a zone
"""The first day that an archive can name: the same claims make the same bytes whenever they are written."""


def read(stream: BinaryIO, reading: Reading) -> Iterator[Row | BadLine]:
    """The rows of a workbook's sheet “claims”, else of its first one.

    Raises `InputError` for what is no workbook, one that unpacks to too much, and one without a column of claims, `UsageError` for a
    column renamed to none of ours or that is not there.
    """
    _need_library()
    from claimreg.interchange.workbook_package import opened, rows_of

    with opened(stream, reading) as book:
        sheet = _sheet(book, reading)
        table: TableReader | None = None
        days: frozenset[int] = frozenset()
        for number, cells in enumerate(rows_of(sheet, reading), 1):
            texts = [shown(cell, day_only=place in days) for place, cell in enumerate(cells)]
            if table is not None:
                error = next((one.value for one in cells if one.data_type == _ERROR), None)
                yield from table.rows(number, texts) if error is None else [BadLine(number, f"a cell has the error {error}")]
            elif any(text.strip() for text in texts):
                header = header_of(_without_empty_end(texts), reading)
                table, days = TableReader(header, reading), header.places_of_days
        if table is None:
            raise InputError(f"{reading.name} has nothing in its sheet “{sheet.title}”; give a table with the column claim.")


def write(selection: Selection, writing: Writing) -> Iterator[bytes]:
    """The workbook, made in a temporary file and given in pieces; or a template, which says what each column is for."""
    _need_library()
    from openpyxl import Workbook

    book = Workbook(write_only=True)
    try:
        if writing.empty:
            _add_sheet(book, SHEET, [column.name for column in READ], ())
            _add_sheet(book, ABOUT, ["column", "what it holds"], (("", [column.name, column.what]) for column in READ))
        else:
            _add_sheet(book, SHEET, NAMES, TableWriter(selection, writing.told).rows())
    except BaseException:
        _give_up(book)
        raise
    with tempfile.TemporaryFile() as file:
        _save(book, file)
        file.seek(0)
        while piece := file.read(_PIECE):
            yield piece


def _need_library() -> None:
    if find_spec("openpyxl") is None:
        raise InputError("Spreadsheets need an extra: pip install 'claimreg[sheets]'. CSV needs none.")


def _sheet(book: Any, reading: Reading) -> Any:  # noqa: ANN401 -- the library has no types
    """The sheet to read; the others are told, but for the template's own explanation."""
    sheets = book.worksheets
    if not sheets:
        raise InputError(f"{reading.name} has no sheet with cells; give a workbook with a table of claims.")
    sheet = next((one for one in sheets if one.title.strip().casefold() == SHEET), sheets[0])
    others = [f"“{shortened(one.title, _MOST_LETTERS)}”" for one in sheets if one is not sheet and one.title != ABOUT]
    if others:
        more = f" and {len(others) - _MOST_TOLD:,} more" if len(others) > _MOST_TOLD else ""
        named = f"{', '.join(others[:_MOST_TOLD])}{more}"
        reading.told.sentences.append(f"Only the sheet “{shortened(sheet.title, _MOST_LETTERS)}” was read, not {named}.")
    return sheet


def _without_empty_end(texts: list[str]) -> list[str]:
    width = max(place for place, text in enumerate(texts, 1) if text.strip())
    return texts[:width]


def _add_sheet(book: Any, title: str, header: Sequence[str], rows: Iterable[tuple[str, list[str]]]) -> None:  # noqa: ANN401 -- as above
    from openpyxl.styles import Font
    from openpyxl.utils import get_column_letter

    sheet = book.create_sheet(title)
    sheet.freeze_panes = "A2"
    for place, name in enumerate(header, 1):
        column = sheet.column_dimensions[get_column_letter(place)]
        column.width = _WIDE.get(name, _USUAL_WIDTH)
        # Else what people type as 2020-06 would become a day.
        column.number_format = _TEXT
        if name == "stance":
            _offer(sheet, get_column_letter(place), list(Stance))
    names = [_cell(sheet, name) for name in header]
    for cell in names:
        cell.font = Font(bold=True)
    sheet.append(names)
    for number, (claim_id, cells) in enumerate(rows, 2):
        if number > _MOST_ROWS:
            raise InputError(f"A spreadsheet has {_MOST_ROWS:,} rows at most, and there are more; export to csv, or fewer claims.")
        sheet.append([_cell(sheet, _fitting(text, claim_id, header[place])) if text else None for place, text in enumerate(cells)])


def _offer(sheet: Any, column: str, words: Sequence[str]) -> None:  # noqa: ANN401 -- as above
    """Make a column's cells ones that are chosen from a list."""
    from openpyxl.worksheet.datavalidation import DataValidation

    choice = DataValidation(type="list", formula1=f'"{",".join(words)}"', allow_blank=True)
    choice.add(f"{column}2:{column}{_MOST_ROWS}")
    sheet.data_validations.append(choice)


def _cell(sheet: Any, text: str) -> Any:  # noqa: ANN401 -- as above
    """A cell of text, whatever the text looks like."""
    from openpyxl.cell import WriteOnlyCell

    cell = WriteOnlyCell(sheet, text)
    cell.data_type = "s"
    cell.number_format = _TEXT
    return cell


def _fitting(text: str, claim_id: str, name: str) -> str:
    fit = escaped(text)
    units = len(text.encode("utf-16-le")) // 2 if len(text) * 2 > LONGEST_CELL else 0
    if max(units, len(fit)) > LONGEST_CELL:
        raise InputError(
            f"The {name} of {claim_id} is longer than a spreadsheet's cell may be ({LONGEST_CELL:,} characters), and is not cut; "
            "export to csv or ndjson, or without this claim."
        )
    return fit


def _give_up(book: Any) -> None:  # noqa: ANN401 -- as above
    """Close the sheets, which are temporary files until the workbook is saved, and take these away."""
    for sheet in book.worksheets:
        if not sheet.closed:
            sheet.close()
        sheet._writer.cleanup()  # noqa: SLF001 -- saving the workbook is the only other way


def _save(book: Any, file: Any) -> None:  # noqa: ANN401 -- as above
    from openpyxl.writer.excel import ExcelWriter

    book.properties.creator = "claimreg"
    book.properties.created = book.properties.modified = _FIRST_DAY
    ExcelWriter(book, _Archive(file, "w", zipfile.ZIP_DEFLATED)).save()


class _Archive(zipfile.ZipFile):
    """An archive all members of which are of the first day."""

    def writestr(
        self,
        zinfo_or_arcname: str | zipfile.ZipInfo,
        data: Any,  # noqa: ANN401 -- as the base
        compress_type: int | None = None,
        compresslevel: int | None = None,
    ) -> None:
        name = zinfo_or_arcname if isinstance(zinfo_or_arcname, str) else zinfo_or_arcname.filename
        super().writestr(_member(name), data, compress_type, compresslevel)

    def write(
        self,
        filename: str | PathLike[str],
        arcname: str | PathLike[str] | None = None,
        compress_type: int | None = None,  # noqa: ARG002 -- as the base
        compresslevel: int | None = None,  # noqa: ARG002
    ) -> None:
        with Path(filename).open("rb") as source, self.open(_member(str(arcname or filename)), "w", force_zip64=True) as target:
            copyfileobj(source, target)


def _member(name: str) -> zipfile.ZipInfo:
    member = zipfile.ZipInfo(name, _FIRST_DAY.timetuple()[:6])
    member.compress_type = zipfile.ZIP_DEFLATED
    member.external_attr = 0o600 << 16
    return member
