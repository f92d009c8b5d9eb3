"""Fold a text to a key in which only letters and digits count, and find the way back to the original.

Two texts that a reader would call the same words have the same key, whatever their case, quotation marks, dashes,
spaces, line breaks, soft hyphens, Unicode form (NFC or NFD) or look-alike letters. The key of one code point does not
depend on its neighbours: NFKD, casefold, NFKD again, then everything dropped that is no letter, digit or vowel sign.
The order of the steps follows Unicode's compatibility caseless matching (Unicode Standard, section 3.13, D146).

Letters of one script that a reader tells apart stay apart: Kazakh к and қ, н and һ, Polish l and ł. The exceptions are
й with и and ё with е, which are a letter and a decorating mark in NFD.
"""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

_DECORATING_MARKS = (
    (0x0300, 0x036F), (0x0483, 0x0489), (0x0591, 0x05C7), (0x0610, 0x061A), (0x0640, 0x0640), (0x064B, 0x065F),
    (0x0670, 0x0670), (0x06D6, 0x06ED), (0x1AB0, 0x1AFF), (0x1DC0, 0x1DFF), (0x20D0, 0x20FF), (0xFE00, 0xFE2F),
    (0xE0100, 0xE01EF),
)  # fmt: skip
"""Ranges whose marks only decorate a letter. Vowel signs of Indic scripts and of Thai lie outside and are kept.

U+06DD, U+06DE, U+06E5, U+06E6 and U+06E9 in the Arabic range are signs of the Quran, dropped as marks are."""

_SPACING_MODIFIERS = (0x02B9, 0x02DF)
"""Apostrophes and primes that Unicode calls letters (ʹ ʻ ʼ): typists write them as punctuation."""

_SURROGATES = (0xD800, 0xDFFF)

_LOOK_ALIKES = (
    ("авекмортухсіӏјѕһԁԛԝѵԍ", "abekmoptyxciijshdqwvg"),
    ("αβεζηικμνορτυχγπφθ", "abezhikmnoptyxгпфө"),
    ("əǝɵıɪɡɑĸ", "әәөiigak"),
    ("\u0649\u06cc\u0671\u06a9\u06aa\u06c1\u06c3", "\u064a\u064a\u0627\u0643\u0643\u0647\u0629"),
)
"""Letters on the left are written as the one on the right. Where the capitals of two scripts look alike and the small
letters do not (В and B), the pair counts; where that would join two letters of one script (Н with H and һ with h),
the small letters decide and the capitals stay apart."""

_ASCII_KEYS = bytes(ord(chr(code).lower()) for code in range(128)) + bytes(range(128, 256))
_ASCII_DROPPED = bytes(code for code in range(128) if not chr(code).isalnum())


@dataclass(frozen=True, slots=True)
class Folded:
    """A key and, for each of its characters, the code points of the original that it came from.

    ``starts[i]`` and ``ends[i]`` (exclusive) are offsets in code points; both sequences never decrease. A dropped mark
    that follows its letter lies inside the letter's span; other dropped characters lie between spans.
    """

    key: str
    starts: Sequence[int]
    ends: Sequence[int]


def fold_key(text: str) -> str:
    """The folded key of ``text``; two texts with the same key are the same words. Never holds a surrogate."""
    if text.isascii():
        # An ASCII letter or digit is its own key in lower case; this is fifty times as fast.
        return text.encode("ascii").translate(_ASCII_KEYS, _ASCII_DROPPED).decode("ascii")
    return text.translate(_TABLE)


def fold(text: str) -> Folded:
    """The folded key of ``text`` with the way back to the original's code points."""
    pieces: list[str] = []
    starts: list[int] = []
    ends: list[int] = []
    for offset, character in enumerate(text):
        piece = _TABLE[ord(character)]
        if len(piece) == 1:
            pieces.append(piece)
            starts.append(offset)
            ends.append(offset + 1)
        elif piece:
            pieces.append(piece)
            starts.extend([offset] * len(piece))
            ends.extend([offset + 1] * len(piece))
        elif ends and ends[-1] == offset and is_mark(character):
            _stretch(starts, ends, offset + 1)
    return Folded("".join(pieces), starts, ends)


def is_mark(character: str) -> bool:
    """Return whether the code point belongs to the letter before it (a combining mark or variation selector)."""
    return unicodedata.category(character)[0] == "M"


def _stretch(starts: list[int], ends: list[int], end: int) -> None:
    origin = starts[-1]
    index = len(starts) - 1
    while index >= 0 and starts[index] == origin:
        ends[index] = end
        index -= 1


class _Table(dict[int, str]):
    """Code point to key, filled as code points are met: most texts use a few hundred of a million."""

    def __init__(self) -> None:
        super().__init__()
        self._look_alikes: dict[int, int] = {}
        for letters, replacements in _LOOK_ALIKES:
            self._look_alikes.update(str.maketrans(letters, replacements))

    def __missing__(self, code_point: int) -> str:
        return self.setdefault(code_point, "".join(map(self._key_of_letter, _letters(code_point))))

    def _key_of_letter(self, letter: str) -> str:
        digit = unicodedata.decimal(letter, None)
        return letter.translate(self._look_alikes) if digit is None else str(digit)


_TABLE = _Table()


def _letters(code_point: int) -> str:
    if _SURROGATES[0] <= code_point <= _SURROGATES[1]:
        return ""
    character = chr(code_point)
    if unicodedata.category(character) == "Lo" and unicodedata.is_normalized("NFKD", character) and character.casefold() == character:
        # Ideographs and most letters without case; this is several times as fast.
        return character
    if not _counts(character):
        return ""
    # Marks go before the case does: casefold would make a letter of the Greek iota below.
    bare = "".join(filter(_counts, unicodedata.normalize("NFKD", character)))
    return "".join(filter(_counts, unicodedata.normalize("NFKD", bare.casefold())))


def _counts(character: str) -> bool:
    code_point = ord(character)
    if unicodedata.category(character)[0] in "PSZC" or _SPACING_MODIFIERS[0] <= code_point <= _SPACING_MODIFIERS[1]:
        return False
    return not any(first <= code_point <= last for first, last in _DECORATING_MARKS)
