"""Tell the places that have the quote's very words, which there is nothing to judge in."""

from __future__ import annotations

import unicodedata
from typing import TYPE_CHECKING, NamedTuple

from claimreg.linker.sameness import Sameness

if TYPE_CHECKING:
    from claimreg.linker.compare import Comparison, Step
    from claimreg.linker.passage import Passage
    from claimreg.vocabulary import Flag


class Judgement(NamedTuple):
    """Judgement of a place: its steps, the flags that they call for, and what could not be judged."""

    comparison: Comparison
    flags: frozenset[Flag] = frozenset()
    not_judged: tuple[str, ...] = ()


def are_as_written(comparison: Comparison, quote: str, text: str) -> bool:
    """Return whether every word of a place has the quote's letters, but for case, and none is a figure, beside which a sign may differ.

    Then there is nothing to judge.
    """
    return all(
        step.same is Sameness.SAME and is_as_written(step, quote, text) and not any(word.key[0].isdigit() for word in step.quote)
        for step in comparison.steps
    )


def is_untouched(comparison: Comparison, quote: Passage) -> bool:
    """Return whether all words of a quote stand in a place, and nothing else between them."""
    return not comparison.edits and sum(len(step.quote) for step in comparison.steps) == len(quote.words)


def is_as_written(step: Step, quote: str, text: str) -> bool:
    """Return whether the words of a step have the same letters on both sides, but for case; a step of one side has nothing to differ."""
    if not step.quote or not step.source:
        return True
    left, right = quote[step.quote[0].span.start : step.quote[-1].span.end], text[step.source[0].span.start : step.source[-1].span.end]
    if left == right or (left.isascii() and right.isascii()):
        return left == right or not step.quote[0].key[0].isdigit()
    return unicodedata.normalize("NFC", left).casefold() == unicodedata.normalize("NFC", right).casefold()
