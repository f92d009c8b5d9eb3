"""Check of a registry: files, history, records, captures, links, each compared with the others."""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, NamedTuple

from claimreg.codec import DamagedRecordError, from_document, unknown_fields
from claimreg.errors import ClaimregError
from claimreg.model import RECORD_TYPES, Capture, Claim, Draft, Link, Record, Source, TimeStamp, record_type_of
from claimreg.services.evidence.bundle.layout import blobs_of
from claimreg.services.evidence.stamps import StampedHash, stamp_faults
from claimreg.services.evidence.states import references_of
from claimreg.services.evidence.users import OtherUsers
from claimreg.services.recording.sources import joined, left_out_of, text_of
from claimreg.services.withholding import Withheld
from claimreg.shapes import misfit
from claimreg.store.chain import NOT_AS_WRITTEN, Step, StrangeTextError, canonical, read_once, walk
from claimreg.store.port import SealedText
from claimreg.text.counted import plural

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from claimreg.store.port import BlobCheck, Reader, Store

NOTED_IS_GONE = "no event has the noted hash {}: the history was cut off, put back to an older copy or rewritten since"
_SEALED = b""  # in place of the digest of a record that only others may see
_UNTIED = (Claim, Source)  # records that speak of no other and of no bytes; to hold their text against the history is enough
_MERGED = '"merged_into":"'  # in the text of a claim that does speak of another


class Damage(NamedTuple):
    """Something that is not as it was recorded: in which area, where, and what is wrong."""

    area: str
    place: str
    what: str


class Point(NamedTuple):
    """An event of the history: its number and its hash."""

    seq: int
    hash: str


class Noted(NamedTuple):
    """Knowledge of the history from elsewhere: a hash, or its beginning, that a person noted, and the last event that was seen."""

    hash: str = ""
    remembered: tuple[int, str] | None = None


@dataclass(slots=True)
class Verification:
    """Result of a check: what was checked, with counts, the damage found, and warnings.

    ``noted`` is the event whose hash a person noted.
    """

    checked: dict[str, int] = field(default_factory=dict)
    damage: list[Damage] = field(default_factory=list)
    warnings: list[Damage] = field(default_factory=list)
    head: str = ""
    noted: Point | None = None

    @property
    def since(self) -> int:
        """Return the number of events after the noted one."""
        return self.checked.get("history", 0) - self.noted.seq if self.noted is not None else 0


def verify(
    store: Store,
    progress: Callable[[str], None] = lambda _area: None,
    read_stamp: Callable[[bytes], StampedHash] | None = None,
    noted: Noted | None = None,
) -> Verification:
    """Check the whole registry; nothing is changed. ``progress`` is told each area as it begins.

    ``read_stamp`` tells what an authority's answer says, see `claimreg.services.evidence.stamps`.
    """
    found = Verification()
    progress("files")
    checks = store.check_blobs()
    found.damage.extend(Damage("files", store.location, sentence) for sentence in store.integrity())
    found.checked["files"] = 1
    # Others may go on recording meanwhile.
    with store.snapshot():
        progress("history")
        latest = _check_history(store, found, noted or Noted())
        progress("records")
        records = _check_records(store, found, latest)
        progress("captures")
        _check_captures(store, found, records, checks)
        _check_stamps(store, found, read_stamp)
        if found.damage or found.warnings:
            withheld = Withheld(store)
            for told in (found.damage, found.warnings):
                told[:] = [Damage(one.area, *withheld.fault(one.place, one.what)) for one in told]
    return found


def _check_history(store: Store, found: Verification, noted: Noted) -> dict[str, bytes]:
    """Walk the chain; returns the digest of each record's latest state as the history has it."""
    latest: dict[str, bytes] = {}
    count, sealed, at, seen = 0, 0, "", None
    users = OtherUsers(store)
    try:
        for step in walk(store.stored_history()):
            count += 1
            place = f"event {step.number}"
            found.damage.extend(Damage("history", place, fault) for fault in (*step.faults, *_told_wrongly(step, latest)))
            if step.event is None:
                continue
            event = step.event
            found.head = event.hash
            sealed += step.is_sealed
            users.take(event)
            if event.at < at:
                found.warnings.append(Damage("history", place, f"it is dated {event.at}, before the event that it follows ({at})"))
            at = event.at
            if noted.hash and event.hash.startswith(noted.hash):
                found.noted = Point(event.seq, event.hash)
            if noted.remembered is not None and event.seq == noted.remembered[0]:
                seen = event.hash
    except ClaimregError:
        found.damage.append(Damage("history", f"event {count + 1}", "it cannot be read"))
    found.checked["history"] = count
    if sealed:
        found.checked["sealed events"] = sealed
    found.warnings.extend(Damage("users", user, what) for user, what in users.told())
    _hold_against(noted, seen, found)
    return latest


def _told_wrongly(step: Step, latest: dict[str, bytes]) -> Iterator[str]:
    """Yield what is wrong with an event in itself or in this registry; its record's state is noted."""
    if (event := step.event) is None:
        return
    if (record_type := record_type_of(event.object_id)) is None:
        yield f"it tells of {event.object_id}, which is the id of no record"
        return
    if step.is_sealed:
        latest[event.object_id] = _SEALED
        return
    if (None if event.before is None else _digest(step.before)) != latest.get(event.object_id):
        yield f"it does not begin where the event before left {event.object_id}"
    if not isinstance(event.after, dict):
        yield f"it tells of {event.object_id} what no event does"
        return
    latest[event.object_id] = _digest(step.after)
    if strange := unknown_fields(record_type, event.after):
        yield f"it gives {event.object_id} fields that no {record_type.NOUN} has: {', '.join(strange)}"
    if event.after.get("id") != event.object_id:
        yield f"it gives {event.object_id} the id of another record"


def _hold_against(noted: Noted, seen: str | None, found: Verification) -> None:
    """Compare the history with outside knowledge of it; ``seen`` is the hash of the event with the remembered number."""
    count = found.checked["history"]
    if noted.hash and found.noted is None:
        found.damage.append(Damage("history", f"event {count}", NOTED_IS_GONE.format(noted.hash)))
    if noted.remembered is None or seen == noted.remembered[1]:
        return
    number, own = noted.remembered
    if seen is None:
        what = f"a command here saw the history go on to event {number} ({own[:12]}…): it was cut off, or put back to an older copy"
        found.warnings.append(Damage("history", f"event {count}", what))
    else:
        what = f"a command here saw another event {number} ({own[:12]}…): the history was rewritten, or two copies of it were written to"
        found.warnings.append(Damage("history", f"event {number}", what))


def _check_records(store: Store, found: Verification, latest: dict[str, bytes]) -> dict[str, Record]:
    """Compare every record, as it is stored, with the history; returns those that later checks need."""
    kept: dict[str, Record] = {}
    seen: set[str] = set()
    references: list[tuple[str, str]] = []
    for record_type in RECORD_TYPES:
        for record_id, text in _stored(store, record_type, found):
            seen.add(record_id)
            fault = _strangeness(text, latest.get(record_id))
            is_tied = record_type not in _UNTIED or _MERGED in text
            record = _read(record_type, record_id, text) if is_tied else None
            if record is None and is_tied:
                fault = fault if fault not in (None, _NOT_AS_TOLD) else "it cannot be read"
            fault = fault or (None if isinstance(text, SealedText) else _misfit(record_type, text))
            if fault is not None:
                found.damage.append(Damage("records", record_id, fault))
            if record is None or isinstance(text, SealedText):
                continue
            if isinstance(record, Capture | Link | Draft | TimeStamp):
                kept[record_id] = record
            references.extend((record_id, reference) for _name, _type, reference in references_of(record))
    lost = ((one, reference) for one, reference in references if reference not in seen)
    found.damage.extend(Damage("records", one, f"it speaks of {reference}, which is not there") for one, reference in lost)
    untold = (one for one in latest if one not in seen)
    found.damage.extend(Damage("records", one, "it is missing, though the history tells of it") for one in untold)
    found.checked["records"] = len(seen)
    return kept


def _stored(store: Store, record_type: type[Record], found: Verification) -> Iterator[tuple[str, str]]:
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
            text = store.stored_text(record_type, record_id) or ""
        except ClaimregError:
            text = ""
        yield record_id, text


_NOT_AS_TOLD = "it is not what the history says was recorded"


def _strangeness(text: str, latest: bytes | None) -> str | None:
    """Return what is wrong with a record's text; ``latest`` is the digest that its last event gives."""
    if isinstance(text, SealedText) and latest == _SEALED:
        return None
    if latest is not None and _digest(text) == latest:
        return None
    try:
        document = read_once(text)
        if latest is None:
            return "the history does not tell of it"
        return NOT_AS_WRITTEN if _digest(canonical(document)) == latest else _NOT_AS_TOLD
    except StrangeTextError as error:
        return str(error)
    except (TypeError, ValueError):
        return "it cannot be read"


def _misfit(record_type: type[Record], text: str) -> str | None:
    try:
        document = json.loads(text)
    except (ValueError, RecursionError):
        return None
    return misfit(record_type, document) if isinstance(document, dict) else None


def _read(record_type: type[Record], record_id: str, text: str) -> Record | None:
    try:
        record = from_document(record_type, read_once(text))
    except (StrangeTextError, DamagedRecordError):
        return None
    return record if record.id == record_id else None


def _check_captures(store: Reader, found: Verification, records: dict[str, Record], checks: Iterator[BlobCheck]) -> None:
    quoting: dict[str, list[Link | Draft]] = {}
    for record in records.values():
        if isinstance(record, Link | Draft):
            quoting.setdefault(record.capture_id, []).append(record)
    try:
        blobs, strange = _sorted_out(checks)
    except (ClaimregError, OSError) as error:
        found.damage.append(Damage("captures", "all", f"they cannot be hashed: {error}"))
        return
    named: set[str] = set()
    captures = [record for record in records.values() if isinstance(record, Capture)]
    for capture in captures:
        mine = blobs_of(capture)
        named.update(mine)
        faults = [fault for one in mine if (fault := _fault(store, blobs.get(one), strange, one)) is not None]
        found.damage.extend(Damage("captures", capture.id, fault) for fault in faults)
        text = blobs.get(capture.text_sha256)
        left_out = blobs.get(capture.left_out_sha256) if capture.left_out_sha256 is not None else None
        if text is not None and text.is_whole and (capture.left_out_sha256 is None or (left_out is not None and left_out.is_whole)):
            _check_text(store, capture, (text, left_out), quoting.get(capture.id, []), found)
    named.update(record.token_sha256 for record in records.values() if isinstance(record, TimeStamp))
    _check_unnamed(named, blobs, strange, found)
    found.checked["captures"] = len(captures)
    found.checked["links"] = sum(isinstance(record, Link) for record in records.values())


def _sorted_out(checks: Iterator[BlobCheck]) -> tuple[dict[str, BlobCheck], dict[str, str]]:
    """Return the bytes kept by their SHA-256, and everything else in that place, by its name, with what it is."""
    found = list(checks)
    strange = {check.sha256: check.strange for check in found if check.strange is not None}
    return {check.sha256: check for check in found if check.strange is None}, strange


def _check_unnamed(named: set[str], blobs: dict[str, BlobCheck], strange: dict[str, str], found: Verification) -> None:
    """Name what lies among the captures though no record speaks of it."""
    found.damage.extend(Damage("captures", name, what) for name, what in strange.items() if name not in named or name in blobs)
    for sha256, check in blobs.items():
        if sha256 in named:
            continue
        if check.is_whole:
            what = "no record speaks of it: a command that was cut off left it, or somebody put it there; it may be deleted"
            found.warnings.append(Damage("captures", sha256, what))
        else:
            found.damage.append(Damage("captures", sha256, "its bytes were changed, though no record speaks of them"))


def _check_stamps(store: Reader, found: Verification, read_stamp: Callable[[bytes], StampedHash] | None) -> None:
    try:
        faults = list(stamp_faults(store, store.ids(TimeStamp), read_stamp))
    except ClaimregError:
        # That their list cannot be read was told with the records.
        return
    if faults:
        found.checked["time stamps"] = len(faults)
        found.damage.extend(Damage("time stamps", stamp_id, what) for stamp_id, what in faults if what is not None)


def _fault(store: Reader, check: BlobCheck | None, strange: dict[str, str], sha256: str) -> str | None:
    """Return what is wrong with bytes, in the store's own words."""
    if check is not None and check.is_whole:
        return None
    if check is None and sha256 in strange:
        return f"{sha256}: {strange[sha256]}"
    try:
        store.blob(sha256)
    except ClaimregError as error:
        return str(error)
    return None


def _check_text(
    store: Reader, capture: Capture, checks: tuple[BlobCheck, BlobCheck | None], quoting: list[Link | Draft], found: Verification
) -> None:
    """Check a captured text, and what was left out of it, both with their own bytes whole."""
    text = left_out = None
    length = checks[0].length
    if quoting or any(check is not None and check.length is None for check in checks):
        try:
            text = text_of(store, capture)
            length = len(text)
            left_out = left_out_of(store, capture)
        except (ClaimregError, UnicodeDecodeError):
            what = "its text" if text is None else "what was left out of its text"
            found.damage.append(Damage("captures", capture.id, f"{what} cannot be read"))
            return
    found.damage.extend(text_damage(capture, joined(text or "", left_out or ""), length, quoting))


def text_damage(capture: Capture, whole: str, length: int | None, quoting: Iterable[Link | Draft]) -> Iterator[Damage]:
    """Yield what is wrong with a captured text of this length in code points, and with the links and drafts that quote it.

    ``whole`` is the text with what was left out of it, which they are in, too.
    """
    if length != capture.length:
        yield Damage("captures", capture.id, f"the characters of its text number {length}, not {capture.length}")
    for one in quoting:
        if whole[one.start : one.end] != one.exact:
            yield Damage(plural(one.NOUN), one.id, f"its words are not at {one.start}–{one.end} of {capture.source_id}")


def _digest(text: str) -> bytes:
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).digest()
