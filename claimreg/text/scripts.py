"""The scripts of letters: each set of code points that something goes by, in one place, named after what it is for.

Sets that look alike differ on purpose: registries and indexes keep what was made with them, so another range is another version.
A set is its ranges of code points, first and last inclusive, in order.
"""

from __future__ import annotations

from typing import TypeAlias

Ranges: TypeAlias = tuple[tuple[int, int], ...]

LATIN: Ranges = ((0x41, 0x5A), (0x61, 0x7A), (0xC0, 0x24F), (0x1E00, 0x1EFF))
LATIN_WITH_SIGNS: Ranges = ((0x41, 0x5A), (0x61, 0x7A), (0xAA, 0xAA), (0xB5, 0xB5), (0xBA, 0xBA), (0xC0, 0x24F), (0x1E00, 0x1EFF))
"""With ª, µ and º, which Unicode counts as letters."""

GREEK: Ranges = ((0x370, 0x3FF),)
CYRILLIC: Ranges = ((0x400, 0x52F),)
ARABIC: Ranges = ((0x600, 0x6FF),)
ARABIC_WITH_FORMS: Ranges = ((0x600, 0x77F), (0xFB50, 0xFEFC))
"""With the letters of Africa and the forms that letters take in a word."""

UNSPACED: Ranges = (
    (0x0E00, 0x0EFF), (0x1000, 0x109F), (0x1780, 0x17FF), (0x2E80, 0x2FDF), (0x3005, 0x3007), (0x3021, 0x3029),
    (0x3031, 0x3035), (0x3038, 0x303C), (0x3041, 0x30FF), (0x31F0, 0x31FF), (0x3400, 0x4DBF), (0x4E00, 0x9FFF),
    (0xF900, 0xFAFF), (0xFF66, 0xFF9F), (0x1B000, 0x1B16F), (0x20000, 0x323AF),
)  # fmt: skip
"""Scripts that do not write spaces between words."""

_NARROW_IDEOGRAPHS: Ranges = ((0x3005, 0x3007), (0x3041, 0x30FF), (0x3400, 0x9FFF))
IDEOGRAPHS: Ranges = (*_NARROW_IDEOGRAPHS, (0x20000, 0x323AF))
"""Ideographs and kana, as folded keys have them: each tells as much as two letters of an alphabet."""

JAMO: Ranges = ((0x1100, 0x11FF),)
"""Thirds of a Korean syllable, as folded keys have them."""

_LAST_NARROW = 0xFFFF
NARROWED = range(0xE000, 0xF900)
"""Private use, which no key holds: letters beyond U+FFFF are narrowed into it where keys have 16 bits. Two may share a place."""

NARROWED_IDEOGRAPHS: Ranges = (*_NARROW_IDEOGRAPHS, (NARROWED[0], NARROWED[-1]))
"""The ideographs among keys of 16 bits: letters beyond U+FFFF are mostly some."""

SAMPLED_IDEOGRAPHS: Ranges = ((0x3005, 0x9FFF), (0xF900, 0xFAFF), (0x10000, 0x3FFFF))
"""Signs that a text of a sample is of ideographs; what only folds to some (radicals, half-width kana) is not."""

SHORT_GROUPS: Ranges = ((0x2E80, 0x9FFF),)
"""Keys whose letter groups are short ones; every registry's groups were made by it."""


def is_in(code_point: int, ranges: Ranges) -> bool:
    """Return whether a code point is of a set."""
    for first, last in ranges:  # noqa: SIM110 -- any() takes twice as long, and this is asked letter by letter
        if first <= code_point <= last:
            return True
    return False


def is_unspaced(character: str) -> bool:
    """Return whether the code point belongs to a script that writes no spaces between words."""
    code_point = ord(character)
    return code_point >= UNSPACED[0][0] and is_in(code_point, UNSPACED)


def narrow(key: str) -> str:
    """A folded key with each letter beyond U+FFFF replaced by one of the private use area."""
    if key.isascii() or max(map(ord, key)) <= _LAST_NARROW:
        return key
    return "".join(chr(NARROWED[ord(one) % len(NARROWED)]) if ord(one) > _LAST_NARROW else one for one in key)


def pattern(*sets: Ranges) -> str:
    """A regular expression for one letter of any of the sets."""
    return "[{}]".format("".join(f"\\U{first:08x}-\\U{last:08x}" for one in sets for first, last in one))
