"""The bytes of a WARC file, unpacked a piece at a time, with a way on behind what is damaged.

warcio's own iterator takes lines and compressed blocks of any size, and stops at damage.
"""

from __future__ import annotations

import re
import zlib
from typing import BinaryIO, NamedTuple

from claimreg.errors import InputError
from claimreg.ingest.web.http_message import PIECE

FREELY_UNPACKED = 2**30
HIGHEST_RATIO = 100
"""A file may unpack to so many bytes in any case, and beyond them to so many times its size; only bombs do more."""

GZIP = b"\x1f\x8b"
_MAGIC = GZIP + b"\x08"
_RECORD_START = re.compile(rb"WARC/\d")
_NEXT_RECORD = re.compile(rb"\r?\n\r?\n(?=WARC/\d\.\d+\r?\n(?:WARC-|Content-))")
_LONGEST_START = 64
"""Bytes of the blank lines before a record, and of its start, that `_NEXT_RECORD` knows it by."""

_MOST_RETURNED = 256 * 2**20
"""Bytes of a file that are read twice at most, as a record's length was wrong: a file of many such records must not take for ever."""


class DamagedError(Exception):
    """The file cannot be read on from here; the text completes “Record 3 of x …”."""


class Taken(NamedTuple):
    """Bytes that were read, and what kept the rest of them from being read."""

    content: bytes
    damage: DamagedError | None = None


class RecordStream:
    """The bytes of a WARC file, unpacked a piece at a time: all of its gzip members, or the file as it is."""

    def __init__(self, file: BinaryIO, name: str) -> None:
        self._name = name
        self._file = file
        self._packed = 0
        self._input = self._from_file()
        self._inflater = zlib.decompressobj(31) if self._input.startswith(GZIP) else None
        self.is_broken = False
        self._damage = ""
        self._returned = 0
        self._ready = b""
        self._at = 0
        self._total = 0

    def line(self) -> bytes:
        """The next line with its end; without one where it is too long or the file ends."""
        searched = self._at
        while (end := self._ready.find(b"\n", searched)) < 0 and len(self._ready) - self._at < PIECE:
            have = len(self._ready) - self._at
            if not self._fill():
                break
            searched = self._at + have
        stop = end + 1 if end >= 0 else min(len(self._ready), self._at + PIECE)
        line, self._at = self._ready[self._at : stop], stop
        return line

    def read(self, count: int) -> Taken:
        """Read this number of bytes, or those that are there."""
        pieces: list[bytes] = []
        try:
            self._pass(count, pieces)
        except DamagedError as damage:
            return Taken(b"".join(pieces), damage)
        return Taken(b"".join(pieces))

    def skip(self, count: int) -> None:
        """Pass over so many bytes."""
        self._pass(count, None)

    def settled(self, block: bytes, most: int) -> bytes | None:
        """The block of a record as it is between two records, where its length was wrong; ``None`` where it seems to be right.

        The stream stands behind the block, and behind what is given. No more than ``most`` bytes are added to it.
        """
        following = self._peeked(_LONGEST_START)
        if not following.strip(b"\r\n") or _RECORD_START.match(following.lstrip(b"\r\n")):
            return None
        if inside := self.parted(block):
            return inside
        added = self._up_to_next(most)
        return None if added is None else block + added

    def parted(self, block: bytes) -> bytes | None:
        """The part of a block before the record that begins within it, which is then read next; ``None`` where none does."""
        following = b"" if self.is_broken else self._peeked(_LONGEST_START)
        found = _NEXT_RECORD.search(block + following)
        self._returned += len(block)
        if found is None or found.start() >= len(block) or self._returned > _MOST_RETURNED:
            return None
        self._ready, self._at = block[found.end() :] + self._ready[self._at :], 0
        return block[: found.start()]

    def _peeked(self, count: int) -> bytes:
        try:
            while len(self._ready) - self._at < count and self._fill():
                pass
        except DamagedError:
            return b""
        return self._ready[self._at : self._at + count]

    def _up_to_next(self, most: int) -> bytes | None:
        """The bytes up to the next record or the end of the file; ``None`` where they are too many, or damaged."""
        lines: list[bytes] = []
        size, fresh = 0, False
        try:
            while line := self.line():
                if fresh and _RECORD_START.match(line):
                    self._at -= len(line)
                    break
                fresh = line.endswith(b"\n")
                lines.append(line)
                size += len(line)
                if size > most:
                    return None
        except DamagedError:
            return None
        return re.sub(rb"(?:\r?\n){1,2}\Z", b"", b"".join(lines))

    def next_start(self) -> bytes:
        """The first line of the next record, behind the empty lines that end the last; empty at the end of the file."""
        while line := self.line():
            if line.strip(b"\r\n"):
                if not _RECORD_START.match(line):
                    raise DamagedError("is followed by what is no record, or its length is wrong")
                return line
        return b""

    def resumed(self) -> bytes:
        """The first line of the next record that can be found behind damage; empty when there is none."""
        while True:
            try:
                if self.is_broken and not self._at_next_member():
                    return b""
                fresh = True
                while line := self.line():
                    if fresh and _RECORD_START.match(line):
                        return line
                    fresh = line.endswith(b"\n")
            except DamagedError:
                continue
            return b""

    def _pass(self, count: int, taken: list[bytes] | None) -> None:
        while count > 0:
            if self._at >= len(self._ready) and not self._fill():
                raise DamagedError("is cut off")
            piece = self._ready[self._at : self._at + count]
            self._at += len(piece)
            count -= len(piece)
            if taken is not None:
                taken.append(piece)

    def _fill(self) -> bool:
        piece = self._plain() if self._inflater is None else self._inflated()
        self._ready, self._at = self._ready[self._at :] + piece, 0
        self._total += len(piece)
        if self._total > max(FREELY_UNPACKED, HIGHEST_RATIO * self._packed):
            raise InputError(
                f"{self._name} unpacks to more than {HIGHEST_RATIO} times its size, which no honest one does; get it from elsewhere."
            )
        return bool(piece)

    def _from_file(self) -> bytes:
        piece = self._file.read(PIECE)
        self._packed += len(piece)
        return piece

    def _plain(self) -> bytes:
        piece, self._input = self._input or self._from_file(), b""
        return piece

    def _inflated(self) -> bytes:
        inflater = self._inflater
        if self.is_broken:
            raise DamagedError(self._damage)
        while inflater is not None:
            self._input = self._input or self._from_file()
            if inflater.eof:
                self._input = self._input.lstrip(b"\0")
                if not self._input:
                    return b""
                inflater = self._inflater = zlib.decompressobj(31)
            at_end = not self._input
            try:
                piece = inflater.decompress(self._input, PIECE)
            except zlib.error:
                raise self._broken("is damaged") from None
            self._input = inflater.unconsumed_tail or inflater.unused_data
            if piece:
                return piece
            if at_end and not inflater.eof:
                raise self._broken("is cut off")
        return b""

    def _broken(self, damage: str) -> DamagedError:
        """The error for a gzip member that ends here; it is raised again until the next one is found."""
        self.is_broken, self._damage = True, damage
        return DamagedError(damage)

    def _at_next_member(self) -> bool:
        """Find where the next gzip member may begin, behind the place of damage."""
        data = self._input[1:]
        while (start := data.find(_MAGIC)) < 0:
            more = self._from_file()
            if not more:
                self._input = b""
                return False
            data = data[-2:] + more
        self._input, self._inflater, self.is_broken = data[start:], zlib.decompressobj(31), False
        self._ready, self._at = b"", 0
        return True
