"""Words that a script may write in two ways are the same words: a run of steps with one spelling becomes one step."""

from __future__ import annotations

from itertools import product
from typing import TYPE_CHECKING

from claimreg.linker.compare import Step
from claimreg.linker.sameness import Sameness
from claimreg.text.spelling import has_two_spellings, one_spelling

if TYPE_CHECKING:
    from collections.abc import Sequence

_MOST_AROUND = 4
"""Steps that fit, before and after a run that does not, in which its letters may continue: scripts without spaces have a step a letter."""


def by_spelling(steps: Sequence[Step], quote: str, text: str) -> list[Step]:
    """The steps of an alignment, with runs of the same words in two spellings as one step; spans count in ``quote`` and ``text``."""
    found = list(steps)
    if not any(step.same is not Sameness.SAME and _has_two_spellings(step, quote, text) for step in found):
        return found
    at = 0
    while at < len(found):
        if found[at].same is not Sameness.SAME:
            _join(found, at, quote, text)
        at += 1
    return found


def _join(steps: list[Step], first: int, quote: str, text: str) -> None:
    """Replace the run of differing steps at ``first``, with as few of its neighbours as will do, by one step of the same words."""
    end = first
    while end < len(steps) and steps[end].same is not Sameness.SAME:
        end += 1
    for before, after in sorted(product(range(_MOST_AROUND + 1), repeat=2), key=sum):
        low, high = max(0, first - before), min(len(steps), end + after)
        words = [word for step in steps[low:high] for word in step.quote], [word for step in steps[low:high] for word in step.source]
        if not words[0] or not words[1]:
            continue
        left, right = (of[some[0].span.start : some[-1].span.end] for of, some in zip((quote, text), words, strict=True))
        if one_spelling(left).split() == one_spelling(right).split():
            steps[low:high] = [Step(tuple(words[0]), tuple(words[1]), Sameness.SAME, 1.0)]
            return


def _has_two_spellings(step: Step, quote: str, text: str) -> bool:
    return any(
        has_two_spellings(of[word.span.start : word.span.end]) for words, of in ((step.quote, quote), (step.source, text)) for word in words
    )
