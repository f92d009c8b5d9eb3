"""What the close look may leave out: only what could not have been accepted, and words read once are the words read anew."""

from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st

from claimreg.linker import LayeredLinker
from claimreg.linker.accept import may_be_accepted
from claimreg.linker.collection import Collection, Ground
from claimreg.linker.partial import may_hold_stretches, partial_places
from claimreg.linker.passage import Passage, TextIndex, passage_at, passage_of, read_quote
from claimreg.linker.search import similar_places
from claimreg.model import Span

COMMON = ["the", "of", "and", "in", "that", "for", "his", "with", "was", "not", "two", "1999"]
RARE = ["lighthouse", "tangerine", "waistcoat", "auditors", "governor", "province", "harbour", "witness", "Иванов", "көпір", "қала"]
WORD = st.sampled_from(COMMON + RARE) | st.text("abdeikmnorst", min_size=3, max_size=9)
SLIPS = st.lists(st.tuples(st.integers(0, 400), st.sampled_from("axк1 ")), max_size=12)
PIECE = st.sampled_from([*"aбé1中'’-.,\n\t \u00ad\u200d\u0301", "-\n", " " * 13, "-\n" + " " * 14, "wordword", "x" * 30, "y" * 60])


def archive() -> Collection:
    found = Collection()
    found.observe(" ".join(COMMON * 40 + RARE))
    found.size = 20_000_000
    return found


ARCHIVE = archive()


def misread(text: str, slips: list[tuple[int, str]]) -> str:
    letters = list(text)
    for at, letter in slips:
        if at < len(letters):
            letters[at] = letter
    return "".join(letters)


@st.composite
def quotes_in_texts(draw: st.DrawFn) -> tuple[str, str]:
    """A quote, and a text that holds pieces of it, misread and parted by other words."""
    words = draw(st.lists(WORD, min_size=2, max_size=30))
    cut = draw(st.integers(0, len(words)))
    between = draw(st.lists(WORD, max_size=15))
    text = misread(" ".join([*words[:cut], *between, *words[cut:]]), draw(SLIPS))
    return " ".join(words), f"{' '.join(draw(st.lists(WORD, max_size=10)))} {text} {' '.join(draw(st.lists(WORD, max_size=10)))}"


@settings(max_examples=150, deadline=None)
@given(quotes_in_texts())
def test_no_place_tells_more_than_the_bits_of_all_words(case: tuple[str, str]) -> None:
    quote, text = case
    passage, index, ground = passage_of(quote, 0, len(quote)), TextIndex(text), Ground(ARCHIVE, len(text))
    places = similar_places(passage, index, Span(0, len(index.key)), ground)
    assert all(place.evidence.told <= ground.all_bits(passage) + 1e-9 for place in places)
    if not may_be_accepted(passage, ground):
        assert not any(place.accepted for place in places)
    stretches = partial_places(places, passage, index, ground)
    assert all(one.evidence.told <= ground.all_bits(passage) + ground.most_bits_of_a_word(passage) + 1e-9 for one in stretches)
    assert not stretches or may_hold_stretches(passage, ground)


@settings(max_examples=150, deadline=None)
@given(quotes_in_texts())
def test_the_matches_are_the_same_with_and_without_the_nearest_place(case: tuple[str, str]) -> None:
    quote, text = case
    sought, index = read_quote(quote), TextIndex(text)
    assert LayeredLinker(ARCHIVE).matches_prepared(sought, index) == LayeredLinker(ARCHIVE).find_prepared(sought, index).matches


def test_a_quote_that_tells_enough_is_looked_for_and_one_that_does_not_is_not() -> None:
    ground = Ground(ARCHIVE, 0)
    poor, rich = "two of the", " ".join(RARE)
    assert [may_be_accepted(passage_of(quote, 0, len(quote)), ground) for quote in (poor, rich)] == [False, True]
    assert may_be_accepted(passage_of(poor, 0, len(poor)), Ground(None, 0))


@settings(max_examples=300, deadline=None)
@given(st.lists(PIECE, max_size=60).map("".join), st.lists(st.tuples(st.integers(0, 400), st.integers(0, 400)), min_size=1, max_size=4))
def test_words_read_once_are_those_read_anew(text: str, stretches: list[tuple[int, int]]) -> None:
    index = TextIndex(text)
    for one, other in stretches:
        start, end = sorted((min(one, len(index.key)), min(other, len(index.key))))
        if start < end:
            assert index.passage(start, end) == passage_at(text, *index.origin(start, end))


@given(st.lists(PIECE, max_size=40).map("".join))
def test_a_part_of_a_text_read_at_once_is_the_passage_of_its_words(text: str) -> None:
    index = TextIndex(text)
    if not index.key:
        return
    read, first, last = index.touched(0, len(index.key))
    for begin in range(first, last):
        found: Passage = read.passage(begin, last)
        assert found == passage_of(text, read.starts[begin], read.ends[last - 1])
