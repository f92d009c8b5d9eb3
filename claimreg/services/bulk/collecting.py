"""Garbage collection while documents are searched."""

from __future__ import annotations

import gc
from contextlib import contextmanager
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

_BETWEEN = 50_000
"""Objects made, less those gone, between two searches for cycles; Python's own is 700. Linking makes no cycles, and what it keeps (words of
languages, dictionaries) is searched in vain each time: that took 3 % of a scan of 1,000 quotes. What a search finds later is some MB."""


@contextmanager
def seldom_collected() -> Iterator[None]:
    """Context in which Python looks for cycles seldom, in this process."""
    before = gc.get_threshold()
    gc.set_threshold(_BETWEEN, *before[1:])
    try:
        yield
    finally:
        gc.set_threshold(*before)
