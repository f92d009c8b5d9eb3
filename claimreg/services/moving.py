"""Copying a registry into another place, whole: its bytes, then its history event by event with the hashes that they have.

The copy is the same registry: every record has its id, every event its hash, and the history ends in the same one. What is there
already stays, as far as it is the beginning of the same history; so a copy that was cut off goes on where it was, and one that is
made again takes over what came since.
"""

from __future__ import annotations

from contextlib import closing
from itertools import islice
from typing import TYPE_CHECKING, NamedTuple

from claimreg.errors import DamagedRegistryError, StoreError, WithheldError
from claimreg.model import Source
from claimreg.services.evidence.verify import Noted, verify
from claimreg.store.chain import event_text, walk
from claimreg.store.port import PastEvent, SealedText
from claimreg.text.counted import counted

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from claimreg.services.evidence.verify import Verification
    from claimreg.store.port import Store

_BLOBS_AT_ONCE = 200
"""Pieces of bytes of one transaction: what a copy that is cut off has to take over again."""

_TOLD_EVERY = 100


class Copied(NamedTuple):
    """Result of a copy: both locations as they may be shown, events and pieces of bytes that came over now, the end of the history.

    ``found`` is the check of the copy.
    """

    source: str
    target: str
    events: int
    blobs: int
    head: tuple[int, str]
    found: Verification


class CopyProgress:
    """Progress of a copy, told to nobody; a command tells a person."""

    def checking(self, area: str) -> None:
        """Take note that a part of a registry is being checked."""

    def copied(self, count: int, noun: str, of: int | None = None) -> None:
        """Take note that so many things of a kind were copied, of so many where that is known."""


def copy_registry(source: Store, open_target: Callable[[], Store], progress: CopyProgress | None = None) -> Copied:
    """Copy all that a registry holds into another store, check the copy, and return what came over.

    The source is checked first, and ``open_target`` is called only then. Raises `DamagedRegistryError` where either is damaged, and
    `StoreError` where the target holds another history or a longer one, or where not everything may be read or written.
    """
    told = progress or CopyProgress()
    refuse_partial(source)
    refuse_damage(verify(source, told.checking), source)
    with closing(open_target()) as target:
        with source.snapshot():
            head = source.head()
            check_continues(source, target)
            blobs = _copy_blobs(source, target, told)
            events = _copy_events(source, target, told)
        found = verify(target, told.checking, noted=Noted(head[1]))
        refuse_damage(found, target)
        return Copied(source.location, target.location, events, blobs, head, found)


def refuse_partial(source: Store) -> None:
    """Raise `WithheldError` where the user may not see all that the registry holds: the copy would not be whole."""
    if not source.sees_withheld and any(isinstance(text, SealedText) for _id, text in source.stored(Source)):
        raise WithheldError(
            f"{source.location} has withheld sources, which you may not see, so your copy would not be whole; nothing was copied: ask a "
            "keeper or the owner of the registry."
        )


def check_continues(source: Store, target: Store) -> int:
    """The number of events that a copy would bring; raises `StoreError` unless the target's history is the beginning of the source's."""
    (there, own), (last, latest) = target.head(), source.head()
    if there > last and last and target.event_hash(last) == latest:
        raise StoreError(f"{target.location} goes on after {source.location} for {counted(there - last, 'event')}; nothing was copied.")
    if there > last or (there and source.event_hash(there) != own):
        raise StoreError(
            f"{target.location} holds another history than {source.location}; nothing was copied: give a place that is empty, or that an "
            "earlier copy of it was made in."
        )
    return last - there


def refuse_damage(found: Verification, store: Store) -> None:
    """Raise `DamagedRegistryError` where a check found damage."""
    if found.damage:
        first = found.damage[0]
        raise DamagedRegistryError(
            f"The registry {store.location} is damaged ({first.place}: {first.what}); `claimreg verify` tells of all of it, and a damaged "
            "registry is not copied."
        )


def _copy_blobs(source: Store, target: Store, told: CopyProgress) -> int:
    count = 0
    missing = _missing(source.blob_ids(), target.blob_ids())
    while batch := list(islice(missing, _BLOBS_AT_ONCE)):
        with target.replay() as replay:
            for sha256 in batch:
                if replay.put_blob(source.blob(sha256)) != sha256:
                    raise DamagedRegistryError(f"The bytes {sha256} in {source.location} were changed; they were not copied.")
                count += 1
                told.copied(count, "capture")
    return count


def _missing(wanted: Iterator[str], there: Iterator[str]) -> Iterator[str]:
    """Yield what is wanted and not there; both come in their order."""
    known = next(there, None)
    for one in wanted:
        while known is not None and known < one:
            known = next(there, None)
        if known != one:
            yield one


def _copy_events(source: Store, target: Store, told: CopyProgress) -> int:
    """Copy the events that the target lacks, in one transaction: nobody sees half of them, nor what a later one withholds."""
    (last, _hash), count = source.head(), 0
    if target.head()[0] == last:
        return 0
    with target.replay() as replay:
        there, own = replay.head()
        if there and source.event_hash(there) != own:
            raise StoreError(f"Somebody else wrote to {target.location} meanwhile; the history was not copied: run it again.")
        for past in _past_events(source):
            if past.event.seq <= there:
                continue
            replay.put_event(past)
            count += 1
            if count % _TOLD_EVERY == 0:
                told.copied(count, "event", last - there)
    return count


def _past_events(source: Store) -> Iterator[PastEvent]:
    """The whole history, each event checked; raises `DamagedRegistryError`."""
    users = source.database_users()
    number, user = next(users, (0, ""))
    for step in walk(source.stored_history()):
        if step.faults or step.event is None:
            raise DamagedRegistryError(
                f"The history of {source.location} is damaged at event {step.number}: {step.faults[0]}; nothing was copied."
            )
        while number and number < step.event.seq:
            number, user = next(users, (0, ""))
        known = user if number == step.event.seq else ""
        yield PastEvent(step.event, event_text(step.event), step.before, step.after, known)
