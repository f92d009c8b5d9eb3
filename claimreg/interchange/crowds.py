"""Names of nobody: “social media users”, “various sources”, “anonymous”, in the languages of the project (``crowds.toml``)."""

from __future__ import annotations

from functools import cache, lru_cache
from typing import TYPE_CHECKING, NamedTuple

from claimreg.shipped import folder_of
from claimreg.text.fold import fold_key
from claimreg.text.words import word_bounds

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

WORDS = folder_of(__package__ or "", __file__) / "crowds.toml"
_PLATFORMS = "platforms"
_LONGEST = 200
"""Code points of a name; a longer one is a sentence, which names somebody sooner or later."""

_LONGEST_PHRASE = {True: 4, False: 12}
"""Words of a phrase, where words are spaced, and letters, where they are not; the lists have none that is longer."""

_APOSTROPHES = str.maketrans(dict.fromkeys("'’ʼʻ‘`´", " "))


class _Table(NamedTuple):
    """Phrases of one language: those for who speaks, those that may stand beside, and whether spaces part its words."""

    who: frozenset[str]
    beside: frozenset[str]
    spaced: bool


@lru_cache(maxsize=4_096)
def is_crowd(name: str) -> bool:
    """Return whether a name is nobody's: all its words are those for a crowd in one language, or names of places where people post."""
    if len(name) > _LONGEST:
        return False
    words = _words(name)
    return _vocabulary().issuperset(words) and any(_covers(table, words) for table in tables())


@cache
def tables() -> tuple[_Table, ...]:
    """The phrases of each language, with those of all languages among them."""
    import tomllib

    read = tomllib.loads(WORDS.read_text(encoding="utf-8"))
    everywhere = read[_PLATFORMS]
    shared = {
        spaced: (_phrases(everywhere["who"], spaced=spaced), _phrases(everywhere["beside"], spaced=spaced)) for spaced in (True, False)
    }
    made = []
    for table in read.values():
        spaced = not table.get("unspaced")
        who, beside = shared[spaced]
        made.append(_Table(who | _phrases(table["who"], spaced=spaced), beside | _phrases(table["beside"], spaced=spaced), spaced))
    return tuple(made)


@cache
def _vocabulary() -> frozenset[str]:
    """All words of all phrases: a name with any other, as most have, need not be looked for in each language."""
    return frozenset(word for table in tables() for phrase in (table.who | table.beside) for word in _words(phrase))


def _covers(table: _Table, words: Sequence[str]) -> bool:
    """Return whether the words are the table's phrases one after the other, somebody who speaks among them."""
    reached = {0: False}
    for start in range(len(words)):
        if start not in reached:
            continue
        for end in range(start + 1, min(len(words), start + _LONGEST_PHRASE[table.spaced]) + 1):
            phrase = _joined(words[start:end], spaced=table.spaced)
            if phrase in table.who or phrase in table.beside:
                reached[end] = reached.get(end, False) or reached[start] or phrase in table.who
    return reached.get(len(words), False)


def _phrases(listed: str, *, spaced: bool) -> frozenset[str]:
    """The listed phrases, whose words are joined by ``_``."""
    return frozenset(_joined(_words(one.replace("_", " ")), spaced=spaced) for one in listed.split())


def _words(text: str) -> list[str]:
    plain = text.translate(_APOSTROPHES)
    return [fold_key(plain[start:end]) for start, end in word_bounds(plain)]


def _joined(words: Iterable[str], *, spaced: bool) -> str:
    return (" " if spaced else "").join(words)
