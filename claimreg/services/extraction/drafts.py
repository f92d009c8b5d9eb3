"""Drafts: the statements proposed for a source, kept once each however often it is asked, until a person decides on them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple, TypeAlias

from claimreg.frozen import replace
from claimreg.model import Draft, DraftState, Source, Statement, record_number
from claimreg.services.entry.statements import find_or_read_source
from claimreg.services.extraction.statements import LikelyParties, has_data, known_tag, statements_of
from claimreg.services.linking.recapture import carry_links, link_first
from claimreg.services.lookup import require
from claimreg.services.recording.fields import new_fields
from claimreg.services.recording.media import check_words
from claimreg.services.recording.sources import SourceDetails, capture_of, store_source, text_of
from claimreg.store.port import Equals

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from claimreg.linker import Linker
    from claimreg.model import Capture
    from claimreg.services.recording.sources import IncomingDocument
    from claimreg.services.surroundings import DocumentReader
    from claimreg.store.port import Reader, Writer

_SAME = 0.5
"""Share of the letters of two statements from which on they are one: what is proposed anew may begin or end a word elsewhere."""

_STRIDE = 1024
"""Code points by which drafts are sorted, so that each statement is compared with those near it alone."""


Found: TypeAlias = tuple[Statement, int | None]
"""A statement, and the place of the one that it is quoted in."""


class Numbered(NamedTuple):
    """A statement with the id of its draft, or the one that it would get."""

    id: str
    statement: Statement


class Extracted(NamedTuple):
    """Statements of one document, in its order; of those that are kept, the drafts.

    ``source`` is ``None`` for a document that is not stored. ``lang`` is the language that it was read in, where that is known, and
    ``has_data`` says whether there is data on speech for it. ``added`` counts the drafts recorded now, ``rejected`` the statements
    that are left out because a person rejected them.
    """

    source: Source | None
    lang: str | None
    has_data: bool
    numbered: tuple[Numbered, ...]
    added: int = 0
    rejected: int = 0


class Asked(NamedTuple):
    """A document, a stored source or one that was read just now, with its text and the statements found in it."""

    source: Source | None
    document: IncomingDocument | None
    lang: str | None
    everything: bool
    text: str
    found: list[Found]


def asked_of(reader: Reader, reference: str, documents: DocumentReader, lang: str | None, *, everything: bool) -> Asked:
    """Find the statements of the document that a reference leads to, before anything is recorded.

    Raises `UsageError` for a language tag that is none, `InputError` and `NotFoundError` for a document that cannot be read.
    """
    tag = known_tag(lang)
    source, document = find_or_read_source(reader, reference, documents)
    if source is not None:
        capture = capture_of(reader, source)
        text, own = text_of(reader, capture), source.lang
        if source.withheld is None:
            check_words(source.id, capture.media_type, text)
    elif document is not None:
        text, own = document.text, document.details.lang
        check_words(reference, document.media_type, text)
    else:
        raise TypeError("a reference leads to a source or a document")
    found = statements_of(text, tag or own, LikelyParties(reader), everything=everything)
    return Asked(source, document, tag or own, everything, text, found)


def proposed(reader: Reader, asked: Asked) -> Extracted:
    """The statements of a document as they would be kept; nothing is recorded."""
    known = _KnownDrafts(reader, asked.source, capture_of(reader, asked.source) if asked.source is not None else None)
    first = 1 + max(map(record_number, reader.ids(Draft)), default=0)
    ids = (f"{Draft.PREFIX}{number}" for number in range(first, first + len(asked.found)))
    there = [known.of(statement) for statement, _nested in asked.found]
    names = [draft.id if draft is not None else next(ids) for draft in there]
    shown = [
        Numbered(name, draft or replace(statement, nested_in=names[nested] if nested is not None else None))
        for name, draft, (statement, nested) in zip(names, there, asked.found, strict=True)
    ]
    return _extracted(asked, asked.source, shown)


def kept(writer: Writer, asked: Asked, linker: Linker) -> Extracted:
    """Keep the statements of a document as drafts, and the document as a source, where they are not there yet."""
    source = _stored(writer, asked, linker)
    capture = capture_of(writer, source)
    known = _KnownDrafts(writer, source, capture)
    text = text_of(writer, capture)
    # The same bytes may be there already with a text that an earlier version of claimreg took from them.
    found = asked.found if text == asked.text else statements_of(text, asked.lang, LikelyParties(writer), everything=asked.everything)
    there = [known.of(statement) for statement, _nested in found]
    fields = [new_fields(writer, Draft) if draft is None else {"id": draft.id} for draft in there]
    place: dict[str, Any] = {"source_id": source.id, "capture_id": capture.id}
    drafts: list[Draft] = []
    for draft, own, (statement, nested) in zip(there, fields, found, strict=True):
        stated = {**vars(statement), "nested_in": fields[nested]["id"] if nested is not None else None}
        drafts.append(draft or writer.put(Draft(**own, **stated, **place)))
    return _extracted(asked, source, [Numbered(draft.id, draft) for draft in drafts])._replace(added=there.count(None))


def _stored(writer: Writer, asked: Asked, linker: Linker) -> Source:
    if asked.source is not None:
        return require(writer, Source, asked.source.id)
    document = asked.document
    if document is None:
        raise TypeError("a reference leads to a source or a document")
    given = SourceDetails(lang=asked.lang if asked.lang != document.details.lang else None)
    stored = store_source(writer, document, given)
    if stored.previous is not None:
        carry_links(writer, stored.previous, stored.capture, linker)
    elif stored.is_first:
        link_first(writer, stored.source, linker)
    return stored.source


def _extracted(asked: Asked, source: Source | None, found: Sequence[Numbered]) -> Extracted:
    shown = tuple(one for one in found if not (isinstance(one.statement, Draft) and _is_refused(one.statement)))
    return Extracted(source, asked.lang, has_data(asked.lang), shown, rejected=len(found) - len(shown))


def _is_refused(draft: Draft) -> bool:
    return draft.state is DraftState.REJECTED or draft.removed_at is not None


class _KnownDrafts:
    """The drafts of a source, to be found again by the place of a statement or, for another capture, by its words."""

    def __init__(self, reader: Reader, source: Source | None, capture: Capture | None) -> None:
        self._near: dict[int, list[Draft]] = {}
        self._by_words: dict[tuple[str, ...], Draft] = {}
        drafts = reader.find(Draft, Equals("source_id", source.id), withdrawn=True) if source is not None else ()
        for draft in drafts:
            if capture is not None and draft.capture_id == capture.id:
                for block in _blocks(draft):
                    self._near.setdefault(block, []).append(draft)
            else:
                self._by_words[_words(draft)] = draft

    def of(self, statement: Statement) -> Draft | None:
        """The draft of a statement; ``None`` where there is none yet."""
        near = {draft.id: draft for block in _blocks(statement) for draft in self._near.get(block, ())}
        best = max(near.values(), key=lambda draft: _shared(statement, draft), default=None)
        if best is not None and _shared(statement, best) >= _SAME:
            return best
        return self._by_words.get(_words(statement))


def _blocks(statement: Statement) -> Iterable[int]:
    return range(statement.start // _STRIDE, statement.end // _STRIDE + 1)


def _words(statement: Statement) -> tuple[str, ...]:
    return tuple(statement.exact[start - statement.start : end - statement.start] for start, end in statement.parts)


def _shared(first: Statement, second: Statement) -> float:
    """The share (0..1) of the code points of either that both have."""
    both = sum(max(0, min(one.end, other.end) - max(one.start, other.start)) for one in first.parts for other in second.parts)
    either = sum(end - start for start, end in (*first.parts, *second.parts)) - both
    return both / either if either else 0.0
