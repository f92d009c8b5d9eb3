"""Connecting to a shared registry's server, by libpq, with its addresses, service files, password files and certificates."""

from __future__ import annotations

from typing import TYPE_CHECKING

from claimreg.errors import UsageError

if TYPE_CHECKING:
    import psycopg

    from claimreg.store.postgres.location import Location

_SECONDS = 10


def check_driver() -> None:
    """Raise `UsageError` where psycopg is missing."""
    try:
        import psycopg  # noqa: F401 -- asked for only here
    except ImportError:
        raise UsageError("A shared registry needs the extra claimreg[team]: pip install 'claimreg[team]'.") from None


def connect(location: Location) -> psycopg.Connection:
    """A connection on which each statement is a transaction of its own, unless one is begun; raises what psycopg raises."""
    import psycopg

    # Statements are never prepared: behind a pool of connections, the next transaction may run on another one.
    return psycopg.connect(
        location.conninfo, autocommit=True, prepare_threshold=None, connect_timeout=_SECONDS, application_name="claimreg"
    )
