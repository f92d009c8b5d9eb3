"""Location of places where a quote may stand: every literal occurrence, and windows voted for by shared letter groups.

A window is then narrowed to the stretch of least edit distance by Myers's bit-vector algorithm (G. Myers, A fast
bit-vector algorithm for approximate string matching based on dynamic programming, J. ACM 46(3), 1999), here on
Python's integers of any length. Work is bounded: a letter group that stands everywhere is not followed everywhere.
"""

from __future__ import annotations

from bisect import bisect_right
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterator

_MOST_GROUPS = 160
"""Letter groups looked up for one quote; a longer quote is sampled evenly."""

_FEWEST_GROUPS = 32
_LETTERS_LOOKED_AT = 400_000_000
"""Letters of text that may be passed over for one quote, with all its letter groups together."""

_MOST_HITS = 6_000
"""Hits followed for one quote; the rarest groups come first."""

_FEW = 4
"""One group in so many must be rare enough to be followed everywhere."""

_MOST_HITS_A_GROUP = 1_500
_MOST_WINDOWS = 40
_VERY_SHORT = 12
"""Key characters up to which one shared letter group is enough for a look."""

_SHORT = 24
_MIDDLING = 40
_ARTICLE = 20_000
_BOOK = 100_000
"""Lengths of quotes and of texts, in key characters, from which on longer letter groups are used."""

_NARROW = 3
"""Texts up to so many times the reach of a vote are looked at as a whole: voting would not narrow them."""

_LONGEST_WHOLE = 900
"""Quotes beyond this many key characters are placed by their first and last part of half this length."""


class Window(NamedTuple):
    """A stretch of a text's key, with the number of the quote's letter groups that vote for it."""

    start: int
    end: int
    votes: int


class Fit(NamedTuple):
    """The stretch of a key that a quote fits best, with the number of edits (insert, delete, replace)."""

    start: int
    end: int
    distance: int


def occurrences(needle: str, haystack: str, most: int) -> Iterator[int]:
    """Offsets of ``needle`` in ``haystack`` that do not overlap, at most ``most``."""
    position = haystack.find(needle)
    while position >= 0 and most > 0:
        yield position
        most -= 1
        position = haystack.find(needle, position + len(needle))


def windows(quote: str, text: str, weight: float) -> list[Window]:
    """Stretches of ``text`` that share letter groups with ``quote``, the most promising first.

    Both are keys; ``weight`` is the quote's length in letters (:attr:`claimreg.linker.passage.Passage.weight`), from
    which the size of the letter groups follows.
    """
    length = len(quote)
    reach = length // 2 + 24
    if len(text) <= _NARROW * reach:
        return [Window(0, len(text), 0)]
    hits = _hits(quote, text, _group_size(length, len(text), weight))
    if not hits:
        return []
    found = _peaks(hits, reach, 2 if length > _VERY_SHORT else 1)
    slack = length // 6 + 12
    return [Window(max(0, start - slack), min(len(text), end + length + slack), votes) for start, end, votes in found]


def fit(quote: str, text: str, window: Window) -> Fit:
    """The stretch of the window that takes the fewest edits to become ``quote``."""
    from rapidfuzz.distance import Levenshtein

    piece = text[window.start : window.end]
    if len(quote) <= _LONGEST_WHOLE:
        end = _least_end(quote, piece)
        # What takes no more edits than the quote has letters is no longer than twice the quote.
        start = end - _least_end(quote[::-1], piece[max(0, end - 2 * len(quote)) : end][::-1], anchored=True)
    else:
        half = _LONGEST_WHOLE // 2
        middle = max(half, len(piece) - len(quote) // 2)
        start_end = _least_end(quote[:half], piece[:middle])
        start = start_end - _least_end(quote[:half][::-1], piece[:start_end][::-1], anchored=True)
        tail = min(len(piece), middle, max(start_end, start + len(quote) // 2))
        end = tail + _least_end(quote[-half:], piece[tail:])
    distance = Levenshtein.distance(quote, piece[start:end])
    return Fit(window.start + start, window.start + end, distance)


def _group_size(length: int, text_length: int, weight: float) -> int:
    if weight > 1.5 * length:
        return 2 if text_length < _BOOK else 3
    if text_length < _ARTICLE:
        return 3 if length < _SHORT else 4
    return 4 if length < _MIDDLING else 5


def _hits(quote: str, text: str, size: int) -> list[tuple[int, int]]:
    """Pairs (diagonal, position in the quote) for the quote's letter groups, the rarest groups first."""
    most = max(_FEWEST_GROUPS, min(_MOST_GROUPS, _LETTERS_LOOKED_AT // len(text)))
    step = max(1, -(-(len(quote) - size + 1) // most))
    positions: dict[str, list[int]] = {}
    for position in range(0, len(quote) - size + 1, step):
        positions.setdefault(quote[position : position + size], []).append(position)
    counts = sorted((text.count(group), group) for group in positions)
    hits: list[tuple[int, int]] = []
    followed = 0
    for count, group in counts:
        if count and (not hits or len(hits) + count * len(positions[group]) <= _MOST_HITS):
            followed += 1
            some = positions[group][:4]
            for place in occurrences(group, text, min(count, _MOST_HITS_A_GROUP)):
                hits += [(place - position, position) for position in some]
    if followed * _FEW < sum(count > 0 for count, _ in counts):
        # A text that repeats itself: the first places stand for all the others.
        share = max(1, _MOST_HITS // len(counts))
        hits += [
            (place - position, position)
            for count, group in counts
            if count
            for place in occurrences(group, text, share)
            for position in positions[group][:1]
        ]
    return hits


def _peaks(hits: list[tuple[int, int]], reach: int, least: int) -> list[Window]:
    """Groups of hits whose diagonals lie within ``reach``, the best ones, each as (least diagonal, greatest diagonal, votes).

    None has fewer votes than ``least``, or than two fifths of those of the best one.
    """
    hits.sort()
    diagonals = [diagonal for diagonal, _ in hits]
    scored = _scored(hits, diagonals, reach)
    best = max(votes for votes, _, _ in scored)
    bar = max(least, best * 0.4)
    found: list[Window] = []
    taken: list[tuple[int, int]] = []
    for fewer, size, first in sorted([(-votes, last - first, first) for votes, first, last in scored if votes >= bar]):
        low, high = diagonals[first], diagonals[first + size - 1]
        index = bisect_right(taken, (low, high))
        clear = (index == 0 or taken[index - 1][1] < low - reach // 2) and (index == len(taken) or taken[index][0] > high + reach // 2)
        if clear:
            taken.insert(index, (low, high))
            found.append(Window(low, high, -fewer))
            if len(found) >= _MOST_WINDOWS:
                break
    return found


def _scored(hits: list[tuple[int, int]], diagonals: list[int], reach: int) -> list[tuple[int, int, int]]:
    """Return, for each hit, how many of the quote's letter groups hit within ``reach`` from it on, and which hits these are."""
    seen: dict[int, int] = {}
    last, count = 0, len(hits)
    scored: list[tuple[int, int, int]] = []
    for first, (diagonal, position) in enumerate(hits):
        limit = diagonal + reach
        while last < count and diagonals[last] <= limit:
            other = hits[last][1]
            seen[other] = seen.get(other, 0) + 1
            last += 1
        scored.append((len(seen), first, last))
        if seen[position] == 1:
            del seen[position]
        else:
            seen[position] -= 1
    return scored


def _least_end(pattern: str, text: str, *, anchored: bool = False) -> int:
    """Return where the stretch of ``text`` nearest to ``pattern`` ends; the last such end when several are as near.

    ``anchored`` holds the stretch to the start of ``text``.
    """
    from claimreg.linker import kernel

    end = kernel.compiled.least_end(pattern, text, anchored) if kernel.compiled else None
    return _least_end_in_python(pattern, text, anchored=anchored) if end is None else end


def _least_end_in_python(pattern: str, text: str, *, anchored: bool) -> int:
    masks: dict[str, int] = {}
    for index, character in enumerate(pattern):
        masks[character] = masks.get(character, 0) | 1 << index
    full = (1 << len(pattern)) - 1
    high = 1 << (len(pattern) - 1)
    plus, minus, score = full, 0, len(pattern)
    least, end = score, 0
    for index, character in enumerate(text, 1):
        equal = masks.get(character, 0)
        vertical = equal | minus
        horizontal = (((equal & plus) + plus) ^ plus) | equal
        more = minus | (full & ~(horizontal | plus))
        less = plus & horizontal
        if more & high:
            score += 1
        elif less & high:
            score -= 1
        more = more << 1 | anchored
        less <<= 1
        plus = (less | ~(vertical | more)) & full
        minus = more & vertical & full
        if score <= least:
            least, end = score, index
    return end
