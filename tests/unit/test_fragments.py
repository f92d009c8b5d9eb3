"""Addresses that lead to a quote's words: what is named, how it is written, and where there is none."""

from typing import Any
from urllib.parse import unquote

import pytest
from hypothesis import given
from hypothesis import strategies as st

from claimreg.frozen import replace
from claimreg.model import Capture, Flag, Link, LinkKind, LinkState, Source, Span
from claimreg.render.page_links import PageLinks
from claimreg.render.safe import plain_address
from claimreg.services.reporting.views import SourceView, Where
from claimreg.text.fragments import Passage, address_of

URL = "https://harbour.example/notice"
LONG = "The harbour office told the council on Monday that the ferry stays in port until the pier is repaired, and that nobody knows when."

NAMED = {
    "words on a line": (Passage("the night ferry stays"), "the night ferry stays"),
    "signs at the ends": (Passage("“the night ferry stays …”, "), "the night ferry stays"),
    "space and line feeds": (Passage(" the  night\tferry\u00a0stays\n"), "the night ferry stays"),
    "a long passage": (Passage(LONG), "The harbour office told the council on,repaired, and that nobody knows when"),
    "two paragraphs": (Passage("The ferry stays.\n\nNobody knows why."), "The ferry stays,Nobody knows why"),
    "a list": (Passage("- The ferry stays\n2. Nobody knows why"), "The ferry stays,Nobody knows why"),
    "no list": (Passage("it stays - 2. quay"), "it stays - 2. quay"),
    "a part of a word before": (Passage("fähre bleibt im Hafen", "die Nacht", " liegen"), "bleibt im Hafen"),
    "a part of a word behind": (Passage("bleibt im Haf", "Fähre ", "en liegen"), "bleibt im"),
    "vowel signs": (Passage("नहीं चलेगी"), "नहीं चलेगी"),
    "no spaces": (Passage("渡轮停航，直到码头修好。"), "渡轮停航，直到码头修好"),
}


@pytest.mark.parametrize(("passage", "named"), NAMED.values(), ids=NAMED)
def test_what_is_named_of_a_passage(passage: Passage, named: str) -> None:
    assert unquote(address_of(URL, [passage])) == f"{URL}#:~:text={named}"


def test_signs_that_mean_something_in_a_fragment_are_escaped() -> None:
    assert address_of(URL, [Passage("well-known, R&D = 5 %")]) == f"{URL}#:~:text=well%2Dknown%2C%20R%26D%20%3D%205"


def test_words_in_several_places_are_told_apart_by_those_around_them() -> None:
    passage = Passage("the ferry stays", "ead of it. Nobody knows why ", " in port. So it is no")
    assert address_of(URL, [passage]) == f"{URL}#:~:text=the%20ferry%20stays"
    assert unquote(address_of(URL, [passage], is_ambiguous=True)) == f"{URL}#:~:text=Nobody knows why-,the ferry stays,-in port. So"
    assert address_of(URL, [Passage("the ferry stays", "\n", "\nNo")], is_ambiguous=True) == f"{URL}#:~:text=the%20ferry%20stays"


def test_passages_apart_are_named_each() -> None:
    assert address_of(URL, [Passage("the ferry"), Passage("…"), Passage("in port")]) == f"{URL}#:~:text=the%20ferry&text=in%20port"


def test_a_fragment_that_is_there_stays() -> None:
    assert address_of(f"{URL}#part-2", [Passage("port")]) == f"{URL}#part-2:~:text=port"
    assert address_of(f"{URL}#part-2:~:text=old", [Passage("port")]) == f"{URL}#part-2:~:text=port"
    assert address_of(URL, [Passage("…")]) == URL


@given(st.text(max_size=300), st.text(max_size=20), st.text(max_size=20), st.booleans())
def test_an_address_is_plain_whatever_the_words_are(exact: str, before: str, behind: str, is_ambiguous: bool) -> None:  # noqa: FBT001 -- as Hypothesis gives it
    found = address_of(URL, [Passage(exact, before, behind)], is_ambiguous=is_ambiguous)
    assert plain_address(found)
    assert found.isascii()
    assert len(found) < 12 * 300 + 200


STAMP: Any = {"recorded_at": "2026-01-01T00:00:00Z", "recorded_by": "ann"}
SOURCE = Source(id="S1", title="Notice", url=URL, **STAMP)
CAPTURE = Capture(
    id="K1", source_id="S1", sha256="0" * 64, text_sha256="0" * 64, size=9, length=99, media_type="text/html", location="a.html",
    method="page/2", retrieved_at="2026-01-01T00:00:00Z", **STAMP,
)  # fmt: skip
LINK = Link(
    id="L1", attribution_id="A1", source_id="S1", capture_id="K1", start=10, end=25, exact="the ferry stays", prefix="They said ",
    suffix=" in port.", score=100.0, kind=LinkKind.EXACT, state=LinkState.SUGGESTED, method="linker/1", **STAMP,
)  # fmt: skip
AT_WORDS = f"{URL}#:~:text=the%20ferry%20stays"
ARCHIVE = "https://archive.example/notice"


def address(source: Source = SOURCE, capture: Capture = CAPTURE, link: Link = LINK, where: Where | None = None) -> str | None:
    return PageLinks([SourceView(source, capture, 1, 1)]).address(link, where)


def test_a_page_is_led_to_at_the_words() -> None:
    assert address() == AT_WORDS
    assert address(replace(SOURCE, url=None, canonical_url=URL)) == AT_WORDS
    assert address(capture=replace(CAPTURE, media_type="message/rfc822")) == AT_WORDS, "a page that was saved as mail"
    told_apart = address(link=replace(LINK, flags=(Flag.AMBIGUOUS,), prefix="it. They said ", suffix=" in port now."))
    assert told_apart == f"{URL}#:~:text=They%20said-,the%20ferry%20stays,-in%20port"


def test_a_quote_put_together_is_led_to_passage_by_passage() -> None:
    link = replace(LINK, kind=LinkKind.STITCHED, parts=(Span(20, 25), Span(10, 13)))
    assert address(link=link) == f"{URL}#:~:text=the&text=stays"


def test_words_that_the_page_no_longer_has_are_led_to_in_the_archive() -> None:
    archived = replace(SOURCE, archive_url=ARCHIVE)
    assert address(archived) == AT_WORDS
    assert address(archived, where=Where(None, outdated=True)) == AT_WORDS.replace(URL, ARCHIVE)
    assert address(replace(archived, url=None)) == AT_WORDS.replace(URL, ARCHIVE)


def test_a_pdf_is_led_to_at_its_page() -> None:
    pdf = replace(CAPTURE, media_type="application/pdf", method="pdf/3")
    assert address(capture=pdf, where=Where("page 12")) == f"{URL}#page=12"
    assert address(replace(SOURCE, url=f"{URL}#a"), pdf, where=Where("page 12")) is None
    assert [address(capture=pdf, where=where) for where in (None, Where(None), Where("page x"))] == [None] * 3


def test_where_nothing_may_or_can_be_led_to() -> None:
    assert address(replace(SOURCE, withheld="safety")) is None
    assert address(replace(SOURCE, url=None)) is None
    assert address(replace(SOURCE, url="javascript:alert(1)")) is None
    assert address(capture=replace(CAPTURE, media_type="text/plain", method="text/1")) is None
    assert address(link=replace(LINK, source_id="S2")) is None
