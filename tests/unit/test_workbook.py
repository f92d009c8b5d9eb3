"""Spreadsheets: what is written comes back whole, what people made in them is read as they see it, and nothing in them is trusted."""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Callable
from datetime import datetime, time
from itertools import count

import openpyxl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tables import claims_of, fill, imported, new_registry, rows_of, texts_of, written
from test_tables import ODD, TEXTS, cells_of

from claimreg.corpus.jsonl import BadLine
from claimreg.errors import InputError
from claimreg.interchange import workbook, workbook_package
from claimreg.interchange.table_columns import NAMES, READ
from claimreg.interchange.workbook_cells import escaped, unescaped
from claimreg.model import Stance
from claimreg.services.exchange.rows import ClaimRow, Told
from claimreg.services.recording.claims import ClaimFields, record_claim

# Spreadsheets know no zones.
JUNE_22, JUNE_1, YEAR, NOON = (datetime.fromisoformat(one) for one in ("2020-06-22", "2020-06-01", "2020-01-01", "2020-06-22T12:00"))

MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
ESCAPES = st.lists(st.sampled_from(["_", "x", "005F", "000D", "_x000D_", "\x01", "\r", "\ufffe", "a", "😀"]), max_size=8).map("".join)


def book_of(*sheets: tuple[str, list[list[object]]], change: Callable[[openpyxl.Workbook], None] = lambda _book: None) -> bytes:
    book = openpyxl.Workbook()
    book.remove(book.active)
    for title, rows in sheets:
        sheet = book.create_sheet(title)
        for row in rows:
            sheet.append(row)
    change(book)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def with_parts(content: bytes, **changed: bytes) -> bytes:
    """The package with some of its parts, by the ends of their names, made others."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as source, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as target:
        for name in source.namelist():
            key = name.rpartition("/")[2].partition(".")[0]
            target.writestr(name, changed.get(key, source.read(name)))
    return out.getvalue()


def sheet_of(*rows: str) -> bytes:
    return f'<worksheet xmlns="{MAIN}"><sheetData>{"".join(rows)}</sheetData></worksheet>'.encode()


# Written.


def test_a_spreadsheet_has_the_cells_of_the_csv_as_texts() -> None:
    registry = new_registry()
    fill(registry)
    sheet = openpyxl.load_workbook(io.BytesIO(written(registry, "xlsx")))["claims"]
    header, *rows = [[cell.value or "" for cell in row] for row in sheet.iter_rows()]
    assert tuple(header) == NAMES
    as_csv = [list(row.values()) for row in cells_of(written(registry, "csv"))]
    assert rows == [[text[1:] if text.startswith(("'=", "''=")) else text for text in row] for row in as_csv]
    assert {cell.data_type for row in sheet.iter_rows() for cell in row if cell.value} == {"s"}
    assert {cell.number_format for row in sheet.iter_rows() for cell in row if cell.value} == {"@"}


def test_the_same_registry_makes_the_same_bytes() -> None:
    registry = new_registry()
    fill(registry)
    assert written(registry, "xlsx") == written(registry, "xlsx")


def test_a_template_explains_its_columns_offers_stances_and_has_no_rows() -> None:
    content = written(new_registry(), "xlsx", empty=True)
    book = openpyxl.load_workbook(io.BytesIO(content))
    claims, about = book.worksheets
    assert [cell.value for cell in claims[1]] == [column.name for column in READ]
    assert [[cell.value for cell in row] for row in about.iter_rows(min_row=2)] == [[column.name, column.what] for column in READ]
    (choice,) = claims.data_validations.dataValidation
    assert (choice.formula1, str(choice.sqref)) == (f'"{",".join(Stance)}"', "I2:I1048576")
    assert claims["I1"].value == "stance"
    told = Told()
    assert (rows_of(content, "xlsx", told), told) == ([], Told())


def test_a_text_too_long_for_a_cell_is_refused_by_its_name_and_not_cut() -> None:
    registry = new_registry()
    with registry.write("add") as writer:
        record_claim(writer, ClaimFields("a" * 32_767))
        record_claim(writer, ClaimFields("short", title="😀" * 16_384))
    with pytest.raises(InputError, match="The title of C2 is longer than a spreadsheet's cell may be"):
        written(registry, "xlsx")


# There and back.


@given(TEXTS | ODD | ESCAPES)
def test_escapes_are_taken_back(text: str) -> None:
    assert unescaped(escaped(text)) == text


@settings(max_examples=15)
@given(st.lists(TEXTS | ODD | ESCAPES, min_size=5, max_size=20))
def test_claims_of_any_text_go_out_and_come_in(texts: list[str]) -> None:
    registry = new_registry()
    known = list(dict.fromkeys(text.strip() for text in texts if text.strip()))
    with registry.write("add") as writer:
        for text in known:
            record_claim(writer, ClaimFields(text))
    content = written(registry, "xlsx")
    assert texts_of(imported(content, "xlsx")[0]) == known
    assert [one.fields.text for one in claims_of(saved_anew(content), "xlsx")] == known


def saved_anew(content: bytes) -> bytes:
    """The workbook as spreadsheet programs save it: what its cells share is kept in a part of its own."""
    with zipfile.ZipFile(io.BytesIO(content)) as package:
        sheet, types = package.read("xl/worksheets/sheet1.xml").decode(), package.read("[Content_Types].xml").decode()
    texts = re.findall("<is>(.*?)</is>", sheet, re.DOTALL)
    places = count()
    sheet = re.sub("<is>.*?</is>", lambda _match: f"<v>{next(places)}</v>", sheet.replace('t="inlineStr"', 't="s"'), flags=re.DOTALL)
    kind = "application/vnd.openxmlformats-officedocument.spreadsheetml.sharedStrings+xml"
    types = types.replace("</Types>", f'<Override PartName="/xl/sharedStrings.xml" ContentType="{kind}"/></Types>')
    shared = f'<sst xmlns="{MAIN}">{"".join(f"<si>{text}</si>" for text in texts)}</sst>'
    changed = with_parts(content, sheet1=sheet.encode(), **{"[Content_Types]": types.encode()})
    out = io.BytesIO(changed)
    with zipfile.ZipFile(out, "a") as package:
        package.writestr("xl/sharedStrings.xml", shared.encode())
    return out.getvalue()


def test_what_was_exported_is_the_same_when_it_is_imported_and_exported_again() -> None:
    registry = new_registry()
    fill(registry)
    again, result = imported(written(registry, "xlsx"), "xlsx")
    assert dict(result.new) == {"claim": 2, "attribution": 2, "party": 2, "source": 1, "verdict": 1}
    assert written(again, "csv") == written(imported(written(registry, "csv"), "csv")[0], "csv")


# Read.


def test_cells_are_read_as_people_see_them() -> None:
    def change(book: openpyxl.Workbook) -> None:
        sheet = book.active
        for place, (value, number_format) in enumerate(
            [
                (2020, "General"), (3.0, "0.0"), (1234.5, "#,##0.00"), (0.25, "0%"), (0.1 + 0.2, "General"), (True, "General"),
                (JUNE_22, "yyyy-mm-dd"), (JUNE_1, "mmm-yy"), (YEAR, "yyyy"),
                (NOON, "yyyy-mm-dd h:mm"), (time(10, 30), "h:mm"), (1e20, "General"), ("=1+1", "General"),
            ],
            2,
        ):  # fmt: skip
            sheet.cell(place, 1, value).number_format = number_format
        sheet.cell(14, 1).data_type = "s"

    assert [one.fields.text for one in claims_of(book_of(("x", [["claim"]]), change=change), "xlsx")] == [
        "2020", "3.0", "1234.50", "25%", "0.3", "TRUE", "2020-06-22", "2020-06", "2020", "2020-06-22T12:00:00", "10:30:00", "1E+20", "=1+1",
    ]  # fmt: skip


def test_a_date_of_a_cell_is_a_day_where_days_are_asked_for_and_a_bare_number_is_none() -> None:
    told = Told()
    rows: list[list[object]] = [
        ["claim", "by", "said_at", "verdict", "rated_at"],
        ["a", "x", NOON, "False", NOON],
        ["b", "x", 43_990, None, None],
    ]
    first, second = claims_of(book_of(("x", rows)), "xlsx", told)
    assert (first.statements[0].fields.said_at, first.verdicts[0].rated_at) == ("2020-06-22", "2020-06-22T12:00:00")
    assert second.statements[0].fields.said_at is None
    assert [(one.number, one.why[:25]) for one in told.undated] == [(3, "There is no date “43990”;")]


def test_the_sheet_of_claims_is_read_else_the_first_and_others_are_told() -> None:
    table: list[list[object]] = [[], ["claim"], [], ["a"]]
    told = Told()
    (claim,) = claims_of(book_of(("Notes", [["claim"], ["no"]]), ("Claims", table)), "xlsx", told)
    assert (claim.number, claim.fields.text, told.sentences) == (4, "a", ["Only the sheet “Claims” was read, not “Notes”."])
    assert [one.fields.text for one in claims_of(book_of(("First", table), ("Second", [["claim"], ["no"]])), "xlsx")] == ["a"]


def test_an_apostrophe_of_a_cell_is_the_text_s_own() -> None:
    assert [one.fields.text for one in claims_of(book_of(("x", [["claim"], ["'=1"]])), "xlsx")] == ["'=1"]


def test_of_a_formula_the_value_is_read_that_the_program_kept() -> None:
    sheet = sheet_of(
        '<row r="1"><c r="A1" t="inlineStr"><is><t>claim</t></is></c></row>',
        '<row r="2"><c r="A2" t="str"><f>"a"&amp;"b"</f><v>ab</v></c></row>',
        '<row r="3"><c r="A3"><f>1+1</f></c></row>',
        '<row r="4"><c r="A4" t="e"><v>#REF!</v></c></row>',
    )
    rows = rows_of(with_parts(book_of(("x", [["claim"]])), sheet1=sheet), "xlsx")
    assert isinstance(rows[0], ClaimRow)
    assert rows[0].fields.text == "ab"
    assert rows[1:] == [BadLine(4, "a cell has the error #REF!")]


def test_rich_texts_are_read_without_their_looks() -> None:
    from openpyxl.cell.rich_text import CellRichText, TextBlock
    from openpyxl.cell.text import InlineFont

    cell = CellRichText("It was ", TextBlock(InlineFont(b=True), "closed"))
    assert [one.fields.text for one in claims_of(book_of(("x", [["claim"], [cell]])), "xlsx")] == ["It was closed"]


# Not trusted.


def test_what_the_sheet_says_of_its_size_is_not_believed() -> None:
    sheet = sheet_of('<row r="1"><c r="A1" t="inlineStr"><is><t>claim</t></is></c></row><row r="3"><c r="A3"><v>7</v></c></row>').replace(
        b"<sheetData>", b'<dimension ref="A1:A1"/><sheetData>'
    )
    book = book_of(("x", [["claim"]]))
    assert [one.fields.text for one in claims_of(with_parts(book, sheet1=sheet), "xlsx")] == ["7"]
    assert [one.fields.text for one in claims_of(with_parts(book, sheet1=sheet.replace(b"A1:A1", b"A1:XFD1048576")), "xlsx")] == ["7"]


def test_a_row_far_below_ends_the_sheet(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(workbook_package, "MOST_ROWS", 1_000)
    sheet = sheet_of('<row r="1"><c t="inlineStr"><is><t>claim</t></is></c></row><row r="9999999"><c t="str"><v>a</v></c></row>')
    assert rows_of(with_parts(book_of(("x", [["claim"]])), sheet1=sheet), "xlsx") == []


@pytest.mark.parametrize(
    ("content", "told"),
    [
        (b"", "is no .xlsx workbook"),
        (b"claim,by\na,x\n", "is no .xlsx workbook"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600, "locked with a password, or an older .xls"),
        (book_of(("x", [["claim"], ["a"]]))[:-60], "is no .xlsx workbook"),
        (with_parts(book_of(("x", [["claim"], ["a"]])), sheet1=b"<worksheet"), "is damaged"),
        (with_parts(book_of(("x", [["claim"], ["a"]])), workbook=b"<other/>"), "has no sheet with cells"),
        (with_parts(book_of(("x", [["claim"]])), sheet1=b'<!DOCTYPE a [<!ENTITY b "c">]><a>&b;</a>'), "declares entities of its own"),
        (with_parts(book_of(("x", [["claim"]])), sheet1=sheet_of("<a>" * 200 + "</a>" * 200)), "unpacks to more"),
        (with_parts(book_of(("x", [["claim"]])), sheet1=sheet_of("<row>" + "<c/>" * 150_000 + "</row>")), "unpacks to more"),
        (with_parts(book_of(("x", [["claim"]])), sheet1=sheet_of("<a/>" * 300_001)), "unpacks to more"),
        (book_of(("x", [["text"], ["a"]])), "has no column claim; its columns are “text”"),
        (book_of(("x", [])), "has nothing in its sheet “x”"),
    ],
)
def test_a_file_that_is_no_workbook_of_claims_is_refused(content: bytes, told: str) -> None:
    with pytest.raises(InputError) as raised:
        rows_of(content, "xlsx")
    assert told in str(raised.value)


def test_more_than_is_allowed_is_not_unpacked(monkeypatch: pytest.MonkeyPatch) -> None:
    content = book_of(("x", [["claim"], ["a" * 30_000]]))
    with pytest.raises(InputError, match="unpacks to more"):
        rows_of(content, "xlsx", limit=30_000)
    monkeypatch.setattr(workbook_package, "_SMALL", 0)
    monkeypatch.setattr(workbook_package, "_MOST_RATIO", 5)
    with pytest.raises(InputError, match="unpacks to more"):
        rows_of(content, "xlsx")


def test_without_the_library_a_sentence_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(workbook, "find_spec", lambda _name: None)
    for act in (lambda: rows_of(b"", "xlsx"), lambda: written(new_registry(), "xlsx")):
        with pytest.raises(InputError, match=r"pip install 'claimreg\[sheets\]'"):
            act()
