"""The cost of what turns one word into another: little for what fingers, eyes and scanners do, one for a letter without a reason."""

from __future__ import annotations

import unicodedata
from functools import cache, lru_cache
from itertools import combinations, pairwise
from typing import TYPE_CHECKING, NamedTuple

from claimreg.linker.judge.knowledge import knowledge

if TYPE_CHECKING:
    from collections.abc import Callable

COUNTED = ((12, 0.25), (5, 0.35), (3, 0.45))
"""Cost of what scanners mistook at least so many times, among the 2,600 changes that ``benchmarks/fit_judge.py`` counts."""

SHAPE = 0.35
LOST_MARK = 0.2
MOVED = 0.4
"""Two neighbours that changed places, or a letter typed twice or once too few."""

KEY = 0.5
VOWEL = 0.75
LOST = 0.8
"""A letter that was added or lost."""

ANY = 1.0
NEVER = 99.0
STRONG = 0.45
"""The dearest change that is a reason by itself: what costs more is done by chance as well."""

_LONGEST = 40
_CONTEXT = 2


class Cost(NamedTuple):
    """The sum of the costs of all changes, and the dearest of them."""

    total: float
    dearest: float


_Way = tuple[float, float]
"""Total and dearest, as in :class:`Cost`."""


@lru_cache(maxsize=1 << 14)
def cost(left: str, right: str, *, scanned: bool = False) -> Cost:
    """The least cost of turning one word (lower case, NFC) into the other; it is the same both ways.

    What scanners take for what counts only where the passage looks ``scanned``: people do not write b for s.
    """
    if left == right:
        return Cost(0.0, 0.0)
    if max(len(left), len(right)) > _LONGEST:
        return Cost(NEVER, NEVER)
    return _aligned(*_middle(left, right), scanned=scanned)


def _middle(left: str, right: str) -> tuple[str, str]:
    """Both words without the letters that they begin and end with alike, but for those that a change may look at."""
    shorter = min(len(left), len(right))
    begin = next((at for at in range(shorter) if left[at] != right[at]), shorter)
    end = next((at for at in range(shorter - begin) if left[-1 - at] != right[-1 - at]), shorter - begin)
    begin, end = max(0, begin - _CONTEXT), max(0, end - _CONTEXT)
    return left[begin : len(left) - end], right[begin : len(right) - end]


def _aligned(left: str, right: str, *, scanned: bool) -> Cost:
    """The cost by dynamic programming, as of an edit distance with transpositions and changes of two letters."""
    lost, added = _losses(left), _losses(right)
    of_left, of_right = (_pairs(word, scanned=scanned) for word in (left, right))
    changes, replaced = confusions(scanned=scanned), _replaced(scanned=scanned)
    row: list[_Way] = [(0.0, 0.0)]
    for price in added:
        row.append(_plus(row[-1], price))
    table = [row]
    for i, mine in enumerate(left):
        loss, two = lost[i], of_left[i]
        above, row = row, [_plus(row[0], loss)]
        table.append(row)
        for j, other in enumerate(right):
            best = above[j] if mine == other else _plus(above[j], replaced(mine, other))
            # What costs more in sum is no better: this is done for each letter with each.
            if above[j + 1][0] + loss <= best[0]:
                best = min(best, _plus(above[j + 1], loss))
            if row[j][0] + added[j] <= best[0]:
                best = min(best, _plus(row[j], added[j]))
            if mine != other and i and j and mine == right[j - 1] and other == left[i - 1]:
                best = min(best, _plus(table[i - 1][j - 1], MOVED))
            if two or of_right[j]:
                ways = (table[i - 1][j], (two, other)), (above[j - 1], (mine, of_right[j])), (table[i - 1][j - 1], (two, of_right[j]))
                best = min(best, *(_plus(way, changes.get(change, NEVER)) for way, change in ways))
            row.append(best)
    return Cost(*row[-1])


def _pairs(word: str, *, scanned: bool) -> list[str]:
    """Each letter of a word with the one before it, where the two are taken for others; empty where they are not."""
    known = _twos(scanned=scanned)
    return [pair if pair in known else "" for pair in map(str.__add__, "\0" + word, word)]


def _losses(word: str) -> list[float]:
    """The cost of losing, or adding, each letter of a word."""
    return [MOVED if letter == before else LOST for before, letter in zip("\0" + word, word, strict=False)]


def _plus(way: _Way, change: float) -> _Way:
    total, dearest = way
    return (total + change, change) if change > dearest else (total + change, dearest)


@cache
def _replaced(*, scanned: bool) -> Callable[[str, str], float]:
    """The cost of one letter in place of another one."""
    known, vowels = confusions(scanned=scanned), knowledge().vowels

    @lru_cache(maxsize=1 << 12)
    def replaced(left: str, right: str) -> float:
        if bare(left) == bare(right):
            return LOST_MARK
        return known.get((left, right), VOWEL if left in vowels and right in vowels else ANY)

    return replaced


@lru_cache(maxsize=1 << 12)
def bare(letter: str) -> str:
    """A letter (lower case) without its marks, or the one typed for it where the keyboard lacks it."""
    plain = _plain().get(letter, letter)
    # A Hangul syllable is taken apart, too, and none of its pieces is a mark.
    decomposed = unicodedata.normalize("NFD", plain)
    first = decomposed[:1] if all(map(unicodedata.combining, decomposed[1:])) else plain
    return "" if unicodedata.combining(first) else first


@cache
def _plain() -> dict[str, str]:
    return {pair[0]: pair[1] for pair in knowledge().plain}


@cache
def confusions(*, scanned: bool) -> dict[tuple[str, str], float]:
    """The cost of letters, or two letters, taken for others, both ways; with those that scanners were counted to confuse."""
    found: dict[tuple[str, str], float] = {}

    def put(left: str, right: str, change: float) -> None:
        for pair in ((left, right), (right, left)):
            found[pair] = min(change, found.get(pair, NEVER))

    for rows in knowledge().keyboards:
        for pair in neighbours(rows):
            put(*pair, KEY)
    for group in knowledge().shapes:
        for left, right in [group.split(",")] if "," in group else combinations(group, 2):
            put(left, right, SHAPE)
    counted = knowledge().counted if scanned else ()
    for left, right, times in zip(counted[::3], counted[1::3], map(int, counted[2::3]), strict=True):
        change = next((change for least, change in COUNTED if times >= least), None)
        if change is not None:
            put(left, right, change)
    return found


@cache
def _twos(*, scanned: bool) -> frozenset[str]:
    """The pairs of letters that are taken for others."""
    return frozenset(letters for pair in confusions(scanned=scanned) for letters in pair if len(letters) > 1)


def neighbours(rows: tuple[str, ...]) -> set[tuple[str, str]]:
    """Neighbouring keys, in a row and in the row below: each row stands half a key to the right of the one above it."""
    found = {(row[at], row[at + 1]) for row in rows for at in range(len(row) - 1)}
    for upper, lower in pairwise(rows):
        found |= {(upper[at + step], key) for at, key in enumerate(lower) for step in (0, 1) if at + step < len(upper)}
    return found


@cache
def misread_as() -> dict[str, tuple[str, ...]]:
    """The letters that one letter, or two, may be misread as, by look-alike shapes."""
    found: dict[str, list[str]] = {}
    for (left, right), change in confusions(scanned=True).items():
        if change <= SHAPE:
            found.setdefault(left, []).append(right)
    return {letters: tuple(others) for letters, others in found.items()}
