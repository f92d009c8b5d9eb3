"""Short and long forms of words over several steps of an alignment: can't and can not, we'll and we will."""

from __future__ import annotations

from itertools import chain
from typing import TYPE_CHECKING

from claimreg.linker.compare import Step
from claimreg.linker.judge.forms import has_contractions, has_long_forms, long_forms, lower
from claimreg.linker.sameness import Sameness
from claimreg.text.words import words

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from claimreg.linker.passage import Word

_LONGEST_RUN = 4
"""Steps that may be one short form, or two, and its long one."""

_MOST_WORDS = 4
_MOST_BEYOND = 2
_REACH = 24
"""Words and code points beyond the ends of a place that may belong to a short form."""


def written_out(steps: Sequence[Step], quote: str, text: str, tag: str) -> list[Step]:
    """The steps, with those that are one short form and its long one as one step, a slip."""
    if not has_contractions(tag) or not any(_has_short_form(step, quote, text, tag) for step in _near_changes(steps)):
        return list(steps)
    found: list[Step] = []
    at = 0
    while at < len(steps):
        sizes = range(_LONGEST_RUN if steps[at].same is not Sameness.SAME else 0, 0, -1)
        size = next((size for size in sizes if _is_one_form(steps[at : at + size], size, quote, text, tag)), 0)
        if size:
            quoted, source = (
                tuple(chain.from_iterable(side)) for side in zip(*((one.quote, one.source) for one in steps[at : at + size]), strict=True)
            )
            found.append(Step(quoted, source, Sameness.SLIP, 1.0))
        else:
            found.append(steps[at])
        at += size or 1
    if found:
        found[0] = _at_end(found[0], quote, text, tag, first=True)
        found[-1] = _at_end(found[-1], quote, text, tag, first=False)
    return found


def _near_changes(steps: Sequence[Step]) -> Iterator[Step]:
    """Yield the steps of all runs that begin with one that differs: others are left as they are, whatever their words."""
    reach = 0
    for at, step in enumerate(steps):
        if step.same is not Sameness.SAME:
            reach = at + _LONGEST_RUN
        if at < reach:
            yield step


def _has_short_form(step: Step, quote: str, text: str, tag: str) -> bool:
    return has_long_forms(_lowered(step.quote, quote, tag), tag) or has_long_forms(_lowered(step.source, text, tag), tag)


def _at_end(step: Step, quote: str, text: str, tag: str, *, first: bool) -> Step:
    """The first or the last step: a short form whose long one lies in part outside the place is a slip."""
    if step.same is Sameness.SAME or len(step.quote) != 1 or not step.source:
        return step
    short = _lowered(step.quote, quote, tag)
    if not has_long_forms(short, tag):
        return step
    inside, beyond = _lowered(step.source, text, tag), _beyond(step, text, tag, first=first)
    sides = (beyond[-size:] + inside if first else inside + beyond[:size] for size in range(1, len(beyond) + 1))
    is_one = any(not long_forms(short, tag).isdisjoint(long_forms(side, tag)) for side in sides)
    return step._replace(same=Sameness.SLIP, likeness=1.0) if is_one else step


def _beyond(step: Step, text: str, tag: str, *, first: bool) -> tuple[str, ...]:
    """The words of the text before the first step, or after the last one."""
    start = max(0, step.source[0].span.start - _REACH) if first else step.source[-1].span.end
    piece = text[start : step.source[0].span.start if first else start + _REACH]
    found = tuple(lower(piece[slice(*span)], tag) for span in words(piece))
    return found[-_MOST_BEYOND:] if first else found[:_MOST_BEYOND]


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


def _lowered(of: Sequence[Word], text: str, tag: str) -> tuple[str, ...]:
    return tuple(lower(text[slice(*word.span)], tag) for word in of)
