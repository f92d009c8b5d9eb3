"""Sources of documents for a scan: a file of lines, plain or compressed, a Parquet file, a folder, a stream.

A source of documents gives blocks in a fixed order, each with the position after it, from which reading can go on after
a kill. It also gives a bounded sample, spread over the whole where it can be reached, and says what it is, so that an
unfinished scan is not gone on with on other documents.
"""

from __future__ import annotations

import gzip
import hashlib
import os
import zlib
from dataclasses import dataclass, field
from functools import partial
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, Any, BinaryIO

from claimreg.corpus.base import SAMPLE, AtPath, Block, Documents, Position, Sample, file_identity
from claimreg.corpus.jsonl import BLOCK, TOO_LONG, Lines, count_lines, line_blocks, read_lines
from claimreg.errors import InputError
from claimreg.files import unreadable_told

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence


_SPOTS = 24
_GZIP, _ZSTANDARD, _PARQUET = b"\x1f\x8b", b"\x28\xb5\x2f\xfd", b"PAR1"
_CHUNK = 1 << 20
_MOST_FILES = 1_000
_LONG_TEXT = 100_000


def open_documents(location: str, stream: BinaryIO) -> Documents:
    """The documents at a location: a file, a folder, or ``-`` for the stream; raises `InputError` where there are none."""
    if location == "-":
        return LineStream(stream)
    path = Path(location)
    with unreadable_told(location):
        if path.is_dir():
            return Folder(path)
        if not path.exists():
            raise InputError(f"There is no file {location}.")
        file = path.open("rb")
        if not path.is_file():
            return LineStream(file, location)
        with file:
            start = file.read(4)
    if start == _PARQUET:
        from claimreg.corpus.parquet import ParquetFile

        return ParquetFile(path)
    return LineFile(path, compression=start)


def open_lines(location: str, stream: BinaryIO) -> Documents:
    """Open a file of lines as `open_documents` does; raises `InputError` for a folder, too."""
    found = open_documents(location, stream)
    if isinstance(found, Folder):
        raise InputError(f"{location} is a folder; give a file of lines of JSON.")
    return found


def lines_of(source: Documents) -> Iterator[tuple[int, bytes | InputError]]:
    """The lines of a source that are not blank, with their numbers; for a line too long to be read, the error.

    Raises `InputError` where the source is none of lines.
    """
    for block in source.blocks(0, 0):
        if not isinstance(block.content, bytes):
            raise InputError(f"{source.name} is no file of lines of JSON; claims are read from such a file.")
        if block.too_long:
            yield block.number + 1, InputError(TOO_LONG)
            continue
        for number, line in enumerate(block.content.split(b"\n"), start=block.number + 1):
            if line.strip():
                yield number, line


@dataclass(slots=True)
class LineFile(AtPath):
    """A file of lines; ``compression`` is how the file starts."""

    compression: bytes = b""

    @property
    def size(self) -> int:
        """The file's bytes, if it is not compressed."""
        return self.path.stat().st_size if self._is_plain else 0

    @property
    def _is_plain(self) -> bool:
        return not self.compression.startswith((_GZIP, _ZSTANDARD))

    def identity(self) -> dict[str, Any]:
        """Identify a file by its size and its two ends."""
        return {"lines": file_identity(self.path)}

    def sample(self) -> Sample:
        """Lines at places spread over the file, or from its start if it is compressed."""
        spread = self.size > SAMPLE and self._is_plain
        texts, read = [], 0
        for lines in self._spots() if spread else line_blocks(self._chunks(0), name=self.name):
            texts += texts_of(lines)
            read += lines.size
            if read >= SAMPLE:
                break
        return Sample(texts, max(1.0, self.size / max(1, read)))

    def _spots(self) -> Iterator[Lines]:
        with self.path.open("rb") as file:
            for spot in range(_SPOTS):
                file.seek(self.size * spot // _SPOTS)
                # The first line is cut unless the spot is the start, and so may be the last one.
                piece = file.read(SAMPLE // _SPOTS)
                first = piece.find(b"\n") + 1 if spot else 0
                whole = piece[first : piece.rfind(b"\n") + 1]
                yield Lines(whole, len(whole))

    def blocks(self, after: Position, number: int) -> Iterator[Block]:
        """The blocks after a byte of the (decompressed) lines."""
        return numbered(line_blocks(self._chunks(after), name=self.name), after, number)

    def _chunks(self, after: int) -> Iterator[bytes]:
        try:
            with self.path.open("rb") as file:
                if self._is_plain:
                    file.seek(after)
                    after = 0
                yield from without_first(iter(partial(self._decompressed(file).read, _CHUNK), b""), after)
        except (EOFError, zlib.error, gzip.BadGzipFile) as error:
            raise InputError(f"{self.path} is damaged or cut off: {error}") from error
        except OSError as error:
            raise InputError(f"{self.path} cannot be read: {error.strerror or error}.") from error

    def _decompressed(self, file: BinaryIO) -> Any:  # noqa: ANN401 -- the readers share no type but all have read()
        if self.compression.startswith(_GZIP):
            return gzip.open(file)
        return _zstandard(file, self.path) if self.compression.startswith(_ZSTANDARD) else file


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

    def blocks(self, after: Position, number: int) -> Iterator[Block]:
        """The blocks after a byte of the stream, which is read from its start."""
        return numbered(line_blocks(without_first(self._chunks(), after), name=self.name), after, number)

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


@dataclass(slots=True)
class Folder(AtPath):
    """Every text file in a folder, ordered by path; the id is the path relative to the folder, with slashes."""

    _files: list[tuple[str, int]] = field(default_factory=list)

    @property
    def size(self) -> int:
        """The bytes of all files."""
        return sum(size for _, size in self._listed())

    def identity(self) -> dict[str, Any]:
        """The paths and sizes of all files."""
        listing = "".join(f"{name}\0{size}\0" for name, size in self._listed())
        return {"folder": hashlib.sha256(listing.encode("utf-8", "surrogateescape")).hexdigest()}

    def sample(self) -> Sample:
        """Files taken evenly from the listing."""
        step = max(1, -(-self.size // SAMPLE))
        chosen = self._listed()[::step]
        texts = [text for name, _ in chosen if isinstance(text := read_text_file(self.path, name), str)]
        return Sample(texts, self.size / max(1, sum(size for _, size in chosen)))

    def blocks(self, after: Position, number: int) -> Iterator[Block]:
        """Yield blocks of a few files each."""
        del number  # it is the position
        files = self._listed()
        size, first = 0, after
        for done, (_, bytes_of_file) in enumerate(files[after:], start=after + 1):
            size += bytes_of_file
            if size >= BLOCK or done - first >= _MOST_FILES or done == len(files):
                names = tuple(name for name, _ in files[first:done])
                yield Block(names, first, len(names), done, size, folder=self.path)
                size, first = 0, done

    def _listed(self) -> list[tuple[str, int]]:
        if not self._files:
            for folder, folders, names in os.walk(self.path):
                folders.sort()
                for name in names:
                    path = Path(folder) / name
                    if path.is_file():
                        self._files.append((path.relative_to(self.path).as_posix(), path.stat().st_size))
            self._files.sort()
        return self._files


def read_text_file(folder: Path, name: str) -> str | InputError | None:
    """The text of a file in a folder; ``None`` when it is no text (it holds NUL), an error when it cannot be read."""
    try:
        content = (folder / name).read_bytes()
    except OSError as error:
        return InputError(f"{name} cannot be read: {error.strerror}")
    if b"\0" in content[:8192]:
        return None
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        return InputError(f"{name} is not UTF-8 (byte {error.start + 1})")


def texts_of(lines: Lines) -> list[str]:
    """The texts of a block's good lines."""
    return [text for _, _, text in read_lines(lines.content) if isinstance(text, str)]


def numbered(blocks: Iterable[Lines], position: int, number: int) -> Iterator[Block]:
    """Blocks of lines with their place in the whole."""
    for lines in blocks:
        position += lines.size
        count = 1 if lines.too_long else count_lines(lines.content)
        yield Block(lines.content, number, count, position, lines.size, lines.too_long)
        number += count


def without_first(chunks: Iterable[bytes], size: int) -> Iterator[bytes]:
    """A stream without its first ``size`` bytes."""
    for chunk in chunks:
        if size >= len(chunk):
            size -= len(chunk)
            continue
        yield chunk[size:] if size else chunk
        size = 0


def _zstandard(file: BinaryIO, path: Path) -> Any:  # noqa: ANN401 -- the package is optional
    try:
        zstandard = import_module("zstandard")
    except ImportError:
        raise InputError(f"{path} is compressed with Zstandard; to read it, install the package: pip install 'claimreg[scan]'.") from None
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


def sampled_evenly(texts: Sequence[str], most: int) -> list[str]:
    """Texts taken evenly from all, with at most about ``most`` code points together; of a long one, its start."""
    starts = [text[:_LONG_TEXT] for text in texts]
    return starts[:: max(1, -(-sum(map(len, starts)) // most))]
