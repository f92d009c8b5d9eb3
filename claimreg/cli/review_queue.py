"""Queue of a review with a position: the next item, the skipped ones, and the steps that can be undone."""

from collections import deque
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import NamedTuple

from claimreg.services.reviewing.queue import Item


class Step(NamedTuple):
    """An item that left the front of the queue: decided, by which record its decision is found in the history, or skipped.

    ``added`` and ``dropped`` are the items that the decision brought into the queue and took out of it.
    """

    item: Item
    object_id: str | None = None
    added: tuple[Item, ...] = ()
    dropped: tuple[Item, ...] = ()


@dataclass
class Queue:
    """Items in their order. One that is skipped comes once more when all others were seen, and then not again in this session."""

    waiting: deque[Item]
    skipped: list[Item] = field(default_factory=list)
    steps: list[Step] = field(default_factory=list)
    seen: int = 0
    is_second_round: bool = False

    @property
    def current(self) -> Item | None:
        """Return the next item; ``None`` at the end."""
        return self.waiting[0] if self.waiting else None

    @property
    def total(self) -> int:
        """Return the number of items, with those that were seen."""
        return self.seen + len(self.waiting)

    def decided(self, object_id: str, added: Iterable[Item] = (), dropped: Iterable[Item] = ()) -> None:
        """The current item was decided."""
        item = self.pass_over()
        gone = set(dropped)
        step = Step(item, object_id, tuple(added), tuple(one for one in self.waiting if one in gone))
        self.waiting = deque((*step.added, *(one for one in self.waiting if one not in gone)))
        self.steps.append(step)

    def take_in(self, added: Iterable[Item], dropped: Iterable[Item]) -> tuple[Item, ...]:
        """Somebody else added items, and made others wait no more; returns those that are new. The current one stays."""
        gone = set(dropped)
        self.waiting = deque(one for place, one in enumerate(self.waiting) if not place or one not in gone)
        known = {*self.waiting, *self.skipped, *(one for step in self.steps for one in (step.item, *step.added, *step.dropped))}
        new = tuple(one for one in dict.fromkeys(added) if one not in known)
        self.waiting.extend(new)
        return new

    def skip(self) -> None:
        """The current item is left for later."""
        item = self.pass_over()
        self.skipped.append(item)
        self.steps.append(Step(item))

    def begin_second_round(self) -> bool:
        """Put the skipped items back; return whether there are any, and it is the first time."""
        if self.is_second_round or not self.skipped:
            return False
        self.is_second_round = True
        self.seen -= len(self.skipped)
        self.waiting.extend(self.skipped)
        self.skipped = []
        # A skip of the first round cannot be taken back any more: its item waits again.
        self.steps = [step for step in self.steps if step.object_id is not None]
        return True

    def take_back(self) -> None:
        """The last step was undone: its item comes first again."""
        step = self.steps.pop()
        if step.object_id is None:
            self.skipped.remove(step.item)
        self.waiting = deque((step.item, *(one for one in self.waiting if one not in step.added), *step.dropped))
        self.seen -= 1

    def put_first(self, items: Iterable[Item]) -> None:
        """Put an item whose decision of an earlier session was undone before all others."""
        again = tuple(dict.fromkeys(items))
        self.waiting = deque((*again, *(one for one in self.waiting if one not in again)))

    def pass_over(self) -> Item:
        """Take the current item out of the queue; returns it."""
        self.seen += 1
        return self.waiting.popleft()
