"""Records of web archives whose labels are wrong, and records that are no answers of a server."""

import gzip
import io
import zlib
from typing import cast

import pytest
from test_ingest_warc import DATE, NOISE, record, wacz

from claimreg.errors import InputError
from claimreg.ingest.formats.kinds import media_type_of
from claimreg.ingest.types import Fetched, Limits
from claimreg.ingest.web.wacz import is_wacz
from claimreg.ingest.web.warc import archived_documents

WORDS = "The harbour master said that the night ferry will not run until the pier is mended, and nobody knows when. " * 9
PAGE = f"<!doctype html><html><title>Pier</title><article><p>{WORDS}</p></article></html>".encode()
ADDRESS = "https://pier.example/a"


def answer(body: bytes, *fields: str, status: str = "HTTP/1.1 200 OK", media_type: str = "text/html; charset=utf-8") -> bytes:
    return "\r\n".join([status, f"Content-Type: {media_type}", *fields, "", ""]).encode() + body


def read(content: bytes) -> tuple[list[Fetched | InputError], list[str]]:
    told: list[str] = []
    return list(archived_documents(io.BytesIO(content), "x.warc", Limits(size=2**22), told.append)), told


def one(content: bytes) -> Fetched:
    [found], told = read(content)
    assert told == []
    assert isinstance(found, Fetched), found
    return found


def chunked(body: bytes, size: int = 500) -> bytes:
    pieces = [body[at : at + size] for at in range(0, len(body), size)]
    return b"".join(b"%x\r\n%s\r\n" % (len(piece), piece) for piece in pieces) + b"0\r\n\r\n"


@pytest.mark.parametrize("coding", ["gzip", "x-gzip", "deflate", "br", "zstd", "gzip, br"])
def test_what_is_said_to_be_packed_and_is_not_is_read_as_it_is(coding: str) -> None:
    for body in (PAGE, WORDS.encode()):
        found = one(record(answer(body, f"Content-Encoding: {coding}"), url=ADDRESS))
        assert found.content == body
        assert "said to have come packed" in found.notes[0]


def test_what_is_packed_in_a_way_not_known_says_so() -> None:
    [found], _ = read(record(answer(b"\x0b\x02\x80" + bytes(range(60)), "Content-Encoding: br"), url=ADDRESS))
    assert "not known here (“br”)" in str(found)


@pytest.mark.parametrize("times", [1, 2])
def test_what_is_packed_without_saying_so_is_unpacked(times: int) -> None:
    body = PAGE
    for _ in range(times):
        body = gzip.compress(body)
    found = one(record(answer(body), url=ADDRESS))
    assert found.content == PAGE
    assert found.notes == ("It came packed (gzip) without saying so; it was unpacked.",)
    found = one(record(answer(gzip.compress(body), "Content-Encoding: gzip"), url=ADDRESS))
    assert found.content == PAGE


def test_chunks_are_put_together_whether_they_are_labelled_or_not() -> None:
    for label in (("Transfer-Encoding: chunked",), ()):
        for body in (PAGE, gzip.compress(PAGE)):
            coding = ("Content-Encoding: gzip",) if body is not PAGE else ()
            assert one(record(answer(chunked(body), *label, *coding), url=ADDRESS)).content == PAGE
    for body in (PAGE, b"add\nmore words and no chunks", b"0\nis how this text begins", b"5\r\nlines of a text that has no chunks"):
        assert one(record(answer(body, "Transfer-Encoding: chunked"), url=ADDRESS)).content == body or body.startswith(b"0")
        assert one(record(answer(body), url=ADDRESS)).content == body


@pytest.mark.parametrize(
    "body",
    [chunked(PAGE)[:-300], gzip.compress(PAGE * 9)[:-30], zlib.compress(PAGE * 9)[:-30], gzip.compress(PAGE)[:-8]],
    ids=["chunks", "gzip", "deflate", "gzip without its end"],
)
def test_what_broke_off_when_it_was_archived_is_read_as_far_as_it_goes(body: bytes) -> None:
    label = "Transfer-Encoding: chunked" if body[:1] != b"\x1f" and body[:1] != b"x" else "Content-Encoding: gzip"
    label = "Content-Encoding: deflate" if body[:1] == b"x" else label
    found = one(record(answer(body, label), url=ADDRESS))
    assert (PAGE * 9).startswith(found.content)
    assert len(found.content) > 400
    assert "broke off" in found.notes[0]
    for field in ("WARC_Truncated", "WARC_Segment_Number"):
        found = one(record(answer(PAGE), url=ADDRESS, **{field: "1"}))
        assert (found.content, found.notes) == (PAGE, ("It was not archived whole; what there is of it was read.",))


@pytest.mark.parametrize(
    "status", ["HTTP/2 200", "HTTP/2.0 200 ", "HTTP/3 200", "h2 200", ":status: 200", "\r\nHTTP/1.1 200 OK", "HTTP/1.1 203 X"]
)
def test_heads_as_browsers_speak_them_are_read(status: str) -> None:
    found = one(record(answer(PAGE, status=status), url=ADDRESS))
    assert (found.content, found.media_type, found.encoding) == (PAGE, "text/html", "utf-8")


def test_what_is_called_something_else_is_told_by_its_bytes() -> None:
    pdf = b"%PDF-1.7\n" + NOISE[:400]
    for media_type in ("text/html", "image/png", "text/css", "application/octet-stream", "application/force-download", "x"):
        assert media_type_of(one(record(answer(pdf, media_type=media_type), url=ADDRESS)).content) == "application/pdf"
    for media_type in ("image/png", "application/json", "binary/octet-stream", "application/x-unheard-of"):
        assert one(record(answer(PAGE, media_type=media_type), url=ADDRESS)).content == PAGE
    for content_type in ("application/http", "text/html"):
        assert one(record(PAGE, url=ADDRESS, Content_Type=content_type)).content == PAGE
    assert one(record(answer(PAGE), url=ADDRESS, WARC_Record_ID="", Content_Type="")).content == PAGE


def test_a_resource_of_any_address_is_a_document_at_its_time() -> None:
    for address in (ADDRESS, "file:///home/x/a.html", "urn:uuid:5", "about:blank", "urn:text:https://pier.example/a"):
        found = one(record(PAGE, "resource", address, Content_Type="text/html; charset=utf-8"))
        assert (found.content, found.encoding, found.retrieved_at) == (PAGE, "utf-8", DATE)
        assert found.reached == address.removeprefix("urn:text:")
    nowhere = one(record(PAGE, "resource", "", Content_Type="text/html"))
    assert (nowhere.reached, nowhere.notes) == ("", ("The archive does not say what address it is of.",))


@pytest.mark.parametrize("kind", ["conversion", "resource"])
def test_what_a_program_made_of_a_page_is_read_only_where_the_page_is_missing(kind: str) -> None:
    made = record(WORDS.encode(), kind, ADDRESS if kind == "conversion" else f"urn:text:{ADDRESS}", Content_Type="text/plain")
    page = record(answer(PAGE), url=ADDRESS)
    for content in (made + page, page + made):
        assert one(content).content == PAGE
    found = one(made)
    assert (found.content, found.reached, found.media_type) == (WORDS.encode(), ADDRESS, "text/plain")
    assert "another program" in found.notes[0]
    elsewhere = record(answer(PAGE), url="https://pier.example/b")
    for content in (made + elsewhere, elsewhere + made, wacz({"archive/a.warc": made, "archive/b.warc.gz": gzip.compress(elsewhere)})):
        assert [cast("Fetched", each).content for each in read(content)[0]] == [PAGE, WORDS.encode()]


def test_what_a_person_may_miss_is_told() -> None:
    revisit = record(answer(b""), "revisit", ADDRESS)
    failed = record(answer(PAGE, status="HTTP/1.1 404 Not Found"), url="https://pier.example/gone")
    moved = record(answer(PAGE, status="HTTP/1.1 301 Moved"), url="https://pier.example/moved")
    style = record(answer(b"a {}", media_type="text/css"), url="https://pier.example/style")
    found, told = read(revisit + failed + moved + style + record(answer(PAGE), url="https://pier.example/b"))
    assert len(found) == 1
    [sentence] = told
    assert sentence.startswith("x.warc has 1 page whose server answered with an error (404) and 1 page told to be as in an earlier")
    found, told = read(revisit + record(answer(PAGE), url=ADDRESS) + style)
    assert (len(found), told) == (1, [])
    with pytest.raises(InputError, match=r"holds no document; it has 1 page whose server answered with an error \(404\)\."):
        read(failed + style)


def test_a_bad_file_in_a_wacz_costs_only_itself() -> None:
    members = {"archive/a.warc": b"GIF89a", "archive/b.warc": record(answer(PAGE), url=ADDRESS), "datapackage.json": b"{}"}
    bad, good = read(wacz(members))[0]
    assert "archive/a.warc is no web archive" in str(bad)
    assert cast("Fetched", good).content == PAGE
    assert is_wacz(io.BytesIO(wacz(members)))
    assert not is_wacz(io.BytesIO(wacz({"a.txt": b""})))
    assert not is_wacz(io.BytesIO(wacz(members)[:-9]))


def test_a_page_of_comments_does_not_take_long_to_tell() -> None:
    # The comments can be told apart in as many ways as there are pairs of them, which must not all be tried.
    content = b"<!---->" * 500 + b"and no page"
    assert media_type_of(content) == "text/plain"
    with pytest.raises(InputError, match="holds no document"):
        read(record(answer(content, media_type="image/png"), url=ADDRESS))
