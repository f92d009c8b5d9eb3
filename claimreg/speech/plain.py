"""Read a text in one normal form, with the way back to its code points: composed letters, plain spaces, one kind of line end.

What a reader does not see (soft hyphens, signs of direction) is left out, so that it parts no word.
"""

from __future__ import annotations

import re
import unicodedata
from typing import TYPE_CHECKING, NamedTuple

from claimreg.model import Span

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

_SPACES = dict.fromkeys(map(ord, "\t\u00a0\u1680\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2007\u2008\u2009\u200a\u202f\u205f\u3000"), " ")
_LINE_ENDS = dict.fromkeys(map(ord, "\r\v\f\x85\u2028\u2029"), "\n")
_ALIKE = {**_SPACES, **_LINE_ENDS, ord("‟"): "“", ord("＂"): '"', ord("〝"): "“", ord("〞"): "”"}
_UNSEEN = "\u00ad\u061c\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff"
_REWRITTEN = re.compile(f"[{_UNSEEN}]|\r\n|``|''")
_INSTEAD = {"\r\n": "\n", "``": "“", "''": "”"}


class Plain(NamedTuple):
    """A text in the normal form; ``starts`` and ``ends`` are the code points that each character came from, empty where it is itself."""

    text: str
    starts: Sequence[int] = ()
    ends: Sequence[int] = ()

    def span(self, start: int, end: int) -> Span:
        """The span of the text as it was given for one, not empty, of the normal form."""
        return Span(self.starts[start], self.ends[end - 1]) if self.starts else Span(start, end)


def plain(text: str) -> Plain:
    """Return the normal form of a text."""
    is_composed = unicodedata.is_normalized("NFC", text)
    if is_composed and not _REWRITTEN.search(text):
        return Plain(text.translate(_ALIKE))
    pieces: list[str] = []
    starts: list[int] = []
    ends: list[int] = []
    for start, end, piece in _rewritten(text) if is_composed else _composed(text):
        pieces.append(piece)
        if len(piece) == end - start:
            starts.extend(range(start, end))
            ends.extend(range(start + 1, end + 1))
        else:
            starts.extend([start] * len(piece))
            ends.extend([end] * len(piece))
    return Plain("".join(pieces).translate(_ALIKE), starts, ends)


def _rewritten(text: str) -> Iterator[tuple[int, int, str]]:
    """The stretches of a text whose letters are composed, each with what stands for it: itself, between what is rewritten."""
    place = 0
    for match in _REWRITTEN.finditer(text):
        if match.start() > place:
            yield place, match.start(), text[place : match.start()]
        yield match.start(), match.end(), _INSTEAD.get(match[0], "")
        place = match.end()
    if place < len(text):
        yield place, len(text), text[place:]


def _composed(text: str) -> Iterator[tuple[int, int, str]]:
    """The letters of a text with their marks, and its other signs, each with what stands for it."""
    place = 0
    while place < len(text):
        rewritten = _REWRITTEN.match(text, place)
        if rewritten:
            yield place, rewritten.end(), _INSTEAD.get(rewritten[0], "")
            place = rewritten.end()
            continue
        end = place + 1
        while end < len(text) and unicodedata.combining(text[end]):
            end += 1
        yield place, end, unicodedata.normalize("NFC", text[place:end])
        place = end
