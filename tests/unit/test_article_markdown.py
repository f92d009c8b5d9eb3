"""Markdown articles: roles, what a reader sees, and where it stands in the file."""

from __future__ import annotations

import pytest
from articles import of_role, only, parsed, told

from claimreg.model import Span
from claimreg.services.articles import Comment, Position, Role, position


def test_a_block_quote_has_its_role_at_any_depth_and_with_lazy_lines() -> None:
    assert told("She wrote:\n\n> The well\nis dry.\n\nIt was dry.") == [
        ("body", "She wrote:"), ("quote", "The well\nis dry."), ("body", "It was dry."),
    ]  # fmt: skip
    assert told("> > The well is dry.") == [("quote", "The well is dry.")]
    assert told("- one\n  > The well is dry.\n") == [("body", "one"), ("quote", "The well is dry.")]


def test_the_paragraphs_of_one_block_quote_are_a_group_and_another_is_another() -> None:
    article = parsed("> The well is dry.\n>\n> Nobody came.\n\nThen:\n\n> We waited.")
    assert [block.group for block in article.blocks] == [1, 1, None, 2]


@pytest.mark.parametrize("between", ["\n>\n> ", "\n> ", "  \n> "])
def test_the_line_below_a_quotation_that_names_somebody_is_its_cite(between: str) -> None:
    article = parsed(f"> The well is dry.{between}— Mira Holt, farmer")
    assert [(block.role, block.text, block.group) for block in article.blocks] == [
        (Role.QUOTE, "The well is dry.", 1), (Role.CITE, "— Mira Holt, farmer", 1),
    ]  # fmt: skip


@pytest.mark.parametrize("text", [
    "> — The well is dry.\n> — Since when",
    "> The well is\n> — Mira says",
    "> The well is dry.\n>\n> — we think so too",
    "> The well is dry.\n>\n> — It was dry in May, too.",
    "> — Mira Holt",
    "> The well is dry.\n>\n> — The well " + "is very dry and " * 9 + "deep",
])  # fmt: skip
def test_a_dash_in_a_quotation_names_nobody_by_itself(text: str) -> None:
    assert not of_role(parsed(text), Role.CITE)


def test_emphasis_links_entities_and_footnote_signs_vanish_and_the_places_stay() -> None:
    text = 'He said: “The **well** [is](https://example.org "dry") d&shy;ry &amp; *cold*[^1] _now_ ~~then~~\\!” [here][a]\n\n'
    text += "[a]: b\n\n[^1]: Twice.\n"
    article = parsed(text)
    body = article.blocks[0]
    assert body.text == "He said: “The well is d\u00adry & cold now !” here"
    for word in ("well", "is", "cold", "now", "!"):
        assert body.places[body.text.index(word)] == text.index(word)
    shy, sign = body.text.index("\u00ad"), body.text.index("&")
    assert body.in_file(Span(shy, shy + 1)) == Span(text.index("&shy;"), text.index("&shy;") + 5)
    assert body.in_file(Span(sign, sign + 1)) == Span(text.index("&amp;"), text.index("&amp;") + 5)
    assert [block.text for block in of_role(article, Role.NOTE)] == ["Twice."]


def test_a_mark_that_is_written_as_an_entity_is_seen() -> None:
    assert only("&ldquo;The well is dry&rdquo; &quot;now&#34;") == '“The well is dry” "now"'


def test_runs_of_markers_keep_their_places() -> None:
    text = "***a*** **b*c*** 2 * 3 snake_case __d__ *e **f***"
    body = parsed(text).blocks[0]
    assert body.text == "a bc 2 * 3 snake_case d e f"


def test_code_blocks_are_code_and_code_that_holds_marks_is_taken_out_of_its_sentence() -> None:
    assert told('Run `print("dry")` or `ls`.\n\n```sh\necho "dry"\n```\n\n    a = "dry"\n') == [
        ("body", "Run \ufffc or ls."), ("code", 'print("dry")'), ("code", 'echo "dry"'), ("code", 'a = "dry"'),
    ]  # fmt: skip


def test_words_of_code_without_marks_stay_in_a_quotation() -> None:
    assert only("“Never run `make clean` here,” she said.") == "“Never run make clean here,” she said."


def test_headings_have_their_role_and_no_signs() -> None:
    assert told("# The *well* #\n\nDry\n===\n\n> ## In `a` C# #\n\ntext") == [
        ("heading", "The well"), ("heading", "Dry"), ("quote", "In a C#"), ("body", "text"),
    ]  # fmt: skip


def test_notes_hold_their_paragraphs_and_words_in_them_are_no_body() -> None:
    text = "Dry.[^w] Cold.[^c]\n\n[^w]: See “Wells”\n    of the east.\n\n    Second.\n\n[^c]: *Cold*\n[^d]:\n\n    Later\n\nEnd."
    assert told(text) == [
        ("body", "Dry. Cold."), ("note", "See “Wells”\nof the east."), ("note", "Second."), ("note", "Cold"), ("note", "Later"),
        ("body", "End."),
    ]  # fmt: skip


def test_lists_in_lists_and_cells_of_tables_are_blocks_of_their_own() -> None:
    text = '1. one\n   - two\n\n     - three\n- four\n\n| a | "b" |\n|---|---|\n| c\\|d | a |\n'
    assert [block for _role, block in told(text)] == ["one", "two", "three", "four", "a", '"b"', "c|d", "a"]
    article = parsed(text)
    assert [article.position(block.places[0]) for block in article.blocks[4:]] == [(7, 3), (7, 7), (9, 3), (9, 10)]


@pytest.mark.parametrize("row", ["| | a | b | |", "b | a | b", "|b|a|b|", "> | b | a | b |", "- | - | b |", "|a|"])
def test_cells_that_are_empty_or_alike_have_their_own_places(row: str) -> None:
    bars = max(row.count("|") - 1, 3)
    table = f"{row}\n{'> ' if row[0] == '>' else '  ' if row[0] == '-' else ''}{'|-' * bars}|\n"
    for text in (table, f"x\n\n{table}"):
        parsed(text)


def test_html_in_markdown_is_read_as_html() -> None:
    text = "<blockquote>\n\nThe *well* is dry.\n\n<footer>— <cite>Mira Holt</cite></footer>\n</blockquote>\n\n"
    text += "She said <q>it is\ncold</q><sup>2</sup>.\n\n<aside>\n\nBeside\n\n</aside>\n\nEnd"
    assert told(text) == [
        ("quote", "The well is dry."), ("cite", "— Mira Holt"), ("body", "She said “it is\ncold”."), ("note", "Beside"), ("body", "End"),
    ]  # fmt: skip


def test_scripts_and_what_was_struck_are_no_text() -> None:
    assert told('a <del>b</del> c\n\n<script>\nlet d = "e"\n\n</script>\n\nf <s>g\n\nh') == [("body", "a  c"), ("body", "f"), ("body", "h")]


def test_instructions_are_given_back_with_their_places_and_other_comments_are_not() -> None:
    text = "<!-- claimreg: sources a.txt b.html -->\n\nA <!-- no --> b <!--claimreg:ignore--> “c”.\n\n```\n<!-- claimreg: ignore -->\n```\n"
    article = parsed(text)
    start = text.index("<!--claimreg")
    assert article.comments == (Comment("sources a.txt b.html", Span(0, 39)), Comment("ignore", Span(start, start + 22)))
    assert article.blocks[0].text == "A  b  “c”."


def test_front_matter_is_no_text() -> None:
    assert told('---\ntitle: "The well"\n---\nDry.') == [("body", "Dry.")]
    assert told("---\nDry.") == [("body", "Dry.")]


def test_a_file_named_as_markdown_may_begin_with_html() -> None:
    assert told("<div>\n\n> Dry.\n\n</div>") == [("quote", "Dry.")]


@pytest.mark.parametrize("line_end", ["\n", "\r\n", "\r"])
def test_positions_count_lines_of_any_system_and_columns_in_code_points(line_end: str) -> None:
    text = line_end.join(["\ufeff# Héad", "", "\tcode", "", "> -\tA й “we", ">   went”", "", "```", "x", "\ty", "```"])
    article = parsed(text)
    heading, code, quote, fence = article.blocks
    assert [block.text for block in article.blocks] == ["Héad", "code", "A й “we\nwent”", "x\n\ty"]
    assert position(article, heading, 0) == Position(1, 3)
    assert position(article, code, 0) == Position(3, 2)
    assert position(article, quote, quote.text.index("“")) == Position(5, 9)
    assert position(article, quote, quote.text.index("went")) == Position(6, 5)
    assert position(article, quote, len(quote.text)) == Position(6, 10)
    assert position(article, fence, fence.text.index("y")) == Position(10, 2)


def test_decomposed_letters_and_spaces_that_do_not_break_stay() -> None:
    text = "“Kö\u00adln\u00a0ist”"
    assert only(text) == text


def test_the_line_right_below_a_quotation_is_its_cite_too() -> None:
    article = parsed("> The well is dry.\n\n— Mira Holt\n\n— Jon Berg")
    assert [(block.role, block.group) for block in article.blocks] == [(Role.QUOTE, 1), (Role.CITE, 1), (Role.BODY, None)]


@pytest.mark.parametrize("sign", ["¹", "[12]", "†", "^[See “Wells”.]", "<sup>2</sup>", '<sup><a href="#a">a</a></sup>', "[^1]"])
def test_signs_of_notes_in_a_quotation_vanish(sign: str) -> None:
    article = parsed(f"“The well{sign} is dry,{sign} cold”{sign} she said.")
    assert article.blocks[0].text == "“The well is dry, cold” she said."


@pytest.mark.parametrize("power", ["10⁶", "5 m²", "20\u00a0км³", "10<sup>6</sup>", "5 m<sup>2</sup>"])
def test_powers_are_no_signs_of_notes(power: str) -> None:
    shown = power.replace("<sup>6</sup>", "⁶").replace("<sup>2</sup>", "²")
    assert only(f"“It took {power} of earth”") == f"“It took {shown} of earth”"


def test_a_note_within_a_sentence_is_a_block_behind_it() -> None:
    text = "“The well^[See “Wells”.] is dry.”"
    article = parsed(text)
    assert [(block.role, block.text) for block in article.blocks] == [(Role.BODY, "“The well is dry.”"), (Role.NOTE, "See “Wells”.")]
    assert article.blocks[1].places[0] == text.index("See")


def test_a_box_that_is_written_as_a_block_quotation_is_a_note() -> None:
    assert told("> [!NOTE]\n> The well.\n\n> The [!] well.") == [("note", "[!NOTE]\nThe well."), ("quote", "The [!] well.")]
