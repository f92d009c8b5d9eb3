"""Connecting to a shared registry's server, by libpq, with its addresses, service files, password files and certificates."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING

from claimreg.errors import UsageError

if TYPE_CHECKING:
    from collections.abc import Mapping

    import psycopg

    from claimreg.store.postgres.location import Location

_USUAL = {
    "connect_timeout": "10",
    "application_name": "claimreg",
    # A server that is gone without a word is noticed within a minute rather than within two hours.
    "keepalives_idle": "30",
    "keepalives_interval": "10",
    "keepalives_count": "3",
}
_NEVER = "nowhere"
"""A value of target_session_attrs that libpq refuses before it connects to anything."""

_OWN_ROOTS = 160000
"""The version of libpq from which on it can be told to trust the roots of its own TLS library."""


def check_driver() -> None:
    """Raise `UsageError` where psycopg is missing."""
    try:
        import psycopg  # noqa: F401 -- asked for only here
    except ImportError:
        raise UsageError("A shared registry needs the extra claimreg[team]: pip install 'claimreg[team]'.") from None


def connect(location: Location) -> psycopg.Connection:
    """A connection on which each statement is a transaction of its own, unless one is begun.

    Raises `claimreg.errors.StoreError` where there is none to be had.
    """
    import logging

    import psycopg
    from psycopg.conninfo import make_conninfo

    from claimreg.store.postgres.faults import not_connected

    # Python shows on standard error what nobody asked to see; what befalls a connection is told in a sentence of our own.
    if not logging.getLogger("psycopg").handlers:
        logging.getLogger("psycopg").addHandler(logging.NullHandler())
    try:
        conninfo = make_conninfo(**_completed(location.parameters))
        # Statements are never prepared: behind a pool of connections, the next transaction may run on another one.
        return psycopg.connect(conninfo, autocommit=True, prepare_threshold=None)
    except psycopg.Error as error:
        # What libpq says may hold what it was given: nothing of it goes on as it is.
        raise not_connected(error, location) from None


def _completed(parameters: Mapping[str, str]) -> dict[str, str]:
    """The parameters with those added that neither they nor the environment nor a service file have.

    Some keep others on the way from reading along and from standing in for the server:

    libpq's own choice is to encrypt where the server offers it, which whoever stands in between can talk it out of. So a server that
    is not on this machine has to prove its name, unless the address, the environment or the service file says otherwise.
    """
    import psycopg

    found = _in_effect(parameters)
    # A mode that nobody chose becomes another where the TLS library's own roots are to be trusted; libpq before 16 does not tell.
    told = _in_effect({**parameters, "sslrootcert": "system"}).get("sslmode") if psycopg.pq.version() >= _OWN_ROOTS else "verify-full"
    is_chosen = found.get("sslmode") != "prefer" or told != "verify-full"
    wanted = {**{name: value for name, value in _USUAL.items() if name not in found}, **parameters, "client_encoding": "utf8"}
    if not is_chosen and _is_elsewhere(found):
        wanted["sslmode"] = "verify-full"
    if wanted.get("sslmode", found.get("sslmode")) == "verify-full" and "sslrootcert" not in found and (roots := _roots()):
        wanted["sslrootcert"] = roots
    return wanted


def _in_effect(parameters: Mapping[str, str]) -> dict[str, str]:
    """Settings that libpq makes of parameters, service file and environment together; nothing is connected to."""
    from psycopg import pq
    from psycopg.conninfo import make_conninfo

    # With some password given, the password file is not read, of whose faults libpq tells on standard error each time.
    asked = pq.PGconn.connect_start(make_conninfo(**{**parameters, "target_session_attrs": _NEVER, "password": "none"}).encode())
    try:
        return {one.keyword.decode(): one.val.decode() for one in asked.info if one.val}
    finally:
        asked.finish()


def _is_elsewhere(parameters: Mapping[str, str]) -> bool:
    """Return whether one of the servers is on another machine."""
    hosts, addresses = parameters.get("host", "").split(","), parameters.get("hostaddr", "").split(",")
    return not all(_is_here(address or host) for host, address in zip(hosts, [*addresses, *[""] * len(hosts)], strict=False))


def _is_here(host: str) -> bool:
    from ipaddress import ip_address

    if not host or host.startswith(("/", "@")) or host == "localhost":
        return True
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return False


def _roots() -> str | None:
    """The authorities to trust where the user's own file for libpq names none: those that Python trusts, else the TLS library's."""
    import ssl

    import psycopg

    folder = Path(os.environ.get("APPDATA", ""), "postgresql") if os.name == "nt" else Path(os.path.expanduser("~"), ".postgresql")  # noqa: PTH111 -- without a home, pathlib raises
    if (folder / "root.crt").exists():
        return None
    # The TLS library inside of psycopg's wheel looks in a folder that no system has.
    return ssl.get_default_verify_paths().cafile or ("system" if psycopg.pq.version() >= _OWN_ROOTS else None)
