"""The stored documents among which a quote is looked for: all of them when they are few, else those that share its letters."""

from __future__ import annotations

from contextlib import AbstractContextManager
from itertools import islice
from typing import TYPE_CHECKING, NamedTuple

from claimreg.model import Capture, Source, record_number
from claimreg.services.recording.sources import latest_capture, text_of, whole_text_of
from claimreg.services.withholding import is_sealed
from claimreg.store.port import DamagedIndexError, GramIndex, Reader, Store, UnkeptIndexError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from claimreg.linker.collection import Collection
    from claimreg.text.grams import Hashes

FEW = 30
"""Sources up to which every one is looked through."""

_LIKELIEST = 200
_SAMPLE = 100


class TakingIn(NamedTuple):
    """Ways of an index to take in texts: the groups of each; who is told in a sentence what was wrong, and how many there are so far."""

    groups_of: Callable[[str], Hashes]
    tell: Callable[[str], None] = lambda _sentence: None
    progress: Callable[[int], None] = lambda _done: None


class LikelyDocuments(AbstractContextManager["LikelyDocuments"]):
    """The sources in which a quote may stand; ``tell`` is told in a sentence what had to be done for that.

    Texts that the index does not hold, as it cannot be kept or another process never lets go of it, are likely, too.
    """

    def __init__(self, store: Store, tell: Callable[[str], None] = lambda _sentence: None) -> None:
        self._store = store
        self._taking = TakingIn(letter_groups_of, tell)
        self._index = current_index(store, store.gram_index(), self._taking) if are_many(store) else None

    def of(self, quote: str) -> Iterator[tuple[Source, Capture, str]]:
        """Yield the documents for one quote, each with its capture and text; the likeliest first when they are many."""
        if self._index is None:
            yield from all_documents(self._store)
            return
        from claimreg.linker.groups import quote_groups

        groups = quote_groups(quote)
        try:
            numbers = self._index.candidates(groups, _LIKELIEST)
        except DamagedIndexError:
            make_anew(self._store, self._index, self._taking)
            try:
                numbers = self._index.candidates(groups, _LIKELIEST)
            except DamagedIndexError:
                self._index.clear()
                numbers = []
        yield from _documents(self._store, numbers)
        yield from _documents(self._store, sorted(missing(self._store, self._index)))

    def __exit__(self, *_exception: object) -> None:
        """Close the index."""
        if self._index is not None:
            self._index.close()


def bring_up_to_date(
    store: Store, tell: Callable[[str], None] = lambda _sentence: None, progress: Callable[[int], None] = lambda _done: None
) -> None:
    """Bring the index of the stored texts up to date with all captures, where there are so many that one is kept.

    ``tell`` is told in a sentence what was wrong, ``progress`` how many captures were taken in so far.
    """
    taking = TakingIn(letter_groups_of, tell, progress)
    index = current_index(store, store.gram_index(), taking) if are_many(store) else None
    if index is not None:
        index.close()


def letter_groups_of(text: str) -> Hashes:
    """The groups that a text is found by."""
    from claimreg.linker.groups import letter_groups

    return letter_groups(text)


def current_index(store: Store, index: GramIndex | None, taking: TakingIn) -> GramIndex | None:
    """An index of the store with all captures taken in that it can keep; ``None`` where the store keeps none. It is to be closed."""
    if index is None:
        return None
    try:
        _take_in(store, index, taking)
    except DamagedIndexError:
        make_anew(store, index, taking)
    return index


def make_anew(store: Store, index: GramIndex, taking: TakingIn) -> None:
    """Make a damaged index anew; it is left empty where that is damaged at once, too."""
    taking.tell("The index of the texts is made anew: it was damaged.")
    index.clear()
    try:
        _take_in(store, index, taking)
    except DamagedIndexError:
        index.clear()


def _take_in(store: Store, index: GramIndex, taking: TakingIn) -> None:
    """Take in the texts that the index lacks, some at a time, so that what ends on the way costs little, and others can go on."""
    try:
        index.load()
        done = 0
        while not belongs(store, index) or missing(store, index):
            with index.locked(), store.snapshot() as reader:
                # Read again: another process may have done the work while we waited.
                index.load()
                if not belongs(reader, index):
                    taking.tell("The index of the texts belonged to another history; it is made anew.")
                    index.forget()
                done = _add_some(reader, index, done, taking)
    except UnkeptIndexError:
        taking.tell("The index of the texts cannot be kept; the texts that it lacks are looked through one by one.")


def _add_some(reader: Reader, index: GramIndex, done: int, taking: TakingIn) -> int:
    for number in sorted(missing(reader, index)):
        capture = reader.get(Capture, f"{Capture.PREFIX}{number}")
        room = index.add(number, taking.groups_of(whole_text_of(reader, capture) if capture is not None else ""))
        done += 1
        taking.progress(done)
        if not room:
            break
    index.keep(reader.head())
    return done


def belongs(reader: Reader, index: GramIndex) -> bool:
    """Return whether the index was made from this very history, up to an event in it; true for an empty index."""
    seq, own = index.position
    event = next(reader.history(after=seq - 1), None) if seq else None
    return not seq or (event is not None and (event.seq, event.hash) == (seq, own))


def missing(reader: Reader, index: GramIndex) -> set[int]:
    """The numbers of captures that the index does not hold, but for those that are sealed for the reader."""
    # Judged quickly: it has one text for each number up to the last one given.
    if index.known and len(index.known) == max(index.known) == _last_number(reader):
        return set()
    numbers = {record_number(capture_id) for capture_id in reader.ids(Capture)} - index.known
    return numbers if reader.sees_withheld else {number for number in numbers if not _is_sealed(reader, number)}


def _is_sealed(reader: Reader, number: int) -> bool:
    capture = reader.get(Capture, f"{Capture.PREFIX}{number}")
    return capture is not None and is_sealed(capture)


def _documents(reader: Reader, numbers: Iterable[int]) -> Iterator[tuple[Source, Capture, str]]:
    """The captures of these numbers that are their sources' latest, those of sources in use."""
    for number in numbers:
        capture = reader.get(Capture, f"{Capture.PREFIX}{number}")
        source = reader.get(Source, capture.source_id) if capture is not None else None
        if capture is not None and source is not None and source.removed_at is None and latest_capture(reader, source) == capture:
            yield source, capture, text_of(reader, capture)


def _last_number(reader: Reader) -> int:
    """The number of the last capture; numbers are given one after the other, so it is how many there are."""
    newest = next(reader.find(Capture, withdrawn=True, newest_first=True), None)
    return record_number(newest.id) if newest is not None else 0


def stored_collection(reader: Reader) -> Collection:
    """Return a linker's knowledge of the stored texts: their amount, estimated from some."""
    from claimreg.linker.collection import Collection

    captures = _last_number(reader)
    some = [capture.length for capture in islice(reader.find(Capture), _SAMPLE)]
    return Collection(size=captures * sum(some) // max(1, len(some)))


def all_documents(reader: Reader) -> Iterator[tuple[Source, Capture, str]]:
    """Every source in use that is captured, with its capture and text."""
    for source in reader.find(Source):
        if (capture := latest_capture(reader, source)) is not None:
            yield source, capture, text_of(reader, capture)


def are_many(store: Reader) -> bool:
    """Return whether there are too many sources to look through one by one."""
    return sum(1 for _, _ in zip(store.ids(Source), range(FEW + 1), strict=False)) > FEW
