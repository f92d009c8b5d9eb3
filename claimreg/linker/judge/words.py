"""Judge one pair of words: the same, another ending of the same, a slip for the same, or another word.

The questions are asked in one order, and the first that has an answer gives it. A slip needs a reason; two words that both are words
of the language need a strong one. When in doubt, it is another word. The limits were chosen by what ``benchmarks/judge.py`` prints: real
words and names told apart, misprints and other forms kept, and how many true quotes of scanned and spoken text are said to be altered.
"""

from __future__ import annotations

import re
from enum import IntEnum, StrEnum
from typing import TYPE_CHECKING, NamedTuple

from claimreg.linker.judge import forms
from claimreg.linker.judge.costs import ANY, SHAPE, STRONG, Cost, cost
from claimreg.linker.judge.knowledge import knowledge
from claimreg.linker.judge.marks import marks, without_marks
from claimreg.linker.judge.names import Naming, are_spellings_of_a_name, is_territory
from claimreg.linker.judge.senses import denies
from claimreg.linker.judge.setting import Setting, marked_words
from claimreg.linker.passage import plain_key
from claimreg.text.fold import fold_key
from claimreg.text.scripts import LATIN, is_in
from claimreg.vocabulary import Flag

if TYPE_CHECKING:
    from collections.abc import Callable

_CHEAP = 0.85
"""The dearest slip of a word that is not known for one that is, whatever its length: one letter lost or struck beside."""

_PER_LETTER, _PER_LETTER_IN_NOISE, _PER_LETTER_UNREAD = 0.2, 0.36, 0.45
"""The dearest slip by the word's length: in a clean passage, in a noisy one, in a noisy one that no dictionary has."""

_PER_LETTER_OF_A_TYPED_WORD = 0.22
"""Limit where the quote's word is known and the source's is not: a word of the passage may be missing in the dictionary."""

_OTHER_FIRST_LETTER = 0.3
"""Taken from what is allowed where the first letters differ: another first letter is more often another word."""

_NAME_PER_LETTER, _NAME_IN_NOISE, _UNKNOWN_NAME_IN_NOISE = 0.08, 0.12, 0.08
_ONE_SLIP = 0.4
"""The dearest slip in a name, by its length: in a clean passage; in a noisy one, where one of the two is known, and where none is. One
look-alike letter or one typed twice is always one, whatever the length."""

_LOST_MARK = 0.25
_GARBLED_NAME = 0.3
"""Cost, by the word's length, up to which a name in a noisy passage is another word but no other name: it was misread."""

_SPELLING_OF_A_NAME = 1.6
_MARKED_IN_NOISE = 0.3
_NEGATION_IN_NOISE, _NEGATION_PER_LETTER = 0.36, 0.12
_SHORTEST_STEM, _LONG_STEM = 3, 4
_ENDING_COST = 0.5

_AFTER_LATIN = "\u0370"
"""The first character after the Latin letters and the marks that they and Cyrillic ones have."""

_ROMAN = re.compile(r"(?=[MDCLXVI]{2,}$)M{0,3}(?:CM|CD|D?C{0,3})(?:XC|XL|L?X{0,3})(?:IX|IV|V?I{0,3})")


class Degree(IntEnum):
    """Degree to which two words are the same, most first."""

    SAME = 0
    ENDING = 1
    SLIP = 2
    OTHER = 3


class Reason(StrEnum):
    """Reason why two words are the same, or are not."""

    LETTERS = "same letters"
    ROMAN = "Roman numerals"
    TONES = "tones"
    MARKS = "marks"
    MARKS_OF_TWO_WORDS = "marks of two words"
    CONTRACTION = "short form"
    SPELLING = "another spelling"
    NEGATION = "negation"
    MISREAD = "misread"
    MARKED = "a word that turns the sense"
    TWO_MARKED = "two words that turn the sense"
    GENDER = "another person's name"
    LEMMA = "forms of one word"
    ENDING = "known endings"
    TRANSLITERATION = "a name spelt otherwise"
    NAME_SLIP = "a slip in a name"
    NAME = "another name"
    TWO_WORDS = "two words"
    SLIP = "a slip"
    UNSURE = "a slip that may be a word"
    FAR = "too far apart"


class Answer(NamedTuple):
    """Answer of the judge; ``flags`` are those that the pair by itself calls for."""

    degree: Degree
    reason: Reason
    flags: frozenset[Flag] = frozenset()


class Pair(NamedTuple):
    """Pair of words as written, the quote's and the source's.

    ``left`` and ``right`` are in lower case, ``of_left`` and ``of_right`` their lemmas. ``elsewhere`` says that the quote's word stands
    elsewhere in the source.
    """

    quote: str
    source: str
    setting: Setting
    naming: Naming
    elsewhere: bool
    left: str
    right: str
    of_left: frozenset[int]
    of_right: frozenset[int]

    @property
    def tag(self) -> str:
        """The language's tag."""
        return self.setting.language.tag

    @property
    def both_known(self) -> bool:
        """Return whether both are words of the language."""
        return bool(self.of_left and self.of_right)

    @property
    def one_known(self) -> bool:
        """Return whether one of them, and only one, is a word of the language."""
        return bool(self.of_left) != bool(self.of_right)

    @property
    def length(self) -> int:
        """Return the letters of the longer one."""
        return max(len(self.left), len(self.right))

    @property
    def share_lemma(self) -> bool:
        """Return whether both may be forms of one word."""
        return bool(self.of_left & self.of_right)

    @property
    def cost(self) -> Cost:
        """The cost of turning one into the other."""
        return cost(self.left, self.right, scanned=self.setting.noisy)

    def differs_by_endings(self, least: int) -> bool:
        """Return whether both are one stem of so many letters with known endings."""
        return forms.differ_by_endings(self.left, self.right, forms.endings_of(self.tag), least)


def pair_of(quote: str, source: str, setting: Setting, naming: Naming = Naming.NONE, *, elsewhere: bool = False) -> Pair:
    """The pair of two words as written."""
    left, right = (forms.lower(word, setting.language.tag) for word in (quote, source))
    known = (setting.lemmas(word) or ("'" in word and setting.lemmas(forms.core(word))) or frozenset() for word in (quote, source))
    return Pair(quote, source, setting, naming, elsewhere, left, right, *known)


def judge_pair(pair: Pair) -> Answer:
    """The first answer that a question has."""
    return next(answer for question in _QUESTIONS if (answer := question(pair)) is not None)


def _of_letters(pair: Pair) -> Answer | None:
    """Roman numerals that differ, and words that differ in nothing but marks."""
    if pair.quote != pair.source and _ROMAN.match(pair.quote) and _ROMAN.match(pair.source):
        return Answer(Degree.OTHER, Reason.ROMAN, frozenset({Flag.NUMBER}))
    if pair.left == pair.right:
        return Answer(Degree.SAME, Reason.LETTERS)
    left, right = fold_key(pair.quote), fold_key(pair.source)
    if plain_key(left) == plain_key(right) or without_marks(pair.left) == without_marks(pair.right):
        return _of_marks(pair)
    return None


def _of_marks(pair: Pair) -> Answer:
    left, right = marks(pair.left), marks(pair.right)
    if left == right or forms.are_typographic(pair.left, pair.right, pair.tag) or _look_alike(pair.left, pair.right):
        return Answer(Degree.SAME, Reason.LETTERS)
    if left and right and pair.tag in knowledge().tones:
        return Answer(Degree.OTHER, Reason.TONES)
    if forms.are_spellings(pair.left, pair.right, pair.tag):
        return Answer(Degree.SLIP, Reason.SPELLING)
    if pair.both_known and not pair.setting.bare and not {pair.left, pair.right}.isdisjoint(pair.setting.language.hedges):
        # One lemma, and another mood (konnte, könnte).
        return Answer(Degree.OTHER, Reason.MARKS_OF_TWO_WORDS)
    # Where endings make words of nearly anything, that both are known tells nothing (Kazakh бәрі, typed барі).
    told = pair.elsewhere or pair.tag not in knowledge().sparse
    two_words = told and pair.both_known and not pair.share_lemma
    typed_without = pair.setting.bare and not left
    # Capitals are written without marks in Greek, and often elsewhere.
    capitals = pair.setting.shouted or (pair.source.isupper() and not right) or (pair.quote.isupper() and not left)
    if two_words and not typed_without and not capitals:
        return Answer(Degree.OTHER, Reason.MARKS_OF_TWO_WORDS)
    typography = not two_words and (typed_without or capitals or not _decorated(left + right))
    return Answer(Degree.SAME if typography else Degree.SLIP, Reason.MARKS)


def _look_alike(left: str, right: str) -> bool:
    """Return whether two words differ in letters only that look the same in two alphabets (Latin i, Cyrillic і)."""
    if len(left) != len(right) or fold_key(left) != fold_key(right):
        return False
    return all(one == other or _is_latin(one) != _is_latin(other) for one, other in zip(left, right, strict=True))


def _is_latin(letter: str) -> bool:
    """Return whether a letter, or the mark of one, is Latin; Vietnamese ones lie far from the others."""
    return letter < _AFTER_LATIN or is_in(ord(letter), LATIN)


def _decorated(found: str) -> bool:
    """Return whether there are marks that Latin and Cyrillic letters have; those of Arabic and Hebrew are mostly left out."""
    return any(one < _AFTER_LATIN or one.isalpha() for one in found)


def _of_spelling(pair: Pair) -> Answer | None:
    """Short and long forms, and two spellings of one word."""
    left, right = (forms.long_forms((word,), pair.tag) for word in (pair.left, pair.right))
    if left & right and _is_marked(pair.left, pair) == _is_marked(pair.right, pair):
        return Answer(Degree.SLIP, Reason.CONTRACTION)
    if forms.are_spellings(pair.left, pair.right, pair.tag):
        return Answer(Degree.SLIP, Reason.SPELLING)
    return None


def _of_negation(pair: Pair) -> Answer | None:
    """An affix that denies; not of names, nor where one cheap slip explains a word that is not known."""
    if pair.naming or not denies(pair.left, pair.right, pair.setting.language):
        return None
    if pair.setting.known and not pair.both_known and pair.cost.total <= _CHEAP and not _has_letter_that_denies(pair):
        return None
    noise = max(_NEGATION_IN_NOISE, _NEGATION_PER_LETTER * pair.length)
    if pair.setting.noisy and pair.setting.known and not pair.both_known and pair.cost.total <= noise:
        return Answer(Degree.SLIP, Reason.MISREAD)
    return Answer(Degree.OTHER, Reason.NEGATION, frozenset({Flag.NEGATION}))


def _has_letter_that_denies(pair: Pair) -> bool:
    """Return whether the longer word is the other with one letter that is an affix (Persian ن, Armenian չ)."""
    shorter, longer = sorted((pair.left, pair.right), key=len)
    of = pair.setting.language.negation
    return any(longer == affix + shorter for affix in of.prefixes) or any(longer == shorter + affix for affix in of.suffixes)


def _of_marked(pair: Pair) -> Answer | None:
    """Words that deny, count or date by themselves: another one is another sense, unless it is no word and a slip has a strong reason."""
    left, right = _is_marked(pair.left, pair), _is_marked(pair.right, pair)
    if not (left or right):
        return None
    if pair.share_lemma and pair.differs_by_endings(_SHORTEST_STEM):
        return Answer(Degree.ENDING, Reason.ENDING)
    excused = left != right and pair.one_known
    limit = _MARKED_IN_NOISE * max(pair.length, _SHORTEST_STEM) if pair.setting.noisy else STRONG
    if excused and pair.cost.total <= limit:
        return Answer(Degree.SLIP, Reason.MISREAD)
    return Answer(Degree.OTHER, Reason.TWO_MARKED if left and right else Reason.MARKED)


def _is_marked(word: str, pair: Pair) -> bool:
    return word in marked_words(pair.tag)


def _of_names(pair: Pair) -> Answer | None:
    """Two names: forms or spellings of one, or two."""
    if not pair.naming:
        return None
    if forms.is_of_the_other_sex(pair.left, pair.right, pair.tag):
        return Answer(Degree.ENDING, Reason.GENDER, frozenset({Flag.NAME}))
    if _is_common_misprinted(pair):
        return None
    return _of_known_names(pair) if pair.both_known else _of_unknown_names(pair)


def _is_common_misprinted(pair: Pair) -> bool:
    """Return whether one is a common word and the other none at all (School, Sohool)."""
    if not pair.one_known:
        return False
    known = pair.quote if pair.of_left else pair.source
    common = pair.setting.is_common(known) and (not pair.setting.is_proper(known) if pair.setting.noisy else pair.naming is Naming.FIRST)
    return common or pair.tag in knowledge().capital_nouns


def _of_known_names(pair: Pair) -> Answer:
    setting, total = pair.setting, pair.cost.total
    if pair.share_lemma:
        return Answer(Degree.ENDING, Reason.LEMMA)
    if total <= _SPELLING_OF_A_NAME and are_spellings_of_a_name(pair.left, pair.right):
        return Answer(Degree.SLIP, Reason.TRANSLITERATION)
    common = [setting.is_common(word) for word in (pair.quote, pair.source)]
    if setting.noisy and total <= SHAPE and any(common):
        return Answer(Degree.SLIP, Reason.MISREAD)
    proper = setting.is_proper(pair.quote) and setting.is_proper(pair.source)
    if pair.tag in knowledge().capital_nouns:
        are_names = is_territory(pair.quote, pair.tag) and is_territory(pair.source, pair.tag)
    else:
        are_names = not (setting.noisy and all(common) and not proper)
    return Answer(Degree.OTHER, Reason.NAME, frozenset({Flag.NAME} if are_names else ()))


def _of_unknown_names(pair: Pair) -> Answer:
    """Names that are not both known: one look-alike letter is a slip; more of them may be another name."""
    if forms.differ_by_endings(pair.left, pair.right, forms.endings_of_names(pair.tag), _SHORTEST_STEM):
        return Answer(Degree.ENDING, Reason.ENDING)
    if are_spellings_of_a_name(pair.left, pair.right):
        return Answer(Degree.SLIP, Reason.TRANSLITERATION)
    noisy = pair.setting.noisy
    if cost(pair.left, pair.right).total <= _slips_of_a_name(pair) and (noisy or not pair.elsewhere):
        return Answer(Degree.SLIP, Reason.NAME_SLIP)
    misread = noisy and pair.cost.total <= _GARBLED_NAME * pair.length
    return Answer(Degree.OTHER, Reason.NAME, frozenset(() if misread else {Flag.NAME}))


def _slips_of_a_name(pair: Pair) -> float:
    """Return the cost up to which two names are one: where the source's is known, or scanned, a slip; of two unknown ones, a lost mark."""
    if pair.setting.noisy:
        return max(_ONE_SLIP, (_NAME_IN_NOISE if pair.one_known else _UNKNOWN_NAME_IN_NOISE) * pair.length)
    return max(_ONE_SLIP, _NAME_PER_LETTER * pair.length) if pair.of_right and not pair.of_left else _LOST_MARK


def _of_known_words(pair: Pair) -> Answer | None:
    """Two words of the language: forms of one, or two."""
    if not pair.both_known:
        return None
    if pair.share_lemma:
        return Answer(Degree.ENDING, Reason.LEMMA)
    if pair.tag in knowledge().sparse and pair.differs_by_endings(_SHORTEST_STEM):
        return Answer(Degree.ENDING, Reason.ENDING)
    if pair.setting.noisy and pair.cost.total <= SHAPE:
        return Answer(Degree.SLIP, Reason.MISREAD)
    return Answer(Degree.OTHER, Reason.TWO_WORDS)


def _of_one_known(pair: Pair) -> Answer | None:
    """A word of the language, and something that is none: a slip, unless much differs."""
    if not pair.one_known:
        return None
    total = pair.cost.total
    if pair.length >= 2 * _SHORTEST_STEM and total <= _ENDING_COST * pair.length and pair.differs_by_endings(_LONG_STEM):
        return Answer(Degree.ENDING, Reason.ENDING)
    limit = _PER_LETTER_IN_NOISE * pair.length if pair.setting.noisy else max(_CHEAP, _PER_LETTER * pair.length)
    limit = max(_ENDING_COST, limit - _price_of_first(pair))
    if pair.of_left and not pair.setting.noisy:
        limit = min(limit, max(_ENDING_COST, _PER_LETTER_OF_A_TYPED_WORD * pair.length))
    return Answer(Degree.SLIP, Reason.SLIP) if total <= limit else Answer(Degree.OTHER, Reason.FAR)


def _of_unknown_words(pair: Pair) -> Answer:
    """Two words that no dictionary has: another ending, or a slip that has a reason."""
    setting = pair.setting
    if pair.differs_by_endings(_LONG_STEM):
        return Answer(Degree.ENDING, Reason.ENDING)
    if pair.elsewhere and not setting.noisy:
        return Answer(Degree.OTHER, Reason.TWO_WORDS)
    change = pair.cost
    share = _PER_LETTER if not setting.noisy else _PER_LETTER_IN_NOISE if setting.known else _PER_LETTER_UNREAD
    limit = max(_ONE_SLIP, share * pair.length - _price_of_first(pair))
    if change.total > limit or (not setting.noisy and change.dearest >= ANY):
        return Answer(Degree.OTHER, Reason.FAR)
    return Answer(Degree.SLIP, Reason.SLIP if setting.known or change.dearest <= STRONG else Reason.UNSURE)


def _price_of_first(pair: Pair) -> float:
    return _OTHER_FIRST_LETTER if pair.left[:1] != pair.right[:1] else 0.0


_QUESTIONS: tuple[Callable[[Pair], Answer | None], ...] = (
    _of_letters,
    _of_spelling,
    _of_negation,
    _of_marked,
    _of_names,
    _of_known_words,
    _of_one_known,
    _of_unknown_words,
)
"""In the order in which they are asked; the last one always answers."""
