"""One place of one passage: how it compares, and whether it passes the bar."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from claimreg.linker.accept import Evidence, weigh, worth
from claimreg.linker.compare import Comparison, compare

if TYPE_CHECKING:
    from claimreg.linker.collection import Ground
    from claimreg.linker.passage import Passage
    from claimreg.model import Span

_NEARLY_LITERAL = 0.95
"""Likeness (0..1) from which on a place with every word of the passage is one, however common they are, as places of whole words are.

In a large collection, stock phrases and running titles recur with slips, and the evidence decides."""


@dataclass(frozen=True, slots=True)
class Fit:
    """A stretch of a text set against a passage of a quote.

    ``similarity`` is 1 − edits/length over the characters of the keys, ``worth`` (0..1) how like the passage it is,
    ``evidence`` what speaks for it. ``nearly_literal`` tells that every word stands there, in a document that somebody chose.
    """

    passage: Passage
    comparison: Comparison
    similarity: float
    worth: float
    evidence: Evidence
    nearly_literal: bool = False

    @property
    def span(self) -> Span:
        """The place's whole words, in code points of the text."""
        return self.comparison.span

    @property
    def accepted(self) -> bool:
        """Return whether the place is the passage's: the evidence is enough, or all its words stand there nearly letter for letter."""
        return self.evidence.accepted or self.nearly_literal

    @property
    def probability(self) -> float:
        """Return how likely (0..1) the place is the passage's."""
        return self.evidence.probability


def judge(passage: Passage, source: Passage, span: Span, distance: int, ground: Ground) -> Fit:
    """Compare a passage with the words of ``source``, of which ``span`` fits with ``distance`` edits."""
    comparison = compare(passage, source, span)
    similarity = max(0.0, 1.0 - distance / len(passage.key))
    shares = comparison.shares
    evidence = weigh(passage, comparison, shares.dropped, similarity, ground)
    nearly_literal = not ground.care and similarity >= _NEARLY_LITERAL and not comparison.altered
    return Fit(passage, comparison, similarity, worth(shares, similarity), evidence, nearly_literal)
