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
_LOW = np.zeros(_MASK_BITS + 1, np.uint64)
_HIGH = np.zeros(_MASK_BITS + 1, np.uint64)
_LOW[:64] = _HIGH[64:_MASK_BITS] = np.uint64(1) << np.arange(64, dtype=np.uint64)


def bigram_bits(keys: Keys) -> np.ndarray[tuple[int], np.dtype[np.uint8]]:
    """Return, for each two neighbouring keys, the number (0..127) of the bit that stands for them.

    The mixing is not linear: with a linear one, grams that share letters share bits, and chance looks like kinship.
    """
    wide = keys.astype(np.uint32)
    mixed = wide[:-1] * np.uint32(0x85EBCA6B)
    mixed ^= wide[1:] * np.uint32(0xC2B2AE35)
    mixed ^= mixed >> np.uint32(15)
    mixed *= np.uint32(0x27D4EB2F)
    mixed >>= np.uint32(25)
    return mixed.astype(np.uint8)


def context_masks(keys: Keys, at: Integers, size: int, low: Integers | None = None, high: Integers | None = None) -> Masks:
    """128 bits that tell which bigrams stand within ``CONTEXT`` keys of the grams at ``at``, the gram itself left out.

    Only bigrams that lie in ``keys[low:high]`` count, a pair of bounds for each gram; without them, all do.
    """
    first, last = int(at.min()) - CONTEXT, int(at.max()) + size + CONTEXT
    bits = np.full(last - first, _NOTHING, np.uint8)
    inside = bigram_bits(keys[max(0, first) : last])
    bits[max(0, -first) : max(0, -first) + len(inside)] = inside
    masks = np.zeros((2, len(at)), np.uint64)
    base = at - first
    for step in (*range(-CONTEXT, -1), *range(size, size + CONTEXT - 1)):
        found = bits.take(base + step)
        if low is not None and high is not None:
            found[(at + step < low) | (at + step + 1 >= high)] = _NOTHING
        masks[0] |= _LOW.take(found)
        masks[1] |= _HIGH.take(found)
    return masks.T
