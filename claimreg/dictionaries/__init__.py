"""Dictionaries: which words a language has, and which of them are forms of one word.

The words of 54 languages come from simplemma, whose lists take seconds and hundreds of megabytes to load. Each is turned once into a
file that is mapped into memory, in the user's cache; see :mod:`claimreg.dictionaries.table`. Kazakh has roots and endings of its own,
see :mod:`claimreg.dictionaries.endings`.
"""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, Protocol

from claimreg.shipped import folder_of

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

VERSION = "simplemma2.0-kk1"
"""Version of all the words; others may lead to other verdicts. It is raised when the range of simplemma or a file of ours changes."""

LISTED = """
ar ast bg ca cs cy da de el en enm eo es et fa fi fr ga gd gl grc gv hbs he hi hu hy id is it ka la lb lt lv mk ml ms nb nl nn
pl pt ro ru se sk sl sq sv sw tl tr uk
"""
"""Languages whose words simplemma lists, named as it names them."""

_NAMES = {"sr": "hbs", "hr": "hbs", "bs": "hbs", "sh": "hbs", "cnr": "hbs", "no": "nb", "iw": "he", "in": "id", "fil": "tl", "zsm": "ms"}
_ROOTS = "hunspell-kk.roots"
_ENDINGS = ("hunspell-kk.endings", "kk.endings")
_OTHER_ALPHABETS = {"latn", "arab"}
"""Scripts (ISO 15924) that Kazakh is also written in; its roots are Cyrillic."""


class Dictionary(Protocol):
    """Known words of a language and what they are forms of."""

    def lemmas(self, word: str) -> frozenset[int]:
        """Return the lemmas, by number, that a word is a form of, in whatever case it is written; empty for an unknown word."""

    def knows(self, word: str) -> bool:
        """Return whether a word has lemmas, in less time than it takes to find them."""

    def is_common(self, word: str) -> bool:
        """Return whether the word is known in lower case."""

    def is_proper(self, word: str) -> bool:
        """Return whether the word is known with a capital."""


def dictionary(tag: str, folder: Path | None = None) -> Dictionary | None:
    """Return the dictionary of a language (BCP 47), or None where there is none.

    ``folder`` keeps the mapped files, the user's cache unless another is named. The first time, a language's file is built:
    in .3 s for English, in 5 s for Polish. Where the folder cannot be written, this process keeps the words in its memory.
    """
    name, *further = tag.replace("_", "-").lower().split("-")
    name = _NAMES.get(name, name)
    if name == "kk" and not _OTHER_ALPHABETS.intersection(further):
        return _kazakh(folder)
    return _listed(name, folder) if name in LISTED.split() else None


@cache
def _listed(name: str, folder: Path | None) -> Dictionary:
    from claimreg.dictionaries.table import Table, open_table

    return Table(name, open_table(_path(name, folder), lambda: _forms(name)))


@cache
def _kazakh(folder: Path | None) -> Dictionary:
    from claimreg.dictionaries.endings import WithEndings, read_lines
    from claimreg.dictionaries.table import Table, open_table

    here = folder_of(__name__, __file__)
    endings = frozenset(ending for name in _ENDINGS for ending in read_lines(here / name))
    roots = open_table(_path("kk", folder), lambda: ((root, root) for root in read_lines(here / _ROOTS)))
    return WithEndings(Table("kk", roots), endings)


def _path(name: str, folder: Path | None) -> Path:
    if folder is None:
        from platformdirs import user_cache_path

        folder = user_cache_path("claimreg", appauthor=False) / "dictionaries"
    return folder / f"{name}-{VERSION}.words"


def _forms(name: str) -> Iterable[tuple[str, str]]:
    """Return each form that simplemma lists with its lemma."""
    from simplemma.strategies.dictionaries import DefaultDictionaryFactory

    return DefaultDictionaryFactory(cache_max_size=0).get_dictionary(name).items()
