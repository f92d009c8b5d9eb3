"""The administrator's pages are true: from an empty server to a registry in use, each command prints what the page shows."""

import os
import re
import shutil
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from desk import ANSWER, PAGES, Desk, desk_server, free_port
from walk import Step, printed_by, steps_of

DOCS = Path(__file__).parents[2] / "docs"
TEAM = (DOCS / "howto" / "team.md").read_text(encoding="utf-8")


def block(begin: str) -> str:
    """The block of the page that begins with these words."""
    (found,) = re.findall(rf"```ini\n({re.escape(begin)}\n.*?)```", TEAM, re.DOTALL)
    return str(found)


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Desk]:
    """An empty server, and the files that the page's people have each on their own machine, in one home."""
    pytest.importorskip("psycopg", reason="a shared registry needs the extra team")
    home = tmp_path_factory.mktemp("home")
    (line,) = re.findall(r"^db\.desk\.example:.*:ann:PASSWORD$", TEAM, re.MULTILINE)
    people = re.findall(r"createuser .*--pwprompt (\w+)$", TEAM, re.MULTILINE)
    (home / ".pgpass").write_text("".join(line.replace("ann", name).replace("PASSWORD", f"{ANSWER} {name}") + "\n" for name in people))
    (home / ".pg_service.conf").write_text(block("[desk]"))
    with desk_server({"HOME": str(home), "CLAIMREG_CONFIG": str(home / "claimreg.toml")}) as found:
        yield found


@pytest.fixture(scope="module")
def walk(server: Desk, tmp_path_factory: pytest.TempPathFactory, repository: Path) -> Path:
    """The folder in which the administrator's page was gone through; what it printed is in its file."""
    folder = tmp_path_factory.mktemp("walk")
    (folder / "printed").write_text(told(printed_by(steps_of(TEAM), folder, repository, server.environment)), encoding="utf-8")
    return folder


def test_the_commands_print_what_the_administrators_page_shows(walk: Path) -> None:
    steps = steps_of(TEAM)
    assert len(steps) > 40
    assert (walk / "printed").read_text(encoding="utf-8") == told(steps)


def test_the_commands_print_what_the_page_behind_it_shows(server: Desk, tmp_path: Path, repository: Path) -> None:
    (page,) = (DOCS / name for name in PAGES if name.startswith("explain"))
    steps = steps_of(page.read_text(encoding="utf-8"))
    assert told(printed_by(steps, tmp_path, repository, server.environment)) == told(steps)


def test_commands_go_through_the_pool_that_the_page_sets_up(server: Desk, walk: Path, tmp_path: Path, repository: Path) -> None:
    with pool(server, walk) as port:
        address = f"postgresql://ann@db.desk.example:{port}/claims"
        steps = [
            (f"export CLAIMREG_DB={address} CLAIMREG_USER=ann", ""),
            ("claimreg list | cut -f 1,2", "C1\tIlyashev committed no crime\n"),
            ("claimreg add 'The bridge was closed' --by Council > added", ""),
            ("claimreg history --format csv | tail -n 1 | cut -d , -f 3,5", "ann,A3\n"),
        ]
        assert told(printed_by(steps, tmp_path, repository, server.environment)) == told(steps)


@pytest.mark.parametrize(
    ("variables", "address", "said"),
    [
        ({"PGSSLROOTCERT": "other.crt"}, "ann@db.desk.example/claims", "does not prove who it is"),
        ({}, "ann@127.0.0.1/claims", 'certificate for "db.desk.example" .* does not match host name "127.0.0.1"'),
        ({"PGPASSFILE": "none"}, "ann@db.desk.example/claims", "asks for a password; put it into ~/.pgpass"),
        ({}, "ann@db.desk.example/postgres", "does not let you in .*no pg_hba.conf entry"),
        ({}, "eve@db.desk.example/claims", "does not let you in .*not permitted to log in"),
        ({}, "ann@db.desk.example:1/claims", "There is no connection"),
    ],
)
def test_what_is_missing_at_a_desk_is_told(
    variables: dict[str, str], address: str, said: str, server: Desk, walk: Path, repository: Path
) -> None:
    if not (walk / "other.crt").exists():
        new = [
            "openssl",
            "req",
            "-x509",
            "-newkey",
            "rsa:2048",
            "-noenc",
            "-subj",
            "/CN=Another",
            "-keyout",
            "other.key",
            "-out",
            "other.crt",
        ]
        subprocess.run(new, cwd=walk, check=True, capture_output=True)
    done = subprocess.run(
        [sys.executable, "-m", "claimreg", "--db", f"postgresql://{address}", "list"],
        cwd=walk,
        env={**os.environ, **server.environment, "PYTHONPATH": str(repository), **variables},
        capture_output=True,
        text=True,
        check=False,
    )
    assert (done.returncode, done.stdout) == (1, "")
    assert re.search(said, done.stderr)
    assert done.stderr.count("\n") == 1


@contextmanager
def pool(server: Desk, walk: Path) -> Iterator[int]:
    """Start pgbouncer by the page's own settings, but for places and ports that are the test's; the result is its port."""
    program = shutil.which("pgbouncer", path=f"{os.environ['PATH']}:/usr/sbin")
    if program is None:
        pytest.skip("pgbouncer is not on this machine")
    folder = server.folder / "pool"
    folder.mkdir()
    for name in ("userlist.txt", "server.crt"):
        shutil.copy(walk / name, folder)
    shutil.copy(server.folder / "data" / "server.key", folder)
    port = free_port()
    settings = block("[databases]").replace("/etc/pgbouncer", str(folder)).replace("listen_addr = *", "listen_addr = 127.0.0.1")
    settings = settings.replace("6432", str(port)).replace("5432", server.environment["PGPORT"])
    (folder / "pgbouncer.ini").write_text(settings + "unix_socket_dir =\n")
    if server.user:
        for one in (folder, *folder.iterdir()):
            shutil.chown(one, server.user)
    process = subprocess.Popen([program, "-q", folder / "pgbouncer.ini"], user=server.user, cwd="/")
    try:
        wait_for(port)
        yield port
    finally:
        process.terminate()
        process.wait(10)


def wait_for(port: int) -> None:
    """Wait until something listens at a port of this machine."""
    for _ in range(200):
        with socket.socket() as asking:
            if asking.connect_ex(("127.0.0.1", port)) == 0:
                return
        time.sleep(0.05)
    raise TimeoutError(port)


def told(steps: list[Step]) -> str:
    """Steps as a page shows them, so that a difference is read line by line."""
    return "".join(f"$ {command}\n{output}" for command, output in steps)
