"""Quick looks into an embedded registry for completion on the command line: a few names and ids, read without TinyDB.

Whatever takes longer than a moment ends with what was found until then. Nothing is written, made or mended; of a source's own words
nothing is read, so that nothing withheld is shown.
"""

from __future__ import annotations

import json
import os
import sqlite3
import time
from typing import TYPE_CHECKING, Any, Self

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

DATABASE = "registry.db"
"""Name of the database's file, as `claimreg.store.layout` has it, whose import would take as long as the rest."""

PATIENCE = 0.05
"""Seconds after which a look ends."""

_BUSY = 0.02
_STEPS = 2_000
"""Steps of SQLite's machine between two looks at the clock."""

_LIVE = "json_extract(doc, '$.removed_at') IS NULL"
_KEY = "json_extract(doc, '$.case_key')"
_MOST_DIGITS = 9
_LATEST = 10
"""Ids that are offered of each length, or of each first digit."""

_TOLD: dict[str, tuple[str, tuple[str, ...]]] = {
    "C": ("claims", ("text",)),
    "A": ("attributions", ("party_as_written", "stance", "quote")),
    "S": ("sources", ("withheld", "title")),
    "P": ("parties", ("name",)),
    "V": ("verdicts", ("claim_id", "rating")),
    "R": ("relations", ("claim_id", "kind", "other_claim_id")),
    "L": ("links", ("attribution_id", "kind", "state")),
    "D": ("drafts", ("state",)),
}
"""The table of each kind of id, and the fields that tell which record it is."""


class Glance:
    """A registry's database, open for a moment's reading; raises `OSError` and `sqlite3.Error` where it cannot be."""

    def __init__(self, folder: str) -> None:
        path = os.path.join(os.path.expanduser(folder), DATABASE)  # noqa: PTH111, PTH118 -- pathlib takes as long to get as the look
        if _size(f"{path}-journal"):
            raise OSError(f"{path} has to be mended first")
        mode = "rw" if os.access(path, os.W_OK) and not _size(f"{path}-wal") else "ro"
        address = f"file:{_quoted(os.path.abspath(path))}?mode={mode}"  # noqa: PTH100 -- as above
        self._connection = sqlite3.connect(address, uri=True, timeout=_BUSY, isolation_level=None)
        self._connection.execute("PRAGMA query_only=ON")
        self._until = time.monotonic() + PATIENCE
        self._connection.set_progress_handler(lambda: time.monotonic() > self._until, _STEPS)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_exception: object) -> None:
        self._connection.close()

    def ids(self, letters: str, typed: str) -> Iterator[tuple[str, str]]:
        """The ids that begin as typed, those of each length apart, with words on the record; the latest ones where nothing is typed."""
        letter, digits = typed[:1].upper(), typed[1:]
        if letter and (letter not in letters or (digits and not _is_number(digits))):
            return
        for one in letter or letters:
            if one in _TOLD:
                ranges = _longer(int(digits)) if digits else _all_first_digits() if letter else [(1, 10**_MOST_DIGITS)]
                found = {row[0]: row for begin, end in ranges for row in self._numbers(one, begin, end)}
                for number in sorted(found, reverse=not digits):
                    yield f"{one}{number}", _told(one, found[number][1:])

    def parties(self, typed: str) -> Iterator[str]:
        """Names of parties, in whatever script, that begin as typed."""
        for name, party_id in self._rows(
            f"SELECT json_extract(doc, '$.name'), json_extract(doc, '$.party_id') FROM aliases WHERE {_LIVE}"  # noqa: S608 -- our own names
        ):
            if _begins(name, typed) and self._is_live("parties", int(party_id[1:])):
                yield name

    def cases(self, typed: str) -> Iterator[str]:
        """Cases that begin as typed, by the index of their names, however many claims there are."""
        key = next(iter(self._rows(f"SELECT min({_KEY}) FROM claims")), (None,))[0]  # noqa: S608 -- our own names
        while key is not None:
            if key.startswith(typed.casefold()):
                yield from (case for (case,) in self._rows(
                    f"SELECT json_extract(doc, '$.case') FROM claims WHERE {_KEY} = ? AND {_LIVE} LIMIT 1", (key,)  # noqa: S608 -- as above
                ))  # fmt: skip
            key = next(iter(self._rows(f"SELECT min({_KEY}) FROM claims WHERE {_KEY} > ?", (key,))), (None,))[0]  # noqa: S608 -- as above

    def tags(self, typed: str) -> Iterator[str]:
        """Tags that begin as typed, the latest claims' first."""
        tags = (tag for (text,) in self._latest("claims", "tags") if text != "[]" for tag in json.loads(text))
        return (tag for tag in tags if _begins(tag, typed))

    def values(self, table: str, field: str, typed: str) -> Iterator[str]:
        """Values of a field that begin as typed, the latest records' first; ``ratings`` of ``verdicts``, for one."""
        return (value for (value,) in self._latest(table, field) if _begins(value, typed))

    def _latest(self, table: str, field: str) -> Iterator[tuple[Any, ...]]:
        value = f"json_extract(doc, '$.{field}')"
        return self._rows(f"SELECT {value} FROM {table} WHERE {value} IS NOT NULL AND {_LIVE} ORDER BY id DESC")  # noqa: S608 -- our own names

    def _numbers(self, letter: str, begin: int, end: int) -> Iterator[tuple[Any, ...]]:
        table, fields = _TOLD[letter]
        told = "".join(f", json_extract(doc, '$.{field}')" for field in fields)
        query = f"SELECT id{told} FROM {table} WHERE id >= ? AND id < ? AND {_LIVE} ORDER BY id DESC LIMIT ?"  # noqa: S608 -- our own names
        return self._rows(query, (begin, end, _LATEST))

    def _is_live(self, table: str, number: int) -> bool:
        return any(self._rows(f"SELECT 1 FROM {table} WHERE id = ? AND {_LIVE}", (number,)))  # noqa: S608 -- our own names

    def _rows(self, query: str, values: Iterable[object] = ()) -> Iterator[tuple[Any, ...]]:
        """The rows of a query, those that were found when the time was up."""
        try:
            yield from self._connection.execute(query, tuple(values))
        except sqlite3.OperationalError:
            return


def _told(letter: str, values: tuple[str | None, ...]) -> str:
    """Words on a record; of a withheld source no more than that it is."""
    if letter == "S":
        return "withheld" if values[0] is not None else values[1] or ""
    return " ".join(value for value in values if value)


def _longer(number: int) -> list[tuple[int, int]]:
    """The ranges of the numbers that begin with the digits of this one, of each length."""
    most = _MOST_DIGITS - len(str(number))
    return [(number * 10**more, (number + 1) * 10**more) for more in range(most + 1)]


def _all_first_digits() -> list[tuple[int, int]]:
    """Ranges of all numbers, so that what begins with one digit never hides the others."""
    return [one for digit in range(1, 10) for one in _longer(digit)[:6]]


def _begins(value: str, typed: str) -> bool:
    return value.casefold().startswith(typed.casefold())


def _is_number(digits: str) -> bool:
    return digits.isascii() and digits.isdigit() and digits[0] != "0" and len(digits) <= _MOST_DIGITS


def _size(path: str) -> int:
    try:
        return os.stat(path).st_size  # noqa: PTH116 -- as above
    except OSError:
        return 0


def _quoted(path: str) -> str:
    """A path as it stands in an address of SQLite's."""
    return "".join(f"%{ord(sign):02x}" if sign in "%?#" else sign for sign in path)
