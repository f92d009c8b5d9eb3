"""Web archives: written and read again, made by other tools, damaged, hostile."""

import base64
import gzip
import hashlib
import io
import stat
import struct
import tracemalloc
import zipfile
import zlib
from collections.abc import Iterable
from typing import cast

import pytest
from hypothesis import given
from hypothesis import strategies as st
from warcio.archiveiterator import ArchiveIterator
from warcio.statusandheaders import StatusAndHeaders
from warcio.warcwriter import WARCWriter

from claimreg.errors import InputError
from claimreg.ingest.types import Fetched, Limits
from claimreg.ingest.web.warc import Exchange, WarcFile, archived_documents

NOISE = hashlib.shake_256(b"").digest(200_000)
LIMITS = Limits(size=2**20)
DATE = "2026-03-03T10:00:00Z"
PAGE = b"<p>The night ferry will not run.</p>"
HEAD = b"HTTP/1.1 200 OK\r\nContent-Type: text/html; charset=utf-8\r\n\r\n"


def read(content: bytes, limits: Limits = LIMITS) -> list[Fetched | InputError]:
    return list(archived_documents(io.BytesIO(content), "a.warc", limits))


def pages(content: bytes, limits: Limits = LIMITS) -> list[Fetched]:
    found = read(content, limits)
    assert not [str(one) for one in found if isinstance(one, InputError)]
    return cast("list[Fetched]", found)


def errors(content: bytes, limits: Limits = LIMITS) -> list[str]:
    told = [str(one) for one in read(content, limits) if isinstance(one, InputError)]
    assert all(text.isprintable() and text.endswith(".") for text in told)
    return told


def record(block: bytes, kind: str = "response", url: str = "http://a.example/", **fields: str) -> bytes:
    """A record as text; fields are given with underscores, and taken away with an empty value."""
    lines = {"WARC-Type": kind, "WARC-Target-URI": url, "WARC-Date": DATE, "WARC-Record-ID": f"<urn:x:{len(block)}>"}
    lines |= {"Content-Type": "application/http", "Content-Length": str(len(block))}
    lines |= {name.replace("_", "-"): value for name, value in fields.items()}
    head = "".join(f"{name}: {value}\r\n" for name, value in lines.items() if value)
    return f"WARC/1.0\r\n{head}\r\n".encode() + block + b"\r\n\r\n"


def packed(records: Iterable[bytes]) -> bytes:
    return b"".join(gzip.compress(one, mtime=0) for one in records)


def wacz(members: dict[str, bytes], method: int = zipfile.ZIP_STORED) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", method) as archive:
        for name, content in members.items():
            archive.writestr(name, content)
    return out.getvalue()


def written(count: int = 1) -> bytes:
    warc = WarcFile("claimreg/test", DATE)
    for number in range(count):
        request = f"GET /{number} HTTP/1.1\r\nHost: a.example\r\n\r\n".encode()
        warc.add(Exchange(f"http://a.example/{number}", DATE, "192.0.2.1", request, HEAD, PAGE))
    return warc.content()


# Written and read


def test_what_is_written_is_read_by_the_archives_own_tools() -> None:
    found = []
    for one in ArchiveIterator(io.BytesIO(written(2)), check_digests="raise"):
        assert one.rec_headers.protocol == "WARC/1.1"
        found.append((one.rec_type, one.rec_headers.get_header("WARC-Target-URI"), one.content_stream().read()))
    assert [kind for kind, *_ in found] == ["warcinfo", "response", "request", "response", "request"]
    assert found[1] == ("response", "http://a.example/0", PAGE)
    assert found[3] == ("response", "http://a.example/1", PAGE)
    assert found[0][2].startswith(b"software: claimreg/test\r\n")


@pytest.mark.parametrize("form", ["packed", "plain", "one member"])
def test_what_is_written_is_read_again(form: str) -> None:
    content = written(3)
    if form != "packed":
        content = gzip.decompress(content)
    if form == "one member":
        content = gzip.compress(content)
    for number, one in enumerate(pages(content)):
        url = f"http://a.example/{number}"
        assert one.content == PAGE
        assert (one.asked, one.reached, one.status, one.retrieved_at) == (url, url, 200, DATE)
        assert (one.media_type, one.encoding) == ("text/html", "utf-8")
        assert one.headers == (("Content-Type", "text/html; charset=utf-8"),)
        kept = list(ArchiveIterator(io.BytesIO(one.warc), check_digests="raise"))
        assert [(part.rec_type, part.rec_headers.get_header("WARC-Target-URI")) for part in kept] == [("response", url), ("request", url)]
        assert pages(one.warc)[0]._replace(warc=b"") == one._replace(warc=b"")
    assert number == 2


def test_what_warcio_writes_is_read() -> None:
    out = io.BytesIO()
    writer = WARCWriter(out)
    for name, body in (("a", PAGE), ("b", gzip.compress(PAGE))):
        headers = [("Content-Type", "text/html")] + ([("Content-Encoding", "gzip")] if name == "b" else [])
        answer = writer.create_warc_record(
            f"http://a.example/{name}",
            "response",
            io.BytesIO(body),
            http_headers=StatusAndHeaders("200 OK", headers, "HTTP/1.1"),
            length=len(body),
        )
        request = writer.create_warc_record(
            f"http://a.example/{name}", "request", http_headers=StatusAndHeaders("GET / HTTP/1.1", [], is_http_request=True)
        )
        writer.write_request_response_pair(request, answer)
    found = pages(out.getvalue())
    assert [one.content for one in found] == [PAGE, PAGE]
    assert gzip.decompress(found[0].warc).count(b"WARC-Type: request") == 1


def test_a_request_is_kept_with_its_answer_only() -> None:
    ask = b"GET / HTTP/1.1\r\n\r\n"
    before = pages(record(ask, "request") + record(HEAD + PAGE))
    other = pages(
        record(ask, "request", "http://b.example/") + record(HEAD + PAGE) + record(ask, "request", WARC_Concurrent_To="<urn:x:1>")
    )
    linked = pages(record(HEAD + PAGE) + record(ask, "request", "http://a.example", WARC_Concurrent_To=f"<urn:x:{len(HEAD + PAGE)}>"))
    assert [gzip.decompress(found[0].warc).count(b"WARC-Type: request") for found in (before, other, linked)] == [1, 0, 1]


def test_chunks_are_put_together_and_either_digest_is_right() -> None:
    head = b"HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\nTransfer-Encoding: chunked\r\n\r\n"
    chunked = b"6\r\nnight \r\n5\r\nferry\r\n0\r\n\r\n"
    for payload in (chunked, b"night ferry"):
        digest = base64.b32encode(hashlib.sha1(payload, usedforsecurity=False).digest()).decode()
        assert pages(record(head + chunked, WARC_Payload_Digest=f"sha1:{digest}"))[0].content == b"night ferry"
    assert pages(record(head + b"night ferry"))[0].content == b"night ferry"


def test_digests_in_all_spellings() -> None:
    sha = hashlib.sha256(HEAD + PAGE).digest()
    spelled = [
        sha.hex(),
        sha.hex().upper(),
        base64.b32encode(sha).decode(),
        base64.b64encode(sha).decode(),
        base64.urlsafe_b64encode(sha).decode(),
    ]
    for value in spelled:
        assert len(pages(record(HEAD + PAGE, WARC_Block_Digest=f"sha-256:{value}"))) == 1
    for value in ("sha1:AAAA", f"sha256:{hashlib.sha256(PAGE).hexdigest()}", "md5:x"):
        assert "digest does not match" in errors(record(HEAD + PAGE, WARC_Block_Digest=value))[0]
    for value in ("whirlpool:AAAA", "", "nonsense"):
        assert len(pages(record(HEAD + PAGE, WARC_Block_Digest=value))) == 1


# What is a document


@pytest.mark.parametrize(
    "media_type", ["text/html", "Text/Plain;x", "application/xhtml+xml", "application/pdf", "application/vnd.oasis.opendocument.text", ""]
)
def test_documents_are_taken(media_type: str) -> None:
    head = f"HTTP/1.1 200 OK\r\nContent-Type: {media_type}\r\n\r\n".encode()
    assert len(pages(record(head + PAGE))) == 1
    assert len(pages(record(PAGE, "resource", Content_Type=media_type))) == 1


@pytest.mark.parametrize(
    "media_type", ["text/css", "text/javascript", "application/javascript", "image/png", "video/mp4", "application/json", "font/woff2"]
)
def test_what_holds_no_text_is_passed_over(media_type: str) -> None:
    head = f"HTTP/1.1 200 OK\r\nContent-Type: {media_type}\r\n\r\n".encode()
    nothing = record(head + PAGE) + record(PAGE, "resource", Content_Type=media_type)
    assert len(pages(nothing + record(HEAD + PAGE))) == 1
    with pytest.raises(InputError, match="holds no document"):
        read(nothing)


def test_bytes_of_no_told_kind_are_looked_at() -> None:
    head = b"HTTP/1.1 200 OK\r\nContent-Type: application/octet-stream\r\n\r\n"
    assert [one.content for one in pages(record(head + b"%PDF-1.7") + record(head + b"\x89PNG"))] == [b"%PDF-1.7"]


def test_other_records_are_passed_over() -> None:
    content = (
        record(b"software: x\r\n", "warcinfo", Content_Type="application/warc-fields")
        + record(HEAD.replace(b"200", b"404") + PAGE)
        + record(HEAD.replace(b"200", b"301") + PAGE)
        + record(HEAD, "revisit")
        + record(b"20260303\n1.1.1.1\n", "response", "dns:a.example", Content_Type="text/dns")
        + record(b"x", "metadata", Content_Type="text/plain")
        + record(b"x", "resource", "metadata://gnu.org/software/wget/warc/wget.log", Content_Type="text/plain")
        + record(HEAD + PAGE, url="<http://last.example/>")
    )
    for form in (content, gzip.compress(content)):
        assert [one.asked for one in pages(form)] == ["http://last.example/"]


@pytest.mark.parametrize(
    ("date", "meant"),
    [
        ("2026-03-03T10:00:00.123456789Z", DATE),
        ("2026-03-03T10:00:00Z", DATE),
        ("2026-03-03T12:00:00+02:00", DATE),
        ("2026-03-03", "2026-03-03"),
        ("2026-02-30", ""),
        ("2026-03-03T10:00:00", ""),
        ("", ""),
        ("x", ""),
    ],
)
def test_dates_become_utc_to_the_second(date: str, meant: str) -> None:
    for content in (record(HEAD + PAGE, WARC_Date=date), record(PAGE, "resource", WARC_Date=date, Content_Type="text/html")):
        [found] = pages(content)
        assert found.retrieved_at == meant
        assert ["when it was archived" in note for note in found.notes] == ([] if meant else [True])


# Damage


@pytest.mark.parametrize(("place", "where"), [(3, ""), (40, ""), (-30, "(http://b.example/) "), (-6, "(http://b.example/) ")])
def test_a_damaged_record_is_told_and_the_next_is_read(place: int, where: str) -> None:
    three = [record(HEAD + NOISE, url=f"http://{name}.example/") for name in "abc"]
    damaged = bytearray(gzip.compress(three[1]))
    damaged[place] ^= 0xFF
    found = read(gzip.compress(three[0]) + damaged + gzip.compress(three[2]))
    assert [one.asked if isinstance(one, Fetched) else str(one) for one in found] == [
        "http://a.example/",
        f"Record 2 of a.warc {where}is damaged; get the archive anew.",
        "http://c.example/",
    ]


@pytest.mark.parametrize("length", ["99999", "130", "120", "80", "3", "0", "", "x", "-1"])
@pytest.mark.parametrize("digest", ["", "sha256:"])
def test_a_record_of_a_wrong_length_is_read_up_to_the_next_and_told(length: str, digest: str) -> None:
    fields = {"WARC_Block_Digest": f"{digest}{hashlib.sha256(HEAD + PAGE).hexdigest()}"} if digest else {}
    content = [record(HEAD + PAGE, url=f"http://{name}.example/") for name in "ac"]
    content.insert(1, record(HEAD + PAGE, url="http://b.example/", Content_Length=length, **fields))
    for form in (b"".join(content), packed(content)):
        found = pages(form)
        assert [one.content for one in found] == [PAGE] * 3
        assert [one.asked for one in found] == [f"http://{name}.example/" for name in "abc"]
        assert [any("wrong length" in note for note in one.notes) for one in found] == [False, True, False]


def test_records_of_wrong_lengths_do_not_take_for_ever(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("claimreg.ingest.web.warc_stream._MOST_RETURNED", 2**20)
    content = record(HEAD + PAGE, Content_Length="900000") * 3_000
    found = read(content)
    assert isinstance(found[0], Fetched)
    assert any("is cut off" in str(one) for one in found if isinstance(one, InputError)) or "cut off" in str(found[-1])


def test_of_a_cut_file_the_last_page_is_read_as_far_as_it_goes() -> None:
    for form in (b"".join, packed):
        whole = form([record(HEAD + PAGE), record(HEAD + NOISE, url="http://b.example/")])
        first, last = pages(whole[:-150_000])
        assert first.content == PAGE
        assert first.notes == ()
        assert 1000 < len(last.content) < len(NOISE)
        assert NOISE.startswith(last.content)
        assert "cut off" in last.notes[0]
        [again] = pages(last.warc)
        assert again._replace(warc=b"") == last._replace(warc=b"")
    for place in (150, 240):
        told = read(record(HEAD + PAGE) + record(HEAD + PAGE)[:place])
        assert isinstance(told[0], Fetched)
        assert "Record 2 of a.warc" in str(told[1])


def test_documents_that_cannot_be_used_are_told() -> None:
    kinds = {
        "holds no HTTP answer": record(PAGE),
        "larger than 1 MiB": record(HEAD + bytes(2**21)),
        "broken packing": record(HEAD.replace(b"\r\n\r\n", b"\r\nContent-Encoding: gzip\r\n\r\n") + gzip.compress(PAGE)[:12] + PAGE),
    }
    for expected, content in kinds.items():
        text, *more = errors(content + record(HEAD + PAGE))
        assert expected in text
        assert "http://a.example/" in text
        assert not more
        assert len(read(content + record(HEAD + PAGE))) == 2


@pytest.mark.parametrize(
    "content",
    [b"", b"\x1f\x8b", b"\x1f\x8b\x08", b"GIF89a", b"PK\x03\x04", gzip.compress(b"text"), gzip.compress(packed([record(HEAD)])), b"\n" * 9],
)
def test_what_is_no_archive_is_refused(content: bytes) -> None:
    with pytest.raises(InputError, match=r"^a\.warc is .*\.$"):
        read(content)


# Attacks


def zeros(times: int) -> bytes:
    """A gzip member of so many MiB of zeros, made without packing them all: a flushed block is repeated."""
    packer = zlib.compressobj(9, zlib.DEFLATED, 31)
    head = packer.compress(b"") + packer.flush(zlib.Z_FULL_FLUSH)
    return head + (packer.compress(bytes(2**20)) + packer.flush(zlib.Z_FULL_FLUSH)) * times


def peak_of(content: bytes) -> int:
    tracemalloc.start()
    try:
        for _ in archived_documents(io.BytesIO(content), "a.warc", LIMITS):
            pass
        return tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()


def test_bombs_take_little_memory() -> None:
    within = HEAD.replace(b"\r\n\r\n", b"\r\nContent-Encoding: gzip\r\n\r\n") + zeros(512)
    start = gzip.compress(record(HEAD + PAGE))
    length_of_bomb = record(HEAD, Content_Length=str(2**30)).replace(HEAD + b"\r\n\r\n", HEAD)
    head_of_bomb = b"WARC/1.0\r\nX: "
    for content in (record(within), start + zeros(64)):
        assert peak_of(content) < 8 * 2**20
    for head in (length_of_bomb, head_of_bomb):
        packer = zlib.compressobj(9, zlib.DEFLATED, 31)
        content = packer.compress(head)
        for _ in range(64):
            content += packer.compress(b"x" * 2**20)
        assert peak_of(start + content) < 8 * 2**20
    assert "larger than 1 MiB" in errors(record(within))[0]


def test_bombs_do_not_take_long_either(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("claimreg.ingest.web.warc_stream.FREELY_UNPACKED", 2**24)
    monkeypatch.setattr("claimreg.ingest.web.wacz.FREELY_UNPACKED", 2**24)
    bomb = gzip.compress(record(HEAD + PAGE)) + gzip.compress(record(bytes(2**25), "metadata"), 9)
    with pytest.raises(InputError, match="100 times its size"):
        read(bomb)
    with pytest.raises(InputError, match="100 times its size"):
        read(wacz({"archive/a.warc": record(bytes(2**25), "metadata")}, zipfile.ZIP_DEFLATED))
    assert len(pages(packed([record(HEAD + NOISE)] * 2 + [record(NOISE * 5, "metadata")] * 20))) == 2


def test_memory_does_not_grow_with_the_file() -> None:
    one = gzip.compress(record(HEAD + PAGE * 1000))
    assert peak_of(one * 600) < peak_of(one * 20) + 2**20


def test_many_heads_take_little_memory() -> None:
    assert peak_of(record(b"HTTP/1.1 200 OK\r\n" + b"a:\n" * 300_000)) < 40 * 2**20
    assert errors(record(b"HTTP/1.1 200 OK\r\n" + b"a:\n" * 300_000))


# WACZ


def test_the_archives_in_a_wacz_are_read() -> None:
    members = {
        "datapackage.json": b"{}",
        "archive/a.warc.gz": written(2),
        "archive/b.warc": gzip.decompress(written(1)),
        "pages/pages.jsonl": b"",
    }
    for method in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
        assert [one.asked[-1] for one in pages(wacz(members, method))] == ["0", "1", "0"]
    with pytest.raises(InputError, match="without web archives"):
        read(wacz({"a.txt": b"x"}))


@pytest.mark.parametrize("name", ["/etc/x", "../x", "archive/../../x", "..\\x", "C:/x", "C:\\x", "archive/..", "\\\\server\\x"])
def test_members_that_point_outside_are_refused(name: str) -> None:
    with pytest.raises(InputError, match="not safe to read"):
        read(wacz({"archive/a.warc.gz": written(), name: b"x"}))


def test_links_ciphers_and_odd_packings_are_refused() -> None:
    link = zipfile.ZipInfo("archive/b.warc")
    link.external_attr = (stat.S_IFLNK | 0o777) << 16
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr(link, "/etc/passwd")
    with pytest.raises(InputError, match="not safe to read"):
        read(out.getvalue())
    with pytest.raises(InputError, match="packed in a way"):
        read(wacz({"archive/a.warc": b"x"}, zipfile.ZIP_LZMA))
    content = bytearray(wacz({"archive/a.warc": gzip.decompress(written())}))
    content[content.index(b"PK\x01\x02") + 8] |= 1
    with pytest.raises(InputError, match="encrypted"):
        read(bytes(content))


def test_a_directory_that_would_fill_memory_is_refused() -> None:
    content = bytearray(wacz({"archive/a.warc.gz": written()}))
    end = content.index(b"PK\x05\x06")
    content[end + 12 : end + 16] = struct.pack("<I", 2**31)
    with pytest.raises(InputError, match="damaged zip"):
        read(bytes(content))


def test_a_bomb_in_a_wacz_takes_little_memory() -> None:
    content = wacz({"archive/a.warc": b"WARC/1.0\r\nX: " + bytes(2**26)}, zipfile.ZIP_DEFLATED)
    assert peak_of(content) < 8 * 2**20


# Anything


DIGESTS = [
    b"WARC-Block-Digest: sha256:" + base64.b32encode(hashlib.sha256(HEAD + PAGE).digest()),
    b"WARC-Payload-Digest: sha256:" + base64.b32encode(hashlib.sha256(PAGE).digest()),
]
WHOLE = {
    "plain": gzip.decompress(written(2)),
    "packed": written(2),
    "one member": gzip.compress(gzip.decompress(written(2))),
    "wacz": wacz({"archive/a.warc.gz": written(2)}),
    "deflated wacz": wacz({"archive/a.warc": gzip.decompress(written(2))}, zipfile.ZIP_DEFLATED),
}


@pytest.mark.parametrize("form", WHOLE)
@given(data=st.data())
def test_changed_bytes_are_told_or_harmless(form: str, data: st.DataObject) -> None:
    content = bytearray(WHOLE[form])
    for place in data.draw(st.lists(st.integers(0, len(content) - 1), min_size=1, max_size=4)):
        content[place] = data.draw(st.integers(0, 255))
    cut = data.draw(st.integers(0, len(content)) | st.just(len(content)))
    try:
        found = read(bytes(content[:cut]))
    except InputError:
        return
    for one in found:
        # Another record's head may stand in what is read of a record whose length was changed; its own head is the first.
        if isinstance(one, Fetched) and set(DIGESTS) <= set(gzip.decompress(one.warc).partition(b"\r\n\r\n")[0].split(b"\r\n")):
            assert one.content == PAGE or "cut off" in " ".join(one.notes)


@given(st.binary(max_size=400).map(lambda tail: b"WARC/1.0\r\n" + tail) | st.binary(max_size=200).map(lambda tail: written() + tail))
def test_any_bytes_behind_a_start(content: bytes) -> None:
    for one in read(content):
        assert isinstance(one, Fetched | InputError)
