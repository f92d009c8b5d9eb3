"""Faults of a shared registry's server and of the way to it: each a sentence, and never a doubt about what was recorded."""

import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import closing, suppress
from pathlib import Path

import psycopg
import pytest
from postgres_proxy import Fault, Proxy
from postgres_server import new_address, server
from test_store import CHANGE, claim

from claimreg.errors import BusyRegistryError, StoreError
from claimreg.model import Claim
from claimreg.store.factory import open_store
from claimreg.store.port import Store
from claimreg.store.postgres import committing
from claimreg.store.postgres.messages import Messages, Statement
from claimreg.store.postgres.store import PostgresStore


@pytest.fixture
def address() -> str:
    made = new_address()
    open_store(made, create=True).close()
    return made


@pytest.fixture
def proxy() -> Iterator[Proxy]:
    with Proxy(server().port) as one:
        yield one


@pytest.fixture
def store(address: str, proxy: Proxy) -> Iterator[Store]:
    """A store that reaches the server through the proxy."""
    with closing(open_store(address.replace(f":{server().port}/", f":{proxy.port}/"), create=False)) as opened:
        yield opened


@pytest.fixture
def straight(address: str) -> Iterator[Store]:
    """The same registry without the proxy, as everybody else sees it."""
    with closing(open_store(address, create=False)) as opened:
        yield opened


def add(store: Store, number: int = 1) -> None:
    with store.write(CHANGE) as writer:
        writer.put(claim(number))


def ids(store: Store) -> list[str]:
    return [one.id for one in store.find(Claim)]


def command(*statements: str) -> None:
    """Have the server's administrator carry statements out."""
    with psycopg.connect(server().address("none").partition("?")[0], autocommit=True) as connection:
        for statement in statements:
            connection.execute(statement.encode())


def add_after(store: Store, harm: Callable[[], object]) -> None:
    """Record a claim; between that and the end of the transaction, harm is done, and something is read."""
    with store.write(CHANGE) as writer:
        writer.put(claim(1))
        harm()
        writer.get(Claim, "C7")


def end_session(store: Store) -> None:
    assert isinstance(store, PostgresStore)
    command(f"SELECT pg_terminate_backend({store._messages.connection.info.backend_pid})")


def run(store: Store, statement: str) -> None:
    """Have the store's own session carry out a statement."""
    assert isinstance(store, PostgresStore)
    store._messages.connection.execute(statement.encode())


@pytest.mark.parametrize("fault", [Fault.ANSWER_LOST, Fault.COMES_LATE], ids=lambda one: one.name)
def test_a_commit_whose_answer_is_lost_is_recorded_as_if_nothing_had_happened(
    store: Store, straight: Store, proxy: Proxy, fault: Fault
) -> None:
    add(store)
    proxy.next_fault = fault
    add(store, 2)
    add(store, 3)
    assert ids(store) == ids(straight) == ["C1", "C2", "C3"]
    assert [event.seq for event in straight.history()] == [1, 2, 3]


def test_a_commit_that_never_came_is_not_recorded_and_told_so(store: Store, straight: Store, proxy: Proxy) -> None:
    add(store)
    proxy.next_fault = Fault.NEVER_SENT
    with pytest.raises(StoreError, match=r"was lost before this was recorded; nothing of it was: run it again\.$"):
        add(store, 2)
    assert ids(straight) == ["C1"]
    add(store, 2)
    assert ids(straight) == ["C1", "C2"]


def test_where_the_server_stays_away_it_is_said_how_to_see(
    store: Store, straight: Store, proxy: Proxy, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(committing, "_PATIENCE", 1.0)
    proxy.next_fault = Fault.AND_SERVER_AWAY
    with pytest.raises(StoreError, match=r"look with `claimreg history` whether event 1 \([0-9a-f]{12}…\) is there, before you run"):
        add(store)
    assert ids(straight) == []


def test_a_connection_lost_before_the_commit_leaves_nothing(store: Store, straight: Store, proxy: Proxy) -> None:
    with pytest.raises(StoreError, match=r"was lost .*; nothing is half-recorded: run it again"):
        add_after(store, proxy.lose_all)
    assert ids(straight) == []


def test_a_backend_that_is_ended_in_mid_transaction_leaves_nothing(store: Store, straight: Store) -> None:
    with pytest.raises(StoreError, match=r"was lost .*; nothing is half-recorded: run it again"):
        add_after(store, lambda: end_session(store))
    assert ids(straight) == []


def test_a_reader_whose_session_was_ended_between_two_pages_is_told(store: Store) -> None:
    with store.write(CHANGE) as writer:
        for number in range(1, 301):
            writer.put(claim(number))
    with store.snapshot() as reader:
        found = reader.find(Claim)
        next(found)
        end_session(store)
        with pytest.raises(StoreError, match="was lost"):
            list(found)


@pytest.mark.parametrize("work", [ids, add], ids=["reading", "writing"])
def test_a_store_that_was_left_idle_for_too_long_connects_again(store: Store, work: Callable[[Store], object]) -> None:
    assert ids(store) == []
    end_session(store)
    work(store)
    add(store, 2)
    assert ids(store)[-1] == "C2"


def test_an_error_that_was_passed_over_records_nothing(store: Store, straight: Store) -> None:
    def fail() -> None:
        with suppress(psycopg.Error):
            run(store, "SELECT 1/0")

    with pytest.raises(StoreError, match=r"could not go on .*; nothing was recorded"):
        add_after(store, fail)
    with pytest.raises(StoreError, match="took nothing of what was to be recorded"), store.write(CHANGE):
        fail()
    assert ids(straight) == []


def test_who_writes_is_told_to_those_who_wait(address: str, straight: Store) -> None:
    with closing(open_store(address, create=False, wait=0.2)) as other:
        with straight.write(CHANGE) as writer:
            writer.put(claim(1))
            with pytest.raises(BusyRegistryError, match=r"user postgres from 127.* is writing to .* for \d+ s by now \(waited 0\.2 s"):
                add(other, 2)
        add(other, 2)
    assert ids(straight) == ["C1", "C2"]


def test_who_writes_is_told_to_a_role_that_may_see_little(address: str, straight: Store) -> None:
    schema = address.rpartition("=")[2]
    command(
        f"CREATE ROLE few_{schema} LOGIN",
        f"GRANT USAGE ON SCHEMA {schema} TO few_{schema}",
        f"GRANT SELECT, INSERT ON ALL TABLES IN SCHEMA {schema} TO few_{schema}",
        f"GRANT EXECUTE ON ALL FUNCTIONS IN SCHEMA {schema} TO few_{schema}",
    )
    theirs = address.replace("postgres@", f"few_{schema}@")
    with (
        closing(open_store(theirs, create=False, wait=0.2)) as other,
        straight.write(CHANGE),
        pytest.raises(BusyRegistryError, match="The database's user postgres is writing to"),
    ):
        add(other)


@pytest.mark.parametrize(
    ("setting", "told"),
    [
        ("default_transaction_read_only = on", "takes no writing now"),
        ("statement_timeout = 1", "stopped the work .*statement timeout"),
        ("idle_in_transaction_session_timeout = 1", "was lost"),
    ],
)
def test_limits_of_a_role_are_told(address: str, straight: Store, setting: str, told: str) -> None:
    schema = address.rpartition("=")[2]
    command(f"CREATE ROLE held_{schema} LOGIN SUPERUSER", f"ALTER ROLE held_{schema} SET {setting}")

    def add_slowly() -> None:
        with closing(open_store(address.replace("postgres@", f"held_{schema}@"), create=False)) as held, held.write(CHANGE) as writer:
            for number in range(1, 5_000):
                writer.put(claim(number))
            time.sleep(0.1)

    with pytest.raises(StoreError, match=told):
        add_slowly()
    assert ids(straight) == []


def test_an_interruption_stops_a_statement_at_once(straight: Store, address: str) -> None:
    # Without the proxy: psycopg 3.2 lets no other thread of this process run while it has a statement stopped.
    begun = time.monotonic()
    threading.Timer(0.5, os.kill, (os.getpid(), signal.SIGINT)).start()
    with pytest.raises(KeyboardInterrupt):
        add_after(straight, lambda: run(straight, "SELECT pg_sleep(60)"))
    assert time.monotonic() - begun < 5
    with closing(open_store(address, create=False)) as other:
        assert ids(other) == []
        add(straight)
        assert ids(other) == ["C1"]


@pytest.mark.parametrize("comes", ["before", "after"])
def test_an_interruption_at_the_commit_is_heeded_or_too_late_and_never_both(
    store: Store, straight: Store, monkeypatch: pytest.MonkeyPatch, comes: str
) -> None:
    send = Messages.send

    def interrupted(messages: Messages, *statements: Statement) -> object:
        if statements[-1].text != "COMMIT":
            return send(messages, *statements)
        monkeypatch.setattr(Messages, "send", send)
        if comes == "after":
            send(messages, *statements)
        raise KeyboardInterrupt

    monkeypatch.setattr(Messages, "send", interrupted)
    if comes == "after":
        add(store)
        assert ids(store) == ids(straight) == ["C1"]
        with pytest.raises(KeyboardInterrupt):
            add(store, 2)
    else:
        with pytest.raises(KeyboardInterrupt):
            add(store)
        assert ids(store) == ids(straight) == []
        add(store)
    assert ids(straight) == ["C1"]


def test_what_psycopg_has_to_say_of_a_lost_connection_is_not_on_standard_error(
    address: str, capfd: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    script = tmp_path / "lost.py"
    script.write_text(
        "import logging, sys\nfrom claimreg.store.factory import open_store\n"
        "open_store(sys.argv[1], create=False)\nlogging.getLogger('psycopg').warning('a word of psycopg')\n",
        encoding="utf-8",
    )
    subprocess.run([sys.executable, script, address], check=True)
    assert capfd.readouterr().err == ""
