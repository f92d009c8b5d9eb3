"""Read figures as they are written: groups of digits, decimals, dates in figures. All arithmetic is exact."""

from __future__ import annotations

import re
import unicodedata
from fractions import Fraction
from functools import lru_cache
from typing import NamedTuple

SPACES = " \u00a0\u2009\u202f"
"""Spaces that may part groups of three digits."""

_FIGURE = re.compile(r"\d+(?:[.,٫٬'’]\d+)*")
_MOST_DIGITS = 400
"""Digits from which on a figure is compared as it is written: no statement counts so far, and Python reads no more than 4,300."""

_GROUP = 3
_APART = re.compile(r"[.,]")
_DAY_FIRST = re.compile(r"(\d{1,2})([./-])(\d{1,2})\2(\d{4}|\d{2})(?!\d)")
_SPACED = re.compile(r"(\d{1,2})\.[ \u00a0](\d{1,2})\.[ \u00a0](\d{4})(?!\d)")
_YEAR_FIRST = re.compile(r"(\d{4})([./-])(\d{1,2})\2(\d{1,2})(?!\d)")
_FIRST_PART = re.compile(r"\d{1,4}[./-]")
"""Beginning of every date in figures; most figures are none."""

_MONTHS, _DAYS = 12, 31
_CENTURIES = (1900, 2000)


class Date(NamedTuple):
    """A date; what is not said is 0."""

    day: int = 0
    month: int = 0
    year: int = 0


def ascii_digits(text: str) -> str:
    """The text with the digits of every script as ASCII ones, code point by code point."""
    if text.isascii():
        return text
    return "".join(str(unicodedata.decimal(character)) if character.isdecimal() else character for character in text)


def figure_length(text: str) -> int:
    """Return how many code points at the start of a text, in ASCII digits, are a figure."""
    found = _FIGURE.match(text)
    return found.end() if found else 0


class Values(NamedTuple):
    """Values that a figure may have: ``own`` by the language's decimal sign, ``foreign`` as other languages read it."""

    own: frozenset[Fraction] = frozenset()
    foreign: frozenset[Fraction] = frozenset()


@lru_cache(maxsize=1 << 12)
def values_of(figure: str, mark: str) -> Values:
    """The values that a figure in ASCII digits may have; none where it is no single number (1.2.3) or too long.

    ``mark`` is the language's decimal sign; where it is not known, both readings of 1.234 are its own.
    """
    figure = re.sub(rf"[٬'’{SPACES}]", "", figure.replace("٫", "," if mark == "," else "."))
    if len(figure) > _MOST_DIGITS:
        return Values()
    marks = _APART.findall(figure)
    if len(set(marks)) > 1:
        return Values(_mixed(figure))
    whole, *groups = _APART.split(figure)
    if len(groups) > 1:
        return Values(frozenset({Fraction(whole + "".join(groups))})) if _are_groups(whole, groups) else Values()
    return _of_one_mark(whole, groups[0], marks[0], mark) if groups else Values(frozenset({Fraction(whole)}))


def _of_one_mark(whole: str, rest: str, sign: str, mark: str) -> Values:
    """The values of a figure with one point or comma, which sets off decimals or a group of three."""
    grouped, decimal = frozenset({Fraction(whole + rest)}), frozenset({Fraction(f"{whole}.{rest}")})
    if len(rest) != _GROUP or not 1 <= len(whole) <= _GROUP or whole.startswith("0"):
        return Values(decimal)
    if rest.endswith("0"):
        # Nobody writes 1.500 for one and a half.
        return Values(grouped)
    if not mark:
        return Values(grouped | decimal)
    return Values(decimal, grouped) if sign == mark else Values(grouped, decimal)


def year_of_two(digits: str) -> frozenset[int]:
    """The years that two figures may stand for ('21)."""
    return frozenset(century + int(digits) for century in _CENTURIES)


def date_in_figures(text: str) -> tuple[int, frozenset[Date]]:
    """Return how many code points at the start of a text, in ASCII digits, are a date in figures, and what dates that may be.

    With a stroke or a hyphen the month may stand first.
    """
    if not _FIRST_PART.match(text):
        return 0, frozenset()
    found = _YEAR_FIRST.match(text)
    if found:
        return found.end(), _dates([(found[4], found[3])], found[1])
    found = _SPACED.match(text)
    if found:
        return found.end(), _dates([(found[1], found[2])], found[3])
    found = _DAY_FIRST.match(text)
    if not found:
        return 0, frozenset()
    orders = [(found[1], found[3])]
    if found[2] != ".":
        orders.append((found[3], found[1]))
    dates = _dates(orders, found[4])
    return (found.end(), dates) if dates else (0, dates)


def _dates(orders: list[tuple[str, str]], year: str) -> frozenset[Date]:
    years = year_of_two(year) if len(year) <= 2 else {int(year)}  # noqa: PLR2004 -- two figures
    days = [(int(day), int(month)) for day, month in orders]
    return frozenset(Date(day, month, one) for day, month in days if 1 <= month <= _MONTHS and 1 <= day <= _DAYS for one in years)


def _mixed(figure: str) -> frozenset[Fraction]:
    """The value of a figure with both signs: the last one is the decimal sign (1.234,5)."""
    at = max(figure.rfind("."), figure.rfind(","))
    mark = figure[at]
    whole, decimals = figure[:at], figure[at + 1 :]
    first, *groups = _APART.split(whole)
    if mark in whole or not _are_groups(first, groups):
        return frozenset()
    return frozenset({Fraction(f"{first}{''.join(groups)}.{decimals}")})


def _are_groups(first: str, groups: list[str]) -> bool:
    """Return whether digits are grouped by thousands, or as in India (12,34,567)."""
    return len(first) <= _GROUP and len(groups[-1]) == _GROUP and all(len(group) in {2, _GROUP} for group in groups)
