"""Places in a text and in what was left out of it: their offsets, their labels, and what is shown of them."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from claimreg.ingest.formats import marked_text, page_left_out, page_lines, page_parts, set_aside
from claimreg.linker import Findings, LayeredLinker, Match
from claimreg.model import Link, LinkKind, Locator, Span, WordChange, WordEdit
from claimreg.render.labels import ENGLISH, LANGUAGES, PARTS, Words
from claimreg.render.lines import link_line
from claimreg.render.sentences import label_in_words, where_in_words
from claimreg.render.whole import left_out_in_words, with_left_out
from claimreg.services.linking.links import check_quote
from claimreg.services.linking.texts import better, find_within, read_texts
from claimreg.services.recording.places import (
    LeftOut,
    has_struck_words,
    is_page,
    label_of,
    size_left_out,
    stretches_left_out,
)
from claimreg.services.recording.sources import IncomingDocument, joined
from claimreg.services.reporting.views import Where
from claimreg.vocabulary import HEADLINE, STRUCK_OUT

TEXT = "First page.\nSecond page."
PLACES = (
    Locator(0, HEADLINE), Locator(6, ""), Locator(12, "page 2"),
    Locator(len(TEXT) + 1, ""), Locator(len(TEXT) + 12, "a caption"), Locator(len(TEXT) + 22, STRUCK_OUT),
)  # fmt: skip
LEFT_OUT = "both have. Captioned. Struck out. "
LENGTH = len(TEXT)
WORDS = st.lists(
    st.sampled_from(["pier", "crane", "ticket", "fog", "gull", "причал", "паром", "құжат", "ﬁne", "e\u0301té"]), min_size=1, max_size=30
)


def match(start: int, end: int, score: float = 100.0, kind: LinkKind = LinkKind.EXACT, **fields: Any) -> Match:  # noqa: ANN401 -- a place's fields
    whole = joined(TEXT, LEFT_OUT)
    return Match(start=start, end=end, exact=whole[start:end], prefix="", suffix="", score=score, kind=kind, **fields)


@pytest.mark.parametrize(
    ("start", "end", "label"),
    [
        (0, 5, HEADLINE),
        (0, LENGTH, HEADLINE),
        (7, 10, None),
        (12, 18, "page 2"),
        (LENGTH - 1, LENGTH, "page 2"),
        # What the text has, too, has no label; a passage that runs on from it has the one of where it runs to.
        (LENGTH + 1, LENGTH + 5, None),
        (LENGTH + 1, LENGTH + 14, "a caption"),
        (LENGTH + 12, LENGTH + 14, "a caption"),
        (LENGTH + 23, LENGTH + 25, STRUCK_OUT),
    ],
)
def test_a_place_has_the_label_that_holds_there(start: int, end: int, label: str | None) -> None:
    assert label_of(PLACES, start, end, LENGTH) == label


def test_the_last_page_of_a_text_does_not_hold_in_what_was_left_out_of_it() -> None:
    assert label_of((Locator(0, "page 1"), Locator(12, "page 2")), LENGTH + 1, LENGTH + 4, LENGTH) is None
    assert label_of((), LENGTH + 1, LENGTH + 4, LENGTH) is None
    assert label_of((Locator(5, "page 1"),), 0, 4, LENGTH) is None


def test_only_words_of_the_quote_are_struck_out() -> None:
    struck = LENGTH + 23
    assert has_struck_words(PLACES, match(struck, struck + 6), LENGTH)
    assert not has_struck_words(PLACES, match(LENGTH + 12, LENGTH + 21), LENGTH)
    # The words between the two passages are not in the quote.
    stitched = match(
        LENGTH + 12, struck + 6, kind=LinkKind.STITCHED, parts=(Span(LENGTH + 12, LENGTH + 14), Span(LENGTH + 16, LENGTH + 21))
    )
    assert not has_struck_words(PLACES, stitched, LENGTH)
    kept = WordEdit(WordChange.KEPT, Span(0, 9), Span(LENGTH + 12, LENGTH + 21))
    for change, is_struck in ((WordChange.DROPPED, False), (WordChange.CHANGED, True)):
        words = (kept, WordEdit(change, Span(9, 9 + 3 * is_struck), Span(struck, struck + 6)))
        assert has_struck_words(PLACES, match(LENGTH + 12, struck + 6, words=words), LENGTH) is is_struck


def test_what_was_left_out_is_given_in_stretches() -> None:
    found = list(stretches_left_out(LEFT_OUT, PLACES, LENGTH))
    assert [(one.label, one.start, one.text) for one in found] == [
        ("a caption", LENGTH + 12, "Captioned."),
        (STRUCK_OUT, LENGTH + 22, " Struck out. "),
    ]
    whole = joined(TEXT, LEFT_OUT)
    assert all(whole[one.start : one.start + len(one.text)] == one.text for one in found)
    assert size_left_out(found) == len("Captioned.") + len("Struck out.")
    assert list(stretches_left_out("", (), LENGTH)) == []
    assert list(stretches_left_out("  \n", (), LENGTH)) == []
    assert list(stretches_left_out("anything", (Locator(0, "page 1"),), LENGTH)) == [LeftOut(None, LENGTH + 1, "anything")]


@settings(max_examples=40, deadline=None)
@given(text=WORDS, left_out=WORDS, start=st.integers(0, 29), length=st.integers(2, 12), slips=st.booleans())
def test_the_words_of_a_place_stand_at_its_offsets(text: list[str], left_out: list[str], start: int, length: int, slips: bool) -> None:  # noqa: FBT001 -- Hypothesis gives it
    document = IncomingDocument(b"", " ".join(text), "x", left_out="\n".join(left_out))
    whole = joined(document.text, document.left_out)
    quote = " ".join(left_out[start % len(left_out) :][:length])
    sought = quote.replace("crane", "crame") if slips else quote
    check = check_quote(sought, [("x", read_texts(document))], LayeredLinker())
    for place in (*check.places, *([check.nearest] if check.nearest else [])):
        found = place.match
        assert found.exact == whole[found.start : found.end]
        assert all(0 <= part.start <= part.end <= len(whole) for part in found.parts)
        assert place.left_out == (found.start > len(document.text))
        assert all(found.start <= edit.source.start <= edit.source.end <= found.end for edit in found.words)
        if found.prefix:
            assert whole[: found.start].endswith(found.prefix)
    again = find_within(sought, read_texts(document), LayeredLinker())
    assert {one.match for one in check.places} <= set(again.matches)


def test_of_findings_in_both_texts_those_count_that_are_unaltered() -> None:
    altered, other = match(0, 5, 80, LinkKind.ALTERED), match(LENGTH + 1, LENGTH + 5, 90, LinkKind.ALTERED)
    exact, near = match(LENGTH + 1, LENGTH + 5), match(0, 5, 40)
    assert better(Findings((altered,)), Findings((other, exact))) == Findings((exact,))
    assert better(Findings((altered,)), Findings((other,))) == Findings((altered,))
    assert better(Findings(nearest=near), Findings((other,))) == Findings((other,))
    assert better(Findings(nearest=near), Findings(nearest=other)) == Findings(nearest=other)
    assert better(Findings(nearest=near), Findings()) == Findings(nearest=near)
    assert better(Findings(), Findings()) == Findings()


def test_pages_are_told_from_other_documents() -> None:
    assert is_page("text/html", "markup/1")
    # A page in the form of a mail was read as a page.
    assert is_page("message/rfc822", "page/1 trafilatura/2.0")
    assert not is_page("message/rfc822", "mail/1")


@pytest.mark.parametrize(
    ("label", "left_out", "page", "told"),
    [
        (None, False, True, None),
        ("page 3", False, False, "page 3"),
        (HEADLINE, False, True, "headline"),
        ("the page's footer", True, True, "left out of the article: the page's footer"),
        ("the pages' heads and feet", True, False, "left out of the document: the pages' heads and feet"),
        ("Scene 2", True, False, "left out of the document: Scene 2"),
        (None, True, True, "left out of the article"),
        (STRUCK_OUT, True, True, "struck out by its author"),
    ],
)
def test_a_place_is_told_in_words(label: str | None, left_out: bool, page: bool, told: str | None) -> None:  # noqa: FBT001 -- a table of cases
    assert label_in_words(label, ENGLISH, left_out=left_out, is_page=page) == told
    for lang in LANGUAGES:
        again = label_in_words(label, Words(lang), left_out=left_out, is_page=page)
        assert (again is None) == (told is None)
        # What is no word of ours stands as it is in any language.
        assert label != "Scene 2" or "Scene 2" in (again or "")


def test_every_part_that_a_reader_names_is_a_word_of_ours() -> None:
    named = {
        value
        for module in (marked_text, page_left_out, page_lines, page_parts, set_aside)
        for name, value in vars(module).items()
        if isinstance(value, str) and name.strip("_").isupper() and value.startswith(("a ", "an ", "the ", "beside ", "hidden "))
    }
    assert len(named) >= 20
    assert named - PARTS == set()


def test_a_word_of_ours_that_is_no_part_is_not_translated_as_a_label() -> None:
    assert label_in_words("case", Words("ru")) == "case"


def link(start: int, end: int) -> Link:
    fields = match(start, end).place()
    return Link(
        id="L1", recorded_at="2026-01-01T00:00:00Z", recorded_by="ann", attribution_id="A1", source_id="S1", capture_id="K1", **fields
    )


def test_a_line_of_a_link_tells_what_it_was_left_out_of() -> None:
    where = Where("the page's footer", left_out=True, is_page=True)
    assert link_line(link(LENGTH + 12, LENGTH + 21), where).endswith("\tleft out of the article: the page's footer")
    assert where_in_words(where._replace(outdated=True), ENGLISH).endswith("footer; only in an earlier capture")


def test_a_document_is_shown_with_what_was_left_out_and_its_links() -> None:
    parts = list(stretches_left_out(LEFT_OUT, PLACES, LENGTH))
    links = [link(0, 5), link(LENGTH + 12, LENGTH + 21), link(LENGTH + 5, LENGTH + 16)]
    shown, placed = with_left_out(TEXT, parts, links, is_page=False)
    assert shown == f"{TEXT}\n\n[left out of the document: a caption]\nCaptioned.\n\n[struck out by its author]\n Struck out. \n"
    assert [shown[one.start : one.end] for one in placed] == ["First", "Captioned", "Capt"]
    assert (
        left_out_in_words(parts, 21, is_page=False) == "21 characters were left out of the document (a caption, struck out by its author)"
    )
    assert left_out_in_words(parts[:1], 1, is_page=True) == "1 character was left out of the article (a caption)"
    assert left_out_in_words([LeftOut(None, 0, "x")], 2, is_page=True) == "2 characters were left out of the article"
    many = [LeftOut(f"part {number}", 0, "x") for number in range(7)]
    assert left_out_in_words(many, 7, is_page=True).endswith("(part 0, part 1, part 2, part 3, part 4, …)")
