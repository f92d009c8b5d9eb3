"""Comparison of speakers: a draft's with the source's. Only two names of persons can contradict each other."""

from __future__ import annotations

import re
from enum import Enum, auto
from functools import cache, cached_property
from itertools import chain
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from claimreg.dictionaries import Dictionary

OTHER_BAR = 50.0
"""Likeness of two names (0..100) up to which they are two persons'. Measured on the same persons' names across cases and scripts: 82 to
100; on others': 0 to 20."""

_WORD = re.compile(r"[^\W\d_](?:[\w'’ʼ-]*\w)?")
_INSIDE = re.compile(r"(?<=[^\W\d_A-Z,] |[a-z,] |, )[^\W\d_](?:[\w'’ʼ-]*\w)?")
_POSSESSIVE = re.compile(r"['’ʼ]s$")
_LONGEST_ACRONYM, _LONGEST_ALONE = 6, 4
"""Letters of a word in capitals among others that may be an acronym, and of one that stands alone, as names in transcripts do, too."""


class Same(Enum):
    """Answers to whether two speakers are one."""

    YES = auto()
    NO = auto()
    UNCHECKED = auto()


class Writing:
    """A text's way of writing its words: what it has with a capital inside a sentence, and what in small letters."""

    def __init__(self, text: str, lang: str | None = None) -> None:
        self._text = text
        self.lang = lang

    def is_name(self, word: str) -> bool:
        """Return whether a word has a capital inside a sentence, and is nowhere in small letters."""
        return word in self._inside and word.lower() not in self._small

    def is_small(self, word: str) -> bool:
        """Return whether a word stands somewhere in small letters."""
        return word.lower() in self._small

    @cached_property
    def _small(self) -> frozenset[str]:
        return frozenset(word for word in _WORD.findall(self._text) if word.islower())

    @cached_property
    def _inside(self) -> frozenset[str]:
        return frozenset(_POSSESSIVE.sub("", word) for word in _INSIDE.findall(self._text) if word[:1].isupper())


class _Known(NamedTuple):
    """Knowledge of a language's words: pronouns, roles and titles, which name nobody, bodies, and what may stand before a noun."""

    dictionary: Dictionary | None
    no_names: frozenset[str] = frozenset()
    bodies: frozenset[str] = frozenset()
    determiners: frozenset[str] = frozenset()

    def is_common(self, word: str) -> bool:
        return self.dictionary is None or self.dictionary.is_common(word.lower())

    def is_proper(self, word: str) -> bool:
        return self.dictionary is None or self.dictionary.is_proper(word)


@cache
def _known(lang: str | None) -> _Known:
    if not lang:
        return _Known(None)
    from claimreg.dictionaries import dictionary
    from claimreg.languages import speech

    data = speech(lang.partition("-")[0].lower())
    if data is None:
        return _Known(dictionary(lang))
    said = data.speakers
    no_names = frozenset(chain(said.pronouns, said.roles, said.titles, said.impersonal, said.determiners))
    return _Known(dictionary(lang), no_names, frozenset(said.organisations), frozenset(said.determiners))


def name_in(speaker: str, writing: Writing) -> str:
    """Return the name of a person in a speaker as a text gives him, without his office.

    It is empty for a pronoun, a role, a group, a body. A word with a capital is part of a name if the language has no such word in
    small letters, or if a word before it shows that no sentence begins there; a common word alone is one where the text writes it so.
    """
    known = _known(writing.lang)
    words = [_POSSESSIVE.sub("", word) for word in _WORD.findall(speaker)]
    capital = [word for word in words if word[:1].isupper() and len(word) > 1 and word.lower() not in known.no_names]
    # Whole lines in capitals, as in transcripts, are no acronyms.
    longest = _LONGEST_ALONE if all(map(str.isupper, words)) else _LONGEST_ACRONYM
    acronym = (longest is _LONGEST_ACRONYM or len(words) == 1) and any(word.isupper() and len(word) <= longest for word in capital)
    if acronym or any(word.lower() in known.bodies for word in capital):
        return ""
    while len(capital) > 1 and writing.is_small(capital[0]):
        capital.pop(0)
    if known.dictionary is not None and any(not known.is_common(word) for word in capital):
        return " ".join(capital)
    if len(capital) > 1:
        return " ".join(capital) if any(map(known.is_proper, capital)) else ""
    return capital[0] if capital and writing.is_name(capital[0]) and words[0].lower() not in known.determiners else ""


def _names(speaker: str, writing: Writing) -> list[str]:
    """The name in a speaker, and in what of him stands before a comma: behind it there may be others' names."""
    found = (name_in(part, writing) for part in dict.fromkeys((speaker, speaker.partition(",")[0])))
    return [name for name in found if name]


class Speakers:
    """Names that are known to be one party's: those of the registry first, then those that the command gives.

    ``party_of`` returns the id of the party that a name is recorded for, ``None`` for a name that is not; ``joined`` has names that are
    the same person's, in pairs.
    """

    def __init__(self, party_of: Callable[[str], str | None] = lambda _name: None, joined: Iterable[tuple[str, str]] = ()) -> None:
        self._party_of = party_of
        self._joined = tuple(joined)

    def compare(self, mine: str, in_draft: Writing, theirs: str, in_source: Writing) -> Same:
        """Return whether the draft's speaker is the source's."""
        from claimreg.text.names import ASK_BAR, name_similarity

        ours, others = _names(mine, in_draft), _names(theirs, in_source)
        if any(self._are_joined(one, other) for one in (mine, *ours) for other in (theirs, *others)):
            return Same.YES
        if not ours or not others:
            return Same.UNCHECKED
        likeness = max(name_similarity(one, other) for one in ours for other in others)
        if likeness <= OTHER_BAR:
            return Same.NO
        return Same.YES if likeness >= ASK_BAR else Same.UNCHECKED

    def _are_joined(self, mine: str, theirs: str) -> bool:
        party = self._party_of(mine)
        if party is not None and party == self._party_of(theirs):
            return True
        return any(_alike(mine, one) and _alike(theirs, other) for pair in self._joined for one, other in (pair, pair[::-1]))


def _alike(name: str, other: str) -> bool:
    from claimreg.text.names import ASK_BAR, name_similarity

    return name_similarity(name, other) >= ASK_BAR
