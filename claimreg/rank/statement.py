"""A statement as ranking sees it: its skeleton in Latin letters, whatever script it is written in, field by field."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cached_property, lru_cache
from typing import TYPE_CHECKING

from claimreg.text.han import in_simplified
from claimreg.text.romanize import romanize
from claimreg.text.scripts import is_unspaced
from claimreg.text.words import word_bounds

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

LONGEST = 4_000
"""Code points of a field that count; beyond them nothing is said once."""

_NAMES = "\x01"
"""A sign that no skeleton has."""

_FIRST_UNSPACED = "\u0e00"
_ADDRESS = re.compile(r"(?:https?://|www\.|pic\.twitter\.com/)\S+|\S+@\S+\.\S+", re.IGNORECASE)
_TAG = re.compile(r"[#@](\w+)")
_DIGIT = re.compile(r"\d")
_HUMP = re.compile(r"(?<=[^\W\d_A-Z])(?=[A-Z])")
_SIGNED = re.compile(r"[—–―][^—–―]{0,100}\d{4}\Z")


@dataclass(frozen=True)
class Statement:
    """A statement with the texts that say it: the claim first, then its title and quotes; one read from an index has no texts.

    ``skeletons`` are the texts' skeletons (see :mod:`claimreg.text.romanize`), ``marked`` the words of them that name someone or
    something: with a capital where no sentence begins, or with a digit. ``spelt`` are further words by which it is found: other
    spellings of those that it has.
    """

    texts: tuple[str, ...]
    skeletons: tuple[str, ...]
    spelt: tuple[str, ...] = ()

    @cached_property
    def fields(self) -> tuple[tuple[str, ...], ...]:
        """The words of each skeleton."""
        return tuple(tuple(skeleton.split()) for skeleton in self.skeletons)

    @cached_property
    def marked(self) -> frozenset[str]:
        """The words that name someone or something."""
        return frozenset(word for text in self.texts for word in _marked(text))

    @cached_property
    def unsigned(self) -> str:
        """All that is said, but for a signature that the first text ends in; empty where there is none."""
        first = self.texts[0] if self.texts else ""
        unsigned = without_signature(first)
        return " ".join(filter(None, (romanize(unsigned), *self.skeletons[1:]))) if unsigned != first else ""

    @property
    def whole(self) -> str:
        """All skeletons as one."""
        return " ".join(self.skeletons)


def read_statement(texts: Sequence[str]) -> Statement:
    """Prepare a statement; addresses are no words of anyone, and a hashtag is the words that it runs together."""
    plain = tuple(plain_words(text[:LONGEST]) for text in texts if text.strip())
    return Statement(plain, tuple(romanize(text) for text in plain))


@lru_cache(maxsize=50_000)
def packed(text: str) -> str:
    """The skeleton of one text with a sign before each word that names something: all that is needed of a statement that is not asked.

    What was packed lately is remembered: names of parties and cases come again and again.
    """
    statement = read_statement([text])
    marked = statement.marked
    if not marked:
        return " ".join(statement.skeletons)
    return " ".join([_NAMES + word if word in marked else word for field in statement.fields for word in field])


def unpacked(skeletons: Sequence[str], spelt: Sequence[str] = ()) -> Statement:
    """A statement of what `packed` gave, also for the other spellings of its words; it has no texts."""
    others = tuple(word for skeleton in plain_skeletons(spelt) for word in skeleton.split())
    statement = Statement((), plain_skeletons(skeletons), others)
    named = [word[1:] for skeleton in skeletons if _NAMES in skeleton for word in skeleton.split() if word[0] == _NAMES]
    # Known already, it is not to be worked out from the texts.
    statement.__dict__["marked"] = frozenset(named)
    return statement


def plain_skeletons(skeletons: Iterable[str]) -> tuple[str, ...]:
    """Return what `packed` gave, without the signs."""
    return tuple([skeleton.replace(_NAMES, "") for skeleton in skeletons])


def without_signature(text: str) -> str:
    """A text without who posted or said it, and when, as embedded posts and quotations end: a dash, a name, a date with its year."""
    signature = _SIGNED.search(text.rstrip())
    return text[: signature.start()] if signature else text


def plain_words(text: str) -> str:
    """A text without addresses, its hashtags as the words that they run together."""
    if "/" in text or "@" in text or "#" in text:
        text = _TAG.sub(lambda tag: f" {_HUMP.sub(' ', tag[1])} ", _ADDRESS.sub(" ", text))
    text = in_simplified(text)
    if text and not text.isascii() and max(text) >= _FIRST_UNSPACED:
        # Scripts that write no spaces: each character is a word, and a run of four has two of them.
        text = "".join([f" {one} " if is_unspaced(one) else one for one in text])
    return text


def _marked(text: str) -> list[str]:
    found: list[str] = []
    if text[1:] == text[1:].lower() and not _DIGIT.search(text):
        return found
    for number, (start, end) in enumerate(word_bounds(text)):
        word = text[start:end]
        if (number and word[:1].isupper()) or (not word.isalpha() and any(map(str.isdigit, word))):
            found += _name(word)
    return found


@lru_cache(maxsize=50_000)
def _name(word: str) -> list[str]:
    return romanize(word).split()
