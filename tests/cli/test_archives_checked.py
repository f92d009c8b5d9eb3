"""A web archive is a bunch of documents for every command, and a bad file among many costs only itself."""

import json
from pathlib import Path

from claimreg.ingest.web.warc import Exchange, WarcFile

from .conftest import Command

DAY = "2026-03-03T10:00:00Z"
QUOTE = "the night ferry will not run before the pier is repaired"
OTHER = "nobody from the office had come to look at it since last autumn"


def archive(path: Path, *words: str, kind: str = "text/html") -> Path:
    warc = WarcFile("a program", DAY)
    for number, one in enumerate(words):
        head = f"HTTP/1.1 200 OK\r\nContent-Type: {kind}\r\nContent-Encoding: gzip\r\n\r\n".encode()
        body = f"<!doctype html><html lang=en><title>Pier</title><article><p>The council heard that {one}.</p></article></html>".encode()
        warc.add(Exchange(f"https://pier.example/{number}", DAY, "192.0.2.1", b"GET / HTTP/1.1\r\n\r\n", head, body))
    path.write_bytes(warc.content())
    return path


def test_check_looks_in_every_page_of_an_archive_and_names_it(claimreg: Command, tmp_path: Path) -> None:
    one, many = archive(tmp_path / "one.warc.gz", QUOTE), archive(tmp_path / "many.warc.gz", OTHER, QUOTE)
    found = claimreg("check", QUOTE, "--in", one, "--json")
    assert (found.code, [link["document"] for link in json.loads(found.stdout)["links"]]) == (0, [str(one)])
    assert "said to have come packed (gzip), which it had not" in found.stderr
    found = claimreg("check", QUOTE, "--in", many, "--json")
    assert (found.code, [link["document"] for link in json.loads(found.stdout)["links"]]) == (0, [f"https://pier.example/1 in {many}"])
    assert f"https://pier.example/0 in {many}: " in found.stderr
    assert claimreg("check", "the ferry is sold to a museum in the capital", "--in", many).code == 3
    piped = claimreg("check", QUOTE, "--in", "-", stdin=many.read_bytes())
    assert (piped.code, "https://pier.example/1 in Standard input" in piped.stdout) == (0, True)


def test_proof_looks_in_every_page_of_an_archive(claimreg: Command, tmp_path: Path) -> None:
    draft = tmp_path / "draft.md"
    draft.write_text(f"The council heard that “{QUOTE}”. It also heard that “{OTHER}”.\n", encoding="utf-8")
    done = claimreg("proof", draft, "--in", archive(tmp_path / "many.warc.gz", OTHER, QUOTE))
    assert done.code == 0, done.stdout + done.stderr


def test_a_bad_file_among_many_costs_only_itself(claimreg: Command, tmp_path: Path) -> None:
    folder = tmp_path / "mixed"
    folder.mkdir()
    (folder / "a.txt").write_text(f"The council heard that {QUOTE}.", encoding="utf-8")
    archive(folder / "b.warc.gz", OTHER)
    (folder / "c.docx").write_bytes(b"PK\3\4" + bytes(400))
    (folder / "d.pdf").write_bytes(b"%PDF-1.7\n" + bytes(400))
    (folder / "e.txt").write_bytes(b"")
    (folder / "f.warc").write_bytes(b"WARC/1.0\r\n")
    done = claimreg("source", "add", folder)
    assert done.code == 1
    assert done.stdout.count("Stored source") == 2
    bad = [line for line in done.stderr.splitlines() if any(f"/{name}." in line for name in "cdef")]
    assert len(bad) == 4, done.stderr
    assert all(line.endswith(".") for line in bad)
    assert "2 new" in done.stderr
    assert claimreg("check", QUOTE).code == 0
