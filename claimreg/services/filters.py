"""Which claims are wanted: by party, stance, case, tag, language and when something was said."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from claimreg.model import Attribution, Claim, Party, Stance
from claimreg.services.lookup import case_key
from claimreg.services.parties import members, require_party, resolve
from claimreg.store.port import AllOf, Condition, Contains, Equals, OneOf, Reader

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator


class Filters(NamedTuple):
    """What a claim must be beside matching the words; ``since`` and ``until`` are of when it was said, both included."""

    by: str | None = None
    stance: Stance | None = None
    case: str | None = None
    tag: str | None = None
    lang: str | None = None
    since: str | None = None
    until: str | None = None


def filtered(reader: Reader, filters: Filters, *, newest_first: bool = False) -> Iterator[Claim]:
    """The claims that pass the filters; raises `NotFoundError` for a party that is not there."""
    conditions: list[Condition] = []
    if filters.case is not None:
        conditions.append(Equals("case_key", case_key(filters.case)))
    if filters.tag is not None:
        conditions.append(Contains("tags", filters.tag))
    condition = AllOf(tuple(conditions))
    if filters.by is None:
        for claim in reader.find(Claim, condition, newest_first=newest_first):
            if _has_attribution(reader, claim, filters, None):
                yield claim
        return
    party_ids = members(reader, _meant_party(reader, filters.by))
    ids = {one.claim_id for party_id in party_ids for one in reader.find(Attribution, Equals("party_id", party_id))}
    for claim_id in sorted(ids, key=lambda one: int(one[1:]), reverse=newest_first):
        found = reader.get(Claim, claim_id)
        if found is None or found.removed_at is not None or not condition.matches({"case_key": found.case_key, "tags": found.tags}):
            continue
        if _has_attribution(reader, found, filters, party_ids):
            yield found


def accepts_claims(reader: Reader, filters: Filters) -> Callable[[int], bool] | None:
    """A test of claims by their number; ``None`` where every claim passes. Raises `NotFoundError` as `filtered` does."""
    if filters == Filters():
        return None
    party_ids = members(reader, _meant_party(reader, filters.by)) if filters.by is not None else None
    by_party = {one.claim_id for one in reader.find(Attribution, OneOf("party_id", party_ids))} if party_ids else None
    key = case_key(filters.case) if filters.case is not None else None
    of_case = {claim.id for claim in reader.find(Claim, Equals("case_key", key))} if key is not None else None

    def accepts(number: int) -> bool:
        claim_id = f"{Claim.PREFIX}{number}"
        if (by_party is not None and claim_id not in by_party) or (of_case is not None and claim_id not in of_case):
            return False
        claim = reader.get(Claim, claim_id)
        if claim is None or (filters.tag is not None and filters.tag not in claim.tags):
            return False
        return _has_attribution(reader, claim, filters, party_ids)

    return accepts


def _meant_party(reader: Reader, name: str) -> Party:
    """The party that a filter means: here, where nothing is recorded, the only one of a similar name will do."""
    candidates = resolve(reader, name).candidates
    return candidates[0] if len(candidates) == 1 else require_party(reader, name)


def said_last(reader: Reader, claim: Claim) -> str:
    """The latest date on which the claim was said, ISO 8601, of whatever precision; empty where none is known."""
    return max((one.said_at or "" for one in reader.find(Attribution, Equals("claim_id", claim.id))), default="")


def _has_attribution(reader: Reader, claim: Claim, filters: Filters, party_ids: tuple[str, ...] | None) -> bool:
    of_claim = filters.stance is None and filters.since is None and filters.until is None and party_ids is None
    if of_claim and (filters.lang is None or _speaks(claim.lang, filters.lang)):
        return True
    return any(_passes(one, claim, filters, party_ids) for one in reader.find(Attribution, Equals("claim_id", claim.id)))


def _passes(attribution: Attribution, claim: Claim, filters: Filters, party_ids: tuple[str, ...] | None) -> bool:
    said_at = attribution.said_at
    return (
        (party_ids is None or attribution.party_id in party_ids)
        and (filters.stance is None or attribution.stance is filters.stance)
        and (filters.lang is None or _speaks(claim.lang, filters.lang) or _speaks(attribution.lang, filters.lang))
        and (filters.since is None or (said_at is not None and said_at >= filters.since[: len(said_at)]))
        and (filters.until is None or (said_at is not None and said_at[: len(filters.until)] <= filters.until))
    )


def _speaks(tag: str | None, wanted: str) -> bool:
    return tag is not None and (tag.lower() == wanted.lower() or tag.lower().startswith(wanted.lower() + "-"))
