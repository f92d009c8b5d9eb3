"""Imports of many claims: `python benchmarks/importing.py [--size 1000000] [--reviews 10000] [--against CHECKOUT]`.

Each figure is of a whole fresh process, `claimreg import`, into a registry that is new, and then of the same file once more, which has
nothing new. ``--against`` names another checkout of claimreg (``git worktree add ../earlier COMMIT``); it runs with this interpreter, in
turn with this one, so that a busy machine slows both sides alike; ratios are of seconds of CPU.
"""

import argparse
import json
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


class Run:
    """What one process took: seconds of wall and CPU, peak memory in MB, and what it said last."""

    def __init__(self, checkout: Path, registry: Path, *arguments: str) -> None:
        command = [sys.executable, "-m", "claimreg", "--db", str(registry), "import", *arguments]
        before = time.perf_counter()
        process = subprocess.Popen(
            command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, env={**os.environ, "PYTHONPATH": str(checkout)}, cwd=registry.parent
        )
        output = process.stdout.read() if process.stdout else b""
        _pid, status, usage = os.wait4(process.pid, 0)
        self.wall = time.perf_counter() - before
        self.cpu = usage.ru_utime + usage.ru_stime
        self.peak = usage.ru_maxrss * 1024 / 1e6
        self.said = " ".join(output.decode().split())
        if os.waitstatus_to_exitcode(status) not in (0, 1):
            raise SystemExit(f"{' '.join(command)} failed")


def claims_file(path: Path, size: int) -> None:
    """Write flat claims, fifty to a party and a case."""
    chance = random.Random(1)  # noqa: S311 -- the same claims each time
    with path.open("w", encoding="utf-8") as file:
        for number in range(size):
            text = f"{' '.join(chance.choices(WORDS, k=9))} {number}".capitalize()
            claim = {"id": f"r{number}", "text": text, "by": f"Speaker {number // 50}", "stance": "asserts", "case": f"case {number // 50}"}
            file.write(json.dumps(claim) + "\n")


def reviews_file(path: Path, size: int) -> None:
    """Write reviews as schema.org has them, an object a line."""
    chance = random.Random(2)  # noqa: S311 -- as above
    with path.open("w", encoding="utf-8") as file:
        for number in range(size):
            review = {
                "@context": "https://schema.org", "@type": "ClaimReview", "url": f"https://desk.example/checks/{number}",
                "datePublished": f"2024-05-{number % 28 + 1:02}", "inLanguage": "en",
                "claimReviewed": f"{' '.join(chance.choices(WORDS, k=9))} {number}".capitalize(),
                "author": {"@type": "Organization", "name": "Desk"},
                "reviewRating": {"@type": "Rating", "alternateName": chance.choice(["False", "True", "Misleading"])},
                "itemReviewed": {
                    "@type": "Claim", "author": {"@type": "Person", "name": f"Speaker {number // 50}"},
                    "appearance": {"@type": "CreativeWork", "url": f"https://news.example/{number}"},
                },
            }  # fmt: skip
            file.write(json.dumps(review) + "\n")


def say(name: str, run: Run) -> None:
    """Print the figures of one process."""
    print(f"  {name:34} wall {run.wall:7.1f} s   cpu {run.cpu:7.1f} s   peak {run.peak:6.0f} MB   {run.said}", flush=True)


def measure(work: Path, file: Path, against: Path | None, *options: str) -> None:
    """Import a file twice into a new registry, with this checkout and with the other."""
    other = Run(against, work / "other", str(file)) if against is not None else None
    if other is not None:
        say("the other checkout", other)
    first = Run(HERE, work / "this", str(file), *options)
    say("this checkout", first)
    say("the same file again", Run(HERE, work / "this", str(file), *options))
    if other is not None:
        print(f"  cpu, this / the other: {first.cpu / other.cpu:.2f}, by the clock {first.wall / other.wall:.2f}")


def main() -> None:
    """Run the benchmark."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--size", type=int, default=1_000_000, help="claims in lines of JSON; 0 for none")
    parser.add_argument("--reviews", type=int, default=10_000, help="reviews; 0 for none")
    parser.add_argument("--against", type=Path, help="another checkout of claimreg; of reviews it may know nothing")
    options = parser.parse_args()
    for size, write, name, against in (
        (options.size, claims_file, "claims.ndjson", options.against),
        (options.reviews, reviews_file, "reviews.jsonld", None),
    ):
        if size:
            with tempfile.TemporaryDirectory() as folder:
                file = Path(folder, name)
                write(file, size)
                print(f"{size:,} rows, {name} ({file.stat().st_size / 1e6:.0f} MB)")
                measure(Path(folder), file, against, *(["--no-link", "--no-duplicates"] if size <= options.reviews else []))


if __name__ == "__main__":
    main()
