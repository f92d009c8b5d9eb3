"""The cost of what turns one word into another: little for what fingers, eyes and scanners do, one for a letter without a reason."""

from __future__ import annotations

import unicodedata
from functools import cache, lru_cache
from itertools import combinations, pairwise
from typing import NamedTuple

from claimreg.linker.judge.knowledge import knowledge

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

_NEVER: _Way = (NEVER, NEVER)


@lru_cache(maxsize=1 << 14)
def cost(left: str, right: str, *, scanned: bool = False) -> Cost:
    """The least cost of turning one word (lower case, NFC) into the other; it is the same both ways.

    What scanners take for what counts only where the passage looks ``scanned``: people do not write b for s.
    """
    if left == right:
        return Cost(0.0, 0.0)
    if max(len(left), len(right)) > _LONGEST:
        return Cost(*_NEVER)
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
    twos = [[pair in _twos(scanned=scanned) for pair in zip("\0" + word, word, strict=False)] for word in (left, right)]
    row: list[_Way] = [(0.0, 0.0)]
    for price in added:
        row.append(_plus(row[-1], price))
    table = [row]
    for i, mine in enumerate(left):
        above, row = row, [_plus(row[0], lost[i])]
        table.append(row)
        for j, other in enumerate(right):
            best = min(_plus(above[j + 1], lost[i]), _plus(row[j], added[j]))
            best = min(best, above[j] if mine == other else _plus(above[j], _replaced(mine, other, scanned=scanned)))
            if i and j and mine != other and mine == right[j - 1] and other == left[i - 1]:
                best = min(best, _plus(table[i - 1][j - 1], MOVED))
            if twos[0][i] or twos[1][j]:
                best = min(best, _way_of_two(left[: i + 1], right[: j + 1], table, scanned=scanned))
            row.append(best)
    return Cost(*row[-1])


def _losses(word: str) -> list[float]:
    """The cost of losing, or adding, each letter of a word."""
    return [MOVED if letter == before else LOST for before, letter in zip("\0" + word, word, strict=False)]


def _way_of_two(left: str, right: str, table: list[list[_Way]], *, scanned: bool) -> _Way:
    """The least cost with a last change that takes two letters for one or two, or one for two."""
    best = _NEVER
    for of_left, of_right in ((2, 1), (1, 2), (2, 2)):
        if len(left) >= of_left and len(right) >= of_right:
            change = confusions(scanned=scanned).get((left[-of_left:], right[-of_right:]))
            if change is not None:
                best = min(best, _plus(table[len(left) - of_left][len(right) - of_right], change))
    return best


def _plus(way: _Way, change: float) -> _Way:
    return way[0] + change, max(way[1], change)


@lru_cache(maxsize=1 << 12)
def _replaced(left: str, right: str, *, scanned: bool) -> float:
    if left == right:
        return 0.0
    if bare(left) == bare(right):
        return LOST_MARK
    vowels = knowledge().vowels
    return confusions(scanned=scanned).get((left, right), VOWEL if left in vowels and right in vowels else ANY)


@lru_cache(maxsize=1 << 12)
def bare(letter: str) -> str:
    """A letter (lower case) without its marks, or the one typed for it where the keyboard lacks it."""
    letter = unicodedata.normalize("NFD", _plain().get(letter, letter))[:1]
    return "" if unicodedata.combining(letter) else letter


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
def _twos(*, scanned: bool) -> frozenset[tuple[str, str]]:
    """The pairs of letters that are taken for others."""
    return frozenset((letters[0], letters[1]) for pair in confusions(scanned=scanned) for letters in pair if len(letters) > 1)


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
