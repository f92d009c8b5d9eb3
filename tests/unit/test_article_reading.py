"""Reading of articles: plain text, files that are none, and files that were made to harm."""

from __future__ import annotations

import tracemalloc
from collections.abc import Callable

import pytest
from articles import assert_placed, parsed, told
from growth import assert_fair_growth
from ingest_documents import document

from claimreg.errors import InputError, UnsupportedDocumentError
from claimreg.ingest.articles.parsing import parse_article
from claimreg.ingest.articles.reading import ArticleReader, read_article
from claimreg.ingest.types import Hints, Limits
from claimreg.model import Span
from claimreg.services.articles import Comment, Position, position


def test_a_plain_text_is_its_paragraphs_with_line_ends_as_they_are() -> None:
    text = "\ufeff“The well\r\n\tis dry,”\r\n \r\n\r\n> said Mira. **No**\n"
    assert told(text, "draft.txt") == [("body", "“The well\r\n\tis dry,”"), ("body", "> said Mira. **No**")]
    article = parsed(text, "draft.txt")
    assert position(article, article.blocks[0], article.blocks[0].text.index("is")) == Position(2, 2)
    assert position(article, article.blocks[1], 2) == Position(5, 3)


def test_a_line_of_a_plain_text_may_be_an_instruction() -> None:
    article = parsed("A\n<!-- claimreg: ignore -->\r\n“b” <!-- c -->", "draft.txt")
    assert article.comments == (Comment("ignore", Span(2, 27)),)
    assert [block.text for block in article.blocks] == ["A", "“b” <!-- c -->"]


@pytest.mark.parametrize("name", ["draft.md", "draft.txt", "draft.html"])
def test_an_article_without_a_word_has_no_blocks(name: str) -> None:
    assert [parsed(text, name).blocks for text in ("", " \n\t\n")] == [(), ()]


@pytest.mark.parametrize("name", ["draft.md", "draft.txt", "draft.html"])
@pytest.mark.parametrize(("content", "encoding"), [
    ("«Скважина высохла», — сказала она. Так и записали в протоколе.", "cp1251"), ("“The well is dry”", "utf-16"),
    ("„Ein Brunnen für Köln ist trocken“, sagte sie", "utf-8"),
])  # fmt: skip
def test_encodings_are_found_as_in_sources(name: str, content: str, encoding: str) -> None:
    assert told(content.encode(encoding), name) == [("body", content)]


@pytest.mark.parametrize("name", ["draft.md", "draft.txt", "draft.html"])
def test_bytes_that_are_no_text_are_refused_in_a_sentence(name: str) -> None:
    with pytest.raises(InputError, match=r"^draft\.\w+ is .+\.$"):
        parsed(b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR", name)
    with pytest.raises(InputError, match=rf"^{name} is not a text: it holds NUL characters\.$"):
        parsed(b"a\x00b" * 9, name)


def test_a_text_that_is_cut_off_within_a_letter_is_read_and_it_is_told() -> None:
    article = parsed("«Скважина высохла», — сказала".encode()[:-1])
    assert article.notes == ("1 byte of the text cannot be read and stands as �.",)


def test_a_file_that_is_too_large_is_refused_in_a_sentence() -> None:
    with pytest.raises(InputError, match=r"^draft\.md is larger than 1 MB; hand in the part of it that is needed\.$"):
        parse_article(b"a" * (2**20 + 1), Hints("draft.md"), Limits(size=2**20))


def test_a_kind_that_is_no_draft_is_refused_with_advice() -> None:
    with pytest.raises(UnsupportedDocumentError, match="save it as Markdown, text, HTML or DOCX"):
        parse_article(b"{\\rtf1 a}", Hints("draft.rtf"), Limits())
    with pytest.raises(UnsupportedDocumentError, match="unpack it first"):
        parse_article(b"\x1f\x8b\x08\x00" + b"a" * 20, Hints("draft.md"), Limits())


@pytest.mark.parametrize("name", ["draft.md", "draft.txt", "draft.html", "draft.docx"])
def test_the_confined_process_hands_over_what_is_read_here(name: str) -> None:
    texts = {
        "draft.md": "> “The *well*” &amp; <q>so</q>\n>\n> — Mira Holt\n\n<!-- claimreg: ignore -->\n".encode(),
        "draft.txt": b'"The well"\r\n\r\nis dry',
        "draft.html": "<blockquote>“The well” <q>a</q><cite>Mira".encode(),
        "draft.docx": document("libreoffice.docx"),
    }
    here = parse_article(texts[name], Hints(name), Limits())
    assert here.blocks
    assert read_article(texts[name], Hints(name)) == here


def test_one_reader_reads_on_after_an_article_that_cannot_be_read() -> None:
    with ArticleReader() as reader:
        with pytest.raises(InputError, match=r"^deep\.md is nested too deeply to be read\.$"):
            reader.read(b"> " * 10_000 + b"a", Hints("deep.md"))
        assert [block.text for block in reader.read(b"*a*", Hints("flat.md")).blocks] == ["a"]


def test_an_article_that_takes_too_much_memory_is_refused_in_a_sentence() -> None:
    with ArticleReader(Limits(memory=2**28)) as reader, pytest.raises(InputError, match=r"large\.html needs more memory"):
        reader.read(b"<p>" + b"word " * 2**21, Hints("large.html"))


DEEP = 100_000
NESTED = {
    "quotes on a line": (">" * DEEP, "md"),
    "lists on a line": ("- " * DEEP + "a", "md"),
    "lists of lines": ("".join("  " * depth + "- a\n" for depth in range(1_000)), "md"),
    "notes": ("[^a]: " * DEEP, "md"),
    "notes over lines": ("".join(" " * 4 * depth + "[^a]: b\n\n" for depth in range(1_000)), "md"),
    "brackets": ("[" * 20_000, "md"),
    "elements": ("<blockquote>" * DEEP + "a", "html"),
    "notes as elements": ('<div class="footnotes">' * DEEP + "a", "html"),
    "elements in Markdown": ("<blockquote>\n\n" * 20_000 + "a", "md"),
}


@pytest.mark.parametrize("case", NESTED)
def test_deep_nesting_is_read_or_refused_and_never_breaks(case: str) -> None:
    text, suffix = NESTED[case]
    name = f"draft.{suffix}"
    try:
        article = parse_article(text.encode(), Hints(name), Limits())
    except InputError as error:
        assert str(error) == f"{name} is nested too deeply to be read."  # noqa: PT017 -- either outcome is right
    else:
        assert_placed(article)


def test_quotations_at_the_deepest_level_that_is_read_are_there() -> None:
    assert told("> " * 98 + "a") == [("quote", "a")]
    with pytest.raises(InputError, match="nested too deeply"):
        parsed("> " * 100 + "a")


REPEATED: dict[str, tuple[Callable[[int], str], str]] = {
    "one line": (lambda size: "word " * size, "md"),
    "marks": (lambda size: '"' * 5 * size, "md"),
    "emphasis": (lambda size: "**a*" * size, "md"),
    "backticks": (lambda size: "`a" * 2 * size, "md"),
    "footnote signs": (lambda size: "[^" * (size // 4), "md"),
    "footnotes": (lambda size: "[^1]: a\n" * (size // 2), "md"),
    "unclosed comments": (lambda size: "<!--" * size, "md"),
    "unclosed tags": (lambda size: '<a b="' * size, "md"),
    "entities": (lambda size: "&amp;" * size, "md"),
    "quotes": (lambda size: "> a\n" * size, "md"),
    "cells": (lambda size: "|a" * (size // 4) + "\n" + "|-" * (size // 4), "md"),
    "comments": (lambda size: "<!--" * size, "html"),
    "half tags": (lambda size: "<a =  '" * size, "html"),
    "smaller signs": (lambda size: "<" * 5 * size, "html"),
    "unclosed marks": (lambda size: "<p><q>a" * size, "html"),
    "unclosed code": (lambda size: "<code>a" * size, "html"),
    "footers": (lambda size: "<blockquote><footer>" * size + "</footer>" * size, "html"),
    "empty lines": (lambda size: " \n" * 2 * size, "txt"),
    "lines": (lambda size: "<!--\n" * size, "txt"),
}


@pytest.mark.parametrize("case", REPEATED)
def test_time_grows_with_the_length(case: str) -> None:
    make, suffix = REPEATED[case]

    def work(size: int) -> Callable[[], object]:
        content = make(size).encode()
        return lambda: parse_article(content, Hints(f"draft.{suffix}"), Limits())

    assert_fair_growth(work, 2_000)


def test_memory_grows_with_the_length() -> None:
    tracemalloc.start()
    try:
        parse_article(b"word " * 200_000, Hints("draft.md"), Limits())
        assert tracemalloc.get_traced_memory()[1] < 200 * 2**20
    finally:
        tracemalloc.stop()
