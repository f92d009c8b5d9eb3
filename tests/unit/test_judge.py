"""The judge of two words: each question of its order, and each reason that it gives."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from claimreg.languages import language
from claimreg.linker.judge.costs import LOST, MOVED, SHAPE, cost, neighbours
from claimreg.linker.judge.names import Naming, are_spellings_of_a_name
from claimreg.linker.judge.setting import Setting
from claimreg.linker.judge.words import Degree, Pair, Reason, judge_pair, pair_of
from claimreg.vocabulary import Flag


class Listed:
    """A dictionary of the forms given, each with its lemma's number."""

    def __init__(self, **lemmas: int) -> None:
        self._lemmas = lemmas

    def lemmas(self, word: str) -> frozenset[int]:
        forms = (word, word.lower(), word.lower().capitalize())
        return frozenset(self._lemmas[form] for form in forms if form in self._lemmas)

    def knows(self, word: str) -> bool:
        return bool(self.lemmas(word))

    def is_common(self, word: str) -> bool:
        return word.lower() in self._lemmas

    def is_proper(self, word: str) -> bool:
        return word.lower().capitalize() in self._lemmas


def setting(tag: str = "en", *, noisy: bool = False, bare: bool = False, **lemmas: int) -> Setting:
    """A setting in which just these words are known; without any, there is no dictionary."""
    return Setting(language(tag), Listed(**lemmas) if lemmas else None, known=bool(lemmas), noisy=noisy, bare=bare)


def told(pair: Pair) -> tuple[Degree, Reason]:
    answer = judge_pair(pair)
    return answer.degree, answer.reason


@pytest.mark.parametrize(
    ("quote", "source", "of", "degree", "reason"),
    [
        ("XIV", "XIX", setting(), Degree.OTHER, Reason.ROMAN),
        ("Harbour", "harbour", setting(), Degree.SAME, Reason.LETTERS),
        ("елка", "ёлка", setting("ru"), Degree.SAME, Reason.LETTERS),
        ("замо\u0301к", "замок", setting("ru"), Degree.SAME, Reason.LETTERS),
        ("кiм", "кім", setting("kk", кім=1), Degree.SAME, Reason.LETTERS),
        ("кол", "көл", setting("kk", кол=1, көл=2), Degree.SLIP, Reason.MARKS),
        ("sinir", "sınır", setting("tr", sinir=1, sınır=2), Degree.OTHER, Reason.MARKS_OF_TWO_WORDS),
        ("ma", "má", setting("vi"), Degree.SLIP, Reason.MARKS),
        ("mà", "má", setting("vi"), Degree.OTHER, Reason.TONES),
        ("peña", "pena", setting("es", peña=1, pena=2), Degree.OTHER, Reason.MARKS_OF_TWO_WORDS),
        ("cafe", "café", setting("fr", café=1, thé=2), Degree.SLIP, Reason.MARKS),
        ("cafe", "café", setting("fr", bare=True, café=1), Degree.SAME, Reason.MARKS),
        ("pena", "peña", setting("es", bare=True, peña=1, pena=2), Degree.SLIP, Reason.MARKS),
        ("cant", "cannot", setting(), Degree.SLIP, Reason.CONTRACTION),
        ("defence", "defense", setting(), Degree.SLIP, Reason.SPELLING),
        ("unpaid", "paid", setting(unpaid=1, paid=2), Degree.OTHER, Reason.NEGATION),
        ("eleven", "seven", setting(eleven=1, seven=2), Degree.OTHER, Reason.TWO_MARKED),
        ("even", "seven", setting(even=1, seven=2), Degree.OTHER, Reason.MARKED),
        ("sevven", "seven", setting(seven=2), Degree.SLIP, Reason.MISREAD),
        ("ferries", "ferry", setting(ferries=1, ferry=1), Degree.ENDING, Reason.LEMMA),
        ("ferry", "merry", setting(ferry=1, merry=2), Degree.OTHER, Reason.TWO_WORDS),
        ("care", "cave", setting(noisy=True, care=1, cave=2), Degree.OTHER, Reason.TWO_WORDS),
        ("eat", "cat", setting(noisy=True, eat=1, cat=2), Degree.SLIP, Reason.MISREAD),
        ("harbuor", "harbour", setting(harbour=1), Degree.SLIP, Reason.SLIP),
        ("hxrqour", "harbour", setting(harbour=1), Degree.OTHER, Reason.FAR),
        ("brindles", "brindled", setting(quay=1), Degree.ENDING, Reason.ENDING),
        ("brindlc", "brindle", setting(), Degree.SLIP, Reason.SLIP),
        ("bribdle", "brindle", setting(), Degree.SLIP, Reason.UNSURE),
        ("brizdle", "brindle", setting(), Degree.OTHER, Reason.FAR),
    ],
)
def test_the_first_question_that_has_an_answer_gives_it(quote: str, source: str, of: Setting, degree: Degree, reason: Reason) -> None:
    assert told(pair_of(quote, source, of)) == (degree, reason)


@pytest.mark.parametrize(
    ("quote", "source", "of", "degree", "reason", "flags"),
    [
        ("Дубова", "Дубов", setting("ru"), Degree.ENDING, Reason.GENDER, {Flag.NAME}),
        ("Дубову", "Дубов", setting("ru"), Degree.ENDING, Reason.ENDING, set()),
        ("Kyiv", "Kiev", setting(), Degree.SLIP, Reason.TRANSLITERATION, set()),
        ("Marlow", "Barlow", setting(Marlow=1, Barlow=2), Degree.OTHER, Reason.NAME, {Flag.NAME}),
        ("Marlow", "Marlkw", setting(quay=1), Degree.OTHER, Reason.NAME, {Flag.NAME}),
        ("Marltw", "Marlow", setting(Marlow=1), Degree.OTHER, Reason.NAME, {Flag.NAME}),
        ("Markw", "Marlw", setting(quay=1, noisy=True), Degree.OTHER, Reason.NAME, set()),
        ("Mar1ow", "Marlow", setting(Marlow=1), Degree.SLIP, Reason.NAME_SLIP, set()),
        ("Harbuor", "Harbour", setting(harbour=1), Degree.SLIP, Reason.SLIP, set()),
        ("Iran", "Irak", setting("de", Iran=1, Irak=2), Degree.OTHER, Reason.NAME, {Flag.NAME}),
        ("Kai", "Kap", setting("de", Kai=1, Kap=2), Degree.OTHER, Reason.NAME, set()),
    ],
)
def test_of_names_a_slip_needs_one_look_alike_letter_and_no_name_for_a_result(
    quote: str, source: str, of: Setting, degree: Degree, reason: Reason, flags: set[Flag]
) -> None:
    answer = judge_pair(pair_of(quote, source, of, Naming.FIRST))
    assert (answer.degree, answer.reason, set(answer.flags)) == (degree, reason, flags)


def test_a_name_that_stands_elsewhere_in_the_document_is_no_slip() -> None:
    assert told(pair_of("Mar1ow", "Marlow", setting(quay=1), Naming.INSIDE, elsewhere=True)) == (Degree.OTHER, Reason.NAME)


def test_a_word_that_stands_elsewhere_in_the_document_is_no_slip() -> None:
    assert told(pair_of("brindlc", "brindle", setting(), elsewhere=True)) == (Degree.OTHER, Reason.TWO_WORDS)


def test_an_affix_that_denies_is_none_in_names() -> None:
    assert judge_pair(pair_of("Inman", "Man", setting(), Naming.INSIDE)).reason is not Reason.NEGATION


def test_what_scanners_confuse_counts_in_noise_alone() -> None:
    assert cost("osama", "obama").total > SHAPE >= cost("osama", "obama", scanned=True).total


def test_each_change_has_its_cost() -> None:
    assert cost("teh", "the").total == cost("bitter", "biter").total == MOVED
    assert cost("harbour", "harour").total == LOST
    assert cost("comrnerce", "commerce").total == SHAPE
    assert cost("a" * 50, "b").total > 50


def test_a_key_has_neighbours_in_its_row_and_the_one_above() -> None:
    found = neighbours(("qwe", "asd"))
    assert ("q", "w") in found
    assert {("q", "a"), ("w", "a"), ("w", "s"), ("e", "s")} <= found
    assert not {("q", "e"), ("q", "s")} & found


WORDS = st.text("abcdeilmnorstu", max_size=9)


@given(WORDS, WORDS)
def test_the_cost_is_the_same_both_ways_and_nothing_for_the_same_word(left: str, right: str) -> None:
    for scanned in (False, True):
        assert cost(left, right, scanned=scanned).total == pytest.approx(cost(right, left, scanned=scanned).total)
    assert (cost(left, right).total == 0) == (left == right)


@given(WORDS.filter(bool))
def test_a_word_is_the_same_as_itself_whatever_is_known(word: str) -> None:
    for of in (setting(), setting(quay=1), setting(noisy=True), setting("")):
        for named in Naming:
            assert judge_pair(pair_of(word, word, of, named)).degree is Degree.SAME


@given(WORDS.filter(bool), WORDS.filter(bool))
def test_spellings_of_a_name_are_so_both_ways(left: str, right: str) -> None:
    assert are_spellings_of_a_name(left, right) == are_spellings_of_a_name(right, left)
