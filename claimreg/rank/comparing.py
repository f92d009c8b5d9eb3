"""Comparison of two indexes of the same claims, which may be in other segments and at other places."""

from __future__ import annotations

from hashlib import blake2b
from typing import TYPE_CHECKING, Any, TypeAlias

import numpy as np

from claimreg.rank.segment import LOWEST_TERMS, SPACES, Segment, unrolled

if TYPE_CHECKING:
    from collections.abc import Iterator

    from claimreg.rank.index import StatementIndex

Array: TypeAlias = "np.ndarray[tuple[int], np.dtype[Any]]"

_BOTH = 2
_BITS_OF_COUNT, _PLACES = 8, 0xFFFFFF


def differing(one: StatementIndex, other: StatementIndex) -> set[int]:
    """The numbers of the claims that only one of two indexes has, or that one of them finds by other words.

    Raises `IndexError`, `ValueError` and their kin where one is no index.
    """
    own, others = _numbers(one), _numbers(other)
    known = np.union1d(own, others)
    found = {number for numbers in (own, others) for number in _doubled(numbers)} | set(np.setxor1d(own, others).tolist())
    found.update(known[_said(one, known) != _said(other, known)].tolist())
    for space in SPACES:
        found.update(known[_lengths(one, space, known) != _lengths(other, space, known)].tolist())
        for low in LOWEST_TERMS:
            entries = np.concatenate([*_entries(one, space, low, known), *_entries(other, space, low, known)])
            # Each is there once in either.
            each, counts = np.unique(entries, return_counts=True)
            places = (each[counts != _BOTH] >> np.uint64(_BITS_OF_COUNT)) & np.uint64(_PLACES)
            found.update(known[places.astype(np.int64)].tolist())
    return found


def _numbers(index: StatementIndex) -> Array:
    numbers: Array = index.numbers[index.alive]
    return numbers


def _doubled(numbers: Array) -> list[int]:
    each, counts = np.unique(numbers, return_counts=True)
    doubled: list[int] = each[counts > 1].tolist()
    return doubled


def _segments(index: StatementIndex, known: Array) -> Iterator[tuple[Segment, Array, Array]]:
    """The segments of an index, with which of their claims are in use, and the place of each in ``known``."""
    offset = 0
    for segment in index.segments:
        alive = index.alive[offset : offset + len(segment)]
        yield segment, alive, np.searchsorted(known, segment.numbers)
        offset += len(segment)


def _said(index: StatementIndex, known: Array) -> Array:
    """A digest of what is kept of each claim's words."""
    digests = np.zeros(len(known), np.uint64)
    for segment, alive, places in _segments(index, known):
        ends: list[int] = segment.said_ends.tolist()
        column = segment.columns["said"]
        said = column.part(0, len(column)).tobytes()
        for at in np.flatnonzero(alive).tolist():
            own = blake2b(said[ends[at - 1] if at else 0 : ends[at]], digest_size=8)
            digests[places[at]] = int.from_bytes(own.digest(), "little")
    return digests


def _lengths(index: StatementIndex, space: str, known: Array) -> Array:
    lengths = np.zeros(len(known), np.int64)
    for segment, alive, places in _segments(index, known):
        lengths[places[alive]] = segment.lengths(space)[alive]
    return lengths


def _entries(index: StatementIndex, space: str, low: int, known: Array) -> Iterator[Array]:
    yield np.zeros(0, np.uint64)
    for segment, alive, places in _segments(index, known):
        yield unrolled(segment, space, alive, places, low)
