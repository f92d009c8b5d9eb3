"""The embedded registry's folder: what lies in it, which version wrote it, whether it is whole."""

from __future__ import annotations

from contextlib import suppress
from typing import TYPE_CHECKING

from claimreg import files
from claimreg.errors import DamagedRegistryError, NewerRegistryError, StoreError
from claimreg.model import SCHEMA_VERSION

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Mapping
    from pathlib import Path

    from claimreg.store.tinydb_sqlite import SQLiteDB

DATABASE = "registry.db"
APPLICATION_ID = 0x434C4D52
"""'CLMR': SQLite keeps it in the file's header, so that `file` and we can tell whose database it is."""

_PRIVATE = 0o700
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
    """Make the folder unless it is there: on the disk, and open to nobody but the user."""
    try:
        files.make_folder(folder, _PRIVATE)
    except OSError as error:
        raise StoreError(f"The folder {folder} cannot be made: {error.strerror}.") from error


def checked_version(database: SQLiteDB, folder: Path) -> int:
    """The version of the schema, 0 for a database that is still empty; raises `StoreError` where it is not of this claimreg."""
    connection = database.sqlite.connection
    version = _pragma(connection, "user_version")
    if version > SCHEMA_VERSION:
        raise NewerRegistryError(
            f"The registry {folder} was written by a newer claimreg (schema {version}, this one knows {SCHEMA_VERSION}); update claimreg."
        )
    ours = _pragma(connection, "application_id") == APPLICATION_ID
    if version == 0 and ours and database.sqlite.table_names():
        raise DamagedRegistryError(f"The number of the schema in {folder / DATABASE} was taken away; restore it from a backup.")
    others = database.sqlite.table_names() if version == 0 else not ours
    if version != SCHEMA_VERSION and others:
        raise StoreError(f"{folder / DATABASE} is a database of another program; give another folder with --db.")
    return version


def prepare(database: SQLiteDB, folder: Path, tables: Mapping[str, tuple[str, ...]]) -> None:
    """Check whose database it is and which version wrote it; make tables and indexes in an empty one, bring an older one up to date."""
    connection = database.sqlite.connection
    version = checked_version(database, folder)
    if version == SCHEMA_VERSION:
        return
    refuse_programs(connection, folder)
    if version > 0:
        from claimreg.store.migrations import migrate

        migrate(database, folder / DATABASE, version)
        return
    with database.transaction():
        # Asked again: another process may have made the tables while we waited for the lock.
        if checked_version(database, folder) == SCHEMA_VERSION:
            return
        for table, fields in tables.items():
            database.sqlite.ensure_table(table)
            for field in fields:
                database.table(table).create_index(field)
        connection.execute(f"PRAGMA application_id = {APPLICATION_ID}")
        connection.execute(f"PRAGMA user_version = {SCHEMA_VERSION}")


def refuse_programs(connection: sqlite3.Connection, folder: Path) -> None:
    """Raise `DamagedRegistryError` where the database holds triggers or views: they would change what is written, and claimreg has none."""
    names = [name for (name,) in connection.execute("SELECT name FROM sqlite_master WHERE type IN ('trigger', 'view') ORDER BY name")]
    if names:
        raise DamagedRegistryError(
            f"The registry {folder} holds programs that are not claimreg's ({', '.join(map(str, names))}) and would alter what is written; "
            "nothing was recorded: restore it from a backup."
        )


def write_readme(folder: Path) -> None:
    """Say in the folder whose it is; a folder that may not be written to goes without."""
    path = folder / "README"
    if not path.exists():
        with suppress(OSError):
            files.write_whole(path, _README.encode())


def _was_used(folder: Path) -> bool:
    return (folder / "README").exists()


def _pragma(connection: sqlite3.Connection, name: str) -> int:
    (value,) = connection.execute(f"PRAGMA {name}").fetchone()
    return int(value)
