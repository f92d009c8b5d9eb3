"""The command as people run it: in this process for speed, as a process of its own where that matters."""

import inspect
import json
import os
import subprocess
import sys
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from typing import Any, NamedTuple

import pytest
from stores import KEPT, LOCATIONS
from typer.testing import CliRunner

from claimreg.cli.app import app
from claimreg.store.factory import open_store

REPOSITORY = Path(__file__).parents[2]
NOTICE = """Ferry timetable, notice of the harbour office

The harbour office said on 3 March that "the night ferry will not run
before the pier is repaired". Captain Aida Serik answered: “The pier is
sound, and the office “knows it” well enough.”

At noon a clerk told passengers that the ticket hall stays shut. At dusk
another clerk told passengers that the ticket hall stays shut.
The council's spokesman said the ferry carried 140 people, not 90" and left.
"""


class Done(NamedTuple):
    """What a command left: its exit code and what it printed."""

    code: int
    stdout: str
    stderr: str

    @property
    def json(self) -> Any:  # noqa: ANN401 -- whatever the command printed
        return json.loads(self.stdout)

    @property
    def lines(self) -> list[str]:
        return self.stdout.splitlines()


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """Run what is marked `every_store` over each kind of store, but for tests that ask for ``registry``, as they look into the folder."""
    looks_inside = "registry" in inspect.signature(metafunc.function).parameters
    marked = metafunc.definition.get_closest_marker("every_store")
    if marked and "location" in metafunc.fixturenames and not looks_inside:
        metafunc.parametrize("location", KEPT, indirect=True)


Command = Callable[..., Done]


@pytest.fixture
def registry(tmp_path: Path) -> Path:
    """Where the commands under test keep their registry; not made yet."""
    return tmp_path / "registry"


@pytest.fixture
def location(request: pytest.FixtureRequest, registry: Path) -> str:
    """What CLAIMREG_DB says: the folder, or the address of a shared registry that is made, as only `init` makes one."""
    if getattr(request, "param", "embedded") == "embedded":
        return str(registry)
    address = LOCATIONS[request.param](registry)
    open_store(address, create=True).close()
    return address


@pytest.fixture
def environment(tmp_path: Path, location: str, tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """The environment of a process: a registry and a home of its own, nothing of the tester's taste in colours; one cache for all."""
    kept = {name: value for name, value in os.environ.items() if name not in ("NO_COLOR", "FORCE_COLOR", "COLUMNS", "TERM")}
    return {
        **kept,
        "CLAIMREG_DB": location,
        "CLAIMREG_USER": "tester",
        "HOME": str(tmp_path / "home"),
        "XDG_STATE_HOME": str(tmp_path / "state"),
        "XDG_CACHE_HOME": str(tmp_path_factory.getbasetemp() / "cache"),
        "PYTHONPATH": str(REPOSITORY),
        "PYTHONIOENCODING": "utf-8",
    }


@pytest.fixture
def run(tmp_path: Path, environment: dict[str, str]) -> Command:
    """The real command as a process; `stdin` is what is piped in, `env` is added to the environment."""

    def start(*arguments: str | Path, stdin: str | bytes | None = None, env: dict[str, str] | None = None) -> Done:
        done = subprocess.run(
            [sys.executable, "-m", "claimreg", *map(str, arguments)],
            cwd=tmp_path,
            env={**environment, **(env or {})},
            input=stdin.encode() if isinstance(stdin, str) else stdin or b"",
            capture_output=True,
            check=False,
            timeout=60,
        )
        encoding = (env or {}).get("PYTHONIOENCODING", "utf-8")
        return Done(done.returncode, done.stdout.decode(encoding), done.stderr.decode(encoding))

    return start


@pytest.fixture
def claimreg(tmp_path: Path, location: str, monkeypatch: pytest.MonkeyPatch) -> Command:
    """The command in this process, nobody at its terminal; `stdin` is what is piped in."""
    monkeypatch.chdir(tmp_path)
    runner = CliRunner(
        env={
            "CLAIMREG_DB": location,
            "CLAIMREG_USER": "tester",
            "XDG_STATE_HOME": str(tmp_path / "state"),
            "NO_COLOR": None,
            "FORCE_COLOR": None,
            "COLUMNS": None,
        }
    )

    def call(*arguments: str | Path, stdin: str | bytes | None = None, env: dict[str, str] | None = None) -> Done:
        result = runner.invoke(app, [str(one) for one in arguments], input=stdin, env=env, prog_name="claimreg")
        return Done(result.exit_code, result.stdout_bytes.decode("utf-8"), result.stderr_bytes.decode("utf-8"))

    return call


@pytest.fixture
def notice(tmp_path: Path) -> Path:
    """A small source in our own words: a quote over a line break, nested marks, a missing opening mark, a sentence said twice."""
    path = tmp_path / "notice.txt"
    path.write_text(NOTICE, encoding="utf-8")
    return path


@pytest.fixture
def ferry(claimreg: Command, notice: Path) -> Command:
    """The command on a registry with one claim: C1, A1, P1, S1, K1, L1."""
    done = claimreg(
        "add", "The night ferry is cancelled", "--by", "Harbour office", "--quote", "the night ferry will not run", "--lang", "en",
        "--source", notice, "--said", "2021-03-03", "--case", "Ferry",
    )  # fmt: skip
    assert (done.code, done.stderr) == (0, "")
    return claimreg


@pytest.fixture
def kept(registry: Path, location: str, claimreg: Command) -> Callable[[], object]:
    """Everything a registry keeps, to be compared before and after: its history and the names of the captured bytes.

    ``None`` where there is none yet; a shared one is always there, and ``None`` says that nothing was recorded in it.
    """

    def state() -> object:
        if location != str(registry):
            with closing(open_store(location, create=False)) as store:
                captures = sorted(one.sha256 for one in store.check_blobs())
                return (captures, claimreg("history", "--json").stdout) if captures or store.head()[0] else None
        if not registry.exists():
            return None
        captures = sorted(str(path.relative_to(registry)) for path in (registry / "captures").rglob("*") if path.is_file())
        return captures, claimreg("history", "--json").stdout

    return state
