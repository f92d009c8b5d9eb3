"""Warnings that a person must see before believing a link: changed negations, numbers, dates and names."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from claimreg.linker.lexicon import afterthoughts, dates, negations, numbers
from claimreg.linker.sameness import Sameness, denies
from claimreg.model import Flag
from claimreg.text.fold import fold_key
from claimreg.text.words import words

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from claimreg.linker.compare import Step
    from claimreg.linker.passage import Word

_YEAR = re.compile(r"(?:1\d|20)\d\d(?!\d)")
_SENTENCE_END = ".!?…:;。！？\"“”„«»'’‘(\n"
_NEAR_WORDS = 20
"""Words at either end of a stretch left out among which a negation counts."""

_MANY_LEFT_OUT = 4
"""Words in a row that a quote leaves out without a mark, from which on the ``gap`` flag is set."""

_AFTER = 40


def flags_of(steps: Sequence[Step], quote: str, source: str) -> set[Flag]:
    """The flags that the altered words of an alignment call for; ``quote`` and ``source`` are the whole texts."""
    found: set[Flag] = set()
    shouted = quote.isupper() or quote.istitle()
    left_out = 0
    for step in steps:
        left_out = 0 if step.quote else left_out + 1
        if left_out >= _MANY_LEFT_OUT:
            found.add(Flag.GAP)
        if step.same is Sameness.SAME:
            continue
        keys = [word.key for word in (*step.quote, *step.source)]
        if step.same is Sameness.OTHER:
            found |= _flags_of_keys(keys, step)
        if step.same is Sameness.OTHER and _touches_name(step, quote, source, shouted=shouted):
            found.add(Flag.NAME)
    return found


def denies_within(text: str) -> bool:
    """Return whether a stretch that was left out holds a negation among the first or last words."""
    keys = [fold_key(text[start:end]) for start, end in words(text)]
    near = keys if len(keys) <= 2 * _NEAR_WORDS else keys[:_NEAR_WORDS] + keys[-_NEAR_WORDS:]
    return any(is_negation(key) for key in near)


def stops_before_negation(text: str, end: int) -> bool:
    """Return whether the word after ``end`` denies what stands before it (Kazakh жасаған | жоқ)."""
    after = text[end : end + _AFTER]
    following = words(after)[:1]
    if not following or not after[: following[0].start].isspace() or "\n" in after[: following[0].start]:
        return False
    return fold_key(after[slice(*following[0])]) in afterthoughts()


def is_negation(key: str) -> bool:
    """Return whether a word denies by itself."""
    return key in negations()


def _flags_of_keys(keys: Iterable[str], step: Step) -> set[Flag]:
    found: set[Flag] = set()
    listed = list(keys)
    if any(key in negations() for key in listed) or _toggles(step):
        found.add(Flag.NEGATION)
    if any(key in numbers() or key[0].isdigit() for key in listed):
        found.add(Flag.NUMBER)
    if any(key in dates() or _YEAR.match(key) for key in listed):
        found.add(Flag.DATE)
    return found


def _toggles(step: Step) -> bool:
    if not step.quote or not step.source:
        return any(is_negation(word.key) for word in (*step.quote, *step.source))
    return denies("".join(word.key for word in step.quote), "".join(word.key for word in step.source))


def _touches_name(step: Step, quote: str, source: str, *, shouted: bool) -> bool:
    return any(_is_name(word, source) for word in step.source) or (not shouted and any(_is_name(word, quote) for word in step.quote))


def _is_name(word: Word, text: str) -> bool:
    """Return whether a word is capitalised where no sentence begins, here or, for a sentence's first word, elsewhere."""
    letters = text[word.span.start : word.span.end]
    if not letters[:1].isupper() or len(letters) == 1:
        return False
    before = text[max(0, word.span.start - 8) : word.span.start].rstrip(" \u00a0\t")
    if before and before[-1] not in _SENTENCE_END and not before[-1].isspace():
        return True
    stem = re.escape(letters[: max(4, len(letters) * 2 // 3)])
    return bool(re.search(rf"[^\W\d_,][,]?[ \u00a0]{stem}", text))
