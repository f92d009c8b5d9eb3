"""Taking back what a person decided: the history tells what was, so nothing else need be kept, and a restart forgets nothing."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeAlias

from claimreg.codec import from_document, to_document
from claimreg.errors import ChangedMeanwhileError
from claimreg.frozen import replace
from claimreg.model import Alias, Attribution, Claim, Document, Event, Party, Record, record_type_of
from claimreg.services.history import newest_first
from claimreg.services.recording.claims import hanging_on

if TYPE_CHECKING:
    from collections.abc import Iterator

    from claimreg.store.port import Reader, Writer

DECIDED = "review"
"""The action of one decision: one record is put."""

EDITED = "review edit"
"""The action of a decision that puts an attribution first and its links after it."""

ACCEPTED = "review draft"
"""The action of a decision that makes records of a draft: all that its transaction put."""

UNDONE = "review undo"


Decision: TypeAlias = "tuple[Event, ...]"
"""One decision: the events that it made, in their order."""


def last_decision(reader: Reader, user: str, object_id: str | None = None) -> Decision:
    """A user's last decision that still stands, of all or on one record; empty where there is none.

    One that was undone, or after which somebody else changed the same record, does not stand.
    """
    for decision in _decisions(reader, user):
        if object_id in (None, *(event.object_id for event in decision)) and _stands(reader, decision, user):
            return decision
    return ()


def undo(writer: Writer, decision: Decision) -> tuple[Record, ...]:
    """Restore everything as it was before a decision; what it made is withdrawn, and stays in the history.

    A claim or a party that it made and that other records speak of by now stays. Raises `ChangedMeanwhileError` where the decision
    does not stand any more.
    """
    if not _stands(writer, decision, writer.change.user):
        raise ChangedMeanwhileError("What you decided was changed by somebody else since; nothing was undone.")
    needed = _needed_elsewhere(writer, decision)
    return tuple(writer.put(_before(event, writer.change.at)) for event in reversed(decision) if event.object_id not in needed)


def _needed_elsewhere(reader: Reader, decision: Decision) -> set[str]:
    """The ids of claims and parties that a decision made, with their names, which records of other transactions speak of."""
    own = {event.object_id for event in decision}
    needed: set[str] = set()
    for event in decision:
        record_type = record_type_of(event.object_id)
        record = reader.get(record_type, event.object_id) if record_type in (Claim, Party) and event.before is None else None
        if record is not None and any(one.id not in own for one in hanging_on(reader, record)):
            needed.add(record.id)
    names = (event for event in decision if (event.after or {}).get("party_id") in needed)
    return needed | {event.object_id for event in names if record_type_of(event.object_id) is Alias}


def _before(event: Event, at: str) -> Record:
    record_type = record_type_of(event.object_id)
    document = event.before if event.before is not None else event.after
    assert record_type is not None and document is not None  # noqa: S101, PT018 -- for the type checker: decisions erase nothing
    record = from_document(record_type, document)
    return record if event.before is not None else replace(record, removed_at=at)


def _decisions(reader: Reader, user: str) -> Iterator[Decision]:
    """The user's decisions, the last one first."""
    later: list[Event] = []
    for event in newest_first(reader):
        if event.user != user:
            continue
        if event.action == DECIDED:
            yield (event,)
        elif event.action == ACCEPTED:
            later.append(event)
            if event.seq == event.group:
                yield tuple(reversed(later))
                later = []
        elif event.action == EDITED:
            later.append(event)
            if record_type_of(event.object_id) is Attribution:
                yield tuple(reversed(later))
                later = []


def _stands(reader: Reader, decision: Decision, user: str) -> bool:
    return all(_holds(reader, event, user) for event in decision)


def _holds(reader: Reader, event: Event, user: str) -> bool:
    """Return whether a record is as an event left it, and nobody else changed it since."""
    record_type = record_type_of(event.object_id)
    record = reader.get(record_type, event.object_id) if record_type is not None else None
    if record is None or event.after is None:
        return False
    if _decided(to_document(record)) != _decided(to_document(from_document(type(record), event.after))):
        return False
    own = (DECIDED, EDITED, ACCEPTED, UNDONE)
    later = (one for one in reader.history(event.object_id, after=event.seq) if _decided(one.before) != _decided(one.after))
    return all(one.user == user and one.action in own for one in later)


def _decided(document: Document | None) -> Document | None:
    """A record's document without what a machine notes in it by itself."""
    return {name: value for name, value in document.items() if name != "looked"} if document is not None else None
