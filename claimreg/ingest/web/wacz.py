"""WACZ, a zip file around WARC files: looked at as a whole before anything in it is read."""

from __future__ import annotations

import io
import re
import stat
import zipfile
from typing import TYPE_CHECKING, BinaryIO, cast

from claimreg.errors import InputError
from claimreg.ingest.web.warc_stream import FREELY_UNPACKED, HIGHEST_RATIO

if TYPE_CHECKING:
    from collections.abc import Iterator

_LARGEST_DIRECTORY = 2 * 2**20
"""Bytes. Each member takes some fifty of them, and ten times as much in memory."""
_ENCRYPTED = 0x1
_ARCHIVE = re.compile(r"archive/[^/]+\.warc(\.gz)?")


def is_wacz(file: BinaryIO) -> bool:
    """Return whether a zip file is a WACZ file, whatever it is called."""
    try:
        with zipfile.ZipFile(cast("BinaryIO", _Sparing(file))) as archive:
            names = archive.namelist()
    except (zipfile.BadZipFile, NotImplementedError, EOFError, ValueError, OSError, RuntimeError):
        return False
    return "datapackage.json" in names and any(map(_ARCHIVE.fullmatch, names))


def archives_within(file: BinaryIO, name: str) -> Iterator[tuple[BinaryIO, str]]:
    """Yield each WARC file of a WACZ file, open, with its name for errors.

    Raises `InputError` when the zip file is damaged, holds no WARC file, or anything in it is not safe.
    """
    try:
        with zipfile.ZipFile(cast("BinaryIO", _Sparing(file))) as archive:
            members = archive.infolist()
            _check(members, name)
            if sum(member.file_size for member in members) > max(FREELY_UNPACKED, HIGHEST_RATIO * file.seek(0, io.SEEK_END)):
                raise InputError(
                    f"{name} unpacks to more than {HIGHEST_RATIO} times its size, which no honest archive does; get it from elsewhere."
                )
            wanted = [member for member in members if _ARCHIVE.fullmatch(member.filename)]
            if not wanted:
                raise InputError(f"{name} is a zip file without web archives; WACZ files have them in a folder “archive”.")
            for member in wanted:
                with archive.open(member) as opened:
                    yield cast("BinaryIO", _Whole(opened)), f"{name}, {member.filename}"
    except (zipfile.BadZipFile, NotImplementedError, EOFError, ValueError, OSError, RuntimeError):
        is_cut = not zipfile.is_zipfile(cast("BinaryIO", _Sparing(file)))
        how = "is damaged: the end of the file is missing, as if its transfer broke off" if is_cut else "is a damaged zip file"
        raise InputError(f"{name} {how}; get the archive anew.") from None


def _check(members: list[zipfile.ZipInfo], name: str) -> None:
    for member in members:
        path = member.filename.replace("\\", "/")
        outside = path.startswith("/") or ".." in path.split("/") or ":" in path.split("/")[0] or "\0" in member.orig_filename
        if outside or stat.S_ISLNK(member.external_attr >> 16):
            raise InputError(f"{name} is not safe to read: a member of it points outside the file; get the archive from where it was made.")
        if member.flag_bits & _ENCRYPTED:
            raise InputError(f"{name} is encrypted; unpack it first.")
        if member.compress_type not in {zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED}:
            raise InputError(f"{name} is packed in a way that WACZ does not allow; pack it anew.")
    if len({member.filename for member in members}) < len(members):
        raise InputError(f"{name} is not safe to read: two members of it have one name; get the archive from where it was made.")


class _Sparing(io.RawIOBase):
    """A file of which no more is read at once than the directory of an honest archive takes: zipfile reads all of it."""

    def __init__(self, file: BinaryIO) -> None:
        self._file = file

    def readable(self) -> bool:
        return True

    def seekable(self) -> bool:
        return True

    def seek(self, offset: int, whence: int = io.SEEK_SET, /) -> int:
        return self._file.seek(offset, whence)

    def read(self, size: int = -1, /) -> bytes:
        if size > _LARGEST_DIRECTORY:
            raise zipfile.BadZipFile
        return self._file.read(_LARGEST_DIRECTORY if size < 0 else size)


class _Whole:
    """A member whose damage is told like the damage of any other record, where the WARC file is read."""

    def __init__(self, member: object) -> None:
        self._member = cast("BinaryIO", member)

    def read(self, size: int) -> bytes:
        import zlib

        try:
            return self._member.read(size)
        except (zipfile.BadZipFile, EOFError, zlib.error):
            return b""
