"""Documents on their way into the registry, in batches; and sources that are captured again."""

from __future__ import annotations

from time import monotonic
from typing import TYPE_CHECKING, NamedTuple

from claimreg.errors import ClaimregError, InputError, UsageError, WithheldError
from claimreg.model import Link, Source
from claimreg.services.lookup import require
from claimreg.services.recording.media import medium_of, without_text
from claimreg.services.recording.sources import add_capture, is_stored, latest_capture, require_source, store_source, text_of, uncaptured
from claimreg.services.reporting.views import SourceView, link_view, source_view
from claimreg.services.withholding import is_sealed, is_withheld, told_error

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence

    from claimreg.linker import Linker
    from claimreg.services.linking.recapture import CarriedLink, ChangedLine, FirstLinks
    from claimreg.services.recording.sources import IncomingDocument, SourceDetails, StoredSource
    from claimreg.services.surroundings import ReadDocument
    from claimreg.store.port import Reader, Writer

BATCH_SECONDS = 5.0
BATCH_DOCUMENTS = 200
BATCH_BYTES = 64 * 2**20
"""Seconds, documents and bytes after which what was read is recorded: others may write in between, and an interruption costs little."""

_FIRST_SECONDS = 1.0
"""Seconds after which the first documents are recorded, so that somebody who waits sees how it goes."""


class AddedDocument(NamedTuple):
    """Outcome for one document: how it was stored, or why it could not be read.

    ``carried`` are the links of the capture before; ``notes`` are sentences for a person; ``language_guessed`` says that the
    document's language was guessed; ``view`` is the source as it stands then, where it was asked for. ``first`` are the links of a
    source that was there and not captured until now.
    """

    name: str
    error: ClaimregError | None = None
    stored: StoredSource | None = None
    carried: tuple[CarriedLink, ...] = ()
    notes: tuple[str, ...] = ()
    language_guessed: bool = False
    view: SourceView | None = None
    first: FirstLinks | None = None


class Batch(NamedTuple):
    """Documents that were recorded together; ``alone`` says that the one in it is all there was to add."""

    documents: tuple[AddedDocument, ...]
    alone: bool


class Recaptured(NamedTuple):
    """Outcome for a source that was captured again: how it was stored, or why it could not be.

    ``lines`` are those that changed, none of a withheld source; ``views`` are the new links of each one carried, where they were asked for.
    ``first`` are the links of a source that was not captured until now.
    """

    source: Source
    error: ClaimregError | None = None
    stored: StoredSource | None = None
    carried: tuple[CarriedLink, ...] = ()
    lines: tuple[ChangedLine, ...] = ()
    views: tuple[tuple[Link, ...], ...] = ()
    first: FirstLinks | None = None


def check_lone(details: SourceDetails, read: Iterable[ReadDocument]) -> None:
    """Raise `UsageError` where several documents, of which the first ones are read, are given what can be true of one only."""
    if any((details.title, details.url, details.archive_url, details.caption, *(one.document and one.document.transcript for one in read))):
        raise UsageError("--title, --url, --archive-url, --caption and --transcript tell of one document; add it by itself.")


def in_batches(read: Iterable[ReadDocument], told: Callable[[int], None] = lambda _read: None) -> Iterator[list[ReadDocument]]:
    """Documents in lists that are worth a transaction each; ``told`` is told how many were read so far.

    Where reading is interrupted, what was read until then comes first, and then the interruption.
    """
    batch: list[ReadDocument] = []
    size = 0
    due = monotonic() + _FIRST_SECONDS
    try:
        for number, one in enumerate(read, 1):
            told(number)
            batch.append(one)
            size += len(one.document.content) if one.document is not None else 0
            if len(batch) >= BATCH_DOCUMENTS or size > BATCH_BYTES or monotonic() >= due:
                whole, batch, size = batch, [], 0
                yield whole
                due = monotonic() + BATCH_SECONDS
    except KeyboardInterrupt:
        if batch:
            yield batch
        raise
    if batch:
        yield batch


def add_document(
    writer: Writer, read: ReadDocument, details: SourceDetails, linker: Callable[[None], Linker], *, withheld: str | None, view: bool
) -> AddedDocument:
    """Store a document, and carry the links of the capture before to it."""
    document = read.document
    if document is None:
        return AddedDocument(read.name, read.error)
    if document.is_known and not is_stored(writer, document.content):
        return AddedDocument(read.name, InputError(f"{read.name} was removed from the registry meanwhile; add it again."))
    stored = store_source(writer, document, details, withheld=withheld)
    carried: tuple[CarriedLink, ...] = ()
    if stored.previous is not None:
        from claimreg.services.linking.recapture import carry_links

        carried = carry_links(writer, stored.previous, stored.capture, linker(None))
    first = _first_links(writer, stored, linker(None)) if stored.is_first else None
    seen = source_view(writer, stored.source) if view else None
    notes = document.notes
    if medium_of(stored.capture.media_type) and not stored.capture.length:
        notes = (*notes, without_text("It", stored.capture.media_type))
    return AddedDocument(read.name, None, stored, carried, notes, document.language_guessed, seen, first)


def sources_to_recapture(reader: Reader, references: Sequence[str], *, every: bool, is_given: bool) -> list[Source]:
    """The sources to capture again; ``is_given`` says that the new form of one is given, rather than fetched."""
    if every == bool(references):
        raise UsageError("Give sources to capture again, or --all.")
    if every:
        sources = [source for source in reader.find(Source) if _address_in(reader, source)]
    else:
        sources = [require_source(reader, reference) for reference in references]
    if sealed := next(filter(is_sealed, sources), None):
        raise WithheldError(f"{uncaptured(sealed)}.")
    if is_given and len(sources) != 1:
        raise UsageError("--from is the new form of one source; give just that one.")
    return sources


def address_of(reader: Reader, source: Source) -> str:
    """Return where a source is fetched from; raises `UsageError` where that is not known."""
    address = _address_in(reader, source)
    if not address:
        raise UsageError(f"{source.id} has no address to fetch it from; give its new form with --from FILE.")
    return address


def told_of(error: InputError, source: Source, *, revealed: bool) -> ClaimregError:
    """Return why a source could not be read again, without its address where that is withheld."""
    return error if revealed else told_error(error, source, "Nothing was captured (--reveal tells why)")


def capture_again(writer: Writer, source: Source, document: IncomingDocument, linker: Linker, *, revealed: bool, view: bool) -> Recaptured:
    """Keep one more capture of a source where its text changed, and carry its links there; of the first one, find its quotes."""
    from claimreg.services.linking.recapture import carry_links, changed_lines

    stored = add_capture(writer, require(writer, Source, source.id), document)
    if stored.is_first:
        return Recaptured(stored.source, None, stored, first=_first_links(writer, stored, linker))
    if stored.previous is None:
        return Recaptured(source, None, stored)
    carried = carry_links(writer, stored.previous, stored.capture, linker)
    hidden = is_withheld(source) and not revealed
    lines = () if hidden else tuple(changed_lines(text_of(writer, stored.previous), text_of(writer, stored.capture)))
    views = tuple(tuple(link_view(writer, link, revealed=revealed) for link in one.new) for one in carried) if view else ()
    return Recaptured(source, None, stored, carried, lines, views)


def _first_links(writer: Writer, stored: StoredSource, linker: Linker) -> FirstLinks:
    from claimreg.services.linking.recapture import link_first

    return link_first(writer, stored.source, linker)


def _address_in(reader: Reader, source: Source) -> str:
    # A person's word on the address goes before the document's own.
    capture = None if source.url_typed else latest_capture(reader, source)
    return (capture.url if capture is not None else None) or source.url or ""
