"""Watch over what others record while a review goes on at a terminal."""

from collections.abc import Callable
from contextlib import suppress

from claimreg.cli.review_queue import Queue
from claimreg.errors import ChangedMeanwhileError, StoreError
from claimreg.render.labels import Words, message
from claimreg.services.reviewing import queue
from claimreg.services.reviewing.meanwhile import News, is_another
from claimreg.services.reviewing.queue import Item, Question
from claimreg.store.port import Changes, Reader, Store

_ADDED = message("{number} more to review, from {users}.")
_CHANGED = message("This was changed meanwhile; look at it again.")

FindNews = Callable[[Reader, int], News]


class Meanwhile:
    """Look-out for what others record: items are added to the queue, and a question that is on the screen may have been answered.

    ``find`` gives the news since an event; without it, only the question that is asked is looked at.
    """

    def __init__(self, store: Store, find: FindNews | None, words: Words, *, revealed: bool) -> None:
        self._store = store
        self._find = find
        self._words = words
        self._revealed = revealed
        self._changes: Changes = store.changes()
        self._position = store.head()[0]

    def close(self) -> None:
        """Look no more."""
        self._changes.close()

    def look(self, waiting: Queue) -> str | None:
        """Take in what was recorded since the last look; ``None`` where that is nothing, else what to say of it, which may be empty."""
        # Whatever goes wrong is met by the next decision, which cannot do without the registry.
        with suppress(StoreError):
            if self._changes.wait(0):
                return self._taken_in(waiting)
        return None

    def answer_to(self, item: Item, asked: Question) -> str:
        """Say what became of a question that is on the screen; empty where it still is the one to ask."""
        with suppress(StoreError):
            try:
                with self._store.snapshot() as reader:
                    now = queue.question(reader, item, revealed=self._revealed)
            except ChangedMeanwhileError as error:
                return str(error)
            return self._words.say(_CHANGED) if is_another(asked, now) else ""
        return ""

    def _taken_in(self, waiting: Queue) -> str:
        if self._find is None:
            return ""
        with self._store.snapshot() as reader:
            found = self._find(reader, self._position)
        self._position = found.position
        added = waiting.take_in(found.added, found.dropped)
        if not added:
            return ""
        return self._words.say(_ADDED).format(number=self._words.number(len(added)), users=", ".join(found.users))
