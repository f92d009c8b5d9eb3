"""Whether nearly the same claim is there already: same words but for slips and order, same numbers, same negations."""

from __future__ import annotations

from typing import TYPE_CHECKING

from claimreg.model import Claim, record_number, record_type_of
from claimreg.services.search import search_words, word_similarity
from claimreg.store.port import EVERYTHING

if TYPE_CHECKING:
    from collections.abc import Iterable

    from claimreg.store.port import ClaimIndex, Store

_SAME_WORD = 0.8
_STEM = 5
_LOOKED_AT = 60
_BATCH = 2_000
_SMALL_WORD = 3
"""Words up to this many letters (articles, prepositions) may come and go."""


def near_duplicates(store: Store, text: str, limit: int = 3) -> list[Claim]:
    """The claims that say nearly the same, the likest first."""
    candidates = list(_candidates(store, text))
    if not candidates:
        return []
    wanted = _Wording(text)
    ranked = [(likeness, claim) for claim in candidates if (likeness := wanted.likeness(_Wording(claim.text)))]
    ranked.sort(key=lambda one: -one[0])
    return [claim for _likeness, claim in ranked[:limit]]


def bring_up_to_date(store: Store, index: ClaimIndex) -> None:
    """Take into the index what was recorded since; one that belongs to another history is made anew."""
    seq, own = index.position()
    events = store.history(after=max(seq - 1, 0))
    first = next(events, None) if seq else None
    if seq and (first is None or first.seq != seq or first.hash != own):
        index.clear()
        seq, own, events = 0, "", store.history()
    latest: dict[int, list[str]] = {}
    for event in events:
        seq, own = event.seq, event.hash
        if record_type_of(event.object_id) is Claim and event.after is not None:
            in_use = event.after["removed_at"] is None
            latest[record_number(event.object_id)] = index_words(event.after["text"]) if in_use else []
        if len(latest) >= _BATCH:
            index.update(latest.items(), seq, own)
            latest.clear()
    if (seq, own) != index.position():
        index.update(latest.items(), seq, own)


def index_words(text: str) -> list[str]:
    """The words that a claim is looked up by: their first letters in Latin, so that endings and scripts do not matter."""
    from claimreg.text.romanize import romanize_words

    return list(dict.fromkeys(word[:_STEM] for word in romanize_words(text)))


def _candidates(store: Store, text: str) -> Iterable[Claim]:
    index = store.claim_index()
    if index is None:
        return store.find(Claim, EVERYTHING)
    try:
        bring_up_to_date(store, index)
        numbers = index.candidates(index_words(text), _LOOKED_AT)
    finally:
        index.close()
    found = (store.get(Claim, f"{Claim.PREFIX}{number}") for number in numbers)
    return [claim for claim in found if claim is not None and claim.removed_at is None]


class _Wording:
    """A text as the words that tell it from others."""

    def __init__(self, text: str) -> None:
        from claimreg.match.flags import is_negation

        words = search_words(text)
        self.numbers = sorted(word.key for word in words if any(character.isdigit() for character in word.key))
        self.negated = sum(is_negation(word.key) for word in words) % 2
        self.words = [word.skeleton for word in words if not is_negation(word.key)]

    def likeness(self, other: _Wording) -> float:
        """0 where the two say different things, else 0..1."""
        if self.numbers != other.numbers or self.negated != other.negated or not self.words or not other.words:
            return 0.0
        similarities = [*_best(self.words, other.words), *_best(other.words, self.words)]
        if any(similarity < _SAME_WORD for word, similarity in similarities if len(word) > _SMALL_WORD):
            return 0.0
        return sum(similarity for _word, similarity in similarities) / len(similarities)


def _best(words: Iterable[str], others: list[str]) -> list[tuple[str, float]]:
    return [(word, max(1.0 if word == other else word_similarity(word, other) for other in others)) for word in words]
