"""Bytes kept under their SHA-256 in a folder: `<first two hex digits>/<sha256>`.

A file appears whole or not at all: it is written under a temporary name, flushed to the disk, renamed, and the folder
that names it is flushed too. A file that is there is never written again.
"""

from __future__ import annotations

import os
from contextlib import contextmanager
from functools import partial
from typing import TYPE_CHECKING

from claimreg.errors import DamagedRegistryError, StoreError
from claimreg.files import flush, flush_folder, write_new

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

_MANY = 8
_MOST_HELD = 16 * 2**20
"""Bytes of a transaction that are held in memory until its end: written and flushed in one go, each file is opened once, not twice."""


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
    """The bytes that a transaction brings: small ones held in memory, large ones written as they come; made durable together at its end.

    Flushing each file and its folders one by one would take longer than reading most documents.
    """

    def __init__(self, blobs: BlobFolder) -> None:
        self._blobs = blobs
        self._held: dict[str, bytes] = {}
        self._room = _MOST_HELD
        self._written: set[str] = set()
        self._there: set[Path] = set()
        self._kept: list[str] = []

    def add(self, content: bytes) -> str:
        """Take bytes in; returns their SHA-256. Raises `StoreError` when the disk refuses.

        Bytes that are there already stay, unless what is there is damaged.
        """
        sha256 = _sha256(content)
        if sha256 in self._held or sha256 in self._written:
            return sha256
        path = self._blobs.path(sha256)
        if path.exists() and path.read_bytes() == content:
            # A command that was cut off may have left it unflushed.
            self._there.add(path)
        elif len(content) <= self._room:
            self._held[sha256] = content
            self._room -= len(content)
        else:
            self._written.add(sha256)
            with self._refusals_told(path.parent):
                self._write(sha256, content)
        return sha256

    def read(self, sha256: str) -> bytes:
        """The bytes, also those that wait for the end; raises what `BlobFolder.read` does."""
        if (held := self._held.get(sha256)) is not None:
            return held
        return self._temporary(sha256).read_bytes() if sha256 in self._written else self._blobs.read(sha256)

    def keep(self) -> None:
        """Flush what waits to the disk, give it its names, and flush the folders that name it. Raises `StoreError`."""
        waiting = [*self._held, *self._written]
        if not waiting and not self._there:
            return
        folders = {path.parent for path in (*map(self._blobs.path, waiting), *self._there)}
        with self._refusals_told(self._blobs.folder):
            self._flush()
            for sha256 in waiting:
                self._temporary(sha256).replace(self._blobs.path(sha256))
                self._kept.append(sha256)
            self._forget_waiting()
            self._there.clear()
            for folder in (*sorted(folders), self._blobs.folder, self._blobs.folder.parent):
                flush_folder(folder)

    def undo(self) -> None:
        """Take everything back; the write lock is still held, so nobody else counts on it."""
        for sha256 in (*self._held, *self._written):
            self._temporary(sha256).unlink(missing_ok=True)
        for sha256 in self._kept:
            self._blobs.path(sha256).unlink(missing_ok=True)
        self._forget_waiting()
        self._kept.clear()

    def _temporary(self, sha256: str) -> Path:
        return self._blobs.path(sha256).with_name(f".{sha256}.{os.getpid()}")

    def _write(self, sha256: str, content: bytes, *, durably: bool = False) -> None:
        temporary = self._temporary(sha256)
        try:
            write_new(temporary, content, durably=durably)
        except FileNotFoundError:
            # Making sure of the folder each time would take half as long as the writing.
            temporary.parent.mkdir(parents=True, exist_ok=True)
            write_new(temporary, content, durably=durably)

    def _flush(self) -> None:
        """Write what is held, and flush what was written before."""
        tasks = [partial(self._write, sha256, content, durably=True) for sha256, content in self._held.items()]
        tasks += [partial(flush, path) for path in (*map(self._temporary, self._written), *self._there)]
        if len(tasks) < _MANY:
            for task in tasks:
                task()
            return
        # The disk takes many at once.
        from concurrent.futures import ThreadPoolExecutor

        with ThreadPoolExecutor(_MANY) as pool:
            for done in [pool.submit(task) for task in tasks]:
                done.result()

    def _forget_waiting(self) -> None:
        self._held.clear()
        self._written.clear()
        self._room = _MOST_HELD

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
