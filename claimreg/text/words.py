"""Find the words of a text, as spans of code points of the original.

A word is a run of letters, digits and their marks. Inside a word an apostrophe, a soft hyphen, an invisible format
character, and the point or comma of a number are kept. A hyphenated compound is two words (``ten-point``), because
sources write it open, closed and hyphenated by turns; but a hyphen or soft hyphen at the end of a line joins what it
cut. In scripts written without spaces (Chinese, Japanese, Thai, Lao, Khmer, Burmese) each character with its marks is
a word. Words with marks need no table of their own here: letters and marks are told apart by Unicode's categories.
"""

from __future__ import annotations

import re
import unicodedata

from claimreg.model import Span
from claimreg.text.fold import fold_key
from claimreg.text.scripts import is_unspaced

_APOSTROPHES = "'’ʼʻ‘＇ʹ`´"
_HYPHENS = "-‐‑⁃﹣－¬"
_POINTS = ".,٫٬"
_LINE_ENDS = "\n\r\v\f\x85\u2028\u2029"

_WORD = re.compile(r"im*+|[wd](?:[wdm]++|f+(?=[wdm])|a(?=[wd])|(?<=d)p(?=d)|[hf]+s*ns*(?=w))*")
"""Pattern over the classes of :class:`_Classes`: i unspaced letter, w other letter, d digit, m mark, f invisible, a apostrophe,
h hyphen, p point, s space, n line end."""


def words(text: str) -> list[Span]:
    """The words of ``text`` in order, as spans of code points; empty for a text without letters and digits."""
    return [Span(*bounds) for bounds in word_bounds(text)]


def word_bounds(text: str) -> list[tuple[int, int]]:
    """Return them as bare pairs, in half the time."""
    return [match.span() for match in _WORD.finditer(text.translate(_CLASSES))]


class _Classes(dict[int, str]):
    """Code point to one letter that names its class, filled as code points are met."""

    def __missing__(self, code_point: int) -> str:
        return self.setdefault(code_point, _class_of(chr(code_point)))


_CLASSES = _Classes()
_CLASS_OF_SIGN = ((_LINE_ENDS, "n"), (_APOSTROPHES, "a"), (_HYPHENS, "h"), (_POINTS, "p"))


def _class_of(character: str) -> str:
    for signs, name in _CLASS_OF_SIGN:
        if character in signs:
            return name
    category = unicodedata.category(character)
    major = category[0]
    if major in "LN" and is_unspaced(character) and category != "Nd":
        return "i"
    if major == "L":
        return "w" if fold_key(character) else "m"
    if category == "Zs" or character == "\t":
        return "s"
    return {"M": "m", "N": "d", "Cf": "f"}.get(category if category == "Cf" else major, "x")
