"""Segments of an index beside an embedded registry: derived data, made anew whenever it is missing, damaged or of another registry.

Each segment is a file of columns that is written once; a SQLite file says which of them count, so that whatever a crash leaves half-done
does not count, and only one process changes the index at a time. A file carries checksums of its blocks, which are compared when
a block is read: a flipped bit is found before it misleads, without reading the whole file for one question. Files are read, not
mapped: one that another process cuts short is an error to be told, and not the end of this one.
"""

from __future__ import annotations

import json
import os
import re
import sqlite3
import stat
import struct
import sys
import zlib
from contextlib import contextmanager, suppress
from typing import TYPE_CHECKING, Any, NamedTuple

from claimreg.files import undone_on_failure
from claimreg.store.port import DamagedIndexError, SegmentColumn, SegmentStore, UnkeptIndexError

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence
    from pathlib import Path


FORMAT = 5
"""Version of the files and of their list."""

_MAGIC = b"claimreg segment\n"
_PREAMBLE = struct.Struct("<III")
"""Bytes of the header, its checksum, the checksum of the block checksums."""

_WIDE = 8  # bytes of the larger kind of whole numbers
_LONGEST_HEADER = 1 << 20
_BLOCK = 1 << 12
_ALIGNED = 64
_PRIMARY_CODE = 0xFF
_UNREADABLE = (OSError, ValueError, KeyError, TypeError, AttributeError, OverflowError, RecursionError, struct.error)
_SUM_DIGITS = 8
_NAME = re.compile(r"[0-9a-f]{16}\.segment")
_KIND = re.compile(r"[<>|][iuf][1248]")
_SCHEMA = "CREATE TABLE IF NOT EXISTS state (document TEXT NOT NULL)"


class Column:
    """A column of a segment's file; raises `DamagedIndexError` where it is not as it was written."""

    def __init__(self, file: _SegmentFile, kind: str, start: int, count: int) -> None:
        self._file = file
        self._kind = kind
        self._size = int(kind[2:])
        self._start = start
        self._count = count

    def __len__(self) -> int:
        return self._count

    @property
    def file_name(self) -> str:
        """The name of the segment's file."""
        return self._file.name

    def part(self, begin: int, end: int) -> Any:  # noqa: ANN401 -- an array; NumPy is imported only where it is used
        """The items from ``begin`` up to ``end``."""
        import numpy as np

        return np.frombuffer(self._bytes(begin, end), np.dtype(self._kind))

    def numbers(self, begin: int, end: int) -> memoryview:
        """Read a column of unsigned numbers of four or eight bytes without NumPy, whose import would take longer than a look-up."""
        content = self._bytes(begin, end)
        return content.cast("Q") if self._size == _WIDE else content.cast("I")

    def _bytes(self, begin: int, end: int) -> memoryview:
        if not 0 <= begin <= end <= self._count:
            raise DamagedIndexError(self._file.name)
        return self._file.read(self._start + begin * self._size, self._start + end * self._size)


class _SegmentFile:
    """A segment's file; its blocks are checked as they are read, or all at once where the ``whole`` is wanted in memory."""

    def __init__(self, path: Path, *, whole: bool) -> None:
        self.name = path.name
        self._content: memoryview | None = None
        if not stat.S_ISREG(path.lstat().st_mode):
            # Such as a pipe, whose other end would be waited for.
            raise DamagedIndexError(path.name)
        self._file = path.open("rb", buffering=0)
        with undone_on_failure(self.close):
            header = self._header()
            self.columns = {name: self._column(header["bytes"], *placed) for name, *placed in header["columns"]}
            if whole:
                self._content = self.read(0, header["bytes"])
                self.close()

    def _column(self, end: int, kind: str, start: int, count: int) -> Column:
        if not _KIND.fullmatch(kind) or not 0 <= start <= start + count * int(kind[2:]) <= end or count < 0:
            raise DamagedIndexError(self.name)
        return Column(self, kind, start, count)

    def close(self) -> None:
        """Close the file; what was read whole can still be read."""
        self._file.close()

    def read(self, start: int, end: int) -> memoryview:
        """Bytes of the columns; raises `DamagedIndexError` unless they are as they were written."""
        if self._content is not None:
            return self._content[start:end]
        first, last = start // _BLOCK, -(-end // _BLOCK)
        content = memoryview(self._read_at(self._data + first * _BLOCK, (last - first) * _BLOCK))
        for at, told in zip(range(0, (last - first) * _BLOCK, _BLOCK), self._sums[first:last], strict=True):
            if zlib.crc32(content[at : at + _BLOCK]) != told:
                raise DamagedIndexError(self.name)
        return content[start - first * _BLOCK : end - first * _BLOCK]

    def _read_at(self, start: int, size: int) -> bytes:
        self._file.seek(start)
        content = self._file.read(size) or b""
        # One read gives all, but for very large ones.
        while 0 < len(content) < size and (piece := self._file.read(size - len(content))):
            content += piece
        return content

    def _header(self) -> dict[str, Any]:
        fixed = len(_MAGIC) + _PREAMBLE.size
        begin = self._read_at(0, fixed)
        if len(begin) != fixed or not begin.startswith(_MAGIC):
            raise DamagedIndexError(self.name)
        size, own, of_sums = _PREAMBLE.unpack(begin[len(_MAGIC) :])
        text = self._read_at(fixed, min(size, _LONGEST_HEADER))
        if zlib.crc32(text) != own:
            raise DamagedIndexError(self.name)
        header: dict[str, Any] = json.loads(text)
        sums = -(-(fixed + size) // 4) * 4
        told = self._read_at(sums, min(4 * header["blocks"], self._file.seek(0, os.SEEK_END)))
        if zlib.crc32(told) != of_sums or len(told) != 4 * header["blocks"]:
            raise DamagedIndexError(self.name)
        self._sums = memoryview(told).cast("I")
        self._data = -(-(sums + len(told)) // _ALIGNED) * _ALIGNED
        size = self._file.seek(0, os.SEEK_END)
        # Another segment's file in this one's place would be whole, too: its name is in it.
        if size != self._data + header["bytes"] or header["order"] != sys.byteorder or header["name"] != self.name:
            raise DamagedIndexError(self.name)
        return header


class _Kept(NamedTuple):
    document: dict[str, Any]
    names: list[str]


class SegmentFolder(SegmentStore):
    """The segments of one index, in a folder of their own.

    With ``whole`` they are read into memory when they are opened; ``wait`` is how many seconds to wait for another process.
    """

    def __init__(self, folder: Path, *, whole: bool = False, wait: float = 30.0) -> None:
        self._folder = folder
        self._whole = whole
        self._wait = wait
        if not folder.is_dir():
            folder.unlink(missing_ok=True)
        folder.mkdir(parents=True, exist_ok=True)
        self._connection: sqlite3.Connection | None = None
        self._files: list[_SegmentFile] = []

    def load(self) -> tuple[dict[str, Any], list[Mapping[str, Column]]] | None:
        for _attempt in range(3):
            if (kept := self._kept()) is None:
                return None
            try:
                return kept.document, [self._opened(name) for name in kept.names]
            except FileNotFoundError:
                # Another process has merged it away since the list was read.
                continue
            except _UNREADABLE as error:
                raise DamagedIndexError(str(error)) from error
        raise DamagedIndexError("a segment is missing")

    @contextmanager
    def locked(self) -> Iterator[None]:
        try:
            connection = self._database()
            connection.execute("BEGIN IMMEDIATE")
            try:
                yield
                connection.execute("COMMIT")
            except BaseException:
                if connection.in_transaction:
                    connection.execute("ROLLBACK")
                raise
        except (OSError, sqlite3.Error) as error:
            told = getattr(error, "sqlite_errorcode", 0) & _PRIMARY_CODE
            harmed = told in (sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB)
            raise (DamagedIndexError if harmed else UnkeptIndexError)(str(error)) from error

    def add(self, columns: Mapping[str, SegmentColumn]) -> Mapping[str, Column]:
        name = f"{os.urandom(8).hex()}.segment"
        _write(self._folder / name, columns)
        return self._opened(name)

    def keep(self, document: dict[str, Any], segments: Sequence[Mapping[str, SegmentColumn]]) -> None:
        self.keep_files(document, [_name_of(columns) for columns in segments])

    def files(self) -> tuple[dict[str, Any], list[str]] | None:
        """The document, and the names of the files that count; raises as `load` does."""
        kept = self._kept()
        return (kept.document, kept.names) if kept is not None else None

    def path_of(self, name: str) -> Path:
        """The file of this name."""
        return self._folder / name

    def bring(self, name: str, pieces: Iterable[bytes]) -> None:
        """Write a segment's file that others made; raises `DamagedIndexError` where it is none, or not whole, and `OSError`."""
        if not _NAME.fullmatch(name):
            raise DamagedIndexError(name)
        path, begun = self._folder / name, self._folder / f"{name}.begun"
        with begun.open("wb") as file:
            file.writelines(pieces)
        begun.replace(path)
        try:
            _SegmentFile(path, whole=True)
        except _UNREADABLE as error:
            raise DamagedIndexError(name) from error

    def keep_files(self, document: dict[str, Any], names: Sequence[str]) -> None:
        """Make the files of these names the only ones that count; to be called while `locked`."""
        connection = self._database()
        text = json.dumps({"format": FORMAT, "names": names, "document": document})
        connection.execute("DELETE FROM state")
        connection.execute("INSERT INTO state VALUES (?)", (f"{zlib.crc32(text.encode()):08x}{text}",))
        for path in self._folder.iterdir():
            if path.name not in names and not path.name.startswith("index.db"):
                # Merged, left by a crash, or of an earlier claimreg. A reader elsewhere may have it open; where that forbids
                # it, a later command takes it away.
                with suppress(OSError):
                    _remove(path)

    def clear(self) -> None:
        self.close()
        with suppress(OSError):
            self._folder.chmod(stat.S_IRWXU)
        for path in (*self._folder.glob("*.segment"), *self._folder.glob("index.db*")):
            with suppress(OSError):
                _remove(path)

    def close(self) -> None:
        for file in self._files:
            file.close()
        self._files.clear()
        if self._connection is not None:
            self._connection.close()
            self._connection = None

    def _kept(self) -> _Kept | None:
        try:
            if not stat.S_ISREG((self._folder / "index.db").lstat().st_mode):
                raise DamagedIndexError("index.db")
            row = self._database().execute("SELECT document FROM state").fetchone()
            return _kept_in(row[0]) if row is not None else None
        except FileNotFoundError:
            return None
        except (sqlite3.Error, *_UNREADABLE) as error:
            if getattr(error, "sqlite_errorcode", 0) & _PRIMARY_CODE in (sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED):
                raise UnkeptIndexError(str(error)) from error
            raise DamagedIndexError(str(error)) from error

    def _database(self) -> sqlite3.Connection:
        if self._connection is None:
            connection = sqlite3.connect(self._folder / "index.db", timeout=self._wait, isolation_level=None)
            with undone_on_failure(connection.close):
                # Lost on a power cut, it is made again; waiting for the disk would buy nothing.
                connection.execute("PRAGMA synchronous=OFF")
                if connection.execute("SELECT 1 FROM sqlite_master WHERE name = 'state'").fetchone() is None:
                    connection.execute(_SCHEMA)
            self._connection = connection
        return self._connection

    def _opened(self, name: str) -> Mapping[str, Column]:
        file = _SegmentFile(self._folder / name, whole=self._whole)
        self._files.append(file)
        return file.columns


def _kept_in(row: str) -> _Kept | None:
    """Read the list of segments, ``None`` where it is of another format; raises `DamagedIndexError`."""
    if row.startswith("{"):
        # Lists had no checksum once.
        return None
    text = row[_SUM_DIGITS:]
    if f"{zlib.crc32(text.encode()):08x}" != row[:_SUM_DIGITS]:
        raise DamagedIndexError("index.db")
    state = json.loads(text)
    return _Kept(state["document"], list(state["names"])) if state["format"] == FORMAT else None


def _remove(path: Path) -> None:
    if stat.S_ISDIR(path.lstat().st_mode):
        import shutil

        shutil.rmtree(path)
    else:
        path.unlink()


def _name_of(columns: Mapping[str, SegmentColumn]) -> str:
    column = next(iter(columns.values()))
    assert isinstance(column, Column)  # noqa: S101 -- only segments that `add` or `load` gave out are kept
    return column.file_name


def _write(path: Path, columns: Mapping[str, SegmentColumn]) -> None:
    placed: list[tuple[str, str, int, int]] = []
    pieces: list[memoryview] = []
    size = 0
    for name, column in columns.items():
        items = column.part(0, len(column))
        padding = bytes(-items.nbytes % _ALIGNED)
        placed.append((name, items.dtype.str, size, len(column)))
        pieces += [memoryview(items).cast("B") if len(items) else memoryview(b""), memoryview(padding)]
        size += items.nbytes + len(padding)
    sums = _block_sums(pieces)
    header = json.dumps({"name": path.name, "order": sys.byteorder, "bytes": size, "blocks": len(sums), "columns": placed}).encode()
    summed = struct.pack(f"={len(sums)}I", *sums)
    head = _MAGIC + _PREAMBLE.pack(len(header), zlib.crc32(header), zlib.crc32(summed)) + header
    head += bytes(-len(head) % 4) + summed
    with path.open("xb") as file:
        file.write(head + bytes(-len(head) % _ALIGNED))
        file.writelines(pieces)


def _block_sums(pieces: Sequence[memoryview]) -> list[int]:
    """The checksum of each block of the pieces laid end to end."""
    sums: list[int] = []
    own, filled = 0, 0
    for piece in pieces:
        at = 0
        while at < len(piece):
            taken = piece[at : at + _BLOCK - filled]
            own = zlib.crc32(taken, own)
            at += len(taken)
            filled += len(taken)
            if filled == _BLOCK:
                sums.append(own)
                own, filled = 0, 0
    return [*sums, own] if filled else sums
