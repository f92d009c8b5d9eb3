"""Bytes kept under their SHA-256 in a folder: `<first two hex digits>/<sha256>`.

A file appears whole or not at all: it is written under a temporary name, flushed to the disk, renamed, and the folder
that names it is flushed too. A file that is there is never written again.
"""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

from claimreg.errors import DamagedRegistryError, StoreError

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path


class BlobFolder:
    """Content-addressed bytes in a folder."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def read(self, sha256: str) -> bytes:
        """The bytes; raises `DamagedRegistryError` where they are missing or not what they were."""
        path = self.path(sha256)
        try:
            content = path.read_bytes()
        except FileNotFoundError:
            raise DamagedRegistryError(f"The capture {path} is missing; restore it from a backup.") from None
        except OSError as error:
            raise StoreError(f"The capture {path} cannot be read: {error.strerror}.") from error
        if _sha256(content) != sha256:
            raise DamagedRegistryError(f"The capture {path} was changed since it was recorded; restore it from a backup.")
        return content

    def write(self, content: bytes) -> tuple[str, bool]:
        """Keep the bytes; returns their SHA-256 and whether they are new. Raises `StoreError` when the disk refuses."""
        sha256 = _sha256(content)
        path = self.path(sha256)
        if path.exists():
            return sha256, False
        temporary = path.with_name(f".{sha256}.{os.getpid()}")
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            _write_through(temporary, content)
            temporary.replace(path)
            for folder in (path.parent, self.folder, self.folder.parent):
                _flush_folder(folder)
        except OSError as error:
            temporary.unlink(missing_ok=True)
            raise StoreError(
                f"The registry cannot keep a source's bytes in {path.parent}: {error.strerror}; nothing was recorded."
            ) from error
        return sha256, True

    def ids(self) -> Iterator[str]:
        """The SHA-256 of everything kept here; what was left half-written by a crash is passed over."""
        if self.folder.is_dir():
            for path in sorted(self.folder.glob("??/*")):
                if not path.name.startswith("."):
                    yield path.name

    def forget(self, sha256: str) -> None:
        """Take back bytes whose transaction was undone."""
        self.path(sha256).unlink(missing_ok=True)

    def path(self, sha256: str) -> Path:
        """Where bytes with this SHA-256 are."""
        return self.folder / sha256[:2] / sha256


def _write_through(path: Path, content: bytes) -> None:
    with path.open("wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())


def _flush_folder(folder: Path) -> None:
    # Windows cannot open a folder; there a rename is durable by itself.
    if os.name != "nt":
        descriptor = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)


def _sha256(content: bytes) -> str:
    import hashlib

    return hashlib.sha256(content).hexdigest()
