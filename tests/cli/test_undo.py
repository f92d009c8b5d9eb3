"""`undo` as people type it: it shows what it would do, asks, does it, and tells how to get it back."""

import sys
from pathlib import Path

import pytest
from terminal import Terminal

from .conftest import Command

pytestmark = pytest.mark.every_store


def test_it_shows_what_it_would_undo_and_asks(ferry: Command) -> None:
    asked = ferry("undo")
    assert (asked.code, asked.stdout) == (2, "")
    shown = asked.stderr.splitlines()
    assert shown[0].startswith("To undo: add by tester on ")
    assert shown[0].endswith(" UTC (events 1 to 7).")
    assert "  C1  is removed: The night ferry is cancelled" in shown
    assert shown[-1] == "claimreg: Nobody is there to ask: “Undo it?” Say --yes to do it."
    assert ferry("undo", "--no-input").code == 2
    assert len(ferry("list").lines) == 1


def test_it_undoes_and_does_again(ferry: Command) -> None:
    before = ferry("show", "C1", "--json").json
    done = ferry("undo", "--yes")
    assert done.code == 0
    assert done.stdout.endswith(" (C1, P1, N1, S1, A1 and 1 more); `claimreg undo 8` does it again.\n")
    assert ferry("list").stdout == ""
    nothing = ferry("undo", "--yes")
    assert (nothing.code, nothing.stdout, nothing.stderr) == (0, "", "There is nothing of yours to undo.\n")
    assert ferry("undo", "8", "--yes").code == 0
    assert ferry("show", "C1", "--json").json == before


def test_a_dry_run_changes_nothing(ferry: Command) -> None:
    before = ferry("history", "--json").stdout
    done = ferry("undo", "--dry-run")
    assert (done.code, done.stdout[:10]) == (0, "Would undo")
    assert ferry("history", "--json").stdout == before


def test_what_was_changed_since_is_refused_with_names(ferry: Command) -> None:
    assert ferry("edit", "C1", "--text", "Another", env={"CLAIMREG_USER": "bob"}).code == 0
    refused = ferry("undo", "--yes")
    assert (refused.code, refused.stdout) == (1, "")
    assert "Nothing was undone: C1 was changed since (bob, " in refused.stderr
    assert "event 8: edit); undo that first" in refused.stderr


@pytest.mark.parametrize(("event", "code"), [("99", 4), ("0", 2), ("C1", 2)])
def test_an_event_that_is_none_is_told(ferry: Command, event: str, code: int) -> None:
    assert ferry("undo", event, "--yes").code == code


def test_a_named_registry_that_is_not_there_is_told_and_not_made(claimreg: Command, registry: Path) -> None:
    done = claimreg("undo", "--yes")
    assert (done.code, done.stdout) == (4, "")
    assert not registry.exists()


def test_an_import_is_undone_as_one(claimreg: Command, tmp_path: Path) -> None:
    lines = "".join(f'{{"text": "Statement {n}", "by": "Speaker {n % 3}", "tags": ["t"]}}\n' for n in range(200))
    (tmp_path / "claims.ndjson").write_text(lines, encoding="utf-8")
    assert claimreg("import", "claims.ndjson", "--no-link").code == 0
    done = claimreg("undo", "--yes")
    assert done.code == 0
    assert "  and " in done.stderr
    assert claimreg("list").stdout == ""
    assert claimreg("party", "list").stdout == ""
    assert claimreg("verify").code == 0


def test_a_person_is_asked_at_a_terminal(ferry: Command, environment: dict[str, str], tmp_path: Path) -> None:
    with Terminal([sys.executable, "-m", "claimreg", "undo"], environment, tmp_path, columns=120) as terminal:
        terminal.wait_for("C1  is removed: The night ferry is cancelled", "Undo it? [y/N]")
        terminal.press("n\r", "Nothing was undone.")
        assert terminal.ends() == 0
    assert len(ferry("list").lines) == 1
    with Terminal([sys.executable, "-m", "claimreg", "undo"], environment, tmp_path, columns=120) as terminal:
        terminal.wait_for("Undo it? [y/N]")
        terminal.press("y\r", "`claimreg undo 8` does it again.")
        assert terminal.ends() == 0
    assert ferry("list").stdout == ""
