"""Short and long forms of words over several steps of an alignment: can't and can not, we'll and we will."""

from __future__ import annotations

from itertools import chain
from typing import TYPE_CHECKING

from claimreg.linker.compare import Step
from claimreg.linker.judge.forms import has_long_forms, long_forms, lower
from claimreg.linker.sameness import Sameness

if TYPE_CHECKING:
    from collections.abc import Sequence

    from claimreg.linker.passage import Word

_LONGEST_RUN = 4
"""Steps that may be one short form, or two, and its long one."""

_MOST_WORDS = 4


def written_out(steps: Sequence[Step], quote: str, text: str, tag: str) -> list[Step]:
    """The steps, with those that are one short form and its long one as one step, a slip."""
    found: list[Step] = []
    at = 0
    while at < len(steps):
        size = next((size for size in range(_LONGEST_RUN, 0, -1) if _is_one_form(steps[at : at + size], size, quote, text, tag)), 0)
        if size:
            quoted, source = (
                tuple(chain.from_iterable(side)) for side in zip(*((one.quote, one.source) for one in steps[at : at + size]), strict=True)
            )
            found.append(Step(quoted, source, Sameness.SLIP, 1.0))
        else:
            found.append(steps[at])
        at += size or 1
    return found


def _is_one_form(run: Sequence[Step], size: int, quote: str, text: str, tag: str) -> bool:
    if len(run) < size or run[0].same is Sameness.SAME or run[-1].same is Sameness.SAME:
        return False
    left = _lowered([word for step in run for word in step.quote], quote, tag)
    right = _lowered([word for step in run for word in step.source], text, tag)
    if not left or not right or len(left) == len(right) == 1 or max(len(left), len(right)) > _MOST_WORDS:
        return False
    if not has_long_forms(left + right, tag):
        return False
    return not long_forms(left, tag).isdisjoint(long_forms(right, tag))


def _lowered(words: list[Word], text: str, tag: str) -> tuple[str, ...]:
    return tuple(lower(text[slice(*word.span)], tag) for word in words)
