"""Rows of a file of others, whatever its format: parties, sources, relations and claims as they were read, before any of them is recorded.

A reader of a format (see `claimreg.interchange.formats`) gives them one by one; `claimreg.services.exchange.importing` records them. What a
reader meets and cannot hand over is told in `Told`: nothing is dropped silently.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, NamedTuple, TypeAlias

from claimreg.services.recording.sources import SourceDetails

if TYPE_CHECKING:
    from collections.abc import Callable

    from claimreg.corpus.jsonl import BadLine
    from claimreg.model import Document, RelationKind
    from claimreg.services.recording.claims import AttributionFields, ClaimFields
    from claimreg.vocabulary import DayOrder


class PartyRow(NamedTuple):
    """A party with its other names; ``key`` is what the file calls it by, ``number`` the line or row, from 1, here as in all rows."""

    number: int
    key: str
    name: str
    aliases: tuple[str, ...] = ()


class SourceRow(NamedTuple):
    """A source without its bytes; ``key`` is what the file's statements call it by (an id, an address).

    ``sha256`` and ``text_sha256`` name the bytes and the text that it had where it was written, where the file says so: a source here
    that has either is the same one. So is one of the same address.
    """

    number: int
    key: str
    details: SourceDetails = SourceDetails()
    canonical_url: str | None = None
    withheld: str | None = None
    sha256: str | None = None
    text_sha256: str | None = None


class LinkRow(NamedTuple):
    """A link into a text: ``place`` has the fields of `claimreg.model.Place` as a document of the codec has them.

    It is recorded where a capture of the source here has the text ``text_sha256``, and left out, and counted, elsewhere. ``source`` is the
    key of the source, where it is not the statement's own.
    """

    place: Document
    state: str
    method: str
    text_sha256: str | None
    source: str | None = None


class StatementRow(NamedTuple):
    """Stance of a party on a claim. ``source`` is a source's key in the file, its id or address here; ``None`` for none.

    ``within`` says that the file's own sources alone are meant: an id may be that of another source here.
    ``fields.party_as_written`` is the party's name; ``party`` the key of a `PartyRow`, where the file has one for it.
    ``is_crowd`` says that the name is no name of anybody (“social media users”): no party is made of it.
    """

    fields: AttributionFields
    source: str | None = None
    party: str | None = None
    is_crowd: bool = False
    links: tuple[LinkRow, ...] = ()
    within: bool = False


class VerdictRow(NamedTuple):
    """A rating; ``rated_at`` is ISO 8601, of reduced precision or without a zone where no more is known, ``None`` where nothing is."""

    rating: str
    scheme: str | None = None
    rationale: str | None = None
    author: str | None = None
    rated_at: str | None = None


class ClaimRow(NamedTuple):
    """A claim with what is said of it. ``key`` is what relations and other rows of the file call it by; rows of one key are one claim.

    ``fields.external_id`` is the id that it keeps here, by which a later import knows it again.
    """

    number: int
    fields: ClaimFields
    statements: tuple[StatementRow, ...] = ()
    verdicts: tuple[VerdictRow, ...] = ()
    key: str | None = None


class RelationRow(NamedTuple):
    """A relation of the claim of key ``claim`` to that of key ``other``; it may come before both."""

    number: int
    kind: RelationKind
    claim: str
    other: str


Row: TypeAlias = PartyRow | SourceRow | ClaimRow | RelationRow


@dataclass(slots=True)
class Told:
    """Findings of a reader, or a writer, besides its rows.

    ``unknown`` counts columns or keys that have no place here, by name; ``left_out`` what is known and has no place in the format, by a
    noun in the singular (“denial”, “relation”); ``notes`` are sentences on single rows that are recorded all the same, ``undated`` those on
    dates that are none; ``sentences`` are of the whole file (its encoding was guessed, …).
    """

    unknown: Counter[str] = field(default_factory=Counter)
    left_out: Counter[str] = field(default_factory=Counter)
    notes: list[BadLine] = field(default_factory=list)
    undated: list[BadLine] = field(default_factory=list)
    sentences: list[str] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Reading:
    """Manner of reading a file, and where to tell of it.

    ``name`` is what errors call the file. ``dates`` is the order of dates in numbers. ``renamed`` maps the file's columns to ours. ``base``
    is the address that relative ones are joined to. ``crowd`` is the name of the one party that stands for all that are nobody. ``guess``
    tells the language of a text, or ``None``. ``limit`` is in bytes, of what is read into memory at once, packed and unpacked.
    """

    name: str
    told: Told
    dates: DayOrder | None = None
    renamed: tuple[tuple[str, str], ...] = ()
    base: str | None = None
    crowd: str | None = None
    guess: Callable[[str], str | None] = lambda _text: None
    limit: int = 256 * 2**20
