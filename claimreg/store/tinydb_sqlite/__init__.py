"""TinyDB's API on SQLite's durability: a `Storage` and `Table` pair for any TinyDB program.

Stock TinyDB keeps one JSON file and rewrites it whole at each change. This pair keeps one SQLite table per
TinyDB table, a row per document, and hands updaters a mapping that reads and writes only the documents they touch::

    from claimreg.store.tinydb_sqlite import SQLiteDB

    with SQLiteDB("people.db") as db:
        db.table("people").create_index("name")
        db.table("people").insert({"name": "Ada", "born": 1815})
        with db.transaction():                      # all or nothing, over every table
            db.table("people").update({"born": 1816}, where("name") == "Ada")
            db.table("log").insert({"what": "corrected"})

Each change is a transaction of its own unless one is open. `Query` objects work as ever; equality, ``one_of``, ranges
and their and/or on top-level fields are narrowed by SQLite (through an index where there is one), and whatever
SQLite hands back is still tested by the Query itself, so that the narrowing can never change a result.

Known differences from stock TinyDB, each on purpose:

- ids are never used twice, not even after `remove` or `truncate`: an id in an old note must not come to mean something else;
- there is no query cache: another process may have written since;
- table names differ by more than case and do not begin with ``sqlite_`` (SQLite's own rule);
- documents must be JSON: lone surrogates, NaN and Infinity are refused before anything is written.

Seams used, all documented by TinyDB: `Storage`, `TinyDB.table_class`, `Table._read_table`, `Table._update_table`, `Table._get_next_id`.
"""

from __future__ import annotations

from claimreg.store.tinydb_sqlite.storage import DamagedDocumentError, SQLiteStorage
from claimreg.store.tinydb_sqlite.table import SQLiteDB, SQLiteTable

__all__ = ["DamagedDocumentError", "SQLiteDB", "SQLiteStorage", "SQLiteTable"]
