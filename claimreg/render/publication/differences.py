"""Words in which a quote and its passage differ, and both texts cut into pieces, each with what a reader is to see of it."""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING, NamedTuple, TypeAlias

from claimreg.model import Place, Span, WordChange, WordEdit

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

Piece: TypeAlias = tuple[str, str]
"""A stretch of text and its kind: ``none``, ``changed`` (the other side has other words), ``only`` (it is on one side only),
``caret`` (no text: the quote leaves words out here) or ``gap`` (words of the source between two passages of the quote).
"""

PLAIN, CHANGED, ONLY, CARET, GAP = "none", "changed", "only", "caret", "gap"
GAP_SIGN = " […] "


class Difference(NamedTuple):
    """Neighbouring words that differ: where they stand in the quote and in the passage; one is empty where the other has more words."""

    quote: Span
    passage: Span


def differences(place: Place) -> tuple[Difference, ...]:
    """The words that differ, neighbours taken together; what was set aside as no speech does not differ."""
    found: list[Difference] = []
    before: WordEdit | None = None
    for edit in place.words:
        if edit.change in (WordChange.KEPT, WordChange.ASIDE):
            before = None
            continue
        one = Difference(edit.quote, edit.source.shifted(-place.start))
        if before is not None and _are_neighbours(place, before, edit):
            found[-1] = Difference(_together(found[-1].quote, one.quote), _together(found[-1].passage, one.passage))
        else:
            found.append(one)
        before = edit
    return tuple(found)


def quote_pieces(quote: str, found: Iterable[Difference]) -> tuple[Piece, ...]:
    """Cut a quote at the words that differ; its pieces, joined, are its text."""
    return tuple(_cut(quote, 0, len(quote), ((one.quote, one.passage) for one in found), CARET))


def passage_pieces(place: Place, found: Iterable[Difference]) -> tuple[Piece, ...]:
    """Cut a passage at the words that differ; a sign stands for what is between two passages of a quote."""
    told: list[Piece] = []
    position, spans = 0, tuple((one.passage, one.quote) for one in found)
    length = len(place.exact)
    for start, end in (*_gaps(place), (length, length)):
        told.extend(_cut(place.exact, position, start, spans, None))
        told += [(GAP_SIGN, GAP)] if start < end else []
        position = end
    return tuple(told)


def _gaps(place: Place) -> Iterator[tuple[int, int]]:
    """The stretches between the passages of a quote, in the text's order."""
    for before, after in pairwise(sorted(place.parts)):
        start, end = before.end - place.start, after.start - place.start
        if 0 <= start < end <= len(place.exact):
            yield start, end


def _cut(text: str, position: int, end: int, marked: Iterable[tuple[Span, Span]], missing: str | None) -> Iterator[Piece]:
    """Cut a stretch of a text; ``missing`` is the kind of piece where only the other side has words, which have none here without it."""
    for own, other in sorted(marked):
        is_empty = own.start >= own.end
        if own.start < position or own.end > end or (is_empty and missing is None):
            continue
        if position < own.start:
            yield text[position : own.start], PLAIN
        if is_empty:
            yield "", CARET
        else:
            yield text[own.start : own.end], CHANGED if other.start < other.end else ONLY
        position = max(own.end, own.start)
    if position < end:
        yield text[position:end], PLAIN


def _are_neighbours(place: Place, before: WordEdit, after: WordEdit) -> bool:
    """Return whether two words follow each other in both texts, within one passage."""
    in_order = before.quote.end <= after.quote.start and before.source.end <= after.source.start
    return in_order and not any(before.source.end <= part.end < after.source.end for part in place.parts)


def _together(left: Span, right: Span) -> Span:
    """The stretch of both; an empty one only says where words would stand."""
    if left.start >= left.end:
        return right
    return left if right.start >= right.end else Span(left.start, right.end)
