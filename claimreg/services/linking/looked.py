"""Searches for quotes as attributions tell of them: when a quote was last looked for, by which method, and in which sources."""

from __future__ import annotations

from contextlib import suppress
from typing import TYPE_CHECKING

from claimreg.errors import InputError
from claimreg.frozen import replace
from claimreg.model import Attribution, Capture, Looked, Source, record_type_of
from claimreg.services.history import newest_first
from claimreg.services.lookup import read_by_id
from claimreg.services.withholding import is_sealed
from claimreg.store.port import Wanted

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from claimreg.model import Event
    from claimreg.store.port import Reader, Writer

_MOST_NAMED = 30
"""Sources that a search is told to have been in, one by one: a record that names them all must stay short."""


def looking(writer: Writer, method: str, inside: Iterable[str] = ()) -> Looked:
    """Tell of a search for a quote that is done now, inside this transaction: in all sources, or in those of the ids ``inside``."""
    _seq, head = writer.head()
    return Looked(writer.change.at, head, method, tuple(dict.fromkeys(inside)))


def as_far_as_seen(reader: Reader, looked: Looked) -> Looked | None:
    """A search in all sources as it may be told of: who does not see withheld ones looked in the others only.

    ``None`` where these are none, or more than may be named: nothing is told of the search then, rather than too much.
    """
    if looked.inside or reader.sees_withheld:
        return looked
    sources = list(reader.find(Source))
    seen = tuple(one.id for one in sources if not is_sealed(one))
    if len(seen) == len(sources):
        return looked
    if len(seen) > _MOST_NAMED:
        return None
    (captures,) = reader.gather(Wanted(Capture, "source_id", seen))
    captured = {one.source_id for one in captures if isinstance(one, Capture)}
    inside = tuple(one for one in seen if one in captured)
    return looked._replace(inside=inside) if inside else None


def can_be_looked_for(quote: str | None) -> bool:
    """Return whether a quote has enough of words to be told from others."""
    from claimreg.linker.passage import read_quote

    with suppress(InputError):
        return bool(quote) and read_quote(quote or "") is not None
    return False


def note_looked(writer: Writer, attributions: Iterable[Attribution], looked: Looked) -> None:
    """Record in attributions when their quotes were last searched, and where.

    Where the same method looked there already, and no source was captured or changed since, there is nothing new to tell. Attributions
    that were removed meanwhile, have other words now, or words that cannot be looked for, are passed over.
    """
    asked = list(attributions)
    there = read_by_id(writer, Attribution, (one.id for one in asked))
    both = ((one, there.get(one.id)) for one in asked)
    current = [now for one, now in both if now is not None and now.removed_at is None and now.quote == one.quote]
    current = [one for one in current if can_be_looked_for(one.quote)]
    told = {one.looked.head for one in current if one.looked is not None and one.looked.method == looked.method}
    same = _without_news(writer, told)
    # News of the sources that were looked in now leave what is known of the others.
    holding = _without_news(writer, told, looked.inside) if looked.inside else same
    for one in current:
        earlier = one.looked if one.looked is not None and one.looked.method == looked.method else None
        if earlier is None or earlier.head not in holding:
            writer.put(replace(one, looked=looked))
        elif earlier.head not in same or not _is_within(looked, earlier):
            everywhere = not earlier.inside or not looked.inside
            inside = () if everywhere else tuple(dict.fromkeys((*earlier.inside, *looked.inside)))
            writer.put(replace(one, looked=looked._replace(inside=inside)))


def _is_within(looked: Looked, earlier: Looked) -> bool:
    """Return whether all that was looked in was looked in earlier, too."""
    return not earlier.inside or (bool(looked.inside) and set(looked.inside) <= set(earlier.inside))


def _without_news(reader: Reader, heads: set[str], beside: Sequence[str] = ()) -> set[str]:
    """Return those of these hashes of events after which no source and no capture was recorded or changed; ``beside`` do not count."""
    fresh: set[str] = set()
    for event in newest_first(reader) if heads else ():
        if event.hash in heads:
            fresh.add(event.hash)
        if len(fresh) == len(heads) or _source_of(event) not in (None, *beside):
            break
    return fresh


def _source_of(event: Event) -> str | None:
    """The id of the source that an event tells of, by itself or by a capture; ``None`` for what is neither."""
    record_type = record_type_of(event.object_id)
    if record_type is Capture:
        return str((event.after or event.before or {}).get("source_id"))
    return event.object_id if record_type is Source else None
