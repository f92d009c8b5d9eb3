"""A command's registry: read at once, made and written to only when there is something to record."""

from collections.abc import Iterator
from contextlib import contextmanager, suppress
from itertools import islice
from typing import Self

from claimreg.cli.context import Session, ask_index, tell
from claimreg.cli.remembered import remember_head
from claimreg.cli.streams import keep_in_mind, nothing_printed
from claimreg.model import (
    Alias,
    Attribution,
    Capture,
    Change,
    Claim,
    Event,
    Link,
    Party,
    Record,
    Relation,
    Source,
    TimeStamp,
    Verdict,
    record_type_of,
)
from claimreg.store.port import Reader, Store, Writer

NAMED = 5
LOOKED_AT = 50
"""Changes that are looked at to say what was recorded: a command may record a million."""

_FOREMOST: tuple[type[Record], ...] = (
    Claim, Attribution, Source, Capture, Link, Verdict, Relation, TimeStamp, Party, Alias,
)  # fmt: skip


class DryRunDoneError(Exception):
    """Ends a dry run's transaction, so that nothing of it is kept."""


class OpenRegistry:
    """The registry of one command."""

    def __init__(self, session: Session, *, dry_run: bool = False) -> None:
        from claimreg.store.factory import open_store, registry_exists

        self.session = session
        self._dry_run = dry_run
        self._exists = registry_exists(session.location)
        self._store: Store = open_store(session.location if self._exists else "memory:", create=False)
        self._changes: list[Event] = []
        self._before: int | None = None

    @property
    def reader(self) -> Reader:
        """For reading."""
        return self._store

    @property
    def store(self) -> Store:
        """The store itself, for what is derived from the records."""
        return self._store

    @contextmanager
    def write(self, action: str) -> Iterator[Writer]:
        """One transaction, in which nothing can be printed; a dry run's leaves nothing behind."""
        if not self._exists and not self._dry_run:
            from claimreg.store.factory import open_store

            self._store = open_store(self.session.location, create=True)
            self._exists = True
        with suppress(DryRunDoneError):
            with transaction(self._store, self.session.change(action)) as writer:
                known, _hash = writer.head()
                yield writer
                if self._dry_run:
                    raise DryRunDoneError
                changes = list(islice(writer.history(after=known), LOOKED_AT))
            self._remember(known, changes)

    def _remember(self, known: int, changes: list[Event]) -> None:
        if not changes:
            return
        if self.session.location != "memory:":
            remember_head(self._store)
        self._before = known if self._before is None else self._before
        self._changes = [*self._changes, *changes][:LOOKED_AT]
        keep_in_mind(told_of(self._changes))

    def _bring_index_up_to_date(self, known: int) -> None:
        """Let the search index take in what came after the event of this number."""
        from claimreg.services.changes import speaks_of_words

        with derived("The search index was left as it was; the next search brings it up to date."):
            if self.session.location != "memory:" and any(map(speaks_of_words, self._store.history(after=known))):
                ask_index(self._store, self.session, lambda _index: None)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, *_exception: object) -> None:
        # Last of all: what was recorded is said to be before what is derived from it takes its time.
        try:
            if self._before is not None and kind is not KeyboardInterrupt:
                self._bring_index_up_to_date(self._before)
        finally:
            self._store.close()


@contextmanager
def transaction(store: Store, change: Change) -> Iterator[Writer]:
    """One transaction of a command: compute inside, commit, then print; raises `PrintedTooEarlyError` where it is printed inside."""
    with nothing_printed(), store.write(change) as writer:
        yield writer


@contextmanager
def derived(sentence: str) -> Iterator[None]:
    """Work on what is derived from the records; its failure is told with this sentence, and fails no command."""
    try:
        yield
    except (Exception, KeyboardInterrupt):  # noqa: BLE001 -- what was recorded is kept, whatever befalls an index
        tell(sentence)


def told_of(changes: list[Event]) -> str:
    """What the changes did, by the ids of the foremost kind of record among them: “C27 was recorded”."""
    told = [one for one in changes if not _tells_of_a_look(one)] or changes
    kinds = {record_type_of(one.object_id) for one in told}
    foremost = next((kind for kind in _FOREMOST if kind in kinds), None)
    chosen = [one for one in told if record_type_of(one.object_id) is foremost]
    ids = list(dict.fromkeys(one.object_id for one in chosen))
    verb = "recorded" if any(one.before is None for one in chosen) else "changed"
    if len(ids) > NAMED or len(changes) >= LOOKED_AT:
        return f"{', '.join(ids[:NAMED])} and more were {verb}"
    named = " and ".join(filter(None, (", ".join(ids[:-1]), ids[-1])))
    return f"{named} {'was' if len(ids) == 1 else 'were'} {verb}"


def _tells_of_a_look(event: Event) -> bool:
    """Whether a change says no more than when a quote was looked for."""
    before, after = event.before or {}, event.after or {}
    return {name for name in before.keys() | after.keys() if before.get(name) != after.get(name)} == {"looked"}
