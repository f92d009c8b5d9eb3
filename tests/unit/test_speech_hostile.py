"""Texts that are made to take long: what is found of speech takes time that grows as the text does, and no depth of calls."""

from collections.abc import Callable

import pytest
from growth import assert_fair_growth

from claimreg.speech.propose import propose, quotations

MADE: dict[str, Callable[[int], str]] = {
    "no full stop": lambda size: "word " * size,
    "marks alone": lambda size: '"' * size,
    "marks by turns with spaces": lambda size: '" ' * size,
    "opening marks alone": lambda size: "“" * size,
    "closing marks alone": lambda size: "a. b” " * size,
    "nested deep": lambda size: "“«" * (size // 2) + "x" + "»”" * (size // 2),
    "lines that open a mark": lambda size: "“a\n" * size,
    "empty lines in a mark": lambda size: "“a" + "\n" * size + "“b",
    "lines that go on amid a sentence": lambda size: "“a b" + "\nc d" * size,
    "cues in one sentence": lambda size: "he said " * size,
    "cues with contents": lambda size: "he said that it is “a b” now " * size,
    "cues behind quotations": lambda size: "“Go on,” he said, " * size,
    "joined cues": lambda size: "and said it is " * size,
    "participles": lambda size: ", saying x is, " * size,
    "sources": lambda size: "according to Bob, it is so, " * size,
    "names": lambda size: "Anna " * size + "said it is so",
    "appositives": lambda size: "Anna, the mayor, " * size + "said it is so",
    "colons": lambda size: "said: " * size,
    "turns": lambda size: "JUDGE: b\n" * size,
    "decomposed marks": lambda size: "a" + "\u0301" * size,
    "apostrophes behind a comma": lambda size: "'" + "a" * size + ", " + "b' " * size,
    "marks in one that stays open": lambda size: "x\n“a " + "“b” " * size,
    "apostrophes": lambda size: "'a " * size,
}


@pytest.mark.parametrize("name", MADE)
def test_statements_are_found_in_time_that_grows_as_the_text(name: str) -> None:
    def make(size: int) -> Callable[[], object]:
        text = MADE[name](size)
        return lambda: propose(text, "en", everything=True)

    assert_fair_growth(make, 3000)


@pytest.mark.parametrize("name", MADE)
def test_quotations_are_found_in_time_that_grows_as_the_text(name: str) -> None:
    def make(size: int) -> Callable[[], object]:
        text = MADE[name](size)
        return lambda: quotations(text, "en")

    assert_fair_growth(make, 3000)
