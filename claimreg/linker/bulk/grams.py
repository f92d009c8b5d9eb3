"""Masks of what stands around a run of keys (a gram), see `claimreg.text.grams` for the runs' hashes."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeAlias

import numpy as np

if TYPE_CHECKING:
    from claimreg.linker.bulk.foldtable import Keys

Masks: TypeAlias = "np.ndarray[tuple[int, int], np.dtype[np.uint64]]"
Flags: TypeAlias = "np.ndarray[tuple[int], np.dtype[np.bool_]]"
Integers: TypeAlias = "np.ndarray[tuple[int], np.dtype[np.int64]]"

CONTEXT = 16
"""Keys on each side of a gram that its mask tells of."""

_MASK_BITS = 128

_NOTHING = _MASK_BITS
_BITS = np.zeros((_MASK_BITS + 1, 2), np.uint64)
"""Masks of one bit each, and of none."""

_BITS[:64, 0] = _BITS[64:_MASK_BITS, 1] = np.uint64(1) << np.arange(64, dtype=np.uint64)

_GRAMS_AT_ONCE = 1 << 10
"""Grams whose surroundings are looked at together: the arrays stay in the processor's cache."""


def bigram_bits(keys: Keys) -> np.ndarray[tuple[int], np.dtype[np.uint8]]:
    """Return, for each two neighbouring keys, the number (0..127) of the bit that stands for them.

    The mixing is not linear: with a linear one, grams that share letters share bits, and chance looks like kinship.
    """
    wide = keys.astype(np.uint32)
    mixed = wide[:-1] * np.uint32(0x85EBCA6B)
    wide *= np.uint32(0xC2B2AE35)
    mixed ^= wide[1:]
    mixed ^= np.right_shift(mixed, np.uint32(15), out=wide[1:])
    mixed *= np.uint32(0x27D4EB2F)
    mixed >>= np.uint32(25)
    return mixed.astype(np.uint8)


def context_masks(keys: Keys, at: Integers, size: int, low: Integers | None = None, high: Integers | None = None) -> Masks:
    """128 bits that tell which bigrams stand within ``CONTEXT`` keys of the grams at ``at``, the gram itself left out.

    Only bigrams that lie in ``keys[low:high]`` count, a pair of bounds for each gram; without them, all do.
    """
    if len(at) and (low is not None or at.min() < CONTEXT or at.max() + size + CONTEXT > len(keys)):
        low = np.maximum(low, 0) if low is not None else np.zeros(len(at), np.int64)
        high = np.minimum(high, len(keys)) if high is not None else np.full(len(at), len(keys))
    masks = np.zeros((len(at), 2), np.uint64)
    # A row for each step and a column for each gram: NumPy is faster with whole rows than along short ones.
    steps = np.arange(-CONTEXT, 0)[:, np.newaxis]
    for begin in range(0, len(at), _GRAMS_AT_ONCE):
        some = slice(begin, begin + _GRAMS_AT_ONCE)
        around = steps + at[some]
        for to_the_other_side in (0, CONTEXT + size):
            around += to_the_other_side
            bits = bigram_bits(keys.take(around, mode="clip"))
            if low is not None and high is not None:
                bits[(around[:-1] < low[some]) | (around[1:] >= high[some])] = _NOTHING
            masks[some] |= np.bitwise_or.reduce(_BITS.take(bits, axis=0, mode="clip"), axis=0)
    return masks
