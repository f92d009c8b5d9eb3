"""Reading what a person hands in: a file, standard input."""

import sys
from pathlib import Path
from typing import BinaryIO

from claimreg.errors import InputError
from claimreg.services.sources import IncomingDocument, decode_document

STDIN = "-"
_BLOCK = 1 << 20
LARGEST = 256 * 1024 * 1024
"""Bytes beyond which a single document is refused: a text of that size is an archive, not a source."""


def read_document(reference: str) -> IncomingDocument:
    """The document in a text file, or on standard input for ``-``; raises `InputError` where it cannot be read."""
    if reference == STDIN:
        content = _read_stdin()
        return IncomingDocument(content, decode_document(content, "Standard input"), location="standard input")
    path = Path(reference)
    content = _read_file(path)
    return IncomingDocument(content, decode_document(content, str(path)), location=path.name)


def read_text_argument(value: str) -> str:
    """A text given on the command line, or on standard input for ``-``."""
    if value != STDIN:
        return value
    return decode_document(_read_stdin(), "Standard input").strip()


def _read_file(path: Path) -> bytes:
    try:
        if path.is_dir():
            raise InputError(f"{path} is a folder; give a text file.")
        with path.open("rb") as file:
            return _bounded(file, str(path))
    except FileNotFoundError:
        raise InputError(f"There is no file {path}.") from None
    except ValueError:
        raise InputError("The file's name holds a NUL character.") from None
    except OSError as error:
        raise InputError(f"{path} cannot be read: {error.strerror}.") from error


def _read_stdin() -> bytes:
    if sys.stdin.isatty():
        raise InputError("Nothing was piped in; give a file, or pipe a text to this command.")
    return _bounded(sys.stdin.buffer, "Standard input")


def _bounded(file: BinaryIO, name: str) -> bytes:
    """All that is in a file, devices without end among them, unless it is more than a document can be."""
    blocks: list[bytes] = []
    size = 0
    while block := file.read(_BLOCK):
        blocks.append(block)
        size += len(block)
        if size > LARGEST:
            raise InputError(f"{name} is larger than {LARGEST // 2**20} MiB; split it into its documents.")
    return b"".join(blocks)
