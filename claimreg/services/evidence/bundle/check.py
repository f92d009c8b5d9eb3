"""Check of a bundle: files against the manifest, the chain of events, records against their events, quotes in place."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from claimreg.codec import OPTIONAL_EVENT_FIELDS, from_document
from claimreg.model import EVENT_FIELDS, Capture, Document, Draft, Link, Record, Source, TimeStamp, record_number, record_type_of
from claimreg.services.evidence.bundle import layout
from claimreg.services.evidence.bundle.archive import Archive, FaultyBundleError
from claimreg.services.evidence.bundle.scope import unnamed
from claimreg.services.evidence.stamps import StampedHash, stamp_fault
from claimreg.services.evidence.states import references_of, state_in, state_of
from claimreg.services.evidence.verify import NOTED_IS_GONE, Damage, Point, Verification, text_damage
from claimreg.services.recording.sources import joined
from claimreg.shapes import event_misfit, misfit
from claimreg.store.chain import GENESIS, canonical, event_hash

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

_MANIFEST_LINE = re.compile(r"([0-9a-f]{64})  ([ -~]+)", re.ASCII)
_HASH = re.compile(r"[0-9a-f]{64}", re.ASCII)


@dataclass(slots=True)
class BundleCheck:
    """Result of a check: ``registry`` identifies the bundle's registry, ``sealed`` counts the events that have only their hash."""

    found: Verification = field(default_factory=Verification)
    registry: str = ""
    sealed: int = 0


@dataclass(slots=True)
class _Seen:
    """Facts that later records and the captures are compared with."""

    latest: dict[str, bytes] = field(default_factory=dict)
    ids: set[str] = field(default_factory=set)
    withheld: set[str] = field(default_factory=set)
    captures: dict[str, Capture] = field(default_factory=dict)
    quoting: dict[str, list[Link | Draft]] = field(default_factory=dict)
    blobs: set[str] = field(default_factory=set)
    sizes: dict[str, int] = field(default_factory=dict)
    stamps: list[TimeStamp] = field(default_factory=list)
    read_stamp: Callable[[bytes], StampedHash] | None = None
    noted: str = ""


def check_bundle(
    archive: Archive,
    progress: Callable[[str], None] = lambda _area: None,
    read_stamp: Callable[[bytes], StampedHash] | None = None,
    noted: str = "",
) -> BundleCheck:
    """Check a whole bundle; damage is gathered, not raised. ``progress`` is told each area as it begins.

    ``read_stamp`` tells what an authority's answer says, see `claimreg.services.evidence.stamps`. ``noted`` is the hash that an event
    must have, or how it begins.
    """
    check, seen = BundleCheck(), _Seen(read_stamp=read_stamp, noted=noted)
    for area, look in _AREAS.items():
        progress(area)
        try:
            look(archive, check, seen)
        except FaultyBundleError as fault:
            check.found.damage.append(Damage(fault.area, fault.place, fault.what))
            # What comes after a file that cannot be read cannot be held against it.
            break
    return check


def require_whole(archive: Archive, show: Callable[[str], None], read_stamp: Callable[[bytes], StampedHash] | None) -> BundleCheck:
    """Check a bundle as `check_bundle` does; raises `FaultyBundleError` for the first damage."""
    checked = check_bundle(archive, show, read_stamp)
    if checked.found.damage:
        raise FaultyBundleError(*checked.found.damage[0])
    return checked


def read_records(archive: Archive) -> Iterator[Record]:
    """The records of a bundle, in its order. Raises `FaultyBundleError`."""
    place = (-1, 0)
    for number, line in enumerate(archive.lines(layout.RECORDS), start=1):
        record = _record(_parsed(line, "records", number), number)
        here = (layout.ORDER.index(type(record)), record_number(record.id))
        if here <= place:
            raise FaultyBundleError("records", record.id, "it is not where it belongs, or is there twice")
        place = here
        yield record


def _check_bag(archive: Archive, check: BundleCheck, seen: _Seen) -> None:
    missing = [name for name in layout.NEEDED if name not in archive.names]
    if missing:
        raise FaultyBundleError("bundle", missing[0], "it is missing")
    if archive.read(layout.BAGIT) != layout.DECLARATION:
        raise FaultyBundleError("bundle", layout.BAGIT, "it is not what claimreg writes")
    payload = {name for name in archive.names if name.startswith("data/")}
    _check_manifest(archive, layout.TAG_MANIFEST, set(layout.TAG_FILES), check)
    seen.sizes = _check_manifest(archive, layout.MANIFEST, payload, check)
    if f"Payload-Oxum: {sum(seen.sizes.values())}.{len(seen.sizes)}" not in _info(archive):
        check.found.damage.append(Damage("bundle", layout.INFO, "the size it tells is not the bundle's"))
    check.found.checked["bundle"] = len(archive.names)


def _check_manifest(archive: Archive, manifest: str, names: set[str], check: BundleCheck) -> dict[str, int]:
    """Compare files with their manifest; returns their sizes."""
    told: dict[str, str] = {}
    for line in archive.lines(manifest):
        match = _MANIFEST_LINE.fullmatch(line.decode("ascii", "replace"))
        if match is None or match[2] in told:
            raise FaultyBundleError("bundle", manifest, "it has a line that no manifest has")
        told[match[2]] = match[1]
    damage = check.found.damage
    damage.extend(Damage("bundle", name, f"it is missing, though {manifest} tells of it") for name in sorted(told.keys() - names))
    damage.extend(Damage("bundle", name, f"{manifest} does not tell of it") for name in sorted(names - told.keys()))
    sizes: dict[str, int] = {}
    for name in sorted(names & told.keys()):
        sha256, sizes[name] = archive.digest(name)
        if sha256 != told[name] or (name.startswith(layout.CAPTURES) and sha256 != name.removeprefix(layout.CAPTURES)):
            check.found.damage.append(Damage("bundle", name, "its bytes are not those that were exported"))
    return sizes


def _info(archive: Archive) -> list[str]:
    return archive.read(layout.INFO).decode("utf-8", "replace").split("\n")


def _check_history(archive: Archive, check: BundleCheck, seen: _Seen) -> None:
    seq, previous = 0, GENESIS
    for number, line in enumerate(archive.lines(layout.HISTORY), start=1):
        event = _parsed(line, "history", number)
        if (what := _event_fault(event, seq, previous)) is not None:
            raise FaultyBundleError("history", f"event {number}", what)
        seq, previous = event["seq"], event["hash"]
        check.registry = check.registry or previous
        if seen.noted and previous.startswith(seen.noted):
            check.found.noted = Point(seq, previous)
        if len(event) == len(layout.SEALED_FIELDS):
            check.sealed += 1
        elif (what := _take_state(event, seen.latest)) is not None:
            raise FaultyBundleError("history", f"event {number}", what)
    check.found.head = previous
    check.found.checked["history"] = seq
    if seen.noted and check.found.noted is None:
        check.found.damage.append(Damage("history", f"event {seq}", NOTED_IS_GONE.format(seen.noted)))
    if not seq or f"{layout.HEAD_LABEL}: {seq} {previous}" not in _info(archive):
        raise FaultyBundleError("history", f"event {seq}", f"it is not the last one that {layout.INFO} tells of")


def _event_fault(event: Document, seq: int, previous: str) -> str | None:
    known = set(EVENT_FIELDS)
    if event.keys() != set(layout.SEALED_FIELDS) and not known - OPTIONAL_EVENT_FIELDS <= event.keys() <= known:
        return "it is no event"
    own = event["hash"]
    if type(event["seq"]) is not int or event["seq"] != seq + 1:
        return f"event {seq + 1} is missing"
    if event["previous"] != previous:
        return "it does not follow from the event before"
    if not isinstance(own, str) or not _HASH.fullmatch(own):
        return "it has no hash"
    if len(event) != len(layout.SEALED_FIELDS) and own != event_hash(event):
        return "it was changed since it was written"
    return event_misfit(event)


def _take_state(event: Document, latest: dict[str, bytes]) -> str | None:
    """Note the state that an event leaves its record in; returns what is wrong with it."""
    object_id, before, after = event["object_id"], event["before"], event["after"]
    if not isinstance(object_id, str) or not isinstance(after, dict) or not isinstance(before, dict | None):
        return "it is no event of a record"
    if (record_type := record_type_of(object_id)) is None:
        return f"{object_id} is the id of no record"
    for told, state in (("before", before), ("after", after)):
        what = misfit(record_type, state) if state is not None else None
        if what is not None:
            return f"in {object_id} as it was {told} it, {what}"
    if (state_in(record_type, before) if before is not None else None) != latest.get(object_id):
        return f"it does not begin where the event before left {object_id}"
    latest[object_id] = state_in(record_type, after)
    return None


def _check_records(archive: Archive, check: BundleCheck, seen: _Seen) -> None:
    for record in read_records(archive):
        seen.ids.add(record.id)
        if (what := _record_fault(record, seen)) is not None:
            raise FaultyBundleError("records", record.id, what)
        seen.blobs.update(layout.blobs_of(record))
        if isinstance(record, Capture):
            seen.captures[record.id] = record
        elif isinstance(record, TimeStamp):
            seen.stamps.append(record)
        elif isinstance(record, Link | Draft) and record.source_id not in seen.withheld:
            seen.quoting.setdefault(record.capture_id, []).append(record)
    check.found.checked["records"] = len(seen.ids)
    missing = next((one for one in seen.latest if one not in seen.ids), None)
    if missing is not None:
        raise FaultyBundleError("records", missing, "it is missing, though the history tells of it")


def _record_fault(record: Record, seen: _Seen) -> str | None:
    if isinstance(record, Source) and record.withheld is not None:
        seen.withheld.add(record.id)
    hidden = record.id in seen.withheld or (isinstance(record, Link | Capture | Draft) and record.source_id in seen.withheld)
    if (missing := _missing_reference(record, seen)) is not None:
        return f"it speaks of {missing}, which is not there"
    if hidden:
        return _hidden_fault(record, seen)
    if seen.latest.get(record.id) != state_of(record):
        return "it is not what the history says was recorded"
    if isinstance(record, Link | Draft) and seen.captures[record.capture_id].source_id != record.source_id:
        return f"{record.capture_id} is no capture of {record.source_id}"
    return None


def _missing_reference(record: Record, seen: _Seen) -> str | None:
    for name, _type, reference in references_of(record):
        # A party may count as one that comes later; of a withheld source there are no captures.
        there = seen.latest if name == "merged_into" else seen.ids
        hidden = name == "capture_id" and getattr(record, "source_id", None) in seen.withheld
        if reference not in there and not hidden:
            return reference
    return None


def _hidden_fault(record: Record, seen: _Seen) -> str | None:
    """Return what a record of a withheld source tells of it, which it must not."""
    match record:
        case Source(withheld=str(reason)):
            named = record != unnamed(record, reason)
        case Link():
            named = bool(record.prefix or record.suffix)
        case _:
            named = True
    return "it tells of a withheld source" if named or record.id in seen.latest else None


def _check_captures(archive: Archive, check: BundleCheck, seen: _Seen) -> None:
    there = {name.removeprefix(layout.CAPTURES) for name in archive.names if name.startswith(layout.CAPTURES)}
    missing, untold = sorted(seen.blobs - there), sorted(there - seen.blobs)
    check.found.damage.extend(Damage("captures", sha256, "it is missing, though a record tells of it") for sha256 in missing)
    check.found.damage.extend(Damage("captures", sha256, "no record tells of it") for sha256 in untold)
    for capture in seen.captures.values():
        texts = [one for one in (capture.text_sha256, capture.left_out_sha256) if one is not None]
        if {capture.sha256, *texts} <= there:
            size = seen.sizes.get(layout.CAPTURES + capture.sha256)
            if size != capture.size:
                check.found.damage.append(Damage("captures", capture.id, f"its bytes number {size}, not {capture.size}"))
            try:
                text, *left_out = (archive.read(layout.CAPTURES + one).decode("utf-8") for one in texts)
            except UnicodeDecodeError:
                check.found.damage.append(Damage("captures", capture.id, "its text is not UTF-8"))
                continue
            check.found.damage.extend(text_damage(capture, joined(text, "".join(left_out)), len(text), seen.quoting.get(capture.id, ())))
    check.found.checked["captures"] = len(seen.captures)
    check.found.checked["links"] = sum(isinstance(one, Link) for quoting in seen.quoting.values() for one in quoting)


def _check_stamps(archive: Archive, check: BundleCheck, seen: _Seen) -> None:
    if not seen.stamps:
        return
    wanted = {stamp.head_seq: "" for stamp in seen.stamps}
    for number, line in enumerate(archive.lines(layout.HISTORY), start=1):
        if number in wanted:
            wanted[number] = _parsed(line, "history", number)["hash"]
    for stamp in seen.stamps:
        answer = archive.read(layout.CAPTURES + stamp.token_sha256)
        if (what := stamp_fault(stamp, wanted[stamp.head_seq], answer, seen.read_stamp)) is not None:
            check.found.damage.append(Damage("time stamps", stamp.id, what))
    check.found.checked["time stamps"] = len(seen.stamps)


_AREAS = {
    "bundle": _check_bag, "history": _check_history, "records": _check_records, "captures": _check_captures, "time stamps": _check_stamps
}  # fmt: skip


def _parsed(line: bytes, area: str, number: int) -> Document:
    try:
        document = json.loads(line)
        if isinstance(document, dict) and canonical(document).encode() == line:
            return document
    except (ValueError, RecursionError):
        pass
    raise FaultyBundleError(area, f"line {number}", "it is not as claimreg writes it")


def _record(document: Document, number: int) -> Record:
    record_id = document.get("id")
    record_type = record_type_of(record_id) if isinstance(record_id, str) else None
    if record_type is None or not isinstance(record_id, str):
        raise FaultyBundleError("records", f"line {number}", "it is no record")
    if (what := misfit(record_type, document)) is not None:
        raise FaultyBundleError("records", record_id, what)
    return from_document(record_type, document)
