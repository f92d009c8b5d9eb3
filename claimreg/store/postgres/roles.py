"""Making the roles of a shared registry: who may read, review, record, and see withheld sources."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from claimreg.errors import NotFoundError, StoreError, UsageError
from claimreg.store.postgres.connect import connect
from claimreg.store.postgres.faults import faults_told
from claimreg.store.postgres.location import location_of
from claimreg.store.postgres.making import is_made

if TYPE_CHECKING:
    import psycopg

ROLES = ("reader", "reviewer", "writer", "keeper")
"""Last words of the roles' names, each of which may do what the ones before may, and more."""

_NO_RIGHT = "42501"


def make_roles(address: str) -> tuple[str, ...]:
    """Make the roles of the registry at an address, or bring their rights up to date; returns their names.

    The roles are groups without a login, named after the schema. Raises `UsageError` where there is a role of such a name that is not
    this registry's, `NotFoundError` where there is no registry, and `StoreError`.
    """
    import psycopg

    location = location_of(address)
    with faults_told(location.shown), connect(location) as connection, connection.transaction():
        if not is_made(connection, location.schema):
            raise NotFoundError(f"There is no registry in {location.shown}; `claimreg init` makes one.")
        connection.execute(f"SELECT pg_advisory_xact_lock(hashtextextended('claimreg.{location.schema}', 0))".encode())
        names = tuple(f"{location.schema}_{role}" for role in ROLES)
        try:
            for name in names:
                _make_role(connection, location.schema, name)
            script = (Path(__file__).parent / "rights.sql").read_text(encoding="utf-8")
            connection.execute(script.format(schema=location.schema, roles=location.schema).encode())
        except psycopg.errors.InsufficientPrivilege as error:
            told = (error.diag.message_primary or "no right").rstrip(".")
            raise StoreError(
                f"The roles of {location.shown} were not made ({told}): only the registry's owner can, with the right CREATEROLE; "
                "a superuser gives it: ALTER ROLE OWNER CREATEROLE."
            ) from error
    return names


def _make_role(connection: psycopg.Connection, schema: str, name: str) -> None:
    from psycopg import sql

    mark = _one(connection, f"SELECT 'of the claimreg registry ' || uuid FROM {schema}.registry")
    there = connection.execute("SELECT shobj_description(oid, 'pg_authid') FROM pg_roles WHERE rolname = %s", (name,)).fetchone()
    if there is None:
        connection.execute(f"CREATE ROLE {name} NOLOGIN".encode())
        connection.execute(sql.SQL("COMMENT ON ROLE {} IS {}").format(sql.Identifier(name), sql.Literal(mark)))
    elif there[0] != mark:
        whose = f"is {there[0]}" if there[0] else "was not made by claimreg"
        raise UsageError(
            f"There is a role {name} on the server already, and it {whose}; roles are of all databases of a server, so give the registry "
            "a schema of another name (?schema=NAME in its address), or have the role removed."
        )


def _one(connection: psycopg.Connection, statement: str) -> str:
    row = connection.execute(statement.encode()).fetchone()
    return str(row[0]) if row is not None else ""
