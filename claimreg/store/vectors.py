"""Vectors of texts by the texts' hashes: derived data in one file, made anew whenever it is missing or damaged.

After a header, records of one size: 16 bytes of hash, then the vector in float16. Records are only appended, under a lock, and read
through a memory map. A last record that a crash tore is cut off by the next writer; a vector that is not of unit length is passed over.
"""

from __future__ import annotations

import os
from contextlib import suppress
from typing import IO, TYPE_CHECKING, Any

import numpy as np

from claimreg.files import lock

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

_MAGIC = b"claimreg vectors 1\n"
_HEADER = 32
_KEY = 16
_OFF_LENGTH = 0.02  # largest deviation from 1 of a vector's length after rounding to float16


class VectorCache:
    """Vectors of ``size`` numbers in the file ``path``; each model needs a file of its own. Where it cannot write, it keeps nothing."""

    def __init__(self, path: Path, size: int) -> None:
        self._path = path
        self._record = np.dtype([("key", f"S{_KEY}"), ("vector", "<f2", (size,))])
        self._header = (_MAGIC + b"%d" % size).ljust(_HEADER, b"\n")
        self._records: np.ndarray[Any, Any] = np.zeros(0, self._record)
        self._places: dict[bytes, int] = {}
        with suppress(OSError, ValueError):
            self._read()

    def __len__(self) -> int:
        return len(self._places)

    def get_many(self, keys: Sequence[bytes]) -> dict[bytes, np.ndarray]:
        """The vectors that are kept of these keys (16 bytes each)."""
        there = [key for key in dict.fromkeys(keys) if key.rstrip(b"\0") in self._places]
        vectors = self._records["vector"][[self._places[key.rstrip(b"\0")] for key in there]]
        lengths = np.linalg.norm(vectors.astype(np.float32), axis=1)
        return {key: one for key, one, length in zip(there, vectors, lengths, strict=True) if abs(length - 1) <= _OFF_LENGTH}

    def add_many(self, vectors: dict[bytes, np.ndarray]) -> None:
        """Keep vectors; other processes may do so at the same time."""
        records = np.zeros(len(vectors), self._record)
        records["key"], records["vector"] = list(vectors), list(vectors.values())
        # Without a cache everything works, only slower.
        with suppress(OSError, ValueError):
            self._path.parent.mkdir(parents=True, exist_ok=True)
            with self._path.open("a+b") as file:
                lock(file, wait=True)
                self._append(file, records.tobytes())
            self._read()

    def _append(self, file: IO[bytes], content: bytes) -> None:
        file.seek(0)
        size = os.fstat(file.fileno()).st_size
        whole = size - (size - _HEADER) % self._record.itemsize
        if file.read(_HEADER) != self._header:
            whole = 0
        if whole < size:
            file.truncate(max(0, whole))
        file.write(content if whole else self._header + content)
        file.flush()

    def _read(self) -> None:
        with self._path.open("rb") as file:
            if file.read(_HEADER) != self._header:
                return
            count = (os.fstat(file.fileno()).st_size - _HEADER) // self._record.itemsize
        if count:
            self._records = np.memmap(self._path, self._record, "r", _HEADER, (count,))
            # The last one of a key counts: it may stand for a damaged one.
            self._places = dict(zip(self._records["key"].tolist(), range(count), strict=True))
