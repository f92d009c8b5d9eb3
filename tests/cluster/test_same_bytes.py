"""A scan by Spark gives the same bytes and says the same as one by processes of this machine.

All forms of documents are scanned in one session for each kind of master, which is the way of a platform that gives it.
"""

from __future__ import annotations

import json
import subprocess
import sys
import zipfile
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from kernels import needs_kernel

from claimreg.linker import kernel

from .cluster import environment
from .conftest import SIZE_TOLD, SMALL_BLOCKS

if TYPE_CHECKING:
    from .cluster import Cluster
    from .conftest import Scans

pytestmark = pytest.mark.spark

CASES: dict[str, list[str]] = {
    "lines": ["docs.jsonl"],
    "compressed lines": ["docs.jsonl.gz"],
    "Parquet": ["docs.parquet"],
    "a folder of parts": ["parts"],
    "bad lines": ["bad.jsonl"],
    "the first bad line": ["bad.jsonl", "--strict"],
    "a folder of texts": ["texts"],
    "an empty file": ["none.jsonl"],
    "an empty folder": ["empty"],
    "a folder of empty parts": ["empty-parts"],
    "one document": ["one.jsonl"],
}

FAILED = {"bad lines", "the first bad line", "a folder of parts", "a folder of texts"}

SESSION = f"""
import hashlib, json, sys
from contextlib import nullcontext
from pathlib import Path
{SMALL_BLOCKS}
from typer.testing import CliRunner
from claimreg.cli.app import app
from claimreg.spark.session import spark_session
master, texts, cases = sys.argv[1], Path(sys.argv[2]), json.loads(sys.argv[3])
engine = "spark" if master else "local"
told = {{}}
with spark_session(master, {{"spark.executor.memory": "512m"}}) if master else nullcontext():
    for name, (docs, *options) in cases.items():
        output = Path("links.jsonl")
        command = ["scan", "--quotes", texts / "few.jsonl", "--docs", texts / docs, "-o", output, "--engine", engine, *options]
        done = CliRunner().invoke(app, [str(one) for one in command])
        digest = hashlib.sha256(output.read_bytes()).hexdigest() if output.exists() else None
        output.unlink(missing_ok=True)
        told[name] = [done.exit_code, done.stdout, done.stderr, digest, sorted(map(str, Path().iterdir()))]
print(json.dumps(told))
"""

Told = dict[str, list[Any]]
"""Of each case: exit code, standard output, standard error, digest of the links, and what is left beside them."""


def outcomes(master: str, texts: Path, folder: Path) -> Told:
    """What each case gives on a master; without one, on processes of this machine."""
    done = subprocess.run(
        [sys.executable, "-c", SESSION, master, str(texts), json.dumps(CASES)], env=environment(), cwd=folder,
        stdin=subprocess.DEVNULL, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert (done.returncode, done.stderr) == (0, "")
    found: Told = json.loads(done.stdout)
    return found


@pytest.fixture(scope="module")
def local(texts: Path, tmp_path_factory: pytest.TempPathFactory) -> Told:
    return outcomes("", texts, tmp_path_factory.mktemp("local"))


@pytest.fixture(scope="module", params=["this machine", "cluster"])
def spark(request: pytest.FixtureRequest, texts: Path, running_cluster: Cluster, tmp_path_factory: pytest.TempPathFactory) -> Told:
    running_cluster.heal()
    return outcomes(running_cluster.url if request.param == "cluster" else "local[2]", texts, tmp_path_factory.mktemp("spark"))


@pytest.mark.parametrize("case", CASES)
def test_every_form_of_documents(local: Told, spark: Told, case: str) -> None:
    code, out, said, *rest = spark[case]
    shared = [line for line in said.splitlines(keepends=True) if not line.endswith(SIZE_TOLD)]
    assert [code, out, "".join(shared), *rest] == local[case]


def test_what_the_cases_show(local: Told) -> None:
    codes = {case: code for case, (code, *_) in local.items()}
    assert codes == {case: int(case in FAILED) for case in CASES}
    assert "Line 151 of" in local["bad lines"][2]
    assert "Line 293 of" in local["bad lines"][2]
    assert "line 151: it is no JSON" in local["the first bad line"][2]
    assert len({local[case][3] for case in ("lines", "compressed lines", "Parquet", "bad lines")}) == 1


def test_a_session_of_its_own(scans: Scans) -> None:
    scans.run("--engine", "local")
    expected = scans.digest()
    scans.links.unlink()
    code, out, said = scans.run("--engine", "spark", "--master", "local[2]")
    assert (code, out, scans.digest()) == (0, "", expected)
    size, links, chance = said.splitlines(keepends=True)
    assert size.endswith(SIZE_TOLD)
    assert links.endswith("quotes in 300 documents.\n")
    assert chance.startswith("By chance alone")
    assert [path.name for path in scans.folder.iterdir()] == ["links.jsonl"]


def zipped(folder: Path, told: Path) -> Path:
    """This package as a ZIP, from which no compiled library can be loaded; it tells a folder of each process that looks for its kernel."""
    package = Path(kernel.__file__).parents[1]
    path = folder / "claimreg.zip"
    with zipfile.ZipFile(path, "w") as archive:
        for one in sorted(package.rglob("*")):
            if one.is_file() and "__pycache__" not in one.parts and one != Path(kernel.__file__):
                archive.write(one, one.relative_to(package.parent))
        for one in sorted((package.parent / "data").rglob("*")):
            archive.write(one, Path("claimreg", one.relative_to(package.parent)))
        source = Path(kernel.__file__).read_text(encoding="utf-8")
        tells = f"import os, pathlib\npathlib.Path({str(told)!r}, str(os.getpid())).write_text(f'{{compiled}} {{missing}} {{__file__}}')\n"
        archive.writestr("claimreg/linker/kernel.py", f"{source}\n{tells}")
    return path


@needs_kernel
def test_workers_without_the_kernel(scans: Scans, cluster: Cluster, tmp_path: Path) -> None:
    """The driver has it, and the workers run from a ZIP."""
    told = tmp_path / "told"
    told.mkdir()
    package = zipped(tmp_path, told)
    scans.run("--engine", "local")
    expected = scans.digest()
    scans.links.unlink()
    options = ["spark.executor.memory=512m", f"spark.executorEnv.PYTHONPATH={package}"]
    code, _, said = scans.run("--engine", "spark", "--master", cluster.url, *(one for option in options for one in ("--conf", option)))
    assert (code, scans.digest()) == (0, expected), said
    kernels = {one.read_text() for one in told.iterdir()}
    assert kernels == {f"None it was not built {package / 'claimreg' / 'linker' / 'kernel.py'}"}
