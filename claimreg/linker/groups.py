"""The letter groups that a text is told by among many: hashes of runs of its folded key, a fixed sample of all.

A group counts by its hash alone, so that a quote and a document sample alike (modulo sampling). Scripts that write a word in a
character or two have shorter groups. A document's groups are worked out with NumPy; a quote's without it, because importing
NumPy would take longer than finding the quote.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from claimreg.linker.passage import plain_key
from claimreg.text.fold import fold_key
from claimreg.text.scripts import SHORT_GROUPS, narrow

if TYPE_CHECKING:
    from collections.abc import Sequence

    from claimreg.text.grams import Hashes

_SIZE = 6
_SIZE_OF_IDEOGRAPHS = 3
_FIRST_IDEOGRAPH, _LAST_IDEOGRAPH = SHORT_GROUPS[0]
_ONE_IN = 2
_MIX = 0x85EBCA6B
_BASE = 0x9E3779B1
_LAST_HASH = 0xFFFFFFFF


def letter_groups(text: str) -> Hashes:
    """The distinct hashes of a document's sampled letter groups, sorted."""
    import numpy as np

    from claimreg.linker.bulk.foldtable import codes_of, fold_table
    from claimreg.text.grams import gram_hashes

    keys = fold_table().fold(codes_of([text]))[1:-1]
    ideographs = (keys >= _FIRST_IDEOGRAPH) & (keys <= _LAST_IDEOGRAPH)
    plain = gram_hashes(keys, _SIZE)
    plain = plain[~ideographs[: len(plain)]]
    found = plain[(plain * np.uint32(_MIX) >> np.uint32(16)) % _ONE_IN == 0]
    if ideographs.any():
        short = gram_hashes(keys, _SIZE_OF_IDEOGRAPHS)
        found = np.concatenate([found, short[ideographs[: len(short)]]])
    return np.unique(found)


def quote_groups(quote: str) -> list[int]:
    """Return the very same numbers for a quote, at a microsecond a letter."""
    keys = list(map(ord, narrow(plain_key(fold_key(quote)))))
    # A hash may belong to an ideograph's group and to a longer one, of which the sample leaves it out.
    found = {
        value
        for value, first in zip(_hashes(keys, _SIZE), keys, strict=False)
        if not _is_ideograph(first) and ((value * _MIX & _LAST_HASH) >> 16) % _ONE_IN == 0
    }
    found.update(value for value, first in zip(_hashes(keys, _SIZE_OF_IDEOGRAPHS), keys, strict=False) if _is_ideograph(first))
    return sorted(found)


def _hashes(keys: Sequence[int], size: int) -> list[int]:
    """The rolling hash of the ``size`` keys from each position on."""
    leaving = pow(_BASE, size, _LAST_HASH + 1)
    value = 0
    hashes: list[int] = []
    for key, gone in zip(keys, [*[0] * size, *keys], strict=False):
        value = (value * _BASE + key - gone * leaving) & _LAST_HASH
        hashes.append(value)
    return hashes[size - 1 :]


def _is_ideograph(key: int) -> bool:
    return _FIRST_IDEOGRAPH <= key <= _LAST_IDEOGRAPH
