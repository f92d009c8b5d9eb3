"""Choice of the grams of quotes that documents are probed for, some quotes at a time.

Every gram of a quote could betray it. Rare ones cost little, so a quote takes its grams in order of rarity until they
would hit at random more often than the quote's share of a common budget allows. Taking a fixed number of the rarest
would pick those that a slip made rare.
"""

from __future__ import annotations

from collections import deque
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from claimreg.linker.bulk.grams import context_masks
from claimreg.text.grams import gram_hashes

if TYPE_CHECKING:
    from collections.abc import Iterator

    from claimreg.linker.bulk.foldtable import Keys
    from claimreg.linker.bulk.grams import Integers, Masks
    from claimreg.linker.bulk.quotes import QuoteTable
    from claimreg.linker.bulk.rarity import Rarity, RarityFile
    from claimreg.text.grams import Hashes

    Places = np.ndarray[tuple[int], np.dtype[np.int32]]

MOST_POSTINGS = 256
"""Units that one gram may lead to; what more quotes share tells none of them."""

MOST_GRAMS = 128
"""Grams of a unit that are looked at; of a longer one, they are taken evenly."""

_FEWEST_SEEDS = 4
_LEAST_COUNTS = 10.0
"""Hits in the sample that a quote may always cost: a small sample tells rarity too coarsely for less."""

_PSEUDO_COUNTS = 50
"""Grams that the sample does not have cost together as much as one that it has once. Costs are whole numbers of these: sums of fractions
would depend on what else is summed."""

_MOST_EQUAL = 4
"""Equal grams of one unit that are probed for: of "ha ha ha ha", the first ones lead to all that the others do."""

_LEFT_OUT = -1
_SEEDS_AT_ONCE = 1 << 16
_UNIT_BITS, _HASH_BITS = 12, 32
_MOST_COUNTED = (1 << (64 - _UNIT_BITS - _HASH_BITS)) - 1
"""Occurrences of a gram in a sample beyond which none is told from another."""

_UNITS_AT_ONCE, _KEYS_AT_ONCE = 1 << _UNIT_BITS, 1 << 19
"""Units, and keys of them, that are looked at at a time: what is not chosen takes memory for a moment only."""


class Seeds(NamedTuple):
    """Grams of units: for each the unit, the position in it, the hash, the mask of what stands around, and how many bits that has."""

    units: np.ndarray[tuple[int], np.dtype[np.int32]]
    positions: np.ndarray[tuple[int], np.dtype[np.uint16]]
    hashes: Hashes
    masks: Masks
    bits: np.ndarray[tuple[int], np.dtype[np.uint8]]


class Some(NamedTuple):
    """Group of units of one kind: their numbers in the table, their keys one after another, and how many of them each has."""

    units: Integers
    keys: Keys
    lengths: Integers


def some_at_a_time(table: QuoteTable, units: Integers) -> Iterator[Some]:
    """Yield units in groups that are worked on together; what is chosen of a unit does not depend on its group."""
    lengths = table.lengths[units]
    ends = np.cumsum(lengths)
    first = 0
    while first < len(units):
        before = int(ends[first] - lengths[first])
        last = max(first + 1, min(first + _UNITS_AT_ONCE, int(np.searchsorted(ends, before + _KEYS_AT_ONCE, side="right"))))
        of_some = lengths[first:last]
        # The units of a script may lie anywhere in the table.
        at = np.repeat(table.starts[units[first:last]] - (ends[first:last] - of_some - before), of_some)
        at += np.arange(len(at))
        yield Some(units[first:last], table.keys[at], of_some)
        first = last


def seeds_of(some: Some, size: int, rarity: Rarity | RarityFile | None, share: float, most_grams: int) -> Seeds:
    """The grams of some units that are worth probing for, in the order of units and positions; all of them without a ``rarity``.

    ``share`` is how often chance may hit upon one unit, in a key of text.
    """
    starts = np.cumsum(some.lengths) - some.lengths
    of_unit, at = _positions(some.lengths - size + 1, most_grams)
    hashes = gram_hashes(some.keys, size)[starts[of_unit] + at]
    if rarity is not None:
        chosen = _affordable(of_unit, hashes, rarity, share)
        of_unit, at, hashes = of_unit[chosen], at[chosen], hashes[chosen]
    masks = _masks(some, starts, of_unit, at, size)
    bits = np.bitwise_count(masks).sum(axis=1, dtype=np.uint8)
    return Seeds(some.units[of_unit].astype(np.int32), at.astype(np.uint16), hashes, masks, bits)


def by_hash(groups: list[Seeds]) -> Seeds:
    """The seeds of all groups ordered by hash; the groups are taken out of the list.

    Of each hash there are at most ``MOST_POSTINGS``, and of each in one unit ``_MOST_EQUAL``: a text of it would hit all of them.
    """
    hashes = np.concatenate([group.hashes for group in groups])
    order = np.argsort(hashes, kind="stable")
    ordered = hashes[order]
    first = np.flatnonzero(np.append(True, ordered[1:] != ordered[:-1]))
    rank = np.arange(len(order), dtype=np.int32) - np.repeat(first.astype(np.int32), np.diff(np.append(first, len(order))))
    chosen = rank < MOST_POSTINGS
    units = np.concatenate([group.units for group in groups])[order]
    again = (ordered[_MOST_EQUAL:] == ordered[:-_MOST_EQUAL]) & (units[_MOST_EQUAL:] == units[:-_MOST_EQUAL])
    chosen[_MOST_EQUAL:] &= ~again
    order = order[chosen]
    place = np.full(len(hashes), _LEFT_OUT, np.int32)
    place[order] = np.arange(len(order), dtype=np.int32)
    count = len(order)
    del hashes, order, ordered, first, rank, chosen, units, again
    columns = [deque(column) for column in zip(*groups, strict=True)]
    groups.clear()
    return Seeds(*(_placed(column, place, count) for column in columns))


def _placed(pieces: deque[Any], place: Places, count: int) -> Any:  # noqa: ANN401 -- arrays of whatever type, one of the same
    """One array of several, each item at its place; each piece is let go once it is in, since all of them twice would be too much."""
    whole = np.empty((count, *pieces[0].shape[1:]), pieces[0].dtype)
    at = 0
    while pieces:
        piece = pieces.popleft()
        into = place[at : at + len(piece)]
        kept = into != _LEFT_OUT
        whole[into[kept]] = piece[kept]
        at += len(piece)
    return whole


def _positions(grams: Integers, most: int) -> tuple[Integers, Integers]:
    """The grams of units that have so many each: the unit's index and the position; long ones are sampled evenly."""
    step = -(-grams // most)
    taken = -(-grams // step)
    of_unit = np.repeat(np.arange(len(grams)), taken)
    before = np.cumsum(taken) - taken
    return of_unit, (np.arange(len(of_unit)) - before[of_unit]) * step[of_unit]


def _affordable(of_unit: Integers, hashes: Hashes, rarity: Rarity | RarityFile, share: float) -> Integers:
    """Return which grams are worth probing for, in the order of units and positions."""
    counts = rarity.counts(hashes)
    # The hash breaks ties, so that equally rare grams are taken from all over the quote. Unit, count and hash are one number: it is
    # sorted several times as fast as three.
    ranked = of_unit.astype(np.uint64) << np.uint64(64 - _UNIT_BITS)
    ranked |= np.minimum(counts, _MOST_COUNTED).astype(np.uint64) << np.uint64(_HASH_BITS)
    ranked |= hashes
    order = np.argsort(ranked, kind="stable")
    costs = counts[order] * _PSEUDO_COUNTS + 1
    first = np.searchsorted(of_unit, np.arange(of_unit[-1] + 1))
    running = np.cumsum(costs)
    spent = running - (running[first] - costs[first])[of_unit]
    rank = np.arange(len(order)) - first[of_unit]
    allowed = max(share * rarity.total, _LEAST_COUNTS) * _PSEUDO_COUNTS
    return np.sort(order[(spent <= allowed) | (rank < _FEWEST_SEEDS)])


def _masks(some: Some, starts: Integers, of_unit: Integers, at: Integers, size: int) -> Masks:
    # A row for each seed, so that a look at one of them is one look at memory.
    masks = np.zeros((len(at), 2), np.uint64)
    for first in range(0, len(at), _SEEDS_AT_ONCE):
        piece = slice(first, first + _SEEDS_AT_ONCE)
        start = starts[of_unit[piece]]
        masks[piece] = context_masks(some.keys, start + at[piece], size, start, start + some.lengths[of_unit[piece]])
    return masks
