"""Pictures and recordings as people add, list, show and report them."""

import io
from pathlib import Path

import pytest
from PIL import Image

from .conftest import Command

WORDS = "1\n00:01:02,000 --> 00:01:05,000\nNobody had come to the square.\n"


@pytest.fixture
def photo(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    monkeypatch.chdir(tmp_path)
    written = io.BytesIO()
    exif = Image.Exif()
    exif[0x010F] = "Makername"
    Image.new("RGB", (640, 480), (90, 120, 90)).save(written, "JPEG", exif=exif.tobytes())
    Path("square.jpg").write_bytes(written.getvalue())
    Path("words.srt").write_text(WORDS, encoding="utf-8")
    return "square.jpg"


def test_a_picture_is_added_listed_shown_and_reported(claimreg: Command, photo: str) -> None:
    done = claimreg("source", "add", photo, "--caption", "<b>The square</b> \x1b[31mat noon")
    assert done.code == 0
    assert f"Stored source S1: square.jpg, image/jpeg, {Path(photo).stat().st_size:,} bytes, SHA-256" in done.stdout
    assert done.stderr.startswith("It is a picture without text; ")
    assert done.stderr.count("\n") == 1
    words = claimreg("source", "add", photo, "--transcript", "words.srt")
    assert "Stored another capture of source S1: K2, 31 characters" in words.stdout
    assert words.stderr == ""
    claimreg("add", "Nobody came", "--by", "Ann", "--quote", "Nobody had come to the square", "--source", "S1")
    assert claimreg("source", "list").stdout.rstrip().endswith("\timage/jpeg")
    assert "square.jpg (picture)" in claimreg("source", "list", "--format", "table").stdout
    shown = claimreg("source", "show", "S1", "--json").json
    assert shown["caption"] == "<b>The square</b> \x1b[31mat noon"
    assert shown["capture"]["media_type"] == "image/jpeg"
    assert shown["capture"]["transcript_sha256"]
    told = claimreg("report").stdout
    assert "<b>The square</b> ␛[31mat noon" in told
    assert "image/jpeg" in told
    assert "\\<b\\>The square" in claimreg("report", "--format", "md").stdout
    page = claimreg("report", "--format", "html").stdout
    assert 'alt="&lt;b&gt;The square&lt;/b&gt; ␛[31mat noon"' in page
    assert page.count("data:image/jpeg;base64,") == 1
    assert "<dt>caption</dt>" in page
    assert "00:01:02" in page
    for style in ("dossier", "public"):
        assert "data:image/jpeg" in claimreg("report", "--style", style, "--format", "html").stdout
        assert "data:image/jpeg" not in claimreg("report", "--style", style, "--format", "html", "--no-pictures").stdout
    assert claimreg("edit", "S1", "--caption", "The square at night").code == 0
    assert claimreg("source", "show", "S1", "--json").json["caption"] == "The square at night"
    assert claimreg("edit", "S1", "--withhold", "a witness").code == 0
    for style in ("dossier", "public"):
        withheld = claimreg("report", "--style", style, "--format", "html").stdout
        assert "data:image/jpeg" not in withheld
        assert "night" not in withheld


def test_what_has_no_words_is_told_and_what_to_do(claimreg: Command, photo: str) -> None:
    for command in (("check", "Nobody", "--in", photo), ("extract", photo)):
        done = claimreg(*command)
        assert done.code == 1
        assert done.stdout == ""
        assert "square.jpg is a picture without text; give its words to claimreg source add with --transcript FILE" in done.stderr
    assert claimreg("source", "add", photo).code == 0
    assert claimreg("check", "Nobody", "--in", "S1").code == 1
    opened = claimreg("source", "open", "S1")
    assert opened.code == 1
    assert "S1 is a picture without text" in opened.stderr
    assert claimreg("source", "add", "words.srt", "--transcript", "words.srt").code == 1
    assert claimreg("source", "add", photo, "words.srt", "--caption", "x").code == 2
