"""Values of JSON-LD in the forms that people write them in: bare, in a list, as ``@value`` or ``@id``, under a name with a prefix.

No context is ever loaded: a name counts as schema.org's with or without that site before it. Nothing here trusts a value's type.
"""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Any, TypeAlias

from claimreg.corpus.jsonl import TOO_DEEP
from claimreg.errors import InputError

if TYPE_CHECKING:
    from collections.abc import Iterator

Node: TypeAlias = "dict[str, Any]"
"""An object of JSON-LD, its names without prefixes."""

_PREFIX = re.compile(r"(?:https?://(?:www\.)?schema\.org/|schema:)(?=.)", re.IGNORECASE)
_ABSOLUTE = re.compile(r"https?://[^\s/?#]", re.IGNORECASE)
_LONGEST_ADDRESS = 8_192
_WINDOWS = {sign: byte for byte in range(0x80, 0xA0) if (sign := bytes([byte]).decode("cp1252", "ignore"))}
"""Signs that Windows' Western has where Latin-1 has none, and their bytes; five bytes have no sign there."""

_LAST_OF_LATIN = 0xFF


def loaded(text: str) -> Any:  # noqa: ANN401 -- any value may stand there
    """The value of a JSON text, whose texts may have raw line breaks; raises `InputError`, half a sentence, for what is none."""
    try:
        return json.loads(text, strict=False)
    except RecursionError:
        raise InputError(TOO_DEEP) from None
    except ValueError:
        raise InputError("it is no JSON") from None


def bare(name: str) -> str:
    """The name without the vocabulary's address or prefix."""
    return _PREFIX.sub("", name, count=1)


def node_of(value: object) -> Node:
    """An object with bare names, the first one of a list; an empty one for anything else."""
    if value is None or isinstance(value, str):
        return {}
    found = next((one for one in every(value) if isinstance(one, dict)), None)
    if found is None:
        return {}
    return {bare(name): one for name, one in found.items()} if ":" in "".join(found) else found


def every(value: object) -> list[Any]:
    """The values of a list or a set of JSON-LD; a value by itself is a list of one, ``null`` an empty one."""
    if value is None:
        return []
    if isinstance(value, str):
        return [value]
    if isinstance(value, dict) and len(value) == 1:
        value = value.get("@list", value.get("@set", value))
    return [one for one in value if one is not None] if isinstance(value, list) else [value]


def types_of(node: object) -> frozenset[str]:
    """The types of an object, bare and in small letters."""
    if not isinstance(node, dict):
        return frozenset()
    return frozenset(bare(one).lower() for one in every(node.get("@type")) if isinstance(one, str))


def texts_of(value: object) -> Iterator[str]:
    """Yield the texts of a value; a number is the text that it is written as."""
    for one in every(value):
        inner = one.get("@value") if isinstance(one, dict) else one
        if isinstance(inner, str):
            yield inner
        elif isinstance(inner, int | float) and not isinstance(inner, bool):
            yield json.dumps(inner) if isinstance(inner, float) or abs(inner) < 2**53 else "…"


def text_of(value: object) -> str | None:
    """The first text of a value that is not empty; ``None`` where there is none."""
    if value is None or isinstance(value, str):
        return value if value and not value.isspace() else None
    return next((one for one in texts_of(value) if one.strip()), None)


def names_of(value: object) -> list[str]:
    """The names of who or what stands there, the first of each."""
    named = (text_of(node_of(one).get("name")) if isinstance(one, dict) and "@value" not in one else text_of(one) for one in every(value))
    return list(dict.fromkeys(one for one in named if one is not None))


def addresses_of(value: object) -> list[str]:
    """The addresses of a value: texts, ``@id``, or the ``url`` of an object."""
    found: list[str] = []
    for one in every(value):
        if isinstance(one, dict) and "@value" not in one:
            node = node_of(one)
            found += list(texts_of(node.get("url"))) or list(texts_of(node.get("@id")))
        else:
            found += texts_of(one)
    return [one.strip() for one in dict.fromkeys(found) if one.strip()]


def is_address(text: str) -> bool:
    """Return whether a text is an address of the web with its host, in letters that can be shown."""
    return len(text) <= _LONGEST_ADDRESS and _ABSOLUTE.match(text) is not None and text.isprintable()


def mended(text: str) -> str | None:
    """The text whose UTF-8 was read as Latin-1 or Windows' Western; ``None`` unless all of it is such."""
    if text.isascii():
        return None
    found = bytearray()
    for character in text:
        byte = _WINDOWS.get(character, ord(character))
        if byte > _LAST_OF_LATIN:
            return None
        found.append(byte)
    try:
        return found.decode("utf-8")
    except UnicodeDecodeError:
        return None
