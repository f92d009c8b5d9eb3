"""Checking, copying and bringing back an embedded registry's files."""

from __future__ import annotations

import os
import shutil
import sqlite3
from contextlib import closing
from typing import TYPE_CHECKING

from claimreg.errors import ClaimregError, StoreError
from claimreg.store.blobs import BlobFolder
from claimreg.store.faults import faults_told
from claimreg.store.layout import DATABASE, SCHEMA_VERSION, check_folder, make_folder, write_readme
from claimreg.store.migrations import copy_database

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path

    from claimreg.store.tinydb_sqlite import SQLiteDB

_NETWORK_FILE_SYSTEMS = ("nfs", "cifs", "smb", "9p", "fuse.sshfs", "afs", "webdav", "davfs")


def told_by_sqlite(database: SQLiteDB, folder: Path, indexes: Mapping[str, tuple[str, ...]]) -> Iterator[str]:
    """What SQLite finds wrong with the database, and ids that would be given out twice."""
    connection = database.sqlite.connection
    try:
        with faults_told(folder):
            for (sentence,) in connection.execute("PRAGMA integrity_check(100)").fetchall():
                if sentence != "ok":
                    yield str(sentence)
            missing = {f"{table}.{field}" for table, fields in indexes.items() for field in fields} - _names(connection, "index")
            for name in sorted(missing):
                yield f"the index {name} is missing"
            counters = dict(connection.execute("SELECT name, seq FROM sqlite_sequence").fetchall())
            for table in sorted(_names(connection, "table") - {"sqlite_sequence"}):
                (highest,) = connection.execute(f'SELECT max(id) FROM "{table}"').fetchone()  # noqa: S608 -- our own table's name
                if (highest or 0) > counters.get(table, 0):
                    yield f"the table {table} would give out ids that are in use"
    except ClaimregError as error:
        yield str(error)


def copy_registry(database: SQLiteDB, blobs: BlobFolder, source: Path, target: Path) -> None:
    """Copy a registry into a new or empty folder: the database as it is at one moment, then every capture, re-hashed on the way."""
    try:
        taken = target.exists() and (not target.is_dir() or any(target.iterdir()))
    except OSError as error:
        raise StoreError(f"The copy cannot be put in {target}: {error.strerror}.") from error
    if taken:
        raise StoreError(f"{target} is not an empty folder; give a new one for the copy.")
    make_folder(target)
    copies = BlobFolder(target / "captures")
    try:
        for sha256 in blobs.ids():
            copies.write(blobs.read(sha256))
        with faults_told(source):
            copy_database(database.sqlite.connection, target / DATABASE)
        # Captures are written before the records that name them, so those added meanwhile are copied now.
        for sha256 in blobs.ids():
            copies.write(blobs.read(sha256))
    except OSError as error:
        raise StoreError(f"The copy in {target} could not be finished: {error.strerror}.") from error
    write_readme(target)


def restore_registry(backup: Path, folder: Path, aside: str) -> Path | None:
    """Bring a copy back to a registry's place; what was there is moved beside it, under the name returned.

    ``aside`` ends that name. The copy is checked before anything is moved. Raises `StoreError` where the copy is no registry.
    """
    if not (backup / DATABASE).is_file():
        raise StoreError(f"There is no copy of a registry in {backup}.")
    check_folder(backup)
    _check_database(backup)
    part = folder.with_name(f".{folder.name}.restoring")
    try:
        shutil.rmtree(part, ignore_errors=True)
        shutil.copytree(backup, part, ignore=shutil.ignore_patterns(".cache"))
        _flush_tree(part)
        moved = None
        if folder.exists():
            moved = folder.with_name(f"{folder.name}.{aside}")
            folder.rename(moved)
        folder.parent.mkdir(parents=True, exist_ok=True)
        part.rename(folder)
    except OSError as error:
        raise StoreError(f"The copy could not be brought back: {error.strerror}.") from error
    return moved


def network_file_system(folder: Path) -> str | None:
    """The kind of network drive that a folder is on, where the system tells; SQLite's locks do not hold there."""
    try:
        mounts = open("/proc/self/mounts", encoding="utf-8", errors="replace")  # noqa: SIM115, PTH123 -- closed below
    except OSError:
        return None
    best = ("", "")
    with mounts:
        for line in mounts:
            _device, place, kind, *_rest = line.split(" ")
            inside = os.path.commonpath((place, folder.resolve())) == place
            if inside and len(place) >= len(best[0]):
                best = (place, kind)
    return best[1] if best[1].startswith(_NETWORK_FILE_SYSTEMS) else None


def _check_database(folder: Path) -> None:
    with faults_told(folder), closing(sqlite3.connect(f"{(folder / DATABASE).absolute().as_uri()}?mode=ro", uri=True)) as connection:
        (version,) = connection.execute("PRAGMA user_version").fetchone()
        (told,) = connection.execute("PRAGMA integrity_check(1)").fetchone()
    if not 0 < version <= SCHEMA_VERSION or told != "ok":
        raise StoreError(f"The copy in {folder} is damaged or of a newer claimreg; nothing was changed.")


def _flush_tree(folder: Path) -> None:
    for path in (folder, *folder.rglob("*")):
        if os.name == "nt" and path.is_dir():
            continue
        descriptor = os.open(path, os.O_RDONLY)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)


def _names(connection: sqlite3.Connection, kind: str) -> set[str]:
    return {name for (name,) in connection.execute("SELECT name FROM sqlite_master WHERE type = ?", (kind,)).fetchall()}
