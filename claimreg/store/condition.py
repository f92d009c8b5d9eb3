"""The condition of a registry's folder: what a person who looks for problems should know of it, without its records being read."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path


MEND = "mend"
"""Name of what is to be mended: before a sentence that says what is wrong and what to do."""


def folder_condition(folder: Path, location: str) -> Iterator[tuple[str, str]]:
    """Conditions of a registry's folder, each with its name, `MEND` for what is to be mended."""
    import shutil
    import sqlite3

    from claimreg.store.maintenance import network_file_system

    yield "SQLite", sqlite3.sqlite_version
    yield "registry", location
    if network := network_file_system(folder):
        yield MEND, f"it is on a network drive ({network}), where locks do not hold; move it to a disk of this machine"
    yield "free space", f"{shutil.disk_usage(folder).free // 2**20} MiB"
    for sentence in _left(folder):
        yield MEND, sentence


def _left(folder: Path) -> Iterator[str]:
    from claimreg.store.leftovers import leftovers, older_copies, replaced

    for path in leftovers(folder):
        yield f"{path} was left half-written by a command that was cut off; claimreg compact removes it"
    if (before := replaced(folder)) is not None:
        yield f"{before} is the registry that was here before a restore which was cut off; claimreg compact gives it a name"
    for path in older_copies(folder):
        yield f"{path} is a copy from before the registry was brought up to date; it may be deleted"
