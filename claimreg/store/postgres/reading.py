"""Reading of a shared registry's records and history.

Rows come in pages, each by a statement of its own, so that nothing is held open on the server between two of them.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from claimreg.codec import event_from_document, from_document
from claimreg.errors import DamagedRegistryError
from claimreg.model import Event, Record, RecordT, record_number
from claimreg.store.chain import canonical
from claimreg.store.indexed import INDEXED
from claimreg.store.port import EVERYTHING, AllOf, AnyOf, Condition, Equals, OneOf, Reader, SealedText, Wanted
from claimreg.store.postgres.faults import faults_told
from claimreg.store.postgres.making import MAY_BE_SEALED, field_of

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from claimreg.store.postgres.location import Location
    from claimreg.store.postgres.messages import Messages

_FIRST_PAGE, _PAGE = 100, 2_000
"""Rows of the first page, as often no more are wanted, and of the others."""

_IDS_AT_ONCE = 20_000

_FEW = 4
"""Values of a field up to which the planner is left to find out how to look them up."""

_MOST_KEPT = 2**23
"""Code points of the texts that one transaction keeps beside what it gives; beyond, it forgets them and begins anew."""

_SIZE_OF_ANSWER = 100
"""Room that an answer takes beside its texts, in the same measure."""

_ANY = "ANY(ARRAY(SELECT unnest(%s::text[])))"
"""One of some texts. Where the planner sees many of them it expects so many rows that it reads the whole table: 300 ms rather than 10."""

_LAST = 2**63 - 1

Narrowed = tuple[str, list[object]]
"""A condition in SQL, with the values of its placeholders; whatever passes the condition passes it, too, and some that do not."""

Rows = list[tuple[int, str]]
"""Numbers and documents of records, in order."""


class PostgresReader(Reader):
    """Reader over one connection; ``sees_withheld`` says that its user may see withheld sources as they were recorded."""

    def __init__(self, messages: Messages, location: Location, *, sees_withheld: bool = False) -> None:
        self._messages = messages
        self._location = location
        self._schema = location.schema
        self.sees_withheld = sees_withheld

    def _records_seen(self, record_type: type[Record], *, by_field: bool = False) -> str:
        """The table or view of the records of a type as the user may see them, to walk through by id, or to find them by a field."""
        if not self.sees_withheld or record_type not in MAY_BE_SEALED:
            return f"{self._schema}.records"
        return f"{self._schema}.{'found_records' if by_field else 'whole_records'}"

    @property
    def _events_seen(self) -> str:
        """The table or view of the events, as far as the user may see them."""
        return f"{self._schema}.{'whole_events' if self.sees_withheld else 'events'}"

    def get(self, record_type: type[RecordT], record_id: str) -> RecordT | None:
        with faults_told(self._location.shown):
            text = self._text(record_type, record_number(record_id))
            return from_document(record_type, json.loads(text)) if text is not None else None

    def find(
        self, record_type: type[RecordT], condition: Condition = EVERYTHING, *, withdrawn: bool = False, newest_first: bool = False
    ) -> Iterator[RecordT]:
        with faults_told(self._location.shown):
            for _number, text in self._texts(record_type, condition, newest_first=newest_first):
                document = json.loads(text)
                if (withdrawn or document["removed_at"] is None) and condition.matches(document):
                    yield from_document(record_type, document)

    def gather(self, *wanted: Wanted) -> list[list[Record]]:
        with faults_told(self._location.shown):
            return [
                [from_document(one.record_type, json.loads(text)) for _number, text in rows]
                for one, rows in zip(wanted, self._gathered(wanted), strict=True)
            ]

    def ids(self, record_type: type[RecordT]) -> Iterator[str]:
        last = 0
        with faults_told(self._location.shown):
            while True:
                rows = self._rows(
                    f"SELECT id FROM {self._schema}.records WHERE kind = %s AND id > %s ORDER BY id LIMIT %s",
                    record_type.PREFIX, last, _IDS_AT_ONCE,
                )  # fmt: skip
                yield from (f"{record_type.PREFIX}{number}" for (number,) in rows)
                if len(rows) < _IDS_AT_ONCE:
                    return
                last = rows[-1][0]

    def stored(self, record_type: type[RecordT]) -> Iterator[tuple[str, str]]:
        with faults_told(self._location.shown):
            for number, text in self._texts(record_type, EVERYTHING):
                yield f"{record_type.PREFIX}{number}", text

    def stored_text(self, record_type: type[RecordT], record_id: str) -> str | None:
        """The document of one record as it is stored, unread; ``None`` where there is none."""
        with faults_told(self._location.shown):
            return self._text(record_type, record_number(record_id))

    def stored_history(self) -> Iterator[tuple[int, str]]:
        """All events as they are stored, unread: the number that each is kept under, and its document as JSON."""
        with faults_told(self._location.shown):
            yield from self._event_texts(None, 0)

    def database_users(self) -> Iterator[tuple[int, str]]:
        """Events' numbers, each with who the database knew to have recorded it; see the port."""
        after = 0
        with faults_told(self._location.shown):
            while True:
                rows = self._rows(
                    f"SELECT seq, db_user FROM {self._schema}.events WHERE seq > %s ORDER BY seq LIMIT %s", after, _IDS_AT_ONCE
                )
                yield from ((seq, user) for seq, user in rows if user)
                if len(rows) < _IDS_AT_ONCE:
                    return
                after = rows[-1][0]

    def blob_ids(self) -> Iterator[str]:
        """The SHA-256 of everything that is kept as bytes, in their order."""
        after = ""
        with faults_told(self._location.shown):
            while True:
                rows = self._rows(
                    f"SELECT sha256 FROM {self._schema}.blobs WHERE sha256 > %s ORDER BY sha256 LIMIT %s", after, _IDS_AT_ONCE
                )
                yield from (sha256 for (sha256,) in rows)
                if len(rows) < _IDS_AT_ONCE:
                    return
                after = rows[-1][0]

    def history(self, object_id: str | None = None, *, after: int = 0) -> Iterator[Event]:
        with faults_told(self._location.shown):
            for _seq, text in self._event_texts(object_id, after):
                yield event_from_document(json.loads(text))

    def event_hash(self, seq: int) -> str | None:
        with faults_told(self._location.shown):
            rows = self._rows(f"SELECT hash FROM {self._schema}.events WHERE seq = %s", seq)
            return rows[0][0] if rows else None

    def head(self) -> tuple[int, str]:
        with faults_told(self._location.shown):
            rows = self._rows(f"SELECT seq, hash FROM {self._schema}.head()")
            return (rows[0][0], rows[0][1]) if rows else (0, "")

    def blob(self, sha256: str) -> bytes:
        with faults_told(self._location.shown):
            content = self._messages.content(f"SELECT content FROM {self._schema}.blobs WHERE sha256 = %s", sha256)
        if content is None:
            raise DamagedRegistryError(f"The registry holds no bytes with the SHA-256 {sha256}; restore it from a backup.")
        import hashlib

        if hashlib.sha256(content).hexdigest() != sha256:
            raise DamagedRegistryError(
                f"The bytes with the SHA-256 {sha256} were changed since they were recorded; restore them from a backup."
            )
        return content

    def _text(self, record_type: type[Record], number: int) -> str | None:
        seen = self._records_seen(record_type)
        rows = self._rows(f"SELECT doc, sealed FROM {seen} WHERE kind = %s AND id = %s", record_type.PREFIX, number)
        return _marked(*rows[0]) if rows else None

    def _texts(self, record_type: type[Record], condition: Condition, *, newest_first: bool = False) -> Iterator[tuple[int, str]]:
        """The numbers and documents of the records that pass a condition, and perhaps of others."""
        if (wanted := _many(record_type, condition)) is not None:
            yield from self._texts_of_many(wanted, newest_first=newest_first)
            return
        by = narrowed(record_type, condition)
        last, page = (_LAST if newest_first else 0), _FIRST_PAGE
        while True:
            rows = self._page(record_type, by, last, page, newest_first=newest_first)
            yield from rows
            if len(rows) < page:
                return
            last, page = rows[-1][0], _PAGE

    def _texts_of_many(self, wanted: Wanted, *, newest_first: bool) -> Iterator[tuple[int, str]]:
        """The numbers and documents of the records that a wish with many values is for."""
        looked_up, values = self._looked_up(wanted, "id")
        numbers = [number for (number,) in self._rows(f"SELECT id FROM {looked_up}", *values)]
        numbers.sort(reverse=newest_first)
        for begin in range(0, len(numbers), _PAGE):
            ids = tuple(f"{wanted.record_type.PREFIX}{number}" for number in numbers[begin : begin + _PAGE])
            (rows,) = PostgresReader._gathered(self, [Wanted(wanted.record_type, "id", ids)])
            yield from reversed(rows) if newest_first else rows

    def _page(self, record_type: type[Record], by: Narrowed | None, last: int, size: int, *, newest_first: bool) -> Rows:
        sign, order = ("<", " DESC") if newest_first else (">", "")
        # Without `+ 0` the planner may walk all ids in their order rather than use the field's index.
        where, values, by_id = (f" AND {by[0]}", by[1], "id + 0") if by is not None else ("", [], "id")
        seen = self._records_seen(record_type, by_field=by is not None)
        rows = self._rows(
            f"SELECT id, doc, sealed FROM {seen} WHERE kind = %s AND id {sign} %s{where} ORDER BY {by_id}{order} LIMIT %s",
            record_type.PREFIX, last, *values, size,
        )  # fmt: skip
        return [(number, _marked(text, sealed)) for number, text, sealed in rows]

    def _gathered(self, wanted: Sequence[Wanted]) -> list[Rows]:
        """The rows for each wish, all by one statement."""
        found: list[Rows] = [[] for _ in wanted]
        parts, values = [], []
        for place, one in enumerate(wanted):
            if one.values:
                looked_up, asked = self._looked_up(one, "id, doc, sealed")
                parts.append(f"SELECT {place}, id, doc, sealed FROM {looked_up}")
                values += asked
        for place, number, text, sealed in self._rows(" UNION ALL ".join(parts), *values) if parts else ():
            found[place].append((number, _marked(text, sealed)))
        return [sorted(rows) for rows in found]

    def _looked_up(self, wanted: Wanted, columns: str) -> Narrowed:
        """Records that a wish finds, as a table in SQL, each value looked up by itself.

        The planner, which does not know that a field has few records of each value, would else read all of them for many values.
        """
        field, kind = ("id", "bigint") if wanted.field == "id" else (field_of(wanted.field), "text")
        values = [record_number(one) if wanted.field == "id" else canonical(one) for one in dict.fromkeys(wanted.values)]
        seen = self._records_seen(wanted.record_type, by_field=wanted.field != "id")
        if len(values) == 1:
            return f"{seen} WHERE kind = %s AND {field} = %s", [wanted.record_type.PREFIX, values[0]]
        # `OFFSET 0` keeps the planner from making one question of the many.
        each = f"SELECT {columns} FROM {seen} WHERE kind = %s AND {field} = v.value OFFSET 0"
        return f"unnest(%s::{kind}[]) AS v (value), LATERAL ({each}) AS r", [values, wanted.record_type.PREFIX]

    def _event_texts(self, object_id: str | None, after: int) -> Iterator[tuple[int, str]]:
        of_object, values = (" AND object_id = %s", [object_id]) if object_id is not None else ("", [])
        page = _FIRST_PAGE
        while True:
            rows = self._rows(
                f"SELECT seq, event, sealed FROM {self._events_seen} WHERE seq > %s{of_object} ORDER BY seq LIMIT %s", after, *values, page
            )
            yield from ((seq, _marked(text, sealed)) for seq, text, sealed in rows)
            if len(rows) < page:
                return
            after, page = rows[-1][0], _PAGE

    def _rows(self, statement: str, *values: object) -> list[tuple[Any, ...]]:
        return self._messages.rows(statement, *values)


class KeepingReader(PostgresReader):
    """Reader inside one transaction, in which nobody else changes what it sees: it asks the same question once.

    It keeps records by id, and the answers to questions by a field, as long as they are not much.
    """

    def __init__(self, messages: Messages, location: Location, *, sees_withheld: bool = False) -> None:
        super().__init__(messages, location, sees_withheld=sees_withheld)
        self._known: dict[tuple[type[Record], int], str | None] = {}
        self._answers: dict[tuple[object, ...] | None, Rows] = {}
        self._kept = 0

    def _text(self, record_type: type[Record], number: int) -> str | None:
        key = (record_type, number)
        if key not in self._known:
            text = super()._text(record_type, number)
            self._keep([(number, text or "")])
            self._known[key] = text
        return self._known[key]

    def _page(self, record_type: type[Record], by: Narrowed | None, last: int, size: int, *, newest_first: bool) -> Rows:
        if by is None or size != _FIRST_PAGE:
            return super()._page(record_type, by, last, size, newest_first=newest_first)
        key = (record_type, by[0], *map(str, by[1]), last)
        if key not in self._answers:
            rows = super()._page(record_type, by, last, size, newest_first=newest_first)
            self._keep(rows)
            self._answers[key] = rows
            self._known.update(((record_type, number), text) for number, text in rows)
        return self._answers[key]

    def _gathered(self, wanted: Sequence[Wanted]) -> list[Rows]:
        keys = [_key_of(one) for one in wanted]
        if all(key in self._answers for key in keys):
            return [list(self._answers[key]) for key in keys if key is not None]
        found = super()._gathered(wanted)
        for one, key, rows in zip(wanted, keys, found, strict=True):
            self._keep(rows)
            self._known.update(((one.record_type, number), text) for number, text in rows)
            if key is not None and len(rows) < _FIRST_PAGE:
                self._answers[key] = rows
        return found

    def _keep(self, rows: Rows) -> None:
        """Make room for rows that are to be kept."""
        self._kept += _SIZE_OF_ANSWER + sum(len(text) for _number, text in rows)
        if self._kept > _MOST_KEPT:
            self._known.clear()
            self._answers.clear()
            self._kept = 0


def _equal(field: str, value: str | int) -> Narrowed:
    return f"{field_of(field)} = %s", [canonical(value)]


def _many(record_type: type[Record], condition: Condition) -> Wanted | None:
    """The wish that a condition comes to, or is narrower than, where it names many values of an indexed field."""
    match condition:
        case OneOf(field, values) if field in INDEXED[record_type] and len(set(values)) > _FEW:
            return Wanted(record_type, field, values)
        case AllOf(conditions):
            return next((found for one in conditions if (found := _many(record_type, one)) is not None), None)
        case _:
            return None


def _key_of(wanted: Wanted) -> tuple[object, ...] | None:
    """The key of the answer to a wish for one value, the same as that of the question for it."""
    if len(wanted.values) != 1 or wanted.field not in INDEXED[wanted.record_type]:
        return None
    where, values = _equal(wanted.field, wanted.values[0])
    return (wanted.record_type, where, *map(str, values), 0)


def _marked(text: str | None, sealed: bool) -> str:  # noqa: FBT001 -- a row's columns
    # What is sealed, and was taken away from where it is kept, is told as damage, as a text that is nothing.
    return SealedText(text or "") if sealed else text or ""


def narrowed(record_type: type[Record], condition: Condition) -> Narrowed | None:
    """A condition in SQL, as far as an index helps with it; ``None`` where none does."""
    match condition:
        case Equals(field, value) if field in INDEXED[record_type] and value is not None:
            return _equal(field, value)
        case OneOf(field, values) if field in INDEXED[record_type]:
            return f"{field_of(field)} = {_ANY}", [[canonical(value) for value in values]]
        case AllOf(conditions):
            parts = [part for part in (narrowed(record_type, one) for one in conditions) if part is not None]
            return _joined(" AND ", parts) if parts else None
        case AnyOf(conditions):
            choices = [narrowed(record_type, one) for one in conditions]
            parts = [part for part in choices if part is not None]
            return _joined(" OR ", parts) if choices and len(parts) == len(choices) else None
        case _:
            return None


def _joined(word: str, parts: list[Narrowed]) -> Narrowed:
    return f"({word.join(part[0] for part in parts)})", [value for part in parts for value in part[1]]
