import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from claimreg.rank.explain import AskedWords
from claimreg.rank.index import StatementIndex
from claimreg.rank.ranker import rank
from claimreg.rank.segment import Entry, build_segment
from claimreg.rank.statement import read_statement
from claimreg.text.han import in_simplified
from claimreg.text.other_spellings import other_spelling, other_spellings, otherwise_spelt


@pytest.mark.parametrize(
    ("word", "other"),
    [
        ("köprüçü", "köprücü"),
        ("ŞIRNAK", "SIRNAK"),
        ("Gdańszczanie", ""),
        ("Źrebię", "Zrebię"),
        ("çarşı", "carsı"),
        (unicodedata.normalize("NFD", "çarşı"), "carsı"),
        ("đèn", "dèn"),
        ("көпір", ""),
        ("bridge", ""),
        ("الجسور", "جسور"),
        ("والجسور", "جسور"),
        ("للجسور", "جسور"),
        ("بِالجُسُور", "جسور"),
        ("الى", ""),
        ("جسور", ""),
    ],
)
def test_a_word_is_typed_without_marks_and_asked_for_without_its_article(word: str, other: str) -> None:
    assert other_spelling(word) == other
    assert other_spellings(f"the {word}, 12") == ([other] if other else [])
    assert otherwise_spelt(f"the {word}, 12") == f"the {other or word}, 12"


@given(st.text())
def test_any_text_has_other_spellings_or_none(text: str) -> None:
    assert (otherwise_spelt(text) != text) <= bool(other_spellings(text))
    assert len(in_simplified(text)) == len(text)


def test_traditional_characters_are_written_as_the_simplified_ones() -> None:
    assert in_simplified("橋樑已關閉 (Brücke)") == "桥梁已关闭 (Brücke)"


def index_of(*claims: str) -> StatementIndex:
    return StatementIndex([build_segment([Entry(number, (("claim", claim),)) for number, claim in enumerate(claims)])])


@pytest.mark.parametrize(
    ("query", "claim"),
    [
        ("carsi kopruculeri kapatildi", "Çarşı köprücüleri kapatıldı"),
        ("橋樑關閉", "桥梁已关闭"),
        ("桥梁关闭", "橋樑已關閉"),
        ("جسور مغلقة", "الجسور في المدينة مغلقة"),
    ],
)
def test_a_statement_in_another_spelling_is_like_the_claim(query: str, claim: str) -> None:
    index = index_of("The pier is closed", claim, "Айлақ жабық")
    first = rank(index, read_statement([query]), 1)[0]
    assert first.place == 1
    assert first.score > 40


@pytest.mark.parametrize(
    ("query", "claim"),
    [
        ("zzz", "Team Z won, and z is the last letter"),
        ("ыыы", "Lodge III is closed"),
        ("qqq", "The KKK marched"),
        ("ann", "The ferry took an hour"),
        ("pore", "The port is closed"),
        ("bridge", "Айлақ жабық"),
    ],
)
def test_a_word_that_is_not_there_is_not_found(query: str, claim: str) -> None:
    explanation = AskedWords(query, index_of(claim)).explain([("claim", claim)])
    assert (explanation.coverage, explanation.found) == (0, ())


@pytest.mark.parametrize(
    ("query", "claim", "said"),
    [
        ("kkk", "The KKK marched", "KKK"),
        ("Ann", "Ann took the ferry", "Ann"),
        ("prot", "The port is closed", "port"),
        ("icli", "Tatlı ve içli bir köfte", "içli"),
        ("içli", "tatli ve icli bir kofte", "icli"),
        ("zubr", "Żubr wrócił do lasu", "Żubr"),
        ("جسور", "وزارة للجسور", "للجسور"),
        ("الجسور", "جسور المدينة", "جسور"),
        ("橋", "这座桥", "桥"),
    ],
)
def test_a_word_is_found_in_each_of_its_spellings_as_it_is_written(query: str, claim: str, said: str) -> None:
    explanation = AskedWords(query, index_of(claim)).explain([("claim", claim)])
    assert [(one.asked, one.said) for one in explanation.found] == [(query, said)]
    assert explanation.coverage > 0.7
