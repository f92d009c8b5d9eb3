import os
import stat
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from claimreg import files


@pytest.fixture
def flushed(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The names of what is flushed, as it is."""
    seen: list[str] = []
    flush: Callable[[int], None] = os.fsync

    def told(descriptor: int) -> None:
        seen.append(Path(f"/proc/self/fd/{descriptor}").readlink().name)
        flush(descriptor)

    monkeypatch.setattr(os, "fsync", told)
    return seen


@pytest.fixture
def no_folders(monkeypatch: pytest.MonkeyPatch) -> None:
    """A system that cannot open folders, as Windows cannot."""
    opened = os.open

    def refusing(path: str | Path, flags: int, mode: int = 0o777, *, dir_fd: int | None = None) -> int:
        if Path(path).is_dir() and not flags & os.O_DIRECTORY:
            raise PermissionError(13, "Permission denied", str(path))
        return opened(path, flags, mode, dir_fd=dir_fd)

    monkeypatch.setattr(os, "open", refusing)


def test_a_file_is_replaced_whole_and_its_folder_flushed(tmp_path: Path, flushed: list[str]) -> None:
    target = tmp_path / "out.txt"
    target.write_text("old", encoding="utf-8")
    target.chmod(0o640)
    files.write_whole(target, b"new")
    assert target.read_bytes() == b"new"
    assert stat.S_IMODE(target.stat().st_mode) == 0o640
    assert len(flushed) == 2
    assert flushed[0].startswith(f".claimreg-{os.getpid()}-")
    assert flushed[1] == tmp_path.name


def test_what_raises_replaces_nothing(tmp_path: Path) -> None:
    target = tmp_path / "out.txt"
    target.write_text("old", encoding="utf-8")
    with pytest.raises(KeyError), files.replacing(target) as file:  # noqa: PT012 -- half of it is written
        file.write(b"half")
        raise KeyError
    assert [(path.name, path.read_text("utf-8")) for path in tmp_path.iterdir()] == [("out.txt", "old")]


@pytest.mark.usefixtures("no_folders")
def test_a_system_that_cannot_open_folders_writes_all_the_same(tmp_path: Path) -> None:
    files.write_whole(tmp_path / "out.txt", b"new")
    files.make_folder(tmp_path / "a" / "b")
    assert (tmp_path / "out.txt").read_bytes() == b"new"
    assert (tmp_path / "a" / "b").is_dir()


def test_a_folder_that_cannot_be_flushed_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(code: int) -> None:
        def fail(_descriptor: int) -> None:
            raise OSError(code, os.strerror(code))

        monkeypatch.setattr(os, "fsync", fail)

    refuse(22)
    files.flush_folder(tmp_path)
    refuse(5)
    with pytest.raises(OSError, match="Input/output error"):
        files.flush_folder(tmp_path)


def test_every_folder_that_is_made_is_named_on_the_disk(tmp_path: Path, flushed: list[str]) -> None:
    files.make_folder(tmp_path / "a" / "b" / "c", 0o700)
    assert flushed == [tmp_path.name, "a", "b"]
    assert stat.S_IMODE((tmp_path / "a" / "b" / "c").stat().st_mode) == 0o700
    assert stat.S_IMODE((tmp_path / "a").stat().st_mode) != 0o700
    files.make_folder(tmp_path / "a" / "b" / "c")
    assert len(flushed) == 3


@pytest.mark.parametrize("kind", ["files", "folders"])
def test_two_change_places(kind: str, tmp_path: Path) -> None:
    one, other = tmp_path / "one", tmp_path / "other"
    for path in (one, other):
        if kind == "folders":
            path.mkdir()
        (path / "in" if kind == "folders" else path).write_text(path.name, encoding="utf-8")
    if not files.exchange(one, other):
        pytest.skip("this system or disk cannot exchange")
    assert (one / "in" if kind == "folders" else one).read_text("utf-8") == "other"
    assert (other / "in" if kind == "folders" else other).read_text("utf-8") == "one"
    with pytest.raises(FileNotFoundError):
        files.exchange(one, tmp_path / "none")
    assert one.exists()


def test_a_system_without_exchange_says_so(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "platform", "plan9")
    assert not files.exchange(tmp_path / "one", tmp_path / "other")


def test_one_process_holds_a_lock(tmp_path: Path) -> None:
    with (tmp_path / "lock").open("wb") as one, (tmp_path / "lock").open("wb") as other:
        assert files.lock(one, wait=False)
        assert not files.lock(other, wait=False)
        one.close()
        assert files.lock(other, wait=True)


def test_a_process_that_is_gone_runs_no_more() -> None:
    with subprocess.Popen([sys.executable, "-c", ""]) as process:
        process.wait()
    assert files.is_running(os.getpid())
    assert not files.is_running(process.pid)
