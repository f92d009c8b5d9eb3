"""Reports as one HTML page that needs nothing else: no network, no script, no font; for a phone, a desk and paper.

Whatever a template puts out that is not the template's own goes through `claimreg.render.safe` and is escaped; nobody has to
think of it. Should markup of others get through all the same, the page's policy lets no script, frame, form or address act.
"""

from __future__ import annotations

from functools import cache
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, NamedTuple

from claimreg.model import Stance
from claimreg.render.labels import ENGLISH, Words
from claimreg.render.picture import picture
from claimreg.render.policy import page_policy
from claimreg.render.sentences import byline_in_words, counts, judged_in_words, lost, named_author, period_in_words, unverified
from claimreg.services.reporting.about import About
from claimreg.services.reporting.report import ALL_SECTIONS, Report, Section
from claimreg.services.reporting.views import AttributionView, ClaimView

if TYPE_CHECKING:
    from collections.abc import Container, Iterator, Mapping

    from jinja2 import Environment
    from markupsafe import Markup

    from claimreg.render.machine import Json
    from claimreg.services.reporting.pictures import Thumbnail


class Mention(NamedTuple):
    """A record that is pointed to: its anchor on the page, what it is called there, and the language of that."""

    anchor: str
    name: str
    lang: str | None = None


def render_html(
    report: Report,
    words: Words = ENGLISH,
    sections: Container[Section] = ALL_SECTIONS,
    thumbnails: Mapping[str, Thumbnail] = MappingProxyType({}),
    data: Json | None = None,
    about: About = About(),  # noqa: B008 -- it cannot be changed
) -> str:
    """The report as an HTML document; the same values give the same bytes.

    ``thumbnails`` are by their sources' ids, ``about`` is what the desk says of the report, ``data`` (JSON-LD) is put into the head for
    programs, as data that no browser runs.
    """
    from markupsafe import Markup

    from claimreg.render.pieces import Statements, labels

    environment = _environment()
    style = _style()
    anchors = _anchors(report, sections)
    shared: dict[str, Any] = {"words": words, "labels": labels(words), "date": words.date}
    shared |= {"report": report, "sections": sections, "anchors": anchors}
    shared["ratings"] = {view.claim.id: view.verdicts[-1].rating for view in _all_claims(report) if view.verdicts}
    shared["statement"] = Statements(words, report.sources, anchors, thumbnails)
    # Rendered claim by claim: what a claim's markup is made of is let go of before the next one.
    claim = environment.get_template("parts.html.jinja").make_module(shared).claim  # type: ignore[attr-defined]  # the template's macro
    return environment.get_template("report.html.jinja").render(
        **shared,
        policy=page_policy(style),
        style=Markup(style),  # noqa: S704 -- the package's own
        data=_data_block(data) if data is not None else None,
        title=about.title or report.title,
        byline=byline_in_words(report, about, words),
        rated=[view for view in report.claims if view.verdicts],
        counts=tuple(counts(report, words)),
        period=tuple(period_in_words(report.period, words)),
        judged=judged_in_words(report, words, "“claimreg link --all”"),
        contents=tuple(_contents(report, words, sections)),
        unverified=tuple(_unverified(report, words)),
        claims=(claim(view) for view in report.claims),
        picture=(drawn := picture(report.timeline)),
        signs=[(stance.value, words.stance_noun(stance)) for stance in Stance if drawn and stance.value in drawn.signs],
    )


def _contents(report: Report, words: Words, sections: Container[Section]) -> Iterator[tuple[str, str]]:
    if Section.SUMMARY in sections and (rated := sum(1 for view in report.claims if view.verdicts)):
        yield "verdicts", f"{words.say('Verdicts')} ({words.number(rated)})"
    if Section.SUMMARY in sections and any(_unverified(report, words)):
        yield "unverified", words.say("Not verified yet")
    held = (
        (Section.CLAIMS, words.say("Claims"), len(report.claims)),
        (Section.CONTRADICTIONS, words.say("Contradictions"), len(report.contradictions)),
        (Section.TIMELINE, words.say("Timeline"), len(report.timeline)),
        (Section.SOURCES, words.say("Sources"), len(report.sources)),
    )
    for section, title, number in held:
        if section in sections and (number or section is Section.CLAIMS):
            yield section.value, f"{title} ({words.number(number)})"


def _all_claims(report: Report) -> Iterator[ClaimView]:
    """Yield the claims of a report, and those that contradict them."""
    yield from report.claims
    for pair in report.contradictions:
        yield from pair


def _unverified(report: Report, words: Words) -> Iterator[tuple[str, list[Mention]]]:
    """Yield the work left for a person: in a sentence, and where."""
    for told, where in (*lost(report, words), *unverified(report, words)):
        yield told, [_mention(one) for one in where]


def _mention(view: AttributionView | ClaimView) -> Mention:
    if isinstance(view, ClaimView):
        return Mention(view.claim.id, view.claim.text, view.claim.lang)
    return Mention(view.attribution.id, view.party.name)


def _anchors(report: Report, sections: Container[Section]) -> frozenset[str]:
    """The ids of the records that the page shows."""
    claims = report.claims if Section.CLAIMS in sections else ()
    shown = {view.claim.id for view in claims} | {one.attribution.id for view in claims for one in view.attributions}
    return frozenset(shown | ({view.source.id for view in report.sources} if Section.SOURCES in sections else set()))


def _data_block(data: Json) -> Markup:
    from markupsafe import Markup

    from claimreg.render.linked_data import in_script

    return Markup(in_script(data))  # noqa: S704 -- made for just this place


@cache
def _style() -> str:
    from importlib.resources import files

    return (files("claimreg.render") / "templates" / "report.css").read_text(encoding="utf-8")


@cache
def _environment() -> Environment:
    from jinja2 import Environment, PackageLoader, StrictUndefined

    from claimreg.render.pieces import address, day, filled, linked, pieces, seen, shown, theirs
    from claimreg.services.recording.sources import captured_at

    environment = Environment(
        loader=PackageLoader("claimreg", "render/templates"),
        autoescape=True,
        finalize=seen,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.globals["Section"] = Section
    helpers = (shown, theirs, linked, address, day, pieces, filled, captured_at, named_author)
    environment.filters.update({helper.__name__: helper for helper in helpers})
    return environment
