"""Text files are read as they look: Markdown without its marks, references to characters as the signs they stand for."""

from collections.abc import Callable

import pytest
from growth import assert_fair_growth

from claimreg.ingest.extract import read
from claimreg.ingest.types import Extraction, Hints, Limits
from claimreg.services.recording.sources import joined
from claimreg.vocabulary import STRUCK_OUT


def markdown(text: str) -> Extraction:
    return read(text.encode(), Hints("notes.md"), Limits())


def plain(text: str) -> Extraction:
    return read(text.encode(), Hints("notes.txt"), Limits())


@pytest.mark.parametrize(
    ("written", "seen"),
    [
        ("The **harbour** is _ours_, `always`.", "The harbour is ours, always."),
        ("# The *pier*\n\nIt [holds](https://h.example/a_(b)?c=1 'so').", "The pier\nIt holds."),
        ("It holds.[^a] So does the quay.\n\n[^a]: By the report of 2020.", "It holds. So does the quay.\nBy the report of 2020."),
        ("One line\\\nand another  \nand a third\nthat goes on.", "One line\nand another\nand a third that goes on."),
        ("![A view](pier.jpg) The pier.<!-- not for print --> <span class='x'>It</span> holds.", "The pier. It holds."),
        ("> “Never,” she said.\n\n- first\n- second\n\n1. third", "“Never,” she said.\nfirst\nsecond\nthird"),
        ("| who | what |\n|---|---|\n| Aida | **never** |", "who what\nAida never"),
        ("Ours &amp; theirs, a &lt; b, 2 * 3 * 4, snake_case_name.", "Ours & theirs, a < b, 2 * 3 * 4, snake_case_name."),
        ("```\nA: one\nB: two\n```\n", "A: one\nB: two"),
        ("See [the report][r].\n\n[r]: https://h.example/report", "See the report."),
        ("Дәптер **менікі** емес.", "Дәптер менікі емес."),
    ],
)
def test_markdown_is_read_as_it_looks(written: str, seen: str) -> None:
    assert markdown(written).text == seen


def test_front_matter_and_what_is_struck_out_are_left_out() -> None:
    extraction = markdown("---\ntitle: The pier\nauthor: Ann\n---\n\nWe will ~~gladly~~ <del>soon</del> never sell it.\n")
    assert extraction.text == "We will never sell it."
    assert extraction.left_out == "title: The pier\nauthor: Ann\ngladly\nsoon"
    whole = joined(extraction.text, extraction.left_out)
    assert [(whole[one.start :].split("\n")[0], one.label) for one in extraction.locators] == [
        ("title: The pier", "the file's front matter"),
        ("gladly", STRUCK_OUT),
    ]
    assert extraction.details.title == "The pier"
    assert extraction.notes == ("The file strikes words out; they are not read as said.",)


@pytest.mark.parametrize(
    ("written", "seen"),
    [
        ("&ldquo;Ours &amp; theirs,&rdquo; she said&#46;&nbsp;Then she left.", "“Ours & theirs,” she said.\u00a0Then she left."),
        ("Fish &amp; Sons&#x27; boat", "Fish & Sons' boat"),
        ("Fish & Sons & Daughters write &amp; for the sign.", None),
        ("Ask &unknown; and &#0; and &#xD800; and R&D; of it.", None),
        ("A [note](see below) and a list[0](x) stay.", None),
        ("It [holds](https://h.example/a_(b)) well.", "It holds well."),
    ],
)
def test_plain_text_is_changed_only_where_nothing_else_can_be_meant(written: str, seen: str | None) -> None:
    extraction = plain(written)
    assert extraction.text == (seen or written)
    assert bool(extraction.notes) == (seen is not None)


def test_the_address_of_a_link_in_plain_text_is_left_out() -> None:
    extraction = plain("It [holds](https://h.example/report) well.")
    assert (extraction.left_out, extraction.locators[0].label) == ("https://h.example/report", "a link's address")


@pytest.mark.parametrize("piece", ["[", "**a ", "<del>", "> ", "&amp;", "[a](", "`a ", "~~", "| a ", "<!-- ", "![", "[^a]: "])
def test_marks_without_end_take_no_longer(piece: str) -> None:
    def work(size: int) -> Callable[[], object]:
        return lambda: markdown("The pier holds.\n\n" + piece * size + "\n\nSo does the quay.\n").text.index("pier")

    assert_fair_growth(work, 2_000)


@pytest.mark.parametrize("piece", ["[", "[a](http://a.example", "&amp", "&", "[a]", "](https://"])
def test_signs_of_plain_text_without_end_take_no_longer(piece: str) -> None:
    def work(size: int) -> Callable[[], object]:
        return lambda: plain(piece * size + " The pier holds.").text.index("pier")

    assert_fair_growth(work, 5_000)
