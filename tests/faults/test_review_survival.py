"""A review that is killed at any instant: whatever was acknowledged on the screen is kept.

The number of kills is short here; `CLAIMREG_KILLS=1000 pytest tests/faults` runs them in full, through all links.
"""

import os
import random
import re
import signal
import sys
import time
from pathlib import Path
from typing import Any

import pytest

from claimreg.model import Attribution, Change, Claim, Link, LinkKind, LinkState, Party, Source, Span, Stance
from claimreg.services.evidence.verify import verify
from claimreg.services.recording.sources import IncomingDocument, SourceDetails, store_source
from claimreg.store.embedded import EmbeddedStore

pytest.importorskip("pty", reason="there are no terminals of this kind here")
from terminal import Terminal

KILLS = int(os.environ.get("CLAIMREG_KILLS", "60")) // 8
LINKS = 1_000
CHANGE = Change(user="ann", at="2026-01-01T00:00:00Z", action="test")
STAMP: dict[str, Any] = {"recorded_at": CHANGE.at, "recorded_by": "ann"}
SAID = re.compile(rb"(L\d+) (confirmed|rejected)\.")


def make_registry(folder: Path) -> None:
    """A registry with many links that wait."""
    lines = [f"The clerk of counter {number} said that the night ferry is late" for number in range(LINKS)]
    text = "\n".join(lines)
    store = EmbeddedStore(folder)
    with store.write(CHANGE) as writer:
        captured = store_source(writer, IncomingDocument(text.encode(), text, location="log"), SourceDetails())
        writer.put(Party(id=writer.new_id(Party), name="Clerk", **STAMP))
        start = 0
        for line in lines:
            claim = writer.put(Claim(id=writer.new_id(Claim), text=line, **STAMP))
            said = writer.put(
                Attribution(
                    id=writer.new_id(Attribution), claim_id=claim.id, party_id="P1", party_as_written="Clerk", stance=Stance.ASSERTS,
                    quote=line, source_id=captured.source.id, **STAMP,
                )
            )  # fmt: skip
            end = start + len(line)
            writer.put(
                Link(
                    id=writer.new_id(Link), attribution_id=said.id, source_id=captured.source.id, capture_id=captured.capture.id,
                    start=start, end=end, exact=line, prefix=text[max(0, start - 32) : start], suffix=text[end : end + 32], score=100.0,
                    kind=LinkKind.EXACT, parts=(Span(start, end),), probability=1.0, method="layered/1", **STAMP,
                )
            )  # fmt: skip
            start = end + 1
    assert next(store.find(Source)).id == "S1"
    store.close()


def review(terminal: Terminal, chance: random.Random, most: int, killed_at: float | None) -> dict[str, str]:
    """Decide link after link as they come on the screen, until the process is killed; what was acknowledged."""
    told: dict[str, str] = {}
    for _ in range(most):
        if killed_at is not None and time.monotonic() >= killed_at:
            break
        known = len(told)
        os.write(terminal.fd, chance.choice((b"y", b"n")))
        while len(told) == known:
            if not terminal.read_on(5.0):
                return told
            told.update({link.decode(): state.decode() for link, state in SAID.findall(terminal.printed)})
        terminal.printed = terminal.printed[-200:]
    if killed_at is not None:
        # In the middle of the next decision.
        os.write(terminal.fd, b"y")
        time.sleep(chance.random() * 0.02)
        terminal.process.send_signal(signal.SIGKILL)
        while terminal.read_on(1.0):
            pass
        told.update({link.decode(): state.decode() for link, state in SAID.findall(terminal.printed)})
    return told


@pytest.mark.timeout(3600)
def test_every_acknowledged_decision_outlives_a_kill(tmp_path: Path) -> None:
    folder = tmp_path / "registry"
    make_registry(folder)
    env = {**os.environ, "CLAIMREG_DB": str(folder), "CLAIMREG_USER": "ann", "TERM": "xterm", "PYTHONIOENCODING": "utf-8"}
    env["PYTHONPATH"] = str(Path(__file__).parents[2])
    chance = random.Random(7)  # noqa: S311 -- the same instants each time
    told: dict[str, str] = {}
    kills = 0
    while kills < KILLS and len(told) < LINKS - 100:
        with Terminal([sys.executable, "-m", "claimreg", "review", "--only", "links"], env, tmp_path) as terminal:
            terminal.wait_for(" link", "y confirm")
            told.update(review(terminal, chance, LINKS, time.monotonic() + chance.random() * 0.3))
            terminal.process.wait(timeout=10)
            assert terminal.process.returncode == -signal.SIGKILL
        kills += 1
    store = EmbeddedStore(folder)
    states = {link.id: link.state.value for link in store.find(Link)}
    assert {link: states[link] for link in told} == told
    assert len(told) > kills
    decided = sum(state != LinkState.SUGGESTED.value for state in states.values())
    # At most the one decision that was being made when it was killed is kept without having been told.
    assert len(told) <= decided <= len(told) + kills
    store.close()
    sys.stdout.write(f"{kills} kills, {len(told)} decisions acknowledged and kept, {decided - len(told)} kept before they were told\n")
    with Terminal([sys.executable, "-m", "claimreg", "review", "--only", "links"], env, tmp_path) as terminal:
        # What is left is exactly what was not decided.
        terminal.wait_for(f"1 of {LINKS - decided:,} · link")
        told.update(review(terminal, chance, (LINKS - decided) if KILLS > 100 else 30, None))
    store = EmbeddedStore(folder)
    states = {link.id: link.state.value for link in store.find(Link)}
    assert {link: states[link] for link in told} == told
    assert verify(store).damage == []
    store.close()
