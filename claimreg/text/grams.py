"""Hashes of runs of keys (grams) at every position.

The hash is the polynomial rolling hash of Karp and Rabin (Efficient randomized pattern-matching algorithms, IBM J. Res.
Dev. 31(2), 1987) modulo 2³², built by doubling: the hash of eight keys from two hashes of four. Its upper bits are good.
"""

from __future__ import annotations

from typing import Any, TypeAlias

import numpy as np

Hashes: TypeAlias = "np.ndarray[tuple[int], np.dtype[np.uint32]]"

_BASE = 0x9E3779B1
_MODULUS = 1 << 32


def gram_hashes(keys: np.ndarray[tuple[int], np.dtype[Any]], size: int) -> Hashes:
    """The hash of the ``size`` keys from each position on; empty when there are fewer."""
    if len(keys) < size:
        return np.zeros(0, np.uint32)
    power = keys.astype(np.uint32)
    powers = 1
    done: Hashes | None = None
    covered = 0
    remaining = size
    while remaining:
        if remaining & 1:
            done, covered = (power, powers) if done is None else (_join(done, covered, power, powers, into=done), covered + powers)
        remaining >>= 1
        if remaining:
            power, powers = _join(power, powers, power, powers), 2 * powers
    assert done is not None  # noqa: S101 -- for the type checker: size is at least 1
    return done[: len(keys) - size + 1]


def _join(left: Hashes, size: int, right: Hashes, right_size: int, into: Hashes | None = None) -> Hashes:
    """Hashes of ``size + right_size`` keys from those of its two ends, which are written over ``into``: that saves time."""
    last = len(right) - size
    power = np.uint32(pow(_BASE, right_size, _MODULUS))
    joined: Hashes = left[:last] * power if into is None else np.multiply(left[:last], power, out=into[:last])
    joined += right[size:]
    return joined
