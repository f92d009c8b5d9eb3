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

from claimreg.codec import event_from_document
from claimreg.model import EVENT_FIELDS, Change, Document, Event
from claimreg.store.port import SealedText

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

_CANONICAL = json.JSONEncoder(ensure_ascii=False, allow_nan=False, sort_keys=True, separators=(",", ":"), check_circular=False)

_UNREADABLE = "it cannot be read"
NOT_AS_WRITTEN = "it is not stored as claimreg writes it"
GENESIS = "0" * 64
"""Hash that the first event carries in place of an earlier event's."""


def canonical(value: object) -> str:
    """JSON with sorted keys and no white space: the same value is always the same text."""
    return _CANONICAL.encode(value)


def new_salt() -> str:
    """A salt that nobody can guess: 128 bits, in hexadecimal digits."""
    return os.urandom(16).hex()


def sealed(
    seq: int,
    change: Change,
    object_id: str,
    before: Document | None,
    after: Document | None,
    previous: str,
    *,
    salt: str = "",
    group: int | None = None,
) -> Event:
    """The event of one record's change, tied to the event before."""
    text, _own = sealed_text(seq, change, object_id, canonical(before), canonical(after), previous, salt=salt, group=group)
    return event_from_document(json.loads(text))


def sealed_text(
    seq: int, change: Change, object_id: str, before: str, after: str, previous: str, *, salt: str = "", group: int | None = None
) -> tuple[str, str]:
    """An event as JSON text, and its hash; ``before`` and ``after`` are canonical JSON already, so that it is written but once."""
    text = _told(seq, change, object_id, before, after, previous, salt, group)
    own = _sha256(text)
    return _with_hash(text, own), own


def _told(seq: int, change: Change, object_id: str, before: str, after: str, previous: str, salt: str, group: int | None) -> str:
    """The text that an event's hash is taken over."""
    grouped = f'"group":{group},' if group is not None else ""
    salted = f'"salt":"{salt}",' if salt else ""
    return (
        f'{{"action":{_quoted(change.action)},"after":{after},"at":{_quoted(change.at)},"before":{before},{grouped}'
        f'"object_id":"{object_id}","previous":"{previous}",{salted}"seq":{seq},"user":{_quoted(change.user)}}}'
    )


def event_text(event: Event) -> str:
    """An event as it is stored, with the hash that it has, be that its own or not."""
    return _with_hash(_text_of(event, canonical(event.before), canonical(event.after)), event.hash)


def event_hash(fields: Mapping[str, object]) -> str:
    """The SHA-256 of an event's fields."""
    return _sha256(canonical({name: value for name, value in fields.items() if name != "hash"}))


class StrangeTextError(ValueError):
    """A stored text is no JSON object, or has a key twice, of which one reader sees the first and another the last."""


def read_once(text: str) -> Document:
    """The JSON object that a stored text is; raises `StrangeTextError`, whose text says what is wrong with it."""
    try:
        document = _ONCE.decode(text)
    except (json.JSONDecodeError, RecursionError):
        raise StrangeTextError(_UNREADABLE) from None
    if not isinstance(document, dict):
        raise StrangeTextError(_UNREADABLE)
    return document


class Step(NamedTuple):
    """One event of a chain that is walked, under the number that it is kept under, and what is wrong with it.

    ``event`` is ``None`` where it cannot be read; ``before`` and ``after`` are canonical JSON. One that ``is_sealed`` says no more than
    what may be told of it, so that its place in the chain can be checked, and its hash cannot.
    """

    number: int
    event: Event | None
    before: str
    after: str
    faults: tuple[str, ...]
    is_sealed: bool = False


def walk(stored: Iterable[tuple[int, str]]) -> Iterator[Step]:
    """Follow a chain from its beginning: the events' texts as they are stored, with the numbers that they are kept under."""
    seq, previous = 0, GENESIS
    for number, text in stored:
        try:
            document = read_once(text)
            event = event_from_document(document)
            before, after = canonical(event.before), canonical(event.after)
            told = _text_of(event, before, after)
        except (TypeError, ValueError) as error:
            yield Step(number, None, "", "", (str(error) if isinstance(error, StrangeTextError) else _UNREADABLE,))
            seq, previous = number, ""
            continue
        faults = [] if event.seq == seq + 1 else [f"event {seq + 1} is missing"]
        if event.seq != number or type(event.seq) is not int:
            faults.append(f"it is kept as event {number}")
        if previous and event.previous != previous:
            faults.append("it does not follow from the event before")
        is_sealed = isinstance(text, SealedText)
        if not is_sealed and event.hash != _sha256(told):
            faults.append("it was changed since it was written")
        elif not is_sealed and text != _with_hash(told, event.hash):
            strange = sorted(document.keys() - set(EVENT_FIELDS))
            faults.append(f"it has fields that no event has: {', '.join(strange)}" if strange else NOT_AS_WRITTEN)
        yield Step(number, event, before, after, tuple(faults), is_sealed)
        seq, previous = event.seq, event.hash


def event_document(event: Event) -> Document:
    """The event as a JSON object."""
    absent = {"salt": "", "group": None}
    return {name: value for name in EVENT_FIELDS if (value := getattr(event, name)) != absent.get(name, ...)}


def _text_of(event: Event, before: str, after: str) -> str:
    change = Change(event.user, event.at, event.action)
    return _told(event.seq, change, event.object_id, before, after, event.previous, event.salt, event.group)


def _with_hash(text: str, own: str) -> str:
    return f'{text[:-1]},"hash":"{own}"}}'


def _no_key_twice(pairs: list[tuple[str, object]]) -> Document:
    document = dict(pairs)
    if len(document) < len(pairs):
        keys = [key for key, _value in pairs]
        raise StrangeTextError(f"it has a key twice: {next(key for key in keys if keys.count(key) > 1)}")
    return document


_ONCE = json.JSONDecoder(object_pairs_hook=_no_key_twice)


@lru_cache(maxsize=64)
def _quoted(text: str) -> str:
    # One command's events share their user, time and action.
    return canonical(text)


def _sha256(text: str) -> str:
    import hashlib

    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()
