"""Documents and their captured bytes: one source for the same bytes or the same address, however often they are handed in."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, NamedTuple

from claimreg.errors import ClaimregError, DamagedRegistryError, InputError, NotFoundError, UsageError, WithheldError
from claimreg.frozen import replace
from claimreg.model import Capture, Locator, Source, record_type_of
from claimreg.services.lookup import require
from claimreg.services.recording.fields import new_fields
from claimreg.services.withholding import HIDDEN, is_sealed, told_error
from claimreg.store.port import AllOf, AnyOf, Equals, Reader, Writer
from claimreg.text.addresses import address_key

if TYPE_CHECKING:
    from collections.abc import Iterator

LOCATORS_SCHEMA = "claimreg.locators/1"
_EITHER_SAYS = ("publisher", "author", "published_at", "lang", "archive_url", "caption")
"""Details that a person gives, else the document."""


class SourceDetails(NamedTuple):
    """Details of a source beside its bytes, from a person or from the document itself."""

    title: str | None = None
    publisher: str | None = None
    published_at: str | None = None
    lang: str | None = None
    url: str | None = None
    author: str | None = None
    archive_url: str | None = None
    caption: str | None = None


class Retrieval(NamedTuple):
    """Record of a fetch: addresses asked for and reached, status, headers, time (UTC), and its WARC file.

    ``typed`` says that a person gave the address asked for, and not an archive.
    """

    asked: str
    reached: str
    status: int
    headers: tuple[tuple[str, str], ...]
    retrieved_at: str
    warc: bytes
    typed: bool = False


class IncomingDocument(NamedTuple):
    """A document as it was handed in: its bytes, the text in them, where they came from, and what it says of itself.

    ``method`` names what extracted the text, ``tool`` what captured the bytes, each with its version. ``notes`` are sentences
    for a person, and ``language_guessed`` says that the language was not told but guessed from the text. ``left_out`` is the second
    text, of what ``text`` leaves out, see `joined`. ``saved_at`` is when the bytes were had (ISO 8601, UTC, or a day), where nothing was
    fetched now. ``transcript`` is the file that a person gave with the words of a picture, a video or a sound recording.
    ``is_known`` says that a source has these bytes already, so that nothing was read of them.
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
    language_guessed: bool = False
    left_out: str = ""
    saved_at: str | None = None
    transcript: bytes | None = None
    is_known: bool = False


class StoredSource(NamedTuple):
    """Result of storing a document: its source and capture, whether the source is new, and the capture before a new one.

    ``is_first`` says that the source was there, of which an address and details were all that was known until now.
    """

    source: Source
    capture: Capture
    is_new: bool
    previous: Capture | None = None
    is_first: bool = False


def find_source(reader: Reader, reference: str) -> Source | None:
    """The source with this id or address; ``None`` when the reference is neither. Raises `NotFoundError` for an id that no source has."""
    if record_type_of(reference.strip()) is Source:
        return require(reader, Source, reference)
    if "://" in reference:
        return source_at(reader, reference)
    return None


def names_a_source(reference: str) -> bool:
    """Return whether a reference is an id of a source or an address, and no file."""
    return record_type_of(reference.strip()) is Source or "://" in reference


def require_source(reader: Reader, reference: str) -> Source:
    """The source with this id or address; raises `NotFoundError` when there is none."""
    source = find_source(reader, reference)
    if source is None:
        raise NotFoundError(f"There is no source “{reference}”; `claimreg source list` shows them all.")
    return source


def source_at(reader: Reader, url: str) -> Source | None:
    """The source that a person gave this address, or that was fetched from it.

    The address that a document claims for itself does not count: a forged or a carelessly made page would pass for another.
    """
    key = address_key(url)
    # A source recorded before addresses had keys has none.
    spelled = AllOf((Equals("url", url.strip()), Equals("url_key", None)))
    named = next(reader.find(Source, AnyOf((Equals("url_key", key), spelled))), None)
    if named is not None:
        return named
    return _in_use(reader, reader.find(Capture, AnyOf((Equals("url_key", key), Equals("reached_key", key)))))


def stored_source(reader: Reader, sha256: str) -> Source | None:
    """The source that has a capture of these bytes."""
    return _in_use(reader, reader.find(Capture, Equals("sha256", sha256)))


def is_stored(reader: Reader, content: bytes) -> bool:
    """Return whether a source in use has a capture of these bytes."""
    return stored_source(reader, _sha256(content)) is not None


def store_source(
    writer: Writer, document: IncomingDocument, details: SourceDetails, *, withheld: str | None = None, typed: bool = True
) -> StoredSource:
    """Keep a document; ``details`` go before what the document says of itself. ``typed`` says that a person gave them here.

    Bytes that are there already give their source; details it lacked are filled in, those it has must agree. With the transcript of a
    picture or a recording they are one more capture, where its text is another one. An address that is
    there already gives its source, too, with one more capture where the text is another one. A source at that address that was not
    captured yet goes before one that has the same bytes.
    Raises `UsageError` where details do not agree.
    """
    retrieval = document.retrieval
    asked = retrieval.asked if retrieval is not None and retrieval.typed else None
    address = details.url if details.url and typed else asked
    places = (details.url, *((retrieval.asked, retrieval.reached) if retrieval else ()))
    there = next((one for place in places if place and (one := source_at(writer, place)) is not None), None)
    is_bare = there is not None and latest_capture(writer, there) is None
    known = stored_source(writer, _sha256(document.content))
    if known is not None and there is not None and any(one.sha256 == _sha256(document.content) for one in captures_of(writer, there)):
        known = there
    if known is not None and not is_bare:
        source = writer.put(_meant(_completed(writer, known, details, withheld), address))
        if document.transcript is not None:
            if source.lang is None and document.details.lang is not None:
                source = writer.put(replace(source, lang=document.details.lang))
            return add_capture(writer, source, document)
        return StoredSource(source, capture_of(writer, source), is_new=False)
    if there is not None:
        source = writer.put(_meant(_completed(writer, there, details._replace(url=there.url), withheld), address))
        return add_capture(writer, source, document)
    source = writer.put(_meant(_new_source(writer, document, details, withheld), address))
    return StoredSource(source, writer.put(_new_capture(writer, source, document)), is_new=True)


def add_capture(writer: Writer, source: Source, document: IncomingDocument) -> StoredSource:
    """Keep one more capture of a source, unless its text is that of the latest one; without a text, unless its bytes are.

    What was left out of the same text makes no new capture, as menus change daily; but where an earlier reader kept nothing of it, it does.
    """
    latest = latest_capture(writer, source)
    if latest is None:
        return _captured_first(writer, source, document)
    known, content = (latest.text_sha256, document.text.encode("utf-8")) if document.text else (latest.sha256, document.content)
    is_kept = not document.left_out or latest.left_out_sha256 is not None or latest.method == document.method
    if _sha256(content) == known and is_kept:
        return StoredSource(source, latest, is_new=False)
    return StoredSource(source, writer.put(_new_capture(writer, source, document)), is_new=False, previous=latest)


def latest_capture(reader: Reader, source: Source) -> Capture | None:
    """The latest capture of a source.

    ``None`` where an address and details are all that is known of it, see `record_bare_source`, and where it is sealed for the reader.
    """
    latest = next(captures_of(reader, source), None)
    return None if latest is None or is_sealed(latest) else latest


def capture_of(reader: Reader, source: Source) -> Capture:
    """The latest capture of a source, where its text or its bytes are needed.

    Raises `InputError` where it was not captured yet, and `WithheldError` where it is sealed for the reader.
    """
    capture = latest_capture(reader, source)
    if capture is None and is_sealed(source):
        raise WithheldError(f"{uncaptured(source)}.")
    if capture is None:
        raise InputError(f"{uncaptured(source)}.")
    return capture


def uncaptured(source: Source) -> str:
    """Say that a source was not captured yet, and how it is, or that it is sealed for whoever works here; without a full stop."""
    if is_sealed(source):
        return f"{source.id} is withheld, and you may not see it; ask a keeper of the registry"
    how = f"`claimreg source recapture {source.id}`"
    if source.url is None:
        return f"{source.id} is not captured yet, and no address of it is known: {how[:-1]} --from FILE` captures it"
    return f"{source.id} is not captured yet: {how} fetches it"


def captured_at(capture: Capture) -> str | None:
    """Time when the bytes of a capture were had; ``None`` where nobody said it, and all that is known is when they were recorded."""
    return capture.retrieved_at if capture.url or capture.retrieved_at != capture.recorded_at else None


def captures_of(reader: Reader, source: Source) -> Iterator[Capture]:
    """The captures of a source, the latest first."""
    return reader.find(Capture, Equals("source_id", source.id), newest_first=True, withdrawn=True)


def text_of(reader: Reader, capture: Capture) -> str:
    """The captured text, as it was stored."""
    return kept_bytes(reader, capture, capture.text_sha256, "text").decode("utf-8")


def joined(text: str, left_out: str) -> str:
    """The captured text followed by what it leaves out, on a line of its own; offsets of links and places count in both together."""
    return f"{text}\n{left_out}" if left_out else text


def left_out_of(reader: Reader, capture: Capture) -> str:
    """The second text of a capture: what its text leaves out of the document; empty where that is nothing."""
    if capture.left_out_sha256 is None:
        return ""
    return kept_bytes(reader, capture, capture.left_out_sha256, "text that was left out").decode("utf-8")


def whole_text_of(reader: Reader, capture: Capture) -> str:
    """The captured text with what it leaves out, see `joined`."""
    return joined(text_of(reader, capture), left_out_of(reader, capture))


def locators_of(reader: Reader, capture: Capture) -> tuple[Locator, ...]:
    """The places that a captured document is quoted by: its pages, its times."""
    if capture.locators_sha256 is None:
        return ()
    kept = kept_bytes(reader, capture, capture.locators_sha256, "list of places")
    try:
        return tuple(Locator(int(start), str(label)) for start, label in json.loads(kept)["locators"])
    except (ValueError, KeyError, TypeError):
        raise DamagedRegistryError(f"The places of the capture {capture.id} cannot be read; restore the registry from a backup.") from None


def kept_bytes(reader: Reader, capture: Capture, sha256: str, what: str) -> bytes:
    """Bytes that are kept of a capture, ``what`` they are being told where they cannot be read.

    Raises `StoreError`, and `WithheldError` where they are sealed for the reader.
    """
    if sha256 == HIDDEN:
        raise WithheldError(f"The {what} of the capture {capture.id} is of a withheld source, which you may not see; ask a keeper.")
    try:
        return reader.blob(sha256)
    except ClaimregError as error:
        # The store knows bytes by their hash and path, which would tell which document it is.
        told = told_error(error, reader.get(Source, capture.source_id), f"The {what} of the capture {capture.id} cannot be read")
        if told is error:
            raise
        raise told from None


def _in_use(reader: Reader, captures: Iterator[Capture]) -> Source | None:
    for capture in captures:
        source = reader.get(Source, capture.source_id)
        if source is not None and source.removed_at is None:
            return source
    return None


def _new_source(writer: Writer, document: IncomingDocument, details: SourceDetails, withheld: str | None) -> Source:
    said = document.details
    url = details.url or (document.retrieval.asked if document.retrieval else None)
    return Source(
        **new_fields(writer, Source),
        **{name: getattr(details, name) or getattr(said, name) for name in _EITHER_SAYS},
        title=details.title or said.title or document.location,
        url=url,
        url_key=address_key(url) if url else None,
        canonical_url=said.url,
        withheld=withheld,
    )


def _captured_first(writer: Writer, source: Source, document: IncomingDocument) -> StoredSource:
    """Keep the first capture of a source, which gets the details that it lacked from the document."""
    source = writer.put(with_details(source, document.details._replace(url=None), document.details.url))
    capture = _capture_again(writer, source, document) if document.is_known else _new_capture(writer, source, document)
    return StoredSource(source, writer.put(capture), is_new=False, is_first=True)


def _capture_again(writer: Writer, source: Source, document: IncomingDocument) -> Capture:
    """A capture of bytes that another source has and that nothing was read of now: its texts are those that were read of them then."""
    there = next(writer.find(Capture, Equals("sha256", _sha256(document.content)), newest_first=True))
    read = document._replace(
        text=text_of(writer, there), left_out=left_out_of(writer, there), locators=locators_of(writer, there), method=there.method,
        tool=there.tool, media_type=there.media_type, encoding=there.encoding,
        transcript=writer.blob(there.transcript_sha256) if there.transcript_sha256 is not None else None,
    )  # fmt: skip
    return _new_capture(writer, source, read)


def with_details(source: Source, details: SourceDetails, canonical_url: str | None = None) -> Source:
    """The source with details that it lacked; a title that was only its address gives way."""
    given = {**details._asdict(), "canonical_url": canonical_url}
    changes = {name: value for name, value in given.items() if value and getattr(source, name) is None}
    if details.title and source.title == source.url:
        changes["title"] = details.title
    if changes.get("url"):
        changes["url_key"] = address_key(changes["url"])
    return replace(source, **changes) if changes else source


def _meant(source: Source, address: str | None) -> Source:
    """The source, its address marked as a person's where it is the one that a person gave."""
    if not address or not source.url or source.url_typed or address_key(address) != address_key(source.url):
        return source
    return replace(source, url_typed=True)


def _new_capture(writer: Writer, source: Source, document: IncomingDocument) -> Capture:
    retrieval = document.retrieval
    places = json.dumps({"schema": LOCATORS_SCHEMA, "locators": document.locators}, ensure_ascii=False, separators=(",", ":"))
    return Capture(
        **new_fields(writer, Capture),
        source_id=source.id,
        sha256=writer.put_blob(document.content),
        text_sha256=writer.put_blob(document.text.encode("utf-8")),
        size=len(document.content),
        length=len(document.text),
        media_type=document.media_type,
        location=document.location,
        method=document.method,
        retrieved_at=(retrieval.retrieved_at if retrieval else None) or document.saved_at or writer.change.at,
        tool=document.tool,
        encoding=document.encoding,
        url=retrieval.asked if retrieval else None,
        url_key=address_key(retrieval.asked) if retrieval else None,
        reached_url=retrieval.reached if retrieval else None,
        reached_key=address_key(retrieval.reached) if retrieval else None,
        status=retrieval.status if retrieval else None,
        headers=retrieval.headers if retrieval else (),
        warc_sha256=writer.put_blob(retrieval.warc) if retrieval else None,
        locators_sha256=writer.put_blob(places.encode("utf-8")) if document.locators else None,
        left_out_sha256=writer.put_blob(document.left_out.encode("utf-8")) if document.left_out else None,
        transcript_sha256=writer.put_blob(document.transcript) if document.transcript is not None else None,
    )


def _completed(reader: Reader, source: Source, details: SourceDetails, withheld: str | None) -> Source:
    """The source with the details that it lacked; a title that was only the document's name gives way."""
    changes: dict[str, str] = {}
    for field in SourceDetails._fields:
        given, known = getattr(details, field), getattr(source, field)
        if given is None or given == known or (field == "url" and known and address_key(known) == address_key(given)):
            continue
        if known is not None and field != "title":
            told = f" ({known})" if source.withheld is None and withheld is None else ""
            raise UsageError(
                f"This document is {source.id} already, with another {field.replace('_', ' ')}{told}; "
                f"`claimreg edit {source.id}` changes it."
            )
        changes[field] = given
    if "url" in changes:
        other = source_at(reader, changes["url"])
        if other is not None and other.id != source.id:
            told = changes["url"] if source.withheld is None and other.withheld is None else "the address given"
            raise UsageError(f"This document is {source.id} already, and {told} is the address of {other.id}.")
        changes["url_key"] = address_key(changes["url"])
    if withheld is not None:
        changes["withheld"] = withheld
    return replace(source, **changes)


def _sha256(content: bytes) -> str:
    import hashlib

    return hashlib.sha256(content).hexdigest()
