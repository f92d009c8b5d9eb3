"""Places of registries: whether one was made there, what is told of them, which version they have, and that they are brought up to date."""

import sqlite3
import zipfile
from contextlib import closing
from pathlib import Path

import pytest
from stores import KEPT, LOCATIONS

from claimreg.errors import NewerRegistryError, UsageError
from claimreg.model import SCHEMA_VERSION, Party
from claimreg.opening import open_registry
from claimreg.services.recording.parties import names_and_uses
from claimreg.store.condition import MEND
from claimreg.store.factory import condition_of, folder_of, open_store, registries_beside, registry_exists, registry_is_made
from claimreg.store.upgrading import upgrade, version_of


@pytest.fixture(params=KEPT)
def location(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """A place where no registry is yet."""
    return LOCATIONS[request.param](tmp_path)


def test_a_registry_is_made_once(location: str) -> None:
    assert not registry_is_made(location)
    open_store(location, create=True).close()
    assert registry_is_made(location)
    assert registry_exists(location)
    assert version_of(location).number == SCHEMA_VERSION


def test_the_condition_of_a_whole_one_asks_for_nothing_to_be_mended(location: str) -> None:
    with closing(open_store(location, create=True)) as store:
        shown = store.location
    told = list(condition_of(location))
    assert ("registry", shown) in told
    assert [name for name, _value in told if name == MEND] == []


def test_what_a_command_that_was_cut_off_left_is_told(tmp_path: Path) -> None:
    open_store(str(tmp_path / "registry"), create=True).close()
    (tmp_path / "registry" / ".registry.db.schema-3.99999999.part").write_bytes(b"half")
    (tmp_path / "registry" / "registry.db.schema-3").write_bytes(b"older")
    mend = [sentence for name, sentence in condition_of(str(tmp_path / "registry")) if name == MEND]
    assert any("left half-written by a command that was cut off" in one for one in mend)
    assert any("is a copy from before the registry was brought up to date" in one for one in mend)


def test_a_registry_in_memory_is_in_no_place() -> None:
    assert registry_exists("memory:")
    with pytest.raises(UsageError, match="in no place"):
        list(condition_of("memory:"))


@pytest.mark.parametrize(
    "location", ["postgresql://desk.example/claims", "mysql://desk.example", " ", "a\0b", "~nobody-of-this-name/registry"]
)
def test_what_is_no_folder_is_refused_where_one_is_asked_for(location: str) -> None:
    with pytest.raises(UsageError):
        folder_of(location)


def test_the_registries_beside_one_that_is_not_there_are_found(tmp_path: Path) -> None:
    open_store(str(tmp_path / "bridge"), create=True).close()
    (tmp_path / "other").mkdir()
    assert registries_beside(str(tmp_path / "brigde")) == [tmp_path / "bridge"]
    assert registries_beside(str(tmp_path / "nowhere" / "brigde")) == []
    assert not registry_exists(str(tmp_path / "other"))


def test_a_folder_of_an_older_claimreg_is_brought_up_to_date_when_asked_for(repository: Path, tmp_path: Path) -> None:
    with zipfile.ZipFile(repository / "tests" / "fixtures" / "registry-v4.zip") as archive:
        archive.extractall(tmp_path)
    older = tmp_path / "registry-v4"
    assert version_of(str(older)) == (str(older), 4)
    upgrade(str(older))
    assert version_of(str(older)) == (str(older), SCHEMA_VERSION)
    assert (older / "registry.db.schema-4").exists()


def test_a_folder_of_a_newer_claimreg_is_refused(tmp_path: Path) -> None:
    open_store(str(tmp_path / "registry"), create=True).close()
    with closing(sqlite3.connect(tmp_path / "registry" / "registry.db")) as connection:
        connection.execute(f"PRAGMA user_version = {SCHEMA_VERSION + 1}")
    with pytest.raises(NewerRegistryError, match="update claimreg"):
        version_of(str(tmp_path / "registry"))


def test_parties_are_listed_with_all_their_names_and_uses(location: str) -> None:
    open_store(location, create=True).close()
    with open_registry(location, user="ann") as registry:
        registry.add("The sky is green", by="Harbour office")
        registry.add("The pier is closed", by="Port authority")
        registry.add("The ferry is late", by="Pier board")
        registry.alias("Pier board", "The board")
        registry.merge("Port authority", "Pier board")
        registry.merge("Harbour office", "Port authority")
        parties = [one for one in registry.reader.find(Party) if one.merged_into is None]
        told = [(party.name, sorted(names), uses) for party, names, uses in names_and_uses(registry.reader, parties)]
    assert told == [("Harbour office", ["Harbour office", "Pier board", "Port authority", "The board"], 3)]
