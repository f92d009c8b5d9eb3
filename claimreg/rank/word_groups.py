"""The words that a text is told by among many: hashes by which a word is found despite its ending and a slip in it.

Of a word, the first letters of its skeleton (see :mod:`claimreg.text.romanize`) count, and the same with each of them left out, so that
two that differ by a letter, or by two that changed places, have one in common (M. Mor and A. Fraenkel, A hash code method for detecting
and correcting spelling errors, Communications of the ACM 25(12), 1982). In scripts that write no spaces, each two characters that stand
side by side are a word.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple
from zlib import crc32

from claimreg.rank.explain import Spellings, spellings_of
from claimreg.text.fold import fold_key
from claimreg.text.han import in_simplified
from claimreg.text.scripts import is_unspaced
from claimreg.text.words import word_bounds

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from claimreg.text.grams import Hashes

_LIKE, _STEM, _SLIPS = 7, 4, 5
"""Letters of a skeleton by which a word is likely the one asked for, may be it with another ending, and is looked at for slips."""

_SHORT = 4
"""Letters from which on a word may have a slip, as in `claimreg.text.alike.Bars`."""

_REMEMBERED = 100_000


class AskedGroups(NamedTuple):
    """The hashes of a word asked for: of texts that likely have it, may have it with another ending, or may have it with a slip."""

    likely: frozenset[int]
    stem: frozenset[int]
    slips: frozenset[int]


def pair_key(pair: str) -> str:
    """One or two characters of a script without spaces, as they are compared."""
    return fold_key(in_simplified(pair))


class WordGroups:
    """The groups of texts; what was worked out of a word is remembered for the next text."""

    def __init__(self) -> None:
        self._known: dict[str, tuple[int, ...]] = {}

    def of_text(self, text: str) -> Hashes:
        """The distinct hashes of a text's words."""
        import numpy as np

        bounds = word_bounds(text)
        written = {text[start:end].lower() for start, end in bounds}
        found = set(pair_groups(text, bounds))
        if len(self._known) > _REMEMBERED:
            self._known.clear()
        unknown = [word for word in written if word not in self._known]
        for word, spellings in zip(unknown, spellings_of(unknown), strict=True):
            self._known[word] = tuple(_groups_of(spellings))
        found.update(*map(self._known.__getitem__, written))
        return np.fromiter(found, np.uint32, len(found))


def pair_groups(text: str, bounds: Iterable[tuple[int, int]]) -> Iterator[int]:
    """The hashes of the characters of scripts without spaces, by themselves and by twos."""
    before = (-1, -1)
    for start, end in bounds:
        if is_unspaced(text[start]):
            yield _hash("c", pair_key(text[start:end]))
            if before[1] == start and is_unspaced(text[before[0]]):
                yield _hash("c", pair_key(text[before[0] : end]))
        before = (start, end)


def asked_pair(key: str) -> AskedGroups:
    """The hashes of one or two characters asked for."""
    return AskedGroups(frozenset({_hash("c", key)}), frozenset(), frozenset())


def asked_groups(spellings: Spellings) -> AskedGroups:
    """The hashes of a word asked for."""
    skeletons = {one.skeleton for one in spellings}
    likely = {_hash("l", skeleton[:_LIKE]) for skeleton in skeletons}
    stem = {_hash("s", skeleton[:_STEM]) for skeleton in skeletons if len(skeleton) >= _STEM}
    slips: set[int] = set()
    for skeleton in skeletons:
        if len(skeleton) >= _SHORT:
            start = skeleton[:_SLIPS]
            shorter = set(_with_one_left_out(start))
            slips.update(_hash("d", one) for one in (start, *shorter))
            slips.update(_hash("s", one) for one in shorter)
    return AskedGroups(frozenset(likely), frozenset(stem), frozenset(slips))


def _groups_of(spellings: Spellings) -> Iterator[int]:
    for skeleton in {one.skeleton for one in spellings}:
        yield _hash("l", skeleton[:_LIKE])
        yield _hash("s", skeleton[:_STEM])
        if len(skeleton) >= _SHORT:
            yield from {_hash("d", one) for one in _with_one_left_out(skeleton[:_SLIPS])}


def _with_one_left_out(word: str) -> Iterator[str]:
    return (word[:at] + word[at + 1 :] for at in range(len(word)))


def _hash(kind: str, word: str) -> int:
    return crc32(f"{kind}{word}".encode("utf-8", "surrogatepass"))
