"""The documents among which words are looked for: all of them when they are few, else those that share the words' letters.

It is to documents that were handed in what the index is to stored ones: the letter groups of the words, the rarer the weightier, and the
same bars.
"""

from __future__ import annotations

from collections import defaultdict
from math import log1p
from typing import TYPE_CHECKING

from claimreg.services.linking.likely import FEW
from claimreg.services.recording.sources import joined

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from claimreg.services.proofing.sources import SourceText

_BEHIND = 1 / 3
"""Share of the best document's weight below which one is left out."""

_CHANCE = 0.07
"""Share of all groups' weight that documents have by chance."""


def likeliest(texts: Sequence[SourceText]) -> Callable[[str], Iterable[SourceText]]:
    """Return a function that gives the documents in which words may stand, the likeliest first when they are many."""
    if len(texts) <= FEW:
        return lambda _words: texts
    from claimreg.linker.groups import letter_groups, quote_groups

    holders: dict[int, list[int]] = defaultdict(list)
    for number, text in enumerate(texts):
        for group in letter_groups(joined(text.text, text.left_out.text if text.left_out is not None else "")).tolist():
            holders[group].append(number)

    def likely(words: str) -> Iterable[SourceText]:
        scores: dict[int, float] = defaultdict(float)
        whole = 0.0
        for group in quote_groups(words):
            numbers = holders.get(group, ())
            weight = log1p(len(texts) / max(1, len(numbers)))
            whole += weight
            for number in numbers:
                scores[number] += weight
        bar = max(max(scores.values(), default=0.0) * _BEHIND, whole * _CHANCE)
        return [texts[number] for number in sorted(scores, key=lambda one: (-scores[one], one)) if scores[number] >= bar]

    return likely
