"""Opening an embedded registry's database: for reading, without writing a byte to it, or for writing.

Reading leaves the database as it is: its journal's mode, its schema and the files beside it; of a registry that may be written to,
SQLite itself keeps `-wal` and `-shm`. What cannot be read in place is read in a copy of the database in a private folder: an older
schema, which is brought up to date in the copy, and what SQLite would have to mend by writing on a medium that is write-protected.
"""

from __future__ import annotations

import os
import sqlite3
import time
from contextlib import closing, suppress
from pathlib import Path
from typing import TYPE_CHECKING

from claimreg.errors import BusyRegistryError, StoreError
from claimreg.files import undone_on_failure
from claimreg.model import SCHEMA_VERSION
from claimreg.store.layout import DATABASE, checked_version, prepare
from claimreg.store.tinydb_sqlite import SQLiteDB

if TYPE_CHECKING:
    from collections.abc import Mapping
    from tempfile import TemporaryDirectory

PRIVATE_PREFIX = "claimreg-reading-"
"""Beginning of the name of a private folder; the number of the process follows."""

_TRIES = 20
_PAUSE = 0.05
_WRITE_VERSION = 18
_WRITE_AHEAD = 2
"""The byte of a database's header that tells how it is written, and its value for a write-ahead log."""


class Opened:
    """A database that is open for reading; ``database`` is it."""

    def __init__(self, database: SQLiteDB, private: TemporaryDirectory[str] | None = None) -> None:
        self.database = database
        self._private = private
        if private is not None and os.name != "nt":
            # What is open stays readable; so a command that is killed leaves no copy behind.
            private.cleanup()

    def close(self) -> None:
        """Close it, and leave nothing of a private copy."""
        self.database.close()
        if self._private is not None:
            self._private.cleanup()


def open_for_writing(folder: Path, tables: Mapping[str, tuple[str, ...]], wait: float) -> SQLiteDB:
    """The database, made where there is none, with this version's schema. Raises `StoreError` where it may not be written to."""
    path = folder / DATABASE
    if path.exists() and not _may_write(path):
        raise StoreError(f"The registry {folder} is read-only; nothing was recorded.")
    database = SQLiteDB(path, wait=wait)
    with undone_on_failure(database.close):
        prepare(database, folder, tables=tables)
    return database


def open_for_reading(folder: Path, tables: Mapping[str, tuple[str, ...]], wait: float) -> Opened:
    """The database as it is, in this version's schema; raises `StoreError` and its kin, and what SQLite raises."""
    opened = open_as_it_is(folder, wait)
    with undone_on_failure(opened.close):
        if 0 < checked_version(opened.database, folder) < SCHEMA_VERSION:
            with closing(opened):
                return _brought_up_to_date(opened.database, tables)
    return opened


def open_as_it_is(folder: Path, wait: float) -> Opened:
    """The database in whichever schema it has; raises `StoreError` and its kin, and what SQLite raises."""
    path = folder / DATABASE
    log, rollback = (_holds_something(path.with_name(f"{DATABASE}{end}")) for end in ("-wal", "-journal"))
    if rollback:
        return _copied(path, wait)
    if not _is_write_ahead(path):
        return Opened(SQLiteDB(path, wait=wait, reading="mode=ro"))
    if _may_write(path):
        # SQLite takes its own log away when it was opened to be written to, and the log is empty.
        return Opened(SQLiteDB(path, wait=wait, reading="mode=ro" if log else "mode=rw"))
    if path.with_name(f"{DATABASE}-shm").exists():
        with suppress(sqlite3.OperationalError):
            return Opened(_probed(SQLiteDB(path, wait=wait, reading="mode=ro")))
    if not log and _is_on_read_only_medium(path):
        # Nobody can write to it, and there is no log to be passed over.
        return Opened(SQLiteDB(path, wait=wait, reading="immutable=1"))
    return _copied(path, wait)


def _brought_up_to_date(database: SQLiteDB, tables: Mapping[str, tuple[str, ...]]) -> Opened:
    """A private copy of a registry of an older schema, in this version's."""
    from claimreg.store.migrations import copy_database

    private = _private_folder()
    with undone_on_failure(private.cleanup):
        folder = Path(private.name)
        copy_database(database.sqlite.connection, folder / DATABASE)
        return _settled(folder, private, tables)


def _copied(path: Path, wait: float) -> Opened:
    """A private copy of the database with what SQLite left beside it, taken at a moment at which nobody wrote."""
    import shutil

    until = time.monotonic() + wait
    for _attempt in range(_TRIES):
        private = _private_folder()
        with undone_on_failure(private.cleanup):
            before = _state(path)
            for end in ("", "-wal", "-journal"):
                with suppress(FileNotFoundError):
                    shutil.copyfile(path.with_name(f"{DATABASE}{end}"), Path(private.name, f"{DATABASE}{end}"))
            if before == _state(path):
                return _settled(Path(private.name), private, None)
        private.cleanup()
        if time.monotonic() > until:
            break
        time.sleep(_PAUSE)
    raise BusyRegistryError(f"Another process is writing to {path.parent} (waited for it in vain); try again in a moment.")


def _settled(folder: Path, private: TemporaryDirectory[str], tables: Mapping[str, tuple[str, ...]] | None) -> Opened:
    """The database in a private folder, with all that belongs to it in one file."""
    database = SQLiteDB(folder / DATABASE)
    with undone_on_failure(database.close):
        if tables is not None:
            prepare(database, folder, tables=tables)
        database.sqlite.connection.execute("PRAGMA journal_mode=DELETE")
        database.sqlite.connection.execute("PRAGMA query_only=ON")
    return Opened(database, private)


def _private_folder() -> TemporaryDirectory[str]:
    from tempfile import TemporaryDirectory

    return TemporaryDirectory(prefix=f"{PRIVATE_PREFIX}{os.getpid()}-", ignore_cleanup_errors=True)


def _probed(database: SQLiteDB) -> SQLiteDB:
    with undone_on_failure(database.close):
        database.sqlite.table_names()
    return database


def _state(path: Path) -> list[tuple[int, int, int] | None]:
    states: list[tuple[int, int, int] | None] = []
    for end in ("", "-wal", "-journal"):
        try:
            told = path.with_name(f"{DATABASE}{end}").stat()
            states.append((told.st_ino, told.st_size, told.st_mtime_ns))
        except FileNotFoundError:
            states.append(None)
    return states


def _holds_something(path: Path) -> bool:
    try:
        return path.stat().st_size > 0
    except OSError:
        return False


def _may_write(path: Path) -> bool:
    return os.access(path, os.W_OK) and os.access(path.parent, os.W_OK)


def _is_write_ahead(path: Path) -> bool:
    try:
        with path.open("rb") as file:
            return file.read(_WRITE_VERSION + 1)[_WRITE_VERSION:] == bytes([_WRITE_AHEAD])
    except OSError:
        # SQLite tells best what is wrong with it.
        return False


def _is_on_read_only_medium(path: Path) -> bool:
    return hasattr(os, "statvfs") and bool(os.statvfs(path).f_flag & os.ST_RDONLY)
