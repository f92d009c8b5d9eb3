"""`list` and `source list`: one line each at any width, the states of quotes, and filters by what the desk has to do."""

from __future__ import annotations

import csv
import io
import sys
from pathlib import Path

import pytest
from rich.cells import cell_len
from terminal import Terminal

from .conftest import Command, Done

pytestmark = pytest.mark.every_store

QUOTE = "the night ferry will not run"
LONG = "Бүкіл әлем бойынша ең ұзын көпір биыл салынып бітеді, деп хабарлады министрлік өкілі журналистерге"
WIDE = "武汉市民在网上发布的视频显示街道空无一人且医院人满为患而当局否认这一切"


@pytest.fixture
def desk(ferry: Command) -> Command:
    """The ferry's claim with a suggested quote, and four more: C2 rated, C3 never looked for, C4 and C5 long ones."""
    ferry("add", "The pier is sound", "--by", "Aida Serik", "--quote", "Nobody ever wrote these words", "--source", "S1")
    ferry("verdict", "C2", "Mostly False")
    ferry("add", LONG, "--by", "Министрлік", "--case", "Көпір", "--lang", "kk")
    ferry("add", WIDE, "--by", "武汉市卫生健康委员会", "--case", "Wuhan", "--note", "Ask the desk in Almaty", "--assign", "Aigerim")
    ferry("add", "\u202eHidden\x1b[2J\nsecond line", "--by", "X\nY")
    return ferry


def listed(done: Done) -> list[str]:
    assert done.code == 0, done
    return [line.split("\t")[0] for line in done.lines]


@pytest.mark.parametrize("width", [1, 20, 33, 60, 80, 100, 200])
def test_a_table_has_one_line_for_each_claim_and_none_is_wider_than_the_terminal(desk: Command, width: int) -> None:
    done = desk("list", "--format", "table", env={"COLUMNS": str(width)})
    assert len(done.lines) == 6
    assert all(cell_len(line) <= width for line in done.lines)
    if width >= 20:
        assert [line.split()[0] for line in done.lines] == ["id", "C1", "C2", "C3", "C4", "C5"]


def test_at_80_columns_the_table_tells_verdict_state_note_and_who_sees_to_it(desk: Command) -> None:
    lines = desk("list", "--format", "table", env={"COLUMNS": "80"}).lines
    assert lines[0].replace("assig… ", "assigned ").split() == ["id", "claim", "parties", "case", "verdict", "state", "assigned", "note"]
    places = {name: lines[0].index(name) for name in lines[0].split()}
    assert lines[1][places["state"] :].split()[0] == "1?"
    assert lines[2][places["state"] :].split()[0] == "1✗"
    assert lines[2][places["verdict"] :].startswith(("Mostly", "Most"))
    assert "…" in lines[3]
    assert "Aige" in lines[4]
    assert "⟨U+202E⟩" in lines[5]


def test_columns_with_nothing_in_them_take_no_room(ferry: Command) -> None:
    ferry("edit", "C1", "--case", "")
    heading, _row = ferry("list", "--format", "table").lines
    assert heading.split() == ["id", "claim", "parties", "verdict", "state"]


@pytest.mark.usefixtures("desk")
def test_a_terminal_shows_one_line_for_each(environment: dict[str, str], tmp_path: Path) -> None:
    command = [sys.executable, "-m", "claimreg", "list"]
    with Terminal(command, {**environment, "TERM": "xterm"}, tmp_path, columns=80, lines=24) as terminal:
        terminal.wait_for("C5")
        assert terminal.ends() == 0
        shown = [line for line in terminal.screen if line]
    assert [line.split()[0] for line in shown] == ["id", "C1", "C2", "C3", "C4", "C5"]


def test_programs_get_every_column_whole_and_states_in_words(desk: Command) -> None:
    desk("attribute", "C1", "--by", "Harbour office", "--quote", "Nobody wrote this either")
    rows = list(csv.DictReader(io.StringIO(desk("list", "--format", "csv").stdout)))
    assert list(rows[0]) == ["id", "claim", "parties", "case", "verdict", "state", "note", "assignee"]
    assert (rows[2]["claim"], rows[1]["verdict"], rows[1]["state"]) == (LONG, "Mostly False", "not-found")
    assert rows[0]["state"].split("; ")[0] == "suggested"
    assert (rows[3]["note"], rows[3]["assignee"]) == ("Ask the desk in Almaty", "Aigerim")
    assert desk("list").lines[1].split("\t")[4:6] == ["Mostly False", "not-found"]
    assert desk("list", "--json").json[1]["attributions"][0]["state"] == "not-found"


@pytest.mark.parametrize(
    ("filters", "expected"),
    [
        (["--unrated"], ["C1", "C3", "C4", "C5"]),
        (["--verdict", "mostly false"], ["C2"]),
        (["--verdict", "True", "--verdict", "Mostly False"], ["C2"]),
        (["--verdict", "False"], []),
        (["--state", "suggested"], ["C1"]),
        (["--state", "suggested", "--state", "not-found"], ["C1", "C2"]),
        (["--state", "confirmed"], []),
        (["--not-found"], ["C2"]),
        (["--unverified"], ["C1", "C2"]),
        (["--unverified", "--unrated"], ["C1"]),
        (["--assigned", "aigerim"], ["C4"]),
        (["--assigned", "Nobody"], []),
        (["--unrated", "--case", "көпір"], ["C3"]),
        (["--not-found", "--by", "Aida Serik"], ["C2"]),
    ],
    ids=" ".join,
)
def test_filters_choose_what_the_desk_has_to_do(desk: Command, filters: list[str], expected: list[str]) -> None:
    assert listed(desk("list", *filters)) == expected
    assert sorted(one["id"] for one in desk("search", "--json", *filters).json) == expected


def test_filters_by_state_narrow_a_search_by_words(desk: Command) -> None:
    assert [one["id"] for one in desk("search", "pier", "--json", "--not-found").json] == ["C2"]
    assert desk("search", "pier", "--json", "--state", "confirmed").json == []
    desk("review", "--confirm", "L1")
    assert listed(desk("list", "--state", "confirmed")) == ["C1"]
    assert listed(desk("list", "--unverified")) == ["C2"]


def test_wishes_that_none_can_have_are_refused(desk: Command) -> None:
    assert desk("list", "--unrated", "--verdict", "False").code == 2
    assert desk("list", "--state", "lost").code == 2


def test_sources_are_listed_one_line_each(desk: Command, tmp_path: Path) -> None:
    (tmp_path / "long.txt").write_text("A text that says little, and says it in a few words only.\n", encoding="utf-8")
    address = "https://harbour.example/a/very/long/address/that/goes/on/and/on/and/on/until/it/ends.html"
    title = "A title that is longer than any line of a terminal has room for, by far"
    desk("source", "add", "long.txt", "--title", title, "--url", address)
    lines = desk("source", "list", "--format", "table", env={"COLUMNS": "80"}).lines
    assert [line.split()[0] for line in lines] == ["id", "S1", "S2"]
    assert all(cell_len(line) <= 80 for line in lines)
    assert "A title that is longer" in lines[2]
    assert desk("source", "list").lines[1].split("\t")[5] == address
