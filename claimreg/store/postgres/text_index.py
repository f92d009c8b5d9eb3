"""The index of captured texts of a shared registry, without those that its user may not see."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING

from claimreg.store.gram_index import LetterGroupIndex
from claimreg.store.port import UnkeptIndexError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from claimreg.store.segments import SegmentFolder


class SharedTextIndex(LetterGroupIndex):
    """Index whose files have nothing of a text that the user may not see; ``hidden`` gives the numbers of these.

    They count as known, and nothing is found in them. One that was taken in when it could be seen is taken out when the index is loaded;
    one that may be seen again is missing until it is taken in.
    """

    def __init__(self, kept: SegmentFolder, hidden: Callable[[], set[int]]) -> None:
        self._ask_hidden = hidden
        self._hidden: set[int] = set()
        self._is_locked = False
        super().__init__(kept)

    def load(self) -> None:
        super().load()
        self._hidden = self._ask_hidden()
        if self.known & self._hidden:
            self._take_out_hidden()
        self.known |= self._hidden

    @contextmanager
    def locked(self) -> Iterator[None]:
        with super().locked():
            self._is_locked = True
            try:
                yield
            finally:
                self._is_locked = False

    def _take_out_hidden(self) -> None:
        if self._is_locked:
            self.take_out(self.known & self._hidden)
            return
        try:
            with self.locked():
                # Read again: another process may have done it while we waited.
                super().load()
                self.take_out(self.known & self._hidden)
        except UnkeptIndexError:
            self.forget()

    def _keep(self) -> None:
        self._kept.keep(self.document(self.known - self._hidden), [segment.columns for segment in self._segments])
