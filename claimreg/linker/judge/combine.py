"""Put the values of neighbouring number words together: two hundred and five, елу жеті мың, quatre-vingt-dix."""

from __future__ import annotations

from fractions import Fraction
from typing import TYPE_CHECKING

from claimreg.linker.judge.entries import Kind

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from claimreg.linker.judge.entries import Entry
    from claimreg.linker.judge.wordlist import Wordlist

_Dead = set[tuple[int, Fraction | None]]
"""Places in a word, with the value before them, from which no number goes on."""

_HUNDRED = 100
_TEN = 10
_TENS = frozenset(map(Fraction, range(20, 100, 10)))
_TEENS = frozenset(map(Fraction, range(10, 20)))
_SCORES = (60, 80)
"""Tens to which French adds ten to nineteen (soixante-quinze)."""


def combined(total: Fraction | None, value: Fraction, *, together: bool = False) -> Fraction | None:
    """The value of a number so far with the next word of it; None where that word begins another number.

    A power of ten from a hundred on multiplies what stands before it and is smaller (two hundred, three million two *thousand*); any
    other word adds to a number that has room for it (twenty *one*, but not *one twenty*). Ten multiplies as well where the words are
    written ``together``, as in Chinese.
    """
    if total is None:
        return value
    if value <= 0 or total <= 0:
        return None
    if is_multiplier(value) or (value == _TEN and together):
        rest = total % value
        high = total - rest
        if rest:
            return high + rest * value if not high or _room(high) > rest * value else None
    last = total % _HUNDRED
    if value < _room(total) or (last in _SCORES and value in _TEENS):
        return total + value
    return total - 4 + 80 if last == 4 and value == 20 else None  # noqa: PLR2004 -- quatre-vingt


def added(total: Fraction, value: Fraction) -> Fraction | None:
    """The value of a number with what a joiner adds to it (hundred and five, but not *ten and five*); None where that is another one."""
    last = total % _HUNDRED
    fits = value < _room(total) or (last in _SCORES and value in _TEENS)
    return total + value if value > 0 and fits and last != _TEN else None


def inverted(total: Fraction, value: Fraction) -> Fraction | None:
    """The value where the ones stand before the tens (einundzwanzig); None where these are no ones and tens."""
    return total + value if value in _TENS and 1 <= total % _HUNDRED <= 9 else None  # noqa: PLR2004 -- the ones


def is_multiplier(value: Fraction) -> bool:
    """Return whether a value is a power of ten that multiplies what stands before it."""
    digits = str(value)
    return value >= _HUNDRED and digits.rstrip("0") == "1"


def _room(total: Fraction) -> int:
    """The power of ten below which a value may be added to a number: 100 for 300, 1 for 305."""
    if total.denominator != 1:
        return 0
    digits = str(total)
    return int("1" + "0" * (len(digits) - len(digits.rstrip("0"))))


def compound_value(key: str, known: Wordlist) -> tuple[Fraction, bool] | None:
    """The value of a word that is made of number words, and whether it is ordinal; None for any other word."""
    dead: _Dead = set()
    return _rest(key, 0, None, known, dead)


def _rest(
    key: str, at: int, total: Fraction | None, known: Wordlist, dead: set[tuple[int, Fraction | None]]
) -> tuple[Fraction, bool] | None:
    if total is not None and (at == len(key) or known.is_ending_of_words(key[at:])):
        return total, False
    if (at, total) in dead:
        return None
    for end, entry, value in _next(key, at, total, known):
        if at == 0 and end == len(key):
            continue
        if entry.ordinal and (end == len(key) or known.is_ending_of_words(key[end:])):
            return value, True
        found = None if entry.ordinal else _rest(key, end, value, known, dead)
        if found:
            return found
    dead.add((at, total))
    return None


def _next(key: str, at: int, total: Fraction | None, known: Wordlist) -> Iterator[tuple[int, Entry, Fraction]]:
    """Each way to read a number word at a place of a compound, longest first, with the value that it makes."""
    starts: list[tuple[int, Callable[[Fraction | None, Fraction], Fraction | None]]] = [(at, combined)]
    if known.inside and total is not None and key.startswith(known.inside, at):
        joined = at + len(known.inside)
        starts = [(joined, lambda so_far, value: inverted(so_far, value) if so_far else None), (joined, combined), (at, combined)]
    for start, together in starts:
        for end in range(len(key), start, -1):
            for entry in known.phrases.get((key[start:end],), ()):
                value = None if entry.kind is not Kind.NUMBER or entry.part else together(total, entry.value)
                if value is not None:
                    yield end, entry, value
