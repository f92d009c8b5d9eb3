"""The parts of an HTTP message that say how its body is to be read, and undoing what was done to the body on the way."""

from __future__ import annotations

import re
import zlib
from typing import TYPE_CHECKING, NamedTuple

from claimreg.errors import InputError
from claimreg.ingest.web.addresses import visible

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

Headers = tuple[tuple[str, str], ...]

PIECE = 64 * 1024
"""Bytes that are read or unpacked at once."""

MOST_CODINGS = 3
"""Content codings on top of each other; more than one is rare, more than this is an attack."""

_GZIP = b"\x1f\x8b"
_ASIDE = b"X-Archive-Orig-"


class BrokenOffError(InputError):
    """A packed body that ends too soon."""


class Dechunked(NamedTuple):
    """A body without its chunks; ``is_whole`` says that the last of them is there, ``is_sure`` that all is as servers write it."""

    content: bytes
    is_whole: bool
    is_sure: bool


class ContentType(NamedTuple):
    """Read a ``Content-Type``: both values in small letters, ``None`` where it says nothing that can be used."""

    media_type: str | None
    charset: str | None


def header(headers: Headers, name: str) -> str | None:
    """The first header of this name, in whatever case."""
    return next((value for key, value in headers if key.lower() == name.lower()), None)


def content_type(value: str | None) -> ContentType:
    """Read a ``Content-Type``, which may be missing or anything."""
    media_type = re.match(r"\s*([\w.+!#$&^-]+/[\w.+!#$&^-]+)\s*(?:;|$)", value or "", re.ASCII)
    charset = re.search(r";\s*charset\s*=\s*[\"']?([\w.:+-]+)", value or "", re.ASCII | re.IGNORECASE)
    return ContentType(media_type[1].lower() if media_type else None, charset[1].lower() if charset else None)


def content_codings(headers: Headers) -> list[str]:
    """The content codings in the order in which they were applied."""
    listed = ",".join(value for key, value in headers if key.lower() == "content-encoding")
    return [coding for coding in (part.strip().lower() for part in listed.split(",")) if coding not in {"", "identity"}]


def is_chunked(headers: Headers) -> bool:
    """Return whether the body was sent in chunks."""
    return "chunked" in (header(headers, "transfer-encoding") or "").lower()


def without_transfer_coding(block: bytes) -> bytes:
    """A header block for a body whose transfer coding is undone: headers that no longer hold are kept under another name.

    The name is the one under which web archives keep such headers.
    """
    if not re.search(rb"^transfer-encoding[ \t]*:", block, re.IGNORECASE | re.MULTILINE):
        return block
    return re.sub(rb"^(?=(?:transfer-encoding|content-length)[ \t]*:)", _ASIDE, block, flags=re.IGNORECASE | re.MULTILINE)


def unpacked(chunks: Iterable[bytes], codings: list[str], limit: int, name: str) -> Iterator[bytes]:
    """The body with its content codings undone, piece by piece; no more than ``limit`` bytes of it.

    Raises `InputError` for a coding that is not known, a broken or cut stream, and more than ``limit`` bytes.
    """
    if len(codings) > MOST_CODINGS:
        raise InputError(f"{name} came packed {len(codings)} times over, which no honest server does; save the page from a browser.")
    for coding in reversed(codings):
        if coding not in {"gzip", "x-gzip", "deflate"}:
            raise InputError(
                f"{name} came packed in a way that is not known here (“{visible(coding[:40])}”); save the page from a browser."
            )
        chunks = _limited(_inflated(chunks, name, gzip="gzip" in coding), limit, name)
    yield from _limited(chunks, limit, name)


def dechunked(body: bytes) -> Dechunked | None:
    """The body of an archived answer that still has its chunks; ``None`` when it has none, or broken ones."""
    pieces: list[bytes] = []
    at, is_sure = 0, True
    while at < len(body) or not pieces:
        end = body.find(b"\n", at, at + 1024)
        line = body[at:end] if end >= 0 else b""
        size = re.fullmatch(rb"\s*([0-9A-Fa-f]{1,8})\s*(?:;[^\n]*)?", line)
        if size is None:
            return None
        is_sure &= line.endswith(b"\r")
        length, start = int(size[1], 16), end + 1
        if length == 0:
            return Dechunked(b"".join(pieces), is_whole=True, is_sure=is_sure and bool(pieces) and not body[start:].strip(b"\r\n"))
        pieces.append(body[start : start + length])
        at = start + length
        at += 2 if body[at : at + 2] == b"\r\n" else 1
    return Dechunked(b"".join(pieces), is_whole=False, is_sure=is_sure)


def _limited(chunks: Iterable[bytes], limit: int, name: str) -> Iterator[bytes]:
    total = 0
    for chunk in chunks:
        total += len(chunk)
        if total > limit:
            raise too_large(name, limit)
        yield chunk


def _inflated(chunks: Iterable[bytes], name: str, *, gzip: bool) -> Iterator[bytes]:
    """Undo gzip, of one or more members, or deflate, with or without its envelope, as servers send both."""
    inflater = zlib.decompressobj(31) if gzip else None
    empty, ended = True, False
    try:
        for chunk in chunks:
            data = chunk
            while data and not ended:
                if inflater is None:
                    inflater = zlib.decompressobj(15 if data[0] & 0x0F == zlib.DEFLATED else -15)
                elif inflater.eof:
                    ended = not gzip or not data.startswith(_GZIP)
                    if ended:
                        break  # padding after the end, as some servers send it; the rest is still received
                    inflater = zlib.decompressobj(31)
                empty = False
                yield inflater.decompress(data, PIECE)
                data = inflater.unconsumed_tail or inflater.unused_data
        while inflater is not None and not inflater.eof and (rest := inflater.decompress(b"", PIECE)):
            yield rest
    except zlib.error:
        raise InputError(f"{name} came in a broken packing; fetch it again, or save the page from a browser.") from None
    if not empty and inflater is not None and not inflater.eof:
        raise BrokenOffError(f"{name} was cut off before its end; fetch it again.")


def too_large(name: str, limit: int) -> InputError:
    """The refusal of what has more than ``limit`` bytes."""
    unit, step = ("MiB", 2**20) if limit >= 2**20 else ("KiB", 2**10)
    return InputError(f"{name} is larger than {limit / step:.4g} {unit}, the most that one document may have; keep the part that matters.")
