"""Faults of a shared registry's server, turned into claimreg's own errors; the only place that knows PostgreSQL's."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING

import psycopg

from claimreg.codec import DamagedRecordError
from claimreg.errors import BusyRegistryError, ClaimregError, DamagedRegistryError, InputError, NotFoundError, StoreError, WithheldError

if TYPE_CHECKING:
    from collections.abc import Iterator

_NO_LOCK = "55P03"
_NO_RIGHT = "42501"
_NO_ROLE = "CR005"
_SEALED = "CR004"
_NO_TABLE = ("42P01", "3F000", "42883")
_NO_TEXT = ("22P05", "22021")


@contextmanager
def faults_told(shown: str) -> Iterator[None]:
    """Turn what psycopg raises, and the reading of what is stored, into `StoreError` and its kin; ``shown`` names the registry."""
    try:
        yield
    except ClaimregError:
        raise
    except psycopg.Error as error:
        raise _told(error, shown) from error
    except DamagedRecordError as error:
        raise DamagedRegistryError(f"The registry {shown} is damaged; nothing was changed: restore it from a backup.") from error
    except ValueError as error:
        if isinstance(error, UnicodeEncodeError) or "not JSON compliant" in str(error):
            raise InputError("The text holds half a character (a lone surrogate) or is no number and cannot be recorded.") from error
        raise


def _told(error: psycopg.Error, shown: str) -> ClaimregError:
    told = (error.diag.message_primary or str(error)).strip().rstrip(".")
    if error.sqlstate == _NO_LOCK:
        return BusyRegistryError(f"Somebody else is writing to {shown} (waited for it in vain); try again in a moment.")
    if error.sqlstate == _NO_RIGHT:
        return StoreError(f"Your roles in {shown} do not let you do that ({told}); ask whoever looks after the registry.")
    if error.sqlstate == _NO_ROLE:
        return StoreError(f"To record that in {shown} takes the role {told}; ask whoever looks after the registry for it.")
    if error.sqlstate == _SEALED:
        return WithheldError(f"{told} is of a withheld source, which you may not see, so it was not changed; ask a keeper of {shown}.")
    if error.sqlstate in _NO_TABLE:
        return NotFoundError(f"There is no registry in {shown}; `claimreg init` makes one.")
    if error.sqlstate in _NO_TEXT:
        return InputError("The text holds a character that no text has; take it out and try again.")
    return StoreError(f"The registry {shown} cannot be read or written: {told}.")
