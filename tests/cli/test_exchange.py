"""`export --to` and `import` as people run them: every format on the demo case, there and back, and what is told of it."""

import csv
import io
import json
import shutil
import socket
import zipfile
from collections.abc import Callable, Iterator
from importlib.util import find_spec
from itertools import zip_longest
from pathlib import Path
from typing import Any

import pytest

from claimreg import open_registry
from claimreg.interchange.formats import FORMATS, readable, writable
from claimreg.opening import bundled_case
from claimreg.services.exchange.rows import ClaimRow, Row, SourceRow, StatementRow, VerdictRow
from claimreg.services.recording.claims import AttributionFields, ClaimFields
from claimreg.services.recording.sources import SourceDetails
from claimreg.vocabulary import Stance

from .conftest import Command

BOTH_WAYS = [one.name for one in FORMATS if one.reads and one.writes]
SUFFIXES = {one.name: one.suffix for one in FORMATS}
CLAIMS = {"claimreview": 2}
"""Claims of the demo that a format holds, where these are not all six: a review needs a verdict."""

NOT_KEPT = (
    "recorded_at", "recorded_by", "external_id", "capture", "captures", "links", "left_out", "identifier", "@id", "state", "looked",
    "rejected_by",
)  # fmt: skip
"""Keys of records that another registry gives anew, or that need the sources' bytes."""
NOT_KEPT_COLUMNS = ("external_id", "link_kind", "link_state", "source_start", "source_end", "flags", "not_judged", "parts")


def needs(name: str) -> None:
    if name == "xlsx" and find_spec("openpyxl") is None:
        pytest.skip("the extra claimreg[sheets] is not installed")


@pytest.fixture(scope="module")
def demo_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("demo") / "registry"
    with open_registry(str(folder)) as registry:
        registry.record_case(bundled_case())
    return folder


@pytest.fixture
def demo(claimreg: Command, registry: Path, demo_folder: Path) -> Command:
    """The command on a registry with the demo case."""
    shutil.copytree(demo_folder, registry)
    return claimreg


@pytest.fixture
def no_network(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object, **__: object) -> None:
        raise AssertionError("a socket was opened")

    monkeypatch.setattr(socket.socket, "connect", refuse)
    monkeypatch.setattr(socket, "getaddrinfo", refuse)


def without(value: Any, names: tuple[str, ...]) -> Any:  # noqa: ANN401 -- whatever JSON holds
    if isinstance(value, dict):
        return {key: without(one, names) for key, one in value.items() if key not in names}
    return [without(one, names) for one in value] if isinstance(value, list) else value


def records_in(name: str, path: Path) -> Any:  # noqa: ANN401 -- as above
    """What a file says, without what another registry gives anew."""
    if name == "xlsx":
        from openpyxl import load_workbook

        book = load_workbook(path)
        header, *rows = book["claims"].iter_rows(values_only=True)
        cells = [dict(zip_longest(header, row)) for row in rows]
    elif name == "csv":
        cells = list(csv.DictReader(io.StringIO(path.read_text(encoding="utf-8"), newline="")))
    else:
        return [without(json.loads(line), NOT_KEPT) for line in path.read_text(encoding="utf-8").splitlines()]
    return [{key: value for key, value in row.items() if key not in NOT_KEPT_COLUMNS} for row in cells]


def counts(done: Any) -> dict[str, int]:  # noqa: ANN401 -- as above
    return {key: int(value) for key, value in (line.split("\t") for line in done.stdout.splitlines())}


# Out.


@pytest.mark.parametrize("name", SUFFIXES)
def test_the_same_registry_gives_the_same_file_and_tells_what_is_left_out(demo: Command, tmp_path: Path, name: str) -> None:
    needs(name)
    files = [tmp_path / f"{place}{SUFFIXES[name]}" for place in ("one", "two")]
    for path in files:
        done = demo("export", "--to", name, "-o", path)
        assert (done.code, done.stdout) == (0, "")
        told = done.stderr.splitlines()
        assert next(line for line in told if line.startswith("Wrote ")).startswith(f"Wrote {path}: ")
        assert told[-1].startswith("Left out: ")
    assert files[0].read_bytes() == files[1].read_bytes()
    assert not [path for path in tmp_path.iterdir() if path.name.startswith(".claimreg-")]


@pytest.mark.parametrize("name", [one.name for one in FORMATS if not one.is_binary])
def test_a_text_goes_to_standard_output_as_it_goes_to_a_file(demo: Command, tmp_path: Path, name: str) -> None:
    assert demo("export", "--to", name, "-o", "x").code == 0
    for output in ((), ("-o", "-")):
        done = demo("export", "--to", name, *output)
        assert done.code == 0
        assert done.stdout.encode() == (tmp_path / "x").read_bytes()
        assert "Wrote" not in done.stderr


@pytest.mark.parametrize("name", [one.name for one in FORMATS if one.is_binary])
def test_what_is_no_text_needs_a_file(demo: Command, name: str) -> None:
    done = demo("export", "--to", name)
    assert (done.code, done.stdout) == (2, "")
    assert done.stderr == f"claimreg: {name} is no text that a terminal shows; give a file: -o FILE{SUFFIXES[name]}.\n"


def test_a_reader_that_went_away_ends_an_export_well(demo: Command, environment: dict[str, str], tmp_path: Path) -> None:
    import subprocess
    import sys

    del demo
    line = f"{sys.executable} -m claimreg export --to ndjson | head -c 10; exit ${{PIPESTATUS[0]}}"
    done = subprocess.run(["bash", "-c", line], cwd=tmp_path, env=environment, capture_output=True, check=False, timeout=60)
    assert (done.returncode, len(done.stdout), b"Traceback" in done.stderr) == (0, 10, False)


USAGE = {
    "neither a format nor a bundle": (["export"], "Give --to FORMAT (ndjson, csv, "),
    "both": (["export", "--to", "csv", "--bundle", "x.zip"], "Give --to FORMAT (ndjson, csv, "),
    "no format": (["export", "--to", "yaml"], "“yaml” is no format; there are ndjson, csv, "),
    "an option of another format": (["export", "--to", "csv", "--feed"], "csv has no --feed; that goes with --to claimreview"),
    "an option for a bundle": (["export", "--bundle", "x.zip", "--excel"], "A bundle has no --excel; that goes with --to."),
    "a file for a bundle": (["export", "--bundle", "x.zip", "-o", "y"], "A bundle has no --output; that goes with --to."),
    "claims and a case": (["export", "--to", "csv", "C1", "--case", "Ilyashev"], "Give claims or --case, not both."),
    "a template of claims": (["export", "--to", "csv", "--empty", "C1"], "A template has no claims; "),
    "no such format to read": (["import", "x", "--from", "ris"], "“ris” is no format; there are ndjson, csv, xlsx, claimreview."),
    "a renaming that is none": (["import", "-", "--from", "csv", "--map", "claim"], "--map takes a name of the file's and one of ours"),
    "an option of another reader": (["import", "-", "--from", "csv", "--crowd", "x"], "csv has no --crowd; that goes with "),
    "an option for a bundle read": (["import", "-", "--from", "bundle", "--map", "a=b"], "bundle has no --map; that goes with --from "),
}  # fmt: skip


@pytest.mark.parametrize("what", USAGE)
def test_what_does_not_go_together_is_a_usage_error(claimreg: Command, tmp_path: Path, what: str) -> None:
    arguments, sentence = USAGE[what]
    done = claimreg(*arguments)
    assert (done.code, done.stdout) == (2, "")
    assert done.stderr.startswith(f"claimreg: {sentence}")
    assert list(tmp_path.iterdir()) == []


def test_claims_and_cases_that_are_not_there_write_nothing(demo: Command, tmp_path: Path) -> None:
    (tmp_path / "x.csv").write_text("as it was", encoding="utf-8")
    for arguments in (["C99"], ["--case", "Nothing"]):
        assert demo("export", "--to", "csv", *arguments, "-o", "x.csv").code == 4
    assert (tmp_path / "x.csv").read_text(encoding="utf-8") == "as it was"


def test_chosen_claims_alone_are_written(demo: Command) -> None:
    done = demo("export", "--to", "ndjson", "c3", "C1")
    claims = [line for line in map(json.loads, done.lines) if line["schema"] == "claimreg.claim/1"]
    assert [one["id"] for one in claims] == ["C1", "C3"]


def test_the_help_names_each_format_and_what_it_loses(claimreg: Command) -> None:
    shown = " ".join(claimreg("export", "-h").stdout.split())
    for one in writable():
        assert f"{one.name}: {one.what}; loses {one.loses}." in shown
    shown = " ".join(claimreg("import", "-h").stdout.split())
    for one in readable():
        assert f"{one.name}: {one.what}." in shown


# There and back.


@pytest.mark.parametrize("name", BOTH_WAYS)
@pytest.mark.usefixtures("no_network")
def test_a_file_makes_the_journey_there_and_back(demo: Command, tmp_path: Path, name: str) -> None:
    needs(name)
    first, second, third = (tmp_path / f"{number}{SUFFIXES[name]}" for number in range(3))
    demo("export", "--to", name, "-o", first)
    count = CLAIMS.get(name, 6)
    done = demo("import", first, "--db", "other")
    assert done.code == 0, done
    assert done.stdout.startswith(f"Recorded {count} claims with ")
    assert demo("verify", "--db", "other").code == 0
    demo("export", "--to", name, "-o", second, "--db", "other")
    assert records_in(name, second) == records_in(name, first)

    assert demo("import", second, "--db", "third").code == 0
    demo("export", "--to", name, "-o", third, "--db", "third")
    assert records_in(name, third) == records_in(name, second)


@pytest.mark.parametrize("name", BOTH_WAYS)
def test_the_same_file_twice_is_there_already(demo: Command, tmp_path: Path, name: str) -> None:
    needs(name)
    file = tmp_path / f"file{SUFFIXES[name]}"
    demo("export", "--to", name, "-o", file)
    demo("import", file, "--db", "other")
    before = counts(demo("stats", "--db", "other"))
    again = demo("import", file, "--db", "other")
    assert again.code == 0
    assert again.stdout.startswith("Recorded 0 claims with 0 attributions (0 new, ")
    assert again.stdout.endswith(" there already).\n")
    assert counts(demo("stats", "--db", "other")) == before


@pytest.mark.parametrize("name", BOTH_WAYS)
def test_what_a_registry_exported_is_there_already(demo: Command, tmp_path: Path, name: str) -> None:
    needs(name)
    file = tmp_path / f"file{SUFFIXES[name]}"
    demo("export", "--to", name, "-o", file)
    before = counts(demo("stats"))
    again = demo("import", file)
    assert (again.code, counts(demo("stats"))) == (0, before), again
    assert again.stdout.startswith("Recorded 0 claims with 0 attributions (0 new, ")


def links_of(claims: list[dict[str, Any]]) -> list[tuple[Any, ...]]:
    statements = [one for claim in claims for one in claim["attributions"]]
    return [(one["quote"], link["start"], link["exact"], link["kind"], link["state"]) for one in statements for link in one["links"]]


def test_links_come_back_where_the_texts_are_stored(demo: Command, tmp_path: Path) -> None:
    demo("export", "--to", "ndjson", "-o", "all.ndjson")
    with open_registry(str(tmp_path / "other")) as registry:
        for name, document in bundled_case().documents.items():
            (tmp_path / name).write_bytes(document.content)
            registry.add_source(str(tmp_path / name))
    done = demo("import", "all.ndjson", "--db", "other")
    assert done.code == 0
    assert "Left out" not in done.stderr
    ours, theirs = (links_of(demo(*command).json) for command in (("list", "--json"), ("list", "--json", "--db", "other")))
    assert ours == theirs
    assert len(ours) == 12


def test_a_listing_keeps_what_it_holds_and_tells_the_rest(demo: Command) -> None:
    lines = demo("list", "--format", "ndjson").stdout
    done = demo("import", "-", "--db", "other", stdin=lines)
    assert done.stdout.startswith("Recorded 6 claims with 14 attributions, 9 parties, 2 verdicts and 4 relations.")
    assert "Left out: 12 links.\n" in done.stderr
    assert "there is no source “S1” in the file; the statement was recorded without it\n" in done.stderr
    assert done.code == 1


# What is told.


def test_rows_that_cannot_be_recorded_as_they_stand_are_told_and_end_with_1(claimreg: Command, tmp_path: Path) -> None:
    claimreg("import", "-", stdin='{"id": "a", "text": "The pier is sound"}\n')
    (tmp_path / "x.ndjson").write_text(
        '{"id": "a", "text": "The pier is closed"}\n'
        '{"id": "b"}\n'
        '{"id": "c", "text": "Taxes rose", "by": "Ministry", "said_at": "5.6.2020"}\n'
        '{"id": "d", "text": "Taxes fell", "by": "Ministry", "source": "S77", "page": 3}\n',
        encoding="utf-8",
    )
    done = claimreg("import", "x.ndjson", "--no-link", "--no-duplicates")
    assert done.code == 1
    assert done.stdout == "Recorded 2 claims with 2 attributions and 1 party.\n"
    told = done.stderr.splitlines()
    assert told[0] == "Line 2 of x.ndjson was passed over: it has no text"
    assert told[1] == "1 line of x.ndjson passed over."
    assert told[2] == (
        "Line 1 of x.ndjson: “a” is C1 with another text, “The pier is sound”, not “The pier is closed”; nothing of it was recorded"
    )
    assert told[3] == "1 conflict: nothing of it recorded."
    assert told[4].startswith("Line 3 of x.ndjson is without its date: ")
    assert told[6].startswith("Line 4 of x.ndjson: there is no source “S77”")
    assert told[-1] == "Passed over, as claimreg has no place for it: “page” (1)."
    assert claimreg("stats").lines[0] == "claims\t3"


def test_the_json_of_an_import_has_all_that_is_told(claimreg: Command) -> None:
    lines = '{"id": "a", "text": "The pier is sound", "page": 1}\n{"id": "b"}\n{"id": "a2", "text": "The pier is sound!"}\n'
    done = claimreg("import", "-", "--json", stdin=lines)
    assert done.code == 1
    assert done.json == {
        "schema": "claimreg.import/1",
        "file": "standard input",
        "format": "ndjson",
        "dry_run": False,
        "new": {"claim": 2},
        "there": 0,
        "conflicts": [],
        "bad": [{"line": 2, "why": "it has no text"}],
        "undated": [],
        "sources_not_found": [],
        "notes": [],
        "unknown": {"page": 1},
        "left_out": {},
        "sentences": [],
        "links": None,
        "duplicates": [{"claim_id": "C2", "other_claim_id": "C1"}],
    }


@pytest.mark.parametrize("name", BOTH_WAYS)
def test_a_dry_run_says_what_would_be_and_keeps_nothing(demo: Command, tmp_path: Path, name: str) -> None:
    needs(name)
    file = tmp_path / f"file{SUFFIXES[name]}"
    demo("export", "--to", name, "-o", file)
    done = demo("import", file, "--db", "other", "--dry-run")
    assert done.code == 0
    assert done.stdout.startswith(f"Would record {CLAIMS.get(name, 6)} claims with ")
    assert not (tmp_path / "other").exists()


def test_strict_records_nothing_where_a_line_is_bad(claimreg: Command, registry: Path) -> None:
    done = claimreg("import", "-", "--strict", stdin='{"text": "Taxes rose"}\n{"id": "b"}\n')
    assert (done.code, done.stdout, done.stderr) == (1, "", "claimreg: standard input, line 2: it has no text\n")
    assert not registry.exists() or claimreg("stats").lines[0] == "claims\t0"


def test_names_of_a_file_are_renamed_and_its_ids_kept_apart(claimreg: Command) -> None:
    table = "Nr,Statement,Speaker\n1,Taxes rose,Ministry\n"
    customs = ("--map", "Nr=external_id", "--map", "Statement=claim", "--map", "Speaker=by")
    for name in ("budget", "debate"):
        done = claimreg("import", "-", "--from", "csv", *customs, "--source-name", name, stdin=table)
        assert (done.code, done.stdout.split(" with")[0]) == (0, "Recorded 1 claim")
    assert [one["external_id"] for one in claimreg("list", "--json").json] == ["budget:1", "debate:1"]
    again = claimreg("import", "-", "--from", "csv", *customs, "--source-name", "budget", stdin=table)
    assert "(0 new, 1 there already)" in again.stdout


def test_a_missing_library_is_told_in_a_sentence(demo: Command, monkeypatch: pytest.MonkeyPatch) -> None:
    from claimreg.interchange import workbook

    monkeypatch.setattr(workbook, "find_spec", lambda _name: None)
    done = demo("export", "--to", "xlsx", "-o", "x.xlsx")
    assert (done.code, done.stdout, done.stderr.count("\n")) == (1, "", 1)
    assert "pip install 'claimreg[sheets]'" in done.stderr


# After the import.


def test_new_quotes_are_looked_for_and_near_repeats_listed(ferry: Command, tmp_path: Path) -> None:
    line = {
        "text": "The night ferry is cancelled!", "by": "A clerk", "quote": "the ticket hall stays shut", "source": "S1",
    }  # fmt: skip
    (tmp_path / "x.ndjson").write_text(json.dumps(line) + "\n", encoding="utf-8")
    done = ferry("import", "x.ndjson")
    assert (done.code, done.stdout) == (0, "Recorded 1 claim with 1 attribution and 1 party.\n")
    assert done.stderr.splitlines() == [
        "Of 1 new quote, 1 found in the stored sources; `claimreg review` asks about each.",
        "C2 says nearly the same as C1: “The night ferry is cancelled”",
        "1 new claim says nearly the same as an earlier one.",
    ]
    links = ferry("show", "C2", "--json").json["attributions"][0]["links"]
    assert [(link["exact"], link["state"]) for link in links] == [("the ticket hall stays shut", "suggested")] * 2


def test_neither_is_done_where_it_is_not_wanted_or_there_is_too_much(
    ferry: Command, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def line(number: int) -> str:
        said = {"id": f"{number}", "text": "The night ferry is cancelled.", "by": "A clerk", "quote": "the ticket hall stays shut"}
        return json.dumps(said) + "\n"

    (tmp_path / "x.ndjson").write_text(line(1), encoding="utf-8")
    assert ferry("import", "x.ndjson", "--no-link", "--no-duplicates").stderr == ""
    monkeypatch.setattr("claimreg.cli.imported.MANY", 1)
    (tmp_path / "y.ndjson").write_text(line(2) + line(3), encoding="utf-8")
    done = ferry("import", "y.ndjson")
    assert done.stderr == (
        "The file has more than 1 claims: its quotes were not looked for (--link does it, and `claimreg link` afterwards), "
        "and near repeats were not listed (--duplicates does it).\n"
    )
    (tmp_path / "z.ndjson").write_text(line(4) + line(5), encoding="utf-8")
    done = ferry("import", "z.ndjson", "--link", "--duplicates")
    assert "Of 2 new quotes, 2 found" in done.stderr
    assert "2 new claims say nearly the same as an earlier one." in done.stderr


def test_what_is_interrupted_after_the_import_leaves_it_recorded(ferry: Command, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def interrupted(*_: object, **__: object) -> Iterator[object]:
        raise KeyboardInterrupt

    monkeypatch.setattr("claimreg.services.finding.repeats.near_repeats", interrupted)
    (tmp_path / "x.ndjson").write_text('{"text": "Taxes rose"}\n', encoding="utf-8")
    done = ferry("import", "x.ndjson")
    assert (done.code, done.stdout) == (130, "Recorded 1 claim with 0 attributions.\n")
    assert done.stderr.endswith(
        "Interrupted; the import was recorded, though its quotes and near repeats were not looked for to the end, "
        "and nothing half-done was kept.\n"
    )
    assert ferry("stats").lines[0] == "claims\t2"


# Hostile texts.

HOSTILE = (
    "=cmd|' /C calc'!A0", "</script><script>alert(1)</script>", "\x1b[31mred\x07", "\u202egnihtyreve", "{braces} %s ${x} \\n",
    "“quotes” \"and\" 'more'", "a\tb\u2028c", "]]>&amp;<!--", "@article{x,\n title={y}}", "TY  - JOUR\nER  - ",
)  # fmt: skip


@pytest.fixture(scope="module")
def hostile_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("hostile") / "registry"
    with open_registry(str(folder)) as registry:
        registry.import_rows(hostile_rows())
    return folder


def hostile_rows() -> Iterator[Row]:
    for number, text in enumerate(HOSTILE, start=1):
        details = SourceDetails(title=text, publisher=text, author=text, url=f"https://x.example/{number}")
        yield SourceRow(number, f"source {number}", details)
        said = StatementRow(AttributionFields(Stance.ASSERTS, text, text), f"source {number}")
        fields = ClaimFields(text, text, None, text, (text,), text)
        yield ClaimRow(number, fields, (said,), (VerdictRow(text, text, text, text),))


@pytest.fixture
def hostile(claimreg: Command, registry: Path, hostile_folder: Path) -> Command:
    """The command on a registry whose every text is made to act somewhere."""
    shutil.copytree(hostile_folder, registry)
    return claimreg


@pytest.mark.parametrize("name", SUFFIXES)
def test_hostile_texts_are_written_as_texts(hostile: Command, tmp_path: Path, name: str) -> None:
    needs(name)
    file = tmp_path / f"x{SUFFIXES[name]}"
    done = hostile("export", "--to", name, "-o", file)
    assert (done.code, "\x1b" in done.stderr, "Traceback" in done.stderr) == (0, False, False)
    content = file.read_bytes()
    if name in ("ndjson", "claimreview", "webannotation", "csl"):
        assert b"\x1b" not in content
        assert b"\xe2\x80\xae" not in content
    if name in BOTH_WAYS:
        back = hostile("import", file, "--db", "other", "--no-link", "--no-duplicates")
        assert back.code == 0, back
        assert [one["text"] for one in hostile("list", "--json", "--db", "other").json] == [text.strip() for text in HOSTILE]


def test_a_terminal_is_shown_what_would_act(hostile: Command, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("claimreg.cli.output.stdout_is_terminal", lambda: True)
    for one in writable():
        if not one.is_binary:
            shown = hostile("export", "--to", one.name).stdout
            assert "\x1b" not in shown
            assert "\u202e" not in shown


# What is read.


def test_standard_input_is_told_apart_as_files_are(demo: Command, tmp_path: Path) -> None:
    for name in BOTH_WAYS:
        if name == "xlsx" and find_spec("openpyxl") is None:
            continue
        file = tmp_path / f"file{SUFFIXES[name]}"
        demo("export", "--to", name, "-o", file)
        form = ("--from", "csv") if name == "csv" else ()
        done = demo("import", "-", *form, "--db", f"in-{name}", stdin=file.read_bytes())
        assert done.code == 0, done
        assert done.stdout.startswith(f"Recorded {CLAIMS.get(name, 6)} claims")


def test_packed_lines_are_read(demo: Command, tmp_path: Path) -> None:
    import gzip

    lines = demo("export", "--to", "ndjson").stdout.encode()
    (tmp_path / "x.ndjson.gz").write_bytes(gzip.compress(lines))
    assert demo("import", "x.ndjson.gz", "--db", "other").stdout.startswith("Recorded 6 claims")
    (tmp_path / "y.ndjson.gz").write_bytes(gzip.compress(lines)[:-20])
    done = demo("import", "y.ndjson.gz", "--db", "third")
    assert done.code == 1
    assert done.stderr.startswith("claimreg: y.ndjson.gz is damaged or cut off: ")


DOUBT: dict[str, Callable[[Path], object]] = {
    "a text": lambda path: path.write_text("The pier is sound\n"),
    "JSON of nobody": lambda path: path.write_text('{"a": 1}\n'),
    "a page without reviews": lambda path: path.write_text("<!DOCTYPE html><p>The pier"),
    "an archive": lambda path: zipfile.ZipFile(path, "w").close(),
    "a table without a name": lambda path: path.write_text("claim,by\nTaxes rose,Ministry\n"),
}


@pytest.mark.parametrize("what", DOUBT)
def test_what_is_in_doubt_is_asked_for(claimreg: Command, tmp_path: Path, registry: Path, what: str) -> None:
    DOUBT[what](tmp_path / "file")
    done = claimreg("import", "file")
    assert (done.code, done.stdout) == (2, "")
    assert done.stderr == "claimreg: What file is cannot be told; say it with --from: ndjson, csv, xlsx, claimreview or bundle.\n"
    assert not registry.exists()
