"""Quotes and the places where they stand: finding them, and keeping what was found as suggestions for a person."""

from __future__ import annotations

from collections import deque
from itertools import groupby
from types import MappingProxyType
from typing import TYPE_CHECKING, NamedTuple

from claimreg.errors import InputError
from claimreg.frozen import replace
from claimreg.linker.types import is_intact
from claimreg.model import Attribution, Capture, Claim, Link, LinkKind, LinkState, Looked, Source, record_type_of
from claimreg.services.linking.likely import LikelyDocuments, are_many, stored_collection
from claimreg.services.linking.looked import as_far_as_seen, note_looked
from claimreg.services.linking.rejudge import LookedAgain, Rejudged, is_same_place, look_again, store_rejudged, with_links
from claimreg.services.linking.texts import Texts, find_in_text, find_left_out, find_within, read_texts, stored_texts
from claimreg.services.lookup import require
from claimreg.services.recording.bare import has_texts, passed_over
from claimreg.services.recording.fields import new_fields
from claimreg.services.recording.media import check_words, without_text
from claimreg.services.recording.places import label_of, lies_outside
from claimreg.services.recording.sources import capture_of, find_source, latest_capture, names_a_source, require_source
from claimreg.services.reporting.views import Where, link_view, where_of
from claimreg.services.withholding import WithheldPlace, place_or_withheld
from claimreg.store.port import AllOf, Equals, Reader, Store, Writer

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence

    from claimreg.linker import Findings, Linker, Match
    from claimreg.linker.collection import Collection
    from claimreg.services.surroundings import DocumentReader


class FoundIn(NamedTuple):
    """One place of a quote in a document; ``document`` names the input.

    ``place`` is the label of the place (``page 3``, ``headline``), and ``left_out`` says that it lies in what was left out of the
    document's text: of an article, where the document ``is_page``. Nothing is told of these where the document is withheld.
    """

    document: str
    match: Match | WithheldPlace
    place: str | None = None
    left_out: bool = False
    is_page: bool = False


class DocumentsCheck(NamedTuple):
    """Places of a quote in the documents searched, and the nearest place below the bar when there is none.

    It is to several documents, which may be withheld, what `claimreg.linker.types.QuoteCheck` is to one text.
    """

    quote: str
    places: tuple[FoundIn, ...]
    nearest: FoundIn | None

    @property
    def intact(self) -> bool:
        """Return whether the quote stands somewhere with its words and their meaning unchanged."""
        return _any_intact(self.places)


class LinkProposal(NamedTuple):
    """Result of a linker for one attribution's quote in one source."""

    attribution: Attribution
    source: Source
    capture: Capture
    matches: tuple[Match, ...]
    nearest: Match | None


class LinkChanges(NamedTuple):
    """Changes made by storing proposals: links that are new, were there already, or were withdrawn as no longer found."""

    added: tuple[Link, ...] = ()
    kept: tuple[Link, ...] = ()
    withdrawn: tuple[Link, ...] = ()


def check_quote(quote: str, documents: Iterable[tuple[str, Texts]], linker: Linker) -> DocumentsCheck:
    """Find a quote in named documents; nothing is recorded.

    What was left out of their texts is looked through only where the quote stands unaltered in none of these.
    Raises `InputError` for a quote that no place could be told by.
    """
    places: list[FoundIn] = []
    nearest: FoundIn | None = None
    again: deque[tuple[str, Texts]] = deque()
    for name, document in documents:
        findings = find_in_text(quote, document, linker)
        places.extend(_found_in(name, document, match) for match in findings.matches)
        nearest = _nearer(nearest, name, document, findings)
        if document.left_out is not None:
            # Of many documents, no more than this is kept in memory.
            again.append((name, document._replace(text="")))
    if not _any_intact(places):
        besides: list[FoundIn] = []
        while again:
            name, document = again.popleft()
            findings = find_left_out(quote, document, linker)
            besides.extend(_found_in(name, document, match) for match in findings.matches)
            nearest = _nearer(nearest, name, document, findings)
        places = besides if _any_intact(besides) or not places else places
    places.sort(key=lambda place: -place.match.score)
    if any(place.match.kind is not LinkKind.ALTERED for place in places):
        # Where the words stand unaltered, other documents' like words are not the quote's.
        places = [place for place in places if place.match.kind is not LinkKind.ALTERED]
    return DocumentsCheck(quote, tuple(places), None if places else nearest)


def _found_in(name: str, document: Texts, match: Match) -> FoundIn:
    label = label_of(document.locators(), match.start, match.end, document.length)
    return FoundIn(name, match, label, lies_outside(match.start, document.length), document.is_page)


def _nearer(nearest: FoundIn | None, name: str, document: Texts, findings: Findings) -> FoundIn | None:
    if findings.nearest is None or (nearest is not None and findings.nearest.score <= nearest.match.score):
        return nearest
    return _found_in(name, document, findings.nearest)


def _any_intact(places: Iterable[FoundIn]) -> bool:
    return any(is_intact(place.match.kind, place.match.flags, place.match.not_judged) for place in places)


def speaks_of_sources(check: DocumentsCheck) -> bool:
    """Return whether any place is in a stored source rather than in a document that was handed in."""
    return any(record_type_of(place.document) is Source for place in _all_places(check))


def told_check(reader: Reader, check: DocumentsCheck) -> DocumentsCheck:
    """The check as others may see it: of withheld sources no words but the quote's own."""
    shown = {place: _told_place(reader, check.quote, place) for place in _all_places(check)}
    return check._replace(
        places=tuple(shown[place] for place in check.places), nearest=shown[check.nearest] if check.nearest is not None else None
    )


def _all_places(check: DocumentsCheck) -> tuple[FoundIn, ...]:
    return (*check.places, check.nearest) if check.nearest is not None else check.places


def _told_place(reader: Reader, quote: str, place: FoundIn) -> FoundIn:
    source = reader.get(Source, place.document) if record_type_of(place.document) is Source else None
    told = place_or_withheld(place.match, source, quote)
    return place if told is None else FoundIn(place.document, told)


def propose_links(reader: Reader, attributions: Iterable[Attribution], sources: Iterable[Source], linker: Linker) -> Iterator[LinkProposal]:
    """Find the attributions' quotes in the sources, those that are captured; a quote that cannot be told by its words proposes nothing."""
    wanted = [attribution for attribution in attributions if attribution.quote]
    for source in sources:
        capture = latest_capture(reader, source)
        if capture is None:
            continue
        texts = stored_texts(reader, capture)
        for attribution in wanted:
            yield propose_link(attribution, source, capture, texts, linker)


def propose_anywhere(
    store: Store, attributions: Iterable[Attribution], linker: Linker, tell: Callable[[str], None] = lambda _sentence: None
) -> Iterator[LinkProposal]:
    """Find the attributions' quotes in all stored sources, through their index when they are many.

    ``tell`` is told in a sentence what was done to the index.
    """
    if not are_many(store):
        yield from propose_links(store, attributions, store.find(Source), linker)
        return
    with LikelyDocuments(store, tell) as documents:
        for attribution in attributions:
            for source, capture, text in documents.of(attribution.quote or ""):
                yield propose_link(attribution, source, capture, stored_texts(store, capture, text), linker)


def propose_link(attribution: Attribution, source: Source, capture: Capture, texts: Texts, linker: Linker) -> LinkProposal:
    """Find one attribution's quote in one captured document."""
    try:
        findings = find_within(attribution.quote or "", texts, linker, attribution.lang or source.lang)
    except InputError:
        return LinkProposal(attribution, source, capture, (), None)
    return LinkProposal(attribution, source, capture, findings.matches, findings.nearest)


def store_links(writer: Writer, proposals: Iterable[LinkProposal], method: str) -> LinkChanges:
    """Keep what was found as suggested links.

    A place that a person confirmed or rejected is left as decided, also where another linker sees it begin or end elsewhere; a suggestion
    of this very method that is no longer found is withdrawn.
    """
    added: list[Link] = []
    kept: list[Link] = []
    withdrawn: list[Link] = []
    for proposal in proposals:
        condition = AllOf((Equals("attribution_id", proposal.attribution.id), Equals("source_id", proposal.source.id)))
        known = {(link.start, link.end): link for link in writer.find(Link, condition) if link.capture_id == proposal.capture.id}
        decided = [link for link in known.values() if link.state is not LinkState.SUGGESTED]
        for match in proposal.matches:
            link = known.pop((match.start, match.end), None) or _decided_place(match, decided)
            if link is None:
                added.append(writer.put(new_link(writer, proposal.attribution, proposal.capture, match, method)))
            else:
                kept.append(writer.put(_refreshed(link, match, method)))
        stale = (link for link in known.values() if link.state is LinkState.SUGGESTED and link.method == method)
        withdrawn.extend(writer.put(replace(link, removed_at=writer.change.at)) for link in stale)
    return LinkChanges(tuple(added), tuple(kept), tuple(withdrawn))


def relink(writer: Writer, attribution: Attribution, proposals: Iterable[LinkProposal], method: str, *, quote_changed: bool) -> LinkChanges:
    """Update an edited attribution's links; with other words, no earlier link holds, whoever confirmed it."""
    withdrawn: tuple[Link, ...] = ()
    if quote_changed:
        earlier = tuple(writer.find(Link, Equals("attribution_id", attribution.id)))
        withdrawn = tuple(writer.put(replace(link, removed_at=writer.change.at)) for link in earlier)
    changes = store_links(writer, proposals, method)
    return changes._replace(withdrawn=(*withdrawn, *changes.withdrawn))


def _decided_place(match: Match, decided: Iterable[Link]) -> Link | None:
    """The link of a place that a person decided on and that this match is of."""
    return next((link for link in decided if is_same_place(match, link)), None)


def _refreshed(link: Link, match: Match, method: str) -> Link:
    if link.state is not LinkState.SUGGESTED or link.method == method:
        return link
    return replace(link, **match.place(), method=method)


def new_link(writer: Writer, attribution: Attribution, capture: Capture, match: Match, method: str) -> Link:
    """A link that is suggested for a place that was found; it is not stored yet."""
    return Link(
        **new_fields(writer, Link), **match.place(), attribution_id=attribution.id, source_id=capture.source_id,
        capture_id=capture.id, method=method,
    )  # fmt: skip


class Linked(NamedTuple):
    """Changes of a search for quotes, the links that stand now, and the attributions whose quotes were found nowhere.

    ``rejudged`` has the links of earlier methods and what became of them; like ``found``, as others may see them. ``where`` tells more
    of their places, by their ids. ``passed_over`` counts in a sentence the sources that are not captured yet.
    """

    changes: LinkChanges
    found: tuple[Link, ...]
    lost: tuple[Attribution, ...]
    rejudged: tuple[Rejudged, ...] = ()
    where: Mapping[str, Where] = MappingProxyType({})
    passed_over: str | None = None


class Looking(NamedTuple):
    """Findings of the attributions' quotes before they are stored; ``head`` is the hash of the last event then.

    ``is_looked`` is false where none of the sources to look in was captured yet; ``inside`` has the ids
    of those looked in, by the attributions' ids; all were for those that it lacks.
    ``again`` has their links of earlier methods, each with what stands in its place.
    """

    attributions: list[Attribution]
    proposals: list[LinkProposal]
    again: list[LookedAgain]
    method: str
    head: str
    is_looked: bool = True
    passed_over: str | None = None
    inside: Mapping[str, tuple[str, ...]] = MappingProxyType({})


def look(
    store: Store,
    record_ids: Sequence[str],
    sources: Iterable[str],
    linker: Callable[[Collection], Linker],
    tell: Callable[[str], None],
    *,
    every: bool,
) -> Looking:
    """Look for the quotes of claims and attributions in the sources named, or in all; see `wanted_attributions`."""
    attributions = wanted_attributions(store, record_ids, every=every)
    finder = linker(stored_collection(store))
    _seq, head = store.head()
    named = [require_source(store, one) for one in sources]
    captures = [(source, latest_capture(store, source)) for source in named]
    own = [one.id for one in named] or [one.source_id for one in attributions if one.source_id]
    bare = passed_over(store, own, everywhere=not named)
    for source, capture in captures:
        if capture is not None and not capture.length and source.withheld is None:
            tell(without_text(source.id, capture.media_type))
    found = propose_links(store, attributions, named, finder) if named else propose_anywhere(store, attributions, finder, tell)
    proposals = list(found)
    matches = {(one.attribution.id, one.capture.id): one.matches for one in proposals}
    again = list(look_again(store, attributions, finder, matches, [one.id for one in named]))
    inside = tuple(dict.fromkeys(source.id for source, capture in captures if capture is not None))
    where = {one.id: inside for one in attributions} if inside else {}
    return Looking(attributions, proposals, again, finder.name, head, bool(inside) if named else has_texts(store), bare, where)


def store_looking(writer: Writer, looking: Looking) -> Linked:
    """Keep what was found, and that it was looked for; links of earlier methods are judged again first."""
    rejudged = tuple(store_rejudged(writer, looking.again, looking.method))
    changes = store_links(writer, looking.proposals, looking.method)
    if looking.is_looked:
        looked = Looked(writer.change.at, looking.head, looking.method)
        for inside, attributions in groupby(looking.attributions, lambda one: looking.inside.get(one.id, ())):
            if (told := as_far_as_seen(writer, looked._replace(inside=inside))) is not None:
                note_looked(writer, attributions, told)
    found = tuple(link_view(writer, one) for one in (*changes.added, *changes.kept))
    linked = {one.attribution_id for one in (*changes.added, *changes.kept)}
    lost = tuple(one for one in looking.attributions if looking.is_looked and one.id not in linked)
    shown = tuple(Rejudged(link_view(writer, one.before), link_view(writer, one.after), one.found) for one in rejudged)
    places = ((link.id, where_of(writer, link)) for link in (*found, *(one.after for one in shown)))
    where = {link_id: told for link_id, told in places if told is not None}
    return Linked(changes, found, lost, shown, where, looking.passed_over)


def wanted_attributions(reader: Reader, record_ids: Sequence[str], *, every: bool) -> list[Attribution]:
    """The attributions with a quote of these claims and attributions; without any, those that have no link yet, or ``every`` one."""
    if not record_ids:
        quoted = [one for one in reader.find(Attribution) if one.quote]
        return quoted if every else [one for one, links in with_links(reader, quoted) if not links]
    wanted: dict[str, Attribution] = {}
    for record_id in record_ids:
        if record_type_of(record_id.strip()) is Attribution:
            found = [require(reader, Attribution, record_id)]
        else:
            claim = require(reader, Claim, record_id)
            found = list(reader.find(Attribution, Equals("claim_id", claim.id)))
        wanted.update((one.id, one) for one in found if one.quote)
    return list(wanted.values())


def texts_named(reader: Reader, references: Sequence[str], documents: DocumentReader) -> Iterator[tuple[str, Texts]]:
    """The name and texts of each source or document that is referred to, each once.

    Raises `InputError` for a picture or recording without text that is named as a file, or is all there is.
    """
    for reference in dict.fromkeys(one.strip().upper() if record_type_of(one.strip()) is Source else one for one in references):
        source = find_source(reader, reference) if names_a_source(reference) else None
        if source is None:
            for name, document in documents.read_each(reference, guess_language=False):
                if name == reference:
                    check_words(name, document.media_type, document.text)
                yield name, read_texts(document)
        else:
            capture = capture_of(reader, source)
            if len(references) == 1 and source.withheld is None:
                check_words(source.id, capture.media_type, capture.length)
            yield source.id, stored_texts(reader, capture)
