"""The bodies of archived answers, whatever their heads say wrongly of how they are packed and sent."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple

from claimreg.ingest.web.addresses import visible
from claimreg.ingest.web.http_message import MOST_CODINGS, BrokenOffError, content_codings, dechunked, is_chunked, unpacked
from claimreg.ingest.web.warc_choice import begins_as_document
from claimreg.ingest.web.warc_stream import GZIP

if TYPE_CHECKING:
    from claimreg.ingest.web.http_message import Headers

BROKE_OFF = "It broke off before its end when it was archived; what there is of it was read."
_NO_TEXT = re.compile(rb"[\x00-\x06\x0e-\x1a]")
_LOOKED_AT = 4096


class Body(NamedTuple):
    """The body of an answer as its reader had it; ``stages`` are the forms that a digest may have been made of."""

    content: bytes
    stages: list[bytes]
    notes: tuple[str, ...] = ()


def body_of(sent: bytes, headers: Headers, limit: int, label: str) -> Body:
    """Undo how a body was sent, by what it is more than by what its head says, which is wrong often enough.

    Raises `InputError` for one that is packed in a way that is not known, is broken, or has more than ``limit`` bytes.
    """
    chunks = dechunked(sent)
    notes: list[str] = []
    content = sent
    if chunks is not None and (chunks.is_whole or chunks.is_sure) and (is_chunked(headers) or (chunks.is_whole and chunks.is_sure)):
        content = chunks.content
        notes += () if chunks.is_whole else (BROKE_OFF,)
    stages = [sent, content]
    codings = content_codings(headers)
    if len(codings) > MOST_CODINGS:
        list(unpacked([], codings, limit, label))
    for coding in reversed(codings):
        if _is_bare(content, coding):
            notes.append(f"It is said to have come packed ({visible(coding[:40])}), which it had not; it was read as it is.")
            continue
        content, told = _unpacked(content, coding, limit, label)
        notes += told
        stages.append(content)
    for _ in range(MOST_CODINGS):
        if not content.startswith(GZIP):
            break
        content, told = _unpacked(content, "gzip", limit, label)
        notes += ("It came packed (gzip) without saying so; it was unpacked.", *told)
        stages.append(content)
    return Body(content, stages, tuple(dict.fromkeys(notes)))


def _is_bare(content: bytes, coding: str) -> bool:
    """Return whether bytes that are said to be packed are none."""
    if "gzip" in coding:
        return not content.startswith(GZIP)
    return begins_as_document(content) or (bool(content) and not _NO_TEXT.search(content, 0, _LOOKED_AT) and _is_utf8(content[:_LOOKED_AT]))


def _is_utf8(start: bytes) -> bool:
    try:
        start.decode("utf-8")
    except UnicodeDecodeError as error:
        return error.reason == "unexpected end of data"
    return True


def _unpacked(packed: bytes, coding: str, limit: int, label: str) -> tuple[bytes, tuple[str, ...]]:
    """The bytes unpacked; where they end too soon, those that there are, and a sentence on that."""
    pieces: list[bytes] = []
    try:
        pieces.extend(unpacked([packed], [coding], limit, label))
    except BrokenOffError:
        return b"".join(pieces), (BROKE_OFF,)
    return b"".join(pieces), ()
