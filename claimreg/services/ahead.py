"""Reading ahead: what the views of many claims need, in a few queries for all of them instead of a dozen for each."""

from __future__ import annotations

from abc import ABC, abstractmethod
from itertools import islice
from typing import TYPE_CHECKING, Any, cast

from claimreg.model import Attribution, Capture, Claim, Link, Party, Record, RecordT, Relation, Source, Verdict, record_number
from claimreg.store.port import EVERYTHING, AnyOf, Condition, Equals, OneOf, Reader, Wanted

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

_BRIEF = ((Attribution, "claim_id"), (Verdict, "claim_id"))
_HANGING = (*_BRIEF, (Relation, "claim_id"), (Relation, "other_claim_id"))

_NOTHING: dict[Any, list[Record]] = {}

_AT_FIRST = 25
_AT_ONCE = 500
"""Claims that are read at once; fewer at first, as often no more are wanted."""


class HoldingReader(ABC):
    """Reader that answers from what it holds, and asks another one for the rest; for a snapshot, and not for long.

    What is changed meanwhile by others' hands is not seen.
    """

    def __init__(self, reader: Reader) -> None:
        self._reader = reader
        self.stored, self.history, self.head, self.blob = reader.stored, reader.history, reader.head, reader.blob
        self.sees_withheld = reader.sees_withheld
        self.event_hash = reader.event_hash

    def find(
        self, record_type: type[RecordT], condition: Condition = EVERYTHING, *, withdrawn: bool = False, newest_first: bool = False
    ) -> Iterator[RecordT]:
        """See `claimreg.store.port.Reader.find`."""
        found = self._matching(record_type, condition)
        if found is None:
            return self._reader.find(record_type, condition, withdrawn=withdrawn, newest_first=newest_first)
        if not withdrawn:
            found = [record for record in found if record.removed_at is None]
        return cast("Iterator[RecordT]", reversed(found) if newest_first else iter(found))

    def gather(self, *wanted: Wanted) -> list[list[Record]]:
        """See `claimreg.store.port.Reader.gather`."""
        return [
            [record for one in sorted(set(values), key=record_number) if (record := self.get(record_type, one)) is not None]
            if field == "id"
            else list(self.find(record_type, OneOf(field, values), withdrawn=True))
            for record_type, field, values in wanted
        ]

    @abstractmethod
    def get(self, record_type: type[RecordT], record_id: str) -> RecordT | None:
        """See `claimreg.store.port.Reader.get`."""

    @abstractmethod
    def _matching(self, record_type: type[Record], condition: Condition) -> list[Record] | None:
        """The records that pass, in their order; ``None`` where they are not held."""


class ReaderAhead(HoldingReader):
    """Reader that has what hangs on some claims already, in ``brief`` what lists show of it, and keeps what it is asked for by id.

    ``attributions`` are others, without their claims, of which it has the same.
    """

    def __init__(self, reader: Reader, claims: Sequence[Claim], attributions: Sequence[Attribution] = (), *, brief: bool = False) -> None:
        super().__init__(reader)
        self.ids = reader.ids
        self._hanging: dict[tuple[type[Record], str], dict[Any, list[Record]]] = {}
        self._got: dict[tuple[type[Record], str], Record | None] = {(Claim, claim.id): claim for claim in claims}
        self._take(*((record_type, field, self._got_ids(Claim)) for record_type, field in (_BRIEF if brief else _HANGING)))
        attributions = [*attributions, *cast("list[Attribution]", self._taken(Attribution, "claim_id"))]
        named: list[tuple[type[Record], str, Iterable[str]]] = [(Party, "id", [one.party_id for one in attributions])]
        if not brief:
            relations = cast("list[Relation]", [*self._taken(Relation, "claim_id"), *self._taken(Relation, "other_claim_id")])
            named.append((Claim, "id", [end for one in relations for end in (one.claim_id, one.other_claim_id)]))
            named.append((Source, "id", [one.source_id for one in attributions if one.source_id is not None]))
        self._take((Link, "attribution_id", [one.id for one in attributions]), *named)
        sources = [link.source_id for link in cast("list[Link]", self._taken(Link, "attribution_id"))]
        self._take((Source, "id", sources), *([] if brief else [(Capture, "source_id", sources)]))

    def get(self, record_type: type[RecordT], record_id: str) -> RecordT | None:
        """See `claimreg.store.port.Reader.get`."""
        key = (record_type, record_id)
        if key not in self._got:
            self._got[key] = self._reader.get(record_type, record_id)
        return cast("RecordT | None", self._got[key])

    def _take(self, *asked: tuple[type[Record], str, Iterable[str]]) -> None:
        """Read the records whose fields have these values, all at once; those read by id already are left out."""
        wanted = [
            Wanted(record_type, field, tuple(one for one in dict.fromkeys(values) if field != "id" or (record_type, one) not in self._got))
            for record_type, field, values in asked
        ]
        found = self._reader.gather(*wanted) if any(one.values for one in wanted) else [[] for _ in wanted]
        for (record_type, field, values), records in zip(wanted, found, strict=True):
            if field == "id":
                self._got.update({(record_type, value): None for value in values} | {(record_type, one.id): one for one in records})
                continue
            taken: dict[Any, list[Record]] = {value: [] for value in values}
            for record in records:
                taken[getattr(record, field)].append(record)
            self._hanging[record_type, field] = taken

    def _got_ids(self, record_type: type[Record]) -> list[str]:
        return [record_id for kind, record_id in self._got if kind is record_type]

    def _taken(self, record_type: type[Record], field: str) -> list[Record]:
        return [record for records in self._hanging[record_type, field].values() for record in records]

    def _matching(self, record_type: type[Record], condition: Condition) -> list[Record] | None:
        if isinstance(condition, Equals):
            return self._hanging.get((record_type, condition.field), _NOTHING).get(condition.value)
        if not isinstance(condition, AnyOf):
            return None
        sides = [self._matching(record_type, one) for one in condition.conditions]
        if any(side is None for side in sides):
            return None
        found = {record.id: record for side in sides for record in side or ()}
        return sorted(found.values(), key=lambda record: record_number(record.id)) if len(found) > 1 else list(found.values())


def read_ahead(reader: Reader, claims: Iterable[Claim], *, brief: bool = False) -> Iterator[tuple[Claim, Reader]]:
    """Yield each claim with a reader that has what hangs on it; so many are read at once that memory stays small.

    A ``brief`` one has no more than lists show, and asks the other reader for the rest.
    """
    rest, at_once = iter(claims), _AT_FIRST
    while some := list(islice(rest, at_once)):
        ahead = ReaderAhead(reader, some, brief=brief)
        yield from ((claim, ahead) for claim in some)
        at_once = _AT_ONCE
