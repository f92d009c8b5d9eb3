"""A shared registry's commands, run by people with different rights: what they print, and what they refuse."""

from pathlib import Path

import pytest
from shared_desk import Desk, demo_desk

from .conftest import Command, Done

SECRET = ("rights-ru", "правозащитники", "Что говорят", "statement-en", "Press summary")
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
    ("search", "criticised the verdict"),
    ("export", "--format", "ndjson"),
    ("party", "list"),
    ("relations",),
]


@pytest.mark.parametrize("arguments", READING, ids=" ".join)
def test_reading_shows_everybody_the_same(claimreg: Command, sealed: Desk, arguments: tuple[str, ...]) -> None:
    keeper, reader = (by(claimreg, sealed, role, *arguments) for role in ("keeper", "reader"))
    if arguments == ("relations",):
        assert keeper.code == reader.code
        return
    assert (keeper.code, keeper.stderr) == (0, ""), keeper
    assert keeper.stdout == reader.stdout
    assert keeper == reader
    assert not [one for one in SECRET if one in keeper.stdout]


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
