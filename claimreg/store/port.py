"""The port of the registry's store: what services ask of any store, and nothing that one store alone can do.

Conditions are values with two faces: `matches` tests a document in Python, and an adapter may translate them for its database.
Records are never deleted through the port; a record is withdrawn by putting it with ``removed_at`` set. Each `Writer.put` is
written to the history by the store itself, in the same transaction.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Protocol

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from contextlib import AbstractContextManager

    from claimreg.model import Change, Event, RecordT


class Condition(Protocol):
    """A test of a record's document."""

    def matches(self, document: Mapping[str, Any]) -> bool:
        """Whether the document passes."""
        ...


@dataclass(frozen=True, slots=True)
class Equals:
    """The field holds this value; ``None`` also where the field is missing."""

    field: str
    value: str | int | None

    def matches(self, document: Mapping[str, Any]) -> bool:
        """Whether the document passes."""
        return bool(document.get(self.field) == self.value)


@dataclass(frozen=True, slots=True)
class OneOf:
    """The field holds one of these values."""

    field: str
    values: tuple[str, ...]

    def matches(self, document: Mapping[str, Any]) -> bool:
        """Whether the document passes."""
        return document.get(self.field) in self.values


@dataclass(frozen=True, slots=True)
class Contains:
    """The field, a list, has this item."""

    field: str
    item: str

    def matches(self, document: Mapping[str, Any]) -> bool:
        """Whether the document passes."""
        return self.item in (document.get(self.field) or ())


@dataclass(frozen=True, slots=True)
class AllOf:
    """Every one of the conditions holds; with none, everything passes."""

    conditions: tuple[Condition, ...] = ()

    def matches(self, document: Mapping[str, Any]) -> bool:
        """Whether the document passes."""
        return all(condition.matches(document) for condition in self.conditions)


@dataclass(frozen=True, slots=True)
class AnyOf:
    """At least one of the conditions holds."""

    conditions: tuple[Condition, ...]

    def matches(self, document: Mapping[str, Any]) -> bool:
        """Whether the document passes."""
        return any(condition.matches(document) for condition in self.conditions)


EVERYTHING = AllOf()


class Reader(Protocol):
    """Reading; every method may raise `claimreg.errors.StoreError`."""

    def get(self, record_type: type[RecordT], record_id: str) -> RecordT | None:
        """The record with this id, withdrawn or not."""
        ...

    def find(
        self,
        record_type: type[RecordT],
        condition: Condition = EVERYTHING,
        *,
        withdrawn: bool = False,
        newest_first: bool = False,
    ) -> Iterator[RecordT]:
        """Stream the records that pass, in the order they were first recorded; withdrawn ones only when asked for."""
        ...

    def history(self, object_id: str | None = None) -> Iterator[Event]:
        """Stream the events, oldest first, of one record or of all."""
        ...

    def blob(self, sha256: str) -> bytes:
        """The bytes with this SHA-256."""
        ...


class Writer(Reader, Protocol):
    """Reading and writing inside one transaction; reads see what was written. ``change`` says who writes, when and why."""

    change: Change

    def new_id(self, record_type: type[RecordT]) -> str:
        """An id that no record of this type ever had."""
        ...

    def put(self, record: RecordT) -> RecordT:
        """Store the record, new or in place of the one with its id, with an event; an unchanged record makes none."""
        ...

    def put_blob(self, content: bytes) -> str:
        """Keep bytes under their SHA-256, which is returned; kept already, nothing is written."""
        ...


class Store(Reader, Protocol):
    """A registry's records, history and bytes."""

    location: str

    def write(self, change: Change) -> AbstractContextManager[Writer]:
        """One transaction: all of it is kept when the block ends, none when it raises."""
        ...

    def snapshot(self) -> AbstractContextManager[Reader]:
        """Reads that all see the same state, whatever others write meanwhile."""
        ...

    def close(self) -> None:
        """Let go of files and connections."""
        ...
