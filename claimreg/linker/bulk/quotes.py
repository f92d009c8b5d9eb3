"""The quotes of a scan as flat arrays: their texts, and the passages of them that documents are searched for."""

from __future__ import annotations

from array import array
from dataclasses import dataclass
from hashlib import blake2b
from itertools import islice
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from claimreg.errors import InputError
from claimreg.linker.bulk.foldtable import SEPARATOR, codes_of, fold_table, text_of
from claimreg.linker.passage import LONGEST_QUOTE, read_quote, stretches_between_ellipses, weight_of
from claimreg.linker.respell import in_cyrillic
from claimreg.text.fold import fold_key

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from claimreg.linker.bulk.foldtable import Keys
    from claimreg.linker.bulk.grams import Flags, Integers

SHORTEST_PART = 12
"""Letters below which a part of a stitched quote is not searched for by itself."""

PROBED_SHARE = 0.8
"""Share of the heaviest part's weight from which on documents are probed for a part. With the heaviest alone, .3 % of the stitched
quotes with slips were lost, with this .1 %, at hardly more cost; short parts stand everywhere."""

_STRINGS = 3
"""Strings of each quote in the table: its id, text and language."""

_BETWEEN = SEPARATOR.to_bytes(2, "little")
_DIGEST = 16
"""Bytes that stand for a key where equal ones are sought: two of 2⁵⁰ quotes would share them with a chance of 10⁻⁹."""

_IS_PART, _RESPELLED, _PROBED = 1, 2, 4
_PLAIN_SIZES = range(8, 20_000)
"""Code points of quotes whose fitness needs no closer look: neither too short nor too long."""


@dataclass(frozen=True, slots=True)
class QuoteTable:
    """Quotes and their units.

    A unit is what is searched for: a quote's key, or the key of a part of a stitched quote. Quotes with the same key
    share a unit; a quote in another alphabet than the usual one of its language has units in both. Of a stitched quote,
    documents are probed for some parts only; the others are looked for around these.
    ``keys[starts[u]:starts[u] + lengths[u]]`` is the key of unit ``u``, with a separator before and after;
    ``owners[first_owner[u]:first_owner[u + 1]]`` are the quotes that it belongs to, by number; ``is_part[u]`` tells a
    part from a whole, ``respelled[u]`` a part in the usual alphabet from one as it was given, ``probed[u]`` what documents are probed for.
    """

    buffer: np.ndarray[tuple[int], np.dtype[np.uint8]]
    offsets: Integers
    keys: Keys
    starts: Integers
    lengths: Integers
    owners: Integers
    first_owner: Integers
    is_part: Flags
    respelled: Flags
    probed: Flags

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


class _Unit(NamedTuple):
    """Unit to search for: a key, of a whole quote or of a part; a part's may be in another alphabet than the quote."""

    key: str
    is_part: bool = False
    respelled: bool = False
    probed: bool = True


class QuoteCollector:
    """Builder of the table of quotes.

    All is kept as in the table, in a few pieces of memory that grow; of many quotes, an object for each would take twice as much.
    """

    def __init__(self) -> None:
        self._strings = bytearray()
        self._sizes = array("q")
        self._keys = bytearray(_BETWEEN)
        self._lengths = array("q")
        self._marks = bytearray()
        self._numbers: dict[bytes, int] = {}
        self._owned = array("q")
        self._owners = array("q")

    def __len__(self) -> int:
        return len(self._sizes) // _STRINGS

    def add(self, quotes: Sequence[tuple[str, str, str]]) -> list[InputError | None]:
        """Take in quotes, given as id, text and language or nothing; for each that cannot be looked for, the error that says why."""
        errors: list[InputError | None] = []
        for (quote_id, text, lang), units in zip(quotes, _units_of([text for _, text, _ in quotes]), strict=True):
            if isinstance(units, InputError):
                errors.append(units)
                continue
            errors.append(None)
            for unit in units + _respelled_units(text):
                self._owned.append(self._number_of(unit))
                self._owners.append(len(self))
            for one in (quote_id, text, lang):
                octets = one.encode("utf-8", "surrogatepass")
                self._strings += octets
                self._sizes.append(len(octets))
        return errors

    def table(self) -> QuoteTable:
        """The table of all quotes taken in."""
        sizes = np.array(self._lengths, np.int64)
        owned, owners = np.array(self._owned, np.int64), np.array(self._owners, np.int64)
        # A quote may name a unit twice.
        pairs = np.unique(owned * max(1, len(self)) + owners)
        marks = np.frombuffer(bytes(self._marks), np.uint8)
        return QuoteTable(
            buffer=np.frombuffer(self._strings, np.uint8),
            offsets=_running(np.array(self._sizes, np.int64)),
            keys=np.frombuffer(self._keys, "<u2"),
            starts=np.cumsum(sizes + 1) - sizes,
            lengths=sizes,
            owners=pairs % max(1, len(self)),
            first_owner=_running(np.bincount(pairs // max(1, len(self)), minlength=len(sizes))),
            is_part=(marks & _IS_PART) > 0,
            respelled=(marks & _RESPELLED) > 0,
            probed=(marks & _PROBED) > 0,
        )

    def _number_of(self, unit: _Unit) -> int:
        """The number of a unit, which is taken in unless it is known."""
        octets = unit.key.encode("utf-16-le")
        mark = _IS_PART * unit.is_part | _RESPELLED * unit.respelled | _PROBED * unit.probed
        number = self._numbers.setdefault(blake2b(octets, digest_size=_DIGEST, salt=bytes([mark])).digest(), len(self._lengths))
        if number == len(self._lengths):
            self._keys += octets
            self._keys += _BETWEEN
            self._lengths.append(len(octets) // 2)
            self._marks.append(mark)
        return number


def _units_of(texts: Sequence[str]) -> Iterator[list[_Unit] | InputError]:
    """The units to search for of each text, or the error that says why it cannot be looked for."""
    pieces = [[text, *_stretches(text)] if len(text) <= LONGEST_QUOTE else [] for text in texts]
    keys = iter(_keys_of([piece for of_text in pieces for piece in of_text]))
    for text, (*of_text,) in zip(texts, pieces, strict=True):
        key, *of_stretches = islice(keys, len(of_text)) if of_text else ("",)
        try:
            if len(text) not in _PLAIN_SIZES or len(key) not in _PLAIN_SIZES:
                read_quote(text)
        except InputError as error:
            yield error
        else:
            yield _parts(list(zip(of_text[1:], of_stretches, strict=True))) or [_Unit(key)]


def _stretches(text: str) -> list[str]:
    """The texts between the ellipsis signs of a stitched quote, nothing for another one."""
    spans = stretches_between_ellipses(text)
    return [text[slice(*span)] for span in spans] if len(spans) > 1 else []


def _parts(stretches: list[tuple[str, str]]) -> list[_Unit]:
    """The units of a stitched quote's parts, of which texts and keys are given; none where there is one part, or all are short.

    The linker goes by the heaviest part, too: where that is not found, the quote is not.
    """
    weights = [(weight_of(fold_key(text)), key) for text, key in stretches if key]
    long = [(weight, key) for weight, key in weights if weight >= SHORTEST_PART]
    if len(weights) < 2 or not long:  # noqa: PLR2004 -- one part is the whole quote
        return []
    least = PROBED_SHARE * max(weight for weight, _ in long)
    return [_Unit(key, is_part=True, probed=weight >= least) for weight, key in long]


def _respelled_units(text: str) -> list[_Unit]:
    """Return the units to search for in texts that write the quote's language with other letters; nearly always none."""
    spelt = in_cyrillic(text)
    if not spelt:
        return []
    (units,) = _units_of([spelt])
    return [] if isinstance(units, InputError) else [unit._replace(respelled=unit.is_part) for unit in units]


def _keys_of(texts: list[str]) -> list[str]:
    return text_of(fold_table().fold(codes_of(texts)))[1:-1].split("\uffff") if texts else []


def _running(sizes: Integers) -> Integers:
    """Return where each of consecutive pieces starts, and where the last one ends."""
    out = np.zeros(len(sizes) + 1, np.int64)
    np.cumsum(sizes, out=out[1:])
    return out
