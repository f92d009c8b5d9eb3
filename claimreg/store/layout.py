"""The embedded registry's folder: what lies in it, which version wrote it, whether it is whole."""

from __future__ import annotations

from typing import TYPE_CHECKING

from claimreg.errors import DamagedRegistryError, NewerRegistryError, StoreError

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Mapping
    from pathlib import Path

    from claimreg.store.tinydb_sqlite import SQLiteDB


DATABASE = "registry.db"
SCHEMA_VERSION = 3
APPLICATION_ID = 0x434C4D52
"""'CLMR': SQLite keeps it in the file's header, so that `file` and we can tell whose database it is."""

_README = """This folder is a claimreg registry.

registry.db   records and their history (SQLite; change it only through claimreg)
captures/     the sources' original bytes and texts, each under its SHA-256: evidence, never edit
.cache/       derived data; may be deleted at any time

Look at it with:  claimreg --db FOLDER list
"""


def check_folder(folder: Path) -> None:
    """Raise `StoreError` where a registry cannot be: a file, or a folder full of other things."""
    database = folder / DATABASE
    try:
        if folder.exists() and not folder.is_dir():
            raise StoreError(f"{folder} is a file; a registry is a folder: give another place with --db.")
        if database.exists():
            if database.stat().st_size == 0 and _was_used(folder):
                raise DamagedRegistryError(f"The registry's file {database} is empty; restore it from a backup.")
            return
        if not folder.is_dir():
            return
        if _was_used(folder):
            raise DamagedRegistryError(f"The registry's file {database} is missing; restore it from a backup.")
        if any(not entry.name.startswith((".", DATABASE)) for entry in folder.iterdir()):
            raise StoreError(f"{folder} holds other files and no registry; give a new or empty folder with --db.")
    except OSError as error:
        raise StoreError(f"The registry {folder} cannot be opened: {error.strerror}.") from error


def make_folder(folder: Path) -> None:
    """Make the folder unless it is there."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise StoreError(f"The folder {folder} cannot be made: {error.strerror}.") from error


def prepare(database: SQLiteDB, folder: Path, tables: Mapping[str, tuple[str, ...]]) -> None:
    """Check whose database it is and which version wrote it; make tables and indexes in an empty one."""
    connection = database.sqlite.connection
    version = _pragma(connection, "user_version")
    if version == SCHEMA_VERSION:
        return
    if version > SCHEMA_VERSION:
        raise NewerRegistryError(
            f"The registry {folder} was written by a newer claimreg (schema {version}, this one knows {SCHEMA_VERSION}); update claimreg."
        )
    if version > 0:
        if _pragma(connection, "application_id") != APPLICATION_ID:
            raise StoreError(f"{folder / DATABASE} is a database of another program; give another folder with --db.")
        from claimreg.store.migrations import migrate

        migrate(database, folder / DATABASE, version)
        return
    with database.transaction():
        # Asked again: another process may have made the tables while we waited for the lock.
        if _pragma(connection, "user_version") == SCHEMA_VERSION:
            return
        if database.sqlite.table_names():
            raise StoreError(f"{folder / DATABASE} is a database of another program; give another folder with --db.")
        for table, fields in tables.items():
            database.sqlite.ensure_table(table)
            for field in fields:
                database.table(table).create_index(field)
        connection.execute(f"PRAGMA application_id = {APPLICATION_ID}")
        connection.execute(f"PRAGMA user_version = {SCHEMA_VERSION}")


def write_readme(folder: Path) -> None:
    """Say in the folder whose it is; a folder that may not be written to goes without."""
    path = folder / "README"
    if not path.exists():
        try:
            path.write_text(_README, encoding="utf-8")
        except OSError:
            return


def _was_used(folder: Path) -> bool:
    return (folder / "README").exists()


def _pragma(connection: sqlite3.Connection, name: str) -> int:
    (value,) = connection.execute(f"PRAGMA {name}").fetchone()
    return int(value)
