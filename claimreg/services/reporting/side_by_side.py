"""A quote and its passage cut into pieces, each marked with what became of its words; what renderers lay side by side."""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING, NamedTuple

from claimreg.model import Place, WordChange
from claimreg.text.counted import counted

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

LONG_GAP = 60
"""Code points between two passages of a stitched quote beyond which only the length of the gap is shown."""


class Piece(NamedTuple):
    """A stretch of text and what became of it; ``gap`` is text of the source that the quote leaves out without words being lost."""

    text: str
    change: WordChange = WordChange.KEPT
    gap: bool = False


class Comparison(NamedTuple):
    """The quote's pieces and the passage's; joined, each gives its text again, but for long gaps."""

    quote: tuple[Piece, ...]
    passage: tuple[Piece, ...]


def compare(quote: str, place: Place) -> Comparison:
    """Cut a quote and its passage by the words of their alignment."""
    start, passage = place.start, place.exact
    in_quote = _pieces(quote, ((edit.quote.start, edit.quote.end, edit.change) for edit in place.words), WordChange.DROPPED)
    shifted = ((edit.source.start - start, edit.source.end - start, edit.change) for edit in place.words)
    gaps = tuple((before.end - start, after.start - start) for before, after in pairwise(sorted(place.parts)))
    in_passage = [piece for stretch in _around_gaps(passage, tuple(shifted), gaps) for piece in stretch]
    return Comparison(in_quote, tuple(in_passage))


def context(place: Place) -> tuple[str, str]:
    """The text around a passage, up to the ends of its line, cut at words; ``…`` stands where the line goes on."""
    before, after = place.prefix, place.suffix
    if "\n" in before:
        before = before[before.rindex("\n") + 1 :]
    elif before:
        before = "…" + before[before.find(" ") + 1 :]
    if "\n" in after:
        after = after[: after.index("\n")]
    elif after:
        cut = after.rfind(" ")
        after = (after[:cut] if cut > 0 else after) + "…"
    return before, after


class Alteration(NamedTuple):
    """One altered word: what the source has and what the quote has, either empty where the word is on one side only."""

    change: WordChange
    theirs: str
    mine: str


def alterations(quote: str, place: Place) -> tuple[Alteration, ...]:
    """Each altered word, in the order of the source; what was set aside is none."""
    return tuple(one for one in _told_words(quote, place) if one.change is not WordChange.ASIDE)


def asides(quote: str, place: Place) -> tuple[Alteration, ...]:
    """Each aside: no speech between the words, set aside on the side where it stands."""
    return tuple(one for one in _told_words(quote, place) if one.change is WordChange.ASIDE)


def _told_words(quote: str, place: Place) -> Iterator[Alteration]:
    for edit in place.words:
        if edit.change is not WordChange.KEPT:
            theirs = place.exact[edit.source.start - place.start : edit.source.end - place.start]
            yield Alteration(edit.change, theirs, quote[edit.quote.start : edit.quote.end])


def _around_gaps(
    passage: str, changes: tuple[tuple[int, int, WordChange], ...], gaps: tuple[tuple[int, int], ...]
) -> Iterable[tuple[Piece, ...]]:
    position = 0
    for gap_start, gap_end in (*gaps, (len(passage), len(passage))):
        inside = ((left - position, right - position, change) for left, right, change in changes if position <= left and right <= gap_start)
        yield _pieces(passage[position:gap_start], inside, WordChange.ADDED)
        if gap_start < gap_end:
            yield (Piece(_shown_gap(passage[gap_start:gap_end]), gap=True),)
        position = gap_end


def _shown_gap(text: str) -> str:
    return text if len(text) <= LONG_GAP else f" […{counted(len(text), 'character')}…] "


def _pieces(text: str, changes: Iterable[tuple[int, int, WordChange]], elsewhere: WordChange) -> tuple[Piece, ...]:
    """Cut a text at its changed words; words that stand on the other side only (``elsewhere``) have no piece here."""
    pieces: list[Piece] = []
    position = 0
    for start, end, change in sorted(changes):
        if change in (WordChange.KEPT, elsewhere) or start < position or end <= start:
            continue
        if position < start:
            pieces.append(Piece(text[position:start]))
        pieces.append(Piece(text[start:end], change))
        position = end
    if position < len(text):
        pieces.append(Piece(text[position:]))
    return tuple(pieces)
