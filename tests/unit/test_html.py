"""The page of HTML holds only our own markup, and every character of the evidence."""

import base64
import hashlib
import json
import re
import tracemalloc
from collections import Counter
from collections.abc import Callable
from importlib.resources import files
from itertools import pairwise

import pytest
from growth import assert_fair_growth
from hypothesis import given, settings
from hypothesis import strategies as st
from sample_reports import MARKUP, STAMP, demo_report, enlarged, hostile_report
from selectolax.lexbor import LexborHTMLParser, LexborNode
from test_render import assert_nothing_acts, reports, shown_texts, squeezed

from claimreg.frozen import replace
from claimreg.model import Attribution, Claim, LinkState, Party, Source, Stance, WordChange
from claimreg.render.claim_review import Naming, reviews_json
from claimreg.render.html import render_html
from claimreg.render.labels import LANGUAGES, Words
from claimreg.render.picture import MOST_LANES, picture
from claimreg.render.safe import plain_address, visible
from claimreg.services.reporting.about import About
from claimreg.services.reporting.pictures import Thumbnail
from claimreg.services.reporting.report import Happening, Report, Section
from claimreg.services.reporting.side_by_side import compare
from claimreg.services.reporting.views import AttributionView

# Each element of ours, with the attributes it may have.
OURS: dict[str, set[str]] = {
    "html": {"lang"}, "head": set(), "meta": {"charset", "http-equiv", "content", "name"}, "title": {"id"},
    "link": {"rel", "href"}, "style": set(), "body": {"class"}, "a": {"class", "href", "rel"}, "header": set(), "nav": {"aria-label"},
    "main": {"id", "tabindex"}, "footer": set(), "section": {"class", "id", "aria-labelledby"},
    "article": {"class", "id", "aria-labelledby"}, "div": {"class", "id"}, "h1": set(), "h2": {"id"}, "h3": {"id"}, "h4": set(),
    "p": {"class"}, "ul": {"class"}, "ol": {"class"}, "li": {"class"}, "dl": set(), "dt": set(), "dd": set(), "details": set(),
    "summary": set(), "figure": {"class"}, "figcaption": set(), "blockquote": {"lang", "dir"}, "span": {"class"},
    "bdi": {"class", "lang"}, "strong": {"class"}, "time": {"datetime"}, "code": set(), "mark": {"data-before", "data-after"},
    "ins": {"data-before", "data-after"}, "del": {"data-before", "data-after"}, "desc": {"id"},
    "svg": {"class", "role", "aria-labelledby", "aria-hidden", "focusable", "width", "height", "viewbox"},
    "line": {"class", "x1", "x2", "y1", "y2"}, "text": {"class", "x", "y", "dx", "text-anchor"},
    "rect": {"class", "x", "y", "width", "height", "rx"}, "use": {"href", "x", "y"}, "circle": {"id", "class", "r"},
    "path": {"id", "class", "d"}, "table": set(), "thead": set(), "tbody": set(), "tr": set(), "th": {"scope"}, "td": set(),
}  # fmt: skip

fast = settings(max_examples=40)


def parsed(text: str) -> LexborHTMLParser:
    return LexborHTMLParser(text)


def first(tree: LexborHTMLParser, selector: str) -> LexborNode:
    found = tree.css_first(selector)
    assert found is not None, selector
    return found


def elements(tree: LexborHTMLParser) -> list[LexborNode]:
    assert tree.root is not None
    return [one for one in tree.root.traverse(include_text=False) if one.tag is not None and not one.tag.startswith(("-", "!"))]


def text_of(tree: LexborHTMLParser, selector: str) -> list[str]:
    return [one.text(strip=False) for one in tree.css(selector)]


def assert_only_ours(text: str, report: Report) -> LexborHTMLParser:
    """Nothing is on the page but what the templates have, and nothing in it leads elsewhere but plain web addresses of the sources."""
    assert_nothing_acts(text)
    tree = parsed(text)
    found = elements(tree)
    for one in found:
        assert one.tag in OURS, one.tag
        assert {name.lower() for name in one.attributes} <= OURS[one.tag], (one.tag, one.attributes)
    ids = Counter(one.attributes["id"] for one in found if "id" in one.attributes)
    assert set(ids.values()) == {1}, ids.most_common(3)
    addresses = {url for view in report.sources for url in (view.source.url, view.source.archive_url) if url and plain_address(url)}
    for one in found:
        target = one.attributes.get("href")
        if target is None or one.tag == "link":
            assert target in (None, "data:,")
        elif target.startswith("#"):
            assert target[1:] in ids, target
        else:
            assert target in addresses
            assert one.attributes["rel"] == "noopener noreferrer nofollow"
    style = first(tree, "style")
    policy = first(tree, "meta[http-equiv]").attributes["content"] or ""
    digest = base64.b64encode(hashlib.sha256(style.text().encode()).digest()).decode()
    assert policy == f"default-src 'none'; style-src 'sha256-{digest}'; img-src data:; base-uri 'none'; form-action 'none'"
    return tree


@given(reports())
@fast
def test_a_page_holds_only_our_own_markup_and_every_character(report: Report) -> None:
    tree = assert_only_ours(render_html(report), report)
    assert tree.body is not None
    shown = squeezed(tree.body.text())
    for evidence in shown_texts(report):
        assert squeezed(visible(evidence)) in shown


@pytest.mark.parametrize("markup", MARKUP, ids=lambda text: ascii(text[:30]))
@pytest.mark.parametrize("lang", LANGUAGES)
def test_markup_of_others_is_text(markup: str, lang: str) -> None:
    report = hostile_report(markup)
    tree = assert_only_ours(render_html(report, Words(lang)), report)
    seen = visible(markup)
    quotes = text_of(tree, "blockquote")
    # The quote, its passage with what stands around it, the quote that was not found, and both sides of the contradiction.
    assert len(quotes) == 6
    assert [quote for number, quote in enumerate(quotes) if number != 1] == [seen] * 5
    assert seen in quotes[1]
    assert text_of(tree, "bdi").count(seen) > 20
    assert text_of(tree, "title")[0] == seen.strip(" \n") or squeezed(text_of(tree, "title")[0]) == squeezed(seen)


@given(st.text(min_size=1))
@fast
def test_any_text_is_shown_as_it_is(text: str) -> None:
    tree = parsed(render_html(hostile_report(text)))
    assert text_of(tree, "blockquote")[0] == visible(text)


@pytest.mark.parametrize("lang", LANGUAGES)
def test_the_demo_shows_quotes_beside_their_passages(lang: str) -> None:
    report = demo_report()
    tree = assert_only_ours(render_html(report, Words(lang)), report)
    assert first(tree, "html").attributes["lang"] == lang
    for view in report.claims:
        for one in view.attributions:
            for link in one.links:
                quote, passage = tree.css(f"#{link.id} blockquote")
                comparison = compare(one.attribution.quote or "", link)
                assert quote.text() == one.attribution.quote
                assert "".join(piece.text for piece in comparison.passage) in passage.text()
                assert quote.attributes["lang"] == one.attribution.lang
                assert passage.attributes["lang"] == next(view.source.lang for view in report.sources if view.source.id == link.source_id)
                for change, tag in ((WordChange.CHANGED, "mark"), (WordChange.DROPPED, "del"), (WordChange.ADDED, "ins")):
                    marked = [piece.text for side in comparison for piece in side if piece.change is change]
                    assert [node.text() for side in (quote, passage) for node in side.css(tag)] == marked
    assert [node.text() for node in tree.css("#claims del")] == ["not"]


def test_verdicts_come_first_and_then_what_is_not_verified() -> None:
    report = demo_report()
    tree = parsed(render_html(report))
    verdicts, section = tree.css("main > section")[:2]
    assert verdicts.attributes["id"] == "verdicts"
    rated = [view for view in report.claims if view.verdicts]
    assert [[cell.text() for cell in row.css("td")] for row in verdicts.css("tbody tr")] == [
        [view.claim.text, view.verdicts[-1].rating] for view in rated
    ]
    assert section.attributes["id"] == "unverified"
    named = [node.attributes["href"] for node in section.css("details a")]
    expected = [one.attribution.id for one in (*report.unlinked, *report.unconfirmed)] + [view.claim.id for view in report.unrated]
    assert named == [f"#{one}" for one in expected]


def test_verdicts_beyond_seven_are_folded() -> None:
    tree = parsed(render_html(enlarged(demo_report(), 5, 3)))
    assert len(tree.css("#verdicts > table tbody tr")) == 7
    assert len(tree.css("#verdicts > details tbody tr")) == 3
    assert first(tree, "#verdicts > details > summary").text() == "3 more verdicts"


def test_a_byline_says_whose_a_page_is_else_of_which_day() -> None:
    report = demo_report()
    assert first(parsed(render_html(report)), "header .byline").text() == "As of 1 January 2026"
    about = About(title="The Ilyashev case", desk="Harbour desk", published="2026-11-20", updated="2026-11-21")
    tree = parsed(render_html(report, about=about))
    assert first(tree, "header .byline").text() == "Harbour desk · published 20 November 2026 · changed on 21 November 2026"
    assert text_of(tree, "h1") == ["The Ilyashev case"] == text_of(tree, "head > title")
    assert "byline" not in render_html(report._replace(claims=())).partition("<body>")[2]


def test_a_contradiction_is_told_in_both_cards_with_the_others_verdict() -> None:
    report = demo_report()
    tree = parsed(render_html(report))
    assert report.contradictions
    for left, right in report.contradictions:
        for one, other in ((left, right), (right, left)):
            told = next(line for line in text_of(tree, f"#{one.claim.id} .relations li") if other.claim.text in line)
            rating = f" – {other.verdicts[-1].rating}" if other.verdicts else ""
            assert told == f"contradicts {other.claim.id}: {other.claim.text}{rating}"


def test_a_login_is_no_author() -> None:
    report = hostile_report("words")
    (view,) = report.claims
    ann = replace(view.verdicts[-1], author="ann-login", recorded_by="ann-login")
    told = report._replace(claims=(view._replace(verdicts=(ann,)),), timeline=())
    assert "ann-login" not in render_html(told)
    assert "ann-login" in render_html(told._replace(claims=(view._replace(verdicts=(replace(ann, recorded_by="other"),)),)))


def test_sources_are_pointed_to_by_short_names_and_named_whole_once() -> None:
    title = "A very long title that goes on and on about the bridge over the harbour"
    report = hostile_report(title)
    tree = parsed(render_html(report))
    captions = text_of(tree, "figure.passage figcaption a")
    assert captions == ["A very long title that goes on and on…"]
    assert title in first(tree, "#S1 h3").text()


def test_a_picture_is_shown_once_where_its_words_are_quoted() -> None:
    drawn = {"S1": Thumbnail("image/png", 3, 2, "AAAA")}
    report = hostile_report("words")
    images = parsed(render_html(report, thumbnails=drawn)).css("img")
    assert [image.attributes["src"] for image in images] == ["data:image/png;base64,AAAA"]
    assert images[0].attributes["alt"] == "words"
    assert len(parsed(render_html(report, thumbnails=drawn)).css(".place img")) == 1
    without = parsed(render_html(report, sections={Section.SOURCES}, thumbnails=drawn))
    assert len(without.css("#sources img")) == 1


def test_a_page_on_what_is_all_verified_says_so() -> None:
    report = demo_report()
    claims = tuple(
        view._replace(
            verdicts=view.verdicts or report.claims[3].verdicts,
            attributions=tuple(
                one._replace(links=tuple(replace(link, state=LinkState.CONFIRMED) for link in one.links))
                for one in view.attributions
                if one.links or one.attribution.quote is None
            ),
        )
        for view in report.claims
    )
    text = first(parsed(render_html(report._replace(claims=claims))), "#unverified").text()
    assert "Every quote was found and its place confirmed" in text


def test_headings_are_in_order_and_landmarks_there() -> None:
    tree = parsed(render_html(demo_report()))
    levels = [int(one.tag[1]) for one in elements(tree) if one.tag and re.fullmatch("h[1-6]", one.tag)]
    assert levels[0] == 1
    assert levels.count(1) == 1
    assert all(after <= before + 1 for before, after in pairwise(levels))
    for selector in ("header", "nav[aria-label]", "main#report", "footer", "a.skip[href='#report']"):
        assert len(tree.css(selector)) == 1, selector


def test_a_rejected_link_is_not_on_the_page_and_a_withheld_source_has_no_name() -> None:
    report = hostile_report("words")
    (view,) = report.claims
    linked, *rest = view.attributions
    rejected = linked._replace(links=tuple(replace(link, state=LinkState.REJECTED, exact="rejected passage") for link in linked.links))
    (source,) = report.sources
    hidden = source._replace(source=replace(source.source, withheld="a witness", url=None, archive_url=None, publisher=None, author=None))
    text = render_html(report._replace(claims=(view._replace(attributions=(rejected, *rest)),), sources=(hidden,)))
    assert "rejected passage" not in text
    for secret in ("SHA-256", "a" * 64, "2026-01-01T00:00:00Z"):
        assert secret not in text


@pytest.mark.parametrize("section", Section)
def test_a_section_alone_leads_nowhere_that_is_not_there(section: Section) -> None:
    report = demo_report()
    text = render_html(report, sections={section})
    ids = re.findall(r' id="([^"]+)"', text)
    assert set(re.findall(r'href="#([^"]+)"', text)) <= set(ids)
    expected = "unverified" if section is Section.SUMMARY else section.value
    assert [one for one in ("unverified", *(other.value for other in Section)) if one in ids] == [expected]


@pytest.mark.parametrize("markup", ["".join(MARKUP), "half \ud800", "\u2028\u2029", "]]></script>", "<!--<script>"], ids=ascii)
def test_data_for_programs_is_one_element_that_nothing_in_it_can_end(markup: str) -> None:
    report = hostile_report(markup)
    data = reviews_json(report.claims, Naming())
    text = render_html(report, data=data)
    begun, end = text.index('<script type="application/ld+json">'), text.index("</script>")
    element = text[begun : end + len("</script>")]
    assert not set("<>&\n") & set(element.removeprefix('<script type="application/ld+json">').removesuffix("</script>"))
    assert_nothing_acts(element)
    assert_only_ours(text.replace(f"{element}\n", ""), report)
    assert text.replace(f"{element}\n", "") == render_html(report)
    tree = parsed(text)
    assert len(tree.css("script")) == 1
    assert json.loads(first(tree, "script").text()) == data
    assert data["@graph"][0]["claimReviewed"] == markup


def test_the_same_report_gives_the_same_bytes() -> None:
    assert render_html(demo_report()) == render_html(demo_report())


def test_a_case_takes_what_its_claims_take_and_little_memory() -> None:
    def work(size: int) -> Callable[[], object]:
        case = enlarged(demo_report(), size, 500)
        return lambda: render_html(case)

    assert_fair_growth(work, 20)
    report = enlarged(demo_report(), 334, 500)
    assert len(report.claims) > 2000
    text = render_html(report)
    tracemalloc.start()
    render_html(report._replace(claims=report.claims[:200], contradictions=(), timeline=(), sources=report.sources))
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert peak < 60 * 2**20
    assert text.count('<article class="claim"') == len(report.claims)
    assert text.count('<article class="source"') == 500


# The picture.


def happening(party: str, day: str | None, stance: Stance = Stance.ASSERTS) -> Happening:
    said = Attribution(id="A1", claim_id="C1", party_id=party, party_as_written=party, stance=stance, said_at=day, **STAMP)
    return Happening(day, Claim(id="C1", text="x", **STAMP), AttributionView(said, Party(id=party, name=party, **STAMP), None, ()))


days = st.one_of(
    st.none(),
    st.integers(1900, 2100).map(str),
    st.dates().map(lambda day: day.isoformat()[:7]),
    st.dates().map(lambda day: day.isoformat()),
)


@given(st.lists(st.tuples(st.sampled_from("PQRSTUVWXYZABCDEF"), days, st.sampled_from(Stance)), max_size=60))
def test_a_picture_holds_every_statement_that_has_a_date(said: list[tuple[str, str | None, Stance]]) -> None:
    drawn = picture(happening(*one) for one in said)
    dated = [one for one in said if one[1] is not None]
    if not dated:
        assert drawn is None
        return
    assert drawn is not None
    assert sum(mark.number for mark in drawn.marks) == len(dated)
    assert len(drawn.lanes) <= MOST_LANES + 1
    assert len(drawn.ticks) <= 7
    for mark in drawn.marks:
        assert 0 <= mark.left <= 100
        assert mark.left - 0.01 <= mark.x <= mark.left + mark.width + 0.01 <= 100
        assert 0 < mark.y < drawn.axis < drawn.height
    assert all(0 <= tick.x <= 100 for tick in drawn.ticks)


def test_a_year_is_as_wide_as_a_year_and_a_day_has_its_place() -> None:
    drawn = picture([happening("P", "2019-01-01"), happening("P", "2020"), happening("Q", "2020-12-31", Stance.DENIES)])
    assert drawn is not None
    day, year, last = drawn.marks
    assert (day.x, day.width) == (2.0, 0.0)
    assert (year.left, year.left + year.width) == (50.0, 98.0)
    assert (last.x, last.sign) == (98.0, "denies")
    assert [lane.label for lane in drawn.lanes] == ["P", "Q"]


def test_a_source_without_a_plain_address_has_no_link() -> None:
    report = hostile_report("x")
    (view,) = report.sources
    for address in ("javascript:alert(1)", "data:text/html,x", "https://x.org/a b", "https://x.org/\u202egro", "ftp://x.org/"):
        source: Source = replace(view.source, url=address, archive_url=None)
        tree = parsed(render_html(report._replace(sources=(view._replace(source=source),))))
        assert not tree.css("#sources a")
        assert visible(address) in text_of(tree, "#sources bdi")


@pytest.mark.parametrize("section", Section)
def test_the_page_has_a_place_for_every_section(section: Section) -> None:
    assert f"Section.{section.name} in sections" in (files("claimreg.render") / "templates" / "report.html.jinja").read_text(
        encoding="utf-8"
    )
