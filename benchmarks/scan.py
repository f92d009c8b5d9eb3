"""The scan of many quotes against many documents: `python benchmarks/scan.py [--quick] [--beside CHECKOUT] [--repeat 3]`.

Each row of the table is of whole fresh processes of the command, from file to file, the least of several; *set-up* and *streaming* are
told apart as `scan_runs.py` says. Seconds are the processor's unless the clock is named. MB are of UTF-8 as the file has it, and streaming
alone unless *all* is said; a rate taken from less than a second has a ~ before it. The trees (this one, the same without its compiled
kernel, other checkouts) are run by turns; × says how many times as long as this tree the row's takes. Kernel and NumPy have to give the
same bytes, as have one worker and two; links that differ from another checkout's are counted and shown.

*Found* counts planted quotes that are linked to the document they were taken from; *elsewhere* their links to others, *decoys* links of
quotes that were planted nowhere. The texts are made (`scan_corpus.py`); real newspapers stand beside them (`scan_real.py`), and other
libraries, extrapolated from a few comparisons (`scan_peers.py`). Idle machines only: compare rows of one run, not of two.
"""

import argparse
import json
import os
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import numpy as np
from scan_corpus import COPY, TEXTS, Corpus, Wanted, make_corpus
from scan_peers import compare_peers
from scan_real import find_newspapers
from scan_runs import Run, Tree, find_trees, links_of, measure, run

QUICK = 12
LEAST_FOR_WORKERS = 100.0
"""Megabytes from which two workers are measured: documents are handed out in blocks of 4 MiB, and the last one leaves a worker idle."""

SHORT = 1.0
SHOWN = 5
HEAD = (
    f"{'text':<10} {'quotes':>7} {'workers':>7} {'tree':<24} {'set-up s':>8} {'stream s':>8} {'MB/s':>8} {'MB/s all':>8} {'links/s':>8}"
    f" {'parent MB':>9} {'worker MB':>9} {'found':>9} {'elsewhere':>9} {'decoys':>7} {'× set-up':>8} {'× stream':>8}  links' SHA-256"
)


class Tally(NamedTuple):
    """Links of planted quotes to their own documents, and elsewhere, and of decoys."""

    found: int
    planted: int
    elsewhere: int
    decoys: int


def main() -> None:
    """Make the corpus, run everything, print the table."""
    chosen = options().parse_args()
    megabytes = QUICK if chosen.quick else chosen.megabytes
    with tempfile.TemporaryDirectory() as temporary:
        folder = (chosen.folder or Path(temporary)).resolve()
        folder.mkdir(exist_ok=True)
        trees = find_trees(chosen.beside, folder, without_kernel=chosen.without_kernel)
        corpora = [make_corpus(folder, chosen.texts, Wanted(megabytes, chosen.quotes, chosen.planted, chosen.seed))]
        if chosen.newspapers and (newspapers := find_newspapers(chosen.texts, folder, chosen.quotes)):
            corpora.append(newspapers)
        for corpus in corpora:
            print(f"{corpus.name}: {corpus.megabytes:.1f} MB of documents")
        print(f"{os.cpu_count()} processors, load {os.getloadavg()[0]:.1f}; Python {sys.version.split()[0]}, NumPy {np.__version__}")
        fill_caches(corpora, trees, folder)
        report = Report(trees, folder, chosen.repeat, peers=chosen.peers)
        for corpus in corpora:
            report.tell(corpus, [1] if corpus.megabytes < LEAST_FOR_WORKERS else [1, 2])
    sys.exit(report.fault)


def options() -> argparse.ArgumentParser:
    """The options."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    switch = argparse.BooleanOptionalAction
    parser.add_argument("--megabytes", type=int, default=120)
    parser.add_argument("--quick", action="store_true", help=f"Only {QUICK} MB.")
    parser.add_argument("--quotes", type=int, nargs="+", default=[1_000, 10_000, 100_000])
    parser.add_argument("--planted", type=int, default=3, help="Quotes a megabyte that stand in the documents, at most.")
    parser.add_argument("--repeat", type=int, default=1, help="Runs of each, of which the least is told; short ones are repeated anyway.")
    parser.add_argument("--beside", type=Path, action="append", default=[], metavar="CHECKOUT", help="Run this one too.")
    parser.add_argument("--without-kernel", action=switch, default=True, help="Run this tree without its kernel too, where it has one.")
    parser.add_argument("--newspapers", action=switch, default=True)
    parser.add_argument("--peers", action=switch, default=True)
    parser.add_argument("--texts", type=Path, default=TEXTS)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--folder", type=Path, help="Keep the corpus here, and use it again.")
    return parser


def fill_caches(corpora: list[Corpus], trees: list[Tree], folder: Path) -> None:
    """Run each tree once over each text, so that no run that counts compiles a module or gathers a dictionary."""
    for corpus in corpora:
        for tree in trees:
            run(tree, corpus.quotes[min(corpus.quotes)], corpus.documents, links_of(tree, folder), 1)


class Report:
    """The table; ``fault`` is what was wrong with the links, if anything."""

    def __init__(self, trees: list[Tree], folder: Path, repeat: int, *, peers: bool) -> None:
        self._trees = trees
        self._folder = folder
        self._repeat = repeat
        self._peers = peers
        self.fault: str | None = None

    def tell(self, corpus: Corpus, workers: list[int]) -> None:
        """Run the scans of a text and print what they took."""
        print(f"\n{HEAD}", flush=True)
        told: dict[int, Run] = {}
        notes: list[str] = []
        for count in corpus.quotes:
            first: dict[str, Run] = {}
            for number in workers:
                measured = measure(corpus, count, self._trees, number, self._folder, self._repeat)
                self._print_rows(corpus, count, number, measured)
                notes += self._compare(count, number, measured)
                notes += [] if number == 1 else self._compare_workers(count, number, first, measured)
                first = first or measured
            told[count] = first[self._trees[0].name]
            if self._peers:
                print_peers(corpus, count, told[count].rate)
        notes += grown(told)
        notes += [] if len(workers) > 1 else [f"two workers: {corpus.megabytes:.0f} MB are too few to tell"]
        print("\n".join(notes), flush=True)

    def _print_rows(self, corpus: Corpus, count: int, workers: int, measured: dict[str, Run]) -> None:
        this = measured[self._trees[0].name]
        for tree in self._trees:
            one, tally = measured[tree.name], counted(links_of(tree, self._folder), corpus, count)
            doubt = "~" if one.measured < SHORT else ""
            worker = f"{one.worker:.0f}" if one.worker else "–"
            every, links = one.megabytes / (one.setup + one.streaming), one.links / one.streaming
            print(
                f"{corpus.name:<10} {count:>7} {workers:>7} {tree.name:<24} {one.setup:>8.2f} {one.streaming:>8.2f}"
                f" {doubt + format(one.rate, '.2f'):>8} {every:>8.2f} {links:>8.1f}"
                f" {one.parent:>9.0f} {worker:>9} {f'{tally.found}/{tally.planted}':>9} {tally.elsewhere:>9} {tally.decoys:>7}"
                f" {one.setup / this.setup:>8.2f} {one.streaming / this.streaming:>8.2f}  {one.digest[:12]}", flush=True,
            )  # fmt: skip

    def _compare(self, count: int, workers: int, measured: dict[str, Run]) -> Iterator[str]:
        """Say where the links of the trees are not the same; of this tree with and without the kernel, that is a fault."""
        this = self._trees[0]
        for tree in self._trees[1:]:
            if measured[tree.name].digest == measured[this.name].digest:
                continue
            yield f"{count} quotes, {workers} workers: {this.name} and {tree.name} gave other links"
            yield from differences(links_of(this, self._folder), links_of(tree, self._folder))
            if tree.name.startswith("this "):
                self.fault = "kernel and NumPy gave other bytes"

    def _compare_workers(self, count: int, workers: int, one: dict[str, Run], more: dict[str, Run]) -> Iterator[str]:
        """Say what more workers gain."""
        for tree in self._trees:
            alone, together = one[tree.name], more[tree.name]
            clock = alone.streaming_clock, together.streaming_clock
            yield (
                f"{count} quotes, {tree.name}: {workers} workers stream × {clock[0] / clock[1]:.2f} by the clock ({clock[0]:.1f} s,"
                f" {clock[1]:.1f} s) with × {together.streaming / alone.streaming:.2f} seconds of the processor; set-up by the clock"
                f" {alone.setup_clock:.1f} s, {together.setup_clock:.1f} s"
            )
            if alone.digest != together.digest:
                self.fault = f"{tree.name} gave other bytes with {workers} workers than with one"
                yield self.fault


def grown(told: dict[int, Run]) -> Iterator[str]:
    """Say what more documents cost, and more quotes."""
    for count, one in told.items():
        yield f"{count} quotes: a megabyte of the second half of the documents takes × {one.bend:.2f} of one of the first"
    for fewer, more in zip(list(told), list(told)[1:], strict=False):
        yield f"{fewer} to {more} quotes: streaming × {told[more].streaming / told[fewer].streaming:.2f}"


def counted(links: Path, corpus: Corpus, count: int) -> Tally:
    """What the links of a scan are of."""
    found: set[str] = set()
    elsewhere = decoys = 0
    with links.open(encoding="utf-8") as lines:
        for line in lines:
            link = json.loads(line)
            home = corpus.home.get(link["quote_id"])
            document = link["doc_id"].partition(COPY)[0]
            decoys += home is None
            elsewhere += home is not None and home != document
            if home == document:
                found.add(link["quote_id"])
    with corpus.quotes[count].open(encoding="utf-8") as lines:
        planted = sum(json.loads(line)["id"] in corpus.home for line in lines)
    return Tally(len(found), planted, elsewhere, decoys)


def differences(here: Path, there: Path) -> Iterator[str]:
    """What only one of two files of links has, and what both have but tell otherwise: how many, and the first of each."""
    one, other = ({placed(line): line for line in path.read_text(encoding="utf-8").splitlines()} for path in (here, there))
    both = [place for place in one if place in other and one[place] != other[place]]
    for what, places in (
        ("only here", [place for place in one if place not in other]),
        ("only there", [place for place in other if place not in one]),
        ("told otherwise", both),
    ):
        yield f"  {what}: {len(places)}"
        for place in places[:SHOWN]:
            yield from (f"    {lines[place]}" for lines in (one, other) if place in lines)


def placed(line: str) -> tuple[str, str, int, int]:
    """The quote and the place of a link."""
    link = json.loads(line)
    return link["quote_id"], link["doc_id"], link["start"], link["end"]


def print_peers(corpus: Corpus, count: int, rate: float) -> None:
    """Print rows of other libraries."""
    for name, peer in compare_peers(corpus, count):
        times = f"{rate / peer:.0f}"
        print(f"{corpus.name:<10} {count:>7} {1:>7} {name + ' (extrapolated)':<42} {peer:>8.5f} {'':>74} {times:>8}", flush=True)


if __name__ == "__main__":
    main()
