"""A report of many claims at a terminal is an overview; all of it is a `--full` away, in the pager, and what a pipe gets."""

import sys
from pathlib import Path

from terminal import Terminal

from .conftest import Command

REPORT = [sys.executable, "-m", "claimreg", "report"]


def many(ferry: Command, number: int) -> None:
    rows = "\n".join(f"The ferry made {one} journeys on the day of the fair,Aida Serik" for one in range(number))
    assert ferry("import", "-", "--from", "csv", stdin=f"claim,by\n{rows}\n").code == 0


def test_many_claims_have_one_line_each(ferry: Command, environment: dict[str, str], tmp_path: Path) -> None:
    many(ferry, 7)
    with Terminal(REPORT, {**environment, "TERM": "xterm"}, tmp_path) as terminal:
        assert terminal.ends() == 0
    assert [line.split(" ")[0] for line in terminal.screen if line.startswith("C")] == [f"C{number}" for number in range(1, 9)]
    assert "8 claims · 8 statements · 1 source" in terminal.shown
    assert "To do     1 place to confirm (claimreg review)" in terminal.shown
    assert "One in full: claimreg show C1. All in full: claimreg report --full" in terminal.shown


def test_few_claims_are_told_in_full(ferry: Command, environment: dict[str, str], tmp_path: Path) -> None:
    many(ferry, 6)
    with Terminal(REPORT, {**environment, "TERM": "xterm"}, tmp_path, lines=80) as terminal:
        assert terminal.ends() == 0
    assert "One in full" not in terminal.shown
    assert "Timeline" in terminal.shown


def test_all_is_shown_in_the_pager_on_request(ferry: Command, environment: dict[str, str], tmp_path: Path) -> None:
    many(ferry, 7)
    pager = {"PAGER": "sed 's/^/paged: /'", "TERM": "xterm"}
    with Terminal([*REPORT, "--full"], {**environment, **pager}, tmp_path, lines=120) as terminal:
        assert terminal.ends() == 0
    assert "paged: C8" in terminal.shown.replace("\x1b", "")
    assert "One in full" not in terminal.shown


def test_a_pipe_gets_all_with_and_without_asking(ferry: Command) -> None:
    many(ferry, 7)
    plain = ferry("report").stdout
    assert plain == ferry("report", "--full").stdout
    assert "Timeline" in plain
