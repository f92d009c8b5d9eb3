"""Knowledge of the searched texts: how much there is of them, and how rare each word is among them.

The same few words tell a place in one article and tell nothing in a newspaper archive. A :class:`Collection` counts
words and pairs of neighbouring words, so that a stock phrase, whose every word is what the word before it led one to
expect, weighs little, and a few rare words weigh much. Memory is bounded by lossy counting (G. S. Manku and R. Motwani,
Approximate frequency counts over data streams, VLDB 2002): when a table is full, everything seen no oftener than a
floor is forgotten, and the floor rises.
"""

from __future__ import annotations

from math import exp2, log2
from typing import TYPE_CHECKING

from claimreg.text.fold import fold_key
from claimreg.text.scripts import is_unspaced
from claimreg.text.words import words

if TYPE_CHECKING:
    from collections.abc import Sequence

    from claimreg.linker.passage import Passage

MOST_ENTRIES = 300_000
"""Words, and pairs of words, that are remembered; each table takes some 40 MB when full."""

ONE_TEXT = 2_000
"""Characters that are assumed of the text at hand where no collection is given and the text is shorter."""

_SEPARATOR = "\x1f"
_BITS_OF_LENGTH = (0.0, 6.0, 6.5, 7.5, 9.0, 10.5, 11.5, 12.5, 13.0, 13.5, 14.0)
"""Bits of a word that was never counted, by its letters: what running text in eight languages gives, on the average."""

_BITS_UNSPACED = 8.0
_EXPECTED = 0.75
"""Share of a word's bits that is left once the word before it is known, where no pairs were counted."""

_PRIOR_WORDS = 2_000.0
_PRIOR_PAIRS = 12.0
_MOST_KNOWN = 2_000
_CHOSEN_BITS = 15.0
"""log₂ of the characters of a collection that a person has chosen document by document."""

_MOST_CARE, _CARE_FOR_EACH = 10.0, 2.0
"""Bits that a place in a large collection must tell beyond the characters searched, and for each doubling until then: one false place in
a thousand quotes, as is usual for BLAST's E-value (S. F. Altschul et al., Basic local alignment search tool, J. Mol. Biol. 215, 1990)."""

_OWN = 1
"""Occurrences that are not counted: the one that is being weighed is among those observed."""


class Collection:
    """Counts of words and of pairs of words in the texts observed.

    ``size`` is the length of the whole collection in characters: what was observed, unless the one who builds it from
    a sample sets it. Instances are picklable and can be merged.
    """

    __slots__ = ("_floor", "_pairs", "_total", "_words", "size")

    def __init__(self, size: int = 0) -> None:
        self.size = size
        self._words: dict[str, int] = {}
        self._pairs: dict[str, int] = {}
        self._total = 0
        self._floor = 1

    def observe(self, text: str) -> None:
        """Count the words of one more text."""
        keys = list(filter(None, (fold_key(text[start:end]) for start, end in words(text))))
        self.size += len(text)
        self._total += len(keys)
        before = ""
        for key in keys:
            self._words[key] = self._words.get(key, 0) + 1
            pair = before + _SEPARATOR + key
            self._pairs[pair] = self._pairs.get(pair, 0) + 1
            before = key
        self._forget()

    def merge(self, other: Collection) -> None:
        """Add what another collection counted."""
        self.size += other.size
        self._total += other._total
        for mine, theirs in ((self._words, other._words), (self._pairs, other._pairs)):
            for key, count in theirs.items():
                mine[key] = mine.get(key, 0) + count
        self._forget()

    def rarity(self, key: str) -> float:
        """Return how much the word with this key tells by itself, in bits: −log₂ of its share of the words."""
        return -log2(self._share(key))

    def surprise(self, before: str, key: str) -> float:
        """Return how much the word tells after the word ``before`` it, in bits (at most a little more than its rarity)."""
        if not before:
            return self.rarity(key)
        seen, of = self._pairs.get(before + _SEPARATOR + key, 0), self._words.get(before, 0) - _OWN
        seen = seen - _OWN if seen > _OWN else 0
        return -log2((seen + _PRIOR_PAIRS * self._share(key)) / (max(seen, of) + _PRIOR_PAIRS))

    def _share(self, key: str) -> float:
        seen = self._words.get(key, 0)
        prior = _PRIOR_WORDS * exp2(-unseen_bits(key))
        return ((seen - _OWN if seen > _OWN else 0) + prior) / (self._total + _PRIOR_WORDS)

    def _forget(self) -> None:
        while len(self._words) > MOST_ENTRIES or len(self._pairs) > MOST_ENTRIES:
            for table in (self._words, self._pairs):
                if len(table) > MOST_ENTRIES // 2:
                    for key in [key for key, count in table.items() if count <= self._floor]:
                        del table[key]
            self._floor += 1


def care(size: int) -> float:
    """The bits that a place must tell beyond the characters searched: a collection so large was not chosen text by text."""
    return min(_MOST_CARE, max(0.0, _CARE_FOR_EACH * (log2(max(1, size)) - _CHOSEN_BITS)))


def unseen_bits(key: str) -> float:
    """The bits of a word of which only the spelling is known, by its length."""
    if not key.isascii() and is_unspaced(key[0]):
        return _BITS_UNSPACED
    return _BITS_OF_LENGTH[len(key)] if len(key) < len(_BITS_OF_LENGTH) else _BITS_OF_LENGTH[-1]


class Ground:
    """Measure that the places of one search are weighed against: the words' bits and the number of chances.

    ``room`` is log₂ of the characters searched, and ``care`` more in a large collection, of which nobody chose a text. What else is
    looked for does not count, as in BLAST's E-value of one query: the same quote has the same places, whatever it is asked with.
    Without a collection the text at hand stands alone, and a word's bits are those of its spelling.
    """

    __slots__ = ("_known", "care", "collection", "room")

    def __init__(self, collection: Collection | None, characters: int) -> None:
        self.collection = collection
        size = max(ONE_TEXT, characters, collection.size if collection else 0)
        self.care = care(size) if collection else 0.0
        self.room = log2(size) + self.care
        self._known: dict[str, dict[int, float]] = {}

    def near(self, characters: int) -> Ground:
        """The ground for what is looked for only within so many characters, because something else was found there."""
        ground = Ground(self.collection, 0)
        ground.room, ground.care = log2(max(2, characters)), self.care
        ground._known = self._known
        return ground

    def of_spellings(self) -> Ground:
        """Return the same chances for words in another spelling, of which nothing was counted."""
        ground = Ground(None, 0)
        ground.room, ground.care = self.room, self.care
        return ground

    def bits(self, passage: Passage) -> dict[int, float]:
        """The bits of each word of a passage after the one before it, by the word's place in the passage's key."""
        found = self._known.get(passage.key)
        if found is None or len(found) != len(passage.words):
            keys = [word.key for word in passage.words]
            found = {word.at: value for word, value in zip(passage.words, self._surprises(keys), strict=True)}
            if len(self._known) >= _MOST_KNOWN:
                self._known.clear()
            self._known[passage.key] = found
        return found

    def all_bits(self, passage: Passage) -> float:
        """The bits of all words of a passage: no place tells more, as a word tells its bits at best."""
        return sum(self.bits(passage).values())

    def most_bits_of_a_word(self, passage: Passage) -> float:
        """The greatest bits that a word of a passage may have where another passage begins with it, and no word is known before it."""
        return max((self._surprises([word.key])[0] for word in passage.words), default=0.0)

    def _surprises(self, keys: Sequence[str]) -> list[float]:
        if self.collection is None:
            return [unseen_bits(key) * (_EXPECTED if number else 1.0) for number, key in enumerate(keys)]
        return [self.collection.surprise(before, key) for before, key in zip(["", *keys], keys, strict=False)]
