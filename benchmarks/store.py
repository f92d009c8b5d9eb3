"""The embedded store against what it replaces and what it stands on: `python benchmarks/store.py [--size 100000] [--runs 7]`.

Every figure is of whole fresh processes, taken in turn, so that a busy machine slows both sides alike; ratios are of medians.
It needs the development environment of the README; `--typer29` also makes a second one with typer 0.29 from the package index.
"""

import argparse
import json
import os
import random
import resource
import shutil
import sqlite3
import statistics
import subprocess
import sys
import tempfile
import time
import venv
from collections.abc import Callable
from pathlib import Path

WORDS = """
court ruled minister said bridge closed hospital budget million tenge activist journalist detained protest
election vote counted report school teacher water pipeline company tax police region governor border export
price bread law parliament party press
""".split()  # noqa: SIM905 -- easier to read than a list

CLAIMREG = [sys.executable, "-m", "claimreg"]

STOCK_INSERT = """
import sys
from tinydb import TinyDB
db = TinyDB(sys.argv[1])
db.table("claims").insert({"text": "Something wholly new was said", "lang": "en", "case": "case 1", "tags": []})
"""

STOCK_ADD = """
import sys
from tinydb import TinyDB
db = TinyDB(sys.argv[1])
claim = {"id": "C0", "text": "Something wholly new was said", "lang": "en", "case": "case 1", "tags": []}
attribution = {"id": "A0", "claim_id": "C0", "party_id": "P1", "stance": "asserts"}
db.table("claims").insert(claim)
db.table("attributions").insert(attribution)
db.table("history").insert_multiple({"action": "add", "before": None, "after": one} for one in (claim, attribution))
"""

BARE_SHOW = """
import json, sqlite3, sys
c = sqlite3.connect(sys.argv[1])
def rows(table, field, value):
    query = f"SELECT doc FROM {table} WHERE json_extract(doc, '$.{field}') = ?"
    return [json.loads(doc) for (doc,) in c.execute(query, (value,))]
claim = json.loads(c.execute("SELECT doc FROM claims WHERE id = ?", (int(sys.argv[2][1:]),)).fetchone()[0])
claim["attributions"] = rows("attributions", "claim_id", claim["id"])
for one in claim["attributions"]:
    one["party"] = json.loads(c.execute("SELECT doc FROM parties WHERE id = ?", (int(one["party_id"][1:]),)).fetchone()[0])
    one["links"] = rows("links", "attribution_id", one["id"])
claim["verdicts"] = rows("verdicts", "claim_id", claim["id"])
claim["relations"] = rows("relations", "claim_id", claim["id"]) + rows("relations", "other_claim_id", claim["id"])
print(json.dumps(claim, ensure_ascii=False))
"""

PLAIN_COPY = """
import sqlite3, sys
source, target = sqlite3.connect(sys.argv[1]), sqlite3.connect(sys.argv[2], isolation_level=None)
target.execute("PRAGMA journal_mode=WAL")
target.execute("PRAGMA synchronous=FULL")
schema = source.execute("SELECT name, type, sql FROM sqlite_master WHERE sql NOT NULL AND name NOT LIKE 'sqlite_%'").fetchall()
target.execute("BEGIN IMMEDIATE")
for name, kind, sql in sorted(schema, key=lambda row: row[1] != "table"):
    target.execute(sql)
for name, kind, sql in schema:
    if kind == "table":
        target.executemany(f"INSERT INTO {name} VALUES (?, ?)", source.execute(f"SELECT id, doc FROM {name}"))
target.execute("COMMIT")
"""

HELLO = """
import typer
from rich.console import Console
app = typer.Typer()
@app.command()
def main(name: str = "world") -> None:
    "Say hello."
    Console().print(f"hello {name}")
app()
"""


class Run:
    """What one process took: seconds of wall and CPU, peak memory in MiB."""

    def __init__(self, command: list[str], environment: dict[str, str] | None = None) -> None:
        before = time.perf_counter()
        process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, env={**os.environ, **(environment or {})})
        output = process.stdout.read() if process.stdout else b""
        errors = process.stderr.read() if process.stderr else b""
        _pid, status, usage = os.wait4(process.pid, 0)
        self.wall = time.perf_counter() - before
        self.cpu = usage.ru_utime + usage.ru_stime
        self.peak = usage.ru_maxrss / 1024
        if os.waitstatus_to_exitcode(status):
            raise SystemExit(f"{command} failed: {errors.decode()[-500:]} {output.decode()[-200:]}")


def in_turn(runs: int, **commands: Callable[[], list[str]]) -> dict[str, list[Run]]:
    """Run the commands in turn, once for warming up and then so many times."""
    taken: dict[str, list[Run]] = {name: [] for name in commands}
    for number in range(runs + 1):
        for name, command in commands.items():
            run = Run(command())
            if number:
                taken[name].append(run)
    return taken


def median(runs: list[Run], what: str = "wall") -> float:
    """The median of a figure."""
    return float(statistics.median(getattr(run, what) for run in runs))


def say(name: str, runs: list[Run]) -> None:
    """Print the figures of one command."""
    print(f"  {name:38} wall {median(runs):7.3f} s   cpu {median(runs, 'cpu'):7.3f} s   peak {median(runs, 'peak'):6.1f} MiB")


def ratio(name: str, left: list[Run], right: list[Run]) -> None:
    """Print the ratio of two medians of wall time."""
    print(f"  {name}: {median(left) / median(right):.2f}")


def claims_file(path: Path, size: int) -> None:
    """Write claims with attributions, fifty to a case."""
    chance = random.Random(1)  # noqa: S311 -- the same claims each time
    with path.open("w", encoding="utf-8") as file:
        for number in range(size):
            claim = {
                "text": f"{' '.join(chance.choices(WORDS, k=9))} {number}".capitalize(),
                "lang": "en",
                "case": f"case {number // 50}",
                "tags": [f"tag{number % 7}"],
                "by": f"Speaker {number // 50}",
                "stance": "asserts",
                "quote": " ".join(chance.choices(WORDS, k=12)),
                "said_at": f"2024-05-{number % 28 + 1:02}",
            }
            file.write(json.dumps(claim) + "\n")


def registries(work: Path, sizes: list[int]) -> None:
    """Make a registry of each size, and a stock TinyDB of the largest."""
    for size in sizes:
        claims_file(work / f"{size}.ndjson", size)
        Run([*CLAIMREG, "--db", str(work / str(size)), "import", str(work / f"{size}.ndjson")])
    with (work / "stock.json").open("w", encoding="utf-8") as stock, (work / f"{sizes[-1]}.ndjson").open(encoding="utf-8") as lines:
        # Line by line: a child's peak memory is never told as less than its parent's.
        stock.write('{"claims": {')
        for number, line in enumerate(lines, 1):
            stock.write(f'{", " if number > 1 else ""}"{number}": {line.strip()}')
        stock.write("}}")
    dump_tables(work / str(sizes[-1]) / "registry.db", work / "stock-all.json")


def dump_tables(database: Path, target: Path) -> None:
    """The very documents of a registry as a stock TinyDB file."""
    connection = sqlite3.connect(database)
    with target.open("w", encoding="utf-8") as stock:
        for place, table in enumerate(("claims", "attributions", "history")):
            stock.write(f'{", " if place else "{"}"{table}": {{')
            for number, document in connection.execute(f"SELECT id, doc FROM {table} ORDER BY id"):  # noqa: S608 -- our own names
                stock.write(f'{", " if number > 1 else ""}"{number}": {document}')
            stock.write("}")
        stock.write("}")
    connection.close()


def measure_commands(work: Path, sizes: list[int], runs: int) -> None:
    """`add`, `show`, `list` at each size, beside the peers."""
    largest, smallest = sizes[-1], sizes[0]
    numbers = iter(range(10**9))

    def cli(size: int, *arguments: str) -> list[str]:
        return [*CLAIMREG, "--db", str(work / str(size)), *arguments]

    def add(size: int) -> list[str]:
        return cli(size, "add", f"Wholly new: a statement on record {next(numbers)}", "--by", "Speaker 1", "--case", "new")

    print(f"add through the CLI, {smallest:,} and {largest:,} claims; stock TinyDB at {largest:,}: one claim into one table of claims,")
    print("  and the same add (claim, attribution, their history) into the same documents")
    taken = in_turn(
        runs,
        small=lambda: add(smallest),
        large=lambda: add(largest),
        stock=lambda: [sys.executable, "-c", STOCK_INSERT, str(work / "stock.json")],
        stock_add=lambda: [sys.executable, "-c", STOCK_ADD, str(work / "stock-all.json")],
    )
    for name, them in taken.items():
        say(name, them)
    ratio("large/small", taken["large"], taken["small"])
    ratio("stock insert/large", taken["stock"], taken["large"])
    ratio("stock add/large", taken["stock_add"], taken["large"])

    print("show, and a bare sqlite3 script doing the same read")
    middle = f"C{largest // 2}"
    taken = in_turn(
        runs,
        small=lambda: cli(smallest, "show", f"C{smallest // 2}", "--json"),
        large=lambda: cli(largest, "show", middle, "--json"),
        bare=lambda: [sys.executable, "-c", BARE_SHOW, str(work / str(largest) / "registry.db"), middle],
    )
    for name, them in taken.items():
        say(name, them)
    ratio("large/small", taken["large"], taken["small"])
    ratio("large/bare", taken["large"], taken["bare"])

    for label, arguments in (("list --case", ("list", "--case", "case 7")), ("list --by", ("list", "--by", "Speaker 7"))):
        taken = in_turn(runs, small=lambda a=arguments: cli(smallest, *a), large=lambda a=arguments: cli(largest, *a))  # type: ignore[misc]
        print(f"{label}, 50 hits")
        for name, them in taken.items():
            say(name, them)
        ratio("large/small", taken["large"], taken["small"])


def measure_import(work: Path, size: int) -> None:
    """A bulk import against plain sqlite3 writing the very same rows with the same indexes."""
    print(f"import of {size:,} claims with attributions and history; plain sqlite3 writing the same rows")
    taken: dict[str, list[Run]] = {"import": [], "plain": []}
    for _ in range(3):
        for path in ("again", "plain.db", "plain.db-wal", "plain.db-shm"):
            shutil.rmtree(work / path, ignore_errors=True) if path == "again" else (work / path).unlink(missing_ok=True)
        taken["import"].append(Run([*CLAIMREG, "--db", str(work / "again"), "import", str(work / f"{size}.ndjson")]))
        taken["plain"].append(Run([sys.executable, "-c", PLAIN_COPY, str(work / "again" / "registry.db"), str(work / "plain.db")]))
    for name, them in taken.items():
        say(name, them)
    ratio("import/plain", taken["import"], taken["plain"])


def measure_start(work: Path, runs: int, *, typer29: bool) -> None:
    """`claimreg --version` against hello-worlds of typer."""
    (work / "hello.py").write_text(HELLO)
    commands: dict[str, Callable[[], list[str]]] = {
        "claimreg --version": lambda: [*CLAIMREG, "--version"],
        "typer hello, rich, as installed": lambda: [sys.executable, str(work / "hello.py")],
    }
    if typer29:
        venv.create(work / "typer29", with_pip=True)
        python = str(work / "typer29" / "bin" / "python")
        subprocess.run([python, "-m", "pip", "install", "--quiet", "typer==0.29.*"], check=True)
        commands["typer 0.29 hello, rich"] = lambda: [python, str(work / "hello.py")]
    print("start-up")
    taken = in_turn(runs, **commands)
    for name, them in taken.items():
        say(name, them)
    for name, them in taken.items():
        ratio(f"claimreg --version / {name}", taken["claimreg --version"], them)


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--size", type=int, default=100_000)
    parser.add_argument("--runs", type=int, default=7)
    parser.add_argument("--typer29", action="store_true")
    options = parser.parse_args()
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    with tempfile.TemporaryDirectory() as folder:
        work = Path(folder)
        sizes = sorted({1_000, 10_000, options.size})
        registries(work, sizes)
        measure_commands(work, sizes, options.runs)
        measure_import(work, options.size)
        measure_start(work, options.runs, typer29=options.typer29)


if __name__ == "__main__":
    main()
