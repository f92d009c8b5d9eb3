"""Users of a shared registry's events: whom each event names, held against whom the database knew."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from claimreg.text.counted import counted

if TYPE_CHECKING:
    from collections.abc import Iterator

    from claimreg.model import Event
    from claimreg.store.port import Store


class OtherUsers:
    """Events whose user is another one than the database's, gathered event by event in their order."""

    def __init__(self, store: Store) -> None:
        self._known = store.database_users()
        self._next = next(self._known, None)
        self._counts: Counter[tuple[str, str]] = Counter()

    def take(self, event: Event) -> None:
        """Hold the user of an event against the database's; where the database knows of none, nothing is said."""
        while self._next is not None and self._next[0] < event.seq:
            self._next = next(self._known, None)
        if self._next is not None and self._next[0] == event.seq and self._next[1]:
            self._counts[event.user, self._next[1]] += 1

    def told(self) -> Iterator[tuple[str, str]]:
        """Tell of each pair of users that does not go together, by the user whom the events name.

        A database's user by whom several work, each under a name of their own, is passed over, unless one of the two names is that
        of somebody who has a user of the same name in the database.
        """
        own = {user for user, known in self._counts if user == known}
        for (user, known), count in sorted(self._counts.items()):
            if user != known and (user in own or known in own):
                yield user, f"{counted(count, 'event')} in this name came from the database's user {known}"
