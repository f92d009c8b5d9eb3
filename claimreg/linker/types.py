"""Interface of a linker, and its answers."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

from claimreg.model import Place


class Match(Place):
    """One place of a quote in a text, as a linker found it; ``prefix`` and ``suffix`` are up to 32 code points."""


@dataclass(frozen=True, slots=True)
class Findings:
    """The places of a quote in a text, in the text's order, or the nearest miss.

    ``nearest`` is the best place below the bar, for a person to look at and never a link; it is ``None`` when there
    are matches or when nothing comes close.
    """

    matches: tuple[Match, ...] = ()
    nearest: Match | None = None


class Linker(Protocol):
    """Something that finds a quote in a text. ``name`` says which method and version, such as ``layered/1``."""

    @property
    def name(self) -> str:
        """The method and its version, recorded with each link."""

    def find(self, quote: str, text: str) -> Findings:
        """The places of ``quote`` in ``text``.

        Raises :class:`claimreg.errors.InputError` when the quote cannot be looked for (no letters, far too short or
        too long); a quote that is not there gives no matches.
        """
