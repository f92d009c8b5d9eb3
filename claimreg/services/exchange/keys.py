"""Keys of lines of JSON, by the schema of the line: those that are recorded, and those that only tell of the registry that wrote it."""

from __future__ import annotations

from claimreg.model import Place
from claimreg.services.recording.sources import SourceDetails

CLAIM, PARTY, SOURCE, RELATION = (f"claimreg.{kind}/1" for kind in ("claim", "party", "source", "relation"))

SAID = ("by", "stance", "quote", "said_at", "source")
"""Keys of a claim's one statement, where the line has no ``attributions``."""

KEYS: dict[str, tuple[str, ...]] = {
    PARTY: ("id", "name", "aliases"),
    SOURCE: ("id", *SourceDetails._fields, "canonical_url", "withheld", "capture"),
    RELATION: ("id", "kind", "claim_id", "other_claim_id"),
    CLAIM: ("id", "external_id", "text", "title", "lang", "case", "tags", "note", "assignee", "attributions", "verdicts", "relations"),
    "attributions[]": ("id", "party", "party_as_written", "stance", "quote", "lang", "said_at", "source_id", "links"),
    "attributions[].party": ("id", "name"),
    "attributions[].links[]": (*Place.FIELDS, "state", "method", "source_id", "text_sha256"),
    "verdicts[]": ("rating", "scheme", "rationale", "author", "rated_at"),
    "relations[]": ("kind", "claim_id", "inverse"),
}
"""Keys that are recorded, of each kind of line and of the objects in one; an id is what other lines of the file call it by."""

_RECORDED = ("recorded_at", "recorded_by")
_LINE = ("schema", *_RECORDED, "removed_at")
PASSED_OVER: dict[str, tuple[str, ...]] = {
    PARTY: (*_LINE, "merged_into", "attributions"),
    SOURCE: (*_LINE, "captures", "left_out", "attributions", "links"),
    RELATION: _LINE,
    CLAIM: (*_LINE, "merged_into", "score", "found", "meaning"),
    "attributions[]": (*_RECORDED, "state", "looked", "rejected_by"),
    "attributions[].party": (),
    "attributions[].links[]": ("id", "attribution_id", "capture_id", "place", "left_out"),
    "verdicts[]": ("id", "supersedes"),
    "relations[]": ("id",),
}
"""Keys that are known and not recorded, of the same."""

KNOWN: dict[str, frozenset[str]] = {name: frozenset((*KEYS[name], *PASSED_OVER[name])) for name in KEYS}
"""All keys that are known, of the same."""
