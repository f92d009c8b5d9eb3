"""Workbooks opened without trusting them: how much they unpack to, and what the XML in them is like, is looked at before it is read."""

from __future__ import annotations

import warnings
import zipfile
from contextlib import contextmanager
from io import BytesIO
from itertools import islice
from typing import TYPE_CHECKING, Any
from xml.parsers import expat

from openpyxl.cell.text import Text
from openpyxl.reader.excel import ExcelReader
from openpyxl.xml.constants import SHARED_STRINGS, SHEET_MAIN_NS
from openpyxl.xml.functions import iterparse

from claimreg.errors import ClaimregError, InputError

if TYPE_CHECKING:
    from collections.abc import Iterator
    from typing import IO, BinaryIO

    from claimreg.services.exchange.rows import Reading

MOST_ROWS = 2**20
"""Rows that the format lets a sheet have."""

_MOST_PARTS = 10_000
_MOST_RATIO, _SMALL = 1_000, 10 * 2**20
_MOST_REPEATED = {"row": MOST_ROWS, "si": 2**22}
"""Rows of a sheet, and texts that its cells share."""

_MOST_OF_ONE = 2**17
_MOST_BETWEEN = 300_000
_DEEPEST = 100
"""Elements of one of these, between the ends of two, and in each other: so many are in memory together."""

_ENCRYPTED = 1
_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_AT_ONCE = 64
_READ_AT_ONCE = 2**20


@contextmanager
def opened(stream: BinaryIO, reading: Reading) -> Iterator[Any]:
    """A workbook for reading, row by row; raises `InputError` for what is none, or unpacks to more than ``reading.limit`` bytes."""
    source = _in_memory(stream, reading)
    _check_package(source, reading)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            reader = _Reader(source, reading)
            reader.read()
        except ClaimregError:
            raise
        except Exception as error:  # openpyxl lets whatever a damaged file causes through: KeyError, TypeError, ParseError, …
            raise _damaged(reading) from error
    try:
        yield reader.wb
    finally:
        reader.archive.close()


def rows_of(sheet: Any, reading: Reading) -> Iterator[Any]:  # noqa: ANN401 -- the library has no types
    """The rows of a sheet, empty ones, too; each is a tuple of cells."""
    # What the sheet says of its size may be anything.
    sheet.reset_dimensions()
    rows = sheet.iter_rows(max_row=MOST_ROWS)
    while True:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            try:
                batch = list(islice(rows, _AT_ONCE))
            except ClaimregError:
                raise
            except Exception as error:  # as above
                raise _damaged(reading) from error
        if not batch:
            return
        yield from batch


class _Reader(ExcelReader):  # type: ignore[misc]  # the library has no types
    """The library's reader, of what is needed; texts that cells share keep their escapes, which it takes apart."""

    def __init__(self, source: BinaryIO, reading: Reading) -> None:
        super().__init__(source, read_only=True, data_only=True, keep_links=False)
        self.archive = _Package(source, reading)

    def read_strings(self) -> None:
        part = self.package.find(SHARED_STRINGS)
        if part is None:
            return
        with self.archive.open(part.PartName[1:]) as source:
            for _event, node in iterparse(source):
                if node.tag == f"{{{SHEET_MAIN_NS}}}si":
                    self.shared_strings.append(Text.from_tree(node).content)
                    node.clear()

    def read_theme(self) -> None:
        """Leave it out, as looks and properties are."""

    read_properties = read_custom = read_theme


class _Package(zipfile.ZipFile):
    """A package each part of which is looked at before it is opened."""

    def __init__(self, source: BinaryIO, reading: Reading) -> None:
        super().__init__(source)
        self._reading = reading
        self._seen: set[str] = set()

    def open(self, name: Any, mode: Any = "r", pwd: bytes | None = None, *, force_zip64: bool = False) -> IO[bytes]:  # noqa: ANN401 -- as the base
        told = name.filename if isinstance(name, zipfile.ZipInfo) else name
        if told not in self._seen:
            self._seen.add(told)
            with super().open(name, mode, pwd, force_zip64=force_zip64) as part:
                _Shape(self._reading).check(part)
        return super().open(name, mode, pwd, force_zip64=force_zip64)


class _Shape:
    """The shape of a part: XML without entities of its own, not deep, and of no more at once than memory holds."""

    def __init__(self, reading: Reading) -> None:
        self._reading = reading
        self._depth = self._between = 0
        self._repeated = dict.fromkeys(_MOST_REPEATED, 0)

    def check(self, part: IO[bytes]) -> None:
        """Read a part to its end; raises `InputError`."""
        parser = expat.ParserCreate()
        parser.StartElementHandler = self._start
        parser.EndElementHandler = self._end
        parser.StartDoctypeDeclHandler = self._doctype
        try:
            while piece := part.read(_READ_AT_ONCE):
                parser.Parse(piece)
            parser.Parse(b"", True)  # noqa: FBT003 -- the library takes it by place alone
        except expat.ExpatError as error:
            raise _damaged(self._reading) from error

    def _start(self, _name: str, _attributes: dict[str, str]) -> None:
        self._depth += 1
        self._between += 1
        if self._depth > _DEEPEST or self._between > _MOST_BETWEEN:
            raise _too_much(self._reading)

    def _end(self, name: str) -> None:
        self._depth -= 1
        local = name.rpartition(":")[2]
        if local in self._repeated:
            self._repeated[local] += 1
            if self._between > _MOST_OF_ONE or self._repeated[local] > _MOST_REPEATED[local]:
                raise _too_much(self._reading)
            self._between = 0

    def _doctype(self, *_told: object) -> None:
        raise InputError(
            f"{self._reading.name} declares entities of its own, as no spreadsheet does; open it, save it anew, and import that."
        )


def _in_memory(stream: BinaryIO, reading: Reading) -> BinaryIO:
    """The stream, where any place of it can be read; else its bytes."""
    if stream.seekable():
        return stream
    content = stream.read(reading.limit + 1)
    if len(content) > reading.limit:
        raise _too_much(reading)
    return BytesIO(content)


def _check_package(source: BinaryIO, reading: Reading) -> None:
    source.seek(0)
    start = source.read(len(_OLE))
    if start == _OLE:
        raise InputError(f"{reading.name} is locked with a password, or an older .xls; save it as .xlsx without one, and import that.")
    try:
        with zipfile.ZipFile(source) as package:
            members = package.infolist()
    except (zipfile.BadZipFile, OSError, ValueError, NotImplementedError, EOFError) as error:
        raise InputError(f"{reading.name} is no .xlsx workbook, or its end is missing; save the sheet as .xlsx or CSV anew.") from error
    packed = source.seek(0, 2)
    unpacked = sum(member.file_size for member in members)
    too_dense = unpacked > _SMALL and unpacked > _MOST_RATIO * packed
    if unpacked > reading.limit or too_dense or len(members) > _MOST_PARTS:
        raise _too_much(reading)
    if any(member.flag_bits & _ENCRYPTED for member in members):
        raise InputError(f"{reading.name} is locked with a password; save a copy without one, and import that.")


def _damaged(reading: Reading) -> InputError:
    return InputError(f"{reading.name} is damaged, or no .xlsx workbook; open it, save it as .xlsx or CSV anew, and import that.")


def _too_much(reading: Reading) -> InputError:
    return InputError(f"{reading.name} unpacks to more than a workbook of its size may; save its sheet as CSV, and import that.")
