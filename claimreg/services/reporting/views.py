"""Claims as people look at them: with who says what, where it stands, what was decided, and what stands against it."""

from __future__ import annotations

from types import MappingProxyType
from typing import TYPE_CHECKING, NamedTuple

from claimreg.model import Attribution, Capture, Claim, Link, LinkState, Party, Record, RecordT, Relation, RelationKind, Source, Verdict
from claimreg.services.ahead import HoldingReader, ReaderAhead
from claimreg.services.lookup import require
from claimreg.services.recording.parties import canonical
from claimreg.services.recording.places import is_page, label_of, left_out_in, lies_outside, size_left_out
from claimreg.services.recording.sources import captures_of, locators_of
from claimreg.services.withholding import capture_or_withheld, is_withheld, link_or_withheld, named_or_withheld
from claimreg.store.port import AnyOf, Equals, Reader

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from claimreg.model import Event


class Where(NamedTuple):
    """Label of a place in its source (``page 3``, ``00:01:02``), and whether a later capture lacks it.

    ``left_out`` says that it lies in what was left out of the source's text: of an article, where the source ``is_page``. Of an outdated
    place, the day of its capture and that of the latest. Of a source that is withheld, only that it is outdated.
    """

    label: str | None
    outdated: bool = False
    captured_on: str | None = None
    latest_on: str | None = None
    left_out: bool = False
    is_page: bool = False


class AttributionView(NamedTuple):
    """An attribution with its party (the one it now counts as), its source and the places of its quote.

    A source that is withheld is without its names, its places without all but the quote's own words. Of a place that was carried
    to a later capture, only the later one is shown.
    ``where`` tells more of places, by their links' ids. ``rejected_by`` has the users who rejected the places, where none stands.
    """

    attribution: Attribution
    party: Party
    source: Source | None
    links: tuple[Link, ...]
    where: Mapping[str, Where] = MappingProxyType({})
    rejected_by: tuple[str, ...] = ()


class RelationView(NamedTuple):
    """A relation seen from one claim; ``inverse`` where the claim is the one that is supported or narrowed."""

    relation: Relation
    other: Claim
    inverse: bool


class ClaimView(NamedTuple):
    """A claim with everything that is said of it; verdicts oldest first, the last one holds."""

    claim: Claim
    attributions: tuple[AttributionView, ...]
    verdicts: tuple[Verdict, ...]
    relations: tuple[RelationView, ...]

    @property
    def contradictions(self) -> tuple[RelationView, ...]:
        """The claims that this one contradicts."""
        return tuple(one for one in self.relations if one.relation.kind is RelationKind.CONTRADICTS)


class SourceView(NamedTuple):
    """A source with its latest capture, how many it has, and how many attributions speak of it and links point into it.

    One that was not captured yet has none: an address and details are all that is known of it.
    ``left_out`` counts the characters that the latest capture has beside its text; ``None`` where nobody counted or may tell it.
    ``earlier`` has, in a report, those of its earlier captures that quotes stand in; of a withheld source none.
    """

    source: Source
    capture: Capture | None
    attributions: int
    links: int
    captures: int = 1
    left_out: int | None = None
    earlier: tuple[Capture, ...] = ()


def claim_view(reader: Reader, claim: Claim, *, revealed: bool = False, brief: bool = False) -> ClaimView:
    """The claim with everything that is said of it; of a removed claim, what was removed along with it.

    Of sources that are withheld it has what others may see, unless ``revealed``; so have all views. A ``brief`` one, for a line in a list,
    is without relations, sources, and where in them places are.
    """
    if not isinstance(reader, HoldingReader):
        reader = ReaderAhead(reader, [claim], brief=brief)
    attributions = _along(claim, reader.find(Attribution, Equals("claim_id", claim.id), withdrawn=_removed(claim)))
    return ClaimView(
        claim=claim,
        attributions=tuple(attribution_view(reader, one, revealed=revealed, brief=brief) for one in attributions),
        verdicts=tuple(_along(claim, reader.find(Verdict, Equals("claim_id", claim.id), withdrawn=_removed(claim)))),
        relations=() if brief else tuple(_relation_views(reader, claim)),
    )


def source_view(reader: Reader, source: Source, *, revealed: bool = False, whole: bool = False) -> SourceView:
    """The source with its latest capture and its use; one that is withheld is without its names unless ``revealed``.

    ``whole`` asks for what has to be read to be told: how much was left out of the latest capture's text.
    """
    captures = list(captures_of(reader, source))
    latest = captures[0] if captures else None
    counted = latest if whole and (revealed or not is_withheld(source)) else None
    return SourceView(
        source=source if revealed else named_or_withheld(source),
        capture=latest if revealed or latest is None else capture_or_withheld(latest, source),
        attributions=sum(1 for _ in reader.find(Attribution, Equals("source_id", source.id))),
        links=len(_standing(tuple(reader.find(Link, Equals("source_id", source.id))))),
        captures=len(captures),
        left_out=size_left_out(left_out_in(reader, counted)) if counted is not None else None,
    )


def attribution_view(reader: Reader, attribution: Attribution, *, revealed: bool = False, brief: bool = False) -> AttributionView:
    """The attribution with its party, its source and its links; a ``brief`` one is without the source and where places are."""
    party = reader.get(Party, attribution.party_id)
    if party is None or party.merged_into is not None:
        party = canonical(reader, require(reader, Party, attribution.party_id, withdrawn=True))
    source = require(reader, Source, attribution.source_id, withdrawn=True) if attribution.source_id and not brief else None
    links = tuple(_along(attribution, reader.find(Link, Equals("attribution_id", attribution.id), withdrawn=_removed(attribution))))
    if brief and not links:
        return AttributionView(attribution, party, None, ())
    standing = _standing(links)
    sources = {one: reader.get(Source, one) for one in dict.fromkeys(link.source_id for link in standing)}
    if not revealed:
        source = named_or_withheld(source) if source else None
        standing = tuple(link_or_withheld(link, sources[link.source_id], attribution) for link in standing)
    if brief:
        return AttributionView(attribution, party, source, standing)
    places = ((link, where_of(reader, link)) for link in standing)
    where = {link.id: told for link, told in places if told is not None}
    return AttributionView(attribution, party, source, standing, where, tuple(_rejecting(reader, standing)))


def _rejecting(reader: Reader, links: tuple[Link, ...]) -> dict[str, None]:
    """The users who rejected all these places, each once; none where a place stands."""
    users: dict[str, None] = {}
    if all(link.state is LinkState.REJECTED for link in links):
        for link in links:
            rejections = [event.user for event in reader.history(link.id) if _rejects(event)]
            users.update(dict.fromkeys(rejections[-1:]))
    return users


def _rejects(event: Event) -> bool:
    """Return whether an event made a link a rejected one."""
    before, after = event.before or {}, event.after or {}
    return after.get("state") == LinkState.REJECTED.value and before.get("state") != LinkState.REJECTED.value


def link_view(reader: Reader, link: Link, *, revealed: bool = False) -> Link:
    """The link, as others may see it unless ``revealed``."""
    if revealed:
        return link
    return link_or_withheld(link, reader.get(Source, link.source_id), reader.get(Attribution, link.attribution_id))


def where_of(reader: Reader, link: Link) -> Where | None:
    """Return where a link, as it may be shown, is in its source; ``None`` where there is nothing more to tell than its offsets."""
    latest = next(reader.find(Capture, Equals("source_id", link.source_id), newest_first=True, withdrawn=True), None)
    outdated = latest is None or latest.id != link.capture_id
    if is_withheld(link):
        return Where(None, outdated=True) if outdated else None
    capture = require(reader, Capture, link.capture_id, withdrawn=True) if outdated or latest is None else latest
    told = Where(
        label_of(locators_of(reader, capture), link.start, link.end, capture.length),
        left_out=lies_outside(link.start, capture.length),
        is_page=is_page(capture.media_type, capture.method),
    )
    if not outdated:
        return told if told.label is not None or told.left_out else None
    days = (capture.retrieved_at[:10], latest.retrieved_at[:10]) if latest is not None else (None, None)
    return told._replace(outdated=True, captured_on=days[0], latest_on=days[1])


def _standing(links: tuple[Link, ...]) -> tuple[Link, ...]:
    """The links that no later one carries on."""
    carried = {link.anchored_from for link in links}
    return tuple(link for link in links if link.id not in carried)


def _relation_views(reader: Reader, claim: Claim) -> Iterator[RelationView]:
    sides = AnyOf((Equals("claim_id", claim.id), Equals("other_claim_id", claim.id)))
    for relation in _along(claim, reader.find(Relation, sides, withdrawn=_removed(claim))):
        inverse = relation.claim_id != claim.id
        other = require(reader, Claim, relation.claim_id if inverse else relation.other_claim_id, withdrawn=True)
        yield RelationView(relation, other, inverse and not relation.kind.symmetric)


def _removed(record: Record) -> bool:
    return record.removed_at is not None


def _along(owner: Record, records: Iterator[RecordT]) -> Iterator[RecordT]:
    """The records in use, and those that were removed together with their owner; of one in use, those that were asked for."""
    if owner.removed_at is None:
        return records
    return (record for record in records if record.removed_at in (None, owner.removed_at))
