"""Texts that begin with a hyphen: taken as texts where they can be no options, else told how to give them."""

from pathlib import Path

import pytest

from claimreg.cli.app import COMMANDS, LazyCommands
from claimreg.cli.hyphens import TextCommand

from .conftest import Command


@pytest.fixture
def frost(tmp_path: Path) -> Path:
    path = tmp_path / "frost.txt"
    path.write_text("At night it was -12 degrees on the pier.\n- Nobody stayed, said the guard.\n", encoding="utf-8")
    return path


@pytest.mark.parametrize(
    "quote",
    [
        "-12 degrees on the pier", "- Nobody stayed", "-- Nobody stayed", "-Nobody stayed", "- Nobody stayed, said the guard",
        "-very - Nobody stayed",
    ],
)  # fmt: skip
def test_a_quote_with_a_hyphen_is_looked_for(claimreg: Command, frost: Path, quote: str) -> None:
    as_it_is, behind_hyphens = claimreg("check", quote, "--in", frost), claimreg("check", "--in", frost, "--", quote)
    assert as_it_is.code in {0, 3}
    assert as_it_is == behind_hyphens


def test_options_stay_options_beside_such_a_quote(claimreg: Command, frost: Path, tmp_path: Path) -> None:
    done = claimreg("check", "-12 degrees on the pier", "--json", "-o", "found.json", "--in", frost)
    assert (done.code, done.stdout) == (0, "")
    assert '"found": true' in (tmp_path / "found.json").read_text(encoding="utf-8")


def test_the_value_of_an_option_is_never_the_text(claimreg: Command, frost: Path, tmp_path: Path) -> None:
    done = claimreg("check", "-o", "-1 found.txt", "-12 degrees on the pier", "--in", frost)
    assert (done.code, done.stdout) == (0, "")
    assert (tmp_path / "-1 found.txt").read_text(encoding="utf-8").startswith("exact\t100")


def test_a_word_that_may_be_an_option_is_told_of(claimreg: Command, frost: Path) -> None:
    done = claimreg("check", "-then", "--in", frost)
    assert done.code == 2
    assert "No such option: -t; a text that begins with a hyphen goes after `--`." in done.stderr


def test_a_text_that_was_taken_for_an_option_with_its_value_is_told_of(claimreg: Command, frost: Path) -> None:
    done = claimreg("check", "-only we left", "--in", frost)
    assert done.code == 2
    assert "Missing argument" in done.stderr
    assert "A text that begins with a hyphen goes after `--`." in done.stderr


def test_a_mistyped_option_is_told_of_as_one(claimreg: Command, frost: Path) -> None:
    done = claimreg("check", "Nobody stayed", "--jsn", "--in", frost)
    assert done.code == 2
    assert "--json" in done.stderr
    assert "hyphen" not in done.stderr


def test_help_and_bare_hyphens_mean_what_they_did(claimreg: Command, frost: Path) -> None:
    assert claimreg("check", "-h").stdout.startswith("Usage:")
    assert claimreg("check", "-", "--in", frost, stdin="Nobody stayed").lines[0].startswith("exact")


def test_every_command_with_a_text_takes_such_a_one(claimreg: Command, frost: Path, tmp_path: Path) -> None:
    added = claimreg("add", "- It froze hard at the pier", "--by", "Guard", "--quote", "-12 degrees on the pier", "--source", frost)
    assert added.code == 0
    assert claimreg("search", "-12 degrees").lines[0].startswith("C1\t")
    assert claimreg("verdict", "C1", "- true").code == 0
    assert claimreg("list").lines[0].split("\t")[1] == "- It froze hard at the pier"
    assert claimreg("party", "alias", "P1", "-- The guard", "-1st Guard").code == 0
    (tmp_path / "-2 asked.jsonl").write_text('{"id": "q", "text": "It froze hard at the pier"}\n', encoding="utf-8")
    assert '"claim_id": "C1"' in claimreg("match", "-2 asked.jsonl").stdout.replace('":"', '": "')
    assert claimreg("source", "add", "-3 notes.txt").code != 2


@pytest.mark.parametrize("words", ["- Да", "-Да", "-- Да", "-5 °C", "-very cold", "--yes, said he", "—"])
def test_the_value_of_an_option_may_begin_with_a_hyphen(claimreg: Command, words: str) -> None:
    assert claimreg("add", "It froze", "--by", "Guard", "--quote", words, "--case", words, "--said", "2024-03-01").code == 0
    assert claimreg("attribute", "C1", "--by", "Clerk", "--quote", words).code == 0
    assert claimreg("edit", "C1", "--title", words).code == 0
    assert claimreg("verdict", "C1", "True", "--why", words).code == 0
    claim = claimreg("show", "C1", "--json").json
    assert [one["quote"] for one in claim["attributions"]] == [words, words]
    assert (claim["title"], claim["case"], claim["verdicts"][0]["rationale"]) == (words, words, words)
    assert [one["id"] for one in claimreg("list", "--case", words, "--json").json] == ["C1"]


def test_every_command_takes_texts_with_hyphens_or_tells_how() -> None:
    for name in COMMANDS:
        command = LazyCommands(COMMANDS)[name]
        for one in getattr(command, "commands", {"": command}).values():
            if any(param.param_type_name == "argument" for param in one.params):
                assert isinstance(one, TextCommand), (name, one.name)
