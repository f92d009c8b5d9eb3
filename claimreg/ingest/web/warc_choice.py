"""Records of a web archive that hold documents, and what a person is told of the others."""

from __future__ import annotations

import re
from collections import Counter
from typing import TYPE_CHECKING

from claimreg.ingest.formats import FORMATS
from claimreg.ingest.web.http_message import content_type, header
from claimreg.ingest.web.warc_records import Passed, http_head
from claimreg.text.counted import counted

if TYPE_CHECKING:
    from claimreg.ingest.web.warc_records import HttpHead, Record

_ANSWERED = frozenset({"200", "203"})
_REVISIT = "revisit"
_RENDERING = "rendering"
_ERRORS = ("4", "5")

_NO_DOCUMENTS = frozenset({"dns", "metadata"})
"""Schemes under which archiving programs keep what they found out on their way, and their own logs, as Wget does."""

_RENDERED = re.compile(r"urn:[A-Za-z0-9-]+:(?=https?://)", re.IGNORECASE)
"""Beginning of the address of what a program made of a page that it saw, as Browsertrix does: ``urn:text:https://…``."""

_NO_TEXT = frozenset({
    "text/css", "text/javascript", "text/ecmascript", "text/dns", "text/x-javascript", "text/calendar", "text/vtt",
    "application/ttml+xml", "application/x-sami",
})  # fmt: skip
_DOCUMENT = re.compile(
    r"text/.*|application/(xml|x-pdf|msword|vnd\.oasis\.opendocument\..*|vnd\.openxmlformats-officedocument\.wordprocessingml\..*)"
)
_OF_A_PAGE = ("image/", "audio/", "video/", "font/", "application/json")
"""Kinds of which a page has many: they are documents where a person adds them, not where an archive of pages holds them."""

_READ = frozenset(name for one in FORMATS if one.module for name in (one.media_type, *one.aliases) if not name.startswith(_OF_A_PAGE))
_UNTOLD = re.compile(r"(application|binary)/(octet-stream|(x-)?(force-)?download|unknown)|unknown/unknown", re.IGNORECASE)
_STARTS = (b"%PDF-", b"{\\rtf")
_PACKED = b"PK\x03\x04"
_PAGE = re.compile(rb"(?:\xef\xbb\xbf)?\s*(?:<\?xml[^>]*>\s*|<!--.*?-->\s*)*+<(?:!doctype\s+html|html)\b", re.IGNORECASE | re.DOTALL)
_PAGE_START = 4096


def begins_as_document(start: bytes) -> bool:
    """Return whether bytes are without doubt a document's, whatever they are called."""
    return start.startswith(_STARTS) or _PAGE.match(start[:_PAGE_START]) is not None


def rendered_address(target: str) -> str:
    """The address of the page that a record's words are taken from by another program; as it is for any other record."""
    return _RENDERED.sub("", target, count=1)


def is_rendering(record: Record) -> bool:
    """Return whether a record holds what another program made of a page: it is a document only where the page itself is missing."""
    return record.kind == "conversion" or (record.kind == "resource" and _RENDERED.match(record.target) is not None)


def choose(record: Record, start: bytes, rest: int) -> Passed | bool:
    """Choose requests, and answers and resources that hold documents; what may have to be told of is given as passed over."""
    scheme = record.target.partition(":")[0].lower()
    if record.kind == "request":
        return rest == 0 and scheme in {"http", "https"}
    if scheme in _NO_DOCUMENTS:
        return False
    if is_rendering(record):
        return Passed(_RENDERING, record.target) if may_hold_text(record.field("Content-Type"), start) else False
    if record.kind == "resource":
        return may_hold_text(record.field("Content-Type"), start)
    if record.kind not in {"response", _REVISIT}:
        return False
    return _answer(record, http_head(start), start)


def _answer(record: Record, head: HttpHead | None, start: bytes) -> Passed | bool:
    declared, body = (header(head.headers, "content-type"), start[head.size :]) if head is not None else (None, start)
    if record.kind == _REVISIT:
        is_page = head is None or (head.status in _ANSWERED and may_hold_text(declared, b""))
        return Passed(_REVISIT, record.target, record.field("WARC-Refers-To-Target-URI") or record.target) if is_page else False
    if head is None:
        return True  # it is told about, not passed over
    if not may_hold_text(declared, body):
        return False
    return True if head.status in _ANSWERED else Passed(head.status, record.target) if head.status.startswith(_ERRORS) else False


def may_hold_text(declared: str | None, start: bytes) -> bool:
    """Return whether what is declared to be of a kind, and starts so, may be a document with words."""
    media_type = content_type(declared).media_type
    if media_type is None or start.startswith(_STARTS):
        return True
    if _UNTOLD.fullmatch(media_type):
        return start.startswith(_PACKED) or begins_as_document(start)
    if media_type in _NO_TEXT:
        return False
    return media_type in _READ or _DOCUMENT.fullmatch(media_type) is not None or begins_as_document(start)


class Tally:
    """Count of what was read of an archive and what was passed over. Of addresses it keeps no more than their hashes."""

    def __init__(self) -> None:
        self._read: set[int] = set()
        self._renderings: set[int] = set()
        self._revisits: list[tuple[int, int]] = []
        self._failed: Counter[str] = Counter()
        self.documents = 0
        self.problems = 0

    def read(self, address: str) -> None:
        """Count a document."""
        self.documents += 1
        self._read.add(hash(address))

    def passed(self, record: Passed) -> None:
        """Count a record that was passed over."""
        if record.why == _RENDERING:
            self._renderings.add(hash(rendered_address(record.target)))
        elif record.why == _REVISIT:
            self._revisits.append((hash(record.target), hash(record.refers_to)))
        else:
            self._failed[record.why] += 1

    @property
    def lacks_pages(self) -> bool:
        """Return whether there are renderings of pages that are not in the archive themselves."""
        return not self._renderings <= self._read

    def choose_rendering(self, record: Record, start: bytes, _rest: int) -> bool:
        """Choose what another program made of a page that is not in the archive itself."""
        if not is_rendering(record) or hash(rendered_address(record.target)) in self._read:
            return False
        return record.target.partition(":")[0].lower() not in _NO_DOCUMENTS and may_hold_text(record.field("Content-Type"), start)

    def told(self) -> str:
        """Sentence part on what was passed over that a person may miss; empty where that is nothing."""
        failed, elsewhere = self._failed.total(), sum(one not in self._read and other not in self._read for one, other in self._revisits)
        parts = []
        if failed:
            statuses = ", ".join(sorted(self._failed))
            parts.append(f"{counted(failed, 'page')} whose server answered with an error ({statuses})")
        if elsewhere:
            parts.append(f"{counted(elsewhere, 'page')} told to be as in an earlier archive, which has the words (revisit)")
        return " and ".join(parts)
