"""What the embedded store must survive, done to it for real; each with a control that does not survive.

The number of kills is short here; `CLAIMREG_KILLS=1000 pytest tests/faults` runs them in full.
"""

import os
import random
import signal
import sqlite3
import subprocess
import sys
import time
from contextlib import ExitStack
from functools import partial
from pathlib import Path
from typing import Any

import pytest

from claimreg.errors import ClaimregError
from claimreg.model import Attribution, Change, Claim, Link, Party, Stance
from claimreg.services.evidence.verify import verify
from claimreg.store.embedded import EmbeddedStore
from claimreg.store.port import Equals

KILLS = int(os.environ.get("CLAIMREG_KILLS", "60"))
CHANGE = Change(user="ann", at="2026-01-01T00:00:00Z", action="test")

ACKNOWLEDGING_WRITER = """
import sys
from pathlib import Path
from claimreg.model import Change, Claim
from claimreg.store.embedded import EmbeddedStore
change = Change(user="ann", at="2026-01-01T00:00:00Z", action="test")
store = EmbeddedStore(Path(sys.argv[1]))
while True:
    with store.write(change) as writer:
        claim = writer.put(Claim(id=writer.new_id(Claim), recorded_at=change.at, recorded_by="ann", text="Мәтін " * 40))
        writer.put_blob(claim.id.encode())
    print(claim.id, flush=True)
"""

STOCK_WRITER = """
import sys
from tinydb import TinyDB
table = TinyDB(sys.argv[1]).table("claims")
while True:
    print(table.insert({"text": "x" * 2000}), flush=True)
"""


def acknowledged_before_kill(code: str, target: str, chance: random.Random) -> list[str]:
    """Start a writer, kill it at a random instant after its first acknowledgement; what it acknowledged."""
    with subprocess.Popen([sys.executable, "-c", code, target], stdout=subprocess.PIPE, text=True) as writer:
        assert writer.stdout is not None
        first = writer.stdout.readline()
        time.sleep(chance.random() * 0.02)
        writer.send_signal(signal.SIGKILL)
        rest = writer.stdout.read().splitlines(keepends=True)
    return [line.strip() for line in [first, *rest] if line.endswith("\n")]


@pytest.mark.timeout(3600)
def test_nothing_acknowledged_is_lost_by_a_kill(tmp_path: Path) -> None:
    chance = random.Random(7)  # noqa: S311 -- the same instants each time
    acknowledged: set[str] = set()
    for _ in range(KILLS):
        acknowledged.update(acknowledged_before_kill(ACKNOWLEDGING_WRITER, str(tmp_path / "registry"), chance))
    store = EmbeddedStore(tmp_path / "registry")
    assert acknowledged <= {claim.id for claim in store.find(Claim)}
    assert len(acknowledged) >= KILLS
    assert verify(store).damage == []
    store.close()


def test_control_stock_tinydb_loses_its_file_to_two_writers(tmp_path: Path) -> None:
    target = tmp_path / "stock.json"
    acknowledged = 0
    for _ in range(5):
        with ExitStack() as running:
            command = [sys.executable, "-c", STOCK_WRITER, str(target)]
            start = partial(subprocess.Popen, command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True)
            writers = [running.enter_context(start()) for _ in range(3)]
            time.sleep(1.0)
            for writer in writers:
                writer.kill()
                acknowledged += len((writer.stdout.read() if writer.stdout else "").splitlines())
    script = "import sys; from tinydb import TinyDB; print(len(TinyDB(sys.argv[1]).table('claims')))"
    read = subprocess.run([sys.executable, "-c", script, str(target)], capture_output=True, text=True, check=False)
    assert read.returncode != 0 or int(read.stdout) < acknowledged


MANY_TABLE_WRITER = """
import sys
from pathlib import Path
from claimreg.model import Attribution, Change, Claim, Link, LinkKind, Stance
from claimreg.store.embedded import EmbeddedStore
change = Change(user=sys.argv[2], at="2026-01-01T00:00:00Z", action="test")
store = EmbeddedStore(Path(sys.argv[1]), wait=60)
stamp = {"recorded_at": change.at, "recorded_by": change.user}
for _ in range(int(sys.argv[3])):
    with store.write(change) as writer:
        claim = writer.put(Claim(id=writer.new_id(Claim), text="x", **stamp))
        said = {"claim_id": claim.id, "party_id": "P1", "party_as_written": "x", "stance": Stance.ASSERTS}
        attribution = writer.put(Attribution(id=writer.new_id(Attribution), **said, **stamp))
        place = {"source_id": "S1", "capture_id": "K1", "start": 0, "end": 1, "exact": "x", "prefix": "", "suffix": ""}
        writer.put(Link(id=writer.new_id(Link), attribution_id=attribution.id, score=1, kind=LinkKind.EXACT, **place, **stamp))
"""


def test_readers_see_whole_transactions_and_writers_lose_nothing(tmp_path: Path) -> None:
    folder = tmp_path / "registry"
    store = EmbeddedStore(folder)
    with store.write(CHANGE) as writer:
        writer.put(Party(id="P1", recorded_at=CHANGE.at, recorded_by="ann", name="x"))
    commands = [[sys.executable, "-c", MANY_TABLE_WRITER, str(folder), f"user{number}", "40"] for number in range(8)]
    with ExitStack() as running:
        writers = [running.enter_context(subprocess.Popen(command)) for command in commands]
        while any(writer.poll() is None for writer in writers):
            with store.snapshot() as reader:
                counts = {len(list(reader.ids(kind))) for kind in (Claim, Attribution, Link)}
            assert len(counts) == 1
    assert [writer.returncode for writer in writers] == [0] * 8
    assert sorted(int(claim.id[1:]) for claim in store.find(Claim)) == list(range(1, 321))
    assert len(list(store.history())) == 1 + 3 * 320
    store.close()


def filled(folder: Path) -> EmbeddedStore:
    store = EmbeddedStore(folder)
    stamp: dict[str, Any] = {"recorded_at": CHANGE.at, "recorded_by": "ann"}
    with store.write(CHANGE) as writer:
        writer.put(Party(id="P1", name="Сот", **stamp))
        for number in range(1, 41):
            writer.put(Claim(id=f"C{number}", text=f"Мәтін {number} " * 5, case="X", case_key="x", **stamp))
            writer.put(
                Attribution(id=f"A{number}", claim_id=f"C{number}", party_id="P1", party_as_written="Сот", stance=Stance.DENIES, **stamp)
            )
        writer.put_blob("мәтін".encode())
    return store


def everything(store: EmbeddedStore) -> object:
    return (
        [list(store.find(kind, withdrawn=True)) for kind in (Party, Claim, Attribution)],
        list(store.find(Claim, Equals("case_key", "x"))),
        list(store.history()),
        [store.blob(one.sha256) for one in store.check_blobs()],
    )


VERIFY = """
import sys
from claimreg.__main__ import main
sys.argv = ["claimreg", "--db", sys.argv[1], "verify"]
main()
"""


def test_a_flipped_bit_is_found_or_harmless(tmp_path: Path) -> None:
    store = filled(tmp_path / "registry")
    before = everything(store)
    store.close()
    path = tmp_path / "registry" / "registry.db"
    whole = path.read_bytes()
    chance = random.Random(3)  # noqa: S311
    found = 0
    # As many as it takes: many hit pages that hold little, as an empty index takes a page of its own.
    for _ in range(400):
        damaged = bytearray(whole)
        position = chance.randrange(len(whole) * 8)
        damaged[position // 8] ^= 1 << position % 8
        path.write_bytes(damaged)
        for name in ("registry.db-wal", "registry.db-shm"):
            (tmp_path / "registry" / name).unlink(missing_ok=True)
        try:
            opened = EmbeddedStore(tmp_path / "registry", create=False)
        except ClaimregError:
            found += 1
            continue
        if verify(opened).damage:
            found += 1
        else:
            assert everything(opened) == before, f"bit {position} goes unseen"
        opened.close()
    assert found > 100


def test_a_flipped_bit_in_a_capture_is_always_found(tmp_path: Path) -> None:
    from claimreg.services.recording.sources import IncomingDocument, SourceDetails, store_source

    store = EmbeddedStore(tmp_path / "registry")
    with store.write(CHANGE) as writer:
        store_source(writer, IncomingDocument("Бұл мәтін.".encode(), "Бұл мәтін.", location="x.txt"), SourceDetails())
    (path,) = (tmp_path / "registry" / "captures").glob("*/*")
    whole = path.read_bytes()
    assert verify(store).damage == []
    for position in range(len(whole) * 8):
        damaged = bytearray(whole)
        damaged[position // 8] ^= 1 << position % 8
        path.write_bytes(damaged)
        assert [one.area for one in verify(store).damage] == ["captures"]
    store.close()


@pytest.mark.parametrize("harm", ["cut", "empty", "text", "older", "no wal"])
def test_a_harmed_database_is_told_in_a_sentence(tmp_path: Path, harm: str) -> None:
    store = filled(tmp_path / "registry")
    path = tmp_path / "registry" / "registry.db"
    store.compact()
    older = path.read_bytes()
    with store.write(CHANGE) as writer:
        writer.put(Claim(id="C41", recorded_at=CHANGE.at, recorded_by="ann", text="later"))
    store.compact()
    store.close()
    whole = path.read_bytes()
    contents = {"cut": whole[: len(whole) // 2], "empty": b"", "text": b"hello\n" * 100, "older": older, "no wal": whole}
    path.write_bytes(contents[harm])
    done = subprocess.run([sys.executable, "-c", VERIFY, str(tmp_path / "registry")], capture_output=True, text=True, check=False)
    assert "Traceback" not in done.stderr
    # A whole older copy is a whole registry: only the hash that was noted elsewhere can tell.
    assert done.returncode == (0 if harm in ("older", "no wal") else 3), done.stdout + done.stderr


def test_the_head_of_the_chain_tells_an_older_copy(tmp_path: Path) -> None:
    store = filled(tmp_path / "registry")
    noted = verify(store).head
    with store.write(CHANGE) as writer:
        writer.put(Claim(id="C41", recorded_at=CHANGE.at, recorded_by="ann", text="later"))
    assert verify(store).head != noted
    store.close()


def test_a_full_disk_costs_nothing_acknowledged(tmp_path: Path) -> None:
    disk = tmp_path / "disk"
    disk.mkdir()
    mounted = subprocess.run(["mount", "-t", "tmpfs", "-o", "size=3m", "tmpfs", str(disk)], capture_output=True, check=False)
    if mounted.returncode != 0:
        pytest.skip("a small disk to fill cannot be mounted here (needs root)")
    try:
        store = EmbeddedStore(disk / "registry")
        acknowledged = 0
        with pytest.raises(Exception, match="full") as told:  # noqa: PT012 -- any of the writes may be the one
            for number in range(1, 100_000):
                with store.write(CHANGE) as writer:
                    writer.put(Claim(id=f"C{number}", recorded_at=CHANGE.at, recorded_by="ann", text="x" * 3000))
                acknowledged = number
        assert type(told.value).__module__ == "claimreg.errors"
        assert acknowledged > 50
        assert [claim.id for claim in store.find(Claim)] == [f"C{number}" for number in range(1, acknowledged + 1)]
        store.close()
        again = EmbeddedStore(disk / "registry", create=False)
        assert len(list(again.ids(Claim))) == acknowledged
        again.close()
    finally:
        subprocess.run(["umount", str(disk)], check=True)


def test_a_registry_without_its_wal_after_a_clean_close_is_whole(tmp_path: Path) -> None:
    store = filled(tmp_path / "registry")
    store.close()
    assert not (tmp_path / "registry" / "registry.db-wal").exists()
    with sqlite3.connect(tmp_path / "registry" / "registry.db") as connection:
        assert connection.execute("PRAGMA integrity_check").fetchone() == ("ok",)


def test_control_without_the_chain_a_changed_record_goes_unseen(tmp_path: Path) -> None:
    store = filled(tmp_path / "registry")
    store.close()
    with sqlite3.connect(tmp_path / "registry" / "registry.db") as connection:
        connection.execute("UPDATE claims SET doc = replace(doc, 'Мәтін 7', 'Мәтін 8')")
        assert connection.execute("PRAGMA integrity_check").fetchone() == ("ok",)
    store = EmbeddedStore(tmp_path / "registry")
    assert [one.place for one in verify(store).damage] == ["C7"]
    store.close()
