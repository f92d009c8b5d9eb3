"""Whatever keeps Spark from being used is told in one sentence, with exit code 1, within a minute, and nothing is left running."""

from __future__ import annotations

import socket
import subprocess
import sys
import time
from typing import TYPE_CHECKING

import pytest

from claimreg import __version__

from .cluster import below, environment, is_alive, spark_home, waited
from .conftest import ALL, ONLY_ALL, SIZE_TOLD

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from .cluster import Cluster
    from .conftest import Scans

pytestmark = pytest.mark.spark

LOCAL = ("--engine", "spark", "--master", "local[2]")


def refused(told: tuple[int, str, str], code: int = 1) -> str:
    """The one sentence with which a command has refused."""
    found, out, said = told
    sentences = [line for line in said.splitlines(keepends=True) if not line.endswith(SIZE_TOLD)]
    assert (found, out, len(sentences)) == (code, "", 1), said
    sentence = sentences[0].removeprefix("claimreg: ")
    assert len(sentence) < 400
    return sentence


def test_no_java(scans: Scans, tmp_path: Path) -> None:
    sentence = refused(scans.run(*LOCAL, PATH=str(tmp_path), JAVA_HOME=""))
    assert sentence.startswith("There is no Java on this machine: Spark ")
    sentence = refused(scans.run(*LOCAL, JAVA_HOME=str(tmp_path)))
    assert sentence.startswith(f"The Java at {tmp_path / 'bin' / 'java'} cannot be started (No such file or directory)")
    assert scans.seconds < 20


@pytest.mark.parametrize(
    ("says", "told"),
    [
        ('openjdk version "7.0.2" 2019-01-15', "is version 7: Spark "),
        ('java version "1.7.0_80"', "is version 7: Spark "),
        ("what?", "is no Java that works: Spark "),
    ],
)
def test_another_java(scans: Scans, tmp_path: Path, says: str, told: str) -> None:
    (tmp_path / "bin").mkdir()
    java = tmp_path / "bin" / "java"
    java.write_text(f"#!/bin/sh\necho Picked up JAVA_TOOL_OPTIONS: -Dx=y >&2\necho '{says}' >&2\n")
    java.chmod(0o755)
    assert told in refused(scans.run(*LOCAL, JAVA_HOME=str(tmp_path)))


@pytest.mark.parametrize(
    ("package", "told"),
    [
        ("raise ImportError", "pip install 'claimreg[spark]'"),
        ("__version__ = '3.4.1'", "pyspark 3.4.1 is too old; at least 3.5 is needed."),
        ("__version__ = '4.0.0'", "This session is Spark Connect"),
    ],
)
def test_no_pyspark_that_serves(scans: Scans, tmp_path: Path, package: str, told: str) -> None:
    (tmp_path / "pyspark").mkdir()
    (tmp_path / "pyspark" / "__init__.py").write_text(f"{package}\n")
    assert told in refused(scans.run(*LOCAL, PYTHONPATH=str(tmp_path)))
    assert scans.seconds < 20


def test_no_spark_at_its_home(scans: Scans, tmp_path: Path) -> None:
    assert refused(scans.run(*LOCAL, SPARK_HOME=str(tmp_path))).startswith(f"SPARK_HOME names {tmp_path}, where there is no Spark")


def test_spark_connect(scans: Scans) -> None:
    for options, changed in (
        (LOCAL, {"SPARK_REMOTE": "sc://localhost"}),
        (("--engine", "spark", "--master", "sc://localhost"), {}),
        ((*LOCAL, "--conf", "spark.api.mode=connect"), {}),
    ):
        assert refused(scans.run(*options, **changed)).startswith("This session is Spark Connect, which has no RDD; use a classic one")


def test_cluster_deploy_mode(scans: Scans) -> None:
    assert refused(scans.run(*LOCAL, "--conf", "spark.submit.deployMode=cluster")).startswith("The cluster deploy mode is not supported")


def test_nobody_at_the_masters_address(scans: Scans) -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        free = server.getsockname()[1]
    master = f"spark://127.0.0.1:{free}"
    sentence = refused(scans.run("--engine", "spark", "--master", master))
    assert sentence.startswith(f"No Spark master answers at {master} (Connection refused)")
    assert scans.seconds < 20


@pytest.fixture
def silent() -> Iterator[str]:
    """The address of something that takes connections and never answers."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        yield f"spark://127.0.0.1:{server.getsockname()[1]}"


def test_something_else_at_the_masters_address(scans: Scans, silent: str) -> None:
    if not ALL:
        scans.first = "from claimreg.spark import session\nsession._SECONDS_TO_REGISTER = 6\n"
    with scans.start("--engine", "spark", "--master", silent) as process:
        waited(lambda: list(below(process.pid)), "Spark starts")
        parts: set[int] = set()
        began = time.monotonic()
        while process.poll() is None:
            parts.update(below(process.pid))
            time.sleep(0.1)
        out, said = process.communicate()
    sentence = refused((process.returncode, out, said))
    assert sentence == f"What takes connections at {silent} does not answer as a Spark master; look at the address.\n"
    assert time.monotonic() - began < 60
    assert not any(map(is_alive, parts))


def test_master_of_no_kind(scans: Scans) -> None:
    sentence = refused(scans.run("--engine", "spark", "--master", "nowhere"))
    assert sentence.startswith("Spark could not be started: SparkException: Master must either be yarn or start with spark")


def test_what_spark_says_is_shown_to_the_verbose(scans: Scans) -> None:
    code, out, said = scans.run("--engine", "spark", "--master", "nowhere", "--verbose")
    assert (code, out) == (1, "")
    assert "Picked up JAVA_TOOL_OPTIONS" in said
    assert said.endswith("claimreg: Spark could not be started: what it says of it stands above.\n")


def test_setting_that_spark_refuses(scans: Scans) -> None:
    sentence = refused(scans.run(*LOCAL, "--conf", "spark.executor.memory=10"))
    assert sentence.startswith("Spark could not be started: ")
    assert "executor memory" in sentence.lower()


@pytest.fixture
def older(tmp_path: Path) -> Path:
    """A folder with an older claimreg."""
    package = tmp_path / "older" / "claimreg"
    package.mkdir(parents=True)
    (package / "__init__.py").write_text('__version__ = "0.0.1"\n')
    return package.parent


def test_executors_with_another_claimreg(scans: Scans, cluster: Cluster, older: Path) -> None:
    wanted = ["--engine", "spark", "--master", cluster.url, "--conf", "spark.executor.memory=512m"]
    sentence = refused(scans.run(*wanted, "--conf", f"spark.executorEnv.PYTHONPATH={older}"))
    assert sentence.endswith(f" has claimreg 0.0.1, here it is {__version__}; install the same version.\n")


@pytest.mark.skipif(not ALL, reason=ONLY_ALL)
def test_executors_that_link_otherwise(scans: Scans, older: Path) -> None:
    package = older / "claimreg"
    (package / "__init__.py").write_text(f'__version__ = "{__version__}"\n')
    (package / "spark").mkdir()
    (package / "spark" / "__init__.py").touch()
    (package / "spark" / "task.py").write_text("outcome_of = None\nversions_with = lambda version: (version, '1', 'layered/1')\n")
    sentence = refused(scans.run(*LOCAL, "--conf", f"spark.executorEnv.PYTHONPATH={older}"))
    assert f"has a claimreg that links as {__version__} 1 layered/1, here it is {__version__} " in sentence


def test_executors_without_claimreg(scans: Scans, older: Path) -> None:
    (older / "claimreg" / "__init__.py").write_text("raise ModuleNotFoundError(\"No module named 'claimreg'\")\n")
    sentence = refused(scans.run(*LOCAL, "--conf", f"spark.executorEnv.PYTHONPATH={older}"))
    assert sentence.endswith(f" cannot use claimreg (No module named 'claimreg'); install it there, in version {__version__}.\n")


def test_no_python_on_the_executors(scans: Scans) -> None:
    sentence = refused(scans.run(*LOCAL, "--conf", "spark.pyspark.python=/nowhere/python"))
    assert sentence.startswith('Spark gave the work up (IOException: Cannot run program "/nowhere/python"')


def test_what_a_worker_meets_is_told_as_it_is_here(scans: Scans, tmp_path: Path) -> None:
    # The start of the documents, which the driver itself reads, is whole.
    scans.first = "from claimreg.corpus import parts\nparts.SAMPLE = 10_000\n"
    damaged = tmp_path / "parts"
    damaged.mkdir()
    packed = (scans.texts / "docs.jsonl.gz").read_bytes()
    (damaged / "part-0.jsonl.gz").write_bytes(packed[: len(packed) // 2])
    code, _, said = scans.run("--engine", "local", docs=str(damaged))
    assert code == 1
    assert refused(scans.run(*LOCAL, docs=str(damaged))) == said.removeprefix("claimreg: ")


def test_wrong_use(scans: Scans) -> None:
    for options, told in (
        (("--master", "local[2]"), "--master and --conf are for --engine spark."),
        (("--conf", "spark.x=1"), "--master and --conf are for --engine spark."),
        ((*LOCAL, "--workers", "2"), "--workers is for --engine local"),
        ((*LOCAL, "--conf", "spark.x"), "A setting of Spark is given as KEY=VALUE"),
    ):
        assert told in refused(scans.run(*options), code=2)


@pytest.mark.parametrize("setting", ["spark.hadoop.fs.s3a.secret.key=hush", "spark.driver.extraJavaOptions=-Dstore.password=hush"])
def test_credentials_are_not_taken_and_not_repeated(scans: Scans, setting: str) -> None:
    code, out, said = scans.run(*LOCAL, "--conf", setting)
    assert (code, out, "hush" in said) == (2, "", False)
    assert f"The setting {setting.partition('=')[0]} holds a credential" in said


def test_spark_submit(scans: Scans) -> None:
    """The script for spark-submit takes the session that is given, and refuses streams that do not reach it."""
    entry = subprocess.run(
        [sys.executable, "-m", "claimreg", "scan", "--engine", "spark", "--print-entry"], capture_output=True, text=True, check=True
    ).stdout.strip()
    assert [path.name for path in type(scans.folder)(entry).parent.iterdir() if path.name != "__pycache__"] == ["claimreg_scan.py"]
    submit = [str(spark_home() / "bin" / "spark-submit"), "--master", "local[2]", "--conf", "spark.ui.enabled=false", entry]
    options = scans.command()[3:]
    environment_ = environment(PYSPARK_DRIVER_PYTHON=sys.executable)
    done = subprocess.run([*submit, *options], env=environment_, cwd=scans.folder, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    assert "quotes in 300 documents." in done.stdout
    digest = scans.digest()
    scans.run()
    assert digest == scans.digest()


def test_spark_submit_and_streams(scans: Scans) -> None:
    with subprocess.Popen(
        scans.command("--engine", "spark", output=None), env=environment(**given(1)),
        stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
    ) as process:  # fmt: skip
        out, said = process.communicate()
    assert refused((process.returncode, out, said), code=2).endswith("give files, the links' with -o.\n")


def given(port: int) -> dict[str, str]:
    """What a session that is given is known by."""
    return {"PYSPARK_GATEWAY_PORT": str(port), "PYSPARK_GATEWAY_SECRET": "x"}


def test_a_session_that_is_gone(scans: Scans) -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        free = server.getsockname()[1]
    sentence = refused(scans.run("--engine", "spark", **given(free)))
    assert sentence == "The session that is given does not come up: it does not answer.\n"


def test_settings_for_a_session_that_is_given(scans: Scans) -> None:
    sentence = refused(scans.run(*LOCAL, **given(1)), code=2)
    assert sentence.startswith("The session is already there: give --master and --conf to what starts it")
