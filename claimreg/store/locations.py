"""Kinds of locations that a registry can be at, told apart without importing what opens them; and how a location is shown."""

from __future__ import annotations

import re

_SHARED = ("postgresql", "postgres")
_WITH_PASSWORD = re.compile(r"(?i)(postgres(?:ql)?:/*)([^\s:@/?]*):\S*@|\b(password|sslpassword)=[^\s&]+")
_ADVICE = (
    "The registry's address holds a password, which others may come to see; put it into ~/.pgpass "
    "(a line host:port:database:user:password, the file yours alone to read) and leave it out of the address."
)


def is_shared(location: str) -> bool:
    """Return whether a location is that of a shared registry, in a PostgreSQL database; a mistyped address is one, too."""
    scheme, mark, _rest = location.partition(":")
    return bool(mark) and scheme.strip().lower() in _SHARED


def shown_location(location: str) -> str:
    """A location as it may be shown and logged: without a password."""
    if not is_shared(location):
        # Of an address of another kind, which opens nothing, nobody knows where its password stands.
        return f"{location.partition('://')[0]}://…" if "://" in location else location
    from claimreg.errors import UsageError
    from claimreg.store.postgres.location import location_of

    try:
        return location_of(location).shown
    except UsageError:
        return f"{location.strip().partition(':')[0]}://…"


def password_advice(location: str) -> str:
    """Advice to a person whose address of a shared registry holds a password; empty where it holds none."""
    from claimreg.errors import UsageError

    if not is_shared(location):
        return ""
    from claimreg.store.postgres.location import location_of

    try:
        return _ADVICE if location_of(location).has_password else ""
    except UsageError:
        return ""


def without_passwords(text: str) -> str:
    """A text that may quote addresses of shared registries, without the passwords in them."""
    return _WITH_PASSWORD.sub(lambda found: f"{found[1]}{found[2]}@" if found[1] else f"{found[3]}=…", text)
