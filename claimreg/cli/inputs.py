"""Reading what a person hands in: a file of any kind, an address, standard input."""

import os
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO

from claimreg.cli.context import tell, utc_now
from claimreg.errors import InputError, UsageError
from claimreg.services.recording.sources import IncomingDocument

if TYPE_CHECKING:
    from claimreg.ingest.reading import Reading
    from claimreg.ingest.types import Fetched

STDIN = "-"
MEBIBYTE = 2**20


@dataclass(frozen=True)
class ReadingOptions:
    """Wishes for reading documents: sizes in MiB, times in seconds; ``None`` for the default.

    ``typed`` says that addresses are the person's own, and did not come with a document.
    """

    encoding: str | None = None
    max_size: float | None = None
    timeout: float | None = None
    allow_private: bool = False
    workers: int | None = None
    guess_language: bool = True
    typed: bool = True


def make_reading(options: ReadingOptions = ReadingOptions()) -> "Reading":
    """Join the readers of documents with the network, the clock and standard input.

    Raises `UsageError` for an encoding that nobody knows.
    """
    from claimreg import __version__
    from claimreg.ingest.reading import Reading
    from claimreg.ingest.types import Limits

    usual = Limits()
    limits = Limits(size=int(options.max_size * MEBIBYTE) if options.max_size else usual.size, seconds=options.timeout or usual.seconds)
    tool = f"claimreg/{__version__}"

    def fetched(url: str) -> "Fetched":
        from claimreg.ingest.fetch import fetch

        return fetch(url, limits, now=utc_now, allow_private=options.allow_private, typed=options.typed, user_agent=tool)

    return Reading(
        limits=limits,
        tool=tool,
        stdin=lambda: _read_stdin(limits.size),
        fetch=fetched,
        encoding=_known_encoding(options.encoding),
        workers=options.workers or min(os.cpu_count() or 1, 8),
        guess_language=options.guess_language,
    )


def read_document(reference: str, *, guess_language: bool = True) -> IncomingDocument:
    """The document in a file, at an address, or on standard input for ``-``; raises `InputError` where it cannot be read."""
    from claimreg.ingest.reading import read_one

    document = read_one(reference, make_reading(ReadingOptions(workers=1, guess_language=guess_language)))
    for note in document.notes:
        tell(note)
    return document


def hash_of_file(reference: str) -> str | None:
    """The SHA-256 of a file's bytes; ``None`` for what is no file: what is stored already needs no reading."""
    import hashlib

    try:
        path = Path(reference)
        if not path.is_file():
            return None
        with path.open("rb") as file:
            return hashlib.file_digest(file, "sha256").hexdigest()
    except (OSError, ValueError):
        return None


def read_text_argument(value: str) -> str:
    """A text given on the command line, or on standard input for ``-``."""
    if value != STDIN:
        return value
    from claimreg.ingest.text import decode
    from claimreg.ingest.types import Hints, Limits

    return decode(_read_stdin(Limits().size), Hints("Standard input")).text.strip()


def stdin_bytes() -> BinaryIO:
    """Standard input as bytes; one that the caller has closed reads as empty."""
    import io

    return sys.stdin.buffer if sys.stdin is not None else io.BytesIO()


def _read_stdin(largest: int) -> bytes:
    if sys.stdin.isatty():
        raise InputError("Nothing was piped in; give a file, or pipe a text to this command.")
    from claimreg.ingest.reading import bounded

    return bounded(sys.stdin.buffer, "Standard input", largest)


def _known_encoding(name: str | None) -> str | None:
    if name is None:
        return None
    import codecs

    try:
        return codecs.lookup(name).name
    except LookupError:
        raise UsageError(f"There is no encoding “{name}”; examples are utf-8, utf-16, windows-1251, koi8-r.") from None
