"""Claims as people look at them: with who says what, where it stands, what was decided, and what stands against it."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from claimreg.model import Attribution, Capture, Claim, Link, Party, Relation, RelationKind, Source, Verdict
from claimreg.services.lookup import require
from claimreg.services.parties import canonical
from claimreg.services.sources import capture_of
from claimreg.store.port import AnyOf, Equals, Reader

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from claimreg.model import Record, RecordT

_INVERSE_WORDS = {RelationKind.SUPPORTS: "is supported by", RelationKind.NARROWS: "is narrowed by"}


class AttributionView(NamedTuple):
    """An attribution with its party (the one it now counts as), its source and the places of its quote."""

    attribution: Attribution
    party: Party
    source: Source | None
    links: tuple[Link, ...]


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
    """A source with its latest capture and how many attributions speak of it and links point into it."""

    source: Source
    capture: Capture
    attributions: int
    links: int


def claim_view(reader: Reader, claim: Claim) -> ClaimView:
    """The claim with everything that is said of it; of a removed claim, what was removed along with it."""
    attributions = _along(claim, reader.find(Attribution, Equals("claim_id", claim.id), withdrawn=_removed(claim)))
    return ClaimView(
        claim=claim,
        attributions=tuple(attribution_view(reader, one) for one in attributions),
        verdicts=tuple(_along(claim, reader.find(Verdict, Equals("claim_id", claim.id), withdrawn=_removed(claim)))),
        relations=tuple(_relation_views(reader, claim)),
    )


def claim_views(reader: Reader, claims: Iterable[Claim]) -> Iterator[ClaimView]:
    """The views of many claims, one at a time."""
    return (claim_view(reader, claim) for claim in claims)


def source_view(reader: Reader, source: Source) -> SourceView:
    """The source with its latest capture and its use."""
    return SourceView(
        source=source,
        capture=capture_of(reader, source),
        attributions=sum(1 for _ in reader.find(Attribution, Equals("source_id", source.id))),
        links=sum(1 for _ in reader.find(Link, Equals("source_id", source.id))),
    )


def relation_in_words(view: RelationView) -> str:
    """How the claim stands to the other one: ``contradicts``, ``is supported by``."""
    kind = view.relation.kind
    return _INVERSE_WORDS[kind] if view.inverse else kind.value


def attribution_view(reader: Reader, attribution: Attribution) -> AttributionView:
    """The attribution with its party, its source and its links."""
    party = canonical(reader, require(reader, Party, attribution.party_id, withdrawn=True))
    source = require(reader, Source, attribution.source_id, withdrawn=True) if attribution.source_id else None
    links = tuple(_along(attribution, reader.find(Link, Equals("attribution_id", attribution.id), withdrawn=_removed(attribution))))
    return AttributionView(attribution, party, source, links)


def _relation_views(reader: Reader, claim: Claim) -> Iterator[RelationView]:
    sides = AnyOf((Equals("claim_id", claim.id), Equals("other_claim_id", claim.id)))
    for relation in _along(claim, reader.find(Relation, sides, withdrawn=_removed(claim))):
        inverse = relation.claim_id != claim.id
        other = require(reader, Claim, relation.claim_id if inverse else relation.other_claim_id, withdrawn=True)
        yield RelationView(relation, other, inverse and not relation.kind.symmetric)


def _removed(record: Record) -> bool:
    return record.removed_at is not None


def _along(owner: Record, records: Iterable[RecordT]) -> Iterator[RecordT]:
    """The records in use, and those that were removed together with their owner."""
    return (record for record in records if record.removed_at in (None, owner.removed_at))
