"""Interface of every source of documents: blocks of them, a sample, and what tells it from another source."""

from __future__ import annotations

import hashlib
import os
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, NamedTuple, Protocol, TypeAlias

from claimreg.corpus.locations import opened

if TYPE_CHECKING:
    from collections.abc import Iterator

SAMPLE = 8 * 1024 * 1024
"""Bytes of the documents that are looked at before the scan to learn which words are rare."""

_ENDS = 1 << 16


class Position(NamedTuple):
    """Place from which the documents can be read on: the number of the file, and bytes, rows or documents of it."""

    part: int = 0
    at: int = 0


class Document(NamedTuple):
    """A document that can be scanned."""

    id: str
    text: str


Line: TypeAlias = "Document | str | None"
"""Outcome of reading a line, a row or a file: a document, why it cannot be used, or nothing, where it is blank or no text."""


class Content(Protocol):
    """Documents of a block, or what is needed in order to read them; picklable, so that a worker can do it."""

    @property
    def carried(self) -> int:
        """Bytes that are held here; 0 where they are read only when they are worked on."""

    def read(self) -> Iterator[Line]:
        """Every line, row or file in turn; raises `InputError` where they cannot be read."""


@dataclass(frozen=True, slots=True)
class Block:
    """Documents that are worked on together.

    ``position`` is the one after the block, ``size`` its bytes. ``part`` names the file that it is from, where there are several.
    """

    content: Content
    position: Position
    size: int
    part: str = ""


@dataclass(frozen=True, slots=True)
class Sample:
    """Texts of some documents, and the size in bytes of all that there are over that of these, as far as it is known."""

    texts: list[str]
    share: float = 1.0


class Documents(Protocol):
    """A source of documents. ``size`` is in bytes, 0 where it is not known."""

    @property
    def name(self) -> str:
        """Name of it in a sentence."""

    @property
    def size(self) -> int:
        """Bytes of all documents, as blocks count them; 0 where it is not known."""

    def sample(self) -> Sample:
        """Return some of the documents."""

    def identity(self) -> dict[str, Any]:
        """Return what tells this source from another one, as JSON."""

    def blocks(self, after: Position) -> Iterator[Block]:
        """The blocks after a position."""


class PartFile(Protocol):
    """A source of documents that can also be one file of several."""

    @property
    def size(self) -> int:
        """Bytes of the file."""

    def sample(self, most: int = SAMPLE) -> Sample:
        """Return documents of about ``most`` bytes."""

    def blocks(self, after: Position, *, whole: bool = False) -> Iterator[Block]:
        """The blocks after a position; one for all of a file that can only be read from its start, where ``whole`` is wanted."""


def file_identity(location: str) -> dict[str, Any]:
    """A file's size and a digest of its two ends."""
    with opened(location) as file:
        size = file.seek(0, os.SEEK_END)
        file.seek(0)
        digest = hashlib.sha256(file.read(_ENDS))
        file.seek(max(0, size - _ENDS))
        digest.update(file.read(_ENDS))
    return {"size": size, "ends": digest.hexdigest()}
