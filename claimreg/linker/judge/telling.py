"""Tell the language of a passage by its letters and by the words that running text has most of."""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from functools import cache, lru_cache
from typing import TYPE_CHECKING

from claimreg.linker.lexicon import lexicon
from claimreg.text.scripts import UNSPACED, is_unspaced, pattern

if TYPE_CHECKING:
    from collections.abc import Sequence

_MARKS = "".join(chr(code) for code in range(0x300, 0xE00) if unicodedata.category(chr(code))[0] == "M")
LETTER = rf"(?:[^\W\d_]|[{_MARKS}])"
"""Pattern of a letter or a mark of one: the vowel signs of India are no letters by themselves."""

_WORDS = re.compile(rf"(?:[^\W\d_]++|[{_MARKS}]++)++")
"""Letters in a row; to ask for :data:`LETTER` again and again takes twice as long."""

_UNSPACED = re.compile(pattern(UNSPACED))
_MOST_WORDS = 150
_STRANGE = 2.0
"""Price of a letter that the language does not have, in letters of its own frequent words."""

_TRUSTED = 0.08
"""Share of frequent words, less the price of strange letters, from which on a language is told: running text has 15 % of them in Kazakh
and 45 % in English. A recorded language that reaches it is believed without a look at others."""


def told_language(sample: str, hints: Sequence[str] = ()) -> str:
    """The tag of the language that a sample is in; empty where none is likelier than all others.

    ``hints`` are tags that were recorded (``kk``, ``kk-Latn``): the first that the words agree with is believed; of two languages that
    are as likely as each other, one of these is taken.
    """
    words = [word.lower() for word in _split(sample)[:_MOST_WORDS]]
    if not words:
        return ""
    known = lexicon().letters
    recorded = [tag for tag in dict.fromkeys(hint.split("-")[0].lower() for hint in hints) if tag in known]
    joined = "".join(words)
    letters = {letter: joined.count(letter) for letter in set(joined) if letter.isalpha()}
    for tag in recorded:
        if _score(known[tag], _count(words, tag), letters, len(words)) >= _TRUSTED:
            return tag
    counts = _counts(words)
    likeliest = _likeliest(known, counts, letters, len(words))
    return next((tag for tag in recorded if tag in likeliest), likeliest[0] if len(likeliest) == 1 else "")


def _likeliest(known: dict[str, str], counts: dict[str, int], letters: dict[str, int], words: int) -> list[str]:
    """The languages of the best score where it may be trusted; where frequent words tell nothing, those that have all the letters."""
    scores: dict[str, float] = {}
    best = -_STRANGE
    for tag in sorted(known, key=counts.__getitem__, reverse=True):
        # Letters only lower a score: behind this language, none has a better one.
        if best >= _TRUSTED and counts[tag] / words < best:
            break
        scores[tag] = _score(known[tag], counts[tag], letters, words)
        best = max(best, scores[tag])
    likeliest = [tag for tag, score in scores.items() if score == best >= _TRUSTED or score >= 0.0 > best - _TRUSTED]
    return [tag for tag in known if tag in likeliest]


@lru_cache(maxsize=8)
def runs_of_letters(sample: str) -> tuple[str, ...]:
    """The words of a sample, by letters and their marks alone; in scripts without spaces, all letters in a row."""
    return tuple(_WORDS.findall(sample))


def _split(sample: str) -> Sequence[str]:
    runs = runs_of_letters(sample)
    if sample.isascii() or not _UNSPACED.search(sample):
        return runs
    found: list[str] = []
    for word in runs:
        if is_unspaced(word[0]):
            found += word
        else:
            found.append(word)
    return found


def _counts(words: list[str]) -> dict[str, int]:
    """Count how many of the words are frequent ones of each language."""
    tags = lexicon().frequent
    found = " ".join(filter(None, map(tags.get, words))).split()
    return dict.fromkeys(lexicon().letters, 0) | Counter(found)


def _count(words: list[str], tag: str) -> int:
    """Count how many of the words are frequent ones of one language."""
    return sum(map(_frequent_of(tag).__contains__, words))


@cache
def _frequent_of(tag: str) -> frozenset[str]:
    """The frequent words of one language."""
    return frozenset(word for word, tags in lexicon().frequent.items() if tag in tags.split())


@lru_cache(maxsize=256)
def _letters_of(alphabet: str) -> frozenset[str]:
    return frozenset(alphabet)


def _score(alphabet: str, frequent: int, letters: dict[str, int], words: int) -> float:
    if not alphabet:
        # Of a language without an alphabet, frequent words alone tell.
        return frequent / words or -_STRANGE
    strange = sum([letters[letter] for letter in letters.keys() - _letters_of(alphabet)])
    return frequent / words - _STRANGE * strange / max(1, sum(letters.values()))
