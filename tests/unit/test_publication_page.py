"""The page of a report to publish: head, verdicts, both sides of a contradiction, timeline, sources, corrections."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from types import MappingProxyType
from typing import Any

import pytest
from publication_cases import CHANGE, LOGIN, case_report, page, said, statements, texts_in, with_links
from sample_reports import demo_report

from claimreg.frozen import replace
from claimreg.model import LinkState, Verdict
from claimreg.render.labels import Words
from claimreg.render.publication.page import publication, publication_json
from claimreg.services.reporting.about import About, Correction, Reply
from claimreg.services.reporting.pictures import Thumbnail
from claimreg.services.reporting.report import Report

EXACT = "the new bridge will not be open before the end of June"
OTHER = "no road tax would rise this year"
Relations = Sequence[tuple[str, str, str]]
CONTRADICTION: Relations = (("The bridge opens in July", "contradicts", "The bridge opens in May"),)


def bridge(*, relations: Relations = CONTRADICTION, details: Mapping[str, Mapping[str, Any]] | None = None) -> Report:
    """Two claims, of which the second contradicts the first, which has a verdict."""
    claims = {
        "The bridge opens in May": [said("Radio", None, "reports", said_at="2026-03"), said("Mayor", EXACT, "denies", source="minutes")],
        "The bridge opens in July": [said("Mayor", EXACT, source="minutes", said_at="2026-03-02"), said("Drivers", None, "questions")],
    }
    verdicts = [{"claim": "The bridge opens in May", "rating": "False", "rationale": "The minutes say June.", "scheme": "three steps"}]
    return case_report(claims, verdicts=verdicts, relations=relations, details=details)


def rated(*verdicts: tuple[str, str, str | None]) -> Report:
    """One claim with verdicts: rating, day and author."""
    report = case_report({"The bridge opens in May": [said("Mayor", EXACT, source="minutes")]})
    every = tuple(
        Verdict(
            id=f"V{number}", claim_id="C1", rating=rating, rated_at=f"{day}T00:00:00Z", author=author, rationale=f"reason {number}",
            recorded_at=CHANGE.at, recorded_by=LOGIN,
        )
        for number, (rating, day, author) in enumerate(verdicts, start=1)
    )  # fmt: skip
    return report._replace(claims=(report.claims[0]._replace(verdicts=every),))


def test_the_head_is_what_the_desk_says() -> None:
    about = About(
        "The bridge", "City desk", "2026-03-05", "2026-04", "desk@city.example", "https://city.example/rules", ("Lead.", "More."),
        (("False", "The documents say otherwise."),), (Reply("Mayor", "No answer by Friday."),),
    )  # fmt: skip
    shown = page(bridge(), about)
    assert (shown["title"], shown["desk"], shown["summary"]) == ("The bridge", "City desk", ("Lead.", "More."))
    assert shown["published"] == {"iso": "2026-03-05", "text": "5 March 2026"}
    assert shown["updated"] == {"iso": "2026-04", "text": "April 2026"}
    assert (shown["contact"], shown["policy"]) == ("desk@city.example", "https://city.example/rules")
    assert shown["scale"] == (("False", "The documents say otherwise."),)
    assert shown["schemes"] == ("three steps",)
    assert shown["replies"] == ({"party": "Mayor", "text": "No answer by Friday."},)


def test_what_the_desk_does_not_say_is_absent_but_the_title() -> None:
    shown = page(bridge())
    assert shown["title"] == "Bridge"
    for name in ("desk", "published", "updated", "contact", "policy"):
        assert shown[name] is None
    assert (shown["summary"], shown["replies"], shown["corrections"], shown["scale"]) == ((), (), (), ())


def test_an_address_that_would_act_is_no_link() -> None:
    assert page(bridge(), About(policy="javascript:alert(1)"))["policy"] is None
    details = {"minutes": {"url": "javascript:alert(1)"}, "letter": {"url": "https://city.example/letter"}}
    assert page(bridge(details=details))["sources"][0]["url"] is None


@pytest.mark.parametrize(("ids", "title"), [("C1, C2", "Claims"), ("C1", "The bridge opens in May")])
def test_a_title_that_is_a_list_of_ids_is_replaced(ids: str, title: str) -> None:
    report = bridge()
    chosen = tuple(view for view in report.claims if view.claim.id in ids)
    assert page(report._replace(title=f"Claims {ids}", claims=chosen))["title"] == title


def test_a_contradiction_is_told_in_both_cards_with_the_rating_and_who_says_so() -> None:
    first, second = page(bridge())["claims"]
    assert second["against"] == (
        {
            "relation": "Contradicts", "number": 1, "anchor": "c1", "text": "The bridge opens in May", "lang": "en", "rating": "False",
            "who": ("Radio",),
        },
    )  # fmt: skip
    (against,) = first["against"]
    assert (against["number"], against["rating"], against["who"]) == (2, None, ("Mayor",))


def test_a_contradiction_recorded_twice_is_told_once() -> None:
    report = bridge(relations=[*CONTRADICTION, ("The bridge opens in May", "contradicts", "The bridge opens in July")])
    assert [len(claim["against"]) for claim in page(report)["claims"]] == [1, 1]


def test_a_claim_outside_the_report_has_no_number_but_its_rating() -> None:
    report = bridge()
    (against,) = page(report._replace(claims=report.claims[1:]))["claims"][0]["against"]
    assert (against["number"], against["anchor"], against["rating"], against["who"]) == (None, None, "False", ("Radio",))


def test_other_relations_are_told_from_either_side() -> None:
    relations = [("The bridge opens in July", "supports", "The bridge opens in May")]
    first, second = page(bridge(relations=relations))["claims"]
    assert [(one["relation"], one["number"]) for one in (*first["related"], *second["related"])] == [
        ("Is supported by", 2),
        ("Supports", 1),
    ]
    assert (first["against"], second["against"]) == ((), ())


def test_names_of_both_sides_are_listed_once_each() -> None:
    claims = {"Open": [said("Mayor", EXACT), said("Mayor", OTHER), said("Radio", None, "reports"), said("Drivers", None, "denies")]}
    (claim,) = page(case_report(claims))["claims"]
    assert (claim["says"], claim["denies"]) == (("Mayor", "Radio"), ("Drivers",))
    assert [len(side["statements"]) for side in claim["sides"]] == [3, 1]


def test_claims_with_and_without_a_verdict_keep_the_registrys_numbers() -> None:
    shown = page(bridge())
    assert [claim["number"] for claim in shown["rated"]] == [1]
    assert [claim["number"] for claim in shown["unrated"]] == [2]
    assert shown["unrated"][0]["verdict"] is None
    assert shown["tally"] == (("False", 1),)


@pytest.mark.parametrize(("author", "by"), [(None, None), (LOGIN, None), (LOGIN.upper(), None), ("City Desk", None), ("AFP", "AFP")])
def test_the_author_of_a_verdict_is_named_unless_it_is_the_desk_or_a_login(author: str | None, by: str | None) -> None:
    shown = page(rated(("False", "2026-03-04", author)), About(desk="City desk"))
    assert shown["claims"][0]["verdict"]["by"] == by
    assert shown["ours"] is (by is None)


def test_a_changed_rating_is_told_in_the_card_and_as_a_correction() -> None:
    report = rated(("Half true", "2026-03-04", None), ("Half true", "2026-03-05", None), ("False", "2026-03-09", None))
    about = About(corrections=(Correction("2026-03-10", "The mayor’s name was misspelt."), Correction("2026-03", "An early one.")))
    shown = page(report, about)
    verdict = shown["claims"][0]["verdict"]
    assert (verdict["rating"], verdict["rationale"], verdict["day"]["text"]) == ("False", "reason 3", "9 March 2026")
    assert verdict["was"] == ({"rating": "Half true", "day": {"iso": "2026-03-05", "text": "5 March 2026"}},)
    assert [(one["day"]["iso"], one["text"], one["number"], one["anchor"]) for one in shown["corrections"]] == [
        ("2026-03-10", "The mayor’s name was misspelt.", None, None),
        ("2026-03-09", "The verdict on claim 1 was changed from “Half true” to “False”. reason 3", 1, "c1"),
        ("2026-03", "An early one.", None, None),
    ]


def test_a_rating_changed_to_and_fro_is_told_each_time() -> None:
    report = rated(("True", "2026-03-04", None), ("False", "2026-03-05", None), ("True", "2026-03-06", None))
    shown = page(report)
    assert [one["rating"] for one in shown["claims"][0]["verdict"]["was"]] == ["False", "True"]
    assert [one["day"]["iso"] for one in shown["corrections"]] == ["2026-03-06", "2026-03-05"]


def test_ratings_are_counted_the_most_frequent_first() -> None:
    claims = {f"Claim {one}": [said("Mayor")] for one in range(4)}
    ratings = ("Half {true}", "False", "False", "Half {true}")
    verdicts = [{"claim": f"Claim {number}", "rating": rating} for number, rating in enumerate(ratings[:3])]
    assert page(case_report(claims, verdicts=verdicts))["tally"] == (("False", 2), ("Half {true}", 1))


def test_the_draft_line_is_there_until_all_is_checked() -> None:
    report = bridge()
    shown = page(report)
    assert (shown["quotes"], shown["found"], shown["checked"], shown["lost"]) == (2, 2, 0, 0)
    assert shown["all_unchecked"] is True
    assert shown["draft"] == "A program found the quotes in the sources; no person has checked them yet."
    some = report._replace(claims=(with_links(report, state=LinkState.CONFIRMED).claims[0], report.claims[1]))
    shown = page(some)
    assert (shown["checked"], shown["all_unchecked"]) == (1, False)
    assert shown["draft"] == "1 of 2 quotes found in the sources has not been checked by a person yet; it is marked."
    shown = page(with_links(report, state=LinkState.CONFIRMED))
    assert (shown["checked"], shown["draft"]) == (2, None)
    assert all(one["checked"] for one in statements(shown) if one["quote"])


def dated(*days: str | None) -> Report:
    """Claims made on these days, by a party each."""
    return case_report({f"Claim {number}": [said(f"Speaker {number}", said_at=day)] for number, day in enumerate(days, start=1)})


def test_the_timeline_is_in_order_with_what_has_no_day_last() -> None:
    shown = page(dated(None, "2026-03-02", "2026", "2026-03", "2025-12-31"))["timeline"]
    assert [(day["iso"], day["text"], day["vague"], day["year"]) for day in shown] == [
        ("2025-12-31", "31 December 2025", False, "2025"), ("2026", "2026", True, "2026"), ("2026-03", "March 2026", True, "2026"),
        ("2026-03-02", "2 March 2026", False, "2026"), (None, "Day not known", False, None),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("days", "gaps"),
    [
        (("2026-01-01", "2026-03-01", "2026-03-03"), [False, False, False]),
        (("2026-01-01", "2026-03-02"), [False, True]),
        (("2020-06", "2020-08-28"), [False, False]),
        (("2020-06", "2020-08-29"), [False, True]),
        (("2020", "2021-02", "2022"), [False, False, True]),
        (("2020-06-01", None), [False, False]),
    ],
)
def test_sixty_days_or_more_apart_are_a_break_counted_from_what_is_known(days: tuple[str | None, ...], gaps: list[bool]) -> None:
    assert [day["gap"] for day in page(dated(*days))["timeline"]] == gaps


def test_the_same_day_stance_and_claim_are_one_entry_without_repeats() -> None:
    on = {"said_at": "2026-03-02"}
    claims = {
        "Open": [said("Mayor", EXACT, **on), said("Radio", **on), said("Mayor", OTHER, **on), said("Drivers", None, "denies", **on)],
        "Tax": [said("Mayor", **on)],
    }
    (day,) = page(case_report(claims))["timeline"]
    assert [(one["sign"], one["stance"], one["parties"], one["number"], one["anchor"], one["text"]) for one in day["events"]] == [
        ("●", "statement", ("Mayor", "Radio"), 1, "c1", "Open"), ("✕", "denial", ("Drivers",), 1, "c1", "Open"),
        ("●", "statement", ("Mayor",), 2, "c2", "Tax"),
    ]  # fmt: skip


def test_verdicts_are_no_events() -> None:
    assert page(rated(("False", "2026-03-04", None)))["timeline"][0]["events"][0]["stance"] == "statement"
    assert len(page(rated(("False", "2026-03-04", None)))["timeline"]) == 1


def test_sources_are_numbered_by_first_use_and_told_once() -> None:
    claims = {
        "Drivers ask": [said("Drivers", "we ask it for the third time", source="letter"), said("Mayor", EXACT, source="minutes")],
        "Open": [said("Mayor", EXACT, source="minutes"), said("Drivers", None, source="letter")],
    }
    details = {"letter": {"publisher": "Night shift", "published_at": "2026-02", "lang": "kk", "url": "https://city.example/letter"}}
    shown = page(case_report(claims, details=details))
    assert [(one["number"], one["title"]) for one in shown["sources"]] == [(1, "The letter"), (2, "The minutes")]
    letter = shown["sources"][0]
    assert (letter["publisher"], letter["published"]["text"], letter["lang_name"]) == ("Night shift", "February 2026", "Kazakh")
    assert (letter["url"], letter["captures"], letter["retrieved"]["text"]) == ("https://city.example/letter", 1, "4 March 2026")
    assert len(letter["sha"]) == 64
    assert letter["cited"] == ({"number": 1, "anchor": "c1"}, {"number": 2, "anchor": "c2"})
    assert [one["source"] for one in statements(shown)] == [1, 2, 2, 1]


def test_a_source_that_is_only_known_by_its_name_has_no_copy() -> None:
    report = case_report({"Open": [said("Mayor", None, source="minutes")]})
    bare = report._replace(sources=tuple(view._replace(capture=None) for view in report.sources))
    (source,) = page(bare)["sources"]
    assert (source["title"], source["captures"], source["retrieved"], source["sha"]) == ("The minutes", 0, None, None)


def test_an_earlier_copy_that_words_stand_in_is_told_with_its_fingerprint() -> None:
    report = bridge()
    view = report.sources[0]
    assert view.capture is not None
    earlier = replace(view.capture, id="K0", sha256="e" * 64, retrieved_at="2026-01-02T03:04:05Z")
    source = page(report._replace(sources=(view._replace(earlier=(earlier,)), *report.sources[1:])))["sources"][0]
    assert source["earlier"] == ({"retrieved": {"iso": "2026-01-02", "text": "2 January 2026"}, "sha": "e" * 64},)


def test_pictures_are_shown_with_their_sources() -> None:
    drawn = Thumbnail("image/png", 20, 10, "AAAA")
    sources = publication(demo_report(), Words("en"), About(), {"S2": drawn})["page"]["sources"]
    assert [one["picture"] for one in sources] == [None, {"uri": "data:image/png;base64,AAAA", "width": 20, "height": 10}, None]


@pytest.mark.parametrize(("author", "told"), [("Ann Q", "Ann Q"), (LOGIN, None), ("The City", None)])
def test_the_author_of_a_source_is_named_unless_it_is_a_login_or_the_publisher(author: str, told: str | None) -> None:
    report = case_report({"Open": [said("Mayor", None, source="minutes")]})
    views = (view._replace(source=replace(view.source, author=author, publisher="The City")) for view in report.sources)
    assert page(report._replace(sources=tuple(views)))["sources"][0]["author"] == told


def test_the_values_are_frozen_and_plain() -> None:
    def check(value: object) -> None:
        if isinstance(value, tuple):
            for one in value:
                check(one)
        elif isinstance(value, MappingProxyType):
            for one in value.values():
                check(one)
        else:
            assert value is None or type(value) in {str, int, bool}

    variables = publication(demo_report(), Words("en"))
    assert isinstance(variables, MappingProxyType)
    check(variables)


def names_in(value: object) -> set[str]:
    """The names of all values of a page."""
    if isinstance(value, Mapping):
        return set(value).union(*map(names_in, value.values()))
    return set().union(*map(names_in, value)) if isinstance(value, tuple) else set()


def test_every_value_is_told_in_the_docs() -> None:
    about = About(replies=(Reply("Mayor", "No."),), corrections=(Correction("2026", "x"),))
    variables = publication(demo_report(), Words("en"), about, {"S1": Thumbnail("image/png", 2, 1, "AAAA")})
    told = Path(__file__).parents[2].joinpath("docs", "howto", "publish.md").read_text(encoding="utf-8")
    names = names_in(variables)
    assert {"page", "claims", "finding", "uri", "cited"} <= names
    assert {name for name in names if f"`{name}`" not in told} == set()


def test_the_demo_is_told_as_it_should_look() -> None:
    shown = page(demo_report(), About(desk="Claimreg demo desk"))
    assert (shown["quotes"], shown["found"], shown["lost"], shown["checked"]) == (13, 12, 1, 0)
    assert [(one["number"], one["verdict"]["rating"]) for one in shown["rated"]] == [(4, "False"), (6, "Misleading")]
    assert shown["ours"] is True
    assert [one["number"] for one in shown["sources"]] == [1, 2, 3]
    assert [day["iso"] for day in shown["timeline"]] == ["2020-06", "2020-06-22", "2020-06-23", "2020-06-24", "2020-09-02", "2020-09-04"]
    assert [day["gap"] for day in shown["timeline"]] == [False, False, False, False, True, False]


@pytest.mark.parametrize("lang", ["ru", "kk"])
def test_our_words_are_in_the_readers_language(lang: str) -> None:
    english, other = page(bridge()), page(bridge(), lang=lang)
    assert other["lang"] == lang
    ours = {english["draft"], *(one["stance"] for one in statements(english)), *(one["heading"] for one in english["claims"][0]["sides"])}
    assert ours.isdisjoint(texts_in(other))


def test_json_has_the_same_variables_and_each_claim_once() -> None:
    variables = publication(bridge(), Words("en"))
    told = publication_json(variables)
    assert told["schema"] == "claimreg.publication/1"
    assert set(told["page"]) == set(variables["page"])
    assert (told["page"]["rated"], told["page"]["unrated"]) == ([1], [2])
    assert list(texts_in(told["page"]["claims"])) == list(texts_in(variables["page"]["claims"]))


def test_a_report_without_claims_has_nothing_to_tell() -> None:
    shown = page(case_report({}))
    assert (shown["claims"], shown["timeline"], shown["sources"], shown["quotes"], shown["draft"]) == ((), (), (), 0, None)
    assert shown["all_unchecked"] is False
