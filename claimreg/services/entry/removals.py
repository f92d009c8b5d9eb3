"""Removals: what goes along with a record, told before it is done."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from claimreg.services.lookup import require_any
from claimreg.services.recording.claims import hanging_on, withdraw

if TYPE_CHECKING:
    from collections.abc import Iterable

    from claimreg.model import Record
    from claimreg.store.port import Reader, Writer


class Removal(NamedTuple):
    """The records to be removed, and how many go along with them."""

    records: tuple[Record, ...]
    along: int


def planned_removal(reader: Reader, record_ids: Iterable[str]) -> Removal:
    """Return what would be removed; raises `NotFoundError` for a record that is not there."""
    records = tuple(require_any(reader, one) for one in record_ids)
    return Removal(records, sum(len(hanging_on(reader, record)) for record in records))


def remove_records(writer: Writer, removal: Removal) -> tuple[Record, ...]:
    """Take the records, and what hangs on them now, out of all listings; returns each once."""
    removed: dict[str, Record] = {}
    for record in removal.records:
        current = require_any(writer, record.id, withdrawn=record.id in removed)
        if current.removed_at is None:
            removed.update((one.id, one) for one in withdraw(writer, current))
    return tuple(removed.values())
