"""Captions in lines of text under a line with their times: SubRip, WebVTT, SBV, SubViewer."""

from __future__ import annotations

import html
import re
from typing import TYPE_CHECKING, NamedTuple

from claimreg.ingest.formats import SBV, SRT, VTT
from claimreg.ingest.formats.captions.cues import clock, extraction
from claimreg.ingest.formats.captions.rolling import Shown, Words
from claimreg.ingest.formats.text import decode
from claimreg.services.recording.sources import SourceDetails

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from claimreg.ingest.types import Extraction, Hints, Limits

_TIME = r"(?:\d{1,4}:)?\d{1,2}:\d{1,2}(?:[,.:]\d{1,9})?"
_TIMES = re.compile(rf"^[ \t]*({_TIME})[ \t]*-{{1,2}}>[ \t]*({_TIME})")
_TIMES_SBV = re.compile(rf"^[ \t]*({_TIME})[ \t]*,[ \t]*({_TIME})[ \t]*$")
_NUMBER = re.compile(r"^\s*\d+\s*$")
_VOICE = re.compile(r"<v(?:\.[^ \t>]*)?[ \t]+([^>]*)>")
_INNER_TIME = re.compile(r"<(?:\d+:)?\d\d:\d\d\.\d{3}>")
_TAG = re.compile(r"</?(?:[bius]|c|v|font|lang|ruby|rt)(?:[. \t][^<>]*)?/?>|\{\\[^{}]*\}", re.IGNORECASE)
_HEADER = re.compile(r"^(Kind|Language):[ \t]*(\S+)", re.MULTILINE)


class _Raw(NamedTuple):
    start: int
    end: int
    lines: tuple[str, ...]


def extract(content: bytes, hints: Hints, limits: Limits) -> Extraction:  # noqa: ARG001 -- as all formats
    """Return what is said, a line a cue, a speaker's name before the first words; the places are the cues' times.

    Raises `InputError` when there is not one cue in it.
    """
    decoded, media_type = decode(content, hints), hints.media_type or SRT
    raw = list(_under_times(decoded.text, media_type))
    rolls = any(_INNER_TIME.search(line) for one in raw for line in one.lines)
    header = dict(_HEADER.findall(decoded.text[:1_000])) if media_type == VTT else {}
    details = SourceDetails(lang=header.get("Language"))
    return extraction(_heard(raw), hints, details, rolls=rolls, encoding=decoded.encoding, notes=decoded.notes)


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


def _heard(cues: Iterable[_Raw]) -> Iterator[Shown]:
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
