"""Searching the texts of all sources by words: the passages that have them, best first."""

from __future__ import annotations

from bisect import bisect_left
from typing import TYPE_CHECKING, NamedTuple

from claimreg.model import Capture, Source, Span
from claimreg.services.finding.asked_text import AskedText
from claimreg.services.finding.filters import speaks
from claimreg.services.finding.windows import best_windows, passage_around
from claimreg.services.finding.word_index import likely_captures, weights_of
from claimreg.services.recording.places import is_page, label_of, stretches_left_out
from claimreg.services.recording.sources import joined, latest_capture, left_out_of, locators_of, require_source, text_of
from claimreg.services.withholding import named_or_withheld

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence

    from claimreg.services.finding.asked_text import Occurrence
    from claimreg.store.port import Reader, Store

ENOUGH = 0.55
"""Share of a query's words, weighted by rarity, that a text must have to be an answer, as in the search for claims."""

_LEFT_OUT = 0.8
"""Weight of a passage that the reader left out of its document's text."""

_LOOKED_AT, _MOST_LOOKED_AT = 40, 100
"""Texts that likely have the words which are looked at beyond those wanted, as no index knows which words stand near each other; and those
that are looked at at most beyond these, whether they have the words or not.
"""


class SourceFilters(NamedTuple):
    """Conditions on a source beside its words: which it is, by id or address, its language and its publisher."""

    sources: tuple[str, ...] = ()
    lang: str | None = None
    publisher: str | None = None


class Passage(NamedTuple):
    """A passage that answers a query, 0..100: ``text`` stands at ``start`` in the captured text, ``marks`` are where in it the words are.

    ``place`` is what readers call the place. ``left_out`` says that it stands in what was left out of the text, whose offsets follow on the
    text's: of an article, where the document ``is_page``. Of a withheld source, there is neither text nor place.
    """

    source: Source
    capture_id: str
    start: int
    text: str
    marks: tuple[Span, ...]
    score: float
    place: str | None = None
    left_out: bool = False
    is_page: bool = False
    hidden: bool = False


def found_passages(
    store: Store,
    query: str,
    filters: SourceFilters | None,
    limit: int,
    *,
    reveal: bool = False,
    tell: Callable[[str], None] = lambda _sentence: None,
    progress: Callable[[int], None] = lambda _done: None,
) -> list[Passage]:
    """The passages that answer a query, best first: the best one of each source, or of sources that were named, all of them.

    ``tell`` is told in a sentence what had to be done to the index, ``progress`` how many texts it took in so far. Of withheld sources,
    only that they have the words is given, unless ``reveal`` is set.
    Raises `NotFoundError` for a source that is not there.
    """
    asked, filters = AskedText(query), filters or SourceFilters()
    if not asked.units:
        return []
    named = [require_source(store, reference) for reference in dict.fromkeys(filters.sources)]
    likely = None if named else likely_captures(store, asked, ENOUGH, tell, progress)
    with store.snapshot() as reader:
        fitting: Iterable[tuple[Source, Capture]]
        if likely is None:
            captured = ((source, latest_capture(reader, source)) for source in named or reader.find(Source))
            fitting = ((source, capture) for source, capture in captured if capture is not None)
        else:
            fitting = _current_captures(reader, likely.numbers)
        chosen = (one for one in fitting if _passes(one[0], filters, reveal=reveal))
        looked = _looked_through(reader, asked, chosen, None if likely is None else _LOOKED_AT + limit)
        weights = likely.weights if likely is not None else _weights(asked, looked)
        passages = [passage for one in looked for passage in _passages(reader, asked, one, weights, limit if named else 1, reveal=reveal)]
    return sorted(passages, key=lambda one: (-one.score, int(one.source.id[1:]), one.start))[:limit]


class _Looked(NamedTuple):
    """A document that was looked through: where something asked for stands in its text, and in what was left out of it."""

    source: Source
    capture: Capture
    found: list[Occurrence]
    left_out: list[Occurrence]


def _current_captures(reader: Reader, numbers: Iterable[int]) -> Iterator[tuple[Source, Capture]]:
    """The captures of these numbers that are the latest of sources in use, each with its source."""
    for number in numbers:
        capture = reader.get(Capture, f"{Capture.PREFIX}{number}")
        source = reader.get(Source, capture.source_id) if capture is not None else None
        if capture is not None and source is not None and source.removed_at is None and latest_capture(reader, source) == capture:
            yield source, capture


def _passes(source: Source, filters: SourceFilters, *, reveal: bool) -> bool:
    # What may not be told of a withheld source may not be found out by filters either.
    shown = source if reveal else named_or_withheld(source)
    return (filters.lang is None or speaks(shown.lang, filters.lang)) and (
        filters.publisher is None or filters.publisher.casefold() in (shown.publisher or "").casefold()
    )


def _looked_through(reader: Reader, asked: AskedText, chosen: Iterable[tuple[Source, Capture]], most: int | None) -> list[_Looked]:
    """The documents that have something asked for, at most so many; those that come first are the likeliest."""
    looked: list[_Looked] = []
    for number, (source, capture) in enumerate(chosen):
        if most is not None and (len(looked) >= most or number >= _MOST_LOOKED_AT + most):
            break
        found, left_out = asked.found_in(text_of(reader, capture)), asked.found_in(left_out_of(reader, capture))
        if found or left_out:
            looked.append(_Looked(source, capture, found, left_out))
    return looked


def _weights(asked: AskedText, looked: Sequence[_Looked]) -> list[float]:
    """Return how much each unit weighs, by the documents that have it."""
    units = [{one.unit for one in (*document.found, *document.left_out)} for document in looked]
    return weights_of([sum(number in some for some in units) for number in range(len(asked.units))], len(looked))


def _has_enough(asked: AskedText, found: Sequence[Occurrence], weights: Sequence[float]) -> bool:
    """Return whether as many of the words stand in a text as an answer must have, and all phrases."""
    best: dict[int, float] = {}
    for one in found:
        best[one.unit] = max(one.likeness, best.get(one.unit, 0.0))
    share = sum(weights[unit] * likeness for unit, likeness in best.items()) / sum(weights)
    return share >= ENOUGH and all(unit in best for unit in asked.required)


def _passages(
    reader: Reader, asked: AskedText, looked: _Looked, weights: Sequence[float], limit: int, *, reveal: bool
) -> Iterator[Passage]:
    """The passages of one document, best first."""
    kept = best_windows(looked.found, weights, limit) if _has_enough(asked, looked.found, weights) else []
    beside = best_windows(looked.left_out, weights, limit) if _has_enough(asked, looked.left_out, weights) else []
    if not kept and not beside:
        return
    source, capture = looked.source, looked.capture
    if source.withheld is not None and not reveal:
        score = max([*(one.score for one in kept), *(_LEFT_OUT * one.score for one in beside)])
        yield Passage(named_or_withheld(source), capture.id, 0, "", (), round(score, 1), hidden=True)
        return
    text, left_out = text_of(reader, capture), left_out_of(reader, capture)
    whole = joined(text, left_out)
    beyond = len(text) + 1
    moved = [one._replace(start=one.start + beyond, end=one.end + beyond) for one in looked.left_out]
    locators = locators_of(reader, capture)
    beside_it = [Span(one.start, one.start + len(one.text)) for one in stretches_left_out(left_out, locators, len(text))]
    ranked = [(-one.score, False, one.span) for one in kept]
    for one in beside:
        outside = sum(any(stretch.start <= each.start + beyond < stretch.end for stretch in beside_it) for each in one.found)
        # What the text has, too, is no more than that.
        if 2 * outside > len(one.found) or (outside and not kept):
            ranked.append((-_LEFT_OUT * one.score, True, one.span.shifted(beyond)))
    shown: list[Span] = []
    for score, is_left_out, words in sorted(ranked):
        bounds = Span(beyond, len(whole)) if is_left_out else Span(0, len(text))
        span = passage_around(whole, words, bounds)
        if any(one.start <= words.start and words.end <= one.end for one in shown):
            continue
        shown.append(span)
        marks = _marks(moved if is_left_out else looked.found, span)
        yield Passage(
            source,
            capture.id,
            span.start,
            whole[span.start : span.end],
            marks,
            round(-score, 1),
            label_of(locators, *words, len(text)),
            is_left_out,
            is_page(capture.media_type, capture.method),
        )


def _marks(found: Sequence[Occurrence], passage: Span) -> tuple[Span, ...]:
    """Return where words stand in a passage, counted from its begin; what overlaps is one."""
    marks: list[Span] = []
    for one in found[bisect_left(found, passage.start, key=lambda one: one.start) :]:
        if one.start >= passage.end:
            break
        mark = Span(one.start, min(one.end, passage.end)).shifted(-passage.start)
        if marks and mark.start < marks[-1].end:
            marks[-1] = Span(marks[-1].start, max(marks[-1].end, mark.end))
        else:
            marks.append(mark)
    return tuple(marks)
