"""Two indexes are compared claim by claim, in whatever segments and places the claims are."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from claimreg.rank.comparing import differing
from claimreg.rank.index import StatementIndex
from claimreg.rank.segment import Entry, Held, Segment, build_segment

WORDS = st.sampled_from(["pier", "crane", "көпір", "жабылды", "мост", "1990", "ferry"])
FIELDS = st.tuples(st.sampled_from(["claim", "title", "quote", "party", "tag"]), st.lists(WORDS, min_size=1, max_size=5).map(" ".join))
CLAIMS = st.dictionaries(st.integers(1, 2**32 - 1), st.lists(FIELDS, min_size=1, max_size=3), max_size=12)


def index(claims: dict[int, list[tuple[str, str]]], size: int) -> StatementIndex:
    """An index of claims in segments of a size."""
    entries = [Entry(number, tuple(fields)) for number, fields in claims.items()]
    return StatementIndex([build_segment(entries[begin : begin + size]) for begin in range(0, len(entries), size)])


@given(CLAIMS, st.integers(1, 12), st.integers(1, 12))
def test_claims_in_other_segments_are_the_same(claims: dict[int, list[tuple[str, str]]], size: int, other: int) -> None:
    turned = dict(reversed(claims.items()))
    assert differing(index(claims, size), index(turned, other)) == set()


@given(CLAIMS, CLAIMS, st.integers(1, 12))
def test_claims_that_differ_are_told(claims: dict[int, list[tuple[str, str]]], others: dict[int, list[tuple[str, str]]], size: int) -> None:
    both = claims | others
    expected = {number for number in both if claims.get(number) != both[number]}
    found = differing(index(claims, size), index(both, 5))
    assert found == expected == differing(index(both, 5), index(claims, size))


def test_claims_that_are_gone_do_not_count() -> None:
    claims = {1: [("claim", "The pier is closed")], 2: [("claim", "The crane fell")], 3: [("claim", "Nobody was hurt")]}
    whole = index(claims, 2)
    assert differing(StatementIndex(whole.segments, [1]), index({1: claims[1], 3: claims[3]}, 5)) == set()
    assert differing(StatementIndex(whole.segments, [1]), whole) == {2}


def test_a_claim_that_is_there_twice_differs() -> None:
    claims = {1: [("claim", "The pier is closed")], 2: [("claim", "The crane fell")]}
    once = index(claims, 5)
    twice = StatementIndex([*once.segments, *index({2: claims[2]}, 5).segments])
    assert differing(once, twice) == differing(twice, once) == {2}


@pytest.mark.parametrize("column", ["words.terms", "words.counts", "words.places", "grams.terms", "grams.lengths", "said"])
def test_any_part_of_an_index_counts(column: str) -> None:
    claims = {1: [("claim", "The pier is closed")], 2: [("claim", "The crane fell")]}
    once = index(claims, 5)
    columns = dict(once.segments[0].columns)
    changed = columns[column].part(0, len(columns[column])).copy()
    changed[0] ^= 1
    columns[column] = Held(changed)
    assert differing(once, StatementIndex([Segment(columns)])) != set()
