"""Faults of a shared registry's server, turned into claimreg's own errors; the only place that knows PostgreSQL's."""

from __future__ import annotations

import json
import re
from contextlib import contextmanager
from typing import TYPE_CHECKING

import psycopg

from claimreg.codec import DamagedRecordError
from claimreg.errors import BusyRegistryError, ClaimregError, DamagedRegistryError, InputError, NotFoundError, StoreError, WithheldError
from claimreg.store.locations import without_passwords

if TYPE_CHECKING:
    from collections.abc import Iterator

    from claimreg.store.postgres.location import Location

_LOST = ("08", "57P", "25P03")
"""Beginnings of the codes with which a server ends a connection."""

_GONE = (psycopg.OperationalError, psycopg.InterfaceError)
"""Errors that psycopg raises of its own accord where the server no longer answers."""

_TOLD: tuple[tuple[tuple[str, ...], type[ClaimregError], str], ...] = (
    (("55P03",), BusyRegistryError, "Somebody else is writing to {shown} (waited for it in vain); try again in a moment."),
    (("42501",), StoreError, "Your roles in the registry {shown} do not let you do that ({said}); ask its administrator."),
    (("CR005",), StoreError, "To record that in the registry {shown} takes the role {said}; ask its administrator for it."),
    (
        ("CR004",),
        WithheldError,
        "{said} is of a withheld source, which you may not see, so it was not changed; ask a keeper of the registry {shown}.",
    ),
    (("42P01", "3F000", "42883"), NotFoundError, "There is no registry in {shown}; `claimreg init` makes one."),
    (
        ("22P05", "22021"),
        InputError,
        "The text holds a character that the registry's database has no place for; take it out and try again.",
    ),
    (
        ("25006",),
        StoreError,
        "The registry {shown} takes no writing now (a standby, or set to be read only); give the address of the server that is written to.",
    ),
    (("53100",), StoreError, "The server of the registry {shown} has no space left ({said}); nothing was recorded: ask its administrator."),
    (("57014",), StoreError, "The server of the registry {shown} stopped the work ({said}); nothing was recorded: ask its administrator."),
    (
        ("25P02", "40001", "40P01", "53200", "53300"),
        StoreError,
        "The server of the registry {shown} could not go on ({said}); nothing was recorded: try again in a moment.",
    ),
)
"""Sentences that a person is told, by the codes of https://www.postgresql.org/docs/current/errcodes-appendix.html."""

_NOT_LET_IN = re.compile(
    r'pg_hba\.conf|permission denied for database|is not permitted to log in|authentication failed|(role|database) "[^"]*" does not exist'
)
"""Words of a server that answers and lets a user not in; where it speaks another language, all but the first are told as any fault."""

_WRITES = re.compile(r"\b(events|put_blob|amend)\b")
"""Names in the schema that only writing asks for, in what a server says whichever language it speaks."""

_LONGEST = 300
"""Code points that are told of what a server says."""


class LostConnectionError(StoreError):
    """The connection to the server is gone; what was not committed is not recorded."""


@contextmanager
def faults_told(shown: str) -> Iterator[None]:
    """Turn what psycopg raises, and the reading of what is stored, into `StoreError` and its kin; ``shown`` names the registry."""
    try:
        yield
    except ClaimregError:
        raise
    except psycopg.Error as error:
        raise told(error, shown) from error
    except (DamagedRecordError, json.JSONDecodeError) as error:
        raise DamagedRegistryError(f"The registry {shown} is damaged; nothing was changed: restore it from a backup.") from error
    except ValueError as error:
        if isinstance(error, UnicodeEncodeError) or "not JSON compliant" in str(error):
            raise InputError("The text holds half a character (a lone surrogate) or is no number and cannot be recorded.") from error
        raise


def is_lost(error: psycopg.Error) -> bool:
    """Return whether an error says that the connection is gone."""
    return (error.sqlstate or "").startswith(_LOST) or (error.sqlstate is None and isinstance(error, _GONE))


def told(error: psycopg.Error, shown: str) -> ClaimregError:
    """The error of claimreg's own that tells a person of an error of psycopg's."""
    said = _first_line(error.diag.message_primary or str(error))
    code = error.sqlstate
    if is_lost(error):
        return LostConnectionError(
            f"The connection to the registry {shown} was lost ({said}); nothing is half-recorded: run it again in a moment."
        )
    if error.sqlstate is None and "NUL (0x00)" in said:
        code = "22021"
    if code == "42501" and _WRITES.search(said):
        return StoreError(
            f"Your roles in the registry {shown} let you read it, and not record that; ask its administrator for the role of a reviewer or "
            "writer."
        )
    for codes, kind, sentence in _TOLD:
        if code in codes:
            return kind(sentence.format(shown=shown, said=said))
    return StoreError(f"The registry {shown} cannot be read or written: {said}.")


def not_connected(error: psycopg.Error, location: Location) -> ClaimregError:
    """The error that tells a person why there is no connection to a server, without any secret of the address."""
    said = str(error)
    for name in ("password", "sslpassword"):
        if secret := location.parameters.get(name):
            said = said.replace(secret, "…")
    said, shown = _first_line(said.removeprefix("connection failed: ")), location.shown
    if error.pgconn is not None and error.pgconn.needs_password:
        return StoreError(
            f"The server of the registry {shown} asks for a password; put it into ~/.pgpass "
            "(a line host:port:database:user:password, the file yours alone to read)."
        )
    if _NOT_LET_IN.search(said):
        return StoreError(
            f"The server of the registry {shown} does not let you in ({said}); look at the address, or ask its administrator."
        )
    if "SSL" in said or "certificate" in said:
        return StoreError(
            f"The server of the registry {shown} does not prove who it is, or offers no encryption ({said}); give the certificate of its "
            "authority in the address with sslrootcert=FILE, or ask its administrator."
        )
    if "service" in location.parameters and "service" in said:
        return StoreError(f"The address {shown} names a service that cannot be used ({said}); look into ~/.pg_service.conf.")
    return StoreError(f"There is no connection to the registry {shown} ({said}); look at the address, or try again in a moment.")


def _first_line(said: str) -> str:
    line = next(iter(without_passwords(said).strip().splitlines()), "").strip().rstrip(".:")
    return line if len(line) <= _LONGEST else f"{line[:_LONGEST]} …"
