"""Tell whether runs of items are of one value: whatever their writing, with their units, words around dates left out of account."""

from __future__ import annotations

from fractions import Fraction
from itertools import pairwise
from typing import TYPE_CHECKING

from claimreg.linker.judge.calendar import is_year
from claimreg.linker.judge.entries import Kind
from claimreg.linker.judge.items import SCALES, Item, Reading, places_of

if TYPE_CHECKING:
    from collections.abc import Sequence

VALUES = (Kind.NUMBER, Kind.DATE, Kind.MONTH, Kind.WEEKDAY)
DATES = (Kind.DATE, Kind.MONTH, Kind.WEEKDAY, Kind.RELATIVE)


def are_same(left: Sequence[Item], right: Sequence[Item]) -> bool:
    """Return whether two runs of items, of which one is a value, are equal; words around dates and a joiner before a scale say nothing."""
    mine, theirs = _bare(left, right), _bare(right, left)
    if len(mine) != len(theirs) or not any(item.kind in VALUES for item in mine):
        return False
    return all(is_equal(one, other) for one, other in zip(mine, theirs, strict=True))


def _bare(items: Sequence[Item], others: Sequence[Item]) -> list[Item]:
    """The items without those that say nothing beside a date, or before the word of a figure (*a* hundred)."""
    dated = any(item.kind in DATES or is_year(item) for item in items)
    figures = sum(item.figure for item in others)
    kept = [
        item
        for at, item in enumerate(items)
        if not (dated and item.kind is Kind.AROUND and len(items) > 1)
        and not (figures and item.kind is Kind.JOINER and at + 1 < len(items) and items[at + 1].kind is Kind.NUMBER)
    ]
    kept = [one for item in kept for one in _parts(item, others)]
    return kept if figures < 2 else [one for item in kept for one in _halves(item)]  # noqa: PLR2004 -- above and below the stroke


def silent_kinds(items: Sequence[Item]) -> tuple[Kind, ...]:
    """The kinds of items that may say nothing in some of these runs."""
    dated = any(items[at].kind is not Kind.NUMBER or is_year(items[at]) for at in places_of((*DATES, Kind.NUMBER), items))
    figures = any(item.figure for item in items)
    return (Kind.AROUND,) * dated + (Kind.JOINER,) * figures


def _parts(item: Item, others: Sequence[Item]) -> tuple[Item, ...]:
    """The item, or for a word that begins with a number this and the rest, which the other side writes apart (15-летний)."""
    rests = _rests(item, others)
    return (item._replace(unit=""), rests[0]) if rests and rests[0].key.startswith(item.unit) else (item,)


def may_be_parted(items: Sequence[Item], others: Sequence[Item]) -> bool:
    """Return whether there is one among the items that figures, which others write, may write apart: 15-летний, a fraction in words."""
    if not any(other.figure for other in others):
        return False
    numbers = (items[at] for at in places_of((Kind.NUMBER,), items))
    return any(_rests(item, others) or len(_halves(item)) > 1 for item in numbers)


def _rests(item: Item, others: Sequence[Item]) -> list[Item]:
    """The words behind figures that end a word which begins with a number."""
    if item.kind is not Kind.NUMBER or item.figure or item.senses or not item.unit:
        return []
    return [other for before, other in pairwise(others) if before.figure and other.kind is Kind.WORD and item.key.endswith(other.key)]


def _halves(item: Item) -> tuple[Item, ...]:
    """The item, or for a fraction in two words its two numbers, as figures may write them (үштен екісі, 3-тен 2-сі)."""
    if item.last - item.first != 2 or not any(entry.part for entry in item.senses):  # noqa: PLR2004 -- two words
        return (item,)
    value = item.value
    if value is None:
        return (item,)
    return tuple(item._replace(readings=frozenset({Reading(Fraction(number))})) for number in (value.denominator, value.numerator))


def is_equal(left: Item, right: Item) -> bool:
    """Return whether two items are of one kind and one value, or the same word."""
    if left.kind is not right.kind:
        return False
    if left.kind is Kind.DATE:
        return bool(left.dates & right.dates)
    if left.kind is Kind.NUMBER:
        if not left.readings or not right.readings:
            return left.key == right.key and left.unit == right.unit
        readings = [_scaled(item) if left.unit != right.unit else item.readings for item in (left, right)]
        return meet(*readings) and (left.unit == right.unit or {left.unit, right.unit} <= {"", *SCALES})
    if left.kind in (Kind.MONTH, Kind.WEEKDAY):
        return {entry.value for entry in left.senses if entry.kind is left.kind} == {
            entry.value for entry in right.senses if entry.kind is right.kind
        }
    return left.key == right.key


def meet(left: frozenset[Reading], right: frozenset[Reading]) -> bool:
    """Return whether two numbers have a value in common; one side's figures may be read as foreign ones, where the other's are clear."""
    own = [{reading for reading in readings if not reading.foreign} for readings in (left, right)]
    foreign = [{reading._replace(foreign=False) for reading in readings if reading.foreign} for readings in (left, right)]
    if own[0] & own[1]:
        return True
    return not (foreign[0] and foreign[1]) and bool(foreign[0] & own[1] or own[0] & foreign[1])


def _scaled(item: Item) -> frozenset[Reading]:
    """The readings of a number with the letter behind it as its scale: 3m is three million where the other side has no metres."""
    return frozenset(reading._replace(value=reading.value * SCALES.get(item.unit, 1)) for reading in item.readings)
