"""A PostgreSQL server of the tests' own: Debian's or whichever is installed, in a temporary folder, started when first asked for.

Each process that runs tests has one; it takes half a second and some 60 MB. It ends with that process, however that one ends.
"""

from __future__ import annotations

import atexit
import os
import shutil
import signal
import socket
import subprocess
import tempfile
import time
from functools import cache
from itertools import count
from pathlib import Path
from typing import NamedTuple

import pytest

_SECONDS = 60
_ATTEMPTS = 3
_STOP_AT_THE_END = 'read -r line; "$0" -D "$1/data" -m immediate -w stop; rm -rf "$1"'
"""For a shell that waits until nobody holds the other end of its input, as nobody does once the process of the tests is gone."""
_PLACES = ("/usr/lib/postgresql/*/bin", "/usr/pgsql-*/bin", "/opt/homebrew/opt/postgresql*/bin", "/usr/local/opt/postgresql*/bin")
_names = count(1)


class Server(NamedTuple):
    """A running server: its programs' folder, its own folder, its port, and its process."""

    programs: Path
    folder: Path
    port: int
    process: subprocess.Popen[bytes]

    def address(self, schema: str, database: str = "postgres", user: str = "postgres") -> str:
        return f"postgresql://{user}@127.0.0.1:{self.port}/{database}?schema={schema}"


def programs() -> Path | None:
    """The folder of the server's programs, the newest version's where there are several."""
    if beside := shutil.which("initdb"):
        return Path(beside).resolve().parent
    found = sorted(one for place in _PLACES for one in Path("/").glob(place.lstrip("/")) if (one / "initdb").exists())
    return found[-1] if found else None


@cache
def server() -> Server:
    """The tests' server; a test that asks where there is none is skipped, and says so."""
    folder_of_programs = programs()
    if folder_of_programs is None:
        pytest.skip("no PostgreSQL server is installed on this machine")
    if os.name == "nt":
        pytest.skip("the tests' PostgreSQL server is started on POSIX systems only")
    if os.geteuid() == 0 and not _has_user("postgres"):
        pytest.skip("a PostgreSQL server does not run as root, and there is no user postgres on this machine")
    return started(folder_of_programs)


def started(folder_of_programs: Path, *options: str, fsync: bool = False) -> Server:
    """Start a server that ends with this process; ``options`` are settings, such as ``max_connections=20``."""
    folder = Path(tempfile.mkdtemp(prefix="claimreg-postgres-"))
    # A server refuses to run as root; Debian's package comes with a user for it.
    user = "postgres" if os.geteuid() == 0 else None
    if user is not None:
        shutil.chown(folder, user)
    subprocess.run(
        [folder_of_programs / "initdb", "-D", folder / "data", "-U", "postgres", "-A", "trust", "-E", "UTF8", "--locale=C", "-N"],
        user=user, check=True, capture_output=True, cwd="/",
    )  # fmt: skip
    settings = [f"unix_socket_directories={folder}", "listen_addresses=127.0.0.1", f"fsync={'on' if fsync else 'off'}", *options]
    atexit.register(watch_over(folder_of_programs, folder, user).communicate)
    for attempts_left in reversed(range(_ATTEMPTS)):
        made = _launched(folder_of_programs, folder, settings, user)
        try:
            wait_for(made)
        except RuntimeError:
            # Somebody else may have taken the port meanwhile.
            if not attempts_left or made.process.poll() is None:
                raise
        else:
            break
    atexit.register(_end, made.process)
    return made


def watch_over(folder_of_programs: Path, folder: Path, user: str | None) -> subprocess.Popen[bytes]:
    """Start a process that ends the server in a folder, and removes the folder, once its own input is closed or its starter is gone."""
    return subprocess.Popen(
        ["sh", "-c", _STOP_AT_THE_END, folder_of_programs / "pg_ctl", folder],
        user=user, cwd="/", stdin=subprocess.PIPE, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, start_new_session=True,
    )  # fmt: skip


def _launched(folder_of_programs: Path, folder: Path, settings: list[str], user: str | None) -> Server:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    arguments = [part for setting in (f"port={port}", *settings) for part in ("-c", setting)]
    with (folder / "log").open("wb") as log:
        # A session of its own: Ctrl-C at the terminal is for the tests, which may still need the server to end well.
        process = subprocess.Popen(
            [folder_of_programs / "postgres", "-D", folder / "data", *arguments],
            user=user, cwd="/", stdin=subprocess.DEVNULL, stdout=log, stderr=log, start_new_session=True,
        )  # fmt: skip
    return Server(folder_of_programs, folder, port, process)


def crash(one: Server) -> Server:
    """Have a server end at once, as when its machine crashes, and start it anew at its port."""
    one.process.send_signal(signal.SIGQUIT)
    one.process.wait(_SECONDS)
    user = "postgres" if os.geteuid() == 0 else None
    with (one.folder / "log").open("ab") as log:
        process = subprocess.Popen(
            one.process.args, user=user, cwd="/", stdin=subprocess.DEVNULL, stdout=log, stderr=log, start_new_session=True
        )
    atexit.register(_end, process)
    anew = one._replace(process=process)
    wait_for(anew)
    return anew


def wait_for(one: Server) -> None:
    """Wait until a server answers."""
    until = time.monotonic() + _SECONDS
    while subprocess.run([one.programs / "pg_isready", "-q", "-h", "127.0.0.1", "-p", str(one.port)], check=False).returncode:
        if time.monotonic() > until or one.process.poll() is not None:
            raise RuntimeError((one.folder / "log").read_text(errors="replace"))
        time.sleep(0.05)


def new_address() -> str:
    """The address of a registry that is not there yet, on the tests' server."""
    return server().address(f"t{next(_names)}")


def _has_user(name: str) -> bool:
    import pwd  # there is none on Windows

    return any(one.pw_name == name for one in pwd.getpwall())


def _end(process: subprocess.Popen[bytes]) -> None:
    if process.poll() is None:
        process.send_signal(signal.SIGINT)  # ends the sessions of whoever did not close them
    try:
        process.wait(10)
    except subprocess.TimeoutExpired:
        process.kill()
