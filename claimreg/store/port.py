"""The port of the registry's store: what services ask of any store, and nothing that one store alone can do.

Conditions are values with two faces: `matches` tests a document in Python, and an adapter may translate them for its database.
Records are never deleted through the port; a record is withdrawn by putting it with ``removed_at`` set. Each `Writer.put` is
written to the history by the store itself, in the same transaction.
"""

from __future__ import annotations

from contextlib import nullcontext
from typing import TYPE_CHECKING, Any, NamedTuple, Protocol

from claimreg.model import record_number

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from contextlib import AbstractContextManager
    from pathlib import Path

    from claimreg.model import Change, Event, Record, RecordT


class Condition(Protocol):
    """A test of a record's document."""

    def matches(self, document: Mapping[str, Any]) -> bool:
        """Return whether the document passes."""


class Equals(NamedTuple):
    """The field holds this value; ``None`` also where the field is missing."""

    field: str
    value: str | int | None

    def matches(self, document: Mapping[str, Any]) -> bool:
        """Return whether the document passes."""
        return bool(document.get(self.field) == self.value)


class OneOf(NamedTuple):
    """The field holds one of these values."""

    field: str
    values: tuple[str, ...]

    def matches(self, document: Mapping[str, Any]) -> bool:
        """Return whether the document passes."""
        return document.get(self.field) in self.values


class Contains(NamedTuple):
    """The field, a list, has this item."""

    field: str
    item: str

    def matches(self, document: Mapping[str, Any]) -> bool:
        """Return whether the document passes."""
        return self.item in (document.get(self.field) or ())


class AllOf(NamedTuple):
    """Every one of the conditions holds; with none, everything passes."""

    conditions: tuple[Condition, ...] = ()

    def matches(self, document: Mapping[str, Any]) -> bool:
        """Return whether the document passes."""
        return all(condition.matches(document) for condition in self.conditions)


class AnyOf(NamedTuple):
    """Condition that at least one of the conditions holds."""

    conditions: tuple[Condition, ...]

    def matches(self, document: Mapping[str, Any]) -> bool:
        """Return whether the document passes."""
        return any(condition.matches(document) for condition in self.conditions)


EVERYTHING = AllOf()


class Wanted(NamedTuple):
    """The records of a type, withdrawn ones too, whose field holds one of the values; the field may be ``id``."""

    record_type: type[Record]
    field: str
    values: tuple[str, ...]


class Reader(Protocol):
    """Reading; every method may raise `claimreg.errors.StoreError`.

    ``sees_withheld`` says whether the user may see withheld sources; else their records and events are what everybody may be told of
    them, which `SealedText` says more of, and cannot be changed but for what is decided on them.
    """

    sees_withheld: bool = True

    def get(self, record_type: type[RecordT], record_id: str) -> RecordT | None:
        """The record with this id, withdrawn or not."""

    def find(
        self, record_type: type[RecordT], condition: Condition = EVERYTHING, *, withdrawn: bool = False, newest_first: bool = False
    ) -> Iterator[RecordT]:
        """Stream the records that pass, in the order they were first recorded; withdrawn ones only when asked for."""

    def gather(self, *wanted: Wanted) -> list[list[Record]]:
        """The records for each wish, in the order they were first recorded: one question to a store that is far away."""
        return [
            [record for one in sorted(set(values), key=record_number) if (record := self.get(record_type, one)) is not None]
            if field == "id"
            else list(self.find(record_type, OneOf(field, values), withdrawn=True))
            for record_type, field, values in wanted
        ]

    def ids(self, record_type: type[RecordT]) -> Iterator[str]:
        """The ids of all records of a type, withdrawn ones too, without reading the records themselves."""

    def stored(self, record_type: type[RecordT]) -> Iterator[tuple[str, str]]:
        """All records of a type as they are stored, unread: the id that each is kept under, and its document as JSON.

        What the reader may not see is a `SealedText`.
        """

    def history(self, object_id: str | None = None, *, after: int = 0) -> Iterator[Event]:
        """Stream the events, oldest first, of one record or of all, that come after the one of this number."""

    def event_hash(self, seq: int) -> str | None:
        """The hash of the event of this number; ``None`` where there is none."""
        event = next(self.history(after=seq - 1), None)
        return event.hash if event is not None and event.seq == seq else None

    def head(self) -> tuple[int, str]:
        """The number and the hash of the last event; ``(0, "")`` where nothing was recorded yet."""

    def blob(self, sha256: str) -> bytes:
        """The bytes with this SHA-256."""


class SealedText(str):
    """The text of a record or an event that its reader may not see: what everybody may be told of it, see `claimreg.services.withholding`.

    A record's has its id, when it was recorded and withdrawn, and what it belongs to; an event's has no salt, and its hash is the one
    of what was recorded. Only a shared registry gives such texts, to those of its users who may not see withheld sources; `Reader.get`,
    `Reader.find` and `Reader.history` give records and events made of them.
    """

    __slots__ = ()


class BlobCheck(NamedTuple):
    """Check of bytes: whether they have their SHA-256, and their code points as UTF-8; ``None`` where that is not known.

    ``strange`` says of what lies among them and is nothing that a store puts there what it is; its ``sha256`` is then its name.
    """

    sha256: str
    is_whole: bool
    length: int | None
    strange: str | None = None


class DamagedIndexError(Exception):
    """A derived index is not as it was written; it is made anew, so nobody is ever told."""


class UnkeptIndexError(Exception):
    """A derived index cannot be kept where it belongs; it is made for the one command, and nobody is ever told."""


INDEXES = ("claims", "grams", "words")
"""Names of the indexes that a store may keep, see `Store.segments`, `Store.gram_index` and `Store.word_index`."""


class SegmentColumn(Protocol):
    """An array that is read in parts, each checked as it is read."""

    def __len__(self) -> int:
        """Return the number of items."""

    def part(self, begin: int, end: int) -> Any:  # noqa: ANN401 -- a NumPy array, which is imported only where it is used
        """The items from ``begin`` up to ``end``; raises `DamagedIndexError`."""


class SegmentStore(Protocol):
    """The segments of the index of claims: derived data that a store may keep, see `claimreg.services.finding.claim_index`.

    A segment is a set of named columns that never changes. Which segments count is said by a document, a JSON object, that is
    replaced together with their list.
    """

    def load(self) -> tuple[dict[str, Any], Sequence[Mapping[str, SegmentColumn]]] | None:
        """The document and the segments that count; ``None`` where there are none yet.

        Raises `DamagedIndexError`, and `UnkeptIndexError` where another process never lets go of the index.
        """

    def locked(self) -> AbstractContextManager[None]:
        """Keep every other process from changing the index; what `keep` was told holds when the block ends.

        Raises `UnkeptIndexError` where the index cannot be written to, also when that turns out inside the block.
        """

    def add(self, columns: Mapping[str, SegmentColumn]) -> Mapping[str, SegmentColumn]:
        """Write a segment, which counts once it is kept."""

    def keep(self, document: dict[str, Any], segments: Sequence[Mapping[str, SegmentColumn]]) -> None:
        """Make these segments the only ones that count."""

    def clear(self) -> None:
        """Forget everything."""

    def close(self) -> None:
        """Close its files."""


class GramIndex(Protocol):
    """Index of the letter groups, or of the words, of captured texts: derived data that a store may keep.

    See `claimreg.services.linking.likely` and `claimreg.services.finding.word_index`. Groups are arrays of distinct hashes
    (`numpy.uint32`); texts go by their captures' numbers. ``known`` has the numbers of the texts that it holds, and ``position`` the number
    and the hash of the last event of the history up to which they were taken in. What reads it raises `DamagedIndexError` where it is not
    as it was written, and `UnkeptIndexError` where another process never lets go of it.
    """

    known: set[int]
    position: tuple[int, str]

    def load(self) -> None:
        """Read again what is kept; it holds nothing where that is nothing."""

    def locked(self) -> AbstractContextManager[None]:
        """Keep every other process from changing it; what `keep` was told holds when the block ends, see `SegmentStore.locked`."""

    def add(self, text: int, groups: Any) -> bool:  # noqa: ANN401 -- NumPy is imported only where it is used
        """Take in a text, which counts once it is kept; gives whether there is room for more before that."""

    def keep(self, position: tuple[int, str]) -> None:
        """Keep what was added."""

    def forget(self) -> None:
        """Empty it, whatever is kept; what is kept next takes its place."""

    def candidates(self, groups: Any, limit: int) -> list[int]:  # noqa: ANN401 -- as above
        """The texts that share the rarest groups with these, the likest first; those far behind the best are left out."""

    def texts_with(self, groups: Any) -> set[int]:  # noqa: ANN401 -- as above
        """The texts that have at least one of these groups."""

    def differing(self, other: GramIndex) -> set[int]:
        """The texts that only one of two indexes of the store holds, or whose groups in one are not those in the other."""

    def clear(self) -> None:
        """Empty it, and keep nothing from now on."""

    def close(self) -> None:
        """Close its files."""


class Changes(Protocol):
    """Wait for what is recorded, by others or by this process."""

    def wait(self, seconds: float) -> bool:
        """Wait until the history goes on from where it was at the start or at the last such answer, at most so many seconds.

        Returns whether it does. With 0 it only says what is known by now. It is not for the inside of a transaction or snapshot.
        """

    def close(self) -> None:
        """Close its connections."""


class Writer(Reader, Protocol):
    """Reading and writing inside one transaction; reads see what was written. ``change`` says who writes, when and why."""

    change: Change

    def new_id(self, record_type: type[RecordT]) -> str:
        """An id that no record of this type ever had."""

    def put(self, record: RecordT) -> RecordT:
        """Store the record, new or in place of the one with its id, with an event; an unchanged record makes none."""

    def put_blob(self, content: bytes) -> str:
        """Keep bytes under their SHA-256, which is returned; kept already, nothing is written."""


class PastEvent(NamedTuple):
    """An event of another registry's history, as it stands there: its text, and its record's states as canonical JSON.

    ``database_user`` is who a shared registry's database knew to have recorded it; empty where none told.
    """

    event: Event
    text: str
    before: str
    after: str
    database_user: str = ""


class Replay(Protocol):
    """Taking in of what another registry holds, as it stands there, inside one transaction; see `Store.replay`."""

    def head(self) -> tuple[int, str]:
        """The number and the hash of the last event; ``(0, "")`` where there is none yet."""

    def put_blob(self, content: bytes) -> str:
        """Keep bytes under their SHA-256, which is returned."""

    def put_event(self, past: PastEvent) -> None:
        """Take in the next event with its own hash, which was found to be that of its text, and put its record as the event says.

        Raises `DamagedRegistryError` for one that does not follow, and `InputError` for one that this store cannot keep.
        """


class Store(Reader, Protocol):
    """A registry's records, history and bytes."""

    location: str

    def write(self, change: Change) -> AbstractContextManager[Writer]:
        """One transaction: all of it is kept when the block ends, none when it raises."""

    def snapshot(self) -> AbstractContextManager[Reader]:
        """Return a reader that always sees the same state, whatever others write meanwhile."""

    def stored_text(self, record_type: type[RecordT], record_id: str) -> str | None:
        """The document of one record as it is stored, unread; ``None`` where there is none."""

    def stored_history(self) -> Iterator[tuple[int, str]]:
        """All events as they are stored, unread: the number that each is kept under, and its document as JSON.

        What the reader may not see is a `SealedText`.
        """

    def database_users(self) -> Iterator[tuple[int, str]]:
        """Events' numbers, each with who a shared registry's database knew to have recorded it; events of which none told are left out."""

    def blob_ids(self) -> Iterator[str]:
        """The SHA-256 of everything that is kept as bytes, in their order."""

    def replay(self) -> AbstractContextManager[Replay]:
        """One transaction that takes in another registry's bytes and events: all of it is kept when the block ends, none when it raises.

        Raises `StoreError` for a store that takes in no other, or not from this user.
        """

    def changes(self) -> Changes:
        """Begin to wait for what is recorded from now on."""

    def segments(self, *, whole: bool = False) -> SegmentStore | None:
        """Return where the index of claims is kept; ``None`` where the store keeps none or may not be written to.

        With ``whole`` its columns are read and checked at once, for those who ask much of them.
        """

    def gram_index(self) -> GramIndex | None:
        """The index of captured texts by their letter groups, where the store keeps one."""

    def word_index(self) -> GramIndex | None:
        """The index of captured texts by their words, where the store keeps one."""

    def indexes_apart(self, shared: str = "") -> AbstractContextManager[bool]:
        """Keep the indexes in a folder of their own while the block runs.

        ``shared`` names one of `INDEXES`, which begins as what the registry shares of it with all its users; gives whether there is
        something that this claimreg reads. Raises `DamagedIndexError` where that is not whole or of another history.
        """
        del shared
        return nullcontext(enter_result=False)

    def integrity(self) -> Iterator[str]:
        """Return what is wrong with the store's own files, a sentence each; nothing where all is well."""

    def check_blobs(self) -> Iterator[BlobCheck]:
        """Hash everything that is kept as bytes; a store may begin at once and go on while the caller does other things.

        What it raises is `StoreError`.
        """

    def backup(self, folder: Path) -> None:
        """Copy the registry, as it is at one moment, into a new folder; raises `StoreError` where that cannot be."""

    def compact(self) -> Sequence[str]:
        """Give space back that is no longer used; what commands that were cut off had left behind, and is removed."""

    def size(self) -> int:
        """Return the size of the registry, in bytes."""

    def close(self) -> None:
        """Close files and connections."""
