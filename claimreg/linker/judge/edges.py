"""Look beside the words that were quoted, and between the parts of a stitched quote, for a word that turns their meaning."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from claimreg.languages import language
from claimreg.linker.lexicon import afterthoughts, negations
from claimreg.linker.sameness import Sameness
from claimreg.text.fold import fold_key
from claimreg.text.words import words
from claimreg.vocabulary import Flag

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from claimreg.languages import Language
    from claimreg.linker.compare import Step
    from claimreg.model import Span

_NEAR_WORDS = 20
"""Words at either end of a stretch left out among which a negation counts."""

_MANY_LEFT_OUT = 4
"""Words in a row that a quote leaves out without a mark, from which on the ``gap`` flag is set."""

_REACH = 60
"""Code points beside a place that hold its neighbours."""

_AROUND = 300
_FIGURE = re.compile(r"(?!(?:1\d|20)\d\d(?!\d))\d")
"""The beginning of a figure that is no year: half of 2020 is a time."""

_MOST_OF_PHRASE = 4
_LAST_WORD = re.compile(r"(\w[\w'’ʼ]*)[^\S\n]+\Z")
_LAST_WORDS = re.compile(r"(?:[^\W\d_][\w'’ʼ-]*\s+)+\Z")


def leaves_out_many(steps: Sequence[Step]) -> bool:
    """Return whether a quote leaves out so many words in a row, without a mark, that a reader must be told."""
    left_out = 0
    for step in steps:
        left_out = 0 if step.quote else left_out + (step.same is not Sameness.SAME)
        if left_out >= _MANY_LEFT_OUT:
            return True
    return False


def flags_beside(text: str, span: Span, hints: Sequence[str] = ()) -> set[Flag]:
    """The flags for a word just before or after ``span`` (code points of ``text``) that belongs to what was quoted.

    A negation before the first word or after the last one (do not | support; Kazakh жасаған | жоқ), and before a figure how it
    bounds it (more than | 300). ``hints`` are the recorded languages, the likeliest first.
    """
    found: set[Flag] = set()
    before, after = _word_before(text, span.start), _word_after(text, span.end)
    if before in negations():
        of = _language(text, span, hints).negation
        if before in _keys(of.words) - _keys(of.answers):
            found.add(Flag.NEGATION)
    if after in afterthoughts() and after in _keys(_language(text, span, hints).negation.afterwards):
        found.add(Flag.NEGATION)
    if _FIGURE.match(text, span.start) and _bounds_figure(text, span, hints):
        found.add(Flag.QUANTIFIER)
    return found


def denies_within(text: str, left_out: Span, hints: Sequence[str] = ()) -> bool:
    """Return whether a stretch that was left out holds a negation among the first or last words."""
    stretch = text[left_out.start : left_out.end]
    keys = [fold_key(stretch[start:end]) for start, end in words(stretch)]
    near = keys if len(keys) <= 2 * _NEAR_WORDS else keys[:_NEAR_WORDS] + keys[-_NEAR_WORDS:]
    if negations().isdisjoint(near):
        return False
    of = _language(text, left_out, hints)
    return not of.negation.words or not _keys(of.negation.words).isdisjoint(near)


def _language(text: str, span: Span, hints: Sequence[str]) -> Language:
    from claimreg.linker.judge.telling import told_language

    return language(told_language(text[max(0, span.start - _AROUND) : span.end + _AROUND], hints))


def _bounds_figure(text: str, span: Span, hints: Sequence[str]) -> bool:
    """Return whether a phrase that says how a figure is meant ends where the place begins."""
    before = _LAST_WORDS.search(text[max(0, span.start - _REACH) : span.start])
    if before is None:
        return False
    last = [fold_key(word) for word in before[0].split()][-_MOST_OF_PHRASE:]
    ends = {"".join(last[at:]) for at in range(len(last))}
    return not _keys(_language(text, span, hints).quantifiers).isdisjoint(ends)


def _word_before(text: str, start: int) -> str:
    found = _LAST_WORD.search(text[max(0, start - _REACH) : start])
    return fold_key(found[1]) if found else ""


def _word_after(text: str, end: int) -> str:
    after = text[end : end + _REACH]
    following = words(after)[:1]
    if not following or not after[: following[0].start].isspace() or "\n" in after[: following[0].start]:
        return ""
    return fold_key(after[slice(*following[0])])


def _keys(some: Iterable[str]) -> frozenset[str]:
    """The folded keys of words and phrases."""
    return frozenset(map(fold_key, some))
