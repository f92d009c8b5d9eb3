"""The history as a chain: each event carries the SHA-256 of the one before and its own, so that no change goes unseen.

An event's hash is taken over its JSON without the field ``hash``: keys sorted, no white space, UTF-8. Any program can check it.
Each event has a random salt, so that its hash can be shown without what it says being guessed from it; those of older
registries have none.
"""

from __future__ import annotations

import json
import os
from functools import lru_cache
from typing import TYPE_CHECKING, NamedTuple

from claimreg.model import EVENT_FIELDS, Change, Document, Event

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

_CANONICAL = json.JSONEncoder(ensure_ascii=False, allow_nan=False, sort_keys=True, separators=(",", ":"), check_circular=False)

GENESIS = "0" * 64
"""What the first event carries as the hash of the one before."""


def canonical(value: object) -> str:
    """JSON with sorted keys and no white space: the same value is always the same text."""
    return _CANONICAL.encode(value)


def new_salt() -> str:
    """A salt that nobody can guess: 128 bits, in hexadecimal digits."""
    return os.urandom(16).hex()


def sealed(
    seq: int, change: Change, object_id: str, before: Document | None, after: Document | None, previous: str, *, salt: str = ""
) -> Event:
    """The event of one record's change, tied to the event before."""
    _text, own = sealed_text(seq, change, object_id, canonical(before), canonical(after), previous, salt=salt)
    return Event(
        seq=seq,
        at=change.at,
        user=change.user,
        action=change.action,
        object_id=object_id,
        before=before,
        after=after,
        previous=previous,
        hash=own,
        salt=salt,
    )


def sealed_text(seq: int, change: Change, object_id: str, before: str, after: str, previous: str, *, salt: str = "") -> tuple[str, str]:
    """An event as JSON text, and its hash; ``before`` and ``after`` are canonical JSON already, so that it is written but once."""
    salted = f'"salt":"{salt}",' if salt else ""
    text = (
        f'{{"action":{_quoted(change.action)},"after":{after},"at":{_quoted(change.at)},"before":{before},'
        f'"object_id":"{object_id}","previous":"{previous}",{salted}"seq":{seq},"user":{_quoted(change.user)}}}'
    )
    own = _sha256(text)
    return f'{text[:-1]},"hash":"{own}"}}', own


def event_hash(fields: Mapping[str, object]) -> str:
    """The SHA-256 of an event's fields."""
    return _sha256(canonical({name: value for name, value in fields.items() if name != "hash"}))


class Step(NamedTuple):
    """One event of a chain that is walked: its ``after`` as canonical JSON, and what is wrong with it."""

    event: Event
    after: str
    faults: tuple[str, ...]


def walk(events: Iterable[Event]) -> Iterator[Step]:
    """Follow a chain from its beginning."""
    seq, previous = 0, GENESIS
    for event in events:
        after = canonical(event.after)
        faults = [] if event.seq == seq + 1 else [f"event {seq + 1} is missing"]
        if event.previous != previous:
            faults.append("it does not follow from the event before")
        if event.hash != _hash_of(event, after):
            faults.append("it was changed since it was written")
        yield Step(event, after, tuple(faults))
        seq, previous = event.seq, event.hash


def broken_links(events: Iterable[Event]) -> Iterator[tuple[int, str]]:
    """Where the chain does not hold: the event's number and what is wrong with it."""
    return ((step.event.seq, fault) for step in walk(events) for fault in step.faults)


def event_document(event: Event) -> Document:
    """The event as a JSON object."""
    return {name: value for name in EVENT_FIELDS if (value := getattr(event, name)) or name != "salt"}


def _hash_of(event: Event, after: str) -> str:
    change = Change(event.user, event.at, event.action)
    before = "null" if event.before is None else canonical(event.before)
    return sealed_text(event.seq, change, event.object_id, before, after, event.previous, salt=event.salt)[1]


@lru_cache(maxsize=64)
def _quoted(text: str) -> str:
    # One command's events share their user, time and action.
    return canonical(text)


def _sha256(text: str) -> str:
    import hashlib

    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()
