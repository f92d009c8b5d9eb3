"""A shared registry behind pgbouncer, which gives the transactions of many clients a few connections in turn."""

import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path

import pytest
from every_command import ARGUMENTS, SILENT, commands, make_desk
from postgres_server import new_address, server

from .conftest import Command, Done

CLIENTS, CONNECTIONS = 8, 4
ALL = bool(os.environ.get("CLAIMREG_ALL"))

_WITH_THE_TESTS = '"$0" -q "$1" & read -r line; kill $!; wait'
"""For a shell that ends the pool once nobody holds the other end of its input, also where the tests were killed."""


@contextmanager
def pool(folder: Path, connections: int) -> Iterator[int]:
    """A pgbouncer before the tests' server, in the mode in which each transaction may run on another connection; gives its port."""
    program = shutil.which("pgbouncer") or shutil.which("pgbouncer", path="/usr/sbin:/usr/local/sbin")
    if program is None:
        pytest.skip("pgbouncer is not installed on this machine")
    one = server()
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    settings = one.folder / f"pgbouncer-{port}.ini"
    settings.write_text(
        f"[databases]\npostgres = host=127.0.0.1 port={one.port} dbname=postgres user=postgres\n[pgbouncer]\npool_mode = transaction\n"
        f"default_pool_size = {connections}\nlisten_addr = 127.0.0.1\nlisten_port = {port}\nauth_type = any\nunix_socket_dir =\n"
        "query_wait_timeout = 20\n",
        encoding="utf-8",
    )
    user = "postgres" if os.geteuid() == 0 else None
    log = folder / "pgbouncer.log"
    with log.open("wb") as output:
        process = subprocess.Popen(
            ["sh", "-c", _WITH_THE_TESTS, program, settings], user=user, cwd="/", stdin=subprocess.PIPE, stdout=output, stderr=output,
            start_new_session=True,
        )  # fmt: skip
    try:
        _wait_for(port, process, log)
        yield port
    finally:
        process.communicate(timeout=20)


def _wait_for(port: int, process: subprocess.Popen[bytes], log: Path) -> None:
    until = time.monotonic() + 20
    while True:
        try:
            socket.create_connection(("127.0.0.1", port)).close()
        except OSError:
            assert process.poll() is None, log.read_text("utf-8")
            assert time.monotonic() < until
            time.sleep(0.05)
        else:
            return


@pytest.fixture(params=[CONNECTIONS])
def registry(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    with pool(tmp_path, request.param) as port:
        yield new_address().replace(f":{server().port}/", f":{port}/")


WORK = ("add", "link", "search", "show", "report", "source search", "verify")
"""What each client does in CI; with CLAIMREG_ALL=1 it is every command there is."""


@pytest.mark.timeout(1800 if ALL else 300)
def test_all_commands_work_for_more_clients_than_connections(run: Command, tmp_path: Path) -> None:
    assert run("init").code == 0
    make_desk(run, tmp_path)
    usual = {name: run(*name.split(), *ARGUMENTS.get(name, ())).code for name in _work()}
    started_at = time.monotonic()
    with ThreadPoolExecutor(CLIENTS) as pool:
        clients = list(pool.map(lambda number: _day_of(number, run, tmp_path), range(CLIENTS)))
    told = [(name, done) for client in clients for name, done in client]
    sys.stdout.write(f"{len(told)} commands by {CLIENTS} clients on {CONNECTIONS} connections in {time.monotonic() - started_at:.0f} s\n")
    other_ends = [f"{name}: {done.code}, {done.stderr}" for name, done in told if done.code != usual[name]]
    assert [one for one in other_ends if not one.startswith(CHANGING)] == []
    assert [
        done.stderr for _name, done in told if re.search("was lost|cannot be read|could not go on|no connection|bug", done.stderr)
    ] == []
    verified = run("verify")
    assert (verified.code, verified.stderr) == (0, "")


CHANGING = ("rm", "relate", "source rm", "merge", "party merge", "party split", "party alias", "case rename", "tag rename", "undo", "edit")
"""Commands that end as others have left the records: with a record merged or taken out already, they say so."""


def _work() -> list[str]:
    return _names() if ALL else list(WORK)


def _names() -> list[str]:
    """All commands but those whose files would be in each other's way."""
    return [name for name in commands() if name not in (*SILENT, "init", "restore", "backup", "copy", "source get", "config set")]


def _day_of(number: int, run: Command, folder: Path) -> list[tuple[str, Done]]:
    """All the work, each client beginning at another point of it, with a cache of its own."""
    names = _work()
    first = number * len(names) // CLIENTS
    own = {"XDG_CACHE_HOME": str(folder / f"cache{number}"), "CLAIMREG_USER": f"client{number}"}
    return [(name, run(*name.split(), *ARGUMENTS.get(name, ()), env=own)) for name in (*names[first:], *names[:first])]


@pytest.mark.parametrize("registry", [1], indirect=True, ids=["one connection"])
def test_no_command_needs_two_connections_at_once(claimreg: Command, tmp_path: Path) -> None:
    assert claimreg("init").code == 0
    make_desk(claimreg, tmp_path)
    for name in _names():
        done = claimreg(*name.split(), *ARGUMENTS.get(name, ()))
        assert "query_wait_timeout" not in done.stderr, name
        assert "was lost" not in done.stderr, name


def test_what_others_record_is_told_of_behind_a_pool(claimreg: Command, environment: dict[str, str], tmp_path: Path) -> None:
    assert claimreg("init").code == 0
    assert claimreg("add", "The ferry left", "--by", "Clerk").code == 0
    # The server's own notices go to whoever has the connection by then.
    assert "through a pool of connections" in claimreg("doctor").stdout
    target = tmp_path / "report.md"
    command = [sys.executable, "-m", "claimreg", "report", "--format", "md", "-o", str(target), "--watch"]
    with subprocess.Popen(command, env=environment, cwd=tmp_path, stderr=subprocess.PIPE, text=True, encoding="utf-8") as watching:
        try:
            assert watching.stderr is not None
            assert "Wrote" in watching.stderr.readline()
            assert "Watching" in watching.stderr.readline()
            assert claimreg("verdict", "C1", "Misleading").code == 0
            assert "Wrote" in watching.stderr.readline()
            assert "Misleading" in target.read_text("utf-8")
        finally:
            watching.send_signal(signal.SIGINT)
        assert watching.wait(20) == 130
