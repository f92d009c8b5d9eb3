"""Find what stands between quotation marks: marks of any language, those that are their own partner by their neighbours.

A mark without its partner is repaired: a closing one reaches back to the sentence's start, an opening one on to the paragraph's end.
A quotation whose paragraph ends within it goes on where the next paragraph opens with the same mark.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field

_CLOSERS = {"“": '”“"', '"': '"”', "„": '“”"', "«": "»", "‹": "›", "「": "」", "『": "』", "‘": "’", "”": "”", "»": "«", "‚": "‘’"}
_REVERSED = "”»"
"""Closing marks that open in some languages: ”…” in Finnish, »…« in Danish and German."""
_SINGLE = "‘'‚"
_SIGN = re.compile("[“”„«»‹›「」『』‘’‚\"'\n]")
_ENDS = ".!?…"
_SEEN = re.compile(r"\S")
_SENTENCE = re.compile(r"[.!?…]\s+(?=[^\s])")
_BEFORE_OPENING = " \n([{—–-/“„«‘‹:;=>*_"
_AFTER_CLOSING = " \n)]}.,;:!?…—–-/”»’›*_"


@dataclass(slots=True)
class Marked:
    """A quotation in the normal form: ``start`` and ``end`` with its marks, ``parts`` without them, a part for each paragraph."""

    start: int
    end: int
    parts: list[tuple[int, int]]
    depth: int
    sign: str
    opener_missing: bool = False
    closer_missing: bool = False
    inner: list[Marked] = field(default_factory=list)
    is_parted: bool = False
    """True where words that tell who speaks stand between the parts, within the marks."""


@dataclass(slots=True)
class _Open:
    sign: str
    start: int
    parts: list[tuple[int, int]]
    begin: int
    inner: list[Marked]
    has_comma: bool = False


class _Reader:
    """One pass over the marks of a text; ``done`` are the outermost quotations so far, ``stack`` the open ones."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.done: list[Marked] = []
        self.stack: list[_Open] = []
        self.paragraph = 0

    def read(self) -> list[Marked]:
        for match in _SIGN.finditer(self.text):
            self._sign(match[0], match.start())
        self._end_paragraph(len(self.text), is_last=True)
        return self.done

    def _sign(self, sign: str, at: int) -> None:
        if sign == "\n":
            self._end_paragraph(at, is_last=False)
        elif sign == '"':
            self._straight(at)
        elif sign in "'‘’‚":
            self._single(sign, at)
        elif sign in _CLOSERS and sign not in _REVERSED and self._looks_opening(at) and not self._looks_closing(at):
            self._open(sign, at)
        elif self._closes(sign):
            self._close(at)
        elif sign in _CLOSERS and (sign not in _REVERSED or self._looks_opening(at)):
            self._open(sign, at)
        elif not self.stack:
            self._close_unopened(sign, at)

    def _closes(self, sign: str) -> bool:
        """Return whether a sign ends the innermost quotation that is not between single marks; those that it stands around end, too."""
        for index in range(len(self.stack) - 1, max(len(self.stack) - 4, -1), -1):
            one = self.stack[index]
            if sign in _CLOSERS.get(one.sign, one.sign):
                while len(self.stack) > index + 1:
                    self._forget()
                return True
            if one.sign not in _SINGLE:
                return False
        return False

    def _straight(self, at: int) -> None:
        opening, closing = self._looks_opening(at), self._looks_closing(at)
        is_open = any(one.sign in '"„' for one in self.stack[-3:])
        is_mixed = any(one.sign == "“" for one in self.stack[-3:]) and closing and not opening
        if is_mixed or (is_open and (closing or not opening)):
            if self._closes('"'):
                self._close(at)
        elif opening:
            self._open('"', at)
        elif closing and not self.stack and not self.text[at - 1 : at].isdigit():
            self._close_unopened('"', at)

    def _single(self, sign: str, at: int) -> None:
        text = self.text
        inside = text[at - 1 : at].isalnum() and text[at + 1 : at + 2].isalnum()
        if inside:
            return
        top = self.stack[-1] if self.stack else None
        if top and top.sign in _SINGLE and self._looks_closing(at) and sign in _CLOSERS.get(top.sign, "'"):
            # Behind a letter it may be an apostrophe (the boys' dog): what is quoted so is a name, of one piece.
            top.has_comma = top.has_comma or text.find(",", top.begin, at) >= 0
            if not (text[at - 1].isalnum() and top.has_comma):
                self._close(at)
        elif sign in _SINGLE and self._looks_opening(at) and text[at + 1 : at + 2].isalpha():
            self._open(sign, at)

    def _looks_opening(self, at: int) -> bool:
        before, after = self.text[at - 1 : at] if at else " ", self.text[at + 1 : at + 2]
        return before in _BEFORE_OPENING and bool(after) and not after.isspace()

    def _looks_closing(self, at: int) -> bool:
        before, after = self.text[at - 1 : at] if at else " ", self.text[at + 1 : at + 2] or " "
        return not before.isspace() and (after in _AFTER_CLOSING or not after.isalnum())

    def _open(self, sign: str, at: int) -> None:
        if sign in _SINGLE and self.stack and self.stack[-1].sign in _SINGLE:
            # The one before was an apostrophe.
            self._forget()
        bottom = self.stack[0] if self.stack else None
        if bottom and bottom.sign == sign and len(self.stack) == 1 and self.paragraph and not _SEEN.search(self.text, self.paragraph, at):
            bottom.begin = at + 1
            return
        self.stack.append(_Open(sign, at, [], at + 1, []))

    def _forget(self) -> None:
        """Take the innermost open sign for none; what stands between marks within it counts for itself."""
        inner = self.stack.pop().inner
        if self.stack:
            self.stack[-1].inner.extend(inner)
        else:
            self._count_outermost(inner)

    def _count_outermost(self, inner: list[Marked]) -> None:
        for one in inner:
            one.depth = 0
        self.done.extend(inner)

    def _close(self, at: int) -> None:
        one = self.stack.pop()
        self._add(self._marked(one, at, at + 1))

    def _marked(self, one: _Open, end: int, outside: int, *, closer_missing: bool = False) -> Marked:
        if end > one.begin:
            one.parts.append((one.begin, end))
        return Marked(one.start, outside, one.parts, len(self.stack), one.sign, closer_missing=closer_missing, inner=one.inner)

    def _add(self, marked: Marked) -> None:
        if any(_SEEN.search(self.text, start, end) for start, end in marked.parts):
            (self.stack[-1].inner if self.stack else self.done).append(marked)

    def _close_unopened(self, sign: str, at: int) -> None:
        start = max(self.paragraph, self.done[-1].end if self.done else 0)
        for sentence in _SENTENCE.finditer(self.text, start, at):
            start = sentence.end()
        while start < at and self.text[start].isspace():
            start += 1
        if start < at:
            self._add(Marked(start, at + 1, [(start, at)], 0, sign, opener_missing=True))

    def _end_paragraph(self, at: int, *, is_last: bool) -> None:
        if self.stack:
            bottom = self.stack[0]
            if not is_last and at == self.paragraph:
                # An empty line: what the line before it was told holds.
                bottom.begin = at + 1
            elif not is_last and bottom.sign not in _SINGLE and self._goes_on(bottom.sign, at):
                while len(self.stack) > 1:
                    self._forget()
                if at > bottom.begin:
                    bottom.parts.append((bottom.begin, at))
                bottom.begin = at + 1
            else:
                self._drop_open(at)
        self.paragraph = at + 1

    def _goes_on(self, sign: str, at: int) -> bool:
        """Return whether the next line that has words opens with the mark again, or ends the sentence that this one stops in."""
        seen = _SEEN.search(self.text, at)
        place = seen.start() if seen else len(self.text)
        is_torn = self.text[at - 1 : at] not in _ENDS
        return self.text[place : place + 1] == sign or (is_torn and self._has_closer(sign, place))

    def _has_closer(self, sign: str, start: int) -> bool:
        """Return whether the line at a place closes the mark more often than it opens it."""
        end = self.text.find("\n", start)
        more = 0
        for match in _SIGN.finditer(self.text, start, len(self.text) if end < 0 else end):
            place = match.start()
            if match[0] in _CLOSERS.get(sign, sign) and self._looks_closing(place) and not self._looks_opening(place):
                more += 1
            elif match[0] == sign:
                more -= 1
            if more > 0:
                return True
        return False

    def _drop_open(self, at: int) -> None:
        """End what is open at a paragraph's end; what stands between marks within it counts for itself."""
        bottom = self.stack[0]
        inner = [marked for one in self.stack for marked in one.inner]
        self.stack.clear()
        if bottom.sign in _SINGLE:
            self._count_outermost(inner)
            return
        stop = inner[0].start if inner and inner[0].sign == bottom.sign else at
        bottom.inner = [] if stop < at else inner
        if stop > bottom.begin:
            self._add(self._marked(bottom, stop, stop, closer_missing=True))
        if stop < at:
            self._count_outermost(inner)


def marked(text: str) -> list[Marked]:
    """The quotations of a text in its normal form, the outermost, in order; the others are in their ``inner``."""
    return _Reader(text).read()
