"""What is flushed, who may read it, and what a command that was cut off leaves behind."""

import json
import os
import stat
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from claimreg.cli import boundary

from .conftest import Command

SHA = "ab" + "0" * 62


@pytest.fixture
def gone() -> int:
    """The number of a process that runs no more."""
    with subprocess.Popen([sys.executable, "-c", ""]) as process:
        process.wait()
    return process.pid


@pytest.fixture
def flushed(monkeypatch: pytest.MonkeyPatch) -> set[Path]:
    """What is flushed to the disk."""
    seen: set[Path] = set()
    flush: Callable[[int], None] = os.fsync

    def told(descriptor: int) -> None:
        seen.add(Path(f"/proc/self/fd/{descriptor}").readlink())
        flush(descriptor)

    monkeypatch.setattr(os, "fsync", told)
    return seen


@pytest.fixture
def umask() -> Iterator[Callable[[int], None]]:
    """Set the umask for a test."""
    before = os.umask(0o022)
    yield lambda mask: (os.umask(mask), None)[1]
    os.umask(before)


def left(registry: Path, process: int) -> list[Path]:
    """Files as a kill leaves them, written by a process of this number."""
    parent = registry.parent
    paths = [
        registry / "captures" / "ab" / f".{SHA}.{process}",
        registry / f".registry.db.{process}.part",
        registry / f".registry.db.{process}.part-journal",
        registry / f".registry.db.schema-2.{process}.part",
        registry / f".claimreg-{process}-abcdefgh",
        registry / ".cache" / "grams" / f".segments.{process}",
        parent / f".claimreg-{process}-abcdefgh",
        Path(tempfile.gettempdir()) / f"claimreg-reading-{process}-abcdefgh",
    ]
    for path in paths[:-1]:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(b"half")
    paths[-1].mkdir()
    (paths[-1] / "registry.db").write_bytes(b"half")
    return paths


def test_leftovers_are_named_and_removed(
    ferry: Command, registry: Path, gone: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "temporary").mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path / "temporary"))
    paths = left(registry, gone)
    part = registry.parent / ".registry.restoring"
    part.mkdir()
    (part / ".claimreg-restoring").touch()
    (part / "registry.db").write_bytes(b"half")
    older = registry / "registry.db.schema-2"
    older.write_bytes(b"older")
    told = ferry("doctor")
    assert told.code == 0
    for path in (*paths, part):
        assert f"mend\t{path} was left half-written by a command that was cut off; claimreg compact removes it" in told.lines
    assert f"mend\t{older} is a copy from before the registry was brought up to date; it may be deleted" in told.lines
    before = ferry("history", "--json").stdout
    done = ferry("compact")
    assert done.code == 0
    for path in (*paths, part):
        assert f"Removed {path}, which a command that was cut off had left." in done.lines
        assert not path.exists()
    assert older.exists()
    assert "half-written" not in ferry("doctor").stdout
    assert (ferry("history", "--json").stdout, ferry("verify").code) == (before, 0)


def test_what_another_process_is_writing_stays(ferry: Command, registry: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "temporary").mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path / "temporary"))
    nameless = registry / ".registry.db.part"
    nameless.write_bytes(b"half")
    paths = [*left(registry, os.getpid()), nameless, registry.parent / ".claimreg-notes"]
    paths[-1].write_bytes(b"a person's own")
    assert "half-written" not in ferry("doctor").stdout
    assert ferry("compact").code == 0
    assert all(path.exists() for path in paths)
    # A number that told a process days ago may be another's now.
    long_ago = time.time() - 3 * 24 * 3600
    for path in paths:
        os.utime(path, (long_ago, long_ago))
    assert ferry("compact").code == 0
    assert [path for path in paths if path.exists()] == [paths[-1]]


def test_the_registry_that_made_way_is_never_deleted(ferry: Command, registry: Path) -> None:
    claims = ferry("list", "--json").stdout
    ferry("backup", registry.parent / "copy")
    before = registry.parent / ".registry.restoring"
    (registry.parent / "copy").rename(before)
    assert f"mend\t{before} is the registry that was here before" in ferry("doctor").stdout
    done = ferry("compact")
    assert not before.exists()
    (named,) = registry.parent.glob("registry.replaced-*")
    assert f"to {named}." in done.stdout
    assert ferry("list", "--json", "--db", named).stdout == claims


def test_a_new_registry_is_on_the_disk_and_the_users_own(
    claimreg: Command, tmp_path: Path, flushed: set[Path], umask: Callable[[int], None]
) -> None:
    place = tmp_path / "new" / "place" / "registry"
    assert claimreg("init", place).code == 0
    assert {tmp_path, tmp_path / "new", tmp_path / "new" / "place", place} <= flushed
    assert stat.S_IMODE(place.stat().st_mode) == 0o700
    umask(0o277)
    if os.geteuid() == 0:
        assert claimreg("init", tmp_path / "strict").code == 0
        assert stat.S_IMODE((tmp_path / "strict").stat().st_mode) == 0o500
    umask(0o022)
    (tmp_path / "shared").mkdir(mode=0o755)
    assert claimreg("init", tmp_path / "shared").code == 0
    assert stat.S_IMODE((tmp_path / "shared").stat().st_mode) == 0o755


def test_captures_and_the_folders_that_name_them_are_on_the_disk(
    ferry: Command, registry: Path, flushed: set[Path], tmp_path: Path
) -> None:
    (tmp_path / "other.txt").write_text("Another text altogether", encoding="utf-8")
    flushed.clear()
    assert ferry("source", "add", tmp_path / "other.txt").code == 0
    new = [path.parent for path in (registry / "captures").glob("??/*") if b"Another" in path.read_bytes()]
    assert new
    assert {registry, registry / "captures", *new} <= flushed


@pytest.mark.parametrize(
    ("command", "named"),
    [
        (("backup", "out/copy"), ("out/copy", "out/copy/captures", "out")),
        (("export", "--bundle", "out/all.zip"), ("out",)),
        (("report", "--format", "json", "-o", "out/report.json"), ("out",)),
        (("list", "--json", "-o", "out/list.json"), ("out",)),
    ],
)
def test_what_is_written_elsewhere_is_on_the_disk(
    ferry: Command, tmp_path: Path, flushed: set[Path], command: tuple[str, ...], named: tuple[str, ...]
) -> None:
    (tmp_path / "out").mkdir()
    flushed.clear()
    assert ferry(*command).code == 0
    assert {tmp_path / name for name in named} <= flushed


def test_restore_is_on_the_disk(ferry: Command, registry: Path, tmp_path: Path, flushed: set[Path]) -> None:
    ferry("backup", tmp_path / "copy")
    for place in (registry, tmp_path / "new" / "place"):
        flushed.clear()
        assert ferry("restore", tmp_path / "copy", "--yes", "--db", place).code == 0
        assert {place, place.parent} <= flushed
        assert ferry("verify", "--db", place).code == 0
    assert tmp_path in flushed


def test_a_restored_registry_may_be_written_to_whatever_its_copy_was(ferry: Command, registry: Path, tmp_path: Path) -> None:
    ferry("backup", tmp_path / "copy")
    for path in (tmp_path / "copy").rglob("*"):
        path.chmod(0o555 if path.is_dir() else 0o444)
    registry.chmod(0o750)
    assert ferry("restore", tmp_path / "copy", "--yes").code == 0
    assert stat.S_IMODE(registry.stat().st_mode) == 0o750
    assert all(path.stat().st_mode & stat.S_IWUSR for path in registry.rglob("*"))


def test_scan_on_a_system_that_cannot_open_folders(claimreg: Command, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    opened = os.open

    def refusing(path: str | Path, flags: int, mode: int = 0o777, *, dir_fd: int | None = None) -> int:
        if Path(path) == tmp_path:
            raise PermissionError(13, "Permission denied", str(path))
        return opened(path, flags, mode, dir_fd=dir_fd)

    (tmp_path / "q.jsonl").write_text(json.dumps({"id": "q", "text": "the night ferry will not run"}) + "\n", encoding="utf-8")
    (tmp_path / "d.jsonl").write_text(json.dumps({"id": "d", "text": "He said the night ferry will not run."}) + "\n", encoding="utf-8")
    monkeypatch.setattr(os, "open", refusing)
    done = claimreg("scan", "--quotes", "q.jsonl", "--docs", "d.jsonl", "-o", "out.jsonl")
    assert done.code == 0, done.stderr
    assert json.loads((tmp_path / "out.jsonl").read_text("utf-8"))["doc_id"] == "d"
    assert not (tmp_path / "out.jsonl.unfinished").exists()


def test_log_files_are_the_users_own(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, umask: Callable[[int], None]) -> None:
    umask(0)
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "state"))
    told = boundary._bug_report(ValueError("half \udc80"), debug=False)
    (log,) = (tmp_path / "state").rglob("*.log")
    assert str(log) in told
    assert stat.S_IMODE(log.stat().st_mode) == 0o600
    assert stat.S_IMODE(log.parent.stat().st_mode) == 0o700
