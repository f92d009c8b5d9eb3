"""Numbers of lines at the edge of pages: of court records, bills, poems; they are no words of the text and cut its sentences.

A column of numbers is taken for them only where it counts the lines: by one at each, or by five at each fifth. Numbered lists do not
count lines that run on, tables hold no sentences that go on in the next row.
"""

from __future__ import annotations

import itertools
import re
from collections import Counter
from typing import TYPE_CHECKING, NamedTuple

from claimreg.ingest.formats.pdf_lines import Row, row_of
from claimreg.ingest.formats.pdf_marks import NUMBER

if TYPE_CHECKING:
    from claimreg.ingest.formats.pdf_glyphs import Glyph

_VALUE = re.compile(r"\d{1,4}")
_MOST_SIGNS = 4
_MOST_ROWS = 400  # on a page; no page of text has as many, and what is looked for takes the square of it
_ALIGNED = 0.3  # of a letter's height
_APART = 0.25
_SAME_BASE = 0.6
_NEARLY_ALL = 0.9
_FEWEST, _FEWEST_STEPS, _FEWEST_ANEW = 5, 2, 8
_WIDE = 1.5
_TABLE = 0.6
_RUNS_ON, _FULL, _MOSTLY_FULL = 0.2, 0.75, 0.5


class _Counted(NamedTuple):
    """A number at the edge of a row, and what it is made of."""

    value: int
    row: int
    start: float
    end: float
    base: float
    size: float
    glyphs: tuple[Glyph, ...]


class _Column(NamedTuple):
    """Numbers that count a page's lines; ``sure`` says that they hold sentences, and not the rows of a table."""

    numbers: list[_Counted]
    step: int
    sure: bool


def numbers_taken_out(pages: list[list[Row]]) -> list[list[str]]:
    """Take the numbers of lines out of the pages, and return them by page, in their order."""
    columns = [_column_of(page) for page in pages]
    first = Counter(column.numbers[0].value for column in columns if column and len(column.numbers) >= _FEWEST_ANEW)
    found: list[list[str]] = []
    for page, column in zip(pages, columns, strict=True):
        taken = ["".join(glyph.text for glyph in row.glyphs).strip() for row in page if row.role == NUMBER]
        page[:] = [row for row in page if row.role != NUMBER]
        anew = column is not None and len(column.numbers) >= _FEWEST_ANEW and first[column.numbers[0].value] > 1
        if column is not None and not taken and (column.sure or anew):
            taken = [str(one.value) for one in column.numbers]
            _take_out(page, column.numbers)
        found.append(taken)
    return found


def _take_out(page: list[Row], numbers: list[_Counted]) -> None:
    gone = {one.row: one.glyphs for one in numbers}
    rows = []
    for at, row in enumerate(page):
        if at in gone:
            left = [glyph for glyph in row.glyphs if not any(glyph is one for one in gone[at])]
            if any(not glyph.text.isspace() for glyph in left):
                rows.append(row_of(left))
        else:
            rows.append(row)
    page[:] = rows


def _column_of(page: list[Row]) -> _Column | None:
    """The column of numbers, at the left edge or else at the right one, that counts the lines of a page."""
    if len(page) > _MOST_ROWS or any(row.role == NUMBER for row in page):
        return None
    for left in (True, False):
        counted = [one for at, row in enumerate(page) if (one := _at_edge(row, at, left=left)) is not None]
        column = _counting(_aligned(counted))
        if column is not None and _holds(page, column, left=left):
            return column._replace(sure=column.step > 1 or _reads_on(page, column.numbers))
    return None


def _at_edge(row: Row, at: int, *, left: bool) -> _Counted | None:
    """The number at one edge of a row, with room between it and the rest."""
    if row.turn:
        return None
    shown = sorted((one for one in row.glyphs if not one.text.isspace()), key=lambda one: one.start if left else -one.end)
    word: list[Glyph] = []
    for one in shown[: _MOST_SIGNS + 1]:
        if word:
            away = one.start - word[-1].end if left else word[-1].start - one.end
            if away >= _APART * one.size:
                break
        word.append(one)
    text = "".join(one.text for one in (word if left else reversed(word)))
    if not _VALUE.fullmatch(text):
        return None
    return _Counted(int(text), at, min(one.start for one in word), max(one.end for one in word), word[0].base, word[0].size, tuple(word))


def _aligned(counted: list[_Counted]) -> list[_Counted]:
    """The numbers that stand below each other, from the top; right or left edges in one line."""
    best: list[_Counted] = []
    for anchor in counted:
        near = _ALIGNED * anchor.size
        for edge in ("start", "end"):
            beside = [one for one in counted if abs(getattr(one, edge) - getattr(anchor, edge)) <= near]
            if len(beside) > len(best):
                best = beside
    return sorted(best, key=lambda one: -one.base)


def _counting(numbers: list[_Counted]) -> _Column | None:
    steps = Counter(after.value - before.value for before, after in itertools.pairwise(numbers))
    if not steps:
        return None
    step, often = steps.most_common(1)[0]
    if step < 1 or often < _NEARLY_ALL * (len(numbers) - 1):
        return None
    if step == 1:
        return _Column(numbers, 1, sure=False) if len(numbers) >= _FEWEST else None
    whole = all(one.value % step == 0 for one in numbers)
    return _Column(numbers, step, sure=False) if whole and len(numbers) >= _FEWEST_STEPS else None


def _holds(page: list[Row], column: _Column, *, left: bool) -> bool:
    """Return whether all else beside the numbers stands on their one side, and each counts its line."""
    numbers = column.numbers
    rows_with = {one.row for one in numbers}
    bases: list[float] = []
    low, high = numbers[-1].base, numbers[0].base
    edge = max(one.end for one in numbers) if left else min(one.start for one in numbers)
    near = _SAME_BASE * numbers[0].size
    for at, row in sorted(enumerate(page), key=lambda one: -one[1].base):
        if not low - near <= row.base <= high + near or row.turn:
            continue
        if at not in rows_with and (row.start <= edge if left else row.end >= edge):
            return False
        if not bases or bases[-1] - row.base > near:
            bases.append(row.base)
    places = [min(range(len(bases)), key=lambda at: abs(bases[at] - one.base)) for one in numbers]
    right = sum(after - before == column.step for before, after in itertools.pairwise(places))
    return right >= _NEARLY_ALL * (len(places) - 1)


def _reads_on(page: list[Row], numbers: list[_Counted]) -> bool:
    """Return whether the lines beside the numbers are sentences that go on from line to line."""
    lines = _beside(page, numbers)
    if len(lines) < _FEWEST:
        return False
    reach = [line[-1].end - line[0].start for line in lines]
    widest = max(reach)
    gaps = [any(after.start - before.end > _WIDE * after.size for before, after in itertools.pairwise(line)) for line in lines]
    if sum(gaps) > _TABLE * len(lines):
        return False
    full = [way >= _FULL * widest for way in reach]
    begins = [next((sign for sign in line[0].text if sign.isalpha()), "") for line in lines]
    if any(sign.islower() or sign.isupper() for sign in begins):
        on = sum(filled and sign.islower() for filled, sign in zip(full, begins[1:], strict=False))
        return on >= _RUNS_ON * (len(lines) - 1)
    return sum(full) >= _MOSTLY_FULL * len(lines)


def _beside(page: list[Row], numbers: list[_Counted]) -> list[list[Glyph]]:
    """The letters beside each number, from left to right."""
    lines: list[list[Glyph]] = []
    for one in numbers:
        line = [
            glyph
            for row in page
            if abs(row.base - one.base) <= _SAME_BASE * one.size and not row.turn
            for glyph in row.glyphs
            if not glyph.text.isspace() and not any(glyph is sign for sign in one.glyphs)
        ]
        if line:
            lines.append(sorted(line, key=lambda glyph: glyph.start))
    return lines
