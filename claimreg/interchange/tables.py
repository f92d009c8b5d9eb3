"""CSV (RFC 4180) read and written: a table of claims, a row for each who said it; see `claimreg.interchange.table_columns`.

A cell that a spreadsheet would take for a formula is led by an apostrophe, and so is one that begins with apostrophes before such a start;
reading takes one off there. All other characters are written as they are, those that act instead of being seen, too: it is a file for
programs, and the text must come back whole. Listings show them as signs.
"""

from __future__ import annotations

import csv
import io
import re
import tempfile
from codecs import getincrementaldecoder
from contextlib import contextmanager
from shutil import copyfileobj
from typing import TYPE_CHECKING, TextIO

from claimreg.corpus.jsonl import BadLine
from claimreg.errors import InputError
from claimreg.interchange.table_columns import NAMES, READ, header_of, names_known
from claimreg.interchange.table_reading import TableReader
from claimreg.interchange.table_writing import TableWriter
from claimreg.render.machine import FORMULA_STARTS

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from typing import BinaryIO

    from claimreg.interchange.formats import Writing
    from claimreg.services.exchange.rows import Reading, Row
    from claimreg.services.exchange.selection import Selection

MOST_CELLS = 2**20
"""Cells that a row may have, by its separators: more are a file of something else."""

_MARK = "\ufeff"
_FORMULA = re.compile(f"'*[{re.escape(''.join(FORMULA_STARTS))}]")
_GUARDED = re.compile(f"'+[{re.escape(''.join(FORMULA_STARTS))}]")
_SEPARATORS = ",;\t"
_NAMED_SEPARATOR = re.compile(r'"?sep=([,;|\t])"?\s*', re.IGNORECASE)
_PIECE = 2**16
_READ_AT_ONCE = 2**20
_KEPT_IN_MEMORY = 2**24
_BYTES_OF_A_LETTER = 4
_LONGEST_CELL = 2**31 - 1
"""The most that the library lets a cell have: what bounds one is the length of its row."""

_MOST_HEADER_LINES = 1_000
_QUOTES = "its quotation marks do not match: a cell that holds one stands between two, and has it doubled"


def read(stream: BinaryIO, reading: Reading) -> Iterator[Row | BadLine]:
    """The rows of a table in CSV, separated by commas, semicolons or tabs.

    Raises `InputError` for what is no such table, `UsageError` for a column renamed to none of ours or that is not there.
    Memory holds a row at a time where the text is UTF-8, else the whole text.
    """
    with _opened(stream, reading) as text:
        lines = _Lines(text, reading.limit // _BYTES_OF_A_LETTER)
        header, separator = _header(lines, reading)
        lines.separator = separator
        table = TableReader(header_of(header, reading), reading)
        for number, cells in _records(lines, separator):
            if isinstance(cells, str):
                yield BadLine(number, cells)
            else:
                yield from table.rows(number, [cell[1:] if cell[:1] == "'" and _GUARDED.match(cell) else cell for cell in cells])


def write(selection: Selection, writing: Writing) -> Iterator[bytes]:
    """The table in UTF-8, led by its mark for Excel; or a template, which has the columns that are read."""
    if writing.excel:
        yield _MARK.encode()
    if writing.empty:
        yield from _pieces([[column.name for column in READ]])
        return
    yield from _pieces([list(NAMES)])
    yield from _pieces([guarded(cell) for cell in cells] for _claim_id, cells in TableWriter(selection, writing.told).rows())


def guarded(text: str) -> str:
    """A cell's text, led by an apostrophe where a spreadsheet, or reading, would take it for something else."""
    return f"'{text}" if _FORMULA.match(text) else text


def _pieces(rows: Iterable[list[str]]) -> Iterator[bytes]:
    buffer = io.StringIO(newline="")
    writer = csv.writer(buffer, lineterminator="\r\n")
    for row in rows:
        writer.writerow(row)
        if buffer.tell() >= _PIECE:
            yield buffer.getvalue().encode()
            buffer.seek(0)
            buffer.truncate()
    yield buffer.getvalue().encode()


class _Lines:
    """Lines of a text with their numbers, from 1; raises `InputError` where a row of them grows beyond what may be one."""

    def __init__(self, text: TextIO, most: int) -> None:
        self.number = 0
        self.separator = ""
        self._text = text
        self._most = most
        self._size = self._cells = 0

    def __iter__(self) -> _Lines:
        return self

    def __next__(self) -> str:
        line = self._text.readline(self._most + 1)
        if not line:
            raise StopIteration
        self.number += 1
        self._size += len(line)
        if self._size > self._most:
            raise InputError(f"it is longer than {self._most:,} characters")
        self._cells += line.count(self.separator) if self.separator else 0
        if self._cells > MOST_CELLS:
            raise InputError(f"it has more than {MOST_CELLS:,} cells")
        return line

    def begin_row(self) -> None:
        """Forget what belonged to the row before."""
        self._size = self._cells = 0


def _records(lines: _Lines, separator: str) -> Iterator[tuple[int, list[str] | str]]:
    """The rows with the number of the line that each begins in; of a bad one, a sentence on why."""
    table = csv.reader(lines, delimiter=separator, strict=True)
    while True:
        lines.begin_row()
        number = lines.number + 1
        try:
            before = csv.field_size_limit(_LONGEST_CELL)
            try:
                cells = next(table)
            finally:
                # The library has one limit for all of a program.
                csv.field_size_limit(before)
        except StopIteration:
            return
        except csv.Error:
            yield number, _QUOTES
        except InputError as error:
            # Whether the next line begins a row, or goes on with a cell, cannot be told any more.
            yield number, f"{error}, so that nothing from there on was read"
            return
        else:
            yield number, cells


def _header(lines: _Lines, reading: Reading) -> tuple[list[str], str]:
    """The first row that is not empty, and the separator by which most of its cells are columns of ours, else that makes most cells."""
    try:
        first = next((line for line in lines if line.strip()), "")
        named = _NAMED_SEPARATOR.fullmatch(first)
        whole = _whole(next(lines, "") if named else first, lines)
    except InputError as error:
        raise InputError(f"{reading.name} has no first row of columns: {error}.") from None
    if not whole.strip():
        raise InputError(f"{reading.name} is empty; give a table with the column claim.")
    if named:
        return _cells(whole, named[1], reading), named[1]
    split = [(_cells(whole, separator, reading), separator) for separator in _SEPARATORS]
    return max(split, key=lambda one: (names_known(one[0], reading.renamed), len(one[0])))


def _whole(line: str, lines: _Lines) -> str:
    """A row that may go over several lines, as names in quotation marks do."""
    parts = [line]
    quotes = line.count('"')
    while quotes % 2 and len(parts) < _MOST_HEADER_LINES and (more := next(lines, None)) is not None:
        parts.append(more)
        quotes += more.count('"')
    return "".join(parts)


def _cells(row: str, separator: str, reading: Reading) -> list[str]:
    if row.count(separator) > MOST_CELLS:
        raise InputError(f"{reading.name} has a first row of more than {MOST_CELLS:,} cells; is it a table of claims?")
    try:
        return next(csv.reader(io.StringIO(row, newline=""), delimiter=separator), [])
    except csv.Error:
        raise InputError(f"{reading.name} has no first row of columns: {_QUOTES}.") from None


@contextmanager
def _opened(stream: BinaryIO, reading: Reading) -> Iterator[TextIO]:
    """The text of a stream: UTF-8 as it comes, anything else as a whole."""
    with tempfile.SpooledTemporaryFile(_KEPT_IN_MEMORY) as copy:
        source: BinaryIO = stream
        if not stream.seekable():
            copyfileobj(stream, copy, _READ_AT_ONCE)
            copy.seek(0)
            source = copy  # type: ignore[assignment]  # a temporary file is read as any other
        start = source.tell()
        is_utf8 = _is_utf8(source)
        source.seek(start)
        if not is_utf8:
            yield _decoded(source, reading)
            return
        text = io.TextIOWrapper(source, "utf-8-sig", newline="")
        try:
            yield text
        finally:
            text.detach()


def _is_utf8(stream: BinaryIO) -> bool:
    """Return whether a stream is UTF-8 to its end; NULs in its first line tell of another encoding."""
    decoder = getincrementaldecoder("utf-8")()
    first = b""
    try:
        while piece := stream.read(_READ_AT_ONCE):
            first = first or piece.partition(b"\n")[0]
            decoder.decode(piece)
        decoder.decode(b"", final=True)
    except UnicodeDecodeError:
        return False
    return b"\0" not in first


def _decoded(stream: BinaryIO, reading: Reading) -> TextIO:
    from claimreg.ingest.formats.text import decode
    from claimreg.ingest.types import Hints

    content = stream.read(reading.limit + 1)
    if len(content) > reading.limit:
        raise InputError(f"{reading.name} is not UTF-8, and too long to guess its encoding ({reading.limit:,} bytes); save it as UTF-8.")
    decoded = decode(content, Hints(reading.name))
    reading.told.sentences.extend(decoded.notes)
    return io.StringIO(decoded.text, newline="")
