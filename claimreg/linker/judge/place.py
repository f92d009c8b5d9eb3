"""Judge the steps of one accepted place."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import TYPE_CHECKING, NamedTuple

from claimreg.linker.compare import Comparison, Step
from claimreg.linker.judge.contractions import written_out
from claimreg.linker.judge.names import is_name_by_itself, naming
from claimreg.linker.judge.noise import is_debris
from claimreg.linker.judge.senses import flags_of_senses
from claimreg.linker.judge.two_spellings import by_spelling
from claimreg.linker.judge.unjudged import unjudged
from claimreg.linker.judge.values import by_value, flags_of_values
from claimreg.linker.judge.words import Answer, Degree, Reason, judge_pair, pair_of
from claimreg.linker.judge.written import Judgement, is_as_written
from claimreg.linker.sameness import Sameness
from claimreg.model import Span
from claimreg.text.fold import is_mark
from claimreg.text.han import simplified
from claimreg.text.scripts import CYRILLIC, LATIN, is_in
from claimreg.vocabulary import Flag

if TYPE_CHECKING:
    from collections.abc import Sequence

    from claimreg.linker.judge.setting import Setting
    from claimreg.linker.passage import Word

_SPACE_AND_HYPHENS = re.compile("[\\s\u00ad\\-‐‑¬]+")
_SHORTEST_ELSEWHERE = 4
"""Letters of a word that is looked for elsewhere in the document."""

_FLAGGED_BY_PAIR = (Reason.NAME, Reason.NEGATION)


def judged(comparison: Comparison, quote: str, text: str, setting: Setting, *, respelled: bool = False) -> Judgement:
    """The steps of an accepted place judged by ``setting``; ``quote`` and ``text`` are the whole texts that spans count in.

    The words of a place found in another alphabet (``respelled``) cannot be set against each other letter by letter: they stay as
    they were found.
    """
    valued = by_value(by_spelling(comparison.steps, quote, text), quote, text, setting.language)
    steps = written_out(valued, quote, text, setting.language.tag)
    place = _Place(quote, text, setting, _moved(steps), {0, len(steps) - 1}, respelled=respelled)
    given, not_written_out = set(map(id, comparison.steps)), set(map(id, valued))
    found, flags = list(steps), set[Flag]()
    reasons: list[Reason | None] = [None] * len(steps)
    for number, step in enumerate(steps):
        if step.same is Sameness.SAME and is_as_written(step, quote, text):
            # Nearly every step: it stays as it is, and calls for no flag.
            continue
        is_settled = not (id(step) in not_written_out and (id(step) in given or step in comparison.steps))
        found[number], reasons[number], of_step = place.judge(number, step, is_settled=is_settled)
        flags |= of_step
    after = Comparison(tuple(found), _hull(found) or comparison.span)
    return Judgement(after, frozenset(flags), unjudged(found, reasons, setting))


def _hull(steps: Sequence[Step]) -> Span | None:
    """The stretch from the first to the last word of the source; a number may have taken in words beside the place."""
    spans = [word.span for step in steps for word in step.source]
    return Span(min(spans).start, max([span.end for span in spans])) if spans else None


class _Judged(NamedTuple):
    """A step as it was judged, the reason, and its flags."""

    step: Step
    reason: Reason | None = None
    flags: frozenset[Flag] = frozenset()


class _Place(NamedTuple):
    """Place with what its steps are judged by; ``moved`` are those of words that changed places, ``ends`` the numbers of the outer ones."""

    quote: str
    text: str
    setting: Setting
    moved: Sequence[Step]
    ends: set[int]
    respelled: bool

    def judge(self, number: int, step: Step, *, is_settled: bool) -> _Judged:
        """Judge a step; one that ``is_settled`` was found to be of one value, or of two."""
        answer = None if self.respelled or is_settled else self._answer(step)
        if answer is None:
            return _Judged(step, None, self._flags(step, None) if step.same is Sameness.OTHER else frozenset())
        after = _judged_step(step, answer, is_cut=number in self.ends)
        if answer.reason is Reason.TWO_MARKED and step.same is not Sameness.OTHER and not self._flags(after, answer):
            # Two forms of one number or date.
            return _Judged(step, answer.reason)
        tells = after.same is Sameness.OTHER or answer.reason is Reason.GENDER
        return _Judged(after, answer.reason, answer.flags | self._flags(after, answer) if tells else frozenset())

    def _answer(self, step: Step) -> Answer | None:
        """The judge's answer on the two words of a step that is not as written; None where its sameness stays as it was found."""
        if not step.quote or not step.source:
            return None
        if step.quote[0].key[0].isdigit() or step.source[0].key[0].isdigit():
            return None
        left, right = _letters(step.quote, self.quote), _letters(step.source, self.text)
        if len(step.quote) != len(step.source):
            left, right = _SPACE_AND_HYPHENS.sub("", left), _SPACE_AND_HYPHENS.sub("", right)
        if not left or not right or {_script(left), _script(right)} == {"Latin", "Cyrillic"} or _is_one_character(left, right):
            return None
        named = naming(step.quote[0], step.source[0], self.quote, self.text, self.setting)
        return judge_pair(pair_of(left, right, self.setting, named, elsewhere=_stands_elsewhere(left, step, self.text)))

    def _flags(self, step: Step, answer: Answer | None) -> frozenset[Flag]:
        found = flags_of_values(step, self.quote, self.text, self.setting.language)
        if self.setting.noisy and is_debris(step):
            found -= {Flag.NUMBER, Flag.DATE}
        found |= flags_of_senses(step, self.quote, self.text, self.setting.language)
        if (answer is None or answer.reason not in _FLAGGED_BY_PAIR) and Flag.DATE not in found and step not in self.moved:
            sides = ((step.quote, self.quote), (step.source, self.text))
            if any(is_name_by_itself(word, of, self.setting) for words, of in sides for word in words):
                found.add(Flag.NAME)
        return frozenset(found)


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


def _moved(steps: Sequence[Step]) -> list[Step]:
    """The steps of words that stand at another place of the quote than of the source: nothing but the order is changed."""
    added = {step.quote[0].key for step in steps if not step.source and step.quote}
    dropped = {step.source[0].key for step in steps if not step.quote and step.source}
    return [step for step in steps if not (step.quote and step.source) and (step.quote or step.source)[0].key in added & dropped]


def _is_one_character(left: str, right: str) -> bool:
    """Return whether both sides are the same Chinese characters, traditional and simplified."""
    return not left.isascii() and left.translate(simplified()) == right.translate(simplified()) and left != right


def _letters(words: Sequence[Word], text: str) -> str:
    """The words as written, without the signs around them; a vowel sign at the end is part of the word."""
    start, end = words[0].span.start, words[-1].span.end
    while start < end and not text[start].isalnum():
        start += 1
    while start < end and not text[end - 1].isalnum() and not is_mark(text[end - 1]):
        end -= 1
    return text[start:end]


def _is_part(step: Step) -> bool:
    """Return whether the quote's word is the beginning or the end of the source's, which an end of the quote cut."""
    quote, source = ("".join(word.key for word in words) for words in (step.quote, step.source))
    return source.startswith(quote) or source.endswith(quote)


def _script(word: str) -> str:
    kinds = {_script_of(one) for one in word if one.isalpha()}
    return kinds.pop() if len(kinds) == 1 else ""


@lru_cache(maxsize=1 << 12)
def _script_of(letter: str) -> str:
    return "Latin" if is_in(ord(letter), LATIN) else "Cyrillic" if is_in(ord(letter), CYRILLIC) else ""


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
