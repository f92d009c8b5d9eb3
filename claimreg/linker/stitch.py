"""Quotes with an ellipsis: each part is looked up by itself, and all parts must stand near each other."""

from __future__ import annotations

from itertools import islice, pairwise
from math import log2
from typing import TYPE_CHECKING

from claimreg.linker.accept import may_be_accepted
from claimreg.linker.search import similar_places, whole_places
from claimreg.model import Span

if TYPE_CHECKING:
    from claimreg.linker.collection import Ground
    from claimreg.linker.passage import Passage, Quote, TextIndex
    from claimreg.linker.place import Fit

REACH = 4_000
"""Code points before and after a found part within which the other parts must stand."""

_MOST_ANCHORS = 20
_MOST_CHOICES = 50
_LEAST_LETTERS = 8
_LEAST_PART = 3
"""Letters of a part that tells anything."""

_MOST_PARTS = 60
"""Most passages that a quote joins; the work grows with the square."""


def stitched(quote: Quote, index: TextIndex, ground: Ground) -> list[tuple[Fit, ...]]:
    """The ways in which all parts of ``quote`` stand near each other, each as places in the quote's order."""
    if len(quote.parts) > _MOST_PARTS:
        return []
    anchor = max(range(len(quote.parts)), key=lambda number: quote.parts[number].weight)
    if sum(part.weight for part in quote.parts) < _LEAST_LETTERS:
        return []
    everywhere = Span(0, len(index.key))
    found: list[tuple[Fit, ...]] = []
    for place in _places(quote.parts[anchor], index, everywhere, ground)[:_MOST_ANCHORS]:
        joined = _join(quote, anchor, place, index, ground)
        if joined and _tells(joined) and not any(_touch(joined, other) for other in found):
            found.append(joined)
    return found


def left_out(places: tuple[Fit, ...]) -> list[Span]:
    """Return what lies between neighbouring places in the text's order (code points)."""
    spans = sorted(place.span for place in places)
    return [Span(before.end, after.start) for before, after in pairwise(spans)]


def _join(quote: Quote, anchor: int, place: Fit, index: TextIndex, ground: Ground) -> tuple[Fit, ...]:
    near = index.key_range(place.span.start - REACH, place.span.end + REACH)
    local = ground.near(2 * REACH)
    places: dict[int, Fit] = {anchor: place}
    order = [*range(anchor + 1, len(quote.parts)), *range(anchor - 1, -1, -1)]
    for number in order:
        neighbour = places[number - 1 if number > anchor else number + 1]
        taken = [other.span for other in places.values()]
        choices = [
            choice
            for choice in _places(quote.parts[number], index, near, local)
            if _distance(choice.span, place.span) <= REACH and not any(_shared(choice.span, span) for span in taken)
        ]
        if not choices:
            return ()
        places[number] = min(choices, key=lambda choice: _inconvenience(choice, neighbour, forward=number > anchor))
    return tuple(places[number] for number in range(len(quote.parts)))


def _tells(joined: tuple[Fit, ...]) -> bool:
    """Return whether at least two parts that follow each other tell more than chance explains: scraps stand near each other anywhere."""
    return any(_is_no_scrap(before, after) and _is_no_scrap(after, before) for before, after in pairwise(joined))


def _is_no_scrap(place: Fit, neighbour: Fit) -> bool:
    """Return whether a part tells more than the chances that there are within its distance from its neighbour."""
    chances = 2 * (_distance(place.span, neighbour.span) + place.span.end - place.span.start)
    return place.passage.weight >= _LEAST_PART and place.evidence.told >= log2(chances)


def _places(part: Passage, index: TextIndex, within: Span, ground: Ground) -> list[Fit]:
    whole = list(islice(whole_places(part, index, within, ground), _MOST_CHOICES))
    if whole or not may_be_accepted(part, ground):
        return whole
    return [place for place in similar_places(part, index, within, ground) if place.accepted]


def _inconvenience(choice: Fit, neighbour: Fit, *, forward: bool) -> tuple[bool, int]:
    """In the quote's order before out of order, then near before far."""
    in_order = choice.span.start >= neighbour.span.end if forward else choice.span.end <= neighbour.span.start
    return not in_order, _distance(choice.span, neighbour.span)


def _distance(one: Span, other: Span) -> int:
    return max(0, max(one.start, other.start) - min(one.end, other.end))


def _shared(one: Span, other: Span) -> bool:
    return min(one.end, other.end) > max(one.start, other.start)


def _touch(one: tuple[Fit, ...], other: tuple[Fit, ...]) -> bool:
    return any(_shared(left.span, right.span) for left in one for right in other)
