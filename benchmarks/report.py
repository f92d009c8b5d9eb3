"""Reports of a large case against reading the registry once: `python benchmarks/report.py [--claims 2000] [--sources 500] [--runs 5]`.

The case is made up: every claim has three attributions with quotes that stand in the sources, every tenth one a contradiction,
every fifth a verdict. Whole fresh processes, taken in turn; ratios are of medians, memory is the peak of a process.
"""

import argparse
import os
import random
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from claimreg.linker import LayeredLinker
from claimreg.model import Change, Claim, RelationKind, Stance
from claimreg.services.linking.links import propose_link, store_links
from claimreg.services.linking.texts import stored_texts
from claimreg.services.recording.claims import (
    AttributionFields,
    ClaimFields,
    record_attribution,
    record_claim,
    record_relation,
    record_verdict,
)
from claimreg.services.recording.parties import create_party
from claimreg.services.recording.sources import IncomingDocument, SourceDetails, store_source
from claimreg.store.embedded import EmbeddedStore

CHANGE = Change(user="benchmark", at="2026-01-01T00:00:00Z", action="benchmark")
LETTERS = "аәбвгғдежзийкқлмнңоөпрстуұүфхшыі"
FORMS = ("md", "html", "json")
READ_ONCE = """
import sys
from pathlib import Path
from claimreg.model import RECORD_TYPES
from claimreg.store.embedded import EmbeddedStore
store = EmbeddedStore(Path(sys.argv[1]), create=False)
with store.snapshot() as reader:
    print(sum(1 for kind in RECORD_TYPES for _ in reader.find(kind)))
"""
WHOLE = "import os, subprocess, sys; p = subprocess.Popen(sys.argv[1:], stdout=subprocess.DEVNULL); print(os.wait4(p.pid, 0)[2].ru_maxrss)"


def make_case(folder: Path, claims: int, sources: int) -> None:
    """Record the case."""
    chance = random.Random(7)  # noqa: S311 -- the same case each time
    vocabulary = ["".join(chance.choice(LETTERS) for _ in range(chance.randint(2, 10))) for _ in range(3000)]
    store, linker = EmbeddedStore(folder), LayeredLinker()
    with store.write(CHANGE) as writer:
        texts, stored = [], []
        for number in range(sources):
            sentences = [" ".join(chance.choice(vocabulary) for _ in range(14)).capitalize() + "." for _ in range(40)]
            texts.append(sentences)
            text = "\n".join(sentences)
            details = SourceDetails(f"Source {number}", "Publisher", f"2024-{number % 12 + 1:02}", "kk", f"https://example.org/{number}")
            stored.append(store_source(writer, IncomingDocument(text.encode(), text, f"{number}.txt"), details))
        parties = [create_party(writer, f"Party {number} {chance.choice(vocabulary)}") for number in range(60)]
        recorded: list[Claim] = []
        for number in range(claims):
            claim = record_claim(writer, ClaimFields(text=" ".join(chance.choice(vocabulary) for _ in range(9)), case="Large", lang="kk"))
            for _ in range(3):
                where = chance.randrange(sources)
                quote = chance.choice(texts[where])
                fields = AttributionFields(chance.choice(list(Stance)), "Party", quote, "kk", f"2024-{chance.randint(1, 12):02}-11")
                source = stored[where].source
                said = record_attribution(writer, claim, chance.choice(parties), source, fields)
                found = propose_link(said, source, stored[where].capture, stored_texts(writer, stored[where].capture), linker)
                store_links(writer, [found], linker.name)
            if number % 10 == 1:
                record_relation(writer, claim, RelationKind.CONTRADICTS, recorded[-1])
            if number % 5 == 0:
                record_verdict(writer, claim, "False", scheme="Desk", rationale="Because.", author="ann")
            recorded.append(claim)
    store.close()


def seconds(command: list[str]) -> float:
    """Wall seconds of a fresh process."""
    started = time.perf_counter()
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    return time.perf_counter() - started


def main() -> None:
    """Measure and print."""
    arguments = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    arguments.add_argument("--claims", type=int, default=2000)
    arguments.add_argument("--sources", type=int, default=500)
    arguments.add_argument("--runs", type=int, default=5)
    given = arguments.parse_args()
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name) / "registry"
        make_case(folder, given.claims, given.sources)
        base = [sys.executable, "-c", READ_ONCE, str(folder)]
        forms = {
            form: [sys.executable, "-m", "claimreg", "--db", str(folder), "report", "--format", form, "-o", f"{name}/report.{form}"]
            for form in FORMS
        }
        times: dict[str, list[float]] = {"read once": [], **{form: [] for form in forms}}
        for _ in range(given.runs):
            times["read once"].append(seconds(base))
            for form, command in forms.items():
                times[form].append(seconds(command))
        once = statistics.median(times["read once"])
        print(f"{given.claims:,} claims, {given.sources:,} sources, {os.cpu_count()} processors; reading all records once: {once:.2f} s")
        for form, command in forms.items():
            middle = statistics.median(times[form])
            done = subprocess.run([sys.executable, "-c", WHOLE, *command], check=True, capture_output=True, text=True)
            size = Path(f"{name}/report.{form}").stat().st_size
            told = f"{size / 2**20:.1f} MiB written, {int(done.stdout) / 1024:.0f} MiB of memory"
            print(f"{form}: {middle:.2f} s ({min(times[form]):.2f}–{max(times[form]):.2f}), {middle / once:.1f} × as long; {told}")


if __name__ == "__main__":
    main()
