"""Read the words of a passage as numbers, months, signs and other words, one item after the other, figures first."""

from __future__ import annotations

import re
import unicodedata
from fractions import Fraction
from typing import TYPE_CHECKING, NamedTuple

from claimreg.linker.judge.digits import SPACES, Date, Values, ascii_digits, date_in_figures, figure_length, values_of, year_of_two
from claimreg.linker.judge.entries import Entry, Kind
from claimreg.text.fold import fold_key

if TYPE_CHECKING:
    from collections.abc import Sequence

    from claimreg.linker.judge.wordlist import Wordlist
    from claimreg.linker.passage import Word

_MINUS = "-−–"
_OPENERS = '([«"“„'
_APOSTROPHES = "'’‘"
_HYPHENS = "-‐‑"
_PERCENT = {"٪": "%", "％": "%", "﹪": "%"}
_ROMAN = re.compile(r"m{0,3}(cm|cd|d?c{0,3})(xc|xl|l?x{0,3})(ix|iv|v?i{0,3})")
_ROMAN_VALUES = {"i": 1, "v": 5, "x": 10, "l": 50, "c": 100, "d": 500, "m": 1000}
_LONGEST_DATE = 14
_DECADE = "s"
"""Letter that makes ten years of one (1990s)."""

SCALES = {"k": 10**3, "m": 10**6, "b": 10**9, "bn": 10**9}
"""Scales as they are written behind a sum of money ($1.2m); elsewhere *m* may be metres."""

_YEARS = range(1000, 2100)
_SPACED_DECIMALS = ", "
_STEM = 3
"""Letters that count of what stands behind a number within a word."""

_REACH = 8
"""Code points before a word in which the hyphen stands that makes it the ending of a figure."""


class Reading(NamedTuple):
    """One value of a number, and whether it is ordinal; ``foreign`` where another language reads its figures so (1,200 in Russian)."""

    value: Fraction
    ordinal: bool = False
    foreign: bool = False


class Item(NamedTuple):
    """The words ``first`` to ``last`` (exclusive) of a passage and what they stand for together.

    ``figure`` tells a number that figures write, ``year`` one that may be a year as it is written, ``sure`` one whose words are
    seldom anything else. ``dates`` are what a date may be, ``senses`` those of a single word that is listed.
    """

    first: int
    last: int
    kind: Kind
    key: str
    readings: frozenset[Reading] = frozenset()
    unit: str = ""
    dates: frozenset[Date] = frozenset()
    figure: bool = False
    year: bool = False
    sure: bool = True
    senses: tuple[Entry, ...] = ()

    @property
    def value(self) -> Fraction | None:
        """The value of a number that has but one."""
        values = {reading.value for reading in self.readings if not reading.foreign}
        return values.pop() if len(values) == 1 else None

    def sense(self, kind: Kind) -> Entry | None:
        """The sense of this kind that the word has."""
        return next((entry for entry in self.senses if entry.kind is kind), None)


class Passage(NamedTuple):
    """Words of a text with the words that count or date in its language.

    ``mark`` is the language's decimal sign; ``spaced`` allows a space behind the one of figures (``74, 9``).
    """

    words: Sequence[Word]
    text: str
    known: Wordlist
    mark: str
    spaced: bool = False

    def between(self, at: int) -> str:
        """The text between the word before and the one at ``at``; a line end at either end of the passage."""
        if not 0 < at < len(self.words):
            return "\n"
        return self.text[self.words[at - 1].span.end : self.words[at].span.start]

    def letters(self, at: int) -> str:
        """The word as it is written."""
        span = self.words[at].span
        return self.text[span.start : span.end]


def may_count(word: Word, text: str, known: Wordlist) -> bool:
    """Return whether a word may be read as a number or a part of one: then it is worth while to read what stands around it."""
    if word.key[0].isdigit() or known.may_count(word.key) or _is_roman(text[word.span.start : word.span.end], word.key):
        return True
    if not known.is_ending(word.key):
        return False
    return text[max(0, word.span.start - _REACH) : word.span.start].rstrip(f"{SPACES}%％٪").endswith(tuple(_HYPHENS))


def items_of(passage: Passage) -> list[Item]:
    """The items of a passage, in order; each word stands in one."""
    found: list[Item] = []
    at = 0
    known, text, plain = passage.known, passage.text, Kind.WORD
    told = known.told
    for number, word in enumerate(passage.words):
        if number < at:
            continue
        key, item = word.key, None
        first = key[0]
        if first.isdigit():
            item = _date(passage, at) or _figure(passage, at)
        elif first in _ROMAN_VALUES and not text[word.span.start].islower():
            item = _roman(passage, at)
        if item is None:
            # Nearly every word was asked for before.
            counts = told.get(key)
            if counts is None:
                counts = known.may_count(key)
            item = _listed(passage, at) if counts else Item(at, at + 1, plain, key)
        found.append(item)
        at = item.last
    return found


def places_of(kinds: Sequence[Kind], items: Sequence[Item]) -> list[int]:
    """The numbers of the items of these kinds, of which no plain word is one: nearly all are, which is told first."""
    plain = Kind.WORD
    return [at for at, item in enumerate(items) if item.kind is not plain and item.kind in kinds]


def _listed(passage: Passage, at: int) -> Item:
    """The item of a word that may be listed, with those behind it that are of one phrase with it."""
    # Only a word of a phrase can go on in the next ones.
    ahead = passage.known.longest if passage.words[at].key in passage.known.joined else 1
    keys = tuple([word.key for word in passage.words[at : at + ahead]])
    length, senses = passage.known.at(keys)
    if not senses and len(keys[0]) > 1 and keys[0] in passage.known.units - passage.known.common:
        return Item(at, at + 1, Kind.SIGN, keys[0], senses=(Entry(Kind.SIGN, sign=keys[0]),))
    if not senses:
        return _with_number_first(passage.known, keys[0], at) or Item(at, at + 1, Kind.WORD, keys[0])
    # Turkish yüzde is a hundred with an ending, and nearly always per cent.
    percent = any(entry.sign == "%" for entry in senses)
    readings = frozenset(Reading(entry.value, entry.ordinal) for entry in senses if entry.kind is Kind.NUMBER and not percent)
    kind = Kind.SIGN if percent else Kind.NUMBER if readings else senses[0].kind
    sure = all(entry.sure for entry in senses)
    return Item(at, at + length, kind, " ".join(keys[:length]), readings, sure=sure, senses=senses)


def _with_number_first(known: Wordlist, key: str, at: int) -> Item | None:
    """A word that begins with a number word, as adjectives do."""
    parts = known.number_first(key)
    if parts is None:
        return None
    # The rest counts by its beginning: its ending is not the number's.
    return Item(at, at + 1, Kind.NUMBER, key, frozenset({Reading(parts[0])}), unit=parts[1][:_STEM], sure=False)


def _date(passage: Passage, at: int) -> Item | None:
    """A date in figures (12.03.2021, 2021-03-12)."""
    start = passage.words[at].span.start
    length, dates = date_in_figures(ascii_digits(passage.text[start : start + _LONGEST_DATE]))
    if not dates or passage.text[start - 1 : start] in {".", "/"}:
        return None
    last = next((end for end in range(at, len(passage.words)) if passage.words[end].span.end >= start + length), at)
    return Item(at, last + 1, Kind.DATE, passage.words[at].key, dates=dates, figure=True)


def _figure(passage: Passage, at: int) -> Item | None:
    """A number that begins with a digit, with its groups, its fraction, its sign and its ending."""
    written = ascii_digits(passage.letters(at))
    length = figure_length(written)
    if not length:
        return _vulgar(passage, at)
    digits, last, rest = written[:length], at + 1, written[length:]
    while not rest and _continues(passage, last, digits):
        digits += " " + ascii_digits(passage.letters(last))
        last += 1
    if passage.spaced and digits.isdigit() and passage.between(last) == _SPACED_DECIMALS and passage.letters(last).isdecimal():
        digits += "." + ascii_digits(passage.letters(last))
        values, last = Values(frozenset({Fraction(digits)})), last + 1
    else:
        values = values_of(digits, passage.mark)
    if not rest:
        values, last = _with_fraction(passage, digits, values, last)
    two = len(digits) == 2 and _is_short_year(passage, at)  # noqa: PLR2004 -- '21
    short = frozenset(map(Fraction, year_of_two(digits))) if two else frozenset[Fraction]()
    readings = frozenset(Reading(value) for value in values.own | short) | {Reading(value, foreign=True) for value in values.foreign}
    year = two or (digits.isdigit() and len(digits) == 4 and int(digits) in _YEARS)  # noqa: PLR2004 -- as years are written
    item = Item(at, last, Kind.NUMBER, digits, readings, figure=True, year=year)
    return _with_tail(passage, _signed(passage, item), rest)


def _continues(passage: Passage, at: int, digits: str) -> bool:
    """Return whether the next word is a further group of three digits (1 200 000,5)."""
    if not 0 < at < len(passage.words) or passage.between(at) not in SPACES or not re.fullmatch(r"[1-9]\d{0,2}(?: \d{3})*", digits):
        return False
    return bool(re.fullmatch(r"\d{3}(?:[.,]\d+)?", ascii_digits(passage.letters(at))))


def _with_fraction(passage: Passage, digits: str, values: Values, last: int) -> tuple[Values, int]:
    """The values and the end of a number with the fraction that figures write: 1/2, 2 1/2."""
    if not digits.isdigit() or len(digits) > 4:  # noqa: PLR2004 -- a fraction is short
        return values, last
    below = _below(passage, last)
    if below:
        return Values(frozenset({Fraction(int(digits), below)})), last + 1
    above = passage.letters(last) if passage.between(last) in SPACES else ""
    below = _below(passage, last + 1) if above.isdecimal() else 0
    if below and int(above) < below:
        return Values(frozenset({int(digits) + Fraction(int(above), below)})), last + 2
    return values, last


def _below(passage: Passage, at: int) -> int:
    """The denominator behind a stroke; 0 where there is none."""
    if passage.between(at) not in {"/", "⁄"} or passage.between(at + 1)[:1] in {"/", "⁄"}:
        return 0
    letters = passage.letters(at)
    return int(letters) if letters.isdecimal() and len(letters) <= 4 else 0  # noqa: PLR2004 -- a fraction is short


def _vulgar(passage: Passage, at: int) -> Item | None:
    """A fraction that is one character (½)."""
    letters = passage.letters(at)
    if len(letters) != 1 or unicodedata.category(letters) != "No":
        return None
    value = Fraction(unicodedata.numeric(letters)).limit_denominator(16)
    return Item(at, at + 1, Kind.NUMBER, letters, frozenset({Reading(value)}), figure=True)


def _is_short_year(passage: Passage, at: int) -> bool:
    start = passage.words[at].span.start
    before = passage.text[max(0, start - 2) : start]
    return before[-1:] in {*_APOSTROPHES} and bool(before) and (len(before) == 1 or not before[0].isalnum())


def _signed(passage: Passage, item: Item) -> Item:
    """The number with the sign before or behind it, and with its minus."""
    start, end = passage.words[item.first].span.start, passage.words[item.last - 1].span.end
    before = passage.text[max(0, start - 4) : start]
    sign = _sign(before.rstrip(SPACES)[-1:])
    if sign:
        before = before.rstrip(SPACES)[:-1]
    if before[-1:] in {*_MINUS} and (len(before) == 1 or before[-2].isspace() or before[-2] in _OPENERS):
        item = item._replace(readings=frozenset(reading._replace(value=-reading.value) for reading in item.readings))
    behind = _sign(passage.text[end : end + 2].lstrip(SPACES)[:1])
    return item._replace(unit=sign or behind)


def _sign(character: str) -> str:
    if not character:
        return ""
    character = _PERCENT.get(character, character)
    return character if character in "%‰°" or unicodedata.category(character) == "Sc" else ""


def _with_tail(passage: Passage, item: Item, rest: str) -> Item:
    """The number with the letters behind its figures: an ending, a scale, a unit, or what is no number's."""
    tail = fold_key(rest)
    if not tail:
        return _with_ending(passage, item)
    senses = passage.known.phrases.get((tail,), ())
    values = [entry.value for entry in senses if entry.kind is Kind.NUMBER and not entry.ordinal]
    scale = Fraction(SCALES[tail]) if item.unit and tail in SCALES else values[0] if values else None
    if scale:
        return item._replace(readings=frozenset(reading._replace(value=reading.value * scale) for reading in item.readings), year=False)
    sign = next((entry.sign for entry in senses if entry.kind is Kind.SIGN), tail if tail in passage.known.units else "")
    if sign:
        return item._replace(unit=item.unit or sign, year=False)
    if passage.known.is_ending(tail) and not (tail == _DECADE and item.key.endswith("0")):
        return _ordered(passage, item, tail)
    return item._replace(unit=f"{item.unit}{tail}", sure=len(item.key) > 1, year=False)


def _with_ending(passage: Passage, item: Item) -> Item:
    """The number with the ending that a hyphen joins to it (16-ға, 4,9%-ға)."""
    if item.last < len(passage.words):
        end = passage.words[item.last - 1].span.end
        joint = passage.text[end : passage.words[item.last].span.start].strip("%％٪").strip(SPACES)
        key = passage.words[item.last].key
        joins = len(joint) == 1 and joint in _HYPHENS and not key[:1].isdigit() and not passage.known.phrases.get((key,))
        if joins and passage.known.is_ending(key):
            return _ordered(passage, item._replace(last=item.last + 1), key)
        if item.figure and joint == "-" and not key[:1].isdigit():
            # In Turkic languages a hyphen before the word makes the figure ordinal (7-класс).
            return _of_either_order(item)
    end = passage.words[item.last - 1].span.end
    if item.figure and re.match(r"\.[ \u00a0]\S", passage.text[end : end + 3]):
        # A point behind a figure makes it ordinal in German, Polish, Turkish; or it ends a sentence.
        return _of_either_order(item)
    return item


def _of_either_order(item: Item) -> Item:
    return item._replace(readings=frozenset(reading._replace(ordinal=order) for reading in item.readings for order in (False, True)))


def _ordered(passage: Passage, item: Item, ending: str) -> Item:
    orders = passage.known.ordinals_of(ending)
    return item._replace(readings=frozenset(reading._replace(ordinal=order) for reading in item.readings for order in orders))


def _roman(passage: Passage, at: int) -> Item | None:
    """A Roman numeral in capitals; it is as often another word, so it counts only against another number."""
    letters, key = passage.letters(at), passage.words[at].key
    if not _is_roman(letters, key):
        return None
    values = [_ROMAN_VALUES[letter] for letter in key]
    total = sum(-value if value < max(values[index:]) else value for index, value in enumerate(values))
    readings = frozenset(Reading(Fraction(total), order) for order in (False, True))
    item = Item(at, at + 1, Kind.NUMBER, key, readings, sure=False)
    tailed = _with_tail(passage, item, "")
    return tailed._replace(readings=readings)


def _is_roman(letters: str, key: str) -> bool:
    return key[:1] in _ROMAN_VALUES and letters.isupper() and key != "i" and _ROMAN.fullmatch(key) is not None
