"""The first stage: statements by their words and letter groups, weighed as BM25 does.

Okapi BM25 (S. Robertson and H. Zaragoza, The probabilistic relevance framework: BM25 and beyond, Foundations and Trends in
Information Retrieval 3(4), 2009), over the words of the skeletons and over their runs of four characters, spaces included:
words tell more, runs forgive endings, slips and spellings (P. McNamee and J. Mayfield, Character n-gram tokenization for
European language text retrieval, Information Retrieval 7, 2004). What a term adds to a statement is worked out once.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeAlias
from zlib import crc32

import numpy as np

from claimreg.match.scan.grams import gram_hashes

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from claimreg.rank.statement import Statement

Scores: TypeAlias = "np.ndarray[tuple[int], np.dtype[np.float32]]"
Hashes: TypeAlias = "np.ndarray[tuple[int], np.dtype[np.uint32]]"

GRAM = 4
_SATURATION, _LENGTH_SHARE = 1.2, 0.75
"""BM25's k1 and b."""

_TELLS_LITTLE = 0.125
"""Share of the statements from which on a term is not followed, where there are many."""

_MANY = 20_000


@dataclass(frozen=True, slots=True)
class Postings:
    """For each term (by hash, sorted), the statements that have it and what it adds to them: from ``begins[t]`` on."""

    terms: Hashes
    begins: np.ndarray[tuple[int], np.dtype[np.int64]]
    statements: np.ndarray[tuple[int], np.dtype[np.int32]]
    weights: np.ndarray[tuple[int], np.dtype[np.float16]]
    size: int

    def scores(self, wanted: Hashes) -> Scores:
        """How well each statement answers (0..1): what the terms add to it, over the most that they could add."""
        if not len(self.terms) or not len(wanted):
            return np.zeros(self.size, np.float32)
        places, there = self._places(wanted)
        count = np.where(there, self.begins[places + 1] - self.begins[places], 0)
        most = float(self._rarity(count).sum())
        if self.size > _MANY:
            there &= count <= _TELLS_LITTLE * self.size
        slices = [
            slice(begin, end)
            for begin, end in zip(self.begins[places[there]].tolist(), self.begins[places[there] + 1].tolist(), strict=True)
        ]
        if not slices:
            return np.zeros(self.size, np.float32)
        statements = np.concatenate([self.statements[one] for one in slices])
        weights = np.concatenate([self.weights[one] for one in slices])
        return (np.bincount(statements, weights, self.size) / most).astype(np.float32)

    def rarities(self, wanted: Hashes) -> Scores:
        """The inverse document frequency of terms."""
        if not len(self.terms):
            return np.ones(len(wanted), np.float32)
        places, there = self._places(wanted)
        return self._rarity(np.where(there, self.begins[places + 1] - self.begins[places], 0)).astype(np.float32)

    def _places(self, wanted: Hashes) -> tuple[np.ndarray, np.ndarray]:
        places = np.minimum(np.searchsorted(self.terms, wanted), len(self.terms) - 1)
        return places, self.terms[places] == wanted

    def _rarity(self, count: np.ndarray) -> np.ndarray:
        rarity: np.ndarray = np.log1p((self.size - count + 0.5) / (count + 0.5))
        return rarity


@dataclass(frozen=True, slots=True)
class StatementIndex:
    """Statements by their words and by their letter groups."""

    words: Postings
    grams: Postings

    def __len__(self) -> int:
        return self.words.size


def build_index(statements: Sequence[Statement]) -> StatementIndex:
    """Index statements; they are known by their place in the sequence from then on."""
    terms = [word_terms(statement) for statement in statements]
    grams = [gram_terms(statement) for statement in statements]
    return StatementIndex(_postings(terms), _postings(grams))


def word_terms(statement: Statement) -> Hashes:
    """The hashes of a statement's words, repeated as they are."""
    return word_hashes(word for field in statement.fields for word in field)


def word_hashes(words: Iterable[str]) -> Hashes:
    """The hash of each word."""
    return np.array([crc32(word.encode("utf-8", "surrogatepass")) for word in words], np.uint32)


def gram_terms(statement: Statement) -> Hashes:
    """The hashes of a statement's runs of four characters, repeated as they are."""
    keys = np.frombuffer(f" {statement.whole} ".encode("utf-16-le", "surrogatepass"), "<u2")
    return gram_hashes(keys, GRAM)


def _postings(terms: Sequence[Hashes]) -> Postings:
    sizes = np.array([len(one) for one in terms], np.int64)
    every = np.concatenate(terms) if terms else np.zeros(0, np.uint32)
    # A term and its statement as one number: sorted, they stand by term, then by statement.
    both = every.astype(np.uint64) << np.uint64(32) | np.repeat(np.arange(len(terms), dtype=np.uint64), sizes)
    both, count = np.unique(both, return_counts=True)
    distinct, begins = np.unique((both >> np.uint64(32)).astype(np.uint32), return_index=True)
    begins = np.append(begins, len(both))
    statements = (both & np.uint64(0xFFFFFFFF)).astype(np.int32)
    spread = np.diff(begins)
    rarity = np.log1p((len(terms) - spread + 0.5) / (spread + 0.5))
    norm = _SATURATION * (1 - _LENGTH_SHARE + _LENGTH_SHARE * sizes / max(1.0, float(sizes.mean()) if len(sizes) else 1.0))
    weights = np.repeat(rarity, spread) * count * (_SATURATION + 1) / (count + norm[statements])
    return Postings(distinct, begins.astype(np.int64), statements, weights.astype(np.float16), len(terms))
