"""One place of one passage: how it compares, and whether it passes the bar."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from claimreg.match.accept import bar, passes, worth
from claimreg.match.compare import Comparison, compare

if TYPE_CHECKING:
    from claimreg.match.passage import Passage
    from claimreg.model import Span


@dataclass(frozen=True, slots=True)
class Place:
    """A stretch of a text set against a passage of a quote.

    ``similarity`` is 1 − edits/length over the characters of the keys, ``worth`` (0..1) what the place is ranked by,
    ``accepted`` whether it passes the bar, ``margin`` by how much.
    """

    passage: Passage
    comparison: Comparison
    similarity: float
    worth: float
    margin: float
    accepted: bool

    @property
    def span(self) -> Span:
        """The place's whole words, in code points of the text."""
        return self.comparison.span


def judge(passage: Passage, source: Passage, span: Span, distance: int) -> Place:
    """Compare a passage with the words of ``source``, of which ``span`` fits with ``distance`` edits."""
    comparison = compare(passage, source, span)
    similarity = max(0.0, 1.0 - distance / len(passage.key))
    value = worth(comparison, similarity)
    accepted = passes(comparison, similarity, passage.weight)
    return Place(passage, comparison, similarity, value, value - bar(passage.weight), accepted)
