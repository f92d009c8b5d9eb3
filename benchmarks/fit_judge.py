"""Count what scanners take for what: `python benchmarks/fit_judge.py [--folder ../shared/bench/quotes] [--least 3]`.

The gold words of the sets of scanned pages (development halves) are aligned with the words that stand at their places; of each pair of
words that differ, the letters that differ are counted. It prints the value of `counted` in `claimreg/linker/judge/confusions.toml`: two
letters (or groups of at most two), and how often one stood for the other, either way.
"""

import argparse
import json
from collections import Counter
from collections.abc import Iterator
from difflib import SequenceMatcher
from pathlib import Path
from typing import Any

from rapidfuzz.distance import Levenshtein

FOLDER = Path(__file__).parents[2] / "shared" / "bench" / "quotes"
SETS = (
    ("ocr.quotes.jsonl", "ocr.docs.jsonl", "ocr.gold.jsonl"),
    ("real/ocrnew/quotes.jsonl", "real/ocrnew/docs.jsonl", "real/ocrnew/gold.jsonl"),
)
ALIKE = 0.5
"""Likeness (0..1) of two words from which on one is the other, misread."""

MOST_WORDS = 3
LONGEST = 2


def main() -> None:
    """Count and print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--folder", type=Path, default=FOLDER, help="where the sets are")
    parser.add_argument("--least", type=int, default=3, help="how often a pair must have been counted to be printed")
    options = parser.parse_args()
    if not options.folder.is_dir():
        print(f"There are no sets in {options.folder}.")
        return
    counts: Counter[tuple[str, str]] = Counter()
    for quotes, docs, gold in SETS:
        for quoted, scanned in places(options.folder / quotes, options.folder / docs, options.folder / gold):
            for left, right in misread(quoted.split(), scanned.split()):
                counts.update(letters(left, right))
    print(f"{sum(counts.values())} changes, {len(counts)} kinds")
    ranked = sorted(counts.items(), key=lambda one: (-one[1], one[0]))
    print(" ".join(f"{left} {right} {times}" for (left, right), times in ranked if times >= options.least))


def places(quotes: Path, docs: Path, gold: Path) -> Iterator[tuple[str, str]]:
    """Each quote and what stands at its place."""
    said = {one["id"]: one["text"] for one in lines(quotes)}
    texts = {one["id"]: one["text"] for one in lines(docs)}
    for one in lines(gold):
        if one["doc_id"]:
            yield said[one["quote_id"]], texts[one["doc_id"]][one["parts"][0][0] : one["parts"][-1][1]]


def lines(path: Path) -> Iterator[dict[str, Any]]:
    """The objects of a file of lines."""
    with path.open(encoding="utf-8") as file:
        yield from map(json.loads, file)


def misread(quoted: list[str], scanned: list[str]) -> Iterator[tuple[str, str]]:
    """Words that differ and are one word for all that."""
    for tag, first, last, start, end in SequenceMatcher(None, quoted, scanned, autojunk=False).get_opcodes():
        if tag != "replace" or last - first > MOST_WORDS or end - start > MOST_WORDS + 1:
            continue
        left, right = quoted[first:last], scanned[start:end]
        pairs = zip(left, right, strict=True) if len(left) == len(right) else [(" ".join(left), " ".join(right))]
        yield from (pair for pair in pairs if Levenshtein.normalized_similarity(*pair) >= ALIKE)


def letters(left: str, right: str) -> Iterator[tuple[str, str]]:
    """The letters that differ, neighbouring changes as one, in an order of their own, as it counts both ways."""
    blocks: list[list[int]] = []
    for code in Levenshtein.opcodes(left, right):
        if code.tag == "equal":
            continue
        if blocks and blocks[-1][1] == code.src_start and blocks[-1][3] == code.dest_start:
            blocks[-1][1], blocks[-1][3] = code.src_end, code.dest_end
        else:
            blocks.append([code.src_start, code.src_end, code.dest_start, code.dest_end])
    for first, last, start, end in blocks:
        one, other = left[first:last].casefold(), right[start:end].casefold()
        if one != other and one.isalnum() and other.isalnum() and max(len(one), len(other)) <= LONGEST:
            yield (min(one, other), max(one, other))


if __name__ == "__main__":
    main()
