"""One spelling for words that a script may write in two ways: Thai and Lao am, Indic nasals, Malayalam chillu letters, Armenian ev.

Unicode's normal forms keep these apart, and readers do not (The Unicode Standard, chapters 12 and 16, on each of the scripts).
"""

from __future__ import annotations

import re
import unicodedata
from functools import cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

_BLOCKS = (0x900, 0x980, 0xA00, 0xA80, 0xB00, 0xC00, 0xC80, 0xD00)
"""Devanagari, Bengali, Gurmukhi, Gujarati, Oriya, Telugu, Kannada and Malayalam: their letters stand in one order in each block."""

_ANUSVARA, _VIRAMA = 0x02, 0x4D
_NASALS = ((0x19, 0x15, 0x18), (0x1E, 0x1A, 0x1D), (0x23, 0x1F, 0x22), (0x28, 0x24, 0x27), (0x2E, 0x2A, 0x2D))
"""A nasal, and the first and last of the consonants before which it may be written as anusvara."""

_CHILLU = str.maketrans({"ൺ": "ണ്", "ൻ": "ന്", "ർ": "ര്", "ൽ": "ല്", "ൾ": "ള്", "ൿ": "ക്"})
_JOINERS = dict.fromkeys((0x200C, 0x200D))
_HAS_TWO_SPELLINGS = re.compile("[\u0531-\u058f\u0900-\u0d7f\u0e00-\u0eff]")


def has_two_spellings(text: str) -> bool:
    """Return whether the text has letters of a script that this module knows."""
    return not text.isascii() and _HAS_TWO_SPELLINGS.search(text) is not None


def one_spelling(text: str) -> str:
    """The text, casefolded in NFC, with each of these in one of its spellings."""
    spelt = unicodedata.normalize("NFC", text).casefold().translate(_JOINERS).translate(_CHILLU)
    for pattern, replacement in _rules():
        spelt = pattern.sub(replacement, spelt)
    return spelt


@cache
def _rules() -> tuple[tuple[re.Pattern[str], str | Callable[[re.Match[str]], str]], ...]:
    rules: list[tuple[re.Pattern[str], str | Callable[[re.Match[str]], str]]] = [
        (
            re.compile("\u0e4d([\u0e48-\u0e4b]*)\u0e32|([\u0e48-\u0e4b]+)\u0e4d\u0e32"),
            lambda found: (found[1] or found[2] or "") + "\u0e33",
        ),
        (
            re.compile("\u0ecd([\u0ec8-\u0ecb]*)\u0eb2|([\u0ec8-\u0ecb]+)\u0ecd\u0eb2"),
            lambda found: (found[1] or found[2] or "") + "\u0eb3",
        ),
        (re.compile("\u0565[\u0582\u057e]"), "\u0587"),
    ]
    for block in _BLOCKS:
        for nasal, first, last in _NASALS:
            before = f"{chr(block + nasal)}{chr(block + _VIRAMA)}(?=[{chr(block + first)}-{chr(block + last)}])"
            rules.append((re.compile(before), chr(block + _ANUSVARA)))
    return tuple(rules)
