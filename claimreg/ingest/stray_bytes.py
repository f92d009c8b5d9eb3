"""UTF-8 in which some bytes are of another encoding, as where a text was pasted together: read as UTF-8, the others as what they are.

Bytes beyond ASCII stand in runs. A run that is UTF-8 from its first byte to its last is so by chance hardly ever in a text of another
encoding, so that it takes no more than as many such runs as others to tell, the longer ones counting for more.
"""

from __future__ import annotations

import re
from codecs import utf_8_decode
from itertools import islice
from typing import NamedTuple

from claimreg.text.counted import counted

_SEQUENCE = (
    rb"(?:[\xc2-\xdf][\x80-\xbf]|\xe0[\xa0-\xbf][\x80-\xbf]|[\xe1-\xec\xee\xef][\x80-\xbf]{2}|\xed[\x80-\x9f][\x80-\xbf]"
    rb"|\xf0[\x90-\xbf][\x80-\xbf]{2}|[\xf1-\xf3][\x80-\xbf]{3}|\xf4[\x80-\x8f][\x80-\xbf]{2})"
)
"""A character of UTF-8 beyond ASCII (Unicode, table 3-7)."""

_RUN = re.compile(rb"[\x80-\xff]+")
_CLEAN = re.compile(_SEQUENCE + rb"+")
_HALVES = re.compile(rb"(?:\xed[\xa0-\xaf][\x80-\xbf]\xed[\xb0-\xbf][\x80-\xbf])+")
"""Pairs of UTF-16, each half written as if it were a character (CESU-8)."""

_CUT = re.compile(rb"[\xc2-\xdf]|[\xe0-\xef][\x80-\xbf]?|[\xf0-\xf4][\x80-\xbf]{0,2}")
"""Beginning of a character whose end is lost: of a stray that begins as others in the text do, nothing more is known."""

_FORBIDDEN = re.compile(rb"(?:[\xc0\xc1][\x80-\xbf]|\xed[\xa0-\xbf][\x80-\xbf])+")
"""ASCII in two bytes, and half of a pair of UTF-16: what UTF-8 could write, and must not."""

_FIRST_LEAD = 0xC2

_MOST_WEIGHT = 6
_FEWEST = 2
"""Most that one run counts for, and least that is needed in all: a run of two bytes, which counts 1, may be UTF-8 by chance."""

_SIGNS = re.compile(rb"[\x80-\x9f]+")
_USUAL = "cp1252"
_MOST_SHOWN = 40
_BETWEEN = 2
"""Characters shown of what was read; ASCII bytes that may stand between strays of one word or stretch."""

_SAMPLE = 4_000


_WINDOW = 1 << 14
_RUNS_LOOKED_AT = 100_000


class Mended(NamedTuple):
    """A text, and sentences on the bytes in it that were no UTF-8."""

    text: str
    notes: tuple[str, ...]


class _Stray(NamedTuple):
    start: int
    end: int


def mended(content: bytes) -> Mended | None:
    """The text of bytes that are UTF-8 but for some; ``None`` where they are another encoding's."""
    clean, others = 0, 0
    leads: set[int] = set()
    for run in islice(_RUN.finditer(content), _RUNS_LOOKED_AT):
        if _CLEAN.fullmatch(run[0]):
            clean += min(_MOST_WEIGHT, len(run[0]) - 1)
            leads.update(byte for byte in run[0] if byte >= _FIRST_LEAD)
        else:
            others += 1
    if clean < max(_FEWEST, others):
        return None
    texts, strays = _apart(content)
    readings: dict[_Stray, str] = {}
    for stray in strays:
        own = content[stray.start : stray.end]
        if _HALVES.fullmatch(own):
            readings[stray] = own.decode("utf-8", "surrogatepass").encode("utf-16", "surrogatepass").decode("utf-16")
        elif _is_lost(own, leads):
            readings[stray] = "\ufffd"
    return _read(content, texts, strays, readings)


def _apart(content: bytes) -> tuple[list[str], list[_Stray]]:
    """The texts before, between and behind the strays, and the strays."""
    texts, strays = [""], list[_Stray]()
    place = 0
    while place < len(content):
        window = content[place : place + _WINDOW]
        try:
            text, length = utf_8_decode(window, "strict", place + len(window) == len(content))
        except UnicodeDecodeError as error:
            text, length = window[: error.start].decode("utf-8"), error.end
            start = place + error.start
            texts[-1] += text
            if strays and strays[-1].end == start:
                strays[-1] = strays[-1]._replace(end=place + length)
            else:
                strays.append(_Stray(start, place + length))
                texts.append("")
        else:
            texts[-1] += text
        place += length
    return texts, strays


def _is_lost(stray: bytes, leads: set[int]) -> bool:
    return bool(_FORBIDDEN.fullmatch(stray) or (stray[0] in leads and _CUT.fullmatch(stray)))


def _encoding_of(content: bytes, strays: list[_Stray], beside: str) -> str:
    """The encoding of the strays, by the words and stretches that they stand in."""
    if all(_SIGNS.fullmatch(content, one.start, one.end) for one in strays):
        return _USUAL
    from claimreg.ingest.encodings import likeliest

    return likeliest(b"\n".join(_stretches(content, strays))[:_SAMPLE], _USUAL, beside)


def _stretches(content: bytes, strays: list[_Stray]) -> list[bytes]:
    found: list[tuple[int, int]] = []
    for one in strays:
        start, end = one.start, one.end
        while start and content[start - 1 : start].isalnum():
            start -= 1
        while end < len(content) and content[end : end + 1].isalnum():
            end += 1
        if found and start - found[-1][1] <= _BETWEEN:
            start = found.pop()[0]
        found.append((start, end))
    return [content[start:end] for start, end in found]


def _read(content: bytes, texts: list[str], strays: list[_Stray], known: dict[_Stray, str]) -> Mended:
    """Put the text together; ``known`` are readings of strays in UTF-8."""
    unknown = [stray for stray in strays if stray not in known]
    encoding = _encoding_of(content, unknown, "".join(texts)[:_SAMPLE])
    read = {stray: content[stray.start : stray.end].decode(encoding, "replace") for stray in unknown}
    readings = {**known, **read}
    text = "".join(part for before, stray in zip(texts, strays, strict=False) for part in (before, readings[stray])) + texts[-1]
    broken = sum(reading.count("\ufffd") for reading in readings.values())
    count = sum(stray.end - stray.start - reading.count("\ufffd") for stray, reading in read.items())
    notes = (_read_in_words(count, encoding, list(read.values())),) if count else ()
    return Mended(text.removeprefix("\ufeff"), (*notes, broken_in_words(broken)) if broken else notes)


def _read_in_words(count: int, encoding: str, read: list[str]) -> str:
    words = counted(count, "byte of the text is no UTF-8 and was", "bytes of the text are no UTF-8 and were")
    name = encoding.replace("cp125", "windows-125")
    shown = " ".join(
        dict.fromkeys("".join(one for one in text if one.isprintable() and one != "\ufffd") for text in read[:_MOST_SHOWN])
    ).strip()
    return f"{words} read as {name}: {shown if len(shown) <= _MOST_SHOWN else shown[:_MOST_SHOWN] + '…'}"


def broken_in_words(count: int) -> str:
    """The sentence on bytes that nothing reads."""
    return f"{counted(count, 'byte of the text cannot be read and stands', 'bytes of the text cannot be read and stand')} as �."
