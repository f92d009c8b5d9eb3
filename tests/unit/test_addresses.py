from __future__ import annotations

import string
from urllib.parse import quote

import pytest
from hypothesis import given
from hypothesis import strategies as st

from claimreg.text.addresses import address_key

SAME = (
    ("http://example.org/a", "https://example.org/a"),
    ("https://Example.ORG/a/", "https://example.org/a"),
    ("https://example.org:443/a#part", "https://example.org/a"),
    ("http://example.org:80", "https://example.org/"),
    ("https://example.org/%7Eann", "https://example.org/~ann"),
    ("https://example.org/%d0%b0", "https://example.org/а"),
    ("https://мысал.қаз/бет", "https://xn--80awbu3c.xn--80ao21a/%D0%B1%D0%B5%D1%82"),
    ("  https://example.org/a ", "https://example.org/a"),
    ("https://example.org./a", "https://example.org/a"),
)
OTHERS = (
    ("https://example.org/a", "https://example.org/A"),
    ("https://example.org/a?x=1", "https://example.org/a?x=2"),
    ("https://example.org/a?x=1&y=2", "https://example.org/a?y=2&x=1"),
    ("https://example.org:8080/a", "https://example.org/a"),
    ("https://www.example.org/a", "https://example.org/a"),
    ("https://example.org/a%2Fb", "https://example.org/a/b"),
    ("file:///etc/passwd", "https://example.org/etc/passwd"),
)


@pytest.mark.parametrize(("one", "other"), SAME)
def test_two_spellings_of_one_address_have_one_key(one: str, other: str) -> None:
    assert address_key(one) == address_key(other)


@pytest.mark.parametrize(("one", "other"), OTHERS)
def test_two_addresses_have_two_keys(one: str, other: str) -> None:
    assert address_key(one) != address_key(other)


@given(st.text(max_size=60))
def test_any_text_has_a_key(text: str) -> None:
    assert address_key(text) == address_key(f" {text} ")
    assert isinstance(address_key(f"http://{text}"), str)


@given(st.text(alphabet=string.ascii_letters + string.digits + "-._~ бқ%/", max_size=40))
def test_an_escaped_path_is_the_same_path(path: str) -> None:
    once = address_key(f"https://example.org/{quote(path)}")
    assert address_key(f"https:{once}") == once
    assert address_key(f"http://EXAMPLE.org/{quote(path)}#end") == once
