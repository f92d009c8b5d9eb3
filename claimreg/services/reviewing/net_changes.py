"""Effects of a transaction on each record, whether they still stand, and which other records speak of what it made."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING, NamedTuple

from claimreg.codec import from_document, to_document
from claimreg.errors import CannotUndoError
from claimreg.frozen import replace
from claimreg.model import (
    Alias,
    Attribution,
    Capture,
    Claim,
    Draft,
    DraftState,
    Link,
    LinkState,
    Party,
    Record,
    Source,
    record_type_of,
)  # fmt: skip
from claimreg.services.reviewing.undo import UNDONE
from claimreg.store.chain import canonical

if TYPE_CHECKING:
    from collections.abc import Iterator

    from claimreg.model import Document, Event
    from claimreg.services.reviewing.past_transactions import PastTransaction
    from claimreg.store.port import Reader

_REFERENCES = (
    "claim_id", "other_claim_id", "party_id", "source_id", "capture_id", "attribution_id", "merged_into", "supersedes", "anchored_from",
    "nested_in",
)  # fmt: skip
"""Fields that name another record."""

_MACHINE = "looked"
"""The field that a machine notes in a record by itself."""


class Net(NamedTuple):
    """The effect of a transaction on a record: its document before, ``None`` for a new one, and the digest of the one after it."""

    before: Document | None
    after: bytes


class Nets:
    """The effects of a transaction on each record, and the records as they are now."""

    def __init__(self, changes: dict[str, Net], current: dict[str, Record]) -> None:
        self.changes = changes
        self.current = current
        self.made = {one for one, net in changes.items() if net.before is None}
        self.looked_for = {one for one, net in changes.items() if net.before is not None and self._before(one) == net.after}
        self.changed_since = {one for one, net in changes.items() if one not in self.looked_for and digest(current[one]) != net.after}
        self.back = {one for one in self.changed_since if self._is_back(one)}

    @property
    def are_back(self) -> bool:
        """Return whether every record is as it was before the transaction, but for notes that its quote was looked for."""
        return len(self.back) + len(self.looked_for) == len(self.changes)

    def _before(self, record_id: str) -> bytes:
        return digest(from_document(type(self.current[record_id]), self.changes[record_id].before or {}))

    def _is_back(self, record_id: str) -> bool:
        before, current = self.changes[record_id].before, self.current[record_id]
        if before is None:
            return current.removed_at is not None and digest(replace(current, removed_at=None)) == self.changes[record_id].after
        return self._before(record_id) == digest(current)

    def before(self, kept: set[str], at: str) -> Iterator[Record]:
        """The records as they were before; those that the transaction made are withdrawn at a time, but for those that are kept."""
        for record_id, net in self.changes.items():
            current = self.current[record_id]
            if record_id in kept or record_id in self.back:
                continue
            if record_id in self.looked_for and isinstance(current, Attribution):
                # Whatever else became of it since stays.
                yield replace(current, looked=from_document(Attribution, net.before or {}).looked)
            elif net.before is not None:
                yield from_document(type(current), net.before)
            elif current.removed_at is None and not self._goes_with_its_source(current, kept):
                yield replace(current, removed_at=at)

    def _goes_with_its_source(self, record: Record, kept: set[str]) -> bool:
        """Return whether a record is a capture of a source that goes: like `claimreg rm`, that leaves it where it is found again."""
        return isinstance(record, Capture) and record.source_id in self.made - kept


class Conflicts(NamedTuple):
    """Obstacles in the way of taking a transaction back: sentences that name it, and records that stay, or go along."""

    refused: list[str]
    kept: set[str]
    along: list[Record]


def nets_of(reader: Reader, transaction: PastTransaction) -> Nets:
    """The effects of a transaction on each record."""
    changes: dict[str, Net] = {}
    current: dict[str, Record] = {}
    for event in reader.history(after=transaction.first - 1):
        if event.seq > transaction.last:
            break
        record_type = record_type_of(event.object_id)
        record = reader.get(record_type, event.object_id) if record_type is not None else None
        if record is None or event.after is None:
            raise CannotUndoError(f"{event.object_id} is lost, so nothing was undone; `claimreg verify` tells more.")
        known = changes.get(event.object_id)
        changes[event.object_id] = Net(known.before if known else event.before, digest(from_document(type(record), event.after)))
        current[event.object_id] = record
    return Nets(changes, current)


def digest(record: Record) -> bytes:
    """A digest of what a record says, but for what a machine notes in it by itself."""
    return hashlib.sha256(canonical({**to_document(record), _MACHINE: None}).encode()).digest()


def conflicts_of(reader: Reader, transaction: PastTransaction, nets: Nets) -> Conflicts:
    """Find which records were changed since, or are spoken of by records that came later."""
    since: dict[str, Event] = {}
    speaking: dict[str, Event] = {}
    for event in reader.history(after=transaction.last):
        if event.object_id in nets.changes:
            if event.object_id in nets.changed_since and _says_other(event):
                since[event.object_id] = event
        elif any((event.after or {}).get(name) in nets.made for name in _REFERENCES):
            speaking[event.object_id] = event
    refused = [
        f"{record_id} was changed since{_by(since.get(record_id))}"
        for record_id in nets.changed_since
        if not (record_id in nets.back and _took_back(since.get(record_id)))
    ]
    found = Conflicts(refused, set(), [])
    may_stay = any(record_type_of(one) in (Claim, Attribution) for one in nets.made)
    for record_id, event in speaking.items():
        _weigh(reader, nets, record_id, event, found, may_stay=may_stay)
    _keep_what_belongs(nets, found.kept)
    return found


def _weigh(reader: Reader, nets: Nets, record_id: str, event: Event, found: Conflicts, *, may_stay: bool) -> None:
    """Note what a later record that speaks of a made one means: what only a machine proposed goes along, a source or party stays."""
    record_type = record_type_of(record_id)
    record = reader.get(record_type, record_id) if record_type is not None else None
    if record is None:
        return
    named = {value for name in _REFERENCES if (value := getattr(record, name, None)) in nets.made - nets.back}
    if not named or record.removed_at is not None:
        return
    if _is_only_proposed(record):
        found.along.append(record)
    elif may_stay and all(record_type_of(one) in (Party, Source, Capture) for one in named):
        found.kept.update(named)
    else:
        found.refused.append(f"{record_id}, recorded since, speaks of {', '.join(sorted(named))}{_by(event)}")


def _keep_what_belongs(nets: Nets, kept: set[str]) -> None:
    """Keep a party with its names, a source with its captures, and a capture with its source."""
    for record_id in nets.made:
        record = nets.current[record_id]
        if isinstance(record, Capture) and record_id in kept:
            kept.add(record.source_id)
    for record_id in nets.made:
        record = nets.current[record_id]
        if (isinstance(record, Alias) and record.party_id in kept) or (isinstance(record, Capture) and record.source_id in kept):
            kept.add(record_id)
    kept &= nets.made


def _is_only_proposed(record: Record) -> bool:
    if isinstance(record, Link):
        return record.state is LinkState.SUGGESTED
    return isinstance(record, Draft) and record.state is DraftState.PROPOSED


def _says_other(event: Event) -> bool:
    before, after = ({**(side or {}), _MACHINE: None} for side in (event.before, event.after))
    return before != after


def _took_back(event: Event | None) -> bool:
    return event is not None and (event.action == UNDONE or event.action.startswith("undo "))


def _by(event: Event | None) -> str:
    return f" ({event.user}, {event.at[:10]}, event {event.seq}: {event.action})" if event is not None else ""
