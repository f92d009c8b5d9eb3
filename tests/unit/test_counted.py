"""Numbers with their nouns."""

import ast
from pathlib import Path

import pytest

import claimreg
from claimreg.model import RECORD_TYPES
from claimreg.text.counted import counted, plural


@pytest.mark.parametrize(
    ("count", "noun", "told"),
    [
        (0, "claim", "0 claims"),
        (1, "claim", "1 claim"),
        (1200, "claim", "1,200 claims"),
        (2, "party", "2 parties"),
        (2, "day", "2 days"),
        (2, "alias", "2 aliases"),
        (3, "match", "3 matches"),
        (2, "file of evidence", "2 files of evidence"),
    ],
)
def test_a_number_agrees_with_its_noun(count: int, noun: str, told: str) -> None:
    assert counted(count, noun) == told


def test_an_unusual_plural_is_given() -> None:
    assert [counted(count, "person", "people") for count in (1, 2)] == ["1 person", "2 people"]


def test_every_kind_of_record_has_a_plural() -> None:
    assert {plural(one.NOUN) for one in RECORD_TYPES} == {
        "claims", "attributions", "parties", "aliases", "sources", "captures", "links", "drafts", "relations", "verdicts",
        "time stamps",
    }  # fmt: skip


def test_no_module_makes_plurals_by_itself() -> None:
    """A noun's ending that hangs on whether there is one is made in one place."""
    home = Path(claimreg.__file__).parent
    found = [
        f"{path.relative_to(home)}:{node.lineno}"
        for path in home.rglob("*.py")
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.IfExp) and isinstance(node.orelse, ast.Constant) and node.orelse.value in {"s", "es", "ies"}
    ]
    assert found == []
