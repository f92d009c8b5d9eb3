"""Fetching, from a real server on this machine that behaves and misbehaves."""

import gzip
import io
import shutil
import socket
import ssl
import subprocess
import threading
import time
import tracemalloc
import zlib
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from loopback import Site, answer, page, redirect
from warcio.archiveiterator import ArchiveIterator

from claimreg.errors import InputError
from claimreg.ingest.types import Fetched, Limits
from claimreg.ingest.web.addresses import is_public, parse_address
from claimreg.ingest.web.fetch import fetch

LIMITS = Limits(size=2**20, seconds=5)
AGENT = "claimreg/test"


def now() -> str:
    return "2026-03-03T10:00:00Z"


def get(url: str, limits: Limits = LIMITS, *, allow_private: bool = False) -> Fetched:
    return fetch(url, limits, now=now, user_agent=AGENT, allow_private=allow_private)


def refusal(url: str, limits: Limits = LIMITS, *, allow_private: bool = False) -> str:
    with pytest.raises(InputError) as caught:
        get(url, limits, allow_private=allow_private)
    text = str(caught.value)
    assert "\n" not in text
    assert text.isprintable()
    assert text.endswith(".")
    return text


def records(warc: bytes) -> list[tuple[str, str, dict[str, str], bytes, bytes]]:
    """Type, address, fields, HTTP head and body of each record, as warcio reads them, with digests checked."""
    found = []
    for record in ArchiveIterator(io.BytesIO(warc), check_digests="raise"):
        fields = {key.lower(): value for key, value in record.rec_headers.headers}
        head = str(record.http_headers).encode() if record.http_headers else b""
        found.append((record.rec_type, fields.get("warc-target-uri", ""), fields, head, record.content_stream().read()))
    return found


def zeros(times: int) -> bytes:
    """A gzip stream of so many MiB of zeros, made without packing them all: a flushed block is repeated."""
    packer = zlib.compressobj(9, zlib.DEFLATED, 31)
    head = packer.compress(b"") + packer.flush(zlib.Z_FULL_FLUSH)
    block = packer.compress(bytes(2**20)) + packer.flush(zlib.Z_FULL_FLUSH)
    return head + block * times


# What is fetched


def test_a_page_comes_with_what_was_said_of_it(site: Site) -> None:
    site.routes["/news?id=1"] = page("<p>Паром не пойдёт</p>", "Text/HTML; Charset=UTF-8")
    got = get(f"  {site.url('/news?id=1#top')} ")
    assert got.content.decode() == "<p>Паром не пойдёт</p>"
    assert (got.asked, got.reached) == (site.url("/news?id=1#top"), site.url("/news?id=1"))
    assert (got.status, got.media_type, got.encoding, got.retrieved_at) == (200, "text/html", "utf-8", now())
    assert ("Content-Type", "Text/HTML; Charset=UTF-8") in got.headers
    request = site.requests[0].decode()
    assert request.startswith("GET /news?id=1 HTTP/1.1\r\n")
    assert f"Host: 127.0.0.1:{site.port}\r\n" in request
    assert f"User-Agent: {AGENT}\r\n" in request
    assert "ookie" not in request


def test_progress_is_told(site: Site) -> None:
    site.routes["/"] = page("x" * 300_000)
    told: list[int] = []
    fetch(site.url(), LIMITS, now=now, user_agent=AGENT, progress=told.append)
    assert told == sorted(told)
    assert told[-1] > 300_000


@pytest.mark.parametrize("header", ["", "nonsense", "text/html; charset=", "/;;charset", "é/ü"])
def test_a_content_type_may_be_anything(site: Site, header: str) -> None:
    site.routes["/"] = answer(b"x", Content_Type=header)
    assert get(site.url()).content == b"x"
    assert get(site.url()).encoding is None


def test_content_disposition_and_cookies_change_nothing(site: Site) -> None:
    site.routes["/a"] = redirect("/b").replace(b"\r\n\r\n", b"\r\nSet-Cookie: a=b\r\n\r\n")
    site.routes["/b"] = page("x", Content_Disposition="attachment; filename=../../evil")
    assert get(site.url("/a"), allow_private=True).content == b"x"
    assert b"ookie" not in site.requests[1]


PACKED: dict[str, tuple[str, bytes]] = {
    "gzip": ("gzip", gzip.compress(b"night ferry")),
    "x-gzip": ("X-GZIP", gzip.compress(b"night ferry")),
    "two members": ("gzip", gzip.compress(b"night ") + gzip.compress(b"ferry")),
    "padding": ("gzip", gzip.compress(b"night ferry") + bytes(512)),
    "deflate": ("deflate", zlib.compress(b"night ferry")),
    "raw deflate": ("deflate", zlib.compress(b"night ferry", wbits=-15)),
    "twice": ("gzip, deflate", zlib.compress(gzip.compress(b"night ferry"))),
    "identity": ("identity", b"night ferry"),
}


@pytest.mark.parametrize("kind", PACKED)
def test_packed_answers_are_unpacked_and_kept_as_sent(site: Site, kind: str) -> None:
    coding, body = PACKED[kind]
    site.routes["/"] = answer(body, Content_Encoding=coding)
    got = get(site.url())
    assert got.content == b"night ferry"
    kept = [record.raw_stream.read() for record in ArchiveIterator(io.BytesIO(got.warc)) if record.rec_type == "response"]
    assert kept == [body]


def test_an_empty_packed_answer_is_empty(site: Site) -> None:
    site.routes["/"] = answer(b"", Content_Encoding="gzip")
    assert get(site.url()).content == b""


def test_chunks_are_put_together(site: Site) -> None:
    body = b"6\r\nnight \r\n5;x=y\r\nferry\r\n0\r\nTrailer: x\r\n\r\n"
    site.routes["/"] = answer(body, Transfer_Encoding="chunked", Content_Type="text/plain")
    got = get(site.url())
    assert got.content == b"night ferry"
    response = next(record for record in records(got.warc) if record[0] == "response")
    assert response[4] == b"night ferry"
    assert b"\r\nX-Archive-Orig-Transfer-Encoding: chunked\r\n" in response[3]


def test_the_head_is_kept_as_it_came(site: Site) -> None:
    site.routes["/"] = b"HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 200 Tr\xe8s bien\r\nx-ODD:  \xff caf\xe9 \r\nContent-Length: 1\r\n\r\nx"
    warc = get(site.url()).warc
    unpacked = gzip.decompress(warc)
    assert b"\r\n\r\nHTTP/1.1 200 Tr\xe8s bien\r\nx-ODD:  \xff caf\xe9 \r\nContent-Length: 1\r\n\r\nx\r\n\r\n" in unpacked
    assert b"100 Continue" not in unpacked
    assert site.requests[0] in unpacked
    assert len(records(warc)) == 3


# Where redirects lead


@pytest.mark.parametrize(
    "status", ["301 Moved Permanently", "302 Found", "303 See Other", "307 Temporary Redirect", "308 Permanent Redirect"]
)
@pytest.mark.parametrize(
    "location", ["/new/page?x=ä b", "../new/page?x=%C3%A4%20b", "//{host}/new/page?x=ä%20b", "http://{host}/new/page?x=ä b#f"]
)
def test_redirects_are_followed_and_all_kept(site: Site, status: str, location: str) -> None:
    target = "/new/page?x=%C3%A4%20b"
    site.routes["/old/page"] = redirect(location.format(host=f"127.0.0.1:{site.port}").encode().decode("latin-1"), status)
    site.routes[target] = page("here")
    got = get(site.url("/old/page"), allow_private=True)
    assert (got.content, got.asked, got.reached) == (b"here", site.url("/old/page"), site.url(target))
    kept = records(got.warc)
    assert [(kind, url) for kind, url, *_ in kept] == [
        ("warcinfo", ""),
        ("response", site.url("/old/page")),
        ("request", site.url("/old/page")),
        ("response", site.url(target)),
        ("request", site.url(target)),
    ]
    assert AGENT.encode() in kept[0][4]
    assert [record[4] for record in kept if record[0] == "response"] == [b"moved", b"here"]
    for answered, asked in ((kept[1], kept[2]), (kept[3], kept[4])):
        assert asked[2]["warc-concurrent-to"] == answered[2]["warc-record-id"]
        assert answered[2]["warc-ip-address"] == "127.0.0.1"
        assert answered[2]["warc-date"] == now()
        assert answered[2]["warc-payload-digest"].startswith("sha256:")


def test_redirects_end_somewhere(site: Site) -> None:
    site.routes["/a"], site.routes["/b"] = redirect("/b"), redirect("/a")
    assert "in a circle" in refusal(site.url("/a"), allow_private=True)
    for count in range(12):
        site.routes[f"/{count}"] = redirect(f"/{count + 1}")
    assert "more than 10 times" in refusal(site.url("/0"), allow_private=True)
    site.routes["/10"] = page("x")
    assert get(site.url("/0"), allow_private=True).content == b"x"
    site.routes["/nowhere"] = answer(b"", "302 Found")
    assert "without saying where to" in refusal(site.url("/nowhere"))


def test_the_body_of_a_redirect_need_not_end(site: Site) -> None:
    site.routes["/a"] = b"HTTP/1.1 302 Found\r\nLocation: /b\r\n\r\n" + b"x" * 200_000
    site.routes["/c"] = b"HTTP/1.1 302 Found\r\nLocation: /b\r\nContent-Length: 99\r\n\r\nx"
    site.routes["/b"] = page("x")
    for path, why in (("/a", "length"), ("/c", "disconnect")):
        kept = records(get(site.url(path), allow_private=True).warc)
        assert kept[1][2]["warc-truncated"] == why


@pytest.mark.parametrize(
    "location",
    [
        "file:///etc/passwd",
        "ftp://example.org/",
        "javascript:alert(1)",
        "data:text/html,x",
        "http://[",
        "http://a:b@example.org/",
        "http://exa mple.org/",
        "http://x:99999/",
    ],
)
def test_redirects_to_what_is_no_address_are_refused(site: Site, location: str) -> None:
    site.routes["/"] = redirect(location)
    text = refusal(site.url(), allow_private=True)
    assert "redirects to" in text
    assert "a:b" not in text


@pytest.mark.parametrize(
    "host",
    [
        "127.0.0.1",
        "localhost",
        "2130706433",
        "0x7f000001",
        "0x7f.1",
        "127.1",
        "0177.0.0.1",
        "[::1]",
        "[::ffff:127.0.0.1]",
        "0.0.0.0",  # noqa: S104 -- an address to be refused
        "10.0.0.1",
        "169.254.169.254",
        "[64:ff9b::a00:1]",
        "１２７.0.0.1",
    ],
)
def test_redirects_to_private_addresses_are_refused(site: Site, host: str) -> None:
    site.routes["/"] = redirect(f"http://{host}:{site.port}/secret".encode().decode("latin-1"))
    site.routes["/secret"] = page("secret")
    text = refusal(site.url())
    assert "--allow-private" in text
    assert len(site.requests) == 1


# Which network addresses are connected to


def name_service(monkeypatch: pytest.MonkeyPatch, answers: Callable[[str], list[str]]) -> None:
    """Names are looked up here; IP numbers as ever."""
    real = socket.getaddrinfo

    def lookup(host: str, port: int, *args: int, **options: int) -> list[Any]:
        if any(letter.isalpha() for letter in host) and ":" not in host:
            return [found for number in answers(host) for found in real(number, port, *args, **options)]
        return list(real(host, port, *args, **options))

    monkeypatch.setattr(socket, "getaddrinfo", lookup)


def test_a_name_that_hides_a_private_address_is_refused(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    name_service(monkeypatch, lambda host: {"inside.example": ["127.0.0.1"], "both.example": ["1.1.1.1", "10.0.0.1"]}[host])
    site.routes["/"] = page("secret")
    text = refusal(site.url(host="inside.example"))
    assert "127.0.0.1" in text
    assert "--allow-private" in text
    assert "10.0.0.1" in refusal("http://both.example/")
    assert not site.requests
    assert get(site.url(host="inside.example"), allow_private=True).content == b"secret"


@pytest.mark.parametrize("host", ["127.0.0.1", "localhost", "2130706433", "intranet"])
def test_a_private_address_that_is_typed_is_meant(site: Site, monkeypatch: pytest.MonkeyPatch, host: str) -> None:
    name_service(monkeypatch, lambda _: ["127.0.0.1"])
    site.routes["/"] = page("mine")
    assert get(site.url(host=host)).content == b"mine"


def test_the_address_that_was_checked_is_the_one_connected_to(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    given_out = iter([["1.1.1.1"], ["127.0.0.1"], ["127.0.0.1"]])
    name_service(monkeypatch, lambda _: next(given_out))
    asked_for: list[str] = []

    def connect(address: tuple[str, int], *_: object, **__: object) -> socket.socket:
        asked_for.append(address[0])
        return socket.create_connection(("127.0.0.1", site.port))

    monkeypatch.setattr("urllib3.util.connection.create_connection", connect)
    site.routes["/"] = page("x")
    got = get(site.url(host="rebinding.example"))
    assert asked_for == ["1.1.1.1"]
    assert f"Host: rebinding.example:{site.port}".encode() in site.requests[0]
    assert {record[2].get("warc-ip-address") for record in records(got.warc)} == {None, "1.1.1.1"}


def test_a_host_with_a_dead_address_is_reached_at_the_next(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    name_service(monkeypatch, lambda _: ["127.0.0.2", "127.0.0.1"])
    site.routes["/"] = page("x")
    got = get(site.url(host="localhost"))
    assert {record[2].get("warc-ip-address") for record in records(got.warc)} == {None, "127.0.0.1"}


PRIVATE = (
    "0.0.0.0 10.1.2.3 100.64.0.1 127.0.0.1 127.255.255.254 169.254.169.254 172.16.0.1 192.168.1.1 198.18.0.1 192.0.2.1 224.0.0.1 "
    "239.1.1.1 240.0.0.1 255.255.255.255 :: ::1 ::127.0.0.1 ::ffff:10.0.0.1 64:ff9b::127.0.0.1 64:ff9b:1::1 2002:7f00:1:: 2001:db8::1 "
    "fe80::1 fe80::1%lo fc00::1 fec0::1 ff02::1 2001::1 2001:1ff::1 3fff::1 3fff:fff::1 192.88.99.1 192.0.0.9 192.31.196.1 192.52.193.1 "
    "192.175.48.1 100::1 100:0:0:1::1 5f00::1 2001:20::1 2001:4:112::1 2620:4f:8000::1 ::ffff:1.1.1.1 2002:101:101:: 4000::1 1000::1 "
    "64:ff9b::192.88.99.1 64:ff9b:1::1.1.1.1 0.255.255.255 198.19.255.255 203.0.113.9 198.51.100.9"
)


@pytest.mark.parametrize("number", PRIVATE.split())
def test_private_numbers(number: str) -> None:
    assert not is_public(number)


@pytest.mark.parametrize(
    "number",
    ["1.1.1.1", "172.15.0.1", "192.88.98.255", "192.88.100.0", "100.128.0.1", "2606:4700:4700::1111", "64:ff9b::1.1.1.1", "3ffe::1"],
)
def test_public_numbers(number: str) -> None:
    assert is_public(number)


@pytest.mark.parametrize(
    ("typed", "sent"),
    [
        ("HTTP://Example.ORG", "http://example.org/"),
        ("https://example.org.:443/a/../b?#x", "https://example.org/a/../b"),
        ("http://[::1]:8080/a", "http://[::1]:8080/a"),
        ("http://пример.испытание/путь?о=ё", "http://xn--e1afmkfd.xn--80akhbyknj4f/%D0%BF%D1%83%D1%82%D1%8C?%D0%BE=%D1%91"),
        ("http://straße.example/a%20b c", "http://xn--strae-oqa.example/a%20b%20c"),
        ("http://қазақ.example/", "http://xn--80aah0fl.example/"),
    ],
)
def test_addresses_are_sent_in_ascii(typed: str, sent: str) -> None:
    url = parse_address(typed).url
    if "қазақ" in typed:
        assert url.isascii()
        assert url.encode().startswith(b"http://xn--")
    else:
        assert url == sent


def test_an_international_host_is_asked_for(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    name_service(monkeypatch, lambda host: {"xn--e1afmkfd.example": ["127.0.0.1"]}[host])
    site.routes["/%D1%8F"] = page("x")
    got = get(f"http://ПРИМЕР.example:{site.port}/я", allow_private=True)
    assert got.reached == f"http://xn--e1afmkfd.example:{site.port}/%D1%8F"
    assert got.asked == f"http://ПРИМЕР.example:{site.port}/я"


@pytest.mark.parametrize(
    "text",
    [
        "",
        "example.org",
        "localhost:80/x",
        "file:///etc/passwd",
        "FTP://x/",
        "javascript:alert(1)",
        "data:,x",
        "http://",
        "http:///x",
        "http://[::1",
        "http://a..b/",
        "http://a b/",
        "http://x:y/",
        "http://x\r\nHost: y/",
        "http://-\u202e/",
        "http://" + "a" * 64 + "/",
        "http://x/" + "a" * 20000,
        "http://[fe80::1%25lo]/",
        "mailto:a@b",
    ],
)
def test_what_is_no_web_address_is_told(text: str) -> None:
    assert len(refusal(text)) < 500


def test_passwords_are_neither_sent_nor_told() -> None:
    text = refusal("http://user:secret@example.org/")
    assert "secret" not in text
    assert "user name" in text
    assert "secret" not in refusal("ftp://user:secret@example.org/")


@given(st.text(max_size=60).map(lambda text: "http://" + text) | st.text(max_size=60))
def test_any_text_is_an_address_or_told_not_to_be(text: str) -> None:
    try:
        address = parse_address(text)
    except InputError:
        return
    assert address.url.isascii()
    assert parse_address(address.url) == address


# What goes wrong


@pytest.mark.parametrize(
    "status",
    ["404 Not Found", "500 Oh\x1b[31m no", "204 No Content", "206 Partial Content", "304 Not Modified", "401 Unauthorized", "999 ?"],
)
def test_other_answers_are_told(site: Site, status: str) -> None:
    site.routes["/"] = answer(b"", status)
    text = refusal(site.url())
    assert f"answered {status[:3]}" in text


DROPS = 400
"""Of a slow answer: fifty times as many as the deadline leaves room for."""


def drip(connection: socket.socket, head: bytes, drop: bytes) -> None:
    connection.sendall(head)
    for _ in range(DROPS):
        connection.sendall(drop)
        time.sleep(0.05)


def stall(connection: socket.socket) -> None:
    if not connection.recv(1):
        raise ConnectionResetError


HEAD = b"HTTP/1.1 200 OK\r\n"
SLOW: dict[str, Callable[[socket.socket], None]] = {
    "body": lambda c: drip(c, HEAD + b"Content-Length: 9999\r\n\r\n", b"x"),
    "headers": lambda c: drip(c, HEAD, b"x"),
    "status": lambda c: drip(c, b"", b"H"),
    "interim": lambda c: drip(c, b"", b"HTTP/1.1 100 Continue\r\n\r\n"),
    "chunks": lambda c: drip(c, HEAD + b"Transfer-Encoding: chunked\r\n\r\n", b"1\r\nx\r\n"),
    "stall": stall,
    "stalled body": lambda c: (c.sendall(HEAD + b"Content-Length: 9999\r\n\r\nxx"), stall(c))[1],  # type: ignore[func-returns-value]
}


@pytest.mark.parametrize("kind", SLOW)
def test_slow_servers_are_left_at_the_deadline(site: Site, kind: str) -> None:
    stayed = threading.Event()

    def answering(connection: socket.socket) -> None:
        SLOW[kind](connection)
        stayed.set()  # who leaves breaks off the answer, with an error

    site.routes["/"] = answering
    assert "within 0.4 seconds" in refusal(site.url(), Limits(size=2**20, seconds=0.4))
    assert not stayed.is_set()


def test_a_slow_name_service_is_left_at_the_deadline(monkeypatch: pytest.MonkeyPatch) -> None:
    released = threading.Event()
    monkeypatch.setattr(socket, "getaddrinfo", lambda *_, **__: released.wait(20) and [])
    assert "within 0.2 seconds" in refusal("http://example.org/", Limits(seconds=0.2))
    released.set()


def endless(connection: socket.socket, head: bytes, more: bytes) -> None:
    connection.sendall(head)
    while True:
        connection.sendall(more)


ENDLESS: dict[str, tuple[bytes, bytes]] = {
    "body": (HEAD + b"\r\n", b"x" * 65536),
    "chunks": (HEAD + b"Transfer-Encoding: chunked\r\n\r\n", b"4000\r\n" + b"x" * 0x4000 + b"\r\n"),
    "small chunks": (HEAD + b"Transfer-Encoding: chunked\r\n\r\n", b"1\r\nx\r\n" * 8000),
    "chunk line": (HEAD + b"Transfer-Encoding: chunked\r\n\r\n", b"1" * 65536),
    "trailers": (HEAD + b"Transfer-Encoding: chunked\r\n\r\n0\r\n", b"a: b\r\n" * 10000),
    "header lines": (HEAD, b"A: b\r\n" * 1000),
    "header": (HEAD + b"A: ", b"b" * 65536),
    "status line": (b"HTTP/1.1 200 ", b"b" * 65536),
    "interim answers": (b"", b"HTTP/1.1 100 Continue\r\nA: b\r\n\r\n" * 1000),
    "packed zeros": (HEAD + b"Content-Encoding: gzip\r\n\r\n" + zeros(1), zeros(1)[10:]),
    "gzip members": (HEAD + b"Content-Encoding: gzip\r\n\r\n", gzip.compress(b"") * 1000),
}


@pytest.mark.parametrize("kind", ENDLESS)
def test_endless_answers_are_cut_with_little_memory(site: Site, kind: str) -> None:
    head, more = ENDLESS[kind]
    site.routes["/"] = lambda connection: endless(connection, head, more)
    tracemalloc.start()
    try:
        text = refusal(site.url(), Limits(size=2**16, seconds=20))
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert "seconds" not in text
    assert peak < 6 * 2**20


def test_ten_gigabytes_of_zeros_are_refused(site: Site) -> None:
    body = zeros(10 * 1024)
    assert len(body) < 12 * 2**20
    site.routes["/once"] = answer(body, Content_Encoding="gzip")
    site.routes["/twice"] = answer(gzip.compress(body, 1), Content_Encoding="gzip, gzip")
    for path in ("/once", "/twice"):
        assert "larger than 16 MiB" in refusal(site.url(path), Limits(size=16 * 2**20, seconds=20))


def test_exactly_as_large_as_allowed(site: Site) -> None:
    site.routes["/"] = answer(b"x" * 2**20)
    assert len(get(site.url()).content) == 2**20
    site.routes["/"] = answer(b"x" * (2**20 + 1))
    assert "larger than 1 MiB" in refusal(site.url())


def test_what_is_announced_too_large_is_not_waited_for(site: Site) -> None:
    site.routes["/"] = lambda connection: (connection.sendall(HEAD + b"Content-Length: 9999999\r\n\r\n"), stall(connection))[1]  # type: ignore[func-returns-value]
    assert "larger than 1 MiB" in refusal(site.url())


BROKEN: dict[str, tuple[bytes, str]] = {
    "length too large": (HEAD + b"Content-Length: 9\r\n\r\nxx", "breaks off"),
    "no last chunk": (HEAD + b"Transfer-Encoding: chunked\r\n\r\n2\r\nxx\r\n", "breaks off"),
    "cut chunk": (HEAD + b"Transfer-Encoding: chunked\r\n\r\n9\r\nxx", "breaks off"),
    "bad chunk": (HEAD + b"Transfer-Encoding: chunked\r\n\r\nzz\r\nxx\r\n", "breaks off"),
    "negative chunk": (HEAD + b"Transfer-Encoding: chunked\r\n\r\n-5\r\nxx\r\n", "."),
    "negative chunk of all": (HEAD + b"Transfer-Encoding: chunked\r\n\r\n-1\r\nxx\r\n", "."),
    "cut before headers": (b"HTTP/1.1 200 OK\r\n", "breaks off"),
    "cut gzip": (answer(gzip.compress(b"night ferry" * 9)[:-9], Content_Encoding="gzip"), "cut off"),
    "no gzip": (answer(b"night ferry", Content_Encoding="gzip"), "broken packing"),
    "wrong check": (answer(gzip.compress(b"night ferry")[:-8] + bytes(8), Content_Encoding="gzip"), "broken packing"),
    "unknown coding": (answer(b"night ferry", Content_Encoding="br"), "not known here"),
    "unprintable coding": (answer(b"night ferry", Content_Encoding="\x1b[31mbr"), "not known here"),
    "four codings": (answer(b"night ferry", Content_Encoding="gzip,gzip,gzip,gzip"), "4 times over"),
    "no http": (b"SSH-2.0-OpenSSH_9.2\r\n", "not answer as a web server"),
    "nothing": (b"", "."),
    "cut head": (b"HTTP/1.1 200 OK\r\nConten", "breaks off"),
    "odd version": (b"HTTP/1.\xc4 200 OK\r\n\r\n", "not answer as a web server"),
    "no header": (answer(b"x").replace(b"Content", b"no header\r\nContent"), "not answer as a web server"),
    "bare return": (answer(b"x", A="b\rc: d"), "not answer as a web server"),
    "odd status": (b"HTTP/1.1 abc\r\n\r\n", "not answer as a web server"),
    "two lengths": (HEAD + b"Content-Length: 2\r\nContent-Length: 9\r\n\r\nxx", "."),
}


@pytest.mark.parametrize("kind", BROKEN)
def test_broken_answers_are_refused(site: Site, kind: str) -> None:
    site.routes["/"], expected = BROKEN[kind]
    assert expected in refusal(site.url())


SEEDS = [
    answer(b"night ferry", Content_Type="text/html"),
    answer(b"6\r\nnight \r\n5;x=y\r\nferry\r\n0\r\nA: b\r\n\r\n", Transfer_Encoding="chunked"),
    answer(gzip.compress(b"night ferry"), Content_Encoding="gzip"),
    answer(zlib.compress(b"night ferry"), Content_Encoding="deflate"),
    b"HTTP/1.1 100 Continue\r\n\r\n" + redirect("/x"),
]


@pytest.fixture(scope="module")
def one_site() -> Iterator[Site]:
    server = Site()
    yield server
    server.close()


@given(data=st.data())
def test_any_answer_is_kept_or_refused(one_site: Site, data: st.DataObject) -> None:
    content = bytearray(data.draw(st.sampled_from(SEEDS)))
    for place in data.draw(st.lists(st.integers(0, len(content) - 1), max_size=4)):
        content[place] = data.draw(st.integers(0, 255))
    cut = data.draw(st.integers(0, len(content)) | st.just(len(content)))
    one_site.routes["/"] = bytes(content[:cut])
    try:
        got = get(one_site.url())
    except InputError:
        return
    assert [record[0] for record in records(got.warc)] == ["warcinfo", "response", "request"]


def test_nobody_there() -> None:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    assert "refuses connections" in refusal(f"http://127.0.0.1:{port}/")


def test_a_host_that_nobody_knows(monkeypatch: pytest.MonkeyPatch) -> None:
    def unknown(*_: object, **__: object) -> list[Any]:
        raise socket.gaierror(socket.EAI_NONAME, "Name or service not known")

    monkeypatch.setattr(socket, "getaddrinfo", unknown)
    assert "not known to the name service" in refusal("http://nowhere.invalid/")


def test_an_interrupt_closes_the_connection(site: Site) -> None:
    closed = threading.Event()

    def serve(connection: socket.socket) -> None:
        connection.sendall(HEAD + b"Content-Length: 9999\r\n\r\nxx")
        if connection.recv(1) == b"":
            closed.set()

    def interrupt(_: int) -> None:
        raise KeyboardInterrupt

    site.routes["/"] = serve
    with pytest.raises(KeyboardInterrupt):
        fetch(site.url(), LIMITS, now=now, user_agent=AGENT, progress=interrupt)
    assert closed.wait(3)


# TLS


@pytest.fixture
def certificate(tmp_path: Path) -> Path:
    """A certificate and key for localhost that nobody has signed but itself."""
    if shutil.which("openssl") is None:
        pytest.skip("openssl is not on this machine")
    path = tmp_path / "both.pem"
    made = [
        "openssl",
        "req",
        "-x509",
        "-newkey",
        "rsa:2048",
        "-nodes",
        "-subj",
        "/CN=localhost",
        "-addext",
        "subjectAltName=DNS:localhost,DNS:tls.example",
    ]
    subprocess.run(
        [*made, "-days", "2", "-keyout", tmp_path / "key.pem", "-out", tmp_path / "cert.pem"], check=True, capture_output=True, timeout=60
    )
    path.write_bytes((tmp_path / "cert.pem").read_bytes() + (tmp_path / "key.pem").read_bytes())
    return path


@pytest.fixture
def secure(certificate: Path) -> Iterator[Site]:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate)
    server = Site(context)
    server.routes["/"] = page("safe")
    yield server
    server.close()


def test_a_certificate_that_nobody_vouches_for_is_refused(secure: Site) -> None:
    assert "certificate of localhost" in refusal(secure.url(host="localhost"))
    assert not secure.requests


def test_a_certificate_is_held_to_the_hosts_name(secure: Site, certificate: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SSL_CERT_FILE", str(certificate))
    name_service(monkeypatch, lambda _: ["127.0.0.1"])
    assert get(secure.url(host="localhost")).content == b"safe"
    assert get(secure.url(host="tls.example"), allow_private=True).content == b"safe"
    assert "not valid" in refusal(secure.url(host="other.example"), allow_private=True)
    assert "not valid" in refusal(secure.url())


def test_slow_servers_are_left_behind_tls_too(secure: Site, certificate: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SSL_CERT_FILE", str(certificate))
    secure.routes["/"] = SLOW["body"]
    assert "within 0.4 seconds" in refusal(secure.url(host="localhost"), Limits(seconds=0.4))
    with socket.socket() as silent:
        silent.bind(("127.0.0.1", 0))
        silent.listen()
        assert "does not answer" in refusal(f"https://127.0.0.1:{silent.getsockname()[1]}/", Limits(seconds=0.4))


def test_a_downgrade_is_followed_and_kept(secure: Site, site: Site, certificate: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SSL_CERT_FILE", str(certificate))
    secure.routes["/"] = redirect(site.url())
    site.routes["/"] = page("plain")
    got = get(secure.url(host="localhost"), allow_private=True)
    assert [url[:6] for kind, url, *_ in records(got.warc) if kind == "response"] == ["https:", "http:/"]


def test_no_tls_where_it_is_asked_for(site: Site) -> None:
    site.routes["/"] = page("x")
    assert "does not speak TLS" in refusal(site.url().replace("http:", "https:"))
