"""Where quotes are found that are cut, swapped, joined by scraps, or written in other characters."""

from __future__ import annotations

import pytest

from claimreg.linker import LayeredLinker
from claimreg.linker.collection import Collection, care
from claimreg.model import Flag, LinkKind

FIND = LayeredLinker().find
FILLER = "The bus was late again and the driver read his paper while people waited in the cold wind. " * 30


@pytest.mark.parametrize(
    ("quote", "text"),
    [
        (
            "Two schools will be closed next year, and the council has approved the new budget after a long debate",
            "The hall was full. The council has approved the new budget after a long debate, and two schools will be closed next year.",
        ),
        (
            "Мектеп келесі жылы күзде жабылады, ал кеңес биылғы бюджетті ұзақ талқылаудан кейін бекітті",
            "Зал лық толды. Кеңес биылғы бюджетті ұзақ талқылаудан кейін бекітті, ал мектеп келесі жылы күзде жабылады.",
        ),
    ],
)
def test_clauses_that_changed_places_are_found_and_flagged(quote: str, text: str) -> None:
    (match,) = FIND(quote, text).matches
    assert (match.kind, len(match.parts)) == (LinkKind.ALTERED, 2)
    assert Flag.ORDER in match.flags


def test_clauses_far_from_each_other_have_not_changed_places() -> None:
    text = f"The council has approved the new budget after a long debate. {FILLER} Two schools will be closed next year."
    quote = "Two schools will be closed next year, and the council has approved the new budget after a long debate"
    assert all(Flag.ORDER not in match.flags for match in FIND(quote, text).matches)


def test_scraps_make_no_stitched_quote() -> None:
    assert all(match.kind is not LinkKind.STITCHED for match in FIND("The bridge … of … it", f"The bridge is old. {FILLER}").matches)
    assert FIND("of … it … or", FILLER).matches == ()


def test_parts_side_by_side_need_tell_little() -> None:
    (match,) = FIND("The bridge … old", "They say the bridge is rather old by now.").matches
    assert match.kind is LinkKind.STITCHED


def test_one_clause_of_a_quote_counts_by_what_it_tells() -> None:
    archive = Collection(size=2_000_000)
    for number in range(200):
        archive.observe(f"And it came to pass on that day that the people of the town went home, says page {number}.")
    archive.size = 2_000_000
    linker = LayeredLinker(archive)
    told = (
        "The auditors photographed seventeen lighthouse keepers in tangerine waistcoats; nobody in the ministry ever answered their letters"
    )
    stock = "And it came to pass on that day that the people of the town brought seventeen tangerine waistcoats to their keepers"
    text = "The auditors photographed seventeen lighthouse keepers in tangerine waistcoats. And it came to pass that people sang."
    assert [match.kind for match in linker.find(told, text).matches] == [LinkKind.ALTERED]
    assert linker.find(stock, text).matches == ()


def test_a_nearly_literal_place_needs_no_rare_words() -> None:
    archive = Collection()
    for number in range(300):
        archive.observe(f"He said that it was not for the minister to say so, page {number}.")
    archive.size = 20_000
    linker = LayeredLinker(archive)
    assert linker.find("it was not for the minister to say so", "Then: it was not for the ministcr to say so.").matches
    assert linker.find("it was not for the minister to say so", "Then: it was good for the sister to pay now.").matches == ()


def test_care_grows_with_the_collection_and_ends() -> None:
    assert care(30_000) == 0.0
    assert 0.0 < care(500_000) < care(1_000_000) < care(10**9) == care(10**12)


@pytest.mark.parametrize(
    ("quote", "text"),
    [
        ("法院认为这个决定没有违反国际法", "昨天法院認為這個決定沒有違反國際法。"),
        ("法院認為這個決定沒有違反國際法", "昨天法院认为这个决定没有违反国际法。"),
    ],
)
def test_traditional_and_simplified_chinese_find_each_other(quote: str, text: str) -> None:
    (match,) = FIND(quote, text).matches
    assert match.exact == text[2:-1]


@pytest.mark.parametrize(
    ("quote", "text"),
    [
        ("The office tested twelve hundred samples", "On Monday the office tested 1,200 samples."),
        ("Elle a versé cinq mille euros en février", "Hier, elle a versé 5 000 euros en février."),
        ("Екі балам ауырды температурамен", "Кеше айтқаны: 2 балам ауырды температурамен."),
    ],
)
def test_a_short_quote_is_found_where_its_numbers_are_written_otherwise(quote: str, text: str) -> None:
    (match,) = FIND(quote, text).matches
    assert (match.kind, match.flags) == (LinkKind.NEAR, ())
    assert match.exact in text


def test_another_number_makes_no_place() -> None:
    assert FIND("The office tested twelve hundred samples", "On Monday the clinic tasted 1,300 candles.").matches == ()
