"""Whether nearly the same claim is there already: same words but for slips and order, same numbers, same negations."""

from __future__ import annotations

from typing import TYPE_CHECKING

from claimreg.match.flags import is_negation
from claimreg.model import Claim
from claimreg.services.search import search_words, word_similarity
from claimreg.store.port import EVERYTHING, Reader

if TYPE_CHECKING:
    from collections.abc import Iterable

_SAME_WORD = 0.8
_SMALL_WORD = 3
"""Words up to this many letters (articles, prepositions) may come and go."""


def near_duplicates(reader: Reader, text: str, limit: int = 3) -> list[Claim]:
    """The claims that say nearly the same, the likest first."""
    wanted = _Wording(text)
    ranked = [(likeness, claim) for claim in reader.find(Claim, EVERYTHING) if (likeness := wanted.likeness(_Wording(claim.text)))]
    ranked.sort(key=lambda one: -one[0])
    return [claim for _likeness, claim in ranked[:limit]]


class _Wording:
    """A text as the words that tell it from others."""

    def __init__(self, text: str) -> None:
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
