"""A page's headline, what its article leaves out and where that stands, its boxes, its frames, and what is struck out in it."""

from collections.abc import Callable

import pytest
from growth import assert_fair_growth

from claimreg.ingest.extract import read
from claimreg.ingest.types import Extraction, Hints, Limits
from claimreg.services.recording.sources import joined
from claimreg.vocabulary import HEADLINE, STRUCK_OUT

FIRST = "The harbour office said on Monday that the night ferry will not run before the pier is repaired."
SECOND = "Captain Aida Serik answered that the pier is sound, and that the office knows it well enough."
THIRD = "The council meets again in a fortnight, and has asked an engineer for a report by then."
PARAGRAPHS = f"<p>{FIRST}</p><p>{SECOND}</p><p>{THIRD}</p>"
APART = "Nobody has seen the ledger of the harbour since the winter, she wrote."


def page(body: str, head: str = "<title>The pier | Harbour News</title>") -> Extraction:
    source = f"<!DOCTYPE html><html lang='en'><head><meta charset='utf-8'>{head}</head><body>{body}</body></html>"
    return read(source.encode(), Hints("pier.html", "text/html"), Limits())


def label_of(extraction: Extraction, words: str) -> str:
    """The label at the place where the words stand in both texts."""
    whole = joined(extraction.text, extraction.left_out)
    at = whole.index(words)
    return next((one.label for one in reversed(extraction.locators) if one.start <= at), "")


def test_the_headline_is_the_first_line_and_told_as_such() -> None:
    read_page = page(f"<article><h1>Ferry stays <br>ashore</h1>{PARAGRAPHS}</article>")
    assert read_page.text.split("\n") == ["Ferry stays ashore", FIRST, SECOND, THIRD]
    assert label_of(read_page, "Ferry stays") == HEADLINE
    assert label_of(read_page, FIRST) == ""


def test_the_headline_among_several_is_the_likest_to_the_title_and_not_the_sites_name() -> None:
    head = "<title>Ferry stays ashore – Harbour News</title><meta property='og:site_name' content='Harbour News'>"
    several = page(f"<header><h1>Harbour News</h1></header><h1>Ferry stays ashore</h1>{PARAGRAPHS}<h1>More of today</h1>", head)
    assert several.text.startswith("Ferry stays ashore\n")
    second = page(f"<header><h1>Harbour News</h1></header><h2>Ferry stays ashore</h2>{PARAGRAPHS}", head)
    assert label_of(second, "Ferry stays ashore") == HEADLINE


def test_a_headline_with_a_date_is_not_taken_for_the_sites_name() -> None:
    read_page = page(f"<article><h1>Results of 19.5.2007</h1>{PARAGRAPHS}</article>", "<title>Results of 19.5.2007 | Harbour races</title>")
    assert label_of(read_page, "Results of") == HEADLINE


def test_a_headline_that_the_library_breaks_or_repeats_stands_once() -> None:
    for heading in ("Ferry<br>stays<br>ashore", "<div>Ferry</div> <div>stays ashore</div>", "<span>Ferry </span>stays ashore"):
        read_page = page(f"<article><h1>{heading}</h1>{PARAGRAPHS}</article>")
        assert read_page.text.split("\n") == ["Ferry stays ashore", FIRST, SECOND, THIRD]


def test_a_paragraph_put_into_a_heading_by_a_slip_is_a_block() -> None:
    read_page = page(f"<h1>The pier</h1><h4><section>{PARAGRAPHS}</section></h4><aside>{APART}</aside>")
    assert FIRST in (read_page.text + read_page.left_out).split("\n")


def test_a_template_that_a_browser_shows_is_left_out_and_one_that_it_does_not_is_nowhere() -> None:
    shown = (
        f"<div><template shadowrootmode='open'><p>{APART}</p></template></div><template><p>Never shown to a reader of it.</p></template>"
    )
    read_page = page(f"<article><h1>The pier</h1>{PARAGRAPHS}</article>{shown}<noscript>Turn scripts on.</noscript>")
    whole = joined(read_page.text, read_page.left_out)
    assert APART in whole
    assert "Never shown" not in whole
    assert "Turn scripts on" not in whole


def test_an_article_for_readers_without_scripts_is_read() -> None:
    read_page = page(f"<div id='root'></div><noscript><h1>Ferry stays ashore</h1>{PARAGRAPHS}</noscript>")
    assert label_of(read_page, "Ferry stays ashore") == HEADLINE
    assert FIRST in read_page.text


def test_invisible_characters_stay_in_what_is_left_out() -> None:
    words = "The har\u00adbour office spoke of the می\u200cشود and of nothing else."
    read_page = page(f"<article><h1>The pier</h1>{PARAGRAPHS}<aside>{words}</aside></article>")
    assert words in read_page.left_out


def test_what_is_struck_out_is_known_where_the_page_is_too_deep_for_a_tree() -> None:
    deep = "<div>" * 5_000 + f"<p>{FIRST}</p><p>She will <s>gladly</s> never sell it.</p>" + "</div>" * 5_000
    read_page = page(deep)
    assert "She will never sell it." in read_page.text
    assert label_of(read_page, "gladly") == STRUCK_OUT


@pytest.mark.parametrize(
    "piece",
    [
        "<s>a", "<del>a</del> b ", "<div class='cookie-banner'>a<button>b</button>", "<figcaption>a</figcaption>",
        "<div role='dialog'>cookie",
        "<iframe srcdoc='&lt;p&gt;a'></iframe>", "<p>a long line of words that nobody kept {}</p>", "<sup>2</sup>x", "<rt>a</rt>b",
        "<aside>a</aside>",
    ],
)  # fmt: skip
def test_elements_without_end_take_no_longer(piece: str) -> None:
    def work(size: int) -> Callable[[], object]:
        pieces = "".join(piece.replace("{}", str(number)) for number in range(size))
        return lambda: page(f"<article><h1>The pier</h1>{PARAGRAPHS}</article>{pieces}").text.index("harbour")

    # With some hundreds more, the library begins to look for an article in what it passed over with fewer.
    assert_fair_growth(work, 1_000)


def test_an_attribute_without_end_is_read_all_the_same() -> None:
    read_page = page(f"<article><h1>The pier</h1>{PARAGRAPHS}</article><div class='{'cookie ' * 100_000}'>{APART}<button>b</button></div>")
    assert FIRST in read_page.text


def test_a_title_that_says_something_else_is_left_out_with_its_name() -> None:
    read_page = page(f"<article><h1>Ferry stays ashore</h1>{PARAGRAPHS}</article>", "<title>Why nobody sails at night</title>")
    assert label_of(read_page, "Why nobody sails") == "the page's title"
    same = page(f"<article><h1>Ferry stays ashore</h1>{PARAGRAPHS}</article>", "<title>Ferry stays ashore | Harbour News</title>")
    assert same.left_out == ""


@pytest.mark.parametrize(
    ("part", "label"),
    [
        (f"<figure><img src='a.jpg'><figcaption>{APART}</figcaption></figure>", "a picture's caption"),
        (f"<aside><p>{APART}</p></aside>", "an aside"),
        (f"<aside><blockquote>{APART}</blockquote></aside>", "a pull quote"),
        (f"<footer><p>{APART}</p></footer>", "the article's footer"),
        (f"</article><footer><p>{APART}</p></footer><article>", "the page's footer"),
        (f"</article><nav><a href='/'>{APART}</a></nav><article>", "the page's menu"),
        (f"</article><section class='comments'><article><p>{APART}</p></article></section><article>", "a comment"),
        (f"</article><form><label>{APART}</label><input type='text'></form><article>", "a form"),
        (f"</article><div class='newsletter-box'><p>{APART}</p></div><article>", "a note on the newsletter"),
        (f"</article><div style='display: none'>{APART}</div><article>", "a part that the page does not show at first"),
        (f'<iframe srcdoc="<p>{APART}</p>"></iframe>', "a frame"),
    ],
)
def test_what_the_article_leaves_out_is_kept_and_named_by_its_part(part: str, label: str) -> None:
    read_page = page(f"<article><h1>The pier</h1><p>{FIRST}</p><p>{SECOND}</p>{part}<p>{THIRD}</p></article>")
    assert APART not in read_page.text
    assert label_of(read_page, APART) == label
    assert FIRST in read_page.left_out
    assert joined(read_page.text, read_page.left_out).count(FIRST) == 2


@pytest.mark.parametrize(
    "box",
    [
        "<div id='onetrust-banner-sdk'>{}<button>Accept</button></div>",
        "<div class='cookie-hinweis-leiste'>{}</div>",
        "<div role='dialog' aria-modal='true' class='x1'>{}<button>Принять</button></div>",
        "<div class='x7f3'><div>{}</div><div><button>Kabul et</button></div></div>",
        "<section class='newsletter-popup'>{}<form><input type='email'></form></section>",
        "<div class='sign-up'>{}<form><input type='email'></form></div>",
        "<div class='modal'>{}<a href='#'>Tamam</a></div>",
    ],
)
def test_a_box_over_the_page_is_never_its_article(box: str) -> None:
    words = "<p>Bu site ve 300 ortağı çerezler (cookies) kullanır, ve kişisel verileri reklam için işler, ölçer ve saklar.</p>" * 4
    for body in (
        f"{box.format(words)}<article><h1>The pier</h1><p>{FIRST}</p></article>",
        f"<h1>The pier</h1><p>{FIRST}</p>{box.format(words)}",
    ):
        read_page = page(body)
        assert read_page.text == f"The pier\n{FIRST}"
        assert label_of(read_page, "Bu site") in ("a consent notice", "a note on the newsletter")


def test_a_box_in_words_that_nobody_knows_loses_against_the_article_with_the_headline() -> None:
    words = "<p>Lorem ipsum dolor sit amet, consectetur adipiscing elit, sed do eiusmod tempor incididunt ut labore.</p>" * 6
    read_page = page(f"<div class='q1'>{words}</div><article><h1>The pier</h1><p>{APART}</p></article>")
    assert APART in read_page.text
    assert "Lorem" not in read_page.text


def test_a_page_about_consent_is_read() -> None:
    words = "Cookies are small files. Who reads them knows where you were. The council debated cookies for an hour on Monday."
    read_page = page(f"<div class='cookie-consent-container'><p>{words}</p><p>{FIRST}</p><button>Share</button></div>")
    assert words in read_page.text


@pytest.mark.parametrize(
    "struck",
    [
        "<del>{}</del>",
        "<s>{}</s>",
        "<strike>{}</strike>",
        "<span style='color: red; text-decoration:line-through'>{}</span>",
        "<i class='c9'>{}</i>",
    ],
)
def test_words_struck_out_are_not_read_as_said(struck: str) -> None:
    said = f"<p>She said: We will {struck.format('gladly')} <ins>never</ins> sell the pier to anybody in this town.</p>"
    body = f"<p>{FIRST}</p><p>{SECOND}</p>{said}"
    read_page = page(f"<article><h1>The pier</h1>{body}</article>", "<style>.c9 { text-decoration: line-through }</style>")
    assert "We will never sell the pier" in read_page.text
    assert "gladly" not in read_page.text
    assert label_of(read_page, "gladly") == STRUCK_OUT
    assert "gladly" in read_page.left_out.split("\n")
    assert read_page.notes == ("The page strikes words out; they are not read as said.",)


def saved_page(*pages: str) -> bytes:
    """A page as Chromium saves it: one part a page, the first the one that was asked for, each where it was."""
    parts = "".join(
        f"------B\r\nContent-Type: text/html\r\nContent-ID: <frame-{number}@mhtml.blink>\r\nContent-Transfer-Encoding: 8bit\r\n"
        f"Content-Location: https://news.example/{number}\r\n\r\n{one}\r\n"
        for number, one in enumerate(pages)
    )
    head = (
        "From: <Saved by Blink>\r\nSnapshot-Content-Location: https://news.example/0\r\nSubject: The pier\r\nMIME-Version: 1.0\r\n"
        'Content-Type: multipart/related; type="text/html"; boundary="----B"\r\n\r\n'
    )
    return f"{head}{parts}------B--\r\n".encode()


def test_the_frames_of_a_saved_page_are_left_out_and_named() -> None:
    frame = f"<html><body><blockquote>{APART}</blockquote><p>A <s>gross</s> error.</p></body></html>"
    whole = f"<html><body><article><h1>The pier</h1>{PARAGRAPHS}</article><iframe src='cid:frame-1@mhtml.blink'></iframe></body></html>"
    saved = read(saved_page(whole, frame), Hints("pier.mhtml"), Limits())
    assert APART not in saved.text
    assert label_of(saved, APART) == "a frame"
    assert label_of(saved, "gross") == STRUCK_OUT
    asked = b"Snapshot-Content-Location: https://news.example/"
    swapped = saved_page(whole, frame).replace(asked + b"0", asked + b"1")
    assert APART in read(swapped, Hints("pier.mhtml"), Limits()).text


def test_a_page_that_is_nothing_but_a_frame_has_its_article() -> None:
    article = f"<html><body><h1>Ferry stays ashore</h1>{PARAGRAPHS}</body></html>"
    frames = "<html><head><title>The harbour</title></head><frameset><frame src='cid:frame-1@mhtml.blink'></frameset></html>"
    saved = read(saved_page(frames, article), Hints("pier.mhtml"), Limits())
    assert saved.text == f"Ferry stays ashore\n{FIRST}\n{SECOND}\n{THIRD}"
    assert label_of(saved, "Ferry stays ashore") == HEADLINE
    inline = page(f'<p>Harbour</p><iframe srcdoc="{article}"></iframe>')
    assert FIRST in inline.text
    assert THIRD in inline.text


def test_words_struck_out_in_a_mail_are_not_read_as_said() -> None:
    head = "Subject: x\r\nMIME-Version: 1.0\r\nContent-Type: text/html; charset=utf-8\r\n\r\n"
    source = f"{head}<p>{FIRST}</p><p>We will <s>gladly</s> never sell it.</p>"
    mail = read(source.encode(), Hints("a.eml"), Limits())
    assert "We will never sell it." in mail.text
    assert (mail.left_out, label_of(mail, "gladly")) == ("gladly", STRUCK_OUT)
    assert mail.notes == ("The mail strikes words out; they are not read as said.",)


def test_a_long_article_stays_though_its_title_is_said_again_below_it() -> None:
    told = [
        f"On day {number} the engineer wrote down that pile {number} of the pier had been looked at and found sound."
        for number in range(60)
    ]
    article = "".join(f"<p>{one}</p>" for one in told)
    others = "".join(
        f"<li><a href='/{number}'>What the harbour said of boat {number}, and why nobody minds</a></li>" for number in range(40)
    )
    read_page = page(
        f"<h2>The log of the pier</h2>{article}<h1>The log of the pier</h1><ul>{others}</ul>", "<title>The log of the pier</title>"
    )
    assert all(one in read_page.text for one in told)


def test_what_stands_below_the_headline_goes_before_a_box_without_a_name() -> None:
    box = "".join(
        f"<p>Partner {number} of ours stores and reads what it likes on this device, and asks for your leave.</p>" for number in range(20)
    )
    read_page = page(f"<div>{box}</div><h1>The pier</h1><div>{FIRST}<br>{SECOND}</div>", "<title>The pier</title>")
    assert FIRST in read_page.text


@pytest.mark.parametrize("name", ["media js-lightbox-gallery", "lightbox-images", "js-lightbox"])
def test_an_article_whose_pictures_open_in_a_lightbox_is_no_box(name: str) -> None:
    read_page = page(f"<article><h1>The pier</h1><p>{FIRST}</p><div class='{name}'><p>{SECOND}</p><p>{THIRD}</p></div></article>")
    assert read_page.text.split("\n") == ["The pier", FIRST, SECOND, THIRD]


def test_links_between_lines_that_are_broken_are_no_lost_paragraph() -> None:
    links = "".join(f"<li><a href='/{number}'>More that was said of pier {number} in the winter</a></li>" for number in range(3))
    broken = f"<div>{FIRST}<br>{SECOND}<aside><ul>{links}</ul></aside><br>{THIRD}</div>"
    unended = f"<p>{FIRST}</p><p>{SECOND}</p><p>{THIRD}<aside><ul>{links}</ul></aside></p>"
    for body in (broken, unended):
        read_page = page(f"<article><h1>The pier</h1>{body}</article>")
        assert THIRD in read_page.text
        assert "More that was said" not in read_page.text
