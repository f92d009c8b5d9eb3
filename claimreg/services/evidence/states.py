"""States of records for comparing them with their history: a digest of a state, and the records each type refers to."""

from __future__ import annotations

import hashlib
import json
from typing import TYPE_CHECKING, Any

from claimreg.codec import from_document, to_document
from claimreg.model import Alias, Attribution, Capture, Claim, Draft, Link, Party, Record, Relation, Source, Verdict

if TYPE_CHECKING:
    from collections.abc import Iterator

REFERENCES: dict[type[Record], dict[str, type[Record]]] = {
    Claim: {"merged_into": Claim},
    Party: {"merged_into": Party},
    Alias: {"party_id": Party},
    Attribution: {"claim_id": Claim, "party_id": Party, "source_id": Source},
    Capture: {"source_id": Source},
    Link: {"attribution_id": Attribution, "source_id": Source, "capture_id": Capture},
    Draft: {"source_id": Source, "capture_id": Capture, "party_id": Party, "attribution_id": Attribution},
    Verdict: {"claim_id": Claim, "supersedes": Verdict},
    Relation: {"claim_id": Claim, "other_claim_id": Claim},
}
"""The fields of each type that hold the id of another record, and that record's type."""


def references_of(record: Record) -> Iterator[tuple[str, type[Record], str]]:
    """The records that a record speaks of: the field, their type and their id."""
    for name, record_type in REFERENCES.get(type(record), {}).items():
        if (reference := getattr(record, name)) is not None:
            yield name, record_type, reference


def state_of(record: Record) -> bytes:
    """A digest of a record's state: equal for equal records."""
    text = json.dumps(to_document(record), ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).digest()


def state_in(record_type: type[Record], document: dict[str, Any]) -> bytes:
    """The digest of a record as an event has it; empty where the document is no such record."""
    # Read as a record first: one written by an older claimreg lacks the fields that came later.
    try:
        return state_of(from_document(record_type, document))
    except (TypeError, ValueError, KeyError, IndexError):
        return b""
