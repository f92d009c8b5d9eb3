"""The page to publish holds only our own markup, and every character of what is put into it."""

import base64
import hashlib
import re
from collections import Counter
from collections.abc import Callable
from itertools import pairwise
from typing import Any

import pytest
from growth import assert_fair_growth
from hypothesis import example, given, settings
from hypothesis import strategies as st
from publication_samples import claim, named, page, source, statement
from sample_reports import MARKUP, demo_report
from selectolax.lexbor import LexborHTMLParser, LexborNode
from test_render import assert_nothing_acts

from claimreg.render.labels import LANGUAGES, Words
from claimreg.render.publication.page import publication
from claimreg.render.publication.write import publication_html
from claimreg.render.safe import plain_address, visible

# Each element of ours, with the attributes it may have.
OURS: dict[str, set[str]] = {
    "html": {"lang"}, "head": set(), "meta": {"charset", "http-equiv", "content", "name"}, "title": set(), "link": {"rel", "href"},
    "style": set(), "body": set(), "a": {"class", "href", "rel", "aria-label"}, "header": set(), "main": {"id", "tabindex"},
    "footer": set(), "section": {"aria-labelledby"}, "article": {"class", "id", "aria-labelledby"}, "div": {"class", "id"}, "h1": set(),
    "h2": {"id"}, "h3": {"id"}, "h4": set(), "p": {"class"}, "ul": {"class", "aria-label"}, "ol": {"class"}, "li": {"class", "id"},
    "dl": set(), "dt": set(), "dd": set(), "details": set(), "summary": set(), "table": set(), "thead": set(), "tbody": set(), "tr": set(),
    "th": {"scope", "class"}, "td": {"class"}, "blockquote": {"lang", "dir", "class"}, "span": {"class", "lang", "dir", "data-b"},
    "bdi": {"lang"}, "b": {"class"}, "strong": set(), "time": {"datetime"}, "code": set(), "mark": {"class", "data-b"},
    "svg": {"class", "viewbox", "aria-hidden"}, "circle": {"class", "cx", "cy", "r"}, "path": {"class", "d"},
    "img": {"src", "width", "height", "alt"},
}  # fmt: skip

DEMO_MOST = 36 * 1024
STYLE_MOST = 8 * 1024
FIFTY_MOST = 100 * 1024


def elements(tree: LexborHTMLParser) -> list[LexborNode]:
    assert tree.root is not None
    return [one for one in tree.root.traverse(include_text=False) if one.tag is not None and not one.tag.startswith(("-", "!"))]


def texts(tree: LexborHTMLParser, selector: str) -> list[str]:
    return [one.text(strip=False) for one in tree.css(selector)]


def first(tree: LexborHTMLParser, selector: str) -> LexborNode:
    found = tree.css_first(selector)
    assert found is not None, selector
    return found


def assert_only_ours(text: str, addresses: set[str]) -> LexborHTMLParser:
    """Nothing is on the page but what the template has, and nothing in it leads elsewhere but these plain addresses."""
    assert_nothing_acts(text)
    tree = LexborHTMLParser(text)
    for one in elements(tree):
        assert one.tag in OURS, one.tag
        assert {name.lower() for name in one.attributes} <= OURS[one.tag], (one.tag, one.attributes)
    ids = Counter(one.attributes["id"] for one in elements(tree) if "id" in one.attributes)
    assert set(ids.values()) == {1}, ids.most_common(3)
    for one in tree.css("img"):
        assert (one.attributes["src"] or "").startswith("data:image/png;base64,")
    for one in elements(tree):
        target = one.attributes.get("href")
        if target is None or one.tag == "link":
            assert target in (None, "data:,")
        elif target.startswith("#"):
            assert target[1:] in ids, target
        else:
            assert target in addresses
            assert one.attributes["rel"] == "noopener noreferrer nofollow"
    return tree


@given(st.text(min_size=1))
@example("half \ud800")
@settings(max_examples=40, deadline=None)
def test_any_text_is_shown_as_it_is_wherever_it_stands(text: str) -> None:
    assert_shown(text)


@pytest.mark.parametrize("markup", MARKUP, ids=lambda text: ascii(text[:30]))
def test_markup_of_others_is_text(markup: str) -> None:
    assert_shown(markup)


def assert_shown(text: str) -> None:
    tree = assert_only_ours(publication_html(page(text)), {text} if plain_address(text) else set())
    seen = visible(text)
    # Title, lead and paragraph, rating and rationale, names, reasons, replies, corrections, scale, contact.
    assert texts(tree, "bdi").count(seen) > 40
    quotes = [re.sub(r"^(As quoted|In the source)", "", quote) for quote in texts(tree, "blockquote")]
    assert quotes == [seen * 3, seen * 5, seen * 3]


def test_what_stands_in_an_attribute_cannot_end_it() -> None:
    hostile = "\"><script>alert(1)</script>' onclick='x"
    quote = named(lang=hostile, lang_name=hostile, dir=hostile, pieces=(("x", hostile),))
    said = statement("x", hostile, sign=hostile, source=hostile, quote=quote, passage=None, day=named(iso=hostile, text="x"))
    cards = (claim("x", 1, anchor=hostile, lang=hostile, sides=(named(heading=hostile, statements=(said,)),)),)
    numbered = named(**dict(source("x")) | {"number": hostile})
    text = publication_html(page("x", lang=hostile, dir=hostile, claims=cards, sources=(numbered,)))
    assert_nothing_acts(text)
    tree = LexborHTMLParser(text)
    for one in elements(tree):
        assert one.tag in OURS
        assert not {name for name in one.attributes if name.startswith("on")}
    assert first(tree, "blockquote").attributes["lang"] == hostile
    assert first(tree, "article").attributes["id"] == hostile


@pytest.mark.parametrize(
    "address", ["javascript:alert(1)", "data:text/html,x", "https://x.org/a b", "https://x.org/\u202egro", "ftp://x.org/"]
)
def test_an_address_that_is_not_plain_is_no_link(address: str) -> None:
    made = page("x", sources=(source("x", url=address, archive=address),), policy=address)
    assert_only_ours(publication_html(made), set())


@pytest.mark.parametrize("lang", LANGUAGES)
def test_the_demo_is_a_page_of_ours_and_small(lang: str) -> None:
    report = demo_report()
    words = Words(lang)
    text = publication_html(publication(report, words), words)
    tree = assert_only_ours(text, {view.source.url or "" for view in report.sources})
    assert first(tree, "html").attributes["lang"] == lang
    if lang == "en":
        assert len(text.encode()) <= DEMO_MOST
    assert len(tree.css("article.claim")) == len(report.claims)
    assert len(tree.css(".src-list > li")) == len(report.sources)
    for forbidden in ("<ins", "<del", "<s>", "line-through", "content-visibility:auto", "<script", "<form", "<img"):
        assert forbidden not in text


def test_the_policy_holds_the_style_of_the_page_and_the_style_is_small() -> None:
    tree = LexborHTMLParser(publication_html(page("x")))
    style = first(tree, "style").text()
    digest = base64.b64encode(hashlib.sha256(style.encode()).digest()).decode()
    policy = first(tree, "meta[http-equiv]").attributes["content"]
    assert policy == f"default-src 'none'; style-src 'sha256-{digest}'; img-src data:; base-uri 'none'; form-action 'none'"
    assert len(style.encode()) <= STYLE_MOST


def test_fifty_claims_of_one_quote_each_are_small() -> None:
    quote = "The bridge will not be open before the end of June, and the old one stays closed to all lorries until then"
    told = named(lang="ru", lang_name="Russian", dir="ltr", pieces=((quote, "none"),))
    passage = named(lang="ru", dir="ltr", before="…said on Monday: “", pieces=((quote, "none"),), after="”.")
    text_of = "The bridge is closed to lorries, as was said for the {}th time".format
    party = "Ministry of Transport"
    cards, days = [], []
    for number in range(1, 51):
        said = statement(party, f"a{number}", quote=told, passage=passage, differs=False, finding=("Word for word.",))
        sides = (named(heading="Who says so", statements=(said,)),)
        bare = {"lang": "en", "verdict": None, "against": (), "related": (), "says": (party,), "denies": (), "sides": sides}
        cards.append(claim(text_of(number), number, **bare))
        event = named(sign="●", stance="statement", parties=(party,), number=number, anchor=f"c{number}", text=text_of(number), lang="en")
        iso = f"2020-01-{number % 28 + 1:02}"
        days.append(named(iso=iso, text="1 January 2020", year="2020", vague=False, gap=False, events=(event,)))
    text = publication_html(page("The bridge", claims=tuple(cards), rated=(), unrated=tuple(cards), timeline=tuple(days)))
    assert len(text.encode()) <= FIFTY_MOST


def test_headings_are_in_order_and_landmarks_there() -> None:
    tree = LexborHTMLParser(publication_html(page("x")))
    levels = [int(one.tag[1]) for one in elements(tree) if one.tag and re.fullmatch("h[1-6]", one.tag)]
    assert levels[0] == 1
    assert levels.count(1) == 1
    assert all(after <= before + 1 for before, after in pairwise(levels))
    for selector in ("header", "main#report", "footer", "a.skip[href='#report']"):
        assert len(tree.css(selector)) == 1, selector
    titles = ["What we found", "The claims, one by one", "Who said what, when", "Sources", "Whom we asked", "How we worked", "Corrections"]
    assert texts(tree, "h2") == titles


def test_a_part_without_content_is_absent_with_its_heading() -> None:
    parts = ("claims", "rated", "unrated", "timeline", "sources", "replies", "corrections", "scale", "summary", "tally")
    nothing: dict[str, Any] = dict.fromkeys(parts, ())
    empty = page("x", **nothing, quotes=0, published=None, updated=None, desk=None, contact=None, policy=None, draft=None)
    tree = assert_only_ours(publication_html(empty), set())
    assert not tree.css("h2")
    assert not tree.css("footer")
    assert not tree.css(".draft, .by, .lead")
    assert texts(tree, "h1") == ["x"]


def test_a_quote_that_is_the_sources_is_shown_once_and_one_that_differs_twice() -> None:
    same = statement("words", "a1", differs=False)
    twice = statement("words", "a2")
    cards = (claim("x", 1, sides=(named(heading="Who says so", statements=(same, twice)),)),)
    tree = LexborHTMLParser(publication_html(page("x", claims=cards, rated=cards)))
    assert len(tree.css("#a1 blockquote")) == 1
    assert [one.attributes.get("class") for one in tree.css("#a2 blockquote")] == [None, "src"]
    assert texts(tree, "#a2 .cap") == ["As quoted", "In the source"]
    marks = tree.css("#a2 blockquote:first-child mark")
    assert [(one.attributes.get("class"), one.attributes["data-b"]) for one in marks] == [(None, "[differs:"), ("only", "[only here:")]
    assert [one.text() for one in tree.css("#a2 .caret")] == [""]


def test_only_what_nobody_checked_is_marked_and_nothing_if_it_is_all() -> None:
    statements = (statement("x", "a1"), statement("x", "a2", checked=True), statement("x", "a3", lost=True, passage=None))
    cards = (claim("x", 1, sides=(named(heading="Who says so", statements=statements),)),)
    some = LexborHTMLParser(publication_html(page("x", claims=cards)))
    assert [len(some.css(f"#{anchor} .un")) for anchor in ("a1", "a2", "a3")] == [1, 0, 0]
    every = LexborHTMLParser(publication_html(page("x", claims=cards, all_unchecked=True)))
    assert not every.css(".un")


def test_many_claims_are_counted_and_those_without_a_verdict_folded() -> None:
    rated = tuple(claim("x", number) for number in range(1, 5))
    unrated = tuple(claim("x", number, verdict=None) for number in range(5, 9))
    tally = (("False", 3), ("Unproven", 1))
    made = page("x", claims=rated + unrated, rated=rated, unrated=unrated, tally=tally)
    tree = LexborHTMLParser(publication_html(made))
    section = first(tree, "section")
    assert "3 False, 1 Unproven; 4 recorded without a verdict" in section.text()
    assert len(section.css("details tbody tr")) == 4
    assert len(section.css("tbody tr")) == 8
    few = page("x", claims=rated[:3] + unrated, rated=rated[:3], unrated=unrated, tally=tally)
    tree = LexborHTMLParser(publication_html(few))
    assert not first(tree, "section").css("details")
    assert texts(tree, "td.r") == ["x", "x", "x", *["none–"] * 4]


def test_names_in_the_table_are_two_and_a_number_or_three() -> None:
    for names, told in ((("A", "B", "C"), "A; B; C"), (("A", "B", "C", "D"), "A; B and 2 more"), ((), "")):
        cards = (claim("x", 1, says=names, denies=(), against=()),)
        tree = LexborHTMLParser(publication_html(page("x", claims=cards, rated=cards)))
        assert " ".join(texts(tree, "tbody .w")[0].split()) == told


def test_a_withheld_source_has_its_reason_and_nothing_else() -> None:
    tree = LexborHTMLParser(publication_html(page("secret reason")))
    held = first(tree, "#source-2")
    assert held.text() == "[2]A source that we do not name: secret reason"
    # The latest copy and an earlier one of the other source.
    assert texts(tree, "code") == ["a" * 64, "b" * 64]


def test_the_timeline_is_folded_by_year_when_it_is_long() -> None:
    def days(number: int) -> tuple[object, ...]:
        event = named(sign="✕", stance="denial", parties=("x",), number=1, anchor="c1", text="x", lang="")
        return tuple(
            named(
                iso=f"{2000 + one // 30}-01-{one % 30 + 1:02}",
                text="a day",
                year=str(2000 + one // 30),
                vague=False,
                gap=False,
                events=(event,),
            )
            for one in range(number)
        )

    short = LexborHTMLParser(publication_html(page("x", timeline=days(60))))
    assert len(short.css(".time > .day")) == 60
    assert not short.css("details .day")
    long = LexborHTMLParser(publication_html(page("x", timeline=days(61))))
    assert len(long.css("details .day")) == 61
    assert [one for one in texts(long, "summary") if one.startswith("200")] == ["2000", "2001", "2002"]


def test_data_for_programs_is_one_element_that_nothing_in_it_can_end() -> None:
    text = publication_html(page("x"), data={"@graph": "</script><!--<script>"})
    tree = LexborHTMLParser(text)
    (script,) = tree.css("script")
    assert not set("<>&") & set(script.text())
    assert text.replace(f"{script.html}\n", "") == publication_html(page("x"))


def test_a_text_has_its_language_or_says_that_it_is_not_known() -> None:
    for lang, told in (("en", None), ("kk", "kk"), ("", "")):
        tree = LexborHTMLParser(publication_html(page("x", claims=(claim("x", 1, lang=lang),))))
        assert first(tree, "h3 bdi").attributes.get("lang") == told


def test_a_case_takes_what_its_claims_take() -> None:
    def work(size: int) -> Callable[[], object]:
        cards = tuple(claim("a claim", number) for number in range(1, 30 * size))
        made = page("x", claims=cards, rated=cards)
        return lambda: publication_html(made)

    assert_fair_growth(work, 4)
