"""Reading what a person hands in: a file of any kind, an address, standard input."""

import sys
from typing import BinaryIO

from claimreg.errors import InputError

STDIN = "-"


def read_text_argument(value: str) -> str:
    """A text given on the command line, or on standard input for ``-``."""
    if value != STDIN:
        return value
    from claimreg.ingest.formats.text import decode
    from claimreg.ingest.types import Hints, Limits

    return decode(read_stdin(Limits().size), Hints("Standard input")).text.strip()


def stdin_bytes() -> BinaryIO:
    """Standard input as bytes; one that the caller has closed reads as empty."""
    import io

    return sys.stdin.buffer if sys.stdin is not None else io.BytesIO()


def read_stdin(largest: int) -> bytes:
    """The bytes that were piped in; raises `InputError` where nothing was, or more than ``largest``."""
    if sys.stdin.isatty():
        raise InputError("Nothing was piped in; give a file, or pipe a text to this command.")
    from claimreg.ingest.reading import bounded

    return bounded(sys.stdin.buffer, "Standard input", largest)
