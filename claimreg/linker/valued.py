"""Places that were not accepted, weighed again with equal numbers and dates as equal: figures and words share no letters."""

from __future__ import annotations

from dataclasses import replace
from itertools import islice
from typing import TYPE_CHECKING

from claimreg.linker.accept import weigh, worth
from claimreg.linker.compare import Comparison, Step, letters
from claimreg.linker.sameness import Sameness
from claimreg.model import Span

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from claimreg.linker.collection import Ground
    from claimreg.linker.passage import TextIndex
    from claimreg.linker.place import Fit

_MOST_PLACES = 3
_LEAST_WORTH = 0.3
"""Worth below which too little is alike for a number to be what is missing."""


def by_values(places: Sequence[Fit], index: TextIndex, ground: Ground, lang: str | None) -> Iterator[Fit]:
    """The places most like the quote that have its numbers or dates in another form, weighed as if in the same.

    ``lang`` is the recorded language of the quote, if any.
    """
    promising = sorted((place for place in places if place.worth >= _LEAST_WORTH and _has_figure(place)), key=lambda place: -place.worth)
    for place in islice(promising, _MOST_PLACES):
        found = _valued(place, index, tuple(filter(None, (index.lang, lang))))
        if found is not None:
            # Letters that stand for one value are alike, however they differ.
            settled = sum(max(letters(step.quote), letters(step.source)) for step in found.steps if step not in place.comparison.steps)
            similarity = min(1.0, place.similarity + settled / len(place.passage.key))
            shares = found.shares
            evidence = weigh(place.passage, found, shares.dropped, similarity, ground)
            yield replace(place, comparison=found, similarity=similarity, worth=worth(shares, similarity), evidence=evidence)


def _has_figure(place: Fit) -> bool:
    """Return whether a figure stands on one side where the other has none, or another."""
    changed = [step for step in place.comparison.steps if step.same is Sameness.OTHER]
    return any(word.key[0].isdigit() for step in changed for word in (*step.quote, *step.source))


def _valued(place: Fit, index: TextIndex, hints: Sequence[str]) -> Comparison | None:
    """The comparison with each run of one value as one step; ``None`` where there is none."""
    from claimreg.linker.judge.setting import language_of
    from claimreg.linker.judge.values import by_value

    quote = place.passage.text
    language = language_of(quote, index.text, place.span, hints)
    steps = tuple(by_value(place.comparison.steps, quote, index.text, language))
    if sum(step.same is Sameness.OTHER for step in steps) >= sum(step.same is Sameness.OTHER for step in place.comparison.steps):
        return None
    return Comparison(steps, _hull(steps, place))


def _hull(steps: Sequence[Step], place: Fit) -> Span:
    words = [word for step in steps for word in step.source]
    return Span(min(word.span.start for word in words), max(word.span.end for word in words)) if words else place.span
