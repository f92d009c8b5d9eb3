"""A PostgreSQL server as an administrator finds it after installing Debian's package, with `sudo` and `systemctl` that are meant for it."""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import tempfile
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

import pytest
from postgres_server import programs, watch_over

if TYPE_CHECKING:
    from collections.abc import Iterator

_HBA = """
local all postgres {local}
local all all peer
"""
"""Who may connect before the page adds to it; Debian's own has lines for this machine, too, which would hide that the page's are needed."""

_SUDO = """#!/bin/sh
# `sudo -u NAME COMMAND…` and `sudo COMMAND…`, for the server of a test.
[ "$1" != -u ] || {{ as="{runs_as}"; shift 2; }}
unset PGHOSTADDR PGSSLMODE
export PGHOST={folder} PGPORT={port} PATH={programs}:"$PATH"
case "$*" in
  *--pwprompt*) for name; do :; done; printf '%s\\n%s\\n' "{answer} $name" "{answer} $name" | $as "$@" 2> {folder}/asked ;;
  *) exec $as "$@" ;;
esac
"""

_SYSTEMCTL = """#!/bin/sh
# `systemctl restart postgresql` and `systemctl reload postgresql`, for the server of a test.
[ "$2" = postgresql ] || exit 1
exec {runs_as} {programs}/pg_ctl "$1" -s -w -m fast -D {folder}/data -l {folder}/log < /dev/null > /dev/null
"""

PAGES = ("howto/team.md", "explain/team.md")
"""The pages whose commands need such a server."""

ANSWER = "typed for"
"""What `createuser --pwprompt NAME` is answered with, followed by the name."""


class Desk(NamedTuple):
    """A running server: its folder, the system's user that it runs as (none: the tests' own), and the environment of who administers it."""

    folder: Path
    user: str | None
    environment: dict[str, str]


@contextmanager
def desk_server(administrator: dict[str, str]) -> Iterator[Desk]:
    """Start a server in a folder of its own; both end with the context. ``administrator`` is more of the environment."""
    home = _programs()
    # Pytest's own folders are closed to the server's user, and their names are too long for a socket.
    desk = Desk(Path(tempfile.mkdtemp(prefix="claimreg-desk-")), "postgres" if os.geteuid() == 0 else None, administrator)
    if desk.user:
        shutil.chown(desk.folder, desk.user)
    watch = watch_over(home, desk.folder, desk.user)
    try:
        _start(home, desk)
        yield desk
    finally:
        watch.communicate()


def _start(home: Path, desk: Desk) -> None:
    """Make the server and start it, and put `sudo` and `systemctl` into the administrator's path."""
    port = free_port()
    data = desk.folder / "data"
    _run([home / "initdb", "-D", data, "-U", "postgres", "-A", "peer", "-E", "UTF8", "--locale=C", "-N"], desk.user)
    (data / "pg_hba.conf").write_text(_HBA.format(local="peer" if desk.user else "trust"))
    options = f"-c port={port} -c listen_addresses=127.0.0.1 -c unix_socket_directories={desk.folder} -c fsync=off"
    _run([home / "pg_ctl", "start", "-s", "-w", "-D", data, "-l", desk.folder / "log", "-o", options], desk.user)
    runs_as = f"runuser -u {desk.user} --" if desk.user else ""
    words = {"folder": desk.folder, "port": port, "programs": home, "runs_as": runs_as, "answer": ANSWER}
    of_administrator = desk.folder / "administrator"
    of_administrator.mkdir()
    if desk.user:
        shutil.chown(of_administrator, desk.user)  # so that it can be removed with the rest
    for name, text in {"sudo": _SUDO, "systemctl": _SYSTEMCTL}.items():
        (of_administrator / name).write_text(text.format(**words))
        (of_administrator / name).chmod(0o755)
    desk.environment["PATH"] = os.pathsep.join([str(of_administrator), str(home), os.environ["PATH"]])
    desk.environment["PGHOSTADDR"] = "127.0.0.1"  # the page's name of the server is nobody's; it is this machine here
    desk.environment["PGPORT"] = str(port)
    desk.environment["PGSSLMODE"] = "verify-full"  # which claimreg asks for by itself where the server is on another machine


def _programs() -> Path:
    found = programs()
    if found is None or os.name == "nt":
        pytest.skip("no PostgreSQL server is installed on this machine")
    if shutil.which("openssl") is None:
        pytest.skip("openssl, which makes the server's certificate, is not on this machine")
    return found


def free_port() -> int:
    """A port of this machine that nothing listens at."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return int(free.getsockname()[1])


def _run(command: list[str | Path], user: str | None) -> None:
    quiet = subprocess.DEVNULL
    done = subprocess.run(command, user=user, check=False, cwd="/", stdin=quiet, stdout=quiet, stderr=subprocess.PIPE)
    assert done.returncode == 0, done.stderr.decode()
