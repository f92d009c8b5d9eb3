"""Writing to a shared registry: events, of which the database itself makes the records.

What was put is held until there is much of it or the transaction ends, and is seen by the transaction's own reading.
"""

from __future__ import annotations

import hashlib
import json
from heapq import merge
from typing import TYPE_CHECKING

import psycopg

from claimreg.characters import may_be_unfit, refuse_unfit, unfit_characters
from claimreg.codec import event_from_document, from_document, to_document
from claimreg.errors import WithheldError
from claimreg.frozen import replace
from claimreg.model import RECORD_TYPES, Change, Event, Link, Record, RecordT, record_number, record_type_of
from claimreg.store.chain import GENESIS, canonical, new_salt, sealed_text
from claimreg.store.port import AllOf, Condition, Equals, SealedText, Wanted, Writer
from claimreg.store.postgres.busy import busy
from claimreg.store.postgres.committing import commit
from claimreg.store.postgres.faults import faults_told
from claimreg.store.postgres.held import HeldRecords
from claimreg.store.postgres.messages import Statement
from claimreg.store.postgres.reading import KeepingReader

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from claimreg.store.postgres.location import Location
    from claimreg.store.postgres.messages import Messages
    from claimreg.store.postgres.reading import Rows

_MOST_HELD = 1_000
_MOST_TEXT = 2**22
"""Events, and code points of them, that are held before they are sent."""

_POINTING = frozenset(("claim_id", "other_claim_id", "party_id", "attribution_id", "source_id", "merged_into", "anchored_from"))
"""Indexed fields that hold ids of records."""


def begin_writing(messages: Messages, location: Location, change: Change, wait: float, *, sees_withheld: bool) -> PostgresWriter:
    """Begin a transaction in which nobody else writes; ``wait`` is for how many seconds to wait for that. Raises what psycopg raises."""
    schema, kinds = location.schema, ",".join(one.PREFIX for one in RECORD_TYPES)
    try:
        *_begun, head, numbers = messages.send(
            Statement("BEGIN"),
            Statement(f"SET LOCAL lock_timeout = {int(wait * 1000)}"),
            Statement(f"SELECT {schema}.lock_writing()"),
            Statement(f"SELECT seq, hash FROM {schema}.head()"),
            Statement(f"SELECT kind, {schema}.last_number(kind) FROM unnest(CAST('{{{kinds}}}' AS \"char\"[])) AS kind"),
        )
    except psycopg.errors.LockNotAvailable:
        messages.end("ROLLBACK")
        raise busy(messages, location, wait) from None
    last = dict(numbers)
    given_out = {one: last[one.PREFIX] for one in RECORD_TYPES}
    return PostgresWriter(messages, location, change, head[0] if head else (0, ""), given_out, sees_withheld=sees_withheld)


class PostgresWriter(KeepingReader, Writer):
    """Writer inside the open transaction; ``head`` and the last ``numbers`` given out are where the registry stood when it began."""

    def __init__(
        self,
        messages: Messages,
        location: Location,
        change: Change,
        head: tuple[int, str],
        numbers: dict[type[Record], int],
        *,
        sees_withheld: bool = False,
    ) -> None:
        super().__init__(messages, location, sees_withheld=sees_withheld)
        self.change = change
        self._tail = head
        self._group = head[0] + 1
        self._is_fit = unfit_characters(change.user) is None
        self._last_number = numbers
        self._sent_number = dict(numbers)
        self._unused: set[str] = set()
        self._events: list[str] = []
        self._size = 0
        self._held = HeldRecords()
        self._blobs: set[str] = set()

    @property
    def tail(self) -> tuple[int, str]:
        """The number and the hash of the last event of this transaction, or of the one before."""
        return self._tail

    def new_id(self, record_type: type[RecordT]) -> str:
        self._last_number[record_type] += 1
        record_id = f"{record_type.PREFIX}{self._last_number[record_type]}"
        self._unused.add(record_id)
        return record_id

    def put(self, record: RecordT) -> RecordT:
        record_type = type(record)
        number = record_number(record.id)
        document = to_document(record)
        after = canonical(document)
        if may_be_unfit(after) or not self._is_fit:
            refuse_unfit(record, self.change, self.get)
        with faults_told(self._location.shown):
            before = self._before(record_type, record.id, number)
            if isinstance(before, SealedText):
                self._amend(record, number, before)
            elif before != after:
                self._held.put(record_type, number, document, after)
                self._add_event(record.id, before, after)
        return record

    def put_blob(self, content: bytes) -> str:
        sha256 = hashlib.sha256(content).hexdigest()
        if sha256 not in self._blobs:
            with faults_told(self._location.shown):
                self._messages.send(Statement(f"SELECT {self._schema}.put_blob(%s, %b)", (sha256, content)))
            self._blobs.add(sha256)
        return sha256

    def history(self, object_id: str | None = None, *, after: int = 0) -> Iterator[Event]:
        if object_id is None and after >= self._tail[0] - len(self._events):
            held = self._events[after - self._tail[0] :] if after < self._tail[0] else []
            return (event_from_document(json.loads(text)) for text in held)
        self._send_told()
        return super().history(object_id, after=after)

    def ids(self, record_type: type[RecordT]) -> Iterator[str]:
        self._send_told()
        return super().ids(record_type)

    def event_hash(self, seq: int) -> str | None:
        self._send_told()
        return super().event_hash(seq)

    def head(self) -> tuple[int, str]:
        return self._tail

    def commit(self) -> bool:
        """Send what is held, and end the transaction; see `claimreg.store.postgres.committing.commit`."""
        return commit(self._messages, self._inserts(), self._location, self._tail)

    def _send(self) -> None:
        if inserts := self._inserts():
            self._messages.send(*inserts)

    def _send_told(self) -> None:
        with faults_told(self._location.shown):
            self._send()

    def _inserts(self) -> list[Statement]:
        """The statement that sends the events that are held, which it holds no longer."""
        if not self._events:
            return []
        statement = Statement(f"INSERT INTO {self._schema}.events (event) SELECT unnest(%s::text[])", (self._events,))
        self._sent_number = dict(self._last_number)
        # What the server told of is no longer so; what it is told now is known.
        self._answers.clear()
        for record_type, number, text in self._held.texts():
            self._keep([(number, text)])
            self._known[record_type, number] = text
        self._held.clear()
        self._events, self._size = [], 0
        return [statement]

    def _text(self, record_type: type[Record], number: int) -> str | None:
        held = self._held.text(record_type, number)
        return held if held is not None else super()._text(record_type, number)

    def _texts(self, record_type: type[Record], condition: Condition, *, newest_first: bool = False) -> Iterator[tuple[int, str]]:
        held = self._held.found(record_type, condition)
        stored = iter(()) if self._is_of_new(condition) else super()._texts(record_type, condition, newest_first=newest_first)
        rows = self._with_held(record_type, stored, held)
        if not held:
            return rows
        own = sorted(held.items(), reverse=newest_first)
        return merge(rows, own, key=lambda row: row[0], reverse=newest_first)

    def _gathered(self, wanted: Sequence[Wanted]) -> list[Rows]:
        found = []
        for one, rows in zip(wanted, super()._gathered(wanted), strict=True):
            held = self._held.wanted(one)
            sent = [(number, text) for number, text in rows if self._held.text(one.record_type, number) is None]
            found.append(sorted([*sent, *held.items()]))
        return found

    def _with_held(self, record_type: type[Record], stored: Iterator[tuple[int, str]], held: dict[int, str]) -> Iterator[tuple[int, str]]:
        """Texts that are stored, as they are held by now, but for what is among ``held`` anyway."""
        for number, text in stored:
            if number not in held:
                own = self._held.text(record_type, number)
                yield number, text if own is None else own

    def _is_of_new(self, condition: Condition) -> bool:
        """Return whether a condition asks for what points to a record of which the server knows nothing yet."""
        if isinstance(condition, AllOf):
            return any(map(self._is_of_new, condition.conditions))
        if not isinstance(condition, Equals) or condition.field not in _POINTING or not isinstance(condition.value, str):
            return False
        record_type = record_type_of(condition.value)
        return record_type is not None and record_number(condition.value) > self._sent_number[record_type]

    def _before(self, record_type: type[Record], record_id: str, number: int) -> str | None:
        """The record's document as it is stored; ids given out a moment ago have none."""
        if record_id in self._unused:
            self._unused.discard(record_id)
            return None
        self._last_number[record_type] = max(number, self._last_number[record_type])
        return self._text(record_type, number)

    def _amend(self, record: Record, number: int, told: str) -> None:
        """Decide on a link of a withheld source, or withdraw what belongs to one, unseen; raises `WithheldError` for any other change."""
        there = from_document(type(record), json.loads(told))
        if record == there:
            return
        state = getattr(record, "state", None) if isinstance(record, Link) else None
        if record != replace(there, removed_at=record.removed_at, **({"state": state} if state is not None else {})):
            raise WithheldError(f"{record.id} is of a withheld source, which you may not see, so it was not changed; ask a keeper of it.")
        self._send()
        change = self.change
        ((seq, own),) = self._rows(
            f"SELECT seq, hash FROM {self._schema}.amend(%s, %s, %s, %s, %s, %s, %s)",
            record.id, change.user, change.at, change.action, self._group, state, record.removed_at,
        )  # fmt: skip
        self._tail = seq, own
        self._answers.clear()
        self._known.pop((type(record), number), None)

    def _add_event(self, object_id: str, before: str | None, after: str) -> None:
        assert record_type_of(object_id) is not None  # noqa: S101 -- ids are made here
        seq, previous = self._tail
        text, own = sealed_text(
            seq + 1, self.change, object_id, before or "null", after, previous or GENESIS, salt=new_salt(), group=self._group
        )
        self._events.append(text)
        self._size += len(text)
        self._tail = seq + 1, own
        if len(self._events) >= _MOST_HELD or self._size >= _MOST_TEXT:
            self._send()
