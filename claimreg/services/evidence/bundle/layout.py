"""Layout of a bundle: one BagIt 1.0 bag (RFC 8493) in a zip, with records, history and bytes as its payload.

Records come with those that they speak of before them, so that a reader needs to go through them but once.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from claimreg.model import Alias, Attribution, Capture, Claim, Draft, Link, Party, Record, Relation, Source, TimeStamp, Verdict

if TYPE_CHECKING:
    from claimreg.store.port import Reader

BAGIT = "bagit.txt"
INFO = "bag-info.txt"
MANIFEST = "manifest-sha256.txt"
TAG_MANIFEST = "tagmanifest-sha256.txt"
RECORDS = "data/records.ndjson"
HISTORY = "data/history.ndjson"
README = "data/README.txt"
CAPTURES = "data/captures/"

DECLARATION = b"BagIt-Version: 1.0\nTag-File-Character-Encoding: UTF-8\n"
TAG_FILES = (BAGIT, INFO, MANIFEST)
NEEDED = (*TAG_FILES, TAG_MANIFEST, RECORDS, HISTORY, README)
"""Files that every bundle has; beside them are captures only."""

ORDER: tuple[type[Record], ...] = (Party, Alias, Source, Capture, Claim, Attribution, Link, Draft, Verdict, Relation, TimeStamp)
"""The order of records by type; within a type they come by number."""

SEALED_FIELDS = ("hash", "previous", "seq")
"""Fields of an event that is outside the bundle's scope, or that would name a withheld source."""

WITHHELD_TITLE = "withheld"

HEAD_LABEL = "Claimreg-Head"
SCHEMA_LABEL = "Claimreg-Schema"
"""Key in ``bag-info.txt`` of the format version of records and events; bundles of older ones lack it."""


def blobs_of(record: Record) -> tuple[str, ...]:
    """The SHA-256 of all bytes that a record names."""
    named = (getattr(record, name) for name in record.FIELDS if name.endswith("sha256"))
    return tuple(dict.fromkeys(one for one in named if one is not None))


def registry_identity(reader: Reader) -> str | None:
    """Return the lasting identity of a registry: the hash of its first event; ``None`` while it is empty."""
    first = next(iter(reader.history()), None)
    return first.hash if first is not None else None


def identity_of(record: Record, registry: str) -> str:
    """Return the identity of a record in every registry: the registry where it was first recorded, and its id there."""
    copied_from = record.origin if isinstance(record, Claim) else getattr(record, "copied_from", None)
    return copied_from or f"{registry}/{record.id}"
