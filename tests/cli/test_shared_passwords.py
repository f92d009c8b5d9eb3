"""A password in a shared registry's address is told of once, and is in nothing that any command prints, logs or keeps."""

from pathlib import Path

import pytest
from every_command import ARGUMENTS, SILENT, commands, make_desk
from postgres_server import new_address

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


def call(claimreg: Command, command: str, *first: str) -> Done:
    return claimreg(*first, *command.split(), *ARGUMENTS.get(command, ()))


def everything_kept(*folders: Path) -> str:
    """The names and the contents of all files."""
    paths = [path for folder in folders for path in folder.rglob("*")]
    return "\n".join(f"{path} {path.read_bytes().decode('utf-8', 'replace') if path.is_file() else ''}" for path in paths)


@pytest.fixture
def made(claimreg: Command, tmp_path: Path) -> Done:
    """What `init` said, on a registry with a claim and a source by now."""
    done = claimreg("init")
    make_desk(claimreg, tmp_path)
    assert done.code == 0
    return done


def test_no_command_shows_the_password(claimreg: Command, made: Done, tmp_path: Path) -> None:
    shown = {"init": made}
    shown |= {name: call(claimreg, name, "--verbose") for name in commands() if name not in SILENT}
    assert {name for name, done in shown.items() if SECRET in done.stdout + done.stderr} == set()
    assert SECRET not in everything_kept(tmp_path)
    # Most have worked: it is not for want of a connection.
    assert sum(done.code == 0 for done in shown.values()) > 0.6 * len(shown)
    assert {name for name, done in shown.items() if done.code == 70} == set()


@pytest.mark.usefixtures("made")
def test_the_password_is_told_of_once_a_command(claimreg: Command) -> None:
    for words in (("list",), ("show", "C1"), ("search", "ferry"), ("add", "The pier is sound", "--by", "Clerk"), ("config", "show")):
        done = claimreg(*words)
        assert done.code == 0
        assert done.stderr.count(ADVICE) == 1
        assert ADVICE not in done.stdout


@pytest.mark.usefixtures("made")
def test_the_quick_answers_tell_of_the_password_too(run: Command, registry: str) -> None:
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
def test_no_failure_shows_the_password(claimreg: Command, tmp_path: Path, kind: str, registry: str) -> None:
    address = BAD[kind] or registry
    names = [name for name in commands() if name not in SILENT and (name != "init" or kind != "none there")]
    for name in names:
        for first in (("--db", address), ("--debug", "--db", address)):
            done = call(claimreg, name, *first)
            assert SECRET not in done.stdout + done.stderr, name
            assert done.code != 70, (name, done.stderr)
    assert SECRET not in everything_kept(tmp_path)


@pytest.mark.usefixtures("made")
def test_no_bug_shows_the_password(claimreg: Command, registry: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_arguments: object, **_options: object) -> None:
        raise RuntimeError(f"cannot go on with {registry} or 'postgres://a:{SECRET}@b' password={SECRET}")

    monkeypatch.setattr(PostgresStore, "find", fail)
    monkeypatch.setattr(PostgresStore, "snapshot", fail)
    for words in (("list",), ("--debug", "list")):
        done = claimreg(*words)
        assert done.code == 70
        assert SECRET not in done.stdout + done.stderr
    (log,) = tmp_path.rglob("*.log")
    assert SECRET not in log.read_text("utf-8")
    assert "cannot go on with postgresql://postgres@127.0.0.1" in log.read_text("utf-8")


@pytest.mark.usefixtures("made")
def test_a_misplaced_address_is_not_repeated(claimreg: Command, registry: str) -> None:
    for words in (("show", registry), ("list", registry), ("lst", registry), ("--db", registry, "list", "--limit", registry)):
        done = claimreg(*words)
        assert done.code in (2, 4)
        assert SECRET not in done.stdout + done.stderr


def test_the_settings_take_no_password(claimreg: Command, registry: str, home: Path) -> None:
    done = claimreg("config", "set", "registry", registry)
    assert (done.code, done.stdout) == (2, "")
    assert "A password is not kept among the settings; put it into ~/.pgpass" in done.stderr
    assert SECRET not in done.stderr
    assert not (home / "claimreg.toml").exists()
    without = registry.replace(f":{SECRET}", "")
    done = claimreg("config", "set", "registry", without, env={"CLAIMREG_DB": ""})
    assert (done.code, done.stderr) == (0, "")
    assert claimreg("config", "get", "registry", env={"CLAIMREG_DB": ""}).stdout == f"{without}\n"


@pytest.mark.parametrize("form", [(), ("--json",)], ids=["listed", "as JSON"])
def test_a_password_in_a_file_of_settings_is_used_and_not_shown(
    claimreg: Command, registry: str, home: Path, form: tuple[str, ...]
) -> None:
    (home / "claimreg.toml").write_text(f'registry = "{registry}"\n', encoding="utf-8")
    env = {"CLAIMREG_DB": ""}
    assert claimreg("init", env=env).code == 0
    done = claimreg("config", "show", *form, env=env)
    assert done.code == 0
    assert SECRET not in done.stdout + done.stderr
    assert registry.replace(f":{SECRET}", "") in done.stdout.replace("\n", "")
    assert done.stderr.count(ADVICE) == 1
    assert SECRET not in claimreg("config", "get", "registry", env=env).stdout


@pytest.mark.usefixtures("made")
def test_a_copy_shows_the_password_of_neither_place(claimreg: Command, registry: str, tmp_path: Path) -> None:
    other = registry.replace("schema=", "schema=copy_of_")
    for source, target in ((registry, other), (other, tmp_path / "copied"), (registry, tmp_path / "backup" / "."), (other, registry)):
        done = claimreg("copy", source, target)
        assert done.code in (0, 1)
        assert SECRET not in done.stdout + done.stderr
        assert done.stderr.count(ADVICE) == 1
    assert SECRET not in everything_kept(tmp_path)
