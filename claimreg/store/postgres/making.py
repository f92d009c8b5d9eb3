"""Making a shared registry's tables."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from claimreg.errors import StoreError
from claimreg.model import SCHEMA_VERSION, Capture, Draft, Link, Source
from claimreg.store.indexed import INDEXED

if TYPE_CHECKING:
    import psycopg

_SCRIPTS = ("schema.sql", "told.sql", "sealing.sql", "taking.sql", "segments.sql")
"""Files of SQL, run in this order; ``{schema}`` in them is the schema's name, and other braces are doubled."""

READABLE_FROM = 8
"""Oldest version of the schema whose claimreg reads what this one writes."""

MAY_BE_SEALED = (Source, Capture, Link, Draft)
"""Types of records that belong to a source, and are sealed with it."""


def is_made(connection: psycopg.Connection, schema: str) -> bool:
    """Return whether a schema has a registry."""
    row = connection.execute("SELECT to_regclass(%s)", (f"{schema}.registry",)).fetchone()
    return row is not None and row[0] is not None


def make_registry(connection: psycopg.Connection, schema: str) -> None:
    """Make the tables of an empty registry, unless they are there."""
    with connection.transaction():
        connection.execute("SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))", (f"claimreg.{schema}",))
        if is_made(connection, schema):
            return
        if (encoding := connection.info.parameter_status("server_encoding")) != "UTF8":
            raise StoreError(
                f"The database keeps texts as {encoding}, which has no place for the letters of all languages; make another one with "
                "CREATE DATABASE name ENCODING 'UTF8' TEMPLATE template0."
            )
        connection.execute(scripts_of(schema, schema)[0].encode())
        connection.execute(f"REVOKE ALL ON ALL FUNCTIONS IN SCHEMA {schema} FROM PUBLIC".encode())
        connection.execute(
            f"INSERT INTO {schema}.registry (schema_version, readable_from) VALUES (%s, %s)".encode(), (SCHEMA_VERSION, READABLE_FROM)
        )


def scripts_of(schema: str, roles: str) -> tuple[str, str]:
    """The scripts that make a registry in a schema, and that give its roles, whose names begin with ``roles``, their rights."""
    made = [_script(name).format(schema=schema) for name in _SCRIPTS]
    return "\n".join([*made, *(f"{index};" for index in _indexes(schema))]), _script("rights.sql").format(schema=schema, roles=roles)


def _script(name: str) -> str:
    return (Path(__file__).parent / name).read_text(encoding="utf-8")


def field_of(name: str) -> str:
    """A field of a record's document in SQL, as its JSON text."""
    return f"((doc::json -> '{name}')::text)"


def _indexes(schema: str) -> list[str]:
    tables = {record_type: ("records", "sealed_records") if record_type in MAY_BE_SEALED else ("records",) for record_type in INDEXED}
    return [
        f"CREATE INDEX ON {schema}.{table} ({field_of(field)}, id) WHERE kind = '{record_type.PREFIX}'"
        for record_type, fields in INDEXED.items()
        for field in fields
        for table in tables[record_type]
    ]
