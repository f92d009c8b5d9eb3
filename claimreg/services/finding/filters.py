"""Filters of claims: by party, stance, case, tag, language and date of a statement, verdict, state of quotes, and whom they wait for."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from claimreg.model import Attribution, Claim, Party, Stance, Verdict, record_number
from claimreg.services.ahead import read_ahead
from claimreg.services.lookup import require_case, require_tag
from claimreg.services.recording.parties import members, require_party, resolve
from claimreg.services.reporting.states import quote_state
from claimreg.services.reporting.views import attribution_view
from claimreg.store.port import AllOf, Condition, Contains, Equals, Reader

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from claimreg.services.reporting.states import QuoteState


_READ_SINGLY = 200
"""Claims that are refused one by one before all that pass are looked up."""


class Filters(NamedTuple):
    """Conditions on a claim beside its words; ``since`` and ``until`` are days of the statement, both included.

    ``ratings`` are those of which the verdict that holds is one, in whatever letter case; ``unrated`` asks for claims without any.
    ``states`` are those of which a quote of the claim has one; ``assigned`` is who is to see to it.
    """

    by: str | None = None
    stance: Stance | None = None
    case: str | None = None
    tag: str | None = None
    lang: str | None = None
    since: str | None = None
    until: str | None = None
    unrated: bool = False
    ratings: tuple[str, ...] = ()
    states: frozenset[QuoteState] = frozenset()
    assigned: str | None = None


def filtered(reader: Reader, filters: Filters, *, newest_first: bool = False, brief: bool = True) -> Iterator[tuple[Claim, Reader]]:
    """The claims that pass the filters, each with a reader that has what hangs on it, in ``brief`` or all of it.

    Raises `NotFoundError` for a party, a case or a tag that is not there.
    """
    party_ids = members(reader, _meant_party(reader, filters.by)) if filters.by is not None else None
    claims = _of_parties(reader, _of_claims(reader, filters), party_ids, newest_first=newest_first)
    given = read_ahead(reader, claims, brief=brief)
    if filters == Filters(case=filters.case, tag=filters.tag):
        return given
    return ((claim, ahead) for claim, ahead in given if _is_meant(ahead, claim, filters, party_ids))


def _of_parties(reader: Reader, condition: Condition, party_ids: tuple[str, ...] | None, *, newest_first: bool) -> Iterator[Claim]:
    """The claims of these parties, or of all, that pass a condition."""
    if party_ids is None:
        yield from reader.find(Claim, condition, newest_first=newest_first)
        return
    ids = {one.claim_id for party_id in party_ids for one in reader.find(Attribution, Equals("party_id", party_id))}
    for claim_id in sorted(ids, key=record_number, reverse=newest_first):
        found = reader.get(Claim, claim_id)
        if found is not None and found.removed_at is None and condition.matches(vars(found)):
            yield found


def accepts_claims(reader: Reader, filters: Filters) -> Callable[[int], bool] | None:
    """A test of claims by their number; ``None`` where every claim passes. Raises `NotFoundError` as `filtered` does.

    The first claims are read one by one as they are asked about, which mostly is enough; where many do not pass, all that do are
    looked up at once.
    """
    if filters == Filters():
        return None
    party_ids = members(reader, _meant_party(reader, filters.by)) if filters.by is not None else None
    condition, refused = _of_claims(reader, filters), 0
    passing: set[int] | None = None

    def accepts(number: int) -> bool:
        nonlocal refused, passing
        if passing is None and refused == _READ_SINGLY:
            passing = set(_passing(reader, filters, party_ids))
        if passing is not None:
            return number in passing
        claim = reader.get(Claim, f"{Claim.PREFIX}{number}")
        accepted = claim is not None and condition.matches(vars(claim)) and _is_meant(reader, claim, filters, party_ids)
        refused += not accepted
        return accepted

    return accepts


def _passing(reader: Reader, filters: Filters, party_ids: tuple[str, ...] | None) -> Iterator[int]:
    """The numbers of all claims that pass: mostly by what each has, else in one pass over all statements."""
    if filters.case is not None or party_ids is not None or _asks_for_decisions(filters):
        yield from (record_number(claim.id) for claim, _ahead in filtered(reader, filters))
        return
    claims = {claim.id: claim for claim in reader.find(Claim, _of_claims(reader, filters))}
    if _is_of_claim(filters, party_ids):
        yield from (record_number(one.id) for one in claims.values() if filters.lang is None or speaks(one.lang, filters.lang))
        if filters.lang is None:
            return
    stance = Equals("stance", filters.stance.value) if filters.stance is not None else AllOf()
    for attribution in reader.find(Attribution, stance):
        claim = claims.get(attribution.claim_id)
        if claim is not None and _passes(attribution, claim, filters, party_ids):
            yield record_number(claim.id)


def _of_claims(reader: Reader, filters: Filters) -> Condition:
    """The condition on what a claim itself tells; raises `NotFoundError` for a case or a tag that is not there."""
    conditions: list[Condition] = []
    if filters.case is not None:
        conditions.append(Equals("case_key", require_case(reader, filters.case)))
    if filters.tag is not None:
        conditions.append(Contains("tags", require_tag(reader, filters.tag)))
    return AllOf(tuple(conditions))


def _meant_party(reader: Reader, name: str) -> Party:
    """The party that a filter means: here, where nothing is recorded, the only one of a similar name will do."""
    resolution = resolve(reader, name)
    if resolution.party is None and len(resolution.candidates) == 1:
        return resolution.candidates[0]
    return resolution.party or require_party(reader, name)


def said_last(reader: Reader, claim: Claim) -> str:
    """The latest date on which the claim was said, ISO 8601, of whatever precision; empty where none is known."""
    return max((one.said_at or "" for one in reader.find(Attribution, Equals("claim_id", claim.id))), default="")


def _is_meant(reader: Reader, claim: Claim, filters: Filters, party_ids: tuple[str, ...] | None) -> bool:
    """Return whether a claim passes by what hangs on it."""
    if filters.assigned is not None and (claim.assignee or "").casefold() != filters.assigned.strip().casefold():
        return False
    return (
        _has_attribution(reader, claim, filters, party_ids)
        and _has_verdict(reader, claim, filters)
        and (not filters.states or _has_state(reader, claim, filters.states))
    )


def _asks_for_decisions(filters: Filters) -> bool:
    """Return whether a filter is on what the desk decided on a claim, or has to."""
    return filters.unrated or bool(filters.ratings or filters.states) or filters.assigned is not None


def _has_verdict(reader: Reader, claim: Claim, filters: Filters) -> bool:
    if not filters.unrated and not filters.ratings:
        return True
    verdict = next(reader.find(Verdict, Equals("claim_id", claim.id), newest_first=True), None)
    if verdict is None:
        return filters.unrated
    return verdict.rating.casefold() in {rating.strip().casefold() for rating in filters.ratings}


def _has_state(reader: Reader, claim: Claim, states: frozenset[QuoteState]) -> bool:
    views = (attribution_view(reader, one, brief=True) for one in reader.find(Attribution, Equals("claim_id", claim.id)))
    return any(quote_state(view) in states for view in views)


def _has_attribution(reader: Reader, claim: Claim, filters: Filters, party_ids: tuple[str, ...] | None) -> bool:
    if _is_of_claim(filters, party_ids) and (filters.lang is None or speaks(claim.lang, filters.lang)):
        return True
    return any(_passes(one, claim, filters, party_ids) for one in reader.find(Attribution, Equals("claim_id", claim.id)))


def _is_of_claim(filters: Filters, party_ids: tuple[str, ...] | None) -> bool:
    """Return whether no filter is on how, when or by whom a claim was said."""
    return filters.stance is None and filters.since is None and filters.until is None and party_ids is None


def _passes(attribution: Attribution, claim: Claim, filters: Filters, party_ids: tuple[str, ...] | None) -> bool:
    said_at = attribution.said_at
    return (
        (party_ids is None or attribution.party_id in party_ids)
        and (filters.stance is None or attribution.stance is filters.stance)
        and (filters.lang is None or speaks(claim.lang, filters.lang) or speaks(attribution.lang, filters.lang))
        and (filters.since is None or (said_at is not None and said_at >= filters.since[: len(said_at)]))
        and (filters.until is None or (said_at is not None and said_at[: len(filters.until)] <= filters.until))
    )


def speaks(tag: str | None, wanted: str) -> bool:
    """Return whether a language tag is the one wanted, or a narrower one of it."""
    return tag is not None and (tag.lower() == wanted.lower() or tag.lower().startswith(wanted.lower() + "-"))
