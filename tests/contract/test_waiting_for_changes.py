"""Waiting for what others record, in every store."""

import signal
import threading
import time
from pathlib import Path

import pytest
from postgres_server import crash, new_address, programs, started
from test_store import CHANGE, claim

from claimreg.errors import StoreError
from claimreg.store.factory import open_store
from claimreg.store.port import Store

SOON = 20.0
"""Seconds in which a change is told on the slowest machine; the tests end when it is."""


@pytest.fixture(params=["embedded", "postgres"])
def location(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """A registry that is there, to be opened by several."""
    place = str(tmp_path / "registry") if request.param == "embedded" else new_address()
    open_store(place, create=True).close()
    return place


def record(location: str, number: int) -> None:
    store = open_store(location, create=False)
    with store.write(CHANGE) as writer:
        writer.put(claim(number))
    store.close()


def test_nothing_is_told_of_where_nothing_was_recorded(location: str) -> None:
    record(location, 1)
    store = open_store(location, create=False)
    changes = store.changes()
    assert not changes.wait(0)
    assert not changes.wait(0.1)
    changes.close()
    store.close()


def test_what_another_recorded_is_told_of_once(location: str) -> None:
    store = open_store(location, create=False)
    changes = store.changes()
    record(location, 1)
    assert changes.wait(SOON)
    assert store.head()[0] == 1
    assert not changes.wait(0.6)
    record(location, 2)
    record(location, 3)
    assert changes.wait(SOON)
    assert store.head()[0] == 3
    changes.close()
    store.close()


def test_who_waits_is_woken(location: str) -> None:
    store = open_store(location, create=False)
    changes = store.changes()
    other = threading.Timer(0.2, record, (location, 1))
    other.start()
    begun = time.monotonic()
    assert changes.wait(SOON)
    assert time.monotonic() - begun < SOON / 2
    other.join()
    changes.close()
    store.close()


def test_a_store_in_memory_tells_of_its_own_changes() -> None:
    store: Store = open_store("memory:", create=False)
    changes = store.changes()
    with store.write(CHANGE) as writer:
        writer.put(claim(1))
    assert changes.wait(SOON)
    assert not changes.wait(0)


def test_a_server_that_is_away_for_a_while_is_waited_for(monkeypatch: pytest.MonkeyPatch) -> None:
    psycopg = pytest.importorskip("psycopg")
    from claimreg.store.postgres import changes as told

    monkeypatch.setattr(told, "_EVERY", 0.2)
    folder = programs()
    if folder is None:
        pytest.skip("no PostgreSQL server is installed on this machine")
    one = started(folder)
    place = one.address("away")
    store = open_store(place, create=True)
    changes = store.changes()
    waiting = threading.Timer(0.2, lambda: record(crash(one).address("away"), 1))
    waiting.start()
    assert changes.wait(SOON)
    waiting.join()
    assert store.head()[0] == 1
    # It is listened to again, so that it tells at once.
    with psycopg.connect(place.partition("?")[0]) as administrator:
        listening = administrator.execute("SELECT query FROM pg_stat_activity WHERE query LIKE 'LISTEN %'").fetchall()
    assert listening == [("LISTEN claimreg_away",)]
    record(place, 2)
    assert changes.wait(SOON)
    changes.close()
    store.close()


def test_a_server_that_stays_away_is_told_of(monkeypatch: pytest.MonkeyPatch) -> None:
    pytest.importorskip("psycopg")
    from claimreg.store.postgres import changes as told

    monkeypatch.setattr(told, "_EVERY", 0.1)
    monkeypatch.setattr(told, "_PATIENCE", 1.0)
    folder = programs()
    if folder is None:
        pytest.skip("no PostgreSQL server is installed on this machine")
    one = started(folder)
    store = open_store(one.address("gone"), create=True)
    changes = store.changes()
    one.process.terminate()
    one.process.send_signal(signal.SIGINT)
    with pytest.raises(StoreError):
        changes.wait(SOON)
    changes.close()
    store.close()


def test_a_server_that_ends_the_connection_leaves_the_looking(monkeypatch: pytest.MonkeyPatch) -> None:
    psycopg = pytest.importorskip("psycopg")
    from claimreg.store.postgres import changes as told

    monkeypatch.setattr(told, "_EVERY", 0.2)
    place = new_address()
    store = open_store(place, create=True)
    changes = store.changes()
    with psycopg.connect(place.partition("?")[0], autocommit=True) as administrator:
        ended = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE query LIKE %s"
        assert administrator.execute(ended, (f"LISTEN claimreg_{place.rpartition('=')[2]}",)).rowcount == 1
    record(place, 1)
    assert changes.wait(SOON)
    changes.close()
    store.close()
