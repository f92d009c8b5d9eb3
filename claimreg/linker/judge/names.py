"""Names in a quote and its source: which words are names, and whether two are spellings of one."""

from __future__ import annotations

import re
import unicodedata
from enum import IntEnum
from functools import cache, lru_cache
from typing import TYPE_CHECKING

from claimreg.linker.judge.knowledge import knowledge

if TYPE_CHECKING:
    from claimreg.linker.judge.setting import Setting
    from claimreg.linker.passage import Word

_SENTENCE_END = ".!?…:;。！？\"“”„«»'’‘(\n"
_BEFORE = 8
_DOUBLED = re.compile(r"(.)\1")
_VOWELS_OF_ONE_SOUND = ({"i", "e"}, {"o", "u"})
_FEWEST_LETTERS_IN_DEBRIS = 4


class Naming(IntEnum):
    """Degree to which a word is surely a name, by its capital."""

    NONE = 0
    FIRST = 1
    """It may begin its sentence, and is no common word."""
    INSIDE = 2
    """It stands inside a sentence."""


def naming(quote: Word, source: Word, quote_text: str, text: str, setting: Setting) -> Naming:
    """Return how surely the words of a quote and of its source are both names."""
    sides = ((quote, quote_text), (source, text))
    if setting.shouted or not all(_has_capital(word, of) for word, of in sides):
        return Naming.NONE
    if not any(is_name(word, of, setting) for word, of in sides):
        return Naming.NONE
    return Naming.INSIDE if any(_is_inside(word, of) for word, of in sides) else Naming.FIRST


def is_name(word: Word, text: str, setting: Setting) -> bool:
    """Return whether a word is written as a name is and is no common word at the head of a sentence."""
    letters = text[word.span.start : word.span.end]
    if not letters[:1].isupper() or len(letters) == 1:
        return False
    tells = setting.known and setting.language.tag not in (*knowledge().capital_nouns, *knowledge().sparse)
    if tells and setting.is_common(letters) and not setting.is_proper(letters) and not _is_inside(word, text):
        return False
    if tells and setting.is_proper(letters) and not setting.is_common(letters):
        return True
    return not _begins_sentence(word, text) or (setting.known and not setting.is_common(letters))


def is_name_by_itself(word: Word, text: str, setting: Setting) -> bool:
    """Return whether a word that was changed, added or dropped is a name, and no noun or debris of scanning."""
    letters = text[word.span.start : word.span.end]
    of_nouns = setting.language.tag in knowledge().capital_nouns and bool(setting.lemmas(letters))
    if setting.shouted or of_nouns or not is_name(word, text, setting):
        return False
    if not setting.known:
        return not setting.noisy or len(letters) >= _FEWEST_LETTERS_IN_DEBRIS
    if not setting.noisy and _is_inside(word, text):
        return True
    if setting.language.tag in knowledge().sparse:
        return not setting.noisy
    common, proper = setting.is_common(letters), setting.is_proper(letters)
    return (proper and not common) or (not setting.noisy and (proper or not common))


def are_spellings_of_a_name(left: str, right: str) -> bool:
    """Return whether two words spell one foreign name, whatever the alphabet (Kyiv and Kiev)."""
    one, other = _sounds(left), _sounds(right)
    if one == other:
        return bool(one)
    if len(one) != len(other) or one[:1] != other[:1]:
        return False
    apart = [{left, right} for left, right in zip(one, other, strict=True) if left != right]
    return len(apart) == 1 and apart[0] in _VOWELS_OF_ONE_SOUND


def is_territory(word: str, tag: str) -> bool:
    """Return whether a word is the name of a country or a region, as the CLDR has it: a name also where every noun has a capital."""
    return word in _territories(tag)


@cache
def _territories(tag: str) -> frozenset[str]:
    from babel import Locale

    return frozenset(Locale.parse(tag).territories.values())


@lru_cache(maxsize=1 << 12)
def _sounds(word: str) -> str:
    """A word in rough Latin letters, with one spelling for each sound."""
    from claimreg.text.romanize import romanize

    decomposed = unicodedata.normalize("NFD", romanize(word).lower())
    sounds = "".join(one for one in decomposed if "a" <= one <= "z")
    turns = knowledge().transliterations
    for one, other in zip(turns[::2], turns[1::2], strict=True):
        sounds = sounds.replace(one, other)
    return _DOUBLED.sub(r"\1", sounds)


def _has_capital(word: Word, text: str) -> bool:
    return text[word.span.start].isupper()


def _is_inside(word: Word, text: str) -> bool:
    """Return whether a word follows a small letter or a comma, and so begins no sentence."""
    before = text[max(0, word.span.start - 2) : word.span.start]
    return len(before) > 1 and before[1] == " " and (before[0].islower() or before[0] == ",")


def _begins_sentence(word: Word, text: str) -> bool:
    before = text[max(0, word.span.start - _BEFORE) : word.span.start].rstrip(" \u00a0\t")
    return not before or before[-1] in _SENTENCE_END or before[-1].isspace()
