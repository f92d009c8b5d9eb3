"""`copy`, `backup`, `restore`, `upgrade` and `compact` of registries in folders and in a PostgreSQL database."""

import zipfile
from pathlib import Path

import pytest
from postgres_server import new_address, server

from claimreg.model import SCHEMA_VERSION
from claimreg.store.postgres.connect import connect
from claimreg.store.postgres.location import location_of

from .conftest import REPOSITORY, Command


@pytest.fixture
def shared() -> str:
    """The address of a shared registry that is not there yet."""
    return new_address()


def head(claimreg: Command, location: str | Path) -> str:
    done = claimreg("verify", "--db", location)
    assert done.code == 0, done
    word, own = done.lines[-1].split("\t")
    assert word == "whole"
    return own


def test_a_registry_moves_into_a_database_and_back(ferry: Command, registry: Path, shared: str, tmp_path: Path) -> None:
    planned = ferry("copy", registry, shared, "--dry-run")
    assert (planned.code, planned.stdout) == (0, "Would copy 7 events.\n")
    copied = ferry("copy", registry, shared)
    assert copied.code == 0, copied
    own = head(ferry, registry)
    end = f"the same history, whole, 7 events, the last with the hash {own}."
    assert copied.lines == [f"Copied 7 events and 1 file of evidence from {registry} to {shared}: {end}"]
    assert copied.stderr == (f"{registry} is the old one now; record in {shared} from here on: claimreg config set registry {shared}\n")
    assert head(ferry, shared) == own
    for command in (("list",), ("show", "C1"), ("report",), ("history",), ("source", "show", "S1"), ("export", "--to", "csv")):
        assert ferry(*command, "--db", shared).stdout == ferry(*command).stdout
    again = ferry("copy", registry, shared)
    assert again.lines[0].startswith(f"Nothing was left to copy from {registry} to {shared}")
    assert ferry("add", "The pier is sound", "--by", "Aida Serik", "--db", shared).code == 0
    refused = ferry("copy", registry, shared)
    assert (refused.code, refused.stdout) == (1, "")
    assert f"{shared} goes on after {registry} for 4 events; nothing was copied" in refused.stderr
    assert ferry("copy", shared, tmp_path / "back").code == 0
    assert head(ferry, tmp_path / "back") == head(ferry, shared)


def test_places_that_are_none(ferry: Command, registry: Path, shared: str, tmp_path: Path) -> None:
    for location in (tmp_path / "none", shared):
        done = ferry("copy", location, tmp_path / "copy")
        assert (done.code, done.stdout) == (4, "")
        assert "There is no registry in" in done.stderr
    assert not (tmp_path / "copy").exists()
    assert ferry("copy", "memory:", tmp_path / "copy").code == 2
    assert ferry("copy", registry, "ftp://desk.example/claims").code == 2
    (tmp_path / "full").mkdir()
    (tmp_path / "full" / "letter.txt").write_text("x")
    done = ferry("copy", registry, tmp_path / "full")
    assert (done.code, "holds other files" in done.stderr) == (1, True)


def test_a_password_is_told_nowhere(ferry: Command, registry: Path, shared: str) -> None:
    address = shared.replace("postgres@", "postgres:tajny-klyuch@")
    for arguments in (
        ("copy", registry, address),
        ("copy", address, registry),
        ("copy", registry, address, "-n"),
        ("upgrade", "--db", address),
    ):
        done = ferry(*arguments)
        assert done.code == 0
        assert "tajny-klyuch" not in done.stdout + done.stderr


def test_a_backup_of_a_database_is_brought_back_into_an_empty_one(ferry: Command, registry: Path, shared: str, tmp_path: Path) -> None:
    folder, other = tmp_path / "backup", new_address()
    assert ferry("copy", registry, shared).code == 0
    done = ferry("backup", folder, "--db", shared)
    assert (done.code, done.stdout) == (0, f"Copied the registry to {folder}; `claimreg restore {folder}` brings it back.\n")
    own = head(ferry, folder)
    assert ferry("add", "The pier is sound", "--by", "Aida Serik", "--db", shared).code == 0
    # It is restored neither over a longer history nor over another.
    refused = ferry("restore", folder, "--db", shared, "--yes")
    assert (refused.code, "goes on after" in refused.stderr) == (1, True)
    assert ferry("add", "The pier is sound", "--by", "Aida Serik", "--db", other).code == 4
    assert ferry("init", other).code == 0
    assert ferry("restore", folder, "--db", other, "--dry-run").stdout == f"Would bring 7 events of {folder} back.\n"
    restored = ferry("restore", folder, "--db", other)
    assert (restored.code, restored.stdout) == (0, f"Brought {folder} back to {other}: 7 events.\n")
    assert head(ferry, other) == own
    # The next backup takes over what came since.
    assert ferry("backup", folder, "--db", shared).code == 0
    assert head(ferry, folder) == head(ferry, shared) != own
    assert ferry("restore", folder, "--db", other).stdout == f"Brought {folder} back to {other}: 4 events.\n"


def test_only_the_owner_gives_space_back(ferry: Command, registry: Path, shared: str) -> None:
    assert ferry("copy", registry, shared).code == 0
    done = ferry("compact", "--db", shared)
    assert (done.code, done.stderr) == (0, "")
    assert done.stdout.startswith("The registry takes ")
    schema = location_of(shared).schema
    assert ferry("init", shared, "--roles").code == 0
    with connect(location_of(shared)) as connection:
        connection.execute(f"CREATE ROLE serik LOGIN IN ROLE {schema}_keeper")
        try:
            done = ferry("compact", "--db", server().address(schema, user="serik"))
        finally:
            connection.execute("DROP ROLE serik")
            connection.execute(f"DROP SCHEMA {schema} CASCADE")
            for role in ("reader", "reviewer", "writer", "keeper"):
                connection.execute(f"DROP ROLE {schema}_{role}")
    assert (done.code, done.stdout) == (1, "")
    assert "may give its space back; ask postgres." in done.stderr


def test_an_older_folder_is_upgraded_when_asked(claimreg: Command, tmp_path: Path) -> None:
    with zipfile.ZipFile(REPOSITORY / "tests" / "fixtures" / "registry-v5.zip") as archive:
        archive.extractall(tmp_path)
    older = tmp_path / "registry-v5"
    before = (older / "registry.db").read_bytes()
    asked = claimreg("upgrade", "--db", older)
    assert (asked.code, asked.stdout) == (2, "")
    assert "say --yes to do it" in asked.stderr
    assert claimreg("upgrade", "--db", older, "--dry-run").stdout == f"Would bring {older} from schema 5 to {SCHEMA_VERSION}.\n"
    assert (older / "registry.db").read_bytes() == before
    own = head(claimreg, older)
    assert claimreg("upgrade", "--db", older, "--yes").stdout == f"Brought {older} from schema 5 to {SCHEMA_VERSION}.\n"
    assert (older / "registry.db.schema-5").read_bytes() != (older / "registry.db").read_bytes() != before
    assert head(claimreg, older) == own
    assert claimreg("upgrade", "--db", older).stdout == f"The registry {older} is up to date (schema {SCHEMA_VERSION}).\n"


def test_what_cannot_be_upgraded(ferry: Command, registry: Path, shared: str, tmp_path: Path) -> None:
    assert ferry("upgrade").stdout == f"The registry {registry} is up to date (schema {SCHEMA_VERSION}).\n"
    assert ferry("upgrade", "--db", "memory:").code == 2
    assert ferry("upgrade", "--db", tmp_path / "none").code == 4
    assert ferry("upgrade", "--db", shared).code == 4
    assert ferry("init", shared).code == 0
    assert ferry("upgrade", "--db", shared).stdout == f"The registry {shared} is up to date (schema {SCHEMA_VERSION}).\n"
