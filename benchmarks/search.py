"""Ranking claims: `python benchmarks/search.py [--folder ../shared/bench/retrieval] [--claims 100000] [--statements 1000] [--runs 11]`.

With `--model FOLDER` it ranks with a sentence-embedding model, too.

Prints, for each set in the folder, how well `claimreg match` finds the claim that a statement repeats; how long 1,000 statements
against 100,000 claims take beside rapidfuzz's WRatio over the same, in one process each; and what `claimreg search` of a registry of as
many claims takes beside a bare `claimreg show`, in fresh processes taken in turn. Sets are no part of the repository; where there are
none, only the speed is measured, on statements made up here.
"""

import argparse
import json
import sys
import tempfile
import time
from collections import defaultdict
from pathlib import Path
from typing import NamedTuple

import numpy as np
from rapidfuzz import fuzz, process
from store import CLAIMREG, Run, in_turn, median

from claimreg.cli.model import vectors_of
from claimreg.corpus.files import open_documents
from claimreg.rank.encoder import Encoder
from claimreg.rank.index import StatementIndex
from claimreg.rank.ranker import rank
from claimreg.rank.segment import Entry, build_segment
from claimreg.rank.statement import read_statement
from claimreg.semantic import load_encoder
from claimreg.services.finding.match import KnownClaims, claims_of_file, match, understand

FOLDER = Path(__file__).parents[2] / "shared" / "bench" / "retrieval"
TOP = 20
DEEP = 5
SEGMENT = 32_768
PEERED = 10
"""Statements that the peer answers; its figure is extrapolated."""


class Set(NamedTuple):
    """Queries, the claims that they are asked of, and where the right answers stand (else the query's own id)."""

    queries: str
    claims: str
    right: str | None
    aim: str


SETS = (
    Set("clef.train", "clef", "clef.train", "(fitted on)"),
    Set("clef.dev", "clef", "clef.dev", "MAP@5 ≥ .87"),
    Set("edits.typos", "edits", None, "MRR ≥ .985"),
    Set("edits.named_entity_replacement", "edits", None, "MRR ≥ .985"),
    Set("edits.rewrite", "edits", None, "MRR ≥ .99"),
    Set("edits.amplify_minimize", "edits", None, "MRR ≥ .93"),
    Set("edits.negation", "edits", None, "flagged"),
    Set("ntrex.kaz-kir", "ntrex.kaz-kir", None, "MRR ≥ .86"),
    Set("ntrex.rus-ukr", "ntrex.rus-ukr", None, "MRR ≥ .90"),
    Set("ntrex.kaz-rus", "ntrex.kaz-rus", None, "MRR ≥ .72"),
    Set("kazakh.latin2021", "kazakh", None, "P@1 ≥ .97"),
    Set("kazakh.ascii", "kazakh", None, "P@1 ≥ .95"),
    Set("kazakh.arabic", "kazakh", None, "P@1 ≥ .95"),
)


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--folder", type=Path, default=FOLDER)
    parser.add_argument("--claims", type=int, default=100_000)
    parser.add_argument("--statements", type=int, default=1_000)
    parser.add_argument("--runs", type=int, default=11)
    parser.add_argument("--model", type=Path, help="a sentence-embedding model, to rank with it")
    chosen = parser.parse_args()
    encoder = load_encoder(chosen.model) if chosen.model else None
    if (chosen.folder / "clef.claims.jsonl").exists():
        quality(chosen.folder, encoder)
    else:
        print(f"There are no sets in {chosen.folder}; only the speed is measured.")
    texts = made_up(chosen.claims)
    speed(texts, chosen.statements)
    commands(texts, chosen.runs)


def quality(folder: Path, encoder: Encoder | None) -> None:
    """How well each set's claims are found."""
    print(f"{'set':32} {'queries':>7} {'MAP@5':>6} {'MRR':>6} {'P@1':>6} {'flagged':>7} {'ms':>5}  aim")
    kept: dict[str, KnownClaims] = {}
    for one in SETS:
        if one.claims not in kept:
            kept = {one.claims: claims_of_file(open_documents(str(folder / f"{one.claims}.claims.jsonl"), sys.stdin.buffer), strict=True)}
            if encoder:
                understand(kept[one.claims], encoder, vectors_of(encoder, None))
        right = answers(folder, one)
        rows, flagged, seconds = [], 0, 0.0
        for line in (folder / f"{one.queries}.queries.jsonl").open(encoding="utf-8"):
            query = json.loads(line)
            wanted = right.get(query["id"], set()) if right else {query["id"]}
            if not wanted:
                continue
            started = time.perf_counter()
            found = match(query["text"], kept[one.claims], TOP)
            seconds += time.perf_counter() - started
            rows.append(figures([result.claim_id in wanted for result in found], len(wanted)))
            flagged += any(result.flags for result in found if result.claim_id in wanted)
        precision, reciprocal, first = np.mean(rows, axis=0)
        took = 1000 * seconds / len(rows)
        print(f"{one.queries:32} {len(rows):7} {precision:6.3f} {reciprocal:6.3f} {first:6.3f} {flagged:7} {took:5.1f}  {one.aim}")


def answers(folder: Path, one: Set) -> dict[str, set[str]]:
    """The right answers of each query, where a file has them."""
    found: dict[str, set[str]] = defaultdict(set)
    if one.right:
        for line in (folder / f"{one.right}.qrels.tsv").open(encoding="utf-8"):
            query, claim = line.rstrip("\n").split("\t")
            found[query].add(claim)
    return found


def figures(hits: list[bool], wanted: int) -> tuple[float, float, float]:
    """Average precision among the first five, reciprocal rank, precision of the first."""
    ranks = [place for place, hit in enumerate(hits, start=1) if hit]
    precision = sum(number / place for number, place in enumerate((place for place in ranks if place <= DEEP), start=1)) / wanted
    return precision, 1 / ranks[0] if ranks else 0.0, float(ranks[:1] == [1])


def made_up(claims: int) -> list[str]:
    """Claims of sixteen words each, Cyrillic and Latin, some words frequent and most rare."""
    chance = np.random.default_rng(1)
    alphabets = [list("аеоинтрслвмқыұ"), list("abdegiklnoprstu")]
    words = ["".join(chance.choice(alphabets[at % 2], int(chance.integers(2, 10)))) for at in range(30_000)]
    often = 1 / np.arange(1, len(words) + 1) ** 0.8
    drawn = chance.choice(len(words), (claims, 16), p=often / often.sum())
    return [" ".join([words[at] for at in row]) for row in drawn.tolist()]


def speed(texts: list[str], statements: int) -> None:
    """Time of many statements against many claims, beside the peer's."""
    chance = np.random.default_rng(2)
    claims = len(texts)
    started = time.perf_counter()
    entries = [Entry(number, (("claim", text),)) for number, text in enumerate(texts)]
    index = StatementIndex([build_segment(entries[begin : begin + SEGMENT]) for begin in range(0, claims, SEGMENT)])
    print(f"\n{claims:,} claims indexed in {time.perf_counter() - started:.1f} s, {size(index) / max(1, claims):.0f} bytes a claim")
    asked = [" ".join(chance.permutation(texts[int(chance.integers(claims))].split())[:12]) for _ in range(statements)]
    started = time.perf_counter()
    for text in asked:
        rank(index, read_statement([text]), TOP)
    ours = time.perf_counter() - started
    started = time.perf_counter()
    for text in asked[:PEERED]:
        process.extract(text, texts, scorer=fuzz.WRatio, limit=TOP)
    peer = (time.perf_counter() - started) / PEERED * statements
    print(
        f"{statements:,} statements: {ours:.1f} s; rapidfuzz WRatio, extrapolated: {peer:.0f} s; {peer / ours:.0f} × as fast (aim ≥ 100 ×)"
    )


def size(index: StatementIndex) -> int:
    """Bytes of an index's columns."""
    return sum(column.part(0, len(column)).nbytes for segment in index.segments for column in segment.columns.values())


def commands(texts: list[str], runs: int) -> None:
    """What a search, and one more claim, take in a fresh process."""
    chance = np.random.default_rng(3)
    with tempfile.TemporaryDirectory() as folder:
        registry, claims = Path(folder) / "registry", Path(folder) / "claims.ndjson"
        claims.write_text("".join(json.dumps({"text": text, "by": f"Party {at % 300}"}) + "\n" for at, text in enumerate(texts)))
        base = [*CLAIMREG, "--db", str(registry)]
        imported = Run([*base, "import", str(claims)])
        kept = sum(path.stat().st_size for path in (registry / ".cache").rglob("*") if path.is_file())

        def words(many: int) -> list[str]:
            return [*base, "search", " ".join(chance.permutation(texts[int(chance.integers(len(texts)))].split())[:many])]

        taken = in_turn(
            runs,
            show=lambda: [*base, "show", f"C{int(chance.integers(len(texts))) + 1}"],
            search_of_2_words=lambda: words(2),
            search_of_12_words=lambda: words(12),
            add=lambda: [*base, "add", f"Wholly new {int(chance.integers(10**9))}", "--by", "Party 7", "--yes"],
        )
    limit = 2 * median(taken["show"]) + 0.1
    print(f"\nimport with its index: {imported.wall:.1f} s; the index on disk: {kept / len(texts):.0f} bytes a claim")
    for name, some in taken.items():
        print(f"{name:20} {1000 * median(some):5.0f} ms wall, {1000 * median(some, 'cpu'):5.0f} ms CPU")
    print(f"aim for a search: 2 × show + 100 ms = {1000 * limit:.0f} ms")


if __name__ == "__main__":
    main()
