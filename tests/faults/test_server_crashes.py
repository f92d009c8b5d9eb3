"""A shared registry's server crashes under several writers: what was acknowledged is there, and what was not is not."""

import os
import subprocess
import sys
import time
from collections import Counter
from contextlib import closing
from pathlib import Path

import pytest
from postgres_server import crash, programs, server, started

from claimreg.model import Claim
from claimreg.opening import open_registry
from claimreg.store.factory import open_store

CRASHES = 20 if os.environ.get("CLAIMREG_ALL") else 3
WRITERS = 4


@pytest.mark.skipif(os.name == "nt", reason="the tests' PostgreSQL server is started on POSIX systems only")
def test_no_crash_of_the_server_loses_what_was_acknowledged_or_leaves_a_doubt(tmp_path: Path) -> None:
    server()  # skips where there is none
    found = programs()
    assert found is not None
    one = started(found, fsync=True)
    address = one.address("crashed")
    open_store(address, create=True).close()
    going = tmp_path / "going"
    going.touch()
    outputs = [tmp_path / f"writer{number}" for number in range(WRITERS)]
    script = Path(__file__).with_name("shared_writer.py")
    writers = []
    for path in outputs:
        with path.open("w", encoding="utf-8") as output:
            writers.append(subprocess.Popen([sys.executable, script, address, path.name, going], stdout=output))
    try:
        for number in range(CRASHES):
            _wait_for_more(outputs)
            # Each time at another point of what they do.
            time.sleep(0.37 * number % 0.5)
            one = crash(one)
        _wait_for_more(outputs)
    finally:
        going.unlink()
        for writer in writers:
            writer.wait(60)
    assert [writer.returncode for writer in writers] == [0] * WRITERS
    told = [line.split("\t") for path in outputs for line in path.read_text("utf-8").splitlines()]
    with closing(open_store(address, create=False)) as store:
        recorded = Counter(claim.text for claim in store.find(Claim))
        events = store.head()[0]
    acknowledged = {text for answer, text, _why in told if answer == "yes"}
    refused = {text: why for answer, text, why in told if answer == "no"}
    sys.stdout.write(
        f"{CRASHES} crashes, {len(acknowledged)} acknowledged, {len(acknowledged - recorded.keys())} lost; "
        f"{sum(why == 'looked for' for *_told, why in told)} commits looked for and found, "
        f"{sum('before this was recorded' in why for why in refused.values())} looked for and not there, {len(refused)} refused\n"
    )
    assert acknowledged == recorded.keys()
    assert not refused.keys() & recorded.keys()
    assert not [why for why in refused.values() if "does not say yet" in why]
    assert set(recorded.values()) == {1}
    assert events == len(recorded)
    with open_registry(address) as registry:
        assert registry.verify().damage == []


def _wait_for_more(outputs: list[Path]) -> None:
    """Wait until each writer has recorded some more."""
    before = [_recorded(path) for path in outputs]
    until = time.monotonic() + 60
    while any(_recorded(path) < count + 20 for path, count in zip(outputs, before, strict=True)):
        assert time.monotonic() < until
        time.sleep(0.02)


def _recorded(path: Path) -> int:
    return path.read_bytes().count(b"yes\t")
