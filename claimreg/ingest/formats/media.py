"""Pictures, video and sound: told by their first bytes, kept as they are, and without text unless a person gives a transcript."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from claimreg.ingest.types import Extraction, Hints, Limits

if TYPE_CHECKING:
    from collections.abc import Iterable

METHOD = "media/1"
SUFFIXES = (
    ".jpg", ".jpeg", ".png", ".webp", ".gif", ".tif", ".tiff", ".bmp", ".heic", ".heif", ".avif", ".svg", ".jxl", ".jp2", ".psd", ".mp3",
    ".wav", ".ogg", ".oga", ".opus", ".flac", ".m4a", ".aac", ".aiff", ".amr", ".wma", ".mp4", ".m4v", ".mov", ".webm", ".mkv", ".avi",
    ".3gp", ".mpg", ".mpeg", ".wmv", ".flv", ".ogv", ".mts",
)  # fmt: skip
"""Endings of the names of pictures, video and sound, in lower case: they are passed over in a folder, as it may hold thousands."""


_SIGNS = (
    (b"\x89PNG\r\n\x1a\n", "image/png"),
    (b"\xff\xd8\xff", "image/jpeg"),
    (b"II*\x00", "image/tiff"),
    (b"MM\x00*", "image/tiff"),
    (b"II+\x00", "image/tiff"),
    (b"MM\x00+", "image/tiff"),
    (b"\x00\x00\x00\x0cJXL \r\n\x87\n", "image/jxl"),
    (b"\x00\x00\x00\x0cjP  \r\n\x87\n", "image/jp2"),
    (b"\x30\x26\xb2\x75\x8e\x66\xcf\x11", "video/x-ms-asf"),
    (b"FLV\x01", "video/x-flv"),
    (b"\x00\x00\x01\xba", "video/mpeg"),
    (b"\x00\x00\x01\xb3", "video/mpeg"),
)
_WORDLIKE_SIGNS = (
    (b"GIF87a", "image/gif"),
    (b"GIF89a", "image/gif"),
    (b"BM", "image/bmp"),
    (b"\xff\x0a", "image/jxl"),
    (b"8BPS", "image/vnd.adobe.photoshop"),
    (b"ID3", "audio/mpeg"),
    (b"fLaC", "audio/flac"),
    (b"#!AMR", "audio/amr"),
)
"""Signs that a text may begin with, too: they count only before bytes that no text has."""

_FIRST_BYTES = frozenset(
    {sign[:1] for sign, _media_type in (*_SIGNS, *_WORDLIKE_SIGNS)} | {b"R", b"F", b"O", b"\x1a", b"\x00", b"\xff", b"G"}
)
"""First bytes of all media; what begins a container with boxes is how long the first one is, which is no sixteen megabytes."""

_NO_TEXT = re.compile(rb"[\x00-\x06\x0e-\x1a]")
_BRANDS = {
    b"avif": "image/avif", b"avis": "image/avif", b"heic": "image/heic", b"heix": "image/heic", b"heim": "image/heic",
    b"heis": "image/heic", b"hevc": "image/heic", b"mif1": "image/heif", b"msf1": "image/heif", b"M4A ": "audio/mp4",
    b"M4B ": "audio/mp4", b"qt  ": "video/quicktime",
}  # fmt: skip
_QUICKTIME_BOXES = frozenset({b"moov", b"mdat", b"wide", b"pnot"})
"""First boxes of QuickTime films older than the box that names the brand."""

_BITRATES = {
    1: (0, 32, 40, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320),
    2: (0, 8, 16, 24, 32, 40, 48, 56, 64, 80, 96, 112, 128, 144, 160),
}
"""Kilobits in a second of MPEG sound's layer III, by the index in a frame's head (ISO 11172-3 and 13818-3)."""

_SAMPLE_RATES = (44_100, 48_000, 32_000)
_PACKET = 188


def extract(content: bytes, hints: Hints, limits: Limits) -> Extraction:  # noqa: ARG001 -- as all formats
    """Return no text: what a picture shows, and what is said in a recording, is for a person to write down."""
    return Extraction("", hints.media_type or "", METHOD)


def media_type_by_sign(head: bytes) -> str | None:
    """The kind of picture, video or sound that the first kilobytes of a file show; ``None`` for none of them."""
    if head[:1] not in _FIRST_BYTES:
        return None
    if found := _by_sign(head, _SIGNS):
        return found
    # Looking for such bytes takes far longer than looking for a sign.
    found = _binary_media(head)
    return found if found and _NO_TEXT.search(head) else None


def _by_sign(head: bytes, signs: Iterable[tuple[bytes, str]]) -> str | None:
    return next((media_type for sign, media_type in signs if head.startswith(sign)), None)


def _binary_media(head: bytes) -> str | None:
    found = _by_sign(head, _WORDLIKE_SIGNS) or _container(head)
    if found is None and head.startswith(b"OggS"):
        found = "video/ogg" if b"theora" in head[:200] else "audio/ogg"
    if found is None and head.startswith(b"\x1aE\xdf\xa3"):
        found = "video/x-matroska" if b"matroska" in head[:100] else "video/webm"
    return found or _frames(head)


def _container(head: bytes) -> str | None:
    """Sound, image or video in a container that has its own sign at the fifth or ninth byte."""
    if head[:4] in (b"RIFF", b"RF64"):
        return {b"WEBP": "image/webp", b"WAVE": "audio/wav", b"AVI ": "video/x-msvideo"}.get(head[8:12])
    if head[:4] == b"FORM" and head[8:11] == b"AIF":
        return "audio/aiff"
    if head[4:8] in _QUICKTIME_BOXES:
        return "video/quicktime"
    if head[4:8] != b"ftyp":
        return None
    brand = head[8:12]
    if brand in (b"mif1", b"msf1"):
        others = head[16 : min(int.from_bytes(head[:4]), 200)]
        return "image/avif" if b"avif" in others else "image/heic" if b"heic" in others else "image/heif"
    return _BRANDS.get(brand, "video/3gpp" if brand.startswith((b"3gp", b"3g2")) else "video/mp4")


def _frames(head: bytes) -> str | None:
    """Sound or video that is nothing but frames, told by a second one where the first one ends."""
    for length, media_type in ((_mpeg_frame, "audio/mpeg"), (_adts_frame, "audio/aac")):
        first = length(head, 0)
        if first and length(head, first):
            return media_type
    return "video/mp2t" if len(head) > 2 * _PACKET and head[0] == head[_PACKET] == head[2 * _PACKET] == ord("G") else None


def _mpeg_frame(head: bytes, at: int) -> int:
    """The length of a frame of layer III; 0 where there is none."""
    if len(head) < at + 4 or head[at] != 0xFF or head[at + 1] & 0xE6 != 0xE2:  # noqa: PLR2004 -- the sync and the layer
        return 0
    version, rate, sample = head[at + 1] >> 3 & 3, head[at + 2] >> 4, head[at + 2] >> 2 & 3
    if version == 1 or rate in (0, 15) or sample == 3:  # noqa: PLR2004 -- reserved values
        return 0
    first = version == 3  # noqa: PLR2004 -- MPEG-1
    rates = _BITRATES[1 if first else 2]
    samples = _SAMPLE_RATES[sample] // (1 if first else 2 if version == 2 else 4)  # noqa: PLR2004 -- MPEG-2, and 2.5
    return (144 if first else 72) * rates[rate] * 1_000 // samples + (head[at + 2] >> 1 & 1)


def _adts_frame(head: bytes, at: int) -> int:
    """The length of a frame of AAC in its transport form; 0 where there is none."""
    if len(head) < at + 7 or head[at] != 0xFF or head[at + 1] & 0xF6 != 0xF0:  # noqa: PLR2004 -- the sync and the layer
        return 0
    length = (head[at + 3] & 3) << 11 | head[at + 4] << 3 | head[at + 5] >> 5
    return length if length > 7 else 0  # noqa: PLR2004 -- no shorter than its head
