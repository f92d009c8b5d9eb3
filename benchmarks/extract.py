"""Measure who is found to say what: `python benchmarks/extract.py [--folder ../shared/bench/attribution] [--everything]`.

The sets are files of JSON lines, a document each, with its statements (content, speaker, cue); their own ``score.py`` beside them tells
what counts as found: an overlap of half the letters. Every set that the folder has is measured, languages without tables of speech too.
"""

import argparse
import importlib.util
import json
import sys
import time
from collections import Counter, defaultdict
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType
from typing import Any, NamedTuple

from claimreg.speech.propose import propose
from claimreg.speech.types import Proposal

FOLDER = Path(__file__).parents[2] / "shared" / "bench" / "attribution"
OVERLAP = 0.5
GROUPS = {"direct": ("direct",), "direct+mixed": ("direct", "mixed"), "indirect": ("indirect",), "all": ("direct", "mixed", "indirect")}


class Scored(NamedTuple):
    """A document's text and counts, the same by mode, and its proposals, each with whether it was right."""

    text: str
    counts: Counter[str]
    by_mode: dict[str, Counter[str]]
    proposals: list[tuple[Proposal, bool]]


class Run(NamedTuple):
    """What was found in a set, and the seconds and characters that it took."""

    documents: list[Scored]
    seconds: float
    characters: int


def run(path: Path, *, everything: bool = False) -> Run:
    """Propose statements for each document of a set, and score them."""
    scorer = _scorer(path.parent)
    documents, seconds, characters = [], 0.0, 0
    for gold in _documents(path):
        lang = gold.get("lang") or "en"
        propose("", lang)  # reads the language's tables, once
        began = time.process_time()
        proposals = propose(gold["text"], lang, everything=everything)
        seconds += time.process_time() - began
        characters += len(gold["text"])
        drafts = [_draft(one) for one in proposals]
        counts, by_mode, _, wrong, _ = scorer.score_doc(gold, drafts, OVERLAP)
        missed = {id(one["d"]) for one in wrong}
        rights = [(one, id(draft) not in missed) for one, draft in zip(proposals, drafts, strict=True)]
        documents.append(Scored(gold["text"], counts, by_mode, rights))
    return Run(documents, seconds, characters)


def sets_in(folder: Path) -> list[Path]:
    """The sets in a folder, by name; none where the scorer that tells what is right is missing."""
    return sorted(folder.glob("*.jsonl")) if (folder / "score.py").is_file() else []


def _scorer(folder: Path) -> ModuleType:
    known = sys.modules.get("attribution_score")
    if known:
        return known
    spec = importlib.util.spec_from_file_location("attribution_score", folder / "score.py")
    if spec is None or spec.loader is None:
        raise SystemExit(f"{folder / 'score.py'} cannot be read.")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    sys.modules["attribution_score"] = module
    return module


def _documents(path: Path) -> Iterator[dict[str, Any]]:
    for line in path.read_text(encoding="utf-8").splitlines():
        if line.strip():
            yield json.loads(line)


def _draft(one: Proposal) -> dict[str, Any]:
    """A proposal as the scorer reads it."""
    spans = {name: {"start": span.start, "end": span.end} if span else None for name, span in (("speaker", one.speaker), ("cue", one.cue))}
    return {"parts": [list(part) for part in one.parts], "mode": str(one.mode), **spans}


def _row(documents: list[Scored], name: str) -> str:
    sums: defaultdict[str, int] = defaultdict(int)
    for one in documents:
        for mode in GROUPS[name]:
            for key, value in one.by_mode.get(mode, Counter()).items():
                sums[key] += value
        if name == "all":
            sums["pred_right"] += one.counts["tp"]
    right = sums["pred_right"] if name == "all" else sums["ptp"]
    precision = right / sums["pred"] if sums["pred"] else 0.0
    recall = sums["tp"] / sums["gold"] if sums["gold"] else 0.0
    score = 2 * precision * recall / (precision + recall) if precision + recall else 0.0
    speaker = f"{sums['sp_ok'] / sums['sp_n']:.3f}" if sums["sp_n"] else "–"
    return f"| {name} | {sums['gold']} | {sums['pred']} | {precision:.3f} | {recall:.3f} | {score:.3f} | {speaker} |"


def main() -> None:
    """Print a table for each set of a folder."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--folder", type=Path, default=FOLDER)
    parser.add_argument("--everything", action="store_true", help="words of belief, and what is told of within a statement, too")
    given = parser.parse_args()
    sets = sets_in(given.folder)
    if not sets:
        sys.exit(f"There are no sets with their score.py in {given.folder}: nothing is measured.")
    for path in sets:
        found = run(path, everything=given.everything)
        silent = [one for one in found.documents if not one.counts["gold"]]
        left = sum(not one.proposals for one in silent)
        speed = found.characters / found.seconds / 1e6
        print(f"\n{path.stem}: {len(found.documents)} documents, {speed:.2f} MB/s a core; silent {left}/{len(silent)}")
        print("| mode | gold | proposed | precision | recall | F1 | speaker right |\n|---|---|---|---|---|---|---|")
        for name in GROUPS:
            print(_row(found.documents, name))


if __name__ == "__main__":
    main()
