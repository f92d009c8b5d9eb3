"""Small cases to publish, recorded as people would, and parts of the page that comes of them."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

from claimreg.frozen import replace
from claimreg.linker import LayeredLinker
from claimreg.model import Change, Claim, Link, Source
from claimreg.render.labels import Words
from claimreg.render.publication.page import publication
from claimreg.services.exchange.casefile import CaseFile, record_case
from claimreg.services.recording.sources import IncomingDocument
from claimreg.services.reporting.about import About
from claimreg.services.reporting.report import Report, build_report
from claimreg.services.reporting.views import AttributionView, ClaimView
from claimreg.store.memory import MemoryStore

LOGIN = "aziza99"
CHANGE = Change(user=LOGIN, at="2026-03-04T05:06:07Z", action="add")

MINUTES = (
    "The mayor said on Monday: the new bridge will not be open before the end of June, and the old one stays closed to all lorries. "
    "Nobody asked how much it had cost so far. In the evening he said that no road tax would rise this year.\n"
)
LETTER = "To the council. We the drivers of the night shift ask that the old bridge be mended first, and we ask it for the third time.\n"


def said(party: str, quote: str | None = None, stance: str = "asserts", **fields: str | None) -> dict[str, Any]:
    """A statement for `case_report`; its source is a file of the case."""
    return {"party": party, "stance": stance, "quote": quote, **fields}


def case_report(
    claims: Mapping[str, Sequence[Mapping[str, Any]]],
    texts: Mapping[str, str] | None = None,
    *,
    relations: Sequence[tuple[str, str, str]] = (),
    verdicts: Sequence[Mapping[str, Any]] = (),
    withheld: Mapping[str, str] | None = None,
    details: Mapping[str, Mapping[str, Any]] | None = None,
) -> Report:
    """The report on claims, by their text, that were recorded with these statements and sources; quotes are looked for in their source."""
    texts = {"minutes": MINUTES, "letter": LETTER} if texts is None else texts
    statements = [one for every in claims.values() for one in every]
    case = {
        "case": "Bridge",
        "sources": [{"file": name, "title": f"The {name}", **(details or {}).get(name, {})} for name in texts],
        "parties": [{"name": name} for name in dict.fromkeys(one["party"] for one in statements)],
        "claims": [{"key": text, "text": text, "lang": "en", "attributions": list(every)} for text, every in claims.items()],
        "relations": [{"claim": left, "kind": kind, "other": right} for left, kind, right in relations],
        "verdicts": list(verdicts),
    }
    documents = {name: IncomingDocument(text.encode(), text, location=name) for name, text in texts.items()}
    store = MemoryStore()
    with store.write(CHANGE) as writer:
        record_case(writer, CaseFile(case, documents), LayeredLinker())
        for source in list(writer.find(Source)):
            if reason := (withheld or {}).get(source.title.removeprefix("The ")):
                writer.put(replace(source, withheld=reason))
    with store.snapshot() as reader:
        return build_report(reader, reader.find(Claim), "Bridge")


def page(report: Report, about: About | None = None, lang: str = "en") -> Mapping[str, Any]:
    """The variables of a report's page."""
    found: Mapping[str, Any] = publication(report, Words(lang), about)["page"]
    return found


def statements(shown: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    """All statements of a page, as readers meet them."""
    return [one for claim in shown["claims"] for side in claim["sides"] for one in side["statements"]]


def first(report: Report, lang: str = "en") -> Mapping[str, Any]:
    """The first statement of a report's page."""
    return statements(page(report, lang=lang))[0]


def text_of(parts: Sequence[str | tuple[str, str]]) -> str:
    """The text of a sentence, or of a quote's pieces, whoever it is of."""
    return "".join(one if isinstance(one, str) else one[0] for one in parts)


def marked(parts: Sequence[tuple[str, str]]) -> list[tuple[str, str]]:
    """The pieces of a text that are marked."""
    return [one for one in parts if one[1] != "none"]


def with_links(report: Report, **changes: object) -> Report:
    """The report, all its links changed."""

    def changed(link: Link) -> Link:
        return replace(link, **changes)

    return with_statements(report, lambda one: one._replace(links=tuple(map(changed, one.links))))


def with_statements(report: Report, change: Callable[[AttributionView], AttributionView]) -> Report:
    """The report, each of its statements changed."""

    def view(one: ClaimView) -> ClaimView:
        attributions: tuple[AttributionView, ...] = tuple(map(change, one.attributions))
        return one._replace(attributions=attributions)

    return report._replace(claims=tuple(map(view, report.claims)))


def texts_in(value: object) -> Iterator[str]:
    """All texts in the values of a page."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, Mapping):
        for one in value.values():
            yield from texts_in(one)
    elif isinstance(value, tuple | list):
        for one in value:
            yield from texts_in(one)
