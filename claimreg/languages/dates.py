"""Dates as people type them: 2 May 2022, 2 мамыр 2022, 2022年5月2日, 2.5.2022; in any language whose months are known, and never guessed.

Every reading of the text is found; only where all agree it is a date. A month or day that is not there is not made up.
"""

from __future__ import annotations

import unicodedata
from datetime import UTC, date, datetime
from typing import TYPE_CHECKING, NamedTuple

from claimreg.errors import UsageError
from claimreg.languages.months import Months, Word, months_by_language, months_of, name_in_english, other_months, words_of
from claimreg.vocabulary import DayOrder

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

LONGEST = 100
"""Code points of a text that may be a date."""

FIRST_YEAR = 1583
"""The first whole year of the Gregorian calendar; a lesser one is that of another calendar, unless it is written as ISO 8601 has it."""

_YEAR, _DAY = 4, 2  # figures of a year, and at most of a day or month
_MONTHS = 12
_BETWEEN = frozenset(" \t.,،、/'-׳״॰")
"""Signs that stand between the parts of a date, or shorten them."""

_BEHIND = frozenset({"", ".", "׳", "॰", "'"})
_DASHES = str.maketrans({**dict.fromkeys("‐‑‒–—−", "-"), "°": "º"})
_ORDERS = frozenset({"dmy", "mdy", "ymd", "ydm", "my", "ym"})
"""Orders in which day, month by its name, and year may stand: day and month beside each other."""

_YEAR_FIRST = "ymd"
_YEAR_SIGNS = frozenset({"年", "년"})
"""Signs that make a year of a number by itself."""


class Reading(NamedTuple):
    """A date that a text may mean, ISO 8601 in the text's own precision, and the language or the order in which it does."""

    date: str
    by: str


def date_of(text: str, order: DayOrder | None = None, lang: str | None = None, *, last_year: int | None = None) -> str:
    """The date that a text means, in ISO 8601 and no more precise than the text.

    ``order`` is that of a date of numbers only; ``lang`` is the language whose months count before others' where they differ. After
    ``last_year``, unless another is given the next one, no year is taken but in a text that is ISO 8601 already.
    Raises `UsageError` where it means none, or more than one.
    """
    found = readings(text, order, lang)
    dates = sorted({one.date for one in found})
    if not dates:
        raise UsageError(f"There is no date “{_shown(text)}”; write it as 2022-05-02, 2022-05, 2022 or 2 May 2022.")
    if len(dates) > 1 and found[0].by in set(DayOrder):
        raise UsageError(
            f"There is no date “{_shown(text)}” without the order of day and month; write it as 2022-05-02, 2 May 2022, or set --dates dmy."
        )
    if len(dates) > 1:
        meant = ", ".join(f"{one} in {_languages(reading.by for reading in found if reading.date == one)}" for one in dates)
        raise UsageError(f"“{_shown(text)}” is {meant}; write it as {dates[0]}, or give --lang.")
    if not FIRST_YEAR <= int(dates[0][:_YEAR]) <= (last_year or datetime.now(UTC).year + 1):
        raise UsageError(f"The year of “{_shown(text)}” may be of another calendar; write the date as 2022-05-02, 2022-05 or 2022.")
    return dates[0]


def readings(text: str, order: DayOrder | None = None, lang: str | None = None) -> tuple[Reading, ...]:
    """Every date that a text may mean; where it has a meaning in the language ``lang``, only those."""
    if len(text) > LONGEST or any(unicodedata.category(sign) in ("No", "Nl") for sign in text):
        return ()
    words, behind = words_of(text.strip().translate(_DASHES))
    if not words or words[0].before.strip() or behind.strip() not in _BEHIND or not all(set(one.before) <= _BETWEEN for one in words):
        return ()
    own = months_of(lang) if lang else None
    if own is not None and lang is not None and (found := tuple(_named({lang: own}.items(), words))):
        return found
    known = months_by_language()
    found = tuple(_named(known.items(), words)) or tuple(_numbered(known.values(), words, order))
    return found if found or all(word.is_number for word in words) else tuple(_named(other_months().items(), words))


def _named(known: Iterable[tuple[str, Months]], words: Sequence[Word]) -> Iterator[Reading]:
    """Yield the readings with a month by its name; each language must have all the words by itself."""
    for tag, months in known:
        for at in range(len(words)):
            for end in range(at + 1, min(len(words), at + months.longest) + 1):
                name = " ".join(str(int(one.text)) if one.is_number else one.text for one in words[at:end])
                number = months.names.get(name)
                if number and (day := _around(words, at, end, number, months)):
                    yield Reading(day, tag)


def _around(words: Sequence[Word], at: int, end: int, month: int, months: Months) -> str | None:
    """The date of a month and the day and year beside it; ``None`` where anything else stands there."""
    order, numbers = "", {"d": 0, "y": 0}
    place = 0
    while place < len(words):
        word, place = words[place], place + 1
        if place - 1 == at:
            # A month may have its name from two calendars' traditions: أيار/مايو.
            order, place = order + "m", _behind_same(words, end, month, months)
        elif word.is_number:
            part = "y" if len(word.text) == _YEAR else "d"
            if part == "d" and len(word.text) > _DAY:
                return None
            order, numbers[part] = order + part, int(word.text)
        elif word.text not in months.around and not (_is_ending(words, place - 1, months) and "d" in order):
            return None
    return _iso(numbers["y"], month, numbers["d"] if "d" in order else None) if order in _ORDERS else None


def _behind_same(words: Sequence[Word], end: int, month: int, months: Months) -> int:
    """Return where the words behind a month go on: behind another name of the same month, where a stroke and that follow."""
    for longer in range(min(len(words), end + months.longest), end, -1):
        name = " ".join(word.text for word in words[end:longer])
        if months.names.get(name) == month and words[end].before.strip() == "/":
            return longer
    return end


def _is_ending(words: Sequence[Word], place: int, months: Months) -> bool:
    """Return whether a word is the ending of the number before it: 2nd, 2-го."""
    return place > 0 and words[place - 1].is_number and words[place].before in ("", "-", "'") and words[place].text in months.endings


def _numbered(known: Iterable[Months], words: Sequence[Word], order: DayOrder | None) -> Iterator[Reading]:
    """Yield the readings of a date of numbers; words that say nothing may stand beside it."""
    numbers = [word.text for word in words if word.is_number]
    others = {word.text for word in words if not word.is_number}
    if others and not (any(others <= months.around for months in known) and (len(numbers) > 1 or others <= _YEAR_SIGNS)):
        return
    # What stands between one number and the next is of one kind, as in 2.5.2022; words there (年, 月) tell the order themselves.
    kinds = "".join("n" if word.is_number else "w" for word in words).strip("w")
    between = {word.before.strip() for word in words[1:] if word.is_number and "w" not in kinds}
    if len(between) > 1 or between - {"", ".", "-", "/"}:
        return
    for parts, name in _parts(numbers, order):
        if (name == _YEAR_FIRST or "w" not in kinds) and (day := _iso(*map(int, parts))) is not None:
            yield Reading(day, name)


def _parts(numbers: list[str], order: DayOrder | None) -> Iterator[tuple[list[str], str]]:
    """Yield year, month and day as far as there are any, in each order that they may be in, with the order's name."""
    years = [len(one) == _YEAR for one in numbers]
    if sum(years) != 1 or len(numbers) > len("ymd") or any(len(one) > _DAY for one in numbers if len(one) != _YEAR):
        return
    if years[0]:
        yield numbers, _YEAR_FIRST
    elif years == [False, True]:
        yield numbers[::-1], "my"
    elif years == [False, False, True]:
        if order is not DayOrder.MDY:
            yield numbers[::-1], DayOrder.DMY
        if order is not DayOrder.DMY:
            yield [numbers[2], numbers[0], numbers[1]], DayOrder.MDY


def _iso(year: int, month: int | None = None, day: int | None = None) -> str | None:
    """A date in ISO 8601; ``None`` where there is no such day."""
    try:
        whole = date(year, 1 if month is None else month, 1 if day is None else day)
    except ValueError:
        return None
    return whole.isoformat()[: _YEAR if month is None else -3 if day is None else None]


def _languages(tags: Iterable[str]) -> str:
    return " and ".join(sorted({name_in_english(tag) for tag in tags}))


def _shown(text: str) -> str:
    return text if len(text) <= LONGEST else f"{text[:LONGEST]}…"
