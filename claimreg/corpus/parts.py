"""A folder of part files, as archives lie: lines of JSON, plain or compressed, and Parquet, in the order of their names."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from claimreg.corpus.base import SAMPLE, PartFile, Position, Sample
from claimreg.corpus.lines import LineFile
from claimreg.corpus.locations import joined

if TYPE_CHECKING:
    from collections.abc import Iterator

    from claimreg.corpus.base import Block

_PLAIN = (".jsonl", ".ndjson")
_PACKED = tuple(f"{plain}{packed}" for plain in _PLAIN for packed in (".gz", ".zst"))
_PARQUET = (".parquet",)
_SAMPLED = 24
"""Part files that the sample is taken from, at most."""


def is_part(name: str) -> bool:
    """Return whether a file is a part of a collection, by its name."""
    return name.lower().endswith((*_PLAIN, *_PACKED, *_PARQUET))


@dataclass(slots=True)
class Parts:
    """Part files in a folder: their names relative to it and their sizes in bytes, by name."""

    location: str
    files: list[tuple[str, int]]

    @property
    def name(self) -> str:
        """The location as it was given."""
        return self.location

    @property
    def size(self) -> int:
        """The bytes of all files, as they lie there."""
        return sum(size for _, size in self.files)

    def identity(self) -> dict[str, Any]:
        """The names and sizes of all files."""
        listing = "".join(f"{name}\0{size}\0" for name, size in self.files)
        return {"parts": hashlib.sha256(listing.encode("utf-8", "surrogateescape")).hexdigest()}

    def sample(self) -> Sample:
        """Documents of files taken evenly from all."""
        chosen = self.files[:: max(1, -(-len(self.files) // _SAMPLED))]
        samples = [self._file(name).sample(SAMPLE // len(chosen)) for name, _ in chosen]
        sizes = [sum(map(len, sample.texts)) for sample in samples]
        known = sum(sample.share * size for sample, size in zip(samples, sizes, strict=True))
        rest = self.size / max(1, sum(size for _, size in chosen))
        return Sample([text for sample in samples for text in sample.texts], max(1.0, rest * known / max(1, sum(sizes))))

    def blocks(self, after: Position) -> Iterator[Block]:
        """The blocks after a position; a compressed file is one, since it can only be read from its start."""
        for number, (name, _) in enumerate(self.files[after.part :], start=after.part):
            start = Position(0, after.at if number == after.part else 0)
            for block in self._file(name).blocks(start, whole=True):
                yield replace(block, position=Position(number, block.position.at), part=name)

    def _file(self, name: str) -> PartFile:
        location = joined(self.location, name)
        if name.lower().endswith(_PARQUET):
            from claimreg.corpus.parquet import ParquetFile

            return ParquetFile(location)
        return LineFile(location, is_packed=name.lower().endswith(_PACKED))
