"""Put neighbouring items together to the numbers that they write: words, figures with a scale, fractions, units."""

from __future__ import annotations

from fractions import Fraction
from typing import TYPE_CHECKING

from claimreg.linker.judge.combine import added, combined, inverted, is_multiplier
from claimreg.linker.judge.entries import Kind
from claimreg.linker.judge.items import Item, Passage, Reading, items_of, places_of

if TYPE_CHECKING:
    from collections.abc import Sequence

_JOINTS = " \u00a0\u202f\t\n\r-‐‑"
_HYPHEN = frozenset("-‐‑")
_THOUSAND = 1000
_COUNTING = (Kind.NUMBER, Kind.SIGN)
_TENTHS = (10, 100, 1000, 10_000)
_FIRST_HALVES, _SECOND_HALVES = frozenset(map(Fraction, range(13, 21))), frozenset(map(Fraction, range(10, 100)))
"""Halves of a year as English reads it (nineteen ninety-five)."""


def numbers_of(passage: Passage) -> list[Item]:
    """The items of a passage with its numbers put together and their units taken in."""
    items = items_of(passage)
    if not places_of(_COUNTING, items):
        return items
    found: list[Item] = []
    done = 0
    for at in places_of((Kind.NUMBER,), items):
        if at >= done:
            found += items[done:at]
            item, done = _number(items, at, passage)
            found.append(item)
    found += items[done:]
    return _with_units(_with_years(_with_ordinal_signs(found, passage), passage), passage)


def _number(items: Sequence[Item], at: int, passage: Passage) -> tuple[Item, int]:
    """The number that begins with one that an item is, and where the next one begins."""
    first = items[at]
    if first.unit and not first.figure:
        return first, at + 1
    digits = _digits(items, at, passage)
    if digits:
        return digits
    if first.figure:
        found, end = _scaled(items, at, passage)
        if found is not first and found.value is not None:
            found, end = _continued(items, at, end, found, passage)
    else:
        found, end = _spelt(items, at, passage)
    return _with_decimals(found, items, end, passage)


def _scaled(items: Sequence[Item], at: int, passage: Passage) -> tuple[Item, int]:
    """A figure with the powers of ten behind it (1.2 million, 300 мың)."""
    item, end = items[at], at + 1
    while end < len(items) and _adjoins(items, end, passage):
        value = _cardinal(items[end])
        if value is None or not is_multiplier(value):
            break
        item = item._replace(
            last=items[end].last,
            readings=frozenset(reading._replace(value=reading.value * value) for reading in item.readings),
            year=False,
        )
        end += 1
    return item, end


def _continued(items: Sequence[Item], at: int, end: int, item: Item, passage: Passage) -> tuple[Item, int]:
    """A figure with a scale and a smaller one behind it (1 million 200 thousand)."""
    if end >= len(items) or not items[end].figure or not _adjoins(items, end, passage):
        return item, end
    smaller, after = _scaled(items, end, passage)
    total = combined(item.value, smaller.value) if smaller.value and smaller is not items[end] else None
    if total is None:
        return item, end
    unit = smaller.unit or items[at].unit
    return item._replace(last=smaller.last, readings=frozenset({Reading(total)}), unit=unit), after


def _spelt(items: Sequence[Item], at: int, passage: Passage) -> tuple[Item, int]:
    """A number in words, from an item that is one."""
    first = items[at]
    if not first.senses:
        return first, at + 1
    if all(entry.part for entry in first.senses if entry.kind is Kind.NUMBER):
        return _times(first, items, at + 1, passage)
    total, ordinal, end = _run(items, at, passage)
    if total is None:
        return first, at + 1
    last = items[end - 1]
    readings = frozenset({Reading(total, ordinal)})
    if end == at + 1:
        readings = first.readings
    sure = first.sure or end > at + 1
    item = Item(first.first, last.last, Kind.NUMBER, first.key, readings, sure=sure, senses=first.senses if end == at + 1 else ())
    return (item, end) if ordinal else _with_part(item, items, end, passage)


def _run(items: Sequence[Item], at: int, passage: Passage) -> tuple[Fraction | None, bool, int]:
    """The value of number words in a row, whether it is ordinal, and where they end."""
    total: Fraction | None = None
    end = at
    while end < len(items) and (end == at or _adjoins(items, end, passage)):
        here = end if total is None else _joined(items, end, passage) or end
        value, ordinal = _cardinal(items[here]), False
        if value is None:
            value, ordinal = _ordinal(items[here]), True
        more = None if value is None else _grown(total, value, items[here], passage, joined=here > end)
        if more is None or (total is not None and _begins_another(items, here, more, passage)):
            break
        total, end = more, here + 1
        if ordinal:
            return total, True, end
        if any(entry.ended for entry in items[here].senses):
            break
    return total, False, end


def _grown(total: Fraction | None, value: Fraction, item: Item, passage: Passage, *, joined: bool) -> Fraction | None:
    attached = _is_attached(item, passage)
    if total is None or not (joined or attached):
        return combined(total, value, together=not passage.between(item.first))
    grown = added(total, value)
    return inverted(total, value) if grown is None and attached else grown


def _begins_another(items: Sequence[Item], at: int, total: Fraction, passage: Passage) -> bool:
    """Return whether a word belongs to the next number: what multiplies it does not fit what stands before (two hundred, three hundred)."""
    if at + 1 >= len(items) or not _adjoins(items, at + 1, passage):
        return False
    value = _cardinal(items[at + 1])
    return value is not None and is_multiplier(value) and combined(total, value) is None


def _joined(items: Sequence[Item], at: int, passage: Passage) -> int:
    """Return where the number word behind a joiner stands (hundred *and* five); 0 where there is no joiner."""
    if at + 1 >= len(items) or items[at].sense(Kind.JOINER) is None:
        return 0
    return at + 1 if items[at + 1].kind is Kind.NUMBER and not items[at + 1].figure and _adjoins(items, at + 1, passage) else 0


def _is_attached(item: Item, passage: Passage) -> bool:
    """Return whether a number word has its joiner before it, written as one (وعشرون)."""
    key = passage.words[item.first].key
    return any(
        not joiner.isascii() and key.startswith(joiner) and (key[len(joiner) :],) in passage.known.phrases
        for joiner in passage.known.joiners
    )


def _with_part(item: Item, items: Sequence[Item], at: int, passage: Passage) -> tuple[Item, int]:
    """A number with the fraction behind it: two thirds, two and a half."""
    value, end = item.value, at
    joined = False
    while end < len(items) and items[end].sense(Kind.JOINER) and _adjoins(items, end, passage) and end < at + 2:
        end, joined = end + 1, True
    part = _part(items[end]) if end < len(items) and _adjoins(items, end, passage) else None
    if value is None or value.denominator != 1 or part is None:
        return item, at
    scale = _cardinal(items[at - 1])
    if joined and scale is not None and is_multiplier(scale) and scale >= _THOUSAND:
        # Two millions and a half are two and a half million in the languages of Rome.
        part *= scale
    total = value + part if joined else value * part
    return _times(item._replace(last=items[end].last, readings=frozenset({Reading(total)}), senses=()), items, end + 1, passage)


def _times(item: Item, items: Sequence[Item], at: int, passage: Passage) -> tuple[Item, int]:
    """A fraction with the power of ten that it is a part of (half a million)."""
    end = at
    if end < len(items) and items[end].sense(Kind.JOINER) and _adjoins(items, end, passage):
        end += 1
    scale = _cardinal(items[end]) if end < len(items) and _adjoins(items, end, passage) else None
    if scale is None or not is_multiplier(scale) or item.value is None:
        return item, at
    return item._replace(last=items[end].last, readings=frozenset({Reading(item.value * scale)}), senses=()), end + 1


def _with_decimals(item: Item, items: Sequence[Item], at: int, passage: Passage) -> tuple[Item, int]:
    """A number with decimals in words: five point four, бес бүтін оннан төрт, пять целых четыре десятых."""
    whole = next((reading.value for reading in item.readings if not reading.ordinal), None)
    if whole is None or at + 1 >= len(items) or items[at].sense(Kind.POINT) is None or not _adjoins(items, at, passage):
        return item, at
    decimals, end = _decimals(items, at + 1, passage)
    if decimals is None:
        return item, at
    grown = item._replace(last=items[end - 1].last, readings=frozenset({Reading(whole + decimals)}), figure=False, year=False, senses=())
    return _times(grown, items, end, passage)


def _decimals(items: Sequence[Item], at: int, passage: Passage) -> tuple[Fraction | None, int]:
    if items[at].sense(Kind.JOINER):
        at += 1
    if at >= len(items):
        return None, at
    tenths = _cardinal(items[at])
    above, _, end = _run(items, at + 1, passage) if tenths in _TENTHS else (None, False, at)
    if tenths and above is not None and above < tenths:
        return above / tenths, end
    above, _, end = _run(items, at, passage)
    if above is None:
        return None, at
    part = _tenths(items[end]) if end < len(items) else None
    if part is not None:
        return above * part, end + 1
    return _read_out(items, at, passage)


def _read_out(items: Sequence[Item], at: int, passage: Passage) -> tuple[Fraction | None, int]:
    """Decimals that are read out digit by digit, or as one number of two figures."""
    digits, end = "", at
    while end < len(items) and (end == at or _adjoins(items, end, passage)):
        value = _cardinal(items[end])
        if value is None or value >= 10:  # noqa: PLR2004 -- one figure
            break
        digits, end = digits + str(value), end + 1
    if not digits:
        value, _, end = _run(items, at, passage)
        digits = str(value) if value is not None else ""
    return (Fraction(f"0.{digits}"), end) if digits else (None, at)


def _digits(items: Sequence[Item], at: int, passage: Passage) -> tuple[Item, int] | None:
    """A number whose digits are written one by one, as Chinese writes years (二〇二一)."""
    end, digits = at, ""
    while end < len(items) and not items[end].figure and (end == at or passage.between(items[end].first) == ""):
        value = _cardinal(items[end])
        if value is None or value >= 10:  # noqa: PLR2004 -- one figure
            break
        digits, end = digits + str(value), end + 1
    if len(digits) < 2:  # noqa: PLR2004 -- a single one is a word as others
        return None
    year = len(digits) == 4  # noqa: PLR2004 -- a year
    return Item(items[at].first, items[end - 1].last, Kind.NUMBER, digits, frozenset({Reading(Fraction(digits))}), year=year), end


def _with_ordinal_signs(items: Sequence[Item], passage: Passage) -> list[Item]:
    """The items with the sign before a number that makes it ordinal taken in (第八, 第8)."""
    if passage.known.ordinal_signs.isdisjoint([item.key for item in items]):
        return [*items]
    found: list[Item] = []
    for item in items:
        before = found[-1] if found else item
        if item.kind is Kind.NUMBER and before.key in passage.known.ordinal_signs and not passage.between(item.first):
            readings = frozenset(reading._replace(ordinal=True) for reading in item.readings)
            found[-1] = item._replace(first=before.first, readings=readings, year=False)
        else:
            found.append(item)
    return found


def _with_years(items: Sequence[Item], passage: Passage) -> list[Item]:
    """The items with years that are read in two halves put together."""
    if sum(not items[at].figure for at in places_of((Kind.NUMBER,), items)) < 2:  # noqa: PLR2004 -- the halves
        return [*items]
    found: list[Item] = []
    for item in items:
        before = found[-1] if found else item
        halves = item.kind is before.kind is Kind.NUMBER and not (item.figure or before.figure or item.unit or before.unit)
        if halves and before.value in _FIRST_HALVES and item.value in _SECOND_HALVES and passage.between(item.first) == " ":
            year = (before.value or 0) * 100 + (item.value or 0)
            found[-1] = before._replace(last=item.last, readings=frozenset({Reading(Fraction(year))}), senses=(), year=True)
        else:
            found.append(item)
    return found


def _with_units(items: Sequence[Item], passage: Passage) -> list[Item]:
    """The items with the words for signs taken into their numbers: five percent, 百分之五."""
    if not places_of((Kind.SIGN,), items):
        return [*items]
    found: list[Item] = []
    for item in items:
        if item.kind not in _COUNTING:
            found.append(item)
            continue
        before = found[-1] if found else None
        sign = item.sense(Kind.SIGN) if item.kind is Kind.SIGN else None
        adjoins = before is not None and set(passage.between(item.first)) <= set(_JOINTS)
        if before and adjoins and sign and before.kind is Kind.NUMBER and before.unit in {"", sign.sign}:
            found[-1] = before._replace(last=item.last, unit=sign.sign, year=False)
            continue
        of_before = before.sense(Kind.SIGN) if before else None
        if before and adjoins and of_before and before.kind is Kind.SIGN and item.kind is Kind.NUMBER and item.unit in {"", of_before.sign}:
            found[-1] = item._replace(first=before.first, unit=of_before.sign, year=False)
            continue
        found.append(item)
    return found


def _adjoins(items: Sequence[Item], at: int, passage: Passage) -> bool:
    """Return whether only space or a hyphen stands between an item and the one before it."""
    between = passage.between(items[at].first)
    return set(between) <= set(_JOINTS) and len(_HYPHEN.intersection(between)) <= 1 and not (_HYPHEN & set(between) and len(between) > 1)


def _cardinal(item: Item) -> Fraction | None:
    if item.figure or item.kind is not Kind.NUMBER:
        return None
    return next((entry.value for entry in item.senses if entry.kind is Kind.NUMBER and not entry.ordinal and not entry.part), None)


def _ordinal(item: Item) -> Fraction | None:
    if item.kind is not Kind.NUMBER:
        return None
    return next((entry.value for entry in item.senses if entry.kind is Kind.NUMBER and entry.ordinal), None)


def _part(item: Item) -> Fraction | None:
    """The value of a fraction's name; *fifth* alone is ordinal, yet *two fifths* is a fraction."""
    return next((entry.value for entry in item.senses if entry.kind is Kind.NUMBER and entry.part), None)


def _tenths(item: Item) -> Fraction | None:
    """The value of the name of tenths, as a fraction or an ordinal (четыре десятых)."""
    part = _part(item)
    of_order = _ordinal(item)
    return part if part is not None else 1 / of_order if of_order in _TENTHS else None
