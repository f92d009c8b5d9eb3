"""The index of a scan is the same however its making is cut up: by how many quotes are read, or indexed, at a time."""

import dataclasses
import random
from functools import cache
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from claimreg.linker.bulk import QuoteCollector, QuoteIndex, QuoteTable, build_index, rarities_of, seeds
from claimreg.linker.passage import _ELLIPSIS, _MAY_BE_ELLIPSIS, stretches_between_ellipses

LETTERS = ("abcdefghiklmnoprstuvw", "абвгдежзиклмнопрст", "码头修好之前夜间渡轮将不会运行港务局表示")


@cache
def quotes() -> list[tuple[str, str, str]]:
    """Quotes in three scripts, some stitched, some with the same words, some with nothing to look for."""
    chance = random.Random(5)  # noqa: S311
    made: list[tuple[str, str, str]] = []
    for number in range(300):
        letters = chance.choice(LETTERS)
        words = ["".join(chance.choices(letters, k=chance.randint(1, 9))) for _ in range(chance.randint(1, 60))]
        text = chance.choice([" ", " ", " ", " … "]).join([" ".join(words[:9]), " ".join(words[9:])])
        made.append((f"q{number}", chance.choice([text, text, text, made[-1][1] if made else text, "?"]), chance.choice(["", "en"])))
    return made


def table_of(sizes: list[int]) -> QuoteTable:
    """The table of all quotes, taken in so many at a time, over and over."""
    collector = QuoteCollector()
    rest = quotes()
    while rest:
        for size in sizes:
            collector.add(rest[:size])
            rest = rest[size:]
    return collector.table()


def arrays(one: QuoteTable | QuoteIndex) -> list[tuple[str, object]]:
    """What a table or an index holds, for comparison."""
    found: list[tuple[str, object]] = []
    parts: list[Any] = [one] if isinstance(one, QuoteTable) else [one.table, *one.grams]
    for part in parts:
        for field in dataclasses.fields(part):
            value = getattr(part, field.name)
            found.append((field.name, (value.dtype.str, value.tobytes()) if isinstance(value, np.ndarray) else value))
    return found


@given(st.lists(st.integers(1, 90), min_size=1, max_size=4))
def test_table_is_the_same_however_many_quotes_are_taken_in_at_a_time(sizes: list[int]) -> None:
    assert arrays(table_of(sizes)) == arrays(table_of([1_000]))


@pytest.mark.parametrize(("units", "keys"), [(1, 1 << 19), (7, 1 << 19), (4_096, 1), (4_096, 700), (64, 5_000)])
def test_index_is_the_same_however_many_units_are_indexed_at_a_time(units: int, keys: int, monkeypatch: pytest.MonkeyPatch) -> None:
    table = table_of([1_000])
    sample = [text for _, text, _ in quotes()[:50]] * 40
    expected = build_index(table, rarities_of(len(table), sample))
    assert sum(len(grams.hashes) for grams in expected.grams) > len(table)
    monkeypatch.setattr(seeds, "_UNITS_AT_ONCE", units)
    monkeypatch.setattr(seeds, "_KEYS_AT_ONCE", keys)
    assert arrays(build_index(table, rarities_of(len(table), sample))) == arrays(expected)


def test_every_owner_of_a_unit_is_known_once() -> None:
    table = table_of([1_000])
    for unit in range(len(table.lengths)):
        owners = table.owners_of(unit)
        assert owners == sorted(set(owners))
        assert owners
    assert {owner for unit in range(len(table.lengths)) for owner in table.owners_of(unit)} == set(range(len(table)))


@given(st.text(st.sampled_from(" \t.…⋯‥·・。[](<>snipcutſSNIPa"), max_size=14))
def test_no_ellipsis_is_overlooked_by_the_quick_look(text: str) -> None:
    assert not _ELLIPSIS.search(text) or _MAY_BE_ELLIPSIS.search(text)


@pytest.mark.parametrize("sign", ["…", "...", "[...]", ". . .", "(snip)", "< CUT >", "··", "。。。", "‥"])
def test_a_quote_is_parted_at_its_ellipses(sign: str) -> None:
    text = f"the ferry{sign}the pier"
    assert [text[slice(*span)] for span in stretches_between_ellipses(text)] == ["the ferry", "the pier"]


def test_a_gram_that_a_quote_repeats_is_probed_for_a_few_times() -> None:
    collector = QuoteCollector()
    collector.add([("q1", "ha " * 40, ""), ("q2", "The night ferry will not run before the old pier is repaired", "")])
    table = collector.table()
    (grams,) = build_index(table, rarities_of(len(table), [])).grams
    _, counts = np.unique(np.stack([grams.units, grams.hashes.astype(np.int64)]), axis=1, return_counts=True)
    assert sorted(set(counts.tolist())) == [1, seeds._MOST_EQUAL]
