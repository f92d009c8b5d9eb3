"""A path that no system takes is told in a sentence, wherever a command takes one."""

import os
import sys
from pathlib import Path

import pytest

from .conftest import Command

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="paths of POSIX")

LONGEST_SENTENCE = 1_500

PATHS = {
    "100 kB": "x" * 100_000,
    "100 kB of folders": "folder/" * 15_000,
    "a name too long": "x" * 300,
    "below a file": "{folder}/letter.txt/below",
    "a loop of links": "{folder}/loop",
    "below a loop of links": "{folder}/loop/below",
    "control characters": "{folder}/a\n\x1b[31mb\x07\u202ec",
    "below control characters": "{folder}/a\n\x1b[31mb\x07\u202ec/below/below",
    "the home of nobody": "~nobody-of-that-name/registry",
    "no name": " ",
    "half a character": "{folder}/\udcff/below",
}

LOCATIONS = [
    ["list"], ["list", "--json"], ["show", "C1"], ["search", "ferry"], ["add", "Taxes rose", "--by", "Ministry"],
    ["attribute", "C1", "--by", "Ministry"], ["link"], ["import", "{folder}/claims.ndjson"], ["source", "add", "{folder}/letter.txt"],
    ["review", "--json"], ["verify"], ["doctor"], ["stats"], ["compact"], ["backup", "{folder}/copy"],
    ["restore", "{folder}/copy", "--yes"], ["export", "--bundle", "{folder}/out.zip"], ["report"], ["init"],
    ["match", "{folder}/claims.ndjson"], ["scan", "--quotes", "registry", "--docs", "{folder}"],
]  # fmt: skip
"""Commands that are given the path with --db."""

ARGUMENTS = [
    ["list", "-o", "{path}"], ["list", "--json", "-o", "{path}"], ["report", "--format", "html", "-o", "{path}"],
    ["demo", "-o", "{path}"], ["match", "{folder}/claims.ndjson", "-o", "{path}"], ["match", "{path}"],
    ["match", "{folder}/claims.ndjson", "--claims", "{path}"], ["add", "Taxes rose", "--by", "Ministry", "--source", "{path}"],
    ["edit", "A1", "--source", "{path}"], ["source", "add", "{path}"], ["source", "add", "{path}", "{path}"],
    ["source", "recapture", "S1", "--from", "{path}"], ["source", "show", "{path}"], ["show", "{path}"], ["link", "--source", "{path}"],
    ["check", "night ferry", "--in", "{path}"], ["import", "{path}"], ["import", "{path}", "--from", "bundle"],
    ["export", "--bundle", "{path}"], ["backup", "{path}"], ["restore", "{path}", "--yes"], ["init", "{path}"], ["verify", "{path}"],
    ["scan", "--quotes", "{path}", "--docs", "{folder}"], ["scan", "--quotes", "registry", "--docs", "{path}"],
    ["scan", "--quotes", "registry", "--docs", "{folder}/letter.txt", "-o", "{path}"],
    ["scan", "--quotes", "{folder}/claims.ndjson", "--docs", "{folder}/claims.ndjson", "-o", "{path}"],
    ["report", "--source", "{path}"], ["report", "--case", "{path}"], ["list", "--{path}"], ["{path}"],
    ["verify", "--ca", "{path}"], ["search", "ferry", "--model", "{path}"], ["review", "--source", "{path}"],
]  # fmt: skip


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    folder = tmp_path / "folder"
    folder.mkdir()
    (folder / "letter.txt").write_text("The night ferry will not run.\n", encoding="utf-8")
    (folder / "claims.ndjson").write_text('{"id": "1", "text": "Taxes rose"}\n', encoding="utf-8")
    (folder / "loop").symlink_to(folder / "loop")
    return folder


def assert_told(command: Command, arguments: list[str], *, before: list[str] | None = None) -> None:
    done = command(*(before or []), *arguments)
    assert done.code in ((0, 1, 2, 3, 4) if arguments[0] == "check" else (0, 1, 2, 4)), done
    assert "Traceback" not in done.stderr
    assert "\x1b" not in done.stderr
    if done.code not in (0, 3):
        told = [line for line in done.stderr.splitlines() if line.startswith(("claimreg: ", "Error: "))]
        # Each of many documents or lines that cannot be read is told by itself.
        assert len(told) == 1 or (done.stderr and ("could not be read" in done.stderr or "passed over" in done.stderr)), done.stderr[:2000]
    assert all(len(line) <= LONGEST_SENTENCE for line in done.stderr.splitlines()), arguments


@pytest.mark.parametrize("what", PATHS)
def test_a_registry_at_an_absurd_place(claimreg: Command, folder: Path, what: str) -> None:
    path = PATHS[what].format(folder=folder)
    for arguments in LOCATIONS:
        assert_told(claimreg, [one.format(folder=folder) for one in arguments], before=["--db", path])
    if path.isprintable():
        assert claimreg("list", env={"CLAIMREG_DB": path}).code in (0, 1, 2, 4)


@pytest.mark.parametrize("what", PATHS)
def test_an_absurd_path_as_an_argument(ferry: Command, folder: Path, what: str) -> None:
    path = PATHS[what].format(folder=folder)
    for arguments in ARGUMENTS:
        assert_told(ferry, [one.format(folder=folder, path=path) for one in arguments])
    assert ferry("verify").code == 0


def test_a_loop_of_links_is_not_written_over(ferry: Command, folder: Path) -> None:
    for arguments in (["list", "-o"], ["export", "--bundle"], ["scan", "--quotes", "registry", "--docs", folder / "letter.txt", "-o"]):
        assert ferry(*arguments, folder / "loop").code == 1
        assert (folder / "loop").is_symlink()


def test_what_is_no_plain_file_is_not_replaced(ferry: Command, folder: Path) -> None:
    # A named pipe stands in for every device, as in test_output.
    os.mkfifo(folder / "pipe")
    for arguments in (["export", "--bundle"], ["scan", "--quotes", "registry", "--docs", folder / "letter.txt", "-o"]):
        done = ferry(*arguments, folder / "pipe")
        assert done.code == 1
        assert "no plain file" in done.stderr
        assert (folder / "pipe").is_fifo()


def test_a_name_that_is_no_text_is_shown_with_escapes(ferry: Command, folder: Path) -> None:
    done = ferry("backup", f"{folder}/\udcff\x1b[31m")
    assert done.code == 0, done
    assert f"{folder}/⟨U+DCFF⟩␛[31m" in done.stdout


def test_what_the_system_refuses_is_no_bug(ferry: Command, monkeypatch: pytest.MonkeyPatch) -> None:
    """Whatever command meets it, and wherever."""
    from errno import EIO, ENOENT

    for number, code in ((EIO, 1), (ENOENT, 70)):

        def refused(*_arguments: object, number: int = number, **_options: object) -> None:
            raise OSError(number, os.strerror(number), "some/file")

        with monkeypatch.context() as patched:
            patched.setattr("claimreg.services.reporting.views.attribution_view", refused)
            done = ferry("list")
        assert (done.code, done.stdout) == (code, ""), done
        if code == 1:
            assert done.stderr == "claimreg: some/file cannot be used: Input/output error.\n"
