"""The index of the registry's claims: what is asked by `search`, `match` and `add`, kept beside the registry and brought up to date.

It is derived data. Where it stands is known by the number and the hash of the last event of the history that it has taken in;
one that is missing, damaged or of another history is made anew. Where nothing can be kept, it is made in memory.
"""

from __future__ import annotations

from contextlib import closing, nullcontext
from itertools import islice
from math import log
from typing import TYPE_CHECKING, Any, TypeVar

import numpy as np

from claimreg.model import Alias, Attribution, Claim, Event, Party, record_number, record_type_of
from claimreg.rank.index import StatementIndex
from claimreg.rank.segment import MOST_CLAIMS, Entry, Segment, build_segment, merge_segments
from claimreg.services.finding.claim_fields import all_entries, batches, entries_of
from claimreg.services.history import speaks_of_words
from claimreg.services.recording.parties import canonical, members
from claimreg.store.port import DamagedIndexError, Equals, Reader, SegmentStore, Store, UnkeptIndexError
from claimreg.text.counted import counted

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator


WorkT = TypeVar("WorkT")

VERSION = 2
"""Version of the indexed fields and their form; an index of another version is built again."""

_FACTOR = 8
"""Segments of one size are merged when there are so many (P. O'Neil et al., The log-structured merge-tree, Acta Informatica 33, 1996)."""

_UNTOLD = 200
"""Events that say nothing of a claim's words which may pile up before the index notes that it has seen them."""


class ClaimIndex:
    """The index of one store's claims; `current` gives it as it must be now.

    ``tell`` is told in a sentence what had to be done; ``progress`` how many claims were indexed. With ``whole`` all of it is read at
    once, for those who ask much.
    """

    def __init__(self, store: Store, tell: Callable[[str], None], progress: Callable[[int], None], *, whole: bool) -> None:
        self._store = store
        self._tell = tell
        self._progress = progress
        self._kept = store.segments(whole=whole)
        self.was_unfit = False
        """Whether what was kept was damaged or of another history."""
        self._state = _State()
        self._read: list[Event] | None = None
        """The events after the last one taken in, where they are few."""

    def current(self) -> StatementIndex:
        """The index with everything that is recorded by now."""
        try:
            self._load()
            if self._is_behind():
                self._update()
        except DamagedIndexError:
            return self.made_anew()
        return StatementIndex(self._state.segments, self._state.gone_places())

    def made_anew(self) -> StatementIndex:
        """The index, after it was found damaged."""
        self.was_unfit = True
        self._tell("The search index is made anew: it was damaged.")
        if self._kept is not None:
            self._kept.clear()
        self._state, self._read = _State(), None
        try:
            self._update()
        except DamagedIndexError:
            # It cannot be taken away either, as on a medium that is write-protected.
            self._state = _State()
            self._take_in(None)
        return StatementIndex(self._state.segments, self._state.gone_places())

    def close(self) -> None:
        """Close its files."""
        if self._kept is not None:
            self._kept.close()

    def _load(self) -> None:
        try:
            loaded = self._kept.load() if self._kept is not None else None
        except UnkeptIndexError:
            loaded = None
        self._state = _State()
        if loaded is not None:
            document, segments = loaded
            if document.get("version") == VERSION:
                self._state = _State.read(document, [Segment(columns) for columns in segments])

    def _is_behind(self) -> bool:
        """Return whether something relevant was recorded since the index was brought up to date, or it is empty."""
        self._read = None
        if not self._state.position[0]:
            return self._store.head() != self._state.position
        events = self._news(self._store)
        if events is None:
            return True
        read = list(islice(events, _UNTOLD + 2))
        if len(read) <= _UNTOLD + 1:
            self._read = read
        return len(read) > _UNTOLD + 1 or any(map(speaks_of_words, read))

    def _news(self, reader: Reader) -> Iterator[Event] | None:
        """The events after the last one taken in; ``None`` where there is none such, or the history is another one."""
        seq, own = self._state.position
        events = reader.history(after=seq - 1) if seq else iter(())
        first = next(events, None)
        return events if first is not None and (first.seq, first.hash) == (seq, own) else None

    def _update(self) -> None:
        if self._kept is None:
            self._take_in(None)
            return
        try:
            with self._kept.locked():
                # Read again: another process may have done the work while we waited.
                before = self._state.position
                self._load()
                if (self._read and self._state.position == before) or self._is_behind():
                    self._take_in(self._kept)
        except UnkeptIndexError:
            # What cannot be kept is made for this one command.
            self._take_in(None)

    def _take_in(self, kept: SegmentStore | None) -> None:
        # After few events no snapshot is needed: what is recorded while claims are read is taken in once more with the next ones.
        with nullcontext(self._store) if self._read else self._store.snapshot() as reader:
            changed = self._changed(reader)
            if changed is None:
                if self._state.position[0]:
                    self.was_unfit = True
                    self._tell("The search index belonged to another history; it is made anew.")
                self._state = _State()
                position = reader.head()
                entries = all_entries(reader)
            else:
                numbers, position = changed
                entries = entries_of(reader, numbers)
                self._state.forget(numbers)
            added = self._add(entries, kept)
        self._state.position = position
        self._merge(kept)
        if kept is not None:
            kept.keep(self._state.document(), [one.columns for one in self._state.segments])
        if added or changed is not None:
            self._tell(f"The search index took in {counted(added, 'claim')} that it did not have.")

    def _changed(self, reader: Reader) -> tuple[set[int], tuple[int, str]] | None:
        """The numbers of claims whose words changed since, and where the history stands; ``None`` where it is another one."""
        events = self._news(reader) if not self._read else self._read
        if events is None:
            return None
        claims: set[int] = set()
        parties: set[str] = set()
        new: set[str] = set()
        position = self._state.position
        for event in events:
            position = event.seq, event.hash
            claims.update(_claims_in(event))
            if record_type_of(event.object_id) is Party and event.before is None:
                new.add(event.object_id)
            parties.update(_parties_in(event, new))
        claims.update(_claims_of_parties(reader, parties))
        return claims, position

    def _add(self, entries: Iterable[Entry], kept: SegmentStore | None) -> int:
        count = 0
        for batch in batches(entries):
            segment = build_segment(batch)
            self._state.append(Segment(kept.add(segment.columns)) if kept is not None else segment)
            count += len(batch)
            self._progress(count)
        return count

    def _merge(self, kept: SegmentStore | None) -> None:
        """Keep segments few: where there are many of one size, one is made of them."""
        while (group := self._state.mergeable()) is not None:
            merged = merge_segments([self._state.segments[at] for at in group], [self._state.alive(at) for at in group])
            self._state.replace(group, Segment(kept.add(merged.columns)) if kept is not None else merged)


def ask(
    store: Store,
    work: Callable[[StatementIndex], WorkT],
    tell: Callable[[str], None] = lambda _sentence: None,
    progress: Callable[[int], None] = lambda _claims: None,
    *,
    whole: bool = False,
) -> WorkT:
    """Return what ``work`` makes of the up-to-date index; it is done again where the index turns out to be damaged.

    With ``whole`` that cannot be: the index has been read and checked to its end, and may be used after ``work``, too.
    """
    with closing(ClaimIndex(store, tell, progress, whole=whole)) as index:
        try:
            return work(index.current())
        except DamagedIndexError:
            return work(index.made_anew())


class _State:
    """State of the index: the segments, which of their claims are gone, and the last event taken in."""

    def __init__(self) -> None:
        self.segments: list[Segment] = []
        self.gone: list[set[int]] = []
        self.position: tuple[int, str] = (0, "")

    @classmethod
    def read(cls, document: dict[str, Any], segments: list[Segment]) -> _State:
        """Read it back; raises `DamagedIndexError`."""
        state = cls()
        try:
            seq, own = document["position"]
            state.position = int(seq), str(own)
            state.segments = segments
            state.gone = [set(map(int, places)) for places in document["gone"]]
        except (KeyError, ValueError, TypeError) as error:
            raise DamagedIndexError(str(error)) from error
        if len(state.gone) != len(segments):
            raise DamagedIndexError("its parts do not fit each other")
        return state

    def document(self) -> dict[str, Any]:
        """Return it as a JSON object, the segments' own columns apart."""
        return {"version": VERSION, "position": list(self.position), "gone": [sorted(places) for places in self.gone]}

    def gone_places(self) -> Iterator[int]:
        """The places, counted through all segments, of claims that are gone."""
        offset = 0
        for segment, places in zip(self.segments, self.gone, strict=True):
            yield from (offset + place for place in sorted(places))
            offset += len(segment)

    def append(self, segment: Segment) -> None:
        """Add a segment."""
        self.segments.append(segment)
        self.gone.append(set())

    def forget(self, numbers: set[int]) -> None:
        """Mark claims as gone wherever they stand."""
        wanted = np.array(sorted(numbers), np.uint32)
        for segment, places in zip(self.segments, self.gone, strict=True):
            places.update(np.flatnonzero(np.isin(segment.numbers, wanted)).tolist())

    def alive(self, at: int) -> np.ndarray[tuple[int], np.dtype[np.bool_]]:
        """Return which claims of a segment are still in use."""
        alive = np.ones(len(self.segments[at]), np.bool_)
        alive[sorted(self.gone[at])] = False
        return alive

    def mergeable(self) -> list[int] | None:
        """Segments that should be one: many of about the same size, or one that has lost much."""
        sizes: dict[int, list[int]] = {}
        for at, (segment, places) in enumerate(zip(self.segments, self.gone, strict=True)):
            if 2 * len(places) >= len(segment):
                return [at]
            sizes.setdefault(int(log(len(segment), _FACTOR)), []).append(at)
        full = (group for group in sizes.values() if len(group) >= _FACTOR)
        return next((group for group in full if sum(len(self.segments[at]) for at in group) <= MOST_CLAIMS), None)

    def replace(self, group: list[int], merged: Segment) -> None:
        """Replace several segments with one."""
        kept = [at for at in range(len(self.segments)) if at not in group]
        self.segments, self.gone = [self.segments[at] for at in kept], [self.gone[at] for at in kept]
        if len(merged):
            self.append(merged)


def _claims_in(event: Event) -> Iterator[int]:
    """The numbers of the claims whose words an event changes."""
    record_type = record_type_of(event.object_id)
    if record_type is Claim:
        yield record_number(event.object_id)
    elif record_type is Attribution:
        for document in (event.before, event.after):
            if document is not None:
                yield record_number(document["claim_id"])


def _parties_in(event: Event, new: set[str]) -> Iterator[str]:
    """The parties whose names an event changes: those that have one more, and those that were renamed, merged or split.

    Of ``new`` parties every statement is new as well, and needs no looking up.
    """
    record_type = record_type_of(event.object_id)
    if record_type is Party and event.before is not None:
        yield event.object_id
    elif record_type is Alias and event.after is not None and event.after["party_id"] not in new:
        yield event.after["party_id"]


def _claims_of_parties(reader: Reader, party_ids: Iterable[str]) -> Iterator[int]:
    for party_id in party_ids:
        party = reader.get(Party, party_id)
        if party is None:
            continue
        for one in {*members(reader, canonical(reader, party)), party_id}:
            for attribution in reader.find(Attribution, Equals("party_id", one)):
                yield record_number(attribution.claim_id)
