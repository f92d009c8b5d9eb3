"""Taking back a whole transaction by a new one: what it made is withdrawn, what it changed is as before; the history keeps both."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from claimreg.codec import to_document
from claimreg.errors import CannotUndoError, NotFoundError
from claimreg.frozen import replace
from claimreg.model import Attribution, Event, Record, record_type_of
from claimreg.services.history import changes_in_words
from claimreg.services.reviewing.net_changes import conflicts_of, nets_of
from claimreg.services.reviewing.past_transactions import PastTransaction, action_of, past_transactions
from claimreg.services.transactions import Transactions
from claimreg.services.withholding import told_events

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from claimreg.model import Document
    from claimreg.store.port import Reader

_NAMED = 3


class Undo(NamedTuple):
    """A transaction that can be taken back: each record that this changes, as it is now and as it will be then, but for when it goes.

    ``kept`` are records that it made and that others speak of by now; ``passed_over`` are later transactions that are never taken back.
    """

    transaction: PastTransaction
    changes: tuple[tuple[Record, Record], ...]
    kept: tuple[str, ...] = ()
    passed_over: tuple[PastTransaction, ...] = ()


class Undone(NamedTuple):
    """Transaction that was taken back, and the number of the first event that tells of it; ``None`` for a dry run."""

    undo: Undo
    event: int | None


class Undoing(Transactions):
    """The methods of a registry that take transactions back; see `claimreg.registry.Registry`."""

    def undo(self, event: int | None = None, *, agreed: Callable[[Undo, list[tuple[str, str]]], bool] | None = None) -> Undone | None:
        """Take back the user's last transaction that stands, or the one that an event belongs to; ``None`` where there is none.

        ``agreed`` is asked before, and told each record's id with what becomes of it, in words. Raises `NotFoundError` for an event that
        is not there, and `CannotUndoError` with names where what it did was changed since, was taken back already, or is never taken back.
        """
        with self._store.snapshot() as reader:
            undo = undo_of(reader, self._around.user(), event)
            told = list(told_changes(reader, undo)) if undo is not None else []
            seen = reader.head()
        if undo is None or (agreed is not None and not agreed(undo, told)):
            return None
        with self.write(action_of(undo.transaction)) as writer:
            known, _hash = writer.head()
            # What changed while the question was asked is not what was asked about.
            current = undo if writer.head() == seen else planned(writer, undo.transaction)
            for now, then in current.changes:
                goes = then.removed_at is not None and now.removed_at is None
                writer.put(replace(then, removed_at=writer.change.at) if goes else then)
        return Undone(current._replace(passed_over=undo.passed_over), None if self._dry_run else known + 1)


def undo_of(reader: Reader, user: str, event: int | None) -> Undo | None:
    """The plan of taking back the user's last transaction that stands, or the one of an event; see `Undoing.undo`."""
    if event is not None:
        return _asked_for(reader, event)
    passed: list[PastTransaction] = []
    for transaction in past_transactions(reader):
        if transaction.user != user or transaction.takes_back or transaction.taken_back_by is not None:
            continue
        if transaction.fixed is not None:
            passed.append(transaction)
            continue
        undo = planned(reader, transaction)
        if undo.changes:
            return undo._replace(passed_over=tuple(passed))
    return None


def _asked_for(reader: Reader, event: int) -> Undo:
    transaction = next((one for one in past_transactions(reader) if one.first <= event <= one.last), None)
    if transaction is None:
        last, _hash = reader.head()
        raise NotFoundError(f"There is no event {event}; the last one is {last}: `claimreg history` lists them.")
    if transaction.fixed is not None:
        raise CannotUndoError(f"Event {event} is never undone: {transaction.fixed}.")
    if transaction.taken_back_by is not None:
        by = transaction.taken_back_by
        raise CannotUndoError(f"Event {event} was undone already, by event {by}; `claimreg undo {by}` brings it back.")
    undo = planned(reader, transaction)
    if not undo.changes:
        raise CannotUndoError(f"Of event {event} there is nothing to undo: what is recorded is as it was before.")
    return undo


def planned(reader: Reader, transaction: PastTransaction) -> Undo:
    """The plan of taking a transaction back; raises `CannotUndoError`, with names, where what it did was changed since."""
    nets = nets_of(reader, transaction)
    if nets.are_back:
        return Undo(transaction, ())
    conflicts = conflicts_of(reader, transaction, nets)
    if conflicts.refused:
        more = len(conflicts.refused) - _NAMED
        named = "; ".join(conflicts.refused[:_NAMED]) + (f"; and {more} more" if more > 0 else "")
        raise CannotUndoError(f"Nothing was undone: {named}; undo that first, or change it by hand with `claimreg edit`.")
    records = {record.id: record for record in nets.before(conflicts.kept, transaction.at)}
    records |= {one.id: replace(one, removed_at=transaction.at) for one in conflicts.along}
    _forget_looks(reader, records)
    pairs = ((nets.current.get(one) or _there(reader, one), record) for one, record in records.items())
    changes = tuple((now, then) for now, then in pairs if now != then)
    _check_owners(reader, changes)
    return Undo(transaction, changes, tuple(sorted(conflicts.kept)))


def told_changes(reader: Reader, undo: Undo, limit: int = 100) -> Iterator[tuple[str, str]]:
    """Tell what becomes of each of the first records, in words that others may see; that a quote was looked for is passed over."""
    changes = undo.changes[:limit]
    events = [_event_of(undo.transaction, to_document(now), to_document(then)) for now, then in changes]
    for event, (now, then) in zip(told_events(reader, events), changes, strict=True):
        if now.removed_at != then.removed_at:
            gist = changes_in_words(replace(event, before=None)).removeprefix("new: ")
            yield now.id, f"{'comes back' if then.removed_at is None else 'is removed'}: {gist}"
        elif event.before != event.after:
            yield now.id, changes_in_words(event)


def _event_of(transaction: PastTransaction, now: Document, then: Document) -> Event:
    before, after = ({name: value for name, value in side.items() if name != "looked"} for side in (now, then))
    return Event(
        seq=0, at=transaction.at, user=transaction.user, action=transaction.action,
        object_id=now["id"], before=before, after=after, previous="", hash=""
    )  # fmt: skip


def _forget_looks(reader: Reader, records: dict[str, Record]) -> None:
    """Note that a quote was never looked for, as far as is known, where a place found for it goes."""
    for record in tuple(records.values()):
        owner = getattr(record, "attribution_id", None)
        if record.PREFIX != "L" or record.removed_at is None or owner in records:
            continue
        attribution = reader.get(Attribution, str(owner))
        if attribution is not None and attribution.looked is not None:
            records[attribution.id] = replace(attribution, looked=None)


_OWNERS = ("claim_id", "other_claim_id", "attribution_id", "party_id", "source_id")


def _check_owners(reader: Reader, changes: Iterable[tuple[Record, Record]]) -> None:
    """Raise `CannotUndoError` where a record would come back that speaks of another that is not there any more."""
    pairs = tuple(changes)
    records = {then.id: then for _now, then in pairs}
    for now, then in pairs:
        if then.removed_at is not None or now.removed_at is None:
            continue
        for owner in _named(then):
            there = records.get(owner) or _there(reader, owner)
            if there.removed_at is not None:
                raise CannotUndoError(
                    f"Nothing was undone: {then.id} speaks of {owner}, which was removed since; "
                    f"`claimreg edit {owner} --restore` brings that back first."
                )


def _named(record: Record) -> Iterable[str]:
    return (value for name in _OWNERS if isinstance(value := getattr(record, name, None), str))


def _there(reader: Reader, record_id: str) -> Record:
    record_type = record_type_of(record_id)
    record = reader.get(record_type, record_id) if record_type is not None else None
    if record is None:
        raise CannotUndoError(f"{record_id} is lost, so nothing was undone; `claimreg verify` tells more.")
    return record
