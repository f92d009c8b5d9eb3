"""Bringing a shared registry of an older claimreg up to date: ordered steps under the lock of writing, by the registry's owner alone.

What another claimreg made is read, as far as it can be, and never written to.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from claimreg.errors import NewerRegistryError, StoreError
from claimreg.model import SCHEMA_VERSION
from claimreg.store.postgres.connect import connect
from claimreg.store.postgres.faults import faults_told
from claimreg.store.postgres.location import location_of
from claimreg.store.postgres.making import READABLE_FROM
from claimreg.store.postgres.replaying import owner_of, refuse_others

if TYPE_CHECKING:
    from collections.abc import Callable

    import psycopg

    from claimreg.store.postgres.location import Location


class Step(NamedTuple):
    """A step to the next version of the schema; ``reads_alike`` says that this claimreg reads a registry that lacks it all the same."""

    to_version: int
    reads_alike: bool
    run: Callable[[psycopg.Connection, str], None]


STEPS: tuple[Step, ...] = ()
"""Steps from the first schema that shared registries had, 8, to this claimreg's, in order."""


def refusal_of_writing(connection: psycopg.Connection, location: Location, version: int, readable_from: int) -> StoreError | None:
    """Return why a registry of this version may only be read, ``None`` where it may be written to; raises `StoreError` for neither."""
    if version > SCHEMA_VERSION:
        told = f"The registry {location.shown} is of a newer claimreg (schema {version}, this one knows {SCHEMA_VERSION})"
        if readable_from > SCHEMA_VERSION:
            raise NewerRegistryError(f"{told}; update claimreg.")
        return NewerRegistryError(f"{told} and can only be read with this one; nothing was recorded: update claimreg.")
    if version == SCHEMA_VERSION:
        return None
    owner, is_ours = owner_of(connection, location)
    told = f"The registry {location.shown} is of an older claimreg (schema {version}, this one writes {SCHEMA_VERSION})"
    remedy = "run `claimreg upgrade`" if is_ours else f"ask {owner} to run `claimreg upgrade`"
    if not all(step.reads_alike for step in _missing(version)):
        raise StoreError(f"{told}; {remedy}.")
    return StoreError(f"{told} and can only be read until it is upgraded; nothing was recorded: {remedy}.")


def registry_version(address: str) -> tuple[str, int]:
    """A registry's location as it may be shown, and the version of its schema; raises `NotFoundError` where there is no registry."""
    location = location_of(address)
    with faults_told(location.shown), connect(location) as connection:
        return location.shown, _version(connection, location)


def upgrade_registry(address: str, wait: float) -> None:
    """Bring a registry up to date in one transaction; raises `StoreError` where the user does not own it, or others write meanwhile."""
    location = location_of(address)
    with faults_told(location.shown), connect(location) as connection:
        refuse_others(connection, location, "upgrade it")
        with connection.transaction():
            connection.execute(f"SET LOCAL lock_timeout = {int(wait * 1000)}".encode())
            connection.execute(f"SELECT {location.schema}.lock_writing()".encode())
            # Asked again: another process may have upgraded it while we waited for the lock.
            version = _version(connection, location)
            if version >= SCHEMA_VERSION:
                return
            for step in _missing(version):
                step.run(connection, location.schema)
            connection.execute(
                f"UPDATE {location.schema}.registry SET schema_version = %s, readable_from = %s".encode(), (SCHEMA_VERSION, READABLE_FROM)
            )


def _missing(version: int) -> list[Step]:
    return [step for step in STEPS if step.to_version > version]


def _version(connection: psycopg.Connection, location: Location) -> int:
    row = connection.execute(f"SELECT schema_version FROM {location.schema}.registry".encode()).fetchone()
    return int(row[0]) if row is not None else 0
