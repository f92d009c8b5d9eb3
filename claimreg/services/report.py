"""The report: one view of a case or of some claims that every rendering shows, so that none can disagree with another."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from claimreg.model import Claim, Link, LinkState, Source
from claimreg.services.lookup import require
from claimreg.services.views import AttributionView, ClaimView, SourceView, claim_view, source_view

if TYPE_CHECKING:
    from collections.abc import Iterable

    from claimreg.store.port import Reader


class Contradiction(NamedTuple):
    """Two claims that cannot both be true."""

    left: ClaimView
    right: ClaimView


class Report(NamedTuple):
    """What a report shows, in the order it shows it."""

    title: str
    claims: tuple[ClaimView, ...]
    contradictions: tuple[Contradiction, ...]
    sources: tuple[SourceView, ...]

    @property
    def unlinked(self) -> tuple[AttributionView, ...]:
        """The attributions whose quote stands in no stored source, as far as is known."""
        return tuple(one for view in self.claims for one in view.attributions if one.attribution.quote is not None and not shown_links(one))

    def links_in(self, state: LinkState) -> int:
        """How many links are in this state."""
        return sum(link.state is state for view in self.claims for one in view.attributions for link in one.links)


def build_report(reader: Reader, claims: Iterable[Claim], title: str) -> Report:
    """Gather what a report on these claims shows."""
    views = tuple(claim_view(reader, claim) for claim in claims)
    by_id = {view.claim.id: view for view in views}
    pairs: dict[frozenset[str], Contradiction] = {}
    for view in views:
        for relation in view.contradictions:
            if relation.other.removed_at is None:
                other = by_id.get(relation.other.id) or claim_view(reader, relation.other)
                pairs.setdefault(frozenset((view.claim.id, relation.other.id)), Contradiction(view, other))
    return Report(title, views, tuple(pairs.values()), _sources_of(reader, views))


def shown_links(view: AttributionView) -> tuple[Link, ...]:
    """The links worth showing: all but those that a person rejected, best first."""
    links = (link for link in view.links if link.state is not LinkState.REJECTED)
    return tuple(sorted(links, key=lambda link: (link.state is not LinkState.CONFIRMED, -link.score, link.source_id, link.start)))


def _sources_of(reader: Reader, views: tuple[ClaimView, ...]) -> tuple[SourceView, ...]:
    ids: dict[str, None] = {}
    for view in views:
        for attribution in view.attributions:
            if attribution.source is not None:
                ids.setdefault(attribution.source.id)
            for link in shown_links(attribution):
                ids.setdefault(link.source_id)
    return tuple(source_view(reader, require(reader, Source, one, withdrawn=True)) for one in ids)
