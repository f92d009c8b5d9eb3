"""`restore` cut off at any instant: the old or the new registry is at its place, and neither is ever lost."""

import json
import os
import shutil
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from claimreg.model import Change, Claim
from claimreg.services.evidence.verify import verify
from claimreg.store.embedded import EmbeddedStore
from claimreg.store.factory import registry_exists
from claimreg.store.leftovers import leftovers, remove_leftovers, replaced

CHANGE = Change(user="ann", at="2026-01-01T00:00:00Z", action="test")
STEPS = 200
ENVIRONMENT = {**os.environ, "PYTHONPATH": str(Path(__file__).parents[2])}

CUT_OFF = """
import os, sys
from pathlib import Path
from claimreg import files
from claimreg.store import restoring
at, way, place, fails = int(sys.argv[1]), sys.argv[2], sys.argv[3], len(sys.argv) > 4
done = 0
def step(*_told):
    global done
    done += 1
    if done == at and fails:
        raise OSError(5, "Input/output error")
    if done == at:
        os.kill(os.getpid(), 9)
def told(event, values):
    if event in {"os.rename", "os.mkdir", "os.remove", "os.rmdir", "os.truncate"} or (event == "open" and str(values[0]).startswith(place)):
        step()
def cut(function):
    def called(*arguments):
        step()
        return function(*arguments)
    return called
os.fsync = cut(os.fsync)
restoring.exchange = cut(files.exchange if way == "exchange" else lambda one, other: False)
sys.addaudithook(told)
restoring.restore_registry(Path(place, "copy"), Path(place, "registry"), "replaced-then")
print(done)
"""


def recorded(folder: Path, text: str) -> None:
    store = EmbeddedStore(folder)
    with store.write(CHANGE) as writer:
        writer.put(Claim(id=writer.new_id(Claim), recorded_at=CHANGE.at, recorded_by="ann", text=text))
        writer.put_blob(text.encode())
    store.close()


def texts(folder: Path) -> list[str]:
    store = EmbeddedStore(folder, create=False)
    found = [claim.text for claim in store.find(Claim)]
    assert verify(store).damage == []
    assert [store.blob(one.sha256).decode() for one in store.check_blobs()] == found
    store.close()
    return found


@pytest.fixture
def fresh(tmp_path: Path) -> Path:
    """A folder with a registry that holds something old, and a copy of one that holds something new."""
    base = tmp_path / "base"
    recorded(base / "registry", "old")
    recorded(base / "new", "new")
    store = EmbeddedStore(base / "new", create=False)
    store.backup(base / "copy")
    store.close()
    shutil.rmtree(base / "new")
    return base


def cut_off(place: Path, at: int, way: str) -> bool:
    """Kill a restore at one of its steps; whether it got there."""
    command = [sys.executable, "-c", CUT_OFF, str(at), way, str(place)]
    done = subprocess.run(command, env=ENVIRONMENT, capture_output=True, check=False)
    assert done.returncode in (0, -signal.SIGKILL), done.stderr
    return done.returncode != 0


@pytest.mark.timeout(1800)
@pytest.mark.parametrize("there", [True, False], ids=["replacing", "new place"])
@pytest.mark.parametrize("way", ["exchange", "two renames"])
def test_restore_cut_off_at_any_step(way: str, there: bool, fresh: Path, tmp_path: Path) -> None:  # noqa: FBT001 -- a parameter
    seen: set[str] = set()
    for at in range(1, STEPS):
        place = tmp_path / "place"
        shutil.copytree(fresh, place)
        if not there:
            shutil.rmtree(place / "registry")
        is_cut = cut_off(place, at, way)
        if there or registry_exists(str(place / "registry")):
            # Also `add` finds one of the two, and never makes an empty one.
            assert registry_exists(str(place / "registry"))
            (found,) = texts(place / "registry")
            seen.add(found)
            kept = [texts(path)[0] for path in place.iterdir() if path.is_dir() and path.name.startswith("registry.replaced")]
            set_aside = replaced(place / "registry")
            kept += texts(set_aside) if set_aside is not None else []
            assert kept == (["old"] if found == "new" and there else [])
        remove_leftovers(place / "registry")
        assert not (place / ".registry.restoring").exists()
        assert list(leftovers(place / "registry")) == []
        assert not there or {texts(path)[0] for path in place.glob("registry*")} >= {"old"}
        assert not cut_off(place, 0, way)
        assert texts(place / "registry") == ["new"]
        shutil.rmtree(place)
        if not is_cut:
            break
    assert not is_cut
    assert at > 20
    assert seen == ({"old", "new"} if there else {"new"})


def test_control_without_healing_there_is_an_instant_without_a_registry(fresh: Path, tmp_path: Path) -> None:
    empty = 0
    for at in range(1, STEPS):
        place = tmp_path / "place"
        shutil.copytree(fresh, place)
        is_cut = cut_off(place, at, "two renames")
        empty += not (place / "registry").exists()
        shutil.rmtree(place)
        if not is_cut:
            break
    assert empty > 0


@pytest.mark.timeout(1800)
@pytest.mark.parametrize("way", ["exchange", "two renames"])
def test_a_disk_that_fails_at_any_step_is_told_truly(way: str, fresh: Path, tmp_path: Path) -> None:
    told: set[str] = set()
    for at in range(1, STEPS):
        place = tmp_path / "place"
        shutil.copytree(fresh, place)
        command = [sys.executable, "-c", CUT_OFF, str(at), way, str(place), "fails"]
        done = subprocess.run(command, env=ENVIRONMENT, capture_output=True, text=True, check=False)
        sentence = done.stderr.splitlines()[-1] if done.stderr else ""
        found = texts(place / "registry")
        if done.returncode == 0:
            assert found == ["new"]
        elif "but a power cut may undo that" in sentence:
            (before,) = (path for path in place.iterdir() if f"what was there is in {path}, but" in sentence)
            assert (found, texts(before)) == (["new"], ["old"])
            told.add("new")
        else:
            assert "nothing was changed" in sentence
            assert found == ["old"]
            assert not list(place.glob("registry.replaced*"))
            told.add("old")
        remove_leftovers(place / "registry")
        assert {texts(path)[0] for path in place.glob("registry*")} >= {"old"}
        shutil.rmtree(place)
        if done.returncode == 0 and int(done.stdout) < at:
            break
    assert at > 20
    assert told == {"old", "new"}


def test_two_restores_do_not_meet(fresh: Path) -> None:
    part = fresh / ".registry.restoring"
    part.mkdir()
    script = """
import sys, time
from claimreg.files import lock
file = open(sys.argv[1], "wb")
lock(file, wait=False)
print("held", flush=True)
time.sleep(600)
"""
    with subprocess.Popen([sys.executable, "-c", script, str(part / ".claimreg-restoring")], stdout=subprocess.PIPE) as other:
        try:
            assert other.stdout is not None
            other.stdout.readline()
            command = [sys.executable, "-m", "claimreg", "--db", str(fresh / "registry"), "restore", str(fresh / "copy"), "--yes"]
            done = subprocess.run(command, capture_output=True, text=True, check=False)
            assert (done.returncode, done.stdout) == (1, "")
            assert "Another restore is at work" in done.stderr
            assert list(leftovers(fresh / "registry")) == []
        finally:
            other.kill()
    assert part in list(leftovers(fresh / "registry"))
    assert texts(fresh / "registry") == ["old"]


def test_restore_through_the_command_says_where_the_old_one_is(fresh: Path) -> None:
    command = [sys.executable, "-m", "claimreg", "--db", str(fresh / "registry")]
    done = subprocess.run([*command, "restore", str(fresh / "copy"), "--yes"], capture_output=True, text=True, check=False)
    assert done.returncode == 0
    (moved,) = fresh.glob("registry.replaced-*")
    assert f"what was there is in {moved}." in done.stdout
    assert (texts(fresh / "registry"), texts(moved)) == (["new"], ["old"])
    assert {path.name for path in fresh.iterdir()} == {"registry", "copy", moved.name}
    listed = subprocess.run([*command, "list", "--json"], capture_output=True, check=True)
    assert [one["text"] for one in json.loads(listed.stdout)] == ["new"]
