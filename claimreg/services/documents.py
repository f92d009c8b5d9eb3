"""The stored documents among which a quote is looked for: all of them when they are few, else those that share its letters."""

from __future__ import annotations

from itertools import islice
from typing import TYPE_CHECKING

from claimreg.model import Capture, Source, record_number
from claimreg.services.sources import capture_of, text_of

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from claimreg.match.collection import Collection
    from claimreg.store.port import GramIndex, Reader, Store

FEW = 30
"""Sources up to which every one is looked through."""

_LIKELIEST = 200
_SAMPLE = 100


def bring_up_to_date(store: Store, progress: Callable[[int], None] = lambda _done: None) -> GramIndex | None:
    """The index of the stored texts with all captures taken in; ``None`` where the store keeps none.

    ``progress`` is told how many captures were taken in so far.
    """
    index = store.gram_index()
    if index is None:
        return None
    known = index.known()
    if _is_complete(store, known):
        return index
    from claimreg.match.groups import letter_groups

    numbers = {record_number(capture_id) for capture_id in store.ids(Capture)}
    if not known <= numbers:
        # It belongs to another registry, or to this one before it was restored.
        index.clear()
        known = frozenset()
    for done, number in enumerate(sorted(numbers - known), start=1):
        capture = store.get(Capture, f"{Capture.PREFIX}{number}")
        if capture is not None:
            index.add(number, letter_groups(text_of(store, capture)))
        progress(done)
    index.flush()
    return index


def likely_documents(store: Store, quote: str) -> Iterator[tuple[Source, Capture, str]]:
    """The sources in which a quote may stand, each with its capture and text; the likeliest first when they are many."""
    if not are_many(store):
        yield from all_documents(store)
        return
    index = bring_up_to_date(store)
    if index is None:
        yield from all_documents(store)
        return
    from claimreg.match.groups import quote_groups

    for number in index.candidates(quote_groups(quote), _LIKELIEST):
        capture = store.get(Capture, f"{Capture.PREFIX}{number}")
        source = store.get(Source, capture.source_id) if capture is not None else None
        if capture is not None and source is not None and source.removed_at is None and capture_of(store, source).id == capture.id:
            yield source, capture, text_of(store, capture)


def _is_complete(reader: Reader, known: frozenset[int]) -> bool:
    """Whether a glance tells that the texts known are those of all captures: one for each number up to the last one given."""
    return bool(known) and len(known) == max(known) == _last_number(reader)


def _last_number(reader: Reader) -> int:
    """The number of the last capture; numbers are given one after the other, so it is how many there are."""
    newest = next(reader.find(Capture, withdrawn=True, newest_first=True), None)
    return record_number(newest.id) if newest is not None else 0


def stored_collection(reader: Reader, quotes: int) -> Collection:
    """What a linker should know of the stored texts: how much there is of them, reckoned from some, and how many quotes are looked for."""
    from claimreg.match.collection import Collection

    captures = _last_number(reader)
    some = [capture.length for capture in islice(reader.find(Capture), _SAMPLE)]
    return Collection(size=captures * sum(some) // max(1, len(some)), quotes=max(1, quotes))


def all_documents(reader: Reader) -> Iterator[tuple[Source, Capture, str]]:
    """Every source in use with its capture and text."""
    for source in reader.find(Source):
        capture = capture_of(reader, source)
        yield source, capture, text_of(reader, capture)


def are_many(store: Store) -> bool:
    """Whether there are more sources than one would look through one by one."""
    return sum(1 for _, _ in zip(store.ids(Source), range(FEW + 1), strict=False)) > FEW
