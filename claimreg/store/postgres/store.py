"""The store of a shared registry."""

from __future__ import annotations

from contextlib import contextmanager, suppress
from typing import TYPE_CHECKING

from claimreg.errors import NewerRegistryError, NotFoundError, StoreError
from claimreg.model import SCHEMA_VERSION, Change
from claimreg.store.port import BlobCheck, Changes, GramIndex, Reader, SegmentStore, Store, Writer
from claimreg.store.postgres.connect import connect
from claimreg.store.postgres.faults import faults_told
from claimreg.store.postgres.indexes import CachedIndexes
from claimreg.store.postgres.location import location_of
from claimreg.store.postgres.making import is_made, make_registry
from claimreg.store.postgres.reading import PostgresReader
from claimreg.store.postgres.writing import PostgresWriter

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path


class PostgresStore(PostgresReader, Store):
    """A registry in a schema of a PostgreSQL database.

    ``create`` makes the tables where there are none; ``wait`` is how many seconds to wait while somebody else writes. Raises
    `NotFoundError` where there is no registry, `UsageError` for an address that cannot be read, and `StoreError`.
    """

    def __init__(self, address: str, *, create: bool = False, wait: float = 10.0) -> None:
        location = location_of(address)
        self.location = location.shown
        self._wait = wait
        with faults_told(location.shown):
            super().__init__(connect(location), location)
            if create:
                make_registry(self._connection, self._schema)
            elif not is_made(self._connection, self._schema):
                raise NotFoundError(f"There is no registry in {self.location}; `claimreg init` makes one.")
            self._check_version()

    def _check_version(self) -> None:
        ((version, readable_from, uuid),) = self._rows(f"SELECT schema_version, readable_from, uuid FROM {self._schema}.registry")
        self._indexes = CachedIndexes(self._connection, self._schema, uuid, lambda: self._seen)
        if readable_from > SCHEMA_VERSION:
            raise NewerRegistryError(
                f"The registry {self.location} was written by a newer claimreg (schema {version}, this one knows {SCHEMA_VERSION}); "
                "update claimreg."
            )

    @contextmanager
    def write(self, change: Change) -> Iterator[Writer]:
        with faults_told(self.location):
            self._connection.execute("BEGIN")
            try:
                self._connection.execute(f"SET LOCAL lock_timeout = {int(self._wait * 1000)}".encode())
                self._connection.execute(f"SELECT {self._schema}.lock_writing()".encode())
                writer = PostgresWriter(self._connection, self._location, change, self.head())
                yield writer
                writer.send()
                self._connection.execute("COMMIT")
            except BaseException:
                with suppress(Exception):
                    self._connection.execute("ROLLBACK")
                raise

    @contextmanager
    def snapshot(self) -> Iterator[Reader]:
        with faults_told(self.location):
            self._connection.execute("BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY")
            try:
                yield self
            finally:
                with suppress(Exception):
                    self._connection.execute("ROLLBACK")

    def changes(self) -> Changes:
        from claimreg.store.postgres.changes import ToldOf

        return ToldOf(self, self._location)

    def segments(self, *, whole: bool = False) -> SegmentStore | None:
        return self._indexes.claims(whole=whole)

    def gram_index(self) -> GramIndex | None:
        return self._text_index("grams")

    def word_index(self) -> GramIndex | None:
        return self._text_index("words")

    def _text_index(self, name: str) -> GramIndex | None:
        from claimreg.store.gram_index import LetterGroupIndex

        folder = self._indexes._of(name)
        return LetterGroupIndex(folder) if folder is not None else None

    def integrity(self) -> Iterator[str]:
        return iter(())

    def check_blobs(self) -> Iterator[BlobCheck]:
        from claimreg.store.blob_check import check_content

        for (sha256,) in self._rows(f"SELECT sha256 FROM {self._schema}.blobs ORDER BY sha256"):
            yield check_content(sha256, self.blob(sha256))

    def backup(self, folder: Path) -> None:
        raise StoreError(f"A shared registry cannot be copied to {folder} yet.")

    def compact(self) -> list[str]:
        return []

    def size(self) -> int:
        rows = self._rows(
            "SELECT coalesce(sum(pg_total_relation_size(c.oid)), 0)::bigint FROM pg_class c "
            "WHERE c.relnamespace = to_regnamespace(%s) AND c.relkind = 'r'",
            self._schema,
        )
        return int(rows[0][0])

    def close(self) -> None:
        self._connection.close()
