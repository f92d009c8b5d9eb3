"""The standard streams of a command: closed, full or no longer read, and silent while a transaction is open."""

import os
import sys
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager, redirect_stdout, suppress
from typing import IO, Any, NoReturn, TypeVar, cast

from claimreg.errors import ClaimregError, ExitCode

WorkT = TypeVar("WorkT")

STDIN, STDOUT, STDERR = 0, 1, 2


class OutputError(ClaimregError):
    """Standard output cannot be written."""


class ReaderGoneError(Exception):
    """Nobody reads standard output any more, and nothing but printing was left to do."""


class PrintedTooEarlyError(AssertionError):
    """A command printed while its transaction was open: what it acknowledged may never be recorded."""


def occupy_descriptors() -> None:
    """Put the null device where a standard stream is closed; call it before anything opens a file.

    The next file to be opened would get the free number, and a registry with the number of standard output would be written over.
    Standard input reads as empty, standard error goes nowhere, and writing to standard output fails as it does when it is closed.
    """
    # A descriptor that is open for reading only refuses to be written to, in this process and in those that it starts.
    for number, mode in ((STDIN, os.O_RDONLY), (STDOUT, os.O_RDONLY), (STDERR, os.O_WRONLY)):
        try:
            os.fstat(number)
        except OSError:
            _put_null_device(number, mode)
    if sys.stdin is None:
        sys.stdin = open(STDIN, encoding="utf-8", closefd=False)  # noqa: SIM115 -- it lives as long as the process
    if sys.stdout is None:
        sys.stdout = open(STDOUT, "w", encoding="utf-8", closefd=False)  # noqa: SIM115 -- as above
    if sys.stderr is None:
        sys.stderr = open(STDERR, "w", encoding="utf-8", errors="backslashreplace", closefd=False)  # noqa: SIM115 -- as above


def printing(work: Callable[[], WorkT]) -> WorkT:
    """Do the work of a command, and end the process as standard output demands.

    A reader that went away ends it with exit code 0. Where the output cannot be written, one sentence on standard error says so
    and names what was recorded, see `keep_in_mind`; the exit code is 1. Standard error that cannot be written changes nothing.
    """
    usual = sys.stdout, sys.stderr
    # Standard error goes nowhere once it cannot be written.
    output, errors = _StandardOutput(sys.stdout), _Stream(sys.stderr, lambda _error: _let_go(usual[1]))
    sys.stdout, sys.stderr = cast("Any", output), cast("Any", errors)
    try:
        try:
            return work()
        finally:
            output.flush()
            # Libraries try a stream out before they write to it, and take a failure for an answer.
            if output.error is not None:
                raise output.error
    except ReaderGoneError:
        sys.exit(ExitCode.DONE)
    except OutputError as error:
        from claimreg.render.safe import visible

        errors.write(f"claimreg: {visible(str(error))}\n")
        sys.exit(error.exit_code)
    finally:
        errors.flush()
        sys.stdout, sys.stderr = usual


def keep_in_mind(sentence: str) -> None:
    """Remember what a command has done for good (“C27 was recorded”), in place of what was remembered before.

    A failure that comes later tells of it, and a reader that goes away no longer ends the command.
    """
    if isinstance(sys.stdout, _StandardOutput):
        sys.stdout.kept = sentence


def kept() -> str:
    """The sentence given to `keep_in_mind`, without a full stop; empty where nothing was done."""
    return sys.stdout.kept if isinstance(sys.stdout, _StandardOutput) else ""


@contextmanager
def nothing_printed() -> Iterator[None]:
    """Refuse, while the block lasts, whatever is written to standard output; raises `PrintedTooEarlyError` there."""
    with redirect_stdout(cast("Any", _Refusing(sys.stdout))):
        yield


class _Stream:
    """A stream whose failures are handed to ``failed``, which may pass over them; in everything else it is the stream."""

    def __init__(self, stream: IO[Any], failed: Callable[[OSError], None]) -> None:
        self._stream = stream
        self._failed = failed

    def write(self, text: Any) -> int:  # noqa: ANN401 -- text, or bytes where it is a buffer
        """Write, as `io.IOBase` does; an empty text is not worth a failure."""
        if text == "":
            return 0
        try:
            return self._stream.write(text)
        except UnicodeEncodeError as error:
            # A file's name may hold bytes that are no character; what is lacking is shown as an escape.
            return self._stream.write(text.encode(error.encoding, "backslashreplace").decode(error.encoding))
        except OSError as error:
            self._failed(error)
            return len(text)

    def writelines(self, lines: Iterable[Any]) -> None:
        """Write each line, as `io.IOBase` does."""
        for line in lines:
            self.write(line)

    def flush(self) -> None:
        """Hand on what was written."""
        try:
            self._stream.flush()
        except OSError as error:
            self._failed(error)

    @property
    def buffer(self) -> "_Stream":
        """The bytes under a text."""
        return _Stream(cast("Any", self._stream).buffer, self._failed)

    def __getattr__(self, name: str) -> Any:  # noqa: ANN401 -- whatever the stream has
        return getattr(self._stream, name)


class _StandardOutput(_Stream):
    """Standard output, which must be written; ``kept`` says what was done for good, see `keep_in_mind`."""

    def __init__(self, stream: IO[Any]) -> None:
        super().__init__(stream, self._told)
        self.kept = ""
        self.error: OutputError | None = None

    def _told(self, error: OSError) -> None:
        _let_go(self._stream)
        if isinstance(error, BrokenPipeError):
            # A command that has begun to record goes on to its end: half of it would be nobody's wish.
            if self.kept:
                return
            raise ReaderGoneError from None
        why = f"standard output cannot be written: {error.strerror or error}."
        self.error = OutputError(f"{self.kept}, but {why}" if self.kept else f"S{why[1:]}")
        raise self.error from error


class _Refusing:
    """Standard output that nothing may be written to; in everything else it is the stream."""

    def __init__(self, stream: IO[Any]) -> None:
        self._stream = stream

    def write(self, text: object) -> NoReturn:
        """Raise `PrintedTooEarlyError`."""
        raise PrintedTooEarlyError(f"printed before it was recorded: {text!r:.100}")

    writelines = write

    @property
    def buffer(self) -> "_Refusing":
        """Return itself, so that bytes are refused as text is."""
        return self

    def __getattr__(self, name: str) -> Any:  # noqa: ANN401 -- whatever the stream has
        return getattr(self._stream, name)


def _let_go(stream: IO[Any]) -> None:
    """Discard what is still in the stream's buffer, and all that follows."""
    # What is still buffered would fail again when the interpreter ends, with an exit code of its own.
    with suppress(OSError):
        _put_null_device(stream.fileno(), os.O_WRONLY)


def _put_null_device(number: int, mode: int) -> None:
    opened = os.open(os.devnull, mode)
    if opened != number:
        os.dup2(opened, number)
        os.close(opened)
    os.set_inheritable(number, True)  # noqa: FBT003 -- it takes no names
