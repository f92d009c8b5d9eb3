"""The quote and the text as the matcher sees them: keys, words with their place in the key, and the way back."""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from dataclasses import dataclass, field
from functools import cache, lru_cache
from itertools import accumulate
from typing import TYPE_CHECKING, NamedTuple

from claimreg.errors import InputError
from claimreg.model import Span
from claimreg.text.fold import fold, fold_key
from claimreg.text.han import simplified
from claimreg.text.scripts import IDEOGRAPHS, JAMO, is_unspaced, pattern
from claimreg.text.words import word_bounds

if TYPE_CHECKING:
    from collections.abc import Sequence

LONGEST_QUOTE = 20_000
"""Code points; nobody quotes more, and the alignment's cost grows with the square."""

_SHORTEST_KEY = 3
_SHORTEST_UNSPACED_KEY = 2
_BLOCK = 512
_USUAL_WORD_REACH, _WORD_REACH = 48, 200
"""Distances from a place, in code points, in which the end of a cut word is looked for: first, and if that is not enough."""

_READ_REACH = 24
"""Distance from a stretch in which the words beside it are read with it, which tell that its own are whole."""

_CLEAR = 12
"""Code points between a word and the end of a piece that tell that the word is whole, even where a line end cuts it."""

_DOTS = r"(?:[…⋯‥]+|\.{2,}|\.\s\.\s\.|[·・]{2,}|。{3,}|(?<=[\[(<])\s*(?:snip|cut)\s*(?=[\])>]))"
_ELLIPSIS = re.compile(rf"\[\s*{_DOTS}\s*\]|\(\s*{_DOTS}\s*\)|<\s*{_DOTS}\s*>|{_DOTS}", re.IGNORECASE)

_MAY_BE_ELLIPSIS = re.compile(r"[…⋯‥.·・。\[(<](?:(?<=[…⋯‥])|(?<=\.)\s?\.|(?<=[·・])[·・]|(?<=。)。|(?<=[\[(<])\s*[sc])", re.IGNORECASE)
"""Beginning that every ellipsis sign has; that a quote has none is told by it in a twelfth of the time."""

_IDEOGRAPHS, _JAMO = re.compile(pattern(IDEOGRAPHS)), re.compile(pattern(JAMO))

_PLAIN_LETTERS = ("қғңнүұөәиєґҳҷłøđðħŧæ", "kгhhyyoaieгxчloddhta")


class Word(NamedTuple):
    """One word: its ``span`` in the original (code points), its key and where that key stands in the passage's key."""

    span: Span
    key: str
    at: int

    @property
    def end(self) -> int:
        """Return where the word's key ends in the passage's key."""
        return self.at + len(self.key)


@dataclass(frozen=True, slots=True)
class Passage:
    """A stretch of ``text`` from its first word to its last one.

    ``key`` is its folded key, ``plain`` the same with letters that a poor keyboard lacks (қ, ө, ł) replaced one for one by the
    letters that people type instead, and traditional Chinese characters by simplified ones. ``weight`` is the length in letters of
    an alphabet: an ideograph tells as much as two letters, a jamo (a third of a Korean syllable) as much as half a one.
    """

    text: str
    span: Span
    words: tuple[Word, ...]
    key: str
    plain: str
    weight: float


@dataclass(frozen=True, slots=True)
class WordsRead:
    """The words of ``text`` from ``start`` to ``end`` (code points), as lists: for several passages of the same stretch.

    ``starts`` and ``ends`` are their places in the text, ``ats`` those of their ``keys`` in the key of all, with its length behind them.
    """

    text: str
    start: int
    end: int
    starts: list[int]
    ends: list[int]
    keys: list[str]
    ats: list[int]

    def touched(self, start: int, end: int) -> tuple[int, int] | None:
        """The first of the words that ``text[start:end]`` touches, and the one behind the last; ``None`` where they may go on outside.

        A word has the same bounds, whatever is read around it, where another word was read before it and one behind it: what may join
        two words stands between them.
        """
        first, last = bisect_right(self.ends, start), bisect_left(self.starts, end)
        is_whole = first < last and (first > 0 or self.start == 0) and (last < len(self.starts) or self.end == len(self.text))
        return (first, last) if is_whole else None

    def passage(self, first: int, last: int) -> Passage:
        """The passage of some words in a row, of one at least."""
        key = "".join(self.keys[first:last])
        before = self.ats[first]
        spans = map(Span, self.starts[first:last], self.ends[first:last])
        found = tuple(map(Word, spans, self.keys[first:last], [at - before for at in self.ats[first:last]]))
        return Passage(self.text, Span(self.starts[first], self.ends[last - 1]), found, key, plain_key(key), weight_of(key))


@dataclass(slots=True)
class TextIndex:
    """A text with its key; offsets are mapped back block by block, only where something was found.

    ``lang`` is its recorded language (BCP 47), if any. ``respelled`` keeps what :mod:`claimreg.linker.respell` made of the text, once it
    was asked to.
    """

    text: str
    lang: str | None = None
    key: str = ""
    plain: str = ""
    respelled: object = None
    _block_keys: list[int] = field(default_factory=list)
    _origins: dict[int, tuple[list[int], list[int]]] = field(default_factory=dict)
    _read: WordsRead | None = None

    def __post_init__(self) -> None:
        """Fold the text."""
        pieces = [fold_key(self.text[start : start + _BLOCK]) for start in range(0, len(self.text), _BLOCK)]
        total = 0
        for piece in pieces:
            self._block_keys.append(total)
            total += len(piece)
        self.key = "".join(pieces)
        self.plain = plain_key(self.key)

    def origin(self, start: int, end: int) -> Span:
        """The code points of the text that the characters ``start`` to ``end`` of the key came from."""
        return Span(self._origin_of(start)[0], self._origin_of(max(start, end - 1))[1])

    def passage(self, start: int, end: int) -> Passage:
        """The whole words of the text that the characters ``start`` to ``end`` of the key touch."""
        words, first, last = self.touched(start, end)
        return words.passage(first, last) if first < last else passage_at(self.text, *self.origin(start, end))

    def touched(self, start: int, end: int) -> tuple[WordsRead, int, int]:
        """Return the same as words that were read, the number of the first one, and of the one behind the last."""
        span = self.origin(start, end)
        if self._read is None or span.start < self._read.start or span.end > self._read.end:
            self._read = _read(self.text, max(0, span.start - _READ_REACH), span.end + _READ_REACH)
        found = self._read.touched(*span)
        if found is not None:
            return self._read, *found
        left, piece, bounds = _touched(self.text, *span)
        words = _words_read(self.text, left, piece, bounds)
        return words, 0, len(words.keys)

    def read(self, start: int, end: int) -> None:
        """Read the words of a stretch of the key, in which several passages will be asked for."""
        span = self.origin(start, end)
        if self._read is None or span.start < self._read.start or span.end > self._read.end:
            self._read = _read(self.text, max(0, span.start - _READ_REACH), span.end + _READ_REACH)

    def key_range(self, start: int, end: int) -> Span:
        """A stretch of the key that holds ``text[start:end]``, at most a few thousand characters longer."""
        first = max(0, start) // _BLOCK
        last = -(-min(end, len(self.text)) // _BLOCK)
        until = self._block_keys[last] if last < len(self._block_keys) else len(self.key)
        return Span(self._block_keys[first] if self._block_keys else 0, until)

    def _origin_of(self, position: int) -> tuple[int, int]:
        block = bisect_right(self._block_keys, position) - 1
        if block not in self._origins:
            folded = fold(self.text[block * _BLOCK : (block + 1) * _BLOCK])
            self._origins[block] = (list(folded.starts), list(folded.ends))
        starts, ends = self._origins[block]
        inside = position - self._block_keys[block]
        return block * _BLOCK + starts[inside], block * _BLOCK + ends[inside]


@dataclass(frozen=True, slots=True)
class Quote:
    """A quote ready to be looked for.

    ``typed`` is the quote without the space around it, ``lead`` how many code points of space came before it; spans
    count from the start of the quote as it was given. ``parts`` are the passages between ellipsis signs. ``lang`` is its recorded
    language (BCP 47), if any.
    """

    typed: str
    lead: int
    whole: Passage
    parts: tuple[Passage, ...]
    lang: str | None = None


def read_quote(quote: str, lang: str | None = None) -> Quote:
    """Prepare a quote, of which ``lang`` is the recorded language.

    Raises :class:`InputError` when it has no letters or digits, too few of them, or more than ``LONGEST_QUOTE`` code
    points.
    """
    if len(quote) > LONGEST_QUOTE:
        message = f"The quote is {len(quote):,} characters long; quote a passage of at most {LONGEST_QUOTE:,} characters."
        raise InputError(message)
    whole = passage_of(quote, 0, len(quote))
    if not whole.key:
        message = "The quote has no letters or digits to look for; type the words that were said."
        raise InputError(message)
    shortest = _SHORTEST_UNSPACED_KEY if any(map(is_unspaced, whole.key)) else _SHORTEST_KEY
    if len(whole.key) < shortest:
        message = "The quote is too short to look for; quote at least one whole word of three letters or figures."
        raise InputError(message)
    typed = quote.strip()
    stretches = stretches_between_ellipses(quote)
    parts = tuple(part for part in (passage_of(quote, *span) for span in stretches) if part.key) if len(stretches) > 1 else (whole,)
    return Quote(typed, len(quote) - len(quote.lstrip()), whole, parts, lang)


def passage_of(text: str, start: int, end: int) -> Passage:
    """The words of ``text[start:end]`` as a passage; a word that an end cuts is cut."""
    piece = text[start:end]
    return _passage(text, start, piece, word_bounds(piece))


def passage_at(text: str, start: int, end: int) -> Passage:
    """The whole words that ``text[start:end]`` touches; a word whose end is out of reach is no word of anyone's."""
    return _passage(text, *_touched(text, start, end))


def _read(text: str, start: int, end: int) -> WordsRead:
    piece = text[start:end]
    return _words_read(text, start, piece, word_bounds(piece))


def _words_read(text: str, offset: int, piece: str, bounds: Sequence[tuple[int, int]]) -> WordsRead:
    keys = [_word_key(piece[start:end]) for start, end in bounds]
    if not all(keys):
        bounds = [bound for bound, key in zip(bounds, keys, strict=True) if key]
        keys = [key for key in keys if key]
    starts, ends = [offset + start for start, _ in bounds], [offset + end for _, end in bounds]
    return WordsRead(text, offset, offset + len(piece), starts, ends, keys, [*accumulate(map(len, keys), initial=0)])


def words_at(text: str, start: int, end: int) -> tuple[Word, ...]:
    """The words of :func:`passage_at`, for those who have no use for the keys of all."""
    return tuple(_words(*_touched(text, start, end)))


def _touched(text: str, start: int, end: int) -> tuple[int, str, list[tuple[int, int]]]:
    """Return where a piece of the text begins that holds the words that ``text[start:end]`` touches, the piece, and their spans in it."""
    for reach in (_USUAL_WORD_REACH, _WORD_REACH):
        left, right = max(0, start - reach), min(len(text), end + reach)
        piece = text[left:right]
        begin, until = start - left, end - left
        touched = [bounds for bounds in word_bounds(piece) if bounds[1] > begin and bounds[0] < until]
        if not touched or (_is_clear(left, touched[0][0]) and _is_clear(len(text) - right, len(piece) - touched[-1][1])):
            break
    if touched and left and touched[0][0] == 0:
        del touched[0]
    if touched and right < len(text) and touched[-1][1] == len(piece):
        del touched[-1]
    return left, piece, touched


def _is_clear(beyond: int, room: int) -> bool:
    """Return whether a word at this distance from the end of a piece cannot be cut by it; ``beyond`` is what lies outside."""
    return not beyond or room >= _CLEAR


def without_words(passage: Passage, spans: Sequence[Span]) -> Passage:
    """The passage without the words that lie in ``spans`` (code points of its text), words that end in one of them without that end."""
    kept = []
    for word in passage.words:
        over = next((span for span in spans if span.start < word.span.end <= span.end), None)
        if over is None:
            kept.append(word.span)
        elif word.span.start < over.start:
            kept.append(Span(word.span.start, over.start))
    return only_words(passage, kept)


def only_words(passage: Passage, spans: Sequence[tuple[int, int]]) -> Passage:
    """The passage of just these words."""
    return _passage(passage.text, 0, passage.text, spans)


def plain_key(key: str) -> str:
    """The key with letters that a poor keyboard lacks, and traditional characters, replaced one for one: қ by к, ł by l, 國 by 国."""
    return key if key.isascii() else key.translate(_plain_table())


@cache
def _plain_table() -> dict[int, int | str]:
    letters: dict[int, int] = str.maketrans(fold_key(_PLAIN_LETTERS[0]), fold_key(_PLAIN_LETTERS[1]))
    return {**letters, **simplified()}


def _passage(text: str, offset: int, piece: str, spans: Sequence[tuple[int, int]]) -> Passage:
    found = _words(offset, piece, spans)
    key = "".join([word.key for word in found])
    span = Span(found[0].span.start, found[-1].span.end) if found else Span(offset, offset)
    return Passage(text, span, tuple(found), key, plain_key(key), weight_of(key))


def _words(offset: int, piece: str, spans: Sequence[tuple[int, int]]) -> list[Word]:
    found: list[Word] = []
    total = 0
    for start, end in spans:
        key = _word_key(piece[start:end])
        if key:
            found.append(Word(Span(offset + start, offset + end), key, total))
            total += len(key)
    return found


@lru_cache(maxsize=1 << 16)
def _word_key(word: str) -> str:
    """The key of a word; running text says the same ones again and again."""
    return fold_key(word)


def stretches_between_ellipses(quote: str) -> list[Span]:
    """The stretches of a quote between its ellipsis signs: one, all of it, where there is no such sign."""
    cuts = [cut.span() for cut in _ELLIPSIS.finditer(quote)] if _MAY_BE_ELLIPSIS.search(quote) else []
    starts, ends = [0, *(end for _, end in cuts)], [*(start for start, _ in cuts), len(quote)]
    return list(map(Span, starts, ends))


def weight_of(key: str) -> float:
    """The weight of a folded key, see `Passage`."""
    if key.isascii():
        return len(key)
    return len(key) + len(_IDEOGRAPHS.findall(key)) - len(_JAMO.findall(key)) / 2
