"""`demo`: the report of the bundled case, and a registry to go on from."""

from pathlib import Path

from .conftest import Command


def test_it_says_how_to_get_the_report_as_a_page_and_the_registry(claimreg: Command, tmp_path: Path) -> None:
    done = claimreg("demo")
    assert done.code == 0
    assert "claimreg demo --keep FOLDER" in done.stderr
    assert "claimreg demo --format html -o demo.html" in done.stderr
    assert claimreg("demo", "--format", "html", "-o", "demo.html").code == 0
    assert (tmp_path / "demo.html").read_text(encoding="utf-8").startswith("<!DOCTYPE html>")
    assert claimreg("demo", "--json").stderr == ""


def test_a_kept_registry_has_the_report_that_was_shown(claimreg: Command, tmp_path: Path) -> None:
    kept = claimreg("demo", "--keep", "my case", "--json")
    assert kept.code == 0
    assert "claimreg --db 'my case' review" in kept.stderr
    assert claimreg("--db", "my case", "report", "--json").json["claims"] == kept.json["claims"]
    assert claimreg("--db", "my case", "verify").code == 0
    before = sorted(path.stat().st_mtime_ns for path in (tmp_path / "my case").iterdir())
    again = claimreg("demo", "--keep", "my case")
    assert (again.code, again.stdout) == (1, "")
    assert "There is a registry in my case already" in again.stderr
    assert sorted(path.stat().st_mtime_ns for path in (tmp_path / "my case").iterdir()) == before
