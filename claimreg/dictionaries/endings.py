"""Dictionary of a language that sets ending behind ending: its roots and endings are listed, not its forms."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

    from claimreg.dictionaries.table import Table
    from claimreg.shipped import Shipped

_SHORTEST_ROOT = 3
"""Letters of a root that endings may follow: a shorter one is the beginning of too many words."""

_KEPT = 10_000
"""Forms and endings that are kept at hand."""

_LONG_ROOT = 0.5
"""Share of a word's letters from which on a root is taken to be the word's; below, only the longest root is.

A short root at the head of a long word is more often chance: what stands behind it is the rest of another root. Of 250 Kazakh words put
in place of others, 238 were told at .5, 232 at .4 and 218 at .6 (``benchmarks/judge.py``, which draws anew each time).
"""


class WithEndings:
    """Dictionary in which a word is known that is a root, or a root with one or two endings.

    With chains of any length a misprint is a word too easily, with one ending too few words are known: by the same measure 238 words
    were told, and 241 of 250 slips taken for slips; with any number of endings 235 and 237, with one 222 and 239.
    """

    def __init__(self, roots: Table, endings: frozenset[str]) -> None:
        self._roots = roots
        self._endings = endings
        self._lemmas_of_form = lru_cache(_KEPT)(self._find)
        self._is_ending = lru_cache(_KEPT)(self._is_one_or_two)

    def lemmas(self, word: str) -> frozenset[int]:
        """Return the roots, by number, that a word may be a form of, in whatever case it is written; empty for an unknown word."""
        return self._lemmas_of_form(self._roots.lower(word)) | self._lemmas_of_form(self._roots.title(word))

    def knows(self, word: str) -> bool:
        """Return whether a word has lemmas, in less time than it takes to find them."""
        return self.is_common(word) or self.is_proper(word)

    def is_common(self, word: str) -> bool:
        """Return whether the word is known in lower case."""
        return any(True for _ in self._roots_in(self._roots.lower(word)))

    def is_proper(self, word: str) -> bool:
        """Return whether the word is known with a capital."""
        return any(True for _ in self._roots_in(self._roots.title(word)))

    def _find(self, form: str) -> frozenset[int]:
        found = dict(self._roots_in(form))
        longest = max(found.values(), default=0)
        return frozenset(root for root, length in found.items() if length >= min(longest, _LONG_ROOT * len(form)))

    def _roots_in(self, form: str) -> Iterator[tuple[int, int]]:
        """Yield the roots, by number, that a form may have, and their letters; the longest first."""
        for length in range(len(form), max(1, min(len(form), _SHORTEST_ROOT)) - 1, -1):
            if length == len(form) or self._is_ending(form[length:]):
                root = self._roots.lemma(form[:length])
                if root is not None:
                    yield root, length

    def _is_one_or_two(self, rest: str) -> bool:
        endings = self._endings
        return rest in endings or any(rest[:at] in endings and rest[at:] in endings for at in range(1, len(rest)))


def read_lines(path: Shipped) -> Iterator[str]:
    """Yield the lines of a list of words, without its comments."""
    with path.open(encoding="utf-8") as file:
        for line in file:
            if not line.startswith("#"):
                yield line.rstrip("\n")
