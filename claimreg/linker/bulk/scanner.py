"""Scan documents for all quotes of an index at once."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial
from itertools import pairwise
from math import log2
from operator import itemgetter
from typing import TYPE_CHECKING, NamedTuple, Protocol

import numpy as np
from rapidfuzz import fuzz

from claimreg.linker.bulk.confirm import Confirmation, QuoteReader, Stretch, matches_as_written, matches_in_other_letters
from claimreg.linker.bulk.foldtable import SEPARATOR, codes_of, fold_table, text_of
from claimreg.linker.bulk.probe import Prober
from claimreg.linker.bulk.skeleton import Skeletons
from claimreg.linker.collection import care
from claimreg.linker.layered import LayeredLinker
from claimreg.linker.partial import REACH as REACH_OF_STRETCHES
from claimreg.linker.stitch import REACH
from claimreg.model import Span

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from claimreg.linker.bulk.foldtable import Codes, Keys
    from claimreg.linker.bulk.grams import Integers
    from claimreg.linker.bulk.index import QuoteIndex
    from claimreg.linker.bulk.probe import Hits
    from claimreg.linker.collection import Collection
    from claimreg.linker.types import Match

_BATCH = 1 << 18
"""Code points of documents that are probed together; a longer document is worked on alone. With twice as many, the kernel's arrays leave
the processor's cache."""

_LEAST_MARGIN = 22
_MARGIN_PER_LOSS, _MARGIN_SHARE = 3.0, 0.9
"""Keys, and lengths of the unit, that the linker sees beyond a place on each side."""

_WHOLE = 0.85
"""Likeness (0..1) from which on a place holds the whole quote; another one may hold one stretch of it, and its neighbour
the rest."""

_PIECE, _OVERLAP = 1 << 19, 1 << 16
"""Code points of a long document that are worked on at a time, and how far each piece reaches into the next one."""

_LONGEST_JOINED = 1 << 15
"""Code points after which places are no longer joined to one stretch."""

_PART_ALIKE, _PART_ALIKE_OF_SKELETONS = 66, 75
"""Likeness (0..100) below which a part of a stitched quote does not stand where it was looked for."""

_CODES_OF_A_KEY = 3
"""Code points of a text for each key of its skeleton, at most as a rule."""


@dataclass(frozen=True, slots=True)
class ScanLink:
    """A match of a quote (by number) in a document (by its place in what was scanned)."""

    quote: int
    document: int
    match: Match


class Scanner:
    """Links the quotes of an index with documents; the same documents give the same links, whatever they come with."""

    def __init__(self, index: QuoteIndex, collection: Collection | None = None, letters: _Letters | None = None) -> None:
        self._table = index.table
        self._letters = letters or fold_table()
        size = max(1, collection.size) if collection else 1
        self._prober = Prober(index, log2(size) + care(size))
        self._part_alike = _PART_ALIKE
        linker = LayeredLinker(collection)
        self._look = partial(matches_in_other_letters if letters else matches_as_written, linker)
        self._may_tell = linker.may_tell_in_other_letters if letters else None
        self._telling: dict[int, bool] = {}
        if letters:
            self._part_alike = _PART_ALIKE_OF_SKELETONS
        self._reader = QuoteReader()
        self._parts = index.table.parts_of_quotes()
        self._twins: dict[int, dict[int, list[int]]] = {}
        self._others = [Scanner(one.skeletons, collection, Skeletons(one.alphabet)) for one in index.others]

    def scan(self, texts: Sequence[str]) -> Iterator[ScanLink]:
        """The links of documents, ordered by document, quote and start."""
        for first, last in _batches(texts):
            pieces = [
                _Piece(number, at, texts[number][at : at + _PIECE + _OVERLAP])
                for number in range(first, last)
                for at in _cuts(texts[number])
            ]
            # Every scanner reads the same code points, each in its own way.
            codes = codes_of([piece.text for piece in pieces]) if len(pieces) == last - first else None
            found = self.find(pieces, codes, _Found())
            # As in the linker, a quote that a document has as it is written is not looked for in other letters.
            elsewhere = _Found(found.linked())
            for other in self._others:
                other.find(pieces, codes, elsewhere)
            for number in sorted({*found, *elsewhere}):
                confirmations = [*found.get(number, {}).values(), *elsewhere.get(number, {}).values()]
                for quote, matches in _of_every_quote(confirmations):
                    yield from (ScanLink(quote, number, match) for match in matches)

    def find(self, pieces: list[_Piece], codes: Codes | None, found: _Found) -> _Found:
        """Return what is found in pieces of documents, of which ``codes`` are the code points, or of one document; it goes to ``found``."""
        if codes is not None:
            self._probe(pieces, codes, self._prober, found)
        else:
            self._probe_one_by_one(pieces, found)
        return found

    def _probe_one_by_one(self, pieces: list[_Piece], found: _Found) -> None:
        """Probe the pieces of one long document: memory is bounded, and what is known well enough is sought no more."""
        prober, known = self._prober, 0
        for piece in pieces:
            self._probe([piece], codes_of([piece.text]), prober, found)
            enough = [confirmation.twins for confirmation in found.get(piece.document, {}).values() if confirmation.is_enough]
            if len(enough) > known:
                units = self._table.units_of_these_alone([quote for twins in enough for quote in twins])
                prober, known = self._prober.without(units), len(enough)

    def _probe(self, pieces: list[_Piece], codes: Codes, prober: Prober, found: _Found) -> None:
        keys = self._letters.fold(codes)
        hits = prober.places(keys, alone=len(pieces) == 1)
        if hits is None:
            for piece in pieces:
                self._probe([piece], codes_of([piece.text]), prober, found)
        elif len(hits):
            self._confirm_all(pieces, keys, hits, found)

    def _confirm_all(self, pieces: list[_Piece], keys: Keys, hits: Hits, found: _Found) -> None:
        boundaries = np.flatnonzero(keys == SEPARATOR)
        document = np.searchsorted(boundaries, hits.seeds) - 1
        order = np.argsort(document, kind="stable")
        ends = np.searchsorted(document[order], np.arange(len(pieces)), side="right").tolist()
        for piece, (begin, end), (before, after) in zip(pieces, pairwise((0, *ends)), pairwise(boundaries.tolist()), strict=True):
            if begin < end:
                self._confirm(piece, text_of(keys[before + 1 : after]), hits.take(order[begin:end]).moved(-before - 1), found)

    def _confirm(self, piece: _Piece, key: str, hits: Hits, found: _Found) -> None:
        codes = codes_of([piece.text])
        origins = self._letters.origins(codes)[1:-1] - 1
        letters, of_letters = key, origins
        if self._letters is not fold_table():
            letters, of_letters = text_of(fold_table().fold(codes)[1:-1]), fold_table().origins(codes)[1:-1] - 1
        confirmations = found.setdefault(piece.document, {})
        places: dict[int, list[_Hit]] = {}
        for unit, start, alike in zip(hits.units.tolist(), hits.starts.tolist(), hits.alike.tolist(), strict=True):
            for quote, same in self._owners(unit).items():
                if (piece.document, quote) not in found.passed_over and self._is_sought(quote):
                    places.setdefault(quote, []).append(self._place(unit, start, alike))
                    confirmations.setdefault(quote, Confirmation(same))
        end = int(of_letters[-1]) + 1 if len(of_letters) else 0
        for quote in sorted(places):
            confirmation = confirmations[quote]
            stretches = [] if confirmation.is_enough else self._stretches(quote, places[quote], key, origins, end)
            if stretches:
                bounds = (slice(*np.searchsorted(of_letters, span).tolist()) for span in stretches)
                worth = (Stretch(piece.text, span, letters[some], of_letters[some]) for span, some in zip(stretches, bounds, strict=True))
                confirmation.look(self._reader.read(self._table.text(quote), self._table.lang(quote)), worth, piece.start, self._look)

    def _is_sought(self, quote: int) -> bool:
        """Return whether the linker might accept any place of a quote, of which it needs no look at a place."""
        if self._may_tell is None:
            return True
        if quote not in self._telling:
            self._telling[quote] = self._may_tell(self._reader.read(self._table.text(quote), self._table.lang(quote)))
        return self._telling[quote]

    def _owners(self, unit: int) -> dict[int, list[int]]:
        """The quotes of a unit: of those with the same text the first one, which stands for all, and all of them."""
        if unit not in self._twins:
            twins: dict[tuple[str, str | None], list[int]] = {}
            for quote in self._table.owners_of(unit):
                twins.setdefault((self._table.text(quote), self._table.lang(quote)), []).append(quote)
            self._twins[unit] = {same[0]: same for same in twins.values()}
        return self._twins[unit]

    def _stretches(self, quote: int, places: list[_Hit], key: str, origins: Integers, end: int) -> list[Span]:
        """The stretches that may hold the quote, in code points, the most promising first."""
        parts = {place.unit for place in places}
        of_alphabets = [units for units in self._parts.get(quote, ()) if parts.intersection(units)]
        others = [[self._prober.key_of(unit) for unit in units if unit not in parts] for units in of_alphabets]
        stretches = sorted(_joined(places, origins, end), key=lambda stretch: (-stretch.alike, stretch.span))
        return [
            stretch.span for stretch in stretches if _hold(others, key[slice(*np.searchsorted(origins, stretch.span))], self._part_alike)
        ]

    def _place(self, unit: int, start: int, alike: float) -> _Hit:
        length = int(self._table.lengths[unit])
        # The linker reads wider where much is missing; what is nearly the same needs no more than the words at its ends.
        margin = _LEAST_MARGIN + int(min(_MARGIN_PER_LOSS * (1 - alike), _MARGIN_SHARE) * length)
        is_part = bool(self._table.is_part[unit])
        if self._may_tell is None:
            return _Hit(start - margin, start + length + margin, unit, is_part, alike)
        # Between keys of a skeleton there may be pages in the quote's own script: so the margin is in code points.
        return _Hit(max(0, start), start + length, unit, is_part, alike, _CODES_OF_A_KEY * margin)


class _Letters(Protocol):
    """Keys of texts, as a prober's units are written in: those of the letters, or of skeletons."""

    def fold(self, codes: Codes) -> Keys:
        """The keys of code points."""

    def origins(self, codes: Codes) -> Integers:
        """Return, for each key of ``fold(codes)``, the index of the code point that it comes from."""


class _Found(dict[int, dict[int, Confirmation]]):
    """Findings of quotes in documents, by the document's and the quote's number; pairs of both may have to be passed over."""

    def __init__(self, passed_over: frozenset[tuple[int, int]] = frozenset()) -> None:
        super().__init__()
        self.passed_over = passed_over

    def linked(self) -> frozenset[tuple[int, int]]:
        """The pairs that a link was found for."""
        return frozenset((document, quote) for document, of in self.items() for quote, found in of.items() if found.is_linked)


class _Hit(NamedTuple):
    """Stretch that the linker is to look at, in keys of a piece: around a part of a quote, as far as the other parts may be."""

    start: int
    end: int
    unit: int
    is_part: bool
    alike: float
    beyond: int = 0


class _Piece(NamedTuple):
    """A piece of a document, nearly always all of it: the document's number, where the piece starts, its text."""

    document: int
    start: int
    text: str


class _Stretch(NamedTuple):
    """Code points of a piece that the linker is to look at, and the likeness of the best place in them."""

    span: Span
    alike: float


def _of_every_quote(found: Iterable[Confirmation]) -> list[tuple[int, list[Match]]]:
    """Quotes with their matches in a document, in the quotes' order."""
    known = [(confirmation.twins, confirmation.matches()) for confirmation in found]
    return sorted(((quote, matches) for twins, matches in known for quote in twins), key=itemgetter(0))


def _joined(places: Iterable[_Hit], origins: Integers, end: int) -> list[_Stretch]:
    """Places in code points, in the piece's order; joined where they overlap or may hold the quote together."""
    joined: list[_Stretch] = []
    was_whole = False
    for place in sorted(places):
        first = 0 if place.start <= 0 and not place.beyond else int(origins[place.start])
        last = end if place.end >= len(origins) else int(origins[place.end])
        if place.beyond:
            last = int(origins[min(place.end, len(origins) - 1)])
        reach = REACH if place.is_part else place.beyond
        span, alike = Span(max(0, first - reach), min(end, last + reach)), place.alike
        whole = alike >= _WHOLE
        gap = 0 if whole or was_whole else REACH_OF_STRETCHES
        if joined and span.start <= joined[-1].span.end + gap and joined[-1].span.end - joined[-1].span.start < _LONGEST_JOINED:
            before = joined.pop()
            span = Span(min(before.span.start, span.start), max(before.span.end, span.end))
            alike = max(alike, before.alike)
        joined.append(_Stretch(span, alike))
        was_whole = whole
    return joined


def _cuts(text: str) -> range:
    """Return where the pieces of a document start."""
    return range(0, max(1, len(text) - _OVERLAP), _PIECE)


def _hold(others: list[list[str]], inside: str, least: int) -> bool:
    """Return whether all other parts of a quote, in one alphabet or the other, may stand in a stretch of a key.

    A look that costs little beside the linker's.
    """
    alike = (all(fuzz.partial_ratio(part, inside, score_cutoff=least) for part in parts) for parts in others)
    return not others or any(alike)


def _batches(texts: Sequence[str]) -> Iterator[tuple[int, int]]:
    first = size = 0
    for number, text in enumerate(texts):
        if number > first and size + len(text) > _BATCH:
            yield first, number
            first, size = number, 0
        size += len(text)
    if first < len(texts):
        yield first, len(texts)
