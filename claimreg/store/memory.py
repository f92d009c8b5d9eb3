"""A store in memory: for trying things out, for tests, and the reference that other adapters are held against."""

from __future__ import annotations

import hashlib
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from claimreg.characters import refuse_unfit
from claimreg.codec import from_document, to_document
from claimreg.errors import DamagedRegistryError, StoreError
from claimreg.model import Change, Document, Event, Record, RecordT, record_number
from claimreg.store.chain import GENESIS, canonical, event_text, new_salt, sealed
from claimreg.store.port import EVERYTHING, AllOf, BlobCheck, Condition, Equals, GramIndex, OneOf, Reader, SegmentStore, Store, Writer

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from contextlib import AbstractContextManager
    from pathlib import Path

    from claimreg.store.port import Changes, Replay


@dataclass
class _State:
    tables: dict[type[Record], dict[int, Document]] = field(default_factory=dict)
    counters: dict[type[Record], int] = field(default_factory=dict)
    events: list[Event] = field(default_factory=list)
    blobs: dict[str, bytes] = field(default_factory=dict)
    indexes: dict[tuple[type[Record], str], dict[object, set[int]]] = field(default_factory=dict)
    """The numbers of records by the value of a field, for each field that was asked for."""

    def numbers(self, record_type: type[Record], condition: Condition) -> Iterable[int]:
        """The numbers of the records that may pass a condition."""
        for one in condition.conditions if isinstance(condition, AllOf) else (condition,):
            if isinstance(one, Equals | OneOf):
                values = one.values if isinstance(one, OneOf) else (one.value,)
                return set().union(*(self._index(record_type, one.field).get(value, ()) for value in values))
        return self.tables.get(record_type, {})

    def put(self, record_type: type[Record], number: int, document: Document) -> None:
        """Keep a document."""
        documents = self.tables.setdefault(record_type, {})
        for (of, name), index in self.indexes.items():
            if of is record_type:
                if number in documents:
                    index[_value(documents[number], name)].discard(number)
                index.setdefault(_value(document, name), set()).add(number)
        documents[number] = document

    def _index(self, record_type: type[Record], name: str) -> dict[object, set[int]]:
        if (record_type, name) not in self.indexes:
            index = self.indexes[record_type, name] = {}
            for number, document in self.tables.get(record_type, {}).items():
                index.setdefault(_value(document, name), set()).add(number)
        return self.indexes[record_type, name]

    def copy(self) -> _State:
        # Documents are never changed in place, so copying the tables that hold them is enough.
        tables = {record_type: dict(documents) for record_type, documents in self.tables.items()}
        return _State(tables, dict(self.counters), list(self.events), dict(self.blobs))


def _value(document: Document, name: str) -> object:
    """A field's value as it is looked up by; lists and objects are not."""
    value = document.get(name)
    return ... if isinstance(value, list | dict) else value


class _View(Reader):
    """Reader of one state."""

    def __init__(self, state: _State) -> None:
        self._state = state

    def get(self, record_type: type[RecordT], record_id: str) -> RecordT | None:
        document = self._state.tables.get(record_type, {}).get(record_number(record_id))
        return from_document(record_type, document) if document is not None else None

    def find(
        self, record_type: type[RecordT], condition: Condition = EVERYTHING, *, withdrawn: bool = False, newest_first: bool = False
    ) -> Iterator[RecordT]:
        documents = self._state.tables.get(record_type, {})
        for number in sorted(self._state.numbers(record_type, condition), reverse=newest_first):
            document = documents[number]
            if (withdrawn or document["removed_at"] is None) and condition.matches(document):
                yield from_document(record_type, document)

    def ids(self, record_type: type[RecordT]) -> Iterator[str]:
        return (f"{record_type.PREFIX}{number}" for number in sorted(self._state.tables.get(record_type, {})))

    def stored(self, record_type: type[RecordT]) -> Iterator[tuple[str, str]]:
        for number, document in sorted(self._state.tables.get(record_type, {}).items()):
            yield f"{record_type.PREFIX}{number}", canonical(document)

    def history(self, object_id: str | None = None, *, after: int = 0) -> Iterator[Event]:
        return (event for event in self._state.events[after:] if object_id in (None, event.object_id))

    def head(self) -> tuple[int, str]:
        events = self._state.events
        return (events[-1].seq, events[-1].hash) if events else (0, "")

    def blob(self, sha256: str) -> bytes:
        try:
            return self._state.blobs[sha256]
        except KeyError:
            raise DamagedRegistryError(f"The registry holds no bytes with the SHA-256 {sha256}; restore it from a backup.") from None


class _Transaction(_View, Writer):
    """Writer of a state of its own, which becomes the store's when the transaction ends."""

    def __init__(self, state: _State, change: Change) -> None:
        super().__init__(state)
        self.change = change
        self._group = len(state.events) + 1

    def new_id(self, record_type: type[RecordT]) -> str:
        number = self._state.counters.get(record_type, 0) + 1
        self._state.counters[record_type] = number
        return f"{record_type.PREFIX}{number}"

    def put(self, record: RecordT) -> RecordT:
        refuse_unfit(record, self.change, self.get)
        number = record_number(record.id)
        before, after = self._state.tables.get(type(record), {}).get(number), to_document(record)
        if before != after:
            self._state.put(type(record), number, after)
            self._state.counters[type(record)] = max(number, self._state.counters.get(type(record), 0))
            events = self._state.events
            previous = events[-1].hash if events else GENESIS
            events.append(sealed(len(events) + 1, self.change, record.id, before, after, previous, salt=new_salt(), group=self._group))
        return record

    def put_blob(self, content: bytes) -> str:
        sha256 = hashlib.sha256(content).hexdigest()
        self._state.blobs.setdefault(sha256, content)
        return sha256


class MemoryStore(_View, Store):
    """A store that forgets everything when the process ends."""

    location = "memory:"

    def __init__(self) -> None:
        super().__init__(_State())

    def stored_text(self, record_type: type[RecordT], record_id: str) -> str | None:
        document = self._state.tables.get(record_type, {}).get(record_number(record_id))
        return canonical(document) if document is not None else None

    def stored_history(self) -> Iterator[tuple[int, str]]:
        return ((event.seq, event_text(event)) for event in self._state.events)

    @contextmanager
    def write(self, change: Change) -> Iterator[Writer]:
        state = self._state.copy()
        yield _Transaction(state, change)
        self._state = state

    @contextmanager
    def snapshot(self) -> Iterator[Reader]:
        yield _View(self._state)

    def database_users(self) -> Iterator[tuple[int, str]]:
        return iter(())

    def blob_ids(self) -> Iterator[str]:
        return iter(sorted(self._state.blobs))

    def replay(self) -> AbstractContextManager[Replay]:
        raise StoreError("A registry in memory takes in no other; give a folder.")

    def changes(self) -> Changes:
        from claimreg.store.changes import LookedFor

        return LookedFor(self)

    def segments(self, *, whole: bool = False) -> SegmentStore | None:
        del whole
        return None

    def gram_index(self) -> GramIndex | None:
        return None

    def word_index(self) -> GramIndex | None:
        return None

    def integrity(self) -> Iterator[str]:
        return iter(())

    def check_blobs(self) -> Iterator[BlobCheck]:
        from claimreg.store.blob_check import check_content

        for sha256, content in sorted(self._state.blobs.items()):
            yield check_content(sha256, content)

    def backup(self, folder: Path) -> None:
        raise StoreError(f"A registry in memory cannot be copied to {folder}; work in a folder with --db.")

    def compact(self) -> list[str]:
        return []

    def size(self) -> int:
        return sum(map(len, self._state.blobs.values()))

    def close(self) -> None:
        """Nothing is open."""
