"""Bringing an older registry up to date: an ordered list of small steps, run in one transaction after a backup."""

from __future__ import annotations

import os
import sqlite3
from typing import TYPE_CHECKING

from claimreg.files import flush, flush_folder
from claimreg.store.chain import GENESIS, event_hash

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from claimreg.store.tinydb_sqlite import SQLiteDB


def migrate(database: SQLiteDB, path: Path, version: int) -> None:
    """Run the steps that a registry of this schema version lacks; a copy of it is kept beside it first."""
    backup = path.with_name(f"{path.name}.schema-{version}")
    if not backup.exists():
        copy_database(database.sqlite.connection, backup)
    with database.transaction():
        # Asked again: another process may have migrated it while we waited for the lock.
        (current,) = database.sqlite.connection.execute("PRAGMA user_version").fetchone()
        for to_version, step in STEPS:
            if current < to_version:
                step(database)
                database.sqlite.connection.execute(f"PRAGMA user_version = {to_version}")


def copy_database(connection: sqlite3.Connection, target: Path) -> None:
    """Copy a database, as it is at one moment, while others may go on writing; it appears under its name when whole."""
    temporary = target.with_name(f".{target.name}.{os.getpid()}.part")
    temporary.unlink(missing_ok=True)
    copy = sqlite3.connect(temporary)
    try:
        connection.backup(copy)
        copy.execute("PRAGMA journal_mode=DELETE")
    finally:
        copy.close()
    flush(temporary)
    temporary.replace(target)
    flush_folder(target.parent)


def _chain_the_history(database: SQLiteDB) -> None:
    history = database.table("history")
    previous = GENESIS
    for event in history.all():
        fields = {**event, "previous": previous}
        event["previous"], event["hash"] = previous, event_hash(fields)
        previous = event["hash"]
        history.put(event)


def _look_up_addresses_and_keep_time_stamps(database: SQLiteDB) -> None:
    for table, field in (
        ("sources", "url_key"), ("captures", "url_key"), ("captures", "reached_key"), ("claims", "origin"), ("links", "anchored_from"),
    ):  # fmt: skip
        database.table(table).create_index(field)
    database.sqlite.ensure_table("timestamps")


STEPS: tuple[tuple[int, Callable[[SQLiteDB], None]], ...] = ((2, _chain_the_history), (3, _look_up_addresses_and_keep_time_stamps))
