"""Records and events as documents and back: JSON objects with only str, int, float, bool, None, lists and objects.

Fields that a document lacks take their default, so that older registries stay readable. Fields that are not known here, and words
that are none of the fixed ones, are kept as they are and written again as they were read.
"""

from __future__ import annotations

import json
from enum import StrEnum
from typing import TYPE_CHECKING, Any

from claimreg.model import (
    EVENT_FIELDS,
    RECORD_TYPES,
    Document,
    Draft,
    DraftState,
    Event,
    Flag,
    Link,
    LinkKind,
    LinkState,
    Looked,
    Mention,
    Record,
    RecordT,
    Relation,
    RelationKind,
    Span,
    Stance,
    WordChange,
    WordEdit,
)
from claimreg.vocabulary import Act, Mode, NoSpeaker, SpeechFlag, UnknownWord

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

_BEYOND = "beyond"
OPTIONAL_EVENT_FIELDS = frozenset(("group", "salt"))
"""The fields that events of older registries lack."""


class DamagedRecordError(ValueError):
    """A document is none of a record or of an event: a field is missing, or its value is of another kind."""


def to_document(record: Record) -> Document:
    """The record as a JSON object; tuples become lists, enumerations their values."""
    document: Document = dict(vars(record))
    for name in _RICH_FIELDS[type(record)]:
        document[name] = _plain(document[name])
    for name, text in document.pop(_BEYOND):
        document[name] = json.loads(text)
    return document


def from_document(record_type: type[RecordT], document: Mapping[str, Any]) -> RecordT:
    """Read a record back from its JSON object; raises `DamagedRecordError`."""
    values: Document = dict(document)
    try:
        for name, decode in _RICH_DECODERS[record_type]:
            value = values.get(name)
            if value is not None:
                values[name] = decode(value)
        if not values.keys() <= _KNOWN_FIELDS[record_type]:
            unknown = [name for name in document if name not in _KNOWN_FIELDS[record_type]]
            values[_BEYOND] = tuple((name, json.dumps(document[name])) for name in unknown)
            for name in unknown:
                if name != _BEYOND:
                    del values[name]
        return record_type.of(values)
    except (TypeError, ValueError, KeyError, IndexError, AttributeError) as error:
        raise DamagedRecordError(f"no {record_type.NOUN} has such a document: {error}") from error


def event_from_document(document: Mapping[str, Any]) -> Event:
    """Read an event back from its JSON object; raises `DamagedRecordError`."""
    try:
        return Event(**{name: document[name] for name in EVENT_FIELDS if name in document or name not in OPTIONAL_EVENT_FIELDS})
    except (TypeError, KeyError) as error:
        raise DamagedRecordError(f"no event has such a document: {error}") from error


def unknown_fields(record_type: type[Record], document: Mapping[str, Any]) -> list[str]:
    """The fields of a document that no record of this type has."""
    return sorted(document.keys() - _KNOWN_FIELDS[record_type])


def _by_value(values: type[StrEnum]) -> Callable[[str], Any]:
    """A fixed word by its value, looked up: calling the class takes several times as long; another word as `UnknownWord`."""
    known: dict[str, str] = {value.value: value for value in values}

    def word(value: str) -> Any:  # noqa: ANN401 -- a fixed word, or one that is unknown
        if value in known:
            return known[value]
        if not isinstance(value, str):
            raise TypeError(f"{type(value).__name__} is no word")
        return UnknownWord(value)

    return word


def _by_values(values: type[StrEnum]) -> Callable[[Iterable[str]], tuple[Any, ...]]:
    """The fixed words of a list, as `_by_value` gives each."""
    word = _by_value(values)
    return lambda listed: tuple(map(word, listed))


_WORD_CHANGES = _by_value(WordChange)
_DECODERS: dict[str, Any] = {
    "stance": _by_value(Stance),
    "mode": _by_value(Mode),
    "act": _by_value(Act),
    "no_speaker": _by_value(NoSpeaker),
    "speaker": lambda mention: Mention(**mention),
    "cue": lambda mention: Mention(**mention),
    "tags": tuple,
    "headers": lambda headers: tuple((name, value) for name, value in headers),
    "parts": lambda spans: tuple(Span(*span) for span in spans),
    "words": lambda words: tuple(WordEdit(_WORD_CHANGES(word[0]), Span(*word[1]), Span(*word[2])) for word in words),
    "not_judged": tuple,
    "looked": lambda looked: Looked(**{**looked, "inside": tuple(looked.get("inside", ()))}),
}
_OWN_DECODERS: dict[type[Record], dict[str, Any]] = {
    Link: {"kind": _by_value(LinkKind), "state": _by_value(LinkState), "flags": _by_values(Flag)},
    Relation: {"kind": _by_value(RelationKind)},
    Draft: {"state": _by_value(DraftState), "flags": _by_values(SpeechFlag)},
}
"""Decoders of fields whose words are another set in each type of record."""


def _decoder(record_type: type[Record], name: str) -> Any:  # noqa: ANN401 -- a callable or nothing, by the field's type
    return _OWN_DECODERS.get(record_type, {}).get(name) or _DECODERS.get(name)


_KNOWN_FIELDS: dict[type[Record], frozenset[str]] = {one: frozenset(one.FIELDS) - {_BEYOND} for one in RECORD_TYPES}
_RICH_DECODERS: dict[type[Record], tuple[tuple[str, Any], ...]] = {
    one: tuple((name, decode) for name in one.FIELDS if name != _BEYOND and (decode := _decoder(one, name)) is not None)
    for one in RECORD_TYPES
}
"""Decoders of the fields that are no plain JSON; all others are kept as they are read."""

_RICH_FIELDS: dict[type[Record], tuple[str, ...]] = {one: tuple(name for name, _decode in rich) for one, rich in _RICH_DECODERS.items()}


def _plain(value: Any) -> Any:  # noqa: ANN401 -- a document's values are whatever JSON allows
    if isinstance(value, Looked | Mention):
        return {name: _plain(one) for name, one in value._asdict().items()}
    if isinstance(value, tuple):
        return [_plain(item) for item in value]
    if isinstance(value, StrEnum | UnknownWord):
        return value.value
    return value
