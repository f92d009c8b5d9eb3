"""Quick looks into an embedded registry: what is offered for completion is what is recorded, and nothing more."""

from __future__ import annotations

import sqlite3
from pathlib import Path

import pytest

import claimreg
from claimreg.store import glance
from claimreg.store.glance import Glance


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setattr(glance, "PATIENCE", 30.0)
    (tmp_path / "notice.txt").write_text("The harbour office said that the night ferry will not run before Monday.\n", "utf-8")
    with claimreg.open_registry(tmp_path / "a registry?", user="ann") as registry:
        quoted = {"quote": "the night ferry will not run", "source": str(tmp_path / "notice.txt"), "lang": "en"}
        registry.add("The night ferry is cancelled", by="Harbour office", case="Ferry", tags=("boats",), **quoted)  # type: ignore[arg-type]  # texts
        registry.add("The pier is of stone", by="Сенат", case="Pier works", tags=("stone", "boats"))
        for number in range(3, 13):
            registry.add(f"Letter {number} was answered by the board", by="Board", case="Ferry")
        registry.judge("C1", "Mostly false")
        registry.relate("C2", "contradicts", "C1")
        registry.remove("C12")
    return tmp_path / "a registry?"


def test_ids_come_with_words_and_the_latest_first(folder: Path) -> None:
    with Glance(str(folder)) as look:
        assert list(look.ids("C", "c1")) == [
            ("C1", "The night ferry is cancelled"), ("C10", "Letter 10 was answered by the board"),
            ("C11", "Letter 11 was answered by the board"),
        ]  # fmt: skip
        assert [one for one, _told in look.ids("C", "")] == [f"C{number}" for number in range(11, 1, -1)]
        assert [one for one, _told in look.ids("C", "C")] == [f"C{number}" for number in range(11, 0, -1)]
        assert dict(look.ids("VRLS", ""))["V1"] == "C1 Mostly false"
        assert dict(look.ids("VRLS", "R")) == {"R1": "C2 contradicts C1"}
        assert dict(look.ids("AL", "L1")) == {"L1": "A1 exact suggested"}
        assert dict(look.ids("A", "A1"))["A1"] == "Harbour office asserts the night ferry will not run"
        assert list(look.ids("C", "C0")) == list(look.ids("C", "S1")) == list(look.ids("CX", "X1")) == []


def test_names_cases_tags_and_ratings_begin_as_typed(folder: Path) -> None:
    with Glance(str(folder)) as look:
        assert list(look.parties("har")) == ["Harbour office"]
        assert list(look.parties("сен")) == ["Сенат"]
        assert list(look.cases("")) == ["Ferry", "Pier works"]
        assert list(look.cases("P")) == ["Pier works"]
        assert set(look.tags("b")) == {"boats"}
        assert list(look.tags("s")) == ["stone"]
        assert list(look.values("verdicts", "rating", "mostly")) == ["Mostly false"]


def test_what_is_removed_or_withheld_is_not_told(folder: Path) -> None:
    with claimreg.open_registry(folder, user="ann") as registry:
        registry.edit("S1", withhold="in danger")
    with Glance(str(folder)) as look:
        assert list(look.ids("S", "S")) == [("S1", "withheld")]
        assert "C12" not in dict(look.ids("C", "C1"))


def test_a_look_ends_when_its_time_is_up(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(glance, "PATIENCE", -1.0)
    monkeypatch.setattr(glance, "_STEPS", 1)
    with Glance(str(folder)) as look:
        assert [*look.cases(""), *look.ids("C", "C"), *look.parties("")] == []


def test_what_has_to_be_mended_or_is_not_there_is_not_looked_into(folder: Path, tmp_path: Path) -> None:
    with pytest.raises(sqlite3.Error):
        Glance(str(tmp_path / "none"))
    assert not (tmp_path / "none").exists()
    (folder / "registry.db-journal").write_bytes(b"half a change")
    with pytest.raises(OSError, match="has to be mended first"):
        Glance(str(folder))
