"""Read the figures in words, so that 1,000 is 1000 but 1.5 is not 15 and −3 is not 3."""

from __future__ import annotations

import re
import unicodedata
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from claimreg.linker.passage import Word

_SIGNS = "%‰$€£¥₽₸₴₺₹₩"
_MINUS = "-−"
_OPENERS = '([«"“„'
_SEPARATORS = ".,٫٬'’\u00a0\u202f\u2009 "
_LEADING = re.compile(rf"\d[\d{_SEPARATORS}]*")
_GROUPING = re.compile(rf"(?<=\d)[{_SEPARATORS}](?=\d{{3}}(?!\d))")
_POINT = re.compile(rf"[{_SEPARATORS}]+")


class Figure(NamedTuple):
    """A number as written: its digits with a minus and a point where they have one, and a sign such as % or €."""

    digits: str
    sign: str

    def is_same(self, other: Figure) -> bool:
        """Return whether both say the same; a sign that one of them leaves out is not held against it."""
        return self.digits == other.digits and (not self.sign or not other.sign or self.sign == other.sign)


NO_FIGURE = Figure("", "")


def figure(words: tuple[Word, ...], text: str) -> Figure:
    """The number that ``words`` of ``text`` stand for; ``NO_FIGURE`` when they are no number.

    A word is a number when it begins with a digit (``100``, ``16-ға``, ``1990s``): a digit inside letters is scanning
    noise. Points and commas that set off groups of three are set aside, other ones are a decimal point.
    """
    if not words or not words[0].key[:1].isdigit():
        return NO_FIGURE
    start, end = words[0].span.start, words[-1].span.end
    found = _LEADING.match(text, start, end)
    if not found:
        return Figure(words[0].key, "")
    digits = _POINT.sub(".", _GROUPING.sub("", found[0]).rstrip(_SEPARATORS))
    return Figure(_minus(text, start) + _ascii(digits), _sign(text, start, end))


def _ascii(digits: str) -> str:
    return "".join(str(unicodedata.digit(character)) if character.isdigit() else character for character in digits)


def _minus(text: str, start: int) -> str:
    before = text[max(0, start - 2) : start]
    if not before or before[-1] not in _MINUS:
        return ""
    return "-" if len(before) == 1 or before[0].isspace() or before[0] in _OPENERS else ""


def _sign(text: str, start: int, end: int) -> str:
    around = text[max(0, start - 2) : start].strip()[-1:] + text[end : end + 2].strip()[:1]
    return next((character for character in around if character in _SIGNS), "")
