"""Statements of a report to publish: words that differ, what was found, and what readers are told of it."""

from __future__ import annotations

from collections.abc import Mapping
from itertools import pairwise
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from publication_cases import case_report, first, marked, page, said, statements, text_of, with_links, with_statements
from sample_reports import STAMP

from claimreg.frozen import replace
from claimreg.model import Flag, Link, LinkKind, LinkState, Looked, Span, WordChange, WordEdit
from claimreg.render.labels import Words
from claimreg.render.publication.differences import differences, passage_pieces, quote_pieces
from claimreg.render.publication.values import direction, language_name
from claimreg.services.reporting.report import Report
from claimreg.services.reporting.views import AttributionView, Where

EXACT = "the new bridge will not be open before the end of June"


def one(quote: str | None, stance: str = "asserts", **fields: str) -> Report:
    return case_report({"The bridge opens": [said("Mayor", quote, stance, **fields)]})


def test_words_of_the_source_are_shown_once_with_the_text_around_them() -> None:
    shown = first(one(EXACT, source="minutes", said_at="2026-03-02"))
    assert (shown["differs"], shown["lost"], shown["hidden"], shown["checked"]) == (False, False, False, False)
    assert shown["passage"]["pieces"] == ((EXACT, "none"),)
    assert shown["passage"]["before"].endswith("said on Monday: ")
    assert shown["finding"] == ("Word for word.",)
    assert shown["day"] == {"iso": "2026-03-02", "text": "2 March 2026"}
    assert (shown["party"], shown["stance"], shown["sign"], shown["source"]) == ("Mayor", "statement", "●", 1)


def test_another_setting_of_the_same_words_is_no_difference() -> None:
    shown = first(one("The NEW bridge will not be open, before the end of June", source="minutes"))
    assert shown["finding"] == ("Word for word; only capitals, punctuation or accents differ.",)
    assert shown["differs"] is False
    assert marked(shown["passage"]["pieces"]) == []


def test_a_word_left_out_is_a_caret_in_the_quote_and_marked_in_the_source() -> None:
    shown = first(one("the new bridge will be open before the end of June", source="minutes"))
    assert shown["differs"] is True
    assert shown["quote"]["pieces"][0] == ("the new bridge will", "none")
    assert marked(shown["quote"]["pieces"]) == [("", "caret")]
    assert marked(shown["passage"]["pieces"]) == [("not", "only")]
    assert text_of(shown["finding"]) == "Differs from the source: the quote leaves out “not”."
    assert text_of(shown["quote"]["pieces"]) == "the new bridge will be open before the end of June"


def test_an_added_word_is_marked_in_the_quote_alone() -> None:
    shown = first(one("the new bridge will not ever be open before the end of June", source="minutes"))
    assert marked(shown["quote"]["pieces"]) == [("ever", "only")]
    assert marked(shown["passage"]["pieces"]) == []
    assert text_of(shown["finding"]) == "Differs from the source: the quote adds “ever”."


def test_texts_of_others_in_a_finding_carry_their_language() -> None:
    shown = first(one("the new bridge will not be open before the end of July", source="minutes", lang="en-GB"))
    assert ("June", "en-GB") in shown["finding"]
    assert ("July", "en-GB") in shown["finding"]
    assert marked(shown["quote"]["pieces"]) == [("July", "changed")]
    assert marked(shown["passage"]["pieces"]) == [("June", "changed")]


def test_passages_joined_are_told_and_the_words_between_are_a_sign() -> None:
    shown = first(one("the new bridge will not be open … the old one stays closed to all lorries", source="minutes"))
    assert text_of(shown["finding"]) == "Joined from 2 passages; the words between are left out."
    assert marked(shown["passage"]["pieces"]) == [(" […] ", "gap")]


def test_passages_in_another_order_are_told() -> None:
    shown = first(one("the old one stays closed to all lorries … the new bridge will not be open", source="minutes"))
    assert text_of(shown["finding"]) == "Joined from 2 passages; the words between are left out; they stand in another order."


def test_the_same_words_where_their_sense_hangs_on_those_around_are_told_so() -> None:
    report = with_links(one(EXACT, source="minutes"), flags=(Flag.NEGATION,))
    assert first(report)["finding"] == ("Word for word; the text around the words may change their sense.",)


def link(quote: str, text: str, *steps: tuple[WordChange, str, str], kind: LinkKind = LinkKind.ALTERED) -> Link:
    """A link of a quote to a whole text, by its words in order."""
    words, mine, theirs = [], 0, 0
    for change, own, other in steps:
        mine_at = quote.index(own, mine) if own else mine
        theirs_at = text.index(other, theirs) if other else theirs
        words.append(WordEdit(change, Span(mine_at, mine_at + len(own)), Span(theirs_at + 7, theirs_at + 7 + len(other))))
        mine, theirs = mine_at + len(own), theirs_at + len(other)
    return Link(
        id="L1", attribution_id="A1", source_id="S1", capture_id="K1", start=7, end=7 + len(text), exact=text, prefix="",
        suffix="", score=90.0, kind=kind, parts=(Span(7, 7 + len(text)),), words=tuple(words), **STAMP,
    )  # fmt: skip


def test_neighbouring_words_are_one_mark() -> None:
    quote, text = "no supone ninguna amenaza hoy", "no supone amenaza alguna hoy"
    place = link(
        quote, text,
        (WordChange.KEPT, "no", "no"), (WordChange.KEPT, "supone", "supone"), (WordChange.CHANGED, "ninguna", "amenaza"),
        (WordChange.CHANGED, "amenaza", "alguna"), (WordChange.KEPT, "hoy", "hoy"),
    )  # fmt: skip
    found = differences(place)
    assert quote_pieces(quote, found) == (("no supone ", "none"), ("ninguna amenaza", "changed"), (" hoy", "none"))
    assert passage_pieces(place, found) == (("no supone ", "none"), ("amenaza alguna", "changed"), (" hoy", "none"))


def test_a_word_left_out_beside_a_changed_one_is_part_of_the_change() -> None:
    quote, text = "it is a big day", "it is not the big day"
    place = link(
        quote, text,
        (WordChange.KEPT, "it", "it"), (WordChange.KEPT, "is", "is"), (WordChange.DROPPED, "", "not"), (WordChange.CHANGED, "a", "the"),
        (WordChange.KEPT, "big", "big"), (WordChange.KEPT, "day", "day"),
    )  # fmt: skip
    found = differences(place)
    assert marked(quote_pieces(quote, found)) == [("a", "changed")]
    assert marked(passage_pieces(place, found)) == [("not the", "changed")]


def test_the_same_pair_is_told_once() -> None:
    text = "A tax of 30 percent, or 30 points, or 30 euros for every car is what they ask.\n"
    quote = "A tax of 20 percent, or 20 points, or 20 euros for every car"
    shown = first(case_report({"Tax": [said("Mayor", quote, source="bill")]}, {"bill": text}))
    assert text_of(shown["finding"]) == "Differs from the source: the source has “30”, the quote “20”."
    assert marked(shown["passage"]["pieces"]) == [("30", "changed")] * 3


def placed_as(quote: str, place: Link) -> str:
    """The finding on a quote, told of that place."""
    report = with_links(one(EXACT, source="minutes"), **place.place())
    return text_of(first(with_statements(report, lambda view: with_quote(view, quote)))["finding"])


def with_quote(view: AttributionView, quote: str) -> AttributionView:
    return view._replace(attribution=replace(view.attribution, quote=quote))


def test_words_that_stand_elsewhere_are_told_so() -> None:
    moved = replace(link("red day", "day red", (WordChange.CHANGED, "red day", "day red")), flags=(Flag.ORDER,))
    told = "Differs from the source: the source has “day red”, the quote “red day”; the words stand in another order."
    assert placed_as("red day", moved) == told


def test_no_pair_of_the_same_words_is_told() -> None:
    assert placed_as("a  day", link("a  day", "a day", (WordChange.CHANGED, "a  day", "a day"))) == "Differs from the source."


def test_of_very_many_words_the_sentence_tells_the_first() -> None:
    words = [f"word{number}" for number in range(10)]
    quote, text = " kept ".join(words), " kept ".join(one.upper() + "s" for one in words)
    steps = [(WordChange.CHANGED, one, one.upper() + "s") for one in words]
    alternating = [step for one in steps for step in (one, (WordChange.KEPT, "kept", "kept"))][:-1]
    told = placed_as(quote, link(quote, text, *alternating))
    assert told.count("and 4 more") == 2
    assert "“WORD5s”" in told
    assert "WORD6s" not in told


@pytest.mark.parametrize(
    ("stance", "noun", "sign", "side"),
    [
        ("asserts", "statement", "●", "Who says so"), ("rules", "ruling", "■", "Who says so"), ("reports", "report", "○", "Who says so"),
        ("denies", "denial", "✕", "Who denies or questions it"), ("questions", "doubt", "△", "Who denies or questions it"),
    ],
)  # fmt: skip
def test_stances_are_nouns_with_a_sign_on_their_side(stance: str, noun: str, sign: str, side: str) -> None:
    report = one(None, stance)
    shown = first(report)
    assert (shown["stance"], shown["sign"]) == (noun, sign)
    assert [one["heading"] for one in page(report)["claims"][0]["sides"]] == [side]


def test_a_statement_without_quote_and_source_says_so() -> None:
    shown = first(one(None))
    assert (shown["quote"], shown["passage"], shown["source"]) == (None, None, None)
    assert shown["finding"] == ("No source is named for this.",)
    assert first(one(None, source="minutes"))["finding"] == ()


def looked(report: Report, *inside: str) -> Report:
    found = Looked("2026-03-05T00:00:00Z", "a" * 64, "layered/1", inside)
    return with_statements(report, lambda view: view._replace(attribution=replace(view.attribution, looked=found)))


LOST = "nobody in this town ever wanted a second bridge over it"


def test_words_found_nowhere_are_told_by_what_they_were_looked_for_in() -> None:
    nowhere = "These words are not in the source named for them, nor in any other that we hold."
    shown = first(looked(one(LOST, source="minutes")))
    assert (shown["lost"], shown["unlooked"], shown["source"], shown["finding"]) == (True, False, 1, (nowhere,))
    assert shown["quote"]["pieces"] == ((LOST, "none"),)
    assert first(looked(one(LOST)))["finding"] == ("These words are in none of the sources that we hold.",)
    assert first(looked(one(LOST, source="minutes"), "S1"))["finding"] == ("These words are not in the source named for them.",)
    elsewhere = ("These words are in none of the sources that were searched for them.",)
    assert first(looked(one(LOST, source="minutes"), "S2"))["finding"] == elsewhere
    assert first(looked(one(LOST), "S1", "S2"))["finding"] == elsewhere


def test_words_nobody_looked_for_are_not_called_lost() -> None:
    report = with_statements(one(LOST), lambda view: view._replace(attribution=replace(view.attribution, looked=None)))
    shown = first(report)
    assert (shown["lost"], shown["unlooked"]) == (False, True)
    assert shown["finding"] == ("Nobody has looked for these words in the sources yet.",)
    assert (page(report)["lost"], page(report)["unlooked"]) == (0, 1)


def test_rejected_places_are_not_shown() -> None:
    shown = first(looked(with_links(one(EXACT, source="minutes"), state=LinkState.REJECTED)))
    assert (shown["lost"], shown["passage"]) == (True, None)
    assert shown["finding"] == ("These words are not in the source named for them, nor in any other that we hold.",)


def test_a_source_without_words_is_not_said_to_lack_them() -> None:
    report = looked(one(LOST, source="minutes"))
    report = report._replace(sources=tuple(view._replace(capture=None) for view in report.sources))
    assert first(report)["finding"] == ("These words are in none of the sources that we hold.",)


def test_a_confirmed_place_is_preferred_and_checked() -> None:
    texts = {"minutes": f"He said {EXACT} and more.\n", "copy": f"It says {EXACT} there.\n"}
    report = case_report({"Open": [said("Mayor", EXACT, source="minutes"), said("Clerk", EXACT, source="copy")]}, texts)
    by_source = {link.source_id: link for view in report.claims[0].attributions for link in view.links}
    both = (by_source["S1"], replace(by_source["S2"], state=LinkState.CONFIRMED))
    shown = first(with_statements(report, lambda view: view._replace(links=both)))
    assert shown["checked"] is True
    assert shown["passage"]["before"] == "…says "
    assert (shown["source"], shown["named"]) == (1, 2)


def test_of_equal_places_the_named_source_is_shown() -> None:
    texts = {"minutes": f"He said {EXACT} and more.\n", "copy": f"It says {EXACT} there.\n"}
    report = case_report({"Open": [said("Mayor", EXACT, source="minutes"), said("Clerk", EXACT, source="copy")]}, texts)
    every = tuple(link for view in report.claims[0].attributions for link in view.links)
    shown = statements(page(with_statements(report, lambda view: view._replace(links=every))))
    assert [one["passage"]["before"] for one in shown] == ["…said ", "…says "]
    assert [one["named"] for one in shown] == [None, None]


def placed(where: Where) -> Mapping[str, Any]:
    report = one(EXACT, source="minutes")
    return first(with_statements(report, lambda view: view._replace(where={view.links[0].id: where})))


@pytest.mark.parametrize(
    ("where", "told"),
    [
        (Where("page 3"), "page 3"), (Where("00:01:02"), "00:01:02"), (Where("headline"), "headline"), (Where(None), None),
        (Where("a comment", left_out=True, is_page=True), "a comment"), (Where(None, left_out=True, is_page=True), "beside the article"),
    ],
)  # fmt: skip
def test_a_place_is_told_as_readers_find_it(where: Where, told: str | None) -> None:
    assert placed(where)["where"] == told


def test_a_place_that_only_an_earlier_copy_has_is_told_with_its_days() -> None:
    shown = placed(Where(None, outdated=True, captured_on="2026-01-02", latest_on="2026-02-03"))
    assert shown["finding"] == ("Word for word. Only in our copy of 2 January 2026; gone by 3 February 2026.",)
    shown = placed(Where(None, outdated=True, captured_on="2026-01-02", latest_on="2026-01-02"))
    assert shown["finding"] == ("Word for word. Only in an earlier copy of 2 January 2026.",)


def test_words_struck_out_are_told_as_such() -> None:
    shown = placed(Where("struck out"))
    assert (shown["where"], shown["finding"]) == (None, ("Word for word. In the source these words are struck out.",))


HIDDEN = {"minutes": "a source at risk"}


@pytest.mark.parametrize(
    ("quote", "told"),
    [
        (EXACT, "Word for word."),
        (
            "the new bridge will be open before the end of June",
            "Differs from the source: the quote leaves out words of the source; the difference concerns: negation.",
        ),
        (
            "the new bridge will not be open before the end of July",
            "Differs from the source: the source has other words for “July”; the difference concerns: date.",
        ),
        ("the new bridge will not ever be open before the end of June", "Differs from the source: the quote adds “ever”."),
    ],
)
def test_of_a_withheld_source_readers_see_the_quote_alone(quote: str, told: str) -> None:
    report = case_report({"Open": [said("Mayor", quote, source="minutes")]}, withheld=HIDDEN)
    shown = first(report)
    assert (shown["hidden"], shown["passage"], shown["where"]) == (True, None, None)
    assert text_of(shown["quote"]["pieces"]) == quote
    assert text_of(shown["finding"]) == told
    assert page(report)["sources"][0] == {
        "number": 1, "title": None, "lang": "", "lang_name": None, "author": None, "publisher": None, "published": None, "url": None,
        "archive": None, "retrieved": None, "caption": None, "picture": None, "sha": None, "earlier": (), "captures": 0,
        "withheld": "a source at risk",
        "cited": ({"number": 1, "anchor": "c1"},),
    }  # fmt: skip


@pytest.mark.parametrize(
    ("text", "lang", "told"),
    [
        ("سبق ان صودرت", None, "rtl"), ("28 مرة", "en", "rtl"),
        ("«שלום»", "en", "rtl"), ("(abc) سبق", "ar", "ltr"), ("12 – 34", "ar", "rtl"),
        ("12 – 34", "kk", "ltr"), ("…", "kk-Arab", "rtl"), ("…", "ar-Latn", "ltr"), ("", None, "ltr"),
    ],
)  # fmt: skip
def test_the_first_letter_decides_the_direction_else_the_language(text: str, lang: str | None, told: str) -> None:
    assert direction(text, lang) == told


@pytest.mark.parametrize(
    ("lang", "reader", "told"),
    [
        ("kk", "en", "Kazakh"), ("ru", "kk", "орыс тілі"), ("kk", "ru", "казахский"), ("en", "en", None), ("en-GB", "en", None),
        ("kk-Latn", "en", "Kazakh (Latin)"), ("kk-Latn", "kk", "қазақ тілі (латын жазуы)"), ("zz-x", "en", None), (None, "en", None),
    ],
)  # fmt: skip
def test_a_language_is_named_where_it_is_not_the_readers(lang: str | None, reader: str, told: str | None) -> None:
    assert language_name(lang, Words(reader)) == told


WORD = st.text("abcде", min_size=1, max_size=3)
STEPS = st.lists(
    st.one_of(
        WORD.map(lambda word: (WordChange.KEPT, word, word)),
        st.tuples(st.just(WordChange.CHANGED), WORD, WORD),
        WORD.map(lambda word: (WordChange.ADDED, word, "")),
        WORD.map(lambda word: (WordChange.DROPPED, "", word)),
        WORD.map(lambda word: (WordChange.ASIDE, "", word)),
    ),
    min_size=1,
    max_size=12,
)


@given(STEPS)
def test_pieces_give_both_texts_again_and_marks_never_touch(steps: list[tuple[WordChange, str, str]]) -> None:
    quote, text = (" ".join(step[side] for step in steps if step[side]) for side in (1, 2))
    place = link(quote, text, *steps)
    found = differences(place)
    mine, theirs = quote_pieces(quote, found), passage_pieces(place, found)
    assert (text_of(mine), text_of(theirs)) == (quote, text)
    changed = sum(kind == "changed" for _text, kind in mine)
    assert changed == sum(kind == "changed" for _text, kind in theirs)
    differing = (WordChange.CHANGED, WordChange.ADDED, WordChange.DROPPED)
    assert bool(found) == any(step[0] in differing for step in steps)
    for pieces in (mine, theirs) if all(step[0] is not WordChange.ASIDE for step in steps) else ():
        kinds = [kind for text, kind in pieces if text.strip() or kind == "caret"]
        assert all("none" in pair for pair in pairwise(kinds))


SPANS = st.tuples(st.integers(0, 25), st.integers(0, 25)).map(lambda pair: Span(min(pair), max(pair)))
IN_TEXT = SPANS.map(lambda span: span.shifted(7))
EDITS = st.lists(st.builds(WordEdit, st.sampled_from(WordChange), SPANS, IN_TEXT), max_size=6)


@given(st.text("ab \n", min_size=1, max_size=20), EDITS, st.lists(IN_TEXT, max_size=3))
def test_any_alignment_of_any_text_is_cut_without_loss(text: str, words: list[WordEdit], parts: list[Span]) -> None:
    place = replace(link("", text), words=tuple(words), parts=())
    found = differences(place)
    assert text_of(quote_pieces(text, found)) == text
    assert text_of(passage_pieces(place, found)) == text
    stitched = replace(place, parts=tuple(parts))
    pieces = passage_pieces(stitched, differences(stitched))
    position = 0
    for piece, kind in pieces:
        assert kind in {"none", "changed", "only", "gap"}
        position = position if kind == "gap" else text.index(piece, position) + len(piece)
