"""Interface of every source of documents: blocks of them, a sample, and what tells it from another source."""

from __future__ import annotations

import hashlib
import os
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Protocol, TypeAlias

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

Position: TypeAlias = int
"""Size after which a block ends: bytes of lines, or documents."""

SAMPLE = 8 * 1024 * 1024
"""Bytes of the documents that are looked at before the scan to learn which words are rare."""

_ENDS = 1 << 16


@dataclass(frozen=True, slots=True)
class Block:
    """Documents that are worked on together: lines, names of files in ``folder``, or rows (id and text, or what is wrong).

    ``number`` is how many lines, files or rows came before, ``lines`` how many these are; ``position`` is the one after
    the block, ``size`` its bytes. Of a line that is ``too_long`` there is no content.
    """

    content: bytes | tuple[str | tuple[str, str], ...]
    number: int
    lines: int
    position: Position
    size: int
    too_long: bool = False
    folder: Path | None = None


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

    def blocks(self, after: Position, number: int) -> Iterator[Block]:
        """The blocks after a position, where ``number`` lines or documents have been."""


@dataclass(slots=True)
class AtPath:
    """A source of documents that lies at a path, by which it is named."""

    path: Path

    @property
    def name(self) -> str:
        """The path as it was given."""
        return str(self.path)


def file_identity(path: Path) -> dict[str, Any]:
    """A file's size and a digest of its two ends."""
    with path.open("rb") as file:
        size = file.seek(0, os.SEEK_END)
        file.seek(0)
        digest = hashlib.sha256(file.read(_ENDS))
        file.seek(max(0, size - _ENDS))
        digest.update(file.read(_ENDS))
    return {"size": size, "ends": digest.hexdigest()}
