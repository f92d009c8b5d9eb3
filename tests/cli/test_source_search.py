"""`source search`: passages of stored texts by words."""

import sys
from pathlib import Path

import pytest
from terminal import Terminal

from .conftest import NOTICE, Command


@pytest.fixture
def office(ferry: Command, tmp_path: Path) -> Command:
    """The command on a registry with the notice (S1) and a letter about the same ferry (S2)."""
    letter = tmp_path / "letter.txt"
    letter.write_text("Dear passengers,\n\tthe ferry is painted; the night shift stays.\n", encoding="utf-8")
    assert ferry("source", "add", letter, "--title", "Letter", "--publisher", "The Gull", "--lang", "en-GB").code == 0
    return ferry


def test_in_a_pipe_each_passage_is_a_line(office: Command) -> None:
    done = office("source", "search", "nihgt ferry")
    assert (done.code, done.stderr) == (0, "")
    first, second = (line.split("\t") for line in done.lines)
    assert [len(first), len(second)] == [5, 5]
    assert (first[0], first[2], first[3]) == ("S1", "notice.txt", "")
    assert "the night ferry will not run before the pier" in first[4]
    assert second[0] == "S2"
    assert second[4].startswith("Dear passengers,  the ferry is painted")


def test_json_has_the_places_of_the_words(office: Command) -> None:
    (found,) = office("source", "search", '"night ferry"', "--json").json
    assert found.keys() == {
        "schema", "source_id", "capture_id", "title", "score", "start", "end", "text", "marks", "place", "left_out",
    }  # fmt: skip
    assert (found["schema"], found["source_id"], found["capture_id"]) == ("claimreg.passage/1", "S1", "K1")
    assert found["text"] == NOTICE[found["start"] : found["end"]]
    assert [found["text"][start:end] for start, end in found["marks"]] == ["night ferry"]


def test_filters_and_limits(office: Command) -> None:
    assert [line[:2] for line in office("source", "search", "ferry", "--publisher", "gull").lines] == ["S2"]
    assert [line[:2] for line in office("source", "search", "ferry", "--lang", "en-GB").lines] == ["S2"]
    assert len(office("source", "search", "ferry", "--limit", "1").lines) == 1
    assert len(office("source", "search", "ticket", "--source", "S1").lines) == 1
    missing = office("source", "search", "ferry", "--source", "S9")
    assert missing.code != 0
    assert "S9" in missing.stderr


def test_nothing_found_is_said_and_no_failure(office: Command) -> None:
    assert office("source", "search", "zeppelin") == (0, "", "No source has these words.\n")
    assert office("source", "search", "...") == (0, "", "The query has no letters or digits to look for.\n")
    assert office("source", "search", "zeppelin", "--json").json == []


def test_a_withheld_source_shows_no_words(office: Command, tmp_path: Path) -> None:
    secret = tmp_path / "secret.txt"
    secret.write_text("The clerk hid the tariff table behind the lamp.", encoding="utf-8")
    assert office("source", "add", secret, "--withhold", "to protect a witness").code == 0
    hidden = office("source", "search", "tariff lamp")
    assert hidden.stdout == "S3\t100\tSource withheld: to protect a witness\t\t\n".replace("100", hidden.stdout.split("\t")[1])
    (told,) = office("source", "search", "tariff lamp", "--json").json
    assert [told[name] for name in ("text", "start", "end", "marks", "place")] == [None] * 5
    assert "tariff table" in office("source", "search", "tariff lamp", "--reveal").stdout


def test_no_registry_is_told_of(claimreg: Command, tmp_path: Path) -> None:
    assert claimreg("source", "search", "ferry").code == 4
    done = claimreg("source", "search", "ferry", env={"CLAIMREG_DB": "", "XDG_DATA_HOME": str(tmp_path / "data")})
    assert done.code == 0
    assert "There is no registry" in done.stderr


def test_at_a_terminal_the_words_are_bold(office: Command, environment: dict[str, str], tmp_path: Path) -> None:
    command = [sys.executable, "-m", "claimreg", "source", "search", "night ferry", "--limit", "1"]
    assert office("source", "list").code == 0
    with Terminal(command, {**environment, "TERM": "xterm"}, tmp_path) as terminal:
        assert terminal.ends() == 0
    assert b"\x1b[1;4mnight" in terminal.printed
    assert "notice.txt" in terminal.shown


def test_a_search_in_claims_that_finds_few_tells_of_sources(office: Command, run: Command) -> None:
    told = "1 source has these words: claimreg source search 'ticket hall'\n"
    assert office("search", "ticket hall") == (0, "", f"Nothing found.\n{told}")
    for command in (office, run):
        found = command("search", "night ferry")
        assert found.lines[0].startswith("C1\t")
        assert found.stderr == "2 sources have these words: claimreg source search 'night ferry'\n"
        for quiet in (["--json"], ["--limit", "1"]):
            assert command("search", "night ferry", *quiet).stderr == ""
    assert office("search", "night ferry", "--by", "Harbour office").stderr == ""
    assert office("search", "zeppelin").stderr == "Nothing found.\n"
