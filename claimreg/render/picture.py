"""The timeline's statements as a picture: who said what, when. Only places and numbers; the HTML report's template draws it.

Verdicts are not in it: given years later, as they often are, they would press all that was said into a corner.

Across, places are per cent of the width, so that signs and letters keep their size on a phone; down, they are pixels. Lanes are
parties, signs are stances. Signs that would cover each other are set below each other, and the same signs at the same place
become one with a number.
"""

from __future__ import annotations

from calendar import monthrange
from collections import Counter
from datetime import date, timedelta
from typing import TYPE_CHECKING, NamedTuple

from claimreg.model import Party, Stance
from claimreg.render.safe import one_line

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from claimreg.services.reporting.report import Happening

MOST_LANES = 12
"""Parties with a lane of their own; those who said less share one."""

MOST_LETTERS = 36
"""Code points of a party's name in the picture; the list beside it has it whole."""

_MARGIN = 2.0
_APART = 4.0  # per cent of the width that a sign takes on a phone
_MOST_ROWS = 4
_ROW, _LABEL, _HEAD, _FOOT = 18, 30, 28, 26
_MOST_YEARS, _MOST_MONTHS = 6, 3
_DAYS_OF_YEARS = 2 * 366
_YEAR, _MONTH = 4, 7


class Lane(NamedTuple):
    """A party's stretch of the picture; no label for the one that several parties share."""

    label: str | None
    top: int


class Mark(NamedTuple):
    """A sign; ``width`` is there where only the month or the year is known: it begins at ``left``."""

    sign: str
    number: int
    x: float
    y: int
    left: float = 0.0
    width: float = 0.0


class Tick(NamedTuple):
    """A line through the picture where a year or a month begins (ISO 8601)."""

    date: str
    x: float


class Picture(NamedTuple):
    """Content of the picture; ``first`` and ``last`` are the days at its edges, ``axis`` the place of the line below all."""

    height: int
    axis: int
    first: str
    last: str
    lanes: tuple[Lane, ...]
    marks: tuple[Mark, ...]
    ticks: tuple[Tick, ...]

    @property
    def signs(self) -> frozenset[str]:
        """The signs that occur."""
        return frozenset(mark.sign for mark in self.marks)


class _Dated(NamedTuple):
    party: Party
    sign: str
    first: date
    last: date


class _Scale(NamedTuple):
    first: date
    days: int

    def at(self, day: date) -> float:
        """Format a share as per cent of the width."""
        share = (day - self.first).days / self.days if self.days else 0.5
        return round(_MARGIN + (100 - 2 * _MARGIN) * share, 1)


def picture(happenings: Iterable[Happening]) -> Picture | None:
    """The picture of a timeline, ``None`` where no statement has a date."""
    dated = [one for happening in happenings if (one := _dated(happening)) is not None]
    if not dated:
        return None
    first, last = min(one.first for one in dated), max(one.last for one in dated)
    scale = _Scale(first, (last - first).days)
    lanes, marks, top = [], [], _HEAD
    for lane, entries in _lanes(dated):
        lanes.append(lane._replace(top=top))
        placed = _placed(entries, scale, top + _LABEL)
        marks.extend(placed)
        top = max(mark.y for mark in placed) + _ROW
    return Picture(top + _FOOT, top, first.isoformat(), last.isoformat(), tuple(lanes), tuple(marks), tuple(_ticks(first, last, scale)))


def _dated(happening: Happening) -> _Dated | None:
    if happening.date is None or happening.statement is None:
        return None
    try:
        first, last = _days(happening.date)
    except ValueError:
        return None
    stance = happening.statement.attribution.stance
    return _Dated(happening.statement.party, stance.value if isinstance(stance, Stance) else "unknown", first, last)


def _days(value: str) -> tuple[date, date]:
    """The first and the last day of a date of whatever precision."""
    if len(value) == _YEAR:
        return date(int(value), 1, 1), date(int(value), 12, 31)
    if len(value) == _MONTH:
        year, month = int(value[:4]), int(value[5:])
        return date(year, month, 1), date(year, month, monthrange(year, month)[1])
    day = date.fromisoformat(value[:10])
    return day, day


def _lanes(dated: Sequence[_Dated]) -> Iterator[tuple[Lane, list[_Dated]]]:
    numbers = Counter(one.party.id for one in dated)
    most = {party for party, _number in numbers.most_common(MOST_LANES)}
    by_party: dict[str, list[_Dated]] = {}
    shared = []
    for one in dated:
        if one.party.id in most:
            by_party.setdefault(one.party.id, []).append(one)
        else:
            shared.append(one)
    for entries in by_party.values():
        yield Lane(_short(entries[0].party.name), 0), entries
    if shared:
        yield Lane(None, 0), shared


def _placed(entries: Iterable[_Dated], scale: _Scale, top: int) -> list[Mark]:
    numbers = Counter((scale.at(one.first), scale.at(one.last), one.sign) for one in entries)
    ends = [-_APART] * _MOST_ROWS
    placed = []
    for (left, right, sign), number in sorted(numbers.items()):
        x = round((left + right) / 2, 1)
        row = next((row for row, end in enumerate(ends) if end <= min(x - _APART / 2, left)), _MOST_ROWS - 1)
        ends[row] = max(x + (_APART * 2 if number > 1 else _APART) / 2, right)
        placed.append(Mark(sign, number, x, top + row * _ROW, left, round(right - left, 1)))
    return placed


def _ticks(first: date, last: date, scale: _Scale) -> Iterator[Tick]:
    if (last - first).days >= _DAYS_OF_YEARS:
        years = range(first.year + 1, last.year + 1)
        step = -(-len(years) // _MOST_YEARS)
        for year in years[::step]:
            yield Tick(str(year), scale.at(date(year, 1, 1)))
        return
    months = list(_months(first, last))
    step = max(1, -(-len(months) // _MOST_MONTHS))
    for month in months[step // 2 :: step]:
        x = scale.at(month)
        if 12 <= x <= 88:  # noqa: PLR2004 -- letters beside the edges would be cut off
            yield Tick(month.isoformat()[:_MONTH], x)


def _months(first: date, last: date) -> Iterator[date]:
    month = first.replace(day=1)
    while (month := (month + timedelta(days=31)).replace(day=1)) <= last:
        yield month


def _short(name: str) -> str:
    shown = one_line(name)
    return shown if len(shown) <= MOST_LETTERS else shown[: MOST_LETTERS - 1] + "…"
