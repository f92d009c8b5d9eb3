"""Say what was altered in an accepted place: each pair of words that differ is judged again, by the letters as they are written.

The search takes words for the same generously, so that places are found; here a person is told what they may believe. What is found,
and how likely it is, does not depend on it. Words are judged by the language of the passage, a dictionary of it, this document and this
quote, and nothing else: the same document gives the same answer, whatever else was asked for.
"""

from __future__ import annotations

import re
import unicodedata
from typing import TYPE_CHECKING, NamedTuple

from claimreg.linker.compare import Comparison, Step
from claimreg.linker.judge.contractions import written_out
from claimreg.linker.judge.names import Naming, is_name_by_itself, naming
from claimreg.linker.judge.noise import is_debris
from claimreg.linker.judge.senses import flags_of_senses
from claimreg.linker.judge.setting import Setting, setting_of
from claimreg.linker.judge.unjudged import unjudged
from claimreg.linker.judge.values import by_value, flags_of_values
from claimreg.linker.judge.words import Answer, Degree, Reason, judge_pair, pair_of
from claimreg.linker.sameness import Sameness
from claimreg.text.scripts import CYRILLIC, LATIN, is_in
from claimreg.vocabulary import Flag

if TYPE_CHECKING:
    from collections.abc import Sequence

    from claimreg.linker.passage import Word

__all__ = ["Judgement", "Setting", "are_as_written", "judged", "setting_of"]

_SPACE_AND_HYPHENS = re.compile("[\\s\u00ad\\-‐‑¬]+")
_ENDS = re.compile(r"^\W+|\W+$")
_SHORTEST_ELSEWHERE = 4
"""Letters of a word that is looked for elsewhere in the document."""

_FLAGGED_BY_PAIR = (Reason.NAME, Reason.NEGATION)


class Judgement(NamedTuple):
    """Judgement of a place: its steps, the flags that they call for, and what could not be judged."""

    comparison: Comparison
    flags: frozenset[Flag] = frozenset()
    not_judged: tuple[str, ...] = ()


def are_as_written(comparison: Comparison, quote: str, text: str) -> bool:
    """Return whether every word of a place has the quote's letters, but for case: then there is nothing to judge."""
    return all(step.same is Sameness.SAME and _is_as_written(step, quote, text) for step in comparison.steps)


def judged(comparison: Comparison, quote: str, text: str, setting: Setting, *, respelled: bool = False) -> Judgement:
    """The steps of an accepted place judged by ``setting``; ``quote`` and ``text`` are the whole texts that spans count in.

    The words of a place found in another alphabet (``respelled``) cannot be set against each other letter by letter: they stay as
    they were found.
    """
    steps = written_out(by_value(comparison.steps, quote, text, setting.language), quote, text, setting.language.tag)
    found: list[Step] = []
    flags: set[Flag] = set()
    reasons: list[Reason | None] = []
    for step in steps:
        answer = None if respelled else _answer(step, quote, text, setting)
        after = step if answer is None else _judged_step(step, answer, is_cut=step in (steps[0], steps[-1]))
        found.append(after)
        reasons.append(answer.reason if answer else None)
        if after.same is Sameness.OTHER or (answer and answer.reason is Reason.GENDER):
            flags |= (answer.flags if answer else frozenset()) | _flags_of(after, answer, quote, text, setting)
    return Judgement(Comparison(tuple(found), comparison.span), frozenset(flags), unjudged(found, reasons, setting))


def _answer(step: Step, quote: str, text: str, setting: Setting) -> Answer | None:
    """What is to be said of a step's two words; None where its sameness stays as it was found."""
    if not step.quote or not step.source or (step.same is Sameness.SAME and _is_as_written(step, quote, text)):
        return None
    if step.quote[0].key[0].isdigit() or step.source[0].key[0].isdigit():
        return None
    left, right = _letters(step.quote, quote), _letters(step.source, text)
    if len(step.quote) != len(step.source):
        left, right = _SPACE_AND_HYPHENS.sub("", left), _SPACE_AND_HYPHENS.sub("", right)
    if not left or not right or {_script(left), _script(right)} == {"Latin", "Cyrillic"}:
        return None
    named = naming(step.quote[0], step.source[0], quote, text, setting)
    return judge_pair(pair_of(left, right, setting, named, elsewhere=_stands_elsewhere(left, step, text)))


def _judged_step(step: Step, answer: Answer, *, is_cut: bool) -> Step:
    if answer.degree is Degree.SAME:
        same = Sameness.SAME
    elif answer.degree is Degree.OTHER:
        cut = is_cut and step.same is Sameness.SLIP and not answer.flags and answer.reason is not Reason.TWO_WORDS
        same = Sameness.SLIP if cut and _is_part(step) else Sameness.OTHER
    else:
        # Forms that share no letters (went, gone) were not found to stand for each other.
        same = Sameness.SLIP if step.likeness or answer.reason is not Reason.LEMMA else Sameness.OTHER
    return step._replace(same=same)


def _flags_of(step: Step, answer: Answer | None, quote: str, text: str, setting: Setting) -> set[Flag]:
    found = flags_of_values(step, quote, text, setting.language) | flags_of_senses(step, quote, text, setting.language)
    if setting.noisy and is_debris(step):
        found -= {Flag.NUMBER, Flag.DATE}
    if (answer is None or answer.reason not in _FLAGGED_BY_PAIR) and Flag.DATE not in found:
        sides: Sequence[tuple[tuple[Word, ...], str]] = ((step.quote, quote), (step.source, text))
        if any(is_name_by_itself(word, of, setting) for words, of in sides for word in words):
            found.add(Flag.NAME)
    return found


def _is_as_written(step: Step, quote: str, text: str) -> bool:
    left, right = quote[step.quote[0].span.start : step.quote[-1].span.end], text[step.source[0].span.start : step.source[-1].span.end]
    if left == right or (left.isascii() and right.isascii()):
        return True
    return unicodedata.normalize("NFC", left).casefold() == unicodedata.normalize("NFC", right).casefold()


def _letters(words: Sequence[Word], text: str) -> str:
    return _ENDS.sub("", text[words[0].span.start : words[-1].span.end])


def _is_part(step: Step) -> bool:
    """Return whether the quote's word is the beginning or the end of the source's, which an end of the quote cut."""
    quote, source = ("".join(word.key for word in words) for words in (step.quote, step.source))
    return source.startswith(quote) or source.endswith(quote)


def _script(word: str) -> str:
    kinds = {"Latin" if is_in(ord(one), LATIN) else "Cyrillic" if is_in(ord(one), CYRILLIC) else "" for one in word if one.isalpha()}
    return kinds.pop() if len(kinds) == 1 else ""


def _stands_elsewhere(word: str, step: Step, text: str) -> bool:
    """Return whether a word of the quote stands in the document as well, as a whole word."""
    if len(word) < _SHORTEST_ELSEWHERE:
        return False
    at = text.find(word)
    while at >= 0:
        around = text[max(0, at - 1) : at] + text[at + len(word) : at + len(word) + 1]
        if not any(map(str.isalnum, around)) and not step.source[0].span.start <= at < step.source[-1].span.end:
            return True
        at = text.find(word, at + len(word))
    return False
