"""Spreadsheets by the command: out, in, twice, by other names, and what is told."""

import json
from pathlib import Path

import pytest

from .conftest import Command


@pytest.mark.parametrize("suffix", ["csv", "xlsx"])
def test_a_registry_goes_out_and_into_another_once(suffix: str, ferry: Command) -> None:
    assert ferry("verdict", "C1", "False", "--why", "=1+1").code == 0
    assert ferry("export", "--to", suffix, "-o", f"out.{suffix}").code == 0
    done = ferry("import", f"out.{suffix}", "--db", "other")
    assert (done.code, done.stdout.split(" with ")[0]) == (0, "Recorded 1 claim")
    shown = json.loads(ferry("show", "C1", "--json", "--db", "other").stdout)
    known = json.loads(ferry("show", "C1", "--json").stdout)
    assert (shown["text"], shown["external_id"], shown["verdicts"][0]["rationale"]) == (known["text"], "C1", "=1+1")
    assert [one["quote"] for one in shown["attributions"]] == [one["quote"] for one in known["attributions"]]
    again = ferry("import", f"out.{suffix}", "--db", "other")
    assert (again.code, "(0 new, 1 there already)" in again.stdout) == (0, True)


def test_a_table_of_other_names_is_looked_at_and_taken_in(ferry: Command, tmp_path: Path) -> None:
    (tmp_path / "desk.csv").write_bytes("Aussage;Wer;Wann\nDie Fähre fährt;Hafenamt;2.5.2022\n;x;\n".encode("utf-16"))
    refused = ferry("import", "desk.csv")
    assert (refused.code, "--map THEIRS=claim" in refused.stderr) == (1, True)
    wrong = ferry("import", "desk.csv", "--map", "Aussage=claims")
    assert (wrong.code, "the nearest one is claim" in wrong.stderr) == (2, True)
    options = ("--map", "aussage=claim", "--map", "Wer=by", "--map", "Wann=said_at")
    looked = ferry("import", "desk.csv", *options, "--dry-run")
    assert (looked.code, looked.stdout[:20]) == (1, "Would record 1 claim")
    assert "without the order of day and month" in looked.stderr
    assert "Line 3 of desk.csv was passed over: it has no claim" in looked.stderr
    assert ferry("import", "desk.csv", *options, "--dates", "dmy").stdout.startswith("Recorded 1 claim")
    assert "2022-05-02" in ferry("show", "C2").stdout
