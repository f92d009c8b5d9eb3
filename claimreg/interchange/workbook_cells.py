"""Cells of a spreadsheet as the texts that people see in them, and texts as the format has them."""

from __future__ import annotations

import re
from datetime import date, datetime
from typing import Any

_UNFIT = "\x00-\x08\x0b-\x1f\ufffe\uffff"
_ESCAPED = re.compile(f"[{_UNFIT}]|_(?=x[0-9A-Fa-f]{{4}}[_{_UNFIT}])")
_ESCAPE = re.compile("_x([0-9A-Fa-f]{4})_")
_HALVES = re.compile("[\ud800-\udbff][\udc00-\udfff]")

_NUMBER = re.compile(r"[#,0]*0(?:\.(?P<places>0+))?(?P<share>%)?(?:_.)?")
"""A format of numbers with as many places as it has zeros; anything else is shown as the number is."""

_NO_LETTERS_OF_DATES = re.compile(r'"[^"]*"|\\.|_.|\[[^\]]*\]|am/pm|a/p', re.IGNORECASE)
_DIGITS = 15
"""Digits of a number that spreadsheets show."""

_YEAR, _MONTH = 4, 7


def escaped(text: str) -> str:
    """A text as the format has it: characters that XML cannot hold, and what would be taken for one of them, by their numbers."""
    return _ESCAPED.sub(lambda match: f"_x{ord(match[0]):04X}_", text)


def unescaped(text: str) -> str:
    """Return the text that `escaped` made, or another program."""
    if "_x" not in text:
        return text
    units = _ESCAPE.sub(lambda match: chr(int(match[1], 16)), text)
    return _HALVES.sub(lambda match: match[0].encode("utf-16", "surrogatepass").decode("utf-16"), units)


def shown(cell: Any, *, day_only: bool = False) -> str:  # noqa: ANN401 -- the library's cells have no types
    """The text of a cell as people see it; a date as ISO 8601 has it, with its time unless ``day_only``."""
    value = cell.value
    if value is None:
        return ""
    if isinstance(value, str):
        return unescaped(value)
    if isinstance(value, bool):
        return str(value).upper()
    if isinstance(value, int | float):
        return _number(value, cell.number_format)
    if isinstance(value, date):
        return _date(value, cell.number_format, day_only=day_only)
    return str(value)


def _number(value: float, number_format: str) -> str:
    found = _NUMBER.fullmatch(number_format.partition(";")[0])
    if found:
        places = len(found["places"] or "")
        return f"{value:.{places}%}" if found["share"] else f"{value:.{places}f}"
    return str(value) if isinstance(value, int) else f"{value:.{_DIGITS}g}".upper()


def _date(value: date, number_format: str, *, day_only: bool) -> str:
    """A date no more precise than it is shown: what is typed as a month is kept as the first of it, and shown as the month."""
    parts = _NO_LETTERS_OF_DATES.sub("", number_format.partition(";")[0]).lower()
    has_time = isinstance(value, datetime) and any((value.hour, value.minute, value.second))
    if "y" in parts and "d" not in parts and not has_time:
        return value.isoformat()[: _MONTH if "m" in parts else _YEAR]
    if has_time and not day_only:
        return value.isoformat(timespec="seconds") if isinstance(value, datetime) else value.isoformat()
    return value.isoformat()[:10]
