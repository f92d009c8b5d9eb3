"""Several people at one registry: what others decide, change and suggest while somebody reviews is told and never decided by mistake."""

import sys
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path

import psycopg
import pytest
from postgres_server import new_address

from .conftest import Command

pytest.importorskip("pty", reason="there are no terminals of this kind here")
from terminal import Terminal

SOURCE = """The harbour office said that the night ferry will not run before the pier is repaired.
The ferry carried 140 people in the storm, the captain told us, and nobody was hurt.
At noon a clerk told passengers that the ticket hall stays shut until Monday morning.
"""
QUOTES = {
    "The night ferry is cancelled": "the night ferry will not run before the pier is repaired",
    "The ticket hall is closed": "the ticket hall stays shut until Monday morning",
}
THIRD = "The ferry carried 140 people in the storm"

Start = Callable[..., Terminal]


@pytest.fixture(params=["folder", "shared"])
def registry(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """Where everybody works."""
    return str(tmp_path / "registry") if request.param == "folder" else new_address()


@pytest.fixture
def desk(claimreg: Command, tmp_path: Path) -> Command:
    """Two claims with a link each; the commands are Ben's."""
    source = tmp_path / "notice.txt"
    source.write_text(SOURCE, encoding="utf-8")
    assert claimreg("init").code == 0
    for text, quote in QUOTES.items():
        assert claimreg("add", text, "--by", "Harbour office", "--quote", quote, "--lang", "en", "--source", source).code == 0
    return lambda *arguments, **how: claimreg(*arguments, env={"CLAIMREG_USER": "Ben"}, **how)


@pytest.fixture
def start(environment: dict[str, str], tmp_path: Path) -> Iterator[Start]:
    """Begin Ann's review at a terminal."""
    with ExitStack() as running:

        def begin(*arguments: str) -> Terminal:
            command = [sys.executable, "-m", "claimreg", "review", *arguments]
            surroundings = {**environment, "CLAIMREG_USER": "Ann", "TERM": "xterm-256color", "EDITOR": "false"}
            return running.enter_context(Terminal(command, surroundings, tmp_path))

        yield begin


def state_of(desk: Command, link: str) -> object:
    return desk("show", link, "--json").json["state"]


def test_what_somebody_else_decides_is_told_and_passed_over(desk: Command, start: Start) -> None:
    terminal = start()
    terminal.wait_for("1 of 2 · link", "L1  word for word")
    assert desk("review", "--reject", "L1").code == 0
    terminal.wait_for("L1 is rejected already by Ben", "any key goes on")
    # The key was meant for the first link, and must not confirm the second one.
    terminal.press("y", "2 of 2", "L2  word for word", "L1 is rejected already by Ben")
    assert (state_of(desk, "L1"), state_of(desk, "L2")) == ("rejected", "suggested")
    terminal.press("y", "L2 confirmed.", "The end")
    terminal.press("q")
    assert terminal.ends() == 0
    assert b"1 confirmed; nothing is left." in terminal.printed


def test_what_somebody_else_changes_is_asked_again(desk: Command, start: Start) -> None:
    terminal = start()
    terminal.wait_for("1 of 2 · link", "The night ferry is cancelled")
    assert desk("edit", "C1", "--text", "The night ferry is put off").code == 0
    terminal.wait_for("This was changed meanwhile; look at it again.", "any key goes on")
    terminal.press("y", "1 of 2 · link", "The night ferry is put off", "y confirm")
    terminal.press("y", "L1 confirmed.", "2 of 2")


def test_what_somebody_else_suggests_is_told_and_asked_about(desk: Command, start: Start) -> None:
    terminal = start()
    terminal.wait_for("1 of 2 · link")
    assert desk("add", "140 people were on board", "--by", "Captain", "--quote", THIRD, "--source", "S1", "--yes").code == 0
    shown = terminal.wait_for("1 of 3 · link", "1 more to review, from Ben.")
    assert "L1  word for word" in shown
    terminal.press("y", "L1 confirmed.", "2 of 3")
    terminal.press("y", "L2 confirmed.", "3 of 3", "140 people were on board")
    terminal.press("y", "L3 confirmed.", "The end")
    assert desk("add", "Nobody was hurt", "--by", "Captain", "--quote", "nobody was hurt", "--source", "S1", "--yes").code == 0
    terminal.wait_for("4 of 4 · link", "Nobody was hurt", "1 more to review, from Ben.")
    terminal.press("n", "L4 rejected.", "The end")
    terminal.press("q")
    assert terminal.ends() == 0
    assert b"3 confirmed, 1 rejected; nothing is left." in terminal.printed


def test_suggestions_outside_of_what_was_chosen_are_none_of_the_review(desk: Command, start: Start) -> None:
    assert desk("edit", "C1", "C2", "--case", "Ferry").code == 0
    terminal = start("--case", "Ferry")
    terminal.wait_for("1 of 2 · link")
    add = ("add", "140 people were on board", "--by", "Captain", "--quote", THIRD, "--source", "S1", "--yes")
    assert desk(*add).code == 0
    assert desk("extract", "S1", "--add").code == 0
    assert desk(*add, "--case", "Ferry").code == 0
    terminal.wait_for("1 of 3 · link", "1 more to review, from Ben.")


def test_drafts_that_somebody_else_proposes_are_asked_about_unless_links_alone_are(desk: Command, start: Start) -> None:
    all_of_it, links, few = start(), start("--only", "links"), start("--limit", "2")
    for terminal in (all_of_it, links, few):
        terminal.wait_for("1 of 2 · link")
    assert desk("extract", "S1", "--add").code == 0
    all_of_it.wait_for("more to review, from Ben.")
    assert "1 of 2 · link" not in all_of_it.shown
    links.press("?", "any key goes back")
    links.press("x", "1 of 2 · link")
    assert desk("review", "--confirm", "L1").code == 0
    for terminal in (links, few):
        assert "more to review" not in terminal.wait_for("L1 is confirmed already by Ben")
        terminal.press("y", "2 of 2 · link")


@pytest.mark.parametrize("registry", ["shared"], indirect=True)
def test_what_a_reviewer_has_no_right_to_is_said_and_the_review_goes_on(desk: Command, start: Start, registry: str) -> None:
    schema = registry.rpartition("=")[2]
    assert desk("init", "--roles").code == 0
    with psycopg.connect(registry.partition("?")[0], autocommit=True) as administrator:
        administrator.execute(f"CREATE ROLE {schema}_ann LOGIN; GRANT {schema}_reviewer TO {schema}_ann".encode())
    assert desk("extract", "S1", "--add").code == 0
    terminal = start("--db", registry.replace("postgres@", f"{schema}_ann@"))
    terminal.wait_for("1 of 4 · link")
    terminal.press("y", "L1 confirmed.", "2 of")
    terminal.press("n", "L2 rejected.", "draft")
    # A draft that is accepted becomes a claim, which takes a writer.
    terminal.press("y", "takes the role", f"{schema}_writer")
    terminal.press("n", "D1 rejected.")
    terminal.press("q")
    assert terminal.ends() == 0
    assert (state_of(desk, "L1"), state_of(desk, "L2"), state_of(desk, "D1")) == ("confirmed", "rejected", "rejected")
