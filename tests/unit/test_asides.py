"""What is no speech between the words is set aside, and what may be speech is not."""

import pytest

from claimreg.linker import LayeredLinker, Match
from claimreg.model import Flag, LinkKind, WordChange

FIND = LayeredLinker().find


def only(quote: str, text: str) -> Match:
    (match,) = FIND(quote, text).matches
    return match


def aside(match: Match, quote: str) -> list[str]:
    sides = (
        (edit, quote[slice(*edit.quote)], match.exact[edit.source.start - match.start : edit.source.end - match.start])
        for edit in match.words
    )
    return [ours or theirs for edit, ours, theirs in sides if edit.change is WordChange.ASIDE]


@pytest.mark.parametrize(
    ("quote", "text", "set_aside"),
    [
        ("The mayor sold [sic] him the old harbour", "Then the mayor sold him the old harbour.", ["sic"]),
        ("The mayor sold it [the harbour] to his cousin", "Then the mayor sold it to his cousin.", ["the harbour"]),
        ("The mayor sold the old harbour (emphasis ours)", "Then the mayor sold the old harbour.", ["emphasis ours"]),
        ("Мэр продал старую гавань (курсив наш) брату", "Вчера мэр продал старую гавань брату.", ["курсив наш"]),
        ("The mayor sold the old harbour", "Then the mayor[7] sold the old [9] harbour.", ["7", "9"]),
        ("The mayor sold the old harbour", "Then the mayor¹² sold the old.⁴ Harbour", ["⁴"]),
        (
            "The mayor sold the old harbour to his cousin",
            "The mayor sold the\n[00:04:11] Speaker 2: old harbour to his cousin",
            ["00:04:11] Speaker 2"],
        ),
        ("I saw the mayor leave the harbour", "Q. What then?\nA. I saw the mayor\nTHE CLERK: leave the harbour.", ["THE CLERK"]),
        (
            "We sold the harbour and the two old boats",
            "We sold the harbour https://example.org/x1 and the two old boats",
            ["https://example.org/x1"],
        ),
        ("Order No. 35 of the harbour was signed in May", "Order №35 of the harbour was signed in May.", ["No"]),
        ("We sold the harbour and the two old boats", "We sold the harbour 1/ and the two old boats", ["1"]),
        (
            "the mayor sold the old harbour to his cousin in the spring",
            " 6  It was that year\n 7  the mayor sold the old harbour to his\n 8  cousin in the spring.\n",
            ["8"],
        ),
        (
            "the mayor sold the old harbour to his cousin in the spring",
            "the mayor sold the old harbour\n4 The harbour was built before the war. to his cousin in the spring",
            ["4 The harbour was built before the war"],
        ),
        ("the mayor sold the old harbour to his cousin", "the mayor sold the old\n\n- 12 -\n\nharbour to his cousin", ["12"]),
    ],
)
def test_what_is_no_speech_is_set_aside_and_shown(quote: str, text: str, set_aside: list[str]) -> None:
    match = only(quote, text)
    assert match.kind is LinkKind.TYPOGRAPHIC
    assert (match.edits, match.flags) == (0, ())
    assert aside(match, quote) == set_aside


@pytest.mark.parametrize(
    ("quote", "text", "flag"),
    [
        ("The fire hurt people and 6 of their dogs that night", "The fire hurt 5 people and 6 of their dogs that night.", Flag.NUMBER),
        ("The mayor sold the old harbour to his cousin", "The mayor sold the old harbour\nNot true: to his cousin", Flag.NEGATION),
        ("The mayor sold the old harbour to his cousin", "The mayor sold the old harbour 12 times to his cousin", Flag.NUMBER),
        ("The mayor sold the old harbour (never mind why) to his cousin", "The mayor sold the old harbour to his cousin", Flag.NEGATION),
    ],
)
def test_what_may_be_speech_counts(quote: str, text: str, flag: Flag) -> None:
    match = only(quote, text)
    assert match.kind is LinkKind.ALTERED
    assert flag in match.flags


def test_a_letter_in_brackets_is_part_of_its_word() -> None:
    match = only("[H]e sold the old harb[ou]r to his cousin", "Then he sold the old harbour to his cousin.")
    assert match.kind is LinkKind.TYPOGRAPHIC
    assert aside(match, "[H]e sold the old harb[ou]r to his cousin") == []


def test_brackets_on_both_sides_are_words_on_both_sides() -> None:
    match = only("We sold [all of] the boats to him", "We sold [all of] the boats to him.")
    assert match.kind is LinkKind.EXACT
