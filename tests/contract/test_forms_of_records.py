"""Forms of records, over every store: what they show, which changes a text makes, and what is refused."""

from pathlib import Path

import pytest

from claimreg.errors import UsageError
from claimreg.opening import Documents, Reading
from claimreg.registry import Registry
from claimreg.services.entry.forms import Form, changes_in, form_of, marked, unmarked
from claimreg.services.surroundings import Surroundings
from claimreg.store.port import Store

TEXT = "“The old bridge will stay open until the end of summer,” the mayor of the town said on Friday.\n"
EVERY = ("C1", "A1", "S1", "P1", "L1", "V1", "D1")


@pytest.fixture
def registry(store: Store, tmp_path: Path) -> Registry:
    path = tmp_path / "board.txt"
    path.write_text(TEXT, encoding="utf-8")
    surroundings = Surroundings(user=lambda: "ann", now=lambda: "2026-01-01T00:00:00Z", documents=Documents(Reading(workers=1)))
    made = Registry(store, surroundings)
    made.add(
        "The bridge 🜁 stays open", by="Mayor", quote="The old bridge will stay open until the end of summer", source=str(path),
        tags=("a", "b"), note="First line\nsecond “line”", lang="en",
    )  # fmt: skip
    made.judge("C1", "True", why="It is open")
    made.extract("S1", add=True)
    return made


@pytest.fixture
def form(registry: Registry) -> Form:
    return form_of(registry.reader, EVERY)


def test_a_form_that_nobody_changed_changes_nothing(form: Form) -> None:
    assert changes_in(form, form.text) == {}
    assert [line for line in form.text.splitlines() if line.startswith("[")] == [f"[{one}]" for one in EVERY]


def test_each_field_that_is_written_otherwise_is_a_change(form: Form) -> None:
    text = form.text.replace('tags = ["a", "b"]', 'tags = ["b", "c"]').replace('rating = "True"', 'rating = "False"')
    text = (
        text.replace('title = "board.txt"', "title = 1984").replace('said = ""', "said = 2020-06-22").replace('name = "Mayor"', 'name = ""')
    )
    assert changes_in(form, text) == {
        "C1": {"tag": ["c"], "untag": ["a"]},
        "A1": {"said": "2020-06-22"},
        "S1": {"title": "1984"},
        "P1": {"name": ""},
        "V1": {"rating": "False"},
    }


@pytest.mark.parametrize(
    ("before", "after", "told"),
    [
        ("[C1]", "[C9]", "The form is of C1, A1, S1, P1, L1, V1, D1, not of “C9”"),
        ("[C1]\n", "", "not of “text”"),
        ("[C1]\n", "C1 = 5\n[C2]\n", "stands without brackets"),
        ('rating = "True"', 'ratng = "True"', "V1 has no field “ratng” here"),
        ('rating = "True"', "rating = true", "is no text"),
        ('tags = ["a", "b"]', 'tags = "a"', "are no list"),
        ('rating = "True"', 'rating = "True', "The form cannot be read"),
    ],
    ids=["another record", "no brackets", "a value", "a slip", "no text", "no list", "no TOML"],
)
def test_what_cannot_be_meant_is_refused(form: Form, before: str, after: str, told: str) -> None:
    text = form.text.replace(before, after, 1)
    assert text != form.text
    with pytest.raises(UsageError, match=told):
        changes_in(form, text)


def test_a_mistake_stands_on_top_until_it_is_mended(form: Form) -> None:
    told = marked(form.text, "no such rating\ntry another")
    assert told.startswith("# NOT RECORDED: no such rating\n# NOT RECORDED: try another\n")
    assert marked(told, "no such date") == marked(form.text, "no such date")
    assert unmarked(told) == form.text
    assert changes_in(form, told) == {}


def test_what_is_withheld_or_has_nothing_to_change_has_no_form(registry: Registry) -> None:
    registry.edit("S1", withhold="to protect a witness")
    for one in ("S1", "D1"):
        with pytest.raises(UsageError, match="is withheld"):
            form_of(registry.reader, [one])
    registry.add("The pier is closed", by="Board")
    registry.relate("C2", "contradicts", "C1")
    with pytest.raises(UsageError, match="has nothing to change"):
        form_of(registry.reader, ["R1"])
