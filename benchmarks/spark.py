"""What Spark costs beside processes of this machine: `python benchmarks/spark.py [--megabytes 120 240] [--quotes 10000]`.

The corpus is that of `benchmarks/scan.py`; the smaller sizes are the beginnings of the largest. Both engines have two workers. Every
figure is of a whole fresh command: seconds by the clock, seconds of the processor of all its processes (read from /proc, since
those that Spark forks for Python are waited for by nobody), and the largest memory of the driver, in Python and in Java.
"""

import argparse
import hashlib
import os
import subprocess
import sys
import tempfile
import time
from contextlib import suppress
from pathlib import Path
from typing import NamedTuple

from scan_corpus import REPOSITORY, TEXTS, Wanted, make_corpus

SCAN = [sys.executable, "-m", "claimreg", "scan"]
ENGINES = {"local": ["--workers", "2"], "spark": ["--engine", "spark", "--master", "local[2]"]}
TICKS = os.sysconf("SC_CLK_TCK")
PAUSE = 0.05
"""Seconds between two looks at the processes: what one does after the last of them is not counted."""


class Run(NamedTuple):
    """One run of a command: seconds by the clock, of Python and of Java by the processor, megabytes of both in the driver."""

    seconds: float
    python: float
    java: float
    python_memory: float
    java_memory: float
    digest: str

    @property
    def processor(self) -> float:
        """Seconds of the processor of all processes."""
        return self.python + self.java


class Watch:
    """The processes of a command, looked at again and again."""

    def __init__(self, root: int) -> None:
        self._root = root
        self._seconds: dict[tuple[int, str], tuple[bool, float]] = {}
        self._memory = {False: 0.0, True: 0.0}

    def look(self) -> None:
        """Note what each process has used so far."""
        self._look(self._root, is_driver=True)

    def seconds(self, *, java: bool) -> float:
        """Seconds of the processor, of Java's processes or of the others."""
        return sum(seconds for is_java, seconds in self._seconds.values() if is_java is java)

    def memory(self, *, java: bool) -> float:
        """Megabytes of the largest such process of the driver."""
        return self._memory[java]

    def _look(self, pid: int, *, is_driver: bool) -> None:
        place = Path(f"/proc/{pid}")
        with suppress(OSError):
            name, _, rest = (place / "stat").read_text().partition("(")[2].rpartition(")")
            fields = rest.split()
            is_java = name == "java"
            self._seconds[pid, fields[19]] = (is_java, (int(fields[11]) + int(fields[12])) / TICKS)
            # Below the driver's Java are the workers' Pythons.
            is_driver = is_driver and (is_java or pid == self._root)
            if is_driver:
                peak = [line.split()[1] for line in (place / "status").read_text().splitlines() if line.startswith("VmHWM")]
                self._memory[is_java] = max([self._memory[is_java], *(int(one) / 1024 for one in peak)])
            for task in (place / "task").iterdir():
                for child in (task / "children").read_text().split():
                    self._look(int(child), is_driver=is_driver)


def main() -> None:
    """Make the corpus, run everything, print the table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--megabytes", type=int, nargs="+", default=[120, 240])
    parser.add_argument("--quotes", type=int, default=10_000)
    parser.add_argument("--texts", type=Path, default=TEXTS)
    parser.add_argument("--folder", type=Path, help="Keep the corpus here, and use it again.")
    chosen = parser.parse_args()
    sizes = sorted(chosen.megabytes)
    with tempfile.TemporaryDirectory() as temporary:
        folder = chosen.folder or Path(temporary)
        folder.mkdir(exist_ok=True)
        corpus = make_corpus(folder, chosen.texts, Wanted(sizes[-1], [chosen.quotes], planted=25))
        print(f"{chosen.quotes} quotes; {os.cpu_count()} processors")
        print(f"{'MB':>6} {'engine':>6} {'clock s':>8} {'cpu s':>7} {'Python':>7} {'Java':>7} {'driver MB':>10} {'its Java':>9}")
        runs = {size: both(corpus.quotes[chosen.quotes], beginning(corpus.documents, size), folder, size) for size in sizes}
    if len(sizes) > 1:
        compare(runs, sizes)


def both(quotes: Path, documents: Path, folder: Path, size: int) -> dict[str, Run]:
    """The runs of both engines on the same documents."""
    runs: dict[str, Run] = {}
    for engine, options in ENGINES.items():
        one = runs[engine] = run([*SCAN, "--quotes", str(quotes), "--docs", str(documents), *options], folder / f"links-{engine}.jsonl")
        print(
            f"{size:>6} {engine:>6} {one.seconds:>8.1f} {one.processor:>7.1f} {one.python:>7.1f} {one.java:>7.1f}"
            f" {one.python_memory:>10.0f} {one.java_memory:>9.0f}", flush=True,
        )  # fmt: skip
    if runs["local"].digest != runs["spark"].digest:
        sys.exit("Spark gave other bytes")
    return runs


def run(command: list[str], output: Path) -> Run:
    """One whole scan in a fresh process."""
    started = time.monotonic()
    environment = {**os.environ, "PYTHONPATH": str(REPOSITORY)}
    with subprocess.Popen([*command, "-o", str(output)], env=environment, stderr=subprocess.DEVNULL) as process:
        watch = Watch(process.pid)
        while process.poll() is None:
            watch.look()
            time.sleep(PAUSE)
    if process.returncode:
        sys.exit(f"the scan ended with {process.returncode}")
    with output.open("rb") as file:
        digest = hashlib.file_digest(file, "sha256").hexdigest()
    return Run(
        time.monotonic() - started, watch.seconds(java=False), watch.seconds(java=True), watch.memory(java=False),
        watch.memory(java=True), digest,
    )  # fmt: skip


def beginning(documents: Path, megabytes: int) -> Path:
    """The documents' beginning in a file of its own; all of them, where they are no more."""
    size = megabytes * 1_000_000
    if size >= documents.stat().st_size * 0.98:
        return documents
    part = documents.with_name(f"documents-{megabytes}.jsonl")
    with documents.open("rb") as whole, part.open("wb") as file:
        while file.tell() < size and (line := whole.readline()):
            file.write(line)
    return part


def compare(runs: dict[int, dict[str, Run]], sizes: list[int]) -> None:
    """Print what more documents cost, and what Spark costs whatever there is to do."""
    small, large = runs[sizes[0]], runs[sizes[-1]]
    rate = {engine: (large[engine].processor - small[engine].processor) / (sizes[-1] - sizes[0]) for engine in ENGINES}
    start = {engine: small[engine].processor - rate[engine] * sizes[0] for engine in ENGINES}
    print(
        f"each further 120 MB: {120 * rate['local']:.1f} s of the processor, by Spark {120 * rate['spark']:.1f}"
        f" (× {rate['spark'] / rate['local']:.2f})"
    )
    print(f"fixed cost of Spark: {start['spark'] - start['local']:.1f} s of the processor")
    for engine in ENGINES:
        grown = large[engine].python_memory / small[engine].python_memory
        print(f"memory of the driver from {sizes[0]} to {sizes[-1]} MB, {engine}: × {grown:.2f}")


if __name__ == "__main__":
    main()
