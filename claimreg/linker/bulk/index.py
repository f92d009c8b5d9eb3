"""The index of the quotes: which of their grams documents are probed for, and what must stand around each.

Every gram of a quote could betray it. Rare ones cost little, so a quote takes its grams in order of rarity until they
would hit at random more often than the quote's share of a common budget allows. Taking a fixed number of the rarest
would pick those that a slip made rare.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from claimreg.linker.bulk.grams import context_masks
from claimreg.linker.bulk.rarity import Rarity
from claimreg.text.grams import gram_hashes
from claimreg.text.scripts import NARROWED_IDEOGRAPHS, SAMPLED_IDEOGRAPHS, pattern

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from claimreg.linker.bulk.foldtable import Keys
    from claimreg.linker.bulk.grams import Flags, Integers, Masks
    from claimreg.linker.bulk.quotes import QuoteTable
    from claimreg.text.grams import Hashes

MOST_POSTINGS = 256
"""Units that one gram may lead to; what more quotes share tells none of them."""

_FEW_QUOTES = 2_000
_GRAM, _GRAM_OF_MANY = 6, 7
_IDEOGRAPH_GRAM, _IDEOGRAPH_GRAM_OF_MANY = 2, 3
_MOST_POSITIONS = 128
_FEWEST_SEEDS = 4
_LEAST_COUNTS = 10.0
"""Hits in the sample that a quote may always cost: a small sample tells rarity too coarsely for less."""

_PSEUDO_COUNT = 0.02
_SHARE_OF_CONTEXT, _SHARE_OF_MANY = 0.47, 0.52
"""Share of a seed's bits that its surroundings must have, for few quotes and for many."""

_BITMAP_FACTOR = 24
_LEAST_BITMAP, _GREATEST_BITMAP = 16, 28
_SEEDS_AT_ONCE = 1 << 16
_UNIT_BITS, _HASH_BITS = 12, 32
_UNITS_AT_ONCE = 1 << _UNIT_BITS
_MOST_COUNTED = (1 << (64 - _UNIT_BITS - _HASH_BITS)) - 1
"""Occurrences of a gram in a sample beyond which none is told from another."""

FIRST_IDEOGRAPH = NARROWED_IDEOGRAPHS[0][0]
_IDEOGRAPH = re.compile(pattern(SAMPLED_IDEOGRAPHS))


def random_hits(quotes: int) -> float:
    """Hits a key of text (H) that chance may give all quotes together, before their surroundings are compared."""
    if quotes <= _FEW_QUOTES:
        return 0.05
    return 0.1 if quotes <= 30_000 else 0.15  # noqa: PLR2004


def gram_size(quotes: int) -> int:
    """Keys of a gram for letters of an alphabet."""
    return _GRAM if quotes <= _FEW_QUOTES else _GRAM_OF_MANY


def ideograph_gram_size(quotes: int) -> int:
    """Keys of a gram in scripts whose characters tell as much as two letters or more."""
    return _IDEOGRAPH_GRAM if quotes <= _FEW_QUOTES else _IDEOGRAPH_GRAM_OF_MANY


@dataclass(frozen=True, slots=True)
class GramIndex:
    """Seeds of one gram size, ordered by hash.

    Seed ``s`` is the gram at ``positions[s]`` of unit ``units[s]``; at least ``needed[s]`` bits of its context mask
    must be in the document's. Seeds whose hash starts with the bits ``b`` are those from ``buckets[b]`` to
    ``buckets[b + 1]``; ``bitmap`` has a bit for each longer start that occurs. ``ideographs`` tells that only texts
    with such are probed, ``whole`` that a seed is its whole unit.
    """

    size: int
    whole: bool
    ideographs: bool
    hashes: Hashes
    units: np.ndarray[tuple[int], np.dtype[np.int32]]
    positions: np.ndarray[tuple[int], np.dtype[np.uint16]]
    masks: Masks
    needed: np.ndarray[tuple[int], np.dtype[np.uint8]]
    bucket_bits: int
    buckets: np.ndarray[tuple[int], np.dtype[np.int32]]
    bitmap_bits: int
    bitmap: np.ndarray[tuple[int], np.dtype[np.uint8]]


@dataclass(frozen=True, slots=True)
class QuoteIndex:
    """All seeds of all quotes. ``unseeded`` are the units that none is left of, because too many quotes share them.

    ``others`` are for documents of other scripts than the quotes, see :mod:`claimreg.linker.bulk.other_scripts`.
    """

    table: QuoteTable
    grams: tuple[GramIndex, ...]
    unseeded: Integers
    others: tuple[OtherScript, ...] = ()


class OtherScript(NamedTuple):
    """Index of the skeletons of quotes in one alphabet, by its number, for what documents have in other alphabets."""

    alphabet: int
    skeletons: QuoteIndex


def rarities_of(quotes: int, texts: Sequence[str]) -> tuple[Rarity, ...]:
    """Return the rarity of grams in a sample of the documents, for an index of this many quotes."""
    letters = Rarity(gram_size(quotes))
    letters.observe(texts)
    ideographs = Rarity(ideograph_gram_size(quotes))
    ideographs.observe(text for text in texts if not text.isascii() and _IDEOGRAPH.search(text))
    return letters, ideographs


def build_index(table: QuoteTable, rarities: Iterable[Rarity]) -> QuoteIndex:
    """Index quotes; ``rarities`` are those of :func:`rarities_of`."""
    by_size = {rarity.size: rarity for rarity in rarities}
    grams = [_gram_index(table, kind, by_size) for kind in _kinds(table)]
    seeded = np.zeros(len(table.lengths), np.bool_)
    for one in grams:
        seeded[one.units] = True
    return QuoteIndex(table, tuple(grams), np.flatnonzero(~seeded))


def is_ideograph(keys: Keys) -> Flags:
    """Return which keys are ideographs or kana."""
    found = np.zeros(len(keys), np.bool_)
    for first, last in NARROWED_IDEOGRAPHS:
        found |= (keys >= first) & (keys <= last)
    return found


class _Kind(NamedTuple):
    """Units that are probed for in the same way: by grams of one size, with ideographs or without, or whole."""

    units: Integers
    size: int
    ideographs: bool
    whole: bool


def _kinds(table: QuoteTable) -> Iterator[_Kind]:
    bounds = np.stack([table.starts, table.starts + table.lengths], axis=1).ravel()
    of_units = np.add.reduceat(is_ideograph(table.keys), bounds, dtype=np.int32)[::2] if len(bounds) else bounds
    many = 2 * of_units >= table.lengths
    for ideographs in (False, True):
        of_script = many if ideographs else ~many
        gram = ideograph_gram_size(len(table)) if ideographs else gram_size(len(table))
        for length in range(1, gram):
            short = np.flatnonzero(of_script & (table.lengths == length))
            if len(short):
                yield _Kind(short, length, ideographs, whole=True)
        long = np.flatnonzero(of_script & (table.lengths >= gram))
        if len(long):
            yield _Kind(long, gram, ideographs, whole=False)


def _gram_index(table: QuoteTable, kind: _Kind, rarities: dict[int, Rarity]) -> GramIndex:
    units, size, ideographs, whole = kind
    of_unit, at, hashes = _seeds(table, kind, None if whole else rarities[size])
    order = _capped(hashes)
    hashes, of_unit, at = hashes[order], of_unit[order], at[order]
    masks = _masks(table, units, _Seeds(of_unit, at, hashes), size)
    bits = np.bitwise_count(masks).sum(axis=1)
    bucket_bits = int(np.clip(np.ceil(np.log2(len(order) + 1)), 8, 24))
    bitmap_bits = int(np.clip(np.ceil(np.log2(_BITMAP_FACTOR * (len(order) + 1))), _LEAST_BITMAP, _GREATEST_BITMAP))
    return GramIndex(
        size=size,
        whole=whole,
        ideographs=ideographs,
        hashes=hashes,
        units=units[of_unit].astype(np.int32),
        positions=at,
        masks=masks,
        needed=np.ceil((_SHARE_OF_CONTEXT if len(table) <= _FEW_QUOTES else _SHARE_OF_MANY) * bits).astype(np.uint8),
        bucket_bits=bucket_bits,
        buckets=np.searchsorted(hashes, np.arange((1 << bucket_bits) + 1, dtype=np.int64) << (32 - bucket_bits)).astype(np.int32),
        bitmap_bits=bitmap_bits,
        bitmap=_bitmap(hashes, bitmap_bits),
    )


class _Seeds(NamedTuple):
    """Grams of units: for each the unit, by its place among those of a kind, the position in it, and the hash."""

    of_unit: np.ndarray[tuple[int], np.dtype[np.int32]]
    at: np.ndarray[tuple[int], np.dtype[np.uint16]]
    hashes: Hashes


def _seeds(table: QuoteTable, kind: _Kind, rarity: Rarity | None) -> _Seeds:
    """The grams of a kind's units that are worth probing for, in the order of units and positions; all of them without a ``rarity``.

    Some units are looked at at a time: what is not worth it takes memory for a moment only.
    """
    share = random_hits(len(table)) / max(1, len(table))
    found: list[_Seeds] = []
    for first in range(0, len(kind.units), _UNITS_AT_ONCE):
        some = kind.units[first : first + _UNITS_AT_ONCE]
        starts, lengths = table.starts[some], table.lengths[some]
        base = int(starts[0])
        of_unit, at = _positions(lengths - kind.size + 1)
        hashes = gram_hashes(table.keys[base : int(starts[-1] + lengths[-1])], kind.size)[(starts - base)[of_unit] + at]
        if rarity is not None:
            chosen = _affordable(of_unit, hashes, rarity, share)
            of_unit, at, hashes = of_unit[chosen], at[chosen], hashes[chosen]
        found.append(_Seeds((of_unit + first).astype(np.int32), at.astype(np.uint16), hashes))
    return _Seeds(*(np.concatenate(columns) for columns in zip(*found, strict=True)))


def _positions(grams: Integers) -> tuple[Integers, Integers]:
    """The grams of units that have so many each: the unit's index and the position; long ones are sampled evenly."""
    step = -(-grams // _MOST_POSITIONS)
    taken = -(-grams // step)
    of_unit = np.repeat(np.arange(len(grams)), taken)
    before = np.cumsum(taken) - taken
    return of_unit, (np.arange(len(of_unit)) - before[of_unit]) * step[of_unit]


def _affordable(of_unit: Integers, hashes: Hashes, rarity: Rarity, share: float) -> Integers:
    """Return which grams are worth probing for, in the order of units and positions."""
    counts = rarity.counts(hashes)
    # The hash breaks ties, so that equally rare grams are taken from all over the quote. Unit, count and hash are one number: it is
    # sorted several times as fast as three.
    ranked = of_unit.astype(np.uint64) << np.uint64(64 - _UNIT_BITS)
    ranked |= np.minimum(counts, _MOST_COUNTED).astype(np.uint64) << np.uint64(_HASH_BITS)
    ranked |= hashes
    order = np.argsort(ranked, kind="stable")
    costs = counts[order] + _PSEUDO_COUNT
    first = np.searchsorted(of_unit, np.arange(of_unit[-1] + 1))
    running = np.cumsum(costs)
    spent = running - (running[first] - costs[first])[of_unit]
    rank = np.arange(len(order)) - first[of_unit]
    allowed = max(share * rarity.total, _LEAST_COUNTS)
    return np.sort(order[(spent <= allowed) | (rank < _FEWEST_SEEDS)])


def _masks(table: QuoteTable, units: Integers, seeds: _Seeds, size: int) -> Masks:
    """The masks of seeds, which are in the order of their hashes; they are worked out in that of the table, whose keys lie together."""
    # A row for each seed, so that a look at one of them is one look at memory.
    masks = np.zeros((len(seeds.at), 2), np.uint64)
    starts, lengths = table.starts[units], table.lengths[units]
    order = np.lexsort((seeds.at, seeds.of_unit))
    for first in range(0, len(order), _SEEDS_AT_ONCE):
        some = order[first : first + _SEEDS_AT_ONCE]
        of_unit = seeds.of_unit[some]
        start = starts[of_unit]
        masks[some] = context_masks(table.keys, start + seeds.at[some], size, start, start + lengths[of_unit])
    return masks


def _capped(hashes: Hashes) -> Integers:
    """The seeds ordered by hash, at most ``MOST_POSTINGS`` of each."""
    order = np.argsort(hashes, kind="stable")
    rank = np.arange(len(order)) - np.searchsorted(hashes[order], hashes[order])
    return order[rank < MOST_POSTINGS]


def _bitmap(hashes: Hashes, bits: int) -> np.ndarray[tuple[int], np.dtype[np.uint8]]:
    """A bit for each beginning, so many bits long, that the hashes, in their order, have."""
    tops = hashes >> np.uint32(32 - bits)
    bitmap = np.zeros(1 << (bits - 3), np.uint8)
    if len(tops):
        octets = tops >> np.uint32(3)
        fresh = np.flatnonzero(np.append(True, octets[1:] != octets[:-1]))
        bitmap[octets[fresh]] = np.bitwise_or.reduceat(np.uint8(1) << (tops & np.uint32(7)).astype(np.uint8), fresh)
    return bitmap
