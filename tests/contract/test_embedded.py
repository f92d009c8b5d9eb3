"""What the embedded store says of a folder that is not as it should be."""

import os
import sqlite3
import subprocess
import sys
import threading
from contextlib import closing
from pathlib import Path

import pytest

from claimreg.errors import BusyRegistryError, DamagedRegistryError, NewerRegistryError, StoreError
from claimreg.model import Change, Claim
from claimreg.store.embedded import EmbeddedStore

CHANGE = Change(user="ann", at="2026-01-01T00:00:00Z", action="test")
CLAIM = Claim(id="C1", recorded_at=CHANGE.at, recorded_by="ann", text="The sky is green")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    store = EmbeddedStore(tmp_path / "registry")
    with store.write(CHANGE) as writer:
        writer.put(CLAIM)
        writer.put_blob(b"evidence")
    store.close()
    return tmp_path / "registry"


def test_it_is_still_there_for_the_next_process(folder: Path) -> None:
    store = EmbeddedStore(folder, create=False)
    assert store.get(Claim, "C1") == CLAIM
    store.close()


@pytest.mark.parametrize("content", [b"this is no database, whatever its name may say", b""])
def test_a_database_overwritten_is_damage(folder: Path, content: bytes) -> None:
    (folder / "registry.db").write_bytes(content)
    with pytest.raises(DamagedRegistryError):
        EmbeddedStore(folder)


def test_a_database_cut_short_is_damage(folder: Path) -> None:
    path = folder / "registry.db"
    path.write_bytes(path.read_bytes()[:5000])
    with pytest.raises(DamagedRegistryError):
        list(EmbeddedStore(folder).find(Claim))


def test_a_missing_database_is_damage(folder: Path) -> None:
    (folder / "registry.db").unlink()
    with pytest.raises(DamagedRegistryError):
        EmbeddedStore(folder)


def test_a_record_that_is_no_record_is_damage(folder: Path) -> None:
    with closing(sqlite3.connect(folder / "registry.db")) as connection, connection:
        connection.execute('UPDATE claims SET doc = \'{"id": "C1"}\'')
    with closing(EmbeddedStore(folder)) as store, pytest.raises(DamagedRegistryError):
        store.get(Claim, "C1")


def test_a_capture_changed_is_damage(folder: Path) -> None:
    store = EmbeddedStore(folder)
    (path,) = (path for path in (folder / "captures").rglob("*") if path.is_file())
    path.write_bytes(b"evidencf")
    with pytest.raises(DamagedRegistryError, match="changed"):
        store.blob(path.name)
    path.unlink()
    with pytest.raises(DamagedRegistryError, match="missing"):
        store.blob(path.name)
    store.close()


def test_a_newer_registry_names_the_version(folder: Path) -> None:
    with closing(sqlite3.connect(folder / "registry.db")) as connection, connection:
        connection.execute("PRAGMA user_version = 99")
    with pytest.raises(NewerRegistryError, match="99"):
        EmbeddedStore(folder)


def test_another_programs_database_is_left_alone(tmp_path: Path) -> None:
    (tmp_path / "theirs").mkdir()
    with closing(sqlite3.connect(tmp_path / "theirs" / "registry.db")) as connection, connection:
        connection.execute("CREATE TABLE theirs (id)")
    with pytest.raises(StoreError, match="another program"):
        EmbeddedStore(tmp_path / "theirs")


def test_a_folder_of_other_things_and_a_file_are_refused(tmp_path: Path) -> None:
    (tmp_path / "letter.txt").write_text("Dear all")
    with pytest.raises(StoreError, match="other files"):
        EmbeddedStore(tmp_path)
    with pytest.raises(StoreError, match="is a file"):
        EmbeddedStore(tmp_path / "letter.txt")
    assert os.listdir(tmp_path) == ["letter.txt"]  # noqa: PTH208 -- names are what is asked


def test_a_missing_folder_is_not_made_by_reading(tmp_path: Path) -> None:
    with pytest.raises(StoreError, match="claimreg init"):
        EmbeddedStore(tmp_path / "none", create=False)
    assert not (tmp_path / "none").exists()


def test_a_writer_waits_and_then_says_so(folder: Path) -> None:
    first, second = EmbeddedStore(folder), EmbeddedStore(folder, wait=0.1)
    with first.write(CHANGE) as writer:
        writer.put(CLAIM)
        assert second.get(Claim, "C1") == CLAIM
        with pytest.raises(BusyRegistryError), second.write(CHANGE):
            pass
    first.close()
    second.close()


WRITER = """
import sys
import threading
from pathlib import Path
from claimreg.model import Change, Claim
from claimreg.store.embedded import EmbeddedStore
change = Change(user=sys.argv[2], at="2026-01-01T00:00:00Z", action="test")
store = EmbeddedStore(Path(sys.argv[1]))
for _ in range(40):
    with store.write(change) as writer:
        writer.put(Claim(id=writer.new_id(Claim), recorded_at=change.at, recorded_by=change.user, text="x"))
"""


def test_processes_do_not_lose_each_others_work(tmp_path: Path) -> None:
    folder = str(tmp_path / "shared")
    writers = [subprocess.Popen([sys.executable, "-c", WRITER, folder, f"user{number}"]) for number in range(4)]
    assert [writer.wait() for writer in writers] == [0] * 4
    store = EmbeddedStore(Path(folder))
    assert [claim.id for claim in store.find(Claim)] == [f"C{number}" for number in range(1, 161)]
    assert len(list(store.history())) == 160
    store.close()


def test_making_a_registry_waits_for_another_process_that_makes_it(tmp_path: Path) -> None:
    folder = tmp_path / "registry"
    folder.mkdir()
    other = sqlite3.connect(folder / "registry.db", isolation_level=None, check_same_thread=False)
    other.execute("BEGIN EXCLUSIVE")
    release = threading.Timer(0.5, lambda: other.execute("COMMIT"))
    release.start()
    # SQLite refuses to change the journal's mode at once, whatever it was told to wait.
    EmbeddedStore(folder, wait=5).close()
    release.join()
    other.close()


def test_damaged_bytes_are_mended_when_they_are_handed_in_again(tmp_path: Path) -> None:
    store = EmbeddedStore(tmp_path / "registry")
    with store.write(CHANGE) as writer:
        sha256 = writer.put_blob("мәтін".encode())
    (path,) = (tmp_path / "registry" / "captures").glob("*/*")
    path.write_bytes(b"")
    with store.write(CHANGE) as writer:
        assert writer.put_blob("мәтін".encode()) == sha256
    assert store.blob(sha256) == "мәтін".encode()
    store.close()
