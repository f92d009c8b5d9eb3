"""Bringing a registry of an older claimreg up to date because somebody asks for it."""

from __future__ import annotations

from contextlib import closing
from typing import TYPE_CHECKING, NamedTuple

from claimreg.errors import NewerRegistryError
from claimreg.model import SCHEMA_VERSION
from claimreg.store.locations import is_shared

if TYPE_CHECKING:
    from pathlib import Path


class Version(NamedTuple):
    """A registry's location, as it may be shown, and the version of its schema."""

    shown: str
    number: int


def version_of(location: str, *, wait: float = 10.0) -> Version:
    """Look which version of the schema a registry has; raises `NewerRegistryError` for one that this claimreg does not know."""
    if is_shared(location):
        from claimreg.store.postgres.connect import check_driver

        check_driver()
        from claimreg.store.postgres.upgrading import registry_version

        found = Version(*registry_version(location))
    else:
        from claimreg.store.factory import folder_of

        folder = folder_of(location)
        found = Version(str(folder), _version_in(folder, wait))
    if found.number > SCHEMA_VERSION:
        raise NewerRegistryError(
            f"The registry {found.shown} is of a newer claimreg (schema {found.number}, this one knows {SCHEMA_VERSION}); update claimreg."
        )
    return found


def upgrade(location: str, *, wait: float = 10.0) -> None:
    """Bring a registry up to date, as `version_of` said that it is not; raises `StoreError`.

    A folder keeps a copy of its database as it was; a shared registry is upgraded by its owner alone.
    """
    if is_shared(location):
        from claimreg.store.postgres.upgrading import upgrade_registry

        upgrade_registry(location, wait)
        return
    from claimreg.store.embedded import TABLES
    from claimreg.store.factory import folder_of
    from claimreg.store.faults import faults_told
    from claimreg.store.opening import open_for_writing

    folder = folder_of(location)
    with faults_told(folder):
        open_for_writing(folder, TABLES, wait).close()


def _version_in(folder: Path, wait: float) -> int:
    from claimreg.store.faults import faults_told
    from claimreg.store.layout import check_folder, checked_version
    from claimreg.store.opening import open_as_it_is

    check_folder(folder)
    with faults_told(folder), closing(open_as_it_is(folder, wait)) as opened:
        return checked_version(opened.database, folder)
