"""Ranking in two stages: the statements that are most like the one that is asked for."""

from __future__ import annotations

from itertools import islice
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from claimreg.rank.likeness import Candidate, features, grade, values
from claimreg.rank.segment import SAID, SPACES

if TYPE_CHECKING:
    from collections.abc import Callable

    from claimreg.rank.index import Scores, StatementIndex
    from claimreg.rank.meaning import Meant
    from claimreg.rank.statement import Statement

LOOKED_AT = 100
"""Statements that are looked at closely, or twice as many as are wanted."""

_WORDS_SHARE = 0.5
"""Weight of shared words beside shared letter groups in the choice of what to compare closely."""


class Answer(NamedTuple):
    """A statement by its place in the index, with its likeness (0..100)."""

    place: int
    score: float


class _Likely(NamedTuple):
    """Result of the first stage for every statement (0..1)."""

    grams: Scores
    words: Scores
    both: Scores


def rank(
    index: StatementIndex,
    asked: Statement,
    top: int,
    *,
    kinds: tuple[str, ...] = SAID,
    accepts: Callable[[int], bool] | None = None,
    meant: Meant | None = None,
) -> list[Answer]:
    """The statements most like ``asked``, best first, at most ``top``; equals in the order in which they were recorded.

    ``kinds`` are the fields that are looked at closely; ``accepts`` is asked, by place, whether a statement is wanted at all. Where it is
    known how near statements are in meaning (``meant``), that counts too.
    """
    found = candidates(index, asked, max(LOOKED_AT, 2 * top), kinds=kinds, accepts=accepts, meant=meant)
    # What is asked for stands first: the likeness to itself is the measure of all others.
    own, *likeness = values(features(asked, [Candidate(asked, 1.0, 1.0), *(candidate for _place, candidate in found)], index))
    places = [place for place, _candidate in found]
    if meant:
        from claimreg.rank.meaning import fused

        own, *likeness = fused([own, *likeness], [1.0, *meant.cosines[places].tolist()], meant.trust)
    order = sorted(range(len(places)), key=lambda at: (-likeness[at], index.numbers[places[at]]))
    return [Answer(places[at], grade(likeness[at], own)) for at in order[:top]]


def candidates(
    index: StatementIndex,
    asked: Statement,
    most: int,
    *,
    kinds: tuple[str, ...] = SAID,
    accepts: Callable[[int], bool] | None = None,
    meant: Meant | None = None,
) -> list[tuple[int, Candidate]]:
    """The statements worth a close look, likest first, then those near in meaning, each with its place; see `rank`."""
    likely = _first_stage(index, asked)
    places = _likeliest(index, likely, most) if accepts is None else _accepted(index, likely, most, accepts)
    if meant:
        from claimreg.rank.meaning import nearest

        near = (place for place in nearest(meant, most) if index.alive[place] and (accepts is None or accepts(place)))
        places = list(dict.fromkeys([*places, *near]))
    return [(place, Candidate(index.statement(place, kinds), float(likely.grams[place]), float(likely.words[place]))) for place in places]


def _first_stage(index: StatementIndex, asked: Statement) -> _Likely:
    # Asked for counts, too, NumPy does without loading its masked arrays.
    grams, words = (index.scores(space, np.unique(SPACES[space](asked.skeletons), return_counts=True)[0]) for space in ("grams", "words"))
    both = grams / max(1e-9, float(grams.max(initial=0))) + _WORDS_SHARE * words / max(1e-9, float(words.max(initial=0)))
    return _Likely(grams, words, both)


def _likeliest(index: StatementIndex, likely: _Likely, most: int) -> list[int]:
    both = likely.both
    most = min(most, len(both))
    places = np.argpartition(-both, most - 1)[:most] if most else np.zeros(0, np.int64)
    return _ordered(index, both, places[both[places] > 0])


def _accepted(index: StatementIndex, likely: _Likely, most: int, accepts: Callable[[int], bool]) -> list[int]:
    ordered = _ordered(index, likely.both, np.flatnonzero(likely.both))
    return list(islice(filter(accepts, ordered), most))


def _ordered(index: StatementIndex, both: Scores, places: np.ndarray) -> list[int]:
    # Of equals, what was recorded first comes first.
    ordered: list[int] = places[np.lexsort((index.numbers[places], -both[places]))].tolist()
    return ordered
