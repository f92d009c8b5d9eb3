"""A command on a shared registry ends at once when it is interrupted, whatever the server is about, and leaves nothing half-recorded."""

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import psycopg
import pytest
from postgres_server import new_address

from claimreg.model import Change, Claim
from claimreg.store.factory import open_store

from .conftest import Command

MAIN = "import signal; signal.signal(signal.SIGINT, signal.default_int_handler); from claimreg.__main__ import main; main()"
"""The command; what starts tests may have told it to pass over interruptions."""

SECONDS = 5


@pytest.fixture
def registry() -> str:
    return new_address()


def interrupted(environment: dict[str, str], folder: Path, is_under_way: Callable[[], bool], *arguments: str) -> tuple[int, str, float]:
    """Interrupt a command once it is under way; gives its exit code, what it said, and how many seconds it took to end."""
    with (folder / "errors").open("wb") as errors:
        process = subprocess.Popen(
            [sys.executable, "-c", MAIN, *arguments], env=environment, cwd=folder, stdout=subprocess.DEVNULL, stderr=errors
        )
    until = time.monotonic() + 30
    while not is_under_way():
        assert process.poll() is None
        assert time.monotonic() < until
        time.sleep(0.02)
    time.sleep(0.3)
    process.send_signal(signal.SIGINT)
    sent = time.monotonic()
    code = process.wait(30)
    return code, (folder / "errors").read_text("utf-8"), time.monotonic() - sent


def is_seen(registry: str, condition: str) -> bool:
    """Return whether the server has a session that it tells such things of."""
    statement = f"SELECT pid FROM pg_stat_activity WHERE pid <> pg_backend_pid() AND {condition}"  # noqa: S608 -- said below
    with psycopg.connect(registry.partition("?")[0]) as connection:
        return connection.execute(statement.encode()).fetchone() is not None


def test_who_waits_for_another_writer_is_let_go(claimreg: Command, environment: dict[str, str], tmp_path: Path, registry: str) -> None:
    assert claimreg("init").code == 0
    with closing(open_store(registry, create=False)) as store:
        with store.write(Change(user="ann", at="2026-01-01T00:00:00Z", action="test")):
            code, told, seconds = interrupted(
                environment, tmp_path, lambda: is_seen(registry, "wait_event = 'advisory'"), "add", "It is so", "--by", "Ann"
            )
        assert list(store.find(Claim)) == []
    assert (code, told) == (130, "Interrupted; nothing half-done was kept.\n")
    assert seconds < SECONDS


def test_an_import_leaves_nothing_of_itself(claimreg: Command, environment: dict[str, str], tmp_path: Path, registry: str) -> None:
    assert claimreg("init").code == 0
    lines = "".join(f"Claim number {number} of a long list,Ann\n" for number in range(5_000))
    (tmp_path / "many.csv").write_text(f"claim,by\n{lines}", encoding="utf-8")
    code, told, seconds = interrupted(environment, tmp_path, lambda: is_seen(registry, "query LIKE 'INSERT%'"), "import", "many.csv")
    assert (code, told.splitlines()[-1]) == (130, "Interrupted; nothing half-done was kept.")
    assert seconds < SECONDS
    with closing(open_store(registry, create=False)) as store:
        assert store.head() == (0, "")
    assert claimreg("add", "It is so", "--by", "Ann").code == 0


def test_who_waits_for_a_server_that_does_not_answer_is_let_go(environment: dict[str, str], tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as silent:
        silent.settimeout(30)
        asked = [False]

        def is_asked() -> bool:
            if not asked[0]:
                client, _address = silent.accept()
                clients.append(client)
                asked[0] = True
            return True

        clients: list[socket.socket] = []
        address = f"postgresql://ann@127.0.0.1:{silent.getsockname()[1]}/claims"
        code, told, seconds = interrupted({**environment, "CLAIMREG_DB": address}, tmp_path, is_asked, "list")
        for client in clients:
            client.close()
    assert (code, told) == (130, "Interrupted; nothing half-done was kept.\n")
    assert seconds < SECONDS


def test_a_server_that_does_not_answer_is_told_of_in_time(run: Command) -> None:
    with socket.create_server(("127.0.0.1", 0)) as silent:
        done = run("list", env={"CLAIMREG_DB": f"postgresql://ann@127.0.0.1:{silent.getsockname()[1]}/claims?connect_timeout=2"})
    assert done.code == 1
    assert "There is no connection to the registry" in done.stderr
    assert "timeout expired" in done.stderr


pytestmark = pytest.mark.skipif(os.name == "nt", reason="the tests' PostgreSQL server is started on POSIX systems only")
