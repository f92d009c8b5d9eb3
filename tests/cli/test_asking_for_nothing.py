"""Asking for a case, a party, a tag or a registry that is not there: exit 4 with the nearest names, in every command that takes one."""

from __future__ import annotations

from pathlib import Path

import pytest

from .conftest import Command

FORMS = (["list"], ["search"], ["search", "ferry"], ["report"], ["timeline"], ["contradictions"])


@pytest.fixture
def desk(ferry: Command) -> Command:
    ferry("add", "Ilyashev spread false information", "--by", "Almaty court", "--case", "Ilyashev", "--tag", "court")
    return ferry


@pytest.mark.parametrize(
    "command",
    [
        *([*one, "--case", "Ильяшевв"] for one in FORMS),
        ["export", "--to", "csv", "--case", "Iliashev"],
        ["export", "--bundle", "x.zip", "--case", "Iliashev"],
        ["review", "--json", "--case", "ilyashov"],
    ],
    ids=" ".join,
)
def test_a_case_that_is_not_there_is_told_with_the_nearest(desk: Command, tmp_path: Path, command: list[str]) -> None:
    done = desk(*command)
    assert (done.code, done.stdout) == (4, "")
    assert "There is no case “" in done.stderr
    assert "the nearest is “Ilyashev”." in done.stderr
    assert not (tmp_path / "x.zip").exists()


@pytest.mark.parametrize("form", [[], ["--json"], ["--format", "csv"], ["--format", "ndjson"], ["--format", "md"]], ids=" ".join)
@pytest.mark.parametrize("command", ["list", "search"])
def test_a_tag_that_is_not_there_is_told_with_the_nearest_in_every_form(desk: Command, command: str, form: list[str]) -> None:
    done = desk(command, "--tag", "Courts", *form)
    assert (done.code, done.stdout) == (4, "")
    assert done.stderr == "claimreg: There is no tag “Courts”; the nearest is “court”.\n"


@pytest.mark.parametrize("command", [["list", "--by"], ["search", "--by"], ["report", "--party"], ["timeline", "--party"]], ids=" ".join)
def test_a_party_that_is_not_there_is_told(desk: Command, command: list[str]) -> None:
    done = desk(*command, "Ministry of Silence")
    assert (done.code, done.stdout) == (4, "")
    assert "There is no party “Ministry of Silence”" in done.stderr


def test_names_like_none_lead_to_the_whole_list(desk: Command) -> None:
    assert desk("list", "--case", "Qqq").stderr == "claimreg: There is no case “Qqq”; `claimreg case list` shows them all.\n"
    assert desk("list", "--tag", "Qqq").stderr == "claimreg: There is no tag “Qqq”; `claimreg tag list` shows them all.\n"
    assert desk("list", "--by", "Qqq").stderr == "claimreg: There is no party “Qqq”; `claimreg party list` shows them all.\n"


def test_a_case_whose_claims_were_all_removed_is_not_there(desk: Command) -> None:
    assert desk("rm", "C2", "--yes").code == 0
    assert desk("list", "--case", "Ilyashev").code == 4


def test_a_filter_that_fits_nothing_is_done(desk: Command) -> None:
    for filters in (
        ["--since", "2050"],
        ["--stance", "questions"],
        ["--verdict", "False"],
        ["--case", "Ilyashev", "--by", "Harbour office"],
    ):
        for command in ("list", "search"):
            done = desk(command, *filters, "--json")
            assert (done.code, done.json) == (0, []), filters


READING = [
    ["list"], ["search"], ["search", "ferry"], ["show", "C1"], ["history"], ["report"], ["timeline"], ["contradictions"],
    ["stats"], ["verify"], ["doctor"], ["source", "list"], ["source", "search", "x"], ["party", "list"],
    ["export", "--to", "csv"], ["review", "--json"], ["link"], ["check", "some words"], ["backup", "copy"],
]  # fmt: skip


@pytest.mark.parametrize("command", READING, ids=" ".join)
def test_a_registry_that_was_named_and_is_not_there_is_told_with_the_nearest(desk: Command, tmp_path: Path, command: list[str]) -> None:
    done = desk(*command, "--db", str(tmp_path / "registri"))
    assert (done.code, done.stdout) == (4, "")
    place = tmp_path / "registri"
    assert done.stderr == f"claimreg: There is no registry in {place}, but in {tmp_path / 'registry'}; `claimreg init` makes one.\n"
    assert not place.exists()


def test_the_environment_and_the_settings_name_a_registry_too(claimreg: Command, tmp_path: Path) -> None:
    assert claimreg("list").code == 4
    (tmp_path / "own.toml").write_text(f'registry = "{tmp_path / "elsewhere"}"\n')
    done = claimreg("list", env={"CLAIMREG_DB": None, "CLAIMREG_CONFIG": str(tmp_path / "own.toml")})
    assert (done.code, done.stdout) == (4, "")
    assert str(tmp_path / "elsewhere") in done.stderr


@pytest.mark.parametrize("command", [["list"], ["search", "ferry"], ["report"], ["source", "list"], ["stats"]], ids=" ".join)
def test_no_registry_yet_at_the_usual_place_is_done_with_a_word(claimreg: Command, tmp_path: Path, command: list[str]) -> None:
    done = claimreg(*command, env={"CLAIMREG_DB": None, "CLAIMREG_CONFIG": "off", "XDG_DATA_HOME": str(tmp_path / "data")})
    assert done.code == 0
    assert "yet; the first `claimreg add` makes it." in done.stderr
    assert not (tmp_path / "data").exists()


def test_a_registry_that_was_named_is_made_by_what_records(claimreg: Command, registry: Path) -> None:
    assert claimreg("add", "Taxes rose", "--by", "Ministry").code == 0
    assert registry.exists()
    assert claimreg("check", "some words", "--in", "none.txt", "--db", "nowhere").code == 1


def test_several_records_are_shown_in_the_order_of_their_ids(desk: Command) -> None:
    one, two = desk("show", "C2", "--json").json, desk("show", "S1", "--json").json
    assert desk("show", "C2", "S1", "--json").json == [one, two]
    assert desk("show", "C2", "S1").stdout == desk("show", "C2").stdout + desk("show", "S1").stdout
    assert desk("show", "C1", "C99").code == 4
    assert desk("show", "C1", "C99").stdout == ""
