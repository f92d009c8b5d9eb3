"""Cues, which every format of captions has: words with their time and perhaps a speaker; and the text that they make."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from claimreg.characters import replaced
from claimreg.errors import InputError
from claimreg.ingest.formats.captions.rolling import Said, Shown, Words, said_once
from claimreg.ingest.types import Extraction, Hints
from claimreg.model import Locator

if TYPE_CHECKING:
    from collections.abc import Iterable

    from claimreg.services.recording.sources import SourceDetails

METHOD = "transcript/2"
CLOCK = r"(?:(\d{1,4}):)?(\d{1,2}):(\d{1,2})(?:[,.:;](\d{1,9}))?"
"""A time as a clock shows it: hours that may be left out, minutes, seconds, and parts of a second."""

_NEAR = 30_000
"""Milliseconds that a cue may stand after a later one and belong to the same recording."""

_CLOCK = re.compile(CLOCK)


def clock(written: str) -> int:
    """Milliseconds of a time as `CLOCK` has it; raises `ValueError` for another."""
    parts = _CLOCK.fullmatch(written.strip())
    if parts is None:
        raise ValueError(written)
    hours, minutes, seconds, fraction = parts.groups("0")
    return (int(hours) * 3600 + int(minutes) * 60 + int(seconds)) * 1_000 + int(fraction[:3].ljust(3, "0"))


def label(start: int) -> str:
    """The place of a cue, by which people quote a recording."""
    seconds = start // 1_000
    return f"{seconds // 3600:02}:{seconds // 60 % 60:02}:{seconds % 60:02}"


def extraction(
    cues: Iterable[Shown],
    hints: Hints,
    details: SourceDetails,
    *,
    rolls: bool = False,
    encoding: str | None = None,
    notes: tuple[str, ...] = (),
) -> Extraction:
    """Return what the cues say, a line a cue, a speaker's name before the first words; the places are the cues' times.

    ``rolls`` says that the file tells by itself that its lines roll up. Raises `InputError` where there is not one cue.
    """
    cues = _in_time([cue._replace(lines=_plain(cue.lines)) for cue in cues])
    if not cues:
        raise InputError(f"{hints.name} holds no subtitle with a time; give it a name ending in .txt to have it read as plain text.")
    text, locators = _written(said_once(cues, rolls=rolls))
    return Extraction(text, hints.media_type or "", METHOD, details, encoding, locators, notes)


def _in_time(cues: list[Shown]) -> list[Shown]:
    """The cues in the order of their times, as players show them; as they are where a file is made of several recordings."""
    latest = 0
    for cue in cues:
        if cue.start < latest - _NEAR:
            return cues
        latest = max(latest, cue.start)
    return sorted(cues, key=lambda cue: cue.start)


def _plain(lines: Iterable[Words]) -> tuple[Words, ...]:
    """The lines that hold words, on one line each."""
    plain = (Words(_one_line(text), _one_line(speaker)) for text, speaker in lines)
    return tuple(line for line in plain if line.text)


def _one_line(words: str) -> str:
    return " ".join(replaced(words.replace("\0", "")).split())


def _written(said: Iterable[Said]) -> tuple[str, tuple[Locator, ...]]:
    written: list[str] = []
    locators: list[Locator] = []
    place = 0
    speaker = ""
    for start, lines in said:
        heard = []
        for words, named in lines:
            heard.append(f"{named}: {words}" if named and named != speaker else words)
            speaker = named or speaker
        if not locators or locators[-1].label != label(start):
            locators.append(Locator(place, label(start)))
        written.append(" ".join(heard) + "\n")
        place += len(written[-1])
    return "".join(written), tuple(locators)
