"""Location of a shared registry: an address as libpq has it, with the schema that the registry is in.

The address is taken apart here by libpq's own rules, so that nothing of it is ever repeated in a message: a password with a sign
that should have been written with % may stand anywhere in it.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple
from urllib.parse import unquote_to_bytes

from claimreg.errors import UsageError

if TYPE_CHECKING:
    from collections.abc import Mapping

USUAL_SCHEMA = "claimreg"
_SCHEMA = re.compile("[a-z_][a-z0-9_]{0,39}")
"""Names that need no quotes, short enough for the names of roles, which are made of them."""

_RESERVED = {
    "all", "analyse", "analyze", "and", "any", "array", "as", "asc", "asymmetric", "authorization", "binary", "both", "case", "cast",
    "check", "collate", "collation", "column", "concurrently", "constraint", "create", "cross", "current_catalog", "current_date",
    "current_role", "current_schema", "current_time", "current_timestamp", "current_user", "default", "deferrable", "desc", "distinct",
    "do", "else", "end", "except", "false", "fetch", "for", "foreign", "freeze", "from", "full", "grant", "group", "having", "ilike",
    "in", "initially", "inner", "intersect", "into", "is", "isnull", "join", "lateral", "leading", "left", "like", "limit", "localtime",
    "localtimestamp", "natural", "not", "notnull", "null", "offset", "on", "only", "or", "order", "outer", "overlaps", "placing",
    "primary", "references", "returning", "right", "select", "session_user", "similar", "some", "symmetric", "system_user", "table",
    "tablesample", "then", "to", "trailing", "true", "union", "unique", "user", "using", "variadic", "verbose", "when", "where", "window",
    "with",
}  # fmt: skip
"""Words that SQL takes for its own: https://www.postgresql.org/docs/current/sql-keywords-appendix.html."""

_SECRET = frozenset({"password", "sslpassword", "scram_client_key", "scram_server_key", "oauth_client_secret"})
_PARAMETERS = _SECRET | {
    "service", "servicefile", "user", "passfile", "require_auth", "channel_binding", "dbname", "host", "hostaddr", "port",
    "connect_timeout", "application_name", "keepalives", "keepalives_idle", "keepalives_interval", "keepalives_count",
    "tcp_user_timeout", "sslmode", "sslnegotiation", "sslcert", "sslkey", "sslcertmode", "sslrootcert", "sslcrl", "sslcrldir",
    "sslsni", "requirepeer", "ssl_min_protocol_version", "ssl_max_protocol_version", "min_protocol_version", "max_protocol_version",
    "gssencmode", "gssdelegation", "krbsrvname", "gsslib", "target_session_attrs", "load_balance_hosts", "oauth_issuer",
    "oauth_client_id", "oauth_scope",
}  # fmt: skip
"""Parameters of libpq's that an address takes: https://www.postgresql.org/docs/current/libpq-connect.html#LIBPQ-PARAMKEYWORDS."""

_AUTHORITY = re.compile(r"(?P<user>[^@/?]*@)?(?P<hosts>[^@/?]*)(?:/(?P<database>[^@?]*))?(?:\?(?P<query>[^@]*))?")
_HOST = re.compile(r"(?P<host>\[[0-9A-Fa-f:.%\w]+\]|[^:\[\]]*)(?::(?P<port>[0-9]{0,5}))?")
_FORM = "give it as postgresql://user@host/database, with signs such as @, /, # and % written as %40, %2F, %23 and %25"


class Location(NamedTuple):
    """An address: its parameters for libpq, the schema, and how the location is shown, without a password."""

    parameters: Mapping[str, str]
    schema: str
    shown: str
    has_password: bool

    def __repr__(self) -> str:
        # What is printed of an object in a trace must not hold a password.
        return f"Location({self.shown!r})"


def location_of(text: str) -> Location:
    """Read a location such as ``postgresql://desk.example/claims?schema=court``; raises `UsageError` without repeating its password."""
    scheme, mark, rest = text.strip().partition("://")
    parts = _AUTHORITY.fullmatch(rest)
    if not mark or parts is None or not rest.isprintable() or set(rest) & set(' #"<>'):
        raise _unreadable()
    query = _pairs(parts["query"])
    parameters = {**_authority(parts), **{name: _decoded(value) for name, value in query if name != "schema"}}
    if "options" in parameters:
        raise UsageError("The address of a registry takes no options=…, which a pool of connections refuses; leave it out.")
    if parameters.pop("ssl", None) == "true":
        parameters["sslmode"] = "require"
    for place, (name, _value) in enumerate(query, start=1):
        if name not in _PARAMETERS and name not in ("schema", "ssl"):
            raise UsageError(f"Parameter {place} after the ? in the address of the registry is none that PostgreSQL's addresses have.")
    schema = next((_decoded(value) for name, value in reversed(query) if name == "schema"), USUAL_SCHEMA)
    if not _SCHEMA.fullmatch(schema) or schema.startswith("pg_") or schema in _RESERVED:
        raise UsageError(
            "A registry's schema has a name of at most 40 small Latin letters, digits and _, with a letter first; is no word of SQL, and "
            "does not begin with pg_."
        )
    return Location(parameters, schema, _shown(scheme, parts, query), bool(_SECRET & parameters.keys()))


def _authority(parts: re.Match[str]) -> dict[str, str]:
    """The user, the password, the hosts with their ports and the database that stand before the ``?``."""
    user, _colon, password = (parts["user"] or "").removesuffix("@").partition(":")
    hosts = [found for one in parts["hosts"].split(",") if (found := _HOST.fullmatch(one))]
    if len(hosts) != parts["hosts"].count(",") + 1:
        raise _unreadable()
    told = {
        "user": _decoded(user),
        "password": _decoded(password),
        "host": ",".join(_decoded(one["host"].strip("[]")) for one in hosts),
        "port": ",".join(one["port"] or "" for one in hosts),
        "dbname": _decoded(parts["database"] or ""),
    }
    return {name: value for name, value in told.items() if value.strip(",")}


def _pairs(query: str | None) -> list[tuple[str, str]]:
    """The parameters after the ``?``, their values as they were typed."""
    if not query:
        return []
    pairs = [one.partition("=") for one in query.split("&")]
    if any(not sign or "=" in value for _name, sign, value in pairs):
        raise _unreadable()
    return [(_decoded(name), value) for name, _sign, value in pairs]


def _decoded(text: str) -> str:
    """The text with its % codes read, in which libpq, unlike forms of the web, leaves a + as it is."""
    if re.search("%(?![0-9A-Fa-f]{2})|%00", text):
        raise _unreadable()
    try:
        return unquote_to_bytes(text).decode("utf-8")
    except UnicodeDecodeError:
        raise _unreadable() from None


def _shown(scheme: str, parts: re.Match[str], query: list[tuple[str, str]]) -> str:
    user, _colon, _password = (parts["user"] or "").removesuffix("@").partition(":")
    database = "" if parts["database"] is None else f"/{parts['database']}"
    kept = "&".join(f"{name}={value}" for name, value in query if name not in _SECRET)
    return f"{scheme}://{user}{'@' if user else ''}{parts['hosts']}{database}{'?' if kept else ''}{kept}"


def _unreadable() -> UsageError:
    return UsageError(f"The address of the registry cannot be read; {_FORM}.")
