"""Dictionaries: which words a language has, and which of them are forms of one word."""

from __future__ import annotations

from typing import Protocol

VERSION = "none"
"""Version of all the words; others may lead to other verdicts."""


class Dictionary(Protocol):
    """Known words of a language and what they are forms of."""

    def lemmas(self, word: str) -> frozenset[int]:
        """Return the lemmas, by number, that a word is a form of, in whatever case it is written; empty for an unknown word."""

    def is_common(self, word: str) -> bool:
        """Return whether the word is known in lower case."""

    def is_proper(self, word: str) -> bool:
        """Return whether the word is known with a capital."""


def dictionary(_tag: str) -> Dictionary | None:
    """Return the dictionary of a language (BCP 47), or None where there is none."""
    return None
