"""Scope of a bundle: its records, its events in full, and nothing that would name a withheld source.

Of its events the hash alone is told. Each has a random salt in it, so nobody can try guesses on it; of events that an older
claimreg recorded, who guesses every field to the letter, its time and user too, can see by the hash that the guess is right.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from claimreg.errors import UsageError
from claimreg.model import (
    Alias,
    Attribution,
    Capture,
    Claim,
    Draft,
    Link,
    Party,
    Relation,
    Source,
    TimeStamp,
    record_number,
    record_type_of,
)
from claimreg.services.evidence.bundle.layout import ORDER, WITHHELD_TITLE
from claimreg.services.lookup import claims_of_case, require
from claimreg.services.recording.claims import hanging_on
from claimreg.services.withholding import link_or_withheld
from claimreg.store.port import Equals, Reader

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from claimreg.model import Event, Record


class Scope(NamedTuple):
    """``ids`` of the records that belong to it, ``None`` for all; ``hidden`` are those that are withheld; ``title`` says it in words.

    ``withheld`` has the sources that are not named, with the reason.
    """

    title: str
    ids: frozenset[str] | None
    withheld: dict[str, str]
    hidden: frozenset[str]

    def tells(self, event: Event) -> bool:
        """Return whether an event is included in full."""
        return event.object_id not in self.hidden and (self.ids is None or event.object_id in self.ids)


def scope_of(reader: Reader, claims: Iterable[Claim] | None, title: str) -> Scope:
    """The scope of these claims with all that hangs on them, removed records too; of the whole registry where ``claims`` is ``None``."""
    withheld = _withheld(reader)
    hidden = set(withheld)
    for source_id in withheld:
        for record_type in (Capture, Link, Draft):
            hidden.update(one.id for one in reader.find(record_type, Equals("source_id", source_id), withdrawn=True))
    ids = None if claims is None else frozenset(_gathered(reader, claims))
    return Scope(title, ids, {one: why for one, why in withheld.items() if ids is None or one in ids}, frozenset(hidden))


def named_scope(reader: Reader, claim_ids: Sequence[str] = (), case: str | None = None) -> Scope:
    """The scope of the claims of these ids, else of a case, else of everything; raises `UsageError` for both.

    Raises `NotFoundError` for what is not there.
    """
    if claim_ids and case is not None:
        raise UsageError("Give claims or --case, not both.")
    if claim_ids:
        title = f"claims {', '.join(dict.fromkeys(one.strip().upper() for one in claim_ids))}"
        return scope_of(reader, [require(reader, Claim, one) for one in dict.fromkeys(claim_ids)], title)
    if case is None:
        return scope_of(reader, None, "everything in the registry")
    return scope_of(reader, list(claims_of_case(reader, case)), f"the case {case}")


def records_in(reader: Reader, scope: Scope) -> Iterator[Record]:
    """The records of a scope as they may be shown, in the order of a bundle."""
    for record_type in ORDER:
        for record in _of_type(reader, record_type, scope.ids):
            if (shown := _shown(reader, record, scope)) is not None:
                yield shown


def _withheld(reader: Reader) -> dict[str, str]:
    """The withheld sources, and those that have the same bytes or a text in common with one of them, each with the reason."""
    reasons = {one.id: one.withheld for one in reader.find(Source, withdrawn=True) if one.withheld is not None}
    if not reasons:
        return {}
    named: dict[str, str] = {}
    for source_id, reason in reasons.items():
        for capture in reader.find(Capture, Equals("source_id", source_id), withdrawn=True):
            named.update((one, reason) for one in _contents(capture))
    for capture in reader.find(Capture, withdrawn=True):
        same = next((named[one] for one in _contents(capture) if one in named), None)
        if same is not None:
            reasons.setdefault(capture.source_id, same)
    return reasons


def _contents(capture: Capture) -> Iterator[str]:
    """Yield the SHA-256 of all that tells which document a capture is of: its bytes and its texts. Many have an empty text."""
    yield capture.sha256
    if capture.length:
        yield capture.text_sha256
    yield from (one for one in (capture.left_out_sha256, capture.transcript_sha256) if one is not None)


def _gathered(reader: Reader, claims: Iterable[Claim]) -> set[str]:
    chosen = {claim.id: claim for claim in claims}
    for claim in list(chosen.values()):
        chosen |= {one.id: one for one in _merged_into(reader, claim)}
    ids = {*chosen, *reader.ids(TimeStamp)}
    for claim in chosen.values():
        for record in hanging_on(reader, claim, withdrawn=True):
            if not isinstance(record, Relation) or {record.claim_id, record.other_claim_id} <= chosen.keys():
                ids.add(record.id)
            if isinstance(record, Attribution):
                ids.update(_party_and_names(reader, record.party_id, ids))
            if isinstance(record, Attribution | Link) and record.source_id is not None:
                ids.update(_source_and_captures(reader, record.source_id, ids))
    return ids


def _merged_into(reader: Reader, claim: Claim) -> Iterator[Claim]:
    """Yield the claims that were merged into one, and those merged into these: by them other registries know it."""
    for one in reader.find(Claim, Equals("merged_into", claim.id), withdrawn=True):
        yield one
        yield from _merged_into(reader, one)


def _party_and_names(reader: Reader, party_id: str | None, known: set[str]) -> Iterator[str]:
    # A party that was merged is of no use without the one that it counts as now.
    while party_id is not None and party_id not in known:
        party = require(reader, Party, party_id, withdrawn=True)
        yield party.id
        yield from [alias.id for alias in reader.find(Alias, Equals("party_id", party.id), withdrawn=True)]
        party_id = party.merged_into


def _source_and_captures(reader: Reader, source_id: str, known: set[str]) -> Iterator[str]:
    if source_id not in known:
        yield source_id
        yield from [capture.id for capture in reader.find(Capture, Equals("source_id", source_id), withdrawn=True)]


def _of_type(reader: Reader, record_type: type[Record], ids: frozenset[str] | None) -> Iterator[Record]:
    if ids is None:
        yield from reader.find(record_type, withdrawn=True)
        return
    for one in sorted((one for one in ids if record_type_of(one) is record_type), key=record_number):
        if (record := reader.get(record_type, one)) is not None:
            yield record


def _shown(reader: Reader, record: Record, scope: Scope) -> Record | None:
    if record.id not in scope.hidden:
        return record
    if isinstance(record, Source):
        return unnamed(record, scope.withheld[record.id])
    if not isinstance(record, Link):
        return None
    return unplaced(record, require(reader, Attribution, record.attribution_id, withdrawn=True))


def unnamed(source: Source, reason: str) -> Source:
    """All that is told of a withheld source: that there is one, why it is withheld, and who recorded it when."""
    return Source(id=source.id, recorded_at=source.recorded_at, recorded_by=source.recorded_by, title=WITHHELD_TITLE, withheld=reason)


def unplaced(link: Link, attribution: Attribution) -> Link:
    """All that is told of a link into a withheld source: the quote's own words, and offsets into these; see `withholding`."""
    return Link(**{**vars(link_or_withheld(link, None, attribution)), "probability": 0.0})
