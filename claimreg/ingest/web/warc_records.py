"""The records of a WARC file: taken apart with bounds everywhere, going on behind what is damaged.

warcio's own iterator takes lines and compressed blocks of any size, and stops at damage; its parser of heads is used.
"""

from __future__ import annotations

import base64
import gzip
import hashlib
import io
import re
import zlib
from typing import TYPE_CHECKING, BinaryIO, NamedTuple

from claimreg.errors import InputError
from claimreg.ingest.formats import FORMATS
from claimreg.ingest.web.addresses import visible
from claimreg.ingest.web.http_message import PIECE, Headers, content_type, header, too_large

if TYPE_CHECKING:
    from collections.abc import Iterator

    from claimreg.ingest.types import Limits

HTTP_OK = 200
LONGEST_HEAD = 256 * 1024
"""Bytes of the head of a record, and of the HTTP head within it."""

FREELY_UNPACKED = 2**30
HIGHEST_RATIO = 100
"""A file may unpack to so many bytes in any case, and beyond them to so many times its size; only bombs do more."""

_MAGIC = b"\x1f\x8b\x08"
_NO_TEXT = {"text/css", "text/javascript", "text/ecmascript", "text/dns", "text/x-javascript", "text/calendar", "text/vtt"}
_DOCUMENT = re.compile(
    r"text/.*|application/(xml|x-pdf|msword|vnd\.oasis\.opendocument\..*|vnd\.openxmlformats-officedocument\.wordprocessingml\..*)"
)
_READ = frozenset(name for one in FORMATS if one.module for name in (one.media_type, *one.aliases))
_STARTS = (b"%PDF", b"PK\x03\x04", b"{\\rtf")


class _DamagedError(Exception):
    """The file cannot be read on from here; the text completes “Record 3 of x …”."""


class HttpHead(NamedTuple):
    """The head of an HTTP answer within a record; ``size`` in bytes."""

    status: str
    headers: Headers
    size: int


class Record(NamedTuple):
    """One record; ``number`` counts from 1, ``head`` and ``block`` are its bytes as they stand in the file, unpacked."""

    number: int
    kind: str
    fields: Headers
    head: bytes
    block: bytes

    def field(self, name: str) -> str | None:
        """A field of the record's head."""
        return header(self.fields, name)

    @property
    def target(self) -> str:
        """The address that was archived."""
        return (self.field("WARC-Target-URI") or "").strip().removeprefix("<").removesuffix(">")

    def packed(self) -> bytes:
        """The record by itself, as a WARC file has it."""
        return gzip.compress(self.head + self.block + b"\r\n\r\n", mtime=0)

    def agrees_with_digests(self, payloads: list[bytes]) -> bool:
        """Return whether the digests match, where there are any that can be computed; writers differ in which payload they take."""
        block, payload = self.field("WARC-Block-Digest"), self.field("WARC-Payload-Digest")
        return _matches(block, [self.block]) and _matches(payload, payloads)


def records(file: BinaryIO, name: str, limits: Limits) -> Iterator[Record | InputError]:
    """The requests, and the answers and resources that hold documents; raises `InputError` when the file is no WARC file."""
    stream = _Stream(file, name)
    number = 0
    try:
        line = stream.next_start()
    except _DamagedError:
        line = b""
    if not line:
        raise InputError(f"{name} is no web archive that can be read: WARC and WACZ files are; check the file.")
    while line:
        number += 1
        behind = False
        try:
            if (record := _read(stream, line, number, limits)) is not None:
                yield record
            behind = True
            line = stream.next_start()
        except _DamagedError as damage:
            number += behind and stream.is_broken
            yield InputError(f"Record {number} of {name} {damage}; get the archive anew.")
            line = stream.resumed()
        except InputError as error:
            yield InputError(f"Record {number} of {name}: {error}")
            line = stream.resumed()


def http_head(block: bytes) -> HttpHead | None:
    """The head of the HTTP answer that a block begins with; ``None`` when it has none."""
    from warcio.statusandheaders import StatusAndHeadersParser, StatusAndHeadersParserException

    start = io.BytesIO(block[:LONGEST_HEAD])
    try:
        parsed = StatusAndHeadersParser(["HTTP/1.0", "HTTP/1.1", "HTTP/2.0", "HTTP/2", "HTTP/3"]).parse(start)
    except (StatusAndHeadersParserException, EOFError):
        return None
    if not parsed.protocol or (start.tell() == LONGEST_HEAD < len(block)):
        return None
    pairs = tuple((str(key), str(value)) for key, value in parsed.headers)
    return HttpHead(str(parsed.statusline.split(" ", 1)[0]), pairs, start.tell())


def _read(stream: _Stream, line: bytes, number: int, limits: Limits) -> Record | None:
    """One record, or ``None`` for one that is passed over; the stream stands behind it then."""
    head = _head(stream, line)
    fields = _fields(head)
    kind = (header(fields, "WARC-Type") or "").lower()
    length = header(fields, "Content-Length") or ""
    if not re.fullmatch(r"\d{1,15}", length.strip(), re.ASCII):
        raise _DamagedError("does not say how long it is")
    rest = int(length)
    record = Record(number, kind, fields, head, b"")
    try:
        return _with_block(record, rest, stream, limits)
    except _DamagedError as damage:
        raise _DamagedError(f"({visible(record.target)}) {damage}") from None


def _with_block(record: Record, rest: int, stream: _Stream, limits: Limits) -> Record | None:
    start = stream.read(min(rest, LONGEST_HEAD))
    rest -= len(start)
    if not _is_wanted(record, start, rest):
        stream.skip(rest)
        return None
    if rest > limits.size:
        stream.skip(rest)
        raise too_large(visible(record.target), limits.size)
    return record._replace(block=start + stream.read(rest))


def _head(stream: _Stream, line: bytes) -> bytes:
    lines = [line]
    size = len(line)
    while lines[-1].strip(b"\r\n"):
        lines.append(stream.line())
        size += len(lines[-1])
        if not lines[-1].endswith(b"\n") or size > LONGEST_HEAD:
            raise _DamagedError("has a head that does not end")
    return b"".join(lines)


def _fields(head: bytes) -> Headers:
    from warcio.statusandheaders import StatusAndHeadersParser

    parsed = StatusAndHeadersParser([], verify=False).parse(io.BytesIO(head))
    return tuple((str(key), str(value)) for key, value in parsed.headers)


def _is_wanted(record: Record, start: bytes, rest: int) -> bool:
    scheme = record.target.partition(":")[0].lower()
    if record.kind == "request":
        return rest == 0 and scheme in {"http", "https"}
    if record.kind == "resource" and scheme in {"http", "https", "ftp", "file"}:
        return _may_hold_text(record.field("Content-Type"), start)
    if record.kind != "response" or scheme not in {"http", "https"}:
        return False
    if (head := http_head(start)) is None:
        return True  # it is told about, not passed over
    return head.status == str(HTTP_OK) and _may_hold_text(header(head.headers, "content-type"), start[head.size :])


def _may_hold_text(declared: str | None, start: bytes) -> bool:
    if (media_type := content_type(declared).media_type) is None:
        return True
    if media_type == "application/octet-stream":
        return start.startswith(_STARTS)
    return media_type not in _NO_TEXT and (media_type in _READ or _DOCUMENT.fullmatch(media_type) is not None)


def _matches(written: str | None, candidates: list[bytes]) -> bool:
    algorithm, _, value = (written or "").strip().partition(":")
    algorithm = algorithm.lower().replace("-", "")
    if algorithm not in {"md5", "sha1", "sha256", "sha384", "sha512"} or not value:
        return True
    return any(_spelled_alike(value, hashlib.new(algorithm, data, usedforsecurity=False).digest()) for data in candidates)


def _spelled_alike(value: str, digest: bytes) -> bool:
    """Return whether a digest is this one, in any of the spellings that archives use."""
    plain = value.rstrip("=")
    either_case = {digest.hex().upper(), base64.b32encode(digest).decode().rstrip("=")}
    exact = {base64.b64encode(digest).decode().rstrip("="), base64.urlsafe_b64encode(digest).decode().rstrip("=")}
    return plain.upper() in either_case or plain in exact


class _Stream:
    """The bytes of a WARC file, unpacked a piece at a time: all of its gzip members, or the file as it is."""

    def __init__(self, file: BinaryIO, name: str) -> None:
        self._name = name
        self._file = file
        self._packed = 0
        self._input = self._from_file()
        self._inflater = zlib.decompressobj(31) if self._input.startswith(_MAGIC[:2]) else None
        self.is_broken = False
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

    def read(self, count: int) -> bytes:
        """Read exactly this number of bytes."""
        taken = io.BytesIO()
        self._pass(count, taken)
        return taken.getvalue()

    def skip(self, count: int) -> None:
        """Pass over so many bytes."""
        self._pass(count, None)

    def next_start(self) -> bytes:
        """The first line of the next record, behind the empty lines that end the last; empty at the end of the file."""
        while line := self.line():
            if line.strip(b"\r\n"):
                if not re.match(rb"WARC/\d", line):
                    raise _DamagedError("is followed by what is no record, or its length is wrong")
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
                    if fresh and re.match(rb"WARC/\d", line):
                        return line
                    fresh = line.endswith(b"\n")
            except _DamagedError:
                continue
            return b""

    def _pass(self, count: int, taken: io.BytesIO | None) -> None:
        while count > 0:
            if self._at >= len(self._ready) and not self._fill():
                raise _DamagedError("is cut off")
            piece = self._ready[self._at : self._at + count]
            self._at += len(piece)
            count -= len(piece)
            if taken is not None:
                taken.write(piece)

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
        while inflater is not None and not self.is_broken:
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
                self.is_broken = True
                raise _DamagedError("is damaged") from None
            self._input = inflater.unconsumed_tail or inflater.unused_data
            if piece:
                return piece
            if at_end and not inflater.eof:
                self.is_broken = True
                raise _DamagedError("is cut off")
        return b""

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
