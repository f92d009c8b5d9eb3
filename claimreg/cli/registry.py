"""A command's registry: read at once, made and written to only when there is something to record."""

from collections.abc import Iterator
from contextlib import contextmanager, suppress
from typing import Self

from claimreg.cli.context import Session, ask_index, tell
from claimreg.cli.remembered import remember_head
from claimreg.store.port import Reader, Store, Writer


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
        """One transaction; a dry run's leaves nothing behind."""
        if not self._exists and not self._dry_run:
            from claimreg.store.factory import open_store

            self._store = open_store(self.session.location, create=True)
            self._exists = True
        known, _hash = self._store.head()
        with suppress(DryRunDoneError), self._store.write(self.session.change(action)) as writer:
            yield writer
            if self._dry_run:
                raise DryRunDoneError
        if not self._dry_run and self.session.location != "memory:":
            remember_head(self._store)
        self._bring_index_up_to_date(known)

    def _bring_index_up_to_date(self, known: int) -> None:
        """Let the search index take in what came after the event of this number."""
        from claimreg.services.changes import speaks_of_words

        if self.session.location == "memory:" or not any(map(speaks_of_words, self._store.history(after=known))):
            return
        try:
            ask_index(self._store, self.session, lambda _index: None)
        except KeyboardInterrupt:
            # What was recorded is kept; only what is derived from it waits.
            tell("The search index was left as it was; the next search brings it up to date.")

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_exception: object) -> None:
        self._store.close()
