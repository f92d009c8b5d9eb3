"""Forms of records: whatever stands in a record stands in its form, and what a person writes there is what is changed."""

import tomllib
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from claimreg.errors import NotFoundError, UsageError
from claimreg.frozen import replace
from claimreg.model import Change, Claim, Source, Verdict
from claimreg.services.entry.forms import MISTAKE, Form, changes_in, form_of, marked, unmarked
from claimreg.store.memory import MemoryStore

RECORDED: dict[str, Any] = {"recorded_at": "2026-01-01T00:00:00Z", "recorded_by": "ann"}
CLAIM = Claim(id="C1", **RECORDED, text="The pier is closed", case="Ferry", case_key="ferry", tags=("port", "night"))
TEXTS = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), min_size=1)


@pytest.fixture
def store() -> MemoryStore:
    made = MemoryStore()
    with made.write(Change("ann", RECORDED["recorded_at"], "add")) as writer:
        writer.put(CLAIM)
        writer.put(Verdict(id="V1", **RECORDED, claim_id="C1", rating="False", rated_at="2026-01-01", rationale="One.\nTwo."))
        writer.put(Source(id="S1", **RECORDED, title="The notice", withheld="a witness is in danger"))
    return made


@pytest.fixture
def form(store: MemoryStore) -> Form:
    return form_of(store, ["c1", "V1"])


def test_a_form_that_is_left_as_it_is_changes_nothing(form: Form) -> None:
    assert changes_in(form, form.text) == {}
    assert changes_in(form, "") == {}
    assert changes_in(form, form.text.replace("\n", "\r\n")) == {}


def test_the_fields_are_told_with_what_they_may_be(form: Form) -> None:
    lines = form.text.splitlines()
    assert lines[lines.index('case = "Ferry"') - 1] == "# Case (dossier) that it belongs to"
    assert [line for line in lines if line.startswith("[")] == ["[C1]", "[V1]"]
    assert '# Keywords: ["one", "another"]' in lines
    assert form.text.endswith('why = """\nOne.\nTwo."""\n# Author of the rating\nby = ""\n')


def test_what_differs_is_what_is_changed(form: Form) -> None:
    text = form.text.replace('case = "Ferry"', 'case = ""').replace('["port", "night"]', '["night", "pier"]').replace("Two.", "Three.")
    assert changes_in(form, text) == {"C1": {"case": "", "tag": ["pier"], "untag": ["port"]}, "V1": {"why": "One.\nThree."}}


@given(TEXTS, TEXTS)
def test_every_text_stands_in_the_form_and_none_acts_there(text: str, tag: str) -> None:
    store = MemoryStore()
    with store.write(Change("ann", RECORDED["recorded_at"], "add")) as writer:
        writer.put(replace(CLAIM, text=text, tags=(tag,)))
    form = form_of(store, ["C1"])
    read = tomllib.loads(form.text)["C1"]
    assert (read["text"], read["tags"]) == (text, [tag])
    assert changes_in(form, form.text) == {}
    assert not set(form.text) & set("\x1b\x7f\x9b\u202e\u200b\U000e0041")


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ('[C1]\ntext = "no end\n', 'line 2, .* “text = "no end”'), ('[C1]\ntext = "no end', "end of document"),
        ("[C1]\ntext = 3.5", "no text"), ('[C1]\ntxt = "x"', "no field “txt”"), ('[C9]\ntext = "x"', "not of “C9”"),
        ('[C1]\ntags = "port"', "no list"), ("[C1]\ntags = [1]", "no list"), ("C1 = 1", "brackets"), ("[C1]\ntitle = true", "no text"),
    ],
)  # fmt: skip
def test_what_is_no_form_is_told_with_its_place(form: Form, text: str, why: str) -> None:
    with pytest.raises(UsageError, match=why):
        changes_in(form, text)


def test_a_date_may_stand_without_quotation_marks(store: MemoryStore) -> None:
    form = form_of(store, ["C1"])
    assert changes_in(form, "[C1]\ncase = 2024\nnote = 2024-05-02") == {"C1": {"case": "2024", "note": "2024-05-02"}}


def test_a_mistake_stands_on_top_once(form: Form) -> None:
    once = marked(form.text, "No such\nlanguage.")
    assert once.startswith(f"{MISTAKE}No such\n{MISTAKE}language.\n# Change")
    assert unmarked(once) == form.text
    assert marked(once, "Another.") == f"{MISTAKE}Another.\n{form.text}"


def test_what_is_withheld_or_has_no_fields_has_no_form(store: MemoryStore) -> None:
    with pytest.raises(UsageError, match="S1 is withheld") as told:
        form_of(store, ["C1", "S1"])
    assert "notice" not in str(told.value)
    with pytest.raises(NotFoundError):
        form_of(store, ["C7"])
