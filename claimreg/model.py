"""The registry's records: frozen values that know neither a database nor a screen; `claimreg.codec` writes and reads them as JSON.

Dates and times are ISO 8601 strings. ``said_at`` and ``published_at`` may be of reduced precision (``2020``, ``2020-06``);
``recorded_at`` is UTC with a ``Z``, and so is ``retrieved_at`` where its time is known. Languages are BCP 47 tags. Offsets are Unicode
code points into the captured text, start inclusive, end exclusive (W3C Web Annotation).
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar, NamedTuple, Self, TypeAlias, TypeVar

from claimreg.frozen import Frozen, replace
from claimreg.vocabulary import DraftState, Flag, LinkKind, LinkState, RelationKind, Stance, WordChange

if TYPE_CHECKING:
    from claimreg.vocabulary import Act, Mode, NoSpeaker, SpeechFlag

__all__ = [
    "EVENT_FIELDS", "RECORD_TYPES", "SCHEMA_VERSION", "Alias", "Attribution", "Capture", "Change", "Claim", "Document", "Draft",
    "DraftState", "Event", "Flag", "Link", "LinkKind", "LinkState", "Locator", "Looked", "Mention", "Party", "Place", "Record", "RecordT",
    "Relation", "RelationKind", "Source", "Span", "Stance", "Statement", "TimeStamp", "Verdict", "WordChange", "WordEdit", "record_number",
    "record_type_of",
]  # fmt: skip

SCHEMA_VERSION = 8
"""The number of the form that records and events have; a new field, a new word in one, or an index raises it, in registries and bundles."""

Document: TypeAlias = dict[str, Any]
"""A record as a JSON object; the values are ``Any`` because JSON is."""


class Span(NamedTuple):
    """A stretch of a text: code points, start inclusive, end exclusive."""

    start: int
    end: int

    def shifted(self, by: int) -> Span:
        """The stretch ``by`` code points later."""
        return Span(self.start + by, self.end + by)


class Locator(NamedTuple):
    """A place that people quote a document by: ``label`` (``page 3``) holds from the code point ``start`` on; an empty one ends it."""

    start: int
    label: str


class WordEdit(NamedTuple):
    """One step of the word-level alignment of a quote with its place in a source.

    ``quote`` holds offsets into the quote, ``source`` offsets into the source's text. A word that the quote
    adds has an empty ``source`` span at the place where it would stand; a word that it drops, an empty ``quote`` span.
    """

    change: WordChange
    quote: Span
    source: Span


class Looked(NamedTuple):
    """Last search for a quote: its time, its method, the hash of the history's last event then, and in which sources, where not in all."""

    at: str
    head: str
    method: str
    inside: tuple[str, ...] = ()


class Mention(NamedTuple):
    """Words of a text that name a speaker, or that tell of speech: ``exact`` stands from ``start`` to ``end``."""

    exact: str
    start: int
    end: int


class Record(Frozen):
    """Fields of every record: an id such as ``C1``, when and by whom it was recorded, and when it was withdrawn.

    A withdrawn record stays in the registry with its history; listings leave it out. ``beyond`` has the fields of its document
    that this claimreg does not know, each with its value as JSON, so that they are written again as they were read.
    """

    PREFIX: ClassVar[str]
    NOUN: ClassVar[str]

    id: str
    recorded_at: str
    recorded_by: str
    removed_at: str | None = None
    beyond: tuple[tuple[str, str], ...] = ()

    def __init_subclass__(cls, *, prefix: str = "", noun: str = "") -> None:
        """Note what the ids of such records begin with, and what one is called in a sentence; both are inherited."""
        super().__init_subclass__()
        if prefix:
            cls.PREFIX, cls.NOUN = prefix, noun


class Claim(Record, prefix="C", noun="claim"):
    """A statement of fact that someone made, in the registry's own short words.

    ``case_key`` is the case's name as it is looked up by, ``origin`` the claim of another registry that it was taken over from.
    ``note`` and ``assignee`` (who sees to it) are the desk's own, told in no report; ``merged_into`` is the claim it was merged into.
    """

    text: str
    title: str | None = None
    lang: str | None = None
    case: str | None = None
    case_key: str | None = None
    tags: tuple[str, ...] = ()
    external_id: str | None = None
    origin: str | None = None
    note: str | None = None
    assignee: str | None = None
    merged_into: str | None = None


class Party(Record, prefix="P", noun="party"):
    """Person, court, ministry, organisation or outlet that speaks.

    A party that was merged points to the one it was merged into; its attributions stay as they were recorded.
    """

    name: str
    merged_into: str | None = None


class Alias(Record, prefix="N", noun="alias"):
    """One name of a party, its main one too, looked up by the folded name (``key``) and that in Latin letters (``skeleton``)."""

    party_id: str
    name: str
    key: str
    skeleton: str


class Attribution(Record, prefix="A", noun="attribution"):
    """Stance of a party on a claim, in these words, on this date, as told by this source.

    ``party_as_written`` is the name that was typed when the attribution was recorded. ``copied_from`` says which record of which
    other registry it was taken over from, here as in other records. ``looked`` tells of the last time that the quote was looked for
    in stored sources; ``None`` where it never was, as far as is known.
    """

    claim_id: str
    party_id: str
    party_as_written: str
    stance: Stance
    quote: str | None = None
    lang: str | None = None
    said_at: str | None = None
    source_id: str | None = None
    origin: str = "typed"
    copied_from: str | None = None
    looked: Looked | None = None


class Source(Record, prefix="S", noun="source"):
    """A document: article, ruling, post, transcript. Its text lives in its captures; one that is not captured yet has none.

    ``url`` is the address that a person gave or that was fetched, ``url_key`` the same as it is looked up by, see
    `claimreg.text.addresses`; ``canonical_url`` is the one that the document claims for itself, ``archive_url`` where an archive
    keeps a copy. ``url_typed`` says that a person gave ``url`` in this registry: any other address came with a document, a file or a
    bundle, and is fetched from the public network only. ``withheld`` is the reason why no report or export may name the source; ``None``
    where it may be named. ``caption`` is a person's line on what a picture, a video or a sound recording shows.
    """

    title: str
    publisher: str | None = None
    author: str | None = None
    published_at: str | None = None
    lang: str | None = None
    url: str | None = None
    url_key: str | None = None
    canonical_url: str | None = None
    archive_url: str | None = None
    withheld: str | None = None
    copied_from: str | None = None
    url_typed: bool = False
    caption: str | None = None


class Capture(Record, prefix="K", noun="capture"):
    """The bytes of a source as they were fetched, and the text extracted from them.

    ``sha256`` names the bytes (``size`` of them) and ``text_sha256`` the UTF-8 form of the text (``length`` in code points); both are kept,
    content-addressed. ``method`` names what extracted the text, ``tool`` what captured the bytes, each with its version; ``encoding`` is
    the one that a plain text was read in. ``retrieved_at`` is when the bytes were fetched, else when a person or the document says that
    they were had (a day, a month or a year where no more is known), else when they were recorded.

    What was fetched has the address asked for (``url``) and the one reached, each also as it is looked up by, and the HTTP status and
    headers of the answer. ``warc_sha256`` names the WARC file of request and response, ``locators_sha256`` the places, see `Locator`,
    ``left_out_sha256`` a second text, of what the reader left out of the first (its offsets go on one code point after that one's end),
    ``transcript_sha256`` the file that a person gave with the words of a picture or a recording.
    """

    source_id: str
    sha256: str
    text_sha256: str
    size: int
    length: int
    media_type: str
    location: str
    method: str
    retrieved_at: str
    tool: str = ""
    encoding: str | None = None
    url: str | None = None
    url_key: str | None = None
    reached_url: str | None = None
    reached_key: str | None = None
    status: int | None = None
    headers: tuple[tuple[str, str], ...] = ()
    warc_sha256: str | None = None
    locators_sha256: str | None = None
    left_out_sha256: str | None = None
    transcript_sha256: str | None = None
    copied_from: str | None = None


class Place(Frozen):
    """A place of a quote in a text, recorded as a link or just found.

    ``start`` and ``end`` are code points into the text as stored and ``exact`` is ``text[start:end]``; ``prefix`` and ``suffix`` are
    the text around it. ``score`` is 0..100, and 100 only for kind ``exact``. ``parts`` has one span, or one for each passage of a
    stitched quote, in the quote's order. ``words`` aligns the quote's words with the text's; ``edits`` counts those that are not
    ``kept``. ``probability`` (0..1) is how likely the place is the quote's. ``not_judged`` names what could not be judged, as there
    is no data for the language.
    """

    start: int
    end: int
    exact: str
    prefix: str
    suffix: str
    score: float
    kind: LinkKind
    parts: tuple[Span, ...] = ()
    edits: int = 0
    probability: float = 0.0
    flags: tuple[Flag, ...] = ()
    words: tuple[WordEdit, ...] = ()
    not_judged: tuple[str, ...] = ()

    def shifted(self, by: int) -> Self:
        """Return the place ``by`` code points later in a text."""
        if not by:
            return self
        words = tuple(edit._replace(source=edit.source.shifted(by)) for edit in self.words)
        return replace(self, start=self.start + by, end=self.end + by, parts=tuple(part.shifted(by) for part in self.parts), words=words)

    def place(self) -> dict[str, Any]:
        """The fields of the place alone, by name."""
        return {name: getattr(self, name) for name in Place.FIELDS}


class Link(Record, Place, prefix="L", noun="link"):
    """A quote tied to a place in a source's captured text.

    ``method`` names the linker and its version. ``anchored_from`` is the link of an earlier capture that this one carries on.
    """

    attribution_id: str
    source_id: str
    capture_id: str
    state: LinkState = LinkState.SUGGESTED
    method: str = ""
    anchored_from: str | None = None
    copied_from: str | None = None


class Statement(Frozen):
    """Words that a text attributes to somebody, where they were found: ``start``, ``end``, ``exact`` as of a `Place`.

    ``parts`` has several spans where the cue stands between the words; ``confidence`` (0..1) is how often ``rule`` was right on known
    texts. Act and cue suggest ``stance``; the speaker's name ``party_id``, ``party_score`` being its likeness (0..100) to the party's.
    """

    start: int
    end: int
    exact: str
    parts: tuple[Span, ...]
    mode: Mode
    act: Act
    stance: Stance
    confidence: float
    rule: str
    proposed_by: str
    lang: str | None = None
    speaker: Mention | None = None
    no_speaker: NoSpeaker | None = None
    cue: Mention | None = None
    flags: tuple[SpeechFlag, ...] = ()
    nested_in: str | None = None
    party_id: str | None = None
    party_score: float | None = None


class Draft(Record, Statement, prefix="D", noun="draft"):
    """Statement proposed for the registry, and what a person decided on it.

    ``text`` and ``by`` are the claim's text and the party's name as a person gave them; ``nested_in`` is the draft that this one is
    quoted in, and ``attribution_id`` what became of an accepted one.
    """

    source_id: str
    capture_id: str
    text: str | None = None
    by: str | None = None
    state: DraftState = DraftState.PROPOSED
    attribution_id: str | None = None
    copied_from: str | None = None


class Verdict(Record, prefix="V", noun="verdict"):
    """A fact-checker's rating of a claim; a later one supersedes it, none is erased."""

    claim_id: str
    rating: str
    scheme: str | None = None
    rationale: str | None = None
    author: str | None = None
    rated_at: str
    supersedes: str | None = None
    copied_from: str | None = None


class Relation(Record, prefix="R", noun="relation"):
    """Relation of claim ``claim_id`` to claim ``other_claim_id``."""

    kind: RelationKind
    claim_id: str
    other_claim_id: str
    copied_from: str | None = None


class TimeStamp(Record, prefix="T", noun="time stamp"):
    """An authority's word (RFC 3161) that the history was as it is, up to an event, at a time.

    ``head_seq`` and ``head_hash`` are the event's; the hash is what was stamped. ``token_sha256`` names the authority's whole answer,
    as it came from the address ``authority``; ``stamped_at`` is the time in it, UTC.
    """

    head_seq: int
    head_hash: str
    authority: str
    token_sha256: str
    stamped_at: str


class Change(NamedTuple):
    """Author of a change, its time (UTC, ISO 8601) and its command."""

    user: str
    at: str
    action: str


class Event(Frozen):
    """One change of the registry: ``before`` and ``after`` are the record's documents, ``None`` where it did not exist.

    ``previous`` is the hash of the event before and ``hash`` its own, see `claimreg.store.chain`. ``salt`` is random: without it,
    a guess at what an event says could be proved by its hash. ``group`` is the number of the first event of its transaction. Events of
    older registries lack one or both.
    """

    seq: int
    at: str
    user: str
    action: str
    object_id: str
    before: Document | None
    after: Document | None
    previous: str
    hash: str
    salt: str = ""
    group: int | None = None


EVENT_FIELDS = Event.FIELDS
RecordT = TypeVar("RecordT", bound=Record)
_MOST_DIGITS = 18
RECORD_TYPES: tuple[type[Record], ...] = (Claim, Party, Alias, Attribution, Source, Capture, Link, Draft, Verdict, Relation, TimeStamp)


def record_type_of(record_id: str) -> type[Record] | None:
    """The record type that an id such as ``C12`` names, ``None`` when it is no id."""
    head, number = record_id[:1].upper(), record_id[1:]
    if not (number.isascii() and number.isdigit()) or number.startswith("0") or len(number) > _MOST_DIGITS:
        return None
    return next((record_type for record_type in RECORD_TYPES if head == record_type.PREFIX), None)


def record_number(record_id: str) -> int:
    """The number in an id: 12 for ``C12``."""
    return int(record_id[1:])
