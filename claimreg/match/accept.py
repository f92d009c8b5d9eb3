"""The bar that a place must pass to be called the quote's, and what passing it is worth.

Worth is mostly the share of the quote's words that stand there in order, and for the rest the similarity of the
characters: the first tells a changed sentence from another sentence made of the same letters, the second holds under
scanning noise, where words fall apart. Words of the source that the quote leaves out are cheap, a long run of words
that the source does not have is dear. The bar falls with length: a short quote that differs a little is like many
sentences, a long one like none. The figures were chosen on made-up noise in six languages, on real scanning errors in
nine and on real re-quotings between newspapers.
"""

from __future__ import annotations

from bisect import bisect_right
from math import exp
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from claimreg.match.compare import Comparison

SHORTEST_FUZZY = 8.0
"""Letters (:attr:`claimreg.match.passage.Passage.weight`) below which a quote must stand as whole words."""

_BAR = ((8.0, 0.93), (16.0, 0.88), (20.0, 0.84), (30.0, 0.79), (45.0, 0.77), (65.0, 0.70), (100.0, 0.66), (150.0, 0.62))
_OF_WORDS = 0.75
_OF_CHARACTERS = 0.25
_REFUND_FOR_DROPPED = 0.15
_PRICE_OF_LOSS = 0.08
_MOST_DROPPED = 0.8
_STEEPNESS = 14.0
_EVEN = 0.6
_TELLING = 2.2


def worth(comparison: Comparison, similarity: float) -> float:
    """What a place is worth (0..1); ``similarity`` is 1 − edits/length over the characters of the keys."""
    dropped = min(comparison.dropped, _MOST_DROPPED)
    value = _OF_WORDS * comparison.coverage + _OF_CHARACTERS * similarity
    return min(1.0, value + _REFUND_FOR_DROPPED * dropped - _PRICE_OF_LOSS * comparison.longest_loss)


def passes(comparison: Comparison, similarity: float, weight: float) -> bool:
    """Whether a place is the quote's: worth more than the bar, and not mostly words that the quote leaves out."""
    return comparison.dropped <= _MOST_DROPPED and worth(comparison, similarity) >= bar(weight)


def bar(weight: float) -> float:
    """The least worth (0..1) that links a quote of ``weight`` letters; linear between the known points."""
    index = bisect_right(_BAR, (weight, 2.0))
    if index == 0:
        return _BAR[0][1]
    if index == len(_BAR):
        return _BAR[-1][1]
    (low, at_low), (high, at_high) = _BAR[index - 1], _BAR[index]
    return at_low + (at_high - at_low) * (weight - low) / (high - low)


def probability(margin: float, weight: float) -> float:
    """How likely (0..1) a place is the quote's, from its margin over the bar and the quote's length in letters.

    A logistic curve: at the bar a little better than even odds, at a margin of .3 nearly sure; very short quotes are
    discounted, because the same few words may be anyone's.
    """
    sure = 1.0 / (1.0 + exp(-(_STEEPNESS * margin + _EVEN)))
    return round(sure * (1.0 - exp(-weight / _TELLING)), 4)
