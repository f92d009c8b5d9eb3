import gzip
import json
import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import typer
from typer.testing import CliRunner

from claimreg.cli import scan as command
from claimreg.cli.boundary import ErrorBoundary
from claimreg.corpus import jsonl as lines_module
from claimreg.corpus import lines as files_of_lines
from claimreg.model import Attribution, Change, Stance
from claimreg.store.embedded import EmbeddedStore

app = typer.Typer(cls=ErrorBoundary)
app.command("scan")(command.scan)


@app.callback()
def root(ctx: typer.Context) -> None:
    ctx.obj = {}


FIELDS = ["quote_id", "doc_id", "start", "end", "score", "kind", "exact", "parts", "edits", "probability", "flags", "not_judged", "words"]
FERRY = "the night ferry will not run before the pier is repaired"
CAPTAIN = "Капитан заявил журналистам, что старый причал простоит ещё лет двадцать"
DOCUMENTS = [
    ("d1", f"At noon the office said that “{FERRY}”. Nobody asked why."),
    ("d2", "Nothing of that kind is told here; the weather was fine."),
    ("d3", f"Вчера вечером {CAPTAIN}, и уехал домой. {FERRY.upper()}!"),
]
QUOTES = [("ferry", FERRY), ("captain", CAPTAIN), ("nowhere", "words that were never said by anyone in any harbour")]

Run = Callable[..., Any]


def written(path: Path, records: list[tuple[str, str]]) -> Path:
    path.write_text("".join(json.dumps({"id": one, "text": text}, ensure_ascii=False) + "\n" for one, text in records), encoding="utf-8")
    return path


@pytest.fixture
def quotes(tmp_path: Path) -> Path:
    return written(tmp_path / "quotes.jsonl", QUOTES)


@pytest.fixture
def documents(tmp_path: Path) -> Path:
    return written(tmp_path / "docs.jsonl", DOCUMENTS)


@pytest.fixture
def links(tmp_path: Path) -> Path:
    return tmp_path / "links.jsonl"


@pytest.fixture
def run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Run:
    monkeypatch.chdir(tmp_path)
    runner = CliRunner(env={"CLAIMREG_DB": str(tmp_path / "registry"), "XDG_STATE_HOME": str(tmp_path / "state")})

    def start(*arguments: object, stdin: bytes | None = None) -> Any:  # noqa: ANN401
        return runner.invoke(app, ["scan", *map(str, arguments)], input=stdin)

    return start


def read(path: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in path.read_bytes().splitlines()]


def test_links_have_the_contracts_fields(run: Run, quotes: Path, documents: Path, links: Path) -> None:
    done = run("--quotes", quotes, "--docs", documents, "-o", links, "--workers", 1)
    assert (done.exit_code, done.stdout) == (0, "")
    first, second = done.stderr.splitlines()
    assert first == "3 links of 3 quotes in 3 documents."
    assert second == "By chance alone, fewer than one of them would be expected."
    found = read(links)
    assert all(list(link) == FIELDS for link in found)
    assert [(link["quote_id"], link["doc_id"], link["kind"]) for link in found] == [
        ("ferry", "d1", "exact"),
        ("ferry", "d3", "typographic"),
        ("captain", "d3", "exact"),
    ]
    texts = dict(DOCUMENTS)
    for link in found:
        assert link["exact"] == texts[link["doc_id"]][link["start"] : link["end"]]
        assert link["parts"] == [[link["start"], link["end"]]]
        assert 0 < link["probability"] <= 1
        assert (link["edits"], link["flags"], link["not_judged"]) == (0, [], [])
        assert {change for change, _, _ in link["words"]} == {"kept"}
    assert sorted(path.name for path in links.parent.iterdir()) == ["docs.jsonl", "links.jsonl", "quotes.jsonl"]


def test_every_way_in_gives_the_same_links(run: Run, quotes: Path, documents: Path, links: Path, tmp_path: Path) -> None:
    run("--quotes", quotes, "--docs", documents, "-o", links)
    expected = links.read_bytes()
    packed = tmp_path / "docs.jsonl.gz"
    packed.write_bytes(gzip.compress(documents.read_bytes()))
    assert run("--quotes", quotes, "--docs", packed).stdout_bytes == expected
    assert run("--quotes", quotes, "--docs", "-", stdin=documents.read_bytes()).stdout_bytes == expected
    assert run("--quotes", "-", "--docs", documents, stdin=quotes.read_bytes()).stdout_bytes == expected
    zstandard = pytest.importorskip("zstandard")
    packed = tmp_path / "docs.jsonl.zst"
    packed.write_bytes(zstandard.compress(documents.read_bytes()))
    assert run("--quotes", quotes, "--docs", packed).stdout_bytes == expected


def test_quotes_of_the_registry(run: Run, documents: Path) -> None:
    change = Change(user="ann", at="2026-01-01T00:00:00Z", action="test")
    store = EmbeddedStore(Path("registry"))
    with store.write(change) as writer:
        for quote in (FERRY, None, "👍"):
            writer.put(
                Attribution(
                    id=writer.new_id(Attribution), recorded_at=change.at, recorded_by="ann", claim_id="C1", party_id="P1",
                    party_as_written="ann", stance=Stance.ASSERTS, quote=quote,
                )
            )  # fmt: skip
    store.close()
    done = run("--quotes", "registry", "--docs", documents)
    assert done.exit_code == 0
    assert [(json.loads(line)["quote_id"], json.loads(line)["doc_id"]) for line in done.stdout.splitlines()] == [("A1", "d1"), ("A1", "d3")]


def test_folder_names_documents_by_their_path(run: Run, quotes: Path, tmp_path: Path) -> None:
    folder = tmp_path / "texts" / "deep"
    folder.mkdir(parents=True)
    (folder / "b.txt").write_text(DOCUMENTS[0][1], encoding="utf-8")
    (folder.parent / "a.txt").write_text(DOCUMENTS[2][1], encoding="utf-8")
    (folder / "picture.png").write_bytes(b"\x89PNG\0\0")
    (folder / "old.txt").write_bytes("привет".encode("cp1251"))
    done = run("--quotes", quotes, "--docs", folder.parent)
    assert [json.loads(line)["doc_id"] for line in done.stdout.splitlines()] == ["a.txt", "a.txt", "deep/b.txt"]
    assert done.exit_code == 1
    assert "deep/old.txt is not UTF-8 (byte 1)" in done.stderr


def test_parquet_in_and_out(run: Run, quotes: Path, tmp_path: Path, links: Path, documents: Path) -> None:
    pyarrow = pytest.importorskip("pyarrow")
    parquet = pytest.importorskip("pyarrow.parquet")
    table = pyarrow.table({"n": [1, 2, 3], "text": [text for _, text in DOCUMENTS], "id": [one for one, _ in DOCUMENTS]})
    parquet.write_table(table, tmp_path / "docs.parquet", row_group_size=2)
    run("--quotes", quotes, "--docs", documents, "-o", links)
    done = run("--quotes", quotes, "--docs", tmp_path / "docs.parquet", "-o", tmp_path / "links.parquet")
    assert done.exit_code == 0
    rows = parquet.read_table(tmp_path / "links.parquet").to_pylist()
    for row in rows:
        row["words"] = [list(word.values()) for word in row["words"]]
    assert rows == read(links)


def test_missing_package_is_named(run: Run, quotes: Path, documents: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(__import__("sys").modules, "pyarrow.parquet", None)
    done = run("--quotes", quotes, "--docs", documents, "-o", "links.parquet")
    assert done.exit_code == 1
    assert "pip install 'claimreg[scan]'" in done.stderr


def test_bad_lines_are_told_and_passed_over(run: Run, tmp_path: Path, links: Path) -> None:
    quotes = written(tmp_path / "quotes.jsonl", [("ferry", FERRY), ("dots", "…"), ("ferry", FERRY)])
    documents = tmp_path / "docs.jsonl"
    good = json.dumps({"id": "d", "text": FERRY}).encode()
    documents.write_bytes(b"\n".join([b"{", good, b"", b'{"id": 7, "text": ""}', b'{"id": "x", "text": "\xff"}', good]))
    done = run("--quotes", quotes, "--docs", documents, "-o", links)
    assert done.exit_code == 1
    assert len(read(links)) == 2
    for sentence in (
        "Line 2 of the quotes was passed over: The quote has no letters",
        f"Line 1 of {documents} was passed over: it is no JSON",
        f"Line 4 of {documents} was passed over: its id is no text",
        f"Line 5 of {documents} was passed over: it is not UTF-8",
        f"3 lines of {documents} passed over.",
    ):
        assert sentence in done.stderr


def test_strict_stops_at_the_first_bad_line(run: Run, quotes: Path, documents: Path, links: Path) -> None:
    documents.write_bytes(documents.read_bytes() + b"{\n[]\n")
    done = run("--quotes", quotes, "--docs", documents, "-o", links, "--strict")
    assert (done.exit_code, done.stderr) == (1, f"claimreg: {documents}, line 4: it is no JSON\n")
    assert not links.exists()
    assert not links.with_name("links.jsonl.unfinished").exists()


def test_nothing_in_nothing_out(run: Run, quotes: Path, tmp_path: Path, links: Path) -> None:
    empty = tmp_path / "empty.jsonl"
    empty.touch()
    for wanted, where in ((quotes, empty), (empty, quotes), (empty, empty)):
        assert run("--quotes", wanted, "--docs", where, "-o", links).exit_code == 0
        assert links.read_bytes() == b""


def test_any_text_that_json_can_hold(run: Run, tmp_path: Path, links: Path) -> None:
    quotes = written(tmp_path / "quotes.jsonl", [("q", FERRY)])
    documents = tmp_path / "docs.jsonl"
    record = {"id": "\ud800", "text": f"\udcff\0 {FERRY[:20]}\u202e\0{FERRY[20:]}"}
    documents.write_text(json.dumps(record) + "\n")
    assert run("--quotes", quotes, "--docs", documents, "-o", links).exit_code == 0
    link = read(links)[0]
    assert link["doc_id"] == record["id"]
    assert link["exact"] == record["text"][link["start"] : link["end"]]


def test_long_line_is_a_document_and_a_longer_one_is_not(
    run: Run, quotes: Path, tmp_path: Path, links: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(lines_module, "LONGEST_LINE", 6_000_000)
    padding = "Волны бились о камни. " * 100_000
    documents = written(tmp_path / "docs.jsonl", [("long", f"{padding}{FERRY}"), ("longer", padding * 2), ("last", FERRY)])
    done = run("--quotes", quotes, "--docs", documents, "-o", links, "--workers", 1)
    assert done.exit_code == 1
    assert f"Line 2 of {documents} was passed over: it is longer" in done.stderr
    assert [(link["doc_id"], link["start"]) for link in read(links)] == [("long", len(padding)), ("last", 0)]


def test_any_number_of_workers_gives_the_same_bytes(
    run: Run, quotes: Path, tmp_path: Path, links: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    records = [(f"d{number}", f"{'Волны бились. ' * (number % 50)}{FERRY if number % 3 else CAPTAIN}") for number in range(400)]
    documents = written(tmp_path / "docs.jsonl", records)
    whole = documents.read_bytes()
    documents.write_bytes(whole[: len(whole) // 2] + b"\n{\n" + whole[len(whole) // 2 :])
    monkeypatch.setattr(files_of_lines, "BLOCK", 20_000)
    told = [run("--quotes", quotes, "--docs", documents, "-o", links.with_suffix(f".{count}"), "--workers", count) for count in (1, 2, 3)]
    assert len({links.with_suffix(f".{count}").read_bytes() for count in (1, 2, 3)}) == 1
    assert len({one.stderr for one in told}) == 1
    assert [one.exit_code for one in told] == [1, 1, 1]


def test_usage(run: Run, quotes: Path, documents: Path, tmp_path: Path) -> None:
    assert run("--quotes", "-", "--docs", "-").exit_code == 2
    assert run("--quotes", quotes, "--docs", documents, "--resume").exit_code == 2
    assert run("--quotes", quotes, "--docs", documents, "--workers", 0).exit_code == 2
    assert run("--quotes", quotes, "--docs", tmp_path / "none.jsonl").stderr == f"claimreg: There is no file {tmp_path / 'none.jsonl'}.\n"
    assert run("--quotes", quotes, "--docs", documents, "-o", tmp_path).exit_code == 1
    assert run("--quotes", quotes, "--docs", documents, "-o", tmp_path / "none" / "links.jsonl").exit_code == 1


def test_damaged_archive_is_told(run: Run, quotes: Path, documents: Path, tmp_path: Path, links: Path) -> None:
    packed = tmp_path / "docs.jsonl.gz"
    packed.write_bytes(gzip.compress(documents.read_bytes() + os.urandom(2_000).hex().encode())[:-900])
    done = run("--quotes", quotes, "--docs", packed, "-o", links)
    assert done.exit_code == 1
    assert f"{packed} is damaged or cut off" in done.stderr
    assert not links.exists()
