"""Committing: whether a transaction was recorded is known, also where the connection was lost while it was committed."""

from __future__ import annotations

import time
from contextlib import suppress
from typing import TYPE_CHECKING

import psycopg

from claimreg.errors import StoreError
from claimreg.store.postgres.faults import LostConnectionError, faults_told, is_lost
from claimreg.store.postgres.messages import Statement

if TYPE_CHECKING:
    from collections.abc import Sequence

    from claimreg.store.postgres.location import Location
    from claimreg.store.postgres.messages import Messages

_PATIENCE = 30.0
"""Seconds to wait for a server that was lost in mid-commit: one that crashed is mostly back within a few, reading its log again."""

_PAUSE = 0.2
_LOCK_MILLISECONDS = 2_000


def commit(messages: Messages, last: Sequence[Statement], location: Location, tail: tuple[int, str]) -> bool:
    """Commit the open transaction with its ``last`` statements; its last event has the number and the hash ``tail``.

    Gives whether an interruption came too late to keep it from being recorded. Where the connection is lost, another one is made to
    look whether it was recorded. Raises `StoreError` where it was not, and where that cannot be known; and what psycopg raises.
    """
    try:
        messages.send(*last, Statement("COMMIT"))
    except psycopg.Error as error:
        if not is_lost(error):
            raise
        _settle(messages, location, tail)
    except KeyboardInterrupt:
        # psycopg had the server stop the statement, and waited for it; which of the two came first is not known.
        try:
            _settle(messages, location, tail)
        except LostConnectionError:
            raise KeyboardInterrupt from None
        return True
    else:
        # The server rolls a transaction back, and says so, in which a statement had failed.
        if messages.ended != "COMMIT":
            raise StoreError(f"The registry {location.shown} took nothing of what was to be recorded; run it again.")
    messages.is_ended()
    return False


def _settle(messages: Messages, location: Location, tail: tuple[int, str]) -> None:
    """Connect again, and look for the event ``tail``; raises `LostConnectionError` where the registry has it not, and never will."""
    messages.close()
    until = time.monotonic() + _PATIENCE
    while (is_there := _is_recorded(messages, location, tail)) is None:
        if time.monotonic() > until:
            raise StoreError(
                f"The connection to the registry {location.shown} was lost while this was recorded, and the server does not say yet "
                f"whether it was; once it answers, look with `claimreg history` whether event {tail[0]} ({tail[1][:12]}…) is there, "
                "before you run it again."
            )
        time.sleep(_PAUSE)
    if not is_there:
        raise LostConnectionError(
            f"The connection to the registry {location.shown} was lost before this was recorded; nothing of it was: run it again."
        )


def _is_recorded(messages: Messages, location: Location, tail: tuple[int, str]) -> bool | None:
    """Return whether the history has an event, for good; ``None`` where the server does not answer, or does not know yet."""
    found = None
    with suppress(StoreError), faults_told(location.shown):
        messages.connect_again()
        # Who has the lock of writing knows that the lost transaction has ended, one way or the other: it had the lock until then.
        *_begun, found = messages.send(
            Statement("BEGIN"),
            Statement(f"SET LOCAL lock_timeout = {_LOCK_MILLISECONDS}"),
            Statement(f"SELECT {location.schema}.lock_writing()"),
            Statement(f"SELECT pg_is_in_recovery(), EXISTS (SELECT FROM {location.schema}.events WHERE seq = %s AND hash = %s)", tail),
        )
    with suppress(psycopg.Error):
        messages.end("ROLLBACK")
    if not found:
        return None
    ((is_standby, is_there),) = found
    # A standby may not have heard of it yet.
    return True if is_there else (None if is_standby else False)
