"""Reports to publish of whatever registries: nothing of the desk's own work gets out, and the numbers add up."""

from __future__ import annotations

import json
import re
from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from made_registries import CHANGE, days, maybe, stores, texts
from publication_cases import page, statements, text_of, texts_in

from claimreg.frozen import replace
from claimreg.model import Claim
from claimreg.render.labels import LANGUAGES, Words
from claimreg.render.publication.page import publication, publication_json
from claimreg.services.reporting.about import About, Correction, Reply
from claimreg.services.reporting.report import Report, build_report
from claimreg.store.memory import MemoryStore

LOGIN = "login-of-ann-57"
ID = re.compile(r"\b[A-Z][1-9][0-9]*\b")

known = days.filter(bool)
abouts = st.builds(
    About,
    title=maybe, desk=maybe, published=days, updated=days, contact=maybe, policy=maybe, summary=st.lists(texts, max_size=2).map(tuple),
    scale=st.lists(st.tuples(texts, texts), max_size=2).map(tuple),
    replies=st.lists(st.builds(Reply, texts, texts), max_size=2).map(tuple),
    corrections=st.lists(st.builds(Correction, known, texts), max_size=2).map(tuple),
)  # fmt: skip


def report_of(store: MemoryStore) -> Report:
    with store.snapshot() as reader:
        return build_report(reader, reader.find(Claim), "A case")


def by_login(report: Report) -> Report:
    """The report as somebody with a telling login recorded it, who is named where no author is."""

    def recorded(one: Any) -> Any:  # noqa: ANN401 -- any record
        return replace(one, recorded_by=LOGIN)

    views = tuple(
        view._replace(
            claim=recorded(view.claim),
            verdicts=tuple(replace(recorded(one), author=LOGIN if one.author == CHANGE.user else one.author) for one in view.verdicts),
            attributions=tuple(
                one._replace(attribution=recorded(one.attribution), party=recorded(one.party), links=tuple(map(recorded, one.links)))
                for one in view.attributions
            ),
        )
        for view in report.claims
    )
    return report._replace(claims=views, sources=tuple(one._replace(source=recorded(one.source)) for one in report.sources))


@settings(max_examples=30, suppress_health_check=[HealthCheck.too_slow])
@given(stores(), abouts, st.sampled_from(LANGUAGES))
def test_no_login_and_no_word_of_the_program_gets_out(store: MemoryStore, about: About, lang: str) -> None:
    told = json.dumps(publication_json(publication(by_login(report_of(store)), Words(lang), about)), ensure_ascii=False)
    assert LOGIN not in told
    for word in ('"suggested"', '"confirmed"', '"exact"', '"typographic"', '"altered"', "layered/1", "asserts"):
        assert word not in told


@settings(max_examples=30, suppress_health_check=[HealthCheck.too_slow])
@given(stores(), abouts)
def test_ids_are_anchors_and_stand_nowhere_else(store: MemoryStore, about: About) -> None:
    report = report_of(store)
    own = "".join(texts_of_others(report, about))
    ids = {one for text in texts_in(page(report, about)) for one in ID.findall(text)} - set(ID.findall(own))
    # A fingerprint is no id.
    assert ids == set()


def texts_of_others(report: Report, about: About) -> list[str]:
    """All texts that people and documents put in, apart from each other."""
    records: list[Any] = [one for view in report.claims for one in (view.claim, *view.verdicts, *(other.other for other in view.relations))]
    records += [one for view in report.claims for said in view.attributions for one in (said.attribution, said.party, *said.links)]
    records += [view.source for view in report.sources]
    plain = [value for one in records for name, value in vars(one).items() if isinstance(value, str) and not name.endswith("id")]
    return [f" {one} " for one in (*plain, *texts_in(tuple(about)))]


@settings(max_examples=30, suppress_health_check=[HealthCheck.too_slow])
@given(stores())
def test_numbers_add_up(store: MemoryStore) -> None:
    report = report_of(store)
    shown = page(report)
    every = statements(shown)
    assert len(every) == sum(len(view.attributions) for view in report.claims)
    quoted = [one for one in every if one["quote"] is not None]
    assert shown["quotes"] == len(quoted) == shown["found"] + shown["lost"] + shown["unlooked"]
    assert shown["checked"] == sum(one["checked"] for one in quoted)
    assert shown["lost"] == sum(one["lost"] for one in quoted)
    assert shown["unlooked"] == sum(one["unlooked"] for one in quoted)
    assert (shown["draft"] is None) == (shown["found"] == shown["checked"])
    assert [claim["number"] for claim in shown["claims"]] == list(range(1, len(report.claims) + 1))
    assert sorted(claim["number"] for claim in shown["rated"] + shown["unrated"]) == list(range(1, len(report.claims) + 1))
    assert sum(number for _rating, number in shown["tally"]) == len(shown["rated"])
    used = {one[name] for one in every for name in ("source", "named")} - {None}
    assert used == {one["number"] for one in shown["sources"]} == set(range(1, len(shown["sources"]) + 1))


@settings(max_examples=30, suppress_health_check=[HealthCheck.too_slow])
@given(stores())
def test_each_quote_is_whole_and_of_a_withheld_source_there_is_nothing_else(store: MemoryStore) -> None:
    report = report_of(store)
    quotes = {one.attribution.id.lower(): one.attribution.quote for view in report.claims for one in view.attributions}
    withheld = {view.source.title for view in report.sources if view.source.withheld}
    shown = page(report)
    for one in statements(shown):
        quote = quotes[one["anchor"]]
        assert (one["quote"] is None) == (quote is None)
        if quote is not None:
            assert text_of(one["quote"]["pieces"]) == quote
            assert one["finding"]
        if one["hidden"]:
            assert (one["passage"], one["where"]) == (None, None)
    assert withheld.isdisjoint(texts_in(shown))


@settings(max_examples=20, suppress_health_check=[HealthCheck.too_slow])
@given(stores(), abouts, st.sampled_from(LANGUAGES))
def test_the_same_registry_and_file_give_the_same_bytes(store: MemoryStore, about: About, lang: str) -> None:
    told = [json.dumps(publication_json(publication(report_of(store), Words(lang), about))) for _ in range(2)]
    assert told[0] == told[1]


@settings(max_examples=20, suppress_health_check=[HealthCheck.too_slow])
@given(stores())
def test_a_contradiction_is_in_both_cards(store: MemoryStore) -> None:
    report = report_of(store)
    shown = {claim["number"]: claim for claim in page(report)["claims"]}
    pairs = {(number, one["number"]) for number, claim in shown.items() for one in claim["against"]}
    assert pairs == {(right, left) for left, right in pairs}
    assert len(pairs) == 2 * len(report.contradictions)
