"""Forms of one word: its endings, its spellings, its short and long way to be written."""

from __future__ import annotations

import re
import unicodedata
from functools import cache, lru_cache

from claimreg.languages import language

_APOSTROPHES = re.compile("[’ʼʻ‘ʹ`´＇]")
_STRESS = re.compile("(?<=[\u0400-\u04ff])[\u0300\u0301]")
_UNEVEN = re.compile(f"{_APOSTROPHES.pattern}|[\u0300\u0301]")
_SYLLABLES = re.compile("[가-힣]")
_FURTHEST_BACK = 2
"""Letters of the common beginning that may belong to both endings (-ies and -ied)."""

_SHORTEST_RESPELT = 4


@lru_cache(maxsize=1 << 14)
def lower(word: str, tag: str) -> str:
    """A word in the lower case of its language, composed (NFC), with one kind of apostrophe and without stress marks."""
    composed = unicodedata.normalize("NFC", word)
    if _UNEVEN.search(composed):
        composed = _STRESS.sub("", _APOSTROPHES.sub("'", composed))
    if _has_dotless(tag):
        composed = composed.translate({ord("I"): "ı", ord("İ"): "i"})
    return composed.replace("İ", "i").casefold()


@cache
def _has_dotless(tag: str) -> bool:
    """Return whether a language has an i without a dot, whose capital is I."""
    return any("ı" in letters for letters in language(tag).alphabet.values())


def core(word: str) -> str:
    """The longest piece of a word between apostrophes: what it is without its article or ending (l'État, Ankara'da)."""
    return max(word.split("'"), key=len)


def common_beginning(left: str, right: str) -> int:
    """Return how many letters two words begin with alike."""
    shorter = min(len(left), len(right))
    return next((at for at in range(shorter) if left[at] != right[at]), shorter)


def differ_by_endings(left: str, right: str, endings: frozenset[str], least: int) -> bool:
    """Return whether two words have a stem of at least ``least`` letters, half of the longer one, and are it with known endings."""
    same = common_beginning(left, right)
    for stem in range(same, max(1, same - _FURTHEST_BACK, -(-max(len(left), len(right)) // 2)) - 1, -1):
        if left[stem:] in endings and right[stem:] in endings and _letters(left[:stem]) >= least:
            return True
    return False


def _letters(word: str) -> int:
    """Return how many letters a word has; a Korean syllable is written as one sign of two letters or three, and counts as two."""
    return len(word) + len(_SYLLABLES.findall(word))


@cache
def endings_of(tag: str) -> frozenset[str]:
    """The endings of a language's words, none among them where there are any."""
    return frozenset(language(tag).endings) | {""}


@cache
def endings_of_names(tag: str) -> frozenset[str]:
    """The endings of a language's names, none among them."""
    return endings_of(tag).union(language(tag).names.endings)


def is_of_the_other_sex(left: str, right: str, tag: str) -> bool:
    """Return whether one name is a man's and the other the same one of a woman (Иванов, Иванова)."""
    turns = language(tag).names.genders
    return any(
        one.endswith(his) and other.endswith(hers) and one.removesuffix(his) == other.removesuffix(hers) != ""
        for his, hers in zip(turns[::2], turns[1::2], strict=False)
        for one, other in ((left, right), (right, left))
    )


def are_spellings(left: str, right: str, tag: str) -> bool:
    """Return whether two words are two spellings of one (licence, license)."""
    return min(len(left), len(right)) >= _SHORTEST_RESPELT and _respelt(left, tag) == _respelt(right, tag)


def are_typographic(left: str, right: str, tag: str) -> bool:
    """Return whether two words differ in letters only that are written for each other by anyone's taste (ё and е)."""
    turns = language(tag).spellings
    table = {ord(one): other for one, other in zip(turns[::2], turns[1::2], strict=False) if len(one) == len(other) == 1}
    return left.translate(table) == right.translate(table)


@lru_cache(maxsize=1 << 12)
def _respelt(word: str, tag: str) -> str:
    turns = language(tag).spellings
    for one, other in zip(turns[::2], turns[1::2], strict=False):
        word = word.replace(one, other)
    return word


def long_forms(words: tuple[str, ...], tag: str) -> frozenset[str]:
    """The long forms that words (lower case) may stand for when each short form is written out; without spaces."""
    if not has_long_forms(words, tag):
        return frozenset(("".join(words).replace("'", ""),))
    found = {""}
    for word in words:
        forms = _contractions(tag).get(word, ()) or (word,)
        found = {before + form for before in found for form in (*forms, word)}
    return frozenset(one.replace("'", "") for one in found)


def has_contractions(tag: str) -> bool:
    """Return whether a language has short forms at all."""
    return bool(_contractions(tag))


def has_long_forms(words: tuple[str, ...], tag: str) -> bool:
    """Return whether one of the words (lower case) is a short form."""
    return any(word in _contractions(tag) for word in words)


@cache
def _contractions(tag: str) -> dict[str, tuple[str, ...]]:
    found: dict[str, list[str]] = {}
    turns = language(tag).contractions
    for short, long in zip(turns[::2], turns[1::2], strict=False):
        found.setdefault(lower(short, tag), []).append(lower(long, tag).replace("_", ""))
    return {short: tuple(forms) for short, forms in found.items()}
