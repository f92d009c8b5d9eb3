"""Words of one language that count or date, ready to be looked up: with their endings, in phrases, and joined to one word."""

from __future__ import annotations

import unicodedata
from fractions import Fraction
from functools import lru_cache
from itertools import chain
from typing import TYPE_CHECKING, NamedTuple

from claimreg.linker.judge.combine import compound_value
from claimreg.linker.judge.entries import Entry, Kind
from claimreg.text.fold import fold_key
from claimreg.text.scripts import is_unspaced
from claimreg.text.words import words

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from claimreg.languages import Calendar, Language, Numerals, Words

_LONGEST_COMPOUND = 80
"""Letters of a word from which on it is not taken apart."""

_PART = 4
"""Letters that both parts of a word have at least that begins with a number."""

_BEGINNING = 2
"""Letters of a word by which most others are told apart from it."""

_MOST_KEPT = 1 << 14

_SURE_STEM = 4
"""Letters of a stem from which on a word with an ending is taken for a number by itself; Kazakh онда is *then* as well as *in ten*."""

_TELLING = 3
"""The number by whose forms a language is told whose stems change (три, трёх).

Behind its numbers no endings are looked for that are not listed: семья is no form of семь.
"""

_BELOW = 21
"""Numbers below this one show how cardinals end; *thousand* ends as *second* does."""


class Wordlist(NamedTuple):
    """Senses by the folded keys of a word or phrase; what was looked up once is kept in ``looked_up`` and ``told``.

    ``joined`` are the words that stand in phrases, ``beginnings`` the first letters of all. ``units`` are signs that are letters (km),
    ``common`` the words that running text has most of: *5 in* is no length.
    """

    phrases: dict[tuple[str, ...], tuple[Entry, ...]]
    endings: frozenset[str]
    ordinal_endings: frozenset[str]
    doubtful_endings: frozenset[str]
    ordinal_signs: frozenset[str]
    joiners: tuple[str, ...]
    inside: str
    units: frozenset[str]
    common: frozenset[str]
    inflects: bool
    longest: int
    joined: frozenset[str]
    beginnings: frozenset[str]
    looked_up: dict[str, tuple[Entry, ...]]
    told: dict[str, bool]

    def at(self, keys: tuple[str, ...]) -> tuple[int, tuple[Entry, ...]]:
        """Return how many of the words that follow make an entry, and its senses; one word without a sense where there is none."""
        for length in range(min(self.longest, len(keys)) if keys[0] in self.joined else 1, 1, -1):
            found = self.phrases.get(keys[:length])
            if found:
                return length, found
        return 1, self.senses(keys[0])

    def senses(self, key: str) -> tuple[Entry, ...]:
        """The senses of one word as listed, with endings, or taken apart."""
        found = self.looked_up.get(key)
        if found is None:
            found = self.phrases.get((key,)) or self._inflected(key) or self._attached(key) or self._compound(key)
            if len(self.looked_up) < _MOST_KEPT:
                self.looked_up[key] = found
        return found

    def may_count(self, key: str) -> bool:
        """Return whether a word has a sense, or may be a part of something that has; nearly all words of a text may not."""
        found = self.told.get(key)
        if found is None:
            found = key in self.joined or key in self.units or bool(self.senses(key)) or self.number_first(key) is not None
            if len(self.told) < _MOST_KEPT:
                self.told[key] = found
        return found

    def number_first(self, key: str) -> tuple[Fraction, str] | None:
        """The number that a word begins with and the rest of it, where words are joined or inflected (пятнадцатилетний)."""
        if not (self.inflects or self.inside) or not (self.joiners or self._begins(key)):
            return None
        for cut in range(len(key) - _PART, _PART - 1, -1):
            values = [entry.value for entry in self.senses(key[:cut]) if entry.kind is Kind.NUMBER and not entry.ordinal and not entry.part]
            if values:
                return values[0], key[cut:]
        return None

    def is_ending(self, key: str) -> bool:
        """Return whether letters behind a figure are an ending, or two in a row."""
        if not self.endings:
            return len(key) < _SURE_STEM and not key[:1].isdigit()
        return key in self.endings or any(key[:at] in self.endings and key[at:] in self.endings for at in range(1, len(key)))

    def is_ending_of_words(self, key: str) -> bool:
        """Return whether letters may be an ending behind a number word that is not listed with it."""
        return not self.inflects and key in self.endings

    def ordinals_of(self, ending: str) -> tuple[bool, ...]:
        """Return whether a figure with this ending is ordinal: yes, no, or either."""
        starts = {ending[:at] for at in range(2, len(ending) + 1) if at == len(ending) or ending[at:] in self.endings}
        if starts & self.ordinal_endings:
            return (True,)
        return (False, True) if ending in self.doubtful_endings else (False,)

    def _begins(self, key: str) -> bool:
        """Return whether a listed word may stand at the head of another one."""
        return key[:1] in self.beginnings or key[:_BEGINNING] in self.beginnings

    def _inflected(self, key: str) -> tuple[Entry, ...]:
        for cut in range(len(key) - 1, 1, -1) if not self.inflects and self._begins(key) else ():
            stem = self.phrases.get((key[:cut],), ())
            found = [entry for entry in stem if entry.kind in _DECLINED]
            if found and self.endings and self.is_ending(key[cut:]):
                return tuple(entry._replace(ended=True, sure=cut >= _SURE_STEM) for entry in found)
        return ()

    def _attached(self, key: str) -> tuple[Entry, ...]:
        """The senses of a word with its joiner before it, as Arabic writes them."""
        for joiner in self.joiners:
            if not joiner.isascii() and len(joiner) == 1 and key.startswith(joiner) and len(key) > len(joiner) + 1:
                return self.phrases.get((key[len(joiner) :],), ())
        return ()

    def _compound(self, key: str) -> tuple[Entry, ...]:
        """The value of number words written as one (zwölfhundert, einundzwanzig, onbir)."""
        if not self.endings and not self.inside and not self.phrases:
            return ()
        if not len(key) <= _LONGEST_COMPOUND or not self._begins(key):
            return ()
        found = compound_value(key, self)
        return () if found is None else (Entry(Kind.NUMBER, found[0], ordinal=found[1]),)


_DECLINED = frozenset({Kind.NUMBER, Kind.MONTH, Kind.WEEKDAY, Kind.SIGN})


@lru_cache(maxsize=64)
def wordlist(language: Language) -> Wordlist:
    """The words of a language that count or date."""
    numerals, signs = language.numerals, language.signs
    phrases: dict[tuple[str, ...], list[Entry]] = {}
    unsure = {_phrase(word) for word in language.hedges}
    for words_of, entry in _entries(numerals, language.calendar, signs):
        for word in (words_of, words_of.replace("-", "_")) if "-" in words_of else (words_of,):
            phrase = _phrase(word)
            senses = phrases.setdefault(phrase, [])
            sense = entry._replace(sure=False) if phrase in unsure else entry
            if phrase and sense not in senses:
                senses.append(sense)
    for word, kind in chain(((word, Kind.COUNTED) for word in language.numbers), ((word, Kind.RELATIVE) for word in language.dates)):
        phrases.setdefault(_phrase(word), [Entry(kind)])
    phrases.pop((), None)
    signed = [phrase for phrase, senses in phrases.items() if senses[0].ordinal and _counts(phrase[1:], phrases)]
    for phrase in signed:
        del phrases[phrase]
    cardinals = [(fold_key(word), int(value)) for word, value in _pairs(numerals.cardinals)]
    ordinals = {fold_key(word) for word, _ in _pairs(numerals.ordinals)}
    endings = frozenset(map(fold_key, numerals.endings)) - {""}
    of_low = _ends(word for word, value in cardinals if value < _BELOW)
    of_ordinals = endings & _ends(ordinals)
    clear = {ending for ending in of_ordinals if len(ending) > 1 and ending not in of_low}
    return Wordlist(
        phrases={phrase: tuple(senses) for phrase, senses in phrases.items()},
        endings=endings,
        ordinal_endings=frozenset(clear),
        doubtful_endings=frozenset(of_ordinals - clear),
        ordinal_signs=frozenset(phrase[0] for phrase in signed),
        joiners=tuple(map(fold_key, numerals.joiners)),
        inside=fold_key(numerals.inside),
        units=frozenset(fold_key(sign) for sign in signs[1::2] if sign[:1].isalpha()),
        common=frozenset(map(fold_key, language.frequent)),
        inflects=_changes_stems([word for word, value in cardinals if value == _TELLING]),
        beginnings=frozenset(phrase[0][:_BEGINNING] for phrase in phrases if len(phrase) == 1),
        joined=frozenset(key for phrase in (*phrases, *signed) if len(phrase) > 1 for key in phrase),
        looked_up={},
        told={},
        longest=max((len(phrase) for phrase in phrases), default=1),
    )


def _ends(some: Iterable[str]) -> set[str]:
    """Endings of words, of any length."""
    return {word[at:] for word in some for at in range(len(word))}


def _counts(phrase: tuple[str, ...], phrases: dict[tuple[str, ...], list[Entry]]) -> bool:
    """Return whether a phrase is of cardinals alone, as those are that a sign before them makes ordinal (第二十一)."""
    return bool(phrase) and all(any(sense.kind is Kind.NUMBER and not sense.ordinal for sense in phrases.get((key,), ())) for key in phrase)


def _changes_stems(forms: list[str]) -> bool:
    """Return whether the forms of a word are more than its shortest one and endings."""
    stem = min(forms, key=len, default="")
    return not all(form.startswith(stem) for form in forms)


@lru_cache(maxsize=1 << 12)
def _entry(kind: Kind, value: str, *, ordinal: bool = False, part: bool = False) -> Entry:
    """The sense of a value, which many words have."""
    return Entry(kind, Fraction(value), ordinal, part)


def _entries(numerals: Numerals, calendar: Calendar, signs: Words) -> Iterator[tuple[str, Entry]]:
    for word, value in _pairs(numerals.cardinals):
        yield word, _entry(Kind.NUMBER, value)
    for word, value in _pairs(numerals.ordinals):
        yield word, _entry(Kind.NUMBER, value, ordinal=True)
    for word, value in _pairs(numerals.fractions):
        yield word, _entry(Kind.NUMBER, value, part=True)
    for word, value in _pairs(calendar.months):
        yield word, _entry(Kind.MONTH, value)
    for word, value in _pairs(calendar.weekdays):
        yield word, _entry(Kind.WEEKDAY, value)
    yield from ((word, Entry(Kind.SIGN, sign=fold_key(sign) or sign)) for word, sign in _pairs(signs) if is_unit(sign))
    listed = (
        (numerals.points, Kind.POINT),
        (numerals.joiners, Kind.JOINER),
        (calendar.relative, Kind.RELATIVE),
        (calendar.around, Kind.AROUND),
    )
    for names, kind in listed:
        yield from ((word, Entry(kind)) for word in names)


def is_unit(sign: str) -> bool:
    """Return whether a sign tells what a number counts, as % and € do and & does not."""
    return any(character in "%‰°" or unicodedata.category(character) in {"Sc", "Ll", "Lu", "Lo"} for character in sign)


def _pairs(listed: Words) -> Iterable[tuple[str, str]]:
    return zip(listed[::2], listed[1::2], strict=False)


def _phrase(word: str) -> tuple[str, ...]:
    """The keys of a phrase, whose words an underscore joins; ideographs are a word each, as they are in texts."""
    if word.isalpha() and not is_unspaced(word[0]):
        # Of one word, its key; looking for words takes longer than all else here.
        return (fold_key(word),)
    spaced = word.replace("_", " ")
    return tuple(filter(None, (fold_key(spaced[start:end]) for start, end in words(spaced))))
