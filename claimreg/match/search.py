"""Look one passage up in a text: as whole words, or as the places that are most like it."""

from collections.abc import Iterator

from claimreg.match.accept import SHORTEST_FUZZY
from claimreg.match.locate import Window, fit, occurrences, windows
from claimreg.match.passage import Passage, TextIndex
from claimreg.match.place import Place, judge
from claimreg.model import Span

_MOST_LOOKED_AT = 5_000


def whole_places(passage: Passage, index: TextIndex, within: Span) -> Iterator[Place]:
    """Places where the folded key of ``passage`` stands as whole words; ``within`` counts in the text's key."""
    length = len(passage.key)
    for at in occurrences(passage.key, index.key[within.start : within.end], _MOST_LOOKED_AT):
        start = within.start + at
        source = index.passage(start, start + length)
        if source.key == passage.key:
            place = judge(passage, source, source.span, 0)
            if not place.comparison.edits:
                yield place


def similar_places(passage: Passage, index: TextIndex, within: Span) -> list[Place]:
    """Places like ``passage``, accepted ones first, then by worth; none overlaps a better one."""
    if passage.weight < SHORTEST_FUZZY:
        return []
    found: list[Place] = []
    text = index.plain[within.start : within.end]
    pending = windows(passage.plain, text, passage.weight)
    for window in pending:
        start, end, distance = fit(passage.plain, text, window)
        if end <= start:
            continue
        key = Span(within.start + start, within.start + end)
        found.append(judge(passage, index.passage(*key), index.origin(*key), distance))
        if found[-1].accepted:
            pending += _rest(window, start, end, len(passage.plain))
    return _without_overlap(found)


def _rest(window: Window, start: int, end: int, length: int) -> list[Window]:
    """What a window holds beside the place found in it, where there is room for one more."""
    sides = (Window(window.start, start, window.votes), Window(end, window.end, window.votes))
    return [side for side in sides if side.end - side.start >= length * 4 // 5]


def _without_overlap(places: list[Place]) -> list[Place]:
    kept: list[Place] = []
    for place in sorted(places, key=lambda place: (not place.accepted, -place.worth)):
        if not any(min(place.span.end, other.span.end) > max(place.span.start, other.span.start) for other in kept):
            kept.append(place)
    return kept
