"""Checking and copying an embedded registry's files."""

from __future__ import annotations

import os
import shutil
from typing import TYPE_CHECKING

from claimreg.errors import ClaimregError, StoreError
from claimreg.store import database_users
from claimreg.store.blobs import BlobFolder
from claimreg.store.faults import faults_told
from claimreg.store.layout import DATABASE, make_folder, write_readme
from claimreg.store.migrations import copy_database
from claimreg.store.schema import schema_faults

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Iterator, Mapping
    from pathlib import Path

    from claimreg.store.tinydb_sqlite import SQLiteDB

_NETWORK_FILE_SYSTEMS = ("nfs", "cifs", "smb", "9p", "fuse.sshfs", "afs", "webdav", "davfs")


def file_faults(database: SQLiteDB, folder: Path, tables: Mapping[str, tuple[str, ...]]) -> Iterator[str]:
    """Say what is wrong with the database's file, as SQLite finds, with the tables and indexes in it, and with the file beside it."""
    connection = database.sqlite.connection
    for faults in (_found_by_sqlite(connection), schema_faults(connection, tables), _faults_of_users(folder)):
        try:
            with faults_told(folder):
                yield from faults
        except ClaimregError as error:
            yield str(error)


def _faults_of_users(folder: Path) -> Iterator[str]:
    """Read to its end what a database told of users; nothing is yielded, and what is wrong is raised."""
    for _run in database_users.read_runs(folder):
        continue
    yield from ()


def _found_by_sqlite(connection: sqlite3.Connection) -> Iterator[str]:
    for (sentence,) in connection.execute("PRAGMA integrity_check(100)").fetchall():
        if sentence != "ok":
            yield str(sentence)


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
        _copy_captures(blobs, copies)
        with faults_told(source):
            copy_database(database.sqlite.connection, target / DATABASE)
        # Captures are written before the records that name them, so those added meanwhile are copied now.
        _copy_captures(blobs, copies)
        if (source / database_users.FILE).exists():
            shutil.copyfile(source / database_users.FILE, target / database_users.FILE)
    except OSError as error:
        raise StoreError(f"The copy in {target} could not be finished: {error.strerror}.") from error
    write_readme(target)


def _copy_captures(blobs: BlobFolder, copies: BlobFolder) -> None:
    """Copy captures; raises `OSError` where the copy's disk refuses, and `StoreError` for one that cannot be read."""
    for sha256 in blobs.ids():
        content = blobs.read(sha256)
        try:
            copies.write(content)
        except StoreError as error:
            raise error.__cause__ if isinstance(error.__cause__, OSError) else error from None


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
            if os.path.commonpath((place, folder.resolve())) == place and len(place) >= len(best[0]):
                best = (place, kind)
    return best[1] if best[1].startswith(_NETWORK_FILE_SYSTEMS) else None
