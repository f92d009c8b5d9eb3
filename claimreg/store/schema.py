"""Check that a database holds the tables and indexes that claimreg makes, and nothing else."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from claimreg.store.layout import APPLICATION_ID
from claimreg.store.tinydb_sqlite.storage import create_table
from claimreg.store.tinydb_sqlite.table import create_index

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Iterator, Mapping

_COUNTERS = "sqlite_sequence"


class _Part(NamedTuple):
    """A part of a schema, as SQLite lists it; ``sql`` is the statement that made it."""

    kind: str
    name: str
    table: str
    sql: str | None


def schema_faults(connection: sqlite3.Connection, tables: Mapping[str, tuple[str, ...]]) -> Iterator[str]:
    """Yield what differs from these tables with their indexed fields, and ids that would be given out twice or skipped."""
    (application,) = connection.execute("PRAGMA application_id").fetchone()
    if application != APPLICATION_ID:
        yield "the file says that it is of another program"
    expected = {(part.kind, part.name): part for part in _parts_of(tables)}
    found = {(part.kind, part.name): part for part in _parts_in(connection)}
    for key in sorted(expected.keys() | found.keys()):
        kind, name = key
        if key not in found:
            yield f"the {kind} {name} is missing"
        elif key not in expected:
            yield f"the {kind} {name} is none of claimreg's" + (f" (on {found[key].table})" if found[key].table != name else "")
        elif found[key] != expected[key]:
            yield f"the {kind} {name} is not as claimreg makes it"
    there = {name for kind, name in found if kind == "table"}
    yield from _counter_faults(connection, [table for table in sorted(tables) if table in there], there)


def _counter_faults(connection: sqlite3.Connection, tables: list[str], there: set[str]) -> Iterator[str]:
    if _COUNTERS not in there:
        return
    counters: dict[str, list[object]] = {}
    for name, seq in connection.execute(f"SELECT name, seq FROM {_COUNTERS}"):  # noqa: S608 -- SQLite's own table
        counters.setdefault(str(name), []).append(seq)
    for table in tables:
        (highest,) = connection.execute(f'SELECT max(id) FROM "{table}"').fetchone()  # noqa: S608 -- our own table's name
        told = counters.pop(table, [0])
        if len(told) != 1 or not isinstance(told[0], int) or told[0] < (highest or 0):
            yield f"the table {table} would give out ids that are in use"
        elif told[0] > (highest or 0):
            yield f"the table {table} would pass over ids: its last one is {highest or 0}, and {told[0] + 1} would come next"
    for name in sorted(counters):
        yield f"the counter of ids {name} is none of claimreg's"


def _parts_of(tables: Mapping[str, tuple[str, ...]]) -> Iterator[_Part]:
    yield _Part("table", _COUNTERS, _COUNTERS, f"CREATE TABLE {_COUNTERS}(name,seq)")
    for table, fields in tables.items():
        yield _Part("table", table, table, create_table(table))
        for field in fields:
            yield _Part("index", f"{table}.{field}", table, create_index(table, field))


def _parts_in(connection: sqlite3.Connection) -> Iterator[_Part]:
    for kind, name, table, sql in connection.execute("SELECT type, name, tbl_name, sql FROM sqlite_master"):
        yield _Part(str(kind), str(name), str(table), sql)
