"""PDF, built byte by byte: what stands for letters, and letters that are drawn out of order, twice, or without end."""

from __future__ import annotations

import zlib
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from ingest_documents import assert_reads_or_refuses, assert_refused, read
from test_ingest_pdf import SENTENCE, labels, one_page, pdf_of, stream

from claimreg.ingest.formats.page_lines import COMMENT, HEADS_AND_FEET, LINE_NUMBERS
from claimreg.ingest.formats.pdf import extract
from claimreg.ingest.formats.pdf_content import operations
from claimreg.ingest.types import Limits


def text_of(content: bytes, resources: bytes = b"", more: dict[int, bytes] | None = None) -> str:
    return read(extract, one_page(stream(content), resources, more)).text


def shown(*parts: bytes) -> bytes:
    return b"BT /F1 12 Tf 72 700 Td " + b" ".join(parts) + b" ET"


def utf16(text: str) -> bytes:
    return b"<FEFF" + text.encode("utf-16-be").hex().encode() + b">"


@pytest.mark.parametrize(
    ("told", "text"),
    [
        (utf16("विदेशी"), "the विदेशी end"),
        (b"<EFBBBF" + "กรุง".encode().hex().encode() + b">", "the กรุง end"),
        (b"(\\310)", "the È end"),
        (utf16("two words"), "the two words end"),
        (b"()", "the xyz end"),  # what says nothing takes no letters away
    ],
)
def test_the_text_that_the_file_tells_stands_for_what_it_draws(told: bytes, text: str) -> None:
    drawn = b"/Span <</ActualText " + told + b">> BDC (x) Tj /Span <</ActualText (no)>> BDC (yz) Tj EMC EMC"
    assert text_of(shown(b"(the ) Tj", drawn, b"( end) Tj")) == text
    named = b"/Span /P1 BDC (x) Tj (yz) Tj EMC"
    resources = b"/Properties <</P1 <</ActualText " + told + b">>>>"
    assert text_of(shown(b"(the ) Tj", named, b"( end) Tj"), resources=resources) == text


def test_soft_hyphens_are_dropped_within_lines_and_kept_at_their_end() -> None:
    hyphen = b"/Span <</ActualText <FEFF00AD>>> BDC (-) Tj EMC"
    lines = shown(b"(the har) Tj", hyphen, b"(bour was clo) Tj", hyphen, b"0 -14 Td (sed by the guards) Tj")
    assert text_of(lines) == "the harbour was clo\u00ad\nsed by the guards"


def test_the_structure_tells_text_by_the_marks_of_the_content() -> None:
    content = stream(shown(b"/Span <</MCID 0>> BDC (x) Tj EMC /Span <</MCID 1>> BDC (y) Tj EMC /P <</MCID 2>> BDC ( end) Tj EMC"))
    font = b"<</Type /Font /Subtype /Type1 /BaseFont /Helvetica>>"
    page = b"<</Type /Page /Parent 2 0 R /MediaBox [0 0 600 800] /Contents 4 0 R /Resources <</Font <</F1 5 0 R>>>> /StructParents 7>>"
    objects = {
        1: b"<</Type /Catalog /Pages 2 0 R /StructTreeRoot 6 0 R>>",
        2: b"<</Type /Pages /Kids [3 0 R] /Count 1>>",
        3: page,
        4: content,
        5: font,
        6: b"<</Type /StructTreeRoot /ParentTree 7 0 R>>",
        7: b"<</Kids [9 0 R 8 0 R]>>",
        8: b"<</Limits [5 9] /Nums [5 [] 7 [10 0 R 10 0 R 11 0 R]]>>",
        9: b"<</Limits [0 4] /Nums [0 []]>>",
        10: b"<</S /Span /P 11 0 R /ActualText " + utf16("ক্ষ") + b">>",
        11: b"<</S /P /P 11 0 R>>",
    }
    assert read(extract, pdf_of(objects)).text == "ক্ষ end"
    broken = {**objects, 7: b"<</Kids [7 0 R] /Nums 3>>"}
    assert read(extract, pdf_of(broken)).text == "xy end"


def test_forms_draw_in_their_place_with_their_own_fonts() -> None:
    form = b"/Type /XObject /Subtype /Form /BBox [0 0 9 9] /Matrix [1 0 0 1 72 %d]"
    inner = b"BT /F1 12 Tf (%s) Tj ET"
    more = {
        6: stream(inner % b"the second", form % 600),
        7: stream(b"BT /F9 12 Tf (lost) Tj ET q q", form % 500),
        8: stream(b"x", form % 400 + b" /Filter /Nonsense"),
    }
    content = b"/A Do /B Do /C Do /D Do " + shown(b"(the first) Tj")
    assert text_of(content, resources=b"/XObject <</A 6 0 R /B 7 0 R /C 8 0 R>>", more=more) == "the second the first"


@pytest.mark.parametrize(
    ("content", "text"),
    [
        (b"(one) Tj 0 -14 TD (two.) Tj T* (Three) Tj", "one two.\nThree"),
        (b"14 TL (Go) ' 3 1 (on.) \"", "Go on."),
        (b"[(to) -300 (day)] TJ", "to day"),
        (b"[(to) -20 (day)] TJ", "today"),
        (b"(bold) Tj 0.3 0 Td (bold) Tj", "bold"),
        (b"(10) Tj 5 Ts /F1 7 Tf (2) Tj 0 Ts /F1 12 Tf ( miles) Tj", "102 miles"),
        (b"(a\\(b\\)\\n(c)) Tj <64 6> Tj", "a(b) (c)d‘"),
        (b"2 Tr 110 Tz 1 Tw 0.2 Tc (wide enough) Tj", "wide enough"),
        (b"4 Tc (s) Tj (p) Tj (a) Tj (c) Tj (e) Tj (d) Tj ( ) Tj (out) Tj", "spaced out"),
        (b"7 0 Td (s) Tj 9 0 Td (p) Tj 9 0 Td (a) Tj 9 0 Td (c) Tj 9 0 Td (e) Tj 9 0 Td (d) Tj", "spaced"),
        (b"(far) Tj -40 0 Td (back) Tj", "far back"),
        (b"(x) /F1 Tf (y) Tj nonsense 1 0 0 cm 99e9 0 Td (z) Tj", "yz"),
        (b"0 1 -1 0 90 90 Tm (upwards) Tj 20 0 Td ( ) Tj", "upwards"),
    ],
)
def test_letters_stand_where_the_operators_put_them(content: bytes, text: str) -> None:
    assert text_of(shown(content)) == text


def test_pictures_within_the_content_are_passed_over() -> None:
    picture = b"BI /W 2 /H 2 ID \x00 EI\xff(\x01 Tj\nEI "
    assert text_of(picture + SENTENCE) == "The pier is sound and the ferry runs."


def test_lines_of_hebrew_are_read_whichever_way_they_are_drawn() -> None:
    """A font of one byte a letter, whose letters are told by a map; drawn as seen, as read with steps back, and beneath a scan."""
    cmap = b"beginbfrange <61> <7b> <05D0> endbfrange 1 beginbfchar <20> <0020> endbfchar"
    widths = b" ".join([b"500"] * 96)
    font = b"<</Type /Font /Subtype /TrueType /BaseFont /A /FirstChar 32 /LastChar 127 /Widths [%s] /ToUnicode 6 0 R>>" % widths
    for drawn in (b"(dcb a) Tj", b"60 0 Td (a) Tj -9 0 Td (b) Tj -6 0 Td (c) Tj -6 0 Td (d) Tj", b"3 Tr 60 0 Td (a) Tj -30 0 Td (bcd) Tj"):
        content = one_page(stream(b"BT /F1 12 Tf 72 700 Td " + drawn + b" ET"), more={5: font, 6: stream(cmap)})
        assert read(extract, content).text == "א בגד"


def test_arabic_shapes_are_read_as_their_letters() -> None:
    cmap = b"5 beginbfchar <61> <FEFC> <62> <FEB3> <63> <200F> <64> <064E> <65> <0028> endbfchar"
    font = b"<</Type /Font /Subtype /TrueType /BaseFont /A /FirstChar 97 /LastChar 101 /Widths [500 500 0 0 400] /ToUnicode 6 0 R>>"
    content = one_page(stream(shown(b"(ecadb) Tj")), more={5: font, 6: stream(cmap)})
    assert read(extract, content).text in {"س\u064eلا(", "س\u064eلا)"}


def test_what_the_file_says_is_a_pages_foot_or_a_lines_number_is_left_out() -> None:
    content = (
        b"/Artifact <</Type /Pagination /Subtype /Footer>> BDC BT /F1 9 Tf 72 40 Td (Page one) Tj ET EMC "
        b"/Artifact <</Subtype /LineNum>> BDC BT /F1 9 Tf 40 700 Td (17) Tj ET EMC "
    )
    found = read(extract, one_page(stream(content + SENTENCE)))
    assert found.text == "The pier is sound and the ferry runs."
    assert labels(found)[1:] == [(HEADS_AND_FEET, "Page one"), (LINE_NUMBERS, "17")]


def annotated(*annotations: bytes, more: dict[int, bytes]) -> bytes:
    page = b"<</Type /Page /Parent 2 0 R /MediaBox [0 0 600 800] /Contents 4 0 R /Resources <</Font <</F1 5 0 R>>>> /Annots [%s]>>"
    lines = shown(b"(Name:) Tj 150 0 Td (of the mill.) Tj -150 -30 Td (Signed at dusk.) Tj")
    return one_page(stream(lines), more={3: page % b" ".join(annotations), **more})


def test_what_was_filled_into_a_form_is_read_where_it_stands() -> None:
    form = b"/Type /XObject /Subtype /Form /BBox [0 0 50 10] /Resources <</Font <</F1 5 0 R>>>>"
    value = stream(b"/Tx BMC BT /F1 10 Tf 2 2 Td (Ada Bor) Tj ET EMC", form)
    state = b"<</Subtype /Widget /Rect [72 640 82 650] /AS /On /AP <</N <</On 8 0 R /Off 9 0 R>>>>>>"
    flat = b"<</Subtype /FreeText /Rect [0 0 0 0] /AP <</N 10 0 R>>>>"
    content = annotated(
        b"<</Subtype /Widget /Rect [120 698 170 708] /AP <</N 7 0 R>>>>",
        b"<</Subtype /Widget /F 2 /Rect [120 600 170 610] /AP <</N 9 0 R>>>>",
        b"<</Subtype /Widget /Rect 3 /AP <</N 7 0 R>>>>",
        state,
        flat,
        more={
            7: value,
            8: stream(b"BT /F1 9 Tf (X) Tj ET", form),
            9: stream(b"BT /F1 9 Tf (hidden) Tj ET", form),
            10: stream(b"", b"/BBox [0 0 0 0]"),
        },
    )
    assert read(extract, content).text == "Name: Ada Bor of the mill.\nSigned at dusk.\nX"


def test_readers_comments_are_left_out_and_kept() -> None:
    content = annotated(
        b"<</Subtype /Text /Contents (Who is this?)>>",
        b"<</Subtype /Highlight /Contents " + utf16("Қате") + b">>",
        b"<</Subtype /Link /Contents (no comment)>>",
        b"7",
        more={},
    )
    found = read(extract, content)
    assert "Who" not in found.text
    assert "Reviewers' comments in the document are left out." in found.notes
    assert labels(found)[1:] == [(COMMENT, "Who is this?"), (COMMENT, "Қате")]


ROWS = {
    "prose": [
        b"The men had come over the river before the",
        b"light and had waited at the mill until some",
        b"of them heard the bell that was rung in the",
        b"old tower, and so they knew that everything",
        b"was over and went back to where they lived.",
        b"Nobody asked them a thing, and they were as",
        b"silent as they had been when they came over.",
    ],
    "list": [b"Oats", b"Barley and rye", b"Beans", b"Lard", b"Salt, two sacks", b"Candles", b"Rope"],
    "rows": [b"the sum owed by %s is four marks" % name for name in (b"ada", b"bor", b"cai", b"dag", b"eli", b"fay", b"gil")],
}


def numbered(rows: list[bytes], numbers: list[int], edge: int) -> bytes:
    lines = b" ".join(b"BT /F1 10 Tf 90 %d Td (%s) Tj ET" % (700 - 12 * at, row) for at, row in enumerate(rows))
    counts = b" ".join(b"BT /F1 10 Tf %d %d Td (%d) Tj ET" % (edge, 700 - 12 * at, n) for at, n in enumerate(numbers) if n)
    return lines + b" " + counts


@pytest.mark.parametrize(
    ("rows", "numbers", "edge", "taken"),
    [
        ("prose", [1, 2, 3, 4, 5, 6, 7], 60, True),
        ("prose", [8, 9, 10, 11, 12, 13, 14], 400, True),
        ("prose", [0, 2, 0, 4, 0, 6, 0], 60, True),
        ("prose", [1, 2, 3, 5, 8, 13, 21], 60, False),
        ("prose", [0, 1, 0, 0, 2, 0, 3], 60, False),
        ("prose", [1901, 1902, 1903, 1904, 1905, 1906, 1907], 60, False),
        ("list", [1, 2, 3, 4, 5, 6, 7], 60, False),
        ("rows", [1, 2, 3, 4, 5, 6, 7], 60, False),
    ],
)
def test_numbers_that_count_the_lines_of_sentences_are_taken_out(rows: str, numbers: list[int], edge: int, *, taken: bool) -> None:
    found = read(extract, one_page(stream(numbered(ROWS[rows], numbers, edge))))
    counts = " ".join(str(one) for one in numbers if one)
    assert found.left_out == (counts if taken else "")
    assert any(str(one) in found.text.split() for one in numbers if one) != taken


def test_numbers_are_taken_out_that_stand_in_the_lines() -> None:
    lines = b" ".join(b"BT /F1 10 Tf 60 %d Td (%d %s) Tj ET" % (700 - 12 * at, at + 1, row) for at, row in enumerate(ROWS["prose"]))
    assert read(extract, one_page(stream(lines))).left_out == "1 2 3 4 5 6 7"


def test_the_numbers_of_a_last_short_page_are_taken_out_too() -> None:
    page = b"<</Type /Page /Parent 2 0 R /MediaBox [0 0 600 800] /Contents %d 0 R /Resources <</Font <</F1 5 0 R>>>>>>"
    objects = {
        1: b"<</Type /Catalog /Pages 2 0 R>>",
        2: b"<</Type /Pages /Kids [3 0 R 6 0 R] /Count 2>>",
        3: page % 4,
        4: stream(numbered(ROWS["prose"], [1, 2, 3, 4, 5, 6, 7], 60)),
        5: b"<</Type /Font /Subtype /Type1 /BaseFont /Helvetica>>",
        6: page % 7,
        7: stream(numbered([b"They slept until noon."], [8], 60)),
    }
    found = read(extract, pdf_of(objects))
    assert found.left_out == "1 2 3 4 5 6 7\n8"
    assert found.text.endswith("\nThey slept until noon.")


@pytest.mark.parametrize(
    ("content", "read_as"),
    [
        (b"/A#20b 1 -.5 +2. Tf", [(b"Tf", ["/A b", 1.0, -0.5, 2.0])]),
        (b"[(a) [1 [2]] <</K [3] /L << /M true >> >>] TJ", [(b"TJ", [[b"a", [1.0, [2.0]], {"/K": [3.0], "/L": {"/M": True}}]])]),
        (b"(\\101\\)\\\\\\\n) Tj", [(b"Tj", [b"A)\\"])]),
        (b"(a(b)c) Tj (open Tj", [(b"Tj", [b"a(b)c"])]),
        (b"% (no) Tj\n1 g", [(b"g", [1.0])]),
        (b"[1 2 Td ] >> 3 w", [(b"Td", [[1.0, 2.0]]), (b"w", [3.0])]),
        (b"--5 0 Td null false n", [(b"Td", [0.0, 0.0]), (b"n", [None, False])]),
        (b"<4> Tj <zz> Tj", [(b"Tj", [b"@"]), (b"zz", []), (b"Tj", [])]),
        (b"BI ID \x00", [(b"BI", [])]),
    ],
)
def test_operators_come_with_their_operands(content: bytes, read_as: list[tuple[bytes, list[Any]]]) -> None:
    assert list(operations(content)) == read_as


@given(st.binary(max_size=200))
def test_any_bytes_have_operators_or_none(content: bytes) -> None:
    assert all(isinstance(operator, bytes) and isinstance(given, list) for operator, given in operations(content))


@pytest.mark.parametrize(
    "content",
    [b"[" * 60_000, b"(" * 60_000, b"<<" * 40_000 + b">>" * 40_000, b"[]" * 60_000 + b" TJ", b"q " * 40_000 + b"Q " * 60_000,
     b"/Span <</ActualText (a)>> BDC " * 10_000, b"BT /F1 9 Tf " + b"(1) Tj 0 -9 Td " * 5_000, b"<" * 60_000, b"BI ID EI" * 10_000],
)  # fmt: skip
def test_content_without_end_is_read_in_time_that_grows_with_it(content: bytes) -> None:
    assert_reads_or_refuses(extract, one_page(stream(zlib.compress(content), b"/Filter /FlateDecode")))


def test_time_that_is_up_is_told() -> None:
    assert_refused(extract, one_page(stream(SENTENCE * 500)), "longer", "pages that are quoted", limits=Limits(seconds=0))
