"""Searching claims by words: with slips, other case, other word endings, in any script."""

from __future__ import annotations

from heapq import nlargest
from typing import TYPE_CHECKING, NamedTuple

from claimreg.model import Claim
from claimreg.rank.explain import AskedWords, Explanation, FoundWord
from claimreg.rank.likeness import NEARLY_THE_SAME
from claimreg.rank.ranker import Answer, rank
from claimreg.rank.segment import ABOUT, SAID
from claimreg.rank.statement import read_statement
from claimreg.services.ahead import read_ahead
from claimreg.services.finding.claim_fields import PartyNames, batches, fields_of
from claimreg.services.finding.filters import Filters, accepts_claims, filtered, said_last
from claimreg.services.reporting.views import ClaimView, claim_view
from claimreg.store.port import Reader, Wanted
from claimreg.text.other_spellings import otherwise_spelt

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from claimreg.rank.index import StatementIndex
    from claimreg.rank.meaning import Meant
    from claimreg.services.surroundings import AskIndex, Understanding
    from claimreg.store.port import Store

ENOUGH = 0.55
"""Share of a query's words, weighted by rarity, that a claim must have to be an answer.

One that is nearly the same is an answer with fewer, too: long statements say a thing in other words.
"""

NEAR = 0.55
"""Nearness in meaning from which on a claim is an answer although it shares no word.

With all-MiniLM-L6-v2, of CLEF's training statements six in seven right claims are as near, and one in sixteen of the tenth likeliest wrong.
"""

_READ_AT_ONCE = 20
"""Answers whose claims are read at once."""

_SORTED = 500
"""Answers, likest first, among which those are chosen that come first by date."""


class Hit(NamedTuple):
    """A claim that answers a query: score 0..100, which words were found in which of its fields, how near it is in meaning.

    ``meaning`` is a cosine (0..1), ``None`` where no model was asked or it does not know the language.
    """

    claim: Claim
    score: float
    found: tuple[FoundWord, ...]
    meaning: float | None = None


def search(
    reader: Reader, index: StatementIndex, query: str, filters: Filters, limit: int, *, by_date: bool = False, meant: Meant | None = None
) -> list[Hit]:
    """The claims that answer a query, best first; by date, those said last come first and undated ones last.

    ``meant`` is how near the claims are in meaning, where a model was asked.
    """
    of_number = accepts_claims(reader, filters)
    asked = AskedWords(query, index)
    if not asked:
        return []
    accepts = (lambda place: of_number(int(index.numbers[place]))) if of_number is not None else None
    wanted = max(limit, _SORTED) if by_date else limit
    hits: list[Hit] = []
    for answer, claim, fields in _with_claims(reader, index, _ranked(index, query, 2 * wanted + 20, accepts, meant)):
        explanation = asked.explain(fields)
        near = round(meant.trust * float(meant.cosines[answer.place]), 3) if meant and meant.trust else None
        if _is_answer(explanation, answer.score, near):
            hits.append(Hit(claim, answer.score, explanation.found, near))
        if len(hits) == wanted:
            break
    if by_date:
        hits.sort(key=lambda hit: said_last(reader, hit.claim), reverse=True)
    return hits[:limit]


def _with_claims(
    reader: Reader, index: StatementIndex, answers: list[Answer]
) -> Iterator[tuple[Answer, Claim, tuple[tuple[str, str], ...]]]:
    """The answers whose claims are in use, with these and their fields."""
    names = PartyNames(reader)
    for some in batches(answers, _READ_AT_ONCE):
        of_id = {f"{Claim.PREFIX}{index.numbers[answer.place]}": answer for answer in some}
        (records,) = reader.gather(Wanted(Claim, "id", tuple(of_id)))
        claims = {one.id: one for one in records if isinstance(one, Claim) and one.removed_at is None}
        in_order = [claims[one] for one in of_id if one in claims]
        for claim, fields in zip(in_order, fields_of(reader, in_order, names), strict=True):
            yield of_id[claim.id], claim, fields


def _ranked(index: StatementIndex, query: str, top: int, accepts: Callable[[int], bool] | None, meant: Meant | None) -> list[Answer]:
    """The claims most like a query as it is written or in its other spelling, best first."""
    best: dict[int, Answer] = {}
    for spelling in dict.fromkeys((query, otherwise_spelt(query))):
        for answer in rank(index, read_statement([spelling]), top, kinds=(*SAID, *ABOUT), accepts=accepts, meant=meant):
            best[answer.place] = max(answer, best.get(answer.place, answer), key=lambda one: one.score)
    return sorted(best.values(), key=lambda one: (-one.score, index.numbers[one.place]))[:top]


def found_claims(
    store: Store,
    ask: AskIndex,
    query: str,
    filters: Filters | None,
    limit: int,
    *,
    by_date: bool = False,
    understanding: Understanding | None = None,
) -> list[tuple[Hit, ClaimView]]:
    """The claims that answer a query, or without one pass the filters, as they stand in one state of the store.

    ``ask`` asks the search index. A query without letters and digits is answered by nothing.
    """
    filters = filters or Filters()

    def answered(index: StatementIndex) -> list[tuple[Hit, ClaimView]]:
        meant = _meant(store, index, query, understanding) if understanding is not None else None
        with store.snapshot() as reader:
            hits = search(reader, index, query, filters, limit, by_date=by_date, meant=meant)
            return with_views(reader, hits)

    if not query.strip():
        with store.snapshot() as reader:
            return with_views(reader, browse(reader, filters, limit, by_date=by_date))
    return ask(store, answered) if has_words(query) else []


def with_views(reader: Reader, hits: Iterable[Hit]) -> list[tuple[Hit, ClaimView]]:
    """Return each hit with its claim as it is shown."""
    found = list(hits)
    ahead = read_ahead(reader, [hit.claim for hit in found])
    return [(hit, claim_view(of_claim, claim)) for hit, (claim, of_claim) in zip(found, ahead, strict=True)]


def _meant(store: Store, index: StatementIndex, query: str, understanding: Understanding) -> Meant | None:
    from claimreg.services.finding.match import claims_of_registry, understand

    known = claims_of_registry(index, store)
    understand(known, *understanding)
    return known.meaning.of(query) if known.meaning else None


def _is_answer(explanation: Explanation, score: float, near: float | None) -> bool:
    if near is not None and near >= NEAR:
        return True
    return bool(explanation.found) and (explanation.coverage >= ENOUGH or score >= NEARLY_THE_SAME)


def has_words(query: str) -> bool:
    """Return whether a query has anything to search for."""
    return any(map(str.isalnum, query))


def browse(reader: Reader, filters: Filters, limit: int, *, by_date: bool = False) -> Iterator[Hit]:
    """The claims that pass the filters, without any words asked for: the newest first, or by date those said last."""
    claims: Iterator[Claim] = (claim for claim, _ahead in filtered(reader, filters, newest_first=True))
    if by_date:
        claims = iter(nlargest(limit, claims, key=lambda claim: said_last(reader, claim)))
    return (Hit(claim, 100.0, ()) for claim, _ in zip(claims, range(limit), strict=False))
