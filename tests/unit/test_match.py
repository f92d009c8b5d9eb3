from __future__ import annotations

import random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from claimreg.errors import InputError
from claimreg.linker import LayeredLinker, Match
from claimreg.model import Flag, LinkKind, WordChange

FIND = LayeredLinker().find
TEXT = (
    "The council met on Monday. According to the minutes, the mayor said that the old bridge would not be closed before "
    "the harbour festival, because 120 families depend on it. Later Anna Keller told reporters that nobody had asked "
    "the people of the northern quarter. A new bridge will cost 1,500 crowns a day to keep open.\n"
)
WORDS = st.lists(st.text("abdefgiklmnoprstuz", min_size=3, max_size=9), min_size=5, max_size=14)


def only(quote: str, text: str = TEXT) -> Match:
    found = FIND(quote, text).matches
    assert len(found) == 1
    assert found[0].exact == text[found[0].start : found[0].end]
    return found[0]


def test_exact() -> None:
    match = only("the old bridge would not be closed")
    assert (match.kind, match.score, match.edits, match.flags) == (LinkKind.EXACT, 100.0, 0, ())
    assert {edit.change for edit in match.words} == {WordChange.KEPT}
    assert TEXT[match.start - len(match.prefix) : match.start] == match.prefix
    assert len(match.prefix) == len(match.suffix) == 32


@pytest.mark.parametrize(
    "quote",
    [
        "“the old bridge would not be closed”",
        "THE OLD BRIDGE WOULD NOT BE CLOSED",
        "the old\u00a0bridge would\nnot be clo\u00adsed…",
        "the оld bridge wоuld nоt be сlosed",
        "the old brid-\nge would not be closed",
    ],
)
def test_typography_does_not_matter(quote: str) -> None:
    match = only(quote)
    assert match.kind is LinkKind.TYPOGRAPHIC
    assert match.exact == "the old bridge would not be closed"
    assert 99 < match.score < 100


def test_a_slip_is_near() -> None:
    match = only("the old bridqe would not be closed before the harbuor festival")
    assert match.kind is LinkKind.NEAR
    assert match.edits == 2
    assert match.exact == "the old bridge would not be closed before the harbour festival"


@pytest.mark.parametrize(
    ("quote", "flag"),
    [
        ("the old bridge would be closed before the harbour festival", Flag.NEGATION),
        ("because 100 families depend on it. Later Anna Keller told reporters", Flag.NUMBER),
        ("a new bridge will cost 1.5 crowns a day to keep open", Flag.NUMBER),
        ("The council met on Friday. According to the minutes, the mayor said", Flag.DATE),
        ("Later Anna Müller told reporters that nobody had asked the people", Flag.NAME),
    ],
)
def test_what_turns_the_meaning_is_flagged(quote: str, flag: Flag) -> None:
    match = only(quote)
    assert match.kind is LinkKind.ALTERED
    assert flag in match.flags


def test_each_altered_word_is_named() -> None:
    quote = "the mayor said loudly that the bridge would never be closed"
    changes = {edit.change: (quote[slice(*edit.quote)], TEXT[slice(*edit.source)]) for edit in only(quote).words}
    assert changes[WordChange.ADDED] == ("loudly", "")
    assert changes[WordChange.DROPPED] == ("", "old")
    assert changes[WordChange.CHANGED] == ("never", "not")


def test_lost_and_stray_spaces_are_no_alteration() -> None:
    assert only("the oldbridge would not be cl osed before").kind is LinkKind.TYPOGRAPHIC


def test_stitched() -> None:
    match = only("the mayor said that the old bridge … because 120 families depend on it")
    assert match.kind is LinkKind.STITCHED
    assert [TEXT[slice(*part)] for part in match.parts] == ["the mayor said that the old bridge", "because 120 families depend on it"]
    assert match.flags == (Flag.NEGATION,)


def test_stitched_out_of_order() -> None:
    assert Flag.ORDER in only("because 120 families depend on it [...] the mayor said that the old bridge").flags


def test_stitched_from_afar() -> None:
    text = TEXT + "Nothing else was said. " * 30 + "The meeting ended at midnight."
    assert Flag.GAP in only("the council met on Monday … the meeting ended at midnight", text).flags


def test_an_ellipsis_that_is_in_the_source_too_stitches_nothing() -> None:
    assert only("he said ... nothing", "Then he said ... nothing at all.").kind is LinkKind.EXACT


def test_two_places() -> None:
    found = FIND("the old bridge would not be closed", TEXT + TEXT).matches
    assert [match.start for match in found] == [found[0].start, found[0].start + len(TEXT)]
    assert all(Flag.AMBIGUOUS in match.flags for match in found)


def test_more_places_than_anyone_reads() -> None:
    found = FIND("over and over again", "over and over again. " * 1100).matches
    assert len(found) == 1000
    assert all(Flag.CAPPED in match.flags for match in found)


def test_whole_words_win_over_letters_inside_words() -> None:
    text = "an unfair dealing was alleged; a fair dealing was found"
    match = only("fair dealing was", text)
    assert match.start == text.rindex("fair")


def test_a_quote_is_no_part_of_a_word() -> None:
    assert FIND("bridge", "footbridges abound").matches == ()


@pytest.mark.parametrize("quote", ["", " ", "«…»", "!?", "a", "it", "x" * 20_001])
def test_a_useless_quote_is_refused(quote: str) -> None:
    with pytest.raises(InputError, match=r"^The quote .*\.$"):
        FIND(quote, TEXT)


def test_a_short_quote_that_is_not_there_is_not_found() -> None:
    assert FIND("ferry", TEXT).matches == ()
    assert FIND("ferry", "").matches == ()


@pytest.mark.parametrize(
    "quote",
    [
        "The parliament adopted the budget after a long debate on Thursday evening",
        "the mayor of the town never spoke about the school in the southern valley",
        "a council of elders will decide whether the road can be opened for trucks",
    ],
)
def test_what_is_not_there_gives_no_link(quote: str) -> None:
    assert FIND(quote, TEXT).matches == ()


def test_the_nearest_place_is_shown_but_not_linked() -> None:
    found = FIND("the old bridge shall perhaps reopen someday, said one", TEXT)
    assert found.matches == ()
    assert found.nearest is None or found.nearest.exact in TEXT


@pytest.mark.parametrize(
    ("quote", "text", "flag"),
    [
        ("ол бұл істі жасаған деп хабарлады сот", "Кеше ол бұл істі жасамаған деп хабарлады сот өкілі.", Flag.NEGATION),
        ("бұл туралы ол ештеңе білген", "Сот бұл туралы ол ештеңе білген емес деді.", Flag.NEGATION),
        ("он совершил это преступление умышленно", "Суд решил: он не совершил это преступление умышленно.", Flag.NEGATION),
    ],
)
def test_negations_of_other_languages(quote: str, text: str, flag: Flag) -> None:
    assert flag in only(quote, text).flags


def test_scripts_without_spaces() -> None:
    text = "他昨天在北京的记者会上表示，新的法律将于明年生效，所有人都必须遵守。"
    assert only("新的法律将于明年生效", text).kind is LinkKind.EXACT
    assert only("新的法津将于明年生效，所有人都必须遵守", text).kind is LinkKind.ALTERED


@given(WORDS, st.integers(0, 10**6))
def test_a_quote_in_filler_is_found(quoted: list[str], seed: int) -> None:
    rng = random.Random(seed)  # noqa: S311 -- filler, not secrets
    filler = [" ".join("".join(rng.choices("cfhjkqvwxy", k=6)) for _ in range(40)) for _ in range(2)]
    quote = " ".join(quoted)
    text = f"{filler[0]} {quote} {filler[1]}"
    match = only(quote, text)
    assert (match.start, match.kind) == (len(filler[0]) + 1, LinkKind.EXACT)


@settings(max_examples=60)
@given(WORDS, st.integers(0, 10**6))
def test_a_quote_with_two_wrong_letters_is_found(quoted: list[str], seed: int) -> None:
    rng = random.Random(seed)  # noqa: S311 -- filler, not secrets
    quote = " ".join(quoted)
    wrong = list(quote)
    for at in rng.sample([at for at, letter in enumerate(quote) if letter != " "], 2):
        wrong[at] = "x"
    if len(quote) < 30:
        return
    filler = " ".join("".join(rng.choices("cfhjkqvwxy", k=6)) for _ in range(60))
    found = FIND("".join(wrong), f"{filler} {quote} {filler}").matches
    assert [match.start for match in found] == [len(filler) + 1]


@given(st.text("aбé 1.…«-\n", max_size=40), st.text("aбé 1.…«-\n", max_size=300))
def test_offsets_are_of_the_text_as_stored(quote: str, text: str) -> None:
    try:
        found = FIND(quote, text)
    except InputError:
        return
    for match in (*found.matches, *filter(None, [found.nearest])):
        assert 0 <= match.start < match.end <= len(text)
        assert match.exact == text[match.start : match.end]
        assert 0 <= match.score <= 100
        assert 0 <= match.probability <= 1
        assert (match.score == 100) == (match.kind is LinkKind.EXACT)
        for edit in match.words:
            assert 0 <= edit.quote.start <= edit.quote.end <= len(quote)
            assert 0 <= edit.source.start <= edit.source.end <= len(text)


@pytest.mark.parametrize(
    ("quote", "text"),
    [
        ("aaaaaaaa", "a" * 300_000),
        ("ab ab ab ac ab ab", "ab " * 100_000),
        ("a … b … c" * 200, "a b c " * 20_000),
        ("word here now", "-" * 300_000),
    ],
)
@pytest.mark.timeout(20)
def test_hostile_texts_are_answered_in_seconds(quote: str, text: str) -> None:
    FIND(quote, text)
