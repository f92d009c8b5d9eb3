"""Tables that are damaged, of something else, or meant to harm: they give rows or a sentence, and take neither time nor memory for it."""

from __future__ import annotations

import io
import random
import tracemalloc
import zipfile
from typing import BinaryIO

import pytest
from tables import FORMS, claims_of, fill, new_registry, rows_of, written

from claimreg.corpus.jsonl import BadLine
from claimreg.errors import InputError
from claimreg.interchange import tables
from claimreg.interchange.formats import read
from claimreg.services.exchange.rows import ClaimRow, Reading, SourceRow, Told

TABLE = (
    'claim_id,claim,lang,tags,by,stance,quote,said_at,source,source_title,verdict,rated_at\r\n1,"It was ""closed"", they\nsay",en,a;b,'
    "Mayor,asserts,'=closed,2024-05,S1,The paper,False,2024-06\r\n2,Көпір жабылды,kk,,Әкім,denies,,2 мамыр 2022,https://x.example/1,,,\r\n"
)
PIECES = [
    "claim",
    "by",
    ",",
    ";",
    "\t",
    '"',
    '""',
    "\r",
    "\n",
    "\r\n",
    "'",
    "=",
    "\0",
    "\ufeff",
    "\u2028",
    "😀",
    "a",
    " ",
    "sep=;",
    "\x1b$B",
    "~{",
]


def made(seed: int) -> random.Random:
    return random.Random(seed)  # noqa: S311 -- the same damage each time


def mutated(content: bytes, chance: random.Random) -> bytes:
    """The bytes with some flipped, cut out, doubled, or put in."""
    changed = bytearray(content)
    for _ in range(chance.randint(1, 6)):
        at = chance.randrange(len(changed) + 1)
        match chance.randrange(20):
            case 0:
                changed[at : at + 1] = bytes([chance.randrange(256)])
            case 1:
                changed = changed[: max(at, 1)]
            case 2 | 3 | 4 | 5:
                del changed[at : at + chance.randint(1, 20)]
            case 6 | 7 | 8:
                changed[at:at] = changed[at : at + chance.randint(1, 40)]
            case _:
                changed[at:at] = chance.choice(PIECES).encode()
    return bytes(changed)


def rows_or_sentence(content: bytes, form: str) -> int:
    """Number of claims of a table; fails for anything but rows, bad lines, and refusal with a sentence."""
    try:
        rows = rows_of(content, form)
    except InputError:
        return 0
    assert all(isinstance(one, ClaimRow | SourceRow | BadLine) for one in rows)
    return sum(isinstance(one, ClaimRow) for one in rows)


def test_a_thousand_damaged_tables_give_rows_or_a_sentence() -> None:
    chance = made(20)
    encodings = ["utf-8", "utf-8", "utf-8", "utf-16"]
    counts = [rows_or_sentence(mutated(TABLE.encode(chance.choice(encodings)), chance), "csv") for _ in range(1_000)]
    # Most damage costs a row or a cell, and not the table.
    assert sum(count > 0 for count in counts) > 500


def test_a_thousand_tables_of_anything_give_rows_or_a_sentence() -> None:
    chance = made(21)
    for number in range(1_000):
        bytes_ = chance.randbytes(chance.randrange(60))
        content = bytes_ if number % 10 == 0 else "".join(chance.choices(PIECES, k=chance.randrange(60))).encode()
        rows_or_sentence(b"claim,by\n" * (number % 2) + content, "csv")


def test_damaged_tables_are_recorded_as_far_as_they_are_read() -> None:
    chance = made(22)
    registry = new_registry()
    for _ in range(100):
        try:
            rows = rows_of(mutated(TABLE.encode(), chance))
        except InputError:
            continue
        result = registry.import_rows(rows)
        assert result.rows + len(result.bad) + len(result.conflicts) >= sum(isinstance(one, ClaimRow | BadLine) for one in rows)


def test_damaged_workbooks_give_rows_or_a_sentence() -> None:
    registry = new_registry()
    fill(registry)
    content = written(registry, "xlsx")
    chance = made(23)
    for _ in range(300):
        rows_or_sentence(mutated(content, chance), "xlsx")


def test_workbooks_of_damaged_parts_give_rows_or_a_sentence() -> None:
    registry = new_registry()
    fill(registry)
    chance = made(24)
    with zipfile.ZipFile(io.BytesIO(written(registry, "xlsx"))) as package:
        parts = {name: package.read(name) for name in package.namelist()}
    for _ in range(150):
        name = chance.choice([one for one in parts if not one.startswith(("docProps", "xl/theme"))])
        out = io.BytesIO()
        with zipfile.ZipFile(out, "w") as package:
            for one, data in parts.items():
                package.writestr(one, replaced(data, chance) if one == name else data)
        rows_or_sentence(out.getvalue(), "xlsx")


def replaced(data: bytes, chance: random.Random) -> bytes:
    """A part that is XML still, mostly, and says something else."""
    for _ in range(chance.randint(1, 3)):
        old, new = chance.choice(
            [
                (b'"1"', b'"-1"'), (b'"1"', b'"x"'), (b"inlineStr", b"s"), (b"inlineStr", b"n"), (b"inlineStr", b"d"), (b"inlineStr", b"b"),
                (b'r="A', b'r="'), (b'r="B', b'r="ZZZZ'), (b"sheetId", b"sheetid"), (b"sheet1", b"sheet2"), (b"<row", b"<raw"),
                (b"</row>", b"</row><row>"), (b"numFmtId=", b"numfmtid="), (b"xf ", b"yf "), (b"<is>", b"<v>"), (b'"2"', b'"2.5"'),
            ]
        )  # fmt: skip
        data = data.replace(old, new, chance.randint(1, 5))
    return data if chance.random() < 0.7 else mutated(data, chance)


def test_a_cell_may_be_as_long_as_a_text_and_a_row_no_longer_than_memory_allows() -> None:
    long = "a" * 300_000
    assert [one.fields.text for one in claims_of(f"claim\n{long}\nb\n".encode())] == [long, "b"]
    for row in (long, f'"{long[:90_000]}\n{long[:90_000]}"'):
        rows = rows_of(f"claim\na\n{row}\nb\n".encode(), limit=400_000)
        assert [one.fields.text for one in rows if isinstance(one, ClaimRow)] == ["a"]
        assert rows[1:] == [BadLine(3, "it is longer than 100,000 characters, so that nothing from there on was read")]


def test_a_quotation_mark_that_is_never_closed_costs_what_follows_and_is_told() -> None:
    rows = rows_of(b'claim\na\n"b\n' + b"c\n" * 1_000)
    assert [one.fields.text for one in rows if isinstance(one, ClaimRow)] == ["a"]
    assert [one.number for one in rows if isinstance(one, BadLine)] == [3]


def test_millions_of_columns_are_refused_and_millions_of_cells_are_a_bad_row() -> None:
    with pytest.raises(InputError, match="more than a spreadsheet may"):
        rows_of(b"claim" + b"," * 20_000)
    with pytest.raises(InputError, match="first row of more than"):
        rows_of(b"claim" + b"," * 2_000_000)
    for row in (b"," * 2_000_000, b'"' + b'\n",,,,"' * 300_000 + b'"'):
        rows = rows_of(b"claim\na\n" + row + b"\nb\n")
        assert isinstance(rows[0], ClaimRow)
        assert rows[1:] == [BadLine(3, "it has more than 1,048,576 cells, so that nothing from there on was read")]


class Endless(io.RawIOBase):
    """A stream of long rows that can be read once."""

    def __init__(self, rows: int) -> None:
        self._rows = iter([b"claim,by\n", *([b"The bridge was closed" + b" again" * 20_000 + b",Mayor\n"] * rows)])
        self._kept = b""

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: bytearray) -> int:  # type: ignore[override]  # a buffer of bytes
        self._kept = self._kept or next(self._rows, b"")
        given = self._kept[: len(buffer)]
        self._kept = self._kept[len(given) :]
        buffer[: len(given)] = given
        return len(given)


def test_a_long_table_is_read_row_by_row_from_any_stream(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tables, "_KEPT_IN_MEMORY", 2**16)
    monkeypatch.setattr(tables, "_READ_AT_ONCE", 2**16)
    stream: BinaryIO = Endless(200)  # type: ignore[assignment]  # a stream that is read only
    tracemalloc.start()
    try:
        assert sum(1 for _row in read(FORMS["csv"], stream, Reading("table", Told()))) == 200
        most = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert most < 4 * 2**20
