"""Numbers by keys of a file, and ids that others gave: compact, whole, and one for all spellings of an address."""

from __future__ import annotations

import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from claimreg.services.exchange.numbers import Numbers
from claimreg.services.exchange.outside_ids import id_key, named_id, spellings


@given(st.lists(st.tuples(st.text(max_size=3), st.integers(0, 9))))
def test_numbers_are_kept_as_a_dictionary_would(puts: list[tuple[str, int]]) -> None:
    numbers, expected = Numbers(), dict(puts)
    for key, number in puts:
        numbers.put(key, number)
    assert (len(numbers), {key: numbers.get(key) for key in expected}) == (len(expected), expected)
    assert numbers.get("not there") is None


def test_many_keys_are_all_found() -> None:
    numbers = Numbers()
    keys = [f"r{number}" for number in range(5_000)]
    random.Random(1).shuffle(keys)  # noqa: S311 -- any order
    for number, key in enumerate(keys):
        numbers.put(key, number)
    assert [numbers.get(key) for key in keys] == list(range(5_000))


ADDRESSES = (
    "https://desk.example/a/b?c=1",
    "http://www.desk.example/a/b/?c=1",
    "https://desk.example:443/a/b?c=1",
    "HTTP://Desk.Example/a/%62?c=1",
)


@pytest.mark.parametrize("one", ADDRESSES)
@pytest.mark.parametrize("name", [None, "desk"])
def test_spellings_of_an_address_are_one_id(one: str, name: str | None) -> None:
    keys = {id_key(named_id(address, name), name) for address in ADDRESSES}
    assert len(keys) == 1
    assert named_id(ADDRESSES[0], name) in set(spellings(named_id(one, name), name))


@given(st.text(max_size=40) | st.text(max_size=20).map("https://a.example/{}".format))
def test_an_id_is_a_spelling_of_itself_and_all_of_them_are_one(outside_id: str) -> None:
    found = list(spellings(outside_id))
    assert found[0] == outside_id
    if outside_id.startswith("https://a.example/") and outside_id.isascii() and "%" not in outside_id:
        assert id_key(found[-1]) == id_key(outside_id)


@pytest.mark.parametrize(
    "other", ["https://desk.example/a/b", "https://desk.example/a/b?c=1#d", "https://desk.example/a/B?c=1", "desk.example/a/b"]
)
def test_other_addresses_are_other_ids(other: str) -> None:
    assert id_key(other) != id_key(ADDRESSES[0])
