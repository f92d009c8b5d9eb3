"""TinyDB's table and database over the storage, each change in a transaction."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, cast

from tinydb.database import TinyDB
from tinydb.table import Document, Table

from claimreg.store.tinydb_sqlite.narrowing import field_expression, narrow
from claimreg.store.tinydb_sqlite.storage import SQLiteStorage, TableDocuments, put_statement, quoted

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping
    from contextlib import AbstractContextManager

    from tinydb.queries import QueryLike


def create_index(table: str, field: str) -> str:
    """The statement that makes the index of a field, as SQLite keeps it."""
    return f"CREATE INDEX {quoted(f'{table}.{field}')} ON {quoted(table)} ({field_expression(field)})"


class SQLiteTable(Table):
    """A TinyDB table over `SQLiteStorage`."""

    default_query_cache_capacity = 0

    def __init__(self, storage: SQLiteStorage, name: str, cache_size: int = 0, persist_empty: bool = False) -> None:  # noqa: ARG002, FBT001, FBT002 -- TinyDB's own signature
        if name.lower().startswith("sqlite_"):
            raise ValueError(f"a table cannot be named {name!r}: SQLite keeps names that begin with 'sqlite_' for itself")
        self._sqlite = storage
        self._put = put_statement(name)
        super().__init__(storage, name, cache_size=0, persist_empty=persist_empty)

    @property
    def documents(self) -> TableDocuments:
        """The table's documents by their ids, read when they are asked for."""
        return self._sqlite.documents(self.name)

    def create_index(self, field: str) -> None:
        """Make look-ups by a top-level field quick; does nothing where the index exists."""
        with self._sqlite.transaction():
            self._sqlite.ensure_table(self.name)
            self._sqlite.connection.execute(create_index(self.name, field).replace("CREATE INDEX", "CREATE INDEX IF NOT EXISTS", 1))

    def insert(self, document: Mapping[str, Any]) -> int:
        """Insert a document; returns its id."""
        with self._sqlite.transaction():
            return super().insert(document)

    def insert_multiple(self, documents: Iterable[Mapping[str, Any]]) -> list[int]:
        """Insert documents, all or none; returns their ids."""
        with self._sqlite.transaction():
            return super().insert_multiple(documents)

    def upsert(self, document: Mapping[str, Any], cond: QueryLike | None = None) -> list[int]:
        """Update the documents that match or have the document's id; insert it when there is none."""
        with self._sqlite.transaction():
            return super().upsert(document, cond)

    def search(self, cond: QueryLike) -> list[Document]:
        """All documents that match."""
        return list(self.stream(cond))

    def stream(self, cond: QueryLike | None = None, *, newest_first: bool = False, after: int = 0) -> Iterator[Document]:
        """The documents that match and have an id greater than ``after``, in the order of ids, read as they are asked for."""
        narrowed = narrow(cond) if cond is not None else None
        for doc_id, document in self.documents.select(narrowed, newest_first=newest_first, after=after):
            if cond is None or cond(document):
                yield self.document_class(document, self.document_id_class(doc_id))

    def get(self, cond: QueryLike | None = None, doc_id: int | None = None, doc_ids: list[int] | None = None) -> Any:
        """The document with this id, the documents with these ids, or the first that matches."""
        if doc_id is not None:
            return next(iter(self._by_ids((doc_id,))), None)
        if doc_ids is not None:
            return self._by_ids(sorted(set(doc_ids)))
        if cond is None:
            raise RuntimeError("get needs a condition, an id or ids")
        return next(self.stream(cond), None)

    def _by_ids(self, ids: Iterable[object]) -> list[Document]:
        documents = self.documents
        # TinyDB may be asked for anything as an id; what is no whole number is the id of no document.
        wanted = (one for one in ids if isinstance(one, int) and one in documents)
        return [self.document_class(documents[one], one) for one in wanted]

    def put(self, document: Document) -> None:
        """Store a document under its own id, new or in place of the one there."""
        self._sqlite.ensure_table(self.name)
        self.documents[document.doc_id] = document

    def put_json(self, doc_id: int, text: str) -> None:
        """Put a document that is JSON text already."""
        self._sqlite.ensure_table(self.name)
        self._sqlite.connection.execute(self._put, (doc_id, text))

    def update(self, fields: Any, cond: QueryLike | None = None, doc_ids: Iterable[int] | None = None) -> list[int]:
        """Set fields of, or call a function on, the documents that match; returns their ids."""
        with self._sqlite.transaction():
            if cond is not None and doc_ids is None:
                doc_ids = [document.doc_id for document in self.stream(cond)]
            return super().update(fields, None if doc_ids is not None else cond, doc_ids)

    def remove(self, cond: QueryLike | None = None, doc_ids: Iterable[int] | None = None) -> list[int]:
        """Remove the documents that match; returns their ids."""
        with self._sqlite.transaction():
            if cond is not None and doc_ids is None:
                doc_ids = [document.doc_id for document in self.stream(cond)]
            return super().remove(None if doc_ids is not None else cond, doc_ids)

    def __iter__(self) -> Iterator[Document]:
        return self.stream()

    def _get_next_id(self) -> int:
        # Always asked anew: another process may have inserted since.
        return max(self.documents.next_id(), self._next_id or 0)

    def _read_table(self) -> dict[str, Mapping[str, Any]]:
        return cast("dict[str, Mapping[str, Any]]", self.documents)

    def _update_table(self, updater: Callable[[dict[int, Mapping[str, Any]]], None]) -> None:
        with self._sqlite.transaction():
            self._sqlite.ensure_table(self.name)
            documents = self.documents
            updater(cast("dict[int, Mapping[str, Any]]", documents))
            documents.flush()


class SQLiteDB(TinyDB):
    """TinyDB over a SQLite file: `SQLiteDB(path)` in place of `TinyDB(path)`."""

    table_class = SQLiteTable  # type: ignore[assignment]  # TinyDB annotates its seams as its own classes
    default_storage_class = SQLiteStorage  # type: ignore[assignment]  # as above

    @property
    def sqlite(self) -> SQLiteStorage:
        """The storage, for what TinyDB has no word for."""
        return cast("SQLiteStorage", self.storage)

    def table(self, name: str, **options: Any) -> SQLiteTable:
        """Access to one table, created when it is first written to."""
        return cast("SQLiteTable", super().table(name, **options))

    def transaction(self, *, write: bool = True) -> AbstractContextManager[None]:
        """One transaction over every table, see `SQLiteStorage.transaction`."""
        return self.sqlite.transaction(write=write)
