"""The stored texts that have the words of a query: by an index of their words where there are many, else all of them."""

from __future__ import annotations

from math import log1p
from typing import TYPE_CHECKING, NamedTuple

from claimreg.rank.word_groups import WordGroups
from claimreg.services.linking.likely import TakingIn, are_many, current_index, make_anew, missing
from claimreg.store.port import DamagedIndexError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from claimreg.services.finding.asked_text import AskedText
    from claimreg.store.port import GramIndex, Store

_STEM, _SLIP = 0.8, 0.6
"""Weight of a word that may be the one asked for with another ending, and with a slip, before it is looked at."""


class Likely(NamedTuple):
    """The numbers of captures that may answer a query, the likeliest first, and how much each unit of the query weighs."""

    numbers: list[int]
    weights: list[float]


def likely_captures(
    store: Store, asked: AskedText, enough: float, tell: Callable[[str], None], progress: Callable[[int], None]
) -> Likely | None:
    """The captures that have ``enough`` of a query by weight; ``None`` where all are to be looked through.

    ``tell`` and ``progress`` are told of the index as it is brought up to date.
    """
    if not are_many(store):
        return None
    taking = TakingIn(WordGroups().of_text, tell, progress)
    index = current_index(store, store.word_index(), taking)
    if index is None:
        return None
    try:
        try:
            found = _found(index, asked, enough)
        except DamagedIndexError:
            make_anew(store, index, taking)
            found = _found(index, asked, enough)
        # What the index does not hold, as it cannot be kept, may have the words as well.
        return found._replace(numbers=[*found.numbers, *sorted(missing(store, index), reverse=True)])
    except DamagedIndexError:
        return None
    finally:
        index.close()


def weights_of(frequencies: Sequence[int], total: int) -> list[float]:
    """Return how much each unit of a query weighs, by how many of all texts have it: from 1 to 2, as in the search for claims."""
    rarities = [log1p(total / max(1, count)) for count in frequencies]
    most = max(rarities, default=0.0) or 1.0
    return [1 + rarity / most for rarity in rarities]


def _found(index: GramIndex, asked: AskedText, enough: float) -> Likely:
    of_words = [_texts_with(index, number, asked) for number in range(len(asked.words))]
    of_units = [_all_of([of_words[word] for word in unit]) for unit in asked.units]
    weights = weights_of([len(texts) for texts in of_units], len(index.known))
    scores: dict[int, float] = {}
    there: dict[int, float] = {}
    for texts, weight in zip(of_units, weights, strict=True):
        for text, share in texts.items():
            scores[text] = scores.get(text, 0.0) + weight * share
            there[text] = there.get(text, 0.0) + weight
    bar = enough * sum(weights)
    required = [of_units[number] for number in asked.required]
    fitting = [text for text, weight in there.items() if weight >= bar and all(text in texts for texts in required)]
    return Likely(sorted(fitting, key=lambda text: (-scores[text], -text)), weights)


def _texts_with(index: GramIndex, number: int, asked: AskedText) -> dict[int, float]:
    """The texts that may have a word, and how likely it is the very one."""
    groups = asked.words[number].groups
    texts = dict.fromkeys(index.texts_with(groups.slips), _SLIP)
    texts.update(dict.fromkeys(index.texts_with(groups.stem), _STEM))
    texts.update(dict.fromkeys(index.texts_with(groups.likely), 1.0))
    return texts


def _all_of(texts: Sequence[dict[int, float]]) -> dict[int, float]:
    """The texts that have each of some words, and the least likelihood among these."""
    if len(texts) == 1:
        return texts[0]
    fewest = min(texts, key=len)
    common: Iterable[int] = (text for text in fewest if all(text in some for some in texts))
    return {text: min(some[text] for some in texts) for text in common}
