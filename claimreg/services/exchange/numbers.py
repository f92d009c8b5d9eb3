"""Numbers of records by the keys that a file calls them by, compactly: a file may have a million rows."""

from __future__ import annotations

from array import array

_FIRST_SIZE = 1 << 10
_EMPTY = -1


class Numbers:
    """Numbers (from 0 on) by keys, of which only a hash of 64 bits is kept: 16 to 48 bytes a key.

    Two keys of one hash would be taken for one; among a million keys that happens once in 37 million files.
    """

    def __init__(self) -> None:
        self._size = 0
        self._make(_FIRST_SIZE)

    def __len__(self) -> int:
        """Return how many keys there are."""
        return self._size

    def get(self, key: str) -> int | None:
        """The number of a key; ``None`` for one that is not there."""
        number = self._numbers[self._place(hash(key))]
        return None if number == _EMPTY else number

    def put(self, key: str, number: int) -> None:
        """Note the number of a key, in place of the one it had."""
        hashed = hash(key)
        place = self._place(hashed)
        if self._numbers[place] == _EMPTY:
            self._size += 1
            if 3 * self._size > 2 * len(self._numbers):
                self._grow()
                place = self._place(hashed)
        self._hashes[place], self._numbers[place] = hashed, number

    def _place(self, hashed: int) -> int:
        """The place of a hash, or the free one that it would take."""
        hashes, numbers, mask = self._hashes, self._numbers, len(self._numbers) - 1
        place = hashed & mask
        while numbers[place] != _EMPTY and hashes[place] != hashed:
            place = (place + 1) & mask
        return place

    def _make(self, places: int) -> None:
        self._hashes = array("q", bytes(8 * places))
        self._numbers = array("q", [_EMPTY]) * places

    def _grow(self) -> None:
        hashes, numbers = self._hashes, self._numbers
        self._make(2 * len(numbers))
        for hashed, number in zip(hashes, numbers, strict=True):
            if number != _EMPTY:
                place = self._place(hashed)
                self._hashes[place], self._numbers[place] = hashed, number
