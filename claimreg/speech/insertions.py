"""Part a quotation where its own marks hold the words that tell who speaks: «Q1, — сказал он. — Q2».

A paragraph that a dash opens is a quotation, too, where such words part it: — Q1, — деді ол. — Q2.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from typing import TYPE_CHECKING

from claimreg.speech.marks import Marked

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from claimreg.speech.profile import Profile

_OPENING = re.compile(r"[,.!?…;][»”\"]?\s*[—–-]{1,2}\s+(?=[^\W\d_])")
_CLOSING = re.compile(r"[,.!?…;:]\s*[—–-]{1,2}\s+")
_WORD = re.compile(r"[^\W_]+(?:-[^\W_]+)*")
_LINE = re.compile(r"^[ ]*[—–-]{1,2}[ ]+(\S[^\n]*)", re.MULTILINE)
_LOOKED_AT = 80
"""Characters behind a dash in which the cue stands."""
_FIRST_WORDS = 4
"""Words behind a dash of which one begins the cue: деп, a pronoun, an adverb may stand before it."""


def with_insertions(text: str, quotations: Sequence[Marked], profile: Profile) -> list[Marked]:
    """The quotations of a text, in order, those that hold a cue in parts, and the paragraphs of speech that a dash opens."""
    parted = [_parted(text, one, profile) for one in quotations]
    starts = [one.start for one in quotations]
    for line in _LINE.finditer(text):
        place = bisect_right(starts, line.start(1)) - 1
        if place >= 0 and quotations[place].end > line.start(1):
            continue
        found = _pieces(text, line.start(1), len(line[1].rstrip()) + line.start(1), profile)
        if found:
            parted.append(Marked(line.start(1), found[-1][1], found, 0, "—", is_parted=True))
    return _apart(sorted(parted, key=lambda one: (one.start, -one.end)))


def pieces(quotations: Sequence[Marked]) -> Iterator[Marked]:
    """The quotations, those that are parted by a cue part by part, so that the cue is outside."""
    for one in quotations:
        if not one.is_parted:
            yield one
            continue
        for number, (start, end) in enumerate(one.parts):
            last = number + 1 == len(one.parts)
            yield Marked(
                start if number else one.start, one.end if last and end + 1 >= one.end else end, [(start, end)], one.depth, one.sign
            )


def _apart(quotations: list[Marked]) -> list[Marked]:
    """The quotations without those that stand in the one before."""
    kept: list[Marked] = []
    for one in quotations:
        if not kept or one.start >= kept[-1].end:
            kept.append(one)
    return kept


def _parted(text: str, one: Marked, profile: Profile) -> Marked:
    if len(one.parts) != 1:
        return one
    found = _pieces(text, *one.parts[0], profile)
    if not found:
        return one
    return Marked(one.start, one.end, found, one.depth, one.sign, one.opener_missing, one.closer_missing, one.inner, is_parted=True)


def _pieces(text: str, start: int, end: int, profile: Profile) -> list[tuple[int, int]]:
    """The parts of a stretch outside the words that tell who speaks; none where it has no such words."""
    found: list[tuple[int, int]] = []
    place = start
    for opening in _OPENING.finditer(text, start, end):
        if opening.start() < place or not _opens_cue(text, opening.end(), end, profile):
            continue
        found.append((place, opening.start() + (text[opening.start()] in "!?…")))
        closing = _CLOSING.search(text, opening.end(), end)
        place = closing.end() if closing else end
        if not closing:
            break
    if found and place < end:
        found.append((place, end))
    return [(begin, stop) for begin, stop in found if text[begin:stop].strip()]


def _opens_cue(text: str, start: int, end: int, profile: Profile) -> bool:
    """Return whether a cue stands among the first words at a place, which no capital letter opens."""
    if text[start].isupper():
        return False
    words = [match[0].lower() for match in _WORD.finditer(text, start, min(end, start + _LOOKED_AT))][:_FIRST_WORDS]
    return any(_is_cue(words, at, profile) for at in range(len(words)))


def _is_cue(words: list[str], at: int, profile: Profile) -> bool:
    return any(tuple(words[at : at + len(phrase.words)]) == phrase.words for phrase in profile.phrases.get(words[at], ()))
