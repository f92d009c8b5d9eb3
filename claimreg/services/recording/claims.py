"""Recording claims, who stands how to them, what fact-checkers say of them, how they stand to each other; and removing records."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from claimreg.errors import UsageError
from claimreg.frozen import replace
from claimreg.model import Alias, Attribution, Claim, Draft, Link, Looked, Party, Record, Relation, RelationKind, Source, Stance, Verdict
from claimreg.services.lookup import case_key, require, require_any
from claimreg.services.recording.fields import new_fields
from claimreg.store.port import AllOf, AnyOf, Condition, Equals, OneOf, Reader, Writer

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator


class ClaimFields(NamedTuple):
    """Fields of a new claim."""

    text: str
    title: str | None = None
    lang: str | None = None
    case: str | None = None
    tags: tuple[str, ...] = ()
    external_id: str | None = None
    note: str | None = None
    assignee: str | None = None


class AttributionFields(NamedTuple):
    """Details of a stance: its words, its date and its source."""

    stance: Stance
    party_as_written: str
    quote: str | None = None
    lang: str | None = None
    said_at: str | None = None


def record_claim(writer: Writer, fields: ClaimFields) -> Claim:
    """Record a claim."""
    stated = fields._replace(tags=tuple(dict.fromkeys(fields.tags)))._asdict()
    return writer.put(Claim(**new_fields(writer, Claim), **stated, case_key=case_key(fields.case) if fields.case else None))


def record_attribution(
    writer: Writer,
    claim: Claim,
    party: Party,
    source: Source | None,
    fields: AttributionFields,
    *,
    known: Iterable[Attribution] | None = None,
    looked: Looked | None = None,
) -> Attribution:
    """Record how a party stands to a claim; recorded already in the same words, it is returned as it is.

    ``known`` are the claim's attributions where the caller has them; for a claim just made there are none. ``looked`` tells of the
    search for a new one's quote.
    """
    source_id = source.id if source else None
    for one in writer.find(Attribution, Equals("claim_id", claim.id)) if known is None else known:
        same = (one.party_id, one.stance, one.quote, one.said_at, one.source_id)
        if same == (party.id, fields.stance, fields.quote, fields.said_at, source_id):
            return one
    stated = {"claim_id": claim.id, "party_id": party.id, "source_id": source_id, **fields._asdict()}
    return writer.put(Attribution(**new_fields(writer, Attribution), **stated, looked=looked))


def record_verdict(writer: Writer, claim: Claim, rating: str, *, scheme: str | None, rationale: str | None, author: str | None) -> Verdict:
    """Record a fact-checker's rating; it supersedes the latest one, which stays."""
    earlier = next(writer.find(Verdict, Equals("claim_id", claim.id), newest_first=True), None)
    verdict = Verdict(
        **new_fields(writer, Verdict), claim_id=claim.id, rating=rating, scheme=scheme, rationale=rationale,
        author=author or writer.change.user, rated_at=writer.change.at, supersedes=earlier.id if earlier else None,
    )  # fmt: skip
    return writer.put(verdict)


def record_relation(writer: Writer, claim: Claim, kind: RelationKind, other: Claim) -> tuple[Relation, bool]:
    """Record how one claim stands to another; returns the relation and whether it is new. Raises `UsageError` for a claim and itself."""
    if claim.id == other.id:
        raise UsageError(f"{claim.id} cannot stand in a relation to itself; give two claims.")
    pairs = [(claim.id, other.id), *([(other.id, claim.id)] if kind.symmetric else [])]
    either = OneOf("claim_id", (claim.id, other.id))
    for known in writer.find(Relation, AllOf((Equals("kind", kind.value), either))):
        if (known.claim_id, known.other_claim_id) in pairs:
            return known, False
    return writer.put(Relation(**new_fields(writer, Relation), kind=kind, claim_id=claim.id, other_claim_id=other.id)), True


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


def withdraw(writer: Writer, record: Record) -> tuple[Record, ...]:
    """Take a record, and what hangs on it, out of all listings; everything stays in the registry and its history.

    Returns what was withdrawn. Raises `UsageError` for a party or a source that attributions still speak of.
    """
    hanging = hanging_on(writer, record)
    if isinstance(record, Party | Source):
        # Removed attributions count too: they may be brought back.
        speaking = [one.id for one in hanging_on(writer, record, withdrawn=True) if isinstance(one, Attribution)]
        if speaking:
            raise UsageError(f"{record.id} is spoken of by attributions ({', '.join(speaking[:3])}); give these another one first.")
    withdrawn = (record, *hanging)
    for one in withdrawn:
        writer.put(replace(one, removed_at=writer.change.at))
    return withdrawn


def restore(writer: Writer, record: Record) -> tuple[Record, ...]:
    """Restore a withdrawn record with what was withdrawn along with it; a merged claim without what went over to the other."""
    if record.removed_at is None:
        raise UsageError(f"{record.id} was not removed.")
    if isinstance(record, Attribution):
        require(writer, Claim, record.claim_id)
    if isinstance(record, Link):
        require(writer, Attribution, record.attribution_id)
    if isinstance(record, Draft):
        require(writer, Source, record.source_id)
    hanging = [one for one in hanging_on(writer, record, withdrawn=True) if one.removed_at == record.removed_at]
    along = list(dict.fromkeys([*_spoken_of(writer, record, [record, *hanging]), *hanging]))
    for one in (record, *along):
        writer.put(replace(one, removed_at=None, **({"merged_into": None} if isinstance(one, Claim) else {})))
    return (record, *along)


def _spoken_of(reader: Reader, record: Record, restored: Iterable[Record]) -> Iterator[Record]:
    """Yield the parties, with their names, and the sources that went with a record that comes back, as attributions speak of them.

    Raises `NotFoundError` where one was removed by itself.
    """
    for attribution in (one for one in restored if isinstance(one, Attribution)):
        party = require(reader, Party, attribution.party_id, withdrawn=True)
        source = require(reader, Source, attribution.source_id, withdrawn=True) if attribution.source_id is not None else None
        for one in (party, source):
            if one is None or one.id == record.id or one.removed_at is None:
                continue
            if one.removed_at != record.removed_at:
                require(reader, type(one), one.id)
            yield one
        names = reader.find(Alias, Equals("party_id", party.id), withdrawn=True) if party.removed_at is not None else ()
        yield from (name for name in names if name.removed_at == record.removed_at)


def hanging_on(reader: Reader, record: Record, *, withdrawn: bool = False) -> tuple[Record, ...]:
    """The records that make no sense without this one."""
    match record:
        case Claim():
            attributions = tuple(reader.find(Attribution, Equals("claim_id", record.id), withdrawn=withdrawn))
            links = _links_of(reader, attributions, withdrawn=withdrawn)
            verdicts = tuple(reader.find(Verdict, Equals("claim_id", record.id), withdrawn=withdrawn))
            sides: Condition = AnyOf((Equals("claim_id", record.id), Equals("other_claim_id", record.id)))
            return (*attributions, *links, *verdicts, *reader.find(Relation, sides, withdrawn=withdrawn))
        case Attribution():
            return _links_of(reader, (record,), withdrawn=withdrawn)
        case Source():
            attributions = tuple(reader.find(Attribution, Equals("source_id", record.id), withdrawn=withdrawn))
            found_there: Condition = Equals("source_id", record.id)
            drafts = tuple(reader.find(Draft, found_there, withdrawn=withdrawn))
            return (*attributions, *reader.find(Link, found_there, withdrawn=withdrawn), *drafts)
        case Party():
            return tuple(reader.find(Attribution, Equals("party_id", record.id), withdrawn=withdrawn))
        case _:
            return ()


def _links_of(reader: Reader, attributions: tuple[Attribution, ...], *, withdrawn: bool) -> tuple[Link, ...]:
    ids = tuple(attribution.id for attribution in attributions)
    return tuple(reader.find(Link, OneOf("attribution_id", ids), withdrawn=withdrawn)) if ids else ()
