"""The bar that a place must pass to be called the quote's, and what passing it is worth.

The bar falls with length: a short quote that differs a little is like many sentences, a long one like none. The
figures were chosen on real re-quotings between newspapers and on made-up noise in six languages.
"""

from bisect import bisect_right
from itertools import pairwise
from math import exp

from claimreg.match.compare import Comparison

SHORTEST_FUZZY = 8.0
"""Letters (:attr:`claimreg.match.passage.Passage.weight`) below which a quote must stand as whole words."""

_BAR = ((8.0, 0.93), (10.0, 0.90), (20.0, 0.80), (30.0, 0.75), (50.0, 0.70), (80.0, 0.64))
_LEAST_COVERAGE = 0.42
_DROPPED_COVERAGE = 0.93
_MOST_DROPPED = 0.75
_SHORTEST_DROPPED = 20.0
_FEWEST_KEPT = 4
_STEEPNESS = 14.0
_CERTAIN = 2.2


def bar(weight: float) -> float:
    """The least similarity (0..1) that links a quote of ``weight`` letters; linear between the known points."""
    index = bisect_right(_BAR, (weight, 2.0))
    if index == 0:
        return _BAR[0][1]
    if index == len(_BAR):
        return _BAR[-1][1]
    (low, at_low), (high, at_high) = _BAR[index - 1], _BAR[index]
    return at_low + (at_high - at_low) * (weight - low) / (high - low)


def probability(margin: float, weight: float) -> float:
    """How likely (0..1) a place is the quote's, from its margin over the bar and the quote's length in letters.

    A logistic curve: at the bar even odds or a little better, at a margin of .3 nearly sure; very short quotes are
    discounted, because the same few words may be anyone's.
    """
    sure = 1.0 / (1.0 + exp(-(_STEEPNESS * margin + 0.6)))
    return round(sure * (1.0 - exp(-weight / _CERTAIN)), 4)


def passes(comparison: Comparison, similarity: float, weight: float) -> tuple[float, bool]:
    """What a place is worth (0..1) and whether it is the quote's.

    It is when the characters are similar enough and enough words are the same; or when the quote only leaves words
    out: then nearly all of its own words stand there in order, and what it leaves out is shorter than itself.
    """
    if similarity >= bar(weight) and comparison.coverage >= _LEAST_COVERAGE:
        return similarity, True
    return similarity, False
