"""Whether two words are the same one, by the bars of each use; and the sets of letters that indexes and registries go by."""

import hashlib

import pytest

from claimreg.text import scripts
from claimreg.text.alike import ASKED, NAMED, ONE_WORD, QUOTED, SAID, STATED, Bars, is_same, likenesses

BARS = {"quoted": QUOTED, "named": NAMED, "stated": STATED, "asked": ASKED}


@pytest.mark.parametrize(
    ("one", "other", "by"),
    [
        ("court", "court", "quoted named stated asked"),
        ("courts", "court", "quoted named stated asked"),
        ("court", "cuort", "named stated asked"),
        ("kopir", "kopirlerimizden", "named asked"),
        ("ilyashev", "ilyasheva", "quoted named stated asked"),
        ("ferry", "ferris", "quoted named stated asked"),
        ("parliament", "parliamentarian", "quoted named stated asked"),
        ("cat", "cats", ""),
        ("harbour", "harvest", ""),
        ("minister", "ministry", "quoted named stated asked"),
    ],
)
def test_each_use_has_its_own_bars(one: str, other: str, by: str) -> None:
    assert " ".join(name for name, bars in BARS.items() if is_same(one, other, bars) and is_same(other, one, bars)) == by


@pytest.mark.parametrize("bars", BARS.values(), ids=BARS)
def test_one_pair_and_many_are_judged_alike(bars: Bars) -> None:
    some = ["court", "courts", "cuort", "kopir", "kopirlerimizden", "cat", "cats", "minister", "ministry", "a", "harbour", "harvest"]
    table = likenesses(some, some, bars)
    told = [[is_same(one, other, bars) for other in some] for one in some]
    assert (table > 0).tolist() == told


def test_likeness_rises_with_what_is_shared() -> None:
    table = likenesses(["minister"], ["minister", "ministers", "ministry", "harbour"], STATED)[0].tolist()
    assert table == sorted(table, reverse=True)
    assert table[0] == 1
    assert table[1] > ONE_WORD > SAID
    assert table[3] == 0


SETS = {
    "UNSPACED": "e21a621dbce9", "IDEOGRAPHS": "49289b287575", "JAMO": "a02edd8fa427", "NARROWED": "6de02bea5607",
    "NARROWED_IDEOGRAPHS": "4715efaf4e17", "SHORT_GROUPS": "0e844a650d34",
}  # fmt: skip
"""Digests of the sets that keys, groups and indexes were made by: another set is another version of these."""


@pytest.mark.parametrize("name", SETS)
def test_the_sets_are_those_that_indexes_were_made_by(name: str) -> None:
    assert hashlib.sha256(repr(getattr(scripts, name)).encode()).hexdigest()[:12] == SETS[name]


def test_letters_beyond_16_bits_are_narrowed_into_private_use() -> None:
    assert scripts.narrow("ab") == "ab"
    narrowed = scripts.narrow("漢\U00020000\U000323af")
    assert narrowed[0] == "漢"
    assert all(ord(one) in scripts.NARROWED and scripts.is_in(ord(one), scripts.NARROWED_IDEOGRAPHS) for one in narrowed[1:])
