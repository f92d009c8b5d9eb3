"""Changes of an event of the history, in words."""

from __future__ import annotations

from itertools import islice
from typing import TYPE_CHECKING

from claimreg.model import Alias, Attribution, Claim, Document, Event, Party, record_type_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from claimreg.store.port import Reader

_TELLING = ("text", "name", "title", "rating", "exact", "location", "kind")
_AT_ONCE = 1_000


def changes_in_words(event: Event) -> str:
    """The fields that are new or other, or what the record is when it is new."""
    if event.after is None:
        return "erased"
    before = event.before
    if before is None:
        return f"new: {_gist(event.after)}"
    changed = [key for key, value in event.after.items() if value != before.get(key)]
    if changed == ["removed_at"]:
        return "restored" if event.after["removed_at"] is None else "removed"
    return "; ".join(f"{key}: {_shown(before.get(key))} → {_shown(event.after[key])}" for key in changed)


def _gist(document: Document) -> str:
    if "party_as_written" in document:
        return f"{document['party_as_written']} {document['stance']}" + (f": {document['quote']}" if document["quote"] else "")
    return next((str(document[key]) for key in _TELLING if document.get(key)), str(document["id"]))


def _shown(value: object) -> str:
    return "nothing" if value in (None, "", []) else str(value)


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
