"""Fields of a claim that are searched: its text, title and quotes, the names of its parties, its tags and its case."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from claimreg.model import Alias, Attribution, Claim, Party, record_number
from claimreg.rank.segment import SAID, Entry, said_texts
from claimreg.services.recording.parties import canonical
from claimreg.store.port import Equals, OneOf, Reader

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from claimreg.rank.index import StatementIndex

BATCH = 8_192
"""Claims that are read, and indexed, at a time."""


def all_entries(reader: Reader) -> Iterator[Entry]:
    """All claims in use, as they are indexed."""
    names = PartyNames(reader)
    for claims in batches(reader.find(Claim)):
        yield from _entries(reader, claims, names)


def entries_of(reader: Reader, numbers: Iterable[int]) -> Iterator[Entry]:
    """The claims of these numbers that are in use, as they are indexed."""
    names = PartyNames(reader)
    for batch in batches(sorted(numbers)):
        found = (reader.get(Claim, f"{Claim.PREFIX}{number}") for number in batch)
        yield from _entries(reader, [claim for claim in found if claim is not None and claim.removed_at is None], names)


def _entries(reader: Reader, claims: list[Claim], names: PartyNames) -> Iterator[Entry]:
    """The claims as they are indexed."""
    attributions: dict[str, list[Attribution]] = {}
    for ids in batches((claim.id for claim in claims), 500):
        for one in reader.find(Attribution, OneOf("claim_id", tuple(ids))):
            attributions.setdefault(one.claim_id, []).append(one)
    for claim in claims:
        yield Entry(record_number(claim.id), said_texts(_fields(claim, attributions.get(claim.id, ()), names)))


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

    def of(self, party_id: str) -> tuple[str, ...]:
        """All names under which a party may be searched for."""
        if party_id not in self._names:
            party = self._reader.get(Party, party_id)
            ids = {party_id} if party is None else {party_id, canonical(self._reader, party).id}
            self._names[party_id] = tuple(alias.name for one in sorted(ids) for alias in self._reader.find(Alias, Equals("party_id", one)))
        return self._names[party_id]


def fields_of(reader: Reader, claim: Claim, names: PartyNames) -> tuple[tuple[str, str], ...]:
    """The fields by which a claim is searched for, as they are written."""
    (entry,) = _entries(reader, [claim], names)
    return entry.fields


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
