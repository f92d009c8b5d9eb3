"""Claims of a report to publish: each with its verdict, what it contradicts, and who says what of it."""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING, NamedTuple

from claimreg.model import RelationKind, Stance
from claimreg.render.labels import STANCE_NOUNS, message, shown_word
from claimreg.render.publication.statements import Card, statement
from claimreg.render.publication.values import day, direction, values

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from claimreg.model import Verdict
    from claimreg.render.labels import Words
    from claimreg.render.publication.sources import Numbering
    from claimreg.render.publication.values import Values
    from claimreg.services.reporting.report import Report
    from claimreg.services.reporting.views import AttributionView, ClaimView, RelationView

DAY = len("2020-06-22")

RELATIONS: Mapping[RelationKind, tuple[str, str]] = {
    RelationKind.CONTRADICTS: (message("Contradicts"), message("Contradicts")),
    RelationKind.SUPPORTS: (message("Supports"), message("Is supported by")),
    RelationKind.REPEATS: (message("Repeats"), message("Repeats")),
    RelationKind.TRANSLATES: (message("Translates"), message("Translates")),
    RelationKind.NARROWS: (message("Narrows"), message("Is narrowed by")),
}
"""Words before the name of the other claim, read from a relation's first claim, and from the other one."""

_FOR = frozenset({Stance.ASSERTS, Stance.RULES, Stance.REPORTS})
_AGAINST = frozenset({Stance.DENIES, Stance.QUESTIONS})
_SIDES = (message("Who says so"), message("Who denies or questions it"), message("Who else speaks of it"))


class Desk(NamedTuple):
    """Names of the desk that publishes: its own, and those of its people's logins, all without regard to capitals."""

    name: str | None
    logins: frozenset[str]

    def author(self, verdict: Verdict) -> str | None:
        """The name of another whose verdict it is; ``None`` for the desk's own. A login is nobody's name."""
        author = verdict.author
        return None if author is None or author.casefold() in self.logins | {self.name} else author


class Cards:
    """Maker of the cards of a report's claims; made in their order, as it numbers the sources."""

    def __init__(self, report: Report, sources: Numbering, desk: Desk, words: Words) -> None:
        self._numbers = {view.claim.id: number for number, view in enumerate(report.claims, start=1)}
        self._views = {view.claim.id: view for pair in report.contradictions for view in (pair.left, pair.right)}
        self._views |= {view.claim.id: view for view in report.claims}
        self._sources, self._desk, self._words = sources, desk, words

    def number(self, view: ClaimView) -> int:
        """The number of a claim in the report."""
        return self._numbers[view.claim.id]

    def __call__(self, view: ClaimView) -> Values:
        """Return the card of a claim."""
        claim, anchor = view.claim, view.claim.id.lower()
        card = Card(self._numbers[claim.id], anchor, self._sources, self._words)
        sides = tuple(_sides(view))
        against = dict.fromkeys(one.other.id for one in view.contradictions if one.other.removed_at is None)
        contradictions = {one.other.id: one for one in view.contradictions}
        return values(
            number=card.number,
            anchor=anchor,
            text=claim.text,
            lang=claim.lang or "",
            dir=direction(claim.text, claim.lang),
            verdict=self._verdict(view.verdicts) if view.verdicts else None,
            against=tuple(self._other(contradictions[one]) for one in against),
            related=tuple(self._other(one) for one in view.relations if _is_related(one)),
            says=_names(sides[0]),
            denies=_names(sides[1]),
            sides=tuple(
                values(heading=self._words.say(heading), statements=tuple(statement(one, card) for one in side))
                for heading, side in zip(_SIDES, sides, strict=True)
                if side
            ),
        )

    def _verdict(self, verdicts: tuple[Verdict, ...]) -> Values:
        last = verdicts[-1]
        return values(
            rating=last.rating,
            rationale=last.rationale,
            day=day(last.rated_at[:DAY], self._words),
            by=self._desk.author(last),
            was=tuple(values(rating=one.rating, day=day(one.rated_at[:DAY], self._words)) for one in _superseded(verdicts)),
        )

    def _other(self, relation: RelationView) -> Values:
        """The other claim of a relation; one that the report does not hold has no number and no anchor."""
        other = relation.other
        view = self._views.get(other.id)
        number = self._numbers.get(other.id)
        return values(
            relation=self._relation(relation),
            number=number,
            anchor=other.id.lower() if number is not None else None,
            text=other.text,
            lang=other.lang or "",
            rating=view.verdicts[-1].rating if view is not None and view.verdicts else None,
            who=_names(next(_sides(view))) if view is not None else (),
        )

    def _relation(self, relation: RelationView) -> str:
        kind = relation.relation.kind
        return self._words.say(RELATIONS[kind][relation.inverse]) if kind in RELATIONS else shown_word(kind)


def rating_changes(verdicts: tuple[Verdict, ...]) -> Iterator[tuple[Verdict, Verdict]]:
    """Yield each verdict whose rating is another than that of the one before, after that one."""
    for before, after in pairwise(verdicts):
        if before.rating != after.rating:
            yield before, after


def _superseded(verdicts: tuple[Verdict, ...]) -> tuple[Verdict, ...]:
    """The verdicts whose rating was changed, the latest first."""
    return tuple(before for before, _after in rating_changes(verdicts))[::-1]


def _is_related(relation: RelationView) -> bool:
    kind = relation.relation.kind
    return relation.other.removed_at is None and kind not in (RelationKind.CONTRADICTS, RelationKind.DIFFERS)


def _sides(view: ClaimView) -> Iterator[tuple[AttributionView, ...]]:
    """Yield the statements for a claim, those against it, and those whose stance is not known here."""
    yield tuple(one for one in view.attributions if one.attribution.stance in _FOR)
    yield tuple(one for one in view.attributions if one.attribution.stance in _AGAINST)
    yield tuple(one for one in view.attributions if one.attribution.stance not in STANCE_NOUNS)


def _names(statements: Iterable[AttributionView]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(one.party.name for one in statements))
