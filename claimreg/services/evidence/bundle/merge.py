"""Taking a bundle over: its records join the registry under ids of their own, and only what is not there yet.

A record that was taken over says which record of which registry it is (`Claim.origin`, else ``copied_from``), so that a later
bundle of the same registry adds but what is new. It keeps when and by whom it was recorded there; when and by whom it was taken
over is told by the history, as of every change. Parties are those of the same name, letter case and marks aside; never those
of a name that is only alike. The same bytes are one source, and so is the same address where either source is not captured yet.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from itertools import groupby
from typing import TYPE_CHECKING

from claimreg.errors import InputError
from claimreg.frozen import replace
from claimreg.model import Alias, Attribution, Capture, Claim, Draft, Link, Party, Record, RecordT, Relation, Source, TimeStamp, Verdict
from claimreg.services.evidence.bundle.archive import Archive, FaultyBundleError
from claimreg.services.evidence.bundle.check import read_records
from claimreg.services.evidence.bundle.layout import CAPTURES, blobs_of, identity_of, registry_identity
from claimreg.services.lookup import canonical_claim, case_key, require
from claimreg.services.recording.parties import canonical
from claimreg.services.recording.sources import SourceDetails, latest_capture, source_at, stored_source, with_details
from claimreg.store.port import AllOf, Equals, Writer
from claimreg.text.addresses import address_key
from claimreg.text.name_keys import name_key, name_skeleton

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence


@dataclass(slots=True)
class Imported:
    """Numbers of records of each type (by its noun) that were recorded, were here already, and were left out.

    Left out are links into withheld sources, what hangs on a claim or an attribution that was removed here, and time stamps,
    which speak of the other registry's history.
    """

    new: Counter[str] = field(default_factory=Counter)
    known: Counter[str] = field(default_factory=Counter)
    left_out: Counter[str] = field(default_factory=Counter)


def import_bundle(writer: Writer, archive: Archive, registry: str) -> Imported:
    """Take over a bundle that was checked; ``registry`` is the identity of the one that it comes from.

    Raises `InputError` where that is this very registry.
    """
    here = registry_identity(writer)
    if registry == here:
        raise InputError("The bundle is of this very registry; everything in it is here already.")
    merge = _Merge(writer, archive, registry, here)
    settled: dict[type[Record], list[Record]] = {Party: [], Alias: [], Source: [], Capture: []}
    for record_type, records in groupby(read_records(archive), key=type):
        if record_type in settled:
            settled[record_type] = list(records)
            continue
        merge.settle(settled)
        settled = {}
        for record in records:
            merge.take(record)
        if record_type is Claim:
            merge.join_claims()
    merge.settle(settled)
    return merge.imported


class _Merge:
    """One import: ``_here`` has the id here for each id there, ``None`` for what is left out; ``_new`` those recorded just now."""

    def __init__(self, writer: Writer, archive: Archive, registry: str, own: str | None) -> None:
        self.imported = Imported()
        self._writer = writer
        self._archive = archive
        self._registry = registry
        self._own = own
        self._here: dict[str, str | None] = {}
        self._new: set[str] = set()
        self._merged: list[tuple[str, str]] = []
        self._gone: dict[str, list[str]] = {}

    def settle(self, records: dict[type[Record], list[Record]]) -> None:
        """Take over parties and sources, of which other records speak; nothing where they were already."""
        if not records:
            return
        parties = [one for one in records[Party] if isinstance(one, Party)]
        aliases = [one for one in records[Alias] if isinstance(one, Alias)]
        for party_id, (party_here, is_new) in take_parties(self._writer, parties, aliases).items():
            self._here[party_id] = party_here
            (self.imported.new if is_new else self.imported.known)[Party.NOUN] += 1
        captures: dict[str, list[Capture]] = {}
        for one in records[Capture]:
            if isinstance(one, Capture):
                captures.setdefault(one.source_id, []).append(one)
        copies = {one.copied_from: one for one in self._writer.find(Source, withdrawn=True) if one.copied_from}
        for source in records[Source]:
            if isinstance(source, Source):
                self._source(source, captures.get(source.id, []), copies)

    def take(self, record: Record) -> None:
        """Take over a record that speaks of those taken over before."""
        match record:
            case Claim():
                self._claim(record)
            case Attribution() if self._speaks_of(record.claim_id):
                self._attribution(record)
            case Link() if self._speaks_of(record.attribution_id, record.source_id, record.capture_id):
                self._link(record)
            case Draft() if self._speaks_of(record.source_id, record.capture_id):
                self._draft(record)
            case Verdict() if self._speaks_of(record.claim_id):
                self._verdict(record)
            case Relation() if self._speaks_of(record.claim_id, record.other_claim_id):
                self._relation(record)
            case TimeStamp():
                self.imported.left_out[TimeStamp.NOUN] += 1
            case _:
                self._leave_out(record)

    def _source(self, record: Source, captures: Sequence[Capture], copies: dict[str, Source]) -> None:
        if record.withheld is not None:
            self._leave_out(record)
            return
        copy = copies.get(identity_of(record, self._registry))
        same = (source for one in captures if (source := stored_source(self._writer, one.sha256)) is not None)
        known = self._known(record, [copy] if copy else []) or next(same, None) or self._at_its_address(record, captures)
        self._recorded(record, known, url_key=_key(record.url), url_typed=False)
        for capture in captures:
            self._capture(capture, self._id(record.id))

    def _at_its_address(self, record: Source, captures: Sequence[Capture]) -> Source | None:
        """The source here of the same address, where one of the two is not captured yet; it gets the details that it lacked."""
        here = source_at(self._writer, record.url) if record.url and record.removed_at is None else None
        if here is None or (captures and latest_capture(self._writer, here) is not None):
            return None
        details = SourceDetails(*(getattr(record, name) for name in SourceDetails._fields))
        return self._writer.put(with_details(here, details, record.canonical_url))

    def _capture(self, record: Capture, source_id: str) -> None:
        there = list(self._writer.find(Capture, Equals("source_id", source_id), withdrawn=True))
        # Where a bundle's capture has nothing left out, all its links are in the text.
        same = (
            one
            for one in there
            if (one.sha256, one.text_sha256) == (record.sha256, record.text_sha256)
            and record.left_out_sha256 in (None, one.left_out_sha256)
        )
        known = self._known(record, there) or next(same, None)
        if known is None:
            for sha256 in blobs_of(record):
                if self._writer.put_blob(self._archive.read(CAPTURES + sha256)) != sha256:
                    raise FaultyBundleError("captures", record.id, "its bytes changed while they were read")
        keys = {"url_key": _key(record.url), "reached_key": _key(record.reached_url)}
        self._recorded(record, known, source_id=source_id, **keys)

    def _claim(self, record: Claim) -> None:
        identity = identity_of(record, self._registry)
        known = self._known(record, self._writer.find(Claim, Equals("origin", identity), withdrawn=True))
        key = case_key(record.case) if record.case else None
        if record.merged_into is not None:
            self._gone.setdefault(record.merged_into, []).append(record.id)
        known = canonical_claim(self._writer, known) if known is not None else None
        self._recorded(record, known, case_key=key, origin=identity, merged_into=None)
        if known is None and record.merged_into is not None:
            self._merged.append((self._id(record.id), record.merged_into))

    def join_claims(self) -> None:
        """Note which claims were merged there into which, where that came later in the bundle."""
        for claim_id, there in self._merged:
            into = self._here.get(there)
            if into is not None and into != claim_id:
                self._writer.put(replace(require(self._writer, Claim, claim_id, withdrawn=True), merged_into=into))

    def _attribution(self, record: Attribution) -> None:
        claim_id = self._id(record.claim_id)
        known = self._known(record, self._beside(Attribution, "claim_id", record.claim_id))
        source_id = self._here[record.source_id] if record.source_id is not None else None
        self._recorded(record, known, claim_id=claim_id, party_id=self._id(record.party_id), source_id=source_id, looked=None)

    def _link(self, record: Link) -> None:
        capture_id = self._id(record.capture_id)
        beside = list(self._beside(Link, "attribution_id", record.attribution_id))
        place = (capture_id, record.start, record.end)
        same = (one for one in beside if (one.capture_id, one.start, one.end) == place and one.removed_at is None)
        known = self._known(record, beside) or next(same, None)
        spoken_of = {name: self._id(getattr(record, name)) for name in ("attribution_id", "source_id", "capture_id")}
        self._recorded(record, known, **spoken_of, anchored_from=self._here.get(record.anchored_from or ""))

    def _draft(self, record: Draft) -> None:
        source_id, capture_id = self._id(record.source_id), self._id(record.capture_id)
        beside = list(self._writer.find(Draft, Equals("source_id", source_id), withdrawn=True))
        same = (one for one in beside if (one.capture_id, one.parts) == (capture_id, record.parts) and one.removed_at is None)
        known = self._known(record, beside) or next(same, None)
        names = ("nested_in", "party_id", "attribution_id")
        spoken_of = {name: self._here.get(getattr(record, name) or "") for name in names}
        self._recorded(record, known, source_id=source_id, capture_id=capture_id, **spoken_of)

    def _verdict(self, record: Verdict) -> None:
        known = self._known(record, self._beside(Verdict, "claim_id", record.claim_id))
        earlier = self._here.get(record.supersedes or "")
        self._recorded(record, known, claim_id=self._id(record.claim_id), supersedes=earlier)

    def _relation(self, record: Relation) -> None:
        pair = (self._id(record.claim_id), self._id(record.other_claim_id))
        same = AllOf((Equals("claim_id", pair[0]), Equals("other_claim_id", pair[1]), Equals("kind", record.kind.value)))
        known = next(self._writer.find(Relation, same, withdrawn=True), None) if record.claim_id not in self._new else None
        self._recorded(record, known, claim_id=pair[0], other_claim_id=pair[1])

    def _beside(self, record_type: type[RecordT], name: str, owner: str) -> Iterable[RecordT]:
        """Yield the records that belong to the one here that ``owner`` is there; a new one has none yet.

        What was merged into it there may still stand by itself here.
        """
        for one in (owner, *self._gone.get(owner, ())):
            if one not in self._new and (here := self._here.get(one)) is not None:
                yield from self._writer.find(record_type, Equals(name, here), withdrawn=True)

    def _known(self, record: RecordT, candidates: Iterable[RecordT]) -> RecordT | None:
        """The candidate that is this record, taken over earlier, or from which the other registry took it over."""
        identity = identity_of(record, self._registry)
        own = self._writer.get(type(record), identity.rpartition("/")[2]) if identity.startswith(f"{self._own}/") else None
        for one in (*([own] if own is not None else []), *candidates):
            same = one is own or identity_of(one, "") == identity
            # A registry that was brought back from an older copy gives out its numbers again.
            if same and (one.recorded_at, one.recorded_by) == (record.recorded_at, record.recorded_by):
                return one
        return None

    def _recorded(self, record: Record, known: Record | None, **changes: str | bool | None) -> None:
        """Note the record that is here, or record it with these fields changed."""
        if known is not None:
            removed = known.removed_at is not None and record.removed_at is None
            self._here[record.id] = None if removed and not isinstance(record, Source | Capture) else known.id
            self.imported.known[record.NOUN] += 1
            return
        copied = {} if isinstance(record, Claim) else {"copied_from": identity_of(record, self._registry)}
        new = self._writer.put(replace(record, id=self._writer.new_id(type(record)), **copied, **changes))
        self._here[record.id] = new.id
        self._new.add(record.id)
        self.imported.new[record.NOUN] += 1

    def _speaks_of(self, *ids: str) -> bool:
        return all(self._here[one] is not None if one in self._here else False for one in ids)

    def _id(self, there: str) -> str:
        if (here := self._here[there]) is None:
            raise FaultyBundleError("records", there, "it is spoken of though it was left out")
        return here

    def _leave_out(self, record: Record) -> None:
        self._here[record.id] = None
        self.imported.left_out[record.NOUN] += 1


def _key(url: str | None) -> str | None:
    # Reckoned here, as by a key that fits another address that one's source would be found.
    return address_key(url) if url else None


def take_parties(writer: Writer, parties: Sequence[Party], aliases: Sequence[Alias]) -> dict[str, tuple[str, bool]]:
    """The id here of each party of a bundle, and whether it is new.

    A party is the one here that has its main name, else one of its other names. Names that nobody has here yet are recorded.
    """
    names: dict[str, list[Alias]] = {}
    for alias in aliases:
        names.setdefault(alias.party_id, []).append(alias)
    taken: dict[str, str] = {}
    found: dict[str, tuple[str, bool]] = {}
    for party in parties:
        keys = [key for key in map(name_key, (party.name, *(one.name for one in names.get(party.id, ())))) if key]
        holder = next((one for one in (_holder(writer, key, taken) for key in keys) if one is not None), None)
        found[party.id] = (holder, False) if holder is not None else (writer.new_id(Party), True)
        for key in keys:
            if _holder(writer, key, taken) is None:
                taken[key] = found[party.id][0]
    _record_new(writer, parties, found)
    _record_names(writer, parties, names, found)
    return found


def _holder(writer: Writer, key: str, taken: dict[str, str]) -> str | None:
    if (alias := next(writer.find(Alias, Equals("key", key)), None)) is not None:
        return canonical(writer, require(writer, Party, alias.party_id, withdrawn=True)).id
    return taken.get(key)


def _record_new(writer: Writer, parties: Sequence[Party], found: dict[str, tuple[str, bool]]) -> None:
    for party in parties:
        here, is_new = found[party.id]
        if is_new:
            # Merging two parties that are here already is for a person to do.
            into = found[party.merged_into][0] if party.merged_into in found else None
            writer.put(replace(party, id=here, merged_into=into if into != here else None))


def _record_names(writer: Writer, parties: Sequence[Party], names: dict[str, list[Alias]], found: dict[str, tuple[str, bool]]) -> None:
    for party in parties:
        for alias in names.get(party.id, ()):
            key = name_key(alias.name)
            if key and next(writer.find(Alias, Equals("key", key)), None) is None:
                writer.put(
                    replace(alias, id=writer.new_id(Alias), party_id=found[party.id][0], key=key, skeleton=name_skeleton(alias.name))
                )
