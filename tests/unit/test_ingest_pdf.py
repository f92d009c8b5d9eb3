"""PDF: files of real programs, files that were damaged, and files that were made to harm."""

from __future__ import annotations

import io
import logging
import re
import zlib
from collections.abc import Callable

import pypdf
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from ingest_documents import QUOTES, assert_linked, assert_reads_or_refuses, assert_refused, damage, document, maker, read
from pypdf.generic import ArrayObject, DictionaryObject, NameObject

from claimreg.ingest.formats.page_lines import BESIDE, EDGE, HEADS_AND_FEET, LINE_NUMBERS, Layout, Line, laid_out
from claimreg.ingest.formats.pdf import extract
from claimreg.ingest.types import Extraction, Limits
from claimreg.services.recording.sources import joined
from claimreg.text.fold import fold_key

REAL = ("libreoffice.pdf", "chromium.pdf")
LIBREOFFICE, CHROMIUM = map(document, REAL)
SENTENCE = b"BT /F1 12 Tf 72 700 Td (The pier is sound and the ferry runs.) Tj ET"


def pdf_of(objects: dict[int, bytes]) -> bytes:
    """A PDF of these objects, the first of which is the catalog."""
    made = bytearray(b"%PDF-1.7\n")
    places = {}
    for number, body in objects.items():
        places[number] = len(made)
        made += b"%d 0 obj\n%s\nendobj\n" % (number, body)
    start = len(made)
    made += b"xref\n0 1\n0000000000 65535 f \n" + b"".join(b"%d 1\n%010d 00000 n \n" % pair for pair in places.items())
    return bytes(made + b"trailer <</Root 1 0 R /Size %d>>\nstartxref\n%d\n%%%%EOF\n" % (max(objects) + 1, start))


def stream(data: bytes, extra: bytes = b"") -> bytes:
    return b"<</Length %d %s>>\nstream\n%s\nendstream" % (len(data), extra, data)


def one_page(content: bytes, resources: bytes = b"", more: dict[int, bytes] | None = None, catalog: bytes = b"") -> bytes:
    font = b"<</Type /Font /Subtype /Type1 /BaseFont /Helvetica>>"
    page = b"<</Type /Page /Parent 2 0 R /MediaBox [0 0 600 800] /Contents 4 0 R /Resources <</Font <</F1 5 0 R>> %s>>>>" % resources
    pages = b"<</Type /Pages /Kids [3 0 R] /Count 1>>"
    head = b"<</Type /Catalog /Pages 2 0 R %s>>" % catalog
    return pdf_of({1: head, 2: pages, 3: page, 4: content, 5: font, **(more or {})})


def rewritten(change: Callable[[pypdf.PdfWriter], object]) -> bytes:
    writer = pypdf.PdfWriter(clone_from=io.BytesIO(LIBREOFFICE))
    change(writer)
    made = io.BytesIO()
    writer.write(made)
    return made.getvalue()


@pytest.mark.parametrize("name", REAL)
@pytest.mark.parametrize("quote", QUOTES)
def test_a_quote_is_found_in_the_same_words(name: str, quote: str) -> None:
    assert_linked(quote, read(extract, document(name)).text)


def test_pages_are_where_they_begin() -> None:
    found = read(extract, LIBREOFFICE)
    assert [locator.label for locator in found.locators] == ["page 1", "page 2", "page 3", HEADS_AND_FEET]
    begins = ["Бір іс, үш тіл", "Этот раздел тоже", "Бөлек жақтауда"]
    assert all(found.text.startswith(begin, locator.start) for begin, locator in zip(begins, found.locators, strict=False))


def test_a_paragraph_reads_as_one_and_a_broken_word_is_left_alone() -> None:
    lines = read(extract, LIBREOFFICE).text.splitlines()
    whole = "This part was written by us as well; nobody is quoted verbatim in it."
    assert lines[lines.index(whole) + 1].startswith("Observers said")
    assert any(line.endswith("жазбалары төтен-") for line in lines)
    assert any(line.startswith("ше жағдай кезінде") for line in lines)


@pytest.mark.parametrize("name", REAL)
def test_every_word_is_whole(name: str) -> None:
    """Words as they were written, whatever the typesetter broke or joined: ligatures are folded, line ends' hyphens undone."""
    made = maker()
    written = " ".join(text for texts in (made.KAZAKH, made.RUSSIAN, made.ENGLISH) for text in texts).replace("~", "")
    text = re.sub("[-\u2010]\n", "", read(extract, document(name)).text)
    words = {fold_key(word.removesuffix(".1")) for word in text.split()}  # the footnote's mark stands at the word
    assert {word for word in map(fold_key, written.split()) if word} <= words


def test_no_word_is_lost_or_changed_by_laying_out() -> None:
    pages = pypdf.PdfReader(io.BytesIO(LIBREOFFICE)).pages
    words = " ".join(page.extract_text() for page in pages).split()
    found = read(extract, LIBREOFFICE)
    assert sorted(f"{found.text} {found.left_out}".split()) == sorted(words)
    assert found.left_out.splitlines() == ["claimreg 1", "claimreg 2", "claimreg 3"]


def page(*lines: str, step: float = 12.0, sizes: dict[int, float] | None = None) -> list[Line]:
    """A page whose lines stand one below the other; an empty one leaves room."""
    return [Line(text, 700.0 - step * at, 70.0, 70.0 + 5 * len(text), (sizes or {}).get(at, 10.0)) for at, text in enumerate(lines) if text]


def labels(layout: Layout | Extraction) -> list[tuple[str, str]]:
    """Each label with the words that it holds for."""
    whole = joined(layout.text, layout.left_out)
    ends = [locator.start for locator in layout.locators[1:]] + [len(whole)]
    return [(locator.label, whole[locator.start : end].strip()) for locator, end in zip(layout.locators, ends, strict=False)]


@pytest.mark.parametrize(
    ("pages", "text", "left_out"),
    [
        ([page("The court found the", "3"), page("accused guilty.", "4")], "The court found the accused guilty.", "3\n4"),
        (
            [page("Court", "it ended", "1 / 2"), page("Court", "at dusk.", "2 / 2")],
            "it ended at dusk.",
            "Court\n1 / 2\n2 / 2",
        ),
        ([page("We heard the", "", "iii"), page("river rise", "", "iv")], "We heard the river rise", "iii\niv"),
        (
            [page("The lamp went", "out and", "", "Page Four"), page("no one saw", "the road.", "", "Page Five")],
            "The lamp went out and no one saw the road.",
            "Page Four\nPage Five",
        ),
        (
            [page("12 The Mill", "", "a long", "day in"), page("The Flood 13", "", "the yard", "of stone")],
            "a long day in the yard of stone",
            "12 The Mill\nThe Flood 13",
        ),
        ([page("a broken ақпа-"), page("рат here")], "a broken ақпа-\nрат here", ""),
        ([page("one", "15"), page("two", "90")], "one 15 two 90", ""),
        ([page("the same"), page("the same")], "the same the same", ""),
        ([[], page("alone"), []], "alone", ""),
        ([page("A title", "Then a sentence that is long.")], "A title\nThen a sentence that is long.", ""),
        ([page("三人在场的人都说", "没有人受伤")], "三人在场的人都说没有人受伤", ""),
        ([], "", ""),
    ],
)
def test_what_stands_at_pages_edges_cuts_no_sentence(pages: list[list[Line]], text: str, left_out: str) -> None:
    layout = laid_out(pages)
    assert (layout.text, layout.left_out) == (text, left_out)
    assert {label for label, _ in labels(layout)} >= {f"page {number}" for number in range(1, len(pages) + 1)}
    assert (HEADS_AND_FEET in dict(labels(layout))) == bool(left_out)


def test_a_note_at_a_pages_foot_stands_after_the_paragraph_and_on_its_page() -> None:
    first = page("The harbour was closed by the", "2 The closing was told on the radio.", sizes={1: 7.0})
    second = page("guards before the ships came in.", "Nobody was told of it.")
    layout = laid_out([first, second])
    assert layout.text.splitlines()[:2] == [
        "The harbour was closed by the guards before the ships came in.",
        "2 The closing was told on the radio.",
    ]
    assert [label for label, words in labels(layout) if words.startswith(("2 The", "Nobody"))] == ["page 1", "page 2"]


def test_heads_and_feet_that_the_file_marks_are_left_out_of_one_page_too() -> None:
    body = page("The gate was shut.", "No one came.")
    marked = Line("Minutes of the council", 760.0, role=EDGE)
    beside = [Line("Draft", 770.0, role=BESIDE), Line("a seal", 694.0, role=BESIDE)]
    layout = laid_out([[marked, *beside, *body]], [["1", "2"]])
    assert layout.left_out == "Draft\nMinutes of the council\n1 2"
    assert "a seal" in layout.text
    assert labels(layout)[-1] == (LINE_NUMBERS, "1 2")


LINE = st.sampled_from(["Head", "3", "4", "5", "Алматы соты", "a word-", "ends here.", "and goes on", "Page 1", "Page 2"])


@given(st.lists(st.lists(LINE, max_size=5), max_size=6))
def test_laying_out_keeps_every_line_and_the_order_of_the_pages(pages: list[list[str]]) -> None:
    text, left_out, locators = laid_out([page(*lines) for lines in pages])
    assert set(f"{text} {left_out}".split()) == {word for lines in pages for line in lines for word in line.split()}
    starts = [locator.start for locator in locators]
    assert starts == sorted(starts)
    assert {locator.label for locator in locators} >= {f"page {number}" for number in range(1, len(pages) + 1)}
    assert all(0 <= start <= len(text) + len(left_out) + 1 for start in starts)


def test_a_quote_over_pages_with_page_numbers_keeps_its_words() -> None:
    first = page("Алматы соты", "Сот белсендіні көрінеу жалған ақпарат", "7")
    text = laid_out([first, page("Алматы соты", "таратты деп тапты.", "8")]).text
    assert_linked("белсендіні көрінеу жалған ақпарат таратты деп тапты", text)


def test_what_the_file_says_of_itself() -> None:
    found = read(extract, LIBREOFFICE)
    assert (found.media_type, found.method) == ("application/pdf", f"pypdf/{pypdf.__version__}")
    assert (found.details.title, found.details.author) == ("Бір іс, үш тіл: one case in three languages", "The claimreg authors")
    assert found.details.lang is None


@pytest.mark.parametrize(
    ("info", "day"),
    [
        ({"/CreationDate": "D:20200930101112+06'00'", "/ModDate": "D:20211001"}, "2020-09-30"),
        ({"/ModDate": "D:20211001101112Z'"}, "2021-10-01"),
        ({"/CreationDate": "D:20209930"}, None),
        ({"/CreationDate": "yesterday"}, None),
    ],
)
def test_the_date_is_told_to_be_the_files(info: dict[str, str], day: str | None) -> None:
    def change(writer: pypdf.PdfWriter) -> None:
        writer.metadata = info

    found = read(extract, rewritten(change))
    assert found.details.published_at is None
    assert any(f" on {day}; when it was published" in note for note in found.notes) == (day is not None)


def test_a_small_file_is_read() -> None:
    assert read(extract, one_page(stream(SENTENCE))).text == "The pier is sound and the ferry runs."


@pytest.mark.parametrize("algorithm", ["RC4-128", "AES-256"])
def test_an_encrypted_file_is_read_when_anyone_may(algorithm: str) -> None:
    free = rewritten(lambda writer: writer.encrypt("", "owner", algorithm=algorithm))
    assert_linked(QUOTES[0], read(extract, free).text)
    locked = rewritten(lambda writer: writer.encrypt("secret", algorithm=algorithm))
    assert_refused(extract, locked, "password", "save a copy")


@pytest.mark.parametrize(
    "content",
    [
        one_page(stream(SENTENCE), catalog=b"/Names <</JavaScript <</Names [(a) <</S /JavaScript /JS (app.alert(1))>>]>>>>"),
        one_page(stream(SENTENCE), catalog=b"/OpenAction <</S /Launch /F (evil.exe)>>"),
        one_page(stream(SENTENCE), catalog=b"/OpenAction <</S /GoTo /Next <</S /JavaScript /JS (1)>>>>"),
        one_page(stream(SENTENCE), catalog=b"/AA <</WC <</S /JavaScript /JS (1)>>>>"),
    ],
)
def test_scripts_are_told_and_not_run(content: bytes) -> None:
    found = read(extract, content)
    assert found.text
    assert any("were not run" in note for note in found.notes)


def test_attached_files_are_told_and_not_opened() -> None:
    found = read(extract, rewritten(lambda writer: writer.add_attachment("a.exe", b"MZ")))
    assert any("were not opened" in note for note in found.notes)
    assert not any("not run" in note for note in found.notes)
    assert not any("not opened" in note for note in read(extract, LIBREOFFICE).notes)


def scanned() -> bytes:
    image = stream(b"\x00", b"/Type /XObject /Subtype /Image /Width 1 /Height 1 /ColorSpace /DeviceGray /BitsPerComponent 8")
    return one_page(stream(b"q 600 0 0 800 0 0 cm /Im1 Do Q"), b"/XObject <</Im1 6 0 R>>", {6: image})


def test_a_scan_is_told_from_an_empty_file() -> None:
    assert_refused(extract, scanned(), "scanned", "OCR")
    assert_refused(extract, one_page(stream(b"")), "no text")
    mixed = pypdf.PdfWriter(clone_from=io.BytesIO(LIBREOFFICE))
    mixed.append(io.BytesIO(scanned()))
    made = io.BytesIO()
    mixed.write(made)
    assert "Page 4 without text: a scan needs OCR before it can be quoted from." in read(extract, made.getvalue()).notes


@pytest.mark.parametrize("content", [b"", b"%PDF-1.7\n", b"hello", b"%PDF-1.7\n" + bytes(1000), b"PK\x03\x04"])
def test_what_is_no_pdf_is_refused(content: bytes) -> None:
    assert_refused(extract, content)


def test_a_broken_table_of_objects_is_got_over() -> None:
    place = LIBREOFFICE.rindex(b"startxref")
    assert_linked(QUOTES[0], read(extract, LIBREOFFICE[:place] + b"startxref\n7\n%%EOF\n").text)


def test_a_page_that_is_damaged_does_not_take_the_others_along() -> None:
    pages = b"<</Type /Pages /Kids [3 0 R 6 0 R] /Count 2>>"
    page = b"<</Type /Page /Parent 2 0 R /MediaBox [0 0 600 800] /Contents %d 0 R /Resources <</Font <</F1 5 0 R>>>>>>"
    font = b"<</Type /Font /Subtype /Type1 /BaseFont /Helvetica>>"
    unknown = stream(SENTENCE, b"/Filter /Nonsense")
    found = read(extract, pdf_of({1: b"<</Pages 2 0 R>>", 2: pages, 3: page % 4, 4: stream(SENTENCE), 5: font, 6: page % 7, 7: unknown}))
    assert found.notes == ("Page 2 could not be read: the file is damaged there.",)
    assert found.text.strip() == "The pier is sound and the ferry runs."
    assert_refused(extract, one_page(unknown), "No page", "damaged")


def test_a_file_that_unpacks_to_too_much_is_refused() -> None:
    bomb = zlib.compress(b"( ) Tj\n" * 3_000_000, 9)
    content = one_page(stream(bomb, b"/Filter /FlateDecode"))
    assert len(content) < 100_000
    assert_refused(extract, content, "unpacks", limits=Limits(size=10_000_000))
    twice = one_page(stream(zlib.compress(bomb), b"/Filter [/FlateDecode /FlateDecode]"))
    assert_refused(extract, twice, "unpacks", limits=Limits(size=10_000_000))
    assert_refused(extract, LIBREOFFICE, "longer", limits=Limits(seconds=0))


@pytest.mark.parametrize(
    "kids", [b"[2 0 R]", b"[2 0 R 2 0 R 3 0 R]", b"[" + b"3 0 R " * 150_000 + b"]", b"null", b"[7 0 R]", b"[" * 5_000 + b"]" * 5_000]
)
def test_a_page_tree_without_end_ends(kids: bytes) -> None:
    page = b"<</Type /Page /Parent 2 0 R /Contents 4 0 R>>"
    content = pdf_of({1: b"<</Pages 2 0 R>>", 2: b"<</Type /Pages /Kids %s /Count 9999999>>" % kids, 3: page, 4: stream(SENTENCE)})
    assert_reads_or_refuses(extract, content)


def test_objects_in_a_stream_that_unpack_to_too_much_are_refused() -> None:
    inner = b"2 0 " + b" " * 20_000_000 + b"<</Type /Pages /Kids [] /Count 0>>"
    packed = stream(zlib.compress(inner, 9), b"/Type /ObjStm /N 1 /First 4 /Filter /FlateDecode")
    table = stream(
        bytes((1, 0, 0, 0)) + bytes((2, 0, 3, 0)) + bytes((1, 0, 9, 0)), b"/Type /XRef /W [1 2 1] /Size 4 /Index [1 3] /Root 1 0 R"
    )
    catalog = b"<</Pages 2 0 R>>"
    head = b"%PDF-1.7\n1 0 obj\n" + catalog + b"\nendobj\n"
    second = len(head)
    body = head + b"3 0 obj\n" + packed + b"\nendobj\n"
    table = table.replace(
        bytes((1, 0, 0, 0, 2, 0, 3, 0, 1, 0, 9, 0)), bytes((1, 0, 9, 0, 2, 0, 3, 0, 1)) + second.to_bytes(2, "big") + b"\0"
    )
    content = body + b"4 0 obj\n" + table + b"\nendobj\nstartxref\n%d\n%%%%EOF\n" % len(body)
    assert_refused(extract, content, "unpacks", limits=Limits(size=1_000_000))


def test_a_text_that_forms_draw_in_each_other_ends() -> None:
    form = b"/Type /XObject /Subtype /Form /BBox [0 0 9 9] /Resources <</XObject <</A %d 0 R /B %d 0 R>>>>"
    more = {number: stream(b"/A Do /B Do " * 8, form % (number + 1, number + 1)) for number in range(6, 30)}
    content = one_page(stream(SENTENCE + b" /A Do"), b"/XObject <</A 6 0 R>>", more)
    assert_reads_or_refuses(extract, content)


def test_nothing_is_said_on_the_terminal(capfd: pytest.CaptureFixture[str], caplog: pytest.LogCaptureFixture) -> None:
    place = LIBREOFFICE.rindex(b"startxref")
    with caplog.at_level(logging.DEBUG):
        read(extract, LIBREOFFICE[:place] + b"startxref\n7\n%%EOF\n")
    assert capfd.readouterr() == ("", "")
    assert not caplog.records
    assert logging.getLogger("pypdf").propagate


def test_pages_hold_actions_too() -> None:
    def change(writer: pypdf.PdfWriter) -> None:
        action = DictionaryObject({NameObject("/S"): NameObject("/Launch")})
        note = DictionaryObject({NameObject("/Type"): NameObject("/Annot"), NameObject("/A"): action})
        writer.pages[0][NameObject("/Annots")] = ArrayObject([note])

    assert any("were not run" in note for note in read(extract, rewritten(change)).notes)


@settings(max_examples=60)
@given(damage(LIBREOFFICE))
def test_a_damaged_file_is_read_or_refused(content: bytes) -> None:
    assert_reads_or_refuses(extract, content)


@settings(max_examples=40)
@given(damage(one_page(stream(SENTENCE), catalog=b"/OpenAction <</S /GoTo>> /Names <</Dests 2 0 R>>")))
def test_a_small_damaged_file_is_read_or_refused(content: bytes) -> None:
    assert_reads_or_refuses(extract, content)
