"""The second stage: how like two statements are, word by word and name by name, and one grade of it all."""

from __future__ import annotations

from dataclasses import dataclass
from math import exp, log
from typing import TYPE_CHECKING, TypeAlias

import numpy as np
from rapidfuzz import fuzz
from rapidfuzz.distance import OSA, Prefix
from rapidfuzz.process import cdist

from claimreg.rank.index import Postings, word_hashes

if TYPE_CHECKING:
    from collections.abc import Sequence

    from claimreg.rank.statement import Statement

Matrix: TypeAlias = "np.ndarray[tuple[int, int], np.dtype[np.float32]]"

WEIGHTS = {
    "grams": 32.0, "words": 8.0, "asked": 9.5, "said": 4.0, "names": 1.2, "named": 3.2, "partial": 2.0, "ratio": 1.5,
    "longer": -3.7, "shorter": -0.8,
}  # fmt: skip
"""What each feature counts, fitted as pairwise logistic regression, then picked by hand among variants.

``grams`` and ``words`` come from the first stage; ``asked`` is the share of the words asked for that are said, ``said`` the other way
round, weighed by rarity, ``names`` and ``named`` the same of names; ``partial`` and ``ratio`` are the likeness of the letters to the
field that holds most; ``longer`` and ``shorter`` how much the asked one is that (log of the ratio).
"""

_HALF_GRADE = 20.0
"""The value at which a grade has gone 63 of its 100 points."""

_ALIKE = 0.65
_SHORTEST_STEM = 4
_UNKNOWN = 0.5
"""What is said of names where there are none."""


@dataclass(frozen=True, slots=True)
class Candidate:
    """A statement that may be the same, with what the first stage gave it for letter groups and for words (0..1)."""

    statement: Statement
    grams: float
    words: float


def features(asked: Statement, candidates: Sequence[Candidate], words: Postings) -> Matrix:
    """What tells how like each candidate is to what is asked, a row each, a column for each of ``WEIGHTS``."""
    of_asked = [word for field in asked.fields for word in field]
    of_each = [[word for field in one.statement.fields for word in field] for one in candidates]
    vocabulary = {word: number for number, word in enumerate(dict.fromkeys(word for some in (of_asked, *of_each) for word in some))}
    rarity = words.rarities(word_hashes(vocabulary))
    every = list(vocabulary)
    alike = _alike(of_asked, every) if of_asked else np.zeros((0, len(every)), np.float32)
    rows = []
    for one, said in zip(candidates, of_each, strict=True):
        columns = [vocabulary[word] for word in said]
        rows.append(_row(asked, one, of_asked, columns, alike, rarity, vocabulary))
    return np.array(rows, np.float32).reshape(len(candidates), len(WEIGHTS))


def values(rows: Matrix) -> list[float]:
    """How like two statements are, as one number without bounds for each row of features."""
    likeness: list[float] = np.round(rows @ np.array(list(WEIGHTS.values()), np.float32), 3).tolist()
    return likeness


def grade(likeness: float) -> float:
    """The same from 0 to 99.9; it rises ever slower, so that even the likest can be told apart."""
    return round(99.9 * (1.0 - exp(-max(0.0, likeness) / _HALF_GRADE)), 1)


def _row(
    asked: Statement, one: Candidate, of_asked: list[str], columns: list[int], alike: Matrix, rarity: np.ndarray, vocabulary: dict[str, int]
) -> list[float]:
    if not of_asked or not columns:
        return [one.grams, one.words, 0, 0, _UNKNOWN, _UNKNOWN, 0, 0, 0, 0]
    table = alike[:, columns]
    found, kept = table.max(1), table.max(0)
    weights = rarity[[vocabulary[word] for word in of_asked]]
    others = rarity[columns]
    ends = np.cumsum([len(field) for field in one.statement.fields])
    shares = [
        _share(kept[end - len(field) : end], others[end - len(field) : end]) for field, end in zip(one.statement.fields, ends, strict=True)
    ]
    best = int(np.argmax(shares))
    left, right = asked.whole, one.statement.skeletons[best]
    ratio = log((len(left) + 1) / (len(one.statement.whole) + 1))
    names = np.array([word in asked.marked for word in of_asked])
    named = np.array([word in one.statement.marked for field in one.statement.fields for word in field])
    return [
        one.grams, one.words, _share(found, weights), _share(kept, others),
        _share(found[names], weights[names]), _share(kept[named], others[named]),
        fuzz.partial_ratio(left, right) / 100, fuzz.ratio(left, right) / 100, max(0.0, ratio), max(0.0, -ratio),
    ]  # fmt: skip


def _share(found: np.ndarray, weights: np.ndarray) -> float:
    """How much of some words' weight was found; of no words, it cannot be told."""
    total = float(weights.sum())
    return float((found * weights).sum()) / total if total else _UNKNOWN


def _alike(left: list[str], right: list[str]) -> Matrix:
    """How alike (0..1) each two words are: written nearly the same, or the same but for an ending."""
    written: Matrix = cdist(left, right, scorer=OSA.normalized_similarity, dtype=np.float32)
    stem: Matrix = cdist(left, right, scorer=Prefix.similarity, dtype=np.float32)
    of_left = np.array([len(word) for word in left], np.float32)[:, None]
    of_right = np.array([len(word) for word in right], np.float32)[None]
    shorter, longer = np.minimum(of_left, of_right), np.maximum(of_left, of_right)
    written[(written < 1) & ((written < _ALIKE) | (shorter < _SHORTEST_STEM))] = 0
    ending = (stem >= _SHORTEST_STEM) & (stem >= shorter - 2) & (2 * stem >= longer)
    return np.maximum(written, np.where(ending, 0.75 + 0.25 * stem / longer, 0)).astype(np.float32)
