"""Part of a TinyDB query that SQLite can test by itself, so that only documents that may match are read.

It reads the hash that TinyDB builds for each query; a query of a shape not known here is simply not narrowed.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, TypeAlias

if TYPE_CHECKING:
    from tinydb.queries import QueryLike

SQLCondition: TypeAlias = tuple[str, tuple[Any, ...]]

_RANGES = {"<": "<", "<=": "<=", ">": ">", ">=": ">="}


def narrow(cond: QueryLike) -> SQLCondition | None:
    """Return the part of a query that SQLite can test: an expression true of every matching document, or ``None``."""
    return _narrow_tree(getattr(cond, "_hash", None))


def _narrow_tree(tree: Any) -> SQLCondition | None:  # noqa: PLR0911 -- the shape of TinyDB's query hashes
    if not isinstance(tree, tuple) or not tree:
        return None
    operator = tree[0]
    if operator in ("and", "or") and isinstance(tree[1], frozenset):
        return _narrow_pair(operator, tree[1])
    if len(tree) != 3 or not _is_field(tree[1]):  # noqa: PLR2004 -- (operator, path, value)
        return None
    expression, value = field_expression(tree[1][0]), tree[2]
    if operator == "==":
        return _narrow_equal(expression, value)
    if operator == "one_of" and isinstance(value, tuple | frozenset) and value and all(_is_text(one) for one in value):
        return f"{expression} IN ({', '.join('?' * len(value))})", tuple(value)
    if operator in _RANGES and _is_text(value):
        return f"{expression} {_RANGES[operator]} ?", (value,)
    return None


def _narrow_equal(expression: str, value: Any) -> SQLCondition | None:
    if value is None:
        return f"{expression} IS NULL", ()
    if _is_text(value) or (isinstance(value, int) and abs(value) < 2**53):
        return f"{expression} = ?", (value,)
    return None


def _narrow_pair(operator: str, sides: frozenset[Any]) -> SQLCondition | None:
    narrowed = [_narrow_tree(side) for side in sides]
    known = [one for one in narrowed if one is not None]
    if not known or (operator == "or" and len(known) < len(narrowed)):
        return None
    expression = f" {operator.upper()} ".join(f"({one[0]})" for one in known)
    return expression, tuple(value for one in known for value in one[1])


def _is_field(path: Any) -> bool:
    return isinstance(path, tuple) and len(path) == 1 and isinstance(path[0], str) and path[0].isidentifier()


def _is_text(value: object) -> bool:
    # SQLite compares text up to a NUL only in places; such values are left to the Query.
    return isinstance(value, str) and "\0" not in value


def field_expression(field: str) -> str:
    """The SQL expression of a top-level field; an index on the very same expression serves it."""
    return f"json_extract(doc, '$.{field}')"
