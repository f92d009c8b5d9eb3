"""Older registries are brought into today's form: the same hashes, whole afterwards, and as they were where anything fails on the way."""

from __future__ import annotations

import json
import os
import shutil
import signal
import sqlite3
import subprocess
import sys
import zipfile
from contextlib import closing
from pathlib import Path

import pytest

from claimreg.errors import StoreError
from claimreg.frozen import replace
from claimreg.model import SCHEMA_VERSION, Change, Claim
from claimreg.services.evidence.verify import verify
from claimreg.store.embedded import EmbeddedStore

CHANGE = Change(user="ann", at="2027-01-01T00:00:00Z", action="test")
OLDER = {"registry-v1": 25, "registry-v3": 39, "registry-v4": 23, "registry-v5": 13}


@pytest.fixture(params=OLDER)
def older(request: pytest.FixtureRequest, repository: Path, tmp_path: Path) -> Path:
    with zipfile.ZipFile(repository / "tests" / "fixtures" / f"{request.param}.zip") as archive:
        archive.extractall(tmp_path)
    return tmp_path / str(request.param)


def rows(database: Path, table: str) -> list[tuple[int, str]]:
    with closing(sqlite3.connect(database)) as connection:
        return connection.execute(f"SELECT id, doc FROM {table} ORDER BY id").fetchall()  # noqa: S608 -- our own name


def version(database: Path) -> int:
    with closing(sqlite3.connect(database)) as connection:
        (number,) = connection.execute("PRAGMA user_version").fetchone()
    return int(number)


def bring_up_to_date(folder: Path) -> None:
    """Open a registry as the first command that records does."""
    with closing(EmbeddedStore(folder, create=False)) as store, store.write(CHANGE):
        pass


def test_an_older_registry_is_whole_and_says_the_same(older: Path) -> None:
    before = {table: rows(older / "registry.db", table) for table in ("claims", "links", "history")}
    number = version(older / "registry.db")
    with closing(EmbeddedStore(older, create=False)) as store:
        found = verify(store)
        assert (found.damage, found.warnings, found.checked["history"]) == ([], [], OLDER[older.name])
        with store.write(CHANGE) as writer:
            claim = writer.get(Claim, "C1")
            assert claim is not None
            writer.put(replace(claim, text="changed"))
        assert verify(store).damage == []
    assert version(older / "registry.db") == SCHEMA_VERSION
    after = rows(older / "registry.db", "history")[:-1]
    if number > 1:
        assert [json.loads(text)["hash"] for _id, text in after] == [json.loads(text)["hash"] for _id, text in before["history"]]
    assert rows(older / "registry.db", "links") == [
        (one, json.dumps(json.loads(text), ensure_ascii=False, sort_keys=True, separators=(",", ":"))) for one, text in before["links"]
    ]
    assert version(older / f"registry.db.schema-{number}") == number
    assert rows(older / f"registry.db.schema-{number}", "history") == before["history"]


def test_what_was_tampered_with_before_is_not_made_whole(repository: Path, tmp_path: Path) -> None:
    with zipfile.ZipFile(repository / "tests" / "fixtures" / "registry-v3.zip") as archive:
        archive.extractall(tmp_path)
    with closing(sqlite3.connect(tmp_path / "registry-v3" / "registry.db", isolation_level=None)) as connection:
        connection.execute("""update claims set doc='{"removed_at":"2020",'||substr(doc,2) where id=1""")
        connection.execute("""update history set doc=substr(doc,1,length(doc)-1)||',"note":1}' where id=3""")
    with closing(EmbeddedStore(tmp_path / "registry-v3", create=False)) as store:
        assert {(one.area, one.place) for one in verify(store).damage} == {("records", "C1"), ("history", "event 3")}


def is_beside(folder: Path, descriptor: object) -> bool:
    """Whether a file is in the registry's own folder: reading an older one takes a private copy elsewhere first."""
    opened = Path(f"/proc/self/fd/{descriptor}")
    return not opened.exists() or folder in opened.resolve().parents


@pytest.mark.parametrize("name", ["replace", "fsync", "unlink"])
def test_a_disk_that_fails_leaves_the_registry_as_it_was(older: Path, monkeypatch: pytest.MonkeyPatch, name: str) -> None:
    content, number = rows(older / "registry.db", "history"), version(older / "registry.db")
    real = getattr(os, name)

    def fails(*arguments: object, **options: object) -> object:
        if (name == "fsync" and is_beside(older, arguments[0])) or "schema" in str(arguments[0]):
            raise OSError(5, "Input/output error")
        return real(*arguments, **options)

    with monkeypatch.context() as patch:
        patch.setattr(os, name, fails)
        with pytest.raises(StoreError, match=r"cannot be written: Input/output error; nothing was changed"):
            bring_up_to_date(older)
    assert (version(older / "registry.db"), rows(older / "registry.db", "history")) == (number, content)
    with closing(EmbeddedStore(older, create=False)) as store:
        assert verify(store).damage == []


def test_the_copy_is_on_the_disk_before_anything_is_changed(older: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    done: list[str] = []
    real_replace, real_fsync = os.replace, os.fsync

    def flushed(descriptor: int) -> None:
        path = Path(f"/proc/self/fd/{descriptor}").resolve()
        if older in (path, path.parent):
            done.append(f"flushed {path.name}")
        real_fsync(descriptor)

    def named(old: Path, new: Path) -> None:
        if Path(new).parent == older:
            done.append(f"named {Path(new).name}")
        real_replace(old, new)

    monkeypatch.setattr(os, "fsync", flushed)
    monkeypatch.setattr(os, "replace", named)
    if not Path("/proc/self/fd").exists():
        pytest.skip("this system does not tell what a descriptor is of")
    number = version(older / "registry.db")
    bring_up_to_date(older)
    copy = f"registry.db.schema-{number}"
    assert done[:3] == [f"flushed .{copy}.{os.getpid()}.part", f"named {copy}", f"flushed {older.name}"]


KILLED = """
import os, signal, sys
from pathlib import Path
import claimreg.store.migrations as migrations
left = 1_000_000
def counted(real):
    def call(*arguments):
        global left
        left -= 1
        if left < 0:
            os.kill(os.getpid(), signal.SIGKILL)
        return real(*arguments)
    return call
for name in ("_event_in_form", "_record_in_form", "flush", "flush_folder"):
    setattr(migrations, name, counted(getattr(migrations, name)))
migrations.STEPS = tuple((number, counted(step)) for number, step in migrations.STEPS)
from claimreg.model import Change
from claimreg.store.embedded import EmbeddedStore
store = EmbeddedStore(Path(sys.argv[1]), create=False)
left = int(sys.argv[2])
with store.write(Change(user="ann", at="2027-01-01T00:00:00Z", action="test")):
    pass
"""


@pytest.mark.parametrize("steps", [0, 1, 2, 3, 20, 45])
def test_a_migration_that_is_killed_is_made_again(older: Path, steps: int, tmp_path: Path) -> None:
    if older.name in {"registry-v4", "registry-v5"} and steps > 2:
        pytest.skip("its migration takes three steps only")
    done = subprocess.run([sys.executable, "-c", KILLED, str(older), str(steps)], check=False)
    assert done.returncode == -signal.SIGKILL
    copied = Path(shutil.copytree(older, tmp_path / "after"))
    assert version(copied / "registry.db") < SCHEMA_VERSION
    with closing(EmbeddedStore(copied, create=False)) as store:
        assert (verify(store).damage, store.head()[0]) == ([], OLDER[older.name])
