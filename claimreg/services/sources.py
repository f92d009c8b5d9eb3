"""Documents and their captured bytes: one source for the same bytes, however often they are handed in."""

from __future__ import annotations

from typing import NamedTuple

from claimreg.errors import DamagedRegistryError, InputError, NotFoundError, UsageError
from claimreg.frozen import replace
from claimreg.model import Capture, Locator, Source, record_type_of
from claimreg.services.lookup import require
from claimreg.store.port import Equals, Reader, Writer


class SourceDetails(NamedTuple):
    """What a person knows of a source beside its bytes, or what the document says of itself."""

    title: str | None = None
    publisher: str | None = None
    published_at: str | None = None
    lang: str | None = None
    url: str | None = None
    author: str | None = None
    archive_url: str | None = None


class Retrieval(NamedTuple):
    """How a document was fetched: addresses asked for and reached, status, headers, time (UTC), and the WARC file of it."""

    asked: str
    reached: str
    status: int
    headers: tuple[tuple[str, str], ...]
    retrieved_at: str
    warc: bytes


class IncomingDocument(NamedTuple):
    """A document as it was handed in: its bytes, the text in them, where they came from, and what it says of itself.

    ``method`` names what extracted the text, ``tool`` what captured the bytes, each with its version.
    """

    content: bytes
    text: str
    location: str
    media_type: str = "text/plain"
    method: str = "text/1"
    tool: str = ""
    encoding: str | None = None
    details: SourceDetails = SourceDetails()
    locators: tuple[Locator, ...] = ()
    retrieval: Retrieval | None = None
    notes: tuple[str, ...] = ()


def decode_document(content: bytes, name: str) -> str:
    """The text in the bytes of a text file, which must be UTF-8; raises `InputError` naming the document."""
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise InputError(f"{name} is not UTF-8 text (byte {error.start + 1}); convert it first, for example with iconv -t UTF-8.") from None
    if "\0" in text:
        raise InputError(f"{name} is not a text: it holds NUL characters.")
    if not text.strip():
        raise InputError(f"{name} is empty; there is nothing to find a quote in.")
    return text


def find_source(reader: Reader, reference: str) -> Source | None:
    """The source with this id or address; ``None`` when the reference is neither.

    Raises `NotFoundError` for an id that no source has.
    """
    if record_type_of(reference.strip()) is Source:
        return require(reader, Source, reference)
    if "://" in reference:
        return next(reader.find(Source, Equals("url", reference.strip())), None)
    return None


def require_source(reader: Reader, reference: str) -> Source:
    """The source with this id or address; raises `NotFoundError` when there is none."""
    source = find_source(reader, reference)
    if source is None:
        raise NotFoundError(f"There is no source “{reference}”; `claimreg source list` shows them all.")
    return source


def stored_source(reader: Reader, sha256: str) -> Source | None:
    """The source that has a capture of these bytes."""
    for capture in reader.find(Capture, Equals("sha256", sha256)):
        source = reader.get(Source, capture.source_id)
        if source is not None and source.removed_at is None:
            return source
    return None


def store_source(writer: Writer, document: IncomingDocument, details: SourceDetails) -> tuple[Source, bool]:
    """Keep a document; returns its source and whether it is new.

    Bytes that are there already give their source; details it lacked are filled in, those it has must agree.
    Raises `UsageError` when they do not.
    """
    sha256 = writer.put_blob(document.content)
    known = stored_source(writer, sha256)
    if known is not None:
        return writer.put(_completed(known, details)), False
    text_sha256 = writer.put_blob(document.text.encode("utf-8"))
    source = Source(
        id=writer.new_id(Source),
        title=details.title or document.location,
        publisher=details.publisher,
        published_at=details.published_at,
        lang=details.lang,
        url=details.url,
        recorded_at=writer.change.at,
        recorded_by=writer.change.user,
    )
    capture = Capture(
        id=writer.new_id(Capture),
        source_id=source.id,
        sha256=sha256,
        text_sha256=text_sha256,
        size=len(document.content),
        length=len(document.text),
        media_type=document.media_type,
        location=document.location,
        method=document.method,
        retrieved_at=writer.change.at,
        recorded_at=writer.change.at,
        recorded_by=writer.change.user,
    )
    writer.put(source)
    writer.put(capture)
    return source, True


def capture_of(reader: Reader, source: Source) -> Capture:
    """The latest capture of a source."""
    capture = next(reader.find(Capture, Equals("source_id", source.id), newest_first=True, withdrawn=True), None)
    if capture is None:
        raise DamagedRegistryError(f"The source {source.id} has no capture; restore the registry from a backup.")
    return capture


def text_of(reader: Reader, capture: Capture) -> str:
    """The captured text, as it was stored."""
    return reader.blob(capture.text_sha256).decode("utf-8")


def _completed(source: Source, details: SourceDetails) -> Source:
    changes: dict[str, str] = {}
    for field in ("title", "publisher", "published_at", "lang", "url"):
        given, known = getattr(details, field), getattr(source, field)
        if given is None or given == known:
            continue
        if known is not None and field != "title":
            raise UsageError(
                f"This document is {source.id} already, with another {field.replace('_', ' ')} ({known}); "
                f"`claimreg edit {source.id}` changes it."
            )
        changes[field] = given
    return replace(source, **changes)
