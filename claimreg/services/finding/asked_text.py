"""A query to texts: its words and phrases, and where in a text they stand, despite endings, slips and scripts."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple

from claimreg.rank.explain import Spellings, likeness_said, spellings_of
from claimreg.rank.word_groups import AskedGroups, asked_groups, asked_pair, pair_key
from claimreg.text.alike import ASKED
from claimreg.text.han import in_simplified
from claimreg.text.other_spellings import other_spelling
from claimreg.text.romanize import romanize
from claimreg.text.scripts import is_unspaced
from claimreg.text.words import word_bounds

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

_MOST_WORDS = 40
"""Words of a query that count; a longer one is a quote, which `check` is for."""

_LEAST_LIKE, _STEM = ASKED.letters, ASKED.stem
"""Likeness of letters, and equal letters at the begin, one of which two words have that are the same by `claimreg.text.alike`."""

_PHRASE = re.compile(r"[\"“”„‟«‹「『]([^\"“”„‟«»‹›「」『』]+)[\"“”‟»›」』]")


class AskedWord(NamedTuple):
    """A word of a query: its spellings; or, of a script without spaces, one or two characters, as `pair_key` has them."""

    spellings: Spellings
    pair: str = ""

    @property
    def groups(self) -> AskedGroups:
        """The hashes by which texts that have it are found."""
        return asked_pair(self.pair) if self.pair else asked_groups(self.spellings)


class Occurrence(NamedTuple):
    """A place where something asked for stands, and how like (0..1) it is; ``first`` and ``last`` count the text's words."""

    start: int
    end: int
    unit: int
    likeness: float
    first: int
    last: int


class AskedText:
    """A query, ready to be looked for in one text after the other; what was found of a word is remembered for the next text.

    ``units`` are what is counted as found or not: a word, by its place in ``words``, or several in a row that were asked for as a phrase.
    """

    def __init__(self, query: str) -> None:
        self.words: list[AskedWord] = []
        self.units: list[tuple[int, ...]] = []
        begin = 0
        for phrase in _PHRASE.finditer(query):
            self._take(query[begin : phrase.start()])
            self._take(phrase[1], is_phrase=True)
            begin = phrase.end()
        self._take(query[begin:])
        self._places = {word.pair: at for at, word in enumerate(self.words) if word.pair}
        self._spelt = [(at, word.spellings) for at, word in enumerate(self.words) if not word.pair]
        self._known: dict[str, tuple[tuple[int, float], ...]] = {}
        self._of_word: dict[int, list[int]] = {}
        for number, unit in enumerate(self.units):
            if len(unit) == 1:
                self._of_word.setdefault(unit[0], []).append(number)
        self._phrases = [(number, unit) for number, unit in enumerate(self.units) if len(unit) > 1]

    @property
    def required(self) -> tuple[int, ...]:
        """The units without which a text is no answer: the phrases."""
        return tuple(number for number, _unit in self._phrases)

    def _take(self, text: str, *, is_phrase: bool = False) -> None:
        """Take in words of the query."""
        places = [self._place(word) for word in _asked_words(text)][: max(0, _MOST_WORDS - sum(map(len, self.units)))]
        units = [tuple(places)] if is_phrase else [(place,) for place in places]
        self.units += [unit for unit in dict.fromkeys(units) if unit and unit not in self.units]

    def _place(self, word: AskedWord) -> int:
        if word not in self.words:
            self.words.append(word)
        return self.words.index(word)

    def found_in(self, text: str) -> list[Occurrence]:
        """The places of the units in a text, in order."""
        bounds = word_bounds(text)
        of_words: list[Occurrence] = []
        written = [text[start:end].lower() for start, end in bounds]
        if self._spelt:
            self._learn(dict.fromkeys(written))
            for number, word in enumerate(written):
                for place, likeness in self._known.get(word, ()):
                    of_words.append(Occurrence(*bounds[number], place, likeness, number, number))
        if self._places:
            of_words += self._pairs(text, bounds)
        found = [one._replace(unit=unit) for one in of_words for unit in self._of_word.get(one.unit, ())]
        for number, unit in self._phrases:
            found += _in_a_row(of_words, unit, number)
        return sorted(found)

    def _learn(self, written: dict[str, None]) -> None:
        """Compare words that were not met yet with those asked for."""
        unknown = [word for word in written if word not in self._known]
        self._known.update(dict.fromkeys(unknown, ()))
        near = self._near(unknown)
        said = [(word, spellings) for word, spellings in zip(near, spellings_of(near), strict=True) if spellings]
        if not said:
            return
        table = likeness_said([spellings for _at, spellings in self._spelt], [spellings for _word, spellings in said])
        for row, column in zip(*(one.tolist() for one in table.nonzero()), strict=True):
            self._known[said[column][0]] += ((self._spelt[row][0], float(table[row, column])),)

    def _near(self, words: list[str]) -> list[str]:
        """The words that may be like one asked for, told sooner than how like it is."""
        import numpy as np
        from rapidfuzz.distance import OSA
        from rapidfuzz.process import cdist

        asked = list(dict.fromkeys(one.skeleton for _at, spellings in self._spelt for one in spellings))
        # What is not of letters alone, or may be spelt otherwise, is told by all its spellings only.
        plain = [word for word in words if word.isalpha() and not other_spelling(word)]
        skeletons = romanize(in_simplified(" ".join(plain))).split()
        if len(skeletons) != len(plain) or not plain:
            return words
        table = cdist(asked, skeletons, scorer=OSA.normalized_similarity, score_cutoff=_LEAST_LIKE, dtype=np.float32)
        like = np.asarray(table.max(0) > 0).tolist()
        stems = {skeleton[:_STEM] for skeleton in asked}
        far = {
            word for word, skeleton, is_like in zip(plain, skeletons, like, strict=True) if not is_like and skeleton[:_STEM] not in stems
        }
        return [word for word in words if word not in far]

    def _pairs(self, text: str, bounds: Sequence[tuple[int, int]]) -> Iterator[Occurrence]:
        """The characters asked for, by themselves and by twos."""
        before = (-1, -1)
        for number, (start, end) in enumerate(bounds):
            if is_unspaced(text[start]):
                if (place := self._places.get(pair_key(text[start:end]))) is not None:
                    yield Occurrence(start, end, place, 1.0, number, number)
                if before[1] == start and (place := self._places.get(pair_key(text[before[0] : end]))) is not None:
                    yield Occurrence(before[0], end, place, 1.0, number - 1, number)
            before = (start, end)


def _asked_words(text: str) -> Iterator[AskedWord]:
    """The words of a text; of a run of characters without spaces, each two that stand side by side."""
    bounds = word_bounds(text)
    spelt = spellings_of([text[start:end] for start, end in bounds])
    runs = [is_unspaced(text[start]) for start, _end in bounds]
    for number, ((start, end), spellings) in enumerate(zip(bounds, spelt, strict=True)):
        if not runs[number]:
            if spellings:
                yield AskedWord(spellings)
            continue
        follows = number > 0 and runs[number - 1] and bounds[number - 1][1] == start
        goes_on = number + 1 < len(bounds) and runs[number + 1] and bounds[number + 1][0] == end
        if follows:
            yield AskedWord((), pair_key(text[bounds[number - 1][0] : end]))
        elif not goes_on:
            yield AskedWord((), pair_key(text[start:end]))


def _in_a_row(found: Sequence[Occurrence], phrase: tuple[int, ...], unit: int) -> Iterator[Occurrence]:
    """The places where the words of a phrase stand one after the other."""
    begin: dict[tuple[int, int], Occurrence] = {(one.first, one.unit): one for one in found}
    for one in found:
        if one.unit != phrase[0]:
            continue
        row = [one]
        for word in phrase[1:]:
            # The next two characters of a run begin with the second of these.
            following = begin.get((row[-1].last + 1, word)) or begin.get((row[-1].last, word))
            if following is None:
                break
            row.append(following)
        else:
            yield Occurrence(one.start, row[-1].end, unit, sum(each.likeness for each in row) / len(row), one.first, row[-1].last)
