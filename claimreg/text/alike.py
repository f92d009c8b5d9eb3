"""Likeness of words, and whether two are the same: written nearly the same, or the same but for an ending, each use with its own bars."""

from __future__ import annotations

from math import inf
from typing import TYPE_CHECKING, NamedTuple, TypeAlias

if TYPE_CHECKING:
    import numpy as np

Matrix: TypeAlias = "np.ndarray[tuple[int, int], np.dtype[np.float32]]"

_BUT_FOR_AN_ENDING = 0.75
"""Least likeness of two words that share a stem."""


class Bars(NamedTuple):
    """From which on two words are the same; lengths are in characters.

    They are the same but for an ending where they begin alike for ``stem`` characters, half of the longer word if ``half``, all but
    ``cut`` of the shorter word, all but ``ending`` of the longer one; or where the shorter one, of ``whole`` characters, begins the
    other. They are written alike where their letters are, by ``letters`` (0..1, optimal string alignment). Words shorter than
    ``shortest`` are neither.
    """

    shortest: int = 4
    stem: int = 4
    half: bool = True
    cut: float = inf
    ending: float = inf
    whole: float = inf
    letters: float = inf


QUOTED = Bars(ending=5)
"""A quote's word and the source's: slips are judged by the linker itself."""

NAMED = Bars(stem=3, half=False, cut=1, letters=0.7)
"""A name among the words of another statement."""

STATED = Bars(cut=2, letters=0.65)
"""The words of two statements."""

ASKED = STATED._replace(whole=5)
"""A word of a query and one of a claim, which may have many endings (Kazakh көпір, көпірлерімізден)."""

SAID = 0.74
"""Likeness (0..1) from which on a word asked for is said."""

ONE_WORD = 0.8
"""Likeness from which on two claims have a word in common."""


def is_same(left: str, right: str, bars: Bars) -> bool:
    """Return whether two words are the same by these bars."""
    if left == right:
        return True
    shorter, longer = sorted((len(left), len(right)))
    if shorter < bars.shortest:
        return False
    stem = next((index for index in range(shorter) if left[index] != right[index]), shorter)
    if stem >= max(bars.stem, shorter - bars.cut, longer - bars.ending, longer / 2 if bars.half else 0) or shorter == stem >= bars.whole:
        return True
    if bars.letters > 1:
        return False
    from rapidfuzz.distance import OSA

    return OSA.normalized_similarity(left, right) >= bars.letters


def likenesses(left: list[str], right: list[str], bars: Bars) -> Matrix:
    """Likeness (0..1) of each two words by these bars, a row for each of ``left``; 0 for those that are not the same."""
    import numpy as np
    from rapidfuzz.distance import OSA, Prefix
    from rapidfuzz.process import cdist

    written: Matrix = cdist(left, right, scorer=OSA.normalized_similarity, dtype=np.float32)
    stem: Matrix = cdist(left, right, scorer=Prefix.similarity, dtype=np.float32)
    of_left = np.array([len(word) for word in left], np.float32)[:, None]
    of_right = np.array([len(word) for word in right], np.float32)[None]
    shorter, longer = np.minimum(of_left, of_right), np.maximum(of_left, of_right)
    written[(written < 1) & ((written < bars.letters) | (shorter < bars.shortest))] = 0
    ending = (shorter >= bars.shortest) & (stem >= bars.stem) & (2 * stem >= longer * bars.half)
    ending &= (stem >= shorter - bars.cut) & (stem >= longer - bars.ending)
    stems = np.where(ending, _BUT_FOR_AN_ENDING + (1 - _BUT_FOR_AN_ENDING) * stem / longer, 0)
    whole = np.where((stem == shorter) & (shorter >= bars.whole), _BUT_FOR_AN_ENDING, 0)
    return np.maximum(written, np.maximum(stems, whole)).astype(np.float32)
