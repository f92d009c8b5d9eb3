"""Differences between two statements that have nearly all their words in common, judged word by word as the linker judges a quote."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from claimreg.languages import Language
from claimreg.linker.compare import Comparison, Step, compare, letters
from claimreg.linker.judge.place import judged
from claimreg.linker.judge.setting import Setting, setting_of
from claimreg.linker.passage import passage_of
from claimreg.linker.respell import in_cyrillic
from claimreg.linker.sameness import Sameness, sameness
from claimreg.model import Flag, Span
from claimreg.rank.statement import LONGEST, plain_words
from claimreg.text.romanize import romanize
from claimreg.text.scripts import ARABIC, CYRILLIC, GREEK, LATIN, is_in, is_unspaced

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from claimreg.linker.passage import Word

_IN_COMMON = 0.7
"""Share of the shorter statement's letters from which on two statements have nearly all words in common.

Chosen on edited statements (claim-matching-robustness): of 73 that were denied 49 are flagged, of 192 that were typed anew 31; with 0.75
it is 44 and 22.
"""

_SMALL_WORD = 3
"""Letters up to which a word (an article, a preposition) may come and go."""

_FREQUENT_WORD = 4
"""Letters up to which one of the words that the language has most of (been, with) may, where they are known."""

_MOST_PAIRS = 10_000
"""Pairs of words that are looked at for one that only stands elsewhere; statements that leave more differ anyway."""

_IN_PLACE = frozenset({Flag.HEDGE, Flag.OPPOSITE})
"""Flags of a word in place of another; a statement that only adds a hedge says a thing in more words."""

_ALPHABETS = (LATIN, GREEK, CYRILLIC, ARABIC)
_SENTENCE_END = frozenset(".!?…;。！？")
_GIVEN_BY_BOTH = frozenset({Flag.NUMBER, Flag.DATE, Flag.NAME, Flag.QUANTIFIER})
"""Flags that need something on both sides: what only one statement gives is no contrast, since the other may only be less exact."""


class Contrast(NamedTuple):
    """Contrast of two statements: how they differ in meaning, and whether they have the same words but for slips, order and small words."""

    flags: tuple[Flag, ...] = ()
    are_same_words: bool = False


def contrast(one: str, other: str, hints: Sequence[str] = ()) -> Contrast:
    """Return what sets two otherwise similar statements apart; ``hints`` are their recorded languages, if any.

    Statements that have too few words in common, as a translation, are not compared: they have no flags and are not the same.
    """
    return _Two(*_in_one_alphabet(_plain(one), _plain(other)), tuple(hints)).contrast()


class _Two:
    """Two statements in one alphabet, aligned and judged."""

    def __init__(self, one: str, other: str, hints: Sequence[str]) -> None:
        self._one, self._other = one, other
        left, right = (passage_of(text, 0, len(text)) for text in (one, other))
        self._span = Span(0, len(other))
        self._steps: tuple[Step, ...] = ()
        self._setting = Setting(Language(""))
        if left.words and right.words:
            steps = _brought_together(_untrimmed(compare(left, right, self._span).steps, right.words), one, other)
            if _in_common(steps, one, other) >= _IN_COMMON * min(letters(left.words), letters(right.words)):
                self._setting = setting_of(one, other, self._span, hints)
                self._steps = self._judged(steps)[0]

    def contrast(self) -> Contrast:
        """Return what sets them apart."""
        changed = [step for step in self._steps if step.same is Sameness.OTHER]
        pairs = [step for step in changed if step.quote and step.source]
        every, left, right, of_pairs = map(self._flags, (changed, _only_left(changed), _only_right(changed), pairs))
        found = (every & left & right & _GIVEN_BY_BOTH) | (of_pairs & _IN_PLACE)
        if any(_is_named(step, self._one, self._other) and Flag.NAME in self._flags([step]) for step in pairs):
            found.add(Flag.NAME)
        if self._is_denied(changed):
            found.add(Flag.NEGATION)
        same = (
            bool(self._steps) and not found | every - {Flag.NEGATION} and all(_is_small(step, self._setting.language) for step in changed)
        )
        return Contrast(tuple(flag for flag in Flag if flag in found), same)

    def _judged(self, steps: Iterable[Step]) -> tuple[tuple[Step, ...], frozenset[Flag]]:
        result = judged(Comparison(tuple(steps), self._span), self._one, self._other, self._setting)
        return result.comparison.steps, result.flags

    def _flags(self, steps: Sequence[Step]) -> set[Flag]:
        return set(self._judged(steps)[1]) if steps else set()

    def _is_denied(self, changed: Sequence[Step]) -> bool:
        """Return whether one denies what the other says: twice in one sentence takes a denial back, in two sentences it denies both."""
        denials: dict[int, int] = {}
        for step in changed:
            if Flag.NEGATION in self._flags([step]):
                text, word = (self._one, step.quote[0]) if step.quote else (self._other, step.source[0])
                sentence = sum(map(_SENTENCE_END.__contains__, text[: word.span.start]))
                denials[sentence] = denials.get(sentence, 0) + 1
        return any(number % 2 for number in denials.values())


def _plain(text: str) -> str:
    return plain_words(text[:LONGEST])


def _in_one_alphabet(one: str, other: str) -> tuple[str, str]:
    """Kazakh in other letters as its Cyrillic spelling; two texts that still are in two alphabets as their skeletons."""
    one, other = in_cyrillic(one) or one, in_cyrillic(other) or other
    return (one, other) if _alphabet(one) == _alphabet(other) else (romanize(one), romanize(other))


def _alphabet(text: str) -> int:
    """Return the alphabet that most of a text's letters are of, by its number; one more where it is none of them."""
    counts = [sum(is_in(ord(character), ranges) for character in text if character.isalpha()) for ranges in _ALPHABETS]
    return counts.index(max(counts)) if any(counts) else len(counts)


def _in_common(steps: Iterable[Step], one: str, other: str) -> float:
    """Return how many letters both have: in the same words, in a name or a figure in place of another, and in words much alike."""
    return sum(min(letters(step.quote), letters(step.source)) * (1.0 if _is_common(step, one, other) else step.likeness) for step in steps)


def _is_common(step: Step, one: str, other: str) -> bool:
    if step.same is not Sameness.OTHER:
        return True
    if not step.quote or not step.source:
        return False
    return _is_named(step, one, other) or all(words[0].key[0].isdigit() for words in (step.quote, step.source))


def _is_named(step: Step, one: str, other: str) -> bool:
    """Return whether the words of both sides have a capital."""
    return one[step.quote[0].span.start].isupper() and other[step.source[0].span.start].isupper()


def _untrimmed(steps: Sequence[Step], words: Sequence[Word]) -> list[Step]:
    """The steps with the words of the other statement that stand before the first and behind the last of them."""
    spans = [word.span for step in steps for word in step.source]
    if not spans:
        return [*steps, *_added(words)]
    before = [word for word in words if word.span.end <= spans[0].start]
    after = [word for word in words if word.span.start >= spans[-1].end]
    return [*_added(before), *steps, *_added(after)]


def _added(words: Iterable[Word]) -> list[Step]:
    return [Step((), (word,), Sameness.OTHER, 0.0) for word in words]


def _brought_together(steps: Sequence[Step], one: str, other: str) -> list[Step]:
    """The steps with each word that only stands elsewhere in the other statement beside itself, in the order of the second."""
    changed = [step for step in steps if step.same is Sameness.OTHER]
    mine, others = [word for step in changed for word in step.quote], [word for step in changed for word in step.source]
    moved: dict[Word, Step] = {}
    for exactly in (True, False):
        if not exactly and len(mine) * len(others) > _MOST_PAIRS:
            break
        for word in others:
            beside = _beside(word, mine, one, other, exactly=exactly) if word not in moved else None
            if beside is not None:
                moved[word] = beside
                mine.remove(beside.quote[0])
    found: list[Step] = []
    for step in steps:
        quote = tuple(word for word in step.quote if word in mine)
        source = tuple(word for word in step.source if word not in moved)
        if step.same is not Sameness.OTHER or (quote, source) == (step.quote, step.source):
            found.append(step)
            continue
        found += [moved[word] for word in step.source if word in moved]
        found += [step._replace(quote=quote, source=source)] if quote or source else []
    return found


def _beside(word: Word, among: Iterable[Word], one: str, other: str, *, exactly: bool) -> Step | None:
    """A word of the second statement beside the first that is the same among words of the other one."""
    for same in among:
        if same.key == word.key:
            return Step((same,), (word,), Sameness.SAME, 1.0)
        longer = not exactly and min(len(same.key), len(word.key)) > _SMALL_WORD
        if longer and sameness((same,), (word,), one, other) is not Sameness.OTHER:
            return Step((same,), (word,), Sameness.SLIP, 1.0)
    return None


def _only_left(steps: Iterable[Step]) -> list[Step]:
    return [Step(step.quote, (), Sameness.OTHER, 0.0) for step in steps if step.quote]


def _only_right(steps: Iterable[Step]) -> list[Step]:
    return [Step((), step.source, Sameness.OTHER, 0.0) for step in steps if step.source]


def _is_small(step: Step, language: Language) -> bool:
    """Return whether the words of a step are short ones that tell little: of those that the language has most of, where it is known."""
    return all(
        len(word.key) <= (_FREQUENT_WORD if language.frequent else _SMALL_WORD)
        and word.key.isalpha()
        and not is_unspaced(word.key[0])
        and (not language.frequent or word.key in language.frequent)
        for word in (*step.quote, *step.source)
    )
