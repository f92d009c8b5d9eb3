"""Words that turn the meaning of a quote: negations, numbers written out, months, weekdays.

Each set holds the folded keys (see :mod:`claimreg.text.fold`) of all languages that :mod:`claimreg.languages` knows. They decide
flags, never whether a quote is linked.
"""

from __future__ import annotations

from functools import cache
from itertools import chain
from typing import TYPE_CHECKING

from claimreg.languages import languages
from claimreg.text.fold import fold_key

if TYPE_CHECKING:
    from collections.abc import Iterable


@cache
def negations() -> frozenset[str]:
    """Words that deny by themselves (not, жоқ, никогда)."""
    return _keys(one.negation.words for one in languages())


def is_negation(key: str) -> bool:
    """Return whether a word denies by itself, in some language."""
    return key in negations()


@cache
def numbers() -> frozenset[str]:
    """Numbers written out in words."""
    return _keys(one.numbers for one in languages())


@cache
def dates() -> frozenset[str]:
    """Months, weekdays and the days around today."""
    return _keys(one.dates for one in languages())


@cache
def negating_prefixes() -> frozenset[str]:
    """Syllables that deny when put before a word (un-, не-)."""
    return _keys(one.negation.prefixes for one in languages())


@cache
def negating_suffixes() -> frozenset[str]:
    """Syllables that deny when put behind a word (-less, -сыз, n't)."""
    return _keys(one.negation.suffixes for one in languages())


@cache
def negating_infixes() -> frozenset[str]:
    """Syllables that deny when put behind the stem of a Turkic verb (жаса-ма-ған)."""
    return _keys(one.negation.infixes for one in languages())


@cache
def afterthoughts() -> frozenset[str]:
    """Negations that follow what they deny: a quote that stops before one says the contrary."""
    return _keys(one.negation.afterwards for one in languages())


def _keys(words: Iterable[tuple[str, ...]]) -> frozenset[str]:
    return frozenset(map(fold_key, chain.from_iterable(words)))
