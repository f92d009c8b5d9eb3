"""Builder of an article's blocks: the readers of formats tell it what comes, in order, and it keeps the places."""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from typing import TYPE_CHECKING, NamedTuple

from claimreg.ingest.articles.attribution import follows, with_attribution
from claimreg.ingest.articles.note_signs import without_note_signs
from claimreg.services.articles import Block, Comment, Role

if TYPE_CHECKING:
    from collections.abc import Sequence

    from claimreg.model import Span

CODE_LEFT_OUT = "\ufffc"
"""Object replacement character (Unicode 23.8): stands in a paragraph for code that was taken out of it."""

_INSTRUCTION = re.compile(r"\s*claimreg:\s*(.*?)\s*", re.DOTALL)
_PRECEDENCE = (Role.CODE, Role.CITE, Role.QUOTE, Role.NOTE, Role.HEADING)
_MARK_CATEGORIES = ("Pi", "Pf")
_OTHER_MARKS = frozenset("\"'„‚「」『』＂")


class _Buffer(NamedTuple):
    text: list[str]
    places: list[int]
    written: dict[int, int]

    def write(self, text: str, places: Sequence[int]) -> None:
        if text:
            self.text.append(text)
            self.places.extend(places)

    def end(self) -> int:
        last = len(self.places) - 1
        return self.places[last] + self.written.get(last, 1) if self.places else 0

    def stand_in(self, text: str, place: int, length: int) -> None:
        at = len(self.places)
        self.text.append(text)
        for offset in range(at, at + len(text)):
            self.places.append(place)
            self.written[offset] = length

    def join(self, other: _Buffer) -> None:
        at = len(self.places)
        self.text.extend(other.text)
        self.places.extend(other.places)
        self.written.update({at + offset: length for offset, length in other.written.items()})


class Builder:
    """Gatherer of blocks. `write`, `stand_in` and `draw` add to the block at hand, `end_block` closes it.

    ``file`` is the file's decoded text, where the places are in one.
    """

    def __init__(self, file: str = "") -> None:
        self._file = file
        self._has_returns = "\r" in file
        self.blocks: list[Block] = []
        self.comments: list[Comment] = []
        self.group = 0
        self._quoted_from = 0
        self._roles: Counter[Role] = Counter()
        self._buffer = _new()
        self._held: _Buffer | None = None
        self._beside: list[tuple[Role, _Buffer]] = []

    def open(self, role: Role) -> None:
        """Begin a part of this role; parts may lie in one another, and what names a speaker is one block for all of it."""
        if role is not Role.CITE or not self._roles[role]:
            self.end_block()
        if role is Role.QUOTE and not self._roles[role]:
            self.group += 1
            self._quoted_from = len(self.blocks)
        self._roles[role] += 1

    def close(self, role: Role) -> None:
        """End the innermost part of this role; nothing happens where none is open."""
        if role is not Role.CITE or self._roles[role] <= 1:
            self.end_block()
        if self._roles[role]:
            self._roles[role] -= 1
        if role is Role.QUOTE:
            self._roles[Role.CITE] = 0  # a name that was never closed ends with its quotation
            if not self._roles[role]:
                self.blocks[self._quoted_from :] = with_attribution(self.blocks[self._quoted_from :])
                self._quoted_from = len(self.blocks)

    def inside(self, role: Role) -> bool:
        """Return whether a part of this role is open."""
        return self._roles[role] > 0

    def write(self, text: str, places: Sequence[int]) -> None:
        """Add characters as they stand in the file at these places."""
        self._buffer.write(text, places)

    def stand_in(self, text: str, place: int, length: int) -> None:
        """Add characters for ``length`` others that stand in the file from ``place`` on."""
        self._buffer.stand_in(text, place, length)

    def draw(self, sign: str, place: int | None = None) -> None:
        """Add a sign that a program draws, and that is not in the file: at this place of it, or where the block has come to."""
        self._buffer.stand_in(sign, self._buffer.end() if place is None else place, 0)

    def ends_in_space(self) -> bool:
        """Return whether the block at hand is empty or ends in white space."""
        parts = self._buffer.text or (self._held.text if self._held is not None else [])
        return not parts or parts[-1][-1:].isspace()

    def hold(self) -> None:
        """Keep what comes apart from the block, until `release` or `release_code` decides on it."""
        if self._held is None:
            self._held, self._buffer = self._buffer, _new()

    def held_text(self) -> str:
        """The text that is kept apart."""
        return "".join(self._buffer.text) if self._held is not None else ""

    def release(self, *, keep: bool) -> None:
        """Put what was kept apart into the block, or drop it."""
        if self._held is not None:
            held, self._buffer, self._held = self._buffer, self._held, None
            if keep:
                self._buffer.join(held)

    def release_as(self, text: str) -> None:
        """Put what was kept apart into the block in another spelling, sign for sign."""
        if self._held is not None:
            held = self._buffer
            self.release(keep=False)
            for sign, place in zip(text, held.places, strict=True):
                self._buffer.stand_in(sign, place, 1)

    def release_code(self) -> None:
        """Put code that stands in a sentence into it, or, where it has quotation marks, which quote nothing, into a block of its own."""
        if self._held is None:
            return
        text = self.held_text()
        if not any(_is_mark(sign) for sign in text):
            self.release(keep=True)
            return
        code = self._buffer
        self.release(keep=False)
        self._beside.append((Role.CODE, code))
        self._buffer.stand_in(CODE_LEFT_OUT, code.places[0], code.places[-1] + 1 - code.places[0])

    def note(self, text: str, places: Sequence[int]) -> None:
        """Add a note that stands in a sentence: it comes as a block behind the one at hand."""
        note = _new()
        note.write(text, places)
        self._beside.append((Role.NOTE, note))

    def comment(self, text: str, place: Span) -> None:
        """Keep a comment, if it is an instruction to claimreg."""
        if found := _INSTRUCTION.fullmatch(text):
            self.comments.append(Comment(found[1], place))

    def end_block(self) -> None:
        """Close the block at hand; one without a visible character is none."""
        self.release(keep=True)
        role = next((role for role in _PRECEDENCE if self._roles[role]), Role.BODY)
        group = self.group if self._roles[Role.QUOTE] or role is Role.CITE else None
        self._add(role, self._buffer, group)
        for kind, beside in self._beside:
            self._add(kind, beside, None)
        self._buffer, self._beside = _new(), []

    def _add(self, role: Role, buffer: _Buffer, group: int | None) -> None:
        text = "".join(buffer.text)
        if text and not text.isspace():
            if self._has_returns:
                self._note_line_ends(text, buffer)
            block = _trimmed(Block(role, text, tuple(buffer.places), buffer.written, group))
            self.blocks.append(block if role is Role.CODE else follows(self.blocks, without_note_signs(block)))

    def _note_line_ends(self, text: str, buffer: _Buffer) -> None:
        """Note where a line feed stands for a carriage return, or for both."""
        at = text.find("\n")
        while at >= 0:
            place = buffer.places[at]
            if self._file.startswith("\r", place):
                buffer.written.setdefault(at, 1 + self._file.startswith("\n", place + 1))
            at = text.find("\n", at + 1)


def _new() -> _Buffer:
    return _Buffer([], [], {})


def _is_mark(sign: str) -> bool:
    return sign in _OTHER_MARKS or unicodedata.category(sign) in _MARK_CATEGORIES


def _trimmed(block: Block) -> Block:
    """The block without white space around it; of code, whose first line may be indented, without that behind it."""
    start = 0 if block.role is Role.CODE else len(block.text) - len(block.text.lstrip())
    end = len(block.text.rstrip())
    written = {offset - start: length for offset, length in block.written.items() if start <= offset < end}
    return block._replace(text=block.text[start:end], places=block.places[start:end], written=written)
