"""Places of articles, for texts that nobody thought of."""

from __future__ import annotations

import pytest
from articles import assert_placed
from hypothesis import given
from hypothesis import strategies as st

from claimreg.errors import InputError
from claimreg.ingest.articles.parsing import parse_article
from claimreg.ingest.types import Hints, Limits
from claimreg.model import Span
from claimreg.services.articles import Article

PIECES = st.sampled_from([
    "> ", ">", "- ", "1. ", "# ", " #", "    ", "\t", "\n", "\r\n", "\r", "\n\n", "**", "*", "_", "~~", "`", "``", "```\n", "[", "](a)",
    "[^1]", "[^1]: ", "[a]: b\n", "![", "|", "|-|-|\n", "---\n", "===\n", "\\", "&amp;", "&quot", "&#8220;", "<q>", "</q>", "<p>", "</p>",
    "<blockquote>", "</blockquote>", "<cite>", "</cite>", "<footer>", "<code>", "</code>", "<sup>", "</sup>", "1", "<br>",
    "<!-- claimreg: ignore -->", "<!--", "-->", "<", ">", "<a b='", "<del>", "</del>", "<aside>", "</aside>", "<pre>", "</pre>", "“", "”",
    '"', "«", "»", "—", ". ", " ", "  ", "word", "Сөз", "Й\u0306", "\u00a0", "\u00ad", "\U0001f600", "\u2028", "\u0085", "\u000b",
    "\u202e", "\ufeff", "<https://a.b>", "| a | | b |\n|-|-|-|\n",
    "<figure>", "<figcaption>", "</figure>", "<script>", "</script>", "<h1>", "</h1>",
])  # fmt: skip
TEXTS = st.lists(PIECES | st.text(max_size=6).filter(lambda text: "\0" not in text), max_size=40).map("".join)


def read(text: str, name: str) -> Article | None:
    hints = Hints(name, forced_encoding="utf-8")
    try:
        return parse_article(text.encode("utf-8", "replace"), hints, Limits())
    except InputError:
        return None


@pytest.mark.parametrize("name", ["draft.md", "draft.html", "draft.txt"])
@given(text=TEXTS)
def test_every_character_stands_where_its_block_says(name: str, text: str) -> None:
    article = read(text, name)
    if article is not None:
        assert_placed(article)
        for block in article.blocks:
            assert block.text.strip()
            whole = block.in_file(Span(0, len(block.text)))
            assert 0 <= whole.start <= whole.end <= len(article.text)


@pytest.mark.parametrize("name", ["draft.md", "draft.html", "draft.txt"])
@given(text=TEXTS)
def test_a_line_and_a_column_lead_back_to_the_place(name: str, text: str) -> None:
    article = read(text, name)
    if article is not None:
        lines = article.text.replace("\r\n", "\n\n").replace("\r", "\n")  # as long as the text, but for pairs, which end one line
        for block in article.blocks:
            for place in block.places:
                line, column = article.position(place)
                assert article.lines[line - 1] + column - 1 == place
                assert "\n" not in lines[article.lines[line - 1] : place].removesuffix("\n")


@given(words=st.lists(st.sampled_from(["well", "Құдық", "dry", "не", "e\u0301té"]), min_size=1, max_size=8), text=TEXTS)
def test_words_of_a_paragraph_are_all_there(words: list[str], text: str) -> None:
    sentence = " ".join(words)
    article = read(f"{sentence}\n\n{text}", "draft.md")
    if article is not None:
        assert article.blocks[0].text == sentence
