"""The records of a WARC file: taken apart with bounds everywhere, by warcio's parser of heads."""

from __future__ import annotations

import base64
import gzip
import hashlib
import io
import re
from typing import TYPE_CHECKING, BinaryIO, NamedTuple, TypeAlias

from claimreg.errors import InputError
from claimreg.ingest.web.addresses import visible
from claimreg.ingest.web.http_message import Headers, header, too_large
from claimreg.ingest.web.warc_stream import DamagedError, RecordStream

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from claimreg.ingest.types import Limits

LONGEST_HEAD = 256 * 1024
"""Bytes of the head of a record, and of the HTTP head within it."""

CUT_OFF = "is cut off"
_WRONG_LENGTH = "The record says a wrong length; it was read up to where the next one begins."
_STATUS_LINE = re.compile(rb"\s*(?:(?:HTTP|H|ICY)/?\d?(?:\.\d)?|:status:?)[ \t]+(\d{3})(?!\d)[^\r\n]*\r?\n", re.IGNORECASE)
"""Beginning of an answer, as archives write it whose browsers speak HTTP/2 or 3, which have no such line."""


class HttpHead(NamedTuple):
    """The head of an HTTP answer within a record; ``size`` in bytes."""

    status: str
    headers: Headers
    size: int


class Passed(NamedTuple):
    """A record that was passed over, and may have to be told of; ``why`` is a status, or the kind of the record."""

    why: str
    target: str
    refers_to: str = ""


class Record(NamedTuple):
    """One record; ``number`` counts from 1, ``head`` and ``block`` are its bytes as they stand in the file, unpacked.

    ``is_cut`` says that the file ends within it; ``notes`` are sentences for a person.
    """

    number: int
    kind: str
    fields: Headers
    head: bytes
    block: bytes
    is_cut: bool = False
    notes: tuple[str, ...] = ()

    def field(self, name: str) -> str | None:
        """A field of the record's head."""
        return header(self.fields, name)

    @property
    def target(self) -> str:
        """The address that was archived."""
        return (self.field("WARC-Target-URI") or "").strip().removeprefix("<").removesuffix(">")

    def packed(self) -> bytes:
        """The record by itself, as a WARC file has it; one that is cut off stays so."""
        return gzip.compress(self.head + self.block + (b"" if self.is_cut else b"\r\n\r\n"), mtime=0)

    def agrees_with_digests(self, payloads: list[bytes]) -> bool:
        """Return whether the digests match, where there are any that can be computed; writers differ in which payload they take."""
        block, payload = self.field("WARC-Block-Digest"), self.field("WARC-Payload-Digest")
        return _matches(block, [self.block]) and _matches(payload, payloads)


Choose: TypeAlias = "Callable[[Record, bytes, int], Passed | bool]"
"""Chooses a record by its head, the start of its block, and how many bytes follow: true to read it, false to pass over it untold."""


def records(file: BinaryIO, name: str, limits: Limits, choose: Choose) -> Iterator[Record | Passed | InputError]:
    """The records that are chosen, and what is to be told of others; raises `InputError` when the file is no WARC file."""
    stream = RecordStream(file, name)
    number = 0
    try:
        line = stream.next_start()
    except DamagedError:
        line = b""
    if not line:
        raise InputError(f"{name} is no web archive that can be read: WARC and WACZ files are; check the file.")
    while line:
        number += 1
        behind = False
        try:
            if (record := _read(stream, line, number, limits, choose)) is not None:
                yield record
                if isinstance(record, Record) and record.is_cut:
                    return
            behind = True
            line = stream.next_start()
        except DamagedError as damage:
            number += behind and stream.is_broken
            yield InputError(f"Record {number} of {name} {damage}; get the archive anew.")
            line = stream.resumed()
        except InputError as error:
            yield InputError(f"Record {number} of {name}: {error}")
            line = stream.resumed()


def http_head(block: bytes) -> HttpHead | None:
    """The head of the HTTP answer that a block begins with; ``None`` when it has none."""
    from warcio.statusandheaders import StatusAndHeadersParser, StatusAndHeadersParserException

    if (found := _STATUS_LINE.match(block[:LONGEST_HEAD])) is None:
        return None
    start = io.BytesIO(block[found.end() : LONGEST_HEAD])
    try:
        parsed = StatusAndHeadersParser([], verify=False).parse(start, full_statusline="HTTP/1.1 200 OK")
    except (StatusAndHeadersParserException, EOFError):
        return None
    size = found.end() + start.tell()
    if size == LONGEST_HEAD < len(block):
        return None
    pairs = tuple((str(key), str(value)) for key, value in parsed.headers)
    return HttpHead(found[1].decode("ascii"), pairs, size)


def _read(stream: RecordStream, line: bytes, number: int, limits: Limits, choose: Choose) -> Record | Passed | None:
    """One record, or ``None`` for one of which there is nothing to tell; the stream stands behind it then."""
    head = _head(stream, line)
    fields = _fields(head)
    record = Record(number, (header(fields, "WARC-Type") or "").strip().lower(), fields, head, b"")
    length = (header(fields, "Content-Length") or "").strip()
    try:
        if re.fullmatch(r"\d{1,15}", length, re.ASCII):
            return _with_block(record, int(length), stream, limits, choose)
        return _without_length(record, stream, limits, choose)
    except DamagedError as damage:
        raise DamagedError(f"({visible(record.target)}) {damage}") from None


def _without_length(record: Record, stream: RecordStream, limits: Limits, choose: Choose) -> Record | Passed | None:
    block = stream.settled(b"", limits.size)
    if block is None:
        raise DamagedError("does not say how long it is")
    chosen = choose(record, block[:LONGEST_HEAD], max(0, len(block) - LONGEST_HEAD))
    return record._replace(block=block, notes=(_WRONG_LENGTH,)) if chosen is True else chosen or None


def _with_block(record: Record, length: int, stream: RecordStream, limits: Limits, choose: Choose) -> Record | Passed | None:
    start, damage = stream.read(min(length, LONGEST_HEAD))
    rest = length - len(start)
    if (chosen := choose(record, start, rest)) is not True:
        if damage is not None and stream.parted(start) is None:
            raise damage
        if damage is None:
            stream.skip(rest)
        return chosen or None
    if rest > limits.size:
        stream.skip(rest)
        raise too_large(visible(record.target), limits.size)
    if damage is None:
        more, damage = stream.read(rest)
        start += more
    if (settled := stream.settled(start, limits.size) if damage is None else stream.parted(start)) is not None:
        return record._replace(block=settled, notes=(_WRONG_LENGTH,))
    if damage is not None and (str(damage) != CUT_OFF or record.kind == "request"):
        raise damage
    return record._replace(block=start, is_cut=damage is not None)


def _head(stream: RecordStream, line: bytes) -> bytes:
    lines = [line]
    size = len(line)
    while lines[-1].strip(b"\r\n"):
        lines.append(stream.line())
        size += len(lines[-1])
        if not lines[-1].endswith(b"\n") or size > LONGEST_HEAD:
            raise DamagedError("has a head that does not end")
    return b"".join(lines)


def _fields(head: bytes) -> Headers:
    from warcio.statusandheaders import StatusAndHeadersParser

    parsed = StatusAndHeadersParser([], verify=False).parse(io.BytesIO(head))
    return tuple((str(key), str(value)) for key, value in parsed.headers)


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
