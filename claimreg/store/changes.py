"""Waiting for what is recorded, by looking at the end of the history now and then."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

from claimreg.store.port import Changes

if TYPE_CHECKING:
    from claimreg.store.port import Reader

_EVERY = 0.5
"""Seconds between two looks: a person who looks on takes it for at once, and a look costs less than a millisecond."""


class LookedFor(Changes):
    """Changes of a store that cannot tell of them: the end of its history is looked at every so many seconds."""

    def __init__(self, reader: Reader, every: float = _EVERY) -> None:
        self._reader = reader
        self._every = every
        self._head = reader.head()
        self._looked = time.monotonic()

    def wait(self, seconds: float) -> bool:
        """Wait until the history goes on, at most so many seconds; see the port."""
        until = time.monotonic() + seconds
        while True:
            due = self._looked + self._every
            is_told = self._pass(max(0.0, min(until, due) - time.monotonic()))
            if (is_told or time.monotonic() >= due) and self._is_other():
                return True
            if time.monotonic() >= until:
                return False

    def close(self) -> None:
        """Nothing is open."""

    def _pass(self, seconds: float) -> bool:
        """Pass time; returns whether something was told that makes a look worth while."""
        time.sleep(seconds)
        return False

    def _is_other(self) -> bool:
        """Look, and return whether the history goes on from where it was."""
        head, self._looked = self._reader.head(), time.monotonic()
        known, self._head = self._head, head
        return head != known
