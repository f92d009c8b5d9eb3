"""The page to publish in a real browser: nothing acts, everybody can read it, it fits a phone, a desk and paper."""

import io
from collections.abc import Callable
from typing import Any, Literal

import pytest
from publication_samples import claim, named, page, source, statement
from pypdf import PdfReader
from sample_reports import MARKUP, demo_report

from claimreg.render.labels import ENGLISH, Words
from claimreg.render.publication.page import publication
from claimreg.render.publication.write import publication_html
from claimreg.render.safe import visible
from claimreg.services.reporting.about import About

from .conftest import Watched
from .test_page import LET_THROUGH

Show = Callable[..., Watched]

ABOUT = About(
    title="The Ilyashev case: what was said in court and about it",
    desk="Claimreg demo desk",
    published="2026-01-01",
    summary=("An Almaty court sentenced the activist Alnur Ilyashev for posts about the ruling party. One outlet quoted it wrongly.",),
)
HOSTILE = "".join(one[:300] for one in MARKUP)
PHONE = 844
WIDTHS = (320, 390, 1280)
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]
PAPER: tuple[tuple[Literal["light", "dark"], str], ...] = (("light", "rgb(253, 252, 250)"), ("dark", "rgb(22, 24, 27)"))
OPEN_ALL = "document.querySelectorAll('details').forEach(one => { one.open = true })"


def demo(lang: str = "en") -> str:
    words = Words(lang)
    return publication_html(publication(demo_report(), words, ABOUT), words)


def from_right_to_left() -> str:
    """A page with a quote that is read from right to left, altered, with text around it."""
    quote = named(lang="ar", lang_name="Arabic", dir="rtl", pieces=(("سبق", "changed"), (" ان صودرت الصحيفة 28 مره", "none")))
    passage = named(
        lang="ar", dir="rtl", before="…جريدة الجريدة ", pieces=(("وسبق", "changed"), (" ان صودرت الصحيفة 28 مره", "none")), after="…"
    )
    finding = ("Small differences: the source has “", ("وسبق", "ar"), "”, the quote “", ("سبق", "ar"), "”.")
    said = statement("Khalid Abdelkarim Masa", "a1", quote=quote, passage=passage, finding=finding, where="page 3")
    cards = (claim("Newspapers were confiscated", 1, lang="en", sides=(named(heading="Who says so", statements=(said,)),)),)
    return publication_html(page("Newspapers", claims=cards, rated=cards))


PAGES = {"demo": demo(), "hostile": publication_html(page(HOSTILE, sources=(source(HOSTILE),))), "rtl": from_right_to_left()}
each_page = pytest.mark.parametrize("text", PAGES.values(), ids=PAGES)


@each_page
def test_a_page_does_nothing(show: Show, text: str) -> None:
    watched = show(text)
    shown = watched.page
    for element in shown.query_selector_all("summary"):
        element.click()
    shown.mouse.move(200, 300)
    shown.keyboard.press("End")
    shown.wait_for_timeout(100)
    assert watched.did == []
    assert shown.evaluate("document.scripts.length") == 0
    assert shown.evaluate("performance.getEntriesByType('resource').length") == 0
    if text is PAGES["hostile"]:
        assert shown.title() == " ".join(f"{visible(HOSTILE)} – {visible(HOSTILE)}".split())


def test_the_policy_lets_nothing_act_that_gets_through(show: Show) -> None:
    begun = PAGES["demo"].index("<h2 id=")
    watched = show(PAGES["demo"][:begun] + LET_THROUGH + PAGES["demo"][begun:])
    watched.page.wait_for_timeout(200)
    assert watched.page.evaluate("document.documentElement.dataset.ran ?? null") is None
    assert watched.page.evaluate("getComputedStyle(document.querySelector('h1')).color") != "rgb(1, 2, 3)"
    assert len([one for one in watched.told if "Content Security Policy" in one]) >= 5


@each_page
def test_nothing_is_wider_than_the_page(show: Show, text: str) -> None:
    shown = show(text, bypass_csp=True).page
    shown.evaluate(OPEN_ALL)
    for width in WIDTHS:
        shown.set_viewport_size({"width": width, "height": PHONE})
        assert shown.evaluate("document.documentElement.scrollWidth") <= width


@pytest.mark.parametrize(("text", "widths"), [("demo", WIDTHS), ("hostile", WIDTHS[:1]), ("rtl", WIDTHS[-1:])])
def test_axe_finds_nothing(show: Show, text: str, widths: tuple[int, ...]) -> None:
    axe = pytest.importorskip("axe_playwright_python.sync_playwright", reason="the extra claimreg[browser] is not installed")
    shown = show(PAGES[text], bypass_csp=True).page
    shown.evaluate(OPEN_ALL)
    for width in widths:
        shown.set_viewport_size({"width": width, "height": PHONE})
        # What the dark page has that the light one has not is its colours, whatever its width.
        for scheme, paper in PAPER if width == widths[-1] else PAPER[:1]:
            shown.emulate_media(color_scheme=scheme)
            assert shown.evaluate("getComputedStyle(document.body).backgroundColor") == paper
            rules: dict[str, Any] = (
                {"type": "tag", "values": RULES} if scheme == "light" else {"type": "rule", "values": ["color-contrast"]}
            )
            found = axe.Axe().run(shown, options={"runOnly": rules, "resultTypes": ["violations", "passes"]}).response
            assert "color-contrast" in {one["id"] for one in found["passes"]}
            told = [f"{one['impact']}: {one['id']}: {[node['html'][:200] for node in one['nodes'][:3]]}" for one in found["violations"]]
            assert told == [], (width, scheme)


@pytest.fixture
def phone(show: Show) -> Any:  # noqa: ANN401 -- Playwright's, which may be absent
    shown = show(PAGES["demo"], width=390).page
    shown.set_viewport_size({"width": 390, "height": PHONE})
    return shown


def test_a_phone_shows_the_first_verdict_on_its_first_screen(phone: Any) -> None:  # noqa: ANN401 -- Playwright's, which may be absent
    box = phone.locator("td.r").first.bounding_box()
    assert box is not None
    assert box["y"] + box["height"] <= PHONE
    assert phone.locator("td.r").first.inner_text() == "False"
    assert not phone.locator("td.w").first.is_visible()


def test_a_desk_sees_who_says_so_and_findings_beside_the_quotes(show: Show) -> None:
    shown = show(PAGES["demo"]).page
    assert shown.locator("td.w").first.is_visible()
    words, note = (shown.locator(f"#a2 {one}").bounding_box() for one in (".words", ".note"))
    assert words is not None
    assert note is not None
    assert note["x"] >= words["x"] + words["width"]
    assert abs(note["y"] - words["y"]) < 20


def test_numbers_of_claims_are_not_broken(show: Show) -> None:
    cards = tuple(claim("A claim that is long enough for two lines on a phone", number) for number in (9, 10, 100))
    shown = show(publication_html(page("Many", claims=cards, rated=cards)), width=320).page
    heights = shown.locator("td.n").evaluate_all(
        "all => all.map(one => { const told = document.createRange(); told.selectNodeContents(one); return told.getClientRects().length })"
    )
    assert heights == [1, 1, 1]


def test_the_whole_page_is_laid_out_at_once(show: Show) -> None:
    # A picture of the whole page is whole only if nothing waits for being scrolled to.
    shown = show(PAGES["demo"], width=390).page
    lazy = "[...document.querySelectorAll('*')].filter(one => getComputedStyle(one).contentVisibility === 'auto').length"
    assert shown.evaluate(lazy) == 0
    last = shown.locator("#method").bounding_box()
    assert last is not None
    assert last["height"] > 10
    assert last["y"] < shown.evaluate("document.documentElement.scrollHeight")


def test_a_quote_has_its_own_direction_whatever_stands_in_its_block(show: Show) -> None:
    shown = show(PAGES["rtl"]).page
    for quote in shown.locator("#a1 blockquote").all():
        assert quote.evaluate("one => getComputedStyle(one).direction") == "rtl"
        assert quote.evaluate("one => getComputedStyle(one).borderRightStyle") != "none"
        assert quote.locator(".cap").evaluate("one => getComputedStyle(one).direction") == "ltr"
    note = shown.locator("#a1 .note")
    assert note.evaluate("one => getComputedStyle(one).direction") == "ltr"


def test_words_that_differ_are_told_apart_without_colour_and_read_aloud_but_not_copied(show: Show) -> None:
    shown = show(PAGES["demo"]).page
    only, changed = shown.locator("#claims ~ article mark.only").first, shown.locator("#claims ~ article mark:not(.only)").first
    style = "one => [getComputedStyle(one).borderBottomStyle, getComputedStyle(one).textDecorationLine]"
    assert only.evaluate(style) == ["double", "none"]
    assert changed.evaluate(style) == ["solid", "none"]
    assert only.evaluate("one => getComputedStyle(one, '::before').content") == '"[only here: "'
    assert shown.locator(".caret").first.evaluate("one => getComputedStyle(one, '::before').content") == '"[words left out here] "'
    copied = only.evaluate("one => { getSelection().selectAllChildren(one.closest('blockquote')); return getSelection().toString() }")
    assert "did not meet" in copied
    assert "only here" not in copied


def test_the_keyboard_skips_to_the_report_and_goes_to_a_claim(show: Show) -> None:
    shown = show(PAGES["demo"]).page
    shown.keyboard.press("Tab")
    assert shown.evaluate("document.activeElement.className") == "skip"
    assert shown.locator("a.skip").evaluate("one => one.getBoundingClientRect().left") >= 0
    shown.keyboard.press("Enter")
    assert shown.evaluate("document.activeElement.id") == "report"
    shown.keyboard.press("Tab")
    shown.keyboard.press("Enter")
    assert shown.evaluate("location.hash") == "#c4"


def test_a_page_prints_whole_with_its_folds_open_and_its_pages_numbered(show: Show) -> None:
    reader = PdfReader(io.BytesIO(show(PAGES["demo"]).page.pdf(prefer_css_page_size=True)))
    printed = [one.extract_text() for one in reader.pages]
    whole = "".join("".join(printed).split())
    for view in demo_report().sources:
        assert view.capture is not None
        assert view.capture.sha256 in whole
        assert (view.source.url or "nowhere") in whole
    assert f"1 / {len(printed)}" in printed[0]
    assert "Whosaysso" in whole
    assert "Skiptothereport" not in whole
    assert ENGLISH.say("Against it") in printed[0]
