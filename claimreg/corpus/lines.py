"""Sources of lines of JSON: a file, plain or compressed, and a stream.

A plain file is cut by bytes alone, and whoever works on a block reads the lines that start in it: nobody reads all of the file.
"""

from __future__ import annotations

import gzip
import hashlib
import zlib
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import partial
from importlib import import_module
from typing import TYPE_CHECKING, Any, BinaryIO

from claimreg.corpus.base import SAMPLE, Block, Document, Position, Sample, file_identity
from claimreg.corpus.jsonl import BLOCK, TOO_LONG, Lines, line_blocks, raw_lines, read_line
from claimreg.corpus.locations import opened, size_of, unreadable_told
from claimreg.errors import InputError

if TYPE_CHECKING:
    from collections.abc import Generator, Iterable, Iterator

    from claimreg.corpus.base import Line

GZIP, ZSTANDARD = b"\x1f\x8b", b"\x28\xb5\x2f\xfd"
_CHUNK = 1 << 20
_PIECE = 1 << 18
"""Bytes of a block that are read and cut into lines at a time: they stay in the processor's cache, and their memory is used again."""

_SPOTS = 24


@dataclass(frozen=True, slots=True)
class LinesOfRange:
    """Lines of a plain file that start in its bytes from ``start`` up to ``end``."""

    location: str
    start: int
    end: int
    carried: int = 0

    def read(self) -> Iterator[Line]:
        """Each line in turn."""
        with _reading(self.location) as file:
            yield from documents_in(line_blocks(_of_lines(file, self.start, self.end), block=_PIECE, name=self.location))


@dataclass(frozen=True, slots=True)
class LinesOfFile:
    """All lines of a file, which can be compressed and then be read only from its start."""

    location: str
    carried: int = 0

    def read(self) -> Iterator[Line]:
        """Each line in turn."""
        with _reading(self.location) as file:
            yield from documents_in(line_blocks(chunks_of(unpacked(file, self.location)), name=self.location))


@dataclass(frozen=True, slots=True)
class HeldLines:
    """Lines that were read already."""

    lines: Lines

    @property
    def carried(self) -> int:
        """Bytes of the lines."""
        return len(self.lines.content)

    def read(self) -> Iterator[Line]:
        """Each line in turn."""
        yield from documents_in([self.lines])


@dataclass(slots=True)
class LineFile:
    """A file of lines."""

    location: str
    is_packed: bool = False

    @property
    def name(self) -> str:
        """The location as it was given."""
        return self.location

    @property
    def size(self) -> int:
        """The file's bytes, if it is not compressed."""
        return 0 if self.is_packed else size_of(self.location)

    def identity(self) -> dict[str, Any]:
        """Identify a file by its size and its two ends."""
        return {"lines": file_identity(self.location)}

    def sample(self, most: int = SAMPLE) -> Sample:
        """Lines at places spread over the file, or from its start if it is compressed."""
        size = size_of(self.location)
        with _reading(self.location) as file:
            if self.is_packed:
                head = _head(unpacked(file, self.location), most)
                pieces = [head if len(head) < most else head[: head.rfind(b"\n") + 1]]
                # What was unpacked and is no whole line was read from the file, too.
                share = size / max(1, file.tell()) * (len(head) / max(1, len(pieces[0])))
            else:
                pieces = list(_spots(file, size, most)) if size > most else [file.read()]
                share = size / max(1, sum(map(len, pieces)))
        return Sample([text for piece in pieces for text in texts_of(Lines(piece, len(piece)))], max(1.0, share))

    def lines(self) -> Iterator[Lines]:
        """All lines, in blocks."""
        with _reading(self.location) as file:
            yield from line_blocks(chunks_of(unpacked(file, self.location)), name=self.name)

    def blocks(self, after: Position, *, whole: bool = False) -> Iterator[Block]:
        """The blocks after a byte of the (decompressed) lines; one of a compressed file if it is wanted ``whole``."""
        if not self.is_packed:
            size = size_of(self.location)
            for start in range(after.at, size, BLOCK):
                end = min(start + BLOCK, size)
                yield Block(LinesOfRange(self.location, start, end), Position(0, end), end - start)
        elif whole:
            size = size_of(self.location)
            if after.at < size:
                yield Block(LinesOfFile(self.location), Position(0, size), size)
        else:
            with _reading(self.location) as file:
                chunks = without_first(chunks_of(unpacked(file, self.location)), after.at)
                yield from held(line_blocks(chunks, name=self.name), after)


@dataclass(slots=True)
class LineStream:
    """Lines that can be read once: standard input or a pipe."""

    stream: BinaryIO
    name: str = "standard input"
    size: int = 0
    _head: list[bytes] = field(default_factory=list)

    def identity(self) -> dict[str, Any]:
        """Identify the stream by its beginning; what comes later cannot be known yet."""
        self._read_head()
        return {"stream": hashlib.sha256(b"".join(self._head)).hexdigest()}

    def sample(self) -> Sample:
        """The first lines; they are kept and given again as blocks."""
        self._read_head()
        return Sample([text for lines in line_blocks(self._head) for text in texts_of(lines)])

    def lines(self) -> Iterator[Lines]:
        """All lines, in blocks."""
        return line_blocks(self._chunks(), name=self.name)

    def blocks(self, after: Position) -> Iterator[Block]:
        """The blocks after a byte of the stream, which is read from its start."""
        return held(line_blocks(without_first(self._chunks(), after.at), name=self.name), after)

    def _read_head(self) -> None:
        read = sum(map(len, self._head))
        while read < SAMPLE and (chunk := self._read()):
            self._head.append(chunk)
            read += len(chunk)

    def _chunks(self) -> Iterator[bytes]:
        while self._head:
            yield self._head.pop(0)
        yield from iter(self._read, b"")

    def _read(self) -> bytes:
        try:
            return self.stream.read(_CHUNK)
        except OSError as error:
            raise InputError(f"{self.name} cannot be read: {error.strerror or error}.") from error


def documents_in(blocks: Iterable[Lines]) -> Iterator[Line]:
    """Each line of the blocks in turn: a document, why it cannot be used, or nothing for a blank one."""
    for lines in blocks:
        if lines.too_long:
            yield TOO_LONG
            continue
        for line in raw_lines(lines.content):
            try:
                yield Document(*read_line(line)) if line.strip() else None
            except InputError as error:
                yield str(error)


def texts_of(lines: Lines) -> list[str]:
    """The texts of a block's good lines."""
    return [line.text for line in documents_in([lines]) if isinstance(line, Document)]


def held(blocks: Iterable[Lines], after: Position) -> Iterator[Block]:
    """Blocks of lines that were read already, with their place in the whole."""
    at = after.at
    for lines in blocks:
        at += lines.size
        yield Block(HeldLines(lines), Position(0, at), lines.size)


def without_first(chunks: Iterable[bytes], size: int) -> Iterator[bytes]:
    """A stream without its first ``size`` bytes."""
    for chunk in chunks:
        if size >= len(chunk):
            size -= len(chunk)
            continue
        yield chunk[size:] if size else chunk
        size = 0


def chunks_of(file: Any) -> Iterator[bytes]:  # noqa: ANN401 -- the readers share no type but all have read()
    """The bytes of a file from where it is, a chunk at a time."""
    return iter(partial(file.read, _CHUNK), b"")


def unpacked(file: BinaryIO, name: str) -> Any:  # noqa: ANN401 -- the readers share no type but all have read()
    """A reader of a file's decompressed bytes; of those of a plain file as they are."""
    start = file.read(4)
    file.seek(0)
    if start.startswith(GZIP):
        return gzip.open(file)
    return _zstandard(file, name) if start.startswith(ZSTANDARD) else file


@contextmanager
def _reading(location: str) -> Generator[BinaryIO]:
    """Open a file to read lines from; raises `InputError` for whatever keeps them from being read meanwhile."""
    with unreadable_told(location):
        try:
            with opened(location) as file:
                yield file
        except (EOFError, zlib.error, gzip.BadGzipFile) as error:
            raise InputError(f"{location} is damaged or cut off: {error}") from error


def _of_lines(file: BinaryIO, start: int, end: int) -> Iterator[bytes]:
    """The bytes of all lines that start from ``start`` up to ``end``: a line's end tells where the next one starts."""
    at = max(0, start - 1)
    file.seek(at)
    begun = not start
    for piece in iter(partial(file.read, _PIECE), b""):
        first = 0
        if not begun:
            first = piece.find(b"\n") + 1
            if at + (first or len(piece)) >= end:
                return
            begun = first > 0
        if begun:
            stop = piece.find(b"\n", max(0, end - 1 - at)) + 1
            yield piece[first:stop] if stop else piece[first:]
            if stop:
                return
        at += len(piece)


def _head(file: Any, size: int) -> bytes:  # noqa: ANN401 -- the readers share no type but all have read()
    """The first bytes of a file, ``size`` where there are so many."""
    head = bytearray()
    while len(head) < size and (chunk := file.read(size - len(head))):
        head += chunk
    return bytes(head)


def _spots(file: BinaryIO, size: int, most: int) -> Iterator[bytes]:
    """Whole lines of ``most`` bytes together, at places spread over a file of this size."""
    length = SAMPLE // _SPOTS
    spots = max(1, most // length)
    for spot in range(spots):
        file.seek(size * spot // spots)
        # The first line is cut unless the spot is the start, and so may be the last one.
        piece = file.read(length)
        first = piece.find(b"\n") + 1 if spot else 0
        yield piece[first : piece.rfind(b"\n") + 1]


def _zstandard(file: BinaryIO, name: str) -> Any:  # noqa: ANN401 -- the package is optional
    try:
        zstandard = import_module("zstandard")
    except ImportError:
        raise InputError(f"{name} is compressed with Zstandard; to read it, install the package: pip install 'claimreg[scan]'.") from None
    return _ZstandardReader(zstandard.ZstdDecompressor().stream_reader(file, read_across_frames=True), zstandard.ZstdError)


@dataclass(slots=True)
class _ZstandardReader:
    """Turn the package's own error into one that every caller knows."""

    reader: Any
    error: type[Exception]

    def read(self, size: int) -> bytes:
        try:
            content: bytes = self.reader.read(size)
        except self.error as error:
            raise EOFError(str(error)) from error
        return content
