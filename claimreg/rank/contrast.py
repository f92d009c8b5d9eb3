"""Differences between two statements that have nearly all their words in common: then they are not the same claim."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from claimreg.linker.lexicon import dates, is_negation, numbers
from claimreg.linker.respell import in_cyrillic
from claimreg.model import Flag
from claimreg.text.alike import NAMED, is_same
from claimreg.text.fold import fold_key
from claimreg.text.romanize import romanize, romanize_words
from claimreg.text.words import words

if TYPE_CHECKING:
    from collections.abc import Iterable

_YEAR = range(1_000, 2_100)
_FIGURE = re.compile(r"\d+(?=$|st$|nd$|rd$|th$)|\d{2,}")
_SENTENCE_END = re.compile(r"[.!?…;。！？]+(?:\s|$)")
_SAME_TONGUE = 0.4
"""Share of the words of the shorter statement that both have from which on names, numbers and denials can be set side by side."""


class _Reading:
    """A statement's words that turn its meaning."""

    def __init__(self, text: str) -> None:
        # Of Kazakh in other letters, the words are known by their Cyrillic spelling.
        text = in_cyrillic(text) or text
        spans = words(text)
        keys = [fold_key(text[start:end]) for start, end in spans]
        self.skeletons = [skeleton for start, end in spans for skeleton in romanize_words(text[start:end])]
        self.denials = sum(map(is_negation, keys))
        # Twice in one sentence takes a denial back; in two sentences it denies both.
        self.denies = any(_denials(sentence) % 2 for sentence in _SENTENCE_END.split(text))
        figures = {figure[0] for key in keys if (figure := _FIGURE.match(key))}
        self.years = set(filter(_is_year, figures)) | {romanize(key) for key in keys if key in dates()}
        self.figures = {romanize(key) for key in keys if key in numbers()} | figures - self.years
        shouted = text.isupper() or text.istitle()
        named = [text[start:end] for start, end in spans[1:] if text[start].isupper() and text[end - 1].isalpha()]
        self.names = [] if shouted else [skeleton for name in named for skeleton in romanize_words(name)]


def _is_year(figure: str) -> bool:
    # A figure of thousands of digits is one that Python does not read.
    return len(figure) == len(str(_YEAR.start)) and figure.isdecimal() and int(figure) in _YEAR


def contrast(one: str, other: str) -> tuple[Flag, ...]:
    """Return how two otherwise similar statements differ in meaning: a negation, a number, a date or a name; often not at all.

    A number or a name that only one of them gives is no contrast, since the other may only be less exact.
    """
    left, right = _Reading(one), _Reading(other)
    if not _same_tongue(left.skeletons, right.skeletons):
        return ()
    found = {
        Flag.NEGATION: _denied(left, right),
        Flag.NUMBER: bool(left.figures - right.figures and right.figures - left.figures),
        Flag.DATE: bool(left.years - right.years and right.years - left.years),
        Flag.NAME: bool(_missing(left.names, right.skeletons) and _missing(right.names, left.skeletons)),
    }
    return tuple(flag for flag in Flag if found.get(flag))


def _denied(left: _Reading, right: _Reading) -> bool:
    """Return whether one denies what the other says."""
    if left.denials and right.denials:
        return left.denials % 2 != right.denials % 2
    return left.denies != right.denies


def _denials(text: str) -> int:
    return sum(is_negation(fold_key(text[start:end])) for start, end in words(text))


def _same_tongue(left: list[str], right: list[str]) -> bool:
    """Return whether two statements have words enough in common; a translation is not compared word by word."""
    one, other = set(left), set(right)
    return len(one & other) >= _SAME_TONGUE * min(len(one), len(other))


def _missing(names: Iterable[str], among: list[str]) -> list[str]:
    """The names that do not stand among some words, in any spelling or with any ending."""
    return [name for name in names if not any(is_same(name, word, NAMED) for word in among)]
