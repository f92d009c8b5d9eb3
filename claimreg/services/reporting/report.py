"""The report: one view of a case, of some claims, of a party or a source that every rendering shows, so that none can disagree."""

from __future__ import annotations

from enum import StrEnum
from typing import TYPE_CHECKING, NamedTuple

from claimreg.errors import UsageError
from claimreg.linker.version import METHOD
from claimreg.model import Attribution, Capture, Claim, Link, LinkState, Party, Record, RelationKind, Source, Verdict, record_number
from claimreg.services.lookup import claims_of_case, require
from claimreg.services.recording.bare import has_texts
from claimreg.services.recording.fields import checked_date
from claimreg.services.recording.parties import members, require_party
from claimreg.services.recording.sources import require_source
from claimreg.services.reporting.loaded import LoadedReader
from claimreg.services.reporting.states import QuoteState, quote_state
from claimreg.services.reporting.views import AttributionView, ClaimView, SourceView, claim_view, source_view
from claimreg.services.withholding import is_withheld, named_or_withheld
from claimreg.store.port import Equals, OneOf, Reader, Store

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator


class Section(StrEnum):
    """The parts of a report, in their order."""

    SUMMARY = "summary"
    CLAIMS = "claims"
    CONTRADICTIONS = "contradictions"
    TIMELINE = "timeline"
    SOURCES = "sources"


ALL_SECTIONS = frozenset(Section)


class Contradiction(NamedTuple):
    """Two claims that cannot both be true."""

    left: ClaimView
    right: ClaimView


class Period(NamedTuple):
    """The days that a report is about, both inclusive (ISO 8601, of whatever precision); ``None`` where it is open."""

    since: str | None = None
    until: str | None = None

    def holds(self, day: str | None) -> bool:
        """Return whether a day, or a month or year, reaches into the period; no date belongs to an open period only."""
        if day is None:
            return self == ALWAYS
        begun = self.since is None or day >= self.since[: len(day)]
        return begun and (self.until is None or day[: len(self.until)] <= self.until)


ALWAYS = Period()
_MANY = 100
"""Claims from which on reading whole tables takes less time than looking up what belongs to each."""


class Happening(NamedTuple):
    """One entry of a timeline: a statement or a verdict on a claim, and its date (ISO 8601, of whatever precision).

    Either ``statement`` or ``verdict`` is there. ``date`` is ``None`` for what nobody knows the day of.
    """

    date: str | None
    claim: Claim
    statement: AttributionView | None = None
    verdict: Verdict | None = None


def timeline(views: Iterable[ClaimView]) -> tuple[Happening, ...]:
    """All statements and verdicts, the earliest first; those without a date come last, in the order they were recorded."""
    found = [one for view in views for one in _happenings(view)]
    return tuple(sorted(found, key=lambda one: (one.date is None, one.date or "")))


def _happenings(view: ClaimView) -> Iterator[Happening]:
    for statement in view.attributions:
        yield Happening(statement.attribution.said_at, view.claim, statement=statement)
    for verdict in view.verdicts:
        yield Happening(verdict.rated_at[:10], view.claim, verdict=verdict)


class Report(NamedTuple):
    """Content of a report, in its order. ``has_sources`` says whether the registry has sources to look in, such as are captured.

    ``method`` names the linker that judges now, which earlier ones are told apart from.
    """

    title: str
    claims: tuple[ClaimView, ...]
    contradictions: tuple[Contradiction, ...]
    sources: tuple[SourceView, ...]
    timeline: tuple[Happening, ...] = ()
    period: Period = ALWAYS
    has_sources: bool = False
    method: str = METHOD

    @property
    def unlinked(self) -> tuple[AttributionView, ...]:
        """The attributions whose quote was looked for, and found nowhere."""
        return self._in_state(QuoteState.NOT_FOUND)

    @property
    def unlooked(self) -> tuple[AttributionView, ...]:
        """The attributions whose quote was never looked for, as far as is known."""
        return self._in_state(QuoteState.NOT_LOOKED)

    @property
    def rejected(self) -> tuple[AttributionView, ...]:
        """The attributions whose quote was found, and a person rejected every place."""
        return self._in_state(QuoteState.REJECTED)

    @property
    def unconfirmed(self) -> tuple[AttributionView, ...]:
        """The attributions whose quote was found, but none of its places confirmed by a person."""
        return self._in_state(QuoteState.ALTERED, QuoteState.SUGGESTED)

    def _in_state(self, *states: QuoteState) -> tuple[AttributionView, ...]:
        return tuple(one for view in self.claims for one in view.attributions if quote_state(one) in states)

    @property
    def unrated(self) -> tuple[ClaimView, ...]:
        """The claims without a verdict."""
        return tuple(view for view in self.claims if not view.verdicts)

    @property
    def methods(self) -> dict[str, int]:
        """Count the links shown by the method that judged them, the present one first."""
        shown = [link.method for view in self.claims for one in view.attributions for link in shown_links(one)]
        return {method: shown.count(method) for method in sorted(set(shown), key=lambda one: (one != self.method, one))}

    def links_in(self, state: LinkState) -> int:
        """Count the links in this state."""
        return sum(link.state is state for view in self.claims for one in view.attributions for link in one.links)


def build_report(reader: Reader, claims: Iterable[Claim], title: str, period: Period = ALWAYS) -> Report:
    """Gather what a report on these claims shows; of a period, only the statements that were made in it.

    All reads must be of one state, so ``reader`` is best a snapshot.
    """
    claims = tuple(claims)
    if len(claims) > _MANY:
        reader = LoadedReader(reader)
    views = tuple(view for claim in claims if (view := _within(claim_view(reader, claim), period)) is not None)
    by_id = {view.claim.id: view for view in views}
    has_sources = next(reader.find(Source), None) is not None and has_texts(reader)
    pairs: dict[frozenset[str], Contradiction] = {}
    for view in views:
        for relation in view.contradictions:
            if relation.other.removed_at is None:
                other = by_id.get(relation.other.id) or claim_view(reader, relation.other)
                pairs.setdefault(frozenset((view.claim.id, relation.other.id)), Contradiction(view, other))
    return Report(title, views, tuple(pairs.values()), _sources_of(reader, views), timeline(views), period, has_sources)


def claims_of_party(reader: Reader, party: Party) -> tuple[Claim, ...]:
    """The claims that a party takes a stance on, and those that contradict these: all that it said, and who says otherwise."""
    said = reader.find(Attribution, OneOf("party_id", members(reader, party)))
    own = dict.fromkeys(one.claim_id for one in said)
    found = {claim_id: claim for claim_id in own if (claim := reader.get(Claim, claim_id)) is not None and claim.removed_at is None}
    for claim in tuple(found.values()):
        for relation in claim_view(reader, claim).contradictions:
            if relation.other.removed_at is None:
                found.setdefault(relation.other.id, relation.other)
    return tuple(found.values())


def claims_of_source(reader: Reader, source: Source) -> tuple[Claim, ...]:
    """The claims that a source tells of: by its attributions, or by quotes that were found in it."""
    told = [one.claim_id for one in reader.find(Attribution, Equals("source_id", source.id))]
    for link in reader.find(Link, Equals("source_id", source.id)):
        attribution = reader.get(Attribution, link.attribution_id)
        if link.state is not LinkState.REJECTED and attribution is not None and attribution.removed_at is None:
            told.append(attribution.claim_id)
    claims = (reader.get(Claim, one) for one in dict.fromkeys(told))
    return tuple(claim for claim in claims if claim is not None and claim.removed_at is None)


def last_recorded(report: Report) -> str | None:
    """The day (ISO 8601, UTC) of the last record among those that a report shows; ``None`` where it shows none."""
    records: list[Record] = []
    for view in report.claims:
        records += (view.claim, *view.verdicts)
        for one in view.attributions:
            records += (one.attribution, *one.links)
    return max((one.recorded_at[:10] for one in records), default=None)


def shown_links(view: AttributionView) -> tuple[Link, ...]:
    """The links worth showing: all but those that a person rejected, best first."""
    links = (link for link in view.links if link.state is not LinkState.REJECTED)
    return tuple(sorted(links, key=lambda link: (link.state is not LinkState.CONFIRMED, -link.score, link.source_id, link.start)))


def _within(view: ClaimView, period: Period) -> ClaimView | None:
    """The claim as a report on a period has it; that it was held apart from another one is the desk's own matter."""
    view = view._replace(relations=tuple(one for one in view.relations if one.relation.kind is not RelationKind.DIFFERS))
    if period == ALWAYS:
        return view
    said = tuple(one for one in view.attributions if period.holds(one.attribution.said_at))
    return view._replace(attributions=said) if said else None


def _sources_of(reader: Reader, views: tuple[ClaimView, ...]) -> tuple[SourceView, ...]:
    captures: dict[str, dict[str, None]] = {}
    for view in views:
        for attribution in view.attributions:
            if attribution.source is not None:
                captures.setdefault(attribution.source.id, {})
            for link in shown_links(attribution):
                captures.setdefault(link.source_id, {}).setdefault(link.capture_id)
    return tuple(_source_of(reader, require(reader, Source, one, withdrawn=True), used) for one, used in captures.items())


def _source_of(reader: Reader, source: Source, used: Iterable[str]) -> SourceView:
    """The source of a report; ``used`` are the ids of the captures that its quotes stand in."""
    view = source_view(reader, source)
    if view.capture is None or is_withheld(source):
        return view
    earlier = (require(reader, Capture, one, withdrawn=True) for one in used if one != view.capture.id)
    return view._replace(earlier=tuple(sorted(earlier, key=lambda one: record_number(one.id), reverse=True)))


class ReportScope(NamedTuple):
    """Claims, a case, a party or a source, or everything; of a period, if wanted."""

    claim_ids: tuple[str, ...] = ()
    case: str | None = None
    party: str | None = None
    source: str | None = None
    since: str | None = None
    until: str | None = None

    def check(self) -> None:
        """Raise `UsageError` where it is about more than one thing."""
        if sum(map(bool, (self.claim_ids, self.case, self.party, self.source))) > 1:
            raise UsageError("Give claims, --case, --party or --source: one of them.")

    def period(self) -> Period:
        """The days it is about; raises `UsageError` for what is no date."""
        return Period(checked_date(self.since) if self.since else None, checked_date(self.until) if self.until else None)


def claims_in(reader: Reader, scope: ReportScope, say: Callable[[str], str]) -> tuple[list[Claim], str]:
    """The claims of a scope and a title for it; ``say`` translates the words “Claims” and “All claims”."""
    if scope.claim_ids:
        named = {claim.id: claim for claim in (require(reader, Claim, one) for one in scope.claim_ids)}
        return list(named.values()), f"{say('Claims')} {', '.join(named)}"
    if scope.case is not None:
        return list(claims_of_case(reader, scope.case)), scope.case
    if scope.party is not None:
        party = require_party(reader, scope.party)
        return list(claims_of_party(reader, party)), party.name
    if scope.source is not None:
        source = require_source(reader, scope.source)
        return list(claims_of_source(reader, source)), named_or_withheld(source).title
    return list(reader.find(Claim)), say("All claims")


def report_on(store: Store, scope: ReportScope, title: str | None, say: Callable[[str], str]) -> Report:
    """Gather what a report on a scope shows, all of it as it is at one moment; see `claimreg.registry.Registry.report`."""
    scope.check()
    period = scope.period()
    with store.snapshot() as reader:
        claims, named = claims_in(reader, scope, say)
        return build_report(reader, claims, title or named, period)
