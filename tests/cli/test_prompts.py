"""Questions at a terminal: asked when somebody is there, answered by a key, and nothing kept without a yes."""

import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from .conftest import Command

pytestmark = pytest.mark.skipif(shutil.which("script") is None, reason="there is no script(1) to make a terminal with")

Dialogue = Callable[[str, bytes], tuple[int, str]]


@pytest.fixture
def at_terminal(environment: dict[str, str], tmp_path: Path) -> Dialogue:
    """Run a command at a terminal of its own, wait for its question, type the answer; gives the exit code and what was printed."""

    def start(command: str, answer: bytes) -> tuple[int, str]:
        with subprocess.Popen(
            ["script", "-qec", f"'{sys.executable}' -m claimreg {command}", "/dev/null"],
            env={**environment, "TERM": "dumb"},
            cwd=tmp_path,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            bufsize=0,
        ) as process:
            assert process.stdin is not None
            assert process.stdout is not None
            printed = b""
            while b"[y/N]" not in printed:
                piece = process.stdout.read(1000)
                assert piece, printed.decode()
                printed += piece
            process.stdin.write(answer)
            while piece := process.stdout.read(1000):
                printed += piece
            return process.wait(timeout=20), printed.decode()

    return start


def test_no_is_no(ferry: Command, at_terminal: Dialogue, kept: Callable[[], object]) -> None:
    before = kept()
    for answer in (b"n\n", b"\n"):
        assert at_terminal("rm C1", answer)[0] in (0, 1)
        assert at_terminal("add 'The night ferry is canceled' --by Somebody", answer)[0] == 1
    assert kept() == before
    assert ferry("show", "C1", "--json").json["removed_at"] is None


def test_yes_is_yes(ferry: Command, at_terminal: Dialogue) -> None:
    assert at_terminal("add 'The night ferry is canceled' --by 'harbour office'", b"y\n")[0] == 0
    assert at_terminal("rm C1", b"y\n")[0] == 0
    assert [one["id"] for one in ferry("list", "--json").json] == ["C2"]


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
    assert (code in (1, 130), "Traceback" in printed) == (True, False)
