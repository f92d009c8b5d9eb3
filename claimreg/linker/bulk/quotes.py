"""The quotes of a scan as flat arrays: their texts, and the passages of them that documents are searched for."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from claimreg.errors import InputError
from claimreg.linker.bulk.foldtable import codes_of, fold_table, text_of
from claimreg.linker.passage import read_quote
from claimreg.linker.respell import in_cyrillic

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from claimreg.linker.bulk.foldtable import Keys
    from claimreg.linker.bulk.grams import Flags, Integers

    Octets = np.ndarray[tuple[int], np.dtype[np.uint8]]

_MAY_BE_STITCHED = re.compile(r"…|\.\s?\.\s?\.")
SHORTEST_PART = 12
"""Letters below which a part of a stitched quote is not searched for by itself."""

_STRINGS = 3
"""Strings of each quote in the table: its id, text and language."""

_PLAIN_SIZES = range(8, 20_000)
"""Code points of quotes whose fitness needs no closer look: neither too short nor too long."""


@dataclass(frozen=True, slots=True)
class QuoteTable:
    """Quotes and their units.

    A unit is what is searched for: a quote's key, or the key of a part of a stitched quote. Quotes with the same key
    share a unit; a quote in another alphabet than the usual one of its language has units in both.
    ``keys[starts[u]:starts[u] + lengths[u]]`` is the key of unit ``u``, with a separator before and after;
    ``owners[first_owner[u]:first_owner[u + 1]]`` are the quotes that it belongs to, by number; ``is_part[u]`` tells a
    part from a whole, ``respelled[u]`` a part in the usual alphabet from one as it was given.
    """

    buffer: Octets
    offsets: Integers
    keys: Keys
    starts: Integers
    lengths: Integers
    owners: Integers
    first_owner: Integers
    is_part: Flags
    respelled: Flags

    def __len__(self) -> int:
        return len(self.offsets) // _STRINGS

    def id(self, number: int) -> str:
        """The id of a quote."""
        return self._string(_STRINGS * number)

    def text(self, number: int) -> str:
        """The text of a quote as it was given."""
        return self._string(_STRINGS * number + 1)

    def lang(self, number: int) -> str | None:
        """The recorded language of a quote (BCP 47), if any."""
        return self._string(_STRINGS * number + 2) or None

    def parts_of_quotes(self) -> dict[int, tuple[list[int], list[int]]]:
        """Units that are the parts of each stitched quote: as they were given, and in the usual alphabet."""
        parts: dict[int, tuple[list[int], list[int]]] = {}
        for unit in np.flatnonzero(self.is_part).tolist():
            for quote in self.owners_of(unit):
                parts.setdefault(quote, ([], []))[int(self.respelled[unit])].append(unit)
        return parts

    def owners_of(self, unit: int) -> list[int]:
        """The quotes, by number, that a unit belongs to."""
        found: list[int] = self.owners[self.first_owner[unit] : self.first_owner[unit + 1]].tolist()
        return found

    def units_of_these_alone(self, quotes: Sequence[int]) -> Integers:
        """The units that belong to no other quotes than these."""
        given = np.zeros(len(self), np.bool_)
        given[list(quotes)] = True
        alone: Integers = np.flatnonzero(np.logical_and.reduceat(given[self.owners], self.first_owner[:-1]))
        return alone

    def _string(self, number: int) -> str:
        return self.buffer[self.offsets[number] : self.offsets[number + 1]].tobytes().decode("utf-8", "surrogatepass")


class Unit(NamedTuple):
    """Unit to search for: a key, of a whole quote or of a part; a part's may be in another alphabet than the quote."""

    key: str
    is_part: bool = False
    respelled: bool = False


class QuoteCollector:
    """Builder of the table of quotes."""

    def __init__(self) -> None:
        self._strings: list[bytes] = []
        self._units: dict[Unit, list[int]] = {}

    def __len__(self) -> int:
        return len(self._strings) // _STRINGS

    def add(self, quotes: Sequence[tuple[str, str, str]]) -> list[InputError | None]:
        """Take in quotes, given as id, text and language or nothing; for each that cannot be looked for, the error that says why."""
        plain = [number for number, (_, text, _) in enumerate(quotes) if len(text) in _PLAIN_SIZES and not _MAY_BE_STITCHED.search(text)]
        keys = dict(zip(plain, _keys_of([quotes[number][1] for number in plain]), strict=True))
        errors: list[InputError | None] = []
        for number, (quote_id, text, lang) in enumerate(quotes):
            try:
                key = keys.get(number, "")
                units = [Unit(key)] if len(key) in _PLAIN_SIZES else _units(text)
            except InputError as error:
                errors.append(error)
                continue
            errors.append(None)
            for unit in units + _respelled_units(text):
                self._units.setdefault(unit, []).append(len(self))
            self._strings += [one.encode("utf-8", "surrogatepass") for one in (quote_id, text, lang)]
        return errors

    def table(self) -> QuoteTable:
        """The table of all quotes taken in."""
        return table_of(np.frombuffer(b"".join(self._strings), np.uint8), _running([len(one) for one in self._strings]), self._units)


def table_of(buffer: Octets, offsets: Integers, units: Mapping[Unit, list[int]]) -> QuoteTable:
    """The table of quotes whose strings are in ``buffer``; ``units`` have the quotes, by number, that each belongs to."""
    sizes = np.array([len(unit.key) for unit in units], np.int64)
    owned = [sorted(set(owners)) for owners in units.values()]
    between = "\uffff"
    joined = between + between.join(unit.key for unit in units) + between
    return QuoteTable(
        buffer=buffer,
        offsets=offsets,
        keys=np.frombuffer(joined.encode("utf-16-le"), "<u2"),
        starts=(np.cumsum(sizes + 1) - sizes).astype(np.int64),
        lengths=sizes,
        owners=np.array([number for owners in owned for number in owners], np.int64),
        first_owner=_running([len(owners) for owners in owned]),
        is_part=np.array([unit.is_part for unit in units], np.bool_),
        respelled=np.array([unit.respelled for unit in units], np.bool_),
    )


def _units(text: str) -> list[Unit]:
    """Return the units to search for; raises `InputError` when there are none."""
    quote = read_quote(text)
    if len(quote.parts) < 2:  # noqa: PLR2004
        return [Unit(_keys_of([text])[0])]
    long = [part for part in quote.parts if part.weight >= SHORTEST_PART]
    return [Unit(_keys_of([part.key])[0], is_part=True) for part in long] or [Unit(_keys_of([text])[0])]


def _respelled_units(text: str) -> list[Unit]:
    """Return the units to search for in texts that write the quote's language with other letters; nearly always none."""
    spelt = in_cyrillic(text)
    if not spelt:
        return []
    try:
        return [unit._replace(respelled=unit.is_part) for unit in _units(spelt)]
    except InputError:
        return []


def _keys_of(texts: list[str]) -> list[str]:
    return text_of(fold_table().fold(codes_of(texts)))[1:-1].split("\uffff") if texts else []


def _running(sizes: list[int]) -> Integers:
    """Return where each of consecutive pieces starts, and where the last one ends."""
    out = np.zeros(len(sizes) + 1, np.int64)
    np.cumsum(np.array(sizes, np.int64), out=out[1:])
    return out
