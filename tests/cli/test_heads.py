"""What `verify` can tell of a history that was cut off, put back or rewritten: by the hash that was noted, and the one remembered here."""

import shutil
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from .conftest import Command, Done


@pytest.fixture
def state(tmp_path: Path) -> dict[str, str]:
    return {"CLAIMREG_STATE": str(tmp_path / "heads here")}


@pytest.fixture
def desk(claimreg: Command, state: dict[str, str]) -> Command:
    """The command on a registry of two claims, that remembers."""

    def call(*arguments: str | Path, stdin: str | bytes | None = None, env: dict[str, str] | None = None) -> Done:
        return claimreg(*arguments, stdin=stdin, env={**state, **(env or {})})

    for text in ("The night ferry is cancelled", "The pier is sound"):
        assert call("add", text, "--by", "Harbour office", "--yes").code == 0
    return call


def cut_off(registry: Path) -> None:
    """The last claim and all that tells of it taken away, as by somebody who knows how."""
    with closing(sqlite3.connect(registry / "registry.db", isolation_level=None)) as connection:
        connection.execute("DELETE FROM history WHERE id > 4")
        connection.execute("DELETE FROM claims WHERE id = 2")
        connection.execute("DELETE FROM attributions WHERE id = 2")
        for table, number in (("history", 4), ("claims", 1), ("attributions", 1)):
            connection.execute("UPDATE sqlite_sequence SET seq = ? WHERE name = ?", (number, table))


def warnings_of(done: Done) -> list[str]:
    return [line for line in done.lines if line.startswith("warning")]


def test_a_history_that_goes_on_is_nothing_to_warn_of(desk: Command) -> None:
    assert desk("edit", "C1", "--title", "Ferry").code == 0
    done = desk("verify")
    assert (done.code, warnings_of(done)) == (0, [])
    assert desk("verify", "--json").json["warnings"] == []


def test_a_history_that_was_cut_off_is_warned_of_and_stays_so(desk: Command, registry: Path) -> None:
    head = desk("verify", "--json").json["head"]
    cut_off(registry)
    # Without what was remembered, nothing is to be seen of it.
    assert desk("verify", env={"CLAIMREG_STATE": "off"}).lines[-1].startswith("whole")
    done = desk("verify")
    assert done.code == 0
    (warned,) = warnings_of(done)
    assert warned == (
        f"warning\thistory\tevent 4\ta command here saw the history go on to event 6 ({head[:12]}…): "
        "it was cut off, or put back to an older copy"
    )
    assert desk("add", "Something else is said", "--by", "Harbour office", "--yes").code == 0
    assert desk("add", "And something more", "--by", "Harbour office", "--yes").code == 0
    (warned,) = desk("verify", "--json").json["warnings"]
    assert (warned["area"], warned["place"]) == ("history", "event 6")
    assert "another event 6" in warned["what"]


def test_an_older_copy_put_back_by_hand_is_warned_of_and_one_restored_is_not(desk: Command, registry: Path, tmp_path: Path) -> None:
    assert desk("backup", tmp_path / "copy").code == 0
    assert desk("edit", "C1", "--title", "Ferry").code == 0
    shutil.rmtree(registry)
    shutil.copytree(tmp_path / "copy", registry)
    assert len(warnings_of(desk("verify"))) == 1
    assert desk("restore", tmp_path / "copy", "--yes").code == 0
    assert warnings_of(desk("verify")) == []


def test_what_is_remembered_names_no_place(desk: Command, state: dict[str, str], registry: Path) -> None:
    (kept,) = [path for path in Path(state["CLAIMREG_STATE"]).rglob("*") if path.is_file()]
    head = desk("verify", "--json").json["head"]
    assert kept.read_text() == f"6 {head}\n"
    assert str(registry) not in str(kept.relative_to(state["CLAIMREG_STATE"]))


@pytest.mark.parametrize("content", [b"", b"nonsense", b"6", b"six abc", b"\xff\xfe", b"1 2 3"])
def test_what_is_lost_or_spoilt_is_passed_over(desk: Command, state: dict[str, str], content: bytes) -> None:
    (kept,) = [path for path in Path(state["CLAIMREG_STATE"]).rglob("*") if path.is_file()]
    kept.write_bytes(content)
    done = desk("verify")
    assert (done.code, warnings_of(done)) == (0, [])
    assert desk("edit", "C1", "--title", "Ferry").code == 0
    assert kept.read_text().startswith("7 ")


def test_a_state_folder_that_cannot_be_written_is_passed_over(claimreg: Command, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("x")
    done = claimreg("add", "It rains", "--by", "Ann", env={"CLAIMREG_STATE": str(tmp_path / "file")})
    assert (done.code, done.stderr) == (0, "")
    assert claimreg("verify", env={"CLAIMREG_STATE": str(tmp_path / "file")}).code == 0


def test_nothing_is_remembered_of_a_dry_run_nor_where_it_is_off(claimreg: Command, tmp_path: Path) -> None:
    state = {"CLAIMREG_STATE": str(tmp_path / "heads")}
    assert claimreg("add", "It rains", "--by", "Ann", "--dry-run", env=state).code == 0
    assert claimreg("add", "It rains", "--by", "Ann", env={"CLAIMREG_STATE": "off"}).code == 0
    assert not (tmp_path / "heads").exists()


def test_a_noted_hash_is_found_and_what_came_since_is_counted(desk: Command) -> None:
    noted = desk("verify", "--json").json["head"]
    assert desk("verify", "--expect", noted).lines[-2] == f"noted\tevent 6\t{noted}\t0 events since"
    assert desk("edit", "C1", "--title", "Ferry").code == 0
    done = desk("verify", "--expect", noted[:12].upper())
    assert (done.code, done.lines[-2]) == (0, f"noted\tevent 6\t{noted}\t1 event since")
    assert desk("verify", "--json", "--expect", noted).json["noted"] == {"seq": 6, "hash": noted, "since": 1}


def test_a_noted_hash_that_is_gone_is_damage(desk: Command, registry: Path) -> None:
    noted = desk("verify", "--json").json["head"]
    cut_off(registry)
    done = desk("verify", "--expect", noted)
    assert done.code == 3
    (told,) = [line for line in done.lines if line.startswith("damage\t")]
    assert told.startswith(f"damage\thistory\tevent 4\tno event has the noted hash {noted}: the history was cut off, put back")
    assert done.lines[-1].startswith("damaged")


def test_a_noted_hash_is_held_against_a_bundle_too(desk: Command, tmp_path: Path) -> None:
    noted = desk("verify", "--json").json["head"]
    assert desk("export", "--bundle", tmp_path / "b.zip").code == 0
    done = desk("verify", tmp_path / "b.zip", "--expect", noted)
    assert (done.code, done.lines[-2]) == (0, f"noted\tevent 6\t{noted}\t0 events since")
    assert desk("verify", tmp_path / "b.zip", "--expect", "0" * 64).code == 3


@pytest.mark.parametrize("wrong", ["", "abc", "0" * 11, "0" * 65, "not a hash at all"])
def test_what_is_no_hash_is_a_usage_error(desk: Command, wrong: str) -> None:
    assert desk("verify", "--expect", wrong).code == 2
