"""Ids that files of others give to claims: two spellings of one address are one id."""

from __future__ import annotations

from typing import TYPE_CHECKING
from urllib.parse import unquote

from claimreg.text.addresses import address_key

if TYPE_CHECKING:
    from collections.abc import Iterator

OWN_URNS = "urn:claimreg:"
"""Beginning of the ids that records have in every registry, as formats of JSON-LD have them."""

_SCHEMES = ("https", "http")
_WORLD_WIDE_WEB = "www."


def named_id(outside_id: str, source_name: str | None) -> str:
    """The id as it is kept: under the name of the file's maker, where one is given."""
    return f"{source_name}:{outside_id}" if source_name else outside_id


def id_key(outside_id: str, source_name: str | None = None) -> str:
    """The id as it is compared: of an address its `address_key` without ``www.``, and its fragment, which may name one of several."""
    if "://" not in outside_id:
        return outside_id
    name, address = _taken_apart(outside_id, source_name)
    key, fragment = address_key(address), address.partition("#")[2]
    return f"{name}{_without_www(key)}{'#' if fragment else ''}{fragment}"


def spellings(outside_id: str, source_name: str | None = None) -> Iterator[str]:
    """The spellings under which an id may be kept, the one given first; of an address those of a usual form."""
    yield outside_id
    if "://" not in outside_id:
        return
    name, address = _taken_apart(outside_id, source_name)
    key = address_key(address)
    if not key.startswith("//"):
        return
    fragment = address.partition("#")[2]
    written = address.partition("#")[0].partition("://")[2]
    for place in dict.fromkeys(_without_www(one) for one in (f"//{written}", key, unquote(key))):
        path, question, query = place.removeprefix("//").partition("?")
        for scheme in _SCHEMES:
            for prefix in ("", _WORLD_WIDE_WEB):
                for end in ("", "/"):
                    yield f"{name}{scheme}://{prefix}{path.rstrip('/')}{end}{question}{query}{'#' if fragment else ''}{fragment}"


def _taken_apart(outside_id: str, source_name: str | None) -> tuple[str, str]:
    """The name that leads an id, with its colon, and what follows it."""
    lead = f"{source_name}:" if source_name and outside_id.startswith(f"{source_name}:") else ""
    return lead, outside_id[len(lead) :].strip()


def _without_www(place: str) -> str:
    return f"//{place.removeprefix('//').removeprefix(_WORLD_WIDE_WEB)}"
