"""Interface of a linker, and its answers."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from claimreg.model import Flag, LinkKind, Span, WordEdit


@dataclass(frozen=True, slots=True, kw_only=True)
class Match:
    """One place of a quote in a text.

    ``start`` and ``end`` are code points into the text as stored and ``exact`` is ``text[start:end]``; ``prefix`` and
    ``suffix`` are up to 32 code points around it. ``score`` is 0..100, and 100 only for kind ``exact``. ``parts`` has
    one span, or one for each passage of a stitched quote, in the quote's order. ``edits`` counts the entries of
    ``words`` that are not ``kept``. ``probability`` (0..1) is how likely the place is the quote's, see
    :func:`claimreg.linker.accept.probability`.
    """

    start: int
    end: int
    exact: str
    prefix: str
    suffix: str
    score: float
    kind: LinkKind
    parts: tuple[Span, ...]
    edits: int
    flags: tuple[Flag, ...]
    words: tuple[WordEdit, ...]
    probability: float


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
