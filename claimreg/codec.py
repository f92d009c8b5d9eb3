"""Records as documents and back: JSON objects with only str, int, float, bool, None, lists and objects.

Fields that a document has beyond the ones known here are ignored, fields it lacks take their default, so that older registries
stay readable.
"""

from __future__ import annotations

from enum import StrEnum
from typing import TYPE_CHECKING, Any

from claimreg.model import (
    RECORD_TYPES,
    Document,
    Flag,
    Link,
    LinkKind,
    LinkState,
    Record,
    RecordT,
    RelationKind,
    Span,
    Stance,
    WordChange,
    WordEdit,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping


def _by_value(values: type[StrEnum]) -> Callable[[str], StrEnum]:
    """The value with a name, looked up: calling the class takes several times as long. Raises `KeyError` for a strange one."""
    return {value.value: value for value in values}.__getitem__


_WORD_CHANGES = {value.value: value for value in WordChange}
_LINK_KINDS, _RELATION_KINDS = _by_value(LinkKind), _by_value(RelationKind)
_DECODERS: dict[str, Any] = {
    "stance": _by_value(Stance),
    "state": _by_value(LinkState),
    "tags": tuple,
    "headers": lambda headers: tuple((name, value) for name, value in headers),
    "parts": lambda spans: tuple(Span(*span) for span in spans),
    "flags": lambda flags: tuple(Flag(flag) for flag in flags),
    "words": lambda words: tuple(WordEdit(_WORD_CHANGES[word[0]], Span(*word[1]), Span(*word[2])) for word in words),
}


def to_document(record: Record) -> Document:
    """The record as a JSON object; tuples become lists, enumerations their values."""
    document: Document = dict(vars(record))
    for name in _RICH_FIELDS[type(record)]:
        document[name] = _plain(document[name])
    return document


def from_document(record_type: type[RecordT], document: Mapping[str, Any]) -> RecordT:
    """Read a record back from its JSON object."""
    values: Document = {}
    for name, decode in _FIELD_DECODERS[record_type]:
        if name in document:
            value = document[name]
            values[name] = value if decode is None or value is None else decode(value)
    return record_type(**values)


def _decoder(record_type: type[Record], name: str) -> Any:  # noqa: ANN401 -- a callable or nothing, by the field's type
    if name == "kind":
        return _LINK_KINDS if record_type is Link else _RELATION_KINDS
    return _DECODERS.get(name)


_FIELD_DECODERS: dict[type[Record], tuple[tuple[str, Any], ...]] = {
    one: tuple((name, _decoder(one, name)) for name in one.FIELDS) for one in RECORD_TYPES
}

_RICH_FIELDS: dict[type[Record], tuple[str, ...]] = {
    one: tuple(name for name, decode in decoders if decode is not None) for one, decoders in _FIELD_DECODERS.items()
}


def _plain(value: Any) -> Any:  # noqa: ANN401 -- a document's values are whatever JSON allows
    if isinstance(value, tuple):
        return [_plain(item) for item in value]
    if isinstance(value, StrEnum):
        return value.value
    return value
