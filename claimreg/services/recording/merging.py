"""Merging claims that are one: all that hangs on the one goes over to the other, what both have alike is kept once."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from claimreg.errors import UsageError
from claimreg.frozen import replace
from claimreg.model import Attribution, Claim, Link, LinkState, Party, Relation, Verdict, record_number
from claimreg.services.lookup import require
from claimreg.services.recording.parties import canonical
from claimreg.store.port import AnyOf, Equals

if TYPE_CHECKING:
    from collections.abc import Iterable

    from claimreg.model import Record
    from claimreg.store.port import Reader, Writer


class Merged(NamedTuple):
    """Outcome of a merge: the claim that stays and the other, as they were; what went over, and what was there already.

    ``before`` and ``after`` are the verdicts in force on the claim that stays.
    """

    kept: Claim
    merged: Claim
    moved: tuple[Record, ...]
    there_already: tuple[Record, ...]
    before: Verdict | None = None
    after: Verdict | None = None


def merge_claims(writer: Writer, into: Claim, other: Claim) -> Merged:
    """Merge ``other`` into ``into``; raises `UsageError` for a claim and itself. Nothing is erased, and the history tells all of it."""
    if into.id == other.id:
        raise UsageError(f"{into.id} cannot be merged into itself; give two claims.")
    before = _in_force(writer, into)
    merge = _Merge(writer, into, other)
    merge.attributions()
    merge.verdicts()
    merge.relations()
    writer.put(replace(into, tags=tuple(dict.fromkeys((*into.tags, *other.tags)))))
    writer.put(replace(other, removed_at=writer.change.at, merged_into=into.id))
    return Merged(into, other, tuple(merge.moved), tuple(merge.there_already), before, _in_force(writer, into))


def same_statement(reader: Reader, claim: Claim, attribution: Attribution) -> Attribution | None:
    """The attribution of a claim that says the very same as this one, which is of another claim."""
    wanted = _said(reader, attribution)
    found = reader.find(Attribution, Equals("claim_id", claim.id))
    return next((one for one in found if one.id != attribution.id and _said(reader, one) == wanted), None)


def _said(reader: Reader, one: Attribution) -> tuple[object, ...]:
    party = canonical(reader, require(reader, Party, one.party_id, withdrawn=True))
    return party.id, one.stance, one.quote, one.said_at, one.source_id


def _in_force(reader: Reader, claim: Claim) -> Verdict | None:
    return next(reader.find(Verdict, Equals("claim_id", claim.id), newest_first=True), None)


class _Merge:
    """One merge while it is written."""

    def __init__(self, writer: Writer, into: Claim, other: Claim) -> None:
        self.moved: list[Record] = []
        self.there_already: list[Record] = []
        self._writer = writer
        self._into = into
        self._other = other

    def attributions(self) -> None:
        """Hand the attributions over; of one that is there already, the places of its quote that are not."""
        writer = self._writer
        known = {_said(writer, one): one for one in writer.find(Attribution, Equals("claim_id", self._into.id))}
        for one in list(writer.find(Attribution, Equals("claim_id", self._other.id))):
            same = known.get(_said(writer, one))
            if same is None:
                self.moved.append(writer.put(replace(one, claim_id=self._into.id)))
                continue
            if same.looked is None and one.looked is not None:
                writer.put(replace(same, looked=one.looked))
            self._links(one, same)
            # It belongs to the claim that stays, too: so an import finds it again, and does not record it anew.
            self.there_already.append(writer.put(replace(one, claim_id=self._into.id, removed_at=writer.change.at)))

    def _links(self, attribution: Attribution, same: Attribution) -> None:
        writer = self._writer
        known = {_place(link): link for link in writer.find(Link, Equals("attribution_id", same.id))}
        for link in list(writer.find(Link, Equals("attribution_id", attribution.id))):
            there = known.get(_place(link))
            if there is None:
                writer.put(replace(link, attribution_id=same.id))
                continue
            if there.state is LinkState.SUGGESTED:
                writer.put(replace(there, state=link.state))
            writer.put(replace(link, removed_at=writer.change.at))

    def verdicts(self) -> None:
        """Hand the verdicts over; among those of both claims, each supersedes the one recorded before it."""
        either = AnyOf((Equals("claim_id", self._into.id), Equals("claim_id", self._other.id)))
        earlier: str | None = None
        for one in _in_order(self._writer.find(Verdict, either)):
            put = self._writer.put(replace(one, claim_id=self._into.id, supersedes=earlier))
            if one.claim_id != self._into.id:
                self.moved.append(put)
            earlier = one.id

    def relations(self) -> None:
        """Hand the relations over; one between both claims is withdrawn."""
        writer, into, other = self._writer, self._into.id, self._other.id
        known = {_sides(one) for one in _relations_of(writer, into) if other not in (one.claim_id, one.other_claim_id)}
        for one in _relations_of(writer, other):
            sides = (into if one.claim_id == other else one.claim_id, into if one.other_claim_id == other else one.other_claim_id)
            if into in (one.claim_id, one.other_claim_id):
                writer.put(replace(one, removed_at=writer.change.at))
                continue
            moved = replace(one, claim_id=sides[0], other_claim_id=sides[1])
            if _sides(moved) in known:
                self.there_already.append(writer.put(replace(moved, removed_at=writer.change.at)))
            else:
                self.moved.append(writer.put(moved))


def _place(link: Link) -> tuple[str, int, int]:
    return link.capture_id, link.start, link.end


def _in_order(verdicts: Iterable[Verdict]) -> list[Verdict]:
    return sorted(verdicts, key=lambda one: record_number(one.id))


def _relations_of(reader: Reader, claim_id: str) -> list[Relation]:
    return list(reader.find(Relation, AnyOf((Equals("claim_id", claim_id), Equals("other_claim_id", claim_id)))))


def _sides(relation: Relation) -> tuple[object, ...]:
    """A relation as it is compared with others: of one that holds both ways, from either side."""
    pair = (relation.claim_id, relation.other_claim_id)
    return relation.kind, *(sorted(pair) if relation.kind.symmetric else pair)
