"""Copies of a registry, bringing one back to its place, and what commands that were cut off leave behind."""

import io
import os
import sqlite3
import stat
import subprocess
import sys
import time
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest
from stores import STORES

from claimreg.errors import DamagedRegistryError, StoreError, UsageError
from claimreg.files import PART_PREFIX
from claimreg.model import Change, Claim
from claimreg.store import restoring
from claimreg.store.embedded import EmbeddedStore
from claimreg.store.factory import open_store, registry_exists
from claimreg.store.leftovers import leftovers, older_copies, replaced
from claimreg.store.maintenance import network_file_system
from claimreg.store.opening import PRIVATE_PREFIX
from claimreg.store.port import Store

CHANGE = Change(user="ann", at="2026-01-01T00:00:00Z", action="test")
ASIDE = "replaced-2026-01-01"


def record(store: Store, text: str) -> None:
    with store.write(CHANGE) as writer:
        writer.put(Claim(id=writer.new_id(Claim), recorded_at=CHANGE.at, recorded_by="ann", text=text))
        writer.put_blob(f"evidence of {text}".encode())


def texts(folder: Path) -> list[str]:
    """The texts of the claims in a folder, each with its evidence."""
    with closing(EmbeddedStore(folder, create=False)) as store:
        found = [one.text for one in store.find(Claim)]
        checks = list(store.check_blobs())
        assert all(check.is_whole for check in checks)
        assert len(checks) == len(found)
        return found


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    with closing(EmbeddedStore(tmp_path / "registry")) as store:
        record(store, "first")
    return tmp_path / "registry"


@pytest.fixture
def copy(folder: Path, tmp_path: Path) -> Path:
    """A copy with the first claim alone, of a registry that has a second one since."""
    with closing(EmbeddedStore(folder)) as store:
        store.backup(tmp_path / "copy")
        record(store, "second")
    return tmp_path / "copy"


# Copying.


def test_a_copy_is_a_registry_of_its_own(folder: Path, copy: Path) -> None:
    assert (texts(copy), texts(folder)) == (["first"], ["first", "second"])
    with closing(EmbeddedStore(copy)) as store:
        record(store, "third")
        assert list(store.integrity()) == []
    assert (texts(copy), texts(folder)) == (["first", "third"], ["first", "second"])


def test_a_copy_is_put_into_a_new_or_an_empty_folder_alone(folder: Path, tmp_path: Path) -> None:
    (tmp_path / "empty").mkdir()
    (tmp_path / "file").write_text("x")
    with closing(EmbeddedStore(folder)) as store:
        store.backup(tmp_path / "empty")
        for taken in ("empty", "file"):
            with pytest.raises(StoreError, match="not an empty folder"):
                store.backup(tmp_path / taken)
        with pytest.raises(StoreError, match="cannot be"):
            store.backup(tmp_path / "file" / "inside")


def test_a_copy_of_damaged_evidence_is_refused(folder: Path, tmp_path: Path) -> None:
    (path,) = (folder / "captures").glob("*/*")
    path.write_bytes(b"other")
    with closing(EmbeddedStore(folder)) as store, pytest.raises(DamagedRegistryError, match="changed"):
        store.backup(tmp_path / "copy")


def test_a_disk_that_is_full_is_told_of_the_copy(folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*_given: object) -> None:
        raise OSError(28, "No space left on device")

    with closing(EmbeddedStore(folder)) as store:
        monkeypatch.setattr("claimreg.store.blobs.flush", full)
        with pytest.raises(StoreError, match="could not be finished: No space left"):
            store.backup(tmp_path / "copy")


# Bringing back.


def test_a_copy_takes_the_registrys_place_and_that_is_kept_beside_it(folder: Path, copy: Path) -> None:
    folder.chmod(0o750)
    before = restoring.restore_registry(copy, folder, ASIDE)
    assert before == folder.with_name(f"registry.{ASIDE}")
    assert (texts(folder), texts(before), texts(copy)) == (["first"], ["first", "second"], ["first"])
    assert stat.S_IMODE(folder.stat().st_mode) == 0o750
    again = restoring.restore_registry(before, folder, ASIDE)
    assert again == folder.with_name(f"registry.{ASIDE}-2")
    assert (texts(folder), texts(again)) == (["first", "second"], ["first"])
    assert not list(folder.parent.glob(".registry*"))


def test_where_no_registry_is_the_copy_alone_is_put(copy: Path, tmp_path: Path) -> None:
    assert restoring.restore_registry(copy, tmp_path / "new" / "place", ASIDE) is None
    assert texts(tmp_path / "new" / "place") == ["first"]


def test_a_system_that_swaps_no_folders_moves_one_after_the_other(folder: Path, copy: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(restoring, "exchange", lambda *_folders: False)
    before = restoring.restore_registry(copy, folder, ASIDE)
    assert before is not None
    assert (texts(folder), texts(before)) == (["first"], ["first", "second"])


@pytest.mark.parametrize("step", ["flush", "exchange", "_flush_tree"])
def test_a_disk_that_refuses_leaves_the_registry_as_it_was(folder: Path, copy: Path, monkeypatch: pytest.MonkeyPatch, step: str) -> None:
    def refuse(*_given: object) -> None:
        raise OSError(5, "Input/output error")

    monkeypatch.setattr(restoring, step, refuse)
    with pytest.raises(StoreError, match="nothing was changed"):
        restoring.restore_registry(copy, folder, ASIDE)
    assert texts(folder) == ["first", "second"]
    assert sorted(path.name for path in folder.parent.iterdir()) == ["copy", "registry"]


def test_a_copy_that_is_no_registry_is_refused(folder: Path, copy: Path, tmp_path: Path) -> None:
    with pytest.raises(StoreError, match="no copy of a registry"):
        restoring.restore_registry(tmp_path / "none", folder, ASIDE)
    with closing(sqlite3.connect(copy / "registry.db")) as connection:
        connection.execute("PRAGMA user_version = 99")
    with pytest.raises(StoreError, match="newer claimreg"):
        restoring.restore_registry(copy, folder, ASIDE)
    assert texts(folder) == ["first", "second"]


def half_made(copy: Path, folder: Path, marker: bytes) -> Path:
    """What a restore that was cut off leaves beside the registry."""
    part = restoring.part_of(folder)
    copy.rename(part)
    (part / restoring.MARKER).write_bytes(marker)
    return part


def test_a_whole_copy_takes_an_empty_place_when_the_registry_is_opened_next(folder: Path, copy: Path) -> None:
    part = half_made(copy, folder, b"whole\n")
    folder.rename(folder.with_name("away"))
    assert registry_exists(str(folder))
    assert texts(folder) == ["first"]
    assert not part.exists()


def test_a_copy_that_is_not_whole_never_takes_the_place(folder: Path, copy: Path) -> None:
    part = half_made(copy, folder, b"")
    folder.rename(folder.with_name("away"))
    assert not registry_exists(str(folder))
    with pytest.raises(StoreError):
        EmbeddedStore(folder, create=False)
    assert part.exists()


def test_a_restore_clears_away_an_earlier_one_that_was_cut_off(folder: Path, copy: Path, tmp_path: Path) -> None:
    half_made(copy, folder, b"")
    with closing(EmbeddedStore(folder)) as store:
        store.backup(tmp_path / "newer")
    assert restoring.restore_registry(tmp_path / "newer", folder, ASIDE)
    assert texts(folder) == ["first", "second"]


def test_a_restore_waits_for_no_other(folder: Path, copy: Path, tmp_path: Path) -> None:
    part = half_made(copy, folder, b"")
    with closing(EmbeddedStore(folder)) as store:
        store.backup(tmp_path / "newer")
    code = (
        "import sys, time\nfrom pathlib import Path\nfrom claimreg.files import lock\n"
        "file = Path(sys.argv[1]).open('rb')\nassert lock(file, wait=False)\nprint('held', flush=True)\ntime.sleep(60)"
    )
    with subprocess.Popen([sys.executable, "-c", code, str(part / restoring.MARKER)], stdout=subprocess.PIPE, text=True) as other:
        assert other.stdout is not None
        assert other.stdout.readline() == "held\n"
        with pytest.raises(StoreError, match="Another restore"):
            restoring.restore_registry(tmp_path / "newer", folder, ASIDE)
        assert part not in list(leftovers(folder))
        other.kill()
    assert part in list(leftovers(folder))


# What is left behind.


def gone_process() -> int:
    with subprocess.Popen([sys.executable, "-c", ""]) as process:
        process.wait()
        return process.pid


LEFT: dict[str, Callable[[Path, int], Path]] = {
    "a capture": lambda folder, process: folder / "captures" / "ab" / f".{'ab' * 32}.{process}",
    "an output": lambda folder, process: folder.parent / f"{PART_PREFIX}{process}-abcd1234",
    "a copy of the database": lambda folder, process: folder / f".registry.db.schema-3.{process}.part-wal",
    "a derived file": lambda folder, process: folder / ".cache" / "claims" / f".index.{process}",
}


@pytest.mark.parametrize("kind", LEFT)
def test_what_a_process_that_is_gone_left_is_removed_and_told(folder: Path, kind: str) -> None:
    left, written = (LEFT[kind](folder, process) for process in (gone_process(), os.getpid()))
    for path in (left, written):
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(b"half")
    with closing(EmbeddedStore(folder)) as store:
        told = list(store.compact())
        assert told == [f"Removed {left}, which a command that was cut off had left."]
        assert (left.exists(), written.exists(), list(store.compact())) == (False, True, [])
        long_ago = time.time() - 2 * 24 * 3600
        os.utime(written, (long_ago, long_ago))
        assert len(store.compact()) == 1
    assert texts(folder) == ["first"]


def test_private_copies_of_processes_that_are_gone_are_removed(folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    place = tmp_path / "temporary"
    private = place / f"{PRIVATE_PREFIX}{gone_process()}-abcd1234"
    private.mkdir(parents=True)
    (private / "registry.db").write_bytes(b"x")
    monkeypatch.setattr("tempfile.tempdir", str(place))
    with closing(EmbeddedStore(folder)) as store:
        assert len(store.compact()) == 1
    assert not private.exists()


def test_an_unfinished_restore_is_a_leftover_and_a_replaced_registry_gets_a_name(folder: Path, copy: Path, tmp_path: Path) -> None:
    part = half_made(copy, folder, b"")
    (folder / restoring.MARKER).write_bytes(b"whole\n")
    assert set(leftovers(folder)) == {part, folder / restoring.MARKER}
    with closing(EmbeddedStore(folder)) as store:
        assert len(store.compact()) == 2
        store.backup(part)
        assert replaced(folder) == part
        (told,) = store.compact()
    assert told.startswith(f"Renamed {part}")
    (named,) = tmp_path.glob("registry.replaced-*")
    assert (texts(named), replaced(folder)) == (["first", "second"], None)


def test_copies_of_an_older_schema_are_named_and_stay(folder: Path) -> None:
    older = folder / "registry.db.schema-2"
    older.write_bytes(b"x")
    assert older_copies(folder) == [older]
    with closing(EmbeddedStore(folder)) as store:
        assert list(store.compact()) == []
    assert older.exists()


@pytest.mark.parametrize("name", STORES)
def test_giving_space_back_loses_nothing(name: str, tmp_path: Path) -> None:
    with closing(STORES[name](tmp_path)) as store:
        for number in range(9):
            record(store, f"claim {number} " + "x" * 5000)
        with store.write(CHANGE) as writer:
            for one in list(writer.find(Claim)):
                writer.put(Claim(id=one.id, recorded_at=CHANGE.at, recorded_by="ann", text="short"))
        assert list(store.compact()) == []
        assert [one.text for one in store.find(Claim)] == ["short"] * 9
        assert store.size() > 0
        assert list(store.integrity()) == []


# Where a registry is.


def test_locations_are_opened_by_their_kind(folder: Path, tmp_path: Path) -> None:
    with closing(open_store("memory:", create=True)) as store:
        assert store.location == "memory:"
    with closing(open_store(str(folder), create=False)) as store:
        assert [one.text for one in store.find(Claim)] == ["first"]
    for location in ("mysql://nowhere", " ", "a\0b", "~nobody-of-this-name/registry"):
        with pytest.raises(UsageError):
            open_store(location, create=True)
    assert [registry_exists(one) for one in ("memory:", str(folder), str(tmp_path / "none"))] == [True, True, False]
    (tmp_path / "empty").mkdir()
    assert not registry_exists(str(tmp_path / "empty"))


def may_not_write(monkeypatch: pytest.MonkeyPatch) -> None:
    usual = os.access
    monkeypatch.setattr(os, "access", lambda path, mode, **options: mode != os.W_OK and usual(path, mode, **options))


def test_a_registry_that_may_not_be_written_is_read_in_a_copy(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    before = sorted(path.name for path in folder.iterdir())
    may_not_write(monkeypatch)
    with closing(EmbeddedStore(folder, create=False)) as store:
        assert [one.text for one in store.find(Claim)] == ["first"]
        with pytest.raises(StoreError, match="read-only"):
            record(store, "second")
    assert sorted(path.name for path in folder.iterdir()) == before


def test_what_another_process_has_in_its_log_is_read_in_the_copy(folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with closing(EmbeddedStore(folder)) as writing:
        record(writing, "second")
        moved = tmp_path / "moved"
        moved.mkdir()
        for path in folder.glob("registry.db*"):
            if not path.name.endswith("-shm"):
                (moved / path.name).write_bytes(path.read_bytes())
    may_not_write(monkeypatch)
    with closing(EmbeddedStore(moved, create=False)) as store:
        assert [one.text for one in store.find(Claim)] == ["first", "second"]
    assert sorted(path.name for path in moved.iterdir()) == ["registry.db", "registry.db-wal"]


def test_a_registry_on_a_medium_that_nobody_can_write_to_is_read_in_place(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    may_not_write(monkeypatch)
    monkeypatch.setattr("claimreg.store.opening._is_on_read_only_medium", lambda _path: True)
    with closing(EmbeddedStore(folder, create=False)) as store:
        assert [one.text for one in store.find(Claim)] == ["first"]


def test_programs_in_the_database_stop_whoever_would_write(folder: Path) -> None:
    with closing(sqlite3.connect(folder / "registry.db")) as connection, connection:
        connection.execute("CREATE TRIGGER theirs AFTER INSERT ON claims BEGIN DELETE FROM claims; END")
    with closing(EmbeddedStore(folder)) as store, pytest.raises(DamagedRegistryError, match="theirs"):
        record(store, "second")


def test_a_drive_of_a_network_is_told_by_its_kind(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert network_file_system(folder) is None

    mounts = io.StringIO(f"disk / ext4 rw 0 0\nserver {folder.resolve()} nfs4 rw 0 0\n")
    with monkeypatch.context() as patch:
        patch.setattr("builtins.open", lambda *_given, **_options: mounts)
        told = network_file_system(folder)
    assert told == "nfs4"
