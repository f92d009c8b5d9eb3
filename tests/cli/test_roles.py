"""A shared registry's commands, run by people with different rights: what they print, and what they refuse."""

from pathlib import Path

import pytest
from shared_desk import Desk, demo_desk

from .conftest import Command, Done

SECRET = ("rights-ru", "Что говорят", "statement-en", "Press summary")
"""Words of the names of the sources that are withheld, and of their files."""


@pytest.fixture(scope="module")
def sealed() -> Desk:
    """The bundled case, two of its sources withheld; it is not changed."""
    desk = demo_desk()
    desk.withhold("S2")
    desk.withhold("S3")
    return desk


@pytest.fixture
def desk() -> Desk:
    """The same, to be changed."""
    desk = demo_desk()
    desk.withhold("S2")
    desk.withhold("S3")
    return desk


def by(claimreg: Command, desk: Desk, role: str, *arguments: str | Path, stdin: str | None = None) -> Done:
    """What a command left that a role's member gave."""
    return claimreg(*arguments, stdin=stdin, env={"CLAIMREG_DB": desk.address(role), "CLAIMREG_USER": desk.user(role)})


READING = [
    ("list",),
    ("list", "--json"),
    ("show", "C1"),
    ("show", "C1", "--json"),
    ("show", "C3"),
    ("show", "A4"),
    ("show", "L3", "--json"),
    ("source", "list"),
    ("source", "list", "--json"),
    ("source", "show", "S2"),
    ("source", "show", "S3", "--json"),
    ("report",),
    ("report", "--format", "json"),
    ("report", "--format", "html"),
    ("history",),
    ("history", "S2"),
    ("history", "K2"),
    ("history", "C1"),
    ("stats", "--json"),
    ("search", "pattern", "--json"),
]


@pytest.mark.parametrize("arguments", READING, ids=" ".join)
def test_reading_shows_everybody_the_same(claimreg: Command, sealed: Desk, arguments: tuple[str, ...]) -> None:
    keeper, reader = (by(claimreg, sealed, role, *arguments) for role in ("keeper", "reader"))
    assert (keeper.code, keeper.stderr) == (0, ""), keeper
    assert keeper == reader
    assert not [one for one in SECRET if one in keeper.stdout]


@pytest.mark.parametrize("form", ["ndjson", "csv"])
def test_exports_are_the_same_for_everybody(claimreg: Command, sealed: Desk, form: str) -> None:
    keeper, reader = (by(claimreg, sealed, role, "export", "--to", form) for role in ("keeper", "reader"))
    assert keeper.code == 0
    assert keeper == reader


def test_a_bundle_that_a_reader_makes_is_the_one_that_a_keeper_makes(claimreg: Command, sealed: Desk, tmp_path: Path) -> None:
    bundles = []
    for role in ("keeper", "reader"):
        assert by(claimreg, sealed, role, "export", "--bundle", tmp_path / f"{role}.zip").code == 0
        assert by(claimreg, sealed, role, "verify", tmp_path / f"{role}.zip").code == 0
        bundles.append((tmp_path / f"{role}.zip").read_bytes())
    assert bundles[0] == bundles[1]


def test_verify_names_what_is_sealed(claimreg: Command, sealed: Desk) -> None:
    reader, keeper = (by(claimreg, sealed, role, "verify") for role in ("reader", "keeper"))
    assert (reader.code, keeper.code) == (0, 0)
    sealed_events = sealed.rows("SELECT count(*) FROM SCHEMA.sealed_events")[0][0]
    assert f"checked\tsealed events\t{sealed_events}" in reader.lines
    assert "sealed events" not in keeper.stdout
    assert reader.lines[-1] == keeper.lines[-1]


REVEALING = [
    ("show", "C1"),
    ("history",),
    ("source", "list"),
    ("source", "show", "S2"),
    ("source", "get", "S2", "-o", "bytes"),
    ("source", "open", "S2"),
    ("source", "search", "verdict"),
    ("extract", "S2"),
    ("check", "the civil rights of Mr Ilyashev in this case", "--in", "S3"),
    ("review", "--no-input", "--format", "json"),
]


@pytest.mark.parametrize("arguments", REVEALING, ids=" ".join)
def test_nobody_but_keepers_reveals_anything(claimreg: Command, sealed: Desk, arguments: tuple[str, ...]) -> None:
    for role in ("reader", "writer"):
        done = by(claimreg, sealed, role, *arguments, "--reveal")
        assert (done.code, done.stdout) == (1, "")
        assert "may not see withheld sources" in done.stderr
        assert len(done.stderr.splitlines()) == 1
    keeper = by(claimreg, sealed, "keeper", *arguments, "--reveal")
    assert keeper.code == 0, keeper


TEXT_IS_NEEDED = [
    ("source", "get", "S2", "-o", "bytes"),
    ("source", "open", "S2"),
    ("extract", "S2"),
    ("check", "the civil rights of Mr Ilyashev in this case", "--in", "S3"),
    ("source", "recapture", "S2"),
    ("edit", "S2", "--title", "Another"),
    ("edit", "S2", "--withhold", ""),
]


@pytest.mark.parametrize("arguments", TEXT_IS_NEEDED, ids=" ".join)
def test_what_takes_a_withheld_text_is_refused_in_a_sentence(claimreg: Command, sealed: Desk, arguments: tuple[str, ...]) -> None:
    before = sealed.rows("SELECT count(*) FROM SCHEMA.events")
    done = by(claimreg, sealed, "writer", *arguments)
    assert done.code in (1, 2)
    assert done.stdout == ""
    assert "S2" in done.stderr or "S3" in done.stderr
    assert "withheld" in done.stderr
    assert "damaged" not in done.stderr
    assert len(done.stderr.splitlines()) == 1
    assert sealed.rows("SELECT count(*) FROM SCHEMA.events") == before


def test_quotes_are_looked_for_in_what_may_be_seen_and_the_rest_is_named(claimreg: Command, desk: Desk) -> None:
    done = by(claimreg, desk, "writer", "link", "--all")
    assert done.code == 0
    assert "2 sources are withheld, which you may not see, and were passed over: S2, S3." in done.stderr
    assert "withheld" not in by(claimreg, desk, "keeper", "link", "--all").stderr
    assert by(claimreg, desk, "reader", "source", "search", "prosecution pattern silencing").stdout == ""
    for role in ("keeper", "writer"):
        assert by(claimreg, desk, role, "verify").code == 0


def test_a_quote_that_stands_in_a_withheld_source_alone_is_not_said_to_stand_nowhere(claimreg: Command, desk: Desk) -> None:
    quote = "the civil rights of Mr Ilyashev in this case"
    added = by(claimreg, desk, "writer", "add", "His rights were at stake", "--by", "Bureau", "--quote", quote)
    assert added.code == 0
    assert "passed over: S2, S3" in by(claimreg, desk, "writer", "link", "C7").stderr
    for role in ("writer", "keeper"):
        told = by(claimreg, desk, role, "report", "C7").stdout
        assert "Looked for only in S1 on" in " ".join(told.split())
    assert by(claimreg, desk, "keeper", "link", "C7").code == 0
    assert "Looked for" not in by(claimreg, desk, "writer", "report", "C7").stdout


def test_a_search_without_all_sources_is_told_of_where_they_can_be_named(
    claimreg: Command, desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("claimreg.services.linking.looked._MOST_NAMED", 0)
    added = by(claimreg, desk, "writer", "add", "The sky is green", "--by", "Bureau", "--quote", "the sky was green all over the town")
    assert added.code == 0
    assert "Nobody has looked for these words yet" in by(claimreg, desk, "writer", "report", "C7").stdout
    assert by(claimreg, desk, "keeper", "link", "C7").code == 0
    assert "Looked for in all stored sources" in by(claimreg, desk, "writer", "report", "C7").stdout


def test_a_statement_of_a_withheld_source_is_recorded_without_its_place(claimreg: Command, desk: Desk) -> None:
    done = by(claimreg, desk, "writer", "add", "Trains run late", "--by", "Bureau", "--quote", "the trains run late here", "--source", "S3")
    assert done.code == 0
    assert done.stderr == "S3 is withheld, and you may not see it; ask a keeper of the registry.\n"
    assert by(claimreg, desk, "reader", "show", "C7").code == 0


def test_a_claim_with_places_in_withheld_sources_is_removed_and_comes_back(claimreg: Command, desk: Desk) -> None:
    before = by(claimreg, desk, "reader", "show", "C5").stdout
    assert by(claimreg, desk, "writer", "rm", "C5", "--yes").code == 0
    assert by(claimreg, desk, "writer", "undo", "--yes").code == 0
    assert by(claimreg, desk, "reader", "show", "C5").stdout == before
    for role in ("keeper", "writer"):
        done = by(claimreg, desk, role, "verify")
        assert done.code == 0, done


def test_a_reviewer_decides_by_what_everybody_may_see(claimreg: Command, desk: Desk) -> None:
    links = [link for (link,) in desk.rows("SELECT 'L' || id FROM SCHEMA.records WHERE kind = 'L' AND sealed ORDER BY id LIMIT 2")]
    assert by(claimreg, desk, "reviewer", "review", str(links[0]), "--confirm").code == 0
    assert by(claimreg, desk, "reviewer", "review", str(links[1]), "--reject").code == 0
    assert "confirmed" in by(claimreg, desk, "reader", "show", str(links[0])).stdout
    undone = by(claimreg, desk, "reviewer", "review", "--undo")
    assert undone.code == 0, undone
    assert by(claimreg, desk, "keeper", "verify").code == 0
    done = by(claimreg, desk, "reader", "review", str(links[1]), "--confirm")
    assert (done.code, done.stdout) == (1, "")
    assert "Your roles in the registry" in done.stderr


def test_what_a_role_may_not_record_is_refused_in_a_sentence(claimreg: Command, sealed: Desk) -> None:
    for role in ("reader", "reviewer"):
        done = by(claimreg, sealed, role, "add", "Something", "--by", "Somebody")
        assert (done.code, done.stdout) == (1, "")
        assert "role" in done.stderr
        assert len(done.stderr.splitlines()) == 1


def test_init_makes_roles_for_a_shared_registry_only(claimreg: Command, sealed: Desk) -> None:
    assert claimreg("init", "--roles").code == 2
    done = claimreg("init", sealed.address("owner"), "--roles")
    assert done.code == 0
    assert done.lines[1].startswith(f"Made its roles {sealed.schema}_reader, {sealed.schema}_reviewer, ")
    assert by(claimreg, sealed, "writer", "init", "--roles").code == 1


RECORDING = [
    ("add", "The court fined him", "--by", "Court"),
    ("verdict", "C1", "False"),
    ("edit", "C1", "--title", "Another"),
    ("source", "add", __file__),
]


@pytest.mark.parametrize("arguments", RECORDING, ids=lambda arguments: arguments[0])
def test_who_may_only_read_is_told_which_role_it_takes_to_record(claimreg: Command, sealed: Desk, arguments: tuple[str, ...]) -> None:
    before = by(claimreg, sealed, "keeper", "stats", "--json").stdout
    done = by(claimreg, sealed, "reader", *arguments)
    assert (done.code, done.stdout) == (1, "")
    assert done.stderr.endswith("let you read it, and not record that; ask its administrator for the role of a reviewer or writer.\n")
    assert by(claimreg, sealed, "keeper", "stats", "--json").stdout == before
