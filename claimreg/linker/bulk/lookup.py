"""Look up every gram of a batch of documents among the seeds of quotes, with NumPy: what the kernel does place by place.

A call of NumPy costs as much as a thousand items of work. So what is done for every key goes chunk by chunk, in arrays that stay in
the processor's cache, and what is done for the few places that have a seed goes for many chunks together.
"""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from claimreg.linker.bulk.foldtable import SEPARATOR
from claimreg.linker.bulk.grams import context_masks
from claimreg.linker.bulk.index import FIRST_IDEOGRAPH, is_ideograph
from claimreg.text.grams import gram_hashes

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from claimreg.linker.bulk.foldtable import Keys
    from claimreg.linker.bulk.grams import Integers
    from claimreg.linker.bulk.index import GramIndex
    from claimreg.text.grams import Hashes

_OCTET = 3
"""Bits of a hash that tell which bit of an octet of the bitmap is its own."""


class Places(NamedTuple):
    """Keys of a batch from which on a gram stands whose hash a seed may have, in order, and the hashes."""

    at: Integers
    hashes: Hashes


def places_of_chunk(keys: Keys, start: int, size: int, grams: GramIndex) -> Places:
    """The places among ``size`` keys of a batch from ``start`` on; none is a separator, and with ideographs all are some."""
    if grams.ideographs:
        start, size = _with_ideographs(keys[start : start + size], start)
    hashes = gram_hashes(keys[start : start + size + grams.size - 1], grams.size)
    chunk = keys[start : start + len(hashes)]
    octets = grams.bitmap.take(hashes >> np.uint32(32 - grams.bitmap_bits + _OCTET), mode="clip")
    # Most octets are empty, and their bits need no look. NumPy finds what is true several times as fast as what is not 0.
    may = octets != 0
    may &= is_ideograph(chunk) if grams.ideographs else chunk != SEPARATOR
    at = np.flatnonzero(may)
    octets, hashes = octets.take(at, mode="clip"), hashes.take(at, mode="clip")
    bits = (hashes >> np.uint32(32 - grams.bitmap_bits)).astype(np.uint8) & np.uint8((1 << _OCTET) - 1)
    some = np.flatnonzero((octets >> bits & np.uint8(1)).view(np.bool_))
    return Places(at.take(some) + start, hashes.take(some))


def _with_ideographs(chunk: Keys, start: int) -> tuple[int, int]:
    """The first key and the number of the keys of a chunk from its first ideograph to its last."""
    # A separator is above every ideograph; one more, and it is 0. Most chunks have no ideograph, which is told at once.
    if (chunk + np.uint16(1)).max(initial=0) <= FIRST_IDEOGRAPH:
        return start, 0
    at = np.flatnonzero(is_ideograph(chunk))
    return (start + int(at[0]), int(at[-1] - at[0]) + 1) if len(at) else (start, 0)


def joined(places: Sequence[Places]) -> Places:
    """Places of several chunks as one."""
    return Places(np.concatenate([one.at for one in places]), np.concatenate([one.hashes for one in places]))


def seeds_at(keys: Keys, places: Places, grams: GramIndex, share_needed: float, most: int) -> Iterator[tuple[Integers, Integers]]:
    """Yield keys from which on seeds stand with enough around them, and the seeds, ordered by both.

    About ``most`` seeds are compared with the keys at a time: memory is bounded by them.
    """
    tops = (places.hashes >> np.uint32(32 - grams.bucket_bits)).astype(np.int64)
    first = grams.buckets.take(tops).astype(np.int64)
    tops += 1
    count = grams.buckets.take(tops) - first
    for some in _slices(count, most):
        hit, seed = _same(places.hashes[some], grams, first[some], count[some])
        at = places.at[some].take(hit)
        if len(at) and not grams.whole:
            enough = _enough_around(keys, at, seed, grams, share_needed)
            at, seed = at.take(enough), seed.take(enough)
        if len(at):
            yield at, seed


def _slices(count: Integers, most: int) -> list[slice]:
    """Slices of the places that have about ``most`` pairs together."""
    if count.sum() <= most:
        return [slice(0, len(count))]
    number = (np.cumsum(count) - count) // most
    return [slice(*bounds) for bounds in pairwise((0, *(np.flatnonzero(np.diff(number)) + 1).tolist(), len(count)))]


def _same(hashes: Hashes, grams: GramIndex, first: Integers, count: Integers) -> tuple[Integers, Integers]:
    """Return pairs of a hash and a seed that has it; each hash may be that of ``count`` seeds from the ``first`` on."""
    ends = np.cumsum(count)
    pairs = int(ends[-1]) if len(ends) else 0
    # The hash of a pair comes after those whose pairs end before it. `repeat` would give the same, and take several times as long.
    hit = np.cumsum(np.bincount(ends, minlength=pairs + 1)[:pairs])
    seed = np.arange(pairs)
    seed += (first + count - ends).take(hit)
    same = np.flatnonzero(grams.hashes.take(seed) == hashes.take(hit))
    return hit.take(same), seed.take(same)


def _enough_around(keys: Keys, at: Integers, seed: Integers, grams: GramIndex, share_needed: float) -> Integers:
    """Return which of the seeds have enough of their surroundings around their place."""
    fresh = np.ones(len(at), np.bool_)
    fresh[1:] = at[1:] != at[:-1]
    masks = context_masks(keys, at[fresh], grams.size).take(np.cumsum(fresh) - 1, axis=0)
    masks &= grams.masks.take(seed, axis=0)
    shared = np.bitwise_count(masks)
    return np.flatnonzero(shared[:, 0] + shared[:, 1] >= share_needed * grams.needed.take(seed))
