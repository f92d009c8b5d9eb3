"""Regroup the steps of an alignment by value: numbers and dates of one value become one slip, those of another one a change."""

from __future__ import annotations

from itertools import accumulate, groupby, zip_longest
from typing import TYPE_CHECKING

from claimreg.linker.compare import Step
from claimreg.linker.judge.entries import Kind
from claimreg.linker.judge.equality import VALUES, are_same, is_equal, may_be_parted, meet, silent_kinds
from claimreg.linker.judge.items import places_of
from claimreg.linker.sameness import Sameness, likeness

if TYPE_CHECKING:
    from collections.abc import Sequence

    from claimreg.linker.judge.items import Item
    from claimreg.linker.judge.sides import Side, Sides
    from claimreg.linker.passage import Word

_Balance = tuple[list[int], list[int]]
"""Two numbers for each step, and for the end of the last: for a run of steps that begins there, and for one that ends there."""

_LONGEST = 24
"""Steps that one value may take; the longest number in words has some twenty."""

_MOST_FAILED = 40
"""Changed numbers of a place after which no more are looked for that are of one value: each look costs milliseconds."""


def told_apart(steps: Sequence[Step], sides: Sides) -> list[Step]:
    """The steps, those that hold another value on either side changed ones: the letters of $5 and 5, XVI and XVII are alike."""
    left, right = sides.parted(steps)
    found = list(steps)
    for at, step in enumerate(steps):
        if step.same is Sameness.OTHER or not step.quote or not step.source or not left.holds_values(at) or not right.holds_values(at):
            continue
        mine, theirs = left.within(at, at + 1), right.within(at, at + 1)
        if not are_same(mine, theirs) and _differ_alone(step, (mine, theirs), sides):
            found[at] = Step(step.quote, step.source, Sameness.OTHER, step.likeness)
    return found


def _hold_values(items: Sequence[Item]) -> bool:
    return any(item.kind in VALUES for item in items)


def _differ_alone(step: Step, items: tuple[list[Item], list[Item]], sides: Sides) -> bool:
    """Return whether the words of a step differ in value by themselves; a sign may stand in a word beside them."""
    left, right = sides.alone(step)
    if not _hold_values(left) or not _hold_values(right) or are_same(left, right):
        return False
    if len(left) != 1 or len(right) != 1 or not meet(left[0].readings, right[0].readings):
        return True
    units = [{item.unit for item in side} | {of_step.unit} for side, of_step in zip(items, (left[0], right[0]), strict=True)]
    return units[0].isdisjoint(units[1] - {""}) and (bool(left[0].unit) or bool(right[0].unit))


def completed(steps: Sequence[Step], sides: Sides) -> list[Step]:
    """The steps, the value that the quote adds at either end of the place put beside the equal one that stands just outside it."""
    without = [not step.source for step in steps]
    if all(without) or not (without[0] or without[-1]):
        return list(steps)
    before, after = without.index(False), len(steps) - without[::-1].index(False)
    left, right = sides.parted(steps)
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


def _beside(steps: Sequence[Step], added: Sequence[Item], items: Sequence[Item], source: Side) -> list[Step]:
    """The steps of words that the quote adds, or one slip where the source's items beside them are of one value with them."""
    if not items or not are_same(added, items):
        return list(steps)
    words = source.words[items[0].first : items[-1].last]
    return [Step(tuple(word for step in steps for word in step.quote), words, Sameness.SLIP, 1.0)]


def paired(steps: Sequence[Step], sides: Sides) -> list[Step]:
    """The steps, in each run of changed ones the values paired that the alignment set beside other words."""
    if sum(step.same is Sameness.OTHER for step in steps) < 2:  # noqa: PLR2004 -- one has nothing beside it
        return list(steps)
    left, right = sides.parted(steps)
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
        at = next((at for at in range(after, min(len(right), after + _LONGEST)) if item.kind in VALUES and is_equal(item, right[at])), None)
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


def merged(steps: Sequence[Step], sides: Sides) -> list[Step]:
    """The steps, those around a changed one that are of one value made one slip."""
    if not any(step.same is Sameness.OTHER for step in steps):
        return list(steps)
    left, right = sides.parted(steps)
    parted = may_be_parted(left.items, right.items) or may_be_parted(right.items, left.items)
    balance = _balance(left, right, parted=parted)
    found: list[Step] = []
    done = at = failed = 0
    while at < len(steps) and failed < _MOST_FAILED:
        looked = steps[at].same is Sameness.OTHER and any(map(_counts, (*left.within(at, at + 1), *right.within(at, at + 1))))
        possible = looked and all(_may_be_paired(mine, other, at, parted=parted) for mine, other in ((left, right), (right, left)))
        window = _window(at, done, balance, left, right) if possible else None
        failed += looked and not window
        if window:
            first, last = window[0], _with_words_around(steps, window[1], left, right)
            found += steps[done:first]
            found.append(_slip(steps[first:last]))
            done = at = last
        else:
            at += 1
    return found + list(steps[done:])


def _may_be_paired(side: Side, other: Side, at: int, *, parted: bool) -> bool:
    """Return whether there are values near a step on the other side, and for each of the step's an equal one among them.

    Where an item ``parted`` in two may be equal to two others, it is enough that there are some.
    """
    near = other.within(max(0, at - _LONGEST), min(len(other.starts) - 1, at + _LONGEST))
    others = [item for item in near if item.kind in VALUES]
    if parted:
        return bool(others)
    mine = [item for item in side.within(at, at + 1) if item.kind in VALUES]
    return bool(others) and all(any(is_equal(item, one) for one in others) for item in mine)


def _window(at: int, done: int, balance: _Balance, left: Side, right: Side) -> tuple[int, int] | None:
    """The fewest steps around one, none before ``done``, whose sides are equal; None where there are none."""
    starts, ends = balance
    for length in range(1, _LONGEST + 1):
        for first in range(max(done, at - length + 1), min(at, len(ends) - 1 - length) + 1):
            last = first + length
            if starts[first] != ends[last] or not all(side.is_border(one) for side in (left, right) for one in (first, last)):
                continue
            if are_same(left.within(first, last), right.within(first, last)):
                return first, last
    return None


def _balance(left: Side, right: Side, *, parted: bool) -> _Balance:
    """Sum of the items before each step on the left, less the same on the right; all are in balance where items may be ``parted``.

    Where steps begin at one balance and end at another, their items differ, whatever the values: there is no need to look. As items
    count by their hashes, a pair in a million has one balance by chance and is looked at in vain.
    """
    if parted:
        return [0] * len(left.starts), [0] * len(left.starts)
    silent = silent_kinds((*left.items, *right.items))
    sums = zip(_sums(left, silent), _sums(right, silent), strict=True)
    starts, ends = ([mine - theirs for mine, theirs in zip(*both, strict=True)] for both in sums)
    return starts, ends


def _sums(side: Side, silent: Sequence[Kind]) -> _Balance:
    """The sum of the hashes of the items before each step, as a first one and as what is behind the last one."""
    hashes = [hash(item.key) for item in side.items]
    for at in places_of((*VALUES, *silent), side.items):
        kind = side.items[at].kind
        hashes[at] = 0 if kind in silent else hash((kind.value,))
    sums = [0, *accumulate(hashes)]
    return [sums[side.first(step)] for step in range(len(side.starts))], [sums[side.end(step)] for step in range(len(side.starts))]


def _with_words_around(steps: Sequence[Step], last: int, left: Side, right: Side) -> int:
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
    return item.kind in VALUES or item.kind in (Kind.AROUND, Kind.JOINER)
