"""The text in bytes of any encoding, and plain text and Markdown as documents.

Signs of Unicode come first, then UTF-8, of which some bytes may be something else; then what is declared, if it reads like a language;
then a guess by the letters that the readings have: see `claimreg.ingest.encodings`.
"""

from __future__ import annotations

import codecs
import re
from typing import NamedTuple

from claimreg.errors import InputError, UsageError
from claimreg.ingest.formats import MARKDOWN, PLAIN
from claimreg.ingest.formats.marked_text import Shown, markdown_shown, plain_shown
from claimreg.ingest.types import Extraction, Hints, Limits
from claimreg.services.recording.sources import SourceDetails

METHOD = "text/3"

_MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig", "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32", "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32", "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16", "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16", "utf-16-be"),
)
"""UTF-32 before UTF-16, whose mark its own begins with."""

_WIDENED = {
    "iso8859-1": "cp1252", "ascii": "cp1252", "iso8859-9": "cp1254", "iso8859-11": "cp874", "tis-620": "cp874", "gb2312": "gb18030",
    "gbk": "gb18030", "euc_kr": "cp949", "shift_jis": "cp932",
}  # fmt: skip
"""Encodings that are labels of larger ones, as browsers read them (Encoding Standard, section 4.2)."""

_CONTROLS = re.compile(rb"[\x00-\x06\x0e-\x1a]")
_WIDE = ("utf-16-le", "utf-16-be", "utf-32-le", "utf-32-be")
_PROBE = 4_096
_HEADING = re.compile(r"^#{1,6}[ \t]+(.+?)[ \t]*#*[ \t]*$", re.MULTILINE)
_FRONT_MATTER = re.compile(r"\A---[ \t]*\r?\n(.*?)^(?:---|\.\.\.)[ \t]*$", re.DOTALL | re.MULTILINE)
_FRONT_TITLE = re.compile(r"""^title:[ \t]*(?:"([^"\r\n]+)"|'([^'\r\n]+)'|([^\r\n]+?))[ \t]*$""", re.MULTILINE | re.IGNORECASE)


class Decoded(NamedTuple):
    """A text, the encoding that it was read in, and sentences on what was guessed or is damaged."""

    text: str
    encoding: str
    notes: tuple[str, ...] = ()


def extract(content: bytes, hints: Hints, limits: Limits) -> Extraction:  # noqa: ARG001 -- as all formats
    """A text as it looks, without its byte order mark; of Markdown also its title. Raises `InputError`."""
    decoded, media_type = decode(content, hints), hints.media_type or PLAIN
    details, shown = SourceDetails(), Shown(decoded.text)
    if media_type == MARKDOWN:
        details, shown = SourceDetails(title=_title(decoded.text)), markdown_shown(decoded.text)
    elif "&" in decoded.text or "](" in decoded.text:
        shown = plain_shown(decoded.text)
    notes = decoded.notes + shown.notes
    return Extraction(shown.text, media_type, METHOD, details, decoded.encoding, shown.locators, notes, left_out=shown.left_out)


def decode(content: bytes, hints: Hints) -> Decoded:
    """The text in the bytes. Newlines stay as they are.

    Raises `UsageError` for a forced encoding that does not exist, `InputError` for bytes that it cannot read and for NULs.
    """
    decoded: Decoded | None
    if hints.forced_encoding:
        decoded = _forced(content, hints.forced_encoding, hints.name)
    else:
        decoded = _marked(content) or _unicode(content) or _guessed(content, hints.encoding)
    if decoded is None or "\0" in decoded.text:
        raise InputError(f"{hints.name} is not a text: it holds NUL characters.")
    return decoded


def codec_name(label: str) -> str | None:
    """Python's name for an encoding, ``None`` for what is no encoding of texts; labels that browsers widen are widened."""
    label = label.strip().strip("\"'").lower()
    try:
        name = codecs.lookup(label).name
        name = codecs.lookup(_WIDENED.get(name, name)).name
        "".encode(name)
    except (LookupError, ValueError, TypeError, AttributeError):
        return None
    return name if name not in ("idna", "punycode", "unicode_escape", "raw_unicode_escape", "undefined", "mbcs", "oem", "utf-7") else None


def _forced(content: bytes, label: str, name: str) -> Decoded:
    if (codec := codec_name(label)) is None:
        raise UsageError(f"There is no encoding “{label}”; use a name such as utf-8, windows-1251 or koi8-r.")
    try:
        return Decoded(content.decode("utf-8-sig" if codec == "utf-8" else codec), codec)
    except UnicodeError as error:
        place = f" (byte {error.start + 1})" if isinstance(error, UnicodeDecodeError) else ""
        raise InputError(f"{name} is not {label} text{place}; name another encoding, or none to have it guessed.") from None


def _marked(content: bytes) -> Decoded | None:
    for mark, codec, name in _MARKS:
        if content.startswith(mark):
            try:
                return Decoded(content.decode(codec), name)
            except UnicodeError:
                return None
    return None


def _unicode(content: bytes) -> Decoded | None:
    """Strict UTF-8, or UTF-16 and UTF-32 without a mark, which are told by control characters that no other text has."""
    if _CONTROLS.search(content, 0, _PROBE):
        readings = [(name, reading) for name in _WIDE if (reading := _strictly(content, name)) is not None and "\0" not in reading]
        readings = [(name, reading) for name, reading in readings if _sensible(reading[:_PROBE])]
        if readings:
            name, reading = min(readings, key=lambda one: len({ord(letter) >> 8 for letter in one[1][:_PROBE]}))
            return Decoded(reading, name, (f"The encoding was guessed: {name.upper()}.",))
    if (b"\x1b$" in content or b"~{" in content) and (codec := _seven_bit(content)):
        return Decoded(content.decode(codec), codec, (f"The encoding was guessed: {codec}.",))
    text = _strictly(content, "utf-8")
    return None if text is None else Decoded(text.removeprefix("\ufeff"), "utf-8")


def _seven_bit(content: bytes) -> str | None:
    from claimreg.ingest.encodings import seven_bit

    return seven_bit(content)


def _guessed(content: bytes, declared: str | None) -> Decoded | None:
    from claimreg.ingest.encodings import likeliest
    from claimreg.ingest.stray_bytes import broken_in_words, mended

    if (utf8 := mended(content)) is not None:
        return Decoded(utf8.text, "utf-8", utf8.notes)
    codec = codec_name(declared) if declared else None
    name = likeliest(content, codec)
    text = content.decode(name, "replace")
    notes = () if codec == name else (f"The encoding was guessed: {name}.",)
    broken = text.count("\ufffd")
    return Decoded(text, name, (*notes, broken_in_words(broken)) if broken else notes)


def _strictly(content: bytes, codec: str) -> str | None:
    try:
        return content.decode(codec)
    except UnicodeError:
        return None


def _sensible(text: str) -> bool:
    """Return whether a reading has letters and hardly anything that a text does not have."""
    strange = sum(not (letter.isprintable() or letter.isspace() or letter in "\ufeff\u00ad\u200b\u200c\u200d") for letter in text)
    return bool(text) and strange * 50 <= len(text) and sum(letter.isalpha() for letter in text) * 3 > len(text)


def _title(text: str) -> str | None:
    if (front := _FRONT_MATTER.match(text)) and (named := _FRONT_TITLE.search(front[1])):
        return next(part for part in named.groups() if part)
    heading = _HEADING.search(text, front.end() if front else 0)
    return heading[1] if heading else None
