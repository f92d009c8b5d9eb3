"""A command's registry: read at once, made and written to only when there is something to record."""

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING

from claimreg import model
from claimreg.cli.context import Session, tell, user_name
from claimreg.cli.inputs import read_stdin
from claimreg.cli.streams import keep_in_mind, nothing_printed
from claimreg.model import Change, Event
from claimreg.opening import Documents, Reading, utc_now
from claimreg.registry import Registry
from claimreg.services.surroundings import Questions, Surroundings, Understanding
from claimreg.services.transactions import MEMORY, NOTICED
from claimreg.store.port import Store, Writer

if TYPE_CHECKING:
    from claimreg.cli.progress import Progress
    from claimreg.services.evidence.stamps import StampedHash
    from claimreg.services.finding.passages import Passage, SourceFilters

NAMED = 5
_FOREMOST: tuple[type[model.Record], ...] = (
    model.Claim, model.Attribution, model.Source, model.Capture, model.Link, model.Draft, model.Verdict, model.Relation, model.TimeStamp,
    model.Party, model.Alias,
)  # fmt: skip


class OpenRegistry(Registry):
    """The registry of one command: its transactions refuse printing, what they recorded is kept in mind, questions go to its person.

    ``wanted`` says how documents are read, ``notes`` whether to tell those on one that is read by itself. ``must_tell`` says that a
    registry that is not there is told of: a command that only reads has nothing to show then. ``documents_read`` is told how many were.
    """

    _progress: "Progress"

    def __init__(
        self,
        session: Session,
        *,
        dry_run: bool = False,
        wanted: Reading | None = None,
        notes: bool = True,
        understanding: Understanding | None = None,
        read_stamp: "Callable[[bytes], StampedHash] | None" = None,
        must_tell: bool = False,
        documents_read: Callable[[int], None] = lambda _read: None,
    ) -> None:
        from claimreg.store.factory import open_store, registry_exists

        exists = registry_exists(session.location)
        if must_tell and not exists:
            session.tell_of_none()
        self.session = session
        self._changes: list[Event] = []
        super().__init__(
            session.checked(open_store(session.location if exists else MEMORY, create=False)),
            Surroundings(
                user=user_name, now=utc_now, documents=Documents(wanted, read_stdin, tell if notes else None), questions=self._person,
                understanding=understanding, read_stamp=read_stamp, ask_index=session.ask_index, tell=tell, tell_aside=session.tell_aside,
                taken_in=self._show_texts, documents_read=documents_read, transaction=transaction, recorded=self._remember,
            ),
            make=None if exists else lambda: open_store(session.location, create=True),
            dry_run=dry_run,
        )  # fmt: skip

    def _person(self) -> "Questions":
        from claimreg.cli.questions import PersonAsked

        return PersonAsked(self.session)

    def _take_in_texts(self) -> None:
        from claimreg.cli.progress import Progress

        with Progress() as self._progress:
            super()._take_in_texts()

    def search_sources(
        self, query: str, filters: "SourceFilters | None" = None, *, limit: int = 20, reveal: bool = False
    ) -> "list[Passage]":
        """Find passages by words; see `claimreg.registry.Registry`."""
        from claimreg.cli.progress import Progress

        with Progress() as self._progress:
            return super().search_sources(query, filters, limit=limit, reveal=reveal)

    def unseen(self) -> list[str]:
        """Sentences on withheld sources that the database shows to others only, as what was not found may stand in them."""
        from claimreg.services.recording.bare import passed_over

        told = None if self._store.sees_withheld else passed_over(self._store, (), everywhere=True)
        return [told] if told is not None else []

    def _show_texts(self, done: int) -> None:
        self._progress.tell(done, "indexed document")

    def _remember(self, store: Store, events: Sequence[Event]) -> None:
        if self.session.location != MEMORY:
            from claimreg.cli.remembered import remember_head

            remember_head(store, events if len(events) < NOTICED else ())
        self._changes = [*self._changes, *events][:NOTICED]
        keep_in_mind(told_of(self._changes))


@contextmanager
def transaction(store: Store, change: Change) -> Iterator[Writer]:
    """One transaction of a command: compute inside, commit, then print; raises `PrintedTooEarlyError` where it is printed inside."""
    with nothing_printed(), store.write(change) as writer:
        yield writer


def told_of(changes: list[Event]) -> str:
    """Tell what the changes did, by the ids of the foremost kind of record among them: “C27 was recorded”."""
    told = [one for one in changes if not _tells_of_a_look(one)] or changes
    kinds = {model.record_type_of(one.object_id) for one in told}
    foremost = next((kind for kind in _FOREMOST if kind in kinds), None)
    chosen = [one for one in told if model.record_type_of(one.object_id) is foremost]
    ids = list(dict.fromkeys(one.object_id for one in chosen))
    verb = "recorded" if any(one.before is None for one in chosen) else "changed"
    if len(ids) > NAMED or len(changes) >= NOTICED:
        return f"{', '.join(ids[:NAMED])} and more were {verb}"
    named = " and ".join(filter(None, (", ".join(ids[:-1]), ids[-1])))
    return f"{named} {'was' if len(ids) == 1 else 'were'} {verb}"


def _tells_of_a_look(event: Event) -> bool:
    """Return whether a change says no more than when a quote was looked for."""
    before, after = event.before or {}, event.after or {}
    return {name for name in before.keys() | after.keys() if before.get(name) != after.get(name)} == {"looked"}
