"""Lines of JSON go from one registry into another by commands; whatever does not come along is told."""

import gzip
import json
from pathlib import Path

import pytest

from .conftest import Command

QUOTE = "the night ferry will not run"


@pytest.fixture
def lines(claimreg: Command, notice: Path, tmp_path: Path) -> Path:
    """What a registry of two claims, a source and a verdict exports."""
    assert claimreg("add", "The night ferry is cancelled", "--by", "Harbour office", "--quote", QUOTE, "--source", notice).code == 0
    assert claimreg("add", "The ferry runs", "--by", "Captain", "--stance", "denies").code == 0
    assert claimreg("relate", "C1", "contradicts", "C2").code == 0
    assert claimreg("verdict", "C1", "false", "--by", "Desk").code == 0
    done = claimreg("export", "--to", "ndjson", "-o", "all.ndjson")
    assert (done.code, done.stdout) == (0, "")
    assert done.stderr.splitlines() == ["Wrote all.ndjson: 2 claims, 2 parties, 1 source, 1 relation.", "Left out: 1 file of evidence."]
    return tmp_path / "all.ndjson"


def test_an_export_is_imported_whole_and_once(claimreg: Command, lines: Path, tmp_path: Path) -> None:
    packed = tmp_path / "all.ndjson.gz"
    packed.write_bytes(gzip.compress(lines.read_bytes()))
    for file, more in ((lines, "2 attributions, 2 parties, 1 source, 1 verdict and 1 relation"), (packed, "0 attributions")):
        done = claimreg("import", file, "--db", "other")
        assert done.code == 0
        assert f"with {more}" in done.stdout
        assert ("Left out: 1 link." in done.stderr) == (file is lines)
    assert "(0 new, 2 there already)" in done.stdout
    shown = [claimreg("show", "C1", "--json", *where).json for where in ([], ["--db", "other"])]
    assert shown[1]["external_id"] == "C1"
    assert [one["verdicts"][0]["rated_at"] for one in shown] == [shown[0]["verdicts"][0]["rated_at"]] * 2
    assert shown[0]["relations"] == shown[1]["relations"]
    assert claimreg("source", "list", "--db", "other", "--json").json[0]["title"] == claimreg("source", "list", "--json").json[0]["title"]


def test_links_are_imported_where_the_source_is_stored(claimreg: Command, lines: Path, notice: Path) -> None:
    assert claimreg("source", "add", notice, "--db", "other").code == 0
    done = claimreg("import", lines, "--db", "other")
    assert (done.code, done.stderr) == (0, "")
    link, copy = (claimreg("show", "L1", "--json", *where).json for where in ([], ["--db", "other"]))
    assert {key for key in link if link[key] != copy[key]} <= {"recorded_at"}


@pytest.mark.parametrize("form", ["--format=ndjson", "--json"])
def test_a_listing_that_is_imported_loses_nothing_untold(claimreg: Command, lines: Path, form: str) -> None:
    assert lines.exists()
    done = claimreg("import", "-", "--db", "other", stdin=claimreg("list", form).stdout)
    assert (done.code, done.stdout) == (1, "Recorded 2 claims with 2 attributions, 2 parties, 1 verdict and 1 relation.\n")
    assert done.stderr.splitlines() == [
        "Line 1 of standard input: there is no source “S1” in the file; the statement was recorded without it",
        "1 source of standard input not found; the statements were recorded.",
        "Left out: 1 link.",
    ]


def test_flat_lines_use_their_source_and_tell_what_has_no_place(claimreg: Command) -> None:
    rows = [
        {"text": "It rained", "by": "Ann", "source": "https://example.org/rain", "said": "May"},
        {"text": "It snowed", "by": "Ann", "source": "the paper", "said": "June", "mood": "sad"},
        {"text": "It hailed", "quote": "hail!"},
        {"schema": "claimreg.event/1"},
    ]
    done = claimreg("import", "-", stdin="\n".join(map(json.dumps, rows)))
    assert (done.code, done.stdout) == (1, "Recorded 3 claims with 2 attributions, 1 party and 1 source.\n")
    assert "there is no source “the paper”; the statement was recorded without it" in done.stderr
    assert "it names nobody by whom it is said; left out: quote" in done.stderr
    assert "“said” (2)" in done.stderr
    assert "“mood” (1)" in done.stderr
    assert "it is 'claimreg.event/1'" in done.stderr
    assert claimreg("show", "A1", "--json").json["source_id"] == "S1"


def test_one_bad_line_stops_a_strict_import(claimreg: Command) -> None:
    done = claimreg("import", "-", "--strict", stdin='{"text": "It rained"}\n{"text": ""}\n')
    assert (done.code, done.stdout) == (1, "")
    assert "line 2" in done.stderr
    assert claimreg("list").stdout == ""
