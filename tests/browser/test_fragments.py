"""Addresses of words on a page, followed by a real browser: it scrolls to them, in every script and over paragraphs."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from claimreg.text.fragments import Passage, address_of

if TYPE_CHECKING:
    from pathlib import Path

    from playwright.sync_api import Browser

FAR = '<p style="height: 4000px">x</p>'
LONG = "The office told the council that the night ferry, which is to be repaired before the summer, stays in port until the pier is sound."

PAGES = {
    "signs": ("<p>The <b>ferry</b> stays – “well-known” &amp; feared, so the Post.</p>", "ferry stays – “well-known” & feared, so"),
    "a long passage": (f"<p>Not much is known. {LONG} Nobody answers.</p>", LONG),
    "a list": ("<ul><li>The ferry stays</li><li>Nobody knows</li></ul><p>The end of it</p>", "- The ferry stays\n- Nobody knows\nThe end"),
    "Kazakh": ("<p>Кеме айлақта қалады, өйткені көпір әлі жөнделген жоқ.</p>", "көпір әлі жөнделген жоқ"),
    "Arabic": ("<p>قال المكتب إن العبارة الليلية لن تعمل قبل إصلاح الرصيف.</p>", "العبارة الليلية لن تعمل"),
    "Hindi": ("<p>अधिकारियों ने कहा कि रात की नौका घाट की मरम्मत से पहले नहीं चलेगी।</p>", "मरम्मत से पहले नहीं चलेगी"),
    "Chinese": ("<p>政府昨天宣布，新的渡轮服务将于五月开始，票价不变。</p>", "新的渡轮服务将于五月开始"),
    "Thai": ("<p>สำนักงานกล่าวว่าเรือข้ามฟากจะไม่ให้บริการ</p>", "เรือข้ามฟากจะไม่ให้บริการ"),
}  # fmt: skip


def seen_at(browser: Browser, folder: Path, body: str, passage: Passage, *, is_ambiguous: bool = False) -> float:
    """Where on the screen the element with the words is, once the page is opened at them."""
    path = folder / "page.html"
    path.write_text(f'<!DOCTYPE html><meta charset="utf-8"><title>x</title>{FAR}{body}{FAR}', encoding="utf-8", newline="")
    page = browser.new_page(viewport={"width": 1000, "height": 800})
    page.goto(address_of(path.as_uri(), [passage], is_ambiguous=is_ambiguous))
    page.wait_for_timeout(300)
    top = page.evaluate("document.getElementById('here').getBoundingClientRect().top")
    page.close()
    return float(top)


@pytest.mark.parametrize(("body", "exact"), PAGES.values(), ids=PAGES)
def test_a_browser_scrolls_to_the_words(browser: Browser, tmp_path: Path, body: str, exact: str) -> None:
    assert 0 <= seen_at(browser, tmp_path, f'<div id="here">{body}</div>', Passage(exact)) < 800


def test_words_around_it_tell_the_place(browser: Browser, tmp_path: Path) -> None:
    body = f'<p>They said the ferry stays.</p>{FAR}<p id="here">Nobody knows why the ferry stays in port.</p>'
    passage = Passage("the ferry stays", "it. Nobody knows why ", " in port.")
    assert seen_at(browser, tmp_path, body, passage) > 800
    assert 0 <= seen_at(browser, tmp_path, body, passage, is_ambiguous=True) < 800
