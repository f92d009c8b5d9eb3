"""Text from the lines of pages: paragraphs are joined, and what stands at the pages' edges no longer cuts sentences in two.

Heads and feet go to what is left out, notes at a page's foot after the paragraph that runs on past them. No word is touched; a word
that is broken at a line end stays as it is, hyphen and line end, which the linker reads as one word.
"""

from __future__ import annotations

import itertools
import re
from collections import Counter
from statistics import median
from typing import NamedTuple

from claimreg.model import Locator
from claimreg.text.scripts import is_unspaced

HEADS_AND_FEET = "the pages' heads and feet"
LINE_NUMBERS = "the lines' numbers"
COMMENT = "a reviewer's comment"

EDGE = "edge"
"""Role of a line that the file says is the page's head or foot."""
BESIDE = "beside"
"""Role of a line that the file says is no part of the text, whatever else it is."""

_HYPHENS = "-\u00ad\u2010\u2011"
_SENTENCE_END = re.compile(r"[.!?…:;۔؟।॥။។][\"'”’»)\]]*\d{0,3}$")
_FULL_LINE = 0.85
_NEIGHBOURS = 4

_NUMBER = re.compile(r"\d+")
_BARE_NUMBER = re.compile(r"\W*(\d{1,6}|[ivxlcdm]{1,9}|[IVXLCDM]{1,9})\W*")
_ROMAN = re.compile(r"m{0,3}(?:cm|cd|d?c{0,3})(?:xc|xl|l?x{0,3})(?:ix|iv|v?i{0,3})")
_ROMAN_VALUES = {"i": 1, "v": 5, "x": 10, "l": 50, "c": 100, "d": 500, "m": 1000}
_FEWEST_PAGES = 2
_MOST_EDGE_LINES = 4
_MOST_WORDS = 12
_OFTEN = 0.4  # share of the pages from which on a line at their edge is a running one; left and right pages may have two
_FAR = 1.3  # of the space between lines: what stands farther off stands apart
_GRAIN = 4.0  # units of a page, within which lines of several pages stand at the same height

_SMALL = 0.93  # of the size of most letters: notes are set smaller
_NOTE_MARK = re.compile(r"(?:\d{1,3}|[*†‡§¶]{1,3}|\[\d{1,3}\]|\(\d{1,3}\)|[⁰¹²³⁴-⁹]+|[٠-٩۰-۹]{1,3})[.)]?\s*\S")


class Line(NamedTuple):
    """A line of text, and where on the page it stands: ``base`` from the foot up, ``start`` and ``end`` along the line.

    ``turn`` is its direction in degrees, ``role`` what the file says that it is.
    """

    text: str
    base: float
    start: float = 0.0
    end: float = 0.0
    size: float = 1.0
    turn: int = 0
    role: str = ""


class Layout(NamedTuple):
    """A text, what was left out of it, and where in both each page and each part that was left out begins (code points)."""

    text: str
    left_out: str
    locators: tuple[Locator, ...]


class _Piece(NamedTuple):
    line: Line
    page: int
    note: bool


def laid_out(pages: list[list[Line]], numbers: list[list[str]] | None = None, comments: list[str] | None = None) -> Layout:
    """The text of pages that are given as their lines, none of which is empty, the numbers that were taken out of these, and comments."""
    bodies = [list(lines) for lines in pages]
    running = _without_edges(bodies)
    if not any(bodies):
        bodies, running = [list(lines) for lines in pages], []
    text, locators = _joined(bodies)
    parts = [(HEADS_AND_FEET, "\n".join(dict.fromkeys(running)))]
    parts.append((LINE_NUMBERS, "\n".join(" ".join(one) for one in numbers or () if one)))
    parts.extend((COMMENT, one) for one in comments or ())
    start = len(text) + 1
    left: list[str] = []
    for label, part in parts:
        if part:
            left.append(part)
            locators.append(Locator(start, label))
            start += len(part) + 1
    return Layout(text, "\n".join(left), tuple(locators))


def _joined(bodies: list[list[Line]]) -> tuple[str, list[Locator]]:
    pieces = _in_order(bodies)
    lines = [piece.line.text for piece in pieces]
    written: list[str] = []
    locators: list[Locator] = []
    length, page = 0, -1
    for number, piece in enumerate(pieces):
        if piece.page > page or (piece.page != page and locators):
            skipped = range(page + 1, piece.page) if piece.page > page else range(0)
            locators.extend(Locator(length, f"page {one + 1}") for one in (*skipped, piece.page))
            page = piece.page
        last = number + 1 == len(pieces)
        end = "" if last else _between(lines, number) if pieces[number + 1].note == piece.note else "\n"
        written.append(lines[number] + end)
        length += len(written[-1])
    known = {locator.label for locator in locators}
    locators.extend(Locator(length, f"page {one + 1}") for one in range(len(bodies)) if f"page {one + 1}" not in known)
    return "".join(written), locators


def _in_order(bodies: list[list[Line]]) -> list[_Piece]:
    """All lines, with notes at a page's foot after the paragraph that they cut in two."""
    pieces: list[_Piece] = []
    waiting: list[_Piece] = []
    usual = _usual_size(bodies)
    flow: list[str] = []
    for page, body in enumerate(bodies):
        notes = _notes_of(body, usual)
        for at, line in enumerate(body):
            piece = _Piece(line, page, at in notes)
            if piece.note:
                waiting.append(piece)
                continue
            if waiting and flow and not _runs_on([*flow[-_NEIGHBOURS:], line.text], min(len(flow), _NEIGHBOURS) - 1):
                pieces.extend(waiting)
                waiting = []
            pieces.append(piece)
            flow.append(line.text)
    return [*pieces, *waiting]


def _usual_size(bodies: list[list[Line]]) -> float:
    sizes: Counter[float] = Counter()
    for body in bodies:
        for line in body:
            sizes[round(line.size, 1)] += len(line.text)
    return max(sizes, key=lambda size: (sizes[size], size)) if sizes else 1.0


def _notes_of(body: list[Line], usual: float) -> set[int]:
    """The place of notes on a page: lines in small letters at the foot of a page or a column, that begin with a note's mark."""
    notes: set[int] = set()
    at = 0
    while at < len(body):
        end = at
        while end < len(body) and body[end].size <= _SMALL * usual and not body[end].turn:
            end += 1
        if end > at:
            lowest = end == len(body) or body[end].base > body[at].base
            above = at > 0 and body[at - 1].base > body[at].base
            if lowest and above and _NOTE_MARK.match(body[at].text):
                notes.update(range(at, end))
            at = end
        else:
            at += 1
    return notes


def _between(lines: list[str], number: int) -> str:
    """The text between a line and the next, in place of the line end where the paragraph goes on."""
    if not _runs_on(lines, number):
        return "\n"
    return "" if is_unspaced(lines[number][-1]) and is_unspaced(lines[number + 1][0]) else " "


def _runs_on(lines: list[str], number: int) -> bool:
    """Return whether the paragraph goes on in the next line."""
    line, following = lines[number], lines[number + 1]
    if line[-1] in _HYPHENS:
        return False  # the line end tells the hyphen of a broken word from that of a compound
    around = lines[max(0, number - _NEIGHBOURS) : number + _NEIGHBOURS + 1]
    full, ended = len(line) >= _FULL_LINE * max(map(len, around)), _SENTENCE_END.search(line) is not None
    return (full or not ended) if following[0].islower() else (full and not ended)


def _without_edges(bodies: list[list[Line]]) -> list[str]:
    """Take the running lines from the edges of the pages, and return them in the order of the pages."""
    taken: list[tuple[int, float, str]] = []
    for page, body in enumerate(bodies):
        marked = _marked(body)
        taken.extend((page, -line.base, line.text) for line in body if line in marked)
        body[:] = [line for line in body if line not in marked]
    for top in (True, False):
        for _ in range(_MOST_EDGE_LINES):
            edges = [_at_edge(body, top=top) for body in bodies]
            keys = [_keys(edge, page, top=top) if edge else frozenset() for page, edge in enumerate(edges)]
            often = max(_FEWEST_PAGES, _OFTEN * len(bodies))
            running = {key for key, count in Counter(key for one in keys for key in one).items() if count >= often}
            if not running:
                break
            for page, edge in enumerate(edges):
                if edge is not None and keys[page] & running:
                    bodies[page].pop(edge.at)
                    taken.append((page, -edge.line.base, edge.line.text))
    return [text for _, _, text in sorted(taken)]


def _marked(body: list[Line]) -> set[Line]:
    """The lines of which the file says that they are no part of the text, and that are a head or foot, or stand where such do."""
    text = [line for line in body if not line.role]
    if not text:
        return set()
    low, high = min(line.base for line in text), max(line.base for line in text)
    return {line for line in body if line.role == EDGE or (line.role == BESIDE and not low <= line.base <= high)}


class _Edge(NamedTuple):
    line: Line
    at: int
    apart: bool


def _at_edge(body: list[Line], *, top: bool) -> _Edge | None:
    """The line at a page's edge: the highest or lowest, of several the one that is drawn first or last."""
    level = [at for at, line in enumerate(body) if not line.turn]
    if not level:
        return None
    bases = [body[at].base for at in level]
    best = (max if top else min)(bases)
    at = next(one for one in (level if top else reversed(level)) if body[one].base == best)
    line = body[at]
    steps = sorted({round(base, 1) for base in bases})
    ways = [after - before for before, after in itertools.pairwise(steps) if after - before > line.size / 2]
    usual = median(ways) if ways else 0.0
    away = min((abs(body[one].base - line.base) for one in level if abs(body[one].base - line.base) > line.size / 2), default=0.0)
    return _Edge(line, at, bool(ways) and away > _FAR * usual)


def _keys(edge: _Edge, page: int, *, top: bool) -> frozenset[str]:
    """Keys that are equal for the running lines of several pages.

    Lines are alike that differ in numbers only; numbers alone where they count the pages. What stands apart from the text and at the
    same height is alike, too, if it has the page's number at its end, or differs in one word.
    """
    line = edge.line
    bare = _page_number(line.text)
    if bare is not None:
        return frozenset({f"#{bare - page}"})
    keys = {_NUMBER.sub("#", line.text)}
    words = line.text.split()
    if not edge.apart or len(words) > _MOST_WORDS:
        return frozenset(keys)
    height = round(line.base / _GRAIN)
    counted = (_page_number(word) for word in (words[0], words[-1]))
    keys.update(f"#{number - page} {height}" for number in counted if number is not None)
    alike = [_NUMBER.sub("#", word) for word in words]
    if len(words) > 1:
        keys.update(" ".join((*alike[:at], "*", *alike[at + 1 :], str(height))) for at in range(len(words)))
    elif not top:
        keys.add(f"* {height}")
    return frozenset(keys)


def _page_number(text: str) -> int | None:
    """The number that a text is, in digits or Roman numerals."""
    found = _BARE_NUMBER.fullmatch(text)
    if found is None:
        return None
    if found[1].isdigit():
        return int(found[1])
    signs = found[1].lower()
    if not _ROMAN.fullmatch(signs):
        return None
    values = [_ROMAN_VALUES[sign] for sign in signs]
    return sum(-one if one < max(values[at:]) else one for at, one in enumerate(values))
