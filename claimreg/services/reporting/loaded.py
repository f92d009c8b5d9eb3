"""A registry's records held in memory, for work that asks for nearly all of them: one pass over each table instead of many look-ups."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, cast

from claimreg.model import Record, RecordT, record_number
from claimreg.services.ahead import HoldingReader
from claimreg.store.port import EVERYTHING, AnyOf, Condition, Equals, OneOf, Reader

if TYPE_CHECKING:
    from collections.abc import Iterator


class LoadedReader(HoldingReader):
    """Reader that reads each type of record once, when it is first asked for."""

    def __init__(self, reader: Reader) -> None:
        super().__init__(reader)
        self._records: dict[type[Record], dict[str, Record]] = {}
        self._indexes: dict[tuple[type[Record], str], dict[Any, list[Record]]] = {}

    def get(self, record_type: type[RecordT], record_id: str) -> RecordT | None:
        """See `claimreg.store.port.Reader.get`."""
        return cast("RecordT | None", self._all(record_type).get(record_id))

    def ids(self, record_type: type[RecordT]) -> Iterator[str]:
        """See `claimreg.store.port.Reader.ids`."""
        return iter(self._all(record_type))

    def _all(self, record_type: type[Record]) -> dict[str, Record]:
        if record_type not in self._records:
            self._records[record_type] = {record.id: record for record in self._reader.find(record_type, withdrawn=True)}
        return self._records[record_type]

    def _matching(self, record_type: type[Record], condition: Condition) -> list[Record] | None:
        match condition:
            case Equals(field, value):
                return self._index(record_type, field).get(value, [])
            case OneOf(field, values):
                return self._in_order([one for value in values for one in self._index(record_type, field).get(value, ())])
            case AnyOf(conditions) if all(isinstance(one, Equals) for one in conditions):
                return self._in_order([record for one in conditions for record in self._matching(record_type, one) or ()])
            case _:
                return list(self._all(record_type).values()) if condition == EVERYTHING else None

    def _in_order(self, records: list[Record]) -> list[Record]:
        return sorted({record.id: record for record in records}.values(), key=lambda record: record_number(record.id))

    def _index(self, record_type: type[Record], field: str) -> dict[Any, list[Record]]:
        key = (record_type, field)
        if key not in self._indexes:
            index: dict[Any, list[Record]] = {}
            for record in self._all(record_type).values():
                index.setdefault(getattr(record, field), []).append(record)
            self._indexes[key] = index
        return self._indexes[key]
