"""Both sides of an alignment read as numbers, dates and other words, so that steps can be told by what they hold."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from functools import cached_property
from itertools import accumulate
from typing import TYPE_CHECKING, NamedTuple

from claimreg.linker.judge.calendar import EAST_ASIAN, dated_items_of
from claimreg.linker.judge.equality import VALUES, are_same
from claimreg.linker.judge.items import Item, Passage, may_count, places_of
from claimreg.linker.judge.wordlist import wordlist
from claimreg.linker.passage import words_at
from claimreg.linker.sameness import Sameness

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from claimreg.languages import Language
    from claimreg.linker.compare import Step
    from claimreg.linker.judge.wordlist import Wordlist
    from claimreg.linker.passage import Word

_BEFORE, _BEHIND, _DATE_BEHIND = 4, 3, 14
"""Code points before and behind a figure that may change what it stands for: its sign, or the rest of a date."""

_POINTS_OF_DATES = (".", "/", "-")

_BESIDE = 96
"""Code points beside a place in which words may belong to its first or last value."""


class Side(NamedTuple):
    """Words of one side of an alignment, and those beside them, read as items.

    ``firsts`` are the words that items begin with, ``valued`` those that values have, in order; ``starts`` are the words that steps
    begin with, and where the last step ends.
    """

    words: tuple[Word, ...]
    items: list[Item]
    firsts: list[int]
    valued: list[int]
    starts: list[int]

    def is_border(self, step: int) -> bool:
        """Return whether no item lies across the start of a step; what lies across an end of the place is its own."""
        at = self.starts[step]
        return at in {self.starts[0], self.starts[-1]} or self.firsts[bisect_right(self.firsts, at) - 1] == at

    def within(self, first: int, last: int) -> list[Item]:
        """The items of the words of some steps, those too that lie partly in them."""
        if self.starts[first] == self.starts[last]:
            return []
        return self.items[self.first(first) : self.end(last)]

    def holds_values(self, step: int) -> bool:
        """Return whether a value lies in a step, or partly."""
        at = bisect_left(self.valued, self.starts[step])
        return at < len(self.valued) and self.valued[at] < self.starts[step + 1]

    def first(self, step: int) -> int:
        """Return the number of the item that a step begins in."""
        return max(0, bisect_right(self.firsts, self.starts[step]) - 1)

    def end(self, step: int) -> int:
        """Return the number of the first item that begins at or behind the start of a step."""
        return bisect_left(self.firsts, self.starts[step])

    def parted(self, parts: Sequence[tuple[Word, ...]]) -> Side:
        """The side with its words in other steps, which may take in words beside the place."""
        first = next((part[0] for part in parts if part), None)
        before = self.words.index(first) if first else 0
        return self._replace(starts=[*accumulate(map(len, parts), initial=before)])


class Sides:
    """Both sides of an alignment in their texts; read once, and parted anew as the steps are."""

    def __init__(self, steps: Sequence[Step], quote: str, text: str, language: Language, *, spaced: bool = False) -> None:
        """Read the words of ``steps``, with ``spaced`` also 74, 9 as one number."""
        self.texts, self.language = (quote, text), language
        self.left = _side([step.quote for step in steps], quote, language, spaced=spaced)
        self._of_source, self._spaced = [step.source for step in steps], spaced

    @cached_property
    def right(self) -> Side:
        """Return the side of the source, read where it is asked for: where the quote's holds no value, it is of no account."""
        return _side(self._of_source, self.texts[1], self.language, spaced=self._spaced)

    @property
    def hold_values(self) -> bool:
        """Return whether there is a number or a date on both sides; else none is equal to one of the other side, or another than it."""
        return all(side.valued for side in self._both())

    @property
    def stretches(self) -> list[str]:
        """The stretches of both texts that were read."""
        both = zip(self._both(), self.texts, strict=True)
        return [text[side.words[0].span.start : side.words[-1].span.end] for side, text in both if side.words]

    def _both(self) -> Iterator[Side]:
        yield self.left
        yield self.right

    def parted(self, steps: Sequence[Step]) -> tuple[Side, Side]:
        """The left and the right side in these steps."""
        return self.left.parted([step.quote for step in steps]), self.right.parted([step.source for step in steps])

    def alone(self, step: Step) -> tuple[list[Item], list[Item]]:
        """The items of a step's words without those beside them."""
        return _items(step.quote, self.texts[0], self.language), _items(step.source, self.texts[1], self.language)


def may_change_values(step: Step, quote: str, text: str, language: Language) -> bool:
    """Return whether a step may make a difference to the values of both sides.

    One that differs does where a word of it counts; of one that fits, its own words must stand for two values. That is told without a
    look at them where neither they nor the signs beside figures differ.
    """
    if step.same is Sameness.OTHER or not step.quote or not step.source:
        return holds_values(step, quote, text, wordlist(language))
    (start, end), (first, last) = _extent(step.quote), _extent(step.source)
    if quote[start:end] != text[first:last]:
        return holds_values(step, quote, text, wordlist(language)) and _differ(step, quote, text, language)
    if not any(word.key[0].isdigit() for word in step.quote):
        return False
    return _signs_beside(quote, start, end) != _signs_beside(text, first, last) and _differ(step, quote, text, language)


def _signs_beside(text: str, start: int, end: int) -> tuple[str, str]:
    """Return what stands before and behind some words with figures, as far as it may change what these stand for."""
    behind = _DATE_BEHIND if text.startswith(_POINTS_OF_DATES, end) else _BEHIND
    return text[max(0, start - _BEFORE) : start], text[end : end + behind]


def _differ(step: Step, quote: str, text: str, language: Language) -> bool:
    """Return whether the words of a step by themselves are values on both sides, and not the same ones."""
    left, right = _items(step.quote, quote, language), _items(step.source, text, language)
    return bool(places_of(VALUES, left)) and bool(places_of(VALUES, right)) and not are_same(left, right)


def holds_values(step: Step, quote: str, text: str, known: Wordlist) -> bool:
    """Return whether a word of a step, on either side, may be a part of a number or a date."""
    sides = ((step.quote, quote), (step.source, text))
    return any(may_count(word, of, known) or word.key in EAST_ASIAN for words, of in sides for word in words)


def _extent(words: Sequence[Word]) -> tuple[int, int]:
    return words[0].span.start, words[-1].span.end


def items_touched(words: tuple[Word, ...], text: str, language: Language, reach: int) -> list[Item]:
    """The items of a text, read for ``reach`` code points around some words in a row, that these are a part of."""
    if not words:
        return []
    start, end = words[0].span.start, words[-1].span.end
    around = words_at(text, max(0, start - reach), min(len(text), end + reach))
    first = next((at for at, word in enumerate(around) if word.span.end > start), len(around))
    last = next((at for at, word in enumerate(around) if word.span.start >= end), len(around))
    low, high = _read_together(around, first, last, text, wordlist(language))
    return [item for item in _items(around[low:high], text, language) if item.first < last - low and item.last > first - low]


def _read_together(words: Sequence[Word], first: int, last: int, text: str, known: Wordlist) -> tuple[int, int]:
    """Return the stretch of words around some that may be read with them: beyond two in a row that do not count, nothing is."""

    def counts(at: int) -> bool:
        return 0 <= at < len(words) and (may_count(words[at], text, known) or words[at].key in EAST_ASIAN)

    low, high = first, last
    while counts(low - 1) or counts(low - 2):
        low -= 1
    while counts(high) or counts(high + 1):
        high += 1
    return max(0, low - 2), high + 2


def _side(parts: Sequence[tuple[Word, ...]], text: str, language: Language, *, spaced: bool) -> Side:
    of_steps = [word for part in parts for word in part]
    before, after = _words_beside(of_steps, text)
    words = (*before, *of_steps, *after)
    items = _items(words, text, language, spaced=spaced)
    valued = [word for at in places_of(VALUES, items) for word in range(items[at].first, items[at].last)]
    return Side(words, items, [item.first for item in items], valued, [*accumulate(map(len, parts), initial=len(before))])


def _items(words: Sequence[Word], text: str, language: Language, *, spaced: bool = False) -> list[Item]:
    return dated_items_of(Passage(words, text, wordlist(language), language.numerals.mark, spaced))


def _words_beside(words: Sequence[Word], text: str) -> tuple[tuple[Word, ...], tuple[Word, ...]]:
    """The words just before and behind others, which may be a part of their values (ten | percent)."""
    if not words:
        return (), ()
    start, end = words[0].span.start, words[-1].span.end
    line = max(text.rfind("\n", 0, start) + 1, start - _BESIDE)
    before = words_at(text, line, start) if start > line else ()
    last = text.find("\n", end)
    line = min(len(text) if last < 0 else last, end + _BESIDE)
    after = words_at(text, end, line) if end < line else ()
    return tuple(word for word in before if word.span.end <= start), tuple(word for word in after if word.span.start >= end)
