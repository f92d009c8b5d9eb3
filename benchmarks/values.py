"""Measure whether numbers and dates compare by what they mean: ``python benchmarks/values.py SET.jsonl [--errors]``.

Each line of the set has ``quote`` and ``text``, ``start`` and ``end`` of the sentence that is quoted, ``lang``, ``type``, and the flags
that ``must`` be and those that ``may`` be set. Said is how many flags of numbers and dates are set that should not be, and the other
way about.
"""

import collections
import json
import sys
from pathlib import Path

from claimreg.languages import language
from claimreg.linker.compare import compare
from claimreg.linker.judge.values import by_value, flags_of_values
from claimreg.linker.passage import passage_of
from claimreg.linker.sameness import Sameness
from claimreg.model import Flag, Span

WATCHED = {Flag.NUMBER.value, Flag.DATE.value}


def flags_of(pair: dict[str, str], start: int, end: int) -> tuple[set[str], list[str]]:
    """The flags of numbers and dates that a pair gets, and its changed words."""
    quote, text, known = pair["quote"], pair["text"], language(pair["lang"])
    comparison = compare(passage_of(quote, 0, len(quote)), passage_of(text, start, end), Span(start, end))
    flags: set[str] = set()
    changed = []
    for step in by_value(comparison.steps, quote, text, known):
        if step.same is Sameness.OTHER:
            flags |= {flag.value for flag in flags_of_values(step, quote, text, known)}
            sides = ((step.quote, quote), (step.source, text))
            changed.append(" | ".join(of[words[0].span.start : words[-1].span.end] if words else "-" for words, of in sides))
    return flags & WATCHED, changed


def main() -> None:
    """Measure and print a table by type of alteration."""
    counts: dict[str, collections.Counter[str]] = collections.defaultdict(collections.Counter)
    for line in Path(sys.argv[1]).read_text(encoding="utf-8").splitlines():
        pair = json.loads(line)
        must, may = set(pair["must"]) & WATCHED, set(pair["may"])
        flags, changed = flags_of(pair, pair["start"], pair["end"])
        false, missing = flags - must - may, must - flags
        counts[pair["type"]].update(pairs=1, false=bool(false), missing=bool(missing), must=bool(must))
        if (false or missing) and "--errors" in sys.argv:
            print(pair["id"], pair["type"], f"false {sorted(false)}, missing {sorted(missing)}:", "; ".join(changed))
    print(f"{'type':22}{'pairs':>7}{'false':>7}{'must':>7}{'missing':>9}")
    for kind, found in sorted(counts.items()):
        if found["must"] or found["false"] or kind.startswith(("num", "date")):
            print(f"{kind:22}{found['pairs']:7}{found['false']:7}{found['must']:7}{found['missing']:9}")
    total = sum(counts.values(), collections.Counter())
    print(f"{'all':22}{total['pairs']:7}{total['false']:7}{total['must']:7}{total['missing']:9}")


if __name__ == "__main__":
    main()
