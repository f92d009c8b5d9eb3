"""Sentences shared by all renderings of a report: counts, open work, places, alterations."""

from __future__ import annotations

from typing import TYPE_CHECKING

from claimreg.model import LinkState, Place, WordChange
from claimreg.render.labels import CHANGES, ENGLISH, Words
from claimreg.render.safe import one_line
from claimreg.services.recording.sources import captured_at
from claimreg.services.reporting.report import last_recorded
from claimreg.services.reporting.states import QuoteState, quote_state
from claimreg.services.withholding import offsets_of
from claimreg.vocabulary import STRUCK_OUT

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence

    from claimreg.model import Capture, Source, Verdict
    from claimreg.services.reporting.about import About
    from claimreg.services.reporting.report import Period, Report
    from claimreg.services.reporting.side_by_side import Alteration
    from claimreg.services.reporting.views import AttributionView, ClaimView, Where


NOT_CAPTURED = "not captured yet"
"""Words for a source of which nothing but an address and details is known."""

_DAY = len("2020-06-22")
"""Characters of a date that is no less precise than a day."""


def counts(report: Report, words: Words) -> Iterator[str]:
    """Yield how many claims, attributions and sources there are, and links in each state."""
    yield words.count("{number} claim", "{number} claims", len(report.claims))
    yield words.count("{number} attribution", "{number} attributions", sum(len(view.attributions) for view in report.claims))
    yield words.count("{number} source", "{number} sources", len(report.sources))
    states = ", ".join(f"{words.number(report.links_in(state))} {words.state(state)}" for state in LinkState)
    yield f"{words.say('links:')} {states}"


def period_in_words(period: Period, words: Words) -> Iterator[str]:
    """Yield which days a report is about, where it is not all of them."""
    if period.since is not None:
        yield f"{words.say('since')} {words.date(period.since)}"
    if period.until is not None:
        yield f"{words.say('until')} {words.date(period.until)}"


def byline_in_words(report: Report, about: About, words: Words) -> str:
    """Say whose report it is, and of which day; without a word of the desk's, of when its last record is. Empty for an empty report."""
    told = [about.desk] if about.desk else []
    told += [f"{words.say('published')} {words.date(about.published)}"] if about.published else []
    told += [words.say("changed on {day}").format(day=words.date(about.updated))] if about.updated else []
    if not told and (day := last_recorded(report)) is not None:
        told = [words.say("As of {day}").format(day=words.date(day))]
    return " · ".join(told)


def named_author(verdict: Verdict) -> str | None:
    """Return the author of a verdict; ``None`` where it is but the login of who recorded it."""
    return verdict.author if verdict.author != verdict.recorded_by else None


def unverified(report: Report, words: Words) -> Iterator[tuple[str, Sequence[AttributionView | ClaimView]]]:
    """Yield the work left for a person, in sentences, and where; quotes that stand nowhere have their own, see `lost`."""
    if waiting := report.unconfirmed:
        told = words.count(
            "{number} quote was found, but no person has confirmed its place.",
            "{number} quotes were found, but no person has confirmed their places.",
            len(waiting),
        )
        yield told, waiting
    if unrated := report.unrated:
        yield words.count("{number} claim has no verdict.", "{number} claims have no verdict.", len(unrated)), unrated


def lost(report: Report, words: Words) -> Iterator[tuple[str, Sequence[AttributionView]]]:
    """Yield the attributions whose quote stands in no source that is known of, by what is known, with a label for each kind."""
    kinds = (
        (words.say("Looked for and not found:"), report.unlinked),
        (words.say("Not looked for yet:"), report.unlooked),
        (words.say("Found, and all places rejected:"), report.rejected),
    )
    yield from ((told, where) for told, where in kinds if where)


def lost_in_words(view: AttributionView, words: Words, shown: Callable[[str], str] = str) -> str:
    """Say what is known of a quote without a place: that nobody looked for it, where and when it was not found, or who rejected its places.

    ``shown`` makes the names of users fit for the rendering.
    """
    if quote_state(view) is QuoteState.REJECTED:
        if not view.rejected_by:
            return words.say("These words were found, and all places were rejected.")
        return words.say("These words were found, and all places were rejected by {names}.").format(
            names=shown(", ".join(view.rejected_by))
        )
    looked = view.attribution.looked
    if looked is None:
        return words.say("Nobody has looked for these words yet.")
    day = words.date(looked.at[:_DAY])
    if not looked.inside:
        return words.say("Looked for in all stored sources on {day}, and not found.").format(day=day)
    return words.say("Looked for only in {sources} on {day}, and not found there.").format(sources=", ".join(looked.inside), day=day)


def judged_in_words(report: Report, words: Words, command: str, shown: Callable[[str], str] = str) -> str:
    """Say which methods judged the links, and that ``command`` judges those of earlier ones again; nothing without links.

    ``shown`` makes the names of methods, which may be others', fit for the rendering.
    """
    named = {method: shown(method) or words.say("an unknown method") for method in report.methods}
    told = [words.say("Judged by {method}").format(method=named.pop(report.method))] if report.method in named else []
    for method, name in named.items():
        links = words.count("{number} link", "{number} links", report.methods[method])
        told.append(words.say("{links} judged by {method}").format(links=links, method=name))
    again = f": {words.say('run {command}').format(command=command)}" if named else ""
    return f"{'; '.join(told)}{again}." if told else ""


def where_in_words(where: Where, words: Words) -> str:
    """Return the label of a place for a reader, and whether the latest capture of its source has it."""
    told = []
    if (place := label_in_words(where.label, words, left_out=where.left_out, is_page=where.is_page)) is not None:
        told.append(place)
    if where.outdated and where.captured_on is not None and where.latest_on is not None:
        sentence = words.say("only in the capture of {day}, not in that of {latest}")
        told.append(sentence.format(day=words.date(where.captured_on), latest=words.date(where.latest_on)))
    elif where.outdated:
        told.append(words.say("only in an earlier capture"))
    return "; ".join(told)


def dates_in_words(source: Source, capture: Capture | None, words: Words) -> Iterator[str]:
    """Yield when a capture was made, where that is known, and when it or its source was added; or that there is none yet."""
    if capture is None:
        yield words.say(NOT_CAPTURED)
        yield f"{words.say('added on')} {words.date(source.recorded_at)}"
        return
    captured = captured_at(capture)
    if captured is not None:
        on = words.say("captured on") if len(captured) >= _DAY else words.say("captured in")
        yield f"{on} {words.date(captured)}"
    yield f"{words.say('added on')} {words.date(capture.recorded_at if captured is None else source.recorded_at)}"


def label_in_words(label: str | None, words: Words, *, left_out: bool = False, is_page: bool = False) -> str | None:
    """Say where a place is by its label: on which page, in the headline, in which part of what was left out.

    ``None`` where there is nothing to say. A part is left out of an article where the document ``is_page``.
    """
    if label == STRUCK_OUT:
        return words.say("struck out by its author")
    place = None
    if label is not None:
        name, _space, number = label.partition(" ")
        page = name == "page" and number.isdigit()
        place = words.say("page {number}").format(number=number) if page else words.part(label)
    if not left_out:
        return place
    told = words.say("left out of the article") if is_page else words.say("left out of the document")
    return f"{told}: {place}" if place is not None else told


def places_left_out(where: Mapping[str, Where]) -> Iterator[str]:
    """Say in English of each link that is in what was left out of its source's text, by its id, which part that is."""
    for link_id, place in where.items():
        if place.left_out:
            yield f"{link_id} stands in what was {label_in_words(place.label, ENGLISH, left_out=True, is_page=place.is_page)}."


def offsets_in_words(place: Place) -> str:
    """Say where a place begins and ends, `` 12–30``; nothing where nobody may know."""
    offsets = offsets_of(place)
    return f" {offsets.start}–{offsets.end}" if offsets else ""


def place_in_words(place: Place, words: Words) -> str:
    """In which source a place is, ``{source}`` left for the renderer, and at which characters, where that may be known."""
    offsets = offsets_of(place)
    if offsets is None:
        return words.say("In the source {source}")
    sentence = words.say("In the source {source}, characters {start}–{end}")
    return sentence.replace("{start}", str(offsets.start)).replace("{end}", str(offsets.end))


def judged_otherwise(before: Place, after: Place, words: Words = ENGLISH) -> str:
    """Say what was told of a place before and what is now: ``was near, now altered: negation``."""
    sentence = words.say("was {before}, now {now}")
    return sentence.format(before=_verdict_in_words(before, words), now=_verdict_in_words(after, words))


def named_method(method: str, words: Words = ENGLISH) -> str:
    """Name a method that judged links, on one line; a bundle may bring any text for it."""
    return one_line(method) or words.say("an unknown method")


def _verdict_in_words(place: Place, words: Words) -> str:
    told = [words.flags(place.flags)] if place.flags else []
    told += [words.not_judged(place.not_judged)] if place.not_judged else []
    return f"{words.kind_name(place.kind)}{': ' if told else ''}{'; '.join(told)}"


def alteration_in_words(alteration: Alteration, words: Words, shown: Callable[[str], str] = str) -> str:
    """One altered word: ``100 → 120``, the source's first; ``shown`` makes others' words fit for the rendering."""
    change = CHANGES.get(alteration.change, CHANGES[WordChange.CHANGED])
    return words.say(change).format(theirs=shown(alteration.theirs), mine=shown(alteration.mine))
