"""A standalone Spark cluster on this machine's loopback: a master and two workers, each a process of its own."""

from __future__ import annotations

import atexit
import os
import re
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from contextlib import suppress
from functools import cache
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

WORKERS = 2
MASTER = "org.apache.spark.deploy.master.Master"
WORKER = "org.apache.spark.deploy.worker.Worker"
EXECUTOR = "CoarseGrainedExecutorBackend"
DAEMON = "pyspark.daemon"


def spark_home() -> Path:
    found = find_spec("pyspark")
    assert found is not None
    assert found.origin is not None
    return Path(found.origin).parent


@cache
def temporary() -> str:
    """A folder for Spark's temporary files, which it leaves behind when it is killed."""
    folder = tempfile.mkdtemp(prefix="claimreg-spark-")
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    return folder


def environment(**changed: str) -> dict[str, str]:
    """What Spark is started with: nothing of the tester's own Spark, and small processes."""
    usual = {name: value for name, value in os.environ.items() if not name.startswith(("SPARK_", "PYSPARK_", "JAVA_TOOL"))}
    small = {
        "SPARK_LOCAL_IP": "127.0.0.1",
        "SPARK_DAEMON_MEMORY": "256m",
        "PYSPARK_PYTHON": sys.executable,
        "SPARK_LOCAL_DIRS": temporary(),
    }
    # Starts sooner; and every process of Java says on standard error that it picked this up, which nobody may see.
    small["JAVA_TOOL_OPTIONS"] = f"-XX:TieredStopAtLevel=1 -XX:+UseSerialGC -Djava.io.tmpdir={temporary()}"
    return {**usual, **small, **changed}


class Cluster:
    """Call `heal` before each use: a test may have killed a part of it."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._started = 0
        self._master, said = self._start(MASTER, "--host", "127.0.0.1", "--port", "0", "--webui-port", "0")
        self.url = waited(lambda: re.search(r"spark://127\.0\.0\.1:\d+", said.read_text()), "the master starts")[0]
        self.workers: list[subprocess.Popen[bytes]] = []
        self.heal()

    def heal(self) -> None:
        """Start workers in place of those that are gone."""
        self.workers = [worker for worker in self.workers if worker.poll() is None]
        started = []
        while len(self.workers) < WORKERS:
            options = ("--host", "127.0.0.1", "--webui-port", "0", "--cores", "1", "--memory", "1g")
            worker, said = self._start(WORKER, *options, "--work-dir", str(self._folder / "work"), self.url)
            self.workers.append(worker)
            started.append(said)
        for said in started:
            waited(lambda said=said: "Successfully registered" in said.read_text(), "a worker registers")  # type: ignore[misc]

    def close(self) -> None:
        for process in (*self.workers, self._master):
            # Its executors are in its process group.
            with suppress(ProcessLookupError):
                os.killpg(process.pid, signal.SIGKILL)
            process.wait()

    def executors(self) -> list[int]:
        return [pid for worker in self.workers for pid in below(worker.pid) if EXECUTOR in command_of(pid)]

    def _start(self, name: str, *options: str) -> tuple[subprocess.Popen[bytes], Path]:
        self._started += 1
        said = self._folder / f"{self._started}.log"
        with said.open("wb") as log:
            command = [str(spark_home() / "bin" / "spark-class"), name, *options]
            process = subprocess.Popen(command, env=environment(), stdout=log, stderr=log, start_new_session=True)
        return process, said


def waited(look: Callable[[], object], what: str, seconds: float = 60) -> re.Match[str]:
    """Wait until there is something to be seen, and return it."""
    deadline = time.monotonic() + seconds
    while not (found := look()):
        assert time.monotonic() < deadline, f"{what} within {seconds} s"
        time.sleep(0.05)
    return found  # type: ignore[return-value]


def command_of(pid: int) -> str:
    with suppress(OSError):
        return Path(f"/proc/{pid}/cmdline").read_bytes().replace(b"\0", b" ").decode("utf-8", "replace")
    return ""


def is_alive(pid: int) -> bool:
    with suppress(OSError):
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    return False


def below(pid: int) -> Iterator[int]:
    """The processes that a process has started, and those that they have."""
    children: list[str] = []
    for task in Path(f"/proc/{pid}/task").glob("*/children"):
        with suppress(OSError):
            children += task.read_text().split()
    for child in map(int, children):
        yield child
        yield from below(child)
