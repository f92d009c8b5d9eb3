"""Timeline of a report to publish: who said what on which day."""

from __future__ import annotations

from datetime import date, timedelta
from typing import TYPE_CHECKING, NamedTuple

from claimreg.render.publication.statements import sign
from claimreg.render.publication.values import values

if TYPE_CHECKING:
    from collections.abc import Iterable

    from claimreg.model import Stance
    from claimreg.render.labels import Words
    from claimreg.render.publication.values import Values
    from claimreg.services.reporting.views import ClaimView

FAR = timedelta(days=60)
"""Time between two days from which on the line is broken."""

_YEAR, _MONTH, _DAY = len("2020"), len("2020-06"), len("2020-06-22")
_DECEMBER = 12


class _Kind(NamedTuple):
    """Statements that are one entry: those of a day with the same stance on the same claim."""

    stance: Stance
    claim: int


def days(claims: Iterable[tuple[int, ClaimView]], words: Words) -> tuple[Values, ...]:
    """The days on which something was said, the earliest first, what nobody knows the day of last; claims come with their numbers."""
    found: dict[str, dict[_Kind, tuple[ClaimView, dict[str, None]]]] = {}
    for number, view in claims:
        for said in view.attributions:
            entries = found.setdefault(said.attribution.said_at or "", {})
            _view, parties = entries.setdefault(_Kind(said.attribution.stance, number), (view, {}))
            parties.setdefault(said.party.name)
    told, before = [], None
    for iso in sorted(found, key=lambda one: (not one, one)):
        stretch = _stretch(iso)
        told.append(
            values(
                iso=iso or None,
                text=words.date(iso) if iso else words.say("Day not known"),
                year=iso[:_YEAR] or None,
                vague=0 < len(iso) < _DAY,
                gap=before is not None and stretch is not None and stretch[0] - before >= FAR,
                events=tuple(_event(kind, view, tuple(parties), words) for kind, (view, parties) in found[iso].items()),
            )
        )
        before = stretch[1] if stretch is not None else before
    return tuple(told)


def _event(kind: _Kind, view: ClaimView, parties: tuple[str, ...], words: Words) -> Values:
    return values(
        sign=sign(kind.stance),
        stance=words.stance_noun(kind.stance),
        parties=parties,
        number=kind.claim,
        anchor=view.claim.id.lower(),
        text=view.claim.text,
        lang=view.claim.lang or "",
    )


def _stretch(iso: str) -> tuple[date, date] | None:
    """The first and the last day that a date may mean; ``None`` for none."""
    try:
        if len(iso) == _YEAR:
            return date(int(iso), 1, 1), date(int(iso), _DECEMBER, 31)
        if len(iso) == _MONTH:
            first = date.fromisoformat(f"{iso}-01")
            return first, (first + timedelta(days=31)).replace(day=1) - timedelta(days=1)
        one = date.fromisoformat(iso[:_DAY])
    except (ValueError, OverflowError):
        return None
    return one, one
