"""Fields of a claim that are searched: its text, title and quotes, the names of its parties, its tags and its case."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from claimreg.model import Alias, Attribution, Claim, Party, Record, record_number
from claimreg.rank.segment import SAID, Entry, said_texts
from claimreg.services.recording.parties import canonical
from claimreg.store.port import Equals, OneOf, Reader, Wanted

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from claimreg.rank.index import StatementIndex

BATCH = 8_192
"""Claims that are indexed at a time."""

_AT_ONCE = 500
"""Claims whose attributions are read at a time."""


def all_entries(reader: Reader) -> Iterator[Entry]:
    """All claims in use, as they are indexed."""
    names = PartyNames(reader)
    for claims in batches(reader.find(Claim)):
        yield from _entries(reader, claims, names)


def entries_of(reader: Reader, numbers: Iterable[int]) -> Iterator[Entry]:
    """The claims of these numbers that are in use, as they are indexed."""
    names = PartyNames(reader)
    for batch in batches(sorted(numbers), _AT_ONCE):
        ids = tuple(f"{Claim.PREFIX}{number}" for number in batch)
        claims, attributions = reader.gather(Wanted(Claim, "id", ids), Wanted(Attribution, "claim_id", ids))
        in_use = [claim for claim in claims if isinstance(claim, Claim) and claim.removed_at is None]
        yield from _as_indexed(in_use, attributions, names)


def _entries(reader: Reader, claims: list[Claim], names: PartyNames) -> Iterator[Entry]:
    """The claims as they are indexed."""
    for some in batches(claims, _AT_ONCE):
        yield from _as_indexed(some, reader.find(Attribution, OneOf("claim_id", tuple(claim.id for claim in some))), names)


def _as_indexed(claims: list[Claim], attributions: Iterable[Record], names: PartyNames) -> Iterator[Entry]:
    of_claim: dict[str, list[Attribution]] = {}
    for one in attributions:
        if isinstance(one, Attribution) and one.removed_at is None:
            of_claim.setdefault(one.claim_id, []).append(one)
    names.read(one.party_id for some in of_claim.values() for one in some)
    for claim in claims:
        yield Entry(record_number(claim.id), said_texts(_fields(claim, of_claim.get(claim.id, ()), names)))


def _fields(claim: Claim, attributions: Iterable[Attribution], names: PartyNames) -> Iterator[tuple[str, str]]:
    yield "claim", claim.text
    if claim.title:
        yield "title", claim.title
    for one in attributions:
        if one.quote:
            yield "quote", one.quote
    for one in attributions:
        for name in (one.party_as_written, *names.of(one.party_id)):
            yield "party", name
    for tag in claim.tags:
        yield "tag", tag
    if claim.case:
        yield "case", claim.case


class PartyNames:
    """The names of parties, read once each."""

    def __init__(self, reader: Reader) -> None:
        self._reader = reader
        self._names: dict[str, tuple[str, ...]] = {}

    def read(self, party_ids: Iterable[str]) -> None:
        """Read the names of parties ahead, all at once; those of merged ones are read when they are asked for."""
        new = tuple(one for one in dict.fromkeys(party_ids) if one not in self._names)
        if not new:
            return
        parties, aliases = self._reader.gather(Wanted(Party, "id", new), Wanted(Alias, "party_id", new))
        names: dict[str, list[str]] = {one: [] for one in new}
        for alias in aliases:
            if isinstance(alias, Alias) and alias.removed_at is None:
                names[alias.party_id].append(alias.name)
        self._names.update(
            (party.id, tuple(names[party.id])) for party in parties if isinstance(party, Party) and party.merged_into is None
        )

    def of(self, party_id: str) -> tuple[str, ...]:
        """All names under which a party may be searched for."""
        if party_id not in self._names:
            party = self._reader.get(Party, party_id)
            ids = {party_id} if party is None else {party_id, canonical(self._reader, party).id}
            self._names[party_id] = tuple(alias.name for one in sorted(ids) for alias in self._reader.find(Alias, Equals("party_id", one)))
        return self._names[party_id]


def fields_of(reader: Reader, claims: list[Claim], names: PartyNames) -> Iterator[tuple[tuple[str, str], ...]]:
    """The fields by which each of the claims is searched for, as they are written."""
    return (entry.fields for entry in _entries(reader, claims, names))


def texts_of(reader: Reader, index: StatementIndex) -> Iterator[list[str]]:
    """Yield the texts of the claim at each place of an index; nothing where it is gone."""
    said = {entry.number: [text for kind, text in entry.fields if kind in SAID] for entry in all_entries(reader)}
    for number, alive in zip(index.numbers.tolist(), index.alive.tolist(), strict=True):
        yield said.get(number, []) if alive else []


def batches(items: Iterable[Any], size: int = BATCH) -> Iterator[list[Any]]:
    """Items, so many at a time."""
    batch: list[Any] = []
    for item in items:
        batch.append(item)
        if len(batch) >= size:
            yield batch
            batch = []
    if batch:
        yield batch
