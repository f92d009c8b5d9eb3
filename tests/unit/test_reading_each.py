"""What one reference leads to: a document, or an archive or a folder of them."""

from pathlib import Path

import pytest

from claimreg.errors import InputError
from claimreg.ingest.reading import Reading, read_each, read_one
from claimreg.ingest.types import Limits
from claimreg.ingest.web.warc import Exchange, WarcFile

DAY = "2026-03-03T10:00:00Z"
FERRY = "The night ferry will not run before the pier is mended."


def nothing(*_anything: object) -> bytes:
    raise AssertionError


READING = Reading(Limits(seconds=30), "test/1", nothing, nothing, guess_language=False)  # type: ignore[arg-type]  # nothing is fetched


def archive(path: Path, *bodies: bytes) -> str:
    warc = WarcFile("test", DAY)
    for number, body in enumerate(bodies):
        head = b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n\r\n"
        warc.add(Exchange(f"https://pier.example/{number}", DAY, "192.0.2.1", b"GET / HTTP/1.1\r\n\r\n", head, body))
    path.write_bytes(warc.content())
    return str(path)


def page(words: str) -> bytes:
    return f"<!doctype html><html lang=en><title>Pier</title><article><p>{words}</p></article></html>".encode()


def test_an_archive_of_one_page_is_that_page(tmp_path: Path) -> None:
    reference = archive(tmp_path / "one.warc.gz", page(FERRY))
    told: list[str] = []
    [(name, document)] = read_each(reference, READING, told.append)
    assert name == reference
    assert document.text == FERRY
    assert document.retrieval is not None
    assert document.retrieval.retrieved_at == DAY
    assert told == []
    assert read_one(reference, READING).text == FERRY


def test_each_page_of_an_archive_has_its_name_and_a_bad_one_is_told(tmp_path: Path) -> None:
    reference = archive(tmp_path / "many.warc.gz", page(FERRY), b"", page(f"{FERRY} Again."))
    told: list[str] = []
    read = list(read_each(reference, READING, told.append))
    assert [name for name, _ in read] == [f"https://pier.example/0 in {reference}", f"https://pier.example/2 in {reference}"]
    assert len(told) == 1
    assert f"https://pier.example/1 in {reference}" in told[0]
    with pytest.raises(InputError, match="more than one document"):
        read_one(reference, READING)


def test_a_folder_is_read_with_the_notes_of_each(tmp_path: Path) -> None:
    for name, content in (("a.txt", FERRY.encode()), ("b.txt", "Стары пірс трымаецца на палях і цяпер.".encode("cp1251"))):
        (tmp_path / name).write_bytes(content)
    told: list[str] = []
    assert [name for name, _ in read_each(str(tmp_path), READING, told.append)] == [str(tmp_path / "a.txt"), str(tmp_path / "b.txt")]
    assert all(one.startswith(f"{tmp_path / 'b.txt'}: ") for one in told)
    assert told


def test_what_holds_nothing_that_can_be_read_is_refused(tmp_path: Path) -> None:
    nothing_in = archive(tmp_path / "none.warc.gz")
    only_bad = archive(tmp_path / "bad.warc.gz", b"", b" ")
    for reference, kind in ((nothing_in, "no document"), (only_bad, "no document")):
        with pytest.raises(InputError, match=kind):
            list(read_each(reference, READING, lambda _sentence: None))
    with pytest.raises(InputError, match=r"x\.txt"):
        list(read_each(str(tmp_path / "x.txt"), READING, lambda _sentence: None))
