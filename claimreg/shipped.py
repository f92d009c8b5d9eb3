"""Files that come with the package, wherever it lies: in a folder, or in an archive that Python runs it from."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, TypeAlias

if TYPE_CHECKING:
    from importlib.resources.abc import Traversable

Shipped: TypeAlias = "Path | Traversable"
"""A file or folder of the package."""


def folder_of(package: str, file: str) -> Shipped:
    """Return the folder of a package, given its name and the ``__file__`` of a module in it."""
    folder = Path(file).parent
    if folder.is_dir():
        return folder
    from importlib.resources import files

    return files(package)


def tables_in(folder: Shipped) -> list[Shipped]:
    """The TOML files in a folder, by name."""
    return sorted((one for one in folder.iterdir() if one.name.endswith(".toml")), key=lambda one: one.name)
