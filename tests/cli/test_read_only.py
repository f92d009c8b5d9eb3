"""Reading changes no byte of a registry or a backup, also where nobody could: on a write-protected medium, or as another user."""

import hashlib
import os
import shutil
import signal
import stat
import subprocess
import sys
import tempfile
import zipfile
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from .conftest import Command, Done

READING: tuple[tuple[str, ...], ...] = (
    ("list", "--json"),
    ("show", "C1", "--json"),
    ("show", "C1"),
    ("search", "ferry", "--json"),
    ("match", "lines.jsonl"),
    ("check", "the night ferry will not run", "--json"),
    ("verify", "--json"),
    ("report", "--format", "json"),
    ("timeline",),
    ("history", "--json"),
    ("source", "list", "--json"),
    ("source", "show", "S1", "--json"),
    ("party", "list", "--json"),
)
"""What every registry below answers alike; of stats and doctor, which tell of files, only the exit code."""

NOBODY = 65534
TOLD = "told in the write-ahead log alone"

KILLED_WRITER = """
import os, sys
from pathlib import Path
from claimreg.model import Change, Claim
from claimreg.store.embedded import EmbeddedStore
store = EmbeddedStore(Path(sys.argv[1]))
change = Change(user="ann", at="2026-01-01T00:00:00Z", action="test")
with store.write(change) as writer:
    writer.put(Claim(id=writer.new_id(Claim), recorded_at=change.at, recorded_by="ann", text=sys.argv[2]))
os.kill(os.getpid(), 9)
"""


def state(folder: Path) -> dict[str, tuple[int, int, str]]:
    """Names, sizes, times and hashes of all files but derived ones."""
    found = {}
    for path in sorted(folder.rglob("*")):
        name = str(path.relative_to(folder))
        if path.is_file() and not name.startswith(".cache"):
            told = path.stat()
            found[name] = (told.st_size, told.st_mtime_ns, hashlib.sha256(path.read_bytes()).hexdigest())
    return found


def asked(run: Command, folder: Path, tmp_path: Path) -> list[Done]:
    (tmp_path / "lines.jsonl").write_text('{"id": "1", "text": "The night ferry is cancelled"}\n', encoding="utf-8")
    return [run(*command, "--db", folder) for command in READING]


def copies(run: Command, folder: Path, tmp_path: Path) -> None:
    """What a registry is read for besides: a backup, a bundle, counts, a doctor's look."""
    shutil.rmtree(tmp_path / "taken", ignore_errors=True)
    for command in (("backup", "taken"), ("export", "--bundle", "taken.zip"), ("stats", "--json"), ("doctor",)):
        done = run(*command, "--db", folder)
        assert (done.code, done.stderr) == (0, ""), command
    assert run("verify", "--db", tmp_path / "taken").code == 0
    assert run("verify", tmp_path / "taken.zip").code == 0


@pytest.fixture
def mounted(tmp_path: Path) -> Iterator[Callable[[Path], Path]]:
    """Put a folder on a medium that nobody can write to."""
    place = tmp_path / "medium"
    place.mkdir()
    if subprocess.run(["mount", "-t", "tmpfs", "tmpfs", str(place)], capture_output=True, check=False).returncode != 0:
        pytest.skip("a medium cannot be mounted here (needs root)")

    def put(folder: Path) -> Path:
        shutil.copytree(folder, place / folder.name)
        subprocess.run(["mount", "-o", "remount,ro", str(place)], check=True)
        return place / folder.name

    try:
        yield put
    finally:
        subprocess.run(["umount", str(place)], check=True)


@pytest.fixture
def left(ferry: Command, registry: Path) -> Path:
    """A registry whose last claim stands only in the log that a killed writer left."""
    assert ferry("list").code == 0
    assert ferry("search", "ferry").code == 0
    environment = {**os.environ, "PYTHONPATH": str(Path(__file__).parents[2])}
    done = subprocess.run([sys.executable, "-c", KILLED_WRITER, str(registry), TOLD], env=environment, check=False)
    assert done.returncode == -signal.SIGKILL
    assert (registry / "registry.db-wal").stat().st_size > 0
    return registry


def backup_of(ferry: Command, tmp_path: Path) -> Path:
    assert ferry("backup", tmp_path / "kept").code == 0
    return tmp_path / "kept"


def test_reading_a_backup_changes_no_byte_of_it(ferry: Command, run: Command, tmp_path: Path) -> None:
    kept = backup_of(ferry, tmp_path)
    (kept / "README").unlink()
    before = state(kept)
    answers = asked(run, kept, tmp_path)
    copies(run, kept, tmp_path)
    assert state(kept) == before
    assert [done.code for done in answers] == [0] * len(READING)
    # The control: what writes does change it, so the comparison can fail.
    assert run("add", "One more", "--by", "A", "--db", kept).code == 0
    assert state(kept) != before


def test_reading_changes_no_byte_of_a_registry_in_use(left: Path, claimreg: Command, tmp_path: Path) -> None:
    def own() -> dict[str, tuple[int, int, str]]:
        return {name: told for name, told in state(left).items() if name != "registry.db-shm"}

    before = own()
    answers = asked(claimreg, left, tmp_path)
    copies(claimreg, left, tmp_path)
    assert own() == before
    assert TOLD in answers[0].stdout
    assert claimreg("add", "One more", "--by", "A", "--db", left).code == 0
    assert TOLD in claimreg("list", "--db", left).stdout


@pytest.mark.parametrize("kind", ["registry", "backup", "log", "log and its index", "no cache", "damaged cache"])
def test_a_write_protected_medium_is_read(
    kind: str, left: Path, ferry: Command, tmp_path: Path, mounted: Callable[[Path], Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    source = tmp_path / "source"
    shutil.copytree(left, source)
    if kind == "backup":
        shutil.rmtree(source)
        assert ferry("backup", source).code == 0
    elif kind != "log and its index":
        (source / "registry.db-shm").unlink()
    if kind in ("registry", "no cache", "damaged cache"):
        assert ferry("edit", "C1", "--title", "x", "--db", source).code == 0
        assert not (source / "registry.db-wal").exists()
    # As many sources as ask the index of texts.
    monkeypatch.setattr("claimreg.services.linking.likely.FEW", 0)
    expected = asked(ferry, source, tmp_path)
    cache = [path for path in (source / ".cache").rglob("*") if path.is_file()]
    assert {path.parent.name for path in cache} == {"claims", "grams"}
    for path in cache if kind == "damaged cache" else ():
        path.write_bytes(b"rubbish" * 500)
    if kind == "no cache":
        shutil.rmtree(source / ".cache")
    if kind.startswith("log"):
        shutil.copy(left / "registry.db-wal", source / "registry.db-wal")
    place = mounted(source)
    before = state(place)
    answers = asked(ferry, place, tmp_path)
    for command, one, other in zip(READING, answers, expected, strict=True):
        assert one == other, command
    copies(ferry, place, tmp_path)
    assert state(place) == before
    assert TOLD in answers[0].stdout
    refused = ferry("add", "x", "--by", "A", "--db", place)
    assert (refused.code, refused.stdout) == (1, "")
    assert "is read-only; nothing was recorded." in refused.stderr


def test_an_earlier_version_is_read_without_bringing_it_up_to_date(
    claimreg: Command, repository: Path, tmp_path: Path, mounted: Callable[[Path], Path]
) -> None:
    with zipfile.ZipFile(repository / "tests" / "fixtures" / "registry-v1.zip") as archive:
        archive.extractall(tmp_path)
    place = mounted(tmp_path / "registry-v1")
    for folder in (place, tmp_path / "registry-v1"):
        before = state(folder)
        assert claimreg("verify", "--db", folder).code == 0
        assert [one["id"] for one in claimreg("list", "--case", "ilyashev", "--json", "--db", folder).json] == ["C1", "C2"]
        assert state(folder) == before
    assert claimreg("edit", "A2", "--restore", "--db", tmp_path / "registry-v1").code == 0
    assert (tmp_path / "registry-v1" / "registry.db.schema-1").exists()
    assert "may be deleted" in claimreg("doctor", "--db", tmp_path / "registry-v1").stdout


def test_private_copies_leave_nothing_behind(left: Path, claimreg: Command, tmp_path: Path, mounted: Callable[[Path], Path]) -> None:
    (left / "registry.db-shm").unlink()
    private = tmp_path / "private"
    private.mkdir()
    assert TOLD in claimreg("list", "--db", mounted(left), env={"TMPDIR": str(private)}).stdout
    assert list(private.iterdir()) == []


@pytest.mark.parametrize("kind", ["registry", "backup", "log"])
def test_a_registry_of_another_user_is_read(kind: str, left: Path, ferry: Command, repository: Path) -> None:
    if os.geteuid() != 0 or shutil.which("setpriv") is None:
        pytest.skip("another user cannot be taken on here (needs root and setpriv)")
    with tempfile.TemporaryDirectory() as name:
        base = Path(name)
        base.chmod(0o755)
        source = base / "theirs"
        if kind == "backup":
            assert ferry("backup", source).code == 0
        else:
            shutil.copytree(left, source)
            if kind == "registry":
                assert ferry("edit", "C1", "--title", "x", "--db", source).code == 0
        for path in (source, *source.rglob("*")):
            path.chmod(0o555 if path.is_dir() else 0o444)
        command = ["setpriv", f"--reuid={NOBODY}", "--clear-groups", sys.executable, "-m", "claimreg", "--db", str(source)]
        environment = {"PATH": os.environ["PATH"], "PYTHONPATH": str(repository), "HOME": "/nonexistent", "CLAIMREG_USER": "n"}
        probe = subprocess.run([*command, "--version"], env=environment, capture_output=True, cwd="/", check=False)
        if probe.returncode != 0:
            pytest.skip("the other user cannot run Python here")
        before = state(source)
        for asked_for in (("list",), ("search", "ferry"), ("check", "the night ferry will not run"), ("verify",), ("report",)):
            done = subprocess.run([*command, *asked_for], env=environment, capture_output=True, cwd="/", check=False)
            assert done.returncode == 0, (asked_for, done.stderr)
            assert asked_for != ("list",) or TOLD in done.stdout.decode()
        done = subprocess.run([*command, "add", "x", "--by", "A"], env=environment, capture_output=True, cwd="/", check=False)
        assert (done.returncode, done.stdout) == (1, b"")
        assert b"is read-only; nothing was recorded." in done.stderr
        assert state(source) == before
        for path in (source, *source.rglob("*")):
            if path.is_dir():
                path.chmod(stat.S_IRWXU)
