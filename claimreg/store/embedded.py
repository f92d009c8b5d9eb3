"""The embedded store: a folder with a TinyDB registry in it (over SQLite) and the captured bytes beside it.

``registry.db`` holds the records and their history, ``captures/`` the bytes, ``README`` says whose folder it is.
"""

from __future__ import annotations

import os
from contextlib import contextmanager, suppress
from functools import reduce
from operator import and_, or_
from typing import TYPE_CHECKING, cast

from tinydb import where
from tinydb.queries import QueryInstance

from claimreg import model
from claimreg.characters import may_be_unfit, refuse_unfit, unfit_characters
from claimreg.codec import event_from_document, from_document, to_document
from claimreg.errors import DamagedRegistryError, StoreError
from claimreg.files import flush_folder, undone_on_failure
from claimreg.model import Change, Event, Record, RecordT, record_number
from claimreg.store.blobs import BlobFolder, StagedBlobs
from claimreg.store.chain import GENESIS, canonical, new_salt, sealed_text
from claimreg.store.faults import faults_told
from claimreg.store.indexed import INDEXED
from claimreg.store.layout import DATABASE, check_folder, checked_version, make_folder, refuse_programs, write_readme
from claimreg.store.opening import Opened, open_for_reading, open_for_writing
from claimreg.store.port import EVERYTHING, AllOf, AnyOf, Condition, Contains, Equals, OneOf, Reader, Store, Writer
from claimreg.store.tinydb_sqlite.narrowing import narrow

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from claimreg.store.port import BlobCheck, Changes, GramIndex, Replay, SegmentStore
    from claimreg.store.tinydb_sqlite import SQLiteDB, SQLiteTable

_TABLES: dict[type[Record], str] = {
    model.Claim: "claims",
    model.Party: "parties",
    model.Alias: "aliases",
    model.Attribution: "attributions",
    model.Source: "sources",
    model.Capture: "captures",
    model.Link: "links",
    model.Draft: "drafts",
    model.Verdict: "verdicts",
    model.Relation: "relations",
    model.TimeStamp: "timestamps",
}
RECORDS = {record_type: (table, INDEXED[record_type]) for record_type, table in _TABLES.items()}
"""The table of each type of record, and the fields that it has an index of."""

HISTORY = "history"
TABLES = {**dict(RECORDS.values()), HISTORY: ("object_id",)}


class _EmbeddedReader(Reader):
    """Reader through TinyDB's tables."""

    def __init__(self, database: SQLiteDB, blobs: BlobFolder, folder: Path) -> None:
        self._database = database
        self._tables: dict[type[Record], SQLiteTable] = {}
        self._blobs = blobs
        self._folder = folder

    def get(self, record_type: type[RecordT], record_id: str) -> RecordT | None:
        with faults_told(self._folder):
            document = self._table(record_type).get(doc_id=record_number(record_id))
            return from_document(record_type, document) if document is not None else None

    def find(
        self, record_type: type[RecordT], condition: Condition = EVERYTHING, *, withdrawn: bool = False, newest_first: bool = False
    ) -> Iterator[RecordT]:
        query = _query(condition)
        if not withdrawn:
            live: QueryInstance = where("removed_at") == None  # noqa: E711 -- TinyDB's query language
            query = live if query is None else query & live
        with faults_told(self._folder):
            # As the table's `stream`, without making each document one of TinyDB's own.
            narrowed = narrow(query) if query is not None else None
            for _number, document in self._table(record_type).documents.select(narrowed, newest_first=newest_first):
                if query is None or query(document):
                    yield from_document(record_type, document)

    def ids(self, record_type: type[RecordT]) -> Iterator[str]:
        with faults_told(self._folder):
            for number in self._table(record_type).documents:
                yield f"{record_type.PREFIX}{number}"

    def stored(self, record_type: type[RecordT]) -> Iterator[tuple[str, str]]:
        with faults_told(self._folder):
            for number, text in self._table(record_type).documents.texts():
                yield f"{record_type.PREFIX}{number}", text

    def stored_text(self, record_type: type[RecordT], record_id: str) -> str | None:
        with faults_told(self._folder):
            return self._table(record_type).documents.text(record_number(record_id))

    def stored_history(self) -> Iterator[tuple[int, str]]:
        with faults_told(self._folder):
            yield from self._database.table(HISTORY).documents.texts()

    def history(self, object_id: str | None = None, *, after: int = 0) -> Iterator[Event]:
        query = where("object_id") == object_id if object_id is not None else None
        with faults_told(self._folder):
            for document in self._database.table(HISTORY).stream(query, after=after):
                yield event_from_document(document)

    def head(self) -> tuple[int, str]:
        with faults_told(self._folder):
            if (last := next(self._database.table(HISTORY).stream(newest_first=True), None)) is None:
                return 0, ""
            event = event_from_document(last)
            return event.seq, event.hash

    def blob(self, sha256: str) -> bytes:
        return self._blobs.read(sha256)

    def _table(self, record_type: type[Record]) -> SQLiteTable:
        if record_type not in self._tables:
            self._tables[record_type] = self._database.table(RECORDS[record_type][0])
        return self._tables[record_type]


class _EmbeddedWriter(_EmbeddedReader, Writer):
    """Writer inside the open transaction."""

    def __init__(self, database: SQLiteDB, blobs: BlobFolder, folder: Path, change: Change) -> None:
        super().__init__(database, blobs, folder)
        self.change = change
        self._last_number: dict[type[Record], int] = {}
        self._unused: set[str] = set()
        self._is_fit = unfit_characters(change.user) is None
        self.staged = StagedBlobs(blobs)
        self._tail: tuple[int, str] | None = None
        self._group = 0
        self._history = database.table(HISTORY)

    def new_id(self, record_type: type[RecordT]) -> str:
        number = self._last_number.get(record_type)
        if number is None:
            number = self._table(record_type).documents.next_id() - 1
        self._last_number[record_type] = number + 1
        record_id = f"{record_type.PREFIX}{number + 1}"
        self._unused.add(record_id)
        return record_id

    def put(self, record: RecordT) -> RecordT:
        record_type = type(record)
        table = self._table(record_type)
        number = record_number(record.id)
        after = canonical(to_document(record))
        if may_be_unfit(after) or not self._is_fit:
            refuse_unfit(record, self.change, self.get)
        before = self._stored(table, record_type, record.id, number)
        if before != after:
            table.put_json(number, after)
            self._record_event(record.id, before, after)
        return record

    def _stored(self, table: SQLiteTable, record_type: type[Record], record_id: str, number: int) -> str | None:
        """The record's document as it is stored; ids given out a moment ago have none."""
        if record_id in self._unused:
            self._unused.discard(record_id)
            return None
        if highest := self._last_number.get(record_type):
            self._last_number[record_type] = max(number, highest)
        document = table.get(doc_id=number)
        return canonical(dict(document)) if document is not None else None

    def put_blob(self, content: bytes) -> str:
        return self.staged.add(content)

    def blob(self, sha256: str) -> bytes:
        return self.staged.read(sha256)

    def _record_event(self, object_id: str, before: str | None, after: str) -> None:
        seq, previous = self._tail or self.head()
        self._group = self._group or seq + 1
        text, own = sealed_text(
            seq + 1, self.change, object_id, before or "null", after, previous or GENESIS, salt=new_salt(), group=self._group
        )
        self._history.put_json(seq + 1, text)
        self._tail = seq + 1, own


class EmbeddedStore(_EmbeddedReader, Store):
    """A registry in a folder of its own.

    ``create`` makes the folder and an empty registry where there is none; ``wait`` is how many seconds to wait while another
    process writes. A registry that is there is opened for reading, which changes no byte of it; the first `write` opens it
    for writing. Raises `StoreError` and its kin with a sentence that says what is wrong with the folder.
    """

    def __init__(self, folder: Path, *, create: bool = True, wait: float = 10.0) -> None:
        self.location = str(folder)
        self._wait = wait
        self._opened: list[Opened] = []
        self._is_writable = False
        if not os.path.exists(folder):  # noqa: PTH110 -- this one raises nothing
            from claimreg.store.restoring import finish_restoring

            finish_restoring(folder)
        check_folder(folder)
        there = (folder / DATABASE).exists()
        if not there and not create:
            raise StoreError(f"There is no registry in {folder}; `claimreg init` makes one.")
        super().__init__(self._read(folder) if there else self._made(folder), BlobFolder(folder / "captures"), folder)

    def _read(self, folder: Path) -> SQLiteDB:
        with faults_told(folder):
            opened = open_for_reading(folder, TABLES, self._wait)
            if checked_version(opened.database, folder) == 0 and os.access(folder, os.W_OK):
                # A command that was to make it was cut off.
                opened.close()
                return self._made(folder)
        self._opened.append(opened)
        return opened.database

    def _made(self, folder: Path) -> SQLiteDB:
        make_folder(folder)
        with faults_told(folder):
            database = open_for_writing(folder, TABLES, self._wait)
        self._opened.append(Opened(database))
        self._is_writable = True
        write_readme(folder)
        for one in (folder, folder.parent):
            flush_folder(one)
        return database

    def _open_for_writing(self) -> None:
        if self._is_writable:
            return
        with faults_told(self._folder):
            self._database = open_for_writing(self._folder, TABLES, self._wait)
        # What is being read goes on being read where it was opened.
        self._opened.append(Opened(self._database))
        self._tables.clear()
        self._is_writable = True
        write_readme(self._folder)

    @contextmanager
    def write(self, change: Change) -> Iterator[Writer]:
        self._open_for_writing()
        with faults_told(self._folder), self._database.transaction():
            refuse_programs(self._database.sqlite.connection, self._folder)
            writer = _EmbeddedWriter(self._database, self._blobs, self._folder, change)
            with undone_on_failure(writer.staged.undo):
                yield writer
                # Evidence is on the disk before the record that names it.
                writer.staged.keep()
        # What a large transaction touched is not needed by the next one; many in a row take no more memory than one.
        self._database.sqlite.connection.execute("PRAGMA shrink_memory")

    @contextmanager
    def snapshot(self) -> Iterator[Reader]:
        with faults_told(self._folder), self._database.transaction(write=False):
            yield self

    def database_users(self) -> Iterator[tuple[int, str]]:
        from claimreg.store.database_users import read_runs, up_to

        # What is wrong with the file is told by `integrity`.
        with suppress(DamagedRegistryError):
            for run in up_to(read_runs(self._folder), self.head()[0]):
                yield from ((number, run.user) for number in range(run.first, run.last + 1))

    def blob_ids(self) -> Iterator[str]:
        return self._blobs.ids()

    @contextmanager
    def replay(self) -> Iterator[Replay]:
        from claimreg.store.folder_replay import FolderReplay

        self._open_for_writing()
        with faults_told(self._folder), self._database.transaction():
            refuse_programs(self._database.sqlite.connection, self._folder)
            staged = StagedBlobs(self._blobs)
            replay = FolderReplay(self._database, self._folder, staged, _TABLES, self.head())
            with undone_on_failure(staged.undo):
                yield replay
                staged.keep()
                replay.keep_users()

    def changes(self) -> Changes:
        from claimreg.store.changes import LookedFor

        return LookedFor(self)

    def segments(self, *, whole: bool = False) -> SegmentStore | None:
        from claimreg.store.segments import SegmentFolder

        try:
            return SegmentFolder(self._folder / ".cache" / "claims", whole=whole)
        except OSError:
            # A folder that may not be written to does without.
            return None

    def gram_index(self) -> GramIndex | None:
        return self._text_index("grams")

    def word_index(self) -> GramIndex | None:
        return self._text_index("words")

    def _text_index(self, name: str) -> GramIndex | None:
        from claimreg.store.gram_index import LetterGroupIndex
        from claimreg.store.segments import SegmentFolder

        try:
            return LetterGroupIndex(SegmentFolder(self._folder / ".cache" / name))
        except OSError:
            # As above.
            return None

    def integrity(self) -> Iterator[str]:
        from claimreg.store.maintenance import file_faults

        return file_faults(self._database, self._folder, TABLES)

    def check_blobs(self) -> Iterator[BlobCheck]:
        from claimreg.store.blob_check import check_folder as checked

        try:
            return checked(self._blobs.folder)
        except OSError as error:
            raise StoreError(f"The captures in {self._folder} cannot be listed: {error.strerror}.") from error

    def backup(self, folder: Path) -> None:
        from claimreg.store.maintenance import copy_registry

        copy_registry(self._database, self._blobs, self._folder, folder)

    def compact(self) -> list[str]:
        from claimreg.store.leftovers import remove_leftovers

        self._open_for_writing()
        # While we hold the write lock nobody else keeps captures.
        with faults_told(self._folder), self._database.transaction():
            removed = remove_leftovers(self._folder)
        with faults_told(self._folder):
            self._database.sqlite.connection.execute("VACUUM")
            self._database.sqlite.connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        return removed

    def size(self) -> int:
        return sum(path.stat().st_size for path in self._folder.rglob("*") if path.is_file())

    def close(self) -> None:
        for opened in self._opened:
            opened.close()


def _query(condition: Condition) -> QueryInstance | None:
    """A condition in TinyDB's query language; ``None`` when everything passes."""
    match condition:
        case Equals(field, value):
            return cast("QueryInstance", where(field) == value)
        case OneOf(field, values):
            # A set is asked once a document, whatever its size.
            return where(field).one_of(cast("list[str]", frozenset(values)))
        case Contains(field, item):
            return where(field).any([item])
        case AllOf(conditions):
            parts = [part for part in map(_query, conditions) if part is not None]
            return reduce(and_, parts) if parts else None
        case AnyOf(conditions):
            choices = [_query(part) or where("id").exists() for part in conditions]
            # One condition that no index helps with would have the whole table read for all.
            return cast("QueryInstance", reduce(or_, choices) if choices else where("id") == "")
        case _:
            return QueryInstance(condition.matches, None)
