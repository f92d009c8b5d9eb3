"""Lines of a PDF's page from the letters it shows: which stand on one line, where words are parted, and how they are read."""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from functools import partial
from itertools import pairwise
from statistics import median
from typing import TYPE_CHECKING, NamedTuple

from claimreg.ingest.formats.bidi import BACKWARDS, Cell, direction_of, letters, matched, read_order
from claimreg.ingest.formats.page_lines import Line
from claimreg.ingest.formats.tidy import storable

if TYPE_CHECKING:
    from collections.abc import Iterable

    from claimreg.ingest.formats.pdf_glyphs import Glyph

_SAME_LINE = 0.8  # of a letter's height: raised and lowered signs stay on the line; as pypdf has it
_SAME_WORD = 1.4  # of a letter's height: words in Nastaliq hang down from the line, letter by letter, and hang together
_ENOUGH = 0.95  # of a gap's least width, for rounding
_NEAR = 0.35
_SAME_PLACE = 0.08  # of a letter's height
_FAR_MARK = 0.6
_BETWEEN_LETTERS = 0.3
_HANGING = 0.25
_SPACED_OUT = 0.6  # share of letters apart from which on a line is letter-spaced
_WIDER = 1.4  # how much wider a gap between words is than between spaced-out letters
_FEWEST_SPACED = 5
_AROUND = 2
_BACK_STEP = 0.5

_ENDS = frozenset(".,:;!?")
_SPACES = re.compile(r"[ \t\u00a0]{2,}")
_INNER_SOFT_HYPHEN = re.compile("\u00ad(?=.)")
_TURNING = re.compile("[\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]")
_SHAPES = re.compile("[\ufb50-\ufdff\ufe70-\ufefc]+")
_PIECES = re.compile(r"[^\W_]+|.", re.DOTALL)


class Row(NamedTuple):
    """Letters on one line, in the order in which they were drawn."""

    glyphs: list[Glyph]
    base: float
    start: float
    end: float
    size: float
    turn: int
    role: str


def rows_of(glyphs: Iterable[Glyph]) -> list[Row]:
    """The lines of a page, in the order in which they are drawn; letters that are drawn twice over stand once."""
    rows: list[list[Glyph]] = []
    spaces: list[Glyph] = []
    seen: set[tuple[str, int, int, int]] = set()
    low = high = 0.0
    for glyph in glyphs:
        if rows and _on_line(rows[-1][-1], glyph, low, high):
            if not _again(glyph, seen):
                rows[-1].append(glyph)
                low, high = min(low, glyph.base), max(high, glyph.base)
        elif glyph.text.isspace():
            spaces.append(glyph)
        elif not _again(glyph, seen):
            rows.append([*(one for one in spaces if one.base == glyph.base and one.turn == glyph.turn), glyph])
            spaces = []
            low = high = glyph.base
    return [row_of(row) for row in rows]


def _again(glyph: Glyph, seen: set[tuple[str, int, int, int]]) -> bool:
    """Return whether the same letters have been drawn at the same place: twice over makes them bold."""
    grain = max(glyph.size * _SAME_PLACE, 1e-3)
    key = (glyph.text, int(glyph.start // grain), int(glyph.base // grain), glyph.turn)
    known = key in seen
    seen.add(key)
    return known and not glyph.text.isspace()


def _on_line(last: Glyph, glyph: Glyph, low: float, high: float) -> bool:
    if last.turn != glyph.turn or last.role != glyph.role:
        return False
    away = max(low - glyph.base, glyph.base - high, 0.0)
    if away <= _SAME_LINE * min(last.size, glyph.size):
        return True
    size = max(last.size, glyph.size)
    touching = min(abs(last.end - glyph.start), abs(glyph.end - last.start)) <= _NEAR * size
    return touching and abs(last.base - glyph.base) <= _SAME_WORD * size and direction_of(glyph.text) in {"AL", "NSM"}


def row_of(glyphs: list[Glyph]) -> Row:
    """A line of these letters, which are not all spaces."""
    shown = [one for one in glyphs if not one.text.isspace()]
    size = max((len(one.text), one.size) for one in shown)[1] if len(shown) == 1 else _usual_size(shown)
    base = median(one.base for one in shown)
    return Row(glyphs, base, min(one.start for one in shown), max(one.end for one in shown), size, shown[0].turn, shown[0].role)


def _usual_size(glyphs: list[Glyph]) -> float:
    """The size of most letters."""
    sizes: dict[float, int] = {}
    for one in glyphs:
        sizes[round(one.size, 2)] = sizes.get(round(one.size, 2), 0) + len(one.text)
    return max(sizes, key=lambda size: sizes[size])


def lines_of(rows: list[Row]) -> list[Line]:
    """The texts of lines, each as it is read; which way that is, is told by the lines around."""
    if not any(BACKWARDS.search(glyph.text) for row in rows for glyph in row.glyphs):
        return _placed([_spaced(row.glyphs) for row in rows], rows)
    counts = [letters("".join(one.text for one in row.glyphs)) for row in rows]
    page_back = sum(back for _, back in counts) > sum(forward for forward, _ in counts)
    arabic = _is_arabic(rows)
    texts: list[tuple[str, str]] = []
    for number, row in enumerate(rows):
        forward, back = counts[number]
        if not back and not page_back:
            text = _spaced(row.glyphs)
            texts.append((text, text))
            continue
        near = counts[max(0, number - _AROUND) : number + _AROUND + 1]
        cells = _seen(row)
        if back or not forward:
            backwards = sum(one[1] for one in near) > sum(one[0] for one in near)
        else:
            backwards = cells[0].text in _ENDS and cells[-1].text not in _ENDS
        read = partial(_read, cells, backwards=backwards, arabic=arabic)
        texts.append((read(mirror=True), read(mirror=False)))
    mirrored, plain = ("\n".join(text[way] for text in texts) for way in (0, 1))
    way = int(matched(plain) > matched(mirrored))
    return _placed([text[way] for text in texts], rows)


def _placed(texts: list[str], rows: list[Row]) -> list[Line]:
    lines = (Line(_tidied(text), row.base, row.start, row.end, row.size, row.turn, row.role) for text, row in zip(texts, rows, strict=True))
    return [line for line in lines if line.text]


def _is_arabic(rows: list[Row]) -> bool:
    """Return whether most letters that are written from right to left are Arabic, Syriac or Thaana ones."""
    classes = Counter(unicodedata.bidirectional(sign) for row in rows for glyph in row.glyphs for sign in glyph.text)
    return classes["AL"] > classes["R"]


def _tidied(text: str) -> str:
    return _INNER_SOFT_HYPHEN.sub("", _SPACES.sub(" ", storable(text).replace("\n", " ")).strip())


def _spaced(glyphs: list[Glyph]) -> str:
    """Letters in the order in which they are drawn, words parted."""
    wide = _letter_space(glyphs)
    parts: list[str] = []
    last: Glyph | None = None
    reach = 0.0
    for one in glyphs:
        if last is not None and not one.text[0].isspace() and not last.text[-1].isspace() and not _is_mark(one.text[0]):
            away = one.start - reach
            if away >= max(min(one.gap, last.gap) * _ENOUGH, wide) or away < -_BACK_STEP * (one.size + last.end - last.start):
                parts.append(" ")
        parts.append(one.text)
        # A mark has its place on a letter, and leaves the room beside it as it is.
        reach = max(reach, one.end) if last is not None and _is_mark(one.text[0]) else one.end
        last = one
    return "".join(parts)


def _letter_space(glyphs: list[Glyph]) -> float:
    """The least gap between words of a line whose letters are spaced out; 0 for others."""
    shown = [one for one in glyphs if not one.text.isspace()]
    if len(shown) < _FEWEST_SPACED or sum(len(one.text) == 1 for one in shown) < _SPACED_OUT * len(shown):
        return 0.0
    pairs = [(one, other) for one, other in pairwise(glyphs) if not one.text.isspace() and not other.text.isspace()]
    apart = [other.start - one.end for one, other in pairs if other.start - one.end >= one.gap * _ENOUGH]
    return median(apart) * _WIDER if apart and len(apart) >= _SPACED_OUT * len(pairs) else 0.0


def _seen(row: Row) -> list[Cell]:
    """Letters side by side, from left to right: marks with what they stand on, words of several signs in their parts, gaps as spaces."""
    cells = sorted(_with_marks(row.glyphs), key=lambda cell: (round(cell.start, 1), cell.end))
    gap = median(one.gap for one in row.glyphs)
    wide = max(gap * _ENOUGH, _letter_space(sorted(row.glyphs, key=lambda one: one.start)))
    bases = [one.base for one in row.glyphs if direction_of(one.text) == "AL"]
    if bases and max(bases) - min(bases) > _HANGING * row.size:  # Nastaliq: letters that do not join stand apart within words, too
        wide = max(wide, _BETWEEN_LETTERS * row.size)
    seen: list[Cell] = []
    reach = float("-inf")
    for cell in cells:
        if seen and cell.start - reach >= wide and not (cell.text.isspace() or seen[-1].text.isspace()):
            seen.append(Cell(" ", reach, cell.start))
        seen.append(cell)
        reach = max(reach, cell.end)
    return seen


def _with_marks(glyphs: list[Glyph]) -> list[Cell]:
    cells: list[Cell] = []
    marks: list[tuple[int, Glyph]] = []
    for one in glyphs:
        text = _TURNING.sub("", one.text)
        if not text:
            continue
        if all(unicodedata.category(sign) in {"Mn", "Cf"} for sign in text):
            marks.append((len(cells), one))
        elif len(text) > 1 and letters(text)[1] == 0:
            share = (one.end - one.start) / len(text)
            cells.extend(Cell(part[0], one.start + share * part.start(), one.start + share * part.end()) for part in _PIECES.finditer(text))
        else:
            cells.append(Cell(text, one.start, one.end))
    for at, mark in marks:
        best = _bearer(cells, at, mark)
        if best is None:
            cells.append(Cell(mark.text, mark.start, mark.end))
        else:
            cells[best] = cells[best]._replace(text=cells[best].text + mark.text)
    return cells


def _bearer(cells: list[Cell], at: int, mark: Glyph) -> int | None:
    """The letter that a mark stands on: the one drawn after it where letters are drawn from left to right, else the one before."""
    near = [number for number in (at - 1, at) if 0 <= number < len(cells)]
    if not near:
        return None
    if unicodedata.category(mark.text[0]) == "Cf":  # a joiner has no width, whatever its font says, and stands before its letter
        return min(near, key=lambda number: abs(cells[number].start - mark.start))
    middle = (mark.start + mark.end) / 2
    away = {number: max(cells[number].start - middle, middle - cells[number].end, 0.0) for number in near}
    wanted = near[-1] if len(near) == 1 or cells[near[0]].start < cells[near[1]].start else near[0]
    return wanted if away[wanted] <= _FAR_MARK * mark.size else min(near, key=lambda number: away[number])


def _is_mark(sign: str) -> bool:
    return unicodedata.category(sign)[0] == "M"


def _read(cells: list[Cell], *, backwards: bool, arabic: bool, mirror: bool) -> str:
    text = "".join(read_order([cell.text for cell in cells], backwards=backwards, arabic=arabic, mirror=mirror))
    return unicodedata.normalize("NFC", _SHAPES.sub(_plain_letters, text))


def _plain_letters(found: re.Match[str]) -> str:
    """Arabic letters without the shapes that they have inside words, and ligatures as their letters."""
    return "".join(unicodedata.normalize("NFKC", one).strip() or one for one in found[0])
