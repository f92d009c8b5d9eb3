"""Skeletons of texts: their consonants, one key each, much alike in Latin, Greek, Cyrillic and Arabic letters.

Romanisations disagree on vowels, glides and signs (``я`` is ``ya``, ``ia``, ``ja`` or ``â``, ``ь`` an apostrophe or nothing),
and on whether an ``h`` tells a sound apart (``sh``, ``š``). All of that is left out, and of doubled keys one stays. What remains of
Russian is about the same whatever standard it was romanised by, and half as long, so that to probe for it costs less than
to probe for the letters. It is for finding places that the linker then judges by :mod:`claimreg.text.romanize`.

Each key of a skeleton is told from those of other alphabets until the letters of one alphabet are left out, see
:class:`Skeletons`: a quote in this alphabet is sought in what is written in the others.
"""

from __future__ import annotations

from functools import cache
from operator import itemgetter
from typing import TYPE_CHECKING

import numpy as np

from claimreg.linker import kernel
from claimreg.text.romanize import romanize
from claimreg.text.scripts import ARABIC, CYRILLIC, GREEK, LATIN

if TYPE_CHECKING:
    from claimreg.linker.bulk.foldtable import Codes, Keys, Positions
    from claimreg.linker.bulk.grams import Flags, Integers

    Tagged = np.ndarray[tuple[int], np.dtype[np.uint8]]
    Bare = np.ndarray[tuple[int], np.dtype[np.int8]]
    Counts = np.ndarray[tuple[int, int], np.dtype[np.int64]]

ALPHABETS = (LATIN, GREEK, CYRILLIC, ARABIC)
"""Alphabets whose letters have a skeleton; an alphabet's number is its place here."""

_CODES = 0x110001
"""Code points, and the sign between two texts."""

_ALPHABETS_END = 0x800
"""Code point behind the alphabets, as far as they are without letters that are rare."""

_CHUNK = 1 << 15
"""Code points looked up at a time: their arrays stay in the processor's cache."""

_KEY_BITS = 5
_KEY = (1 << _KEY_BITS) - 1
_BETWEEN = 0xFF
_BARE = bytes(_BETWEEN if tagged == _BETWEEN else ord("`") + (tagged & _KEY) for tagged in range(_BETWEEN + 1))
"""The keys, small letters of ASCII, of what the table has, whatever the alphabet."""

_LEFT_OUT = frozenset("aeiouyhj")
_OTHERWISE = dict(zip("жҗҷђđџžżźхχцcćčçجژخ", "zzcddzzzzkkccccczzk", strict=True))
"""Letters that romanisations agree on better than :func:`romanize` would have it; ``j`` is a glide in too many of them."""


class Skeletons:
    """Reader of texts for quotes in one alphabet: gives the skeleton of what is written in the others."""

    def __init__(self, alphabet: int | None = None) -> None:
        left_out = {tagged for tagged in range(_BETWEEN) if not tagged & _KEY or tagged >> _KEY_BITS == alphabet}
        self._left_out = bytes(sorted(left_out))
        self._is_sought = np.array([tagged not in left_out for tagged in range(_BETWEEN + 1)])
        # What the kernel reads: a byte for each code point, so that the processor's cache holds them; the sign between two texts is -1.
        self._bare = np.where(self._is_sought, np.frombuffer(_BARE, np.int8), np.int8(0)).take(_table())
        self._quiet = _longest_quiet(self._bare)

    def fold(self, codes: Codes) -> Keys:
        """The keys of code points."""
        if kernel.compiled:
            out = np.empty(len(codes), np.uint16)
            return out[: kernel.compiled.skeleton(codes, self._bare, out, *self._quiet)].copy()
        # As bytes, keys are changed and dropped faster than in arrays.
        bare = np.frombuffer(_lookup().tagged(codes).translate(_BARE, self._left_out), np.int8)
        # The sign between two texts is -1, and stays so with more bits.
        return bare[_not_doubled(bare)].astype(np.int16).view(np.uint16)

    def origins(self, codes: Codes) -> Positions:
        """Return, for each key of ``fold(codes)``, the index of the code point that it comes from."""
        tagged = _table().take(codes, mode="clip")
        at = np.flatnonzero(self._is_sought[tagged])
        bare = np.frombuffer(tagged[at].tobytes().translate(_BARE), np.int8)
        origins: Positions = at[_not_doubled(bare)]
        return origins


class _Lookup:
    """Entries of the table for code points, as bytes, without those that are left out of every skeleton.

    Those looked up last are kept, since skeletons of each alphabet are read of them.
    """

    def __init__(self) -> None:
        self._codes: Codes | None = None
        self._tagged = b""

    def tagged(self, codes: Codes) -> bytes:
        """The alphabet and key of each code point that has one."""
        if codes is not self._codes:
            pieces = (_with_key(_table().take(codes[at : at + _CHUNK], mode="clip")) for at in range(0, len(codes), _CHUNK))
            self._codes, self._tagged = codes, b"".join(pieces)
        return self._tagged


@cache
def _lookup() -> _Lookup:
    """The look-up of this process."""
    return _Lookup()


def _longest_quiet(bare: Bare) -> tuple[int, int, int, int]:
    """Two ranges of code points without a key, the first ones and the longest behind them, where alphabets are: each one's start and size.

    Most text of an alphabet that is left out lies in them.
    """
    bounds = np.flatnonzero(np.diff(bare[:_ALPHABETS_END] != 0, prepend=True, append=True)).tolist()
    ranges = [(start, end - start) for start, end in zip(bounds[::2], bounds[1::2], strict=True)]
    first, longest = ranges[0], max(ranges[1:], key=itemgetter(1), default=(0, 0))
    return *first, *longest


def _with_key(tagged: Tagged) -> bytes:
    # As in folding, places that are found and taken cost half as much as a mask, or as bytes that are dropped.
    return tagged.take(np.flatnonzero(tagged != 0)).tobytes()


def letters_by_alphabet(codes: Codes, bounds: Integers) -> Counts:
    """Counts of the letters with a key, a row for each alphabet and a column for each text, which start at ``bounds``."""
    tagged = _table().take(codes, mode="clip")
    alphabets = np.where(tagged == 0, len(ALPHABETS), tagged >> _KEY_BITS)
    return np.stack([np.add.reduceat(alphabets == number, bounds, dtype=np.int64) for number in range(len(ALPHABETS))])


def _not_doubled(bare: Bare) -> Flags:
    """Return which keys are not the same as the one before; all separators stay."""
    kept = np.ones(len(bare), np.bool_)
    kept[1:] = (bare[1:] != bare[:-1]) | (bare[1:] < 0)
    return kept


@cache
def _table() -> Tagged:
    """Return, for each code point, its alphabet's number and its key; 0 for what is left out."""
    table = np.zeros(_CODES, np.uint8)
    table[-1] = _BETWEEN
    for number, ranges in enumerate(ALPHABETS):
        for first, last in ranges:
            for code in range(first, last + 1):
                key = _key_of(chr(code))
                if key:
                    table[code] = number << _KEY_BITS | (ord(key) & _KEY)
    return table


def _key_of(letter: str) -> str:
    """The key of a letter: its first consonant in Latin letters; empty where it has none."""
    lower = letter.lower()
    if lower in _OTHERWISE:
        return _OTHERWISE[lower]
    return next((one for one in romanize(lower) if "a" <= one <= "z" and one not in _LEFT_OUT), "")
