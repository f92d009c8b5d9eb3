"""Denial within a word: a prefix, a suffix, or the syllable that Turkic verbs have behind their stem (бермейді, gelmedi).

Words are in lower case as :func:`claimreg.linker.judge.forms.lower` writes them. Which vowels and consonants a Turkic syllable and the
endings behind it have depends on the letters before (vowel and consonant harmony; Johanson and Csató, The Turkic Languages, 1998).
Endings are therefore compared by their consonants, and consonants that stand for each other count as one.
"""

from __future__ import annotations

from functools import cache, lru_cache
from typing import TYPE_CHECKING

from claimreg.linker.judge.forms import common_beginning, differ_by_endings

if TYPE_CHECKING:
    from collections.abc import Iterator

    from claimreg.languages import Language, Words

_BACK, _FRONT = "aıouâаоұыяё", "eiöüəäәөүіеэ"
"""Vowels by which a stem is told to be back or front; those that may be either (у, и, ю) tell nothing."""

_VOWELS = _BACK + _FRONT + "îûуию"
_SILENT = _VOWELS + "йyьъ'"
_VERBAL_NOUN = "уү"
_VERBAL_NOUN_DENIED = "уүоө"
"""Beginning of what follows the stem in a verb's noun (бару, баруу), and the syllable in its denial (бармау, барбоо)."""

_VOICELESS = "пткқсшщчцхфһptkqsşçfh"
_VOICED = {"т": "д", "п": "б", "к": "г", "қ": "ғ", "t": "d", "p": "b", "k": "ğ", "ç": "c"}
_ALIKE = ("тдtd", "пбмpbm", "кқгғkqgğ", "сзsz", "рr", "чcç", "лl", "нn")
_ALIKE_IN_NOUNS = str.maketrans("лн", "тт")
"""In a noun's endings, л and н stand for т as well (-лар, -дар, -тар; -ны, -ды, -ты)."""

_NARROW = "ıiuü"
_BEHIND_NARROW = "yr"
"""Letters that a syllable with a narrow vowel stands before (gelmiyor, Azerbaijani gəlmir)."""

_SHORTEST_STEM = 2
_SHORTEST_BARE, _LONG_BARE = 3, 4
"""Letters of a word that a prefix may deny: as it is, and in another form."""


def is_denial_of(word: str, other: str, language: Language) -> bool:
    """Return whether ``word`` is ``other`` with an affix that denies, in this order."""
    return _by_prefix(word, other, language) or _by_suffix(word, other, language) or _by_syllable(word, other, language)


def _by_prefix(word: str, other: str, language: Language) -> bool:
    if len(other) < _SHORTEST_BARE:
        return False
    bare = (word.removeprefix(prefix) for prefix in language.negation.prefixes if word.startswith(prefix))
    return any(rest == other or differ_by_endings(rest, other, _endings(language), _LONG_BARE) for rest in bare)


def _by_suffix(word: str, other: str, language: Language) -> bool:
    """A suffix of lacking where the other word has none, or one of having (заңсыз: заң, заңды)."""
    of = language.negation
    for at in range(_SHORTEST_STEM, common_beginning(word, other) + 1):
        for suffix in of.suffixes:
            if word.startswith(suffix, at) and _is_same_tail(word[at + len(suffix) :], _without(of.having, other[:at], other[at:])):
                return True
    return False


def _without(having: Words, stem: str, rest: str) -> str:
    """The rest of a word behind a suffix of having, and all of it where there is none; д after a vowel is a verb's (айтады)."""
    for suffix in having:
        if rest.startswith(suffix) and not (suffix[0] in "дт" and stem[-1] in _SILENT):
            return rest[len(suffix) :]
    return rest


def _is_same_tail(tail: str, rest: str) -> bool:
    if tail == rest:
        return True
    denied, plain = (_consonants(ending).translate(_ALIKE_IN_NOUNS) for ending in (tail, rest))
    return bool(tail and rest) and denied == plain


def _by_syllable(word: str, other: str, language: Language) -> bool:
    syllables = _syllables(language)
    if not syllables:
        return False
    for at in range(_SHORTEST_STEM, common_beginning(word, other) + 2):
        for syllable in syllables:
            if word.startswith(syllable, at) and _harmonises(word[:at], syllable, syllables):
                tail = word[at + len(syllable) :]
                # An ending that begins as the syllable does is none (Kazakh -мен in үймен).
                if syllable + tail not in _endings(language) and _has_counterpart(word[:at], syllable, tail, other, syllables):
                    return True
    return False


@lru_cache(maxsize=64)
def _syllables(language: Language) -> Words:
    """The syllables that end in a vowel; the longer ones are these with the beginning of what follows."""
    return tuple(one for one in language.negation.infixes if one[-1] in _VOWELS)


def _harmonises(stem: str, syllable: str, syllables: Words) -> bool:
    """Return whether a syllable has the vowel and the consonant that a stem calls for, where the language has several."""
    every = "".join(syllables)
    if any(letter in _BACK for letter in every) and any(letter in _FRONT for letter in every):
        clear = [letter for letter in stem if letter in _BACK + _FRONT]
        if clear and (clear[-1] in _BACK) != (syllable[-1] in _BACK):
            return False
    if not any(letter in _VOWELS for letter in stem):
        return False
    return not any(one[0] in "пp" for one in syllables) or (syllable[0] in "пp") == (stem[-1] in _VOICELESS)


def _has_counterpart(stem: str, syllable: str, tail: str, other: str, syllables: Words) -> bool:
    """Return whether the other word is the stem with an ending that answers to what follows the syllable."""
    if syllable[-1] in _NARROW and tail[:1] not in tuple(_BEHIND_NARROW):
        return False
    # Both may be denied (алмаймын, алмайды), or the other have a syllable of that form (gelmemesi, gelmesi).
    return any(tail == rest or (not rest.startswith(syllables) and _answers(tail, rest)) for rest in _rests(stem, other))


def _rests(stem: str, other: str) -> Iterator[str]:
    """Yield what follows a stem in a word: as it is, without its last vowel (destekle, destekliyor), voiced (тап, табады)."""
    if other.startswith(stem):
        yield other[len(stem) :]
    elif other.startswith(stem[:-1]):
        rest = other[len(stem) - 1 :]
        if stem[-1] in _VOWELS:
            yield rest
        elif rest[:1] and rest[0] == _VOICED.get(stem[-1]):
            yield rest[1:]


def _answers(tail: str, rest: str) -> bool:
    """Return whether what follows a denied stem and what follows the stem itself are one ending."""
    if not tail:
        return not rest
    if rest[:1] in tuple(_VERBAL_NOUN) and tail[0] not in _VERBAL_NOUN_DENIED:
        return False
    denied, plain = _consonants(tail), _consonants(rest)
    if denied == plain:
        return True
    if plain[:1] == "р":
        # The aorist has an r that its denial has not: almaz and alır, алмас and алар, almam and alırım.
        return denied in (plain[1:], "с" + plain[1:])
    return plain == "п" and not denied  # барып, бармай


@lru_cache(maxsize=1 << 12)
def _consonants(ending: str) -> str:
    """The consonants of an ending, one letter for those that stand for each other."""
    return ending.translate(_sounds())


@cache
def _sounds() -> dict[int, str]:
    sounds = dict.fromkeys(map(ord, _SILENT), "")
    return sounds | {ord(letter): alike[0] for alike in _ALIKE for letter in alike}


@lru_cache(maxsize=64)
def _endings(language: Language) -> frozenset[str]:
    return frozenset(language.endings) | {""}
