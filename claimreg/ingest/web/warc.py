"""Web archives (WARC, ISO 28500): what was asked and answered, written so that any archive's tools can read it, and read."""

from __future__ import annotations

import io
import re
import uuid
from contextlib import suppress
from datetime import UTC, datetime
from typing import TYPE_CHECKING, BinaryIO, NamedTuple

from claimreg.errors import InputError
from claimreg.ingest.types import Fetched, Limits
from claimreg.ingest.web.addresses import visible
from claimreg.ingest.web.http_message import content_codings, content_type, dechunked, header, is_chunked, unpacked, without_transfer_coding
from claimreg.ingest.web.warc_records import HTTP_OK, Record, http_head, records

if TYPE_CHECKING:
    from collections.abc import Iterator

    from claimreg.ingest.web.http_message import Headers


class Exchange(NamedTuple):
    """A request and its answer: ``head`` and ``request`` as they went over the wire, ``body`` with the transfer coding undone.

    ``at`` is UTC, ISO 8601 with a ``Z``; ``truncated`` says why the body is not whole, in the words of the format.
    """

    url: str
    at: str
    number: str
    request: bytes
    head: bytes
    body: bytes
    truncated: str | None = None


class WarcFile:
    """A WARC 1.1 file in memory, each record packed by itself; ``software`` is what writes it, ``at`` when."""

    def __init__(self, software: str, at: str) -> None:
        from warcio.warcwriter import WARCWriter

        self._out = io.BytesIO()
        self._writer = WARCWriter(self._out, gzip=True, warc_version="1.1")
        self._info = _new_id()
        told = f"software: {software}\r\nformat: WARC File Format 1.1\r\n".encode()
        fields = [("WARC-Type", "warcinfo"), ("WARC-Record-ID", self._info), ("WARC-Date", at)]
        self._write("warcinfo", fields, b"", told, "application/warc-fields")

    def add(self, exchange: Exchange) -> None:
        """Write the answer and, after it, the request."""
        answer = _new_id()
        common = [("WARC-Target-URI", exchange.url), ("WARC-Date", exchange.at), ("WARC-Warcinfo-ID", self._info)]
        common.append(("WARC-IP-Address", exchange.number))
        fields = [("WARC-Type", "response"), ("WARC-Record-ID", answer), *common]
        if exchange.truncated:
            fields.append(("WARC-Truncated", exchange.truncated))
        self._write("response", fields, without_transfer_coding(exchange.head), exchange.body, "application/http; msgtype=response")
        fields = [("WARC-Type", "request"), ("WARC-Record-ID", _new_id()), *common, ("WARC-Concurrent-To", answer)]
        self._write("request", fields, exchange.request, b"", "application/http; msgtype=request")

    def content(self) -> bytes:
        """The file."""
        return self._out.getvalue()

    def _write(self, kind: str, fields: list[tuple[str, str]], head: bytes, body: bytes, media_type: str) -> None:
        """Write a record whose HTTP head stays as it is; warcio's own writing of heads changes what is not ASCII."""
        from warcio.recordloader import ArcWarcRecord
        from warcio.statusandheaders import StatusAndHeaders
        from warcio.utils import Digester

        payload, block = Digester("sha256"), Digester("sha256")
        payload.update(body)
        block.update(head)
        block.update(body)
        digests = [("WARC-Block-Digest", str(block))]
        if kind != "warcinfo":
            digests.append(("WARC-Payload-Digest", str(payload)))
        headers = StatusAndHeaders("", [*fields, *digests], protocol="WARC/1.1")
        record = ArcWarcRecord("warc", kind, headers, _Joined(head, body), None, media_type, len(head) + len(body))
        self._writer.write_record(record)


class _Joined:
    """Head and body read one after the other, without a copy of a large body."""

    def __init__(self, head: bytes, body: bytes) -> None:
        self._parts = [io.BytesIO(head), io.BytesIO(body)]

    def read(self, size: int) -> bytes:
        return self._parts[0].read(size) or self._parts[1].read(size)


def archived_documents(file: BinaryIO, name: str, limits: Limits) -> Iterator[Fetched | InputError]:
    """The documents in a WARC or WACZ file (packed or not), one after the other: pages and other texts that were answered with 200.

    A record that cannot be used is given as an `InputError` that names it, and reading goes on behind it. Memory is that of
    one document. Raises `InputError` for a file that is no web archive, or is not safe to read. ``file`` can be sought in.
    """
    start = file.read(4)
    file.seek(0)
    if start == b"PK\x03\x04":
        from claimreg.ingest.web.wacz import archives_within

        for member, member_name in archives_within(file, name):
            yield from _documents(member, member_name, limits)
    else:
        yield from _documents(file, name, limits)


def _documents(file: BinaryIO, name: str, limits: Limits) -> Iterator[Fetched | InputError]:
    """Yield the answers; each waits for the record behind it, which may be its request."""
    before: Record | None = None
    waiting: Record | None = None
    for record in records(file, name, limits):
        if waiting is not None:
            after = record if isinstance(record, Record) and record.kind == "request" else None
            yield _document(waiting, next((r for r in (after, before) if r and _belongs(r, waiting)), None), name, limits)
            before = waiting = None
        if isinstance(record, InputError):
            yield record
        elif record.kind == "request":
            before = record
        else:
            waiting = record
    if waiting is not None:
        yield _document(waiting, before if before and _belongs(before, waiting) else None, name, limits)


def _belongs(request: Record, answer: Record) -> bool:
    """Return whether a request beside an answer is the one that was answered."""
    linked = (request.field("WARC-Concurrent-To"), answer.field("WARC-Concurrent-To"))
    if any(linked):
        return linked[0] == answer.field("WARC-Record-ID") or linked[1] == request.field("WARC-Record-ID")
    return request.target == answer.target


def _document(record: Record, request: Record | None, name: str, limits: Limits) -> Fetched | InputError:
    label = f"Record {record.number} of {name} ({visible(record.target)})"
    try:
        return _fetched(record, request, label, limits)
    except InputError as error:
        return error


def _fetched(record: Record, request: Record | None, label: str, limits: Limits) -> Fetched:
    if record.field("WARC-Truncated") or record.field("WARC-Segment-Number"):
        raise InputError(f"{label} was not archived whole; look for another archive of the page.")
    headers: Headers = (("Content-Type", record.field("Content-Type") or ""),)
    body = record.block
    if record.kind == "response":
        if (head := http_head(record.block)) is None:
            raise InputError(f"{label} holds no HTTP answer that can be read; look for another archive of the page.")
        headers, body = head.headers, record.block[head.size :]
    whole = dechunked(body) if is_chunked(headers) else None
    if not record.agrees_with_digests([body] if whole is None else [body, whole]):
        raise InputError(f"{label} is not what was archived: its digest does not match; get the archive anew.")
    packed = body if whole is None else whole
    content = b"".join(unpacked([packed], content_codings(headers), limits.size, label))
    kind = content_type(header(headers, "content-type"))
    return Fetched(
        content=content, asked=record.target, reached=record.target, status=HTTP_OK,
        headers=headers if record.kind == "response" else (), media_type=kind.media_type, encoding=kind.charset,
        retrieved_at=_moment(record.field("WARC-Date") or "", label),
        warc=record.packed() + (request.packed() if request else b""),
    )  # fmt: skip


def _moment(text: str, label: str) -> str:
    """A record's date in UTC, to the second."""
    with suppress(ValueError, OverflowError):
        moment = datetime.fromisoformat(re.sub(r"\.\d+", "", text.strip()))
        if "T" in text.upper() and moment.tzinfo is not None:
            return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
    raise InputError(f"{label} does not say when it was archived (“{visible(text)}”); look for another archive of the page.")


def _new_id() -> str:
    return f"<urn:uuid:{uuid.uuid4()}>"
