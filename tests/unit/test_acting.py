"""What is written for machines: acting characters are escaped in JSON and shown in CSV; the value stays the same."""

import csv
import io
import json
import sys

import pytest
from hypothesis import given
from hypothesis import strategies as st

from claimreg.render.machine import dumps, to_csv
from claimreg.render.safe import visible
from claimreg.text.acting import ACTING, json_text

HOSTILE = "".join(map(chr, (*range(0x20), 0x7F, *ACTING)))
"""All characters that act."""


def joined(text: str) -> str:
    """The text with two halves of a character that meet made the one that they are, in JSON as in UTF-16."""
    return text.encode("utf-16", "surrogatepass").decode("utf-16", "surrogatepass")


TEXTS = st.text(st.one_of(st.sampled_from(HOSTILE), st.characters(exclude_categories=["Cs"])), max_size=40).map(joined)


def acting(text: str) -> list[str]:
    """What a terminal would obey, or nobody would see, in a text."""
    return [f"U+{ord(sign):04X}" for sign in text if sign != "\n" and (ord(sign) < 0x20 or ord(sign) == 0x7F or ord(sign) in set(ACTING))]


@given(
    st.recursive(TEXTS | st.integers() | st.none(), lambda inner: st.lists(inner, max_size=3) | st.dictionaries(TEXTS, inner, max_size=3))
)
def test_json_is_the_same_value_and_holds_nothing_that_acts(value: object) -> None:
    for text in (json_text(value), dumps(value), dumps(value, indent=None)):
        assert json.loads(text) == value
        assert acting(text) == []
        text.encode()


def test_every_code_point_is_escaped_or_stands_as_it_is() -> None:
    for code in range(sys.maxunicode + 1):
        sign = chr(code)
        text = json_text(sign)
        assert json.loads(text) == sign
        # What is shown as a sign in a terminal is escaped here, and nothing else but what JSON itself asks for.
        assert (text != f'"{sign}"') == (visible(sign) != sign or sign in '"\\\n')


def test_the_control_plain_json_would_let_them_act() -> None:
    assert acting(json.dumps(HOSTILE, ensure_ascii=False))


@pytest.mark.parametrize("text", ["Қазақша “тіл” — ёж", "a\u00a0b\u00ad\u200c\u200d", "😀👩‍👩‍👧"])
def test_words_of_all_scripts_stand_as_they_are(text: str) -> None:
    assert json_text(text) == f'"{text}"'
    assert to_csv([{"a": text}], ["a"]) == f"a\r\n{text}\r\n"


@given(TEXTS)
def test_csv_shows_what_would_act(text: str) -> None:
    written = to_csv([{"a": text, "b": [text]}], ["a", "b"])
    assert acting(written.replace("\r\n", "\n")) == []
    cells = list(csv.reader(io.StringIO(written, newline="")))[1]
    assert cells[0].removeprefix("'") == visible(text).removeprefix("'")
