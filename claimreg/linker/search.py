"""Search for one passage in a text: as whole words, or as the places that are most like it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from claimreg.linker.accept import SHORTEST_FUZZY
from claimreg.linker.locate import Window, fit, occurrences, windows
from claimreg.linker.place import Fit, judge
from claimreg.model import Span

if TYPE_CHECKING:
    from collections.abc import Iterator

    from claimreg.linker.collection import Ground
    from claimreg.linker.passage import Passage, TextIndex, WordsRead

_MOST_LOOKED_AT = 5_000
_PLAIN_SAILING = 0.9
"""Worth from which on no wider reading is tried."""

_HOPELESS = 0.25
"""Worth below which no wider reading would help."""

_REACH = 0.8
"""Distance beyond the place to which a wider reading looks, in lengths of the quote."""

_PATIENCE = 4
"""Windows in a row that are not accepted, after which the less promising ones are left alone."""

_SHORT_TEXT = 8
"""Length of a text, in lengths of the quote, up to which its words are read once for all places in it."""

_SKIP_SOURCE = 0.3
_SKIP_QUOTE = 0.6


def whole_places(passage: Passage, index: TextIndex, within: Span, ground: Ground) -> Iterator[Fit]:
    """Places where the folded key of ``passage`` stands as whole words; ``within`` counts in the text's key."""
    length = len(passage.key)
    for at in occurrences(passage.key, index.key[within.start : within.end], _MOST_LOOKED_AT):
        start = within.start + at
        source = index.passage(start, start + length)
        if source.key == passage.key:
            place = judge(passage, source, source.span, 0, ground)
            if not place.comparison.edits:
                yield place


def similar_places(passage: Passage, index: TextIndex, within: Span, ground: Ground) -> list[Fit]:
    """Places like ``passage``, accepted ones first, then by worth; none overlaps a better one."""
    if passage.weight < SHORTEST_FUZZY:
        return []
    found: list[Fit] = []
    text = index.plain[within.start : within.end]
    pending = windows(passage.plain, text, passage.weight)
    at_once = len(pending) > 1 and len(text) <= _SHORT_TEXT * len(passage.key)
    reach = int(len(passage.key) * _REACH) + 1
    patience = _PATIENCE
    for window in pending:
        if not patience:
            break
        start, end, distance = fit(passage.plain, text, window)
        if end <= start:
            continue
        key = Span(within.start + start, within.start + end)
        index.read(*(within if at_once else _wider(key, reach, index)))
        place = judge(passage, index.passage(*key), index.origin(*key), distance, ground)
        if _HOPELESS < place.worth < _PLAIN_SAILING:
            place = max(_spread(place, index, _wider(key, reach, index), ground), key=lambda one: (one.accepted, one.worth))
        found.append(place)
        patience = _PATIENCE if place.accepted else patience - 1
        if place.accepted:
            pending += _rest(window, start, end, len(passage.plain))
    return _without_overlap(found)


def _rest(window: Window, start: int, end: int, length: int) -> list[Window]:
    """Return the parts of a window beside the place found in it, where there is room for one more."""
    sides = (Window(window.start, start, window.votes), Window(end, window.end, window.votes))
    return [side for side in sides if side.end - side.start >= length * 4 // 5]


def _wider(key: Span, reach: int, index: TextIndex) -> Span:
    """A stretch of the key with so much more on both sides as there is."""
    return Span(max(0, key.start - reach), min(len(index.key), key.end + reach))


def _spread(place: Fit, index: TextIndex, key: Span, ground: Ground) -> list[Fit]:
    """The place read wider, as a quote that leaves words out: from the first to the last word of the best chain.

    ``key`` is the stretch in which these may stand. Edit distance would rather lose the quote's first or last words than skip what the
    quote leaves out before them.
    """
    from rapidfuzz.distance import LCSseq, Levenshtein

    passage = place.passage
    wide, begin, end = index.touched(*key)
    blocks = LCSseq.opcodes([word.key for word in passage.words], wide.keys[begin:end])
    pairs = [
        (block.src_start + step, begin + block.dest_start + step)
        for block in blocks
        if block.tag == "equal"
        for step in range(block.src_end - block.src_start)
    ]
    first, last = _best_chain(pairs, passage, wide)
    if first >= last:
        return [place]
    source = wide.passage(first, last + 1)
    distance = Levenshtein.distance(passage.plain, source.plain)
    return [place, judge(passage, source, source.span, distance, ground)]


def _best_chain(pairs: list[tuple[int, int]], passage: Passage, wide: WordsRead) -> tuple[int, int]:
    """The first and last word of ``wide`` in the run of pairs that gains most: kept letters less skipped ones."""
    best, gain, start = (0, 0), 0.0, 0
    most = 0.0
    for number, (left, right) in enumerate(pairs):
        kept = len(passage.words[left].key)
        if number:
            gain -= _SKIP_SOURCE * (wide.ats[right] - wide.ats[pairs[number - 1][1] + 1])
            gain -= _SKIP_QUOTE * (passage.words[left].at - passage.words[pairs[number - 1][0]].end)
        if gain <= 0:
            gain, start = 0.0, right
        gain += kept
        if gain > most:
            most, best = gain, (start, right)
    return best


def _without_overlap(places: list[Fit]) -> list[Fit]:
    kept: list[Fit] = []
    for place in sorted(places, key=lambda place: (not place.accepted, -place.worth)):
        if not any(min(place.span.end, other.span.end) > max(place.span.start, other.span.start) for other in kept):
            kept.append(place)
    return kept
