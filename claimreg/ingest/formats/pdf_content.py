"""The operators of a PDF's content stream with their operands (ISO 32000-2, 7.2, 7.3 and 7.8).

pypdf reads them, too, but in several times the time, which is most of what a page takes.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterator

_TOKEN = re.compile(
    rb"(?P<number>[+-]?(?:\d+\.?\d*|\.\d+)(?=[\0\t\n\f\r ()<>\[\]{}/%]|$))"
    rb"|(?P<word>[^\0\t\n\f\r ()<>\[\]{}/%]+)"
    rb"|/(?P<name>[^\0\t\n\f\r ()<>\[\]{}/%]*)"
    rb"|<(?P<hex>[0-9A-Fa-f\0\t\n\f\r ]*)>"
    rb"|\((?P<string>(?:[^()\\]++|\\.)*+)\)"
    rb"|(?P<nested>\()"
    rb"|(?P<bracket><<|>>|[\[\]])"
    rb"|(?P<comment>%[^\r\n]*)",
    re.DOTALL,
)
_PARENTHESIS = re.compile(rb"[()]|\\.", re.DOTALL)
_ESCAPE = re.compile(rb"\\(?:([0-7]{1,3})|(\r\n|.))", re.DOTALL)
_ESCAPED = {b"n": b"\n", b"r": b"\r", b"t": b"\t", b"b": b"\b", b"f": b"\f", b"\n": b"", b"\r": b"", b"\r\n": b""}
_HEX_NAME = re.compile(rb"#([0-9A-Fa-f]{2})")
_NO_HEX = re.compile(rb"[\0\t\n\f\r ]")
_IMAGE_END = re.compile(rb"[\0\t\n\f\r ]EI(?=[\0\t\n\f\r ][\t\n\r -~]{0,12}(?:[\t\n\r -~]|$)|[\0\t\n\f\r ]?$)", re.DOTALL)
_VALUES: dict[bytes, bool | None] = {b"true": True, b"false": False, b"null": None}
_NUMBER_SIGNS = b"+-.0123456789"
_MOST_OPERANDS = 100_000
_DEEPEST = 50


def operations(content: bytes) -> Iterator[tuple[bytes, list[Any]]]:
    """Each operator and its operands: numbers, names with their stroke, strings as bytes, lists, dictionaries."""
    operands: list[Any] = []
    outer: list[list[Any]] = []
    at = count = 0
    while (found := _TOKEN.search(content, at)) is not None:
        at = found.end()
        kind, token = found.lastgroup, found[found.lastgroup or 0]
        if kind == "word" and token not in _VALUES and token[0] not in _NUMBER_SIGNS:
            if token == b"ID":
                end = _IMAGE_END.search(content, at)
                at = end.end() if end else len(content)
            else:
                yield token, [*outer[0], operands] if outer else operands  # a list that was not closed ends here
            operands, outer, count = [], [], 0
            continue
        count += 1
        if kind == "bracket":
            operands = _bracket(token, operands, outer, full=count > _MOST_OPERANDS)
        elif kind == "nested":
            value, at = _nested(content, at)
            operands.append(value)
        elif kind != "comment" and count <= _MOST_OPERANDS:
            operands.append(_value(kind, token))


def _bracket(token: bytes, operands: list[Any], outer: list[list[Any]], *, full: bool) -> list[Any]:
    """Begin or end a list or a dictionary; return what the next operands go to."""
    if token in {b"[", b"<<"}:
        if full or len(outer) >= _DEEPEST:
            return operands
        outer.append(operands)
        return []
    if not outer:
        return operands
    into = outer.pop()
    into.append(operands if token == b"]" else _dictionary(operands))
    return into


def _dictionary(values: list[Any]) -> dict[str, Any]:
    return {key: value for key, value in zip(values[::2], values[1::2], strict=False) if isinstance(key, str)}


def _value(kind: str | None, token: bytes) -> Any:  # noqa: ANN401 -- a number, a name, a string, a truth value
    match kind:
        case "number":
            return float(token)
        case "name":
            plain = _HEX_NAME.sub(lambda found: bytes((int(found[1], 16),)), token) if b"#" in token else token
            return "/" + plain.decode("utf-8", "replace")
        case "hex":
            digits = _NO_HEX.sub(b"", token)
            return bytes.fromhex((digits + b"0" * (len(digits) % 2)).decode("ascii"))
        case "string":
            return _ESCAPE.sub(_unescaped, token) if b"\\" in token else token
        case _:
            return _VALUES.get(token, 0.0)  # what looks like a number and is none counts as nothing


def _nested(content: bytes, start: int) -> tuple[bytes, int]:
    """A string with parentheses in it, and where it ends."""
    depth = 1
    for found in _PARENTHESIS.finditer(content, start):
        depth += {b"(": 1, b")": -1}.get(found[0], 0)
        if not depth:
            return _ESCAPE.sub(_unescaped, content[start : found.start()]), found.end()
    return b"", len(content)


def _unescaped(found: re.Match[bytes]) -> bytes:
    if found[1]:
        return bytes((int(found[1], 8) & 0xFF,))
    return _ESCAPED.get(found[2], found[2])
