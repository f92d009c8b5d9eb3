"""The index of texts under `kill -9` and under several writers: no quote of a source that was acknowledged is missed.

The number of kills is short here; `CLAIMREG_KILLS=300 pytest tests/faults/test_text_index_survival.py` runs more.
"""

import os
import random
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from claimreg.services.linking.likely import FEW, LikelyDocuments
from claimreg.store.embedded import EmbeddedStore

KILLS = int(os.environ.get("CLAIMREG_KILLS", "25"))

WRITER = """
import sys
from pathlib import Path
from claimreg.model import Change
from claimreg.services.linking.likely import bring_up_to_date
from claimreg.services.recording.sources import IncomingDocument, SourceDetails, store_source
from claimreg.store.embedded import EmbeddedStore
change = Change(user="ann", at="2026-01-01T00:00:00Z", action="test")
store = EmbeddedStore(Path(sys.argv[1]))
for number in range(int(sys.argv[2])):
    text = f"The keeper of lamp {sys.argv[3]} number {number} wrote down the hour of the storm."
    with store.write(change) as writer:
        stored = store_source(writer, IncomingDocument(text.encode(), text, "x.txt"), SourceDetails())
    print(stored.source.id, text, sep="\\t", flush=True)
    bring_up_to_date(store)
"""


def start(target: Path, name: str, writes: int = 100_000) -> subprocess.Popen[str]:
    return subprocess.Popen([sys.executable, "-c", WRITER, str(target), str(writes), name], stdout=subprocess.PIPE, text=True)


def missed(target: Path, acknowledged: dict[str, str], told: list[str]) -> list[str]:
    """The sources whose own words do not lead to them, and what was told of the index."""
    store = EmbeddedStore(target)
    with LikelyDocuments(store, told.append) as documents:
        lost = [source for source, text in acknowledged.items() if source not in {one.id for one, _, _ in documents.of(text)}]
    store.close()
    return lost


@pytest.mark.timeout(3600)
def test_a_kill_while_the_index_is_updated_costs_no_quote(tmp_path: Path) -> None:
    chance = random.Random(12)  # noqa: S311 -- the same instants each time
    target = tmp_path / "registry"
    acknowledged: dict[str, str] = {}
    told: list[str] = []
    with start(target, "first", FEW + 5) as writer:
        acknowledged |= dict(line.split("\t", 1) for line in writer.communicate()[0].splitlines())
    for number in range(KILLS):
        with start(target, f"n{number}") as writer:
            assert writer.stdout is not None
            first = writer.stdout.readline()
            time.sleep(chance.random() * 0.05)
            writer.send_signal(signal.SIGKILL)
            lines = [first, *writer.stdout.read().splitlines(keepends=True)]
        now = dict(line.rstrip("\n").split("\t", 1) for line in lines if line.endswith("\n"))
        acknowledged |= now
        assert missed(target, now, told) == []
        assert len(list(target.glob(".cache/grams/*.segment"))) < 40
    assert missed(target, acknowledged, told) == []
    assert told == []


def test_several_writers_leave_one_index_of_all(tmp_path: Path) -> None:
    target = tmp_path / "registry"
    EmbeddedStore(target).close()
    writers = [start(target, name, 15) for name in ("east", "west", "north", "south")]
    acknowledged: dict[str, str] = {}
    for writer in writers:
        acknowledged |= dict(line.split("\t", 1) for line in writer.communicate(timeout=300)[0].splitlines())
    assert [writer.returncode for writer in writers] == [0] * 4
    told: list[str] = []
    assert missed(target, acknowledged, told) == []
    assert (len(acknowledged), told) == (60, [])
