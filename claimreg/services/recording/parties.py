"""Parties: one under many names, found again by any of them, and never merged automatically."""

from __future__ import annotations

from collections import Counter
from itertools import islice
from typing import TYPE_CHECKING, NamedTuple

from claimreg.errors import NotFoundError, UsageError
from claimreg.frozen import replace
from claimreg.model import Alias, Attribution, Party, record_type_of
from claimreg.services.lookup import require
from claimreg.services.nearest import not_there
from claimreg.services.recording.fields import checked_text, new_fields
from claimreg.store.port import Equals, OneOf, Reader, Wanted, Writer

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

_AT_ONCE = 100
"""Parties that are read at once."""


class Resolution(NamedTuple):
    """Meaning of a name: a party without doubt, or candidates for a person to choose from.

    ``as_written`` says that the party has the very name that was typed, but for case and marks.
    """

    party: Party | None
    candidates: tuple[Party, ...] = ()
    as_written: bool = True


def resolve(reader: Reader, name: str, *, alike: bool = True) -> Resolution:
    """Find a party by id, by name or alias, by the same name in another script, or else those of a similar name.

    Names that are only like it are looked through when ``alike`` is set. Raises `NotFoundError` for an id that no party has.
    """
    if record_type_of(name.strip()) is Party:
        return Resolution(canonical(reader, require(reader, Party, name)))
    from claimreg.text.name_keys import name_key, name_skeleton

    text = checked_text(name, "party's name")
    key, skeleton = name_key(text), name_skeleton(text)
    asked = [(field, value) for field, value in (("key", key), ("skeleton", skeleton)) if value]
    answers = reader.gather(*(Wanted(Alias, field, (value,)) for field, value in asked))
    for (field, _value), named in zip(asked, answers, strict=True):
        parties = _parties_of(reader, [alias for alias in named if isinstance(alias, Alias) and alias.removed_at is None])
        if len(parties) == 1:
            return Resolution(parties[0], as_written=field == "key")
        if parties:
            return Resolution(None, parties)
    if not alike:
        return Resolution(None)
    from claimreg.text.names import closest_names

    aliases = ((alias.party_id, alias.name) for alias in reader.find(Alias))
    ids = tuple(dict.fromkeys(party_id for party_id, _name, _score in closest_names(text, aliases, limit=6)))
    return Resolution(None, tuple(dict.fromkeys(canonical(reader, require(reader, Party, one, withdrawn=True)) for one in ids)))


def require_party(reader: Reader, name: str) -> Party:
    """The one party that a name or id means; raises `NotFoundError` when none has it or several may."""
    resolution = resolve(reader, name)
    if resolution.party is not None:
        return resolution.party
    if not resolution.candidates:
        names = [alias.name for alias in reader.find(Alias)]
        raise not_there("party", name, names, "`claimreg party list` shows them all" if names else "no party was recorded yet")
    likely = ", ".join(f"{party.id} {party.name}" for party in resolution.candidates)
    raise NotFoundError(f"There is no party of just the name “{name}”; give an id: {likely}.")


def canonical(reader: Reader, party: Party) -> Party:
    """The party that a merged one now counts as."""
    seen = {party.id}
    while party.merged_into is not None and party.merged_into not in seen:
        party = require(reader, Party, party.merged_into, withdrawn=True)
        seen.add(party.id)
    return party


def members(reader: Reader, party: Party) -> tuple[str, ...]:
    """The ids that count as this party: its own and those merged into it."""
    ids = [party.id]
    for member in ids:
        ids.extend(other.id for other in reader.find(Party, Equals("merged_into", member)) if other.id not in ids)
    return tuple(ids)


def names_and_uses(reader: Reader, parties: Iterable[Party]) -> Iterator[tuple[Party, tuple[str, ...], int]]:
    """Yield parties that stand for themselves, each with all its names and the number of its attributions; many are read at once."""
    rest = iter(parties)
    while some := list(islice(rest, _AT_ONCE)):
        counted_as = {party.id: party.id for party in some}
        new = list(counted_as)
        while new:
            (merged,) = reader.gather(Wanted(Party, "merged_into", tuple(new)))
            ways = {one.id: one.merged_into for one in merged if isinstance(one, Party) and one.removed_at is None}
            new = [one for one in ways if one not in counted_as]
            counted_as.update((one, counted_as[ways[one] or one]) for one in new)
        aliases, attributions = reader.gather(*(Wanted(kind, "party_id", tuple(counted_as)) for kind in (Alias, Attribution)))
        names: dict[str, list[str]] = {party.id: [] for party in some}
        for alias in aliases:
            if isinstance(alias, Alias) and alias.removed_at is None:
                names[counted_as[alias.party_id]].append(alias.name)
        uses = Counter(counted_as[one.party_id] for one in attributions if isinstance(one, Attribution) and one.removed_at is None)
        yield from ((party, tuple(names[party.id]), uses[party.id]) for party in some)


def aliases_of(reader: Reader, party: Party) -> tuple[Alias, ...]:
    """All names of a party, those of the parties merged into it among them."""
    return tuple(reader.find(Alias, OneOf("party_id", members(reader, party))))


def create_party(writer: Writer, name: str) -> Party:
    """Record a new party under this name."""
    text = checked_text(name, "party's name")
    party = writer.put(Party(**new_fields(writer, Party), name=text))
    add_alias(writer, party, text)
    return party


def add_alias(writer: Writer, party: Party, name: str) -> Alias:
    """Record one more name of a party; raises `UsageError` when another party has it."""
    from claimreg.text.name_keys import name_key, name_skeleton

    text = checked_text(name, "alias")
    key = name_key(text)
    if not key:
        raise UsageError(f"The name “{text}” has neither letters nor digits; give one that has.")
    for alias in writer.find(Alias, Equals("key", key)):
        holder = canonical(writer, require(writer, Party, alias.party_id, withdrawn=True))
        if holder.id == canonical(writer, party).id:
            return alias
        raise UsageError(
            f"“{text}” is a name of {holder.id} {holder.name}; `claimreg party merge {holder.id} {party.id}` if they are the same."
        )
    return writer.put(Alias(**new_fields(writer, Alias), party_id=party.id, name=text, key=key, skeleton=name_skeleton(text)))


def merge(writer: Writer, into: Party, other: Party) -> Party:
    """Merge ``other`` into ``into``; nothing of either is rewritten, and `split` undoes it."""
    into = canonical(writer, into)
    counted = canonical(writer, other)
    if counted.id == into.id:
        raise UsageError(f"{other.id} {other.name} counts as {into.id} {into.name} already.")
    return writer.put(replace(counted, merged_into=into.id))


def split(writer: Writer, party: Party) -> Party:
    """Separate a merged party again."""
    if party.merged_into is None:
        raise UsageError(f"{party.id} {party.name} was not merged into another party.")
    return writer.put(replace(party, merged_into=None))


def rename(writer: Writer, party: Party, name: str) -> Party:
    """Give a party another main name; the old one stays as an alias."""
    alias = add_alias(writer, party, name)
    return writer.put(replace(party, name=alias.name if alias.name == name else checked_text(name, "party's name")))


def _parties_of(reader: Reader, aliases: Iterable[Alias]) -> tuple[Party, ...]:
    parties = (canonical(reader, require(reader, Party, alias.party_id, withdrawn=True)) for alias in aliases)
    return tuple(dict.fromkeys(parties))
