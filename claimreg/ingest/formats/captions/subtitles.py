"""Captions in lines of text under a line with their times: SubRip, WebVTT, SBV, SubViewer; and a line each: MicroDVD, LRC."""

from __future__ import annotations

import html
import re
from typing import TYPE_CHECKING, NamedTuple

from claimreg.ingest.formats import LRC, MICRODVD, SBV, SRT, VTT
from claimreg.ingest.formats.captions.cues import CLOCK, clock, extraction
from claimreg.ingest.formats.captions.rolling import Shown, Words
from claimreg.ingest.formats.text import decode
from claimreg.services.recording.sources import SourceDetails

if TYPE_CHECKING:
    from collections.abc import Iterator

    from claimreg.ingest.types import Extraction, Hints, Limits

_TIME = r"(?:\d{1,4}:)?\d{1,2}:\d{1,2}(?:[,.:]\d{1,9})?"
_TIMES = re.compile(rf"^[ \t]*({_TIME})[ \t]*-{{1,2}}>[ \t]*({_TIME})")
_TIMES_SBV = re.compile(rf"^[ \t]*({_TIME})[ \t]*,[ \t]*({_TIME})[ \t]*$")
_NUMBER = re.compile(r"^\s*\d+\s*$")
_VOICE = re.compile(r"<v(?:\.[^ \t>]*)?[ \t]+([^>]*)>")
_INNER_TIME = re.compile(r"<(?:\d+:)?\d\d:\d\d\.\d{3}>")
_TAG = re.compile(r"</?(?:[bius]|c|v|font|lang|ruby|rt)(?:[. \t][^<>]*)?/?>|\{\\[^{}]*\}", re.IGNORECASE)
_HEADER = re.compile(r"^(Kind|Language):[ \t]*(\S+)", re.MULTILINE)

_FRAMES = re.compile(r"^\{(\d{1,9})\}\{(\d{0,9})\}(.*)$")
_STYLE = re.compile(r"\{[a-zA-Z]:[^{}]*\}")
_RATE = re.compile(r"^\s*(\d{1,3}(?:[.,]\d{1,6})?)\s*$")
_USUAL_RATE = 25.0
_FASTEST = 1_000.0

_STAMPS = re.compile(rf"^(?:\[{CLOCK}\][ \t]*)+")
_STAMP = re.compile(r"\[([\d:.]+)\]")
_WORD_TIME = re.compile(r"<[\d:.]+>")
_TAG_LRC = re.compile(r"^\[([a-z]+|#):([^\]]*)\][ \t]*$", re.IGNORECASE)
_LONGEST = 10_000
"""Milliseconds that a line of LRC stands at most, which says of none when it ends."""


class _Raw(NamedTuple):
    start: int
    end: int
    lines: tuple[str, ...]


def extract(content: bytes, hints: Hints, limits: Limits) -> Extraction:  # noqa: ARG001 -- as all formats
    """Return what is said, a line a cue, a speaker's name before the first words; the places are the cues' times.

    Raises `InputError` when there is not one cue in it.
    """
    decoded, media_type = decode(content, hints), hints.media_type or SRT
    details, notes, rolls = SourceDetails(), decoded.notes, False
    if media_type == MICRODVD:
        cues, guessed = _in_frames(decoded.text)
        notes = (*notes, *guessed)
    elif media_type == LRC:
        cues, details = _lyrics(decoded.text)
    else:
        raw = list(_under_times(decoded.text, media_type))
        rolls = any(_INNER_TIME.search(line) for one in raw for line in one.lines)
        cues = list(_heard(raw))
        if media_type == VTT:
            details = SourceDetails(lang=dict(_HEADER.findall(decoded.text[:1_000])).get("Language"))
    return extraction(cues, hints, details, rolls=rolls, encoding=decoded.encoding, notes=notes)


def _under_times(text: str, media_type: str) -> Iterator[_Raw]:
    """The cues in order. In WebVTT an empty line ends one; in other files that people made by hand it may not."""
    pattern = _TIMES_SBV if media_type == SBV else _TIMES
    times: re.Match[str] | None = None
    lines: list[str] = []
    for line in text.splitlines():
        if (found := pattern.match(line)) is not None:
            if times is not None:
                yield _Raw(clock(times[1]), clock(times[2]), _own_lines(lines, media_type))
            times, lines = found, []
        elif times is not None:
            lines.append(line)
    if times is not None:
        yield _Raw(clock(times[1]), clock(times[2]), _own_lines([*lines, ""], media_type))


def _own_lines(lines: list[str], media_type: str) -> tuple[str, ...]:
    """The lines of a cue, of which the last before the next cue's times may be that one's number."""
    if media_type == VTT:
        ended = next((place for place, line in enumerate(lines) if not line), len(lines))
        return tuple(lines[:ended])
    if media_type == SBV:
        return tuple(part for line in lines for part in line.split("[br]"))
    if lines and _NUMBER.match(lines[-1]):
        lines = lines[:-1]
    return tuple(line for line in lines if line.strip())


def _heard(cues: list[_Raw]) -> Iterator[Shown]:
    speaker = ""
    for cue in cues:
        lines: list[Words] = []
        for line in cue.lines:
            first, *named = _VOICE.split(_INNER_TIME.sub("", line))
            lines.append(Words(_words(first), speaker))
            for name, rest in zip(named[::2], named[1::2], strict=True):
                speaker = " ".join(html.unescape(name).split()) or speaker
                lines.append(Words(_words(rest), speaker))
        yield Shown(cue.start, cue.end, tuple(lines))


def _words(markup: str) -> str:
    return html.unescape(_TAG.sub("", markup))


def _in_frames(text: str) -> tuple[list[Shown], tuple[str, ...]]:
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
            tuple(Words(_words(_STYLE.sub("", line)).removeprefix("/")) for line in words.split("|")),
        )
        for first, last, words in found
    ]  # fmt: skip
    return cues, () if told else (f"The file does not say how many pictures make a second; its times are for {_USUAL_RATE:g}.",)


def _lyrics(text: str) -> tuple[list[Shown], SourceDetails]:
    """Lines of LRC, each as often as it has times, in the order of these."""
    starts: list[tuple[int, str]] = []
    tags: dict[str, str] = {}
    for line in text.splitlines():
        if stamped := _STAMPS.match(line):
            words = _words(_WORD_TIME.sub("", line[stamped.end() :]))
            starts += [(clock(one), words) for one in _STAMP.findall(stamped[0])]
        elif tag := _TAG_LRC.match(line):
            tags.setdefault(tag[1].lower(), tag[2].strip())
    starts.sort(key=lambda one: one[0])
    ends = [start for start, _words in starts[1:]] + [starts[-1][0] + _LONGEST] if starts else []
    cues = [Shown(start, min(end, start + _LONGEST), (Words(words),)) for (start, words), end in zip(starts, ends, strict=True)]
    return cues, SourceDetails(title=tags.get("ti") or None, author=tags.get("ar") or None, lang=None)
