"""Prospects of a stretch of a text to hold a quote at all: a bound on the evidence that a close look would find, without its alignment.

The linker aligns every word and asks of each how much the same it is; most stretches that probing leads to are turned down by it. Here
only the letters of each word are looked for, anywhere in the stretch. What even so cannot be accepted needs no close look.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from rapidfuzz import fuzz

from claimreg.linker.accept import SHORTEST_FUZZY, at_best
from claimreg.linker.lexicon import dates, negations, numbers
from claimreg.linker.respell import are_in_other_letters
from claimreg.linker.stitch import REACH
from claimreg.text.scripts import narrow

if TYPE_CHECKING:
    from claimreg.linker.bulk.confirm import Stretch
    from claimreg.linker.collection import Ground
    from claimreg.linker.passage import Passage, Quote, Word

_THERE, _NOT_THERE = 60.0, 50.0
"""Likeness (0..100) to a stretch's letters from which on a word may stand in it, and below which no legible trace of it does. A slip
leaves 64 of a long word and 67 of a short one."""

_SHARE_OF_A_TRACE = 0.3
"""Share of its bits that a word between the two may tell at most: that of a likeness of .65."""

_LONG = 1_000
"""Keys of a stretch from which on a word must stand there as it is: its letters stand everywhere."""

_ENOUGH_TO_SPARE = 3.0
"""Bits of a quote, in those that a place must tell, from which on it can lose so many that the bound tells nothing."""

_OPENERS = "([{<（［"
_FEWEST_PARTS = 2


def may_hold(quote: Quote, stretch: Stretch, ground: Ground) -> bool:
    """Return whether a close look at the stretch may find the quote; ``ground`` is the linker's."""
    if not ground.care or narrow(quote.whole.plain) in stretch.letters or any(sign in quote.typed for sign in _OPENERS):
        return True
    if len(quote.parts) >= _FEWEST_PARTS and _may_be_stitched(quote, stretch.letters, ground):
        return True
    return _tells_enough(quote.whole, stretch.letters, ground) or are_in_other_letters(quote.whole.text, stretch.text, stretch.span)


def _may_be_stitched(quote: Quote, letters: str, ground: Ground) -> bool:
    """Return whether each part stands there letter for letter, or has bits enough to be told when it does not."""
    near = ground.near(2 * REACH)
    anchor = max(quote.parts, key=lambda part: part.weight)
    return all(narrow(part.plain) in letters or _may_differ(part, ground if part is anchor else near) for part in quote.parts)


def _may_differ(part: Passage, ground: Ground) -> bool:
    return part.weight >= SHORTEST_FUZZY and sum(ground.bits(part).values()) >= ground.room


def _tells_enough(passage: Passage, letters: str, ground: Ground) -> bool:
    bits = ground.bits(passage)
    total = sum(bits.values())
    if total > _ENOUGH_TO_SPARE * ground.room:
        return True
    told = lost = 0.0
    plain = narrow(passage.plain)
    for word in passage.words:
        of_word = bits[word.at]
        there = 100.0 if _is_marked(word) else _presence(plain[word.at : word.end], letters)
        told += of_word if there >= _THERE else _SHARE_OF_A_TRACE * of_word if there >= _NOT_THERE else 0.0
        lost += 0.0 if there >= _NOT_THERE else of_word
    return at_best(told, lost, total, ground)


def _presence(word: str, text: str) -> float:
    """Return how much of a word (0..100) stands in one place of a text."""
    if word in text:
        return 100.0
    if len(text) > _LONG:
        return _NOT_THERE
    return fuzz.partial_ratio(word, text, score_cutoff=_NOT_THERE) if len(word) <= len(text) else _NOT_THERE


def _is_marked(word: Word) -> bool:
    """Return whether a word may be another one that says the same, or turns the meaning: the linker has rules of its own for these."""
    return word.key[0].isdigit() or word.key in negations() or word.key in numbers() or word.key in dates()
