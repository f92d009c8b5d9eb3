"""A quote in one alphabet and a text in another: both are read in one rough Latin spelling, word by word.

The spelling is :func:`claimreg.text.romanize.romanize`; because it is made for each word by itself, a place in it leads
back to whole words of the original. It is tried only when the letters as they are find nothing and the alphabets differ:
it tells fewer words apart. What it finds is of kind ``near`` at best.
"""

from __future__ import annotations

import re
import unicodedata
from bisect import bisect_right
from dataclasses import dataclass, replace
from functools import cache, lru_cache
from typing import TYPE_CHECKING

from claimreg.languages import language
from claimreg.linker.compare import Comparison
from claimreg.linker.lexicon import lexicon
from claimreg.linker.passage import Quote, TextIndex, Word, passage_of
from claimreg.model import Span
from claimreg.text.fold import fold_key
from claimreg.text.romanize import romanize
from claimreg.text.scripts import ARABIC, CYRILLIC, GREEK, LATIN, pattern
from claimreg.text.words import words

if TYPE_CHECKING:
    from collections.abc import Sequence

    from claimreg.languages import Spelling
    from claimreg.linker.passage import Passage
    from claimreg.linker.place import Fit

LONGEST_TEXT = 5_000_000
"""Code points; a longer text is not spelled anew, which would take a minute."""

_ALPHABETS = tuple(re.compile(pattern(script) + "+") for script in (LATIN, GREEK, CYRILLIC, ARABIC))
_SAMPLE = 500
_LEAST_SHARE = 0.2
"""Share of a text's letters from which on an alphabet is one of its own."""

_LEAST_SIGNS, _LEAST_SHARE_OF_SIGNS = 2, 0.04
"""Letters, and share of all characters, that must be the language's own for a text to be read as in it."""


@dataclass(frozen=True, slots=True)
class Respelling:
    """A text in rough Latin, its words parted by spaces; ``starts`` are their offsets in it, ``spans`` the originals."""

    original: str
    text: str
    starts: tuple[int, ...]
    spans: tuple[Span, ...]

    def word(self, respelled: Word) -> Word:
        """The word of the original that a word of the respelled text stands for."""
        span = self.spans[bisect_right(self.starts, respelled.span.start) - 1]
        return Word(span, fold_key(self.original[span.start : span.end]), respelled.at)


@dataclass(frozen=True, slots=True)
class OtherLetters:
    """A quote and a text in the one spelling, ready to be searched, with the ways back."""

    sought: Quote
    index: TextIndex
    _given: Quote
    _of_quote: Respelling
    _of_text: Respelling

    def back(self, places: Sequence[Fit]) -> tuple[Fit, ...]:
        """Places of the respelled quote as places of the quote as it was given."""
        return tuple(replace(place, passage=self._passage(place), comparison=self._comparison(place.comparison)) for place in places)

    def _passage(self, place: Fit) -> Passage:
        if place.passage is self.sought.whole:
            return self._given.whole
        return self._given.parts[self.sought.parts.index(place.passage)]

    def _comparison(self, found: Comparison) -> Comparison:
        quote, source = self._of_quote.word, self._of_text.word
        steps = tuple(step._replace(quote=tuple(map(quote, step.quote)), source=tuple(map(source, step.source))) for step in found.steps)
        sources = [word.span for step in steps for word in step.source]
        return Comparison(steps, Span(sources[0].start, sources[-1].end))


def other_letters(sought: Quote, index: TextIndex) -> OtherLetters | None:
    """The quote and the text in one spelling; ``None`` when their alphabets are the same or have no such spelling."""
    if not index.key:
        return None
    stretch = index.origin(0, len(index.key))
    if stretch.end - stretch.start > LONGEST_TEXT or not are_in_other_letters(sought.whole.text, index.text, stretch):
        return None
    of_text = index.respelled if isinstance(index.respelled, Respelling) else _respell(index.text, stretch)
    index.respelled = of_text
    of_quote = _respell(sought.whole.text, Span(0, len(sought.whole.text)))
    whole = passage_of(of_quote.text, 0, len(of_quote.text))
    if not whole.key or not of_text.text:
        return None
    parts = tuple(_part(of_quote, part) for part in sought.parts)
    quote = Quote(of_quote.text, 0, whole, parts if all(part.key for part in parts) else ())
    return OtherLetters(quote, _index_of(of_text), sought, of_quote, of_text)


def in_rough_latin(text: str) -> Passage:
    """A text as a passage in the one spelling."""
    spelt = _respell(text, Span(0, len(text))).text
    return passage_of(spelt, 0, len(spelt))


def in_cyrillic(text: str) -> str | None:
    """Kazakh in the Latin alphabet of 2021 or in Arabic letters, spelt in Cyrillic; ``None`` for any other text.

    For looking where such words may stand: some letters have two readings (``i`` is и or й), and the usual one is taken.
    Neighbours of Kazakh that share its letters are taken for it; they cost a look.
    """
    if text.isascii() and "q" not in text and "Q" not in text:
        return None
    return next((one.spell(text) for one in _spellers() if one.reads(text)), None)


class _Speller:
    """Spells a text in one alphabet of a language in its Cyrillic one."""

    def __init__(self, script: str, spelling: Spelling) -> None:
        self._has_case = script == "Latn"
        self._sign = re.compile(spelling.signs)
        self._letters = str.maketrans(spelling.letters, spelling.cyrillic, spelling.dropped)
        self._front, self._front_signs = str.maketrans(spelling.back, spelling.front), frozenset(spelling.front_signs)
        self._before, self._after = (list(zip(some[::2], some[1::2], strict=True)) for some in (spelling.before, spelling.after))

    def reads(self, text: str) -> bool:
        """Return whether the text has enough of the language's own letters."""
        return len(self._sign.findall(text)) >= max(_LEAST_SIGNS, _LEAST_SHARE_OF_SIGNS * len(text)) if self._sign.search(text) else False

    def spell(self, text: str) -> str:
        """The text in Cyrillic letters."""
        composed = unicodedata.normalize("NFC", text)
        return re.sub(r"\S+", self._spell_word, composed.replace("İ", "i").lower() if self._has_case else composed)

    def _spell_word(self, match: re.Match[str]) -> str:
        word = match[0]
        spelt = _replaced(word, self._before).translate(self._letters)
        return _replaced(spelt.translate(self._front) if self._front_signs & set(word) else spelt, self._after)


def _replaced(word: str, pairs: list[tuple[str, str]]) -> str:
    for old, new in pairs:
        word = word.replace(old, new)
    return word


@cache
def _spellers() -> list[_Speller]:
    return [_Speller(script, spelling) for tag in sorted(lexicon().spelt) for script, spelling in language(tag).spelling.items()]


@lru_cache(maxsize=8)
def _index_of(respelling: Respelling) -> TextIndex:
    return TextIndex(respelling.text)


def _part(of_quote: Respelling, part: Passage) -> Passage:
    inside = [number for number, span in enumerate(of_quote.spans) if part.span.start <= span.start < part.span.end]
    if not inside:
        return passage_of(of_quote.text, 0, 0)
    end = of_quote.starts[inside[-1] + 1] if inside[-1] + 1 < len(of_quote.starts) else len(of_quote.text)
    return passage_of(of_quote.text, of_quote.starts[inside[0]], end)


def _respell(text: str, stretch: Span) -> Respelling:
    pieces: list[str] = []
    starts: list[int] = []
    spans: list[Span] = []
    at = 0
    for start, end in words(text[stretch.start : stretch.end]):
        span = Span(stretch.start + start, stretch.start + end)
        piece = _spelling(text[span.start : span.end])
        if piece:
            pieces.append(piece)
            starts.append(at)
            spans.append(span)
            at += len(piece) + 1
    return Respelling(text, " ".join(pieces), tuple(starts), tuple(spans))


@lru_cache(maxsize=50_000)
def _spelling(word: str) -> str:
    return romanize(word).replace(" ", "")


def are_in_other_letters(quote: str, text: str, stretch: Span) -> bool:
    """Return whether a quote and a stretch of a text are in different alphabets, so that one spelling for both is to be tried."""
    of_quote = _shares(quote[:_SAMPLE])
    middle = (stretch.start + stretch.end) // 2
    of_text = _shares(text[stretch.start : min(stretch.end, stretch.start + _SAMPLE)] + text[middle : min(stretch.end, middle + _SAMPLE)])
    mine = of_quote.index(max(of_quote))
    return max(of_quote) > 0 and any(share >= _LEAST_SHARE for number, share in enumerate(of_text) if number != mine)


@lru_cache(maxsize=2_000)
def _shares(text: str) -> tuple[float, ...]:
    """Return how much of the letters belongs to each alphabet (0..1)."""
    if text.isascii():
        return (float(_ALPHABETS[0].search(text) is not None), *(0.0 for _ in _ALPHABETS[1:]))
    counts = [sum(map(len, alphabet.findall(text))) for alphabet in _ALPHABETS]
    return tuple(count / max(1, sum(counts)) for count in counts)
