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

_VALUE = re.compile(r"(\d{1,4})[.:]?")
_MOST_SIGNS = 5
_MOST_ROWS = 400  # on a page; no page of text has as many, and what is looked for takes the square of it
_ALIGNED = 0.3  # of a letter's height
_APART = 0.2
_SAME_BASE = 0.6
_NEARLY_ALL = 0.9
_FEWEST, _FEWEST_STEPS, _FEWEST_ANEW = 5, 2, 8
_WIDE = 1.5
_TABLE = 0.6
_COLUMN_GAPS = 2
_SAME_BEGIN = 0.3
_FIRST = 50  # the greatest number that lines begin with where one page has them only
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
    """Numbers that count a page's lines; ``sure`` says that these are sentences, ``table``, that they are the rows of a table."""

    numbers: list[_Counted]
    step: int
    left: bool = True
    sure: bool = False
    table: bool = False


def numbers_taken_out(pages: list[list[Row]]) -> list[list[str]]:
    """Take the numbers of lines out of the pages, and return them by page, in their order."""
    columns = [_column_of(page) for page in pages]
    first = Counter(column.numbers[0].value for column in columns if column and len(column.numbers) >= _FEWEST_ANEW and not column.table)
    found: list[list[str]] = []
    model: _Column | None = None
    for at, (page, column) in enumerate(zip(pages, columns, strict=True)):
        taken = ["".join(glyph.text for glyph in row.glyphs).strip() for row in page if row.role == NUMBER]
        page[:] = [row for row in page if row.role != NUMBER]
        begin = column.numbers[0].value if column is not None else 0
        several = first[begin] > 1 or (at > 0 and bool(found[at - 1]))
        told = column is not None and not column.table and ((column.sure and (begin <= _FIRST or several)) or first[begin] > 1)
        chosen = column if told else _alike(page, model)
        if chosen is not None and not taken:
            taken = [str(one.value) for one in chosen.numbers]
            model = chosen
            _take_out(page, chosen.numbers)
        found.append(taken)
    return found


def _alike(page: list[Row], model: _Column | None) -> _Column | None:
    """The numbers of a short page, where those of the page before stood: they go on, or begin anew as those did."""
    if model is None or len(page) > _MOST_ROWS:
        return None
    known = model.numbers[0]
    near = _ALIGNED * known.size
    numbers = [
        one
        for at, row in enumerate(page)
        if (one := _at_edge(row, at, left=model.left)) is not None
        and (abs(one.start - known.start) <= near or abs(one.end - known.end) <= near)
    ]
    numbers.sort(key=lambda one: -one.base)
    if not numbers or numbers[0].value not in {known.value, model.numbers[-1].value + model.step}:
        return None
    counts = all(other.value - one.value == model.step for one, other in itertools.pairwise(numbers))
    return model._replace(numbers=numbers) if counts else None


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
            lines = _beside(page, column.numbers)
            sure = column.step > 1 or _reads_on(lines)
            return column._replace(left=left, sure=sure, table=_is_table(lines))
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
    found = _VALUE.fullmatch(text)
    if found is None:
        return None
    return _Counted(
        int(found[1]), at, min(one.start for one in word), max(one.end for one in word), word[0].base, word[0].size, tuple(word)
    )


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
        return _Column(numbers, 1) if len(numbers) >= _FEWEST else None
    whole = all(one.value % step == 0 for one in numbers)
    return _Column(numbers, step) if whole and len(numbers) >= _FEWEST_STEPS else None


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


def _is_table(lines: list[list[Glyph]]) -> bool:
    """Return whether most lines have several gaps as between the columns of a table."""
    gaps = [sum(other.start - one.end > _WIDE * other.size for one, other in itertools.pairwise(line)) for line in lines]
    return sum(count >= _COLUMN_GAPS for count in gaps) > _TABLE * len(lines)


def _reads_on(lines: list[list[Glyph]]) -> bool:
    """Return whether lines are sentences that go on from line to line: each fills its line, and no word begins as many as in a list."""
    if len(lines) < _FEWEST:
        return False
    reach = [line[-1].end - line[0].start for line in lines]
    gaps = [any(other.start - one.end > _WIDE * other.size for one, other in itertools.pairwise(line)) for line in lines]
    if sum(gaps) > _TABLE * len(lines):
        return False
    full = [way >= _FULL * max(reach) for way in reach]
    words = [_first_word(line) for line in lines]
    begins = [next((sign for sign in word if sign.isalpha()), "") for word in words]
    if Counter(words).most_common(1)[0][1] > max(_SAME_BEGIN * len(words), 2):
        return False
    if any(sign.islower() or sign.isupper() for sign in begins):
        on = sum(filled and sign.islower() for filled, sign in zip(full, begins[1:], strict=False))
        return on >= _RUNS_ON * (len(lines) - 1)
    return sum(full) >= _MOSTLY_FULL * len(lines)


def _first_word(line: list[Glyph]) -> str:
    end = next((at for at, (one, other) in enumerate(itertools.pairwise(line), 1) if other.start - one.end >= one.gap), len(line))
    return "".join(glyph.text for glyph in line[:end])


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
