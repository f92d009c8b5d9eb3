"""Counting, at little cost, the sources whose texts have the words that claims were searched for."""

from __future__ import annotations

from typing import TYPE_CHECKING

from claimreg.model import Capture, Source
from claimreg.services.finding.asked_text import AskedText
from claimreg.services.linking.likely import are_many, belongs
from claimreg.services.recording.sources import latest_capture, whole_text_of
from claimreg.store.port import DamagedIndexError, UnkeptIndexError

if TYPE_CHECKING:
    from claimreg.store.port import Reader, Store

_FEW_CHARACTERS = 40_000
"""Code points of all texts together up to which they are looked through: some milliseconds, which nobody notices."""

_LOOKED_UP = 20
"""Captures up to which each is asked whether it is its source's latest; of more, the number is not worth as much."""

_MOST_WORDS = 8
"""Words up to which a query is more likely to ask for a text than to be a whole statement."""


def sources_with(store: Store, query: str) -> int:
    """The number of sources that have every word of a query in their texts; 0 also where that cannot be told at once.

    Many sources are asked by the index of words as it is; few are looked through where they are short.
    """
    asked = AskedText(query)
    if not asked.units or len(asked.words) > _MOST_WORDS:
        return 0
    try:
        return _by_index(store, asked) if are_many(store) else _by_texts(store, asked)
    except (DamagedIndexError, UnkeptIndexError):
        # The search in sources mends it.
        return 0


def _by_texts(reader: Reader, asked: AskedText) -> int:
    captures = [capture for source in reader.find(Source) if (capture := latest_capture(reader, source)) is not None]
    if sum(capture.length for capture in captures) > _FEW_CHARACTERS:
        return 0
    wanted = set(range(len(asked.units)))
    return sum(wanted == {one.unit for one in asked.found_in(whole_text_of(reader, capture))} for capture in captures)


def _by_index(store: Store, asked: AskedText) -> int:
    index = store.word_index()
    if index is None:
        return 0
    try:
        index.load()
        if not index.known or not belongs(store, index):
            return 0
        found = set(index.known)
        for word in asked.words:
            found &= index.texts_with(word.groups.likely)
        return sum(_is_current(store, number) for number in found) if len(found) <= _LOOKED_UP else len(found)
    finally:
        index.close()


def _is_current(reader: Reader, number: int) -> bool:
    capture = reader.get(Capture, f"{Capture.PREFIX}{number}")
    source = reader.get(Source, capture.source_id) if capture is not None else None
    return capture is not None and source is not None and source.removed_at is None and latest_capture(reader, source) == capture
