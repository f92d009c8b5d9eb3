"""Kinds of documents: told by the bytes themselves, then by the name, then by what a server declares."""

from __future__ import annotations

import codecs
import re
from typing import TYPE_CHECKING

from claimreg.ingest.formats import DOCX, FORMATS, ODT, PDF, PLAIN, WARC, declared_type
from claimreg.ingest.formats.media import media_type_by_sign

if TYPE_CHECKING:
    from zipfile import ZipFile

_BY_SUFFIX = {suffix: one for one in FORMATS for suffix in one.suffixes}
_TOLD = {name: one.media_type for one in FORMATS if one.told for name in (one.media_type, *one.aliases)}
"""Kinds that a document may be without showing it by its first bytes, so that its name or its server is believed."""

_BY_ANY_SUFFIX = _BY_SUFFIX | {suffix: one for one in FORMATS for suffix in one.other_suffixes}

READABLE_SUFFIXES = frozenset(_BY_SUFFIX)
"""Suffixes, in lower case, of files that are worth reading when a folder is walked."""

_MAGIC = (
    *((one.sign, one.media_type) for one in FORMATS if one.sign),
    (b"PK\x05\x06", "application/zip"),  # one without members
    (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "application/x-ole-storage"),
    (b"SQLite format 3\x00", "application/vnd.sqlite3"),
    (b"7z\xbc\xaf\x27\x1c", "application/x-7z-compressed"),
    (b"Rar!\x1a\x07", "application/vnd.rar"),
    (b"\x28\xb5\x2f\xfd", "application/zstd"),
    (b"BZh", "application/x-bzip2"),
    (b"\xfd7zXZ\x00", "application/x-xz"),
    (b"\x7fELF", "application/x-executable"),
    (b"\x00asm", "application/wasm"),
    (b"wOFF", "font/woff"),
    (b"wOF2", "font/woff2"),
)
_TWO_LETTERS = frozenset({b"BZh", b"wOFF", b"wOF2"})
"""Signs that a text may begin with, too: they count only before bytes that no text has."""

_HEAD = 4_096
_BROKEN_HEAD = 2**20
_MEMBER = re.compile(rb"PK\x03\x04.{22}(.{2})(.{2})", re.DOTALL)
"""Head of a member in a ZIP file (APPNOTE.TXT, 4.3.7) up to its name: how long that is, and how much stands between it and the content."""

_NO_TEXT = re.compile(rb"[\x00-\x06\x0e-\x1a]")
_GZIP = b"\x1f\x8b"
ZIP = b"PK\x03\x04"


def media_type_of(content: bytes, name: str = "", declared: str | None = None) -> str:
    """The media type of a document; plain text for what nothing speaks against.

    ``name`` is a path or address, ``declared`` what a server says. What is no document of text has a type that `extract` refuses.
    """
    head = content[:_HEAD]
    found = _by_magic(content, head, name) or _by_start(head)
    if found:
        return found
    named = _BY_ANY_SUFFIX.get(suffix := _suffix(name))
    if named and (named.told or suffix in named.other_suffixes):
        return named.media_type
    return _TOLD.get((declared or "").partition(";")[0].strip().lower(), PLAIN)


def is_packed(content: bytes) -> bool:
    """Return whether a document is a ZIP or gzip file, as offices' documents are, by its first bytes alone."""
    return content.startswith((ZIP, _GZIP))


def readable_name(name: str) -> bool:
    """Return whether a file is worth reading by its name alone."""
    return name.lower().endswith(tuple(READABLE_SUFFIXES))


def _suffix(name: str) -> str:
    base = name.lower().partition("?")[0] if "://" in name else name.lower()
    base = base.replace("\\", "/").rpartition("/")[2]
    return ".warc.gz" if base.endswith(".warc.gz") else base[base.rfind(".") :] if "." in base else ""


def _by_magic(content: bytes, head: bytes, name: str) -> str | None:
    if head.startswith(ZIP):
        return _zip_kind(content, name)
    if head.startswith(_GZIP):
        return _gzip_kind(content)
    for sign, media_type in _MAGIC:
        if head.startswith(sign) and (sign not in _TWO_LETTERS or _NO_TEXT.search(head)):
            return media_type
    if media := media_type_by_sign(head):
        return media
    # The standard of PDF lets a kilobyte of something else stand before it.
    return PDF if b"%PDF-" in head[:1_024] and _NO_TEXT.search(content, 0, 2 * _HEAD) else None


def _by_start(head: bytes) -> str | None:
    """Texts that say by their first lines what they are, in any Unicode encoding; and bytes that are no text at all."""
    for mark, codec in ((codecs.BOM_UTF8, "utf-8"), (codecs.BOM_UTF16_LE, "utf-16-le"), (codecs.BOM_UTF16_BE, "utf-16-be")):
        if head.startswith(mark):
            head = head[len(mark) :].decode(codec, "ignore").encode("utf-8", "ignore")
            break
    start = head.lstrip()
    return next((one.media_type for one in FORMATS if one.begins and one.begins(start)), None)


def _zip_kind(content: bytes, name: str) -> str:
    import io
    from zipfile import ZipFile

    try:
        with ZipFile(io.BytesIO(content)) as archive:
            return _member_kind(archive)
    except Exception:  # noqa: BLE001 -- the archive is hostile until read; its module raises more than it documents
        return _kind_of_broken(content[:_BROKEN_HEAD], name)


def _kind_of_broken(start: bytes, name: str) -> str:
    """The kind of a ZIP file that cannot be opened, by the first members in it, then by its name; whoever reads it says what is wrong."""
    for found in _MEMBER.finditer(start):
        length, beside = (int.from_bytes(part, "little") for part in found.groups())
        member = start[found.end() : found.end() + length]
        if member == b"mimetype" and start.startswith(ODT.encode("ascii"), found.end() + length + beside):
            return ODT
        if member.startswith(b"word/"):
            return DOCX
    named = _BY_SUFFIX.get(_suffix(name))
    return named.media_type if named is not None and named.holds is not None else "application/zip"


def _member_kind(archive: ZipFile) -> str:
    names = set(archive.namelist())
    found = next((one.media_type for one in FORMATS if one.holds and one.holds(archive, names)), None)
    if declared := found or declared_type(archive, names):
        return declared if declared.startswith("application/") else "application/zip"
    for folder, media_type in (("xl/", "application/vnd.ms-excel"), ("ppt/", "application/vnd.ms-powerpoint")):
        if any(name.startswith(folder) for name in names):
            return media_type
    return "application/zip"


def _gzip_kind(content: bytes) -> str:
    import zlib

    try:
        start = zlib.decompressobj(31).decompress(content[:_HEAD], 64)
    except zlib.error:
        return "application/gzip"
    return WARC if start.startswith(b"WARC/") else "application/gzip"
