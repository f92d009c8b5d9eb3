"""The help of all commands: its headings, its width and its words."""

import re
from collections.abc import Iterator
from typing import Any

import pytest
from typer.main import get_command
from typer.testing import CliRunner

from claimreg.cli.app import COMMANDS, GROUPS, app

WIDTH = 80
NO_START = {"Also", "At", "Else", "For", "From", "How", "It", "Its", "So", "The", "What", "When", "Where", "Whether", "Who", "Whose"}


def commands(group: Any, name: tuple[str, ...] = ()) -> Iterator[tuple[tuple[str, ...], Any]]:  # noqa: ANN401 -- Typer's command class is not public
    yield name, group
    for word in getattr(group, "commands", ()):
        yield from commands(group.commands[word], (*name, word))


EVERY = dict(commands(get_command(app)))


def helped(*command: str) -> str:
    return CliRunner().invoke(app, [*command, "-h"], env={"COLUMNS": "200"}, prog_name="claimreg").output


@pytest.mark.parametrize("command", EVERY)
def test_it_fits_a_narrow_terminal(command: tuple[str, ...]) -> None:
    lines = helped(*command).splitlines()
    assert lines[0].startswith("Usage: claimreg")
    # An example is a line of a shell, and not broken.
    assert [line for line in lines if len(line) > WIDTH and not re.match(" +(claimreg|--|.* [|] )", line)] == []


def test_the_commands_stand_under_headings_one_line_each() -> None:
    wanted = [
        line for heading, rows in GROUPS.items() for line in ("", f"{heading}:", *(f"{name} {text}" for name, (_, text) in rows.items()))
    ]
    shown = [" ".join(line.split()) for line in helped().splitlines()]
    start = shown.index("Record:") - 1
    assert shown[start : start + len(wanted)] == wanted


def test_a_command_stands_under_one_heading_only() -> None:
    assert len(COMMANDS) == sum(map(len, GROUPS.values()))


@pytest.mark.parametrize("command", EVERY)
def test_the_help_of_an_option_stands_alone(command: tuple[str, ...]) -> None:
    """It names what is given or what is done: “Maximum number of results”, not “At most so many”."""
    for one in EVERY[command].params:
        text = getattr(one, "help", None) or ""
        assert text[:1].isupper(), (one.name, text)
        assert text.split()[0] not in NO_START, (one.name, text)


@pytest.mark.parametrize("command", [one for one in EVERY if one])
def test_a_command_says_in_a_verb_what_it_does(command: tuple[str, ...]) -> None:
    first = (EVERY[command].help or "").split()[0]
    assert re.fullmatch(r"[A-Z][a-z]+", first)
    assert first not in NO_START | {"Is", "Say", "Tell"}
