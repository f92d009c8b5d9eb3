"""The view model of a report to publish, which all its templates show, so that no two of them can disagree.

Its variables, beside those whose name says all; ``?`` is ``None`` where there is nothing, ``[]`` a tuple, and a *day* is ``iso``, ``text``:

- ``page``: lang, dir, title, desk?, published? and updated? (days), summary[], draft? (a sentence), all_unchecked, the numbers quotes,
  found, checked, lost, unlooked; ours (whether all verdicts are the desk's own), tally[] (rating, number), claims[], rated[] and unrated[]
  (the same claims), timeline[], sources[], replies[] {party, text}, corrections[] {day, text, number?, anchor?}, scale[] (rating, meaning),
  schemes[] (names of scales), contact?, policy? (a plain address).
- ``claim``: number, anchor, text, lang, dir, verdict? {rating, rationale?, day, by? (another's name; none: ours), was[] {rating, day}},
  against[] and related[] {relation, number?, anchor?, text, lang, rating?, who[]} (no number: not in this report), says[] and denies[]
  (names), sides[] {heading, statements[]}.
- ``statement``: party, stance (a noun), sign, day?, anchor, source? (number of the source cited), named? (number of the source named for
  the words, where they stand in another), where?, quote? {lang, lang_name?, dir, pieces[]}, passage? {lang, dir, before, pieces[], after},
  differs, hidden (the source is withheld), lost (looked for, and nowhere), unlooked (never looked for), checked, finding[] (our words:
  strings; others': (text, lang)). ``pieces`` are (text, kind), see `claimreg.render.publication.differences`. ``lang_name`` is there only
  where the language is not the page's.
- ``source``: number, title?, lang, lang_name?, author?, publisher?, published? (a day), url? and archive? (plain addresses), retrieved?
  (a day), caption?, picture? {uri, width, height}, captures (how many), sha?, earlier[] {retrieved, sha} (earlier copies that quotes
  stand in), withheld? (the reason; then it has no title), cited[] {number, anchor} (of claims).
- ``timeline[]``: iso?, text, year?, vague (no day is known), gap (60 days or more since the one before), events[] {sign, stance, parties[],
  number, anchor, text, lang}; without ``iso`` it is what nobody knows the day of.
"""

from __future__ import annotations

from collections import Counter
from operator import itemgetter
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

from claimreg.render.publication.claims import DAY, Cards, Desk, rating_changes
from claimreg.render.publication.sources import Numbering
from claimreg.render.publication.timeline import days
from claimreg.render.publication.values import day, logins, plain, values
from claimreg.render.safe import plain_address
from claimreg.services.reporting.about import About
from claimreg.services.reporting.states import QuoteState, quote_states

if TYPE_CHECKING:
    from collections.abc import Mapping

    from claimreg.render.labels import Words
    from claimreg.render.publication.values import Values
    from claimreg.services.reporting.pictures import Thumbnail
    from claimreg.services.reporting.report import Report

SCHEMA = "claimreg.publication/1"

_FOUND = (QuoteState.CONFIRMED, QuoteState.ALTERED, QuoteState.SUGGESTED)
_LOST = (QuoteState.NOT_FOUND, QuoteState.REJECTED)


def publication(
    report: Report, words: Words, about: About | None = None, pictures: Mapping[str, Thumbnail] = MappingProxyType({})
) -> Mapping[str, Any]:
    """The variables of a report's templates: ``page`` and all that it holds, of plain values that nobody can change.

    ``pictures`` are by their sources' ids. The same report, words, pictures and desk's file give the same values: no clock is asked.
    Texts of others are as they are recorded; whoever shows them makes them fit for the page.
    """
    about = about or About()
    known = logins(report)
    desk = Desk(about.desk.casefold() if about.desk else None, known)
    sources = Numbering(report.sources)
    cards = Cards(report, sources, desk, words)
    claims = tuple(cards(view) for view in report.claims)
    states = Counter(state for view in report.claims for state in quote_states(view))
    found, checked = sum(states[one] for one in _FOUND), states[QuoteState.CONFIRMED]
    verdicts = [claim["verdict"] for claim in claims if claim["verdict"] is not None]
    page = values(
        lang=words.lang,
        dir="ltr",
        title=about.title or _title(report, words),
        desk=about.desk,
        published=day(about.published, words),
        updated=day(about.updated, words),
        summary=about.summary,
        draft=_draft(found, checked, words),
        all_unchecked=found > 0 and checked == 0,
        quotes=states.total(),
        found=found,
        checked=checked,
        lost=sum(states[one] for one in _LOST),
        unlooked=states[QuoteState.NOT_LOOKED],
        ours=all(one["by"] is None for one in verdicts),
        tally=_tally(report, Counter(one["rating"] for one in verdicts)),
        claims=claims,
        rated=tuple(claim for claim in claims if claim["verdict"] is not None),
        unrated=tuple(claim for claim in claims if claim["verdict"] is None),
        timeline=days(((cards.number(view), view) for view in report.claims), words),
        sources=sources.told(words, known, pictures),
        replies=tuple(values(party=one.party, text=one.text) for one in about.replies),
        corrections=_corrections(report, cards, about, words),
        scale=about.scale,
        schemes=tuple(dict.fromkeys(view.verdicts[-1].scheme for view in report.claims if view.verdicts and view.verdicts[-1].scheme)),
        contact=about.contact,
        policy=about.policy if about.policy and plain_address(about.policy) else None,
    )
    return values(page=page)


def _tally(report: Report, counted: Counter[str]) -> tuple[tuple[str, int], ...]:
    """Ratings with their numbers, in the order of their scale where it is one that comes with claimreg, else the most frequent first."""
    from claimreg.scales import in_order, shipped_scales

    schemes = {view.verdicts[-1].scheme for view in report.claims if view.verdicts}
    scale = next((one for one in shipped_scales().values() if schemes == {one.title}), None)
    if scale is None:
        return tuple(counted.most_common())
    return tuple((rating, counted[rating]) for rating, _scheme in in_order(((one, scale.title) for one in counted), [scale]))


def publication_json(variables: Mapping[str, Any]) -> dict[str, Any]:
    """The variables of the templates as JSON; claims with and without a verdict are told by their numbers: they stand in ``claims``."""
    page = plain(variables["page"])
    numbers = {group: [claim["number"] for claim in page[group]] for group in ("rated", "unrated")}
    return {"schema": SCHEMA, "page": page | numbers}


def _title(report: Report, words: Words) -> str:
    """The report's title; one that is a list of ids says nothing to readers, who see the claims instead."""
    ids = ", ".join(view.claim.id for view in report.claims)
    if report.title != f"{words.say('Claims')} {ids}":
        return report.title
    return report.claims[0].claim.text if len(report.claims) == 1 else words.say("Claims")


def _draft(found: int, checked: int, words: Words) -> str | None:
    """Say how many of the places found no person has checked; nothing where all are."""
    if found == checked:
        return None
    if checked == 0:
        return words.say("A program found the quotes in the sources; no person has checked them yet.")
    return words.count(
        "{number} of {all} quotes found in the sources has not been checked by a person yet; it is marked.",
        "{number} of {all} quotes found in the sources have not been checked by a person yet; they are marked.",
        found - checked,
        all=words.number(found),
    )


def _corrections(report: Report, cards: Cards, about: About, words: Words) -> tuple[Values, ...]:
    """The corrections, the newest first: the desk's, and each change of a rating."""
    told = [(one.date, values(day=day(one.date, words), text=one.text, number=None, anchor=None)) for one in about.corrections]
    for view in report.claims:
        number, anchor = cards.number(view), view.claim.id.lower()
        for before, after in reversed(list(rating_changes(view.verdicts))):
            sentence = words.say("The verdict on claim {number} was changed from “{before}” to “{after}”.")
            text = sentence.format(number=number, before=before.rating, after=after.rating)
            text += f" {after.rationale}" if after.rationale else ""
            on = after.rated_at[:DAY]
            told.append((on, values(day=day(on, words), text=text, number=number, anchor=anchor)))
    return tuple(one for _day, one in sorted(told, key=itemgetter(0), reverse=True))
