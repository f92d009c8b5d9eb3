"""The derived indexes of a shared registry are kept in the user's cache, and cost no answer where they cannot be."""

import stat
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest
from postgres_server import new_address
from test_claim_index import fill, known

from claimreg.store.factory import open_store
from claimreg.store.port import Store
from claimreg.store.postgres import indexes
from claimreg.store.postgres.store import PostgresStore


@pytest.fixture
def cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    folder = tmp_path / "cache" / "registries"
    monkeypatch.setattr(indexes, "cache_folder", lambda: folder)
    return folder


@pytest.fixture
def address() -> str:
    return new_address()


@pytest.fixture
def shared(address: str, cache: Path) -> Iterator[Store]:
    assert not cache.exists()
    with closing(open_store(address, create=True)) as store:
        fill(store)
        yield store


def test_the_next_command_finds_what_the_last_one_kept(shared: Store, cache: Path, address: str) -> None:
    told: list[str] = []
    assert len(known(shared, told)) == 4
    (folder,) = cache.iterdir()
    assert (sorted(path.name for path in folder.iterdir()), stat.S_IMODE(folder.stat().st_mode)) == (["claims"], 0o700)
    with closing(open_store(address, create=False)) as again:
        assert known(again, told) == known(shared)
    assert told == ["The search index took in 4 claims that it did not have."]


def test_each_registry_has_files_of_its_own(shared: Store, cache: Path) -> None:
    known(shared)
    with closing(open_store(new_address(), create=True)) as other:
        assert known(other) == []
    assert len(list(cache.iterdir())) == 2


def test_a_cache_that_cannot_be_written_to_costs_no_answer(shared: Store, cache: Path) -> None:
    cache.parent.write_text("in the way", encoding="utf-8")
    assert len(known(shared)) == 4
    assert [shared.segments(), shared.gram_index(), shared.word_index()] == [None, None, None]


@pytest.mark.parametrize("uuid", ["../../elsewhere", "", "/etc", "."])
def test_a_server_cannot_name_a_folder_elsewhere(uuid: str, cache: Path) -> None:
    with closing(open_store(new_address(), create=True)) as store:
        assert isinstance(store, PostgresStore)
        store._rows(f"UPDATE {store._schema}.registry SET uuid = %s RETURNING uuid", uuid)
        with closing(open_store(store.location, create=False)) as again:
            assert again.segments() is None
    assert not cache.exists()
