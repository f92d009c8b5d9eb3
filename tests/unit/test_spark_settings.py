"""What is asked of Spark as it is typed, and what is told of Spark, in one line each."""

from __future__ import annotations

import os
import signal
from pathlib import Path

import pytest

from claimreg.errors import SparkError, UsageError
from claimreg.spark import session, settings
from claimreg.spark.requirements import require_java
from claimreg.spark.session import first_line


@pytest.mark.skipif(os.name != "posix", reason="a script stands for Java")
def test_each_spark_has_a_lowest_java(tmp_path: Path) -> None:
    (tmp_path / "bin").mkdir()
    java = tmp_path / "bin" / "java"
    java.write_text("#!/bin/sh\necho 'openjdk version \"11.0.2\" 2019-01-15' >&2\n")
    java.chmod(0o755)
    require_java((3, 5), {"JAVA_HOME": str(tmp_path)})
    with pytest.raises(SparkError, match=r"is version 11: Spark 4\.3 needs Java 17 or newer"):
        require_java((4, 3), {"JAVA_HOME": str(tmp_path)})


@pytest.mark.parametrize(
    ("master", "failures", "attempts"),
    [
        ("local", None, 1),
        ("local[*]", "9", 1),
        ("local[2,3]", None, 3),
        ("local[*, 5]", None, 5),
        ("yarn", None, 4),
        ("spark://a:1", "7", 7),
    ],
)
def test_how_often_a_task_is_tried(master: str, failures: str | None, attempts: int) -> None:
    assert settings.attempts_of(master, failures) == attempts


@pytest.mark.parametrize(
    ("master", "hosts", "is_here"),
    [
        ("spark://127.0.0.1:7077", [("127.0.0.1", 7077)], True),
        ("spark://a:1,b", [("a", 1), ("b", 7077)], False),
        ("spark://localhost:1,b:2", [("localhost", 1), ("b", 2)], False),
        ("spark://[::1]:80000", [], False),
        ("local[*]", [], True),
        ("yarn", [], False),
        ("", [], False),
    ],
)
def test_hosts_of_a_master(master: str, hosts: list[tuple[str, int]], is_here: bool) -> None:  # noqa: FBT001 -- an example's answer
    assert settings.hosts_of(master) == hosts
    assert settings.is_on_this_machine(master) is is_here


def test_settings_are_read_as_typed() -> None:
    typed = ["spark.executor.memory=2g", "spark.executorEnv.A=b=c", "spark.kubernetes.x/y=", "spark.executor.memory=3g"]
    assert settings.parsed_settings(typed) == {"spark.executor.memory": "3g", "spark.executorEnv.A": "b=c", "spark.kubernetes.x/y": ""}
    for wrong in ("spark.x", "x=1", "=1", "spark.a b=1", "spark.=1"):
        with pytest.raises(UsageError, match="KEY=VALUE"):
            settings.parsed_settings([wrong])


@pytest.mark.parametrize(
    "setting",
    [
        "spark.hadoop.fs.s3a.secret.key=hush", "spark.ssl.keyPassword=hush", "spark.x.access-key=hush", "spark.x.accessKey=hush",
        "spark.x.TOKEN=hush", "spark.executor.extraJavaOptions=-Da=b -Dmy.password=hush", "spark.x=https://me:hush@example.org",
    ],
)  # fmt: skip
def test_credentials_are_not_repeated(setting: str) -> None:
    with pytest.raises(UsageError) as refused:
        settings.parsed_settings([setting])
    assert "hush" not in str(refused.value)
    assert "holds a credential" in str(refused.value)


GIVEN_UP = """Job aborted due to stage failure: Task 0 in stage 3.0 failed 4 times, most recent failure: Lost task 0.3 in stage 3.0 \
(TID 11) (192.0.2.2 executor 1): java.io.IOException: no space
\tat java.base/java.lang.ProcessBuilder.start(ProcessBuilder.java:1143)
Driver stacktrace:"""

OTHER_PYTHON = """[PYTHON_EXCEPTION] An exception was thrown: Traceback (most recent call last):
  File "x", line 1, in f
    g()
pyspark.errors.PySparkRuntimeError: [PYTHON_VERSION_MISMATCH] Python is 3.12.
 SQLSTATE: 38000"""


@pytest.mark.parametrize(
    ("message", "line"),
    [
        (GIVEN_UP, "IOException: no space"),
        ("Job 3 cancelled by a person.", "Job 3 cancelled by a person"),
        (OTHER_PYTHON, "PySparkRuntimeError: [PYTHON_VERSION_MISMATCH] Python is 3.12"),
        ("org.apache.spark.SparkException: Could not parse Master URL: 'x'", "SparkException: Could not parse Master URL: 'x'"),
        ("", ""),
    ],
)  # fmt: skip
def test_the_cause_is_one_line(message: str, line: str) -> None:
    assert first_line(message) == line


def test_an_interruption_is_put_off_once() -> None:
    done: list[str] = []

    def interrupted_twice() -> None:
        with session._interruption_put_off():
            signal.raise_signal(signal.SIGINT)
            done.append("first")
            with pytest.raises(KeyboardInterrupt):
                signal.raise_signal(signal.SIGINT)
            done.append("second")

    with pytest.raises(KeyboardInterrupt):
        interrupted_twice()
    assert done == ["first", "second"]
    assert signal.getsignal(signal.SIGINT) is signal.default_int_handler
