"""Word: files of real programs, what python-docx leaves out, and files that were made to harm."""

from __future__ import annotations

import io
import tracemalloc
import zipfile
import zlib
from collections.abc import Callable

import docx
import pytest
from hypothesis import given, settings
from ingest_documents import (
    QUOTES,
    assert_linked,
    assert_reads_or_refuses,
    assert_refused,
    damage,
    document,
    members,
    packed,
    read,
    with_member,
)

from claimreg.ingest.formats.word import extract
from claimreg.ingest.types import Limits

REAL = document("libreoffice.docx")
BODY = "word/document.xml"
W = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'
VISIBLE = '<w:vanish w:val="0"/>'
ENTITY = "&e%d;"
BILLION = "".join(f"<!ENTITY e{number} '{(ENTITY % (number - 1)) * 10}'>" for number in range(1, 10))


def word_of(change: Callable[[docx.document.Document], object]) -> bytes:
    made = docx.Document()
    change(made)
    content = io.BytesIO()
    made.save(content)
    return content.getvalue()


def with_body(inner: str, head: str = "") -> bytes:
    """A Word document whose body is this XML."""
    body = f'<?xml version="1.0" encoding="UTF-8"?>{head}<w:document {W}><w:body>{inner}</w:body></w:document>'
    return with_member(word_of(lambda _: None), BODY, lambda _: body.encode())


def run(text: str, properties: str = "") -> str:
    return f'<w:r><w:rPr>{properties}</w:rPr><w:t xml:space="preserve">{text}</w:t></w:r>'


@pytest.mark.parametrize("quote", QUOTES)
def test_a_quote_is_found_in_the_same_words(quote: str) -> None:
    assert_linked(quote, read(extract, REAL).text)


def test_a_real_document_reads_in_its_order() -> None:
    found = read(extract, REAL)
    lines = found.text.splitlines()
    assert lines[0] == "Бір іс, үш тіл: one case in three languages"
    assert "Second\tline,  set apart." in lines
    assert "бас бостандығын шектеу\tтри года\tthree years" in lines
    assert lines.index("Жаза\tСрок\tTerm") < lines.index("Бөлек жақтауда: қорғаушы шағымды жазда түсіреміз деді.")
    assert lines[-2].startswith("Сандар үкімнің")
    assert lines[-1].startswith("claimreg")


def test_what_was_inserted_is_in_and_what_was_deleted_is_not() -> None:
    found = read(extract, REAL)
    assert "an appeal within fifteen days of the ruling" in found.text
    assert "thirty" not in found.text
    assert "The document has tracked changes: what was inserted is in the text, what was deleted is not." in found.notes


def test_what_the_file_says_of_itself() -> None:
    found = read(extract, REAL)
    details = found.details
    assert (details.title, details.author) == ("Бір іс, үш тіл: one case in three languages", "The claimreg authors")
    assert (details.published_at, details.lang) == (None, "kk-KZ")
    assert any("The file says that it was made on 2020-09-30" in note for note in found.notes)
    assert found.method == f"python-docx/{docx.__version__}"


def test_nothing_is_made_up_for_a_file_that_says_nothing_of_itself() -> None:
    parts = members(REAL)
    del parts["docProps/core.xml"]
    parts["_rels/.rels"] = parts["_rels/.rels"].replace(b"docProps/core.xml", b"docProps/app.xml")
    parts["[Content_Types].xml"] = parts["[Content_Types].xml"].replace(b"/docProps/core.xml", b"/docProps/none.xml")
    details = read(extract, packed(parts)).details
    assert (details.title, details.author, details.published_at) == (None, None, None)


@pytest.mark.parametrize(
    ("inner", "text"),
    [
        (f"<w:p>{run('a')}<w:ins>{run('b')}</w:ins><w:del><w:r><w:delText>c</w:delText></w:r></w:del></w:p>", "ab"),
        (f"<w:p><w:moveFrom>{run('gone')}</w:moveFrom>{run('here')}</w:p><w:p><w:moveTo>{run('moved')}</w:moveTo></w:p>", "here\nmoved"),
        (f"<w:p><w:pPr><w:rPr><w:del/></w:rPr></w:pPr>{run('joined ')}</w:p><w:p>{run('lines')}</w:p>", "joined lines"),
        (f"<w:p>{run('seen')}{run('hidden', '<w:vanish/>')}{run('!', VISIBLE)}</w:p>", "seen!"),
        (f"<w:p>{run('ақпа')}<w:r><w:softHyphen/></w:r>{run('рат')}</w:p>", "ақпа\u00adрат"),
        (f"<w:p>{run('ten')}<w:r><w:noBreakHyphen/><w:t>point</w:t><w:tab/><w:br/><w:t>b</w:t></w:r></w:p>", "ten\u2011point\nb"),
        (f"<w:p><w:hyperlink>{run('link')}</w:hyperlink><w:sdt><w:sdtPr/><w:sdtContent>{run('ed')}</w:sdtContent></w:sdt></w:p>", "linked"),
        (f"<w:sdt><w:sdtContent><w:p>{run('held')}</w:p></w:sdtContent></w:sdt>", "held"),
        (f"<w:p><w:r><w:fldChar/><w:instrText>PAGE</w:instrText></w:r><w:fldSimple>{run('7')}</w:fldSimple></w:p>", "7"),
        (f"<w:p><w:r><w:ruby><w:rt>{run('no')}</w:rt><w:rubyBase>{run('yes')}</w:rubyBase></w:ruby></w:r></w:p>", "yes"),
        (f"<w:tbl><w:tr><w:trPr><w:del/></w:trPr><w:tc><w:p>{run('x')}</w:p></w:tc></w:tr></w:tbl><w:p>{run('y')}</w:p>", "y"),
        (f"<w:tbl><w:tr><w:tc><w:tbl><w:tr><w:tc><w:p>{run('in')}</w:p></w:tc></w:tr></w:tbl></w:tc><w:tc/></w:tr></w:tbl>", "in"),
        ('<w:p><w:r><w:sym w:font="X" w:char="0041"/><w:sym w:char="zz"/></w:r></w:p>', "A"),
    ],
)
def test_the_text_is_what_a_reader_sees(inner: str, text: str) -> None:
    assert read(extract, with_body(inner)).text == text


def test_a_box_that_is_there_twice_for_older_programs_is_read_once() -> None:
    box = f"<w:txbxContent><w:p>{run('boxed')}</w:p></w:txbxContent>"
    names = 'xmlns:mc="http://schemas.openxmlformats.org/markup-compatibility/2006"'
    twice = f"<mc:AlternateContent {names}><mc:Choice>{box}</mc:Choice><mc:Fallback>{box}</mc:Fallback></mc:AlternateContent>"
    assert read(extract, with_body(f"<w:p>{run('a')}<w:r>{twice}</w:r>{run('b')}</w:p>")).text == "ab\nboxed"


def test_macros_are_told_and_not_run() -> None:
    parts = members(REAL)
    types = parts["[Content_Types].xml"]
    parts["word/vbaProject.bin"] = b"macro"
    parts["[Content_Types].xml"] = types.replace(
        b"application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml",
        b"application/vnd.ms-word.document.macroEnabled.main+xml",
    )
    assert parts["[Content_Types].xml"] != types
    found = read(extract, packed(parts))
    assert_linked(QUOTES[0], found.text)
    assert "The document holds macros, which were not run." in found.notes


def test_what_cannot_be_read_is_told_in_a_sentence() -> None:
    assert_refused(extract, b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600), "older Word format", "save it as DOCX")
    assert_refused(extract, with_body("<w:p/>"), "no text")
    assert_refused(extract, REAL, "unpacks", limits=Limits(size=20_000))
    strict = with_member(
        REAL, BODY, lambda body: body.replace(b"schemas.openxmlformats.org/wordprocessingml/2006", b"purl.oclc.org/ooxml/wordprocessingml")
    )
    assert_refused(extract, strict, "Strict Open XML")
    for content in (
        b"",
        b"PK\x03\x04",
        b"hello",
        packed({}),
        packed({"[Content_Types].xml": b"<x/>"}),
        packed({"word/document.xml": b"<"}),
    ):
        assert_refused(extract, content, "damaged")
    for member in (BODY, "_rels/.rels", "[Content_Types].xml", "word/_rels/document.xml.rels"):
        assert_refused(extract, with_member(REAL, member, lambda data: data[: len(data) // 2]), "damaged")


def test_a_bomb_is_refused_before_it_is_unpacked() -> None:
    bomb = with_member(REAL, "word/media/a.xml", lambda _: bytes(60_000_000))
    assert len(bomb) < 100_000
    tracemalloc.start()
    assert_refused(extract, bomb, "unpacks", limits=Limits(size=50_000_000))
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert peak < 5_000_000
    many = packed({**members(REAL), **{f"word/{number}.xml": b"" for number in range(10_001)}})
    assert_refused(extract, many, "unpacks")
    dense = zlib.compress(bytes(12_000_000), 9)
    assert len(dense) < 12_100
    assert_refused(extract, packed({"word/a.xml": bytes(12_000_000)}), "unpacks")


def test_a_member_that_lies_about_its_size_is_refused() -> None:
    content = bytearray(with_member(REAL, "word/media/a.xml", lambda _: bytes(5_000_000)))
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        size = archive.getinfo("word/media/a.xml").file_size.to_bytes(4, "little")
    assert content.count(size) == 2
    assert_refused(extract, bytes(content.replace(size, (10).to_bytes(4, "little"))), "damaged", limits=Limits(size=1_000_000))


@pytest.mark.parametrize(
    "head",
    [
        f'<!DOCTYPE x [<!ENTITY e0 "ha">{BILLION}]>',
        '<!DOCTYPE x [<!ENTITY e9 SYSTEM "file:///etc/hostname">]>',
        '<!DOCTYPE x SYSTEM "http://127.0.0.1:9/x.dtd">',
        "<!doctype x>",
    ],
)
@pytest.mark.parametrize("encoding", ["utf-8", "utf-16"])
def test_entities_are_refused(head: str, encoding: str) -> None:
    body = f'<?xml version="1.0" encoding="{encoding}"?>{head}<w:document {W}><w:body><w:p>{run("&amp;")}</w:p></w:body></w:document>'
    for member in (BODY, "_rels/.rels"):
        assert_refused(extract, with_member(REAL, member, lambda _: body.replace("&amp;", "&e9;").encode(encoding)), "entities")


def test_an_encrypted_package_is_refused() -> None:
    content = bytearray(REAL)
    with zipfile.ZipFile(io.BytesIO(REAL)) as archive:
        start = archive.start_dir
    content[start + 8] |= 1
    assert_refused(extract, bytes(content), "password")


def test_deep_nesting_ends() -> None:
    deep = "<w:ins>" * 20_000 + run("x") + "</w:ins>" * 20_000
    assert_refused(extract, with_body(f"<w:p>{deep}</w:p>"), "damaged")
    assert read(extract, with_body(f"<w:p>{'<w:ins>' * 200}{run('x')}{'</w:ins>' * 200}</w:p>")).text == "x"


@settings(max_examples=60)
@given(damage(REAL))
def test_a_damaged_file_is_read_or_refused(content: bytes) -> None:
    assert_reads_or_refuses(extract, content)


@settings(max_examples=60)
@given(damage(members(REAL)[BODY]), damage(members(REAL)["word/_rels/document.xml.rels"]))
def test_a_damaged_member_is_read_or_refused(body: bytes, relations: bytes) -> None:
    parts = members(REAL)
    assert_reads_or_refuses(extract, packed({**parts, BODY: body}))
    assert_reads_or_refuses(extract, packed({**parts, "word/_rels/document.xml.rels": relations}))
