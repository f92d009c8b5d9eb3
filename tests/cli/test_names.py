"""`case` and `tag` as people type them, and `history` of a claim."""

from pathlib import Path

import pytest

from .conftest import Command

pytestmark = pytest.mark.every_store


@pytest.fixture
def desk(ferry: Command) -> Command:
    assert ferry("add", "A pier of stone stands", "--by", "Clerk", "--case", "Pier", "--tag", "sea").code == 0
    return ferry


def test_cases_are_listed_and_renamed(desk: Command) -> None:
    assert desk("case", "list").stdout == "Ferry\t1\nPier\t1\n"
    assert desk("case", "list", "--json").json == [{"case": "Ferry", "claims": 1}, {"case": "Pier", "claims": 1}]
    done = desk("case", "rename", "ferry", "Night ferry")
    assert (done.code, done.stdout) == (0, "Renamed the case “Ferry” to “Night ferry”: 1 claim.\n")
    assert desk("list", "--case", "night ferry").lines[0].startswith("C1")


def test_two_become_one_only_when_asked(desk: Command) -> None:
    refused = desk("case", "rename", "Pier", "Ferry")
    assert (refused.code, refused.stdout) == (2, "")
    assert "There is a case “Ferry” already (1 claim). Join “Pier” (1 claim) to it?" in refused.stderr
    assert desk("case", "list").stdout == "Ferry\t1\nPier\t1\n"
    assert desk("case", "rename", "Pier", "Ferry", "--dry-run").stdout == "Would rename the case “Pier” to “Ferry”: 1 claim.\n"
    assert desk("case", "rename", "Pier", "Ferry", "--yes").code == 0
    assert desk("case", "list").stdout == "Ferry\t2\n"


def test_tags_are_listed_and_renamed(desk: Command) -> None:
    assert desk("tag", "rename", "sea", "=water").stdout == "Renamed the tag “sea” to “=water”: 1 claim.\n"
    assert desk("tag", "list").stdout == "=water\t1\n"
    assert desk("tag", "rename", "sand", "stone").code == 4


def test_what_is_not_there_is_told_and_no_registry_made(claimreg: Command, registry: Path) -> None:
    assert claimreg("case", "rename", "Ferry", "Boat").code == 4
    assert claimreg("tag", "list").code == 4
    assert not registry.exists()


def test_the_history_of_a_claim_tells_of_all_that_belongs_to_it(desk: Command) -> None:
    desk("verdict", "C1", "False")
    desk("edit", "L1", "--state", "confirmed")
    told = [line.split("\t")[3:] for line in desk("history", "C1").lines]
    assert ["verdict", "V1", "new: False"] in told
    assert ["edit", "L1", "state: suggested → confirmed"] in told
    assert [record for _action, record, _words in told] == ["C1", "A1", "L1", "V1", "L1"]
    assert {event["object_id"] for event in desk("history", "C1", "--json").json} == {"C1", "A1", "L1", "V1"}


def test_the_story_keeps_what_is_withheld(desk: Command) -> None:
    assert desk("edit", "S1", "--withhold", "in danger").code == 0
    assert "before the pier" not in desk("history", "C1", "--json").stdout
    assert "before the pier" in desk("history", "C1", "--json", "--reveal").stdout
