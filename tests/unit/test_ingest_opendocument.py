"""OpenDocument: a file of a real program, what its format can hold, and files that were made to harm."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from ingest_documents import (
    QUOTES,
    assert_linked,
    assert_reads_or_refuses,
    assert_refused,
    damage,
    document,
    maker,
    members,
    packed,
    read,
    with_member,
)
from lxml import __version__ as lxml_version

from claimreg.ingest.formats.opendocument import extract
from claimreg.ingest.types import Limits

REAL = document("libreoffice.odt")
NAMESPACES: str = maker().NAMESPACES


def with_body(inner: str, head: str = "", text: str = "office:text") -> bytes:
    """An OpenDocument text as one file of XML, with this in its body."""
    body = f"<office:body><{text}>{inner}</{text}></office:body>"
    return f'<?xml version="1.0" encoding="UTF-8"?>{head}<office:document {NAMESPACES}>{body}</office:document>'.encode()


@pytest.mark.parametrize("quote", QUOTES)
def test_a_quote_is_found_in_the_same_words(quote: str) -> None:
    assert_linked(quote, read(extract, REAL).text)


def test_a_real_document_reads_in_its_order() -> None:
    lines = read(extract, REAL).text.splitlines()
    assert lines[0] == "Бір іс, үш тіл: one case in three languages"
    assert "Second\tline,  set apart." in lines
    assert lines.index("бас бостандығын шектеу\tтри года\tthree years") < lines.index(
        "Сандар үкімнің қысқаша мазмұнынан алынды, құжаттың өзінен емес."
    )
    assert lines[-1].startswith("claimreg")


def test_the_same_text_as_one_file_of_xml_reads_the_same() -> None:
    flat = read(extract, maker().flat_opendocument().encode())
    assert [line for line in read(extract, REAL).text.splitlines() if not line.startswith("claimreg")] == [
        line for line in flat.text.splitlines() if not line.startswith("claimreg")
    ]
    assert flat.details == read(extract, REAL).details


def test_what_was_inserted_is_in_and_what_was_deleted_is_not() -> None:
    found = read(extract, REAL)
    assert "an appeal within fifteen days of the ruling" in found.text
    assert "thirty" not in found.text
    assert any("tracked changes" in note for note in found.notes)


def test_what_the_file_says_of_itself() -> None:
    found = read(extract, REAL)
    details = found.details
    assert (details.title, details.author) == ("Бір іс, үш тіл: one case in three languages", "The claimreg authors")
    assert (details.published_at, details.lang) == (None, "kk-KZ")
    assert any("The file says that it was made on 2020-09-30" in note for note in found.notes)
    assert (found.media_type, found.method) == ("application/vnd.oasis.opendocument.text", f"lxml/{lxml_version}")


@pytest.mark.parametrize(
    ("inner", "text"),
    [
        ("<text:p>  a\n  b <text:span> c</text:span></text:p>", "a b c"),
        ('<text:p>a<text:s text:c="3"/>b<text:tab/>c<text:line-break/>d<text:s/></text:p>', "a   b\tc\nd"),
        ('<text:p>a<text:s text:c="999999999999"/><text:s text:c="-1"/>b</text:p>', "a  b"),
        ("<text:list><text:list-item><text:p>one</text:p></text:list-item></text:list><text:p>two</text:p>", "one\ntwo"),
        (
            (
                "<text:p>a<text:note><text:note-citation>1</text:note-citation><text:note-body><text:p>note</text:p></text:note-body></text:note>b"
                "</text:p><text:p>c</text:p>"
            ),
            "ab\nc\nnote",
        ),
        ("<text:p>a<draw:frame><draw:text-box><text:p>box</text:p></draw:text-box></draw:frame>b</text:p>", "ab\nbox"),
        ("<text:p>a<office:annotation><text:p>comment</text:p></office:annotation>b</text:p>", "ab"),
        ("<text:p><text:ruby><text:ruby-base>yes</text:ruby-base><text:ruby-text>no</text:ruby-text></text:ruby></text:p>", "yes"),
        (
            (
                "<table:table><table:table-row><table:table-cell><text:p>a</text:p><text:p>b</text:p></table:table-cell>"
                '<table:table-cell table:number-columns-repeated="99999999"/></table:table-row></table:table>'
            ),
            "a\nb",
        ),
        ("<text:p>ақпа\u00adрат<text:soft-page-break/>тар</text:p>", "ақпа\u00adраттар"),
        ("<text:p>a<!-- no -->b<?no no?>c</text:p>", "abc"),
    ],
)
def test_the_text_is_what_a_reader_sees(inner: str, text: str) -> None:
    assert read(extract, with_body(inner)).text == text


def test_what_cannot_be_read_is_told_in_a_sentence() -> None:
    for content in (
        b"",
        b"hello",
        b"PK\x03\x04",
        packed({}),
        packed({"content.xml": b"<x/>"}),
        REAL[:3000],
        with_body("", text="office:spreadsheet"),
    ):
        assert_refused(extract, content, "damaged")
    assert_refused(extract, with_body("<text:p/>"), "no text")
    assert_refused(extract, REAL, "unpacks", limits=Limits(size=40_000))
    name = 'xmlns:m="urn:oasis:names:tc:opendocument:xmlns:manifest:1.0"'
    manifest = f"<m:manifest {name}><m:encryption-data/></m:manifest>"
    assert_refused(extract, with_member(REAL, "META-INF/manifest.xml", lambda _: manifest.encode()), "password")


def test_macros_are_told_and_not_run() -> None:
    found = read(extract, with_member(REAL, "Basic/Standard/Module1.xml", lambda _: b"<script/>"))
    assert "The document holds macros, which were not run." in found.notes


@pytest.mark.parametrize("entity", ["'ha'", 'SYSTEM "file:///etc/hostname"', 'SYSTEM "http://127.0.0.1:9/"'])
def test_entities_are_refused(entity: str) -> None:
    content = with_body("<text:p>&amp;</text:p>", f"<!DOCTYPE x [<!ENTITY e {entity}>]>").replace(b"&amp;", b"&e;")
    assert_refused(extract, content, "entities")
    assert_refused(extract, with_member(REAL, "content.xml", lambda _: content), "entities")


def test_deep_nesting_ends() -> None:
    assert_refused(extract, with_body("<text:section>" * 20_000 + "<text:p>x</text:p>" + "</text:section>" * 20_000), "damaged")
    assert read(extract, with_body("<text:section>" * 200 + "<text:p>x</text:p>" + "</text:section>" * 200)).text == "x"


@settings(max_examples=60)
@given(damage(REAL))
def test_a_damaged_file_is_read_or_refused(content: bytes) -> None:
    assert_reads_or_refuses(extract, content)


@settings(max_examples=60)
@given(damage(members(REAL)["content.xml"]), damage(members(REAL)["meta.xml"]))
def test_a_damaged_member_is_read_or_refused(body: bytes, meta: bytes) -> None:
    parts = members(REAL)
    assert_reads_or_refuses(extract, packed({**parts, "content.xml": body}))
    assert_reads_or_refuses(extract, packed({**parts, "meta.xml": meta}))
