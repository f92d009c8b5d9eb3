"""A place of a quote: moved in a text, as a link's own, and which of several are kept."""

import pytest

from claimreg.frozen import Frozen
from claimreg.linker import Match
from claimreg.linker.keep import MOST_MATCHES, keep
from claimreg.model import Flag, Link, LinkKind, Place, Record, Span, WordChange, WordEdit


def match(start: int, kind: LinkKind = LinkKind.EXACT, score: float = 100.0, flags: tuple[Flag, ...] = ()) -> Match:
    words = (WordEdit(WordChange.KEPT, Span(0, 3), Span(start, start + 3)),)
    return Match(
        start=start, end=start + 3, exact="abc", prefix="", suffix="", score=score, kind=kind, parts=(Span(start, start + 3),),
        words=words, flags=flags,
    )  # fmt: skip


def test_a_shifted_place_is_the_one_that_is_found_there() -> None:
    assert match(4).shifted(7) == match(11)
    assert match(4).shifted(-4) == match(0)
    assert match(4).shifted(0) == match(4)


def test_a_link_is_a_record_and_a_place() -> None:
    assert Link.FIELDS[: len(Record.FIELDS) + len(Place.FIELDS)] == (*Record.FIELDS, *Place.FIELDS)
    assert {**Record.DEFAULTS, **Place.DEFAULTS}.items() <= Link.DEFAULTS.items()
    link = Link(
        id="L1", recorded_at="", recorded_by="", attribution_id="A1", source_id="S1", capture_id="K1", method="m", **match(4).place()
    )
    assert isinstance(link, Place)
    assert link.place() == match(4).place()
    assert link.shifted(3).place() == match(7).place()


def test_a_value_with_two_bases_has_the_first_ones_default() -> None:
    class One(Frozen):
        name: str = "one"

    class Other(Frozen):
        name: str = "other"
        more: int = 2

    class Both(One, Other):
        pass

    assert vars(Both()) == {"name": "one", "more": 2}


@pytest.mark.parametrize(
    ("found", "literal", "kept"),
    [
        ([], True, []),
        ([match(9), match(2)], True, [2, 9]),
        ([match(9, LinkKind.TYPOGRAPHIC, 99), match(2)], True, [2]),
        ([match(9, LinkKind.NEAR, 90), match(2, LinkKind.NEAR, 90.4)], False, [2, 9]),
        ([match(9, LinkKind.NEAR, 90), match(2, LinkKind.NEAR, 90.5)], False, [2]),
        ([match(9, LinkKind.NEAR, 90), match(2, LinkKind.ALTERED, 90)], False, [9]),
    ],
)
def test_the_best_are_kept_and_those_equally_good(found: list[Match], literal: bool, kept: list[int]) -> None:  # noqa: FBT001 -- a case's
    told = keep(found, literal=literal)
    assert [one.start for one in told] == kept
    assert all((Flag.AMBIGUOUS in one.flags) == (len(kept) > 1) for one in told)


def test_flags_say_what_holds_of_all_together() -> None:
    (alone,) = keep([match(1, flags=(Flag.NUMBER, Flag.AMBIGUOUS))], literal=True)
    assert alone.flags == (Flag.NUMBER,)
    (cut,) = keep([match(1)], literal=True, capped=True)
    assert cut.flags == (Flag.CAPPED,)
    many = keep([match(start) for start in range(MOST_MATCHES + 1)], literal=True)
    assert len(many) == MOST_MATCHES
    assert all(one.flags == (Flag.AMBIGUOUS, Flag.CAPPED) for one in many)
