"""Searching claims by words: with slips, other case, other word endings, in any script."""

from __future__ import annotations

from collections import defaultdict
from math import log
from typing import TYPE_CHECKING, NamedTuple

from claimreg.model import Alias, Attribution, Claim, Party, Stance
from claimreg.services.lookup import case_key
from claimreg.services.parties import canonical, members, require_party
from claimreg.store.port import AllOf, Condition, Contains, Equals, Reader

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

ENOUGH = 0.55
"""How much of a query's words, by their weight, must be found in a claim for it to be an answer."""

_SAME_WORD = 0.74
"""Similarity from which two written words are taken for the same one."""

_SHORTEST_STEM = 4
_FIELD_WEIGHTS = {"claim": 1.0, "title": 0.95, "quote": 0.9, "party": 0.85, "tag": 0.85, "case": 0.8}


class Filters(NamedTuple):
    """What a claim must be beside matching the words; ``since`` and ``until`` are of when it was said, both included."""

    by: str | None = None
    stance: Stance | None = None
    case: str | None = None
    tag: str | None = None
    lang: str | None = None
    since: str | None = None
    until: str | None = None


class Hit(NamedTuple):
    """A claim that answers a query: score 0..100, and which words were found in which of its fields."""

    claim: Claim
    score: float
    found: tuple[tuple[str, str], ...]


class SearchWord(NamedTuple):
    """A word as written, its folded form and its form in Latin letters."""

    written: str
    key: str
    skeleton: str


def search(reader: Reader, query: str, filters: Filters, limit: int) -> list[Hit]:
    """The claims that answer a query, best first; without any words, those that pass the filters, newest first."""
    claims = filtered(reader, filters, newest_first=True)
    wanted = search_words(query)
    if not wanted:
        return [] if query.strip() else [Hit(claim, 100.0, ()) for claim, _ in zip(claims, range(limit), strict=False)]
    postings = _Postings()
    by_id: dict[str, Claim] = {}
    names = _PartyNames(reader)
    for claim in claims:
        by_id[claim.id] = claim
        for field, text in _texts(reader, claim, names):
            postings.add(claim.id, field, text)
    hits = [Hit(by_id[claim_id], score, found) for claim_id, score, found in postings.rank(wanted)]
    return hits[:limit]


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
    party_ids = members(reader, require_party(reader, filters.by))
    ids = {one.claim_id for party_id in party_ids for one in reader.find(Attribution, Equals("party_id", party_id))}
    for claim_id in sorted(ids, key=lambda one: int(one[1:]), reverse=newest_first):
        found = reader.get(Claim, claim_id)
        if found is None or found.removed_at is not None or not condition.matches({"case_key": found.case_key, "tags": found.tags}):
            continue
        if _has_attribution(reader, found, filters, party_ids):
            yield found


def search_words(text: str) -> list[SearchWord]:
    """The words of a text, each in its folded and its Latin form."""
    from claimreg.text.fold import fold_key
    from claimreg.text.romanize import romanize_words
    from claimreg.text.words import words

    found = []
    for span in words(text):
        written = text[span.start : span.end]
        key = fold_key(written)
        if key:
            found.append(SearchWord(written, key, "".join(romanize_words(written)) or key))
    return found


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


class _PartyNames:
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


def _texts(reader: Reader, claim: Claim, names: _PartyNames) -> Iterator[tuple[str, str]]:
    yield "claim", claim.text
    if claim.title:
        yield "title", claim.title
    if claim.case:
        yield "case", claim.case
    for tag in claim.tags:
        yield "tag", tag
    for attribution in reader.find(Attribution, Equals("claim_id", claim.id)):
        if attribution.quote:
            yield "quote", attribution.quote
        for name in (attribution.party_as_written, *names.of(attribution.party_id)):
            yield "party", name


class _Postings:
    """Which word stands in which field of which claim."""

    def __init__(self) -> None:
        self._places: dict[str, dict[str, str]] = defaultdict(dict)
        self._skeletons: dict[str, str] = {}
        self._claims: set[str] = set()

    def add(self, claim_id: str, field: str, text: str) -> None:
        """Note the words of one field."""
        self._claims.add(claim_id)
        for word in search_words(text):
            self._skeletons[word.key] = word.skeleton
            places = self._places[word.key]
            if _FIELD_WEIGHTS[field] > _FIELD_WEIGHTS.get(places.get(claim_id, ""), 0.0):
                places[claim_id] = field

    def rank(self, wanted: Iterable[SearchWord]) -> Iterator[tuple[str, float, tuple[tuple[str, str], ...]]]:
        """Claim ids with their scores and the words found, best first."""
        gains: dict[str, float] = defaultdict(float)
        found: dict[str, list[tuple[str, str]]] = defaultdict(list)
        whole = 0.0
        for word in wanted:
            best = self._best_places(word)
            weight = log(1 + len(self._claims) / (1 + len(best)))
            whole += weight
            for claim_id, (similarity, field) in best.items():
                gains[claim_id] += weight * similarity * _FIELD_WEIGHTS[field]
                found[claim_id].append((field, word.written))
        answers = ((claim_id, gain / whole) for claim_id, gain in gains.items() if gain / whole >= ENOUGH)
        for claim_id, share in sorted(answers, key=lambda answer: (-answer[1], int(answer[0][1:]))):
            yield claim_id, round(100 * share, 1), tuple(found[claim_id])

    def _best_places(self, word: SearchWord) -> dict[str, tuple[float, str]]:
        best: dict[str, tuple[float, str]] = {}
        for key, places in self._places.items():
            similarity = max(word_similarity(word.key, key), 0.97 * word_similarity(word.skeleton, self._skeletons[key]))
            if similarity < _SAME_WORD:
                continue
            for claim_id, field in places.items():
                value = similarity * _FIELD_WEIGHTS[field]
                if claim_id not in best or value > best[claim_id][0] * _FIELD_WEIGHTS[best[claim_id][1]]:
                    best[claim_id] = (similarity, field)
        return best


def word_similarity(left: str, right: str) -> float:
    """How alike two written words are, 0..1: slips count by the length of the word, another ending counts little."""
    if left == right:
        return 1.0
    shorter = min(len(left), len(right))
    if shorter < _SHORTEST_STEM:
        return 0.0
    from rapidfuzz.distance import OSA, Prefix

    stem = Prefix.similarity(left, right)
    longest = max(len(left), len(right))
    ending = 0.0
    if stem >= _SHORTEST_STEM and stem >= 0.6 * longest - 1 and stem >= shorter - 2:
        ending = 0.8 + 0.15 * stem / longest
    return max(ending, float(OSA.normalized_similarity(left, right)))
