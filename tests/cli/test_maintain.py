"""Keeping a registry whole, and filling it with many claims at once."""

import json
import sqlite3
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

from .conftest import Command

CLAIMS = "".join(
    json.dumps(
        {"id": f"x{number}", "text": f"Көпір {number} жабылды", "case": "Bridges", "by": f"Speaker {number % 3}", "quote": "жабылды"}
    )
    + "\n"
    for number in range(50)
)


def test_a_whole_registry_verifies(ferry: Command) -> None:
    done = ferry("verify", "--json")
    assert done.code == 0
    assert done.json["whole"] is True
    assert done.json["damage"] == []
    assert len(done.json["head"]) == 64
    assert done.json["checked"]["captures"] == 1
    assert ferry("verify").lines[-1].startswith("whole\t")


@pytest.mark.parametrize(
    ("statement", "area"),
    [
        ("UPDATE claims SET doc = replace(doc, 'ferry', 'berry')", "records"),
        ("DELETE FROM claims WHERE id = 1", "records"),
        ("UPDATE history SET doc = replace(doc, 'tester', 'nobody') WHERE id = 2", "history"),
        ("DELETE FROM history WHERE id = 2", "history"),
        ("DROP INDEX 'links.source_id'", "files"),
        ("UPDATE sqlite_sequence SET seq = 0 WHERE name = 'claims'", "files"),
    ],
)
def test_changes_made_behind_its_back_are_named(ferry: Command, registry: Path, statement: str, area: str) -> None:
    with sqlite3.connect(registry / "registry.db") as connection:
        connection.execute(statement)
    done = ferry("verify", "--json")
    assert done.code == 3
    assert area in {one["area"] for one in done.json["damage"]}
    assert ferry("doctor").code == 3
    assert "restore" in ferry("doctor").stdout


def test_a_link_whose_words_are_elsewhere_is_named(ferry: Command, registry: Path) -> None:
    with sqlite3.connect(registry / "registry.db") as connection:
        connection.execute("UPDATE links SET doc = json_set(doc, '$.start', 1, '$.end', 5)")
    assert "links" in {one["area"] for one in ferry("verify", "--json").json["damage"]}


def test_a_file_that_is_no_registry_is_damage_for_verify(ferry: Command, registry: Path) -> None:
    (registry / "registry.db").write_bytes(b"hello" * 1000)
    assert ferry("verify").code == 3
    assert ferry("list").code == 1


def test_a_copy_brings_everything_back(ferry: Command, registry: Path, tmp_path: Path) -> None:
    before = ferry("verify", "--json").json["head"]
    claims = ferry("list", "--json").stdout
    assert ferry("backup", tmp_path / "copy").code == 0
    assert ferry("backup", tmp_path / "copy").code == 1
    (registry / "registry.db").write_bytes(b"")
    assert ferry("restore", tmp_path / "copy").code == 2
    assert ferry("restore", tmp_path / "copy", "--yes").code == 0
    assert ferry("list", "--json").stdout == claims
    assert ferry("verify", "--json").json["head"] == before
    assert [path.name for path in tmp_path.iterdir() if path.name.startswith("registry.replaced-")]


def test_what_is_no_copy_is_not_restored(ferry: Command, registry: Path, tmp_path: Path) -> None:
    (tmp_path / "empty").mkdir()
    assert ferry("restore", tmp_path / "empty", "--yes").code == 1
    (tmp_path / "harmed").mkdir()
    (tmp_path / "harmed" / "registry.db").write_bytes((registry / "registry.db").read_bytes()[:9000])
    assert ferry("restore", tmp_path / "harmed", "--yes").code == 1
    assert ferry("verify").code == 0


def test_compact_keeps_everything(ferry: Command) -> None:
    claims, head = ferry("list", "--json").stdout, ferry("verify", "--json").json["head"]
    assert ferry("compact").code == 0
    assert (ferry("list", "--json").stdout, ferry("verify", "--json").json["head"]) == (claims, head)


def test_stats_count(ferry: Command) -> None:
    counts = ferry("stats", "--json").json
    assert counts["claims"] == 1
    assert counts["sources"] == 1
    assert counts["events"] > 4
    assert "claims\t1" in ferry("stats").stdout


def test_import_records_all_and_tells_of_bad_lines(claimreg: Command, tmp_path: Path) -> None:
    path = tmp_path / "claims.ndjson"
    path.write_text(CLAIMS + "no json\n" + '{"text": ""}\n' + '{"text": "x", "stance": "shouts", "by": "A"}\n', encoding="utf-8")
    done = claimreg("import", path, "--from", "ndjson")
    assert done.code == 1
    assert done.stdout == "Recorded 50 claims with 50 attributions and 3 parties.\n"
    assert [line.split(" was")[0] for line in done.stderr.splitlines()[:3]] == [f"Line {number} of {path}" for number in (51, 52, 53)]
    assert done.stderr.splitlines()[3:] == [f"3 lines of {path} passed over."]
    claims = claimreg("list", "--case", "bridges", "--json").json
    assert len(claims) == 50
    assert claims[7]["external_id"] == "x7"
    assert claims[7]["attributions"][0]["party"]["name"] == "Speaker 1"
    assert len(claimreg("party", "list", "--json").json) == 3
    assert claimreg("verify").code == 0


def test_import_strict_stops_and_records_nothing(claimreg: Command) -> None:
    done = claimreg("import", "-", "--strict", stdin=CLAIMS + "no json\n")
    assert done.code == 1
    assert done.stderr == "claimreg: standard input, line 51: it is no JSON\n"
    assert claimreg("list", "--json").json == []


def test_what_list_prints_can_be_imported(ferry: Command, tmp_path: Path) -> None:
    ferry("add", "Ships sail at dawn", "--by", "Harbour office", "--tag", "ships", "--said", "2024-03", "--lang", "en")
    lines = ferry("list", "--format", "ndjson").stdout
    other = ("--db", str(tmp_path / "other"))
    done = ferry("import", "-", *other, stdin=lines)
    # A listing of claims has the ids of sources, and not the sources.
    assert (done.code, "1 source of standard input not found; the statements were recorded." in done.stderr) == (1, True)
    again = ferry("list", "--json", *other).json
    for old, new in zip(ferry("list", "--json").json, again, strict=True):
        assert [new[key] for key in ("text", "tags", "lang", "case")] == [old[key] for key in ("text", "tags", "lang", "case")]
        for before, after in zip(old["attributions"], new["attributions"], strict=True):
            assert [after[key] for key in ("stance", "quote", "said_at")] == [before[key] for key in ("stance", "quote", "said_at")]


def test_a_long_listing_streams(ferry: Command, registry: Path) -> None:
    ferry("import", "-", stdin="".join(CLAIMS for _ in range(40)))
    command = [sys.executable, "-m", "claimreg", "--db", str(registry), "list", "--format", "ndjson"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE) as listing:
        assert listing.stdout is not None
        assert json.loads(listing.stdout.readline())["id"] == "C1"
        listing.stdout.close()
        assert listing.stderr is not None
        assert listing.stderr.read() == b""
        assert listing.wait() == 0


def test_a_registry_of_an_earlier_version_works(claimreg: Command, repository: Path, tmp_path: Path) -> None:
    with zipfile.ZipFile(repository / "tests" / "fixtures" / "registry-v1.zip") as archive:
        archive.extractall(tmp_path)
    db = ("--db", str(tmp_path / "registry-v1"))
    assert claimreg("verify", *db).code == 0
    assert [one["id"] for one in claimreg("list", "--case", "ilyashev", "--json", *db).json] == ["C1", "C2"]
    assert claimreg("edit", "A2", "--restore", *db).code == 0


def test_a_nearly_same_claim_is_found_among_many(claimreg: Command, registry: Path) -> None:
    claimreg("import", "-", stdin=CLAIMS)
    claimreg("add", "The city council closed the northern bridge", "--by", "A")
    assert claimreg("add", "City council closed northern brigde, the", "--by", "B").code == 1
    # The index is derived data: without it, or with rubbish in its place, the answer is the same.
    for harm in (b"rubbish" * 500, b"", None):
        for path in (registry / ".cache" / "claims").iterdir():
            path.write_bytes(harm) if harm is not None else path.unlink()
        assert claimreg("add", "City council closed northern brigde, the", "--by", "B").code == 1
    assert claimreg("add", "The city council did not close the northern bridge", "--by", "B").code == 0
