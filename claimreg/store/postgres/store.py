"""The store of a shared registry."""

from __future__ import annotations

from contextlib import contextmanager, suppress
from typing import TYPE_CHECKING

from claimreg.errors import StoreError
from claimreg.files import undone_on_failure
from claimreg.model import SCHEMA_VERSION, Change, Event
from claimreg.store.port import BlobCheck, Changes, GramIndex, Reader, Replay, SegmentStore, Store, Writer
from claimreg.store.postgres.faults import faults_told
from claimreg.store.postgres.indexes import CachedIndexes
from claimreg.store.postgres.location import location_of
from claimreg.store.postgres.making import make_registry
from claimreg.store.postgres.messages import Messages
from claimreg.store.postgres.reading import KeepingReader, PostgresReader
from claimreg.store.postgres.writing import begin_writing

if TYPE_CHECKING:
    from collections.abc import Iterator
    from contextlib import AbstractContextManager
    from pathlib import Path

    from claimreg.store.postgres.writing import PostgresWriter


class PostgresStore(PostgresReader, Store):
    """A registry in a schema of a PostgreSQL database.

    ``create`` makes the tables where there are none; ``wait`` is how many seconds to wait while somebody else writes. Raises
    `NotFoundError` where there is no registry, `UsageError` for an address that cannot be read, and `StoreError`.
    """

    def __init__(self, address: str, *, create: bool = False, wait: float = 10.0) -> None:
        location = location_of(address)
        self.location = location.shown
        self._wait = wait
        self._snapshot: KeepingReader | None = None
        self._readers = 0
        self._writer: PostgresWriter | None = None
        self._beside: Messages | None = None
        self._is_interrupted = False
        self._refusal: StoreError | None = None
        with faults_told(location.shown):
            super().__init__(Messages(location), location)
            self._indexes = CachedIndexes(self._messages, location.schema)
            with undone_on_failure(self.close):
                if create:
                    make_registry(self._messages.connection, self._schema)
                self._check_version()

    def _check_version(self) -> None:
        # A schema without a registry has no such table.
        ((version, readable_from, uuid, generation, self.sees_withheld),) = self._rows(
            f"SELECT schema_version, readable_from, uuid, index_generation, has_table_privilege(%s, 'SELECT') FROM {self._schema}.registry",
            f"{self._schema}.whole_records",
        )
        self._indexes.set_up(uuid, generation, sees_withheld=self.sees_withheld)
        if version != SCHEMA_VERSION:
            from claimreg.store.postgres.upgrading import refusal_of_writing

            self._refusal = refusal_of_writing(self._messages.connection, self._location, version, readable_from)

    @contextmanager
    def write(self, change: Change) -> Iterator[Writer]:
        if self._is_interrupted:
            raise KeyboardInterrupt
        if self._refusal is not None:
            raise self._refusal
        with faults_told(self.location):
            messages = self._messages if self._snapshot is None else self._second()
            try:
                self._writer = begin_writing(messages, self._location, change, self._wait, sees_withheld=self.sees_withheld)
                yield self._writer
                self._is_interrupted = self._writer.commit()
            except BaseException:
                with suppress(Exception):
                    messages.end("ROLLBACK")
                raise
            finally:
                self._writer = None

    @contextmanager
    def snapshot(self) -> Iterator[Reader]:
        if self._writer is not None:
            # Nobody else writes while a transaction is open.
            yield self._writer
            return
        with faults_told(self.location):
            if self._snapshot is None:
                self._messages.begin("BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY")
                self._snapshot = KeepingReader(self._messages, self._location, sees_withheld=self.sees_withheld)
            self._readers += 1
            try:
                yield self._snapshot
            finally:
                self._readers -= 1
                if not self._readers:
                    self._snapshot = None
                    with suppress(Exception):
                        self._messages.end("ROLLBACK")

    def _second(self) -> Messages:
        """A second connection, for writing while the first one is in a snapshot."""
        if self._beside is None:
            self._beside = Messages(self._location)
        return self._beside

    def condition(self) -> Iterator[tuple[str, str]]:
        """Conditions of the server and the connection that a person who looks for problems should know, each with its name."""
        from claimreg.store.postgres.condition import server_condition

        with faults_told(self.location):
            yield from server_condition(self, self._messages.connection, self._schema)

    def replay(self) -> AbstractContextManager[Replay]:
        from claimreg.store.postgres.replaying import replaying

        if self._refusal is not None:
            raise self._refusal
        return replaying(self._messages.connection, self._location, self._wait)

    def changes(self) -> Changes:
        from claimreg.store.postgres.changes import ToldOf

        return ToldOf(self, self._location)

    def head(self) -> tuple[int, str]:
        head = super().head()
        self._indexes.head = head[0]
        return head

    def history(self, object_id: str | None = None, *, after: int = 0) -> Iterator[Event]:
        for event in super().history(object_id, after=after):
            self._indexes.head = max(self._indexes.head, event.seq)
            yield event

    def segments(self, *, whole: bool = False) -> SegmentStore | None:
        return self._indexes.claims(whole=whole)

    def gram_index(self) -> GramIndex | None:
        return self._indexes.texts("grams")

    def word_index(self) -> GramIndex | None:
        return self._indexes.texts("words")

    @contextmanager
    def indexes_apart(self, shared: str = "") -> Iterator[bool]:
        with faults_told(self.location), self._indexes.apart():
            yield bool(shared) and self._indexes.begin_as_shared(shared)

    def integrity(self) -> Iterator[str]:
        if self._refusal is not None:
            # What another claimreg makes is not known.
            return
        from claimreg.store.postgres.integrity import faults

        try:
            with faults_told(self.location):
                yield from faults(self._messages, self._schema)
        except StoreError as error:
            yield str(error)

    def check_blobs(self) -> Iterator[BlobCheck]:
        from claimreg.store.postgres.maintenance import check_blobs

        # All at once: its connections must not wait, at a pool, for one that waits in a snapshot for what they find.
        return iter(list(check_blobs(self._messages, self._location)))

    def backup(self, folder: Path) -> None:
        raise StoreError(f"A database copies nothing to {folder} by itself; `claimreg copy {self.location} {folder}` does.")

    def compact(self) -> list[str]:
        from claimreg.store.postgres.maintenance import compact

        with faults_told(self.location):
            compact(self._messages.connection, self._location)
            # Whoever found one unfit has it made anew by this.
            self._indexes.begin_anew()
        return []

    def size(self) -> int:
        rows = self._rows(
            "SELECT coalesce(sum(pg_total_relation_size(c.oid)), 0)::bigint FROM pg_class c "
            "WHERE c.relnamespace = to_regnamespace(%s) AND c.relkind = 'r'",
            self._schema,
        )
        return int(rows[0][0])

    def close(self) -> None:
        self._indexes.share()
        for one in (self._messages, self._beside):
            if one is not None:
                one.close()
