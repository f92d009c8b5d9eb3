"""JSON-LD, whatever it is about: our own terms in it, ids that are the only ones of the world, and what may stand as an address."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING
from urllib.parse import quote

from claimreg.render.safe import visible
from claimreg.services.evidence.bundle.layout import identity_of
from claimreg.text.acting import json_text

if TYPE_CHECKING:
    from claimreg.model import Record, Source
    from claimreg.render.machine import Json

OWN_TERMS = {"claimreg": "urn:claimreg:terms:"}
"""The entry of a context by which ``claimreg:stance`` and others are terms of ours; a context by itself fetches nothing."""

_IN_URIS = "!#$%&'()*+,/:;=?@[]~"
_IN_URNS = "/:@!$'()*,;="


def urn_of(record: Record, registry: str) -> str:
    """Return the id of a record in every registry, as a URI; ``registry`` is the identity of the one that it is written from."""
    return f"urn:claimreg:{quote(identity_of(record, registry), safe=_IN_URNS, errors='replace')}"


def web_address(address: str | None) -> str | None:
    """The address as a URI (RFC 3986), letters that none has escaped; ``None`` for what is no address of the web."""
    if address is None or re.match(r"https?://[^/\s?#]", address, re.IGNORECASE) is None:
        return None
    if visible(address) != address or re.search(r"\s|%(?![0-9A-Fa-f]{2})", address):
        return None
    return quote(address, safe=_IN_URIS, errors="replace")


def address_of(source: Source) -> str | None:
    """The web address of a source: its own, else the one that the document claims; ``None`` where it has neither."""
    return web_address(source.url) or web_address(source.canonical_url)


def in_script(value: Json) -> str:
    """A value as JSON that may stand within a ``script`` element: nothing in it can end the element or begin another."""
    return re.sub("[<>&]", lambda match: f"\\u{ord(match[0]):04x}", json_text(value))
