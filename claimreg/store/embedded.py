"""The embedded store: a folder with a TinyDB registry in it (over SQLite) and the captured bytes beside it.

``registry.db`` holds the records and their history, ``captures/`` the bytes, ``README`` says whose folder it is.
"""

from __future__ import annotations

from contextlib import AbstractContextManager, contextmanager
from functools import reduce
from operator import and_, or_
from typing import TYPE_CHECKING, cast

from tinydb import where
from tinydb.queries import QueryInstance
from tinydb.table import Document as TableDocument

from claimreg.errors import StoreError
from claimreg.model import (
    Alias,
    Attribution,
    Capture,
    Change,
    Claim,
    Document,
    Event,
    Link,
    Party,
    Record,
    RecordT,
    Relation,
    Source,
    Verdict,
    from_document,
    record_number,
    to_document,
)
from claimreg.store.blobs import BlobFolder
from claimreg.store.faults import faults_told
from claimreg.store.layout import DATABASE, check_folder, make_folder, prepare, write_readme
from claimreg.store.port import EVERYTHING, AllOf, AnyOf, Condition, Contains, Equals, OneOf, Reader, Writer
from claimreg.store.tinydb_sqlite import SQLiteDB, SQLiteTable

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

TABLES: dict[type[Record], str] = {
    Claim: "claims",
    Party: "parties",
    Alias: "aliases",
    Attribution: "attributions",
    Source: "sources",
    Capture: "captures",
    Link: "links",
    Verdict: "verdicts",
    Relation: "relations",
}
HISTORY = "history"
INDEXES: dict[str, tuple[str, ...]] = {
    "claims": ("case_key",),
    "aliases": ("party_id", "key", "skeleton"),
    "parties": ("merged_into",),
    "attributions": ("claim_id", "party_id", "source_id"),
    "sources": ("url",),
    "captures": ("source_id", "sha256"),
    "links": ("attribution_id", "source_id"),
    "verdicts": ("claim_id",),
    "relations": ("claim_id", "other_claim_id"),
    HISTORY: ("object_id",),
}


class _EmbeddedReader:
    """Reads through TinyDB's tables."""

    def __init__(self, database: SQLiteDB, blobs: BlobFolder, folder: Path) -> None:
        self._database = database
        self._blobs = blobs
        self._folder = folder

    def get(self, record_type: type[RecordT], record_id: str) -> RecordT | None:
        """See `claimreg.store.port.Reader.get`."""
        with faults_told(self._folder):
            document = self._table(record_type).get(doc_id=record_number(record_id))
            return from_document(record_type, document) if document is not None else None

    def find(
        self, record_type: type[RecordT], condition: Condition = EVERYTHING, *, withdrawn: bool = False, newest_first: bool = False
    ) -> Iterator[RecordT]:
        """See `claimreg.store.port.Reader.find`."""
        query = _query(condition)
        if not withdrawn:
            live: QueryInstance = where("removed_at") == None  # noqa: E711 -- TinyDB's query language
            query = live if query is None else query & live
        with faults_told(self._folder):
            for document in self._table(record_type).stream(query, newest_first=newest_first):
                yield from_document(record_type, document)

    def history(self, object_id: str | None = None) -> Iterator[Event]:
        """See `claimreg.store.port.Reader.history`."""
        query = where("object_id") == object_id if object_id is not None else None
        with faults_told(self._folder):
            for document in self._database.table(HISTORY).stream(query):
                yield Event.from_document(document)

    def blob(self, sha256: str) -> bytes:
        """See `claimreg.store.port.Reader.blob`."""
        return self._blobs.read(sha256)

    def _table(self, record_type: type[Record]) -> SQLiteTable:
        return self._database.table(TABLES[record_type])


class _EmbeddedWriter(_EmbeddedReader):
    """Reads and writes inside the open transaction."""

    def __init__(self, database: SQLiteDB, blobs: BlobFolder, folder: Path, change: Change) -> None:
        super().__init__(database, blobs, folder)
        self.change = change
        self._last_number: dict[type[Record], int] = {}
        self._new_blobs: list[str] = []

    def new_id(self, record_type: type[RecordT]) -> str:
        number = max(self._table(record_type).next_id(), self._last_number.get(record_type, 0) + 1)
        self._last_number[record_type] = number
        return f"{record_type.PREFIX}{number}"

    def put(self, record: RecordT) -> RecordT:
        table = self._table(type(record))
        number = record_number(record.id)
        before, after = table.get(doc_id=number), to_document(record)
        if before != after:
            table.put(TableDocument(after, number))
            self._record_event(record.id, before, after)
        return record

    def put_blob(self, content: bytes) -> str:
        sha256, is_new = self._blobs.write(content)
        if is_new:
            self._new_blobs.append(sha256)
        return sha256

    def undo_blobs(self) -> None:
        """Take back the bytes kept by this transaction; the write lock is still held, so nobody else counts on them."""
        for sha256 in self._new_blobs:
            self._blobs.forget(sha256)

    def _record_event(self, object_id: str, before: Document | None, after: Document) -> None:
        history = self._database.table(HISTORY)
        seq = history.next_id()
        event = Event.of(seq, self.change, object_id, dict(before) if before is not None else None, after)
        history.put(TableDocument({name: getattr(event, name) for name in Event.__slots__}, seq))


class EmbeddedStore(_EmbeddedReader):
    """A registry in a folder of its own.

    ``create`` makes the folder and an empty registry where there is none; ``wait`` is how many seconds to wait while another
    process writes. Raises `StoreError` and its kin with a sentence that says what is wrong with the folder.
    """

    def __init__(self, folder: Path, *, create: bool = True, wait: float = 10.0) -> None:
        self.location = str(folder)
        check_folder(folder)
        if create:
            make_folder(folder)
        elif not (folder / DATABASE).exists():
            raise StoreError(f"There is no registry in {folder}; `claimreg init` makes one.")
        with faults_told(folder):
            database = SQLiteDB(folder / DATABASE, wait=wait)
            try:
                prepare(database, folder, tables={**dict.fromkeys(TABLES.values(), ()), **INDEXES})
            except BaseException:
                database.close()
                raise
        write_readme(folder)
        super().__init__(database, BlobFolder(folder / "captures"), folder)

    @contextmanager
    def write(self, change: Change) -> Iterator[Writer]:
        """See `claimreg.store.port.Store.write`."""
        with faults_told(self._folder), self._database.transaction():
            writer = _EmbeddedWriter(self._database, self._blobs, self._folder, change)
            try:
                yield writer
            except BaseException:
                writer.undo_blobs()
                raise

    def snapshot(self) -> AbstractContextManager[Reader]:
        """See `claimreg.store.port.Store.snapshot`."""
        return self._snapshot()

    @contextmanager
    def _snapshot(self) -> Iterator[Reader]:
        with faults_told(self._folder), self._database.transaction(write=False):
            yield self

    def close(self) -> None:
        """See `claimreg.store.port.Store.close`."""
        self._database.close()


def _query(condition: Condition) -> QueryInstance | None:
    """A condition in TinyDB's query language; ``None`` when everything passes."""
    match condition:
        case Equals(field, value):
            return cast("QueryInstance", where(field) == value)
        case OneOf(field, values):
            return where(field).one_of(list(values))
        case Contains(field, item):
            return where(field).any([item])
        case AllOf(conditions):
            parts = [part for part in map(_query, conditions) if part is not None]
            return reduce(and_, parts) if parts else None
        case AnyOf(conditions):
            choices = [_query(part) or where("id").exists() for part in conditions]
            return cast("QueryInstance", reduce(or_, choices, where("id") == ""))
        case _:
            return QueryInstance(condition.matches, None)
