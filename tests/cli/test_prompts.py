"""Questions at a terminal: asked when somebody is there, answered by a key, and nothing kept without a yes."""

import os
import select
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from .conftest import Command

pty = pytest.importorskip("pty", reason="there are no terminals of this kind here")
LONGEST = 20.0

Dialogue = Callable[[str, bytes], tuple[int, str]]


@pytest.fixture
def at_terminal(environment: dict[str, str], tmp_path: Path) -> Dialogue:
    """Run a command at a terminal of its own, wait for its question, type the answer; gives the exit code and what was printed."""

    def start(command: str, answer: bytes) -> tuple[int, str]:
        ours, theirs = pty.openpty()
        with subprocess.Popen(
            ["sh", "-c", f"exec '{sys.executable}' -m claimreg {command}"],
            env={**environment, "TERM": "dumb"},
            cwd=tmp_path,
            stdin=theirs,
            stdout=theirs,
            stderr=theirs,
            start_new_session=True,
            preexec_fn=_take_terminal,  # noqa: PLW1509 -- the tests run no threads
        ) as process:
            os.close(theirs)
            printed = _read_until(ours, b"[y/N]")
            # The question is out a moment before Python reads the answer; a signal in between is seen only after the read.
            time.sleep(0.3)
            os.write(ours, answer)
            printed += _read_until(ours, None)
            os.close(ours)
            return process.wait(timeout=LONGEST), printed.decode()

    return start


def _take_terminal() -> None:
    import fcntl
    import termios

    fcntl.ioctl(0, termios.TIOCSCTTY, 0)


def _read_until(terminal: int, sign: bytes | None) -> bytes:
    """What is printed up to a sign, or up to the end."""
    printed = b""
    end = time.monotonic() + LONGEST
    while sign is None or sign not in printed:
        ready, _, _ = select.select([terminal], [], [], max(0.0, end - time.monotonic()))
        assert ready, f"nothing more came after {printed.decode()!r}"
        try:
            piece = os.read(terminal, 1000)
        except OSError:
            # So Linux tells that the other side has gone.
            piece = b""
        if not piece:
            assert sign is None, printed.decode()
            break
        printed += piece
    return printed


def test_no_is_no(ferry: Command, at_terminal: Dialogue, kept: Callable[[], object]) -> None:
    before = kept()
    for answer in (b"n\n", b"\n"):
        assert at_terminal("rm C1", answer)[0] in (0, 1)
        assert at_terminal("add 'The night ferry is canceled' --by Somebody", answer)[0] == 0
    assert kept() == before
    assert ferry("show", "C1", "--json").json["removed_at"] is None


def test_yes_is_yes(ferry: Command, at_terminal: Dialogue) -> None:
    assert at_terminal("add 'The night ferry is canceled' --by 'harbour office'", b"y\n")[0] == 0
    assert at_terminal("rm C1", b"y\n")[0] == 0
    assert [one["id"] for one in ferry("list", "--json").json] == ["C2"]


def test_the_same_words_by_another_party_are_offered_as_an_attribution(ferry: Command, at_terminal: Dialogue) -> None:
    code, printed = at_terminal("add 'The night ferry is canceled' --by 'Captain Serik' --stance denies", b"y\n")
    assert (code, "Add Captain Serik to C1 instead?" in printed) == (0, True)
    assert "on claim C1, attribution A2 (Captain Serik denies), new party P2" in printed
    assert [one["id"] for one in ferry("list", "--json").json] == ["C1"]
    assert at_terminal("add 'The night ferry is canceled' --by 'Captain Serik'", b"n\n")[1].count("one more claim?") == 1


def test_a_likely_party_is_asked_about(ferry: Command, at_terminal: Dialogue) -> None:
    code, printed = at_terminal("attribute C1 --by 'Harbor ofice' --stance denies", b"y\n")
    assert (code, "P1 Harbour office" in printed) == (0, True)
    assert at_terminal("attribute C1 --by 'Harbor offise' --stance reports", b"n\n")[0] == 0
    parties = [one["party"]["id"] for one in ferry("show", "C1", "--json").json["attributions"]]
    assert parties == ["P1", "P1", "P2"]


@pytest.mark.parametrize("command", ["rm C1", "add 'The night ferry is canceled' --by Somebody", "attribute C1 --by 'Harbor ofice'"])
def test_an_interruption_at_a_question_ends_with_130_and_keeps_nothing(
    ferry: Command, at_terminal: Dialogue, kept: Callable[[], object], command: str
) -> None:
    before = kept()
    code, printed = at_terminal(command, b"\x03")
    assert kept() == before
    assert ferry("show", "C1").code == 0
    assert "Traceback" not in printed
    assert code == 130


def test_the_end_of_input_at_a_question_keeps_nothing(at_terminal: Dialogue, ferry: Command, kept: Callable[[], object]) -> None:
    before = kept()
    code, printed = at_terminal("rm C1", b"\x04")
    assert kept() == before
    assert ferry("show", "C1").code == 0
    # Nobody is left to ask, which for a removal is a matter of usage: say --yes.
    assert (code == 2, "Traceback" in printed) == (True, False)
