"""Captions of SubStation Alpha in both its versions (SSA, ASS)."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from claimreg.ingest.formats.captions.cues import clock, extraction
from claimreg.ingest.formats.captions.rolling import Shown, Words
from claimreg.ingest.formats.text import decode
from claimreg.services.recording.sources import SourceDetails

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from claimreg.ingest.types import Extraction, Hints, Limits

_USUAL_FIELDS = ("layer", "start", "end", "style", "name", "marginl", "marginr", "marginv", "effect", "text")
_SECTION = re.compile(r"^\s*\[([^\]]+)\]\s*$")
_OVERRIDES = re.compile(r"\{([^{}]*)\}")
_DRAWING = re.compile(r"\\p(\d{1,3})(?![a-z])")
_BREAK = re.compile(r"\\[Nn]")
_NO_TITLE = frozenset({"", "default aegisub file", "<untitled>"})


def extract(content: bytes, hints: Hints, limits: Limits) -> Extraction:  # noqa: ARG001 -- as all formats
    """Return what is said, a line a cue, a speaker's name before the first words; the places are the cues' times.

    Comments and drawings are left out. Raises `InputError` when there is not one cue in it.
    """
    decoded = decode(content, hints)
    lines = decoded.text.splitlines()
    # A player goes by the times; the programs that write these files keep any order.
    cues = sorted(_cues(lines), key=lambda cue: cue.start)
    return extraction(cues, hints, SourceDetails(title=_title(lines)), encoding=decoded.encoding, notes=decoded.notes)


def _title(lines: Sequence[str]) -> str | None:
    titled = next((line.partition(":")[2].strip() for line in lines if line.lower().startswith("title:")), "")
    return None if titled.lower() in _NO_TITLE else titled


def _cues(lines: Sequence[str]) -> Iterator[Shown]:
    fields: Sequence[str] = _USUAL_FIELDS
    section = ""
    for line in lines:
        if (named := _SECTION.match(line)) is not None:
            section = named[1].strip().lower()
        kind, colon, values = line.partition(":")
        kind = kind.strip().lower()
        if not colon or (section and section != "events"):
            continue
        if kind == "format":
            fields = [field.strip().lower() for field in values.split(",")]
        elif kind == "dialogue" and (cue := _cue(dict(zip(fields, values.split(",", len(fields) - 1), strict=False)))) is not None:
            yield cue


def _cue(values: dict[str, str]) -> Shown | None:
    """The cue of a line; ``None`` where its times cannot be read."""
    try:
        start, end = clock(values.get("start", "")), clock(values.get("end", ""))
    except ValueError:
        return None
    speaker = values.get("name", values.get("actor", ""))
    words = _BREAK.split(_seen(values.get("text", "")).replace("\\h", " "))
    return Shown(start, end, tuple(Words(line, speaker) for line in words))


def _seen(text: str) -> str:
    """The words among the commands of a line; what follows a command to draw are coordinates, until another one ends it."""
    seen: list[str] = []
    draws = False
    # Words and commands take turns.
    for place, part in enumerate(_OVERRIDES.split(text)):
        if place % 2:
            scales = _DRAWING.findall(part)
            draws = int(scales[-1]) > 0 if scales else draws
        elif not draws:
            seen.append(part)
    return "".join(seen)
