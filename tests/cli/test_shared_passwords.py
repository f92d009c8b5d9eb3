"""A password in a shared registry's address is told of once, and is in nothing that any command prints, logs or keeps."""

from pathlib import Path
from typing import Any

import pytest
import typer
from postgres_server import new_address

from claimreg.cli.app import app
from claimreg.store.postgres.store import PostgresStore

from .conftest import Command, Done

SECRET = "Sesam7Sesam"  # noqa: S105 -- nobody's
ADVICE = "The registry's address holds a password"


@pytest.fixture
def registry() -> str:
    return new_address().replace("postgres@", f"postgres:{SECRET}@")


@pytest.fixture(autouse=True)
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A home of the test's own, with all that a command might keep in it."""
    folder = tmp_path / "home"
    folder.mkdir()
    for name in ("HOME", "XDG_CONFIG_HOME", "XDG_CACHE_HOME", "XDG_STATE_HOME", "XDG_DATA_HOME"):
        monkeypatch.setenv(name, str(folder))
    monkeypatch.setenv("CLAIMREG_STATE", str(folder / "state"))
    monkeypatch.setenv("CLAIMREG_CONFIG", str(folder / "claimreg.toml"))
    return folder


ARGUMENTS: dict[str, tuple[str, ...]] = {
    "add": ("The ferry is late", "--by", "Captain"),
    "attribute": ("C1", "--by", "Clerk"),
    "relate": ("C1", "contradicts", "C2"),
    "verdict": ("C1", "False"),
    "edit": ("C1", "--title", "Ferry"),
    "merge": ("C1", "C2"),
    "rm": ("C2", "--yes"),
    "undo": ("--yes",),
    "show": ("C1",),
    "search": ("ferry",),
    "match": ("statements.txt",),
    "history": ("C1",),
    "link": ("--all",),
    "check": ("the ferry is late", "--in", "notice.txt"),
    "proof": ("draft.md", "--in", "registry"),
    "extract": ("S1",),
    "scan": ("--quotes", "registry", "--docs", "notice.txt", "-o", "links.jsonl"),
    "source add": ("notice.txt",),
    "source show": ("S1",),
    "source search": ("night",),
    "source get": ("S1",),
    "source open": ("S1",),
    "source recapture": ("S1",),
    "source rm": ("S9", "--yes"),
    "party show": ("Captain",),
    "party alias": ("Captain", "Cap"),
    "party merge": ("P1", "P2"),
    "party split": ("P1",),
    "case rename": ("Ferry", "Boat"),
    "tag rename": ("a", "b"),
    "import": ("claims.csv",),
    "export": ("--to", "csv"),
    "config get": ("registry",),
    "config set": ("report.lang", "ru"),
    "config scales": ("politifact",),
    "stamp": ("--export", "stamp.tsq"),
    "copy": ("copied-from", "copied-to"),
    "backup": ("backup",),
    "restore": ("backup", "--yes"),
    "completion": ("bash",),
}
"""What each command is called with; one that is not here has nothing, and that may be refused, too."""


SILENT = ("config edit", "demo")
"""An editor, and a long show on a registry of its own."""


def commands() -> list[str]:
    def walk(group: Any, words: tuple[str, ...]) -> list[str]:  # noqa: ANN401 -- Typer's groups are not public
        found = []
        for name, command in group.commands.items():
            found += walk(command, (*words, name)) if hasattr(command, "commands") else [" ".join((*words, name))]
        return found

    return walk(typer.main.get_command(app), ())


def call(claimreg: Command, command: str, *first: str) -> Done:
    return claimreg(*first, *command.split(), *ARGUMENTS.get(command, ()))


def everything_kept(*folders: Path) -> str:
    """The names and the contents of all files."""
    paths = [path for folder in folders for path in folder.rglob("*")]
    return "\n".join(f"{path} {path.read_bytes().decode('utf-8', 'replace') if path.is_file() else ''}" for path in paths)


@pytest.fixture
def desk(claimreg: Command, tmp_path: Path, notice: Path) -> Command:
    """The command on a registry with a claim and a source, and files for all commands."""
    assert notice.name == "notice.txt"
    (tmp_path / "statements.txt").write_text("The ferry is late\n", encoding="utf-8")
    (tmp_path / "draft.md").write_text("He said “the night ferry will not run”.\n", encoding="utf-8")
    (tmp_path / "claims.csv").write_text("claim,by\nThe pier is sound,Captain\n", encoding="utf-8")
    return claimreg


def made(desk: Command) -> Done:
    done = desk("init")
    assert done.code == 0
    added = desk("add", "The night ferry is cancelled", "--by", "Harbour office", "--quote", "the night ferry will not run",
                 "--lang", "en", "--source", "notice.txt", "--case", "Ferry")  # fmt: skip
    assert added.code == 0
    return done


def test_no_command_shows_the_password(desk: Command, tmp_path: Path) -> None:
    shown = {"init": made(desk)}
    shown |= {name: call(desk, name, "--verbose") for name in commands() if name not in SILENT}
    assert {name for name, done in shown.items() if SECRET in done.stdout + done.stderr} == set()
    assert SECRET not in everything_kept(tmp_path)
    # Most have worked: it is not for want of a connection.
    assert sum(done.code == 0 for done in shown.values()) > 0.6 * len(shown)
    assert {name for name, done in shown.items() if done.code == 70} == set()


def test_the_password_is_told_of_once_a_command(desk: Command) -> None:
    made(desk)
    for words in (("list",), ("show", "C1"), ("search", "ferry"), ("add", "The pier is sound", "--by", "Clerk"), ("config", "show")):
        done = desk(*words)
        assert done.code == 0
        assert done.stderr.count(ADVICE) == 1
        assert ADVICE not in done.stdout


def test_the_quick_answers_tell_of_the_password_too(desk: Command, run: Command, registry: str) -> None:
    made(desk)
    for words in (("show", "C1"), ("search", "ferry", "--json"), ("show", "C1", "--db", registry)):
        done = run(*words)
        assert done.code == 0
        assert done.stderr.count(ADVICE) == 1
        assert SECRET not in done.stdout + done.stderr


BAD: dict[str, str] = {
    "away": f"postgresql://postgres:{SECRET}@127.0.0.1:1/postgres",
    "unreadable": f"postgresql://postgres:{SECRET}@{SECRET}@127.0.0.1:1/postgres",
    "with a slash": f"postgresql://postgres:{SECRET}/{SECRET}@127.0.0.1:1/postgres",
    "with one slash": f"postgresql:/postgres:{SECRET}@127.0.0.1:1/postgres",
    "no such host": f"postgresql://postgres:{SECRET}@no-such-host.invalid/postgres",
    "no such parameter": f"postgresql://127.0.0.1:1/postgres?{SECRET}=1&password={SECRET}",
    "no such service": f"postgresql://?service=none&password={SECRET}",
    "of another kind": f"mysql://postgres:{SECRET}@127.0.0.1/postgres",
    "none there": "",
}


@pytest.mark.parametrize("kind", BAD)
def test_no_failure_shows_the_password(desk: Command, tmp_path: Path, kind: str, registry: str) -> None:
    address = BAD[kind] or registry
    names = [name for name in commands() if name not in SILENT and (name != "init" or kind != "none there")]
    for name in names:
        for first in (("--db", address), ("--debug", "--db", address)):
            done = call(desk, name, *first)
            assert SECRET not in done.stdout + done.stderr, name
            assert done.code != 70, (name, done.stderr)
    assert SECRET not in everything_kept(tmp_path)


def test_no_bug_shows_the_password(desk: Command, registry: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    made(desk)

    def fail(*_arguments: object, **_options: object) -> None:
        raise RuntimeError(f"cannot go on with {registry} or 'postgres://a:{SECRET}@b' password={SECRET}")

    monkeypatch.setattr(PostgresStore, "find", fail)
    monkeypatch.setattr(PostgresStore, "snapshot", fail)
    for words in (("list",), ("--debug", "list")):
        done = desk(*words)
        assert done.code == 70
        assert SECRET not in done.stdout + done.stderr
    (log,) = tmp_path.rglob("*.log")
    assert SECRET not in log.read_text("utf-8")
    assert "cannot go on with postgresql://postgres@127.0.0.1" in log.read_text("utf-8")


def test_a_misplaced_address_is_not_repeated(desk: Command, registry: str) -> None:
    for words in (("show", registry), ("list", registry), ("lst", registry), ("--db", registry, "list", "--limit", registry)):
        done = desk(*words)
        assert done.code in (2, 4)
        assert SECRET not in done.stdout + done.stderr


def test_the_settings_take_no_password(desk: Command, registry: str, home: Path) -> None:
    done = desk("config", "set", "registry", registry)
    assert (done.code, done.stdout) == (2, "")
    assert "A password is not kept among the settings; put it into ~/.pgpass" in done.stderr
    assert SECRET not in done.stderr
    assert not (home / "claimreg.toml").exists()
    without = registry.replace(f":{SECRET}", "")
    done = desk("config", "set", "registry", without, env={"CLAIMREG_DB": ""})
    assert (done.code, done.stderr) == (0, "")
    assert desk("config", "get", "registry", env={"CLAIMREG_DB": ""}).stdout == f"{without}\n"


@pytest.mark.parametrize("form", [(), ("--json",)], ids=["listed", "as JSON"])
def test_a_password_in_a_file_of_settings_is_used_and_not_shown(desk: Command, registry: str, home: Path, form: tuple[str, ...]) -> None:
    (home / "claimreg.toml").write_text(f'registry = "{registry}"\n', encoding="utf-8")
    env = {"CLAIMREG_DB": ""}
    assert desk("init", env=env).code == 0
    done = desk("config", "show", *form, env=env)
    assert done.code == 0
    assert SECRET not in done.stdout + done.stderr
    assert registry.replace(f":{SECRET}", "") in done.stdout.replace("\n", "")
    assert done.stderr.count(ADVICE) == 1
    assert SECRET not in desk("config", "get", "registry", env=env).stdout
