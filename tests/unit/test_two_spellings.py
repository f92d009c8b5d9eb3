"""Words that a script may write in two ways are the same words, and words that differ stay different."""

import pytest

from claimreg.linker.compare import compare
from claimreg.linker.judge.two_spellings import by_spelling
from claimreg.linker.passage import passage_of
from claimreg.linker.sameness import Sameness
from claimreg.text.spelling import one_spelling


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("น้ำ", "น\u0e4d\u0e49\u0e32"),
        ("น้ำ", "น\u0e49\u0e4d\u0e32"),
        ("ນ້ຳ", "ນ\u0ecd\u0ec9\u0eb2"),
        ("हिंदी", "हिन्दी"),
        ("संबंध", "सम्बन्ध"),
        ("সংগীত", "সঙ্গীত"),
        ("അവൻ", "അവന്\u200d"),
        ("സർക്കാർ", "സർക്കാര്"),
        ("և", "եւ"),
        ("ԵՎ", "և"),
    ],
)
def test_two_spellings_are_one(one: str, other: str) -> None:
    assert one_spelling(one) == one_spelling(other)


@pytest.mark.parametrize(("one", "other"), [("นำ", "นา"), ("नाम", "नाल"), ("कम", "कंम"), ("հաւ", "հեւ"), ("año", "ano")])
def test_other_words_stay_apart(one: str, other: str) -> None:
    assert one_spelling(one) != one_spelling(other)


@pytest.mark.parametrize(
    ("quote", "text", "same"),
    [
        ("น\u0e4d\u0e49\u0e32ท่วมเมือง", "น้ำท่วมเมือง", True),
        ("ทำงานในเมือง", "ทางานในเมือง", False),
        ("मंत्री ने सम्बन्ध तोड़े", "मंत्री ने संबंध तोड़े", True),
        ("मंत्री ने सम्बन्ध तोड़े", "मंत्री ने संबंध जोड़े", False),
        ("Մարդիկ եւ քաղաքը", "ՄԱՐԴԻԿ ԵՎ ՔԱՂԱՔԸ", True),
    ],
)
def test_a_run_of_steps_with_one_spelling_is_one_step_of_the_same_words(quote: str, text: str, *, same: bool) -> None:
    left, right = passage_of(quote, 0, len(quote)), passage_of(text, 0, len(text))
    steps = by_spelling(compare(left, right, right.span).steps, quote, text)
    assert all(step.same is Sameness.SAME for step in steps) is same
    assert "".join(word.key for step in steps for word in step.quote) == left.key
    assert "".join(word.key for step in steps for word in step.source) == right.key
