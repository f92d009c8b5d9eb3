"""The search index under `kill -9` and under several writers: no claim that was acknowledged is missing from an answer.

The number of kills is short here; `CLAIMREG_KILLS=300 pytest tests/faults/test_index_survival.py` runs more.
"""

import os
import random
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from claimreg.services.finding.claim_index import ask
from claimreg.store.embedded import EmbeddedStore

KILLS = int(os.environ.get("CLAIMREG_KILLS", "40"))

WRITER = """
import sys
from pathlib import Path
from claimreg.model import Change
from claimreg.services.finding.claim_index import ask
from claimreg.services.recording.claims import ClaimFields, record_claim
from claimreg.store.embedded import EmbeddedStore
change = Change(user="ann", at="2026-01-01T00:00:00Z", action="test")
store = EmbeddedStore(Path(sys.argv[1]))
for _ in range(int(sys.argv[2])):
    with store.write(change) as writer:
        claim = record_claim(writer, ClaimFields("The pier of many words is closed, says claim"))
    print(claim.id, flush=True)
    ask(store, len)
"""


def start(target: Path, writes: int = 100_000) -> subprocess.Popen[str]:
    return subprocess.Popen([sys.executable, "-c", WRITER, str(target), str(writes)], stdout=subprocess.PIPE, text=True)


def indexed(store: EmbeddedStore, told: list[str]) -> list[int]:
    return ask(store, lambda index: sorted(index.numbers[index.alive].tolist()), told.append)


@pytest.mark.timeout(3600)
def test_a_kill_while_the_index_is_updated_costs_no_answer(tmp_path: Path) -> None:
    chance = random.Random(11)  # noqa: S311 -- the same instants each time
    target = tmp_path / "registry"
    acknowledged: list[str] = []
    behind = 0
    for _ in range(KILLS):
        with start(target) as writer:
            assert writer.stdout is not None
            first = writer.stdout.readline()
            time.sleep(chance.random() * 0.03)
            writer.send_signal(signal.SIGKILL)
            acknowledged += [line.strip() for line in [first, *writer.stdout.read().splitlines(keepends=True)] if line.endswith("\n")]
        store = EmbeddedStore(target)
        told: list[str] = []
        found = indexed(store, told)
        behind += bool(told)
        store.close()
        assert {int(claim_id[1:]) for claim_id in acknowledged} <= set(found)
        assert len(found) == len(set(found))
        assert len(list(target.glob(".cache/claims/*.segment"))) < 40
    # Otherwise no kill came between the record and the index, and nothing was shown.
    assert behind > KILLS // 10


def test_several_writers_leave_one_index_of_all(tmp_path: Path) -> None:
    target = tmp_path / "registry"
    EmbeddedStore(target).close()
    writers = [start(target, 25) for _ in range(4)]
    acknowledged = [int(line[1:]) for writer in writers for line in writer.communicate(timeout=120)[0].split()]
    assert [writer.returncode for writer in writers] == [0] * 4
    store = EmbeddedStore(target)
    told: list[str] = []
    assert sorted(acknowledged) == indexed(store, told) == list(range(1, 101))
    assert told == []
    store.close()
