"""The index of the quotes: which of their grams documents are probed for, and what must stand around each."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, NamedTuple, TypeAlias

import numpy as np

from claimreg.linker.bulk.rarity import Rarity, RarityFile
from claimreg.linker.bulk.seeds import MOST_GRAMS, Seeds, Some, by_hash, seeds_of, some_at_a_time
from claimreg.text.scripts import NARROWED_IDEOGRAPHS, SAMPLED_IDEOGRAPHS, pattern

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence

    from claimreg.linker.bulk.foldtable import Keys
    from claimreg.linker.bulk.grams import Flags, Integers, Masks
    from claimreg.linker.bulk.quotes import QuoteTable
    from claimreg.text.grams import Hashes

Bits: TypeAlias = "np.ndarray[tuple[int], np.dtype[np.uint8]]"
Each: TypeAlias = "Callable[[Callable[[Some], Seeds], Iterator[Some]], Iterable[Seeds]]"
"""Caller of a function for each of several groups of units."""

_FEW_QUOTES = 2_000
_GRAM, _GRAM_OF_MANY = 6, 7
_IDEOGRAPH_GRAM, _IDEOGRAPH_GRAM_OF_MANY = 2, 3
_SHARE_OF_CONTEXT, _SHARE_OF_MANY = 0.47, 0.52
"""Share of a seed's bits that its surroundings must have, for few quotes and for many."""

_NEEDED = tuple(np.ceil(share * np.arange(129)).astype(np.uint8) for share in (_SHARE_OF_CONTEXT, _SHARE_OF_MANY))
"""Bits that are needed of so many as a mask has."""

_BITMAP_FACTOR = 24
_LEAST_BITMAP, _GREATEST_BITMAP = 16, 24
"""Binary logarithms of the least and the most bits of a bitmap. One that is larger tells more, and is not in the processor's cache: with
100,000 quotes, 24 took a tenth less time than 28, and a little less than 23 or 25."""

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
    bitmap: Bits


@dataclass(frozen=True, slots=True)
class QuoteIndex:
    """All seeds of all quotes. ``unseeded`` are the units probed for that none is left of, because too many quotes share them.

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


def rarities_of(quotes: int, texts: Sequence[str]) -> list[Rarity]:
    """Return the rarity of grams in a sample of the documents, for an index of this many quotes."""
    letters = Rarity(gram_size(quotes))
    letters.observe(texts)
    ideographs = Rarity(ideograph_gram_size(quotes))
    ideographs.observe(text for text in texts if not text.isascii() and _IDEOGRAPH.search(text))
    return [letters, ideographs]


def build_index(table: QuoteTable, rarities: list[Rarity] | list[RarityFile], each: Each = map, most_grams: int = MOST_GRAMS) -> QuoteIndex:
    """Index quotes; ``rarities`` are those of :func:`rarities_of`, and are taken out of the list, as they are large.

    Of a unit ``most_grams`` grams are looked at.
    ``each`` calls a function for each of several groups of units, as `map` does; the index is the same wherever that is.
    """
    by_size: dict[int, Rarity | RarityFile] = {rarity.size: rarity for rarity in rarities}
    rarities.clear()
    shared = _Shared(len(table), by_size, each, most_grams)
    grams = [_gram_index(table, kind, shared) for kind in _kinds(table)]
    seeded = np.zeros(len(table.lengths), np.bool_)
    for one in grams:
        seeded[one.units] = True
    return QuoteIndex(table, tuple(grams), np.flatnonzero(table.probed & ~seeded))


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
        of_script = table.probed & (many if ideographs else ~many)
        gram = ideograph_gram_size(len(table)) if ideographs else gram_size(len(table))
        for length in range(1, gram):
            short = np.flatnonzero(of_script & (table.lengths == length))
            if len(short):
                yield _Kind(short, length, ideographs, whole=True)
        long = np.flatnonzero(of_script & (table.lengths >= gram))
        if len(long):
            yield _Kind(long, gram, ideographs, whole=False)


class _Shared(NamedTuple):
    """Makings of the indexes of all kinds: the quotes' number, the rarities by size, whatever calls, the most grams of a unit."""

    quotes: int
    rarities: dict[int, Rarity | RarityFile]
    each: Each
    most_grams: int


def _gram_index(table: QuoteTable, kind: _Kind, shared: _Shared) -> GramIndex:
    size, whole = kind.size, kind.whole
    seeds = by_hash(_groups(table, kind, shared))
    bucket_bits = int(np.clip(np.ceil(np.log2(len(seeds.hashes) + 1)), 8, 24))
    bitmap_bits = int(np.clip(np.ceil(np.log2(_BITMAP_FACTOR * (len(seeds.hashes) + 1))), _LEAST_BITMAP, _GREATEST_BITMAP))
    return GramIndex(
        size=size,
        whole=whole,
        ideographs=kind.ideographs,
        hashes=seeds.hashes,
        units=seeds.units,
        positions=seeds.positions,
        masks=seeds.masks,
        needed=_NEEDED[len(table) > _FEW_QUOTES].take(seeds.bits),
        bucket_bits=bucket_bits,
        buckets=_buckets(seeds.hashes, bucket_bits),
        bitmap_bits=bitmap_bits,
        bitmap=_bitmap(seeds.hashes, bitmap_bits),
    )


def _groups(table: QuoteTable, kind: _Kind, shared: _Shared) -> list[Seeds]:
    """The seeds of a kind of units, group by group. Its rarity, which no other kind has, is needed no longer then."""
    rarity = None if kind.whole else shared.rarities.pop(kind.size)
    chosen = partial(
        seeds_of,
        size=kind.size,
        rarity=rarity,
        share=random_hits(shared.quotes) / max(1, shared.quotes),
        most_grams=shared.most_grams,
    )
    return list(shared.each(chosen, some_at_a_time(table, kind.units)))


def _buckets(hashes: Hashes, bits: int) -> np.ndarray[tuple[int], np.dtype[np.int32]]:
    """Return where the hashes, in their order, of each beginning of so many bits start, and where the last ones end."""
    starts = np.arange(1 << bits, dtype=np.uint32) << np.uint32(32 - bits)
    return np.append(np.searchsorted(hashes, starts), len(hashes)).astype(np.int32)


def _bitmap(hashes: Hashes, bits: int) -> Bits:
    """A bit for each beginning, so many bits long, that the hashes, in their order, have."""
    tops = hashes >> np.uint32(32 - bits)
    bitmap = np.zeros(1 << (bits - 3), np.uint8)
    if len(tops):
        octets = tops >> np.uint32(3)
        fresh = np.flatnonzero(np.append(True, octets[1:] != octets[:-1]))
        bitmap[octets[fresh]] = np.bitwise_or.reduceat(np.uint8(1) << (tops & np.uint32(7)).astype(np.uint8), fresh)
    return bitmap
