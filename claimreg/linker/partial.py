"""Quotes of which only stretches stand in the text: something left out or put in, with no mark of it.

A stretch must stand word for word, and tell more than chance explains. One stretch alone must be a good part of the
quote; two or more that stand near each other, in the quote's order or, next to each other, in another, speak for each other.
"""

from __future__ import annotations

from math import exp, log
from typing import TYPE_CHECKING, NamedTuple

from claimreg.linker.accept import ENOUGH, Evidence
from claimreg.linker.compare import Comparison, Step, letters
from claimreg.linker.passage import passage_of
from claimreg.linker.place import Fit
from claimreg.linker.sameness import Sameness
from claimreg.linker.search import similar_places
from claimreg.model import Span

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from claimreg.linker.collection import Ground
    from claimreg.linker.passage import Passage, TextIndex

REACH = 4_000
"""Code points of the text that may lie between two stretches of a quote."""

_NEXT = 40
"""Code points that may lie between two stretches that have changed places: clauses that were swapped stand side by side."""

_FEWEST_WORDS = 9
_LEAST_SHARE = 1 / 3
"""Least words and least share of the quote's letters for a stretch that stands alone."""

_FEWEST_WORDS_OF_MANY = 5
_LEAST_SHARE_OF_MANY = 0.65
"""Least of each of many stretches, and of all of them together."""

_EVEN_SURPLUS, _SURPLUS_OF_A_STEP = 42.0, 13.0
"""Logistic curve of the surplus: of 99 such places in the sets of ``benchmarks/link.py``, 5 of 33 below 40 bits were right, 11 of 19
from 40 to 60, 41 of 47 above. The share of the quote told them apart no further."""


_LEAST_SURPLUS = _EVEN_SURPLUS + _SURPLUS_OF_A_STEP * log(ENOUGH / (1.0 - ENOUGH))
"""Bits that the curve asks for."""

_ROUNDING = 1e-6


class StretchEvidence(Evidence):
    """Evidence for places that hold stretches of a quote word for word, and not the rest."""

    @property
    def probability(self) -> float:
        """Return the probability (0..1) that the stretches are the quote's."""
        return 1.0 / (1.0 + exp((_EVEN_SURPLUS - self.surplus) / _SURPLUS_OF_A_STEP))


class _Stretch(NamedTuple):
    """Steps in which every word is kept, with the numbers of the quote's words that they hold, and their bits."""

    first: int
    end: int
    start: int
    stop: int
    told: float
    length: int
    steps: tuple[Step, ...]


def partial_places(places: Sequence[Fit], passage: Passage, index: TextIndex, ground: Ground) -> tuple[Fit, ...]:
    """The stretches of ``passage`` that stand at places which were not accepted, in the quote's order; may be empty."""
    found = list(_stretches(places, passage, ground))
    if not found:
        return ()
    most_telling = max(found, key=lambda stretch: stretch.told)
    found += _beside(most_telling, passage, index, ground)
    found.sort(key=lambda stretch: -stretch.told)
    chain = _chain(found)
    if len(chain) > 1 and _share(chain, passage) >= _LEAST_SHARE_OF_MANY:
        return _places(chain, passage, ground)
    alone = found[:1]
    long_enough = alone[0].end - alone[0].first >= _FEWEST_WORDS and _share(alone, passage) >= _LEAST_SHARE
    return _places(alone, passage, ground) if long_enough else ()


def may_hold_stretches(passage: Passage, ground: Ground) -> bool:
    """Return whether stretches of a passage could be accepted, or all its words together tell too little.

    What stands behind the most telling stretch is looked for as a passage of its own (:func:`_beside`), whose first word may tell more
    than it does behind the word before it.
    """
    most = ground.all_bits(passage) + ground.most_bits_of_a_word(passage)
    return most + _ROUNDING >= ground.room + _LEAST_SURPLUS


def _beside(one: _Stretch, passage: Passage, index: TextIndex, ground: Ground) -> Iterator[_Stretch]:
    """The stretches of what the quote has before and after ``one``, near it: a search for the whole sees one of two swapped."""
    near = index.key_range(one.start - len(passage.text) - _NEXT, one.stop + len(passage.text) + _NEXT)
    for first, end in ((0, one.first), (one.end, len(passage.words))):
        if end - first >= _FEWEST_WORDS_OF_MANY:
            rest = passage_of(passage.text, passage.words[first].span.start, passage.words[end - 1].span.end)
            yield from _stretches(similar_places(rest, index, near, ground.near(near.end - near.start)), rest, ground, first)


def _stretches(places: Sequence[Fit], passage: Passage, ground: Ground, words_before: int = 0) -> Iterator[_Stretch]:
    """The runs of words kept at ``places``; ``words_before`` of the quote stand before the passage."""
    bits = ground.bits(passage)
    number = {word.at: words_before + index for index, word in enumerate(passage.words)}
    for place in places:
        run: list[Step] = []
        for step in (*place.comparison.steps, None):
            if step and step.quote and step.source and step.same is not Sameness.OTHER:
                run.append(step)
                continue
            words = [word for kept in run for word in kept.quote]
            if len(words) >= _FEWEST_WORDS_OF_MANY:
                told = sum(bits[word.at] for word in words)
                span = run[0].source[0].span.start, run[-1].source[-1].span.end
                yield _Stretch(number[words[0].at], number[words[-1].at] + 1, *span, told, letters(tuple(words)), tuple(run))
            run = []


def _chain(found: list[_Stretch]) -> list[_Stretch]:
    """Stretches near the most telling one that follow each other both in the quote and in the text, or have changed places."""
    chain = found[:1]
    for one in found[1:]:
        if all(_fits(one, other) for other in chain):
            chain.append(one)
    return sorted(chain, key=_of_quote)


def _of_quote(stretch: _Stretch) -> tuple[int, int]:
    """The place of a stretch in the quote's order, then in the text's."""
    return stretch.first, stretch.start


def _fits(one: _Stretch, other: _Stretch) -> bool:
    before, after = sorted((one, other), key=_of_quote)
    if after.start < before.start:
        return before.end <= after.first and after.stop <= before.start <= after.stop + _NEXT
    return before.end <= after.first and before.stop <= after.start <= before.stop + REACH


def _share(chain: list[_Stretch], passage: Passage) -> float:
    return sum(stretch.length for stretch in chain) / max(1, len(passage.key))


def _places(chain: list[_Stretch], passage: Passage, ground: Ground) -> tuple[Fit, ...]:
    share = _share(chain, passage)
    told = sum(stretch.told for stretch in chain)
    evidence = StretchEvidence(told=told, surplus=told - ground.room, lost=0.0, alike=1.0, dropped=0.0)
    if not evidence.accepted:
        return ()
    places: list[Fit] = []
    at = 0
    for stretch in chain:
        until = len(passage.words) if stretch is chain[-1] else stretch.end
        steps = (*_added(passage, at, stretch.first), *stretch.steps, *_added(passage, stretch.end, until))
        places.append(Fit(passage, Comparison(steps, Span(stretch.start, stretch.stop)), share, share, evidence))
        at = stretch.end
    return tuple(places)


def _added(passage: Passage, first: int, end: int) -> list[Step]:
    return [Step((word,), (), Sameness.OTHER, 0.0) for word in passage.words[first:end]]
