"""Taking another registry's bytes and events into a folder, as they stand there."""

from __future__ import annotations

from itertools import chain
from typing import TYPE_CHECKING

from claimreg.errors import DamagedRegistryError, StoreError
from claimreg.model import Record, record_number, record_type_of
from claimreg.store.chain import GENESIS
from claimreg.store.database_users import Run, add_to, read_runs, up_to, write_runs
from claimreg.store.port import Replay

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from claimreg.store.blobs import StagedBlobs
    from claimreg.store.port import PastEvent
    from claimreg.store.tinydb_sqlite import SQLiteDB


class FolderReplay(Replay):
    """Replay inside an embedded store's open transaction; ``head`` is where the history stood when it began."""

    def __init__(
        self, database: SQLiteDB, folder: Path, staged: StagedBlobs, tables: Mapping[type[Record], str], head: tuple[int, str]
    ) -> None:
        self._database = database
        self._folder = folder
        self._staged = staged
        self._tables = tables
        self._history = database.table("history")
        self._began = self._tail = head
        self._users: list[Run] = []

    def head(self) -> tuple[int, str]:
        """The number and the hash of the last event."""
        return self._tail

    def put_blob(self, content: bytes) -> str:
        """Keep bytes under their SHA-256, which is returned."""
        return self._staged.add(content)

    def put_event(self, past: PastEvent) -> None:
        """Take in the next event; raises `DamagedRegistryError` for one that does not follow."""
        event = past.event
        record_type = record_type_of(event.object_id)
        seq, previous = self._tail
        if record_type is None or (event.seq, event.previous) != (seq + 1, previous or GENESIS):
            raise DamagedRegistryError(f"Event {event.seq} does not follow from the history's last one; nothing was copied.")
        table, number = self._database.table(self._tables[record_type]), record_number(event.object_id)
        if (table.documents.text(number) or "null") != past.before:
            raise DamagedRegistryError(f"Event {event.seq} does not begin where {event.object_id} stands; nothing was copied.")
        table.put_json(number, past.after)
        self._history.put_json(event.seq, past.text)
        self._tail = event.seq, event.hash
        if past.database_user:
            add_to(self._users, event.seq, past.database_user)

    def keep_users(self) -> None:
        """Write down whom the other registry's database knew; raises `StoreError`."""
        if not self._users:
            return
        try:
            write_runs(self._folder, chain(up_to(read_runs(self._folder), self._began[0]), self._users))
        except OSError as error:
            raise StoreError(f"The registry {self._folder} cannot be written to: {error.strerror}; nothing was recorded.") from error
