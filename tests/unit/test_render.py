"""No text of others acts in what we print, and none of it is lost: terminal, plain lines, Markdown, CSV, JSON."""

import csv
import io
import json
import re
import unicodedata
from collections import Counter
from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from markdown_it import MarkdownIt
from markdown_it.token import Token
from rich.console import Console, RenderableType

from claimreg.frozen import replace
from claimreg.linker import LayeredLinker, Match
from claimreg.linker.version import METHOD
from claimreg.model import (
    Attribution,
    Capture,
    Claim,
    Flag,
    Link,
    LinkKind,
    LinkState,
    Party,
    Relation,
    RelationKind,
    Source,
    Span,
    Stance,
    Verdict,
    WordChange,
    WordEdit,
)
from claimreg.render import lines as plain
from claimreg.render import machine, markdown, terminal
from claimreg.render.html import render_html
from claimreg.render.labels import Words
from claimreg.render.safe import one_line, visible
from claimreg.services.linking.links import DocumentsCheck, FoundIn
from claimreg.services.reporting.report import ALL_SECTIONS, Contradiction, Report, timeline
from claimreg.services.reporting.side_by_side import alterations, asides
from claimreg.services.reporting.views import AttributionView, ClaimView, RelationView, SourceView, Where

HOSTILE = (
    "[sic]",
    "[/x]",
    "[bold red]",
    "[link=http://x.org]",
    ":smile:",
    "\x1b[31m",
    "\x1b]8;;http://x.org\x07a\x1b]8;;\x07",
    "\x9b31m",
    "\x00",
    "\u202e",
    "\u2066",
    "\u200b",
    "\u200d",
    "\u2028",
    "\ufeff",
    "\r",
    "\r\n",
    "\n",
    "\n\n",
    "\t",
    "|",
    "||",
    "`",
    "```\n",
    "~~~",
    "~~x~~",
    "<script>alert(1)</script>",
    "<!-- ",
    "<b>",
    "&lt;",
    "&#x41;",
    "<http://x.org>",
    "[x](javascript:alert(1))",
    "![x](http://x.org/y.png)",
    "[x]: http://x.org\n",
    "[^S1]: note",
    "[^S1]",
    "*x*",
    "**",
    "_x_",
    "__",
    "\\",
    "\\\\",
    "# ",
    "\n# x",
    "\n===\n",
    "\n---\n",
    "> ",
    "- x",
    "+ ",
    "1. ",
    "1) ",
    "    code",
    "=cmd()",
    "+1",
    "-1",
    "@x",
    "'",
    '"',
    ",",
    "$x$",
    "^",
    "{{x}}",
    "{% x %}",
    "http://x.org",
    "www.x.org",
    "a@b.org",
    "жалған",
    "中文字",
    "👩‍👩‍👧",
    "e\u0301",
    "אבג",
    "ا",
    "x" * 300,
    "🛳️" * 20,
    " ",
    "  ",
    "\u00a0",
    "\u00ad",
)

letters = st.characters(codec="utf-8")
hostile = st.lists(st.one_of(st.sampled_from(HOSTILE), st.text(letters, max_size=12)), min_size=1, max_size=6).map("".join)
# What the registry can hold: white space around it was taken away, and something is left.
field = hostile.map(str.strip).filter(bool)
widths = st.integers(20, 200)

ACTING = frozenset(map(chr, (0x61C, 0x200B, 0x200E, 0x200F, *range(0x2028, 0x202F), *range(0x2066, 0x206A), 0xFEFF)))
STAMP: dict[str, Any] = {"recorded_at": "2026-01-01T00:00:00Z", "recorded_by": "tester"}
OTHER = Claim(id="C2", text="Other", **STAMP)


def link_of(quote: str, text: str, attribution_id: str = "A1") -> Link:
    """The whole text as the place of the quote, or where the linker finds it."""
    base = Link(
        id="L1",
        attribution_id=attribution_id,
        source_id="S1",
        capture_id="K1",
        start=0,
        end=len(text),
        exact=text,
        prefix="",
        suffix="",
        score=100.0,
        kind=LinkKind.ALTERED,
        parts=(Span(0, len(text)),),
        edits=1,
        flags=(Flag.NUMBER,),
        words=(WordEdit(WordChange.CHANGED, Span(0, len(quote)), Span(0, len(text))),),
        **STAMP,
    )
    try:
        found = LayeredLinker().find(quote, f"{text}\n{quote}\n{text}").matches
    except Exception:  # noqa: BLE001 -- a quote without words; what cannot be found can still be shown
        return base
    if not found:
        return base
    first = found[0]
    return replace(
        base,
        start=first.start,
        end=first.end,
        exact=first.exact,
        prefix=first.prefix,
        suffix=first.suffix,
        kind=first.kind,
        parts=first.parts,
        edits=first.edits,
        flags=first.flags,
        words=first.words,
    )


@st.composite
def reports(draw: st.DrawFn) -> Report:
    texts = draw(st.lists(field, min_size=19, max_size=19))
    take = iter(texts)
    names: dict[str, Any] = {"title": next(take), "publisher": next(take), "author": next(take), "archive_url": next(take)}
    source = Source(id="S1", published_at="2020", lang="kk", url=next(take), **names, **STAMP)
    capture = Capture(
        id="K1",
        source_id="S1",
        sha256="a" * 64,
        text_sha256="b" * 64,
        size=1,
        length=1,
        media_type="text/plain",
        location=next(take),
        method="text/1",
        retrieved_at="2026-01-01T00:00:00Z",
        **STAMP,
    )
    claim = Claim(id="C1", text=next(take), title=next(take), case=next(take), tags=(next(take), next(take)), **STAMP)
    party = Party(id="P1", name=next(take), **STAMP)
    quote, passage = next(take), next(take)
    attribution = Attribution(
        id="A1",
        claim_id="C1",
        party_id="P1",
        party_as_written=party.name,
        stance=draw(st.sampled_from(Stance)),
        quote=quote,
        said_at="2020",
        source_id="S1",
        **STAMP,
    )
    links = (replace(link_of(quote, passage), method=party.name),) if draw(st.booleans()) else ()
    verdict = Verdict(
        id="V1",
        claim_id="C1",
        rating=next(take),
        scheme=next(take),
        rationale=next(take),
        author=next(take),
        rated_at="2026-01-01T00:00:00Z",
        **STAMP,
    )
    relation = Relation(id="R1", kind=RelationKind.CONTRADICTS, claim_id="C1", other_claim_id="C2", **STAMP)
    where = {link.id: Where(next(take), outdated=True, captured_on="2020-01-01", latest_on="2020-02") for link in links}
    statement = AttributionView(attribution, party, source, links, where)
    view = ClaimView(claim, (statement,), (verdict,), (RelationView(relation, OTHER, inverse=False),))
    other = ClaimView(OTHER, (), (), ())
    told = (SourceView(source, capture, 1, len(links)),)
    return Report(claim.case or "", (view,), (Contradiction(view, other),), told, timeline((view,)))


def shown_texts(report: Report) -> list[str]:
    """The texts of others that every report shows."""
    (view,) = report.claims
    (one,) = view.attributions
    (verdict,) = view.verdicts
    source = report.sources[0].source
    quoted = [one.attribution.quote or "", *(link.exact for link in one.links)]
    about = [view.claim.text, view.claim.case or "", *view.claim.tags, one.party.name]
    judged = [verdict.rating, verdict.scheme or "", verdict.rationale or "", verdict.author or ""]
    return [*about, *quoted, *judged, source.title, source.publisher or "", source.author or "", source.url or ""]


def printed(content: RenderableType, width: int, *, color: bool = False) -> str:
    stream = io.StringIO()
    console = Console(
        file=stream,
        width=width,
        markup=False,
        emoji=False,
        highlight=False,
        force_terminal=color,
        color_system="truecolor" if color else None,
        legacy_windows=False,
        _environ={},
    )
    console.print(content)
    return stream.getvalue()


def squeezed(text: str) -> str:
    return "".join(character for character in text if not character.isspace())


def assert_nothing_acts(text: str, allowed: str = "\n") -> None:
    acting = [
        character for character in text if character not in allowed and (unicodedata.category(character) == "Cc" or character in ACTING)
    ]
    assert not acting, acting


# What is made visible.


@given(st.text())
@example("\ud800 \udcff")
def test_visible_leaves_no_character_that_acts(text: str) -> None:
    assert_nothing_acts(visible(text))
    assert_nothing_acts(one_line(text), allowed="")
    one_line(text).encode("utf-8")


@given(st.characters(), st.characters())
def test_characters_that_differ_are_shown_differently(left: str, right: str) -> None:
    assert (visible(left) == visible(right)) is (left == right)


@given(st.text(st.characters(categories=("L", "M", "N", "P", "S"))))
def test_what_does_not_act_is_left_as_it_is(text: str) -> None:
    assert one_line(text) == text


# The terminal.


@given(reports(), widths)
def test_a_report_in_the_terminal_shows_every_character(report: Report, width: int) -> None:
    output = printed(terminal.report_renderable(report), width)
    assert_nothing_acts(output)
    shown = squeezed(output)
    for text in shown_texts(report):
        assert squeezed(visible(text)) in shown


@given(reports(), widths)
def test_colours_change_nothing_but_colours(report: Report, width: int) -> None:
    plain_text = printed(terminal.report_renderable(report), width)
    coloured = printed(terminal.report_renderable(report), width, color=True)
    without = "".join(part.split("m", 1)[1] if number else part for number, part in enumerate(coloured.split("\x1b[")))
    assert without == plain_text
    assert "\x1b]" not in coloured


@given(reports(), widths)
def test_lines_in_the_terminal_fit(report: Report, width: int) -> None:
    from rich.cells import cell_len

    for line in printed(terminal.report_renderable(report), width).split("\n"):
        assert cell_len(line) <= width


@given(st.lists(st.tuples(st.just("C1"), field, field, field, field), min_size=1, max_size=4), widths)
def test_a_table_in_the_terminal_shows_every_character(rows: list[tuple[str, ...]], width: int) -> None:
    output = printed(terminal.table_renderable(("id", "claim", "parties", "case", "verdict"), rows), width)
    assert_nothing_acts(output)
    expected = Counter(squeezed("".join(one_line(cell) for row in rows for cell in row)))
    assert not expected - Counter(squeezed(output))


# Plain lines.


@given(reports())
def test_plain_lines_are_one_record_each(report: Report) -> None:
    (view,) = report.claims
    lines = [*plain.claim_lines(view), plain.source_line(report.sources[0])]
    assert len(lines) == 1 + len(view.attributions) + sum(len(one.links) for one in view.attributions) + 1 + 1 + 1
    for line in lines:
        assert_nothing_acts(line, allowed="\t")
    assert lines[0].split("\t")[1] == one_line(view.claim.text)
    assert lines[1].split("\t")[3] == one_line(view.attributions[0].attribution.quote or "")


# Markdown.

PARSER = MarkdownIt("commonmark").enable(["table", "strikethrough"])
OURS = {
    "heading_open",
    "heading_close",
    "paragraph_open",
    "paragraph_close",
    "inline",
    "blockquote_open",
    "blockquote_close",
    "bullet_list_open",
    "bullet_list_close",
    "list_item_open",
    "list_item_close",
    "table_open",
    "table_close",
    "thead_open",
    "thead_close",
    "tbody_open",
    "tbody_close",
    "tr_open",
    "tr_close",
    "th_open",
    "th_close",
    "td_open",
    "td_close",
}


def flat(tokens: list[Token]) -> list[Token]:
    return [one for token in tokens for one in (token, *(token.children or ()))]


def read(tokens: list[Token]) -> str:
    """The text that a reader of the rendered Markdown sees."""
    return "".join("\n" if one.type in ("softbreak", "hardbreak") else one.content for one in flat(tokens) if one.type != "inline")


@given(field)
@example("apartment #")
@example("a\n# b")
def test_evidence_in_markdown_is_text_and_nothing_else(text: str) -> None:
    tokens = PARSER.parse(markdown.inline(text))
    assert {one.type for one in flat(tokens)} <= {"paragraph_open", "inline", "text", "paragraph_close", "text_special"}
    assert squeezed(read(tokens)) == squeezed(visible(text))
    # The same as a heading and in a cell of a table.
    heading = PARSER.parse(f"## C1 · {markdown.inline(text)}")
    assert {one.type for one in flat(heading)} <= {"heading_open", "inline", "text", "heading_close", "text_special"}
    assert squeezed(read(heading)) == "C1·" + squeezed(visible(text))
    table = PARSER.parse(f"| a | b |\n|---|---|\n| {markdown.inline(text)} | end |")
    cells = [read([one]) for one in table if one.type == "inline"]
    assert [squeezed(cell) for cell in cells] == ["a", "b", squeezed(visible(text)), "end"]


@given(field)
def test_evidence_in_a_blockquote_stays_in_it(text: str) -> None:
    quoted = "\n".join(f"> {line}" for line in markdown.escaped(text).replace("\n", "\\\n").split("\n"))
    tokens = PARSER.parse(f"{quoted}\n\nEnd.")
    types = [one.type for one in tokens]
    assert types[0] == "blockquote_open"
    assert types[-4:] == ["blockquote_close", "paragraph_open", "inline", "paragraph_close"]
    assert {one.type for one in flat(tokens)} <= OURS | {"text", "hardbreak", "softbreak", "text_special"}
    assert squeezed(read(tokens[:-3])) == squeezed(visible(text))


@given(reports())
def test_a_report_in_markdown_holds_only_our_own_markup(report: Report) -> None:
    text = markdown.render_markdown(report)
    assert_nothing_acts(text)
    tokens = flat(PARSER.parse(text))
    allowed = OURS | {"text", "text_special", "softbreak", "hardbreak", "strong_open", "strong_close", "s_open", "s_close", "code_inline"}
    urls = [report.sources[0].source.url or "", report.sources[0].source.archive_url or ""]
    extra = {"link_open", "link_close"} if any(url.startswith(("http://", "https://")) for url in urls) else set()
    assert {one.type for one in tokens} <= allowed | extra
    command = {"claimreg link --all"} if report.methods else set()
    assert {one.content for one in tokens if one.type == "code_inline"} == {"a" * 64} | command
    assert all(str(one.attrGet("href")).startswith(("http://", "https://")) for one in tokens if one.type == "link_open")
    headings = [one.tag for one in tokens if one.type == "heading_open"]
    assert headings == ["h1", "h2", "h2", "h2", "h2"]
    assert sum(one.type == "table_open" for one in tokens) == 2
    assert sum(one.type == "td_open" for one in tokens) == 5 + 2 * 3
    assert sum(one.type == "list_item_open" for one in tokens) == 2
    seen = squeezed(read(PARSER.parse(text)))
    (view,) = report.claims
    for evidence in shown_texts(report):
        if evidence in urls:
            continue
        # A passage with altered words is read in pieces, but reads the same.
        assert squeezed(visible(evidence)) in seen
    assert squeezed(visible(view.claim.text)) in seen


@given(reports())
def test_the_same_report_gives_the_same_bytes(report: Report) -> None:
    assert markdown.render_markdown(report) == markdown.render_markdown(report)
    assert machine.dumps(machine.report_json(report, ALL_SECTIONS)) == machine.dumps(machine.report_json(report, ALL_SECTIONS))


@pytest.mark.parametrize(
    "address",
    [
        "javascript:alert(1)",
        "data:text/html,x",
        "https://x.org/a b",
        "https://x.org/<b>",
        "http://x.org/`x`",
        "http://x.org/\x1b[31m",
        "https://x.org/\u202egro",
        "https://x.org/\u200b",
    ],
)
def test_only_plain_addresses_become_links(address: str) -> None:
    source = Source(id="S1", title="T", url=address, **STAMP)
    capture = Capture(
        id="K1",
        source_id="S1",
        sha256="a" * 64,
        text_sha256="b" * 64,
        size=1,
        length=1,
        media_type="text/plain",
        location="t",
        method="text/1",
        retrieved_at="2026-01-01T00:00:00Z",
        **STAMP,
    )
    text = markdown.render_markdown(Report("T", (), (), (SourceView(source, capture, 0, 0),)))
    assert_nothing_acts(text)
    tokens = flat(PARSER.parse(text))
    assert not [one for one in tokens if one.type in ("link_open", "html_inline", "html_block")]
    assert squeezed(visible(address)) in squeezed(read(PARSER.parse(text)))


# CSV and JSON.


@given(st.lists(st.tuples(hostile, hostile), min_size=1, max_size=5))
@example([("=cmd()", "@x")])
@example([("\t=1", "\r=1")])
def test_csv_cells_are_whole_and_never_formulas(rows: list[tuple[str, str]]) -> None:
    text = machine.to_csv(({"a": left, "b": right} for left, right in rows), ("a", "b"))
    read_back = list(csv.reader(io.StringIO(text, newline="")))
    assert read_back[0] == ["a", "b"]
    assert len(read_back) == 1 + len(rows)
    for cells, row in zip(read_back[1:], rows, strict=True):
        for cell, value in zip(cells, row, strict=True):
            assert not cell.startswith(("=", "+", "-", "@", "\t", "\r"))
            assert visible(value) in (cell, cell.removeprefix("'"))


@given(reports())
def test_json_gives_every_character_back(report: Report) -> None:
    (view,) = report.claims
    document = json.loads(machine.dumps(machine.claim_json(view)))
    assert document["text"] == view.claim.text
    assert document["attributions"][0]["quote"] == view.attributions[0].attribution.quote
    assert "\n" not in machine.dumps(machine.claim_json(view), indent=None)


# What the words of a link are judged to be.


def judged_link(quote: str, text: str, **fields: Any) -> Link:  # noqa: ANN401 -- the fields of a link
    """A link as the present linker judges it."""
    return replace(link_of(quote, text), **{"method": METHOD, **fields})


def report_with(*links: Link, quote: str) -> Report:
    """A report on one claim with these links."""
    said = Attribution(id="A1", claim_id="C1", party_id="P1", party_as_written="x", stance=Stance.ASSERTS, quote=quote, **STAMP)
    party = Party(id="P1", name="x", **STAMP)
    source = Source(id="S1", title="T", **STAMP)
    capture = Capture(
        id="K1", source_id="S1", sha256="a" * 64, text_sha256="b" * 64, size=1, length=1, media_type="text/plain", location="t",
        method="text/1", retrieved_at="2026-01-01T00:00:00Z", **STAMP,
    )  # fmt: skip
    view = ClaimView(Claim(id="C1", text="Claim", **STAMP), (AttributionView(said, party, source, links),), (), ())
    return Report("T", (view,), (), (SourceView(source, capture, 1, len(links)),), timeline((view,)))


def renderings(report: Report, lang: str = "en") -> dict[str, str]:
    """The report in every rendering that people read; of the page only what it shows."""
    words = Words(lang)
    page = re.sub(r"<[^>]*>", "", render_html(report, words).partition("</style>")[2])
    shown = {"markdown": markdown.render_markdown(report, words), "html": page}
    return {**shown, "terminal": printed(terminal.report_renderable(report, words), 200)}


SENTENCES = {
    "en": "could not be judged for want of data on the language: whether words are the same, negation, number",
    "ru": "нельзя оценить, так как нет данных о языке: одно ли это слово, отрицание, число",
    "kk": "тіл туралы дерек болмағандықтан бағаланбады: сөз бір сөз бе, болымсыздық, сан",
}


@pytest.mark.parametrize("lang", SENTENCES)
def test_what_could_not_be_judged_is_said_in_words(lang: str) -> None:
    link = judged_link("some words", "some words", kind=LinkKind.NEAR, not_judged=("word", "negation", "number"))
    for name, text in renderings(report_with(link, quote="some words"), lang).items():
        assert SENTENCES[lang] in text, name


def test_everything_that_can_be_left_unjudged_has_a_name() -> None:
    from claimreg.languages import language
    from claimreg.linker.judge.unjudged import _known

    names = ("word", *_known(language("xx")))
    for lang in SENTENCES:
        told = Words(lang).not_judged(names)
        assert told.count(",") >= len(names) - 1
        assert lang == "en" or not [name for name in names if name in told]


def test_machines_are_told_what_could_not_be_judged() -> None:
    link = judged_link("some words", "some words", kind=LinkKind.NEAR, not_judged=("word",))
    report = report_with(link, quote="some words")
    (claim,) = machine.report_json(report, ALL_SECTIONS)["claims"]
    told = claim["attributions"][0]["links"][0]
    assert told["not_judged"] == ["word"]
    assert list(told).index("not_judged") == list(told).index("flags") + 1
    checked = DocumentsCheck("some words", (FoundIn("notice.txt", Match(**link.place())),), None)
    assert machine.check_json(checked)["links"][0]["not_judged"] == ["word"]
    assert plain.link_line(link).endswith("\tnot judged: word")


def test_what_was_set_aside_is_told_and_is_no_alteration() -> None:
    quote, text = "the pier [sic] is closed", "the pier is closed"
    (match,) = LayeredLinker().find(quote, text).matches
    assert WordChange.ASIDE in {edit.change for edit in match.words}
    assert alterations(quote, match) == ()
    assert [one.mine for one in asides(quote, match)] == ["sic"]
    report = report_with(judged_link(quote, text, **match.place()), quote=quote)
    for name, shown in renderings(report).items():
        assert "set aside: " in shown, name
        assert "Altered:" not in shown, name
        assert "altered" not in shown, name
    dim = [span.style for span in terminal.side_by_side(quote, match)[0].spans if "sic" in quote[span.start : span.end]]
    assert dim == ["dim"]


def test_a_place_in_a_pipe_ends_with_what_differs() -> None:
    quote, text = "profits really increased in March [sic]", "profits decreased in the month of March"
    words = (
        WordEdit(WordChange.ADDED, Span(8, 14), Span(8, 8)),
        WordEdit(WordChange.CHANGED, Span(15, 24), Span(8, 17)),
        WordEdit(WordChange.DROPPED, Span(28, 28), Span(21, 33)),
        WordEdit(WordChange.ASIDE, Span(34, 39), Span(39, 39)),
    )
    whole = {"start": 0, "end": len(text), "exact": text, "kind": LinkKind.ALTERED}
    place = judged_link(quote, text, **whole, flags=(Flag.OPPOSITE,), words=words, not_judged=("date",))
    cells = plain.place_line(quote, "notice.txt", place).split("\t")
    assert cells[:2] + cells[3:6] == ["altered", "100", f"0-{len(text)}", text, "opposite"]
    told = "put in: really; decreased → increased; left out: the month of; set aside: [sic]; not judged: date"
    assert (len(cells), cells[6]) == (7, told)


def test_a_place_word_for_word_has_the_last_field_empty() -> None:
    place = judged_link("some words", "some words", kind=LinkKind.EXACT, flags=(), words=())
    assert plain.place_line("some words", "notice.txt", place).split("\t")[5:] == ["", ""]


@given(hostile, hostile)
@example("a\tb", "c\nd")
@example("\x1b[31m", "\u202e")
def test_a_place_in_a_pipe_is_one_line_of_seven_fields_whatever_the_words(quote: str, text: str) -> None:
    line = plain.place_line(quote, text, link_of(quote, text))
    assert "\n" not in line
    assert line.count("\t") == 6
    assert_nothing_acts(line.replace("\t", ""))


def test_a_report_says_which_method_judged_and_what_judges_again() -> None:
    present = judged_link("some words", "some words")
    earlier = replace(present, id="L2", method="layered/2")
    links = (present, earlier, replace(earlier, id="L3"), replace(earlier, id="L4", method="", state=LinkState.CONFIRMED))
    report = report_with(*links, replace(earlier, id="L5", state=LinkState.REJECTED), quote="some words")
    assert report.methods == {METHOD: 1, "": 1, "layered/2": 2}
    told = f"Judged by {METHOD}; 1 link judged by an unknown method; 2 links judged by layered/2: run "
    for name, shown in renderings(report).items():
        assert told in shown.replace("\\", ""), name
        assert "claimreg link --all" in shown, name
    assert machine.report_json(report, ALL_SECTIONS)["methods"] == report.methods


def test_a_report_whose_links_the_present_method_judged_asks_for_nothing() -> None:
    report = report_with(judged_link("some words", "some words"), quote="some words")
    for name, shown in renderings(report).items():
        assert f"Judged by {METHOD}." in shown, name
        assert "link --all" not in shown, name
    for name, shown in renderings(report_with(quote="some words")).items():
        assert "Judged" not in shown, name


def test_a_rejected_link_is_shown_nowhere() -> None:
    link = replace(link_of("some words", "some words"), state=LinkState.REJECTED, exact="rejected passage")
    attribution = Attribution(
        id="A1", claim_id="C1", party_id="P1", party_as_written="x", stance=Stance.ASSERTS, quote="some words", **STAMP
    )
    view = ClaimView(
        Claim(id="C1", text="Claim", **STAMP), (AttributionView(attribution, Party(id="P1", name="x", **STAMP), None, (link,)),), (), ()
    )
    report = Report("T", (view,), (), ())
    assert "rejected passage" not in markdown.render_markdown(report)
    assert "rejected passage" not in printed(terminal.report_renderable(report), 80)


def test_nothing_printable_acts() -> None:
    from claimreg.render.safe import _table

    assert [hex(code) for code in _table() if chr(code).isprintable()] == []
