"""Captions of players and programs in forms of their own: MicroDVD's frames, songs' LRC, Microsoft's SAMI, Whisper's table."""

from __future__ import annotations

import html
import re
from itertools import pairwise
from typing import TYPE_CHECKING

from claimreg.ingest.formats import LRC, MICRODVD, SAMI, TABLE
from claimreg.ingest.formats.captions.cues import CLOCK, clock, extraction
from claimreg.ingest.formats.captions.rolling import Shown, Words
from claimreg.ingest.formats.text import decode
from claimreg.services.recording.sources import SourceDetails

if TYPE_CHECKING:
    from collections.abc import Callable

    from claimreg.ingest.types import Extraction, Hints, Limits

    Read = tuple[list[Shown], SourceDetails, tuple[str, ...]]

_FRAMES = re.compile(r"^\{(\d{1,9})\}\{(\d{0,9})\}(.*)$")
_STYLE = re.compile(r"\{[a-zA-Z]:[^{}]*\}")
_RATE = re.compile(r"^\s*(\d{1,3}(?:[.,]\d{1,6})?)\s*$")
_USUAL_RATE = 25.0
_FASTEST = 1_000.0

_STAMPS = re.compile(rf"^(?:\[{CLOCK}\][ \t]*)+")
_STAMP = re.compile(r"\[([\d:.]+)\]")
_WORD_TIME = re.compile(r"<[\d:.]+>")
_TAG_LRC = re.compile(r"^\[([a-z]+|#):([^\]]*)\][ \t]*$", re.IGNORECASE)

_SYNC = re.compile(r"<sync\b[^<>]*?\bstart\s*=\s*[\"']?(\d{1,10})[^<>]*>", re.IGNORECASE)
_TITLE = re.compile(r"<title>([^<]{1,500})</title>", re.IGNORECASE)
_LINE_END = re.compile(r"<(?:br|p)\b[^<>]*>", re.IGNORECASE)
_MARKUP = re.compile(r"<!--.*?-->|<[a-zA-Z/!][^<>]*>", re.DOTALL)
_ROW = re.compile(r"^(\d{1,10})\t(\d{1,10})\t(.*)$")
_LONGEST = 10_000
"""Milliseconds that words stand at most of which a file says only when they begin."""


def extract(content: bytes, hints: Hints, limits: Limits) -> Extraction:  # noqa: ARG001 -- as all formats
    """Return what is said, a line a cue; the places are the cues' times. Raises `InputError` when there is not one cue in it."""
    decoded = decode(content, hints)
    cues, details, notes = _READERS[hints.media_type or TABLE](decoded.text)
    return extraction(cues, hints, details, encoding=decoded.encoding, notes=(*decoded.notes, *notes))


def _plain(markup: str) -> str:
    return html.unescape(_MARKUP.sub("", markup))


def _in_frames(text: str) -> Read:
    """Cues whose times are numbers of pictures; the first may say how many there are in a second."""
    found = [match.groups() for match in map(_FRAMES.match, text.splitlines()) if match]
    told = _RATE.match(found[0][2]) if found else None
    rate = float(told[1].replace(",", ".")) if told else _USUAL_RATE
    if told:
        found = found[1:]
    if not 1 <= rate <= _FASTEST:
        rate, told = _USUAL_RATE, None
    cues = [
        Shown(
            round(int(first) * 1_000 / rate), round(int(last or first) * 1_000 / rate),
            tuple(Words(_plain(_STYLE.sub("", line)).removeprefix("/")) for line in words.split("|")),
        )
        for first, last, words in found
    ]  # fmt: skip
    notes = () if told else (f"The file does not say how many pictures make a second; its times are for {_USUAL_RATE:g}.",)
    return cues, SourceDetails(), notes


def _lyrics(text: str) -> Read:
    """Lines of LRC, each as often as it has times, in the order of these."""
    starts: list[tuple[int, tuple[Words, ...]]] = []
    tags: dict[str, str] = {}
    for line in text.splitlines():
        if stamped := _STAMPS.match(line):
            words = _plain(_WORD_TIME.sub("", line[stamped.end() :]))
            starts += [(clock(one), (Words(words),)) for one in _STAMP.findall(stamped[0])]
        elif tag := _TAG_LRC.match(line):
            tags.setdefault(tag[1].lower(), tag[2].strip())
    starts.sort(key=lambda one: one[0])
    return _until_the_next(starts), SourceDetails(title=tags.get("ti") or None, author=tags.get("ar") or None), ()


def _sami(text: str) -> Read:
    """Cues of SAMI, where an empty one ends that before."""
    parts = _SYNC.split(text)
    starts = [
        (int(start), tuple(Words(_plain(line)) for line in _LINE_END.split(words)))
        for start, words in zip(parts[1::2], parts[2::2], strict=True)
    ]
    title = _TITLE.search(parts[0])
    return _until_the_next(starts), SourceDetails(title=" ".join(html.unescape(title[1]).split()) or None if title else None), ()


def _table(text: str) -> Read:
    """Rows of a table that Whisper writes: first and last millisecond, and the words."""
    found = [match.groups() for match in map(_ROW.match, text.splitlines()) if match]
    return [Shown(int(start), int(end), (Words(words),)) for start, end, words in found], SourceDetails(), ()


def _until_the_next(starts: list[tuple[int, tuple[Words, ...]]]) -> list[Shown]:
    ends = [later[0] for _one, later in pairwise(starts)] + [starts[-1][0] + _LONGEST] if starts else []
    return [Shown(start, min(end, start + _LONGEST), lines) for (start, lines), end in zip(starts, ends, strict=True)]


_READERS: dict[str, Callable[[str], Read]] = {MICRODVD: _in_frames, LRC: _lyrics, SAMI: _sami, TABLE: _table}
