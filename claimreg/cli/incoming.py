"""A file that is to be imported: opened, unpacked, told what it is, and read once from its start."""

import gzip
import io
import zlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, BinaryIO, NamedTuple, cast

from claimreg.cli.inputs import STDIN, stdin_bytes
from claimreg.errors import InputError, UsageError
from claimreg.interchange import detect, formats

if TYPE_CHECKING:
    from _typeshed import WriteableBuffer

_BUFFER = 2**20
_PACKED = (b"\x1f\x8b", b"\x28\xb5\x2f\xfd")
_ENOUGH = 4


class Incoming(NamedTuple):
    """A file to read: the name that sentences call it by, its format, its bytes, how many there are (0: nobody knows) and were read."""

    name: str
    format: str
    stream: BinaryIO
    size: int
    read: Callable[[], int]


@contextmanager
def incoming(file: str, form: str | None) -> Iterator[Incoming]:
    """Open a file, or standard input; its format is ``form``, else what its content tells.

    Raises `InputError` where there is none, and `UsageError` where its format is in doubt.
    """
    if file == STDIN:
        yield _told_apart(_Once(stdin_bytes(), "standard input"), None, form, 0)
        return
    from claimreg.corpus.lines import unpacked
    from claimreg.corpus.locations import Kind, kind_of, opened, size_of

    kind = kind_of(file)
    if kind in (Kind.MISSING, Kind.FOLDER):
        raise InputError(f"There is no file {file}." if kind is Kind.MISSING else f"{file} is a folder; give a file.")
    with opened(file) as stream:
        if kind is Kind.OTHER or not stream.seekable():
            yield _told_apart(_Once(stream, file), None, form, 0)
            return
        once = _Once(stream, file)
        is_packed = once.start(_ENOUGH).startswith(_PACKED)
        stream.seek(0)
        whole = None if is_packed else stream
        yield _told_apart(_Once(unpacked(stream, file), file), whole, form, 0 if is_packed else size_of(file))


def _told_apart(once: "_Once", whole: BinaryIO | None, form: str | None, size: int) -> Incoming:
    """Choose the format; what is read at any place is handed on as the file itself, what is not as it comes."""
    if form is None:
        start = once.start(detect.SNIFFED)
        form = detect.recognised(once.called, start, whole)
        if form is None:
            names = ", ".join(one.name for one in formats.readable())
            raise UsageError(f"What {once.called} is cannot be told; say it with --from: {names} or {detect.BUNDLE}.")
        if whole is not None:
            whole.seek(once.ahead)
    if whole is not None and (form == detect.BUNDLE or formats.named(form, formats.readable()).is_binary):
        whole.seek(0)
        return Incoming(once.called, form, whole, 0, lambda: 0)
    return Incoming(once.called, form, cast("BinaryIO", io.BufferedReader(once, _BUFFER)), size, lambda: once.done)


class _Once(io.RawIOBase):
    """The bytes of a source that are read from their start to their end; ``done`` counts them.

    What keeps them from being read on is raised as `InputError`.
    """

    def __init__(self, source: BinaryIO, called: str) -> None:
        self.called = called
        self.done = 0
        self._source = source
        self._ahead = b""

    @property
    def ahead(self) -> int:
        """Bytes that were looked at already, and are still to be read."""
        return len(self._ahead)

    def start(self, size: int) -> bytes:
        """The first bytes, ``size`` where there are so many; they are read again afterwards."""
        while len(self._ahead) < size and (piece := self._read(size - len(self._ahead))):
            self._ahead += piece
        return self._ahead

    def readable(self) -> bool:
        """Return that it is."""
        return True

    def readinto(self, buffer: "WriteableBuffer") -> int:
        """Read some, as `io.RawIOBase` does."""
        view = memoryview(buffer).cast("B")
        if self._ahead:
            piece, self._ahead = self._ahead[: len(view)], self._ahead[len(view) :]
        else:
            piece = self._read(len(view))
        view[: len(piece)] = piece
        self.done += len(piece)
        return len(piece)

    def _read(self, size: int) -> bytes:
        from claimreg.corpus.locations import unreadable_told

        with unreadable_told(self.called):
            try:
                return self._source.read(size)
            except (EOFError, zlib.error, gzip.BadGzipFile) as error:
                raise InputError(f"{self.called} is damaged or cut off: {error}") from error
