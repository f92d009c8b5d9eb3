"""Findings about a draft's quotations."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

    from claimreg.model import Place, Span
    from claimreg.vocabulary import LinkKind


class ProofVerdict(StrEnum):
    """Verdict on a quotation, the worst first."""

    NOT_FOUND = "not_found"
    ALTERED = "altered"
    MISATTRIBUTED = "misattributed"
    OTHER_LANGUAGE = "other_language"
    PARAPHRASE = "paraphrase"
    SLIP = "slip"
    UNSURE = "unsure"
    OK = "ok"
    SKIPPED = "skipped"

    @property
    def level(self) -> Level:
        """Return how grave the verdict is."""
        return _LEVELS.get(self, Level.NONE)


class Level(StrEnum):
    """Gravity of a verdict, named as SARIF names it."""

    ERROR = "error"
    WARNING = "warning"
    NOTE = "note"
    NONE = "none"


_LEVELS = {
    ProofVerdict.NOT_FOUND: Level.ERROR,
    ProofVerdict.ALTERED: Level.ERROR,
    ProofVerdict.MISATTRIBUTED: Level.ERROR,
    ProofVerdict.OTHER_LANGUAGE: Level.WARNING,
    ProofVerdict.PARAPHRASE: Level.WARNING,
    ProofVerdict.SLIP: Level.WARNING,
    ProofVerdict.UNSURE: Level.NOTE,
}

BRACKETED = "bracketed"
SPEAKER_UNCHECKED = "speaker_unchecked"
OTHER_SPEAKER = "other_speaker"
LEFT_OUT = "left_out"
"""Flags of a quotation beside those of its places and of its marks: words in square brackets; nobody could tell whether the speaker is
the source's; the words are altered, and another one's; the words stand only in what was left out of a source's text."""


@dataclass(frozen=True, slots=True)
class Mention:
    """A speaker as a text names him; ``start`` and ``end`` are code points of that text."""

    exact: str
    start: int
    end: int


@dataclass(frozen=True, slots=True, kw_only=True)
class ProofPlace:
    """A place of a quotation in a document; ``document`` names it, ``source_id`` is its id where it is stored.

    The words of ``match`` are aligned with the text of the quotation. ``speaker`` is who says them there, ``stance`` what a recorded
    party does with them. ``place`` is the label of the place, and ``left_out`` says that it lies in what was left out of the document's
    text: of an article, where it ``is_page``.
    """

    document: str
    source_id: str | None
    match: Place
    speaker: Mention | None = None
    stance: str | None = None
    place: str | None = None
    left_out: bool = False
    is_page: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class ProvedQuotation:
    """A quotation of a draft and what was found of it.

    ``start``, ``end`` and ``parts`` are code points of the draft's file, ``text`` joins the parts with spaces. ``kind`` is that of the
    worst place, ``None`` without one; ``edits`` counts the words that differ there. ``nearest`` is the best place below the bar.
    """

    id: int
    text: str
    start: int
    end: int
    line: int
    column: int
    parts: tuple[Span, ...]
    verdict: ProofVerdict
    kind: LinkKind | None = None
    flags: tuple[str, ...] = ()
    edits: int = 0
    reason: str = ""
    speaker: Mention | None = None
    places: tuple[ProofPlace, ...] = ()
    nearest: ProofPlace | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Proof:
    """The quotations of one draft, in its order; ``unread`` names the sources that could not be read, with the reason.

    ``ignored`` counts the quotations that the draft asks to pass over.
    """

    draft: str
    quotations: tuple[ProvedQuotation, ...]
    unread: tuple[tuple[str, str], ...] = ()
    ignored: int = 0

    @property
    def answered(self) -> Sequence[ProvedQuotation]:
        """Return the quotations without those that are no speech."""
        return tuple(one for one in self.quotations if one.verdict is not ProofVerdict.SKIPPED)

    def is_wrong(self, *, strict: bool) -> bool:
        """Return whether any quotation is wrong; with ``strict``, warnings count, too."""
        bad = (Level.ERROR, Level.WARNING) if strict else (Level.ERROR,)
        return any(one.verdict.level in bad for one in self.quotations)
