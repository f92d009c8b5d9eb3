"""A scan by Spark of which a part is killed ends in the same bytes, and one that is interrupted leaves nothing running.

An executor is killed once; `CLAIMREG_ALL=1 pytest tests/cluster` kills each part three times.
"""

from __future__ import annotations

import os
import signal
import subprocess
import time
from contextlib import suppress
from typing import TYPE_CHECKING

import pytest

from .cluster import DAEMON, below, command_of, is_alive, waited
from .conftest import ALL, ONLY_ALL

if TYPE_CHECKING:
    from collections.abc import Callable

    from .cluster import Cluster
    from .conftest import Scans

pytestmark = pytest.mark.spark

TIMES = 3 if ALL else 1
ARRIVED = 60_000
"""Bytes of links after which a part is killed: some have arrived, and most have not."""


def on_cluster(cluster: Cluster) -> list[str]:
    return ["--engine", "spark", "--master", cluster.url, "--conf", "spark.executor.memory=512m"]


def in_the_middle(scans: Scans, process: subprocess.Popen[str]) -> None:
    waited(lambda: process.poll() is not None or scans.arrived > ARRIVED, "links arrive")
    assert process.poll() is None


def a_daemon(cluster: Cluster) -> int:
    """The process that Spark's Python workers are forked from."""
    return next(pid for executor in cluster.executors() for pid in below(executor) if DAEMON in command_of(pid))


def an_executor(cluster: Cluster) -> int:
    return cluster.executors()[0]


def a_worker(cluster: Cluster) -> int:
    return cluster.workers[0].pid


@pytest.mark.parametrize("time_", range(TIMES))
@pytest.mark.parametrize(
    "part", [an_executor, *(pytest.param(one, marks=pytest.mark.skipif(not ALL, reason=ONLY_ALL)) for one in (a_daemon, a_worker))]
)
def test_a_part_of_the_cluster_is_killed(scans: Scans, cluster: Cluster, whole: str, part: Callable[[Cluster], int], time_: int) -> None:
    with scans.start(*on_cluster(cluster), docs="long.jsonl") as process:
        in_the_middle(scans, process)
        time.sleep(0.3 * time_)
        os.kill(part(cluster), signal.SIGKILL)
        said = process.communicate()[1]
    assert (process.returncode, scans.digest()) == (0, whole), said
    assert "links of 1,200 quotes in 600 documents." in said


def test_the_driver_is_killed_and_goes_on(scans: Scans, cluster: Cluster, whole: str) -> None:
    with scans.start(*on_cluster(cluster), docs="long.jsonl") as process:
        in_the_middle(scans, process)
        parts = [*below(process.pid), *cluster.executors()]
        process.send_signal(signal.SIGKILL)
    there = scans.arrived
    assert there > ARRIVED
    waited(lambda: not any(map(is_alive, parts)), "Spark's processes end after their driver", 20)
    with scans.start(*on_cluster(cluster), "--resume", docs="long.jsonl") as process:
        least = there
        while process.poll() is None:
            least = min(least, scans.arrived or there)
            time.sleep(0.02)
        said = process.communicate()[1]
    assert (process.returncode, scans.digest()) == (0, whole), said
    # Only what the kill has cut off is done again.
    assert least > ARRIVED


@pytest.mark.parametrize("place", ["this machine", "cluster"])
def test_an_interruption_leaves_nothing_running(scans: Scans, cluster: Cluster, place: str) -> None:
    wanted = on_cluster(cluster) if place == "cluster" else ["--engine", "spark", "--master", "local[2]"]
    with scans.start(*wanted, docs="long.jsonl") as process:
        in_the_middle(scans, process)
        executors = cluster.executors() if place == "cluster" else []
        parts = [*below(process.pid), *executors, *(pid for executor in executors for pid in below(executor))]
        assert len(parts) > 2
        out, said = interrupted(process, parts)
    assert (process.returncode, out) == (130, "")
    assert said.splitlines()[-1].startswith("Interrupted")
    assert "Traceback" not in said
    assert scans.arrived > ARRIVED


def interrupted(process: subprocess.Popen[str], parts: list[int]) -> tuple[str, str]:
    """Interrupt a command; neither it nor any of its parts may run ten seconds later."""
    deadline = time.monotonic() + 10
    process.send_signal(signal.SIGINT)
    said = process.communicate()
    while any(map(is_alive, parts)) and time.monotonic() < deadline:
        time.sleep(0.05)
    assert [command_of(pid)[:200] for pid in parts if is_alive(pid)] == []
    assert time.monotonic() < deadline
    return said


def test_an_interruption_while_spark_starts(scans: Scans) -> None:
    with scans.start("--engine", "spark", "--master", "local[2]") as process:
        waited(lambda: list(below(process.pid)), "Spark starts")
        time.sleep(1)
        out, said = interrupted(process, list(below(process.pid)))
    assert (process.returncode, out) == (130, "")
    assert "Traceback" not in said


def test_a_cluster_without_room_is_told_and_waited_for(scans: Scans, cluster: Cluster) -> None:
    scans.first = "from claimreg.spark import pool\npool._SECONDS_WITHOUT_EXECUTOR = 2\n"
    with scans.start("--engine", "spark", "--master", cluster.url, "--conf", "spark.executor.memory=3g") as process:
        assert process.stderr is not None
        told = [process.stderr.readline() for _ in range(2)]
        assert told[1].startswith("Spark waits for the cluster to give it an executor")
        out, said = interrupted(process, list(below(process.pid)))
    assert (process.returncode, out) == (130, "")
    assert "Traceback" not in said


def java(process: subprocess.Popen[str]) -> list[int]:
    return list(below(process.pid))[:1]


def python_workers(process: subprocess.Popen[str]) -> list[int]:
    """All but the first: the daemon that they were forked from."""
    return [pid for pid in below(process.pid) if DAEMON in command_of(pid)][1:]


@pytest.mark.parametrize("killed", [java, pytest.param(python_workers, marks=pytest.mark.skipif(not ALL, reason=ONLY_ALL))])
def test_a_part_on_this_machine_is_killed(scans: Scans, whole: str, killed: Callable[[subprocess.Popen[str]], list[int]]) -> None:
    """Where Spark tries nothing twice, the work is given up in a sentence, and can be gone on with."""
    wanted = ["--engine", "spark", "--master", "local[2]"]
    with scans.start(*wanted, docs="long.jsonl") as process:
        in_the_middle(scans, process)
        # A worker that is killed while it waits is missed by nobody.
        while process.poll() is None:
            for pid in killed(process):
                with suppress(ProcessLookupError):
                    os.kill(pid, signal.SIGKILL)
            time.sleep(0.1)
        said = process.communicate()[1]
    assert (process.returncode, said.count("\n")) == (1, 2), said
    assert said.splitlines()[-1].endswith("run again with --resume.")
    code, _, said = scans.run("--resume", docs="long.jsonl")
    assert (code, scans.digest()) == (0, whole), said
