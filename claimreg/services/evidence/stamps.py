"""Time stamps of the history: an authority's word that its head, and so everything before it, was there at a time."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from claimreg.errors import ClaimregError, InputError
from claimreg.model import Event, TimeStamp
from claimreg.services.recording.fields import new_fields
from claimreg.store.chain import canonical, event_document

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from claimreg.store.port import Reader, Writer


class StampedHash(NamedTuple):
    """Content of an authority's answer: the SHA-256 that it is about, its time (UTC), and a fault of its signature, if any."""

    imprint: str
    stamped_at: str
    fault: str | None = None


def event_to_stamp(reader: Reader) -> Event:
    """The last event; its hash stands for the whole history. Raises `InputError` where nothing was ever recorded."""
    seq, _hash = reader.head()
    if not seq:
        raise InputError("Nothing was ever recorded here; there is nothing to stamp.")
    return next(iter(reader.history(after=seq - 1)))


def stamped_bytes(event: Event) -> bytes:
    """The bytes whose SHA-256 is the event's hash."""
    return canonical({name: value for name, value in event_document(event).items() if name != "hash"}).encode("utf-8", "surrogatepass")


def record_stamp(writer: Writer, event: Event, authority: str, answer: bytes, stamped_at: str) -> TimeStamp:
    """Keep an authority's answer, which must have been checked, with the event that it speaks of."""
    stamp = TimeStamp(
        **new_fields(writer, TimeStamp), head_seq=event.seq, head_hash=event.hash, authority=authority,
        token_sha256=writer.put_blob(answer), stamped_at=stamped_at,
    )  # fmt: skip
    return writer.put(stamp)


def stamp_faults(reader: Reader, ids: Iterable[str], read: Callable[[bytes], StampedHash] | None) -> Iterator[tuple[str, str | None]]:
    """The time stamps of these ids with what is wrong with each, ``None`` where nothing is; see `stamp_fault`."""
    for stamp_id in ids:
        try:
            if (stamp := reader.get(TimeStamp, stamp_id)) is None:
                yield stamp_id, "it cannot be read"
                continue
            event = next(iter(reader.history(after=stamp.head_seq - 1)), None)
            there = event is not None and event.seq == stamp.head_seq
            yield stamp_id, stamp_fault(stamp, event.hash if event is not None and there else None, reader.blob(stamp.token_sha256), read)
        except (TypeError, ValueError):
            yield stamp_id, "it cannot be read"
        except ClaimregError as error:
            yield stamp_id, str(error)


def stamp_fault(stamp: TimeStamp, event_hash: str | None, answer: bytes, read: Callable[[bytes], StampedHash] | None) -> str | None:
    """Return what is wrong with a time stamp of the event that has this hash.

    ``read`` tells what an answer says and raises `InputError` where it is none; without it, the hash is only looked for in it.
    """
    if event_hash != stamp.head_hash:
        return f"event {stamp.head_seq} is not the one that was stamped"
    if read is None:
        return None if bytes.fromhex(event_hash) in answer else "the authority's answer does not speak of that event"
    try:
        said = read(answer)
    except InputError as error:
        return f"the authority's answer is none: {error}"
    if (said.imprint, said.stamped_at) != (stamp.head_hash, stamp.stamped_at):
        return "the authority's answer says something else"
    return said.fault
