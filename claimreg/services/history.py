"""The history: its events in words, and the whole story of a claim."""

from __future__ import annotations

from itertools import islice
from typing import TYPE_CHECKING

from claimreg.model import Alias, Attribution, Claim, Document, Event, Link, Party, record_type_of
from claimreg.store.port import Equals, OneOf

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from claimreg.store.port import Reader, Store

_TELLING = ("text", "name", "title", "rating", "exact", "location", "kind")
_OF_FIXED_WORDS = ("state", "stance", "kind")
"""Fields whose values are words of claimreg."""

_AT_ONCE = 1_000


def changes_in_words(event: Event, say: Callable[[str], str] = str) -> str:
    """The fields that are new or other, or what the record is when it is new; ``say`` translates what is ours of it."""
    if event.after is None:
        return say("erased")
    before = event.before
    if before is None:
        return f"{say('new')}: {_gist(event.after, say)}"
    changed = [key for key, value in event.after.items() if value != before.get(key)]
    if changed == ["removed_at"]:
        return say("restored") if event.after["removed_at"] is None else say("removed")
    return "; ".join(f"{say(key)}: {_shown(key, before.get(key), say)} → {_shown(key, event.after[key], say)}" for key in changed)


def _gist(document: Document, say: Callable[[str], str]) -> str:
    if "other_claim_id" in document:
        return f"{document['claim_id']} {say(document['kind'])} {document['other_claim_id']}"
    if "party_as_written" in document:
        return f"{document['party_as_written']} {say(document['stance'])}" + (f": {document['quote']}" if document["quote"] else "")
    return next((str(document[key]) for key in _TELLING if document.get(key)), str(document["id"]))


def _shown(key: str, value: object, say: Callable[[str], str]) -> str:
    if isinstance(value, dict) and "at" in value:
        return str(value["at"])
    if value in (None, "", []):
        return say("nothing")
    return say(str(value)) if key in _OF_FIXED_WORDS else str(value)


def story_of(store: Store, claim: Claim) -> list[Event]:
    """All that happened to a claim, in order: to itself, to claims merged into it, and to what belongs to these or once did.

    That is statements, their links, verdicts and relations. Reads the whole history, which alone tells what was moved away.
    """
    claims = [claim.id]
    for one in claims:
        claims += [other.id for other in store.find(Claim, Equals("merged_into", one), withdrawn=True) if other.id not in claims]
    known = {*claims, *_once_of(store, claims)}
    attributions = tuple(one for one in known if record_type_of(one) is Attribution)
    known.update(link.id for link in store.find(Link, OneOf("attribution_id", attributions), withdrawn=True))
    return sorted((event for one in known for event in store.history(one)), key=lambda event: event.seq)


def _once_of(store: Store, claims: list[str]) -> Iterator[str]:
    """The ids of the records that belong to these claims, or did."""
    import json

    # The texts are looked through before they are read: most speak of other claims.
    told = tuple(f'claim_id":"{one}"' for one in claims)
    for _seq, text in store.stored_history():
        if any(one in text for one in told):
            event = json.loads(text)
            sides = (event["before"] or {}, event["after"] or {})
            if any(side.get(name) in claims for side in sides for name in ("claim_id", "other_claim_id")):
                yield event["object_id"]


def newest_first(reader: Reader) -> Iterator[Event]:
    """The events of the whole history, the last one first, read as they are asked for."""
    end, _hash = reader.head()
    while end > 0:
        begin = max(0, end - _AT_ONCE)
        yield from reversed(tuple(islice(reader.history(after=begin), end - begin)))
        end = begin


def speaks_of_words(event: Event) -> bool:
    """Return whether an event may change the searched words of a claim: its own, its quotes, the names of its parties."""
    return record_type_of(event.object_id) in (Claim, Attribution, Alias, Party)
