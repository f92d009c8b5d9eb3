"""Put the numbers beside months together with them to dates, whatever their order."""

from __future__ import annotations

from typing import TYPE_CHECKING

from claimreg.linker.judge.digits import Date
from claimreg.linker.judge.entries import Entry, Kind
from claimreg.linker.judge.items import Item, Passage, places_of
from claimreg.linker.judge.numerals import numbers_of

if TYPE_CHECKING:
    from collections.abc import Sequence

_LAST_DAY = 31
_FIRST_YEAR, _LAST_YEAR = 1000, 2099
_BETWEEN = frozenset(" \u00a0\u202f\t\n\r,.'’‘-‐‑–/")
EAST_ASIAN = {"月": Kind.MONTH, "年": Kind.AROUND, "日": Kind.AROUND, "号": Kind.AROUND, "號": Kind.AROUND}
"""Signs behind the numbers of a date in Chinese and Japanese."""

_BEGINNINGS = (Kind.NUMBER, Kind.MONTH)
"""Kinds of items that a date may begin with."""

_COUNTED = (*_BEGINNINGS, Kind.WEEKDAY)
"""Kinds of items that may be told to be something else by those beside them."""

_SHORT_NAME = 4
"""Letters of a month's or a weekday's name, in small letters, up to which it is as often another word (may, sat, mar)."""


def dated_items_of(passage: Passage) -> list[Item]:
    """The items of a passage with numbers and dates put together."""
    items = numbers_of(passage)
    if not places_of(_COUNTED, items):
        return items
    items = _months(items, passage)
    found: list[Item] = []
    done = 0
    for at in places_of(_COUNTED, items):
        if at < done:
            continue
        found += items[done:at]
        month = _month_after(items, at, passage) if items[at].kind in _BEGINNINGS else None
        date = _date(items, month, passage, at) if month is not None else None
        item, done = date or (_plain(items, at, passage), at + 1)
        found.append(item)
    return found + items[done:]


def is_year(item: Item) -> bool:
    """Return whether a number may be a year as it is written."""
    if item.kind is not Kind.NUMBER or item.unit:
        return False
    return item.year or (not item.figure and _FIRST_YEAR <= (item.value or 0) <= _LAST_YEAR)


def _months(items: Sequence[Item], passage: Passage) -> list[Item]:
    """The items with the months, years and days of East Asian dates told by the signs behind them (3月12日)."""
    if EAST_ASIAN.keys().isdisjoint([item.key for item in items]):
        return [*items]
    found: list[Item] = []
    for item in items:
        before = found[-1] if found else None
        kind = EAST_ASIAN.get(item.key)
        if kind and before and before.kind is Kind.NUMBER and before.value is not None and passage.between(item.first) in {"", " "}:
            if kind is Kind.MONTH:
                found[-1] = before._replace(last=item.last, kind=kind, senses=(Entry(kind, before.value),))
            else:
                found.append(item._replace(kind=kind))
            continue
        found.append(item)
    return found


def _plain(items: Sequence[Item], at: int, passage: Passage) -> Item:
    """An item that is no part of a month's date; a year with the language's word for it is ordinal or not, as the language has it."""
    item = items[at]
    if is_year(item):
        beside = [near for near in (at - 1, at + 1) if 0 <= near < len(items) and items[near].kind is Kind.AROUND]
        if any(_are_near(passage, max(at, other), items) for other in beside):
            readings = frozenset(reading._replace(ordinal=order) for reading in item.readings for order in (False, True))
            return item._replace(readings=readings)
    if item.kind in (Kind.MONTH, Kind.WEEKDAY):
        letters = passage.letters(item.first)
        return item._replace(sure=item.sure and (len(letters) > _SHORT_NAME or letters[:1].isupper() or not letters.isascii()))
    return item


def _are_near(passage: Passage, at: int, items: Sequence[Item]) -> bool:
    return set(passage.between(items[at].first)) <= _BETWEEN


def _month_after(items: Sequence[Item], at: int, passage: Passage) -> int | None:
    """Return where the month stands of a date that begins at an item; two numbers and the words around them may come before it."""
    numbers = 0
    for month in range(at, min(len(items), at + 6)):
        if month > at and not _are_near(passage, month, items):
            return None
        item = items[month]
        if item.sense(Kind.MONTH) and item.kind in _BEGINNINGS and (item.kind is Kind.MONTH or month > at):
            return month
        if item.kind is Kind.NUMBER and (_day(item) or is_year(item)):
            numbers += 1
        elif item.kind is not Kind.AROUND or month == at:
            return None
        if numbers > 2:  # noqa: PLR2004 -- a day and a year
            return None
    return None


def _date(items: Sequence[Item], month: int, passage: Passage, at: int) -> tuple[Item, int] | None:
    """The date that begins at an item and where the next item begins; None where the items before the month are no part of it."""
    before = [item for item in items[at:month] if item.kind is Kind.NUMBER]
    years = next((_years(item) for item in before if is_year(item)), frozenset[int]())
    day = next((_day(item) for item in before if not is_year(item)), 0)
    if len(before) > bool(years) + bool(day):
        return None
    end, loose = month + 1, False
    while end < len(items):
        here = end
        while here < len(items) and items[here].kind is Kind.AROUND and _are_near(passage, here, items):
            here += 1
        if here >= len(items) or not _are_near(passage, here, items) or items[here].kind is not Kind.NUMBER:
            break
        if is_year(items[here]) and not years:
            years, loose = _years(items[here]), False
        elif _day(items[here]) and not day:
            day, loose = _day(items[here]), not (here + 1 < len(items) and items[here + 1].kind is Kind.AROUND)
        else:
            break
        end = here + 1
    if not day and not years:
        return None
    entry = items[month].sense(Kind.MONTH)
    number = int(entry.value) if entry else 0
    dates = frozenset(Date(day, number, year) for year in years or {0})
    # A number behind the month may count something else (in March 12 people ...).
    return Item(items[at].first, items[end - 1].last, Kind.DATE, items[month].key, dates=dates, sure=not loose), end


def _day(item: Item) -> int:
    whole = {reading.value for reading in item.readings if reading.value.denominator == 1 and not reading.foreign}
    if item.kind is not Kind.NUMBER or item.unit or len(whole) != 1:
        return 0
    value = int(whole.pop())
    return value if 1 <= value <= _LAST_DAY else 0


def _years(item: Item) -> frozenset[int]:
    return frozenset(int(reading.value) for reading in item.readings if _FIRST_YEAR <= reading.value <= _LAST_YEAR)
