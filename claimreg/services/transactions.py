"""Transactions on a store that may have to be made first, and bringing up to date what is derived from its records."""

from __future__ import annotations

from contextlib import contextmanager, suppress
from itertools import islice
from typing import TYPE_CHECKING, Self

from claimreg.model import Change
from claimreg.services.history import speaks_of_words

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from claimreg.services.surroundings import Surroundings
    from claimreg.store.port import Reader, Store, Writer

MEMORY = "memory:"
NOTICED = 50
"""Events of one transaction that are told of: one may record a million."""


class DryRunDoneError(Exception):
    """Signal that ends a dry run's transaction, so that nothing of it is kept."""


class Transactions:
    """A store, written to in transactions that have a name; see `claimreg.registry.Registry`."""

    def __init__(self, store: Store, surroundings: Surroundings, *, make: Callable[[], Store] | None = None, dry_run: bool = False) -> None:
        self._store = store
        self._around = surroundings
        self._make = make
        self._dry_run = dry_run
        self._has_new_words = False
        self._has_new_texts = False
        self._words_may_wait = False

    @property
    def reader(self) -> Reader:
        """The records, for reading."""
        return self._store

    @property
    def store(self) -> Store:
        """The store itself, for what is derived from the records."""
        return self._store

    @contextmanager
    def write(self, action: str) -> Iterator[Writer]:
        """One transaction under the name of an action; a dry run's leaves nothing behind."""
        if self._make is not None and not self._dry_run:
            self._store, self._make = self._make(), None
        with suppress(DryRunDoneError):
            change = Change(user=self._around.user(), at=self._around.now(), action=action)
            with self._around.transaction(self._store, change) as writer:
                known, _hash = writer.head()
                yield writer
                if self._dry_run:
                    raise DryRunDoneError
                events = list(islice(writer.history(after=known), NOTICED))
            if events:
                # Of more events than are looked at, the index sees for itself.
                self._has_new_words = self._has_new_words or len(events) == NOTICED or any(map(speaks_of_words, events))
                self._around.recorded(self._store, events)

    def close(self) -> None:
        """Bring what is derived from the records up to date, and close the store."""
        self.__exit__(None)

    def _take_in_texts(self) -> None:
        """Bring the index of the sources' texts up to date with the new ones."""
        from claimreg.services.linking.likely import bring_up_to_date

        with self._derived("The index of documents was left as it was; the next `claimreg link` brings it up to date."):
            bring_up_to_date(self._store, self._around.tell_aside, self._around.taken_in)

    def _take_in_words(self) -> None:
        """Bring the search index up to date."""
        with self._derived("The search index was left as it was; the next search brings it up to date."):
            if self._store.location != MEMORY:
                self._around.ask_index(self._store, lambda _index: None)

    @contextmanager
    def _derived(self, sentence: str) -> Iterator[None]:
        """Work on what is derived from the records; its failure is told with this sentence, and fails nothing."""
        try:
            yield
        except (Exception, KeyboardInterrupt):  # noqa: BLE001 -- what was recorded is kept, whatever befalls an index
            self._around.tell(sentence)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, *_exception: object) -> None:
        # Last of all: what was recorded is said to be before what is derived from it takes its time.
        try:
            if self._has_new_texts and kind is None:
                self._take_in_texts()
            if self._has_new_words and kind is not KeyboardInterrupt and not self._words_may_wait:
                self._take_in_words()
        finally:
            self._store.close()
