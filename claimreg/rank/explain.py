"""Explanation why a claim answers a query: which words asked for are said, where, and how much of the query that is."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from claimreg.rank.statement import LONGEST
from claimreg.text.alike import ASKED, SAID, likenesses
from claimreg.text.romanize import romanize
from claimreg.text.words import words

if TYPE_CHECKING:
    from collections.abc import Iterable

    from claimreg.model import Span
    from claimreg.rank.index import StatementIndex

_FIELD_WEIGHTS = {"claim": 1.0, "title": 0.95, "quote": 0.9, "party": 0.85, "tag": 0.85, "case": 0.8}
"""Weights that decide which field is named where a word stands in several."""


class FoundWord(NamedTuple):
    """A word asked for, as written there (``said``): in which kind of field, and where in the field's text (code points)."""

    asked: str
    field: str
    said: str
    text: str
    span: Span


class Explanation(NamedTuple):
    """The words found, in the order in which they were asked for, and their share of the query by their rarity (0..1)."""

    coverage: float
    found: tuple[FoundWord, ...]


class AskedWords:
    """The words of a query, ready to be looked for in one claim after the other."""

    def __init__(self, query: str, index: StatementIndex) -> None:
        first: dict[str, Span] = {}
        for skeleton, span in _skeletons(_beginning(query)):
            first.setdefault(skeleton, span)
        self._words = list(first.items())
        rarity = index.rarities(skeleton for skeleton, _span in self._words) if self._words else np.zeros(0, np.float32)
        # Where there are few claims, how rare a word is among them says little: no word counts for more than two others.
        self._weights = 1 + rarity / max(1e-9, float(rarity.max(initial=0)))
        self._query = query

    def __bool__(self) -> bool:
        return bool(self._words)

    def explain(self, fields: Iterable[tuple[str, str]]) -> Explanation:
        """Return which of the words stand in a claim's fields."""
        said = [(kind, text, skeleton, span) for kind, text in fields for skeleton, span in _skeletons(text)]
        if not self._words or not said:
            return Explanation(0.0, ())
        table = likenesses([skeleton for skeleton, _span in self._words], [skeleton for _kind, _text, skeleton, _span in said], ASKED)
        weighed = np.where(table >= SAID, table, 0) * np.array([_FIELD_WEIGHTS[kind] for kind, *_ in said], np.float32)
        best = weighed.argmax(1)
        found = [
            FoundWord(self._query[slice(*span)], said[at][0], said[at][1][slice(*said[at][3])], said[at][1], said[at][3])
            for number, ((_skeleton, span), at) in enumerate(zip(self._words, best.tolist(), strict=True))
            if weighed[number, at] > 0
        ]
        similarity = np.where(table >= SAID, table, 0).max(1)
        return Explanation(float((similarity * self._weights).sum() / max(1e-9, float(self._weights.sum()))), tuple(found))


def _beginning(query: str) -> str:
    """Return as much of a query as counts, no word of it cut."""
    cut = query[:LONGEST]
    return cut if len(query) <= LONGEST else cut.rpartition(" ")[0] or cut


def _skeletons(text: str) -> list[tuple[str, Span]]:
    """The words of a text in Latin letters, each with where it stands."""
    spans = words(text)
    written = [text[span.start : span.end] for span in spans]
    skeletons = romanize(" ".join(written)).split()
    if len(skeletons) != len(spans):
        # Some word has none, or falls in two.
        skeletons = [romanize(word).replace(" ", "") for word in written]
    return [(skeleton, span) for skeleton, span in zip(skeletons, spans, strict=True) if skeleton]
