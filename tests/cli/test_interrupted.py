"""Adding many documents: how it goes is shown from the start, and what was read is kept when it is interrupted."""

import os
import re
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from .conftest import Command

pytest.importorskip("pty", reason="there are no terminals of this kind here")

SLOW = """
import signal, sys, time
signal.signal(signal.SIGINT, signal.default_int_handler)
import claimreg.ingest.extract as extracting
read = extracting.extract
def slowly(*asked):
    time.sleep(0.15)
    return read(*asked)
extracting.extract = slowly
import claimreg.ingest.reading as reading
reading._ON_THE_SPOT = 10_000
from claimreg.__main__ import main
main()
"""
"""The command with documents that take their time; what starts tests may have told it to pass over interruptions."""

MANY = 60


@pytest.fixture
def texts(tmp_path: Path) -> Path:
    folder = tmp_path / "texts"
    folder.mkdir()
    for number in range(MANY):
        (folder / f"{number:03}.txt").write_text(f"Notice {number} of the harbour office: the pier is closed.", encoding="utf-8")
    return folder


def started(texts: Path, environment: dict[str, str], **streams: object) -> subprocess.Popen[bytes]:
    command = [sys.executable, "-c", SLOW, "source", "add", str(texts)]
    return subprocess.Popen(command, env=environment, cwd=texts.parent, **streams)  # type: ignore[call-overload,no-any-return]


def test_what_was_read_is_kept_and_the_same_command_goes_on(
    texts: Path, environment: dict[str, str], claimreg: Command, tmp_path: Path
) -> None:
    with (tmp_path / "out").open("wb") as out, (tmp_path / "err").open("wb") as err:
        process = started(texts, environment, stdout=out, stderr=err)
        # The first documents are recorded after a second; the next ones are being read then.
        deadline = time.monotonic() + 30
        while b"\n" not in (tmp_path / "out").read_bytes() and time.monotonic() < deadline:
            time.sleep(0.05)
        time.sleep(0.5)
        process.send_signal(signal.SIGINT)
        assert process.wait(timeout=20) == 130
    told = (tmp_path / "err").read_text(encoding="utf-8")
    found = re.fullmatch(r"Interrupted; (\d+) documents are stored, run the same command again to go on\.\n", told)
    assert found, told
    stored = int(found[1])
    assert 2 < stored < MANY
    assert len((tmp_path / "out").read_text(encoding="utf-8").splitlines()) == stored
    assert len(claimreg("source", "list").lines) == stored
    again = claimreg("source", "add", texts)
    assert again.stderr.endswith(f"{MANY} documents: {MANY - stored} new, {stored} there already.\n")
    assert claimreg("verify").code == 0


def test_a_person_at_a_terminal_sees_at_once_that_it_reads(texts: Path, environment: dict[str, str]) -> None:
    from terminal import Terminal

    with Terminal([sys.executable, "-c", SLOW, "source", "add", str(texts)], {**environment, "TERM": "xterm"}, texts.parent) as terminal:
        terminal.wait_for("Reading documents …")
        terminal.wait_for("documents read,")
        os.write(terminal.fd, b"\x03")
        terminal.wait_for("run the same command again to go on.")
        assert terminal.ends() == 130
