"""Acceptance of a place: the evidence for it in bits, weighed against the number of chances to be wrong.

As an E-value does for sequences (S. Karlin and S. F. Altschul, Methods for assessing the statistical significance of
molecular sequence features, PNAS 87, 1990), :attr:`Evidence.surplus` sets what the words found tell, in bits, against
the size of all that is searched: a stock phrase has few bits and an archive has many characters. Chance is not the
only rival, though: another sentence may be made of the same words. So the share of the quote that has no legible
counterpart in the source counts as well, and how alike the letters are. A logistic curve over these makes one
probability, and one threshold on it accepts, whatever the text.

The curve was fitted to quotes with made-up noise in six languages, real scanning errors in nine, real re-quotings
between newspapers, and passages with words left out of their middle; on one half of each set, which a hash of the
quote's id picks, and checked on the other (``benchmarks/link.py`` prints both, half 1 is the one chosen on).
"""

from __future__ import annotations

from dataclasses import dataclass
from math import exp
from typing import TYPE_CHECKING

from claimreg.linker.compare import letters
from claimreg.linker.sameness import Sameness, turns

if TYPE_CHECKING:
    from claimreg.linker.collection import Ground
    from claimreg.linker.compare import Comparison, Shares, Step
    from claimreg.linker.passage import Passage

SHORTEST_FUZZY = 8.0
"""Letters (:attr:`claimreg.linker.passage.Passage.weight`) below which a quote must stand as whole words."""

ENOUGH = 0.72
"""Probability from which on a place is accepted."""

_OF_WORDS = 0.75
_OF_CHARACTERS = 0.25
_REFUND_FOR_DROPPED = 0.15
_PRICE_OF_LOSS = 0.08
_MOST_REFUNDED = 0.8
_MOST_DROPPED = 1.5
"""Letters left out, in lengths of the quote, beyond which a place is no longer one place."""

_PRICE_OF_A_BREAK = 4.0
"""Bits for each run of words that differ: there are many ways to differ."""

_PRICE_OF_A_TURN = 2.0
"""Bits where the one thing that differs turns the meaning: there are few ways to do that."""

_ROUNDING = 1e-6
"""Bits by which two sums of the same numbers, added up in another order, cannot differ."""

_MOST_BITS = 40.0
_CURVE = {"constant": -1.9, "lost": -10.2, "alike": 4.1, "surplus": 0.92, "dropped": -3.0}
_CERTAIN = 0.9999


@dataclass(frozen=True, slots=True)
class Evidence:
    """Evidence for a place.

    ``told`` is what the words that stand there tell, in bits, and ``surplus`` the same less a price for each break
    and less the log₂ of the number of chances. ``lost`` (0..1) is the share of the quote's bits in words with no
    legible counterpart, ``alike`` (0..1) how alike the letters are where nothing was left out, ``dropped`` the letters
    of the source that the quote leaves out, in lengths of the quote.
    """

    told: float
    surplus: float
    lost: float
    alike: float
    dropped: float

    @property
    def probability(self) -> float:
        """Return the probability (0..1) that the place is the quote's."""
        value = (
            _CURVE["constant"]
            + _CURVE["lost"] * self.lost
            + _CURVE["alike"] * self.alike
            + _CURVE["surplus"] * min(self.surplus, _MOST_BITS) / 10
            + _CURVE["dropped"] * self.dropped
        )
        return min(_CERTAIN, 1.0 / (1.0 + exp(-value))) if value > -50 else 0.0  # noqa: PLR2004 -- exp would overflow

    @property
    def accepted(self) -> bool:
        """Return whether the place is the quote's: likely so, and not to be expected by chance even once (E ≤ 1)."""
        return self.surplus >= 0.0 and self.dropped <= _MOST_DROPPED and self.probability >= ENOUGH


def weigh(passage: Passage, comparison: Comparison, dropped: float, similarity: float, ground: Ground) -> Evidence:
    """The evidence for a place; ``similarity`` is 1 − edits/length over the characters of the keys, ``dropped`` as in the evidence."""
    bits = ground.bits(passage)
    turned = _turned(comparison)
    told = lost = total = 0.0
    breaks, broken = 0, False
    for step in comparison.steps:
        quote = step.quote
        of_step = bits[quote[0].at] if len(quote) == 1 else sum([bits[word.at] for word in quote])
        total += of_step
        if step is turned:
            broken = False
            continue
        kept = 1.0 if step.same is not Sameness.OTHER else step.likeness
        told += of_step * max(0.0, 2.0 * kept - 1.0)
        lost += 0.0 if kept else of_step
        breaks += kept < 1.0 and not broken
        broken = kept < 1.0
    alike = similarity + dropped + (letters(turned.quote) / len(passage.key) if turned else 0.0)
    surplus = told - _PRICE_OF_A_BREAK * breaks - (_PRICE_OF_A_TURN if turned else 0.0) - ground.room
    return Evidence(told, surplus, lost / total if total else 0.0, min(1.0, alike), dropped)


def may_be_accepted(passage: Passage, ground: Ground) -> bool:
    """Return whether a place of a passage could be accepted at all, or its words tell too little wherever they stand.

    A word tells its bits at most, and a place must tell ``ground.room`` of them or more (:attr:`Evidence.surplus`). Only where a person
    chose the texts is there another way to be accepted, which asks for no bits (:attr:`claimreg.linker.place.Fit.nearly_literal`).
    """
    return not ground.care or ground.all_bits(passage) + _ROUNDING >= ground.room


def _turned(comparison: Comparison) -> Step | None:
    """The step that turns the meaning by a negation, a number or a date, where everything else is legible."""
    turning: list[Step] = []
    for step in comparison.steps:
        if step.same is Sameness.OTHER:
            if turns(step.quote, step.source):
                if turning:
                    return None
                turning.append(step)
            elif not step.likeness:
                return None
    return turning[0] if turning else None


def worth(shares: Shares, similarity: float) -> float:
    """Return the likeness (0..1) of a place to the quote, which gives its score; places are ranked by it."""
    dropped = min(shares.dropped, _MOST_REFUNDED)
    value = _OF_WORDS * shares.coverage + _OF_CHARACTERS * similarity
    return min(1.0, value + _REFUND_FOR_DROPPED * dropped - _PRICE_OF_LOSS * shares.longest_loss)


def at_best(told: float, lost: float, total: float, ground: Ground) -> bool:
    """Return whether a place can be accepted that tells no more than ``told`` bits, and no fewer than ``lost`` of ``total`` are lost in."""
    surplus = told - (_PRICE_OF_A_BREAK if lost else 0.0) - ground.room
    return Evidence(told, surplus, lost / total if total else 0.0, alike=1.0, dropped=0.0).accepted
