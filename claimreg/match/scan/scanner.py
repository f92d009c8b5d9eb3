"""Scan documents for all quotes of an index at once."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise
from math import log2
from typing import TYPE_CHECKING, NamedTuple

import numpy as np
from rapidfuzz import fuzz

from claimreg.match.linker import LayeredLinker
from claimreg.match.partial import REACH as REACH_OF_STRETCHES
from claimreg.match.scan.confirm import QuoteReader, Window, confirm
from claimreg.match.scan.foldtable import SEPARATOR, codes_of, fold_table, text_of
from claimreg.match.scan.probe import Prober
from claimreg.match.stitch import REACH
from claimreg.model import Span

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from claimreg.match.collection import Collection
    from claimreg.match.scan.grams import Integers
    from claimreg.match.scan.index import QuoteIndex
    from claimreg.match.scan.probe import Hits
    from claimreg.match.types import Match

_BATCH = 1 << 18
"""Code points of documents that are probed together; a longer document is probed alone."""

_LEAST_MARGIN = 22
_MARGIN_PER_LOSS, _MARGIN_SHARE = 3.0, 0.9
"""Keys, and lengths of the unit, that the linker sees beyond a place on each side."""

_WHOLE = 0.85
"""Likeness (0..1) from which on a place holds the whole quote, not a stretch of it."""

_MOST_STRETCHES = 1_000
"""Stretches of one document that the linker looks at for one quote; beyond it the matches are flagged ``capped``."""

_PART_ALIKE = 66
"""Likeness (0..100) below which a part of a stitched quote does not stand where it was looked for."""


@dataclass(frozen=True, slots=True)
class ScanLink:
    """A match of a quote (by number) in a document (by its place in what was scanned)."""

    quote: int
    document: int
    match: Match


class Scanner:
    """Links the quotes of an index with documents; the same documents give the same links, whatever they come with."""

    def __init__(self, index: QuoteIndex, collection: Collection | None = None) -> None:
        self._table = index.table
        chances = max(1, collection.size) * max(1, collection.quotes) if collection else 1
        self._prober = Prober(index, log2(chances))
        self._linker = LayeredLinker(collection)
        self._reader = QuoteReader()
        self._parts = index.table.parts_of_quotes()

    def scan(self, texts: Sequence[str]) -> Iterator[ScanLink]:
        """The links of documents, ordered by document, quote and start."""
        for first, last in _batches(texts):
            yield from self._batch(texts, first, last)

    def _batch(self, texts: Sequence[str], first: int, last: int) -> Iterator[ScanLink]:
        keys = fold_table().fold(codes_of(texts[first:last]))
        hits = self._prober.places(keys)
        if not len(hits):
            return
        boundaries = np.flatnonzero(keys == SEPARATOR)
        document = np.searchsorted(boundaries, hits.seeds) - 1
        order = np.argsort(document, kind="stable")
        ends = np.searchsorted(document[order], np.arange(last - first), side="right").tolist()
        for number, (begin, end) in enumerate(pairwise((0, *ends))):
            if begin < end:
                key = text_of(keys[boundaries[number] + 1 : boundaries[number + 1]])
                hits_of_text = hits.take(order[begin:end])
                yield from self._document(_Text(texts[first + number], key, first + number), hits_of_text, int(boundaries[number]) + 1)

    def _document(self, document: _Text, hits: Hits, first_key: int) -> Iterator[ScanLink]:
        text = document.text
        origins = fold_table().origins(codes_of([text]))[1:-1] - 1
        places: dict[int, list[Place]] = {}
        for unit, start, alike in zip(hits.units.tolist(), (hits.starts - first_key).tolist(), hits.alike.tolist(), strict=True):
            for quote in self._table.owners_of(unit):
                places.setdefault(quote, []).append(self._place(unit, start, alike))
        for quote in sorted(places):
            found = {place.unit for place in places[quote]}
            others = [self._prober.key_of(unit) for unit in self._parts.get(quote, ()) if unit not in found]
            stretches = [
                (stretch, keys)
                for stretch in _stretches(places[quote], origins, len(text))
                if _hold(others, document.key, keys := np.searchsorted(origins, stretch))
            ]
            if stretches:
                windows = [Window(text, stretch, origins[slice(*keys)]) for stretch, keys in stretches[:_MOST_STRETCHES]]
                sought = self._reader.read(self._table.text(quote))
                for match in confirm(sought, windows, self._linker, capped=len(stretches) > _MOST_STRETCHES):
                    yield ScanLink(quote, document.number, match)

    def _place(self, unit: int, start: int, alike: float) -> Place:
        length = int(self._table.lengths[unit])
        # The linker reads wider where much is missing; what is nearly the same needs no more than the words at its ends.
        margin = _LEAST_MARGIN + int(min(_MARGIN_PER_LOSS * (1 - alike), _MARGIN_SHARE) * length)
        return Place(start - margin, start + length + margin, unit, bool(self._table.is_part[unit]), alike >= _WHOLE)


class Place(NamedTuple):
    """What the linker is to look at, in keys of a document.

    Around a part of a quote it is to look as far as the other parts may be. A place that is not ``whole`` may hold one
    stretch of the quote, and another place near it the rest.
    """

    start: int
    end: int
    unit: int
    is_part: bool
    whole: bool


class _Text(NamedTuple):
    """A document: its text, its key and its number."""

    text: str
    key: str
    number: int


def _stretches(places: Iterable[Place], origins: Integers, end: int) -> list[Span]:
    """The same in code points, in the document's order; joined where they overlap or may hold the quote together."""
    joined: list[Span] = []
    was_whole = False
    for place in sorted(places):
        first = 0 if place.start <= 0 else int(origins[place.start])
        last = end if place.end >= len(origins) else int(origins[place.end])
        reach = REACH if place.is_part else 0
        stretch = Span(max(0, first - reach), min(end, last + reach))
        gap = 0 if place.whole or was_whole else REACH_OF_STRETCHES
        if joined and stretch.start <= joined[-1].end + gap:
            stretch = Span(min(joined[-1].start, stretch.start), max(joined.pop().end, stretch.end))
        joined.append(stretch)
        was_whole = place.whole
    return joined


def _hold(parts: list[str], key: str, stretch: Integers) -> bool:
    """Whether all of the parts may stand in a stretch of a key: a look that costs little beside the linker's."""
    inside = key[slice(*stretch)]
    return all(fuzz.partial_ratio(part, inside, score_cutoff=_PART_ALIKE) for part in parts)


def _batches(texts: Sequence[str]) -> Iterator[tuple[int, int]]:
    first = size = 0
    for number, text in enumerate(texts):
        if number > first and size + len(text) > _BATCH:
            yield first, number
            first, size = number, 0
        size += len(text)
    if first < len(texts):
        yield first, len(texts)
