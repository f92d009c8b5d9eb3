"""Kinds of locations that a registry can be at, told apart without importing what opens them."""

from __future__ import annotations

_SHARED = ("postgresql", "postgres")


def is_shared(location: str) -> bool:
    """Return whether a location is that of a shared registry, in a PostgreSQL database."""
    scheme, mark, _rest = location.partition("://")
    return bool(mark) and scheme.lower() in _SHARED


def is_misspelt(location: str) -> bool:
    """Return whether a location begins like the address of a shared registry, and is none: one that was taken for a path has one stroke."""
    scheme, mark, _rest = location.partition(":")
    return bool(mark) and scheme.lower() in _SHARED and not is_shared(location)
