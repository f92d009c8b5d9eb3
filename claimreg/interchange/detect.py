"""The format of a file, told by what is in it."""

from __future__ import annotations

import re
import zipfile
from typing import TYPE_CHECKING, BinaryIO

from claimreg.services.evidence.bundle.layout import NEEDED

if TYPE_CHECKING:
    from collections.abc import Iterator

BUNDLE = "bundle"
SNIFFED = 256 * 2**10
"""Bytes of a file's beginning that are enough."""

_BOM = b"\xef\xbb\xbf"
_TABLES = (".csv", ".tsv")
_ZIP = b"PK\x03\x04"
_ENTRY = re.compile(re.escape(_ZIP) + rb".{22}(..)..", re.DOTALL)
_OF_OFFICE = "[Content_Types].xml"
_FIRST_OF_OFFICE = (_OF_OFFICE, "_rels/", "docProps/", "xl/")
_LD_JSON = b"ld+json"
_SEARCHED = 256 * 2**20
_BLOCK = 2**20
_OF_REVIEWS = frozenset(("@type", "@context", "@graph", "claims", "claimReview"))
_OURS = "schema: claimreg."
_STRING = r'[^"\\]*(?:\\.[^"\\]*)*'
_TOKEN = re.compile(rf'"(?P<text>{_STRING})(?:"(?:\s*:\s*(?P<value>"{_STRING}")?)?|\\?\Z)|[{{}}\[\]]', re.DOTALL)


def recognised(name: str, start: bytes, file: BinaryIO | None = None) -> str | None:
    """The name of a file's format, or `BUNDLE`; ``None`` where that is in doubt.

    ``start`` is its first `SNIFFED` bytes, or all of it. ``file`` is the file, where it can be read at any place; its position is changed.
    """
    if start.startswith(_ZIP):
        return _of_zip(start, file)
    suffix = name[name.rfind(".") :].lower()
    if suffix in _TABLES:
        return "csv"
    text = start.removeprefix(_BOM).lstrip()
    if not text:
        return "ndjson"
    if text.startswith(b"<"):
        return "claimreview" if _has_reviews(start, file) else None
    if text.startswith((b"{", b"[")):
        return _of_json(text.decode("utf-8", "replace"))
    return None


def _of_zip(start: bytes, file: BinaryIO | None) -> str | None:
    names = _directory(file) if file is not None else None
    is_whole = names is not None
    names = names if names is not None else set(_first_names(start))
    if any(name.partition("/")[2] in NEEDED for name in names):
        return BUNDLE
    if _OF_OFFICE in names or (not is_whole and any(name.startswith(_FIRST_OF_OFFICE) for name in names)):
        return "xlsx"
    return None


def _directory(file: BinaryIO) -> set[str] | None:
    """The names in a zip; ``None`` for a damaged one."""
    try:
        with zipfile.ZipFile(file) as archive:
            return set(archive.namelist())
    except (zipfile.BadZipFile, OSError, ValueError, NotImplementedError):
        return None


def _first_names(start: bytes) -> Iterator[str]:
    for found in _ENTRY.finditer(start):
        length = int.from_bytes(found[1], "little")
        yield start[found.end() : found.end() + length].decode("utf-8", "replace")


def _has_reviews(start: bytes, file: BinaryIO | None) -> bool:
    """Return whether a page has JSON-LD in it; of a page that is cut and cannot be read twice, that is taken for granted."""
    if _LD_JSON in start:
        return True
    if file is None:
        return len(start) >= SNIFFED
    file.seek(0)
    end = b""
    for _ in range(_SEARCHED // _BLOCK):
        block = file.read(_BLOCK)
        if _LD_JSON in end + block:
            return True
        if not block:
            break
        end = block[-len(_LD_JSON) :]
    return False


def _of_json(text: str) -> str | None:
    """The format that the first telling object is of, in a beginning of JSON or of lines of it."""
    within: list[str] = []
    keys: set[str] = set()
    for token in _TOKEN.finditer(text):
        sign = token[0][0]
        if sign in "{[":
            within.append(sign)
        elif sign in "]}":
            del within[-1:]
            if within in ([], ["["]) and (told := _told_by(keys)):
                return told
        elif within in (["{"], ["[", "{"]) and ":" in token[0][len(token["text"]) + 2 :]:
            is_ours = token["text"] == "schema" and (token["value"] or "").startswith('"claimreg.')
            keys.add(_OURS if is_ours else token["text"])
    return _told_by(keys)


def _told_by(keys: set[str]) -> str | None:
    told = "ndjson" if _OURS in keys else "claimreview" if keys & _OF_REVIEWS else "ndjson" if "text" in keys else None
    keys.clear()
    return told
