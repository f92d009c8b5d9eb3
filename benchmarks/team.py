"""A desk's shared registry on a PostgreSQL server of its own: `python benchmarks/team.py [PART …] [--size 100000] [--many 1000000]`.

Parts, all but `large` unless some are named: `trips` (round trips of commands), `writers` (transactions of 16 processes), `size` (commands
on a registry of ``--size`` claims, plain SQL beside them), `first` (a new client's first search of it), `texts` (its first look into
``--texts`` sources), `people` (ten people for 60 s, on the same registry), `many` (a claim of ``--many``), `large` (searching ``--many``,
whose index takes minutes to make), `copies`, and `crashes`. Each figure is printed with what it must be; the exit code is 1 where one is
not reached.

The server is whichever is installed, with the settings it comes with, `fsync` on, in a temporary folder. Seconds and milliseconds of CPU
are a whole command's, the least of ``--runs``; the server's own are apart. It needs a quiet machine with two cores.
"""

from __future__ import annotations

import argparse
import json
import os
import random
import shutil
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from pathlib import Path
from typing import NamedTuple

HERE = Path(__file__).resolve().parents[1]
sys.path[:0] = [str(HERE / "benchmarks"), str(HERE / "tests")]

import psycopg  # noqa: E402 -- as above
import team_index  # noqa: E402 -- as above
from listing import WORDS, Run, claims_file  # noqa: E402 -- as above
from postgres_server import Server, programs, started  # noqa: E402 -- as above
from psycopg import sql  # noqa: E402 -- as above
from round_trips import relay_to  # noqa: E402 -- as above
from team_records import SCHEMA, fill, make_plain  # noqa: E402 -- as above

PARTS = ("trips", "writers", "size", "first", "texts", "people", "many", "copies", "crashes")
WRITERS, PEOPLE = 16, 10
EVERY = 2.0  # seconds from one command of a person to the next
THREE_WORDS = "SELECT id FROM {}.plain WHERE to_tsvector('simple', text) @@ to_tsquery('simple', %s) LIMIT 20"
SIZES = "SELECT pg_relation_size(c), pg_indexes_size(c) FROM to_regclass(%s) AS c"
CROWD = 2_000  # claims that the ten people begin with, where there is no registry of the part `size`

_missed: list[str] = []


def told(what: str, figure: float, unit: str, most: float | None = None, *, least: float | None = None) -> None:
    """Print a figure, and whether it is as it must be."""
    bound = f"must be ≤ {most:g}" if most is not None else f"must be ≥ {least:g}" if least is not None else ""
    is_missed = (most is not None and figure > most) or (least is not None and figure < least)
    if is_missed:
        _missed.append(what)
    verdict = "" if not bound else "   NOT REACHED" if is_missed else "   reached"
    print(f"  {what:58} {figure:10,.2f} {unit:12} {bound}{verdict}", flush=True)


def sentence(seed: str) -> str:
    """Words that no claim has in this order, the same each time."""
    chance = random.Random(seed)  # noqa: S311 -- nothing secret
    return f"{' '.join(chance.sample(WORDS, 8))}, {chance.randrange(10**6)}".capitalize()


class Desk(NamedTuple):
    """A server, a folder for homes and files, and how often each command is run."""

    server: Server
    folder: Path
    runs: int

    def address(self, schema: str) -> str:
        """The address of a registry."""
        return self.server.address(schema)

    def environment(self, home: str = "home") -> dict[str, str]:
        """The environment of a person with a home of their own."""
        names = ("XDG_CACHE_HOME", "XDG_CONFIG_HOME", "XDG_STATE_HOME", "XDG_DATA_HOME")
        return {name: str(self.folder / home / name.lower()) for name in names}

    def connected(self) -> psycopg.Connection:
        """A connection of the server's administrator."""
        return psycopg.connect(f"postgresql://postgres@127.0.0.1:{self.server.port}/postgres", autocommit=True)

    def command(self, schema: str, *arguments: str) -> list[str]:
        """A command of claimreg on a registry."""
        return [sys.executable, "-m", "claimreg", "--db", self.address(schema), *arguments]

    def least(self, schema: str, *arguments: str) -> Run:
        """The run of a command that took the least CPU."""
        return min((Run(self.command(schema, *arguments)) for _ in range(self.runs)), key=lambda run: run.cpu)


def trips(desk: Desk, _options: argparse.Namespace) -> None:
    """Round trips of commands, and what they take where each takes 2 ms more."""
    with relay_to(desk.server.port) as relay:
        address = desk.address("trips").replace(f":{desk.server.port}/", f":{relay.port}/")

        def run(*arguments: str) -> int:
            before = relay.trips
            subprocess.run([sys.executable, "-m", "claimreg", "--db", address, *arguments], check=True, capture_output=True)
            return relay.trips - before

        run("init")
        for number, word in enumerate(("bridge", "court", "hospital", "school", "pipeline")):
            run("add", f"The {word} was closed on day {number}", "--by", f"Minister {number}")
        told("round trips of add, by a known party", run("add", "A crane fell", "--by", "Minister 1", "--quote", "it fell"), "", 15)
        told("round trips of add, by a new party", run("add", "Nobody saw a wolf", "--by", "Dr Who", "--case", "wolf"), "", 15)
        told("round trips of show", run("show", "C6"), "", 6)
        told("round trips of search", run("search", "crane"), "")


def writers(desk: Desk, options: argparse.Namespace) -> None:
    """Transactions such as `add`'s of several processes at once."""
    from claimreg.opening import open_registry
    from claimreg.store.factory import open_store

    open_store(desk.address("writers"), create=True).close()
    with open_registry(desk.address("writers"), user="desk") as registry:
        for number in range(WRITERS):
            registry.add(f"Claim number {number} of this desk", by=f"Minister {number}")
    for count in (1, 4, WRITERS):
        begin = time.time() + 3 + count / 8
        command = [sys.executable, __file__, "--writer", desk.address("writers"), str(begin), str(options.seconds)]
        processes = [subprocess.Popen([*command, str(number)], stdout=subprocess.PIPE, text=True) for number in range(count)]
        found = [json.loads(process.communicate()[0]) for process in processes]
        done, waits = [len(one) for one in found], sorted(wait for one in found for wait in one)
        least = 100 if count == WRITERS else None
        told(f"add transactions a second, {count} writers", sum(done) / options.seconds, "/s", least=least)
        told(f"  their 95th percentile, {count} writers", 1_000 * waits[int(0.95 * len(waits))], "ms")
        if count > 1:
            told(f"  fewest over most of a writer, {count} writers", min(done) / max(done), "", least=0.8 if count == WRITERS else None)


def write(address: str, begin: str, seconds: str, number: str) -> None:
    """Record claims, each in a transaction, from a moment on for so many seconds; print how long each took."""
    from claimreg.model import Change, Party, Stance
    from claimreg.services.lookup import require
    from claimreg.services.recording.claims import AttributionFields, ClaimFields, record_attribution, record_claim
    from claimreg.services.recording.parties import resolve
    from claimreg.store.factory import open_store

    store = open_store(address, create=False, wait=60)
    time.sleep(max(0.0, float(begin) - time.time()))
    took: list[float] = []
    until = time.perf_counter() + float(seconds)
    while (before := time.perf_counter()) < until:
        party = resolve(store, f"Minister {number}").party
        with store.write(Change(f"person {number}", "2026-01-01T00:00:00Z", "add")) as writer:
            speaker = require(writer, Party, party.id if party is not None else "")
            claim = record_claim(writer, ClaimFields(f"The bridge was closed, says {number} for the {len(took)}th time"))
            record_attribution(writer, claim, speaker, None, AttributionFields(Stance.ASSERTS, speaker.name, "it was closed"))
        took.append(time.perf_counter() - before)
    store.close()
    print(json.dumps(took))


def size(desk: Desk, options: argparse.Namespace) -> None:
    """Commands on a registry that was imported in one transaction, and plain SQL beside them."""
    _imported(desk, options)
    run = Run(desk.command("size", "list"))
    told(f"list of {options.size:,} claims: CPU", run.cpu, "s")
    told("  its peak memory", run.peak, "MB", 250)
    _commands(desk, "size", options.size)
    _plain(desk, "size")


def _commands(desk: Desk, schema: str, claims: int) -> None:
    """The CPU of single commands on a registry whose index is made."""
    more = claims > 500_000  # noqa: PLR2004 -- the bounds are of 100,000 and of 1,000,000
    told(
        f"search in {claims:,} claims: CPU", 1_000 * desk.least(schema, "search", "bridge closed hospital").cpu, "ms", 350 if more else 300
    )
    added = (Run(desk.command(schema, "add", sentence(f"{number}"), "--by", "Speaker 1")) for number in range(desk.runs))
    told(f"add to {claims:,} claims: CPU", 1_000 * min(run.cpu for run in added), "ms", 350 if more else 300)
    told(f"show of {claims:,} claims: CPU", 1_000 * desk.least(schema, "show", f"C{claims // 2}").cpu, "ms", 250)


def _imported(desk: Desk, options: argparse.Namespace) -> None:
    """Import claims in one transaction, once, and make the index of this user."""
    with desk.connected() as connection:
        if connection.execute("SELECT to_regclass('size.records')").fetchone() != (None,):
            return
    file = desk.folder / "claims.csv"
    claims_file(file, options.size)
    Run(desk.command("size", "init"))
    run = Run(desk.command("size", "import", str(file), "--no-link", "--no-duplicates"))
    told(f"import of {options.size:,} claims in one transaction: CPU", run.cpu, "s")
    told("  its peak memory", run.peak, "MB", 250)
    told("  claims a second", options.size / run.wall, "/s")
    with desk.connected() as connection:
        connection.execute("ANALYZE")
    run = Run(desk.command("size", "search", "bridge"))
    told("a first search without shared segments: CPU", run.cpu, "s")


def _plain(desk: Desk, schema: str) -> None:
    """Plain SQL on the same records: what the server alone takes."""
    with desk.connected() as connection:
        claims, seconds = make_plain(connection, schema)
        told(f"plain SQL: index of words (GIN) over {claims:,} claims", seconds, "s")
        middle = claims // 2
        for what, statement, value in (
            ("claim by id", "SELECT doc FROM {}.records WHERE kind = 'C' AND id = %s", middle),
            ("attributions", "SELECT doc FROM {}.records WHERE kind = 'A' AND (doc::json -> 'claim_id')::text = %s", f'"C{middle}"'),
            ("three words", THREE_WORDS, "bridge & closed & hospital"),
        ):
            asked = sql.SQL(statement).format(sql.Identifier(schema))
            took = []
            for _ in range(21):
                before = time.perf_counter()
                connection.execute(asked, (value,)).fetchall()
                took.append(time.perf_counter() - before)
            told(f"plain SQL: {what}", 1_000 * statistics.median(took), "ms")


def first(desk: Desk, options: argparse.Namespace) -> None:
    """A new client's first search, once a keeper has shared the segments of the index."""
    _imported(desk, options)
    # The owner's commands share what is far enough behind.
    Run(desk.command("size", "add", "A wolf was seen", "--by", "Speaker 1", "--yes"))
    runs = []
    for number in range(desk.runs):
        os.environ.update(desk.environment(f"new {number}"))
        runs.append(Run(desk.command("size", "search", "bridge closed hospital")))
    os.environ.update(desk.environment())
    told(f"a new client's first search in {options.size:,} claims", min(run.wall for run in runs), "s", 3)
    told("  its CPU", min(run.cpu for run in runs), "s", 3)
    with desk.connected() as connection:
        if connection.execute("SELECT to_regclass('size.segments')").fetchone() != (None,):
            rows = connection.execute("SELECT pg_total_relation_size('size.segments')").fetchone()
            told("  bytes of the shared segments", (rows[0] if rows else 0) / 1e6, "MB")


def texts(desk: Desk, options: argparse.Namespace) -> None:
    """A new client's first look into the texts, once a keeper has shared their indexes."""
    team_index.texts(desk, options.texts, told)


def people(desk: Desk, options: argparse.Namespace) -> None:
    """Ten people, each with commands of their own."""
    schema, claims = "size", options.size
    with desk.connected() as connection:
        if connection.execute("SELECT to_regclass('size.records')").fetchone() == (None,):
            schema, claims = "people", CROWD
            file = desk.folder / "crowd.csv"
            claims_file(file, claims)
            Run(desk.command(schema, "init"))
            Run(desk.command(schema, "import", str(file), "--no-link", "--no-duplicates"))
    Run(desk.command(schema, "search", "bridge"))
    for number in range(PEOPLE):
        # Each person has searched before.
        shutil.copytree(desk.folder / "home", desk.folder / f"person {number}", dirs_exist_ok=True)
    took: list[tuple[str, float]] = []
    faults: list[str] = []
    begin = time.monotonic() + 1

    def work(number: int) -> None:
        environment = {**os.environ, **desk.environment(f"person {number}")}
        for turn in range(int(options.minute / EVERY)):
            time.sleep(max(0.0, begin + (turn + number / PEOPLE) * EVERY - time.monotonic()))
            arguments = (
                ["add", sentence(f"{number} {turn}"), "--by", f"Speaker {number}", "--yes"],
                ["show", f"C{(number * 7919 + turn * 104729) % claims + 1}"],
                ["search", f"crane {number} bridge"],
            )[(turn + number) % 3]
            before = time.perf_counter()
            done = subprocess.run(desk.command(schema, *arguments), env=environment, capture_output=True, text=True, check=False)
            took.append((arguments[0], time.perf_counter() - before))
            if done.returncode:
                faults.append(done.stderr)

    threads = [threading.Thread(target=work, args=(number,)) for number in range(PEOPLE)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    for name in ("add", "show", "search"):
        told(f"{PEOPLE} people, {name}: median", statistics.median(wall for one, wall in took if one == name), "s")
    every = sorted(wall for _name, wall in took)
    told(f"{PEOPLE} people on {claims:,} claims, {len(every)} commands: 95th percentile", every[int(0.95 * len(every))], "s", 1)
    told("  their errors", len(faults), "", 0)
    for fault in faults[:3]:
        print(fault)


def many(desk: Desk, options: argparse.Namespace) -> None:
    """One claim among very many."""
    before = time.perf_counter()
    with desk.connected() as connection:
        fill(connection, desk.address(SCHEMA), options.many)
        rows = connection.execute(SIZES, (f"{SCHEMA}.records",)).fetchone()
    told(f"records of {options.many:,} claims, made by the server", time.perf_counter() - before, "s")
    told("  their table", float(rows[0] if rows else 0) / 1e6, "MB")
    told("  its indexes", float(rows[1] if rows else 0) / 1e6, "MB")
    told(f"show of {options.many:,} claims: CPU", 1_000 * desk.least(SCHEMA, "show", f"C{options.many // 2}").cpu, "ms", 250)
    _plain(desk, SCHEMA)


def large(desk: Desk, options: argparse.Namespace) -> None:
    """Searching very many claims."""
    with desk.connected() as connection:
        if connection.execute("SELECT to_regclass(%s)", (f"{SCHEMA}.records",)).fetchone() == (None,):
            fill(connection, desk.address(SCHEMA), options.many)
    run = Run(desk.command(SCHEMA, "add", "A wolf was seen", "--by", "Speaker 1", "--yes"))
    told(f"the first add to {options.many:,} claims, which makes the index: CPU", run.cpu, "s")
    told("  its peak memory", run.peak, "MB")
    _commands(desk, SCHEMA, options.many)


def copies(desk: Desk, _options: argparse.Namespace) -> None:
    """Copying a thousand events each way."""
    file = desk.folder / "few.csv"
    claims_file(file, 430)
    folders = [desk.folder / name for name in ("from", "back")]
    Run([sys.executable, "-m", "claimreg", "--db", str(folders[0]), "import", str(file), "--no-link", "--no-duplicates"])
    ways = ((str(folders[0]), desk.address("copied")), (desk.address("copied"), str(folders[1])))
    for way, name in zip(ways, ("into", "out of"), strict=True):
        run = Run([sys.executable, "-m", "claimreg", "copy", *way])
        told(f"copy of a thousand events {name} the database", run.wall, "s")
    from claimreg.store.factory import open_store

    heads = set()
    for place in (str(folders[0]), desk.address("copied"), str(folders[1])):
        store = open_store(place, create=False)
        heads.add(store.head())
        store.close()
    told(f"  different heads afterwards, of event {max(heads)[0]:,}", len(heads), "", 1)


def crashes(_desk: Desk, _options: argparse.Namespace) -> None:
    """Twenty crashes of a server under four writers."""
    command = [sys.executable, "-m", "pytest", "-q", "-rs", str(HERE / "tests" / "faults" / "test_server_crashes.py")]
    done = subprocess.run(command, env={**os.environ, "CLAIMREG_ALL": "1"}, cwd=HERE, capture_output=True, text=True, check=False)
    print(f"    {done.stdout.strip().splitlines()[-1] if done.stdout.strip() else done.stderr}")
    told("20 crashes under 4 writers: failed tests", done.returncode, "", 0)


def main() -> int:
    """Run the benchmark."""
    if sys.argv[1:2] == ["--writer"]:
        write(*sys.argv[2:])
        return 0
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("parts", nargs="*", metavar="PART", help=f"{', '.join(PARTS)}, large; without any, all but the last")
    parser.add_argument("--size", type=int, default=100_000, help="claims of the registry that is imported")
    parser.add_argument("--many", type=int, default=1_000_000, help="claims of the largest registry")
    parser.add_argument("--texts", type=int, default=5_000, help="sources whose texts are looked into")
    parser.add_argument("--runs", type=int, default=5, help="how often each command is run")
    parser.add_argument("--seconds", type=float, default=8, help="seconds that the writers write")
    parser.add_argument("--minute", type=float, default=60, help="seconds that the ten people work")
    options = parser.parse_args()
    if unknown := set(options.parts) - {*PARTS, "large"}:
        parser.error(f"no part is named {', '.join(sorted(unknown))}")
    found = programs()
    if found is None:
        raise SystemExit("no PostgreSQL server is installed on this machine")
    with tempfile.TemporaryDirectory() as folder:
        desk = Desk(started(found, fsync=True), Path(folder), options.runs)
        os.environ.update(desk.environment())
        for name in options.parts or PARTS:
            before = time.perf_counter()
            print(f"{name}: {(globals()[name].__doc__ or '').splitlines()[0]}", flush=True)
            globals()[name](desk, options)
            print(f"  ({time.perf_counter() - before:.0f} s)", flush=True)
    if _missed:
        print(f"NOT REACHED: {'; '.join(_missed)}")
    return bool(_missed)


if __name__ == "__main__":
    sys.exit(main())
