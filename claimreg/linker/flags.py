"""Warnings that a person must see before believing a link: of what a quote leaves out, and of what follows it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from claimreg.linker.lexicon import afterthoughts, negations
from claimreg.text.fold import fold_key
from claimreg.text.words import words

if TYPE_CHECKING:
    from collections.abc import Sequence

    from claimreg.linker.compare import Step

_NEAR_WORDS = 20
"""Words at either end of a stretch left out among which a negation counts."""

_MANY_LEFT_OUT = 4
"""Words in a row that a quote leaves out without a mark, from which on the ``gap`` flag is set."""

_AFTER = 40


def leaves_out_many(steps: Sequence[Step]) -> bool:
    """Return whether a quote leaves out so many words in a row, without a mark, that a reader must be told."""
    left_out = 0
    for step in steps:
        left_out = 0 if step.quote else left_out + 1
        if left_out >= _MANY_LEFT_OUT:
            return True
    return False


def denies_within(text: str) -> bool:
    """Return whether a stretch that was left out holds a negation among the first or last words."""
    keys = [fold_key(text[start:end]) for start, end in words(text)]
    near = keys if len(keys) <= 2 * _NEAR_WORDS else keys[:_NEAR_WORDS] + keys[-_NEAR_WORDS:]
    return any(is_negation(key) for key in near)


def stops_before_negation(text: str, end: int) -> bool:
    """Return whether the word after ``end`` denies what stands before it (Kazakh жасаған | жоқ)."""
    after = text[end : end + _AFTER]
    following = words(after)[:1]
    if not following or not after[: following[0].start].isspace() or "\n" in after[: following[0].start]:
        return False
    return fold_key(after[slice(*following[0])]) in afterthoughts()


def is_negation(key: str) -> bool:
    """Return whether a word denies by itself."""
    return key in negations()
