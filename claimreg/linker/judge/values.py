"""Compare numbers and dates by what they mean, and tell which of them an alignment changes."""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from itertools import accumulate, groupby, zip_longest
from typing import TYPE_CHECKING

from claimreg.linker.compare import Step
from claimreg.linker.judge.calendar import dated_items_of, is_year
from claimreg.linker.judge.equality import DATES, VALUES, are_same, is_equal, meet
from claimreg.linker.judge.items import Item, Passage
from claimreg.linker.judge.wordlist import Kind, wordlist
from claimreg.linker.passage import passage_at
from claimreg.linker.sameness import Sameness, likeness
from claimreg.model import Flag

if TYPE_CHECKING:
    from collections.abc import Sequence

    from claimreg.languages import Language
    from claimreg.linker.passage import Word

_LONGEST = 24
"""Steps that one value may take; the longest number in words has some twenty."""

_AROUND = 64
"""Code points around a step that tell what its words belong to."""

_BESIDE = 96
"""Code points beside a place in which words may belong to its first or last value."""

_SPACED = re.compile(r"\d, \d")
_SPEECH_YEARS = range(1800, 2100)
"""Numbers that are read as years where nothing beside them tells; lower ones are more often amounts."""


def by_value(steps: Sequence[Step], quote: str, text: str, language: Language) -> list[Step]:
    """The steps with those of one value made one slip, and figures of one look but of another value told apart.

    A value at an end of the quote that the place lacks, because its letters are others, is taken from beside the place.
    """
    found = _completed(_told_apart(steps, quote, text, language), quote, text, language)
    found = _paired(found, quote, text, language)
    found = _merged(found, quote, text, language)
    if any(step.same is Sameness.OTHER for step in found) and (_SPACED.search(_stretch(found, text)) or _SPACED.search(quote)):
        found = _completed(found, quote, text, language, spaced=True)
        found = _merged(found, quote, text, language, spaced=True)
    return found


def flags_of_values(step: Step, quote: str, text: str, language: Language) -> set[Flag]:
    """The flags that the numbers and dates of a changed, added or dropped step call for."""
    left, right = _touched(step.quote, quote, language), _touched(step.source, text, language)
    if left and right and are_same(left, right):
        return set()
    return {flag for mine, other in ((left, right), (right, left)) for item in mine for flag in _flags(item, other)}


class _Side:
    """The words of one side of an alignment, read as items."""

    def __init__(
        self, parts: Sequence[tuple[Word, ...]], text: str, language: Language, *, spaced: bool = False, alone: bool = False
    ) -> None:
        of_steps = [word for part in parts for word in part]
        before, after = ((), ()) if alone else _words_beside(of_steps, text)
        self.words = (*before, *of_steps, *after)
        self.items = dated_items_of(Passage(self.words, text, wordlist(language), language.numerals.mark, spaced))
        self.firsts = [item.first for item in self.items]
        self.starts = [*accumulate(map(len, parts), initial=len(before))]

    def is_border(self, step: int) -> bool:
        """Return whether no item lies across the start of a step; what lies across an end of the place is its own."""
        at = self.starts[step]
        return at in {self.starts[0], self.starts[-1]} or self.firsts[bisect_right(self.firsts, at) - 1] == at

    def within(self, first: int, last: int) -> list[Item]:
        """The items of the words of some steps, those too that lie partly in them."""
        start, end = self.starts[first], self.starts[last]
        if start == end:
            return []
        return self.items[bisect_right(self.firsts, start) - 1 : bisect_left(self.firsts, end)]


def _words_beside(words: Sequence[Word], text: str) -> tuple[tuple[Word, ...], tuple[Word, ...]]:
    """The words just before and behind others, which may be a part of their values (ten | percent)."""
    if not words:
        return (), ()
    start, end = words[0].span.start, words[-1].span.end
    line = max(text.rfind("\n", 0, start) + 1, start - _BESIDE)
    before = passage_at(text, line, start).words if start > line else ()
    last = text.find("\n", end)
    line = min(len(text) if last < 0 else last, end + _BESIDE)
    after = passage_at(text, end, line).words if end < line else ()
    return tuple(word for word in before if word.span.end <= start), tuple(word for word in after if word.span.start >= end)


def _sides(steps: Sequence[Step], quote: str, text: str, language: Language, *, spaced: bool = False) -> tuple[_Side, _Side]:
    return (
        _Side([step.quote for step in steps], quote, language, spaced=spaced),
        _Side([step.source for step in steps], text, language, spaced=spaced),
    )


def _merged(steps: Sequence[Step], quote: str, text: str, language: Language, *, spaced: bool = False) -> list[Step]:
    left, right = _sides(steps, quote, text, language, spaced=spaced)
    found: list[Step] = []
    done = at = 0
    while at < len(steps):
        window = _window(steps, at, done, left, right) if steps[at].same is Sameness.OTHER else None
        if window:
            first, last = window
            found += steps[done:first]
            found.append(_slip(steps[first:last]))
            done = at = last
        else:
            at += 1
    return found + list(steps[done:])


def _window(steps: Sequence[Step], at: int, done: int, left: _Side, right: _Side) -> tuple[int, int] | None:
    """The fewest steps around one, none before ``done``, whose sides are equal; None where there are none."""
    if not any(map(_counts, (*left.within(at, at + 1), *right.within(at, at + 1)))):
        return None
    for length in range(1, _LONGEST + 1):
        for first in range(max(done, at - length + 1), at + 1):
            last = first + length
            if last > len(steps) or not all(side.is_border(first) and side.is_border(last) for side in (left, right)):
                continue
            if are_same(left.within(first, last), right.within(first, last)):
                return first, _with_words_around(steps, last, left, right)
    return None


def _completed(steps: Sequence[Step], quote: str, text: str, language: Language, *, spaced: bool = False) -> list[Step]:
    """The steps, the value that the quote adds at either end of the place put beside the equal one that stands just outside it."""
    without = [not step.source for step in steps]
    if all(without) or not (without[0] or without[-1]):
        return list(steps)
    before, after = without.index(False), len(steps) - without[::-1].index(False)
    left, right = _sides(steps, quote, text, language, spaced=spaced)
    start, end = right.starts[0], right.starts[-1]
    found = list(steps)
    if after < len(steps):
        added = left.within(after, len(steps))
        items = [item for item in right.items if item.first >= end][: len(added)]
        found[after:] = _beside(steps[after:], added, items, right)
    if before:
        added = left.within(0, before)
        items = [item for item in right.items if item.last <= start][-len(added) :]
        found[:before] = _beside(steps[:before], added, items, right)
    return found


def _beside(steps: Sequence[Step], added: Sequence[Item], items: Sequence[Item], source: _Side) -> list[Step]:
    """The steps of words that the quote adds, or one slip where the source's items beside them are of one value with them."""
    if not items or not are_same(added, items):
        return list(steps)
    words = source.words[items[0].first : items[-1].last]
    return [Step(tuple(word for step in steps for word in step.quote), words, Sameness.SLIP, 1.0)]


def _paired(steps: Sequence[Step], quote: str, text: str, language: Language) -> list[Step]:
    """The steps, in each run of changed ones the values paired that the alignment set beside other words."""
    if sum(step.same is Sameness.OTHER for step in steps) < 2:  # noqa: PLR2004 -- one has nothing beside it
        return list(steps)
    left, right = _sides(steps, quote, text, language)
    found: list[Step] = []
    for changed, group in groupby(range(len(steps)), key=lambda at: steps[at].same is Sameness.OTHER):
        indexes = list(group)
        first, last = indexes[0], indexes[-1] + 1
        pairs = _pairs(left.within(first, last), right.within(first, last)) if changed and last > first + 1 else []
        if not pairs or not all(side.is_border(at) for side in (left, right) for at in (first, last)):
            found += steps[first:last]
            continue
        of_quote, of_source = left.starts[first], right.starts[first]
        for mine, other in pairs:
            found += _side_by_side(left.words[of_quote : mine.first], right.words[of_source : other.first])
            found.append(Step(left.words[mine.first : mine.last], right.words[other.first : other.last], Sameness.SLIP, 1.0))
            of_quote, of_source = mine.last, other.last
        found += _side_by_side(left.words[of_quote : left.starts[last]], right.words[of_source : right.starts[last]])
    return found


def _pairs(left: Sequence[Item], right: Sequence[Item]) -> list[tuple[Item, Item]]:
    """The values of both sides that are equal, in order."""
    found: list[tuple[Item, Item]] = []
    after = 0
    for item in left:
        at = next((at for at in range(after, len(right)) if item.kind in VALUES and is_equal(item, right[at])), None)
        if at is not None:
            found.append((item, right[at]))
            after = at + 1
    return found


def _side_by_side(quote: tuple[Word, ...], source: tuple[Word, ...]) -> list[Step]:
    """Steps for changed words, one by one, as the alignment pairs them."""
    return [
        Step(mine, other, Sameness.OTHER, likeness(mine, other) if mine and other else 0.0)
        if not (mine and other) or mine[0].key != other[0].key
        else Step(mine, other, Sameness.SAME, 1.0)
        for mine, other in zip_longest(((word,) for word in quote), ((word,) for word in source), fillvalue=())
    ]


def _with_words_around(steps: Sequence[Step], last: int, left: _Side, right: _Side) -> int:
    """The end of steps of one value with the words behind them that one side has and that say nothing (2022 *года*)."""
    while last < len(steps) and not (steps[last].quote and steps[last].source):
        items = (*left.within(last, last + 1), *right.within(last, last + 1))
        if not items or any(item.kind is not Kind.AROUND for item in items):
            break
        last += 1
    return last


def _slip(steps: Sequence[Step]) -> Step:
    return Step(
        tuple(word for step in steps for word in step.quote), tuple(word for step in steps for word in step.source), Sameness.SLIP, 1.0
    )


def _counts(item: Item) -> bool:
    """Return whether an item may be a part of a value."""
    return item.kind in VALUES or item.kind in {Kind.AROUND, Kind.JOINER}


def _told_apart(steps: Sequence[Step], quote: str, text: str, language: Language) -> list[Step]:
    """The steps, those that hold another value on either side changed ones: the letters of $5 and 5, XVI and XVII are alike."""
    left, right = _sides(steps, quote, text, language)
    found = list(steps)
    for at, step in enumerate(steps):
        if step.same is Sameness.OTHER or not step.quote or not step.source:
            continue
        mine, theirs = left.within(at, at + 1), right.within(at, at + 1)
        if not _hold_values(mine) or not _hold_values(theirs) or are_same(mine, theirs):
            continue
        if _differ_alone(step, (mine, theirs), quote, text, language):
            found[at] = Step(step.quote, step.source, Sameness.OTHER, step.likeness)
    return found


def _hold_values(items: Sequence[Item]) -> bool:
    return any(item.kind in VALUES for item in items)


def _differ_alone(step: Step, items: tuple[list[Item], list[Item]], quote: str, text: str, language: Language) -> bool:
    """Return whether the words of a step differ in value by themselves; a sign may stand in a word beside them."""
    left = _Side([step.quote], quote, language, alone=True).items
    right = _Side([step.source], text, language, alone=True).items
    if not _hold_values(left) or not _hold_values(right) or are_same(left, right):
        return False
    if len(left) != 1 or len(right) != 1 or not meet(left[0].readings, right[0].readings):
        return True
    units = [{item.unit for item in side} | {of_step.unit} for side, of_step in zip(items, (left[0], right[0]), strict=True)]
    return units[0].isdisjoint(units[1] - {""}) and (bool(left[0].unit) or bool(right[0].unit))


def _touched(words: tuple[Word, ...], text: str, language: Language) -> list[Item]:
    """The items of a text that some words in a row are a part of."""
    if not words:
        return []
    start, end = words[0].span.start, words[-1].span.end
    around = passage_at(text, max(0, start - _AROUND), min(len(text), end + _AROUND)).words
    first = next((at for at, word in enumerate(around) if word.span.end > start), len(around))
    last = next((at for at, word in enumerate(around) if word.span.start >= end), len(around))
    items = dated_items_of(Passage(around, text, wordlist(language), language.numerals.mark))
    return [item for item in items if item.first < last and item.last > first]


def _flags(item: Item, others: Sequence[Item]) -> set[Flag]:
    """The flags of an item that the other side does not have; ``others`` are the items that stand there."""
    opposed = any(other.kind is item.kind for other in others)
    if item.kind in DATES:
        if not item.sure and item.kind is Kind.DATE:
            return {Flag.DATE, Flag.NUMBER}
        return {Flag.DATE} if item.sure or opposed else set()
    if item.kind is Kind.COUNTED:
        return {Flag.NUMBER}
    if item.kind is not Kind.NUMBER or not (opposed or _is_sure(item)):
        return set()
    numbers = [other for other in others if other.kind is Kind.NUMBER]
    if is_year(item) and all(map(is_year, numbers)) and item.value in _SPEECH_YEARS:
        return {Flag.NUMBER, Flag.DATE}
    return {Flag.NUMBER}


def _is_sure(item: Item) -> bool:
    """Return whether a number that stands against none is one; *one*, *first* and *second* are as often other words."""
    if item.figure:
        return item.sure
    ordinal = all(reading.ordinal for reading in item.readings)
    single = item.last - item.first == 1
    return item.sure and not (single and item.value in ({1, 2} if ordinal else {1}))


def _stretch(steps: Sequence[Step], text: str) -> str:
    """The stretch of the text that the steps' words cover."""
    spans = [word.span for step in steps for word in step.source]
    return text[spans[0].start : spans[-1].end] if spans else ""
