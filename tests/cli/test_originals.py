"""`source get` and `source open --original`: the captured bytes handed back, and opened with the system's program."""

import os
import stat
import sys
import tempfile
import time
from collections.abc import Callable
from hashlib import sha256
from pathlib import Path

import pytest

from claimreg.model import Change
from claimreg.services.recording.sources import IncomingDocument, Retrieval, SourceDetails, store_source
from claimreg.store.embedded import EmbeddedStore

from .conftest import NOTICE, Command

CHANGE = Change(user="ann", at="2026-01-01T00:00:00Z", action="source add")
PNG = b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR"
PDF = b"%PDF-1.4\n%\x80\x81\n1 0 obj\n"
STARTS = {
    "application/pdf": (PDF, ".pdf"),
    "image/png": (PNG, ".png"),
    "image/jpeg": (b"\xff\xd8\xff\xe0\x00\x10JFIF\x00", ".jpg"),
    "image/gif": (b"GIF89a\x01\x00\x01\x00", ".gif"),
    "image/webp": (b"RIFF\x1a\x00\x00\x00WEBPVP8L", ".webp"),
    "text/plain": (b"The ferry.\n", ".txt"),
}

Store = Callable[..., str]


@pytest.fixture
def store(registry: Path) -> Store:
    """Record a document as one that was read; its source's id."""

    def stored(content: bytes, media_type: str = "text/plain", *, withheld: str | None = None, **more: object) -> str:
        document = IncomingDocument(content, "Words.", "../../etc/passwd.sh", media_type=media_type, **more)  # type: ignore[arg-type]
        opened = EmbeddedStore(registry)
        with opened.write(CHANGE) as writer:
            source = store_source(writer, document, SourceDetails(), withheld=withheld).source
        opened.close()
        return source.id

    return stored


@pytest.fixture
def opened(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[[], list[list[str]]]:
    """What the system's program was called with, and the mode of the file: a program of that name in the path notes it."""
    folder, notes, temporary = tmp_path / "bin", tmp_path / "opened", tmp_path / "temporary"
    folder.mkdir()
    temporary.mkdir()
    for name in ("xdg-open", "open"):
        program = folder / name
        program.write_text(f'#!{sys.executable}\nimport sys\nprint(*sys.argv[1:], sep="\\t", file=open({str(notes)!r}, "a"))\n')
        program.chmod(0o755)
    monkeypatch.setenv("PATH", str(folder))
    monkeypatch.setattr(tempfile, "tempdir", str(temporary))
    return lambda: [line.split("\t") for line in notes.read_text().splitlines()] if notes.exists() else []


def test_the_bytes_come_back_as_they_were(ferry: Command, tmp_path: Path) -> None:
    done = ferry("source", "get", "S1", "-o", "back.txt")
    assert (tmp_path / "back.txt").read_bytes() == NOTICE.encode()
    digest = sha256(NOTICE.encode()).hexdigest()
    assert done == (0, f"Wrote back.txt: the document of S1, K1, {len(NOTICE.encode())} bytes, SHA-256 {digest}.\n", "")
    assert ferry("source", "get", "s1").stdout == ferry("source", "get", "S1", "-o", "-").stdout == NOTICE


def test_a_file_that_is_there_is_not_replaced_unasked(ferry: Command, tmp_path: Path) -> None:
    (tmp_path / "back.txt").write_text("mine")
    done = ferry("source", "get", "S1", "-o", "back.txt")
    assert (done.code, done.stderr) == (1, "claimreg: back.txt is there already; --yes replaces it.\n")
    assert (tmp_path / "back.txt").read_text() == "mine"
    assert ferry("source", "get", "S1", "-o", "back.txt", "--yes").code == 0
    assert (tmp_path / "back.txt").read_text() == NOTICE
    assert "is a folder" in ferry("source", "get", "S1", "-o", ".", "--yes").stderr


def test_bytes_that_were_changed_are_not_handed_back(ferry: Command, registry: Path, tmp_path: Path) -> None:
    name = sha256(NOTICE.encode()).hexdigest()
    kept = registry / "captures" / name[:2] / name
    kept.chmod(0o600)
    kept.write_bytes(NOTICE.replace("140", "141").encode())
    done = ferry("source", "get", "S1", "-o", "back.txt")
    assert done.code != 0
    assert "was changed since it was recorded" in done.stderr
    assert not (tmp_path / "back.txt").exists()


def test_another_capture_the_warc_file_and_the_transcript(claimreg: Command, store: Store) -> None:
    fetched = Retrieval("https://example.org/a", "https://example.org/a", 200, (), CHANGE.at, b"WARC/1.1 and so on")
    store(b"First.", retrieval=fetched, transcript=b"00:01 words")
    assert claimreg("source", "get", "S1", "--warc").stdout == "WARC/1.1 and so on"
    assert claimreg("source", "get", "S1", "--transcript", "--capture", "k1").stdout == "00:01 words"
    assert "has no capture K7" in claimreg("source", "get", "S1", "--capture", "K7").stderr
    assert claimreg("source", "get", "S1", "--warc", "--transcript").code == 2


def test_what_is_not_kept_is_told(ferry: Command) -> None:
    assert "K1 has no WARC file: it was not fetched" in ferry("source", "get", "S1", "--warc").stderr
    assert "K1 has no transcript: nobody gave one" in ferry("source", "get", "S1", "--transcript").stderr
    assert ferry("source", "get", "S5").code == 4


def test_a_withheld_source_needs_reveal(claimreg: Command, store: Store, opened: Callable[[], list[list[str]]]) -> None:
    store(b"Secret.", withheld="to protect a witness")
    for command in (["source", "get", "S1"], ["source", "open", "S1", "--original", "--yes"]):
        done = claimreg(*command)
        assert (done.code, done.stdout) == (2, "")
        assert "withheld; --reveal" in done.stderr
    assert claimreg("source", "get", "S1", "--reveal").stdout == "Secret."
    assert opened() == []


@pytest.mark.parametrize("media_type", STARTS)
def test_a_private_copy_is_opened(claimreg: Command, store: Store, opened: Callable[[], list[list[str]]], media_type: str) -> None:
    content, suffix = STARTS[media_type]
    store(content, media_type)
    done = claimreg("source", "open", "S1", "--original", "--yes")
    assert (done.code, done.stdout) == (0, "")
    ((path,),) = opened()
    copy = Path(path)
    assert copy.name == f"S1-K1{suffix}"
    assert copy.read_bytes() == content
    assert stat.S_IMODE(copy.stat().st_mode) == 0o600
    assert stat.S_IMODE(copy.parent.stat().st_mode) == 0o700
    assert path in done.stderr


@pytest.mark.parametrize(
    ("content", "media_type"),
    [
        (b"<!DOCTYPE html><script>alert(1)</script>", "text/html"),
        (b"<!DOCTYPE html><script>alert(1)</script>", "application/pdf"),
        (b"<svg xmlns='http://www.w3.org/2000/svg'><script/></svg>", "image/svg+xml"),
        (b"<svg xmlns='http://www.w3.org/2000/svg'><script/></svg>", "text/plain"),
        (b"\xef\xbb\xbf  <html>", "text/plain"),
        (b"#!/bin/sh\nrm -r /\n", "text/plain"),
        (b"[Desktop Entry]\nExec=rm\n", "text/plain"),
        (b"%!PS\n", "text/plain"),
        (PDF, "text/plain"),
        (PNG, "image/jpeg"),
        (b"junk before %PDF-1.4\n\x80\x01", "application/pdf"),
        (b"PK\x03\x04word/", "application/vnd.openxmlformats-officedocument.wordprocessingml.document"),
        (b"{\\rtf1 x}", "text/rtf"),
        (b"# Title\n", "text/markdown"),
    ],
)
def test_nothing_else_is_opened(
    claimreg: Command, store: Store, opened: Callable[[], list[list[str]]], content: bytes, media_type: str
) -> None:
    store(content, media_type)
    done = claimreg("source", "open", "S1", "--original", "--yes")
    assert done.code == 2
    assert "claimreg source get S1 -o FILE" in done.stderr
    assert opened() == []


def test_nobody_there_to_ask_opens_nothing(claimreg: Command, store: Store, opened: Callable[[], list[list[str]]]) -> None:
    store(PDF, "application/pdf")
    for more in ([], ["--no-input"]):
        done = claimreg("source", "open", "S1", "--original", *more)
        assert done.code == 1
        assert "Nothing was opened: --yes" in done.stderr
    assert opened() == []


def test_copies_of_days_before_are_removed(claimreg: Command, store: Store, opened: Callable[[], list[list[str]]]) -> None:
    store(PDF, "application/pdf")
    for _ in range(2):
        assert claimreg("source", "open", "S1", "--original", "--yes").code == 0
    first, second = (Path(path) for (path,) in opened())
    yesterday = time.time() - 90_000
    os.utime(first.parent, (yesterday, yesterday))
    assert claimreg("source", "open", "S1", "--original", "--yes").code == 0
    assert not first.parent.exists()
    assert second.exists()


def test_a_system_without_such_a_program_or_one_that_fails_is_told(
    claimreg: Command, store: Store, opened: Callable[[], list[list[str]]], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    store(PDF, "application/pdf")
    for name in ("xdg-open", "open"):
        (tmp_path / "bin" / name).write_text(f"#!{sys.executable}\nraise SystemExit(3)\n")
    done = claimreg("source", "open", "S1", "--original", "--yes")
    assert done.code == 1
    assert "could not open S1" in done.stderr
    monkeypatch.setenv("PATH", str(tmp_path / "nowhere"))
    done = claimreg("source", "open", "S1", "--original", "--yes")
    assert done.code == 2
    assert "There is no program" in done.stderr
    assert opened() == []
