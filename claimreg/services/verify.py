"""Whether the registry is what was recorded: files, history, records, captures, links, each checked against the others."""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, NamedTuple

from claimreg.codec import from_document, to_document
from claimreg.errors import ClaimregError
from claimreg.model import RECORD_TYPES, Capture, Link, Record, TimeStamp, record_type_of
from claimreg.services.sources import text_of
from claimreg.services.stamps import stamp_faults
from claimreg.services.states import REFERENCES
from claimreg.services.withholding import Withheld
from claimreg.store.chain import canonical, walk

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from claimreg.services.stamps import StampedHash
    from claimreg.store.port import BlobCheck, Reader, Store


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
    checks = store.check_blobs()
    progress("files")
    found.damage.extend(Damage("files", store.location, sentence) for sentence in store.integrity())
    found.checked["files"] = 1
    progress("history")
    latest = _check_history(store, found)
    progress("records")
    records = _check_records(store, found, latest)
    progress("captures")
    _check_captures(store, found, records, checks)
    _check_stamps(store, found, read_stamp)
    if found.damage:
        withheld = Withheld(store)
        found.damage = [Damage(one.area, *withheld.fault(one.place, one.what)) for one in found.damage]
    return found


def _check_history(store: Reader, found: Verification) -> dict[str, bytes]:
    """Walk the chain; returns the digest of each record's latest state as the history has it."""
    latest: dict[str, bytes] = {}
    count = 0
    try:
        for step in walk(store.history()):
            count += 1
            event = step.event
            found.head = event.hash
            found.damage.extend(Damage("history", f"event {event.seq}", fault) for fault in step.faults)
            if event.after is not None:
                latest[event.object_id] = _digest(step.after)
    except ClaimregError:
        found.damage.append(Damage("history", f"event {count + 1}", "it cannot be read"))
    found.checked["history"] = count
    return latest


def _check_records(store: Reader, found: Verification, latest: dict[str, bytes]) -> dict[str, Record]:
    """Hold every record, as it is stored, against the history; returns those that later checks need."""
    kept: dict[str, Record] = {}
    seen: set[str] = set()
    references: list[tuple[str, str]] = []
    for record_type in RECORD_TYPES:
        for record_id, text in _stored(store, record_type, found):
            seen.add(record_id)
            if not _is_as_told(text, latest.get(record_id)):
                found.damage.append(Damage("records", record_id, "it is not what the history says was recorded"))
            record = _read(record_type, record_id, text) if record_type in REFERENCES else None
            if record is None:
                if record_type in REFERENCES:
                    found.damage.append(Damage("records", record_id, "it cannot be read"))
                continue
            if isinstance(record, Capture | Link):
                kept[record_id] = record
            named = (getattr(record, name) for name in REFERENCES[record_type])
            references.extend((record_id, reference) for reference in named if reference is not None)
    lost = ((one, reference) for one, reference in references if reference not in seen)
    found.damage.extend(Damage("records", one, f"it speaks of {reference}, which is not there") for one, reference in lost)
    untold = (one for one in latest if one not in seen and record_type_of(one) is not None)
    found.damage.extend(Damage("records", one, "it is missing, though the history tells of it") for one in untold)
    found.checked["records"] = len(seen)
    return kept


def _stored(store: Reader, record_type: type[Record], found: Verification) -> Iterator[tuple[str, str]]:
    """All records of a type as they are stored; where their list breaks off, the others one by one, so that each lost one is named."""
    done: set[str] = set()
    try:
        for record_id, text in store.stored(record_type):
            done.add(record_id)
            yield record_id, text
    except ClaimregError:
        found.damage.append(Damage("records", record_type.NOUN, "their list cannot be read to its end"))
    else:
        return
    try:
        left = [record_id for record_id in store.ids(record_type) if record_id not in done]
    except ClaimregError:
        return
    for record_id in left:
        try:
            record = store.get(record_type, record_id)
        except ClaimregError:
            record = None
        yield record_id, canonical(to_document(record)) if record is not None else ""


def _is_as_told(text: str, latest: bytes | None) -> bool:
    if latest is None:
        return False
    try:
        # An older claimreg wrote the same document with its keys in another order.
        return _digest(text) == latest or _digest(canonical(json.loads(text))) == latest
    except (TypeError, ValueError):
        return False


def _read(record_type: type[Record], record_id: str, text: str) -> Record | None:
    try:
        record = from_document(record_type, json.loads(text))
    except (TypeError, ValueError, KeyError, AttributeError):
        return None
    return record if record.id == record_id else None


def _check_captures(store: Reader, found: Verification, records: dict[str, Record], checks: Iterator[BlobCheck]) -> None:
    links: dict[str, list[Link]] = {}
    for record in records.values():
        if isinstance(record, Link):
            links.setdefault(record.capture_id, []).append(record)
    try:
        blobs = {check.sha256: check for check in checks}
    except (ClaimregError, OSError) as error:
        found.damage.append(Damage("captures", "all", f"they cannot be hashed: {error}"))
        return
    named: set[str] = set()
    captures = [record for record in records.values() if isinstance(record, Capture)]
    for capture in captures:
        mine = [one for one in (capture.sha256, capture.text_sha256, capture.warc_sha256, capture.locators_sha256) if one is not None]
        named.update(mine)
        faults = [fault for one in dict.fromkeys(mine) if (fault := _fault(store, blobs.get(one), one))]
        found.damage.extend(Damage("captures", capture.id, fault) for fault in faults)
        text = blobs.get(capture.text_sha256)
        if text is not None and text.is_whole:
            _check_text(store, capture, text, links.get(capture.id, []), found)
    loose = (one for sha256, one in blobs.items() if sha256 not in named and not one.is_whole)
    found.damage.extend(Damage("captures", one.sha256, "its bytes were changed, though no record speaks of them") for one in loose)
    found.checked["captures"] = len(captures)
    found.checked["links"] = sum(map(len, links.values()))


def _check_stamps(store: Reader, found: Verification, read_stamp: Callable[[bytes], StampedHash] | None) -> None:
    try:
        faults = list(stamp_faults(store, store.ids(TimeStamp), read_stamp))
    except ClaimregError:
        # That their list cannot be read was told with the records.
        return
    if faults:
        found.checked["time stamps"] = len(faults)
        found.damage.extend(Damage("time stamps", stamp_id, what) for stamp_id, what in faults if what is not None)


def _fault(store: Reader, check: BlobCheck | None, sha256: str) -> str | None:
    """What is wrong with bytes, in the store's own words."""
    if check is not None and check.is_whole:
        return None
    try:
        store.blob(sha256)
    except ClaimregError as error:
        return str(error)
    return None


def _check_text(store: Reader, capture: Capture, check: BlobCheck, links: list[Link], found: Verification) -> None:
    text = None
    if links or check.length is None:
        try:
            text = text_of(store, capture)
        except (ClaimregError, UnicodeDecodeError):
            found.damage.append(Damage("captures", capture.id, "its text cannot be read"))
            return
    length = len(text) if text is not None else check.length
    if length != capture.length:
        found.damage.append(Damage("captures", capture.id, f"its text has {length} characters, not {capture.length}"))
    for link in links:
        if text is not None and text[link.start : link.end] != link.exact:
            found.damage.append(Damage("links", link.id, f"its words are not at {link.start}–{link.end} of {capture.source_id}"))


def _digest(text: str) -> bytes:
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).digest()
