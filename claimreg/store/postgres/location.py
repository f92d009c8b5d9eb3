"""Location of a shared registry: an address as libpq has it, with the schema that the registry is in."""

from __future__ import annotations

import re
from typing import NamedTuple
from urllib.parse import parse_qsl, quote, urlencode, urlsplit, urlunsplit

from claimreg.errors import UsageError

USUAL_SCHEMA = "claimreg"
_SCHEMA = re.compile("[a-z_][a-z0-9_]{0,39}")
"""Names that need no quotes, short enough for the names of roles, which are made of them."""

_HIDDEN = ("password", "sslpassword")


class Location(NamedTuple):
    """An address without our own parameters, for libpq; the schema; and how the location is shown, without a password."""

    conninfo: str
    schema: str
    shown: str
    has_password: bool


def location_of(text: str) -> Location:
    """Read a location such as ``postgresql://desk.example/claims?schema=court``; raises `UsageError` without repeating its password."""
    try:
        parts = urlsplit(text)
        told = parse_qsl(parts.query, keep_blank_values=True, strict_parsing=bool(parts.query))
        user, at, hosts = parts.netloc.rpartition("@")
    except ValueError:
        raise UsageError("The address of the registry cannot be read; give it as postgresql://host/database.") from None
    schema = next((value for name, value in told if name == "schema"), USUAL_SCHEMA)
    if not _SCHEMA.fullmatch(schema):
        raise UsageError("A registry's schema has a name of at most 40 small Latin letters, digits and _, with a letter first.")
    if any(name == "options" for name, _value in told):
        raise UsageError("The address of a registry takes no options=…, which a pool of connections refuses; leave it out.")
    kept = [(name, value) for name, value in told if name != "schema"]
    conninfo = urlunsplit(parts._replace(query=urlencode(kept, quote_via=quote)))
    name, _colon, password = user.partition(":")
    shown_query = [(key, value) for key, value in told if key not in _HIDDEN]
    shown = urlunsplit(parts._replace(netloc=f"{name}{at}{hosts}", query=urlencode(shown_query, quote_via=quote)))
    return Location(conninfo, schema, shown, bool(password) or len(shown_query) != len(told))
