"""Fit the confidence of what is found of speech: `python benchmarks/fit_speech.py [--folder ../shared/bench/attribution] [--write]`.

A rule's confidence is the share of its statements that were right on the development sets; one kind of cue's with a rule is drawn to the
rule's by as many statements as ``DRAW`` says, and noted where there were enough to tell. ``--write`` puts the table into its module.
"""

import argparse
import re
import sys
from collections import Counter
from pathlib import Path

from extract import FOLDER, run, sets_in

from claimreg.speech.profile import profile
from claimreg.speech.types import Proposal

MODULE = Path(__file__).parents[1] / "claimreg" / "speech" / "confidence.py"
DRAW = 4
LEAST = 10
"""Statements from which on a rule with one kind of cue has a share of its own."""
_TABLE = re.compile(r"(_MEASURED: dict\[str, float\] = )\{.*?\n?\}", re.DOTALL)


def shares(sets: list[Path]) -> dict[str, float]:
    """The shares by rule and, where there are enough, by rule and kind of cue."""
    seen: Counter[str] = Counter()
    right: Counter[str] = Counter()
    for path in sets:
        for document in run(path).documents:
            for proposal, is_right in document.proposals:
                for key in (proposal.rule, f"{proposal.rule} {_kind(document.text, proposal)}"):
                    seen[key] += 1
                    right[key] += is_right
    everything = right.total() / max(1, seen.total())
    table = {}
    for key, count in sorted(seen.items()):
        rule, _, kind = key.partition(" ")
        if not kind:
            table[key] = (right[key] + DRAW * everything) / (count + DRAW)
        elif count >= LEAST:
            table[key] = (right[key] + DRAW * right[rule] / seen[rule]) / (count + DRAW)
    return {key: round(value, 2) for key, value in table.items()}


def _kind(text: str, proposal: Proposal) -> str:
    """The kind of the cue of a proposal, as its language's file names it."""
    known = profile(proposal.lang)
    words = tuple(text[proposal.cue.start : proposal.cue.end].lower().replace("’", "'").split()) if proposal.cue else ()
    phrases = known.phrases.get(words[0], ()) if known and words else ()
    return next((phrase.sense.kind for phrase in phrases if phrase.words == words), "sign")


def main() -> None:
    """Print the table, or put it into its module."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--folder", type=Path, default=FOLDER)
    parser.add_argument("--write", action="store_true")
    given = parser.parse_args()
    sets = [path for path in sets_in(given.folder) if path.stem.endswith(".dev") and "gum" not in path.stem]
    if not sets:
        sys.exit(f"There are no sets with their score.py in {given.folder}: nothing is fitted.")
    lines = "".join(f'    "{key}": {value},\n' for key, value in shares(sets).items())
    if given.write:
        MODULE.write_text(
            _TABLE.sub(lambda found: f"{found[1]}{{\n{lines}}}", MODULE.read_text(encoding="utf-8"), count=1), encoding="utf-8"
        )
    else:
        print(lines)


if __name__ == "__main__":
    main()
