"""Derived indexes of a shared registry: files in the user's cache, in a folder of their own for each registry."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from claimreg.files import make_folder
from claimreg.store.segments import SegmentFolder

if TYPE_CHECKING:
    from pathlib import Path

_PRIVATE = 0o700
_UUID = re.compile("[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")


def cache_folder() -> Path:
    """The folder of the indexes of all shared registries."""
    from platformdirs import user_cache_path

    return user_cache_path("claimreg", appauthor=False) / "registries"


class CachedIndexes:
    """The indexes of the registry with this UUID; open to nobody but the user, as they hold its words."""

    def __init__(self, uuid: str) -> None:
        self._uuid = uuid

    def folder(self, name: str, *, whole: bool = False) -> SegmentFolder | None:
        """The files of one index; ``None`` where the cache may not be written to."""
        # The server is asked for the UUID, and must not name a folder elsewhere.
        if not _UUID.fullmatch(self._uuid):
            return None
        folder = cache_folder() / self._uuid
        try:
            make_folder(folder, _PRIVATE)
            return SegmentFolder(folder / name, whole=whole)
        except OSError:
            return None
