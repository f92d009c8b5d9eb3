"""Texts and quotes that are out to waste time or break offsets; each is answered in seconds."""

from __future__ import annotations

import random
from typing import TYPE_CHECKING

import pytest

from claimreg.errors import InputError
from claimreg.linker import LayeredLinker
from claimreg.model import Flag, LinkKind

if TYPE_CHECKING:
    from claimreg.linker import Findings

SIXTY_MEGABYTES = 60_000_000
SENTENCE = "The council met on Monday and the mayor spoke about the bridge, the harbour and the schools of the town. "


def find(quote: str, text: str) -> Findings:
    found = LayeredLinker().find(quote, text)
    assert all(match.exact == text[match.start : match.end] for match in found.matches)
    return found


def line(letters: int) -> str:
    rng = random.Random(7)  # noqa: S311 -- filler, not secrets
    words = ["".join(rng.choices("abcdefghijklmnoprstuvw", k=rng.randint(3, 9))) for _ in range(20_000)]
    return " ".join(rng.choices(words, k=letters // 7))[:letters]


@pytest.mark.timeout(120)
def test_sixty_megabytes_in_one_line() -> None:
    text = line(SIXTY_MEGABYTES)
    middle = text.index(" ", len(text) // 2) + 1
    end = text.index(" ", middle + 90)
    wrong = text[middle:end].replace("a", "o", 2)
    assert find(text[middle:end], text).matches[0].start == middle
    assert find(wrong, text).matches[0].start == middle
    assert find("an altogether different sentence that stands nowhere at all", text).matches == ()


@pytest.mark.timeout(60)
def test_sixty_megabytes_of_one_sentence() -> None:
    """The worst case found: every letter group stands everywhere; the first places stand for all."""
    text = (SENTENCE * (SIXTY_MEGABYTES // len(SENTENCE) + 1))[:SIXTY_MEGABYTES]
    found = find("The council met on Friday and the mayor spoke of the bridge", text)
    assert {match.kind for match in found.matches} == {LinkKind.ALTERED}
    assert Flag.DATE in found.matches[0].flags


@pytest.mark.timeout(30)
@pytest.mark.parametrize("quote", ["a" * 12, "a" * 11 + "b", "a" * 20_000, "ab" * 6_000])
def test_one_repeated_character(quote: str) -> None:
    find(quote, "a" * 5_000_000)


@pytest.mark.parametrize("quote", ["a", "😀", "?!…«»", "\ud800", "\x00", "\u202e\u2066\u2069", " \t\n", "x y" * 33_334])
def test_a_quote_that_cannot_be_looked_for_is_refused_in_a_sentence(quote: str) -> None:
    with pytest.raises(InputError, match=r"^The quote .*\.$"):
        find(quote, SENTENCE)


@pytest.mark.timeout(30)
def test_a_quote_that_stands_a_hundred_thousand_times() -> None:
    found = find("over and over again", "over and over again. " * 100_000).matches
    assert len(found) == 1000
    assert all(Flag.CAPPED in match.flags and Flag.AMBIGUOUS in match.flags for match in found)


@pytest.mark.timeout(30)
def test_a_misspelt_quote_that_stands_a_hundred_thousand_times() -> None:
    assert find("over amd over agian then", "over and over again then. " * 100_000).matches[0].kind is LinkKind.NEAR


@pytest.mark.timeout(60)
@pytest.mark.parametrize("parts", [2, 50, 500])
def test_many_ellipses(parts: int) -> None:
    find(" … ".join(["over and"] * parts), "over and over again " * 20_000)


@pytest.mark.timeout(60)
def test_a_long_quote_with_noise_throughout() -> None:
    text = line(400_000)
    quote = "".join("x" if at % 9 == 4 and letter != " " else letter for at, letter in enumerate(text[1_000:20_900]))
    assert len(find(quote, text).matches) == 1


def test_surrogates_nul_and_bidi_marks() -> None:
    text = "x \ud800 the old bridge \x00was clo\u200esed for \u2067repairs\u2069 \udfff"
    match = find("the old \udc80bridge was \x00closed for\u202e repairs", text).matches[0]
    assert match.kind is LinkKind.TYPOGRAPHIC
    assert match.exact == "the old bridge \x00was clo\u200esed for \u2067repairs"


@pytest.mark.timeout(60)
def test_other_letters_in_a_long_text() -> None:
    assert find("qazaqstan respublikasynyñ prezidentı sailauy", "Ол туралы кеше айтты. " * 100_000).matches == ()


@pytest.mark.parametrize("letter", ["9", "x", "и"])
@pytest.mark.parametrize("length", [451, 900, 5_000, 20_000])
def test_a_quote_far_longer_than_the_text_is_not_there(letter: str, length: int) -> None:
    for text in ("", letter, "Some words of a notice.\n" * 3, letter * (length // 3)):
        assert LayeredLinker().find(letter * length, text).matches == ()
