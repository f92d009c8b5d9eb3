from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from claimreg.text.fold import fold, fold_key

LETTERS = st.text(st.sampled_from("aéİßﬁЁйқңіІҒһäöñçğışžΆϊά각힣ガがنآكيहिन्दीक़ไทยก็漢字١٢٣ \u00ad-…«”'\n.\U0001f600"), max_size=60)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("«Ақпарат»", '"ақпарат"'),
        ("ҚАЗАҚ", "қазақ"),
        ("co\u00adope-\nrate", "cooperate"),
        ("ёлка", "елка"),
        ("кeшірім", "кешірім"),
        ("кешipiм", "кешірім"),
        ("straße", "STRASSE"),
        ("ﬁnal", "final"),
        ("٣٤", "34"),
        ("كتابي", "کتابی"),
        ("Ўрта", "ўрта"),
        ("ǝлем", "әлем"),
        ("aһa", "aha"),
    ],
)
def test_the_same_words_have_the_same_key(one: str, other: str) -> None:
    assert fold_key(one) == fold_key(other)


@pytest.mark.parametrize(
    ("one", "other"),
    [("к", "қ"), ("г", "ғ"), ("н", "ң"), ("у", "ү"), ("ұ", "ү"), ("о", "ө"), ("а", "ә"), ("н", "һ"), ("l", "ł"), ("и", "і"), ("कि", "की")],
)
def test_letters_of_one_script_stay_apart(one: str, other: str) -> None:
    assert fold_key(one) != fold_key(other)


@pytest.mark.parametrize("nothing", ["", " \n\t", "—…«»'\u00ad\u200b\ufeff", "\U0001f600★№", "\ud800\udfff"])
def test_what_is_no_letter_has_no_key(nothing: str) -> None:
    assert fold_key(nothing) == ""


@given(LETTERS | st.text(max_size=60))
def test_both_ways_of_folding_agree_and_lead_back(text: str) -> None:
    folded = fold(text)
    assert folded.key == fold_key(text)
    assert len(folded.starts) == len(folded.ends) == len(folded.key)
    assert list(folded.starts) == sorted(folded.starts)
    assert list(folded.ends) == sorted(folded.ends)
    for character, start, end in zip(folded.key, folded.starts, folded.ends, strict=True):
        assert 0 <= start < end <= len(text)
        assert character in fold_key(text[start:end])
        assert not 0xD800 <= ord(character) <= 0xDFFF


@given(LETTERS)
def test_composed_and_decomposed_fold_alike(text: str) -> None:
    assert fold_key(unicodedata.normalize("NFC", text)) == fold_key(unicodedata.normalize("NFD", text))


@given(LETTERS)
def test_folding_twice_changes_nothing(text: str) -> None:
    assert fold_key(fold_key(text)) == fold_key(text)


def test_a_mark_belongs_to_its_letter() -> None:
    folded = fold("е\u0308ж")
    assert (list(folded.starts), list(folded.ends)) == ([0, 2], [2, 3])
