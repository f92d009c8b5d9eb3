"""Explanation why a claim answers a query: which words asked for are said, where, and how much of the query that is."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple, TypeAlias

import numpy as np

from claimreg.rank.statement import LONGEST
from claimreg.text.alike import ASKED, SAID, likenesses
from claimreg.text.fold import fold_key
from claimreg.text.han import in_simplified
from claimreg.text.other_spellings import other_spelling
from claimreg.text.romanize import romanize
from claimreg.text.words import words

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from claimreg.model import Span
    from claimreg.rank.index import StatementIndex
    from claimreg.text.alike import Matrix

_FIELD_WEIGHTS = {"claim": 1.0, "title": 0.95, "quote": 0.9, "party": 0.85, "tag": 0.85, "case": 0.8}
"""Weights that decide which field is named where a word stands in several."""

_SHORT = 4
"""Letters of a skeleton up to which a word is short: one letter more or another one is mostly another word."""

_ONE_LETTER = re.compile(r"([^\W\d_])\1{2,}", re.IGNORECASE)
"""Word of one letter, again and again: no sound but a sign (KKK), known by that letter alone."""

_DOUBLED = re.compile(r"([^\W\d_])\1+", re.IGNORECASE)


class FoundWord(NamedTuple):
    """A word asked for, as written there (``said``): in which kind of field, and where in the field's text (code points)."""

    asked: str
    field: str
    said: str
    text: str
    span: Span


class Explanation(NamedTuple):
    """The words found, in the order in which they were asked for, and their share of the query by their rarity (0..1)."""

    coverage: float
    found: tuple[FoundWord, ...]


class AskedWords:
    """The words of a query, ready to be looked for in one claim after the other."""

    def __init__(self, query: str, index: StatementIndex) -> None:
        first: dict[str, _Word] = {}
        for word in _words(_beginning(query)):
            first.setdefault(word.spellings[0].skeleton, word)
        self._words = list(first.values())
        rarity = index.rarities(first) if self._words else np.zeros(0, np.float32)
        # Where there are few claims, how rare a word is among them says little: no word counts for more than two others.
        self._weights = 1 + rarity / max(1e-9, float(rarity.max(initial=0)))
        self._query = query

    def __bool__(self) -> bool:
        return bool(self._words)

    def explain(self, fields: Iterable[tuple[str, str]]) -> Explanation:
        """Return which of the words stand in a claim's fields."""
        said = [(kind, text, word) for kind, text in fields for word in _words(text)]
        if not self._words or not said:
            return Explanation(0.0, ())
        spelt = [word.spellings for word in self._words]
        table = likeness_said(spelt, [word.spellings for _kind, _text, word in said])
        weighed = table * np.array([_FIELD_WEIGHTS[kind] for kind, *_ in said], np.float32)
        best = weighed.argmax(1)
        found = [
            FoundWord(self._query[slice(*word.span)], said[at][0], said[at][1][slice(*said[at][2].span)], said[at][1], said[at][2].span)
            for number, (word, at) in enumerate(zip(self._words, best.tolist(), strict=True))
            if weighed[number, at] > 0
        ]
        return Explanation(float((table.max(1) * self._weights).sum() / max(1e-9, float(self._weights.sum()))), tuple(found))


class Spelling(NamedTuple):
    """A spelling of a word: its skeleton, and how many letters are there only because one is doubled."""

    skeleton: str
    doubled: int


Spellings: TypeAlias = tuple[Spelling, ...]


class _Word(NamedTuple):
    """A word by where it stands, as it is written and as it is spelt otherwise."""

    span: Span
    spellings: Spellings


def likeness_said(asked: Sequence[Spellings], said: Sequence[Spellings]) -> Matrix:
    """Return how like (0..1) each word asked for is to each word said, in any of their spellings; 0 where it is not said.

    Every word has at least one spelling.
    """
    rows, columns = _Spelt(asked), _Spelt(said)
    table = likenesses(rows.skeletons, columns.skeletons, ASKED)
    table[table < SAID] = 0
    # Of a short word, another letter makes another unless two changed places; of a very short one, a doubled letter, too (ann, an).
    shorter = np.minimum(rows.lengths[:, None], columns.lengths[None])
    short = shorter <= _SHORT
    table[(shorter < _SHORT) & (rows.doubled[:, None] != columns.doubled[None])] = 0
    replaced = (rows.lengths[:, None] == columns.lengths[None]) & (table < 1) & (rows.letters[:, None] != columns.letters[None])
    table[short & replaced] = 0
    return np.maximum.reduceat(np.maximum.reduceat(table, rows.begins, axis=0), columns.begins, axis=1)


class _Spelt:
    """All spellings of words, one after the other, with what is asked of each; ``begins`` is where each word's begin."""

    def __init__(self, some: Sequence[Spellings]) -> None:
        every = [spelling for spellings in some for spelling in spellings]
        self.skeletons = [spelling.skeleton for spelling in every]
        self.begins = np.cumsum([0, *map(len, some[:-1])])
        self.doubled = np.array([spelling.doubled for spelling in every])
        self.lengths = np.array([len(skeleton) for skeleton in self.skeletons])
        self.letters = np.array(["".join(sorted(skeleton)) for skeleton in self.skeletons])


def _beginning(query: str) -> str:
    """Return as much of a query as counts, no word of it cut."""
    cut = query[:LONGEST]
    return cut if len(query) <= LONGEST else cut.rpartition(" ")[0] or cut


def _words(text: str) -> list[_Word]:
    """The words of a text that have a skeleton."""
    spans = words(text)
    spelt = spellings_of([text[span.start : span.end] for span in spans])
    return [_Word(span, spellings) for span, spellings in zip(spans, spelt, strict=True) if spellings]


def spellings_of(written: Sequence[str]) -> list[Spellings]:
    """The spellings of each word: its skeleton, and how others may type it; none of a word without a skeleton."""
    skeletons = romanize(in_simplified(" ".join(written))).split()
    if len(skeletons) != len(written):
        # Some word has none, or falls in two, as those that are not all letters may.
        plain = [word for word in written if word.isalpha()]
        together = romanize(in_simplified(" ".join(plain))).split()
        known = dict(zip(plain, together, strict=True)) if len(together) == len(plain) else {}
        skeletons = [known.get(word) or _skeleton(word) for word in written]
    return [_spellings(word, skeleton) if skeleton else () for skeleton, word in zip(skeletons, written, strict=True)]


def _spellings(word: str, skeleton: str) -> Spellings:
    own, other = _spelling(word, skeleton), _spelling(other_spelling(word)) if not word.isascii() else None
    return tuple(one for one in (own, other) if one is not None)


def _spelling(word: str, skeleton: str | None = None) -> Spelling | None:
    """Return the spelling of a word with its skeleton, where that is known; none of an empty word."""
    if skeleton == word:
        # Most words in lower case: a skeleton doubles no letter.
        return Spelling(skeleton, 0)
    if _ONE_LETTER.fullmatch(word):
        return Spelling(fold_key(word), 0)
    skeleton = skeleton or _skeleton(word)
    return Spelling(skeleton, len(word) - len(_DOUBLED.sub(r"\1", word))) if skeleton else None


def _skeleton(word: str) -> str:
    return romanize(in_simplified(word)).replace(" ", "")
