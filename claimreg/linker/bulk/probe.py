"""Probe a batch of folded documents for the seeds of the quotes, and thin out what chance brings.

Cheap tests come first: a bitmap of the seeds' hashes for every position, the hashes themselves, the bigrams around,
then one edit distance over the near surroundings, then the longest common subsequence with the quote's whole length and
the ratio of its best alignment. The last two grow stricter with the number of chances, as the linker does.
"""

from __future__ import annotations

from copy import copy
from dataclasses import dataclass, replace
from functools import cached_property
from typing import TYPE_CHECKING, Any, TypeAlias

import numpy as np
from rapidfuzz import fuzz
from rapidfuzz.distance import LCSseq, Levenshtein
from rapidfuzz.process import cpdist

from claimreg.linker import kernel
from claimreg.linker.bulk.foldtable import SEPARATOR, text_of
from claimreg.linker.bulk.lookup import joined, places_of_chunk, seeds_at
from claimreg.text.scripts import NARROWED_IDEOGRAPHS

if TYPE_CHECKING:
    from claimreg.linker.bulk.foldtable import Keys
    from claimreg.linker.bulk.grams import Flags, Integers
    from claimreg.linker.bulk.index import GramIndex, QuoteIndex

Ratios: TypeAlias = "np.ndarray[tuple[int], np.dtype[np.float64]]"

_CHUNK = 1 << 16
"""Keys hashed at a time: their arrays stay in the processor's cache."""

_CROWDED = _CHUNK // 4
"""Hits of one chunk from which on they are thinned."""

_NEARLY_CROWDED = _CROWDED // 2
"""Limit for documents that are probed together: alone, a chunk of theirs lies in two of these at most."""

_MOST_PLACES = 20_000
"""Places of one unit in one batch beyond which no more are looked at."""

_EXPANDED = 1 << 18
"""Seeds that are compared with a text at a time: memory is bounded by them."""

_MOST_HITS = 1 << 18
"""Hits of one kind of units in one batch that there is room for; more are looked at chunk by chunk."""

_IDEOGRAPHS = np.array(NARROWED_IDEOGRAPHS, np.uint16)

_CELLS_OF_A_DOCUMENT = 1 << 40
_NEAR = 28
"""Keys on each side of a seed that are compared first."""

_NEAR_EDITS = (0.56, 0.48)
"""Share of edits in the near surroundings that is let pass, with few chances and with many."""

_LENIENCE = 0.75
"""Part of a seed's needed bits that is enough with few chances."""

_LONG = 600
"""Keys of a unit from which on its longest common subsequence alone tells how alike a place is: it costs less."""

_FEW_STRETCHES = 64
"""Stretches up to which each is made a string by itself, in less time than all of a batch is."""

_SLACK, _SLACK_SHARE = 5, 0.3

_EASY, _HARD = 30.0, 37.0
_COMMON = ((0.44, 1.4), (0.55, 1.3))
_ALIKE = ((0.42, 1.15), (0.51, 1.42))
"""The least likeness with few chances and with many, fitted to what the linker accepts: see :func:`_least`."""

_MOST_ASKED = 0.9


@dataclass(frozen=True, slots=True)
class Hits:
    """Places where units may stand: the unit, the batch's key where its first key would be, and the seed within it.

    ``seeds`` counts the batch's keys; a whole unit's place has ``whole`` set: it stands there letter by letter.
    ``alike`` (0..1) is how alike the unit and the place are, once that was looked at.
    """

    units: Integers
    starts: Integers
    seeds: Integers
    sizes: Integers
    whole: Flags
    alike: Ratios

    def __len__(self) -> int:
        return len(self.units)

    def take(self, chosen: Integers | Flags) -> Hits:
        """Return some of the hits."""
        return Hits(*(getattr(self, name)[chosen] for name in _FIELDS))

    def moved(self, by: int) -> Hits:
        """The hits with positions that count from another key."""
        return replace(self, starts=self.starts + by, seeds=self.seeds + by)


_FIELDS = ("units", "starts", "seeds", "sizes", "whole", "alike")


class Prober:
    """Finder of the places in a batch of documents that are worth the linker's look.

    ``room`` is log₂ of the number of chances, quotes times characters of documents.
    """

    def __init__(self, index: QuoteIndex, room: float = 0.0) -> None:
        self._grams = index.grams
        self._unit_keys = index.table.keys
        self._room = tuple(np.empty(_MOST_HITS, np.int64) for _ in range(3)) if kernel.compiled else ()
        self._lengths = index.table.lengths
        self._starts = index.table.starts
        self._tolerance = np.maximum(6, self._lengths // 8)
        strictness = float(np.clip((room - _EASY) / (_HARD - _EASY), 0.0, 1.0))
        self._near_edits = (1 - strictness) * _NEAR_EDITS[0] + strictness * _NEAR_EDITS[1]
        self._share_needed = (1 - strictness) * _LENIENCE + strictness
        self._least_common = _least(_COMMON, strictness, self._lengths)
        self._least_alike = _least(_ALIKE, strictness, self._lengths)

    def without(self, units: Integers) -> Prober:
        """Return the prober without some units."""
        unwanted = np.zeros(len(self._lengths), np.bool_)
        unwanted[units] = True
        rest = copy(self)
        rest._grams = tuple(_some_seeds(grams, ~unwanted[grams.units]) for grams in self._grams)  # noqa: SLF001 -- a copy of this
        return rest

    def places(self, keys: Keys, *, alone: bool) -> Hits | None:
        """The places in ``keys``: documents, folded, a separator before and after each; ordered by unit and start.

        ``None`` when there are so many that some would be thinned out. Which ones must not depend on a document's company,
        so that it has to be probed ``alone``.
        """
        hits = self._hits_compiled(keys, alone=alone) if kernel.compiled else None
        if hits is None:
            hits = self._hits(keys, alone=alone)
        if not hits:
            return hits
        boundaries = np.flatnonzero(keys == SEPARATOR)
        return self._alike(self._one_a_diagonal(hits, boundaries), keys, boundaries)

    @cached_property
    def _unit_text(self) -> str:
        """The keys of all units, for those who need many of them; nobody does where there is a kernel."""
        return text_of(self._unit_keys)

    def key_of(self, unit: int) -> str:
        """The key of a unit."""
        start = int(self._starts[unit])
        return text_of(self._unit_keys[start : start + int(self._lengths[unit])])

    def _hits_compiled(self, keys: Keys, *, alone: bool) -> Hits | None:
        """The hits whose near surroundings are like the quote's; ``None`` where there are so many that some may have to be thinned out."""
        found: list[Hits] = []
        for grams in self._grams:
            hits = self._hits_of_kind(keys, grams, _CROWDED if alone else _NEARLY_CROWDED)
            if hits is None:
                return None
            found.append(hits)
        return _joined(found)

    def _hits_of_kind(self, keys: Keys, grams: GramIndex, crowd: int) -> Hits | None:
        assert kernel.compiled  # noqa: S101 -- the caller has seen it
        seeds = grams.hashes, grams.units, grams.positions, grams.masks, grams.needed, grams.buckets, grams.bitmap, _IDEOGRAPHS
        index = (*seeds, self._unit_keys, self._starts, self._lengths)
        shape = grams.size, grams.whole, grams.ideographs, grams.bucket_bits, grams.bitmap_bits
        limits = self._share_needed, self._near_edits
        units, starts, at = self._room
        count = kernel.compiled.probe(index, shape, limits, keys, units, starts, at, (_CHUNK, crowd))
        if count < 0:
            return None
        found = units[:count].copy(), starts[:count].copy(), at[:count].copy()
        return Hits(*found, np.full(count, grams.size), np.full(count, grams.whole), np.ones(count))

    def _hits(self, keys: Keys, *, alone: bool) -> Hits | None:
        """Hits found without the kernel, thinned out where they are alone."""
        found: list[Hits] = []
        taken = np.zeros(len(self._lengths) if alone else 0, np.int64)
        for grams in self._grams:
            of_chunks = np.zeros(len(keys) // _CHUNK + 1, np.int64)
            chunks = (places_of_chunk(keys, at, _CHUNK, grams) for at in range(0, max(1, len(keys)), _CHUNK))
            # What is thinned is thinned chunk by chunk.
            for places in chunks if alone else (joined(list(chunks)),):
                for at, seed in seeds_at(keys, places, grams, self._share_needed, _EXPANDED):
                    hits = _hits_of(grams, at, seed)
                    found.append(self._bounded(hits, taken) if alone else hits)
                    of_chunks += np.bincount(at // _CHUNK, minlength=len(of_chunks))
                    if not alone and of_chunks.max() > _NEARLY_CROWDED:
                        return None
        hits = _joined(found)
        return self._near(hits, keys) if len(hits) else hits

    def _bounded(self, hits: Hits, taken: Integers) -> Hits:
        """A chunk's hits, thinned where there are so many that a text repeats itself; ``taken`` counts them by unit."""
        if len(hits) > _CROWDED:
            hits = self._one_a_cell(hits, hits.starts // self._lengths[hits.units])
            hits = hits.take(taken[hits.units] < _MOST_PLACES)
        taken += np.bincount(hits.units, minlength=len(taken))
        return hits

    def _near(self, hits: Hits, keys: Keys) -> Hits:
        """Hits whose near surroundings are like the quote's."""
        text, boundaries = text_of(keys), np.flatnonzero(keys == SEPARATOR)
        document = np.searchsorted(boundaries, hits.seeds)
        position = hits.seeds - hits.starts
        before = np.minimum(_NEAR, position)
        before = np.minimum(before, hits.seeds - boundaries[document - 1] - 1)
        after = np.minimum(hits.sizes + _NEAR, self._lengths[hits.units] - position)
        after = np.maximum(np.minimum(after, boundaries[document] - hits.seeds), hits.sizes)
        unit_at = self._starts[hits.units] + position
        left = _slices(self._unit_text, unit_at - before, unit_at + after)
        right = _slices(text, hits.seeds - before, hits.seeds + after)
        distance = _pairwise(left, right, Levenshtein.distance)
        return hits.take(hits.whole | (distance <= self._near_edits * (before + after)))

    def _one_a_diagonal(self, hits: Hits, boundaries: Integers) -> Hits:
        """One hit of each unit on each diagonal, more or less; ordered by unit and start."""
        document = np.searchsorted(boundaries, hits.seeds)
        # The grid counts from the document's start, so that it does not matter what the document comes with.
        cells = (hits.starts - boundaries[document - 1]) // self._tolerance[hits.units]
        return self._one_a_cell(hits, cells + document * _CELLS_OF_A_DOCUMENT)

    def _one_a_cell(self, hits: Hits, cells: Integers) -> Hits:
        """One hit of each unit in each cell of a grid, whose numbers rise with the hits' starts."""
        order = np.lexsort((hits.seeds, hits.starts, hits.units))
        hits, cells = hits.take(order), cells[order]
        fresh = np.ones(len(hits), np.bool_)
        fresh[1:] = (hits.units[1:] != hits.units[:-1]) | (cells[1:] != cells[:-1])
        return hits.take(fresh)

    def _alike(self, hits: Hits, keys: Keys, boundaries: Integers) -> Hits:
        """Hits around which enough of the whole unit stands, in order."""
        if not len(hits):
            return hits
        length = self._lengths[hits.units]
        left, right = self._around(hits, boundaries)
        common = self._common(hits, keys, left, right)
        enough = np.flatnonzero(hits.whole | (common >= self._least_common[hits.units] * length))
        hits, length, left, right = hits.take(enough), length[enough], left[enough], right[enough]
        alike = common[enough] / length
        short = np.flatnonzero(length < _LONG)
        units = [self.key_of(unit) for unit in hits.units[short].tolist()]
        alike[short] = _pairwise(units, _texts(keys, left[short], right[short]), fuzz.partial_ratio, np.float64) / 100
        hits = replace(hits, alike=alike)
        return hits.take(hits.whole | (hits.alike >= self._least_alike[hits.units]))

    def _around(self, hits: Hits, boundaries: Integers) -> tuple[Integers, Integers]:
        """The stretches of keys in which the whole unit of a hit may stand, as far as its document reaches."""
        length = self._lengths[hits.units]
        position = hits.seeds - hits.starts
        document = np.searchsorted(boundaries, hits.seeds)
        left = hits.starts - _SLACK - (_SLACK_SHARE * position).astype(np.int64)
        right = hits.starts + length + _SLACK + (_SLACK_SHARE * (length - position)).astype(np.int64)
        return np.maximum(left, boundaries[document - 1] + 1), np.minimum(right, boundaries[document])

    def _common(self, hits: Hits, keys: Keys, left: Integers, right: Integers) -> Integers:
        """Return how many keys of each hit's unit stand in ``keys[left:right]`` in their order."""
        unit_at, length = self._starts[hits.units], self._lengths[hits.units]
        if not kernel.compiled:
            units, places = _slices(self._unit_text, unit_at, unit_at + length), _slices(text_of(keys), left, right)
            common: Integers = _pairwise(units, places, LCSseq.similarity)
            return common
        found = np.empty(len(hits), np.int32)
        kernel.compiled.common(self._unit_keys, unit_at, length, keys, left, right, found)
        return found.astype(np.int64)


def _hits_of(grams: GramIndex, at: Integers, seed: Integers) -> Hits:
    count = len(at)
    units = grams.units.take(seed).astype(np.int64)
    starts = at - grams.positions.take(seed)
    return Hits(units, starts, at, np.full(count, grams.size), np.full(count, grams.whole), np.ones(count))


def _some_seeds(grams: GramIndex, kept: Flags) -> GramIndex:
    """Return some of the seeds. The bitmap stays as it is, and tells of a few that are no more."""
    if kept.all():
        return grams
    hashes = grams.hashes[kept]
    starts = np.arange((1 << grams.bucket_bits) + 1, dtype=np.int64) << (32 - grams.bucket_bits)
    return replace(
        grams,
        hashes=hashes,
        units=grams.units[kept],
        positions=grams.positions[kept],
        masks=grams.masks[kept],
        needed=grams.needed[kept],
        buckets=np.searchsorted(hashes, starts).astype(np.int32),
    )


def _least(rule: tuple[tuple[float, float], tuple[float, float]], strictness: float, lengths: Integers) -> Ratios:
    """The least likeness (0..1) of units by their length: a base, and a share that falls with the root of the length."""
    base, falling = (1 - strictness) * np.array(rule[0]) + strictness * np.array(rule[1])
    least: Ratios = np.minimum(base + falling / np.sqrt(lengths), _MOST_ASKED)
    return least


def _slices(text: str, starts: Integers, ends: Integers) -> list[str]:
    return [text[start:end] for start, end in zip(starts.tolist(), ends.tolist(), strict=True)]


def _texts(keys: Keys, starts: Integers, ends: Integers) -> list[str]:
    """Stretches of keys as strings."""
    if len(starts) > _FEW_STRETCHES:
        return _slices(text_of(keys), starts, ends)
    return [text_of(keys[start:end]) for start, end in zip(starts.tolist(), ends.tolist(), strict=True)]


def _pairwise(left: list[str], right: list[str], scorer: Any, dtype: type = np.int32) -> Any:  # noqa: ANN401 -- a scorer of RapidFuzz
    return cpdist(left, right, scorer=scorer, dtype=dtype) if left else np.zeros(0, dtype)


def _joined(found: list[Hits]) -> Hits:
    found = [hits for hits in found if len(hits)]
    if len(found) == 1:
        return found[0]
    none = np.zeros(0, np.int64)
    if not found:
        return Hits(none, none, none, none, none.astype(np.bool_), none.astype(np.float64))
    return Hits(*(np.concatenate([getattr(hits, name) for hits in found]) for name in _FIELDS))
