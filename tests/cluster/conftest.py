"""Documents, quotes and a Spark cluster for real scans."""

from __future__ import annotations

import gzip
import hashlib
import json
import os
import random
import shutil
import subprocess
import sys
import time
from dataclasses import dataclass, field
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from .cluster import Cluster, environment

if TYPE_CHECKING:
    from collections.abc import Iterator

ALL = bool(os.environ.get("CLAIMREG_ALL"))
ONLY_ALL = "it takes long, and another test shows most of it; CLAIMREG_ALL=1 runs it"

SMALL_BLOCKS = """
from claimreg.corpus import files, lines, parquet
lines.BLOCK = files.BLOCK = parquet.BLOCK = 30_000
"""
"""What a driver runs first, so that small documents are many blocks. Its workers need not: a block says what they are to read."""

COMMAND = f"""
{SMALL_BLOCKS}
from claimreg.__main__ import main
main()
"""

SIZE_TOLD = "below 1,000 MB, --engine local is quicker.\n"


@pytest.fixture(scope="session", autouse=True)
def spark_at_hand() -> None:
    if not sys.platform.startswith("linux"):
        pytest.skip("processes are found through /proc: needs Linux")
    if find_spec("pyspark") is None:
        pytest.skip("pyspark is not installed: pip install 'claimreg[spark]'")
    java = os.environ.get("JAVA_HOME")
    if not (shutil.which(f"{java}/bin/java") if java else shutil.which("java")):
        pytest.skip("there is no Java on this machine")


@pytest.fixture(scope="session")
def running_cluster(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Cluster]:
    cluster = Cluster(tmp_path_factory.mktemp("cluster"))
    yield cluster
    cluster.close()


@pytest.fixture
def cluster(running_cluster: Cluster) -> Cluster:
    running_cluster.heal()
    return running_cluster


@pytest.fixture(scope="session")
def texts(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder of documents in every form, and quotes, of which each stands in one of them."""
    pytest.importorskip("pyarrow")
    folder = tmp_path_factory.mktemp("texts")
    chance = random.Random(3)  # noqa: S311
    words = ["".join(chance.choices("abcdefghiklmnoprstuvw", k=chance.randint(2, 9))) for _ in range(3_000)]
    documents = [" ".join(chance.choices(words, k=900)) for _ in range(600)]
    passages = [" ".join(chance.choice(documents).split()[100 : 100 + chance.randint(8, 30)]) for _ in range(1_200)]
    written = {
        "long": documents, "docs": documents[:300], "one": documents[:1], "none": [], "quotes": passages, "few": passages[:300],
    }  # fmt: skip
    for name, some in written.items():
        lines = [json.dumps({"id": f"{name}-{number}", "text": text}) for number, text in enumerate(some)]
        (folder / f"{name}.jsonl").write_text("".join(f"{line}\n" for line in lines))
    _pack(folder)
    return folder


def _pack(folder: Path) -> None:
    """Write the documents in the other forms that they may come in."""
    import pyarrow as pa
    from pyarrow import parquet

    whole = (folder / "docs.jsonl").read_bytes()
    lines = whole.splitlines(keepends=True)
    (folder / "docs.jsonl.gz").write_bytes(gzip.compress(whole))
    rows = pa.Table.from_pylist([json.loads(line) for line in lines])
    parquet.write_table(rows, folder / "docs.parquet", row_group_size=20)
    (folder / "bad.jsonl").write_bytes(b"".join([*lines[:150], b"{\n", *lines[150:290], b"\n", b'{"id": 7, "text": ""}\n', *lines[290:]]))
    parts = folder / "parts"
    parts.mkdir()
    (parts / "part-0.jsonl").write_bytes(b"".join(lines[:100]))
    (parts / "part-1.jsonl.gz").write_bytes(gzip.compress(b"".join(lines[100:200]) + b"[]\n"))
    parquet.write_table(rows.slice(200), parts / "part-2.parquet", row_group_size=20)
    (parts / "_SUCCESS").touch()
    (folder / "texts" / "deep").mkdir(parents=True)
    for number, line in enumerate(lines[:5]):
        (folder / "texts" / "deep" / f"{number}.txt").write_text(json.loads(line)["text"])
    (folder / "texts" / "bad.txt").write_bytes(b"\xff")
    (folder / "empty").mkdir()
    (folder / "empty-parts").mkdir()
    (folder / "empty-parts" / "part-0.jsonl").touch()


@dataclass
class Scans:
    """Real commands on the texts; ``first`` is run before them, ``seconds`` is what the last one took."""

    texts: Path
    folder: Path
    first: str = ""
    seconds: float = field(default=0.0, init=False)

    def command(self, *options: str, docs: str = "docs.jsonl", output: str | None = "links.jsonl") -> list[str]:
        wanted = ["scan", "--quotes", str(self.texts / "quotes.jsonl"), "--docs", str(self.texts / docs), *options]
        return [sys.executable, "-c", self.first + COMMAND, *wanted, *(["-o", str(self.folder / output)] if output else [])]

    def start(self, *options: str, docs: str = "docs.jsonl", **changed: str) -> subprocess.Popen[str]:
        return subprocess.Popen(
            self.command(*options, docs=docs), env=environment(**changed), cwd=self.folder,
            stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
        )  # fmt: skip

    def run(self, *options: str, docs: str = "docs.jsonl", **changed: str) -> tuple[int, str, str]:
        """The exit code, and what was said on standard output and standard error."""
        began = time.monotonic()
        with self.start(*options, docs=docs, **changed) as process:
            said = process.communicate()
        self.seconds = time.monotonic() - began
        return (process.returncode, *said)

    @property
    def links(self) -> Path:
        return self.folder / "links.jsonl"

    @property
    def arrived(self) -> int:
        """Bytes of links that are there while the scan goes on."""
        unfinished = self.folder / "links.jsonl.unfinished" / "links.jsonl"
        return unfinished.stat().st_size if unfinished.exists() else 0

    def digest(self) -> str:
        return hashlib.sha256(self.links.read_bytes()).hexdigest()


@pytest.fixture
def scans(texts: Path, tmp_path: Path) -> Scans:
    return Scans(texts, tmp_path)


@pytest.fixture(scope="session")
def whole(texts: Path, tmp_path_factory: pytest.TempPathFactory) -> str:
    """The digest of the links of the long documents, by processes of this machine."""
    local = Scans(texts, tmp_path_factory.mktemp("whole"))
    code, _, said = local.run(docs="long.jsonl")
    assert (code, said.splitlines()[0]) == (0, "1,200 links of 1,200 quotes in 600 documents.")
    return local.digest()
