"""Turn places into a match: kind, score, flags, offsets and context."""

from __future__ import annotations

from dataclasses import replace
from itertools import pairwise
from typing import TYPE_CHECKING

from claimreg.linker.compare import word_edits
from claimreg.linker.judge.edges import denies_within, flags_beside, leaves_out_many
from claimreg.linker.judge.written import Judgement, are_as_written, is_untouched
from claimreg.linker.stitch import left_out
from claimreg.linker.types import Match
from claimreg.model import Flag, LinkKind, Span

if TYPE_CHECKING:
    from collections.abc import Sequence

    from claimreg.linker.passage import Quote
    from claimreg.linker.place import Fit

CONTEXT = 32
"""Code points of ``prefix`` and ``suffix``."""

FAR = 300
"""Code points left out between two parts of a stitched quote from which on the ``gap`` flag is set."""

_TYPOGRAPHIC_SCORE = 99.5
_BEST_OTHER_SCORE = 99.0


def match_of(quote: Quote, places: Sequence[Fit], text: str, lang: str | None = None, *, respelled: bool = False) -> Match:
    """The match that ``places`` (one, or one for each part of a stitched quote) make in ``text``.

    ``lang`` is the recorded language of the text. ``respelled`` tells that they were found in another alphabet: the match is no better
    than ``near``. Kind, flags, edits and words come from the words as they are judged, score and probability from the evidence.
    """
    hints = tuple(filter(None, (lang, quote.lang)))
    judgements = [_judgement(place, text, hints, respelled=respelled) for place in places]
    places = [replace(place, comparison=one.comparison) for place, one in zip(places, judgements, strict=True)]
    kind = _kind(quote, places, text)
    if respelled and kind in {LinkKind.EXACT, LinkKind.TYPOGRAPHIC}:
        kind = LinkKind.NEAR
    spans = [_typed_span(quote, places[0])] if kind is LinkKind.EXACT else [place.span for place in places]
    start, end = min(span.start for span in spans), max(span.end for span in spans)
    return Match(
        start=start,
        end=end,
        exact=text[start:end],
        prefix=text[max(0, start - CONTEXT) : start],
        suffix=text[end : end + CONTEXT],
        score=_score(kind, places),
        kind=kind,
        parts=tuple(spans),
        edits=sum(place.comparison.edits for place in places),
        flags=_flags(places, text, frozenset().union(*(one.flags for one in judgements)), hints),
        not_judged=tuple(dict.fromkeys(name for one in judgements for name in one.not_judged)),
        words=tuple(edit for place in places for edit in word_edits(place.comparison)),
        probability=round(min(place.probability for place in places), 4),
    )


def _kind(quote: Quote, places: Sequence[Fit], text: str) -> LinkKind:
    if len(places) > 1:
        return LinkKind.ALTERED if places[0].passage is quote.whole else LinkKind.STITCHED
    comparison = places[0].comparison
    if comparison.altered:
        return LinkKind.ALTERED
    if comparison.edits:
        return LinkKind.NEAR
    span = _typed_span(quote, places[0])
    return LinkKind.EXACT if span.start >= 0 and text[span.start : span.end] == quote.typed else LinkKind.TYPOGRAPHIC


def _typed_span(quote: Quote, place: Fit) -> Span:
    """Return where the quote would stand with all that was typed before its first and after its last word."""
    start = place.span.start - (quote.whole.span.start - quote.lead)
    return Span(start, start + len(quote.typed))


def _score(kind: LinkKind, places: Sequence[Fit]) -> float:
    if kind is LinkKind.EXACT:
        return 100.0
    if kind is LinkKind.TYPOGRAPHIC:
        return _TYPOGRAPHIC_SCORE
    total = sum(place.passage.weight for place in places)
    return round(_BEST_OTHER_SCORE * sum(place.worth * place.passage.weight for place in places) / total, 2)


def _judgement(place: Fit, text: str, hints: tuple[str, ...], *, respelled: bool) -> Judgement:
    quote = place.passage.text
    comparison = place.comparison
    if not respelled and not is_untouched(comparison, place.passage):
        from claimreg.linker.judge.asides import set_aside

        comparison = set_aside(comparison, place.passage, text)
    if are_as_written(comparison, quote, text):
        return Judgement(comparison)
    from claimreg.linker.judge.place import judged
    from claimreg.linker.judge.setting import setting_of

    return judged(comparison, quote, text, setting_of(quote, text, place.span, hints), respelled=respelled)


def _flags(places: Sequence[Fit], text: str, judged_flags: frozenset[Flag], hints: tuple[str, ...]) -> tuple[Flag, ...]:
    found = set(judged_flags)
    if any(leaves_out_many(place.comparison.steps) for place in places):
        found.add(Flag.GAP)
    found |= flags_beside(text, Span(min(place.span.start for place in places), max(place.span.end for place in places)), hints)
    if any(later.span.start < earlier.span.start for earlier, later in pairwise(places)):
        found.add(Flag.ORDER)
    for start, end in left_out(tuple(places)):
        if end - start > FAR:
            found.add(Flag.GAP)
        if denies_within(text, Span(start, end), hints):
            found.add(Flag.NEGATION)
    return tuple(flag for flag in Flag if flag in found)
