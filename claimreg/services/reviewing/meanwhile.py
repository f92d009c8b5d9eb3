"""News for somebody who reviews: what waits since others recorded, and whether a question still is the one that was asked."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from claimreg.model import Draft, DraftState, Link, Source, record_type_of
from claimreg.services.reviewing.queue import DraftItem, DraftQuestion, LinkItem, LinkQuestion, links_of_scope

if TYPE_CHECKING:
    from collections.abc import Mapping
    from typing import Any

    from claimreg.model import Event
    from claimreg.services.reviewing.queue import Question, Scope
    from claimreg.store.port import Reader


class News(NamedTuple):
    """Items that wait for a review since an event: those added and those that wait no more, and who recorded what was added.

    ``position`` is the number of the last event that was looked at.
    """

    position: int
    added: tuple[LinkItem | DraftItem, ...] = ()
    dropped: tuple[LinkItem, ...] = ()
    users: tuple[str, ...] = ()


def news(reader: Reader, after: int, *, scope: Scope, links: bool, drafts: bool, revealed: bool = False) -> News:
    """The news since the event with this number; ``links`` and ``drafts`` say what is reviewed, see `queue.waiting_links`.

    A link that was carried to a later capture is dropped, as it is asked about there.
    """
    waits = _Waits(reader, scope, links=links, drafts=drafts, revealed=revealed)
    before: dict[str, bool] = {}
    last: dict[str, Event] = {}
    position = after
    for event in reader.history(after=after):
        position = event.seq
        if record_type_of(event.object_id) in (Link, Draft):
            before.setdefault(event.object_id, waits(event.object_id, event.before))
            last[event.object_id] = event
    added = [one for record_id, one in last.items() if not before[record_id] and waits(record_id, one.after)]
    carried = ((one.after or {}).get("anchored_from") for one in last.values())
    return News(
        position,
        tuple(_item(one.object_id) for one in added),
        tuple(LinkItem(link_id) for link_id in carried if link_id is not None),
        tuple(dict.fromkeys(one.user for one in added)),
    )


def is_another(asked: Question, now: Question) -> bool:
    """Return whether a question that is asked again asks about something else than what was shown."""
    return _essence(asked) != _essence(now)


def _essence(shown: Question) -> tuple[object, ...]:
    if isinstance(shown, LinkQuestion):
        return shown.claim, shown.stated.attribution, shown.stated.party, shown.link
    if isinstance(shown, DraftQuestion):
        return shown.draft, shown.party
    return shown.claim.claim, shown.other.claim


def _item(record_id: str) -> LinkItem | DraftItem:
    return DraftItem(record_id) if record_type_of(record_id) is Draft else LinkItem(record_id)


class _Waits:
    """Test of a link's or a draft's document: whether it waits for a review of this scope."""

    def __init__(self, reader: Reader, scope: Scope, *, links: bool, drafts: bool, revealed: bool) -> None:
        self._reader = reader
        self._scope = scope
        self._drafts = drafts
        self._revealed = revealed
        self._condition = links_of_scope(reader, scope) if links else None

    def __call__(self, record_id: str, document: Mapping[str, Any] | None) -> bool:
        if document is None or document["removed_at"] is not None:
            return False
        return self._draft(document) if record_type_of(record_id) is Draft else self._link(document)

    def _link(self, link: Mapping[str, Any]) -> bool:
        if self._condition is None or not self._condition.matches(link) or link["score"] < self._scope.min_score:
            return False
        return not self._scope.kinds or link["kind"] in self._scope.kinds

    def _draft(self, draft: Mapping[str, Any]) -> bool:
        if not self._drafts or draft["state"] != DraftState.PROPOSED.value:
            return False
        if self._scope.source_ids and draft["source_id"] not in self._scope.source_ids:
            return False
        source = self._reader.get(Source, draft["source_id"])
        return self._revealed or source is None or source.withheld is None
