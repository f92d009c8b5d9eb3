"""Senses of words that count or date."""

from __future__ import annotations

from enum import Enum, auto
from fractions import Fraction
from typing import NamedTuple


class Kind(Enum):
    """Sort of what a word, or some words together, stand for."""

    NUMBER = auto()
    DATE = auto()
    MONTH = auto()
    WEEKDAY = auto()
    RELATIVE = auto()
    AROUND = auto()
    JOINER = auto()
    POINT = auto()
    SIGN = auto()
    COUNTED = auto()
    WORD = auto()


class Entry(NamedTuple):
    """One sense of a word: its kind, its value, and the sign that it stands for.

    ``part`` tells a fraction's name (*third* of a whole), ``ended`` a word with an ending that is not listed, which ends a number;
    ``sure`` is false where the word is as often another one.
    """

    kind: Kind
    value: Fraction = Fraction(0)
    ordinal: bool = False
    part: bool = False
    sign: str = ""
    ended: bool = False
    sure: bool = True
