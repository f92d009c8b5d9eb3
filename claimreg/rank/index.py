"""The first stage: statements by their words and letter groups, weighed as BM25 does.

Okapi BM25 (S. Robertson and H. Zaragoza, The probabilistic relevance framework: BM25 and beyond, Foundations and Trends in
Information Retrieval 3(4), 2009), over the words of the skeletons and over their runs of four characters, spaces included:
words tell more, runs forgive endings, slips and spellings (P. McNamee and J. Mayfield, Character n-gram tokenization for
European language text retrieval, Information Retrieval 7, 2004).

An index is a list of segments that never change, so that a new statement costs a small segment and not a new index; what depends
on all statements together, their number, their mean length and how many have a term, is worked out when it is asked.
"""

from __future__ import annotations

from functools import cached_property, lru_cache
from typing import TYPE_CHECKING, NamedTuple, TypeAlias

import numpy as np

from claimreg.rank.segment import SPACES, SPELT, Segment, words_in
from claimreg.rank.statement import Statement, unpacked

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from claimreg.text.grams import Hashes

Scores: TypeAlias = "np.ndarray[tuple[int], np.dtype[np.float32]]"
Places: TypeAlias = "np.ndarray[tuple[int], np.dtype[np.int64]]"

_SATURATION, _LENGTH_SHARE = 1.2, 0.75
"""BM25's k1 and b."""

_TELLS_LITTLE = 0.125
"""Share of the statements from which on a term is not followed, where there are many."""

_MANY = 20_000
_RAREST, _FEWEST, _FOLLOWED = 6, 3, 2_000
"""Rarest words of a statement that its like are looked for by; how many of them at any cost; statements that have another one."""

_READ_AGAIN = 20_000
"""Statements that are kept in memory once they were read, for those who ask about many."""


class _Found(NamedTuple):
    """Places where the wanted terms' statements begin and end in each segment, and how many there are of each term."""

    begins: list[Places]
    ends: list[Places]
    counts: Places


class StatementIndex:
    """Statements, known by their place: those of the first segment, then those of the second and so on.

    ``gone`` holds the places of statements that have changed since or were taken back; they are in no answer.
    """

    def __init__(self, segments: Sequence[Segment], gone: Iterable[int] = ()) -> None:
        self.segments = tuple(segments)
        self._offsets = np.cumsum([0, *map(len, self.segments)])
        self._gone = np.fromiter(gone, np.int64)
        self.statement = lru_cache(_READ_AGAIN)(self._read_statement)

    def __len__(self) -> int:
        """Return how many places there are."""
        return int(self._offsets[-1])

    @property
    def count(self) -> int:
        """Return how many statements there are, without those that are gone."""
        return len(self) - len(self._gone)

    @cached_property
    def numbers(self) -> Places:
        """The number of each place's claim."""
        return np.concatenate([np.zeros(0, np.int64), *(segment.numbers for segment in self.segments)]).astype(np.int64)

    @cached_property
    def alive(self) -> np.ndarray[tuple[int], np.dtype[np.bool_]]:
        """Return whether the statement of each place is still in use."""
        alive = np.ones(len(self), np.bool_)
        alive[self._gone] = False
        return alive

    def fields(self, place: int) -> list[tuple[str, str]]:
        """The fields of the claim at a place, see `claimreg.rank.segment.Segment.fields`."""
        segment = int(np.searchsorted(self._offsets, place, "right")) - 1
        return self.segments[segment].fields(place - int(self._offsets[segment]))

    def scores(self, space: str, wanted: Hashes) -> Scores:
        """Return how well each statement answers (0..1): what the terms add to it, over the most that they could add."""
        found = self._found(space, wanted)
        rarity = self._rarity(found.counts)
        followed = found.counts > 0
        if len(self) > _MANY:
            followed &= found.counts <= _TELLS_LITTLE * len(self)
        places, counts, shares = self._postings(space, found, np.nonzero(followed)[0], rarity)
        if not len(places):
            return np.zeros(len(self), np.float32)
        weights = shares * counts * (_SATURATION + 1) / (counts + self._norms[space][places])
        scores = (np.bincount(places, weights, len(self)) / max(1e-9, float(rarity.sum()))).astype(np.float32)
        scores[self._gone] = 0
        return scores

    def rarities(self, words: Iterable[str]) -> Scores:
        """The inverse document frequency of words."""
        counts = self._found("words", words_in(words)).counts
        return self._rarity(counts).astype(np.float32)

    def sharing(self, words: Sequence[str], most: int) -> list[int]:
        """The places of statements that share at least half of the rarest of these words, those that share most of them first.

        It is quicker than `scores`, and finds what is nearly the same only.
        """
        wanted = np.unique(words_in(words))
        found = self._found("words", wanted)
        rarest = [term for term in np.argsort(found.counts, kind="stable").tolist() if found.counts[term]][:_RAREST]
        within = [term for at, term in enumerate(rarest) if at < _FEWEST or found.counts[term] <= _FOLLOWED]
        places, _counts, _shares = self._postings("words", found, np.array(within, np.int64), self._rarity(found.counts))
        shared, often = np.unique(places, return_counts=True)
        kept = (2 * often >= len(within)) & self.alive[shared]
        order = np.lexsort((self.numbers[shared[kept]], -often[kept]))
        likeliest: list[int] = shared[kept][order][:most].tolist()
        return likeliest

    @cached_property
    def _norms(self) -> dict[str, Scores]:
        """Return BM25's addition to the number of times that a term stands in a statement, by the statement's length."""
        norms = {}
        for space in SPACES:
            lengths = np.concatenate([np.zeros(0, np.uint32), *(segment.lengths(space) for segment in self.segments)]).astype(np.float32)
            mean = float(lengths.mean()) if len(lengths) else 0.0
            norms[space] = _SATURATION * (1 - _LENGTH_SHARE + _LENGTH_SHARE * lengths / max(1.0, mean))
        return norms

    def _found(self, space: str, wanted: Hashes) -> _Found:
        begins, ends = [], []
        counts = np.zeros(len(wanted), np.int64)
        for segment in self.segments:
            begin, end = segment.find(space, wanted)
            begins.append(begin)
            ends.append(end)
            counts += end - begin
        return _Found(begins, ends, counts)

    def _postings(self, space: str, found: _Found, terms: Places, rarity: np.ndarray) -> tuple[Places, Scores, Scores]:
        """Return, for each statement that has one of these terms, its place, how often it has it, and the term's rarity."""
        places: list[np.ndarray] = []
        counts: list[np.ndarray] = []
        shares: list[float] = []
        spread: list[int] = []
        for segment, offset, begins, ends in zip(self.segments, self._offsets.tolist(), found.begins, found.ends, strict=False):
            for term in terms[ends[terms] > begins[terms]].tolist():
                begin, end = int(begins[term]), int(ends[term])
                where, often = segment.postings(space, begin, end)
                places.append(where + np.int32(offset) if offset else where)
                counts.append(often)
                shares.append(float(rarity[term]))
                spread.append(end - begin)
        if not places:
            return np.zeros(0, np.int64), np.zeros(0, np.float32), np.zeros(0, np.float32)
        every = np.concatenate(counts).astype(np.float32)
        return np.concatenate(places), every, np.repeat(np.array(shares, np.float32), spread)

    def _rarity(self, counts: Places) -> np.ndarray:
        rarity: np.ndarray = np.log1p((len(self) - counts + 0.5) / (counts + 0.5))
        return rarity

    def _read_statement(self, place: int, kinds: tuple[str, ...] | None = None) -> Statement:
        """The statement at a place, of all its fields or of those kinds."""
        fields = self.fields(place)
        said = [skeleton for kind, skeleton in fields if kind != SPELT and (kinds is None or kind in kinds)]
        return unpacked(said, [skeleton for kind, skeleton in fields if kind == SPELT])
