"""Sources that may not be named: what may be shown in their place, and of everything that would tell which document they are.

Their words are quoted all the same. Whatever else is told is told by a list of what may be, so that a field added later is
hidden until somebody says that it may be shown:

- a source and its captures: their ids, who recorded them when, why the source is withheld;
- a place of a quote in them: its kind, score and flags, and of its words none but the quote's own, ``[…]`` standing for those that
  differ. No surroundings, no offsets, no page or time; and no probability, which depends on how long the document is.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

from claimreg.codec import to_document
from claimreg.errors import ClaimregError
from claimreg.frozen import replace
from claimreg.model import Attribution, Capture, Draft, Link, LinkKind, Place, Record, Source, Span, WordChange, WordEdit, record_type_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from claimreg.model import Document, Event
    from claimreg.store.port import Reader

HIDDEN = "withheld"
"""Replacement of a withheld value that cannot be empty."""

OTHER_WORDS = "[…]"
"""Replacement of words of a withheld source that are not the quote's."""

_RECORDED = frozenset({"id", "recorded_at", "recorded_by", "removed_at"})
_TOLD_FIELDS: dict[type[Record], frozenset[str]] = {
    Source: _RECORDED,
    Capture: _RECORDED | {"source_id"},
    Draft: _RECORDED | {"source_id", "capture_id", "state", "attribution_id"},
    Link: _RECORDED
    | {"attribution_id", "source_id", "capture_id", "anchored_from", "state", "kind", "score", "edits", "flags", "not_judged", "method"},
}
"""Fields that may be shown of records of a withheld source; of any other field, only that it has a value."""


class WithheldPlace(Place):
    """A place in a withheld source as others may see it; see `claimreg.model.Place` for the fields.

    Its text is made of the quote's words, and its offsets are into that text; see `offsets_of`.
    """


class WithheldLink(Link):
    """A link into a withheld source as others may see it: as `WithheldPlace`. It is shown, and never recorded."""


class WithheldCapture(Capture):
    """A capture of a withheld source as others may see it. It is shown, and never recorded."""


def is_withheld(shown: object) -> bool:
    """Return whether a record shown stands for something withheld; its fields that cannot be empty then hold nothing true."""
    return isinstance(shown, WithheldLink | WithheldPlace | WithheldCapture) or (isinstance(shown, Source) and shown.withheld is not None)


def is_sealed(record: Source | Capture) -> bool:
    """Return whether a record is all that whoever works here may see of one of a withheld source, as a shared registry gives it."""
    if isinstance(record, Capture):
        return record.sha256 == HIDDEN
    return record.withheld is not None and record.title == HIDDEN and record.url is None and record.lang is None


def offsets_of(shown: Place) -> Span | None:
    """Return where a place begins and ends in its source, ``None`` where nobody may know."""
    return None if is_withheld(shown) else Span(shown.start, shown.end)


def named_or_withheld(source: Source) -> Source:
    """The source as others may see it: itself, or without all that names it."""
    if source.withheld is None:
        return source
    told = {name: getattr(source, name) for name in _TOLD_FIELDS[Source]}
    return Source(**told, title=f"Source withheld: {source.withheld}", withheld=source.withheld)


def capture_or_withheld(capture: Capture, source: Source) -> Capture:
    """The capture as others may see it: itself, or its id and nothing that is the document's."""
    if source.withheld is None:
        return capture
    return WithheldCapture(
        id=capture.id, source_id=capture.source_id, recorded_at=capture.recorded_at, recorded_by=capture.recorded_by,
        removed_at=capture.removed_at, sha256=HIDDEN, text_sha256=HIDDEN, size=0, length=0, media_type=HIDDEN, location=HIDDEN,
        method=HIDDEN, retrieved_at=HIDDEN,
    )  # fmt: skip


def link_or_withheld(link: Link, source: Source | None, attribution: Attribution | None) -> Link:
    """The link as others may see it; ``source`` and ``attribution`` are its own, ``None`` where they are lost.

    Of a source that is lost nobody can say whether it may be named.
    """
    if source is not None and source.withheld is None:
        return link
    # Withdrawn by itself, it may be of words that the attribution had earlier.
    together = attribution is not None and link.removed_at in (None, attribution.removed_at)
    told = _told_text(link, attribution.quote if attribution is not None and together else None)
    kept = {name: value for name, value in vars(link).items() if name in _TOLD_FIELDS[Link]}
    return WithheldLink(**{**kept, **told._asdict(), **_HIDDEN_OF_PLACE})


def place_or_withheld(place: Place, source: Source | None, quote: str) -> WithheldPlace | None:
    """Return what others may see of a place just found, where it is in a withheld source; ``None`` for one that may be shown as it is."""
    if source is None or source.withheld is None:
        return None
    told = _told_text(place, quote)
    return WithheldPlace(
        score=place.score, kind=place.kind, edits=place.edits, flags=place.flags, not_judged=place.not_judged, **told._asdict(),
        **_HIDDEN_OF_PLACE,
    )  # fmt: skip


def told_document(record: Record) -> Document:
    """A record of a withheld source, field by field, the fields that may not be told empty."""
    return _told(type(record), to_document(record))


def told_events(reader: Reader, events: Iterable[Event]) -> Iterator[Event]:
    """The history as others may see it: events of withheld sources, of their captures and links without what they say.

    Their hashes are as they were recorded, so the chain can be followed still; their salts are left out, so that nobody can try
    guesses on the hashes.
    """
    withheld = {source.id for source in reader.find(Source, withdrawn=True) if source.withheld is not None}
    for event in events:
        record_type = record_type_of(event.object_id)
        if record_type in _TOLD_FIELDS and any(_source_id(record_type, side) in withheld for side in (event.before, event.after)):
            before, after = (side and _told(record_type, side) for side in (event.before, event.after))
            yield replace(event, before=before, after=after, salt="")
        else:
            yield event


def told_error(error: ClaimregError, source: Source | None, what: str) -> ClaimregError:
    """An error that others may see; of a withheld source it says ``what`` could not be done, and neither address nor hash."""
    if source is None or source.withheld is None:
        return error
    return type(error)(f"{what}; more is not said, as {source.id} is withheld.")


class Withheld:
    """Records and bytes that belong to withheld sources, as far as a damaged registry tells.

    Records and the history are asked both, as one of them may be what is damaged.
    """

    def __init__(self, reader: Reader) -> None:
        by_records: set[str] = set()
        by_history: set[str] = set()
        self._owner: dict[str, str] = {}
        self._hashes: dict[str, set[str]] = {}
        for record_type in (Source, Capture, Link, Draft):
            try:
                for record in reader.find(record_type, withdrawn=True):
                    self._take(record_type, record.id, to_document(record), by_records)
            except ClaimregError:
                continue
        try:
            for event in reader.history():
                kind = record_type_of(event.object_id)
                if kind in _TOLD_FIELDS and event.after is not None:
                    self._take(kind, event.object_id, event.after, by_history)
        except ClaimregError:
            pass
        self._sources = by_records | by_history

    def fault(self, place: str, what: str) -> tuple[str, str]:
        """The place of damage and what is wrong there, without a hash, a path or an offset of a withheld source."""
        place = next((one for one in self._hashes.get(place, ()) if self._owner[one] in self._sources), place)
        if self._owner.get(place) not in self._sources:
            return place, what
        record_type = record_type_of(place)
        if record_type is Capture:
            return place, f"its bytes or its text are not what was recorded of {self._owner[place]}, which is withheld"
        if record_type is Link:
            return place, f"it is not what was recorded of {self._owner[place]}, which is withheld"
        return place, what

    def _take(self, record_type: type[Record], record_id: str, document: Document, withheld: set[str]) -> None:
        source_id = record_id if record_type is Source else document.get("source_id")
        if not isinstance(source_id, str):
            return
        self._owner[record_id] = source_id
        if record_type is Source and document.get("withheld") is not None:
            withheld.add(record_id)
        elif record_type is Source:
            withheld.discard(record_id)
        for name, value in document.items():
            if name.endswith("sha256") and isinstance(value, str):
                self._hashes.setdefault(value, set()).add(record_id)


class _ToldText(NamedTuple):
    """Part of a passage that may be shown, with its parts and words."""

    start: int
    end: int
    exact: str
    parts: tuple[Span, ...]
    words: tuple[WordEdit, ...]


_HIDDEN_OF_PLACE: dict[str, Any] = {"prefix": "", "suffix": "", "probability": 1.0}


def _told_text(place: Place, quote: str | None) -> _ToldText:
    """A passage told in the quote's own words, whatever the source's spelling; words that differ are told by a sign."""
    aligned = bool(place.words) or place.kind is LinkKind.EXACT
    if quote is None or not aligned or any(edit.quote.end > len(quote) for edit in place.words):
        return _ToldText(0, len(OTHER_WORDS), OTHER_WORDS, (Span(0, len(OTHER_WORDS)),), ())
    if place.kind is LinkKind.EXACT:
        as_quoted = tuple(edit._replace(source=edit.quote) for edit in place.words)
        return _ToldText(0, len(quote), quote, (Span(0, len(quote)),), as_quoted)
    told = ""
    words: list[WordEdit] = []
    done = place.words[0].quote.start if place.words else 0
    for edit in place.words:
        between, done = quote[done : edit.quote.start], max(done, edit.quote.end)
        if edit.source.start == edit.source.end:
            words.append(edit._replace(source=Span(len(told), len(told))))
            continue
        if edit.quote.start == edit.quote.end and told and not (told + between)[-1].isspace():
            between += " "
        elif told.endswith(OTHER_WORDS) and not between:
            between = " "
        told += between
        start = len(told)
        told += quote[edit.quote.start : edit.quote.end] if edit.change is WordChange.KEPT else OTHER_WORDS
        words.append(edit._replace(source=Span(start, len(told))))
    return _ToldText(0, len(told), told, tuple(_told_parts(place, words)), tuple(words))


def _told_parts(place: Place, words: list[WordEdit]) -> Iterator[Span]:
    """The stretch of the told text that each part of the passage became."""
    for part in place.parts:
        inside = [
            told.source
            for told, edit in zip(words, place.words, strict=True)
            if part.start <= edit.source.start < edit.source.end <= part.end
        ]
        yield Span(min(one.start for one in inside), max(one.end for one in inside)) if inside else Span(0, 0)


def _told(record_type: type[Record], document: Document) -> Document:
    return {name: value if name in _TOLD_FIELDS[record_type] else None for name, value in document.items()}


def _source_id(record_type: type[Record], document: Document | None) -> object:
    if document is None:
        return None
    return document.get("id") if record_type is Source else document.get("source_id")
