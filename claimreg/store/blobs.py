"""Bytes kept under their SHA-256 in a folder: `<first two hex digits>/<sha256>`.

A file appears whole or not at all: it is written under a temporary name, flushed to the disk, renamed, and the folder
that names it is flushed too. A file that is there is never written again.
"""

from __future__ import annotations

import os
from contextlib import contextmanager
from typing import TYPE_CHECKING

from claimreg.errors import DamagedRegistryError, StoreError
from claimreg.files import flush, flush_folder

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

_MANY = 8


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

    def write(self, content: bytes) -> str:
        """Keep the bytes at once; returns their SHA-256. Raises `StoreError` when the disk refuses."""
        staged = StagedBlobs(self)
        sha256 = staged.add(content)
        staged.keep()
        return sha256

    def ids(self) -> Iterator[str]:
        """The SHA-256 of everything kept here; what was left half-written by a crash is passed over."""
        if self.folder.is_dir():
            for path in sorted(self.folder.glob("??/*")):
                if not path.name.startswith("."):
                    yield path.name

    def path(self, sha256: str) -> Path:
        """Return the path of the bytes with this SHA-256."""
        return self.folder / sha256[:2] / sha256


class StagedBlobs:
    """The bytes that a transaction brings: written as they come, made durable and given their names together at its end.

    Flushing each file and its folders one by one would take longer than reading most documents.
    """

    def __init__(self, blobs: BlobFolder) -> None:
        self._blobs = blobs
        self._waiting: dict[str, Path] = {}
        self._there: set[Path] = set()
        self._kept: list[str] = []

    def add(self, content: bytes) -> str:
        """Write bytes under a temporary name; returns their SHA-256. Raises `StoreError` when the disk refuses.

        Bytes that are there already stay, unless what is there is damaged.
        """
        sha256 = _sha256(content)
        path = self._blobs.path(sha256)
        if sha256 in self._waiting:
            return sha256
        if path.exists() and path.read_bytes() == content:
            # A command that was cut off may have left it unflushed.
            self._there.add(path)
            return sha256
        temporary = path.with_name(f".{sha256}.{os.getpid()}")
        with self._refusals_told(path.parent):
            self._waiting[sha256] = temporary
            try:
                temporary.write_bytes(content)
            except FileNotFoundError:
                # Making sure of the folder each time would take half as long as the writing.
                path.parent.mkdir(parents=True, exist_ok=True)
                temporary.write_bytes(content)
        return sha256

    def read(self, sha256: str) -> bytes:
        """The bytes, also those that wait for the end; raises what `BlobFolder.read` does."""
        waiting = self._waiting.get(sha256)
        return waiting.read_bytes() if waiting is not None else self._blobs.read(sha256)

    def keep(self) -> None:
        """Flush what waits to the disk, give it its names, and flush the folders that name it. Raises `StoreError`."""
        unflushed = [*self._waiting.values(), *self._there]
        if not unflushed:
            return
        folders = {path.parent for path in unflushed}
        with self._refusals_told(self._blobs.folder):
            if len(unflushed) < _MANY:
                for path in unflushed:
                    flush(path)
            else:
                # The disk takes many at once.
                from concurrent.futures import ThreadPoolExecutor

                with ThreadPoolExecutor(_MANY) as pool:
                    list(pool.map(flush, unflushed))
            for sha256, temporary in self._waiting.items():
                temporary.replace(self._blobs.path(sha256))
                self._kept.append(sha256)
            self._waiting.clear()
            self._there.clear()
            for folder in (*sorted(folders), self._blobs.folder, self._blobs.folder.parent):
                flush_folder(folder)

    def undo(self) -> None:
        """Take everything back; the write lock is still held, so nobody else counts on it."""
        for temporary in self._waiting.values():
            temporary.unlink(missing_ok=True)
        for sha256 in self._kept:
            self._blobs.path(sha256).unlink(missing_ok=True)
        self._waiting.clear()
        self._kept.clear()

    @contextmanager
    def _refusals_told(self, folder: Path) -> Iterator[None]:
        try:
            yield
        except OSError as error:
            self.undo()
            raise StoreError(f"The registry cannot keep a source's bytes in {folder}: {error.strerror}; nothing was recorded.") from error


def _sha256(content: bytes) -> str:
    import hashlib

    return hashlib.sha256(content).hexdigest()
