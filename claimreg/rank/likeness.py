"""The second stage: how like two statements are, word by word and name by name, and one grade of it all."""

from __future__ import annotations

from dataclasses import dataclass
from math import exp, log
from typing import TYPE_CHECKING, TypeAlias

import numpy as np
from rapidfuzz import fuzz

from claimreg.text.alike import STATED, likenesses

if TYPE_CHECKING:
    from collections.abc import Sequence

    from claimreg.rank.index import StatementIndex
    from claimreg.rank.statement import Statement
    from claimreg.text.alike import Matrix

Vector: TypeAlias = "np.ndarray[tuple[int], np.dtype[np.float32]]"

WEIGHTS = {
    "grams": 22.7, "words": 3.33, "named": 3.21, "shorter": -0.93, "ratio": 8.7, "rare": 2.46, "figures": -1.11, "window": 1.95,
}  # fmt: skip
"""Weight of each feature, as `benchmarks/fit_ranking.py --every` fits it.

``grams`` and ``words`` are the square roots of what the first stage gave; ``named`` is the share of the names said that were asked
for, weighed by rarity; ``shorter`` is how much the asked statement is that (log of the ratio); ``ratio`` the likeness of the letters
to the field that is most like, with or without the signature of what is asked; ``rare`` how many rare words asked for are said,
``window`` how much of the weight of a few words in a row, the best ones, and ``figures`` the weight of figures said that were not
asked for (each the log of 1 + it, in rarest words).
"""

_SAME = 3.0
"""Steepness of a grade: at the likeness that the statement would have to itself, it is 99.9 · (1 − e⁻³), which is 94.9."""

_STEEPER = 1.4
"""Power of the share of that likeness: statements that share a topic only are to have less than half of the grade."""

NEARLY_THE_SAME = 70.0
"""Grade from which on two statements are so alike that what sets them apart is worth saying."""

_RARE = 0.5
"""Share of the rarity of a word never seen from which on a word is rare."""

_WINDOW = 8
"""Words in a row that a claim is looked for in; long statements repeat a claim in a part of them only."""

_UNKNOWN = 0.5
"""Value of names where there are none."""


@dataclass(frozen=True, slots=True)
class Candidate:
    """A statement that may be the same, with what the first stage gave it for letter groups and for words (0..1)."""

    statement: Statement
    grams: float
    words: float


@dataclass(frozen=True, slots=True)
class _Table:
    """Result of the search for the query's words in each candidate.

    ``found`` has a row for each word asked for and a column for each candidate, ``weights`` the rarity of each word asked for. Of the
    words said, candidate after candidate, ``kept`` is how well each was asked for, ``exact`` whether just so, ``said`` its rarity;
    ``begins`` is where each candidate's words begin. Rarities are shares of that of a word never seen.
    """

    found: Matrix
    weights: Vector
    kept: Vector
    exact: np.ndarray
    said: Vector
    begins: np.ndarray


def features(asked: Statement, candidates: Sequence[Candidate], index: StatementIndex) -> Matrix:
    """Return the features of each candidate's likeness to the query: a row each, a column for each of ``WEIGHTS``."""
    rows = np.zeros((len(candidates), len(WEIGHTS)), np.float32)
    of_asked = _words(asked)
    spoken = [number for number, one in enumerate(candidates) if one.statement.whole] if of_asked else []
    rows[:, 0] = np.sqrt([one.grams for one in candidates])
    rows[:, 1] = np.sqrt([one.words for one in candidates])
    rows[:, 2] = _UNKNOWN
    if spoken:
        rows[spoken, 2:] = _compared(asked, [candidates[number].statement for number in spoken], index)
    return rows


def values(rows: Matrix) -> list[float]:
    """Return how like two statements are, as one number without bounds for each row of features."""
    likeness: list[float] = np.round(rows @ np.array(list(WEIGHTS.values()), np.float32), 3).tolist()
    return likeness


def grade(likeness: float, own: float) -> float:
    """Return the likeness from 0 to 99.9, ``own`` being the likeness that the statement asked for would have to itself.

    It rises ever slower, so that even the likest can be told apart.
    """
    share = max(0.0, likeness) / own if own > 0 else 0.0
    return round(99.9 * (1.0 - exp(-_SAME * share**_STEEPER)), 1)


def _compared(asked: Statement, statements: Sequence[Statement], index: StatementIndex) -> Matrix:
    """The features that are read from the words, of statements that have some."""
    of_asked, of_each = _words(asked), [_words(one) for one in statements]
    table = _table(of_asked, of_each, index)
    every = [word for some in of_each for word in some]
    marked = np.array([word in one.marked for one, some in zip(statements, of_each, strict=True) for word in some])
    digits = {word: any(map(str.isdigit, word)) for word in set(every)}
    figures = np.array([digits[word] for word in every]) & ~table.exact
    names = np.add.reduceat(marked * table.said, table.begins)
    named = np.add.reduceat(marked * table.said * table.kept, table.begins) / np.maximum(names, 1e-9)
    weighed = table.found * table.weights[:, None]
    _, first = np.unique(of_asked, return_index=True)
    whole = asked.whole
    said = [whole, asked.unsigned] if asked.unsigned else [whole]
    return np.column_stack(
        [
            np.where(names > 0, named, _UNKNOWN),
            [max(0.0, log((len(one.whole) + 1) / (len(whole) + 1))) for one in statements],
            [max(fuzz.ratio(text, skeleton) for skeleton in one.skeletons for text in said) / 100 for one in statements],
            np.log1p((weighed[first] > _RARE).sum(0)),
            np.log1p(np.add.reduceat(figures * table.said, table.begins)),
            np.log1p(_best_window(weighed)),
        ]
    ).astype(np.float32)


def _table(of_asked: list[str], of_each: list[list[str]], index: StatementIndex) -> _Table:
    vocabulary = {word: number for number, word in enumerate(dict.fromkeys(word for some in (of_asked, *of_each) for word in some))}
    every = list(vocabulary)
    rarity = index.rarities(every) / log((len(index) + 1) * 2)
    likeness = likenesses(of_asked, every, STATED)
    columns = np.array([vocabulary[word] for some in of_each for word in some])
    begins = np.cumsum([0, *map(len, of_each[:-1])])
    kept = likeness.max(0)
    found = np.maximum.reduceat(likeness[:, columns], begins, axis=1)
    weights = rarity[[vocabulary[word] for word in of_asked]]
    return _Table(found, weights, kept[columns], kept[columns] == 1, rarity[columns], begins)


def _best_window(weighed: Matrix) -> Vector:
    """Return, for each candidate, the most that a few words in a row, as they are asked for, weigh in it."""
    sums = np.vstack([np.zeros((1, weighed.shape[1]), np.float32), np.cumsum(weighed, axis=0)])
    best: Vector = (sums[_WINDOW:] - sums[:-_WINDOW]).max(0) if len(weighed) > _WINDOW else sums[-1]
    return best


def _words(statement: Statement) -> list[str]:
    return [*(word for field in statement.fields for word in field), *statement.spelt]
