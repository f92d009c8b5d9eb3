"""Transactions as the history has them, the last one first, and which of them were taken back since."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple

from claimreg.model import Event, Source, TimeStamp, record_type_of
from claimreg.services.history import newest_first
from claimreg.services.reviewing.undo import UNDONE

if TYPE_CHECKING:
    from collections.abc import Iterator

    from claimreg.store.port import Reader

_TAKEN_BACK = re.compile(r"undo ([1-9][0-9]{0,17})", re.ASCII)


class PastTransaction(NamedTuple):
    """A transaction: the numbers of its first and its last event, and who did what, when.

    ``fixed`` says why it is never taken back, ``None`` where it may be; ``taken_back_by`` is the event that took it back.
    """

    first: int
    last: int
    user: str
    at: str
    action: str
    group: int | None
    fixed: str | None = None
    taken_back_by: int | None = None

    @property
    def takes_back(self) -> bool:
        """Return whether it took something back itself."""
        return self.action == UNDONE or self.target is not None

    @property
    def target(self) -> int | None:
        """The first event of the transaction that it took back."""
        found = _TAKEN_BACK.fullmatch(self.action)
        return int(found[1]) if found is not None else None


def action_of(transaction: PastTransaction) -> str:
    """The action under which a transaction is taken back, which names it."""
    return f"undo {transaction.first}"


def past_transactions(reader: Reader) -> Iterator[PastTransaction]:
    """All transactions, the last one first, read as they are asked for."""
    taken_back: dict[int, int] = {}
    for transaction in _transactions(reader):
        known = transaction._replace(taken_back_by=taken_back.get(transaction.first))
        if known.target is not None and known.taken_back_by is None:
            taken_back.setdefault(known.target, known.first)
        yield known


def _transactions(reader: Reader) -> Iterator[PastTransaction]:
    current: PastTransaction | None = None
    for event in newest_first(reader):
        if current is not None and _is_of(event, current):
            current = current._replace(first=event.seq, fixed=_fixed(event) or current.fixed)
            continue
        if current is not None:
            yield current
        current = PastTransaction(event.seq, event.seq, event.user, event.at, event.action, event.group, _fixed(event))
    if current is not None:
        yield current


def _is_of(event: Event, transaction: PastTransaction) -> bool:
    """Return whether an event is of a transaction; older registries tell by user, time and action alone."""
    if event.group is not None or transaction.group is not None:
        return event.group == transaction.group
    return (event.user, event.at, event.action) == (transaction.user, transaction.at, transaction.action)


def _fixed(event: Event) -> str | None:
    """The reason why an event is never taken back."""
    record_type = record_type_of(event.object_id)
    if record_type is TimeStamp:
        return "a time stamp stays, whatever it stamped"
    if record_type is Source and event.before is not None:
        reasons = ((side or {}).get("withheld") for side in (event.before, event.after))
        if len(set(reasons)) > 1:
            return f"whether {event.object_id} is withheld is said by a person alone: `claimreg edit {event.object_id} --withhold …`"
    return None
