"""Writing to a shared registry: events, of which the database itself makes the records.

What was put is held until there is much of it or the transaction ends, and is seen by the transaction's own reading.
"""

from __future__ import annotations

import hashlib
import json
from typing import TYPE_CHECKING

from claimreg.characters import may_be_unfit, refuse_unfit, unfit_characters
from claimreg.codec import from_document, to_document
from claimreg.errors import WithheldError
from claimreg.frozen import replace
from claimreg.model import Change, Event, Link, Record, RecordT, record_number, record_type_of
from claimreg.store.chain import GENESIS, canonical, new_salt, sealed_text
from claimreg.store.port import SealedText, Writer
from claimreg.store.postgres.faults import faults_told
from claimreg.store.postgres.reading import Narrowed, PostgresReader

if TYPE_CHECKING:
    from collections.abc import Iterator

    import psycopg

    from claimreg.store.postgres.location import Location

_MOST_HELD = 1_000
"""Events that are held before they are sent."""


class PostgresWriter(PostgresReader, Writer):
    """Writer inside the open transaction; ``head`` is where the history stood when it began."""

    def __init__(
        self, connection: psycopg.Connection, location: Location, change: Change, head: tuple[int, str], *, sees_withheld: bool = False
    ) -> None:
        super().__init__(connection, location, sees_withheld=sees_withheld)
        self.change = change
        self._tail = head
        self._group = head[0] + 1
        self._is_fit = unfit_characters(change.user) is None
        self._last_number: dict[type[Record], int] = {}
        self._unused: set[str] = set()
        self._events: list[str] = []
        self._held: dict[tuple[type[Record], int], str] = {}
        self._blobs: dict[str, bytes] = {}

    @property
    def tail(self) -> tuple[int, str]:
        """The number and the hash of the last event of this transaction, or of the one before."""
        return self._tail

    def new_id(self, record_type: type[RecordT]) -> str:
        number = self._last_number.get(record_type)
        if number is None:
            with faults_told(self._location.shown):
                self.send()
                number = self._rows(f"SELECT {self._schema}.last_number(%s)", record_type.PREFIX)[0][0]
        self._last_number[record_type] = number + 1
        record_id = f"{record_type.PREFIX}{number + 1}"
        self._unused.add(record_id)
        return record_id

    def put(self, record: RecordT) -> RecordT:
        record_type = type(record)
        number = record_number(record.id)
        after = canonical(to_document(record))
        if may_be_unfit(after) or not self._is_fit:
            refuse_unfit(record, self.change, self.get)
        with faults_told(self._location.shown):
            before = self._before(record_type, record.id, number)
            if isinstance(before, SealedText):
                self._amend(record, before)
            elif before != after:
                self._held[record_type, number] = after
                self._add_event(record.id, before, after)
        return record

    def put_blob(self, content: bytes) -> str:
        sha256 = hashlib.sha256(content).hexdigest()
        if sha256 not in self._blobs:
            with faults_told(self._location.shown):
                self._connection.execute(f"SELECT {self._schema}.put_blob(%s, %b)".encode(), (sha256, content))
            self._blobs[sha256] = b""
        return sha256

    def history(self, object_id: str | None = None, *, after: int = 0) -> Iterator[Event]:
        with faults_told(self._location.shown):
            self.send()
        return super().history(object_id, after=after)

    def ids(self, record_type: type[RecordT]) -> Iterator[str]:
        self._send_told()
        return super().ids(record_type)

    def stored(self, record_type: type[RecordT]) -> Iterator[tuple[str, str]]:
        self._send_told()
        return super().stored(record_type)

    def head(self) -> tuple[int, str]:
        return self._tail

    def send(self) -> None:
        """Send the events that are held; raises what psycopg raises."""
        if self._events:
            self._connection.execute(f"INSERT INTO {self._schema}.events (event) SELECT unnest(%s::text[])".encode(), (self._events,))
            self._events.clear()
            self._held.clear()

    def _send_told(self) -> None:
        with faults_told(self._location.shown):
            self.send()

    def _text(self, record_type: type[Record], number: int) -> str | None:
        held = self._held.get((record_type, number))
        return held if held is not None else super()._text(record_type, number)

    def _texts(self, record_type: type[Record], by: Narrowed | None, *, newest_first: bool = False) -> Iterator[tuple[int, str]]:
        self.send()
        return super()._texts(record_type, by, newest_first=newest_first)

    def _before(self, record_type: type[Record], record_id: str, number: int) -> str | None:
        """The record's document as it is stored; ids given out a moment ago have none."""
        if record_id in self._unused:
            self._unused.discard(record_id)
            return None
        if highest := self._last_number.get(record_type):
            self._last_number[record_type] = max(number, highest)
        return self._text(record_type, number)

    def _amend(self, record: Record, told: str) -> None:
        """Decide on a link of a withheld source, or withdraw what belongs to one, unseen; raises `WithheldError` for any other change."""
        there = from_document(type(record), json.loads(told))
        if record == there:
            return
        state = getattr(record, "state", None) if isinstance(record, Link) else None
        if record != replace(there, removed_at=record.removed_at, **({"state": state} if state is not None else {})):
            raise WithheldError(f"{record.id} is of a withheld source, which you may not see, so it was not changed; ask a keeper of it.")
        self.send()
        change = self.change
        ((seq, own),) = self._rows(
            f"SELECT seq, hash FROM {self._schema}.amend(%s, %s, %s, %s, %s, %s, %s)",
            record.id, change.user, change.at, change.action, self._group, state, record.removed_at,
        )  # fmt: skip
        self._tail = seq, own

    def _add_event(self, object_id: str, before: str | None, after: str) -> None:
        assert record_type_of(object_id) is not None  # noqa: S101 -- ids are made here
        seq, previous = self._tail
        text, own = sealed_text(
            seq + 1, self.change, object_id, before or "null", after, previous or GENESIS, salt=new_salt(), group=self._group
        )
        self._events.append(text)
        self._tail = seq + 1, own
        if len(self._events) >= _MOST_HELD:
            self.send()
