"""The port to a model that turns texts into vectors, and a stand-in for tests that knows words only."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol, TypeAlias
from zlib import crc32

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Sequence

Vectors: TypeAlias = "np.ndarray[tuple[int, int], np.dtype[np.float32]]"


class Encoder(Protocol):
    """A model that lays texts of like meaning near each other."""

    @property
    def name(self) -> str:
        """A fingerprint of all that determines its vectors; another one means other vectors."""

    @property
    def size(self) -> int:
        """Return how many numbers a vector has."""

    def encode(self, texts: Sequence[str]) -> Vectors:
        """A row of unit length for each text."""

    def pieces(self, texts: Sequence[str]) -> list[int]:
        """Count the pieces that each text falls into: about one a word in a language that the model knows, many in one that it does not."""


class HashedWords:
    """An encoder for tests: texts are near each other as far as they share words."""

    def __init__(self, size: int = 64, name: str = "hashed-words") -> None:
        self.size = size
        self.name = name
        self.encoded = 0

    def encode(self, texts: Sequence[str]) -> Vectors:
        """A row of unit length for each text."""
        self.encoded += len(texts)
        rows = np.zeros((len(texts), self.size), np.float32)
        for row, text in zip(rows, texts, strict=True):
            for word in text.lower().split() or [""]:
                row[crc32(word.encode("utf-8", "surrogatepass")) % self.size] += 1
        rows /= np.linalg.norm(rows, axis=1, keepdims=True)
        return rows

    def pieces(self, texts: Sequence[str]) -> list[int]:
        """Letters of ASCII make whole words, others stand alone."""
        return [sum(1 if word.isascii() else len(word) for word in text.split()) for text in texts]
