"""A location's store: the one place that knows every adapter."""

from __future__ import annotations

import os
from contextlib import closing
from pathlib import Path
from typing import TYPE_CHECKING

from claimreg.errors import NotFoundError, UsageError
from claimreg.store.locations import is_shared

if TYPE_CHECKING:
    from collections.abc import Iterator

    from claimreg.store.port import Store

_MOST_BESIDE = 1_000
"""Files and folders among which registries are looked for."""


def open_store(location: str, *, create: bool, wait: float = 10.0) -> Store:
    """Open the registry at a location: a folder, a ``postgresql://`` address, or ``memory:``.

    Raises `UsageError` for a kind of location that is not known and `StoreError` where the registry cannot be opened.
    """
    if location == "memory:":
        from claimreg.store.memory import MemoryStore

        return MemoryStore()
    if is_shared(location):
        from claimreg.store.postgres.connect import check_driver

        check_driver()
        from claimreg.store.postgres.store import PostgresStore

        return PostgresStore(location, create=create, wait=wait)
    from claimreg.store.embedded import EmbeddedStore

    return EmbeddedStore(folder_of(location), create=create, wait=wait)


def folder_of(location: str) -> Path:
    """The folder that a location names, ``~`` being a home; raises `UsageError` for the home of nobody, and for what is no folder."""
    if is_shared(location):
        raise UsageError("A shared registry is in no folder; name a folder.")
    if "://" in location:
        raise UsageError(
            f"The location {location.split('://', 1)[0]}://… is of no kind that this claimreg knows; "
            "give a folder, postgresql://… or memory:."
        )
    if not location.strip() or "\0" in location:
        raise UsageError("The registry's location is empty; give a folder with --db.")
    try:
        return Path(location).expanduser()
    except RuntimeError:
        raise UsageError(f"There is no home for {location.split('/', 1)[0]}; give the registry's folder by its whole path.") from None


def registry_is_made(location: str) -> bool:
    """Return whether a registry was made at a location; the server is asked for a shared one, whatever that takes."""
    if not is_shared(location):
        return registry_exists(location)
    try:
        open_store(location, create=False).close()
    except NotFoundError:
        return False
    return True


def condition_of(location: str) -> Iterator[tuple[str, str]]:
    """Conditions of a registry's place, for a person who looks for problems, each with its name.

    Raises `UsageError` for a registry in memory, and `StoreError` where a shared one cannot be reached.
    """
    if is_shared(location):
        yield from _server_condition(location)
        return
    from claimreg.store.condition import folder_condition

    folder = folder_of(location)
    if not folder.exists():
        raise UsageError("A registry in memory is in no place that could be looked at; give a folder or postgresql://… with --db.")
    yield from folder_condition(folder, location)


def _server_condition(address: str) -> Iterator[tuple[str, str]]:
    from claimreg.store.postgres.connect import check_driver

    check_driver()
    from claimreg.store.postgres.condition import driver
    from claimreg.store.postgres.store import PostgresStore

    yield driver()
    with closing(PostgresStore(address)) as store:
        yield from store.condition()


def registry_exists(location: str) -> bool:
    """Return whether there is something at a location to open; a folder that is damaged counts.

    A shared registry counts without a look: that there is none is found when it is opened.
    """
    if location == "memory:" or "://" in location or is_shared(location) or not location.strip() or "\0" in location:
        return True
    folder = folder_of(location)
    if not os.path.exists(folder):  # noqa: PTH110 -- this one raises nothing
        from claimreg.store.restoring import finish_restoring

        finish_restoring(folder)
    try:
        return folder.exists() and (not folder.is_dir() or any(folder.iterdir()))
    except OSError:
        return True


def registries_beside(location: str) -> list[Path]:
    """The registries in the folder that one would be in which is not there."""
    from itertools import islice

    from claimreg.store.layout import DATABASE

    try:
        return [one for one in islice(folder_of(location).absolute().parent.iterdir(), _MOST_BESIDE) if (one / DATABASE).is_file()]
    except OSError:
        return []
