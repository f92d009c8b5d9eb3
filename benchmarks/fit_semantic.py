"""What meaning counts beside letters: `python benchmarks/fit_semantic.py MODEL [--folder ../shared/bench/retrieval]`.

Fits the two weights in claimreg/rank/meaning.py as a conditional logistic regression (a softmax over each statement's candidates,
D. McFadden, Conditional logit analysis of qualitative choice behavior, 1973) on CLEF's training part, by Newton's method, and prints them
with the figures of five-fold cross-validation.
"""

import argparse
import json
import sys
from pathlib import Path
from typing import NamedTuple

import numpy as np
from search import FOLDER, Set, answers, figures

from claimreg.cli.model import vectors_of
from claimreg.corpus.files import open_documents
from claimreg.rank.likeness import features, values
from claimreg.rank.ranker import candidates
from claimreg.rank.statement import read_statement
from claimreg.semantic import load_encoder
from claimreg.services.finding.match import KnownClaims, claims_of_file, understand

LOOKED_AT = 100
FOLDS, SEEDS, STEPS = 5, 3, 50
PENALTY = 0.01
SETTLED = 0.001


class Asked(NamedTuple):
    """A statement's candidates: a row of two features each, which are right, and how many right ones there are at all."""

    rows: np.ndarray
    right: np.ndarray
    wanted: int


def main() -> None:
    """Fit and print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("model", type=Path)
    parser.add_argument("--folder", type=Path, default=FOLDER)
    chosen = parser.parse_args()
    encoder = load_encoder(chosen.model)
    known = claims_of_file(open_documents(str(chosen.folder / "clef.claims.jsonl"), sys.stdin.buffer), strict=True)
    understand(known, encoder, vectors_of(encoder, None))
    right = answers(chosen.folder, Set("clef.train", "clef", "clef.train", ""))
    lines = (chosen.folder / "clef.train.queries.jsonl").read_text(encoding="utf-8").splitlines()
    every = [look(known, one["text"], right[one["id"]]) for one in map(json.loads, lines) if right[one["id"]]]
    letters, meaning = fit(every)
    print(f"LETTERS, MEANING = {letters:.2f}, {meaning:.1f}")
    fused = np.mean([crossed(every, seed) for seed in range(SEEDS)])
    print(f"MAP@5: {score(every, np.array([1.0, 0.0])):.4f} by letters alone, {fused:.4f} fused")


def look(known: KnownClaims, text: str, wanted: set[str]) -> Asked:
    """The candidates of a statement."""
    assert known.meaning  # noqa: S101 -- for the type checker
    meant = known.meaning.of(text)
    asked = read_statement([text])
    found = sorted(candidates(known.index, asked, LOOKED_AT, meant=meant), key=lambda one: one[0])
    likeness = values(features(asked, [candidate for _place, candidate in found], known.index))
    places = [place for place, _candidate in found]
    rows = np.array([likeness, (meant.trust * meant.cosines[places]).tolist()]).T
    return Asked(rows, np.array([known.known(place).id in wanted for place in places]), len(wanted))


def fit(some: list[Asked]) -> np.ndarray:
    """The weights under which the right candidates are likeliest."""
    weights = np.zeros(2)
    for _ in range(STEPS):
        slope, bend = PENALTY * weights, PENALTY * np.eye(2)
        for one in some:
            if one.right.any():
                chance = np.exp((value := one.rows @ weights) - value.max())
                chance /= chance.sum()
                mean = chance @ one.rows
                away = one.rows - mean
                slope += mean - one.rows[one.right].mean(0)
                bend += (away * chance[:, None]).T @ away
        step = np.linalg.solve(bend, slope)
        # A step that goes too far is cut short: the features' sizes are known.
        weights -= step * min(1.0, 5.0 / max(1e-9, float(np.abs(step).max())))
        if float(np.abs(step).max()) < SETTLED:
            break
    return weights


def crossed(every: list[Asked], seed: int) -> float:
    """MAP@5 where each statement is ranked with weights fitted on others."""
    fold = np.random.default_rng(seed).permutation(len(every)) % FOLDS
    found = 0.0
    for number in range(FOLDS):
        kept = [one for one, own in zip(every, fold, strict=True) if own == number]
        found += score(kept, fit([one for one, own in zip(every, fold, strict=True) if own != number])) * len(kept)
    return found / len(every)


def score(some: list[Asked], weights: np.ndarray) -> float:
    """MAP@5 of a ranking by weights; of equals, the first recorded comes first."""
    ranked = [one.right[np.argsort(-(one.rows @ weights), kind="stable")] for one in some]
    return float(np.mean([figures(right.tolist(), one.wanted)[0] for right, one in zip(ranked, some, strict=True)]))


if __name__ == "__main__":
    main()
