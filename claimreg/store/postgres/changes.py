"""Waiting for what others record in a shared registry, of which the server tells at once."""

from __future__ import annotations

import time
from contextlib import suppress
from typing import TYPE_CHECKING

import psycopg

from claimreg.errors import StoreError
from claimreg.store.changes import LookedFor
from claimreg.store.postgres.connect import connect

if TYPE_CHECKING:
    from claimreg.store.port import Reader
    from claimreg.store.postgres.location import Location

_EVERY = 2.0
"""Seconds between two looks, for where the server tells of nothing, as behind a pool of connections."""

_PATIENCE = 60.0
"""Seconds for which a server may be away: an update of the system starts it anew within less."""


class ToldOf(LookedFor):
    """Changes that the server tells of, on a connection of its own; now and then they are looked for as well.

    A server that is away for a while, as when it is started anew, is waited for.
    """

    def __init__(self, reader: Reader, location: Location) -> None:
        # What is recorded between the two lines is told of, and nothing is missed.
        self._connection = _listening(location)
        super().__init__(reader, _EVERY)
        self._location = location
        self._is_told = self._connection is not None
        self._answered = time.monotonic()

    def close(self) -> None:
        if self._connection is not None:
            self._connection.close()

    def _pass(self, seconds: float) -> bool:
        if self._connection is None:
            return super()._pass(seconds)
        try:
            return bool(list(self._connection.notifies(timeout=seconds, stop_after=1)))
        except psycopg.Error:
            with suppress(psycopg.Error):
                self._connection.close()
            self._connection = None
            return False

    def _is_other(self) -> bool:
        if self._connection is None and self._is_told:
            self._connection = _listening(self._location)
        try:
            is_other = super()._is_other()
        except StoreError:
            if time.monotonic() - self._answered > _PATIENCE:
                raise
            self._looked = time.monotonic()
            return False
        self._answered = time.monotonic()
        return is_other


def _listening(location: Location) -> psycopg.Connection | None:
    """A connection that is told of events; ``None`` where none is to be had, or a pool gives it to others between transactions."""
    try:
        connection = connect(location)
    except StoreError:
        return None
    with suppress(psycopg.Error):
        row = connection.execute("SELECT pg_backend_pid()").fetchone()
        # A pool of connections tells its clients numbers of its own.
        if row is not None and row[0] == connection.info.backend_pid:
            connection.execute(f"LISTEN claimreg_{location.schema}".encode())
            return connection
    connection.close()
    return None
