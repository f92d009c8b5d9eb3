"""Captions that repeat what is still on the screen: each word is kept where it is first shown.

Captions of live speech roll up by lines, and words are painted on one by one. A file of them shows a line again in each cue as long
as it stands there, and so do the files that YouTube's captions are turned into, which have a cue of ten milliseconds between two
others besides. Recognition of speech in overlapping stretches repeats the last words of one stretch in the next. A speaker repeats
words, too; so it is the file as a whole that tells: where many cues begin with what the cue just before them ends with.
"""

from __future__ import annotations

import re
from itertools import pairwise
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

_LEAST_SHARE = 0.5
"""Share of the cues that follow another without a pause, which go on from its words in a file that rolls.

By how such files are made it is nearly all of them, and two thirds where every third line clears the screen. Of 141 sets of cues that
running texts were cut into, it was at most 7 in 100; in a song of refrains it may be a third.
"""

_FEWEST = 2
_FEWEST_DOUBLED = 3
_LEAST_DOUBLED = 0.4
"""Different cues, and share of all, that are there again at once where each one is doubled: the share is a half then."""

_PAUSE = 1_000  # milliseconds after a cue, in which the next one goes on from it
_GAP = 100  # milliseconds between two cues that leave no gap: what rounding and editors make
_TOO_SHORT = 100  # milliseconds in which nobody says a line: YouTube's cues between two others have 10, a picture of a film 42
_MOST_TOKENS = 200
_MOST_LINES = 8
"""Bounds of a cue that others may go on from; one with more is no caption on a screen."""

_FEWEST_WITHIN = 2
"""Words, or letters of scripts without spaces, that go on from within a line: one alone comes twice by chance."""

_UNSPACED = "\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u9fff"
_TOKEN = re.compile(rf"[{_UNSPACED}]|[^\s{_UNSPACED}]+")
_EDGES = re.compile(r"^[\W_]+|[\W_]+$")


class Words(NamedTuple):
    """Words of one line in plain writing, and who says them; empty where nobody is named."""

    text: str
    speaker: str = ""


class Shown(NamedTuple):
    """Words that are on the screen, from its first to its last millisecond."""

    start: int
    end: int
    lines: tuple[Words, ...]


class Said(NamedTuple):
    """Words that are said from a millisecond on."""

    start: int
    lines: list[Words]


class _Token(NamedTuple):
    key: str
    line: int
    start: int
    end: int


class _Cue(NamedTuple):
    shown: Shown
    tokens: tuple[_Token, ...]
    keys: tuple[str, ...]


class _Overlap(NamedTuple):
    """Counts of the tokens of a cue that stand at the end of the one before, by the ways in which captions go on.

    ``whole``: from the beginning of a line there. ``within``: from within a line. ``cut``: as ``whole``, with the last word not yet
    shown to its end. ``same`` says that both cues show the same and leave no gap. ``apart`` says that a pause is between them, or that they
    are no captions on a screen. ``strong`` says that what goes on ``whole`` is more than a word, or a line with another below it.
    """

    whole: int = 0
    within: int = 0
    cut: int = 0
    same: bool = False
    apart: bool = False
    strong: bool = False


class _Ways(NamedTuple):
    """The ways in which the captions of a file go on, see `_Overlap`; ``held`` says that its cues are doubled."""

    whole: bool
    within: bool
    cut: bool
    held: bool


def said_once(shown: Iterable[Shown], *, rolls: bool = False) -> list[Said]:
    """The words of cues in their order without what only stays on the screen. ``rolls`` says that the file tells so itself."""
    cues = [cue for cue in map(_in_tokens, _without_copies(shown)) if cue.tokens]
    if not cues:
        return []
    overlaps = [_Overlap(), *(_overlap(*pair) for pair in pairwise(cues))]
    doubled = {cue.keys for cue, overlap in zip(cues, overlaps, strict=True) if overlap.same}
    ways = _ways(overlaps[1:], len(doubled), rolls=rolls)
    said: list[Said] = []
    for cue, overlap in zip(cues, overlaps, strict=True):
        known = _known(cue, overlap, ways)
        if known and ways.cut and known == overlap.cut:
            _write_out(said[-1], cue, known)
        _say(said, cue, known, in_line=known > overlap.within)
    return said


def _without_copies(shown: Iterable[Shown]) -> Iterator[Shown]:
    """The cues without those that show the same at the same time as one before: a second layer, for a shadow or an effect."""
    start, there = None, set[Shown]()
    for one in shown:
        if one.start != start:
            start, there = one.start, set()
        if one not in there:
            there.add(one)
            yield one


def _in_tokens(shown: Shown) -> _Cue:
    tokens = tuple(
        _Token(_EDGES.sub("", found[0]).casefold() or found[0], place, found.start(), found.end())
        for place, line in enumerate(shown.lines)
        for found in _TOKEN.finditer(line.text)
    )
    return _Cue(shown, tokens, tuple(token.key for token in tokens))


def _overlap(before: _Cue, cue: _Cue) -> _Overlap:
    gap = cue.shown.start - before.shown.end
    if gap > _PAUSE or cue.shown.start < before.shown.start or max(len(before.keys), len(cue.keys)) > _MOST_TOKENS:
        return _Overlap(apart=True)
    if before.keys == cue.keys:
        return _Overlap(same=gap <= _GAP)
    starts = [place for place, token in enumerate(before.tokens) if not place or token.line != before.tokens[place - 1].line]
    counts = [len(before.keys) - place for place in starts[-_MOST_LINES:]]
    whole = max((count for count in counts if before.keys[-count:] == cue.keys[:count]), default=0)
    cut = max((count for count in counts if _is_cut(before.keys[-count:], cue.keys[:count])), default=0)
    most = min(len(before.keys), len(cue.keys))
    within = next((count for count in range(most, max(whole, _FEWEST_WITHIN - 1), -1) if before.keys[-count:] == cue.keys[:count]), 0)
    strong = whole > 1 or (whole == 1 and len(cue.tokens) > 1 and cue.tokens[1].line > 0)
    return _Overlap(whole, within, cut, strong=strong)


def _is_cut(before: Sequence[str], keys: Sequence[str]) -> bool:
    """Return whether the same words are shown, the last of them not yet to its end."""
    return len(before) == len(keys) and before[:-1] == keys[:-1] and before[-1] != keys[-1] and keys[-1].startswith(before[-1])


def _ways(overlaps: Sequence[_Overlap], doubled: int, *, rolls: bool) -> _Ways:
    """The ways in which a file goes on; ``doubled`` is how many different cues are there again at once."""
    # One cue that is there again tells nothing: it is a line that stays, or one that is said again. Many in a row tell of a machine.
    held = doubled >= _FEWEST_DOUBLED and sum(one.same for one in overlaps) >= _LEAST_DOUBLED * len(overlaps)
    telling = [one for one in overlaps if not (one.same or one.apart)]
    fewest = max(_FEWEST, _LEAST_SHARE * len(telling))
    cut = sum(one.cut > 0 for one in telling) >= fewest
    whole = rolls or sum(one.strong or (cut and one.cut > 0) for one in telling) >= fewest
    return _Ways(whole, sum(one.within > 0 for one in telling) >= fewest, cut, held)


def _known(cue: _Cue, overlap: _Overlap, ways: _Ways) -> int:
    """Return how many tokens of a cue are there already."""
    if overlap.same:
        stays = ways.whole or ways.held or cue.shown.end - cue.shown.start <= _TOO_SHORT
        return len(cue.tokens) if stays else 0
    return max(overlap.whole * ways.whole, overlap.within * ways.within, overlap.cut * ways.cut)


def _write_out(said: Said, cue: _Cue, known: int) -> None:
    """Put the whole word in the place of the last one said, which was cut off."""
    token, last = cue.tokens[known - 1], said.lines[-1]
    head, space, _ = last.text.rpartition(" ")
    said.lines[-1] = last._replace(text=head + space + cue.shown.lines[token.line].text[token.start : token.end])


def _say(said: list[Said], cue: _Cue, known: int, *, in_line: bool) -> None:
    """Add what is new in a cue; a line that grows goes on where it is."""
    if known == len(cue.tokens):
        return
    first, lines = cue.tokens[known], cue.shown.lines
    rest = [lines[first.line]._replace(text=lines[first.line].text[first.start :]), *lines[first.line + 1 :]]
    if known and in_line and cue.tokens[known - 1].line == first.line:
        last = said[-1].lines[-1]
        said[-1].lines[-1] = last._replace(text=last.text + lines[first.line].text[cue.tokens[known - 1].end :])
        rest = rest[1:]
    if rest:
        said.append(Said(cue.shown.start, rest))
