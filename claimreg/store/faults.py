"""Faults below the embedded store, turned into claimreg's own errors; the only place that knows SQLite's."""

from __future__ import annotations

import sqlite3
from contextlib import contextmanager
from typing import TYPE_CHECKING

from claimreg.codec import DamagedRecordError
from claimreg.errors import BusyRegistryError, ClaimregError, DamagedRegistryError, InputError, StoreError
from claimreg.store.tinydb_sqlite import DamagedDocumentError

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

_DAMAGE = {sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB, sqlite3.SQLITE_IOERR_SHORT_READ}
_REFUSALS = {
    sqlite3.SQLITE_FULL: "The disk is full; make room and run the command again: nothing of it was recorded.",
    sqlite3.SQLITE_READONLY: "The registry {folder} is read-only; nothing was recorded.",
    sqlite3.SQLITE_PERM: "The registry {folder} may not be opened by this user.",
    sqlite3.SQLITE_CANTOPEN: "The registry {folder} cannot be opened; check that the folder exists and may be written to.",
}
_PRIMARY_CODE = 0xFF
_UNCONFIRMED = (
    "The disk did not confirm what was written to {folder} ({error}): it may have been recorded, but may not outlast a power cut; "
    "mend the disk, and see with `claimreg history` what is there."
)


@contextmanager
def faults_told(folder: Path) -> Iterator[None]:
    """Turn what SQLite raises, and the reading of what is stored, into `StoreError` and its kin; what else goes wrong is a bug."""
    try:
        yield
    except ClaimregError:
        raise
    except sqlite3.Error as error:
        raise _told(error, folder) from error
    except (DamagedRecordError, DamagedDocumentError, UnicodeDecodeError) as error:
        # SQLite quotes damaged bytes in its own messages, which cannot be read then.
        raise _damaged(folder) from error
    except ValueError as error:
        if isinstance(error, UnicodeEncodeError) or "not JSON compliant" in str(error):
            raise InputError("The text holds half a character (a lone surrogate) or is no number and cannot be recorded.") from error
        raise


def _told(error: sqlite3.Error, folder: Path) -> StoreError:
    code = getattr(error, "sqlite_errorcode", sqlite3.SQLITE_ERROR)
    primary = code & _PRIMARY_CODE
    if primary in (sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED):
        return BusyRegistryError(f"Another process is writing to {folder} (waited for it in vain); try again in a moment.")
    if code == sqlite3.SQLITE_IOERR_FSYNC:
        # What SQLite wrote before is in its log, and is taken for whole by whoever opens the registry next.
        return StoreError(_UNCONFIRMED.format(folder=folder, error=error))
    if primary in _REFUSALS:
        return StoreError(_REFUSALS[primary].format(folder=folder))
    if primary in _DAMAGE or code in _DAMAGE or "malformed" in str(error):
        return _damaged(folder)
    return StoreError(f"The registry {folder} cannot be read or written: {error}.")


def _damaged(folder: Path) -> DamagedRegistryError:
    return DamagedRegistryError(f"The registry in {folder} is damaged; nothing was changed: restore it from a backup.")
