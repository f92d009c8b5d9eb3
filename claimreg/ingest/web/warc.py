"""Web archives (WARC, ISO 28500): what was asked and answered, written so that any archive's tools can read it, and read."""

from __future__ import annotations

import io
import re
import uuid
from contextlib import suppress
from datetime import UTC, date, datetime
from typing import TYPE_CHECKING, BinaryIO, NamedTuple

from claimreg.errors import InputError
from claimreg.ingest.types import Fetched, Limits
from claimreg.ingest.web.addresses import visible
from claimreg.ingest.web.http_message import content_type, header, without_transfer_coding
from claimreg.ingest.web.warc_bodies import body_of
from claimreg.ingest.web.warc_choice import Tally, begins_as_document, choose, is_rendering, rendered_address
from claimreg.ingest.web.warc_records import CUT_OFF, Passed, Record, http_head, records

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from claimreg.ingest.web.http_message import Headers
    from claimreg.ingest.web.warc_records import Choose, HttpHead

HTTP_OK = 200


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


def archived_documents(
    file: BinaryIO, name: str, limits: Limits, tell: Callable[[str], None] = lambda _sentence: None
) -> Iterator[Fetched | InputError]:
    """The documents in a WARC or WACZ file (packed or not), one after the other: pages and other texts that were answered with 200.

    What another program made of a page is given, after the others, where the page itself is not there. A record that cannot be used
    is given as an `InputError` that names it, and reading goes on behind it; ``tell`` is told what was passed over that a person may
    miss. Memory is that of one document. Raises `InputError` for a file that is no web archive, is not safe to read, or holds no
    document. ``file`` can be sought in.
    """
    tally = Tally()
    for member in _archives(file, name):
        yield from _counted(_documents(_records(member, limits, choose), member.name, limits, tally), tally)
    if tally.lacks_pages:
        for member in _archives(file, name):
            # What cannot be read at all was told above.
            found = (one for one in _records(member, limits, tally.choose_rendering) if not isinstance(one, InputError))
            yield from _counted(_documents(found, member.name, limits, tally), tally)
    passed = tally.told()
    if not tally.documents and not tally.problems:
        raise InputError(f"{name} holds no document; {f'it has {passed}' if passed else 'look for another archive of the page'}.")
    if passed:
        tell(f"{name} has {passed}: not read.")


class _Archive(NamedTuple):
    """A WARC file, open, and what errors call it; ``is_member`` says that it is one of those in a WACZ file."""

    file: BinaryIO
    name: str
    is_member: bool = False


def _archives(file: BinaryIO, name: str) -> Iterator[_Archive]:
    file.seek(0)
    start = file.read(4)
    file.seek(0)
    if start == b"PK\x03\x04":
        from claimreg.ingest.web.wacz import archives_within

        for member, member_name in archives_within(file, name):
            yield _Archive(member, member_name, is_member=True)
    else:
        yield _Archive(file, name)


def _records(archive: _Archive, limits: Limits, choose: Choose) -> Iterator[Record | Passed | InputError]:
    """The records that are chosen. A file in a WACZ file that is no WARC file is told, and the others are read."""
    try:
        yield from records(archive.file, archive.name, limits, choose)
    except InputError as error:
        if not archive.is_member:
            raise
        yield error


def _counted(found: Iterator[Fetched | InputError], tally: Tally) -> Iterator[Fetched | InputError]:
    for one in found:
        if isinstance(one, Fetched):
            tally.read(one.reached)
        else:
            tally.problems += 1
        yield one


def _documents(found: Iterable[Record | Passed | InputError], name: str, limits: Limits, tally: Tally) -> Iterator[Fetched | InputError]:
    """Yield the answers; each waits for the record behind it, which may be its request."""
    before: Record | None = None
    waiting: Record | None = None
    for record in found:
        if waiting is not None:
            after = record if isinstance(record, Record) and record.kind == "request" else None
            yield _document(waiting, next((r for r in (after, before) if r and _belongs(r, waiting)), None), name, limits)
            before = waiting = None
        if isinstance(record, InputError):
            yield record
        elif isinstance(record, Passed):
            tally.passed(record)
        elif record.kind == "request":
            before = record
        else:
            waiting = record
    if waiting is not None:
        yield _document(waiting, before if before and _belongs(before, waiting) else None, name, limits)


def _belongs(request: Record, answer: Record) -> bool:
    """Return whether a request beside an answer is the one that was answered."""
    links = [(request.field("WARC-Concurrent-To"), answer), (answer.field("WARC-Concurrent-To"), request)]
    if any(link for link, _other in links):
        return any(link and link == other.field("WARC-Record-ID") for link, other in links)
    return request.target == answer.target


def _document(record: Record, request: Record | None, name: str, limits: Limits) -> Fetched | InputError:
    label = f"Record {record.number} of {name} ({visible(record.target)})"
    try:
        return _fetched(record, request, label, limits)
    except InputError as error:
        return error


def _fetched(record: Record, request: Record | None, label: str, limits: Limits) -> Fetched:
    head, headers, sent = _answer(record, label)
    body = body_of(sent, headers, limits.size, label)
    if record.is_cut and not body.content.strip():
        raise InputError(f"{label} {CUT_OFF}; get the archive anew.")
    if not record.is_cut and not record.agrees_with_digests(body.stages):
        raise InputError(f"{label} is not what was archived: its digest does not match; get the archive anew.")
    kind = content_type(header(headers, "content-type"))
    moment, undated = _moment(record.field("WARC-Date") or "")
    return Fetched(
        content=body.content, asked=record.target, reached=rendered_address(record.target), status=HTTP_OK,
        headers=head.headers if head is not None else (), media_type=kind.media_type, encoding=kind.charset, retrieved_at=moment,
        warc=record.packed() + (request.packed() if request else b""),
        notes=(*_notes(record), *record.notes, *body.notes, *undated),
    )  # fmt: skip


def _answer(record: Record, label: str) -> tuple[HttpHead | None, Headers, bytes]:
    """The head of a record's answer, the headers that tell of its body, and the body; raises `InputError` where there is no answer."""
    declared = record.field("Content-Type") or ""
    own: Headers = (("Content-Type", declared),)
    if record.kind != "response":
        return None, own, record.block
    if (head := http_head(record.block)) is not None:
        return head, head.headers, record.block[head.size :]
    if not declared.strip().lower().startswith("application/http"):
        return None, own, record.block
    if begins_as_document(record.block):
        return None, (), record.block
    raise InputError(f"{label} holds no HTTP answer that can be read; look for another archive of the page.")


def _notes(record: Record) -> Iterator[str]:
    """Sentences on what the archive says of the record, which a person must know before believing its words."""
    if record.is_cut:
        yield "The archive is cut off within it, as if its transfer broke off; what there is of it was read."
    elif record.field("WARC-Truncated") or record.field("WARC-Segment-Number"):
        yield "It was not archived whole; what there is of it was read."
    if is_rendering(record):
        yield "These are the words that another program took from the page, which is not in the archive itself."
    if not record.target:
        yield "The archive does not say what address it is of."


def _moment(text: str) -> tuple[str, tuple[str, ...]]:
    """A record's date in UTC, to the second, or the day where that is all; with a sentence where there is none."""
    plain = re.sub(r"\.\d+", "", text.strip())
    with suppress(ValueError, OverflowError):
        if re.fullmatch(r"\d{4}-\d\d-\d\d", plain, re.ASCII):
            return date.fromisoformat(plain).isoformat(), ()
        moment = datetime.fromisoformat(plain)
        if "T" in plain.upper() and moment.tzinfo is not None:
            return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ"), ()
    said = f" (“{visible(text)}”)" if text.strip() else ""
    return "", (f"The archive does not say when it was archived{said}.",)


def _new_id() -> str:
    return f"<urn:uuid:{uuid.uuid4()}>"
