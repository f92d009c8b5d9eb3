"""Transcripts in JSON, as recognition of speech writes them: Whisper and the programs around it, and YouTube's captions.

Known are the lists of openai-whisper, faster-whisper, WhisperX and OpenAI's service (``segments``), of whisper.cpp
(``transcription``), of Transformers (``chunks``), of podcasts (``segments`` with ``body``), of youtube-transcript-api (a list
with ``duration``), and YouTube's json3 (``events``).
"""

from __future__ import annotations

import json
import math
from typing import TYPE_CHECKING, Any, NoReturn

from claimreg.errors import InputError
from claimreg.ingest.formats import PLAIN, text
from claimreg.ingest.formats.captions.cues import clock, extraction
from claimreg.ingest.formats.captions.rolling import Shown, Words
from claimreg.ingest.formats.tidy import language_of
from claimreg.services.recording.sources import SourceDetails

if TYPE_CHECKING:
    from claimreg.ingest.types import Extraction, Hints, Limits

_LISTS = ("segments", "transcription", "chunks", "events")
_STARTS, _ENDS = ("start", "startTime"), ("end", "endTime")
_TEXTS = ("text", "body")
_SUFFIXES = (".json", ".json3")
_LONGEST = 10_000 * 3_600_000
"""Milliseconds; no recording is longer."""


def extract(content: bytes, hints: Hints, limits: Limits) -> Extraction:
    """Return what is said, a line a segment, a speaker's name before the first words; the places are the segments' times.

    JSON that is no transcript is plain text where its name does not say that it is JSON. Raises `InputError` for it, or where it is not
    whole.
    """
    try:
        return _transcript(content, hints)
    except InputError:
        if hints.name.lower().endswith(_SUFFIXES):
            raise
        return text.extract(content, hints._replace(media_type=PLAIN), limits)


def _transcript(content: bytes, hints: Hints) -> Extraction:
    decoded = text.decode(content, hints)
    try:
        read = json.loads(decoded.text)
    except ValueError:
        raise InputError(f"{hints.name} is not whole JSON; export the transcript anew, as JSON or as SRT.") from None
    except RecursionError:
        raise InputError(f"{hints.name} is nested too deeply to be a transcript.") from None
    segments, language = _segments(read)
    cues = [cue for one in segments if isinstance(one, dict) and (cue := _cue(one)) is not None]
    if not cues:
        _refuse(hints)
    return extraction(cues, hints, SourceDetails(lang=language), encoding=decoded.encoding, notes=decoded.notes)


def _refuse(hints: Hints) -> NoReturn:
    raise InputError(
        f"{hints.name} is JSON, but no transcript in a form of Whisper's or YouTube's; export it as SRT, or give it a name "
        "ending in .txt to have it read as plain text."
    )


def _segments(read: Any) -> tuple[list[Any], str | None]:  # noqa: ANN401 -- JSON of any shape
    """The list of segments, and the language that is told."""
    if isinstance(read, list):
        return read, None
    if not isinstance(read, dict):
        return [], None
    result = read.get("result")
    language = read.get("language") or (result.get("language") if isinstance(result, dict) else None)
    found: list[Any] = next((read[name] for name in _LISTS if isinstance(read.get(name), list)), [])
    return found, language_of(language) if isinstance(language, str) else None


def _cue(segment: dict[str, Any]) -> Shown | None:
    """The cue of a segment; ``None`` where it has no words or no time."""
    words = _words(segment)
    times = _times(segment)
    if words is None or times is None:
        return None
    speaker = segment.get("speaker")
    named = str(speaker) if isinstance(speaker, str | int) and not isinstance(speaker, bool) else ""
    return Shown(*times, tuple(Words(line, named) for line in words.splitlines()))


def _words(segment: dict[str, Any]) -> str | None:
    if isinstance(parts := segment.get("segs"), list):
        return "".join(part["utf8"] for part in parts if isinstance(part, dict) and isinstance(part.get("utf8"), str))
    return next((segment[name] for name in _TEXTS if isinstance(segment.get(name), str)), None)


def _times(segment: dict[str, Any]) -> tuple[int, int] | None:
    """The first and last millisecond of a segment, in whichever form it has them."""
    start: int | None
    end: int | None
    offsets, stamps, pair = segment.get("offsets"), segment.get("timestamps"), segment.get("timestamp")
    if isinstance(offsets, dict):
        start, end = _milliseconds(offsets.get("from"), 1), _milliseconds(offsets.get("to"), 1)
    elif isinstance(stamps, dict):
        start, end = _clock(stamps.get("from")), _clock(stamps.get("to"))
    elif isinstance(pair, list) and len(pair) == 2:  # noqa: PLR2004 -- when it begins and ends
        start, end = _milliseconds(pair[0]), _milliseconds(pair[1])
    elif "tStartMs" in segment:
        start, length = _milliseconds(segment["tStartMs"], 1), _milliseconds(segment.get("dDurationMs"), 1)
        end = None if start is None else start + (length or 0)
    else:
        start = next((_milliseconds(segment[name]) for name in _STARTS if name in segment), None)
        end = next((_milliseconds(segment[name]) for name in _ENDS if name in segment), None)
        length = _milliseconds(segment.get("duration"))
        end = start + length if end is None and start is not None and length is not None else end
    return None if start is None else (start, start if end is None else max(start, end))


def _milliseconds(value: object, scale: int = 1_000) -> int | None:
    """A time in milliseconds from a number of seconds, or of milliseconds, or from the number as text."""
    if isinstance(value, str):
        try:
            value = float(value)
        except ValueError:
            return _clock(value)
    if isinstance(value, bool) or not isinstance(value, int | float):
        return None
    try:
        milliseconds = float(value) * scale
    except OverflowError:
        return None
    return round(milliseconds) if math.isfinite(milliseconds) and 0 <= milliseconds <= _LONGEST else None


def _clock(value: object) -> int | None:
    try:
        return clock(value) if isinstance(value, str) else None
    except ValueError:
        return None
