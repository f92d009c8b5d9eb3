"""The passages of a text that answer a query best: as many of its words as stand near each other."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from claimreg.model import Span

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from claimreg.services.finding.asked_text import Occurrence

WIDTH = 200
"""Code points of a passage, about: two lines of a terminal."""

_ELSEWHERE = 0.5
"""Weight of a word that stands in the text, but not in the passage."""

_TOGETHER = 0.1
"""Share of the score that goes by how near each other the words stand."""


class Window(NamedTuple):
    """Core of a passage: the places of the words in it, in order, and their score (0..100)."""

    score: float
    found: tuple[Occurrence, ...]

    @property
    def span(self) -> Span:
        """From the first of the words to the end of the last."""
        return Span(self.found[0].start, max(one.end for one in self.found))


def windows(found: Sequence[Occurrence], weights: Sequence[float]) -> Iterator[Window]:
    """Around each place of a word, with the nearest places of the others before it; ``weights`` says what each unit counts."""
    total = sum(weights)
    best: dict[int, float] = {}
    for one in found:
        best[one.unit] = max(one.likeness, best.get(one.unit, 0.0))
    of_text = sum(weights[unit] * likeness for unit, likeness in best.items()) / total
    for at, last in enumerate(found):
        inside = {last.unit: last}
        for place in range(at - 1, -1, -1):
            before = found[place]
            if len(inside) == len(best) or last.end - before.start > WIDTH:
                break
            inside.setdefault(before.unit, before)
        near = sum(weights[unit] * one.likeness for unit, one in inside.items()) / total
        told = near + _ELSEWHERE * max(0.0, of_text - near)
        chosen = tuple(sorted(inside.values()))
        yield Window(100 * told * (1 - _TOGETHER + _TOGETHER * _closeness(chosen)), chosen)


def best_windows(found: Sequence[Occurrence], weights: Sequence[float], limit: int) -> list[Window]:
    """The best windows that have no place in common, best first, at most ``limit``."""
    chosen: list[Window] = []
    ranked = sorted(windows(found, weights), key=lambda one: (-one.score, one.span))
    for one in ranked:
        if len(chosen) == limit:
            break
        if not any(one.span.start < other.span.end and other.span.start < one.span.end for other in chosen):
            chosen.append(one)
    return chosen


def passage_around(text: str, window: Span, bounds: Span) -> Span:
    """The stretch of a text to show around a window, cut between words, and within ``bounds``."""
    room = max(0, WIDTH - (window.end - window.start)) // 2
    start, end = max(bounds.start, window.start - room), min(bounds.end, window.end + room)
    # What one side has no room for, the other may have.
    start, end = max(bounds.start, min(start, end - WIDTH)), min(bounds.end, max(end, start + WIDTH))
    while bounds.start < start < window.start and not text[start - 1].isspace():
        start += 1
    while window.end < end < bounds.end and not text[end].isspace():
        end -= 1
    while start < window.start and text[start].isspace():
        start += 1
    while end > window.end and text[end - 1].isspace():
        end -= 1
    return Span(start, end)


def _closeness(found: Sequence[Occurrence]) -> float:
    """Return how near each other words stand, 1 where nothing is between them but a sign or a space each."""
    covered, end = 0, found[0].start
    for one in found:
        covered += max(0, one.end - max(end, one.start))
        end = max(end, one.end)
    return min(1.0, (covered + len(found) - 1) / max(1, end - found[0].start))
