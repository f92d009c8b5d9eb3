"""The storage: SQLite tables of JSON documents, handed out as mappings that read what is asked for."""

from __future__ import annotations

import json
import sqlite3
import time
from collections.abc import Iterator, Mapping, MutableMapping
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any, cast

from tinydb.storages import Storage

if TYPE_CHECKING:
    from claimreg.store.tinydb_sqlite.narrowing import SQLCondition

_CACHE_KIB = 65_536
_PAUSE = 0.01


class SQLiteStorage(Storage):
    """A TinyDB storage that keeps documents as rows of a SQLite database.

    ``path`` is the database file or ``:memory:``; ``wait`` the seconds to wait for another process's write.
    ``reading`` opens a database that is there and refuses to write; it says how, as in a SQLite address: ``mode=ro``,
    ``immutable=1``, or ``mode=rw`` for one whose write-ahead log SQLite may have to make beside it.
    """

    def __init__(self, path: str | Path, *, wait: float = 10.0, reading: str | None = None) -> None:
        name = str(path)
        if name == ":memory:":
            self.connection = sqlite3.connect(name, timeout=wait, isolation_level=None)
        else:
            address = f"{Path(path).absolute().as_uri()}?{reading or 'mode=rwc'}"
            self.connection = sqlite3.connect(address, uri=True, timeout=wait, isolation_level=None)
        try:
            if reading:
                self.connection.execute("PRAGMA query_only=ON")
            else:
                _write_ahead(self.connection, wait)
                self.connection.execute("PRAGMA synchronous=FULL")
                # Room for the pages that a large transaction touches again and again; small ones never take it up.
                self.connection.execute(f"PRAGMA cache_size={-_CACHE_KIB}")
        except BaseException:
            self.connection.close()
            raise
        self._depth = 0
        self._known: set[str] = set()

    @contextmanager
    def transaction(self, *, write: bool = True) -> Iterator[None]:
        """Open a transaction: it is kept when the block ends, undone when it raises.

        With ``write=False`` it is a snapshot: all reads inside see the same state. An inner block joins the outer one.
        """
        if self._depth == 0:
            self.connection.execute("BEGIN IMMEDIATE" if write else "BEGIN")
        self._depth += 1
        try:
            yield
        except BaseException:
            self._depth -= 1
            if self._depth == 0:
                self._known.clear()
                if self.connection.in_transaction:
                    self.connection.execute("ROLLBACK")
            raise
        self._depth -= 1
        if self._depth == 0:
            try:
                self._commit()
            except sqlite3.Error:
                # A snapshot kept nothing; of a damaged database, what was read in it is still wanted.
                if write:
                    raise

    def _commit(self) -> None:
        try:
            self.connection.execute("COMMIT")
        except BaseException:
            self._known.clear()
            if self.connection.in_transaction:
                self.connection.execute("ROLLBACK")
            raise

    def read(self) -> dict[str, dict[str, Any]] | None:
        """All tables, as mappings that read documents when they are asked for; ``None`` when there is no table."""
        tables = {name: self.documents(name) for name in self.table_names()}
        return cast("dict[str, dict[str, Any]]", tables) or None

    def write(self, data: Mapping[str, Mapping[Any, Any]]) -> None:
        """Make the database hold just these tables; a mapping that `read` gave out stands for itself, unchanged."""
        with self.transaction():
            for name in self.table_names() - set(data):
                self.connection.execute(f"DROP TABLE {quoted(name)}")
                self._known.discard(name)
            for name, documents in data.items():
                if isinstance(documents, TableDocuments) and documents.stands_for(self, name):
                    continue
                self.ensure_table(name)
                self.connection.execute(f"DELETE FROM {quoted(name)}")
                rows = ((int(doc_id), encode(document)) for doc_id, document in documents.items())
                self.connection.executemany(f"INSERT INTO {quoted(name)} (id, doc) VALUES (?, ?)", rows)

    def close(self) -> None:
        """Close the connection."""
        self.connection.close()

    def table_names(self) -> set[str]:
        """The names of the tables that exist."""
        rows = self.connection.execute("SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite\\_%' ESCAPE '\\'")
        return {name for (name,) in rows}

    def has_table(self, name: str) -> bool:
        """Return whether the table exists; the answer is remembered, since tables hardly ever go."""
        if name not in self._known:
            query = "SELECT 1 FROM sqlite_master WHERE type = 'table' AND name = ?"
            if self.connection.execute(query, (name,)).fetchone() is None:
                return False
            self._known.add(name)
        return True

    def ensure_table(self, name: str) -> None:
        """Create the table unless it exists."""
        if not self.has_table(name):
            self.connection.execute(create_table(name).replace("CREATE TABLE", "CREATE TABLE IF NOT EXISTS", 1))
            self._known.add(name)

    def documents(self, name: str) -> TableDocuments:
        """The documents of a table, read when they are asked for."""
        return TableDocuments(self, name)


class TableDocuments(MutableMapping[Any, Any]):
    """A table as the mapping that TinyDB's updaters expect: keys are ids, values documents.

    Documents that were handed out may be changed in place; `flush` writes those that were.
    """

    def __init__(self, storage: SQLiteStorage, name: str) -> None:
        self._storage = storage
        self._name = name
        self._table = quoted(name)
        self._handed_out: dict[int, tuple[str, dict[str, Any]]] = {}

    def stands_for(self, storage: SQLiteStorage, name: str) -> bool:
        """Return whether this is that storage's table of that name."""
        return self._storage is storage and self._name == name

    def __getitem__(self, key: Any) -> dict[str, Any]:
        doc_id = int(key)
        if doc_id in self._handed_out:
            return self._handed_out[doc_id][1]
        if (row := self._row(f"SELECT doc FROM {self._table} WHERE id = ?", doc_id)) is None:
            raise KeyError(key)
        document = decode(row[0])
        self._handed_out[doc_id] = (row[0], document)
        return document

    def __setitem__(self, key: Any, document: Mapping[str, Any]) -> None:
        self._storage.ensure_table(self._name)
        self.put_json(int(key), encode(document))

    def put_json(self, doc_id: int, text: str) -> None:
        """Store a document that is JSON text already."""
        self._handed_out.pop(doc_id, None)
        self._storage.connection.execute(put_statement(self._name), (doc_id, text))

    def __delitem__(self, key: Any) -> None:
        self._handed_out.pop(int(key), None)
        if not self._storage.has_table(self._name):
            raise KeyError(key)
        cursor = self._storage.connection.execute(f"DELETE FROM {self._table} WHERE id = ?", (int(key),))
        if cursor.rowcount == 0:
            raise KeyError(key)

    def __contains__(self, key: object) -> bool:
        return self._row(f"SELECT 1 FROM {self._table} WHERE id = ?", int(cast("int", key))) is not None

    def __iter__(self) -> Iterator[int]:
        for (doc_id,) in self._rows(f"SELECT id FROM {self._table} ORDER BY id"):
            yield doc_id

    def __len__(self) -> int:
        (count,) = self._row(f"SELECT count(*) FROM {self._table}") or (0,)
        return cast("int", count)

    def clear(self) -> None:
        """Remove every document."""
        self._handed_out.clear()
        self._storage.ensure_table(self._name)
        self._storage.connection.execute(f"DELETE FROM {self._table}")

    def select(
        self, condition: SQLCondition | None = None, *, newest_first: bool = False, after: int = 0
    ) -> Iterator[tuple[int, dict[str, Any]]]:
        """Stream ids and documents in the order of ids, narrowed by a condition, one row in memory at a time."""
        expression, values = condition or ("TRUE", ())
        where = f"({expression}) AND id > ?" if after else expression
        order = "DESC" if newest_first else "ASC"
        query = f"SELECT id, doc FROM {self._table} WHERE {where} ORDER BY id {order}"
        for doc_id, text in self._rows(query, *values, *([after] if after else [])):
            yield doc_id, decode(text)

    def texts(self) -> Iterator[tuple[int, str]]:
        """Stream ids and the JSON text of documents, in the order of ids."""
        for doc_id, text in self._rows(f"SELECT id, doc FROM {self._table} ORDER BY id"):
            yield doc_id, str(text)

    def text(self, doc_id: int) -> str | None:
        """The JSON text of one document; ``None`` where there is none."""
        row = self._row(f"SELECT doc FROM {self._table} WHERE id = ?", doc_id)
        return str(row[0]) if row is not None else None

    def next_id(self) -> int:
        """An id that no document of the table ever had."""
        row = self._row("SELECT seq FROM sqlite_sequence WHERE name = ?", self._name)
        return cast("int", row[0]) + 1 if row else 1

    def _rows(self, query: str, *values: object) -> Iterator[tuple[Any, ...]]:
        """The rows that a query finds; none where there is no table yet."""
        return self._storage.connection.execute(query, values) if self._storage.has_table(self._name) else iter(())

    def _row(self, query: str, *values: object) -> tuple[Any, ...] | None:
        return next(self._rows(query, *values), None)

    def flush(self) -> None:
        """Write the documents that were changed in place."""
        for doc_id, (text, document) in self._handed_out.items():
            changed = encode(document)
            if changed != text:
                self._storage.connection.execute(f"UPDATE {self._table} SET doc = ? WHERE id = ?", (changed, doc_id))
        self._handed_out.clear()


class DamagedDocumentError(ValueError):
    """A table holds something that is no JSON object in a document's place."""


def decode(text: str) -> dict[str, Any]:
    """A document from its JSON text; raises `DamagedDocumentError`."""
    try:
        document, end = _DECODER.raw_decode(text)
        if end != len(text):
            document = json.loads(text)
    except (TypeError, ValueError, RecursionError) as error:
        raise DamagedDocumentError("a document is no JSON") from error
    if not isinstance(document, dict):
        raise DamagedDocumentError("a document is no JSON object")
    return document


def encode(document: Mapping[str, Any]) -> str:
    """A document as JSON text; raises `ValueError` for what JSON cannot hold; lone surrogates SQLite refuses."""
    return _ENCODER.encode(document)


def _as_object(value: object) -> dict[Any, Any]:
    if isinstance(value, Mapping):
        return dict(value)
    raise TypeError(f"{type(value).__name__} is nothing that JSON can hold")


_DECODER = json.JSONDecoder()
"""Reader of JSON that begins at once and ends a text, as ours does: what `json.loads` does beside takes as long again."""

_ENCODER = json.JSONEncoder(ensure_ascii=False, allow_nan=False, separators=(",", ":"), default=_as_object)


def create_table(name: str) -> str:
    """The statement that makes a table, as SQLite keeps it."""
    return f"CREATE TABLE {quoted(name)} (id INTEGER PRIMARY KEY AUTOINCREMENT, doc TEXT NOT NULL)"


def put_statement(name: str) -> str:
    """The statement that stores a document under an id, new or in place of the one there."""
    return f"INSERT INTO {quoted(name)} (id, doc) VALUES (?, ?) ON CONFLICT (id) DO UPDATE SET doc = excluded.doc"


def quoted(name: str) -> str:
    """A table's name as an SQL identifier."""
    return '"' + name.replace('"', '""') + '"'


def _write_ahead(connection: sqlite3.Connection, wait: float) -> None:
    """Set the journal's mode, which SQLite refuses at once, without waiting, while another process makes the same database."""
    until = time.monotonic() + wait
    while True:
        try:
            connection.execute("PRAGMA journal_mode=WAL")
        except sqlite3.OperationalError as error:
            if error.sqlite_errorcode & 0xFF != sqlite3.SQLITE_BUSY or time.monotonic() > until:
                raise
            time.sleep(_PAUSE)
        else:
            return
