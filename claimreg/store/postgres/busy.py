"""Search for whoever is writing to a shared registry while somebody else waits for it."""

from __future__ import annotations

from contextlib import suppress
from typing import TYPE_CHECKING

import psycopg

from claimreg.errors import BusyRegistryError

if TYPE_CHECKING:
    from claimreg.store.postgres.location import Location
    from claimreg.store.postgres.messages import Messages

_HOLDERS = """
SELECT a.usename, a.application_name, host(a.client_addr), extract(epoch FROM clock_timestamp() - a.xact_start)::bigint
FROM pg_locks l
JOIN pg_database d ON d.oid = l.database AND d.datname = current_database()
LEFT JOIN pg_stat_activity a ON a.pid = l.pid
CROSS JOIN hashtextextended(%s, 0) AS key
WHERE l.locktype = 'advisory' AND l.granted AND l.objsubid = 1
  AND l.classid::bigint = (key >> 32) & 4294967295 AND l.objid::bigint = key & 4294967295
"""
"""The transactions that have the lock of writing; of another user's the server tells its name, and to few the rest."""


def busy(messages: Messages, location: Location, waited: float) -> BusyRegistryError:
    """The error that tells a person who is writing, as far as the server lets the role know."""
    rows: list[tuple[object, ...]] = []
    with suppress(psycopg.Error):
        rows = messages.rows(_HOLDERS, f"claimreg.{location.schema}")
    who, since = _named(rows[0] if rows else None)
    return BusyRegistryError(f"{who} is writing to {location.shown}{since} (waited {waited:g} s for it); try again in a moment.")


def _named(row: tuple[object, ...] | None) -> tuple[str, str]:
    """Tell who writes, and since when."""
    if row is None or row[0] is None:
        return "Somebody else", ""
    user, program, address, seconds = row
    where = f" from {address}" if address is not None else ""
    by = f" with {program}" if program not in (None, "", "claimreg") else ""
    return f"The database's user {user}{by}{where}", f" for {seconds} s by now" if seconds is not None else ""
