"""The Markdown to publish has the structure of its template, whatever texts are put into it."""

import re
from typing import Any

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from markdown_it import MarkdownIt
from markdown_it.token import Token
from publication_samples import claim, named, page, source, statement
from sample_reports import MARKUP, demo_report
from test_render import assert_nothing_acts, squeezed

from claimreg.render.labels import LANGUAGES, Words
from claimreg.render.publication.markdown_text import Marked, bold, ended, pieces_marked
from claimreg.render.publication.page import publication
from claimreg.render.publication.write import publication_markdown
from claimreg.render.safe import visible

READER = MarkdownIt("commonmark").enable(["table", "strikethrough"])

ADDRESS = "https://x.org/a"


def tokens(text: str) -> list[Token]:
    """All tokens of a Markdown document, those within a line too."""
    return [one for block in READER.parse(text) for one in (block, *(block.children or ()))]


def structure(text: str) -> list[str]:
    """The kinds of the tokens, but for text, of which there may be more or fewer pieces."""
    return [one.type for one in tokens(text) if one.type not in ("text", "text_special")]


def words_of(text: str) -> str:
    """All that a reader reads."""
    return " ".join(one.content for one in tokens(text) if one.type in ("text", "code_inline", "text_special"))


def plain(text: str) -> str:
    """A page of texts without addresses, from the text wherever there is any."""
    return publication_markdown(page(text, sources=(source(text, url=ADDRESS, archive=ADDRESS),), policy=ADDRESS))


WORDS = structure(plain("words"))

visible_texts = st.text(min_size=1).filter(lambda text: visible(text).strip() != "")


@given(visible_texts)
@example("1. a")
@example("- a")
@example("    a\n\n    b")
@example("a  ")
@example("\\")
@example("[^1]: x")
@example("half \ud800")
@settings(max_examples=60, deadline=None)
def test_any_text_leaves_the_structure_as_it_is(text: str) -> None:
    assert_unmoved(text)


@pytest.mark.parametrize("markup", [one for one in MARKUP if one.strip()], ids=lambda text: ascii(text[:30]))
def test_markup_of_others_is_text(markup: str) -> None:
    assert_unmoved(markup)


def assert_unmoved(text: str) -> None:
    made = plain(text)
    assert_nothing_acts(made)
    # Whether a word that differs can be set in bold depends on what stands beside it; nothing else may.
    bold_words = ("strong_open", "strong_close")
    assert [one for one in structure(made) if one not in bold_words] == [one for one in WORDS if one not in bold_words]
    assert squeezed(words_of(made)).count(squeezed(visible(text))) > 40
    targets = {str(one.attrs["href"]) for one in tokens(made) if one.type == "link_open"}
    assert targets == {ADDRESS}


@pytest.mark.parametrize("address", ["javascript:alert(1)", "https://x.org/a b", "https://x.org/>x", "https://x.org/\u202egro", "x"])
def test_an_address_that_is_not_plain_is_no_link(address: str) -> None:
    made = publication_markdown(page("x", sources=(source("x", url=address, archive=address),), policy=address))
    assert "link_open" not in {one.type for one in tokens(made)}


@pytest.mark.parametrize("lang", LANGUAGES)
def test_the_demo_has_each_footnote_once_and_nothing_of_html(lang: str) -> None:
    words = Words(lang)
    made = publication_markdown(publication(demo_report(), words), words)
    defined = re.findall(r"^\[\^(\d+)\]: ", made, re.MULTILINE)
    assert defined == ["1", "2", "3"]
    assert set(re.findall(r"\[\^(\d+)\](?!:)", made)) == set(defined)
    assert not {"html_block", "html_inline", "s_open", "code_block"} & {one.type for one in tokens(made)}
    assert "\n\n\n" not in made
    assert made.endswith("\n")
    assert ".." not in re.sub(r"\.\.\.", "", words_of(made))


def test_zeros_are_not_said_and_empty_parts_are_absent() -> None:
    parts = ("claims", "rated", "unrated", "timeline", "sources", "replies", "corrections", "scale", "summary", "tally")
    nothing: dict[str, Any] = dict.fromkeys(parts, ())
    nothing |= dict.fromkeys(("published", "updated", "desk", "contact", "policy", "draft"))
    assert publication_markdown(page("x", **nothing, quotes=0)) == "# x\n\nFact check\n"
    told = publication_markdown(page("x", **nothing, quotes=2, found=2, checked=2, lost=0, unlooked=0))
    assert "Of 2 quotes, 2 were found, and a person checked 2." in told


def test_a_quote_that_differs_is_shown_twice_and_one_that_does_not_once() -> None:
    quote = named(lang="en", lang_name=None, dir="ltr", pieces=(("It did", "none"), ("", "caret"), (" meet them", "none")))
    passage = named(lang="en", dir="ltr", before="b", pieces=(("It did ", "none"), ("not", "only"), (" meet them", "none")), after="a")
    finding = ("Leaves out “", ("not", "en"), "”.")
    said = statement("Clerk", "a1", quote=quote, passage=passage, finding=finding, checked=True, where="page 3", named=None)
    cards = (claim("x", 1, sides=(named(heading="Who says so", statements=(said,)),)),)
    made = publication_markdown(page("x", claims=cards))
    expected = "As quoted:\n\n> It did‸ meet them\n\nIn the source:\n\n> It did **not** meet them\n\nLeaves out “not”. Page 3.[^1]\n"
    assert f"### Who says so\n\n**Clerk** · statement, 22 June 2020\n\n{expected}" in made
    once = (claim("x", 1, sides=(named(heading="Who says so", statements=(statement("Clerk", "a1", differs=False, passage=passage),)),)),)
    assert publication_markdown(page("x", claims=once)).count("> It did") == 1


kinds = st.sampled_from(["none", "changed", "only", "caret", "gap"])


@given(st.lists(st.tuples(st.text(), kinds), max_size=6))
@example([("foo", "none"), ("“bar”", "changed"), ("baz", "none")])
@example([("1", "none"), (". a", "changed")])
@example([(" a ", "changed"), ("*", "none")])
def test_pieces_are_bold_or_not_but_never_lose_a_character(pieces: list[tuple[str, str]]) -> None:
    made = pieces_marked(pieces)
    assert "\n" not in made
    read = squeezed(words_of(f"x {made} x"))
    assert read == squeezed(visible(f"x{''.join('‸' if kind == 'caret' else text for text, kind in pieces)}x"))


def test_words_that_differ_are_bold() -> None:
    pieces = (("the ", "none"), ("new", "changed"), (" bridge ", "none"), (" is ", "only"), ("open", "gap"))
    assert pieces_marked(pieces) == "the **new** bridge  **is** open"
    assert pieces_marked((("a", "changed"), ("b", "only"))) == "**ab**"


def test_a_sentence_has_one_full_stop() -> None:
    assert ended("22 июня 2020 г.") == "22 июня 2020 г."
    assert ended("22 June 2020 ") == "22 June 2020."
    assert bold(" False ", ".") == "**False.**"
    assert bold("No!", ".") == "**No!**"
    assert bold("") == ""
    assert bold("*a*", ":") == r"**\*a\*:**"


def test_what_is_put_into_markup_of_ours_is_escaped_as_markdown() -> None:
    assert Marked("**{}**").format("*a*\nb") == r"**\*a\* b**"
    assert Marked("# ") + "# a" == r"# \# a"
    assert Marked(", ").join(["*", Marked("*")]) == r"\*, *"


def test_a_footnote_of_which_only_the_language_is_known_is_one_sentence() -> None:
    named_alone = source("notice.txt", author=None, publisher=None, published=None, caption=None, url=None, archive=None)
    assert "[^1]: notice.txt, in Kazakh. Our copy is of" in publication_markdown(page("x", sources=(named_alone,)))
    bare = source("notice.txt", lang_name=None, author=None, publisher=None, published=None, caption=None, url=None, archive=None)
    assert "[^1]: notice.txt. Our copy is of" in publication_markdown(page("x", sources=(bare,)))
