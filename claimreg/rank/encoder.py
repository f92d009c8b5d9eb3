"""Port to a model that turns texts into vectors."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol, TypeAlias

if TYPE_CHECKING:
    from collections.abc import Sequence

    import numpy as np

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
