"""Kinds of stores that the tests run over; a new adapter joins by one line here."""

from collections.abc import Callable
from pathlib import Path

from postgres_server import new_address

from claimreg.store.factory import open_store
from claimreg.store.port import Store

LOCATIONS: dict[str, Callable[[Path], str]] = {
    "memory": lambda _folder: "memory:",
    "embedded": lambda folder: str(folder / "registry"),
    "postgres": lambda _folder: new_address(),
}
"""By kind: where a registry that is not there yet will be; the test is skipped where this machine cannot have one."""

KEPT = ("embedded", "postgres")
"""Kinds whose registries can be closed and opened again."""


def _opened(locate: Callable[[Path], str]) -> Callable[[Path], Store]:
    return lambda folder: open_store(locate(folder), create=True)


STORES = {kind: _opened(locate) for kind, locate in LOCATIONS.items()}
"""By kind: makes an empty registry, given a folder of the test's own."""
