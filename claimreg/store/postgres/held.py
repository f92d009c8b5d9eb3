"""Records that a transaction put and did not send yet, found as the server will find them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from claimreg.model import record_number
from claimreg.store.indexed import INDEXED
from claimreg.store.port import AllOf, AnyOf, Condition, Equals, OneOf, Wanted

if TYPE_CHECKING:
    from collections.abc import Iterable

    from claimreg.model import Document, Record


class HeldRecords:
    """Documents with their texts, by record type and number; an index is made of a field when it is first asked for."""

    def __init__(self) -> None:
        self._texts: dict[type[Record], dict[int, str]] = {}
        self._documents: dict[type[Record], dict[int, Document]] = {}
        self._numbers: dict[tuple[type[Record], str], dict[object, set[int]]] = {}

    def put(self, record_type: type[Record], number: int, document: Document, text: str) -> None:
        """Hold a document, in place of the one of its number."""
        documents = self._documents.setdefault(record_type, {})
        earlier = documents.get(number)
        for field in INDEXED[record_type]:
            index = self._numbers.get((record_type, field))
            if index is not None:
                if earlier is not None:
                    index[earlier[field]].discard(number)
                index.setdefault(document[field], set()).add(number)
        documents[number] = document
        self._texts.setdefault(record_type, {})[number] = text

    def text(self, record_type: type[Record], number: int) -> str | None:
        """The text of a document; ``None`` where it is not held."""
        return self._texts.get(record_type, {}).get(number)

    def found(self, record_type: type[Record], condition: Condition) -> dict[int, str]:
        """The texts of the documents that may pass a condition, by number."""
        texts = self._texts.get(record_type)
        if not texts:
            return {}
        numbers = self._narrowed(record_type, condition)
        return {number: texts[number] for number in (sorted(texts) if numbers is None else sorted(numbers))}

    def wanted(self, wanted: Wanted) -> dict[int, str]:
        """The texts of the documents that a wish is for, by number."""
        record_type, field, values = wanted
        if field == "id":
            texts = self._texts.get(record_type, {})
            return {number: texts[number] for number in map(record_number, values) if number in texts}
        documents = self._documents.get(record_type, {})
        return {
            number: text for number, text in self.found(record_type, OneOf(field, values)).items() if documents[number][field] in values
        }

    def texts(self) -> Iterable[tuple[type[Record], int, str]]:
        """All that is held."""
        return ((record_type, number, text) for record_type, texts in self._texts.items() for number, text in texts.items())

    def clear(self) -> None:
        """Hold nothing."""
        self._texts.clear()
        self._documents.clear()
        self._numbers.clear()

    def _narrowed(self, record_type: type[Record], condition: Condition) -> set[int] | None:
        """The numbers of the documents that pass as far as an index tells; ``None`` where none does."""
        match condition:
            case Equals(field, value) if field in INDEXED[record_type]:
                return self._index(record_type, field).get(value, set())
            case OneOf(field, values) if field in INDEXED[record_type]:
                index = self._index(record_type, field)
                return set().union(*(index.get(value, ()) for value in values))
            case AllOf(conditions):
                return next((found for one in conditions if (found := self._narrowed(record_type, one)) is not None), None)
            case AnyOf(conditions):
                choices = [self._narrowed(record_type, one) for one in conditions]
                return None if any(one is None for one in choices) else set().union(*(one for one in choices if one is not None))
            case _:
                return None

    def _index(self, record_type: type[Record], field: str) -> dict[object, set[int]]:
        if (record_type, field) not in self._numbers:
            index = self._numbers[record_type, field] = {}
            for number, document in self._documents[record_type].items():
                index.setdefault(document[field], set()).add(number)
        return self._numbers[record_type, field]
