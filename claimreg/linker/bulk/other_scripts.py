"""Quotes sought in documents of another script: an index of their skeletons for each alphabet that quotes are in.

It is decided by the sample whether there is such an index: where no text of it has a passage in other alphabets than a
quote's, the documents are not searched for the quote's skeleton, and cost what they did. The sample is the same for all
workers and for a scan that is gone on with.
"""

from __future__ import annotations

from dataclasses import replace
from functools import cache
from math import ceil, log2
from typing import TYPE_CHECKING, NamedTuple, TypeAlias

import numpy as np

from claimreg.linker.bulk.foldtable import SEPARATOR, codes_of, text_of
from claimreg.linker.bulk.index import OtherScript, build_index, gram_size
from claimreg.linker.bulk.quotes import PROBED_SHARE
from claimreg.linker.bulk.rarity import Rarity
from claimreg.linker.bulk.skeleton import ALPHABETS, Skeletons, letters_by_alphabet
from claimreg.linker.lexicon import lexicon
from claimreg.linker.passage import stretches_between_ellipses
from claimreg.text.romanize import romanize

if TYPE_CHECKING:
    from collections.abc import Sequence

    from claimreg.linker.bulk.foldtable import Codes
    from claimreg.linker.bulk.index import QuoteIndex
    from claimreg.linker.bulk.quotes import QuoteTable

SHORTEST = 9
"""Keys of a skeleton below which it is not sought, about four words."""

_BITS_OF_A_KEY = 2.3
"""Bits that a key of a skeleton tells at least; skeletons that so much text has by chance are not sought."""

_OF_ONE_SCRIPT = frozenset(("en", "de", "fr", "es", "it", "pt", "nl", "sv", "da", "fi", "hu"))
"""Languages that nobody writes in other letters than their own, as far as their most frequent words are given here."""

_FEWEST_FREQUENT, _SHARE_OF_FREQUENT = 2, 0.2
"""Words of a quote, and share of all, that are among the most frequent of such a language, for it to be in none of another script."""

_MOST_GRAMS = 48
"""Grams of a skeleton that documents are probed for, at most; of a longer one, these are taken evenly."""

_AT_ONCE = 4_000
"""Quotes whose skeletons are worked out together."""

_START = np.ones(1, np.int64)
"""Place where the only text of its code points begins, behind the separator."""


def with_other_scripts(index: QuoteIndex, texts: Sequence[str], size: int = 1) -> QuoteIndex:
    """The index with those of skeletons that are of use in the documents that ``texts`` are a sample of.

    ``size`` is that of all documents, in code points.
    """
    beside = _beside(texts)
    if not any(beside):
        return index
    others: list[OtherScript] = []
    shortest = max(SHORTEST, ceil(log2(max(1, size)) / _BITS_OF_A_KEY))
    for alphabet, units in enumerate(_units_by_alphabet(index.table, shortest)):
        if units and beside[alphabet]:
            rarities = [Rarity(gram_size(len(index.table)), Skeletons(alphabet).fold)]
            rarities[0].observe(beside[alphabet])
            table = _table_of(units, index.table)
            units.clear()
            others.append(OtherScript(alphabet, build_index(table, rarities, most_grams=_MOST_GRAMS)))
    return replace(index, others=tuple(others))


class _Unit(NamedTuple):
    """Skeleton of a quote, or of a part of a stitched one; documents are probed for the long parts only."""

    key: str
    is_part: bool = False
    probed: bool = True


_Units: TypeAlias = "dict[_Unit, list[int]]"


def _beside(texts: Sequence[str]) -> list[list[str]]:
    """For each alphabet, the texts that have a passage in another one in which a quote could stand."""
    beside: list[list[str]] = [[] for _ in ALPHABETS]
    for text in texts:
        counts = letters_by_alphabet(codes_of([text]), _START)[:, 0]
        for alphabet, count in enumerate(counts.tolist()):
            if counts.sum() - count >= SHORTEST:
                beside[alphabet].append(text)
    return beside


def _units_by_alphabet(table: QuoteTable, shortest: int) -> list[_Units]:
    """The units of the quotes that are mostly in each alphabet; documents are probed for those of so many keys at least."""
    units: list[_Units] = [{} for _ in ALPHABETS]
    stitched, skeletons = table.parts_of_quotes(), Skeletons()
    for first in range(0, len(table), _AT_ONCE):
        numbers = range(first, min(first + _AT_ONCE, len(table)))
        texts = [table.text(number) for number in numbers]
        codes = codes_of(texts)
        keys = _keys_of(codes, skeletons)
        bounds = np.cumsum([1, *(len(text) + 1 for text in texts[:-1])])
        mostly = letters_by_alphabet(codes, bounds).argmax(axis=0).tolist()
        for number, text, key, alphabet in zip(numbers, texts, keys, mostly, strict=True):
            if _is_of_one_script(text):
                continue
            for unit in _parts(text, skeletons, shortest) if number in stitched else [_Unit(key)] if len(key) >= shortest else []:
                units[alphabet].setdefault(unit, []).append(number)
    return units


def _is_of_one_script(text: str) -> bool:
    """Return whether a quote is plainly in a language that is never written in other letters, so that no document has it in any."""
    words = text.lower().split()
    frequent = sum(map(_frequent_of_one_script().__contains__, words))
    return frequent >= max(_FEWEST_FREQUENT, _SHARE_OF_FREQUENT * len(words))


@cache
def _frequent_of_one_script() -> frozenset[str]:
    """The most frequent words of languages of one script that are no frequent word of another language, romanised."""
    frequent = lexicon().frequent
    elsewhere = {romanize(word) for word in frequent if not word.isascii()}
    return frozenset(word for word, tags in frequent.items() if not _OF_ONE_SCRIPT.isdisjoint(tags.split())) - elsewhere


def _keys_of(codes: Codes, skeletons: Skeletons) -> list[str]:
    """The keys of several texts."""
    return text_of(skeletons.fold(codes))[1:-1].split(chr(SEPARATOR))


def _parts(text: str, skeletons: Skeletons, shortest: int) -> list[_Unit]:
    """The units of a stitched quote, of its parts that are long enough; documents are probed for those of so many keys at least."""
    parts = [text[slice(*span)] for span in stretches_between_ellipses(text)]
    keys = [key for key in _keys_of(codes_of(parts), skeletons) if len(key) >= SHORTEST]
    least = max(shortest, PROBED_SHARE * max(map(len, keys), default=0))
    return [_Unit(key, is_part=True, probed=len(key) >= least) for key in keys]


def _table_of(units: _Units, table: QuoteTable) -> QuoteTable:
    """The table of the same quotes with other units."""
    sizes = np.array([len(unit.key) for unit in units], np.int64)
    owned = [sorted(set(owners)) for owners in units.values()]
    between = chr(SEPARATOR)
    joined = between + between.join(unit.key for unit in units) + between
    return replace(
        table,
        keys=np.frombuffer(joined.encode("utf-16-le"), "<u2"),
        starts=np.cumsum(sizes + 1) - sizes,
        lengths=sizes,
        owners=np.array([number for owners in owned for number in owners], np.int64),
        first_owner=np.cumsum([0, *map(len, owned)]),
        is_part=np.array([unit.is_part for unit in units], np.bool_),
        respelled=np.zeros(len(units), np.bool_),
        probed=np.array([unit.probed for unit in units], np.bool_),
    )
