"""Finding records by what a person types."""

from __future__ import annotations

from itertools import chain, islice
from typing import TYPE_CHECKING

from claimreg.errors import NotFoundError
from claimreg.model import RECORD_TYPES, Claim, Record, RecordT, record_type_of
from claimreg.services.nearest import not_there
from claimreg.store.port import Condition, Contains, Equals, Reader, Wanted

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

_AT_ONCE = 500


def require(reader: Reader, record_type: type[RecordT], record_id: str, *, withdrawn: bool = False) -> RecordT:
    """The record with this id; raises `NotFoundError` when there is none, or it was removed and ``withdrawn`` is not asked for."""
    identifier = record_id.strip().upper()
    if record_type_of(identifier) is not record_type:
        raise NotFoundError(f"There is no {record_type.NOUN} “{record_id}”; its id looks like {record_type.PREFIX}1.")
    record = reader.get(record_type, identifier)
    if record is None:
        raise NotFoundError(f"There is no {record_type.NOUN} {identifier}.")
    if record.removed_at is not None and not withdrawn:
        if isinstance(record, Claim) and record.merged_into is not None:
            kept = canonical_claim(reader, record)
            raise NotFoundError(f"The claim {identifier} was merged into {kept.id} on {record.removed_at[:10]}; `claimreg show {kept.id}`.")
        raise NotFoundError(
            f"The {record_type.NOUN} {identifier} was removed on {record.removed_at[:10]}; "
            f"`claimreg history {identifier}` tells of it, `claimreg edit {identifier} --restore` brings it back."
        )
    return record


def read_by_id(reader: Reader, record_type: type[RecordT], record_ids: Iterable[str]) -> dict[str, RecordT]:
    """The records of these ids, withdrawn ones too, by their ids; those that are not there are left out. Many are read at once."""
    found: dict[str, RecordT] = {}
    rest = iter(dict.fromkeys(record_ids))
    while ids := tuple(islice(rest, _AT_ONCE)):
        (records,) = reader.gather(Wanted(record_type, "id", ids))
        found.update((one.id, one) for one in records if isinstance(one, record_type))
    return found


def require_any(reader: Reader, record_id: str, *, withdrawn: bool = False) -> Record:
    """The record of whatever type that an id names."""
    record_type = record_type_of(record_id.strip())
    if record_type is None:
        known = ", ".join(f"{one.PREFIX}1 ({one.NOUN})" for one in RECORD_TYPES)
        raise NotFoundError(f"“{record_id}” is no id; ids look like {known}.")
    return require(reader, record_type, record_id, withdrawn=withdrawn)


def canonical_claim(reader: Reader, claim: Claim) -> Claim:
    """The claim that a merged one now is, itself perhaps removed."""
    seen = {claim.id}
    while claim.merged_into is not None and claim.merged_into not in seen:
        claim = require(reader, Claim, claim.merged_into, withdrawn=True)
        seen.add(claim.id)
    return claim


def claims_of_case(reader: Reader, case: str) -> Iterator[Claim]:
    """The claims of a case; raises `NotFoundError` where no claim is of one of that name."""
    return _some(reader, Equals("case_key", case_key(case)), lambda: _no_case(reader, case))


def require_case(reader: Reader, case: str) -> str:
    """A case's name as it is looked up by; raises `NotFoundError` where no claim is of one of that name."""
    claims_of_case(reader, case)
    return case_key(case)


def require_tag(reader: Reader, tag: str) -> str:
    """A tag; raises `NotFoundError` where no claim has it."""
    _some(reader, Contains("tags", tag), lambda: _no_tag(reader, tag))
    return tag


def _some(reader: Reader, condition: Condition, error: Callable[[], NotFoundError]) -> Iterator[Claim]:
    """The claims that pass, of which there must be one."""
    found = reader.find(Claim, condition)
    first = next(found, None)
    if first is None:
        raise error()
    return chain((first,), found)


def _no_case(reader: Reader, case: str) -> NotFoundError:
    cases = {claim.case for claim in reader.find(Claim) if claim.case}
    return not_there("case", case, cases, "`claimreg case list` shows them all" if cases else "no claim is of a case yet")


def _no_tag(reader: Reader, tag: str) -> NotFoundError:
    tags = {tag for claim in reader.find(Claim) for tag in claim.tags}
    return not_there("tag", tag, tags, "`claimreg tag list` shows them all" if tags else "no claim has a tag yet")


def case_key(case: str) -> str:
    """A case's name as it is looked up by: letter case and white space around it do not matter."""
    return case.strip().casefold()
