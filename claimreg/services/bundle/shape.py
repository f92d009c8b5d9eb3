"""Whether a record that others wrote has values of the kinds that its fields are made for."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from claimreg.errors import UsageError
from claimreg.model import Flag, LinkKind, LinkState, RelationKind, Span, Stance, WordEdit
from claimreg.services.fields import checked_date

if TYPE_CHECKING:
    from collections.abc import Callable

    from claimreg.model import Record


def _is_text(value: Any) -> bool:  # noqa: ANN401 -- anything may have been read
    return isinstance(value, str)


def _is_count(value: Any) -> bool:  # noqa: ANN401 -- as above
    return type(value) is int and 0 <= value < 2**63


def _is_number(value: Any) -> bool:  # noqa: ANN401 -- as above
    return type(value) in (int, float)


def _is_span(value: Any) -> bool:  # noqa: ANN401 -- as above
    return isinstance(value, Span) and all(map(_is_count, value)) and value.start <= value.end


def _is_edit(value: Any) -> bool:  # noqa: ANN401 -- as above
    return isinstance(value, WordEdit) and _is_span(value.quote) and _is_span(value.source)


def _is_header(value: Any) -> bool:  # noqa: ANN401 -- as above
    return isinstance(value, tuple) and len(value) == 2 and all(map(_is_text, value))  # noqa: PLR2004 -- name and value


_KINDS: dict[str, Callable[[Any], bool]] = {
    "str": _is_text,
    "int": _is_count,
    "bool": lambda value: isinstance(value, bool),
    "float": _is_number,
    "Stance": lambda value: isinstance(value, Stance),
    "LinkKind": lambda value: isinstance(value, LinkKind),
    "LinkState": lambda value: isinstance(value, LinkState),
    "RelationKind": lambda value: isinstance(value, RelationKind),
    "Flag": lambda value: isinstance(value, Flag),
    "Span": _is_span,
    "WordEdit": _is_edit,
    "tuple[str, str]": _is_header,
}


def kind_of_field(record_type: type[Record], name: str) -> str:
    """A field's kind, as its class writes it."""
    annotations = (one.__dict__.get("__annotations__", {}) for one in record_type.__mro__)  # noqa: RUF063 -- written, not resolved
    return str(next(one[name] for one in annotations if name in one))


def misshapen(record: Record) -> str | None:
    """The first field whose value is not of its kind, ``None`` where all are."""
    for name in record.FIELDS:
        value = getattr(record, name)
        if not _fits(kind_of_field(type(record), name), value) or (name.endswith("_at") and value is not None and not _is_date(value)):
            return name
    return None


def _fits(kind: str, value: Any) -> bool:  # noqa: ANN401 -- as above
    if kind.endswith(" | None"):
        return value is None or _fits(kind.removesuffix(" | None"), value)
    if kind.startswith("tuple[") and kind.endswith(", ...]"):
        item = kind.removeprefix("tuple[").removesuffix(", ...]")
        return isinstance(value, tuple) and all(_fits(item, one) for one in value)
    return _KINDS[kind](value)


def _is_date(value: str) -> bool:
    try:
        checked_date(value)
    except UsageError:
        return False
    return True
