"""Whether the registry is what was recorded: files, history, records, captures, links, each checked against the others."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, NamedTuple

from claimreg.errors import ClaimregError
from claimreg.model import RECORD_TYPES, Capture, Link, Record, TimeStamp, record_type_of
from claimreg.services.stamps import stamp_faults
from claimreg.services.states import references_of, state_in, state_of
from claimreg.store.chain import broken_links

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from claimreg.model import Event
    from claimreg.services.stamps import StampedHash
    from claimreg.store.port import Reader, Store


class Damage(NamedTuple):
    """Something that is not as it was recorded: in which area, where, and what is wrong."""

    area: str
    place: str
    what: str


@dataclass(slots=True)
class Verification:
    """What was checked, how many of each, and the damage found."""

    checked: dict[str, int] = field(default_factory=dict)
    damage: list[Damage] = field(default_factory=list)
    head: str = ""


def verify(
    store: Store,
    progress: Callable[[str], None] = lambda _area: None,
    read_stamp: Callable[[bytes], StampedHash] | None = None,
) -> Verification:
    """Check the whole registry; nothing is changed. ``progress`` is told each area as it begins.

    ``read_stamp`` tells what an authority's answer says, see `claimreg.services.stamps`.
    """
    found = Verification()
    progress("files")
    found.damage.extend(Damage("files", store.location, sentence) for sentence in store.integrity())
    found.checked["files"] = 1
    progress("history")
    latest = _check_history(store, found)
    progress("records")
    records = _check_records(store, found, latest)
    progress("captures")
    _check_captures(store, found, records)
    faults = list(stamp_faults(store, _ids(store, TimeStamp, found), read_stamp))
    if faults:
        found.checked["time stamps"] = len(faults)
        found.damage.extend(Damage("time stamps", stamp_id, what) for stamp_id, what in faults if what is not None)
    return found


def _check_history(store: Reader, found: Verification) -> dict[str, bytes]:
    """Walk the chain; returns the digest of each record's latest state as the history has it."""
    latest: dict[str, bytes] = {}
    count = 0

    def walked() -> Iterator[Event]:
        nonlocal count
        for event in store.history():
            count += 1
            found.head = event.hash
            record_type = record_type_of(event.object_id)
            if event.after is not None and record_type is not None:
                latest[event.object_id] = state_in(record_type, event.after)
            yield event

    try:
        found.damage.extend(Damage("history", f"event {seq}", what) for seq, what in broken_links(walked()))
    except ClaimregError:
        found.damage.append(Damage("history", f"event {count + 1}", "it cannot be read"))
    found.checked["history"] = count
    return latest


def _check_records(store: Reader, found: Verification, latest: dict[str, bytes]) -> dict[str, Record]:
    """Hold every record against the history; returns those that later checks need."""
    kept: dict[str, Record] = {}
    seen: set[str] = set()
    for record_type in RECORD_TYPES:
        for record_id in _ids(store, record_type, found):
            seen.add(record_id)
            try:
                record = store.get(record_type, record_id)
            except ClaimregError:
                record = None
            if record is None or record.id != record_id:
                found.damage.append(Damage("records", record_id, "it cannot be read"))
                continue
            if latest.get(record_id) != state_of(record):
                found.damage.append(Damage("records", record_id, "it is not what the history says was recorded"))
            if isinstance(record, Capture | Link):
                kept[record_id] = record
            _check_references(store, record, found)
    found.damage.extend(Damage("records", one, "it is missing, though the history tells of it") for one in latest if one not in seen)
    found.checked["records"] = len(seen)
    return kept


def _ids(store: Reader, record_type: type[Record], found: Verification) -> Iterator[str]:
    try:
        yield from store.ids(record_type)
    except ClaimregError:
        found.damage.append(Damage("records", record_type.NOUN, "their list cannot be read to its end"))


def _check_references(store: Reader, record: Record, found: Verification) -> None:
    for _field, record_type, reference in references_of(record):
        try:
            there = store.get(record_type, reference) is not None
        except (ClaimregError, ValueError):
            there = False
        if not there:
            found.damage.append(Damage("records", record.id, f"it speaks of {reference}, which is not there"))


def _check_captures(store: Reader, found: Verification, records: dict[str, Record]) -> None:
    links: dict[str, list[Link]] = {}
    for record in records.values():
        if isinstance(record, Link):
            links.setdefault(record.capture_id, []).append(record)
    captures = [record for record in records.values() if isinstance(record, Capture)]
    for capture in captures:
        text = _checked_text(store, capture, found)
        if text is None:
            continue
        for link in links.get(capture.id, ()):
            if text[link.start : link.end] != link.exact:
                found.damage.append(Damage("links", link.id, f"its words are not at {link.start}–{link.end} of {capture.source_id}"))
    found.checked["captures"] = len(captures)
    found.checked["links"] = sum(map(len, links.values()))


def _checked_text(store: Reader, capture: Capture, found: Verification) -> str | None:
    try:
        if capture.sha256 != capture.text_sha256:
            store.blob(capture.sha256)
        text = store.blob(capture.text_sha256).decode("utf-8")
    except (ClaimregError, UnicodeDecodeError) as error:
        found.damage.append(Damage("captures", capture.id, str(error)))
        return None
    if len(text) != capture.length:
        found.damage.append(Damage("captures", capture.id, f"its text has {len(text)} characters, not {capture.length}"))
    return text
