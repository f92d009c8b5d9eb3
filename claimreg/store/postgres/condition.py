"""The condition of a shared registry's server and of the connection to it."""

from __future__ import annotations

from contextlib import closing, suppress
from typing import TYPE_CHECKING

import psycopg

from claimreg.store.condition import MEND
from claimreg.store.port import DamagedIndexError, UnkeptIndexError

if TYPE_CHECKING:
    from collections.abc import Iterator

    from claimreg.store.port import GramIndex, SegmentStore, Store

_FULL = 0.8
"""Share of a server's connections from which on it may soon have none for the next person."""

_UNCHECKED = ("require", "prefer", "allow")
"""Modes of TLS in which a server need not prove that it is who it says."""


def driver() -> tuple[str, str]:
    """Name and version of what connects to servers here."""
    version = psycopg.pq.version()
    return "psycopg", f"{psycopg.__version__}, libpq {version // 10_000}.{version % 10_000}"


def server_condition(store: Store, connection: psycopg.Connection, schema: str) -> Iterator[tuple[str, str]]:
    """Conditions of a shared registry, each with its name; see `claimreg.store.condition`. It raises what psycopg raises."""
    yield "registry", store.location
    yield from _of_connection(connection)
    yield from _of_person(connection, schema)
    yield "size", f"{store.size() / 2**20:.1f} MiB"
    yield from _of_room(connection)
    yield from _of_indexes(store, connection, schema)


def _of_connection(connection: psycopg.Connection) -> Iterator[tuple[str, str]]:
    row = connection.execute(
        "SELECT current_setting('server_version'), current_database(), pg_is_in_recovery(), pg_backend_pid()"
    ).fetchone()
    version, database, is_copy, process = row or ("?", "?", False, 0)
    # A pool of connections tells its clients numbers of its own.
    through = "" if process == connection.info.backend_pid else ", through a pool of connections"
    yield "server", f"PostgreSQL {version}, database {database}{through}"
    if is_copy:
        yield MEND, "the server is a copy of another, which can only be read; name the other one in the address to record"
    told = {one.keyword.decode(): one.val.decode() for one in connection.pgconn.info if one.val}
    if connection.pgconn.ssl_in_use:
        mode = told.get("sslmode", "")
        yield "connection", f"encrypted (TLS, sslmode={mode})"
        if mode in _UNCHECKED:
            yield MEND, "the server did not have to prove that it is who it says; leave sslmode out of the address, or set verify-full"
    elif connection.info.host.startswith("/") or not connection.info.host:
        yield "connection", "not encrypted, through a socket of this machine"
    elif connection.info.hostaddr in ("127.0.0.1", "::1"):
        yield "connection", "not encrypted, within this machine"
    else:
        yield "connection", "not encrypted"
        yield MEND, "others on the way can read and change what is sent; have TLS turned on at the server, and set sslmode=verify-full"


def _of_person(connection: psycopg.Connection, schema: str) -> Iterator[tuple[str, str]]:
    row = connection.execute(
        """
        SELECT session_user, r.rolsuper, pg_has_role(session_user, c.relowner, 'USAGE'), pg_get_userbyid(c.relowner),
          array(SELECT split_part(g.rolname, %s, 2) FROM pg_roles g
            WHERE starts_with(g.rolname, %s) AND pg_has_role(session_user, g.oid, 'USAGE') AND g.rolname = ANY(%s) ORDER BY g.rolname)
        FROM pg_roles r, pg_class c WHERE r.rolname = session_user AND c.oid = to_regclass(%s)
        """,
        (f"{schema}_", f"{schema}_", [f"{schema}_{name}" for name in ("reader", "reviewer", "writer", "keeper")], f"{schema}.registry"),
    ).fetchone()
    if row is None:
        return
    user, is_superuser, is_owner, owner, roles = row
    named = [*(["superuser"] if is_superuser else []), *(["owner"] if is_owner and not is_superuser else [])] or roles
    yield "database user", f"{user} ({', '.join(named) or 'no role'})"
    yield "owner", str(owner)


def _of_room(connection: psycopg.Connection) -> Iterator[tuple[str, str]]:
    """Say how many connections the server has, and how many are taken."""
    row = connection.execute("SELECT sum(numbackends)::bigint, current_setting('max_connections')::bigint FROM pg_stat_database").fetchone()
    taken, most = row or (0, 0)
    yield "connections", f"{taken} of {most}"
    if taken > _FULL * most:
        yield MEND, "the server will soon have no connection for the next person; have max_connections raised, or pgbouncer put before it"


def _of_indexes(store: Store, connection: psycopg.Connection, schema: str) -> Iterator[tuple[str, str]]:
    """Say how far the indexes are behind the history: those that are shared, and those in the user's cache, before these are mended."""
    head = store.head()[0]
    shared: dict[str, int] = dict(connection.execute(f"SELECT kind, seq FROM {schema}.indexes WHERE NOT sealed".encode()).fetchall())
    for kind, name, own in (
        ("claims", "claims", _position(store.segments())),
        ("grams", "letter groups", _text_position(store.gram_index())),
        ("words", "words", _text_position(store.word_index())),
    ):
        behind = f"{head - own} of {head} events behind" if own else "not made yet"
        yield f"index of {name}", f"{behind}; shared: " + (f"{head - shared[kind]} behind" if kind in shared else "not yet")


def _position(index: SegmentStore | None) -> int:
    """The number of the last event that an index has; 0 where there is none of it, or it is damaged and is made anew."""
    if index is None:
        return 0
    with closing(index), suppress(DamagedIndexError, UnkeptIndexError, KeyError, TypeError, ValueError):
        loaded = index.load()
        return int(loaded[0]["position"][0]) if loaded is not None else 0
    return 0


def _text_position(index: GramIndex | None) -> int:
    if index is None:
        return 0
    with closing(index), suppress(DamagedIndexError, UnkeptIndexError):
        index.load()
        return index.position[0]
    return 0
