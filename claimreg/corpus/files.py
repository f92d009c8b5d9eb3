"""Sources of documents for a scan: a file of lines, plain or compressed, a Parquet file, a folder, a stream.

A source of documents gives blocks in a fixed order, each with the position after it, from which reading can go on after
a kill. It also gives a bounded sample, spread over the whole where it can be reached, and says what it is, so that an
unfinished scan is not gone on with on other documents.
"""

from __future__ import annotations

import codecs
import hashlib
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any, BinaryIO

from claimreg.corpus.base import SAMPLE, Block, Document, Position, Sample
from claimreg.corpus.jsonl import BLOCK, TOO_LONG, raw_lines, read_line, read_plain
from claimreg.corpus.lines import GZIP, ZSTANDARD, LineFile, LineStream
from claimreg.corpus.locations import Kind, is_url, kind_of, listed, opened, unreadable_told
from claimreg.corpus.parts import Parts, is_part
from claimreg.errors import InputError

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from claimreg.corpus.base import Documents, Line

_PARQUET = b"PAR1"
_MOST_FILES = 1_000
_LONG_TEXT = 100_000
_JSON_NAMES = (".json", ".jsonl", ".ndjson")


def open_documents(location: str, stream: BinaryIO) -> Documents:
    """The documents at a location: a file, a folder, an address, or ``-`` for the stream; raises `InputError` where there are none."""
    if location == "-":
        return LineStream(stream)
    kind = kind_of(location)
    if kind == Kind.MISSING:
        raise InputError(f"There is no file {location}.")
    with unreadable_told(location):
        if kind == Kind.FOLDER:
            return _of_folder(location)
        file = opened(location)
        if kind == Kind.OTHER:
            return LineStream(file, location)
        with file:
            start = file.read(4)
    if start == _PARQUET:
        from claimreg.corpus.parquet import ParquetFile

        return ParquetFile(location)
    return LineFile(location, is_packed=start.startswith((GZIP, ZSTANDARD)))


def open_lines(location: str, stream: BinaryIO) -> Documents:
    """Open a file of lines as `open_documents` does; raises `InputError` for a folder, too."""
    if location != "-" and kind_of(location) == Kind.FOLDER:
        raise InputError(f"{location} is a folder; give a file of lines of JSON.")
    return open_documents(location, stream)


def numbered_lines(source: Documents) -> Iterator[tuple[int, Line]]:
    """Every line, row or file of a source with its number (from 1): a document, why it cannot be used, or nothing."""
    return enumerate((line for block in source.blocks(Position()) for line in block.content.read()), start=1)


def lines_of(source: Documents) -> Iterator[tuple[int, bytes | InputError]]:
    """The lines of a source that are not blank, with their numbers (from 1); for a line too long to be read, the error.

    Raises `InputError` where the source is none of lines.
    """
    if not isinstance(source, (LineFile, LineStream)):
        raise InputError(f"{source.name} is no file of lines of JSON; claims are read from such a file.")
    number = 0
    for lines in source.lines():
        if lines.too_long:
            number += 1
            yield number, InputError(TOO_LONG)
            continue
        for line in raw_lines(lines.content):
            number += 1
            if line.strip():
                yield number, line


def statements_of(source: Documents) -> Iterator[tuple[int, Line]]:
    """Every line, row or file of a source with its number, as `numbered_lines`; a source of plain lines has a statement in each.

    The first line that is not blank tells: in a file that does not call itself JSON, what begins with no brace is a statement, whose
    id is the number of its line.
    """
    if not isinstance(source, (LineFile, LineStream)):
        yield from numbered_lines(source)
        return
    is_plain = False if source.name.casefold().removesuffix(".gz").removesuffix(".zst").endswith(_JSON_NAMES) else None
    for number, line in lines_of(source):
        if isinstance(line, InputError):
            yield number, str(line)
            continue
        if is_plain is None:
            is_plain = not line.removeprefix(codecs.BOM_UTF8).lstrip().startswith((b"{", b"[{"))
        try:
            found = (str(number), read_plain(line)) if is_plain else read_line(line)
        except InputError as error:
            yield number, str(error)
        else:
            yield number, Document(*found) if found[1] or not is_plain else None


@dataclass(slots=True)
class Folder:
    """Every text file in a folder, ordered by path; the id is the path relative to the folder, with slashes."""

    path: Path
    _files: list[tuple[str, int]]

    @property
    def name(self) -> str:
        """The path as it was given."""
        return str(self.path)

    @property
    def size(self) -> int:
        """The bytes of all files."""
        return sum(size for _, size in self._files)

    def identity(self) -> dict[str, Any]:
        """The paths and sizes of all files."""
        listing = "".join(f"{name}\0{size}\0" for name, size in self._files)
        return {"folder": hashlib.sha256(listing.encode("utf-8", "surrogateescape")).hexdigest()}

    def sample(self) -> Sample:
        """Files taken evenly from the listing."""
        step = max(1, -(-self.size // SAMPLE))
        chosen = self._files[::step]
        texts = [text for name, _ in chosen if isinstance(text := read_text_file(self.path, name), str)]
        return Sample(texts, self.size / max(1, sum(size for _, size in chosen)))

    def blocks(self, after: Position) -> Iterator[Block]:
        """Yield blocks of a few files each."""
        files = self._files
        size, first = 0, after.at
        for done, (_, bytes_of_file) in enumerate(files[first:], start=first + 1):
            size += bytes_of_file
            if size >= BLOCK or done - first >= _MOST_FILES or done == len(files):
                names = tuple(name for name, _ in files[first:done])
                yield Block(TextFiles(self.path, names), Position(0, done), size)
                size, first = 0, done


@dataclass(frozen=True, slots=True)
class TextFiles:
    """Text files of a folder, by name."""

    folder: Path
    names: tuple[str, ...]
    carried: int = field(default=0, init=False)

    def read(self) -> Iterator[Line]:
        """Each file in turn; nothing for one that is no text."""
        for name in self.names:
            content = read_text_file(self.folder, name)
            yield str(content) if isinstance(content, InputError) else None if content is None else Document(name, content)


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


def sampled_evenly(texts: Sequence[str], most: int) -> list[str]:
    """Texts taken evenly from all, with at most about ``most`` code points together; of a long one, its start."""
    starts = [text[:_LONG_TEXT] for text in texts]
    return starts[:: max(1, -(-sum(map(len, starts)) // most))]


def _of_folder(location: str) -> Documents:
    """A folder of part files, or of texts; raises `InputError` for one of both, and at an address for one of texts."""
    files = listed(location)
    # What Spark and Hadoop leave beside the parts.
    shown = [file for file in files if not any(name.startswith((".", "_")) for name in file[0].split("/"))]
    parts = [file for file in shown if is_part(file[0])]
    others = [name for name, _ in shown if not is_part(name)]
    if parts and others:
        raise InputError(f"{location} holds part files ({parts[0][0]}) beside other files ({others[0]}); give a folder of one kind.")
    if parts:
        return Parts(location, parts)
    if is_url(location):
        raise InputError(f"{location} has no part files: names that end in .jsonl, .jsonl.gz, .jsonl.zst or .parquet.")
    return Folder(Path(location), files)
