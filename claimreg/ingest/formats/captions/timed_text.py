"""Captions in XML: TTML with its profiles (DFXP, IMSC, EBU-TT), and YouTube's timed text.

Names are those of Timed Text Markup Language 2 (W3C), whatever namespace a file puts them in: each version had one of its own.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple

from claimreg.errors import InputError
from claimreg.ingest.formats.captions.cues import clock, extraction
from claimreg.ingest.formats.captions.rolling import Shown, Words
from claimreg.ingest.formats.text import decode
from claimreg.services.recording.sources import SourceDetails

if TYPE_CHECKING:
    from collections.abc import Iterator

    from lxml.etree import _Element

    from claimreg.ingest.types import Extraction, Hints, Limits

_ID = "{http://www.w3.org/XML/1998/namespace}id"
_LANG = "{http://www.w3.org/XML/1998/namespace}lang"
_OFFSET = re.compile(r"(\d{1,12}(?:\.\d{1,9})?)(h|ms|m|s|f|t)")
_FRAMES = re.compile(r"(\d{1,4}:\d{1,2}:\d{1,2}):(\d{1,4})(?:\.\d{1,9})?")
_UNSPOKEN = frozenset({"metadata", "desc", "title", "set", "animate", "image", "agent", "head"})
_DOCTYPE = re.compile(rb"<!(?:DOCTYPE|ENTITY)", re.IGNORECASE)
_DECLARATION = re.compile(r"^\s*<\?xml[^>]*\?>")
_DEEPEST = 100


class _Rates(NamedTuple):
    """Frames and ticks in a second."""

    frames: float = 30.0
    ticks: float = 1.0


class _Open(NamedTuple):
    """An element that is being read: its first and last millisecond, and who speaks in it."""

    start: int
    end: int
    speaker: str


_NEVER = 1 << 62


def extract(content: bytes, hints: Hints, limits: Limits) -> Extraction:  # noqa: ARG001 -- as all formats
    """Return what is said, a line a cue, a speaker's name before the first words; the places are the cues' times.

    Raises `InputError` for a file that declares entities, and when there is not one cue in it.
    """
    root, encoding, notes = _root(content, hints)
    if _name(root) in ("timedtext", "transcript"):
        cues, details = list(_of_youtube(root)), SourceDetails()
    else:
        title = next((" ".join(one.text.split()) for one in root.iter("{*}title") if one.text and one.text.strip()), None)
        cues, details = _of_tt(root), SourceDetails(title=title, lang=root.get(_LANG) or None)
    # Regions of the screen stand one after another in a file, and what is said in them side by side in time.
    cues.sort(key=lambda cue: cue.start)
    return extraction(cues, hints, details, encoding=encoding, notes=notes)


def _root(content: bytes, hints: Hints) -> tuple[_Element, str | None, tuple[str, ...]]:
    """The root, of a damaged file as far as it goes. Nothing is fetched, and no entity expanded."""
    from lxml import etree

    encoding, notes = None, tuple[str, ...]()
    if _DOCTYPE.search(content) or _DOCTYPE.search(content.replace(b"\0", b"")):
        raise InputError(f"{hints.name} declares entities of its own, as no captions do; save it anew, and hand that in.")
    parser = etree.XMLParser(
        resolve_entities=False, load_dtd=False, no_network=True, huge_tree=False, remove_comments=True, remove_pis=True, recover=True
    )
    if hints.forced_encoding:
        decoded = decode(content, hints)
        content, encoding, notes = _DECLARATION.sub("", decoded.text).encode("utf-8", "replace"), decoded.encoding, decoded.notes
    try:
        root = etree.fromstring(content, parser)
    except (etree.XMLSyntaxError, ValueError):
        root = None
    if root is None:
        raise InputError(f"{hints.name} is damaged and cannot be read as captions; fetch or export it anew.")
    if any(error.level_name == "FATAL" for error in parser.error_log):
        notes = (*notes, "The file is damaged or cut off; it is read as far as it goes.")
    return root, encoding or root.getroottree().docinfo.encoding, notes


def _name(element: _Element) -> str:
    tag = element.tag
    return tag.rpartition("}")[2] if isinstance(tag, str) else ""


def _attribute(element: _Element, name: str) -> str | None:
    """The value of an attribute in any namespace."""
    own = element.get(name)
    return own if own is not None else next((value for key, value in element.items() if key.rpartition("}")[2] == name), None)


def _of_tt(root: _Element) -> list[Shown]:
    rates, names = _rates(root), _speakers(root)
    cues: list[Shown] = []
    body = next((one for one in root if _name(one) == "body"), None)
    if body is not None:
        _walk(body, _Open(0, _NEVER, ""), rates, names, cues, 0)
    return cues


def _rates(root: _Element) -> _Rates:
    frames = _number(_attribute(root, "frameRate")) or 30.0
    numbers = [_number(part) for part in re.split(r"[\s:]+", (_attribute(root, "frameRateMultiplier") or "").strip())]
    if len(numbers) == 2 and all(numbers):  # noqa: PLR2004 -- a fraction's parts
        frames *= numbers[0] / numbers[1]
    ticks = _number(_attribute(root, "tickRate")) or (frames if _attribute(root, "frameRate") else 1.0)
    return _Rates(frames, ticks)


def _number(written: str | None) -> float:
    return float(written) if written and re.fullmatch(r"\d{1,12}(?:\.\d{1,9})?", written.strip()) else 0.0


def _speakers(root: _Element) -> dict[str, str]:
    """The names of the agents by their ids."""
    names: dict[str, str] = {}
    for agent in root.iter("{*}agent"):
        named = next((" ".join("".join(one.itertext()).split()) for one in agent if _name(one) == "name"), "")
        if agent.get(_ID) and named:
            names[agent.get(_ID)] = named
    return names


def _walk(element: _Element, outer: _Open, rates: _Rates, names: dict[str, str], cues: list[Shown], depth: int) -> int:
    """Collect the cues in an element and return when it ends; in a sequence the next one begins there."""
    here = _opened(element, outer, rates, names)
    if depth > _DEEPEST or _name(element) in _UNSPOKEN or _attribute(element, "display") == "none":
        return here.end
    if _name(element) == "p":
        cues.extend(_paragraph(element, here, rates, names))
        return here.end
    start = here.start
    for child in element:
        ended = _walk(child, here._replace(start=start), rates, names, cues, depth + 1)
        if _attribute(element, "timeContainer") == "seq" and ended < _NEVER:
            start = ended
    return here.end if here.end < _NEVER else start


def _opened(element: _Element, outer: _Open, rates: _Rates, names: dict[str, str]) -> _Open:
    start = outer.start + (_time(element.get("begin"), rates) or 0)
    ends = [outer.end]
    if (end := _time(element.get("end"), rates)) is not None:
        ends.append(outer.start + end)
    if (length := _time(element.get("dur"), rates)) is not None:
        ends.append(start + length)
    agents = (_attribute(element, "agent") or "").split()
    return _Open(start, max(start, min(ends)), names.get(agents[0], outer.speaker) if agents else outer.speaker)


def _time(written: str | None, rates: _Rates) -> int | None:
    """Milliseconds of a time expression; ``None`` where there is none that can be read."""
    written = (written or "").strip()
    if offset := _OFFSET.fullmatch(written):
        number, unit = float(offset[1]), offset[2]
        second = {"h": 3600.0, "m": 60.0, "s": 1.0, "ms": 0.001, "f": 1 / rates.frames, "t": 1 / rates.ticks}[unit]
        return round(number * second * 1_000)
    if frames := _FRAMES.fullmatch(written):
        return clock(frames[1]) + round(int(frames[2]) * 1_000 / rates.frames)
    try:
        return clock(written)
    except ValueError:
        return None


class _Run(NamedTuple):
    words: str
    here: _Open


def _paragraph(element: _Element, here: _Open, rates: _Rates, names: dict[str, str]) -> Iterator[Shown]:
    """The cue of a paragraph; spans with times of their own are cues of theirs."""
    lines: list[Words] = []
    place = here
    for words, run in _runs(element, here, rates, names, 0):
        if words == "\n":
            lines.append(Words("", run.speaker))
            continue
        if run[:2] != place[:2] and words.strip():
            yield Shown(place.start, min(place.end, place.start + _MOST), tuple(lines))
            lines = []
            place = run
        if lines and lines[-1].speaker == run.speaker:
            lines[-1] = Words(lines[-1].text + words, run.speaker)
        else:
            lines.append(Words(words, run.speaker))
    yield Shown(place.start, min(place.end, place.start + _MOST), tuple(lines))


_MOST = 60_000
"""Milliseconds that a cue without an end is taken to stand."""


def _runs(element: _Element, here: _Open, rates: _Rates, names: dict[str, str], depth: int) -> Iterator[_Run]:
    if element.text:
        yield _Run(_SPACE.sub(" ", element.text), here)
    for child in element:
        name = _name(child)
        if name == "br":
            yield _Run("\n", here)
        elif name and name not in _UNSPOKEN and depth < _DEEPEST and not _is_unread(child):
            yield from _runs(child, _opened(child, here, rates, names), rates, names, depth + 1)
        if child.tail:
            yield _Run(_SPACE.sub(" ", child.tail), here)


_SPACE = re.compile(r"\s+")


def _is_unread(element: _Element) -> bool:
    """Return whether a span is hidden, or helps to read the one beside it, or marks that."""
    return _attribute(element, "display") == "none" or _attribute(element, "ruby") in ("text", "textContainer", "delimiter")


def _of_youtube(root: _Element) -> Iterator[Shown]:
    """Cues of YouTube's own forms: ``text`` with seconds, ``p`` with milliseconds in newer ones."""
    import html

    for element in root.iter("text", "p"):
        new = element.tag == "p"
        scale = 1 if new else 1_000
        start, length = (round(_number(element.get(name)) * scale) for name in (("t", "d") if new else ("start", "dur")))
        words = "".join(element.itertext())
        yield Shown(start, start + length, tuple(Words(line) for line in html.unescape(words).splitlines()))
