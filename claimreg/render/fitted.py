"""Tables for people, one line a record, that fit the width of a terminal: cells that have no room end with an ellipsis."""

from __future__ import annotations

from itertools import chain, islice
from typing import TYPE_CHECKING, NamedTuple

from rich.cells import cell_len, get_character_cell_size
from rich.text import Text

from claimreg.render.labels import ENGLISH, Words
from claimreg.render.safe import one_line

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from claimreg.render.listed import Column

ELLIPSIS = "…"
_GAP = 2
_LOOKED_AT = 500
"""Rows whose cells decide how wide the columns are; the table begins before the others are read."""

_MOST_CODE_POINTS = 8
"""Code points that one cell of a terminal may take: letters with marks on them."""


class Width(NamedTuple):
    """Place of a column among the cells of a row, and its width."""

    place: int
    cells: int


def fitted(columns: Sequence[Column], rows: Iterable[Sequence[str]], width: int, words: Words = ENGLISH) -> Iterator[Text]:
    """Yield the lines of a table: the headings, then the rows; none where there are no rows."""
    columns = [column._replace(name=words.say(column.name)) for column in columns]
    rest = iter(rows)
    first = list(islice(rest, _LOOKED_AT))
    if not first:
        return
    widths = _widths(columns, first, width)
    yield _line([column.name for column in columns], columns, widths, width, heading=True)
    for row in chain(first, rest):
        yield _line(row, columns, widths, width)


def cut(text: str, cells: int) -> str:
    """A text on one line that takes no more than so many cells; what is left out is told by an ellipsis."""
    start = one_line(text[: (cells + 1) * _MOST_CODE_POINTS])
    if len(text) <= (cells + 1) * _MOST_CODE_POINTS and cell_len(start) <= cells:
        return start
    taken, kept = 0, 0
    for kept, character in enumerate(start):  # noqa: B007 -- where it ends is what is wanted
        taken += get_character_cell_size(character)
        if taken > cells - len(ELLIPSIS):
            break
    return (start[:kept].rstrip() + ELLIPSIS)[: max(cells, 0)]


def _widths(columns: Sequence[Column], rows: Sequence[Sequence[str]], width: int) -> list[Width]:
    shown = [place for place, column in enumerate(columns) if not column.if_any or any(row[place] for row in rows)]
    needed = {place: max(cell_len(columns[place].name), *(_needed(row[place], width) for row in rows)) for place in shown}
    while True:
        room = width - _GAP * (len(shown) - 1) - sum(needed[one] for one in shown if not columns[one].share)
        flexible = [place for place in shown if columns[place].share]
        given = _shared(columns, {place: needed[place] for place in flexible}, room)
        if len(flexible) < 2 or all(given[place] >= min(columns[place].least, needed[place]) for place in flexible):  # noqa: PLR2004 -- one stays
            return [Width(place, given.get(place, needed[place])) for place in shown]
        shown.remove(flexible[-1])


def _needed(text: str, width: int) -> int:
    """The cells that a text takes, no more than a line has."""
    return min(width, cell_len(one_line(text[: width * _MOST_CODE_POINTS])))


def _shared(columns: Sequence[Column], needed: dict[int, int], room: int) -> dict[int, int]:
    """The room, shared out: whoever needs less than a share leaves the rest to the others."""
    given: dict[int, int] = {}
    open_places = dict(needed)
    while open_places:
        shares = sum(columns[place].share for place in open_places)
        content = [place for place, cells in open_places.items() if cells <= room * columns[place].share // shares]
        if not content:
            first, *others = open_places
            shared = {place: max(room, 0) * columns[place].share // shares for place in others}
            # What is left by rounding is the first one's.
            return {**given, **shared, first: max(room - sum(shared.values()), 1)}
        for place in content:
            given[place] = open_places.pop(place)
            room -= given[place]
    return given


def _line(row: Sequence[str], columns: Sequence[Column], widths: Sequence[Width], width: int, *, heading: bool = False) -> Text:
    """One line; a longer id than those that were looked at takes its room from the cell after it."""
    line = Text(no_wrap=True, overflow="ignore", end="")
    end = 0
    for number, (place, cells) in enumerate(widths):
        end += cells
        room = end - line.cell_len
        text = cut(row[place], max(1, min(cells, room))) if columns[place].share else one_line(row[place])
        space = " " * max(0, room - cell_len(text))
        style = "bold" if heading else "cyan" if number == 0 else ""
        line.append(space + text if columns[place].is_number else text + space, style=style)
        line.append(" " * _GAP)
        end += _GAP
    line.rstrip()
    if line.cell_len > width:
        line.truncate(width, overflow="crop")
    return line
