"""Searching the texts of sources by words: what a search takes, beside the start of the program.

Run `python benchmarks/passages.py [--size 10000] [--runs 5]` in the development environment of the README. The texts are made up, some
5 KB each, of 60,000 words that are as often as words of a language are (Zipf's law). Every figure is CPU seconds of whole fresh
processes, taken in turn: the start is that of `source search -h`.
"""

import argparse
import random
import resource
import subprocess
import sys
import tempfile
from itertools import accumulate
from pathlib import Path
from statistics import median

from claimreg.model import Change
from claimreg.services.recording.sources import IncomingDocument, SourceDetails, store_source
from claimreg.store.embedded import EmbeddedStore

CLAIMREG = [sys.executable, "-m", "claimreg"]
BEGINS, ENDS = [*"bcdfghjklmnprstvw", "sh", "ch", "tr", "st", "pl", "br"], [*"aeiou", "ai", "ou", "ea"]
SYLLABLES = [begin + end for begin in BEGINS for end in ENDS]
VOCABULARY, SIZE, AT_ONCE = 60_000, 5_000, 500
HIDDEN = "The harbour master signed the order before midnight and locked the gate of the lighthouse."
NEEDLES = {17, 4242}


def main() -> None:
    """Make the registry, and tell what searches in it take."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--size", type=int, default=10_000)
    parser.add_argument("--runs", type=int, default=5)
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        registry = Path(folder) / "registry"
        common = fill(registry, asked.size)
        search = [*CLAIMREG, "--db", str(registry), "source", "search"]
        first = measured([*search, HIDDEN[:18]])
        kept = sum(path.stat().st_size for path in (registry / ".cache" / "words").rglob("*"))
        print(f"{asked.size:,} texts taken into the index with the first search: {first:.1f} s; {kept / asked.size / 1000:.1f} KB a text")
        queries = {
            "two words of two texts": "harbour master",
            "the same with slips": "habrour mastr",
            "a phrase": '"harbour master"',
            "a word of most texts": common[0],
            "three common words": " ".join(common[:3]),
        }
        taken: dict[str, list[float]] = {"start": [], **{name: [] for name in queries}}
        for _ in range(asked.runs):
            taken["start"].append(measured([*search, "-h"]))
            for name, query in queries.items():
                taken[name].append(measured([*search, query]))
        start = median(taken.pop("start"))
        print(f"start: {start:.2f} s")
        for name, some in taken.items():
            print(f"{name:24} {median(some) - start:.2f} s beyond it")


def fill(registry: Path, size: int) -> list[str]:
    """Store the texts; returns some of their commonest words."""
    chance = random.Random(7)  # noqa: S311 -- the same texts each time
    words = list(
        dict.fromkeys("".join(chance.choice(SYLLABLES) for _ in range(chance.choice([1, 2, 2, 3, 3, 4]))) for _ in range(VOCABULARY))
    )
    weights = list(accumulate(1 / (rank + 3) for rank in range(len(words))))
    store = EmbeddedStore(registry)
    for begin in range(0, size, AT_ONCE):
        with store.write(Change(user="ann", at="2026-01-01T00:00:00Z", action="source add")) as writer:
            for number in range(begin, min(size, begin + AT_ONCE)):
                text = " ".join(chance.choices(words, cum_weights=weights, k=SIZE // 5))[:SIZE] + (
                    f". {HIDDEN}" if number in NEEDLES else ""
                )
                store_source(writer, IncomingDocument(text.encode(), text, f"{number}.txt"), SourceDetails(lang="en"))
    store.close()
    return words[:3]


def measured(command: list[str]) -> float:
    """CPU seconds of a fresh process."""
    spent = resource.getrusage(resource.RUSAGE_CHILDREN)
    subprocess.run(command, check=True, capture_output=True)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return after.ru_utime + after.ru_stime - spent.ru_utime - spent.ru_stime


if __name__ == "__main__":
    main()
