"""Frequency of grams in a sample of the documents: the measure of a seed's cost."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeAlias

import numpy as np

from claimreg.linker.bulk.foldtable import codes_of, fold_table
from claimreg.text.grams import gram_hashes

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from pathlib import Path

    from claimreg.linker.bulk.foldtable import Codes, Keys
    from claimreg.linker.bulk.grams import Integers
    from claimreg.text.grams import Hashes

Counts: TypeAlias = "np.ndarray[tuple[int], np.dtype[np.uint32]]"

_BITS = 24
_BATCH = 1 << 18


class Rarity:
    """Counts of the grams of one size in a sample, in 2²⁴ buckets; ``total`` is the sample's length in keys.

    ``fold`` makes keys of code points: those of letters, unless told otherwise.
    """

    def __init__(self, size: int, fold: Callable[[Codes], Keys] | None = None) -> None:
        self.size = size
        self._fold = fold or fold_table().fold
        self.total = 0
        self._counts = np.zeros(1 << _BITS, np.uint32)

    def observe(self, texts: Iterable[str]) -> None:
        """Count the grams of more texts."""
        for text in texts:
            for start in range(0, len(text), _BATCH):
                keys = self._fold(codes_of([text[start : start + _BATCH]]))
                self.total += len(keys)
                np.add.at(self._counts, gram_hashes(keys, self.size) >> np.uint32(32 - _BITS), np.uint32(1))

    def counts(self, hashes: Hashes) -> Integers:
        """Return how often each gram stands in the sample."""
        return _looked_up(self._counts, hashes)

    def saved(self, path: Path) -> RarityFile:
        """Write the counts to a file, for other processes."""
        with path.open("wb") as file:
            file.write(self._counts.data)
        return RarityFile(path, self.size, self.total)


@dataclass(frozen=True, slots=True)
class RarityFile:
    """Counts of a `Rarity` in a file, which a process maps into its memory for each look-up."""

    path: Path
    size: int
    total: int

    def counts(self, hashes: Hashes) -> Integers:
        """Return how often each gram stands in the sample."""
        # Mapped for this look-up alone: workers live on when the file is gone, and would keep its pages.
        return _looked_up(np.memmap(self.path, np.uint32, "r"), hashes)


def _looked_up(counts: Counts, hashes: Hashes) -> Integers:
    found: Integers = counts[hashes >> np.uint32(32 - _BITS)].astype(np.int64)
    return found
