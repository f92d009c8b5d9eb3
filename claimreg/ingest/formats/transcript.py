"""Subtitles (SubRip) and captions (WebVTT) as a listener hears them, with the times of what was said.

Own reading rather than a library's: those for these formats refuse a damaged file whole, and what people have is damaged.
"""

from __future__ import annotations

import html
import re
from typing import NamedTuple

from claimreg.errors import InputError
from claimreg.ingest.formats import SRT, VTT
from claimreg.ingest.formats.text import decode
from claimreg.ingest.types import Extraction, Hints, Limits
from claimreg.model import Locator
from claimreg.services.recording.sources import SourceDetails

METHOD = "transcript/1"

_TIMES = re.compile(r"^[ \t]*((?:\d+:)?\d{1,2}:\d{1,2})[,.:]?\d*[ \t]*-{1,2}>[ \t]*(?:\d+:)?\d{1,2}:\d{1,2}")
_NUMBER = re.compile(r"^\s*\d+\s*$")
_VOICE = re.compile(r"<v(?:\.[^ \t>]*)?[ \t]+([^>]*)>")
_INNER_TIME = re.compile(r"<(?:\d+:)?\d\d:\d\d\.\d{3}>")
_TAG = re.compile(r"</?(?:[bius]|c|v|font|lang|ruby|rt)(?:[. \t][^<>]*)?/?>|\{\\[^{}]*\}", re.IGNORECASE)
_HEADER = re.compile(r"^(Kind|Language):[ \t]*(\S+)", re.MULTILINE)


class _Cue(NamedTuple):
    label: str
    lines: tuple[str, ...]


def extract(content: bytes, hints: Hints, limits: Limits) -> Extraction:  # noqa: ARG001 -- as all formats
    """Return what is said, a line a cue, a speaker's name before the first words; the places are the cues' times.

    Raises `InputError` when there is not one cue in it.
    """
    decoded, media_type = decode(content, hints), hints.media_type or SRT
    cues = _cues(decoded.text, media_type)
    if not cues:
        raise InputError(f"{hints.name} holds no subtitle with a time; give it a name ending in .txt to have it read as plain text.")
    text, locators = _spoken(cues)
    header = dict(_HEADER.findall(decoded.text[:1_000])) if media_type == VTT else {}
    details = SourceDetails(lang=header.get("Language"))
    return Extraction(text, media_type, METHOD, details, decoded.encoding, locators, decoded.notes)


def _cues(text: str, media_type: str) -> list[_Cue]:
    """The cues in order. In WebVTT an empty line ends one; in SubRip files that people made by hand it may not."""
    cues: list[_Cue] = []
    lines: list[str] | None = None
    label = ""
    for line in text.splitlines():
        if times := _TIMES.match(line):
            if lines is not None:
                cues.append(_Cue(label, _own_lines(lines, media_type)))
            label, lines = _label(times[1]), []
        elif lines is not None:
            lines.append(line)
    if lines is not None:
        cues.append(_Cue(label, _own_lines([*lines, ""], media_type)))
    return cues


def _own_lines(lines: list[str], media_type: str) -> tuple[str, ...]:
    """The lines of a cue, of which the last before the next cue's times may be that one's number."""
    if media_type == VTT:
        ended = next((place for place, line in enumerate(lines) if not line), len(lines))
        return tuple(lines[:ended])
    if lines and _NUMBER.match(lines[-1]):
        lines = lines[:-1]
    return tuple(line for line in lines if line.strip())


def _label(time: str) -> str:
    parts = [int(part) for part in time.split(":")]
    hours, minutes, seconds = [0] * (3 - len(parts)) + parts
    return f"{hours:02}:{minutes:02}:{seconds:02}"


def _spoken(cues: list[_Cue]) -> tuple[str, tuple[Locator, ...]]:
    """The text, a line a cue, and its places. Captions that roll up, told by times inside lines, repeat the line before."""
    rolling = any(_INNER_TIME.search(line) for cue in cues for line in cue.lines)
    said: list[str] = []
    locators: list[Locator] = []
    place = 0
    speaker = before = ""
    for cue in cues:
        heard: list[str] = []
        for line in cue.lines:
            words, speaker = _heard(line, speaker)
            if words and not (rolling and words == before):
                heard.append(words)
                before = words
        if not heard:
            continue
        if not locators or locators[-1].label != cue.label:
            locators.append(Locator(place, cue.label))
        said.append(" ".join(heard) + "\n")
        place += len(said[-1])
    return "".join(said), tuple(locators)


def _heard(line: str, speaker: str) -> tuple[str, str]:
    """A line in plain words, and who speaks at its end; a name stands before the first words of another speaker only."""
    parts = _VOICE.split(_INNER_TIME.sub("", line))
    words = [parts[0]]
    for name, rest in zip(parts[1::2], parts[2::2], strict=True):
        named = " ".join(html.unescape(name).split())
        words.append(f"{named}: {rest}" if named and named != speaker else rest)
        speaker = named or speaker
    return " ".join(html.unescape(_TAG.sub("", "".join(words))).replace("\0", "").split()), speaker
