"""What a desk is told before it publishes a report."""

from __future__ import annotations

import pytest
from sample_reports import demo_report, hostile_report

from claimreg.frozen import replace
from claimreg.model import Change, Link, LinkState, Source
from claimreg.services.reporting.about import About
from claimreg.services.reporting.before_publishing import Remark, before_publishing
from claimreg.services.reporting.report import Report
from claimreg.store.memory import MemoryStore

WHOLE = About(desk="Harbour desk", published="2026-11-20", contact="desk@harbour.example")


def remarks(report: Report, about: About = WHOLE, store: MemoryStore | None = None) -> dict[str, Remark]:
    with (store or MemoryStore()).snapshot() as reader:
        return {one.about: one for one in before_publishing(report, about, reader)}


def with_source(report: Report, **details: object) -> Report:
    (view,) = report.sources
    return report._replace(sources=(view._replace(source=replace(view.source, **details)),))


def test_changes_of_negation_and_number_come_first_and_stop() -> None:
    told = remarks(demo_report())
    first = next(iter(told.values()))
    assert first.about == "Quotes whose place no person has checked"
    assert first.where[:2] == ("A7 (number)", "A13 (negation)")
    assert len(first.where) == 12
    assert first.stops
    assert told["Quotes found in no source"].where == ("A14",)
    assert [one.about for one in told.values() if one.stops] == list(told)[:2]


def test_what_was_never_looked_for_is_told_apart_and_stops_too() -> None:
    report = demo_report()
    view = report.claims[0]
    said = view.attributions[0]
    unlooked = said._replace(links=(), attribution=replace(said.attribution, looked=None))
    told = remarks(report._replace(claims=(view._replace(attributions=(unlooked,)),)))
    assert told["Quotes that nobody has looked for"].where == (said.attribution.id,)
    assert told["Quotes that nobody has looked for"].stops
    assert "Quotes found in no source" not in told


def test_places_that_a_person_rejected_are_found_in_no_source() -> None:
    report = demo_report()
    view = report.claims[0]
    said = view.attributions[0]
    rejected = said._replace(links=tuple(replace(link, state=LinkState.REJECTED) for link in said.links))
    told = remarks(report._replace(claims=(view._replace(attributions=(rejected,)),)))
    assert told["Quotes found in no source"].where == (said.attribution.id,)


def test_what_a_person_confirmed_needs_no_word() -> None:
    report = demo_report()

    def confirmed(link: Link) -> Link:
        return replace(link, state=LinkState.CONFIRMED)

    claims = tuple(
        view._replace(attributions=tuple(one._replace(links=tuple(map(confirmed, one.links))) for one in view.attributions if one.links))
        for view in report.claims
    )
    assert not any(one.stops for one in remarks(report._replace(claims=claims)).values())


def test_verdicts_are_looked_at() -> None:
    report = demo_report()
    told = remarks(report)
    assert told["Claims without a verdict"].where == tuple(view.claim.id for view in report.unrated)
    assert "Verdicts without a rationale" not in told
    view = next(view for view in report.claims if view.verdicts)
    bare = view._replace(verdicts=(replace(view.verdicts[-1], rationale=None),))
    assert remarks(report._replace(claims=(bare,)))["Verdicts without a rationale"].where == (view.claim.id,)


@pytest.mark.parametrize(
    ("title", "is_one"),
    [
        ("article-kk.txt", True), ("Scan of the ruling.PDF", True), ("https://x.example/a", True), ("IMG_1.jpeg", True),
        ("The bridge", False), ("Notice No. 3", False), ("News from example.com", False), (".txt", False), ("a.b", False),
    ],
)  # fmt: skip
def test_titles_that_look_like_names_of_files_are_told(title: str, is_one: bool) -> None:  # noqa: FBT001 -- a parameter of the test
    told = remarks(with_source(hostile_report("words"), title=title))
    assert ("Titles that look like the names of files" in told) is is_one


def test_an_author_that_a_page_may_name_itself_is_told_until_a_person_changes_it() -> None:
    about = "Authors as the documents may name them, who may be nobody or only took a picture"
    report = with_source(hostile_report("words"), author="Anónimo")
    assert about not in remarks(report)  # a plain text names no author of its own
    (view,) = report.sources
    assert view.capture is not None
    page = report._replace(sources=(view._replace(capture=replace(view.capture, media_type="text/html")),))
    store = MemoryStore()
    with store.write(Change("tester", "2026-01-01T00:00:00Z", "add")) as writer:
        writer.put(view.source)
    assert remarks(page, store=store)[about].where == ("S1 “Anónimo”",)
    with store.write(Change("tester", "2026-01-02T00:00:00Z", "edit")) as writer:
        writer.put(replace(view.source, title="Another title"))
    assert about in remarks(page, store=store)
    with store.write(Change("tester", "2026-01-03T00:00:00Z", "edit")) as writer:
        writer.put(replace(view.source, title="Another title", author="Ann Lee"))
    assert about not in remarks(page, store=store)


def test_addresses_and_archived_copies_are_asked_for() -> None:
    report = with_source(hostile_report("words"), url=None, canonical_url=None, archive_url=None)
    told = remarks(report)
    assert told["Sources without an address"].where == ("S1",)
    assert told["Sources without an archived copy"].where == ("S1",)
    there = with_source(report, canonical_url="https://x.example/a", archive_url="https://y.example/a")
    assert not {"Sources without an address", "Sources without an archived copy"} & set(remarks(there))


def test_a_withheld_source_that_is_quoted_is_told_and_nothing_else_of_it() -> None:
    report = hostile_report("words")
    source = report.sources[0].source
    withheld = Source(id=source.id, title="letter.txt", withheld="a promise", recorded_at="2026-01-01T00:00:00Z", recorded_by="tester")
    told = remarks(report._replace(sources=(report.sources[0]._replace(source=withheld),)))
    remark = told["Withheld sources whose words are quoted"]
    assert remark.where == ("S1",)
    assert "who searches for the words may find the source" in remark.told()
    assert not {"Titles that look like the names of files", "Sources without an address"} & set(told)


def test_the_desks_words_are_looked_at() -> None:
    report = demo_report()
    assert remarks(report, About())["What readers look for and is not told"].where == ("desk", "published", "contact")
    assert "What readers look for and is not told" not in remarks(report)
    long = WHOLE._replace(summary=("word " * 46, "word " * 100))
    assert any("has 46 words; up to 45" in about for about in remarks(report, long))
    assert not any("up to 45" in about for about in remarks(report, WHOLE._replace(summary=("word " * 45,))))


def test_a_remark_names_as_many_places_as_are_wanted() -> None:
    remark = Remark("Quotes", ("A1", "A2", "A3"), "look")
    assert remark.told() == "Quotes (3): A1, A2, A3; look."
    assert remark.told(2) == "Quotes (3): A1, A2 and 1 more; look."
    assert Remark("The lead is long").told() == "The lead is long."
