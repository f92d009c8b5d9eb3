"""Words that turn the meaning of a quote: negations, numbers written out, months, weekdays, of all languages together.

The sets hold folded keys (see :mod:`claimreg.text.fold`) of the languages that :mod:`claimreg.languages` knows. They serve the search,
which knows no language, and tell the language of a passage; what was altered is judged by the data of that language alone.

To read fifty files takes longer than to check a quote, so what is gathered from them is kept in a file of the user's cache.
"""

from __future__ import annotations

from functools import cache
from itertools import chain
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from claimreg import languages as home
from claimreg.kept import kept
from claimreg.languages import languages
from claimreg.shipped import tables_in
from claimreg.text import fold
from claimreg.text.fold import fold_key

if TYPE_CHECKING:
    from collections.abc import Iterable


class Lexicon(NamedTuple):
    """Words of all languages: each set holds folded keys, but for ``editorial`` and ``frequent``, which are in lower case.

    ``frequent`` has the tags of the languages, parted by space, that a word is a frequent one of; ``letters`` the letters of each
    language in lower case, none where it has no alphabet; ``spelt`` the tags of those that are spelt anew in another alphabet.
    """

    negations: frozenset[str]
    numbers: frozenset[str]
    dates: frozenset[str]
    prefixes: frozenset[str]
    suffixes: frozenset[str]
    infixes: frozenset[str]
    afterwards: frozenset[str]
    editorial: frozenset[str]
    frequent: dict[str, str]
    letters: dict[str, str]
    spelt: frozenset[str]


@cache
def lexicon(folder: Path | None = None) -> Lexicon:
    """The words of all languages; ``folder`` keeps what was gathered from their files, the user's cache unless another is named."""
    sources = [*tables_in(home.FOLDER), Path(__file__), Path(fold.__file__)]
    document = kept("lexicon", sources, _gather, folder)
    words: dict[str, Any] = {name: some if isinstance(some, dict) else frozenset(some) for name, some in document.items()}
    return Lexicon(**words)


def is_negation(key: str) -> bool:
    """Return whether a word denies by itself, in some language."""
    return key in lexicon().negations


def negations() -> frozenset[str]:
    """Words that deny by themselves (not, жоқ, никогда)."""
    return lexicon().negations


def numbers() -> frozenset[str]:
    """Numbers written out in words."""
    return lexicon().numbers


def dates() -> frozenset[str]:
    """Months, weekdays and the days around today."""
    return lexicon().dates


def negating_prefixes() -> frozenset[str]:
    """Syllables that deny when put before a word (un-, не-)."""
    return lexicon().prefixes


def negating_suffixes() -> frozenset[str]:
    """Syllables that deny when put behind a word (-less, -сыз, n't)."""
    return lexicon().suffixes


def negating_infixes() -> frozenset[str]:
    """Syllables that deny when put behind the stem of a Turkic verb (жаса-ма-ған)."""
    return lexicon().infixes


def afterthoughts() -> frozenset[str]:
    """Negations that follow what they deny: a quote that stops before one says the contrary."""
    return lexicon().afterwards


def _gather() -> dict[str, Any]:
    every = languages()
    frequent: dict[str, list[str]] = {}
    for one in every:
        for word in dict.fromkeys(word.lower() for word in one.frequent):
            frequent.setdefault(word, []).append(one.tag)
    return {
        "negations": _keys(one.negation.words for one in every),
        "numbers": _keys(one.numbers for one in every),
        "dates": _keys(one.dates for one in every),
        "prefixes": _keys(one.negation.prefixes for one in every),
        "suffixes": _keys(one.negation.suffixes for one in every),
        "infixes": _keys(one.negation.infixes for one in every),
        "afterwards": _keys(one.negation.afterwards for one in every),
        "editorial": sorted({word.casefold() for one in every for word in one.editorial}),
        "frequent": {word: " ".join(tags) for word, tags in frequent.items()},
        "letters": {one.tag: "".join(sorted(set(one.foreign_letters.lower()).union(*one.alphabet.values()))) for one in every},
        "spelt": [one.tag for one in every if one.spelling],
    }


def _keys(words: Iterable[tuple[str, ...]]) -> list[str]:
    return sorted(set(map(fold_key, chain.from_iterable(words))))
