"""The letters that languages are written with, where neighbours are told apart by them.

Two uses: a guess of a language is corrected when the text has letters which that language does not have, and of several
decodings of the same bytes the one is taken whose letters all belong to one language. The letters are those of schoolbooks
and of the CLDR's main exemplar sets, in lower case; foreign names in a text are why a single strange letter proves nothing.
"""

from __future__ import annotations

from functools import cache

from claimreg.languages import language, languages

CYRILLIC = ("ru", "uk", "be", "bg", "mk", "sr", "kk", "ky", "tt", "ba", "mn", "tg", "uz")
"""Languages in Cyrillic letters that take one another's place in guesses."""

TURKIC_LATIN = ("tr", "az", "uz", "tk", "crh", "tt", "kk", "kk-2018")
"""Turkic languages in Latin letters. Kazakh has two: of 2021 and of 2018; models of languages know neither."""

ARABIC = ("ar", "fa", "ur", "ps", "ckb", "ug", "kk")
"""Languages in Arabic letters. Kazakh has no ئ, ې, ۈ, غ or خ, which no line of Uyghur is without."""


@cache
def alphabet(script: str, tag: str) -> str:
    """The letters of a language in a script (ISO 15924); the year of a reform stands behind the tag as it does behind the script."""
    base, dash, year = tag.partition("-")
    return language(base).alphabet[f"{script}{dash}{year}"]


@cache
def all_alphabets() -> dict[str, frozenset[str]]:
    """The letters of every language whose letters are known here; of one in several scripts, all of them."""
    return {one.tag: frozenset("".join((*one.alphabet.values(), one.foreign_letters))) for one in languages() if one.alphabet}


def foreign_letters(letters: str, alphabet: str | frozenset[str]) -> int:
    """Count those of the ``letters`` (lower case, each as often as it stands) that the alphabet does not have."""
    return sum(letter not in alphabet for letter in letters)
