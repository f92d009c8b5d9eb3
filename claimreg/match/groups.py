"""The letter groups that a text is told by among many: hashes of runs of its folded key, a fixed sample of all.

A group counts by its hash alone, so that a quote and a document sample alike (modulo sampling). Scripts that write a word in a
character or two have shorter groups.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from claimreg.match.scan.foldtable import codes_of, fold_table
from claimreg.match.scan.grams import gram_hashes

if TYPE_CHECKING:
    from claimreg.match.scan.grams import Hashes

_SIZE = 6
_SIZE_OF_IDEOGRAPHS = 3
_FIRST_IDEOGRAPH = 0x2E80
_LAST_IDEOGRAPH = 0x9FFF
_ONE_IN = 2
_MIX = np.uint32(0x85EBCA6B)


def letter_groups(text: str) -> Hashes:
    """The distinct hashes of a text's sampled letter groups, sorted."""
    keys = fold_table().fold(codes_of([text]))[1:-1]
    ideographs = (keys >= _FIRST_IDEOGRAPH) & (keys <= _LAST_IDEOGRAPH)
    plain = gram_hashes(keys, _SIZE)
    plain = plain[~ideographs[: len(plain)]]
    found = plain[(plain * _MIX >> np.uint32(16)) % _ONE_IN == 0]
    if ideographs.any():
        short = gram_hashes(keys, _SIZE_OF_IDEOGRAPHS)
        found = np.concatenate([found, short[ideographs[: len(short)]]])
    return np.unique(found)
