"""Judge whether two words are the same word: as they are, but for a slip or an ending, or not at all."""

from __future__ import annotations

from enum import IntEnum

from claimreg.linker.figures import figure
from claimreg.linker.lexicon import (
    dates,
    negating_infixes,
    negating_prefixes,
    negating_suffixes,
    negations,
    numbers,
)
from claimreg.linker.passage import Word, plain_key
from claimreg.text.alike import QUOTED, is_same
from claimreg.text.scripts import CYRILLIC, GREEK, is_in

_LEGIBLE = 0.5


class Sameness(IntEnum):
    """Degree to which two words are the same, most first."""

    SAME = 0
    """Same but for typography: case, apostrophes, look-alike letters."""
    SLIP = 1
    """Same but for a spelling slip, scanning noise or a word ending."""
    OTHER = 2


def sameness(quote: tuple[Word, ...], source: tuple[Word, ...], quote_text: str, source_text: str) -> Sameness:
    """Return the degree to which the words of ``quote``, read as one, are those of ``source``; spans count in the texts."""
    left, right = key_of(quote), key_of(source)
    if left == right and not left[:1].isdigit():
        return Sameness.SAME
    left_figure, right_figure = figure(quote, quote_text), figure(source, source_text)
    if left_figure.digits or right_figure.digits:
        same = Sameness.SAME if left == right else Sameness.SLIP
        return same if left_figure.is_same(right_figure) else Sameness.OTHER
    if plain_key(left) == plain_key(right):
        mixed = _is_mixed(_letters(quote, quote_text)) or _is_mixed(_letters(source, source_text))
        return Sameness.SAME if mixed else Sameness.SLIP
    if denies(left, right) or _is_marked(left) or _is_marked(right):
        return Sameness.OTHER
    return Sameness.SLIP if _is_slip(plain_key(left), plain_key(right)) or is_same(left, right, QUOTED) else Sameness.OTHER


def likeness(quote: tuple[Word, ...], source: tuple[Word, ...]) -> float:
    """Return how alike the letters are (0..1); 0 when fewer than half of them are, which chance alone would give."""
    from rapidfuzz.distance import Levenshtein

    left, right = key_of(quote), key_of(source)
    alike = Levenshtein.normalized_similarity(plain_key(left), plain_key(right))
    return alike if alike >= _LEGIBLE else 0.0


def denies(left: str, right: str) -> bool:
    """Return whether one of two keys is the other with a syllable that denies (жасаған and жасамаған, fair and unfair)."""
    short, long = sorted((left, right), key=len)
    added = len(long) - len(short)
    if not 1 <= added <= 3 or len(short) < 3 or (short in negations()) != (long in negations()):  # noqa: PLR2004
        return len(short) >= 1 and (short in negations()) != (long in negations())
    if long.endswith(short) and long[:added] in negating_prefixes():
        return True
    if long.startswith(short) and (long[len(short) :] in negating_suffixes() or long[len(short) - 1 :] == "nt"):
        return True
    return any(long[:at] + long[at + added :] == short and long[at : at + added] in negating_infixes() for at in range(3, len(short)))


def adds_negation(quote: str, source: str) -> bool:
    """Return whether a quote's word denies by itself and the source's does not."""
    return quote in negations() and source not in negations()


def turns(quote: tuple[Word, ...], source: tuple[Word, ...]) -> bool:
    """Return whether what differs between two sides of an alignment is a negation, a number or a date and nothing else.

    Either side may be empty. Whoever alters a quote alters such words, so they speak against a meaning, not a place.
    """
    keys = [word.key for word in (*quote, *source)]
    if len(quote) > 1 or len(source) > 1:
        return False
    if any(key in negations() for key in keys) or (quote and source and denies(quote[0].key, source[0].key)):
        return True
    return all(key[0].isdigit() or key in numbers() for key in keys) or all(key in dates() for key in keys)


def key_of(words: tuple[Word, ...]) -> str:
    """The keys of words that are read as one."""
    return words[0].key if len(words) == 1 else "".join([word.key for word in words])


def _is_marked(key: str) -> bool:
    return key in negations() or key in numbers() or key in dates()


def _is_slip(left: str, right: str) -> bool:
    from rapidfuzz.distance import Levenshtein

    # Another first letter is more often another word (Keller, Müller) than a slip.
    allowed = _allowed(max(len(left), len(right)))
    return Levenshtein.distance(left, right) <= (allowed if left[:1] == right[:1] else max(min(1, allowed), allowed - 1))


def _allowed(length: int) -> int:
    """Edits that may be slips in a word of so many letters."""
    if length <= 2:  # noqa: PLR2004
        return 0
    if length <= 4:  # noqa: PLR2004
        return 1
    return 2 if length <= 6 else -(-length * 36 // 100)  # noqa: PLR2004


def _letters(words: tuple[Word, ...], text: str) -> str:
    return text[words[0].span.start : words[-1].span.end]


def _is_mixed(word: str) -> bool:
    latin = any("a" <= character.casefold() <= "z" for character in word)
    return latin and any(is_in(ord(character), GREEK + CYRILLIC) for character in word)
