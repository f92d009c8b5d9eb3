from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from claimreg.text.words import words


def split(text: str) -> list[str]:
    return [text[start:end] for start, end in words(text)]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("", []),
        ("… — «»", []),
        ("Ол «жоқ» деді.", ["Ол", "жоқ", "деді"]),
        ("don't isn’t 'tis", ["don't", "isn’t", "tis"]),
        ("ten-point Twitter-дегі", ["ten", "point", "Twitter", "дегі"]),
        ("co\u00adope\u00adrate", ["co\u00adope\u00adrate"]),
        ("app-\neral байланыс\u00ad\nтырушы", ["app-\neral", "байланыс\u00ad\nтырушы"]),
        ("one -\n\ntwo", ["one", "two"]),
        ("1,000.5 and 4, 8", ["1,000.5", "and", "4", "8"]),
        ("हिन्दी क्या", ["हिन्दी", "क्या"]),
        ("日本カー", ["日", "本", "カ", "ー"]),
        ("ก็ที่", ["ก็", "ที่"]),
        ("한국어 말", ["한국어", "말"]),
    ],
)
def test_words(text: str, expected: list[str]) -> None:
    assert split(text) == expected


@given(st.text(max_size=200))
def test_spans_are_ordered_and_apart(text: str) -> None:
    spans = words(text)
    assert all(0 <= start < end <= len(text) for start, end in spans)
    assert all(before.end <= after.start for before, after in pairwise(spans))
