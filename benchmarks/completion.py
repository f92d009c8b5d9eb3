"""Completion on the command line: `python benchmarks/completion.py [--size 10000] [--registry FOLDER] [--runs 20]`.

Each figure is of a whole fresh process, as a shell starts it at a press of the key, on a registry that is made once (see listing.py).
The bar is 100 ms; on a busy machine seconds of CPU tell more than the clock. A bare `python -c pass` runs in turn, to compare with.
"""

import argparse
import os
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from listing import HERE, made

LINES = {
    "commands": ["so"],
    "options": ["list", "--"],
    "ids": ["show", "C1"],
    "latest ids": ["show", ""],
    "parties": ["list", "--by", "Speaker 1"],
    "cases": ["list", "--case", "case 1"],
    "tags": ["list", "--tag", ""],
    "stances": ["list", "--stance", ""],
    "relations": ["relate", "C1", ""],
    "ratings": ["verdict", "C1", ""],
    "languages": ["add", "x", "--lang", "k"],
    "formats": ["report", "--format", ""],
}


def timed(command: list[str], registry: Path) -> tuple[float, float, int]:
    """What one process takes, in ms of the clock and of CPU, and the number of lines that it prints."""
    before = time.perf_counter()
    environment = {**os.environ, "CLAIMREG_DB": str(registry), "PYTHONPATH": str(HERE)}
    process = subprocess.Popen(command, stdout=subprocess.PIPE, env=environment)
    printed = process.stdout.read() if process.stdout else b""
    _pid, status, usage = os.wait4(process.pid, 0)
    wall = time.perf_counter() - before
    if os.waitstatus_to_exitcode(status):
        raise SystemExit(f"{' '.join(command)} failed")
    return wall * 1e3, (usage.ru_utime + usage.ru_stime) * 1e3, printed.count(b"\n")


def main() -> None:
    """Print a table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--size", type=int, default=10_000)
    parser.add_argument("--registry", type=Path)
    parser.add_argument("--runs", type=int, default=20)
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        registry = given.registry or Path(folder, "registry")
        if not (registry / "registry.db").exists():
            made(registry, given.size)
        commands = {name: [sys.executable, "-m", "claimreg", "__complete", "bash", *words] for name, words in LINES.items()}
        commands["python -c pass"] = [sys.executable, "-c", "pass"]
        taken: dict[str, list[tuple[float, float, int]]] = {name: [] for name in commands}
        for _run in range(given.runs):
            for name, command in commands.items():
                taken[name].append(timed(command, registry))
        print(f"{'':16}{'lines':>7}{'wall ms: least':>16}{'median':>8}{'CPU ms: least':>16}{'median':>8}")
        for name, runs in taken.items():
            wall, cpu, lines = zip(*runs, strict=True)
            figures = f"{min(wall):16.0f}{statistics.median(wall):8.0f}{min(cpu):16.0f}{statistics.median(cpu):8.0f}"
            print(f"{name:16}{lines[0]:7}{figures}")


if __name__ == "__main__":
    main()
