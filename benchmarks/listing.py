"""Lists of many claims: `python benchmarks/listing.py [--size 100000] [--registry FOLDER] [--runs 3] [--against CHECKOUT]`.

A registry is made once by `claimreg import` of a CSV file, or ``--registry`` names one that is kept: it is made where there is none. Each
figure is of a whole fresh process; the measure is a process that reads the same columns of the same database with the bare sqlite3 of
Python and prints the same lines. They run in turn, so that a busy machine slows all alike; ratios are of the least seconds of CPU.
``--against`` names another checkout of claimreg, whose `list` runs in turn with this one's.
"""

import argparse
import csv
import os
import random
import subprocess
import sys
import tempfile
import time
from pathlib import Path

WORDS = """
court ruled minister said bridge closed hospital budget million tenge activist journalist detained protest
election vote counted report school teacher water pipeline company tax police region governor border export
price bread law parliament party press
""".split()  # noqa: SIM905 -- easier to read than a list

HERE = Path(__file__).resolve().parents[1]

BARE = """
import sqlite3, sys
query = '''
SELECT c.id, json_extract(c.doc, '$.text'), json_extract(p.doc, '$.name'), json_extract(a.doc, '$.stance'),
  json_extract(c.doc, '$.case'), json_extract(v.doc, '$.rating'),
  json_extract(a.doc, '$.quote') IS NOT NULL, json_extract(a.doc, '$.looked') IS NOT NULL, json_extract(l.doc, '$.state')
FROM claims c
LEFT JOIN attributions a ON json_extract(a.doc, '$.claim_id') = 'C' || c.id AND json_extract(a.doc, '$.removed_at') IS NULL
LEFT JOIN parties p ON p.id = CAST(substr(json_extract(a.doc, '$.party_id'), 2) AS INTEGER)
LEFT JOIN verdicts v ON json_extract(v.doc, '$.claim_id') = 'C' || c.id AND json_extract(v.doc, '$.removed_at') IS NULL
LEFT JOIN links l ON json_extract(l.doc, '$.attribution_id') = 'A' || a.id AND json_extract(l.doc, '$.removed_at') IS NULL
WHERE json_extract(c.doc, '$.removed_at') IS NULL ORDER BY c.id
'''
for row in sqlite3.connect(f'file:{sys.argv[1]}/registry.db?mode=ro', uri=True).execute(query):
    sys.stdout.write('\\t'.join('' if one is None else str(one) for one in row) + '\\n')
"""


def claims_file(path: Path, size: int) -> None:
    """Write claims, fifty to a party and a case; half of them have a quote, a third a verdict."""
    chance = random.Random(1)  # noqa: S311 -- the same claims each time
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(["claim", "case", "by", "stance", "quote", "verdict"])
        for number in range(size):
            text = f"{' '.join(chance.choices(WORDS, k=9))} {number}".capitalize()
            quote = f"{' '.join(chance.choices(WORDS, k=12))} {number}" if number % 2 else ""
            verdict = chance.choice(["False", "True", "Misleading"]) if number % 3 == 0 else ""
            writer.writerow([text, f"case {number // 50}", f"Speaker {number // 50}", "asserts", quote, verdict])


class Run:
    """What one process took: seconds of wall and CPU, peak memory in MB, and how many bytes it printed."""

    def __init__(self, command: list[str], checkout: Path = HERE) -> None:
        before = time.perf_counter()
        process = subprocess.Popen(command, stdout=subprocess.PIPE, env={**os.environ, "PYTHONPATH": str(checkout)}, cwd=checkout)
        self.size = 0
        while process.stdout and (piece := process.stdout.read(2**20)):
            self.size += len(piece)
        _pid, status, usage = os.wait4(process.pid, 0)
        self.wall = time.perf_counter() - before
        self.cpu = usage.ru_utime + usage.ru_stime
        self.peak = usage.ru_maxrss * 1024 / 1e6
        if os.waitstatus_to_exitcode(status):
            raise SystemExit(f"{' '.join(command)} failed")


def made(registry: Path, size: int) -> None:
    """Make the registry."""
    registry.mkdir(parents=True, exist_ok=True)
    file = registry.with_name("claims.csv")
    claims_file(file, size)
    run = Run([sys.executable, "-m", "claimreg", "--db", str(registry), "import", str(file), "--no-link", "--no-duplicates"])
    print(f"made in {run.cpu:.1f} s of CPU", flush=True)


def measure(registry: Path, runs: int, against: Path | None) -> None:
    """Print the figures of each form of the list, in turn with the bare query."""
    listing = [sys.executable, "-m", "claimreg", "--db", str(registry), "list"]
    commands = {
        "bare sqlite3": [sys.executable, "-c", BARE, str(registry)],
        "list": listing,
        "list --format csv": [*listing, "--format", "csv"],
        "list --format ndjson": [*listing, "--format", "ndjson"],
        "list --json": [*listing, "--json"],
    }
    found: dict[str, list[Run]] = {}
    for _ in range(runs):
        for name, command in commands.items():
            found.setdefault(name, []).append(Run(command))
            if against is not None and command[1] == "-m":
                found.setdefault(f"{name}, the other", []).append(Run(command, against))
    bare = min(run.cpu for run in found["bare sqlite3"])
    for name, rows in found.items():
        best = min(rows, key=lambda run: run.cpu)
        print(f"  {name:34} cpu {best.cpu:6.2f} s   {best.cpu / bare:5.2f} x   peak {best.peak:5.0f} MB   {best.size:,} bytes", flush=True)


def main() -> None:
    """Run the benchmark."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--size", type=int, default=100_000, help="claims")
    parser.add_argument("--registry", type=Path, help="folder that the registry is kept in; made where it is not there")
    parser.add_argument("--runs", type=int, default=3, help="how often each is run")
    parser.add_argument("--against", type=Path, help="another checkout of claimreg")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        registry = options.registry or Path(folder, "registry")
        if not (registry / "registry.db").exists():
            made(registry, options.size)
        measure(registry.resolve(), options.runs, options.against)


if __name__ == "__main__":
    main()
