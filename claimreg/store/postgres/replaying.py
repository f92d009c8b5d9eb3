"""Taking another registry's bytes and events into a shared one, as they stand there; its owner alone may."""

from __future__ import annotations

import hashlib
from contextlib import contextmanager, suppress
from typing import TYPE_CHECKING

from claimreg.characters import may_be_unfit, texts_in, unfit_characters
from claimreg.errors import InputError, NotFoundError, StoreError
from claimreg.store.port import Replay
from claimreg.store.postgres.faults import faults_told

if TYPE_CHECKING:
    from collections.abc import Iterator

    import psycopg

    from claimreg.store.port import PastEvent
    from claimreg.store.postgres.location import Location

_MOST_HELD = 1_000
_MOST_CHARACTERS = 8 * 2**20
"""Events, and their code points, that are held before they are sent."""


@contextmanager
def replaying(connection: psycopg.Connection, location: Location, wait: float) -> Iterator[Replay]:
    """One transaction that takes events in; raises `StoreError` where the user may not."""
    with faults_told(location.shown):
        refuse_others(connection, location, "copy a registry into it")
        connection.execute("BEGIN")
        try:
            connection.execute(f"SET LOCAL lock_timeout = {int(wait * 1000)}".encode())
            connection.execute(f"SELECT {location.schema}.lock_writing()".encode())
            row = connection.execute(f"SELECT seq, hash FROM {location.schema}.head()".encode()).fetchone()
            replay = PostgresReplay(connection, location, (row[0], row[1]) if row is not None else (0, ""))
            yield replay
            replay.send()
            connection.execute("COMMIT")
        except BaseException:
            with suppress(Exception):
                connection.execute("ROLLBACK")
            raise


def refuse_others(connection: psycopg.Connection, location: Location, what: str) -> None:
    """Raise `StoreError` unless the user owns the registry, or is a member of the role that does; raises what psycopg raises."""
    owner, is_ours = owner_of(connection, location)
    if not is_ours:
        raise StoreError(f"Only the owner of the registry {location.shown} may {what}; ask {owner}.")


def owner_of(connection: psycopg.Connection, location: Location) -> tuple[str, bool]:
    """The role that owns the registry, and whether the user is it or a member of it; raises what psycopg raises."""
    row = connection.execute(
        "SELECT pg_get_userbyid(nspowner), pg_has_role(nspowner, 'USAGE') FROM pg_namespace WHERE nspname = %s", (location.schema,)
    ).fetchone()
    if row is None:
        raise NotFoundError(f"There is no registry in {location.shown}; `claimreg init` makes one.")
    return str(row[0]), bool(row[1])


class PostgresReplay(Replay):
    """Replay inside an open transaction; ``head`` is where the history stood when it began."""

    def __init__(self, connection: psycopg.Connection, location: Location, head: tuple[int, str]) -> None:
        self._connection = connection
        self._location = location
        self._tail = head
        self._held: list[PastEvent] = []
        self._room = _MOST_CHARACTERS

    def head(self) -> tuple[int, str]:
        """The number and the hash of the last event."""
        return self._tail

    def put_blob(self, content: bytes) -> str:
        """Keep bytes under their SHA-256, which is returned."""
        sha256 = hashlib.sha256(content).hexdigest()
        with faults_told(self._location.shown):
            # They are sealed until an event names them that is not of a withheld source.
            statement = f"INSERT INTO {self._location.schema}.blobs (sha256, sealed, content) VALUES (%s, true, %b) ON CONFLICT DO NOTHING"
            self._connection.execute(statement.encode(), (sha256, content))
        return sha256

    def put_event(self, past: PastEvent) -> None:
        """Take in the next event; raises `InputError` for one with a character that no database server keeps."""
        if may_be_unfit(past.text):
            _refuse_nul(past)
        self._held.append(past)
        self._tail = past.event.seq, past.event.hash
        self._room -= len(past.text)
        if len(self._held) >= _MOST_HELD or self._room < 0:
            with faults_told(self._location.shown):
                self.send()

    def send(self) -> None:
        """Send the events that are held; raises what psycopg raises."""
        if self._held:
            self._connection.execute(
                f"INSERT INTO {self._location.schema}.events (event, db_user) SELECT * FROM unnest(%s::text[], %s::text[])".encode(),
                ([past.text for past in self._held], [past.database_user for past in self._held]),
            )
            self._held.clear()
            self._room = _MOST_CHARACTERS


def _refuse_nul(past: PastEvent) -> None:
    event = past.event
    for text in texts_in([event.before, event.after, event.user, event.action]):
        if (what := unfit_characters(text)) is not None:
            raise InputError(
                f"Event {event.seq} tells of {event.object_id} with {what}, which no PostgreSQL database keeps, so this history cannot be "
                "copied into one; mend the record, and take the records over by `claimreg export --bundle` and `claimreg import`."
            )
