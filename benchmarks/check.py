"""One quote against many stored documents: `python benchmarks/check.py [--documents 10000] [--runs 5]`.

`claimreg check` in a fresh process, its index brought up to date by each `source add`, beside rapidfuzz's partial_ratio
against every document, whose texts are read and folded before its clock starts. Documents are made as in `scan_corpus.py`.
"""

import argparse
import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from statistics import median

import numpy as np
import scan_corpus as corpus
from rapidfuzz import fuzz

from claimreg.text.fold import fold_key

AT_ONCE = 2_500
WORDS = 20


def main() -> None:
    """Make the registry, run both, print the table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--documents", type=int, default=10_000)
    parser.add_argument("--runs", type=int, default=5)
    parser.add_argument("--texts", type=Path, default=corpus.TEXTS)
    parser.add_argument("--seed", type=int, default=1)
    chosen = parser.parse_args()
    chance = np.random.default_rng(chosen.seed)
    made = corpus.make_documents(corpus.learn(chosen.texts, chance), chosen.documents, chance)
    texts = [text for text, _ in zip(made, range(chosen.documents), strict=False)]
    quotes = [(kind, text) for kind in ("found", "altered", "nowhere") for text in asked(kind, texts, chance)]
    with tempfile.TemporaryDirectory() as temporary:
        folder = Path(temporary)
        stored(folder, texts)
        print(f"{len(texts):,} documents, {sum(len(text.encode()) for text in texts) / 1e6:.0f} MB; medians of {chosen.runs} runs")
        print(f"{'quote':10} {'check cpu':>10} {'wall':>7} {'brute':>7} {'ratio':>7}")
        folded = [fold_key(text) for text in texts]
        for kind, quote in quotes:
            runs = [check(folder, quote) for _ in range(chosen.runs)]
            processor, wall, brute = median(run[0] for run in runs), median(run[1] for run in runs), by_force(quote, folded)
            print(f"{kind:10} {processor:10.3f} {wall:7.3f} {brute:7.3f} {'1/' + format(brute / wall, '.1f'):>7}", flush=True)


def asked(kind: str, texts: list[str], chance: np.random.Generator) -> list[str]:
    """Three quotes: as they stand, with one letter in ten changed, or with their words in no order."""
    found: list[str] = []
    while len(found) < 3:  # noqa: PLR2004
        words = texts[int(chance.integers(len(texts)))].split()
        if len(words) <= 2 * WORDS:
            continue
        start = int(chance.integers(len(words) - WORDS))
        passage = words[start : start + WORDS]
        if kind == "nowhere":
            passage = [words[int(at)] for at in chance.permutation(len(words))[:WORDS]]
        found.append(corpus.alter(" ".join(passage), 1, chance) if kind == "altered" else " ".join(passage))
    return found


def stored(folder: Path, texts: list[str]) -> None:
    """A registry of the documents."""
    names = [f"{number}.txt" for number in range(len(texts))]
    for name, text in zip(names, texts, strict=True):
        (folder / name).write_text(text, encoding="utf-8")
    for first in range(0, len(names), AT_ONCE):
        command = [sys.executable, "-m", "claimreg", "source", "add", "--db", "registry", *names[first : first + AT_ONCE]]
        subprocess.run(command, cwd=folder, check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)


def check(folder: Path, quote: str) -> tuple[float, float]:
    """Seconds of a whole fresh process: of the processor and by the clock."""
    before, started = os.times(), time.perf_counter()
    command = [sys.executable, "-m", "claimreg", "check", quote, "--db", str(folder / "registry")]
    subprocess.run(command, cwd=folder / "registry", check=False, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    after = os.times()
    used = after.children_user + after.children_system - before.children_user - before.children_system
    return used, time.perf_counter() - started


def by_force(quote: str, folded: list[str]) -> float:
    """Seconds of comparing the quote with every document."""
    key, started = fold_key(quote), time.perf_counter()
    for text in folded:
        fuzz.partial_ratio(key, text, score_cutoff=60)
    return time.perf_counter() - started


if __name__ == "__main__":
    main()
