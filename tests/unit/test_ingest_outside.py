"""What is read outside of the confined process, however it is mutated: a document or a sentence, soon, and in little memory."""

import gzip
import io
import random
import time
import tracemalloc
import zipfile
from collections.abc import Callable

import pytest

from claimreg.errors import InputError
from claimreg.ingest import reading
from claimreg.ingest.types import Extraction, Fetched, Hints, Limits, Task
from claimreg.ingest.web.wacz import archives_within
from claimreg.ingest.web.warc import Exchange, WarcFile, archived_documents

LIMITS = Limits(size=2**20)
DAY = "2024-03-04T09:00:00Z"
SECONDS = 5.0
MEMORY = 64 * 2**20
ROUNDS = 120
TEXTS = (
    "Ночной паром не выйдет, пока не починят пирс. " * 30,
    "# Түнгі кеме\n\nПирс жөнделмейінше түнгі кеме шықпайды. " * 20,
    "The night ferry will not run before the pier is repaired. " * 20,
)
STRANGE = (
    b"\0",
    b"\xff\xfe",
    b"\r\n\r\n",
    b"Content-Length: 999999999999999\r\n",
    b"\x1f\x8b\x08",
    b"PK\x03\x04",
    b"PK\x05\x06",
    b"WARC/1.1\r\n",
)


def warc() -> bytes:
    file = WarcFile("a crawler", DAY)
    for number, text in enumerate(TEXTS):
        body = text.encode()
        head = b"HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\n"
        if number == 1:
            head, body = head + b"Content-Encoding: gzip\r\n", gzip.compress(body)
        file.add(Exchange(f"https://example.org/{number}", DAY, "1.1.1.1", b"GET / HTTP/1.1\r\n\r\n", head + b"\r\n", body))
    return file.content()


def wacz(name: str = "archive/a.warc.gz") -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("datapackage.json", "{}")
        archive.writestr(name, warc())
    return out.getvalue()


def mutated(content: bytes, chance: random.Random) -> bytes:
    """The bytes with some of them flipped, cut, repeated, swapped or put in between."""
    out = bytearray(content)
    for _ in range(chance.randrange(1, 6)):
        at, other = sorted(chance.randrange(len(out) + 1) for _ in range(2))
        match chance.randrange(6):
            case 0:
                out[at : at + 1] = bytes([chance.randrange(256)])
            case 1:
                del out[at : min(other, at + 400)]
            case 2:
                out[at:at] = out[at : min(other, at + 400)]
            case 3:
                out[at:at] = chance.choice(STRANGE)
            case 4:
                out[at : at + 4] = chance.choice((b"\xff\xff\xff\xff", b"\0\0\0\0", b"\xff\xff\xff\x7f"))
            case _:
                del out[max(at, 8) :]
    return bytes(out)


def in_archive(content: bytes) -> list[object]:
    try:
        return list(archived_documents(io.BytesIO(content), "x", LIMITS))
    except InputError as error:
        return [error]


def in_text(content: bytes) -> list[object]:
    task = Task(content, Hints("x.txt"))
    return [result for _, result in reading._with_plain_ones_read([(reading._Found("x", "x"), task)], LIMITS)]


CASES: dict[str, tuple[Callable[[], bytes], Callable[[bytes], list[object]]]] = {
    "warc.gz": (warc, in_archive),
    "warc": (lambda: gzip.decompress(warc()), in_archive),
    "wacz": (wacz, in_archive),
    **{
        encoding: (lambda encoding=encoding: "".join(TEXTS).encode(encoding, "replace"), in_text)  # type: ignore[misc]  # bound now
        for encoding in ("utf-8", "utf-16", "cp1251", "koi8-r")
    },
}


@pytest.mark.parametrize("name", CASES)
def test_mutated_bytes_end_in_documents_or_sentences(name: str) -> None:
    make, read = CASES[name]
    content = make()
    assert any(isinstance(one, Fetched | Extraction) for one in read(content)), name
    chance = random.Random(name)  # noqa: S311 -- the same mutations each time
    differing = 0
    for _ in range(ROUNDS if read is in_archive else ROUNDS // 3):
        started = time.process_time()
        results = read(mutated(content, chance))
        assert time.process_time() - started < SECONDS
        assert all(isinstance(one, Fetched | Extraction | InputError | Task) for one in results)
        differing += any(not isinstance(one, Fetched | Extraction) for one in results)
    # Otherwise the mutations would be too meek to tell anything.
    assert differing > ROUNDS // 20 or read is in_text


def many_members(count: int) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        for number in range(count):
            archive.writestr(f"archive/{number}.warc", b"")
    return out.getvalue()


RECORD = b"WARC/1.1\r\nWARC-Type: response\r\nWARC-Target-URI: http://example.org/\r\nContent-Length: %d\r\n\r\n"
BOMBS: dict[str, Callable[[], bytes]] = {
    "a bomb": lambda: gzip.compress(RECORD % 2**33 + bytes(2**27), 1),
    "a line without end": lambda: b"WARC/1.1 " + b"x" * 2**25,
    "a head without end": lambda: b"WARC/1.1\r\n" + b"X-Field: y\r\n" * 2**17,
    "fields without end": lambda: RECORD % 2**18 + b"HTTP/1.1 200 OK\r\n" + b"a: b\r\n" * 2**15,
    "many empty records": lambda: (RECORD % 0 + b"\r\n\r\n") * 5_000,
    "many members": lambda: many_members(30_000),
}


@pytest.mark.parametrize("name", BOMBS)
def test_bombs_are_refused_in_little_memory(name: str) -> None:
    file = io.BytesIO(BOMBS[name]())
    tracemalloc.start()
    started = time.process_time()
    try:
        for one in archived_documents(file, name, LIMITS):
            assert isinstance(one, Fetched | InputError)
    except InputError:
        pass
    took = time.process_time() - started
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert peak < MEMORY
    assert took < 12 * SECONDS


def test_a_directory_of_very_many_members_is_not_read() -> None:
    with pytest.raises(InputError, match="damaged zip file"):
        list(archives_within(io.BytesIO(many_members(50_000)), "x"))


def test_what_is_packed_is_left_to_the_confined_reader(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object, **__: object) -> None:
        raise AssertionError("a ZIP file was opened outside")

    content = wacz("word/document.xml")
    monkeypatch.setattr(zipfile, "ZipFile", refuse)
    for packed in (content, gzip.compress(content)):
        (result,) = in_text(packed)
        assert isinstance(result, Task)
    (result,) = in_text(b"A plain text is read on the spot.")
    assert isinstance(result, Extraction)
