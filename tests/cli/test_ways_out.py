"""Sources, relations and tables by the command: of some claims or all, to a file or a pipe, withheld names in none of them."""

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from .conftest import Command

TEXTS = ("ris", "bibtex", "csl", "dot")


@pytest.fixture
def two(ferry: Command, tmp_path: Path) -> Command:
    """The ferry and a second claim, of another case and another source, that contradicts it."""
    other = tmp_path / "other.txt"
    other.write_text("The night ferry runs.\n", encoding="utf-8")
    done = ferry("add", "The night ferry runs", "--by", "Clerk", "--source", other, "--case", "Harbour", "--quote", "The night ferry runs")
    assert done.code == 0
    assert ferry("relate", "C1", "contradicts", "C2").code == 0
    return ferry


@pytest.mark.parametrize("name", TEXTS)
def test_a_file_has_what_is_printed_and_what_is_left_out_is_told(name: str, two: Command, tmp_path: Path) -> None:
    printed = two("export", "--to", name)
    written = two("export", "--to", name, "-o", "out")
    assert (printed.code, written.code, written.stdout) == (0, 0, "")
    assert (tmp_path / "out").read_bytes() == printed.stdout.encode()
    assert printed.stderr.startswith("Left out: ")
    assert "2 attributions" in printed.stderr
    assert written.stderr.startswith("Wrote out: " + ("2 claims, 1 relation" if name == "dot" else "2 sources"))


@pytest.mark.parametrize("name", ["ris", "bibtex", "csl"])
def test_a_case_has_its_own_sources_alone(name: str, two: Command) -> None:
    printed = two("export", "--to", name, "--case", "Harbour").stdout
    assert "claimreg-S2" in printed
    assert "claimreg-S1" not in printed
    assert printed == two("export", "--to", name, "C2").stdout


@pytest.mark.parametrize("name", [*TEXTS, "sqlite"])
def test_a_withheld_source_is_named_in_no_format(name: str, two: Command, tmp_path: Path) -> None:
    assert two("edit", "S1", "--title", "Leaked notice", "--publisher", "Secret press").code == 0
    assert two("edit", "S1", "--withhold", "a witness").code == 0
    done = two("export", "--to", name, "-o", "out")
    assert done.code == 0
    written = (tmp_path / "out").read_bytes()
    assert not [one for one in (b"Leaked", b"Secret", b"notice.txt") if one in written]
    if name in {"ris", "bibtex", "csl"}:
        assert "Wrote out: 1 source." in done.stderr
        assert "1 withheld source" in done.stderr


def test_claims_in_no_relation_are_left_out_of_the_graph_and_counted(two: Command) -> None:
    assert two("add", "The pier is sound", "--by", "Captain").code == 0
    done = two("export", "--to", "dot", "-o", "out")
    assert done.stderr.startswith("Wrote out: 2 claims, 1 relation.\nLeft out: 1 unrelated claim, ")


def test_tables_are_written_whole_or_not_at_all(two: Command, tmp_path: Path) -> None:
    assert two("export", "--to", "sqlite", "-o", "claims.db").code == 0
    with closing(sqlite3.connect(tmp_path / "claims.db")) as file:
        assert file.execute("SELECT claim_id, other_claim_id FROM contradictions").fetchall() == [("C1", "C2")]
    assert two("export", "--to", "sqlite", "C9", "-o", "none.db").code == 4
    assert not (tmp_path / "none.db").exists()
