"""A shared registry of another claimreg: read as far as it can be, never written to, and brought up to date by its owner alone."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing

import psycopg
import pytest
from postgres_server import new_address, server

from claimreg.errors import BusyRegistryError, NewerRegistryError, StoreError
from claimreg.model import SCHEMA_VERSION, Change, Claim
from claimreg.opening import copy_registry
from claimreg.services.evidence.verify import verify
from claimreg.store.factory import open_store
from claimreg.store.postgres import upgrading
from claimreg.store.postgres.connect import connect
from claimreg.store.postgres.location import location_of
from claimreg.store.postgres.making import READABLE_FROM
from claimreg.store.postgres.roles import make_roles
from claimreg.store.upgrading import upgrade, version_of

CHANGE = Change(user="ann", at="2027-01-01T00:00:00Z", action="test")
OLDER = SCHEMA_VERSION - 1
SetVersion = Callable[..., None]


def add_claim(address: str) -> None:
    with closing(open_store(address, create=False)) as store, store.write(CHANGE) as writer:
        writer.put(Claim(id=writer.new_id(Claim), recorded_at=CHANGE.at, recorded_by="ann", text="Көпір жабылды"))


def claims(address: str) -> int:
    with closing(open_store(address, create=False)) as store, store.snapshot() as reader:
        return len(list(reader.find(Claim)))


@pytest.fixture
def address() -> str:
    """A shared registry with one claim, as its owner sees it."""
    made = new_address()
    open_store(made, create=True).close()
    add_claim(made)
    return made


@pytest.fixture
def writer(address: str) -> Iterator[str]:
    """The same registry, as somebody sees it who writes to it and does not own it."""
    location = location_of(address)
    roles = make_roles(address)
    with connect(location) as connection:
        connection.execute(f"CREATE ROLE berik LOGIN IN ROLE {location.schema}_writer")
        yield server().address(location.schema, user="berik")
        connection.execute("DROP ROLE berik")
        connection.execute(f"DROP SCHEMA {location.schema} CASCADE")
        for role in roles:
            connection.execute(f"DROP ROLE {role}")


@pytest.fixture
def set_version(address: str) -> SetVersion:
    """Makes the registry one of another claimreg, by its number alone."""

    def change(version: int, readable_from: int = OLDER) -> None:
        location = location_of(address)
        with connect(location) as connection:
            connection.execute(
                f"UPDATE {location.schema}.registry SET schema_version = %s, readable_from = %s".encode(),  # noqa: S608 -- the tests' own
                (version, readable_from),
            )

    return change


def steps_of(monkeypatch: pytest.MonkeyPatch, *, reads_alike: bool = True, statement: str = "CREATE TABLE {schema}.notes ()") -> None:
    """Steps such that the registries that lack the last one are older."""

    def run(connection: psycopg.Connection, schema: str) -> None:
        connection.execute(statement.format(schema=schema).encode())

    steps = (upgrading.Step(OLDER, reads_alike=False, run=never), upgrading.Step(SCHEMA_VERSION, reads_alike, run))
    monkeypatch.setattr(upgrading, "STEPS", steps)


def never(_connection: psycopg.Connection, _schema: str) -> None:
    raise AssertionError("a step that the registry has")


def test_an_older_registry_is_read_and_upgraded_by_its_owner(
    address: str, writer: str, set_version: SetVersion, monkeypatch: pytest.MonkeyPatch
) -> None:
    steps_of(monkeypatch)
    set_version(OLDER)
    assert claims(address) == claims(writer) == 1
    told = rf"older claimreg \(schema {OLDER}, this one writes {SCHEMA_VERSION}\) and can only be read .* nothing was recorded: "
    with pytest.raises(StoreError, match=f"{told}run `claimreg upgrade`"):
        add_claim(address)
    with pytest.raises(StoreError, match=f"{told}ask postgres to run `claimreg upgrade`"):
        add_claim(writer)
    assert version_of(writer).number == OLDER
    with pytest.raises(StoreError, match=r"Only the owner of the registry .* may upgrade it; ask postgres"):
        upgrade(writer)
    upgrade(address)
    assert version_of(address) == (location_of(address).shown, SCHEMA_VERSION)
    with connect(location_of(address)) as connection:
        connection.execute(f"SET search_path = {location_of(address).schema}".encode())
        assert connection.execute("SELECT count(*) FROM notes").fetchone() == (0,)
        assert connection.execute("SELECT readable_from FROM registry").fetchone() == (READABLE_FROM,)
    add_claim(writer)
    assert claims(address) == 2


def test_an_older_registry_that_reads_otherwise_is_not_opened(
    address: str, writer: str, set_version: SetVersion, monkeypatch: pytest.MonkeyPatch
) -> None:
    steps_of(monkeypatch, reads_alike=False)
    set_version(OLDER)
    for who, remedy in ((address, "run"), (writer, "ask postgres to run")):
        with pytest.raises(StoreError, match=rf"older claimreg \(schema {OLDER}, this one writes {SCHEMA_VERSION}\); {remedy} `claimreg"):
            claims(who)
    upgrade(address)
    assert claims(writer) == 1


def test_a_step_that_fails_changes_nothing(address: str, set_version: SetVersion, monkeypatch: pytest.MonkeyPatch) -> None:
    steps_of(monkeypatch, statement="CREATE TABLE {schema}.notes (); SELECT 1 / 0")
    set_version(OLDER)
    with pytest.raises(StoreError):
        upgrade(address)
    assert version_of(address).number == OLDER
    with connect(location_of(address)) as connection:
        assert connection.execute("SELECT to_regclass(%s)", (f"{location_of(address).schema}.notes",)).fetchone() == (None,)


def test_two_who_upgrade_do_it_once(address: str, set_version: SetVersion, monkeypatch: pytest.MonkeyPatch) -> None:
    # The table would be there already, were the step run twice.
    steps_of(monkeypatch, statement="CREATE TABLE {schema}.notes (); SELECT pg_sleep(0.2)")
    set_version(OLDER)
    with ThreadPoolExecutor(3) as pool:
        for done in [pool.submit(upgrade, address) for _ in range(3)]:
            done.result()
    assert version_of(address).number == SCHEMA_VERSION


def test_an_upgrade_waits_for_writers_and_says_so(address: str, set_version: SetVersion, monkeypatch: pytest.MonkeyPatch) -> None:
    steps_of(monkeypatch)
    with closing(open_store(address, create=False)) as store, store.write(CHANGE):
        set_version(OLDER)
        with pytest.raises(BusyRegistryError):
            upgrade(address, wait=0.1)
    assert version_of(address).number == OLDER


def test_a_newer_registry_is_read_where_its_maker_says_so(address: str, writer: str, set_version: SetVersion) -> None:
    set_version(SCHEMA_VERSION + 1, SCHEMA_VERSION)
    assert claims(address) == claims(writer) == 1
    with closing(open_store(address, create=False)) as store:
        assert verify(store).damage == []
    for who in (address, writer):
        with pytest.raises(NewerRegistryError, match=r"newer claimreg .* can only be read with this one; nothing was recorded: update"):
            add_claim(who)
    with pytest.raises(NewerRegistryError):
        version_of(address)
    set_version(SCHEMA_VERSION + 1, SCHEMA_VERSION + 1)
    for who in (address, writer):
        with pytest.raises(NewerRegistryError, match=rf"\(schema {SCHEMA_VERSION + 1}, this one knows {SCHEMA_VERSION}\); update claimreg"):
            claims(who)


def test_nothing_is_copied_into_another_version(address: str, set_version: SetVersion, tmp_path: object) -> None:
    copy_registry(address, folder := f"{tmp_path}/copy")
    with closing(open_store(folder, create=False)) as store, store.write(CHANGE) as one:
        one.put(Claim(id=one.new_id(Claim), recorded_at=CHANGE.at, recorded_by="ann", text="Сөз"))
    set_version(SCHEMA_VERSION + 1, SCHEMA_VERSION)
    with pytest.raises(NewerRegistryError):
        copy_registry(folder, address)
    assert claims(address) == 1
