"""Marks over and under letters, and letters that many keyboards lack: what some type and others leave out."""

from __future__ import annotations

import unicodedata
from functools import cache, lru_cache

from claimreg.linker.judge.costs import bare
from claimreg.linker.judge.knowledge import knowledge


@lru_cache(maxsize=1 << 14)
def marks(word: str) -> str:
    """The marks of a word in order, and the letters of it that stand for another one with a mark."""
    decomposed = unicodedata.normalize("NFD", word.casefold())
    return "".join(one for one in decomposed if one in _marked() or unicodedata.combining(one)) if not word.isascii() else ""


def has_marks(text: str) -> bool:
    """Return whether a text has marks (:func:`marks`): each letter is looked at once, however often it stands there."""
    if text.isascii():
        return False
    letters = set(unicodedata.normalize("NFD", text.casefold()))
    return not _marked().isdisjoint(letters) or any(map(unicodedata.combining, letters))


@lru_cache(maxsize=1 << 14)
def without_marks(word: str) -> str:
    """A word (lower case, NFC) as it is typed by those whose keyboard lacks marks."""
    return word if word.isascii() else "".join(map(bare, word))


@cache
def _marked() -> frozenset[str]:
    return frozenset(pair[0] for pair in knowledge().plain)
