"""HTML articles: roles, what a browser shows, and where it stands in the file."""

from __future__ import annotations

import pytest
from articles import of_role, only, parsed, told

from claimreg.ingest.articles.parsing import parse_article
from claimreg.ingest.types import Hints, Limits
from claimreg.model import Span
from claimreg.services.articles import Comment, Position, Role, position


def page(inner: str) -> str:
    return f"<!doctype html><html><head><title>Of “wells”</title></head><body>{inner}</body></html>"


def shown(inner: str) -> list[tuple[str, str]]:
    return told(page(inner), "draft.html")


def test_a_block_quotation_and_what_names_its_speaker_belong_together() -> None:
    article = parsed(page(
        "<p>A.<blockquote><p>The well is dry.</p><p>So it is.</p><footer>— <cite>Mira Holt</cite>, farmer</footer></blockquote>"
        "<blockquote>Cold. <cite>Jon Berg</cite></blockquote><p><cite>The Times</cite> wrote.</p><footer>End</footer>"
    ), "draft.html")  # fmt: skip
    assert [(block.role, block.text, block.group) for block in article.blocks] == [
        (Role.BODY, "A.", None),
        (Role.QUOTE, "The well is dry.", 1), (Role.QUOTE, "So it is.", 1), (Role.CITE, "— Mira Holt, farmer", 1),
        (Role.QUOTE, "Cold.", 2), (Role.CITE, "Jon Berg", 2),
        (Role.BODY, "The Times wrote.", None), (Role.BODY, "End", None),
    ]  # fmt: skip


def test_the_caption_of_a_figure_names_the_speaker_of_the_quotation_in_it() -> None:
    article = parsed("<figure><blockquote>Dry.</blockquote><figcaption>Mira <b>Holt</b></figcaption></figure><p>B", "draft.html")
    assert [(block.role, block.text, block.group) for block in article.blocks] == [
        (Role.QUOTE, "Dry.", 1), (Role.CITE, "Mira Holt", 1), (Role.BODY, "B", None),
    ]  # fmt: skip
    assert told("<figure><img src=a><figcaption>A well</figcaption></figure>", "draft.html") == [("body", "A well")]


def test_a_name_that_is_never_closed_ends_with_its_quotation() -> None:
    assert shown("<blockquote>Dry. <cite>Mira</blockquote><p>She left.") == [("quote", "Dry."), ("cite", "Mira"), ("body", "She left.")]


def test_marks_are_drawn_around_q_and_are_told_from_those_in_the_file() -> None:
    text = page("<p>She said <q>it is <q>cold</q> &amp; dry</q>.</p>")
    (block,) = parsed(text, "draft.html").blocks
    assert block.text == "She said “it is ‘cold’ & dry”."
    drawn = [offset for offset, length in block.written.items() if length == 0]
    assert [block.text[offset] for offset in drawn] == ["“", "‘", "’", "”"]
    first, last = drawn[0], drawn[-1]
    assert block.in_file(Span(first + 1, last)) == Span(text.index("it is"), text.index(" dry") + 4)
    assert block.in_file(Span(first, first + 1)) == Span(text.index("<q>"), text.index("<q>"))


def test_a_q_that_is_never_closed_ends_with_its_paragraph() -> None:
    assert shown("<p>She said <q>it is cold<p>Then") == [("body", "She said “it is cold”"), ("body", "Then")]


def test_code_is_code() -> None:
    assert shown('<p>Run <code>print("dry")</code> or <kbd>ls</kbd>.</p><pre>a = "dry"\n  b</pre>') == [
        ("body", "Run \ufffc or ls."), ("code", 'print("dry")'), ("code", 'a = "dry"\n  b'),
    ]  # fmt: skip


@pytest.mark.parametrize("silent", ["script", "style", "template", "noscript", "svg", "textarea"])
def test_what_no_reader_sees_is_no_text(silent: str) -> None:
    assert shown(f'<p>A<{silent}> var x = "“dry”"; </{silent}>B</p>') == [("body", "AB")]


def test_markup_within_a_script_is_none() -> None:
    assert shown('<script>document.write("<p>dry</p>")</script><p>A') == [("body", "A")]
    assert shown("<svg/><p>A") == [("body", "A")]


def test_what_was_struck_is_no_text_and_ends_with_its_block() -> None:
    assert shown("<p>A <del>“dry”</del>B <s>c</p><p>D</p><del><p>e</p><p>f</p></del><p>G") == [
        ("body", "A B"),
        ("body", "D"),
        ("body", "G"),
    ]


def test_signs_of_notes_vanish_and_other_raised_letters_stay() -> None:
    assert shown(
        '<p>“The well<sup><a href="#a">1</a></sup> is<sup>[2]</sup> dry<a class="footnote-ref" href="#b">*</a> by the 4<sup>th</sup>”</p>'
    ) == [("body", "“The well is dry by the 4th”")]


def test_links_to_notes_and_back_vanish_and_other_links_within_the_page_stay() -> None:
    assert shown('<p>“The well<a href="#fn1">1</a> is <a href="#dry">dry</a>”</p><aside>See. <a href="#r1">↩\ufe0e</a></aside>') == [
        ("body", "“The well is dry”"), ("note", "See."),
    ]  # fmt: skip


@pytest.mark.parametrize("note", [
    "<aside>Beside</aside>", '<div class="footnotes"><p>Beside</p></div>',
    '<section role="doc-endnotes"><ol><li>Beside</li></ol></section>',
    '<p id="footnote-1">Beside', '<li class="footnote">Beside</li>',
])  # fmt: skip
def test_notes_have_their_role_and_end_where_they_end(note: str) -> None:
    assert shown(f"<p>A</p>{note}<p>B</p>") == [("body", "A"), ("note", "Beside"), ("body", "B")]


def test_headings_cells_and_breaks_part_what_stands_in_them() -> None:
    assert shown("<h2>Dry <i>wells</i></h2>text<ul><li>a<li>b</ul><table><tr><td>c<td>d</table><p>e<br>f") == [
        ("heading", "Dry wells"), ("body", "text"), *[("body", letter) for letter in "abcd"], ("body", "e\nf"),
    ]  # fmt: skip


def test_white_space_is_one_space_and_entities_are_their_signs() -> None:
    assert only(page("<p>\n  “The\r\n\t well&nbsp;is&#32;d&shy;ry &lt;now&gt; &copy &bogus; AT&T”  </p>"), "draft.html") == (
        "“The well\u00a0is d\u00adry <now> © &bogus; AT&T”"
    )


def test_instructions_are_given_back() -> None:
    text = page("<!-- claimreg: ignore --><p>A<!-- b --> C")
    article = parsed(text, "draft.html")
    assert article.comments == (Comment("ignore", Span(text.index("<!--"), text.index("<p>"))),)
    assert article.blocks[0].text == "A C"


@pytest.mark.parametrize(
    "broken", ["<p>A</p><!-- b", "<p>A</p><a href='b", "<p>A</p><", "<p>A</i></p></blockquote></q>", "<p>A</p><?b", "<p>A<!x></p>"]
)
def test_broken_html_is_read_as_far_as_it_goes(broken: str) -> None:
    assert told(broken, "draft.html")[0][1] == "A"


def test_a_greater_sign_in_an_attribute_ends_no_tag() -> None:
    assert only("<p title=\"a > b\" data-c = '>'>D <a title=it's>e</a> f's</p>", "draft.html") == "D e f's"


def test_positions_are_those_of_the_file() -> None:
    text = "\ufeff<html>\r\n<body>\r\n\t<p>Й\u0306 “we\r\n went”</p></body></html>"
    article = parsed(text, "draft.html")
    (block,) = article.blocks
    assert block.text == "Й\u0306 “we went”"
    assert position(article, block, block.text.index("“")) == Position(3, 8)
    assert position(article, block, block.text.index("went")) == Position(4, 2)


def test_the_encoding_that_a_page_declares_is_believed() -> None:
    content = (
        page('<meta charset="windows-1251"><p>«Құдық құрғап қалды»')
        .replace("қ", "к")
        .replace("Құ", "Ку")
        .replace("ұ", "у")
        .replace("ғ", "г")
        .encode("cp1251")
    )
    article = parse_article(content, Hints("draft.html"), Limits())
    assert of_role(article, Role.BODY)[0].text.startswith("«Куд")
