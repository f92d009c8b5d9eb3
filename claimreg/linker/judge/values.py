"""Compare numbers and dates by what they mean, and tell which of them an alignment changes."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from claimreg.linker.judge.calendar import is_year
from claimreg.linker.judge.entries import Kind
from claimreg.linker.judge.equality import DATES, are_same
from claimreg.linker.judge.regroup import completed, merged, paired, told_apart
from claimreg.linker.judge.sides import Sides, holds_values, items_touched, may_change_values
from claimreg.linker.judge.wordlist import wordlist
from claimreg.linker.sameness import Sameness
from claimreg.model import Flag

if TYPE_CHECKING:
    from collections.abc import Sequence

    from claimreg.languages import Language
    from claimreg.linker.compare import Step
    from claimreg.linker.judge.items import Item

_AROUND = 64
"""Code points around a step that tell what its words belong to."""

_SPACED = re.compile(r"\d, \d")
_SPEECH_YEARS = range(1800, 2100)
"""Numbers that are read as years where nothing beside them tells; lower ones are more often amounts."""


def by_value(steps: Sequence[Step], quote: str, text: str, language: Language) -> list[Step]:
    """The steps with those of one value made one slip, and figures of one look but of another value told apart.

    A value at an end of the quote that the place lacks, because its letters are others, is taken from beside the place.
    """
    if not any(may_change_values(step, quote, text, language) for step in steps):
        return list(steps)
    sides = Sides(steps, quote, text, language)
    if not sides.hold_values:
        return list(steps)
    found = merged(paired(completed(told_apart(steps, sides), sides), sides), sides)
    if any(step.same is Sameness.OTHER for step in found) and any(map(_SPACED.search, sides.stretches)):
        sides = Sides(found, quote, text, language, spaced=True)
        found = merged(completed(found, sides), sides)
    return found


def flags_of_values(step: Step, quote: str, text: str, language: Language) -> set[Flag]:
    """The flags that the numbers and dates of a changed, added or dropped step call for."""
    if not holds_values(step, quote, text, wordlist(language)):
        return set()
    left, right = items_touched(step.quote, quote, language, _AROUND), items_touched(step.source, text, language, _AROUND)
    if left and right and are_same(left, right):
        return set()
    return {flag for mine, other in ((left, right), (right, left)) for item in mine for flag in _flags(item, other)}


def _flags(item: Item, others: Sequence[Item]) -> set[Flag]:
    """The flags of an item that the other side does not have; ``others`` are the items that stand there."""
    opposed = any(other.kind is item.kind for other in others)
    if item.kind in DATES:
        days = {date.day for date in item.dates}
        if not item.sure and item.kind is Kind.DATE and not any(date.day in days for other in others for date in other.dates):
            return {Flag.DATE, Flag.NUMBER}
        return {Flag.DATE} if item.sure or opposed or item.kind is Kind.DATE else set()
    if item.kind is Kind.COUNTED:
        return {Flag.NUMBER}
    if item.kind is not Kind.NUMBER or not (opposed or _is_sure(item)):
        return set()
    numbers = [other for other in others if other.kind is Kind.NUMBER]
    if is_year(item) and all(map(is_year, numbers)) and int(item.value or 0) in _SPEECH_YEARS:
        return {Flag.NUMBER, Flag.DATE}
    return {Flag.NUMBER}


def _is_sure(item: Item) -> bool:
    """Return whether a number that stands against none is one; *one*, *first* and *second* are as often other words."""
    if item.figure:
        return item.sure
    ordinal = all(reading.ordinal for reading in item.readings)
    single = item.last - item.first == 1
    return item.sure and not (single and item.value in ({1, 2} if ordinal else {1}))
