"""Both stages together: the statements that are most like the one that is asked for."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from claimreg.rank.index import gram_terms, word_terms
from claimreg.rank.likeness import Candidate, features, grade, values

if TYPE_CHECKING:
    from collections.abc import Callable

    from claimreg.rank.index import StatementIndex
    from claimreg.rank.statement import Statement

_LOOKED_AT = 60
_WORDS_SHARE = 0.5
"""What shared words count beside shared letter groups when it is decided what to look at closely."""


class Answer(NamedTuple):
    """A statement by its number, with its likeness (0..100)."""

    number: int
    score: float


def candidates(index: StatementIndex, asked: Statement, most: int) -> list[tuple[int, float, float]]:
    """The statements worth a close look, by number, with the scores of letter groups and words (0..1)."""
    grams, words = index.grams.scores(np.unique(gram_terms(asked))), index.words.scores(np.unique(word_terms(asked)))
    first = grams / max(1e-9, float(grams.max(initial=0))) + _WORDS_SHARE * words / max(1e-9, float(words.max(initial=0)))
    most = min(most, len(first))
    likely = np.argpartition(-first, most - 1)[:most] if most else np.zeros(0, np.int64)
    # Of equals, what was recorded first comes first.
    likely = likely[np.lexsort((likely, -first[likely]))]
    return [(number, float(grams[number]), float(words[number])) for number in likely.tolist() if grams[number] > 0 or words[number] > 0]


def rank(index: StatementIndex, asked: Statement, statement_of: Callable[[int], Statement], top: int) -> list[Answer]:
    """The statements most like ``asked``, best first, at most ``top``; equals in the order in which they were recorded."""
    found = candidates(index, asked, max(_LOOKED_AT, 2 * top))
    rows = features(asked, [Candidate(statement_of(number), grams, words) for number, grams, words in found], index.words)
    likeness = values(rows)
    order = sorted(range(len(found)), key=lambda place: (-likeness[place], found[place][0]))
    return [Answer(found[place][0], grade(likeness[place])) for place in order[:top]]
