"""A scan of documents that lie in a storage, by its address: the same links, and one sentence where it cannot be read."""

import gzip
import io
import json
import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from storage import credentials_checked, settings, storage_of

FERRY = "the night ferry will not run before the pier is repaired"
SECRET = "hushhushhush"  # noqa: S105 -- of a server of our own
DOCUMENTS = [{"id": f"d{number}", "text": f"{'Waves broke. ' * number}They said that {FERRY}."} for number in range(40)]


def lines(documents: list[dict[str, str]]) -> bytes:
    return b"".join(json.dumps(one).encode() + b"\n" for one in documents)


def table(documents: list[dict[str, str]]) -> bytes:
    pyarrow = pytest.importorskip("pyarrow", reason="the extra claimreg[scan] is not installed")
    parquet = pytest.importorskip("pyarrow.parquet")
    written = io.BytesIO()
    parquet.write_table(pyarrow.Table.from_pylist(documents), written, row_group_size=4)
    return written.getvalue()


@pytest.fixture(scope="module")
def server() -> Iterator[str]:
    parts = {
        "parts/_SUCCESS": b"",
        "parts/part-0.jsonl": lines(DOCUMENTS[:10]),
        "parts/part-1.jsonl.gz": gzip.compress(lines(DOCUMENTS[10:25])),
        "parts/part-2.parquet": table(DOCUMENTS[25:]),
        "one.parquet": table(DOCUMENTS),
        "texts/a.txt": FERRY.encode(),
    }
    with storage_of(parts) as running:
        yield running


Scan = Callable[..., "subprocess.CompletedProcess[str]"]


@pytest.fixture
def scan(tmp_path: Path, server: str) -> Scan:
    (tmp_path / "quotes.jsonl").write_bytes(lines([{"id": "q", "text": FERRY}]))
    (tmp_path / "docs.jsonl").write_bytes(lines(DOCUMENTS))

    def start(docs: str, *options: str) -> "subprocess.CompletedProcess[str]":
        command = [sys.executable, "-m", "claimreg", "scan", "--quotes", "quotes.jsonl", "--docs", docs.format(settings(server)), *options]
        somebody = {"AWS_ACCESS_KEY_ID": "AKIANOBODY", "AWS_SECRET_ACCESS_KEY": SECRET, "AWS_EC2_METADATA_DISABLED": "true"}
        return subprocess.run(command, cwd=tmp_path, env=os.environ | somebody, capture_output=True, text=True, check=False)

    return start


@pytest.mark.parametrize("docs", ["s3://bucket/parts{}", "s3://bucket/parts/{}", "s3://bucket/one.parquet{}"])
def test_the_links_are_those_of_a_file(scan: Scan, docs: str) -> None:
    told = scan(docs, "--workers", "2")
    assert (told.returncode, told.stderr.splitlines()[0]) == (0, "40 links of 1 quote in 40 documents.")
    assert told.stdout == scan("docs.jsonl").stdout


def test_a_refused_reader_is_told_once_and_nothing_is_left(scan: Scan, server: str, tmp_path: Path) -> None:
    before = sorted(tmp_path.iterdir())
    with credentials_checked(server):
        told = scan("s3://bucket/parts{}", "-o", "links.jsonl")
    assert (told.returncode, told.stdout, told.stderr.count("\n")) == (1, "", 1)
    assert "access is denied; credentials are taken from where the storage's own tools find them" in told.stderr
    assert not any(secret in told.stderr for secret in (SECRET, "AKIANOBODY"))
    assert sorted(tmp_path.iterdir()) == before


@pytest.mark.parametrize(
    ("docs", "code", "sentence"),
    [
        ("s3://bucket/nothing{}", 1, "There is no file s3://bucket/nothing?"),
        ("s3://bucket/texts{}", 1, "has no part files: names that end in .jsonl, .jsonl.gz, .jsonl.zst or .parquet."),
        (f"s3://somebody:{SECRET}@bucket/parts", 2, "Give the s3:// address without user name, password or key"),
        ("ftp://host/parts", 1, "Nothing can be read from ftp:// addresses"),
    ],
)
def test_an_address_without_documents_is_told(scan: Scan, docs: str, code: int, sentence: str) -> None:
    told = scan(docs)
    assert (told.returncode, told.stdout) == (code, "")
    assert sentence in told.stderr
    assert SECRET not in told.stderr
