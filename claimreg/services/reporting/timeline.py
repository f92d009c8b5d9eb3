"""Timeline of the records: statements by the day they were made, verdicts by the day they were given."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from claimreg.model import Claim, Verdict
    from claimreg.services.reporting.views import AttributionView, ClaimView


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
