"""Join what is said over several sentences: a quotation goes on with the statement before it, and a cue with a colon has what follows.

People who mark who speaks take “Q1,” S said. “Q2.” as one statement of two parts, 25 times in 26.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

    from claimreg.speech.orders import Found
    from claimreg.speech.sentences import Token


class Gathered:
    """The statements of a text so far, sentence by sentence."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.all: list[Found] = []
        self._open: int | None = None
        """The place of the statement that the next sentence may go on with."""
        self._is_block = False
        """Whether that statement's content is a paragraph without marks, of which the last sentence was one."""
        self._end = 0

    def add(self, sentence: Sequence[Token], found: Sequence[Found]) -> bool:
        """Take the statements of the next sentence; whether that is what an earlier statement says itself."""
        is_parted = "\n" in self.text[self._end : sentence[0].start]
        self._end = sentence[-1].end
        if not found and self._open is not None and self._goes_on(self.all[self._open], sentence, is_parted=is_parted):
            return True
        places = [place for place, one in enumerate(found, len(self.all)) if one.is_open or one.is_waiting]
        self.all.extend(found)
        self._open = places[0] if places else None
        self._is_block = False
        return False

    def _goes_on(self, one: Found, sentence: Sequence[Token], *, is_parted: bool) -> bool:
        quoted = sentence[0].quoted
        if quoted is not None and (one.is_waiting or not is_parted):
            alone = not any(token.is_word for token in sentence[1:])
            self._join(one, quoted.parts if alone else [(sentence[0].start, sentence[-1].end)])
        elif one.is_waiting and is_parted:
            self._join(one, [(sentence[0].start, sentence[-1].end)])
            self._is_block = True
        elif self._is_block and not is_parted:
            self._join(one._replace(parts=()), [(one.parts[0][0], sentence[-1].end)])
        else:
            return False
        return True

    def _join(self, one: Found, more: Sequence[tuple[int, int]]) -> None:
        if self._open is not None:
            self.all[self._open] = one._replace(parts=(*one.parts, *more), is_waiting=False)
