"""An index answers the same however its segments came about."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from claimreg.rank.explain import AskedWords
from claimreg.rank.index import StatementIndex
from claimreg.rank.ranker import Answer, rank
from claimreg.rank.segment import ABOUT, SAID, Entry, build_segment, merge_segments, said_texts
from claimreg.rank.statement import read_statement

ENTRIES = [
    Entry(1, (("claim", "The pier is closed"), ("quote", "айлақ жабық"), ("party", "Harbour office"), ("case", "Ferry"))),
    Entry(2, (("claim", "The pier is open"), ("title", "Is it?"), ("party", "Captain Serik"), ("tag", "ferries"))),
    Entry(5, (("claim", "A crane fell into the water, the crane of the pier"), ("party", "Harbour office"))),
    Entry(9, (("claim", "Nobody was hurt"), ("quote", "the crane hurt nobody"))),
]
TEXTS = st.lists(st.text("abcde ", min_size=1, max_size=30).filter(str.strip), min_size=1, max_size=12)


def answered(index: StatementIndex, query: str, kinds: tuple[str, ...] = SAID) -> list[tuple[int, float]]:
    return [(int(index.numbers[one.place]), one.score) for one in rank(index, read_statement([query]), 10, kinds=kinds)]


def alive(size: int, gone: tuple[int, ...] = ()) -> np.ndarray[tuple[int], np.dtype[np.bool_]]:
    kept = np.ones(size, np.bool_)
    kept[list(gone)] = False
    return kept


@pytest.mark.parametrize("query", ["pier crane", "айлақ", "the pier is closed", "harbour office", "hurt"])
def test_one_segment_or_many_or_merged_answer_the_same(query: str) -> None:
    whole = StatementIndex([build_segment(ENTRIES)])
    parts = [build_segment(ENTRIES[:1]), build_segment(ENTRIES[1:3]), build_segment(ENTRIES[3:])]
    merged = merge_segments(parts, [alive(1), alive(2), alive(1)])
    expected = answered(whole, query)
    assert expected
    assert answered(StatementIndex(parts), query) == expected
    assert answered(StatementIndex([merged]), query) == expected
    assert [merged.fields(place) for place in range(4)] == [whole.fields(place) for place in range(4)]
    assert merged.fields(0) == [("claim", "te pier is klosed"), ("quote", "ailak jabik"), ("party", "harbur ofise"), ("case", "feri")]


@settings(max_examples=50, deadline=None)
@given(TEXTS, st.data())
def test_any_cut_into_segments_merges_to_the_whole(texts: list[str], data: st.DataObject) -> None:
    entries = [Entry(number, (("claim", text),)) for number, text in enumerate(texts)]
    cut = data.draw(st.integers(0, len(entries)))
    gone = data.draw(st.sets(st.integers(0, len(entries) - 1)))
    parts = [build_segment(entries[:cut]), build_segment(entries[cut:])]
    kept = [alive(len(entries), tuple(gone))[:cut], alive(len(entries), tuple(gone))[cut:]]
    merged = merge_segments(parts, kept)
    expected = build_segment([entry for entry in entries if entry.number not in gone])
    for name, column in expected.columns.items():
        assert merged.columns[name].part(0, len(merged.columns[name])).tolist() == column.part(0, len(column)).tolist(), name


def test_what_is_gone_is_in_no_answer() -> None:
    index = StatementIndex([build_segment(ENTRIES)], gone=[0])
    assert [number for number, _score in answered(index, "the pier is closed")] == [2, 5, 9]
    assert index.count == 3


def test_what_is_not_wanted_makes_room_for_what_is() -> None:
    entries = [Entry(number, (("claim", f"The pier is closed {number}"),)) for number in range(500)]
    index = StatementIndex([build_segment(entries)])
    answers = rank(index, read_statement(["the pier is closed"]), 3, accepts=lambda place: place % 100 == 7)
    assert [answer.place for answer in answers] == [7, 107, 207]


def test_a_claim_is_found_by_what_is_told_of_it_only_where_that_is_asked_for() -> None:
    index = StatementIndex([build_segment(ENTRIES)])
    both = rank(index, read_statement(["harbour office crane"]), 2, kinds=(*SAID, *ABOUT))
    assert [int(index.numbers[one.place]) for one in both] == [5, 1]
    assert rank(StatementIndex([]), read_statement(["pier"]), 2) == []
    assert isinstance(both[0], Answer)


def test_the_words_found_are_told_with_their_field_and_place() -> None:
    index = StatementIndex([build_segment(ENTRIES)])
    told = AskedWords("Closd piers, aylaq! of the Harbor", index).explain(ENTRIES[0].fields)
    assert [(one.asked, one.field, one.said) for one in told.found] == [
        ("Closd", "claim", "closed"), ("piers", "claim", "pier"), ("aylaq", "quote", "айлақ"), ("the", "claim", "The"),
        ("Harbor", "party", "Harbour"),
    ]  # fmt: skip
    assert all(one.text[slice(*one.span)] == one.said for one in told.found)
    assert 0.6 < told.coverage < 1
    assert AskedWords("closed", index).explain(ENTRIES[0].fields).coverage == pytest.approx(1)
    assert not AskedWords("*", index)


def test_fields_are_indexed_once_and_as_far_as_they_count() -> None:
    fields = said_texts([("claim", "a" * 5000), ("quote", " "), ("party", "Ann"), ("party", "Ann")])
    assert fields == (("claim", "a" * 4000), ("party", "Ann"))
