"""Fit the weights of ranking: `python benchmarks/fit_ranking.py [--folder ../shared/bench/retrieval] [--dev] [--every]`.

Prints the weights to paste into `claimreg/rank/likeness.py`, and how well claims are found by weights fitted on the other four fifths of
the queries. Fitted are CLEF's train set and, of the other sets, the half of the queries that a hash of the id picks; ``--dev`` looks at
CLEF's dev set and the other halves too, which is to be done rarely. With ``--every`` both halves of all sets but CLEF's dev set are
fitted, which gives the weights in use: small sets tell more as a whole, but "fitted" is then no forecast for them; "crossed" is one.
Listwise softmax regression (Z. Cao et al., Learning to rank: from pairwise approach to listwise approach, ICML 2007), solved by Newton's
method: there is no chance in it.
"""

import argparse
import json
import sys
from pathlib import Path
from typing import NamedTuple
from zlib import crc32

import numpy as np
from search import FOLDER, SETS, Set, answers, figures

from claimreg.corpus.files import open_documents
from claimreg.rank.likeness import WEIGHTS, features
from claimreg.rank.ranker import LOOKED_AT, candidates
from claimreg.rank.statement import read_statement
from claimreg.services.finding.match import KnownClaims, claims_of_file

COUNTS = {
    "clef.train": 1.0, "edits.typos": 15.0, "edits.named_entity_replacement": 5.0, "edits.rewrite": 1.0, "edits.amplify_minimize": 5.0,
    "edits.negation": 0.5, "ntrex.kaz-kir": 0.5, "ntrex.rus-ukr": 0.5, "ntrex.kaz-rus": 0.5,
}  # fmt: skip
"""What a query of each set counts: more where the set is small; sets of which nearly all is found tell nothing."""

FOLDS = 5
RIDGE = 3.0
"""Strength of the pull towards zero, for features of variance 1."""

ROUNDS = 30


class Asked(NamedTuple):
    """A query: its set, whether it may be fitted on, its fold, its candidates' features, which of them are right, how many there are."""

    of: str
    fitted: bool
    fold: int
    rows: np.ndarray
    right: np.ndarray
    wanted: int


def main() -> None:
    """Fit and print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--folder", type=Path, default=FOLDER)
    parser.add_argument("--dev", action="store_true")
    parser.add_argument("--every", action="store_true", help="fit on all queries but CLEF's dev set")
    chosen = parser.parse_args()
    every = read(chosen.folder, dev=chosen.dev, whole=chosen.every)
    fitted = [one for one in every if one.fitted]
    weights = fit(fitted)
    print(", ".join(f'"{name}": {weight:.2f}' for name, weight in zip(WEIGHTS, weights, strict=True)))
    now = np.array(list(WEIGHTS.values()))
    across: dict[int, np.ndarray] = {fold: fit([one for one in fitted if one.fold != fold]) for fold in range(FOLDS)}
    table("crossed", [(one, across[one.fold]) for one in fitted])
    table("fitted", [(one, weights) for one in fitted])
    table("as in likeness.py", [(one, now) for one in fitted])
    if chosen.dev:
        held = [one for one in every if not one.fitted]
        table("not fitted on", [(one, weights) for one in held])
        table("not fitted on, as in likeness.py", [(one, now) for one in held])


def read(folder: Path, *, dev: bool, whole: bool) -> list[Asked]:
    """All queries with the features of their candidates."""
    found: list[Asked] = []
    kept: dict[str, KnownClaims] = {}
    for one in SETS:
        if one.queries not in COUNTS and not (dev and one.queries == "clef.dev"):
            continue
        if one.claims not in kept:
            kept = {one.claims: claims_of_file(open_documents(str(folder / f"{one.claims}.claims.jsonl"), sys.stdin.buffer), strict=True)}
        found += queries(folder, one, kept[one.claims], dev=dev, whole=whole)
    return found


def queries(folder: Path, one: Set, known: KnownClaims, *, dev: bool, whole: bool) -> list[Asked]:
    """The queries of a set; with ``whole`` both halves are fitted on, those that are not only with ``dev``."""
    right, found = answers(folder, one), []
    for line in (folder / f"{one.queries}.queries.jsonl").open(encoding="utf-8"):
        query = json.loads(line)
        fitted = one.queries == "clef.train" or (one.queries != "clef.dev" and (whole or crc32(query["id"].encode()) % 2 == 0))
        wanted = right.get(query["id"], set()) if right else {query["id"]}
        if not wanted or not (fitted or dev):
            continue
        asked = read_statement([query["text"]])
        likely = candidates(known.index, asked, LOOKED_AT)
        looked_at = [candidate for _place, candidate in likely]
        hits = np.array([known.known(place).id in wanted for place, _candidate in likely])
        fold = crc32(("fold" + query["id"]).encode()) % FOLDS
        found.append(Asked(one.queries, fitted, fold, features(asked, looked_at, known.index), hits, len(wanted)))
    return found


def fit(asked: list[Asked]) -> np.ndarray:
    """The weights under which the right claims are likeliest."""
    useful = [one for one in asked if one.right.any()]
    spread = np.concatenate([one.rows for one in useful]).std(0) + 1e-9
    weights = np.zeros(len(spread))
    for _ in range(ROUNDS):
        slope, bend = RIDGE * weights, RIDGE * np.eye(len(spread))
        for one in useful:
            rows = one.rows / spread
            values = rows @ weights
            chance = np.exp(values - values.max())
            chance /= chance.sum()
            mean = chance @ rows
            slope = slope + COUNTS[one.of] * (mean - rows[one.right].mean(0))
            bend = bend + COUNTS[one.of] * ((rows * chance[:, None]).T @ rows - np.outer(mean, mean))
        step = np.linalg.solve(bend, slope)
        weights = weights - step * min(1.0, 2.0 / float(np.abs(step).max() + 1e-9))
    fitted: np.ndarray = weights / spread
    return fitted


def table(title: str, asked: list[tuple[Asked, np.ndarray]]) -> None:
    """Print how well each set's claims are found."""
    print(f"\n{title:36} {'queries':>7} {'MAP@5':>6} {'MRR':>6} {'P@1':>6}")
    for name in dict.fromkeys(one.of for one, _ in asked):
        rows = []
        for one, weights in asked:
            if one.of == name:
                order = np.argsort(-np.round(one.rows @ weights, 3), kind="stable")
                rows.append(figures(one.right[order].tolist(), one.wanted))
        precision, reciprocal, first = np.mean(rows, axis=0)
        print(f"{name:36} {len(rows):7} {precision:6.3f} {reciprocal:6.3f} {first:6.3f}")


if __name__ == "__main__":
    main()
