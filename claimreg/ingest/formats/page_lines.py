"""Text from the lines of pages: paragraphs are joined, and what stands at every page's edge no longer cuts sentences in two.

Nothing is left out but repeated heads and feet, and no word is touched. A word that is broken at a line end stays as it is,
hyphen and line end, which the linker reads as one word.
"""

from __future__ import annotations

import re
from collections import Counter
from typing import NamedTuple

_HYPHENS = "-\u00ad\u2010\u2011"
_SENTENCE_END = re.compile(r"[.!?…:;][\"'”’»)\]]*\d{0,3}$")
_FULL_LINE = 0.85
_NEIGHBOURS = 4

_NUMBER = re.compile(r"\d+")
_BARE_NUMBER = re.compile(r"\W*(\d{1,6})\W*")
_FEWEST_PAGES = 2
_MOST_EDGE_LINES = 3
_OFTEN = 0.4  # share of the pages from which on a line at their edge is a running one; left and right pages may have two


class Layout(NamedTuple):
    """A text, and where in it each page begins (code points)."""

    text: str
    starts: tuple[int, ...]


def laid_out(pages: list[list[str]]) -> Layout:
    """The text of pages that are given as their lines, none of which is empty; running heads and feet go to its end."""
    bodies = [list(lines) for lines in pages]
    running = _taken_out(bodies, 0) + _taken_out(bodies, -1)
    lines = [line for body in bodies for line in body]
    pieces: list[str] = []
    starts: list[int] = []
    length = number = 0
    for body in bodies:
        starts.append(length)
        for _ in body:
            end = (" " if _runs_on(lines, number) else "\n") if number + 1 < len(lines) else ""
            pieces.append(lines[number] + end)
            length += len(pieces[-1])
            number += 1
    return Layout("\n".join(part for part in ("".join(pieces), *running) if part), tuple(starts))


def _runs_on(lines: list[str], number: int) -> bool:
    """Return whether the paragraph goes on in the next line."""
    line, following = lines[number], lines[number + 1]
    if line[-1] in _HYPHENS:
        return False  # the line end tells the hyphen of a broken word from that of a compound
    around = lines[max(0, number - _NEIGHBOURS) : number + _NEIGHBOURS + 1]
    full, ended = len(line) >= _FULL_LINE * max(map(len, around)), _SENTENCE_END.search(line) is not None
    return (full or not ended) if following[0].islower() else (full and not ended)


def _taken_out(bodies: list[list[str]], edge: int) -> list[str]:
    """Take the running lines from one edge of the pages (0 the first line, -1 the last); each is given back once."""
    taken: dict[str, None] = {}
    for _ in range(_MOST_EDGE_LINES):
        keys = [_key(body[edge], page) if body else None for page, body in enumerate(bodies)]
        often = max(_FEWEST_PAGES, _OFTEN * len(bodies))
        running = {key for key, count in Counter(keys).items() if key is not None and count >= often}
        if not running:
            break
        for body, key in zip(bodies, keys, strict=True):
            if key in running:
                taken[body.pop(edge)] = None
    return list(taken)


def _key(line: str, page: int) -> str:
    """Return a key that is equal for lines that differ in numbers; numbers alone are equal where they count the pages."""
    bare = _BARE_NUMBER.fullmatch(line)
    return f"#{int(bare[1]) - page}" if bare else _NUMBER.sub("#", line)
