"""Every form of a command that writes, killed at its n-th change of a file or write to standard output.

A few instants of each form here; `CLAIMREG_KILLS=1000 pytest tests/faults` kills at forty of each.
"""

from __future__ import annotations

import os
import random
import signal
from typing import TYPE_CHECKING

import pytest

from .forms import in_process
from .harness import BY_NAME, FORMS, OUTPUT, Bench, Done, Faults, Form, Makes, Reference, acknowledged, not_as_told, state

if TYPE_CHECKING:
    from pathlib import Path

KILLS = max(2, int(os.environ.get("CLAIMREG_KILLS", "60")) // 25)
"""Kills of each form."""

QUOTE = "the night ferry will not run"


def instants(calls: str, chance: random.Random) -> list[Faults]:
    """Where to kill: right after the first output, at the last call, and all over; every third time in the middle of a write."""
    everywhere = list(range(1, len(calls) + 1))
    chance.shuffle(everywhere)
    chosen = list(dict.fromkeys([min(calls.find(OUTPUT) + 2, len(calls)), *everywhere]))
    plain = [Faults(at=at, torn=number % 3 == 2) for number, at in enumerate(chosen)]
    torn = [Faults(at=one.at, torn=not one.torn) for one in plain if calls[one.at - 1] in "wo"]
    return [*plain, *torn][:KILLS]


def killed(bench: Bench, form: Form, faults: Faults) -> Done:
    done = bench.run(form, faults)
    # A run may make a call or two less than the one that was counted.
    assert done.code in (-signal.SIGKILL, 0), done.stderr
    return done


@pytest.mark.timeout(3600)
@pytest.mark.parametrize("form", FORMS, ids=lambda form: form.name)
def test_nothing_acknowledged_is_lost_by_a_kill(bench: Bench, form: Form) -> None:
    reference = bench.reference(form.name)
    wrong: list[str] = []
    deaths = 0
    for faults in instants(reference.calls, random.Random(form.name)):  # noqa: S311 -- the same instants each time
        done = killed(bench, form, faults)
        deaths += done.code != 0
        where = f"killed at call {faults.at} of {len(reference.calls)} ({reference.calls[faults.at - 1]}{', torn' * faults.torn})"
        wrong += [f"{where}: {fault}" for fault in (*not_as_told(form, done, reference), *not_usable(bench, form, done))]
        bench.drop(done)
    assert wrong == []
    assert deaths >= 1


def not_usable(bench: Bench, form: Form, done: Done) -> list[str]:
    """What the next commands cannot do: they meet leftovers of the dead one, also in `.cache`."""
    if form.makes is Makes.NEW:
        again = bench.run(form, Faults(), done.folder)
        return (
            [] if again.code in (0, 1) and not state(done.folder / form.db).damage and "Traceback" not in again.stderr else [again.stderr]
        )
    if not (done.folder / form.db).exists():
        return ["the registry is gone"]
    if form.name in ("rm", "edit attribution", "source recapture --from", "restore"):
        return []
    code, printed = in_process(done.folder, "check", QUOTE)
    return [] if code == 0 and QUOTE in printed else [f"the quote is not found any more: {code} {printed}"]


PRINTS_FIRST = """
import sys
from pathlib import Path
from claimreg.model import Change, Claim
from claimreg.store.embedded import EmbeddedStore
change = Change(user="ann", at="2026-01-01T00:00:00Z", action="test")
store = EmbeddedStore(Path("registry"))
with store.write(change) as writer:
    claim = writer.put(Claim(id=writer.new_id(Claim), recorded_at=change.at, recorded_by="ann", text="text"))
    sys.stdout.write(f"Recorded claim {claim.id}.\\n")
    sys.stdout.flush()
"""


def test_control_what_prints_before_it_commits_is_found_out(bench: Bench, tmp_path: Path) -> None:
    form = Form("prints first", (), "Recorded")
    whole = bench.run_python(("-c", PRINTS_FIRST), Faults(calls=tmp_path / "calls"), bench.copy())
    calls = (tmp_path / "calls").read_text()
    reference = Reference(whole, calls, state(bench.desk / "registry"), state(whole.folder / "registry"))
    assert acknowledged(form, whole)
    assert list(not_as_told(form, whole, reference)) == []
    done = bench.run_python(("-c", PRINTS_FIRST), Faults(at=calls.index(OUTPUT) + 2), bench.copy())
    assert done.code == -signal.SIGKILL
    assert any("was acknowledged" in one for one in not_as_told(form, done, reference))


def test_control_a_command_that_changes_nothing_is_no_form(bench: Bench) -> None:
    with pytest.raises(AssertionError, match="makes no call"):
        bench.calls(Form("version", ("--version",), ""), Faults())


def test_control_a_damaged_registry_is_found_out(bench: Bench) -> None:
    form = BY_NAME["relate"]
    reference = bench.reference(form.name)
    done = bench.run(form, Faults())
    next((done.folder / "registry" / "captures").glob("*/*")).write_bytes(b"other")
    assert list(not_as_told(form, done, reference)) != []
