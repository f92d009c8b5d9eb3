"""What SQLite and the disk refuse is told in a sentence, by kind, and nothing is recorded."""

import sqlite3
from pathlib import Path

import pytest

from claimreg.errors import BusyRegistryError, DamagedRegistryError, InputError, StoreError
from claimreg.model import Change, Claim
from claimreg.store.embedded import EmbeddedStore
from claimreg.store.faults import faults_told

CHANGE = Change(user="ann", at="2026-01-01T00:00:00Z", action="test")


def refusal(code: int, sentence: str = "something") -> sqlite3.OperationalError:
    """An error as SQLite raises it."""
    error = sqlite3.OperationalError(sentence)
    error.sqlite_errorcode = code
    return error


TOLD = [
    (refusal(sqlite3.SQLITE_BUSY), BusyRegistryError, "Another process"),
    (refusal(sqlite3.SQLITE_LOCKED), BusyRegistryError, "Another process"),
    (refusal(sqlite3.SQLITE_FULL), StoreError, "disk is full"),
    (refusal(sqlite3.SQLITE_READONLY), StoreError, "read-only"),
    (refusal(sqlite3.SQLITE_PERM), StoreError, "may not be opened"),
    (refusal(sqlite3.SQLITE_CANTOPEN), StoreError, "cannot be opened"),
    (refusal(sqlite3.SQLITE_IOERR_FSYNC), StoreError, "did not confirm"),
    (refusal(sqlite3.SQLITE_IOERR_SHORT_READ), DamagedRegistryError, "damaged"),
    (refusal(sqlite3.SQLITE_CORRUPT), DamagedRegistryError, "damaged"),
    (refusal(sqlite3.SQLITE_ERROR, "malformed JSON"), DamagedRegistryError, "damaged"),
    (refusal(sqlite3.SQLITE_ERROR, "no such table"), StoreError, "no such table"),
    (sqlite3.DatabaseError("without a code"), StoreError, "without a code"),
    (UnicodeDecodeError("utf-8", b"\xff", 0, 1, "invalid start byte"), DamagedRegistryError, "damaged"),
    (UnicodeEncodeError("utf-8", "\ud800", 0, 1, "surrogates not allowed"), InputError, "half a character"),
    (ValueError("Out of range float values are not JSON compliant"), InputError, "no number"),
    (ValueError("a bug"), ValueError, "a bug"),
    (StoreError("told already"), StoreError, "told already"),
]


@pytest.mark.parametrize(("error", "kind", "told"), TOLD, ids=lambda one: one if isinstance(one, str) else None)
def test_each_refusal_is_told_by_its_kind(tmp_path: Path, error: Exception, kind: type[Exception], told: str) -> None:
    with pytest.raises(kind, match=told) as raised, faults_told(tmp_path):
        raise error
    assert type(raised.value) is kind


@pytest.mark.parametrize("most_held", [0, 100], ids=["written as they come", "held until the end"])
def test_bytes_that_the_disk_refuses_leave_no_record(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, most_held: int) -> None:
    def full(*_given: object) -> None:
        raise OSError(28, "No space left on device")

    store = EmbeddedStore(tmp_path / "registry")
    with monkeypatch.context() as patch:
        patch.setattr("claimreg.store.blobs._MOST_HELD", most_held)
        patch.setattr("claimreg.files.os.fsync", full)
        with pytest.raises(StoreError, match="nothing was recorded"), store.write(CHANGE) as writer:  # noqa: PT012 -- the block is what fails
            writer.put(Claim(id=writer.new_id(Claim), recorded_at=CHANGE.at, recorded_by="ann", text="The pier is closed"))
            writer.put_blob(b"evidence")
    assert (store.head(), list(store.check_blobs())) == ((0, ""), [])
    assert [path for path in (tmp_path / "registry" / "captures").rglob("*") if path.is_file()] == []
    store.close()


def test_bytes_of_a_transaction_are_read_before_its_end(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("claimreg.store.blobs._MOST_HELD", 12)
    store = EmbeddedStore(tmp_path / "registry")
    contents = [b"small", b"larger than there is room", b"tiny"]
    with store.write(CHANGE) as writer:
        names = [writer.put_blob(content) for content in contents]
        assert [writer.blob(name) for name in names] == contents
    assert [store.blob(name) for name in names] == contents
    assert sorted(check.sha256 for check in store.check_blobs()) == sorted(names)
    store.close()


def test_a_capture_that_cannot_be_read_is_told(tmp_path: Path) -> None:
    store = EmbeddedStore(tmp_path / "registry")
    with store.write(CHANGE) as writer:
        sha256 = writer.put_blob(b"evidence")
    path = tmp_path / "registry" / "captures" / sha256[:2] / sha256
    path.unlink()
    path.mkdir()
    with pytest.raises(StoreError, match="cannot be read"):
        store.blob(sha256)
    store.close()


def test_a_registry_that_lost_the_number_of_its_schema_is_told(tmp_path: Path) -> None:
    EmbeddedStore(tmp_path / "registry").close()
    connection = sqlite3.connect(tmp_path / "registry" / "registry.db")
    connection.execute("PRAGMA user_version = 0")
    connection.close()
    with pytest.raises(DamagedRegistryError, match="taken away"):
        EmbeddedStore(tmp_path / "registry")


def test_a_folder_that_cannot_be_made_is_told(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("x")
    with pytest.raises(StoreError, match="cannot be"):
        EmbeddedStore(tmp_path / "file" / "inside")
