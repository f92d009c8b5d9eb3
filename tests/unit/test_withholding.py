"""What is told of a place in a withheld source: made of the quote's own words, and of nothing else."""

from __future__ import annotations

import random
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from claimreg.errors import InputError
from claimreg.frozen import replace
from claimreg.linker import LayeredLinker
from claimreg.linker.types import Match
from claimreg.model import Attribution, Capture, Link, LinkKind, Source, Stance, WordChange, WordEdit
from claimreg.services.reporting.side_by_side import alterations, compare, context
from claimreg.services.withholding import (
    OTHER_WORDS,
    WithheldLink,
    WithheldPlace,
    is_withheld,
    link_or_withheld,
    offsets_of,
    place_or_withheld,
    told_document,
)

RECORDED: dict[str, Any] = {"recorded_at": "2026-01-01T00:00:00Z", "recorded_by": "ann"}
OPEN = Source(id="S1", title="Minutes", **RECORDED)
SECRET = replace(OPEN, withheld="a source at risk")
WORDS = st.lists(st.text("abdeikmnorstuкалмності", min_size=2, max_size=8), min_size=4, max_size=25)
TEXT = "Before it. He said: the night ferry will  not run before the old pier is quite repaired, he said. After it all was still."


def matches(quote: str, text: str) -> tuple[Match, ...]:
    try:
        found = LayeredLinker().find(quote, text)
    except InputError:
        return ()
    return (*found.matches, *([found.nearest] if found.nearest else []))


def told(quote: str, match: Match) -> WithheldPlace:
    place = place_or_withheld(match, SECRET, quote)
    assert place is not None
    return place


def attribution(quote: str | None, removed_at: str | None = None) -> Attribution:
    return Attribution(
        id="A1", claim_id="C1", party_id="P1", party_as_written="Q", stance=Stance.ASSERTS, quote=quote, removed_at=removed_at, **RECORDED
    )


def link(match: Match, removed_at: str | None = None) -> Link:
    return Link(id="L1", attribution_id="A1", source_id="S1", capture_id="K1", removed_at=removed_at, **match.place(), **RECORDED)


def check(quote: str, place: WithheldPlace | Link) -> None:
    """Nothing in it is the source's alone, and it can be laid beside the quote."""
    mine = iter(quote.split())
    assert all(word in mine for word in place.exact.replace(OTHER_WORDS, " ").split()), "its words are some of the quote's, in their order"
    assert (place.prefix, place.suffix, context(place)) == ("", "", ("", ""))
    assert (place.start, place.end) == (0, len(place.exact))
    comparison = compare(quote, place)
    assert "".join(piece.text for piece in comparison.quote) == quote
    assert "".join(piece.text for piece in comparison.passage) == place.exact
    for one in alterations(quote, place):
        assert one.theirs == ("" if one.change is WordChange.ADDED else OTHER_WORDS)


@settings(max_examples=300)
@given(WORDS, st.randoms(use_true_random=False))
def test_whatever_was_altered_only_the_quotes_words_are_told(words: list[str], rng: random.Random) -> None:
    source = [word for word in words if rng.random() > 0.15]
    source = [word[::-1] if rng.random() < 0.15 else word for word in source]
    source = [word.upper() if rng.random() < 0.2 else word for word in source]
    if rng.random() < 0.5:
        source[len(source) // 2 : len(source) // 2] = ["zq"] * rng.randint(1, 4)
    quote = " ".join(words)
    for match in matches(quote, f"some more before {'  '.join(source)} and after that"):
        check(quote, told(quote, match))


@pytest.mark.parametrize(
    ("quote", "shown"),
    [
        ("the night ferry will  not run", "the night ferry will  not run"),
        ("The Night Ferry will not run", "The Night Ferry will not run"),
        ("ferry will not run before the pier is repaired", "ferry will not run before the […] pier is […] repaired"),
        ("ferry will not sail before the old pier is quite repaired", "ferry will not […] before the old pier is quite repaired"),
        ("ferry will not ever run before the old pier is quite repaired", "ferry will not run before the old pier is quite repaired"),
    ],
    ids=["exact", "typographic", "dropped", "changed", "added"],
)  # fmt: skip
def test_what_is_shown_of_an_altered_place(quote: str, shown: str) -> None:
    (match,) = matches(quote, TEXT)
    assert told(quote, match).exact == shown
    assert (told(quote, match).kind, told(quote, match).edits, told(quote, match).flags) == (match.kind, match.edits, match.flags)
    check(quote, told(quote, match))


def test_a_stitched_place_is_told_in_its_parts() -> None:
    quote = "the night ferry will not run … pier is quite repaired"
    (match,) = matches(quote, TEXT)
    assert match.kind is LinkKind.STITCHED
    shown = told(quote, match)
    assert len(shown.parts) == len(match.parts)
    assert [shown.exact[start:end] for start, end in shown.parts] == ["the night ferry will not run", "pier is quite repaired"]
    check(quote, shown)


def test_the_control_a_source_that_may_be_named_is_shown_as_it_is() -> None:
    quote = "the night ferry will not run"
    (match,) = matches(quote, TEXT)
    assert place_or_withheld(match, OPEN, quote) is None
    assert place_or_withheld(match, None, quote) is None  # a file that somebody handed in
    assert link_or_withheld(link(match), OPEN, attribution(quote)) == link(match)
    assert offsets_of(link(match)) == (match.start, match.end)


def test_a_link_whose_source_is_lost_is_told_as_a_withheld_one() -> None:
    quote = "the night ferry will not run"
    (match,) = matches(quote, TEXT)
    shown = link_or_withheld(link(match), None, attribution(quote))
    assert isinstance(shown, WithheldLink)
    assert offsets_of(shown) is None


def test_a_link_of_words_that_the_quote_had_earlier_tells_none() -> None:
    quote = "the night ferry will not run before the old pier"
    (match,) = matches(quote, TEXT)
    earlier = link(match, removed_at="2026-02-02T00:00:00Z")
    assert link_or_withheld(earlier, SECRET, attribution("ferry")).exact == OTHER_WORDS
    assert link_or_withheld(link(match), SECRET, attribution("ferry")).exact == OTHER_WORDS
    along = attribution(quote, removed_at="2026-02-02T00:00:00Z")
    assert link_or_withheld(earlier, SECRET, along).exact == "the night ferry will not run before the old pier"


def test_every_field_of_a_record_is_there_and_only_the_listed_ones_are_told() -> None:
    capture = Capture(
        id="K1", source_id="S1", sha256="a" * 64, text_sha256="b" * 64, size=4711, length=4710, media_type="text/x-odd", location="n.txt",
        method="odd/7", retrieved_at="2025-05-05T05:05:05Z", headers=(("server", "odd"),), status=203, **RECORDED,
    )  # fmt: skip
    document = told_document(capture)
    assert list(document) == [name for name in Capture.FIELDS if name != "beyond"]
    assert {name for name, value in document.items() if value is not None} == {"id", "source_id", "recorded_at", "recorded_by"}
    (match,) = matches("the night ferry will not run", TEXT)
    hidden = {name for name, value in told_document(link(match)).items() if value is None}
    assert hidden >= {"start", "end", "exact", "prefix", "suffix", "parts", "words", "probability"}


def test_what_is_withheld_is_known_by_what_is_shown() -> None:
    assert is_withheld(SECRET)
    assert not is_withheld(OPEN)
    assert not is_withheld(WordEdit(WordChange.KEPT, (0, 1), (0, 1)))  # type: ignore[arg-type]  # anything else
