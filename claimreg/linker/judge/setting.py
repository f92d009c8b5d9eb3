"""Setting that the words of one place are judged by: the language of the passage, its dictionary, and how clean the letters are."""

from __future__ import annotations

import re
from functools import cache, lru_cache
from itertools import chain
from math import ceil
from typing import TYPE_CHECKING, NamedTuple

from claimreg.dictionaries import Dictionary, dictionary
from claimreg.languages import Language, language
from claimreg.linker.judge.costs import misread_as
from claimreg.linker.judge.knowledge import knowledge
from claimreg.linker.judge.marks import has_marks
from claimreg.linker.judge.telling import LETTER, runs_of_letters, told_language

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from claimreg.model import Span

AROUND = 300
"""Code points before and after a place by which its language and its noise are told."""

_KNOWN = 0.5
"""Share of the words that a dictionary must know for it to be the passage's."""

_UNKNOWN, _UNKNOWN_OF_SPARSE = 0.1, 0.25
_MISREAD = 0.012
"""Shares of words that no one writes, and of known words with one letter misread, from which on a passage is noisy: chosen on scanned
newspapers against clean text; see the bars that ``benchmarks/judge.py`` prints."""

_FEWEST = 2
_SHORTEST = 3
_LONG_ENOUGH = 80
"""Words that are looked up to see whether a dictionary is the passage's."""

_MARKED_WORDS = 2
"""Words of the place with marks that the quote has none of, from which on it was typed without."""

_WORDS = re.compile(rf"{LETTER}{{3,}}(?!['’\w])")
_ANY_WORDS = re.compile(f"{LETTER}+")
_VOWEL_SIGNS = "\u0300-\u036f\u0591-\u05c7\u0610-\u065f\u06d6-\u06ed\u0900-\u0dff\u0e00-\u0eff\u1000-\u109f"
_JUNK = re.compile(rf"\w[^\w\s'’\-.,‑{_VOWEL_SIGNS}]\w|[^\W\d_]\d[^\W\d_]")
_JUNK_PER_WORD = 0.1


class Setting(NamedTuple):
    """Setting of a place.

    ``known`` says that ``dictionary`` has most of the passage's words, ``noisy`` that scanning or typing has spoilt the passage, ``bare``
    that the quote was typed without marks, ``shouted`` that capitals tell nothing.
    """

    language: Language
    dictionary: Dictionary | None = None
    known: bool = False
    noisy: bool = False
    bare: bool = False
    shouted: bool = False

    def lemmas(self, word: str) -> frozenset[int]:
        """The lemmas of a word in any case; empty where it is not known."""
        if self.dictionary is None or not self.known:
            return frozenset()
        return _lemmas(word, self.dictionary, self.language.tag)

    def is_common(self, word: str) -> bool:
        """Return whether a word is one that begins with a small letter."""
        if self.dictionary is None or not self.known:
            return False
        return self.dictionary.is_common(word) or word.casefold() in own_words(self.language.tag)

    def is_proper(self, word: str) -> bool:
        """Return whether a word is a name in the dictionary."""
        return self.dictionary is not None and self.known and self.dictionary.is_proper(word)


def setting_of(quote: str, text: str, span: Span, hints: Sequence[str] = ()) -> Setting:
    """The setting of a place: ``span`` (code points) of ``text``; ``hints`` are the recorded languages, the likeliest first."""
    start, end = max(0, span.start - AROUND), min(len(text), span.end + AROUND)
    return _setting(quote, text[start:end], text[span.start : span.end], tuple(hints))


def language_of(quote: str, text: str, span: Span, hints: Sequence[str] = ()) -> Language:
    """The language of a place's setting, for those who have no use for the rest, which takes longer to tell."""
    start, end = max(0, span.start - AROUND), min(len(text), span.end + AROUND)
    return language(told_language(quote + "\n" + text[start:end], hints))


@lru_cache(maxsize=64)
def _setting(quote: str, window: str, place: str, hints: tuple[str, ...]) -> Setting:
    tag = told_language(quote + "\n" + window, hints)
    of = language(tag)
    words = dictionary(tag) if tag else None
    known = words is not None and _covers(tag, quote + "\n" + window)
    return Setting(
        of,
        words,
        known=known,
        noisy=_is_noisy(quote, of) or _is_noisy(window, of) if words is not None else _has_junk(window),
        bare=not has_marks(quote) and sum(map(has_marks, _ANY_WORDS.findall(place))) >= _MARKED_WORDS,
        shouted=quote.isupper() or window.isupper(),
    )


def _covers(tag: str, sample: str) -> bool:
    every = runs_of_letters(sample)
    found = [word for word in every if len(word) >= _SHORTEST][:_LONG_ENOUGH] or every
    # No more are looked up than tell: at half of them known, or unknown, the rest is of no account.
    return bool(found) and _has(lambda word: _is_known(word, tag), found, ceil(_KNOWN * len(found)))


def _has(holds: Callable[[str], bool], words: Sequence[str], least: float) -> bool:
    """Return whether at least so many of some words are as asked; none is looked at behind the one that settles it."""
    found = missing = 0
    most_missing = len(words) - least
    for word in words:
        if holds(word):
            found += 1
            if found >= least:
                return True
        else:
            missing += 1
            if missing > most_missing:
                return False
    return least <= 0


def _is_noisy(text: str, of: Language) -> bool:
    """Return whether a text has many words that no one writes, or a few that are known words misread."""
    found = _WORDS.findall(text)
    sparse = of.tag in knowledge().sparse
    many = max(_FEWEST, (_UNKNOWN_OF_SPARSE if sparse else _UNKNOWN) * len(found))
    odd: list[str] = []
    tag, own = of.tag, own_words(of.tag)
    for word in found:
        if not word[0].isupper() and not _is_known(word, tag) and word not in own:
            odd.append(word)
            if len(odd) >= many:
                return True
    if len(odd) < _FEWEST or sparse:
        return False
    # There are fewer letters to be misread in short words, and all but a few settle it.
    return _has(lambda word: _is_misread(word, tag), sorted(odd, key=len), max(_FEWEST, _MISREAD * len(found)))


@lru_cache(maxsize=1 << 12)
def _is_misread(word: str, tag: str) -> bool:
    """Return whether a word that is not known is a known one with one letter, or two that look like one, misread."""
    shapes, words = misread_as(), _words_of(tag)
    return words is not None and any(
        words.knows(word[:at] + other + word[at + size :])
        for at in range(len(word))
        for size in (1, 2)
        for other in shapes.get(word[at : at + size], ())
    )


def _has_junk(text: str) -> bool:
    return len(_JUNK.findall(text)) >= _JUNK_PER_WORD * len(text.split())


@lru_cache(maxsize=1 << 16)
def _is_known(word: str, tag: str) -> bool:
    """Return whether a language's dictionary has a word; running text says the same ones again and again."""
    words = _words_of(tag)
    return words is not None and (words.knows(word) or word.casefold() in _known(tag))


@cache
def _words_of(tag: str) -> Dictionary | None:
    """The dictionary of a language, which is asked for hundreds of words a place."""
    return dictionary(tag)


def _lemmas(word: str, words: Dictionary, tag: str) -> frozenset[int]:
    return words.lemmas(word) or _known(tag).get(word.casefold(), frozenset())


@cache
def _known(tag: str) -> dict[str, frozenset[int]]:
    """A lemma of its own for each word that the dictionary lacks."""
    return {word.casefold(): frozenset((-1 - number,)) for number, word in enumerate(language(tag).known)}


@cache
def own_words(tag: str) -> frozenset[str]:
    """The words (lower case) that a language's file has by themselves: they are known, whatever the dictionary has."""
    of = language(tag)
    numerals, calendar = of.numerals, of.calendar
    turns = (numerals.cardinals, numerals.ordinals, numerals.fractions, calendar.months, calendar.weekdays)
    lists = (of.frequent, of.numbers, of.dates, of.hedges, of.quantifiers, of.known, of.negation.words, calendar.relative, calendar.around)
    words = chain(*lists, *(some[::2] for some in turns))
    return frozenset(part.casefold() for word in words for part in word.split("_"))


@cache
def marked_words(tag: str) -> frozenset[str]:
    """The words (lower case) that deny, count or date by themselves."""
    of = language(tag)
    turns = (of.numerals.cardinals, of.numerals.ordinals, of.numerals.fractions, of.calendar.months, of.calendar.weekdays)
    words = chain(of.negation.words, of.numbers, of.dates, of.calendar.relative, *(some[::2] for some in turns))
    return frozenset(word.casefold() for word in words if "_" not in word)
