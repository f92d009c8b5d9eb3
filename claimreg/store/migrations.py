"""Bringing an older registry up to date: an ordered list of small steps, run in one transaction after a backup."""

from __future__ import annotations

import os
import sqlite3
from contextlib import closing
from functools import partial
from typing import TYPE_CHECKING

from claimreg.codec import event_from_document
from claimreg.errors import StoreError
from claimreg.files import flush, flush_folder, undone_on_failure
from claimreg.store.chain import GENESIS, canonical, event_hash, event_text, read_once
from claimreg.store.tinydb_sqlite.storage import quoted

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from claimreg.store.tinydb_sqlite import SQLiteDB

HISTORY = "history"
_AT_ONCE = 1_000


def migrate(database: SQLiteDB, path: Path, version: int) -> None:
    """Run the steps that a registry of this schema version lacks; a copy of it is kept beside it first, on the disk for good.

    Raises `StoreError` where the copy cannot be made; the registry is as it was then, as it is where a step fails.
    """
    backup = path.with_name(f"{path.name}.schema-{version}")
    try:
        if not backup.exists():
            copy_database(database.sqlite.connection, backup)
    except OSError as error:
        raise StoreError(
            f"The registry {path.parent} is of an older claimreg, and the copy {backup.name} that is kept of it cannot be written: "
            f"{error.strerror}; nothing was changed: free space or mend the disk, and run the command again."
        ) from error
    with database.transaction():
        # Asked again: another process may have migrated it while we waited for the lock.
        (current,) = database.sqlite.connection.execute("PRAGMA user_version").fetchone()
        for to_version, step in STEPS:
            if current < to_version:
                step(database)
                database.sqlite.connection.execute(f"PRAGMA user_version = {to_version}")


def copy_database(connection: sqlite3.Connection, target: Path) -> None:
    """Copy a database, as it is at one moment, while others may go on writing; it appears under its name when whole and flushed."""
    temporary = target.with_name(f".{target.name}.{os.getpid()}.part")
    temporary.unlink(missing_ok=True)
    with undone_on_failure(partial(temporary.unlink, missing_ok=True)):
        with closing(sqlite3.connect(temporary)) as copy:
            connection.backup(copy)
            copy.execute("PRAGMA journal_mode=DELETE")
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


def _write_everything_in_one_form(database: SQLiteDB) -> None:
    """Write each document as claimreg would write it now, where it says the very same; whatever else is wrong is left for `verify`."""
    for table in sorted(database.sqlite.table_names()):
        form = _event_in_form if table == HISTORY else _record_in_form
        after: int | None = -1
        while after is not None:
            after = _rewrite_some(database, table, after, form)


def _rewrite_some(database: SQLiteDB, table: str, after: int, form: Callable[[str], str]) -> int | None:
    """Rewrite the documents that come next after an id; returns the id of the last one, ``None`` at the end."""
    query = f"SELECT id, doc FROM {quoted(table)} WHERE id > ? ORDER BY id LIMIT {_AT_ONCE}"  # noqa: S608 -- a quoted identifier
    rows = database.sqlite.connection.execute(query, (after,)).fetchall()
    for number, text in rows:
        if isinstance(text, str) and (written := form(text)) != text:
            database.table(table).put_json(number, written)
    return rows[-1][0] if rows else None


def _keep_drafts(database: SQLiteDB) -> None:
    database.table("drafts").create_index("source_id")


def _know_what_was_left_out(_database: SQLiteDB) -> None:
    """Change nothing: a claimreg that takes a link's offsets for those of the first text alone is only kept from reading it."""


def _look_up_ids_of_others(database: SQLiteDB) -> None:
    database.table("claims").create_index("external_id")


def _look_up_merged_claims(database: SQLiteDB) -> None:
    database.table("claims").create_index("merged_into")


def _record_in_form(text: str) -> str:
    try:
        return canonical(read_once(text))
    except ValueError:
        return text


def _event_in_form(text: str) -> str:
    try:
        document = read_once(text)
        written = event_text(event_from_document(document))
        return written if read_once(written) == document else text
    except (TypeError, ValueError):
        return text


STEPS: tuple[tuple[int, Callable[[SQLiteDB], None]], ...] = (
    (2, _chain_the_history),
    (3, _look_up_addresses_and_keep_time_stamps),
    (4, _write_everything_in_one_form),
    (5, _keep_drafts),
    (6, _know_what_was_left_out),
    (7, _look_up_ids_of_others),
    (8, _look_up_merged_claims),
)
