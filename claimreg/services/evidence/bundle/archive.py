"""Reading a bundle's zip, which anybody may have made: only files that belong into a bundle, none unpacked to the disk, none too large."""

from __future__ import annotations

import hashlib
import re
import struct
import zipfile
import zlib
from contextlib import contextmanager, suppress
from typing import TYPE_CHECKING, BinaryIO

from claimreg.errors import InputError, NewerBundleError
from claimreg.model import SCHEMA_VERSION
from claimreg.services.evidence.bundle.layout import CAPTURES, INFO, NEEDED, SCHEMA_LABEL

if TYPE_CHECKING:
    from collections.abc import Iterator

LONGEST_LINE = 256 * 2**20
"""Bytes that a record or an event may have."""

LARGEST_FILE = 2**30
"""Bytes that a file which is read as a whole may have."""

_UNPACKED = 2**30
_RATIO = 200
_BLOCK = 2**20
_ENCRYPTED = 0x1 | 0x40
_BASE = re.compile(r"(?!\.+/)[A-Za-z0-9._-]{1,200}/", re.ASCII)
_CAPTURE = re.compile(rf"{CAPTURES}[0-9a-f]{{64}}", re.ASCII)
_SCHEMA = re.compile(rf"^{SCHEMA_LABEL}: (\d{{1,9}})$", re.ASCII | re.MULTILINE)
_LARGEST_INFO = 2**20
_LOCAL_HEADER = 30
_NOT_REGULAR = 0o170000
_REGULAR = 0o100000

_FAULTS = (
    zipfile.BadZipFile, zlib.error, struct.error, EOFError, OSError, ValueError, RuntimeError, OverflowError, IndexError, MemoryError,
)  # fmt: skip


class FaultyBundleError(InputError):
    """A bundle that is not what claimreg wrote: in which area, at which place, and what is wrong."""

    def __init__(self, area: str, place: str, what: str) -> None:
        super().__init__(f"The bundle is damaged or was changed, {area}, {place}: {what}.")
        self.area, self.place, self.what = area, place, what


class Archive:
    """The files of a bundle by their names inside the bag. Raises `FaultyBundleError`, also where it is no zip."""

    def __init__(self, stream: BinaryIO) -> None:
        with _faults_told("the zip"):
            self._zip = zipfile.ZipFile(stream)
            end = stream.seek(0, 2)
        with suppress(*_FAULTS):
            # What cannot be read is told of below.
            _refuse_newer(self._zip)
        self._entries = _checked_entries(self._zip.infolist(), end)
        self.names = frozenset(self._entries)

    def digest(self, name: str) -> tuple[str, int]:
        """The SHA-256 of a file, and its size in bytes."""
        digest, size = hashlib.sha256(), 0
        with _faults_told(name), self._zip.open(self._entries[name]) as entry:
            while block := entry.read(_BLOCK):
                digest.update(block)
                size += len(block)
        return digest.hexdigest(), size

    def lines(self, name: str) -> Iterator[bytes]:
        """A file's lines without their ends."""
        with _faults_told(name), self._zip.open(self._entries[name]) as entry:
            while line := entry.readline(LONGEST_LINE + 1):
                if not line.endswith(b"\n"):
                    raise FaultyBundleError("bundle", name, "a line is too long, or the last one is cut short")
                yield line[:-1]

    def read(self, name: str) -> bytes:
        """A whole file."""
        if name not in self._entries:
            raise FaultyBundleError("bundle", name, "it is missing")
        with _faults_told(name), self._zip.open(self._entries[name]) as entry:
            content = entry.read(LARGEST_FILE + 1)
        if len(content) > LARGEST_FILE:
            raise FaultyBundleError("bundle", name, f"it is larger than {LARGEST_FILE // 2**20} MiB")
        return content


def is_bundle(start: bytes) -> bool:
    """Return whether a file that starts with these four bytes is a zip."""
    return start.startswith(b"PK\x03\x04")


def _refuse_newer(bundle: zipfile.ZipFile) -> None:
    """Raise `NewerBundleError` where a bundle says that a newer claimreg wrote it: what is in it may be unlike all that is known here."""
    for entry in bundle.infolist():
        if entry.filename.endswith(f"/{INFO}") and entry.file_size <= _LARGEST_INFO and not entry.flag_bits & _ENCRYPTED:
            told = _SCHEMA.search(bundle.read(entry).decode("utf-8", "replace"))
            if told is not None and int(told[1]) > SCHEMA_VERSION:
                raise NewerBundleError(
                    f"The bundle was written by a newer claimreg (schema {told[1]}, this one knows {SCHEMA_VERSION}); update claimreg."
                )


@contextmanager
def _faults_told(name: str) -> Iterator[None]:
    try:
        yield
    except _FAULTS as error:
        raise FaultyBundleError("bundle", name, "it cannot be read, its bytes are not those of a whole zip") from error


def _checked_entries(entries: list[zipfile.ZipInfo], end: int) -> dict[str, zipfile.ZipInfo]:
    base = _BASE.match(entries[0].filename) if entries else None
    if base is None:
        raise FaultyBundleError("bundle", "the zip", "it holds no bag in a folder of its own")
    found: dict[str, zipfile.ZipInfo] = {}
    for entry in entries:
        name = entry.filename.removeprefix(base.group())
        why = _unfit(entry, name, base.group())
        if why is None and name in found:
            why = "it is there twice"
        if why is not None:
            raise FaultyBundleError("bundle", _printable(entry.filename), why)
        found[name] = entry
    _check_sizes(entries, end)
    return found


def _unfit(entry: zipfile.ZipInfo, name: str, base: str) -> str | None:
    """Return why a file of a zip is none of a bundle."""
    if entry.orig_filename != base + name or not (name in NEEDED or _CAPTURE.fullmatch(name)):
        return "no such file belongs into a bundle"
    kind = (entry.external_attr >> 16) & _NOT_REGULAR
    if kind not in (0, _REGULAR):
        return "it is no plain file but a link or a device"
    if entry.flag_bits & _ENCRYPTED:
        return "it is encrypted"
    if entry.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
        return "it is packed in a way that no bundle is"
    return None


def _check_sizes(entries: list[zipfile.ZipInfo], end: int) -> None:
    """Refuse files that share bytes of the zip, or together unpack to far more than it has."""
    known = 0
    for entry in sorted(entries, key=lambda one: one.header_offset):
        if entry.header_offset < known:
            raise FaultyBundleError("bundle", _printable(entry.filename), "it shares its bytes with another file")
        known = entry.header_offset + _LOCAL_HEADER + len(entry.orig_filename.encode("utf-8", "replace")) + entry.compress_size
    if known > end:
        raise FaultyBundleError("bundle", "the zip", "it is cut short")
    if sum(entry.file_size for entry in entries) > max(_UNPACKED, _RATIO * end):
        raise FaultyBundleError("bundle", "the zip", "unpacked it would be far larger than any bundle of its size")


def _printable(name: str) -> str:
    return name if name.isprintable() else ascii(name)
