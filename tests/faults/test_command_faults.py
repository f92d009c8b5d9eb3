"""Commands whose disk fails or is full, at any call; and standard output that cannot be written to.

A few calls of each command here; `CLAIMREG_KILLS=1000 pytest tests/faults` takes all.
"""

from __future__ import annotations

import errno
import random
import re
from typing import TYPE_CHECKING

import pytest

from .harness import BY_NAME, CHANGES, FORMS, FULL, OUTPUT, Bench, Done, Faults, Form, Makes, Reference, acknowledged, not_as_told, state

if TYPE_CHECKING:
    from collections.abc import Iterator

NINE = ("add --source", "attribute", "edit claim", "import", "link", "source add text", "backup", "export", "restore")
NEEDS_ROOM = "cmtwsrl"
"""What a full disk refuses: nothing is refused that only takes away."""

SAMPLE = 2


def untruths(form: Form, done: Done, reference: Reference) -> Iterator[str]:
    """What is wrong with how a command ended and what it said, held against what is there."""
    if done.code not in (0, 1):
        yield f"it ended with exit code {done.code}: {done.stderr}"
    if "Traceback" in done.stderr or "Exception ignored" in done.stderr:
        yield f"it shows its insides: {done.stderr}"
    is_done = _is_done(form, done, reference)
    if done.code == 0 and not is_done:
        yield "it ended with exit code 0, and nothing is there"
    if done.code == 1 and len(done.sentences) != 1:
        yield f"it failed with {len(done.sentences)} sentences: {done.stderr}"
    if done.code == 1:
        yield from _false_sentences(form, done, is_done=is_done)
    if done.code == 0 or not is_done:
        yield from not_as_told(form, done, reference)
    else:
        yield from state(done.folder / form.db).damage


def _false_sentences(form: Form, done: Done, *, is_done: bool) -> Iterator[str]:
    says = " ".join(done.sentences)
    if not is_done and acknowledged(form, done):
        yield f"it is not there, and was acknowledged: {done.stdout}{says}"
    if form.makes in (Makes.COPY, Makes.BUNDLE):
        # Nobody knows whether a copy that could not be flushed is whole; it must be named.
        if is_done and form.arguments[-1] not in says:
            yield f"it is there, and the sentence does not name it: {says}"
        return
    if is_done and not re.search(r"\bbut\b", says):
        yield f"it is there, and the sentence does not say so: {says}"
    if is_done and re.search(r"nothing (of it )?was|was not|were not", says):
        yield f"it is there, and the sentence says that it is not: {says}"
    if not is_done and re.search(r"\b(was|were) (recorded|copied|made|changed), but", says):
        yield f"it is not there, and the sentence says that it is: {says}"


def _is_done(form: Form, done: Done, reference: Reference) -> bool:
    """Whether the whole of what the command makes is there."""
    if form.makes is Makes.COPY:
        copy = state(done.folder / form.arguments[1])
        return not copy.damage and copy.records == reference.before.records
    if form.makes is Makes.BUNDLE:
        return (done.folder / form.arguments[2]).exists()
    if form.makes is Makes.NOTHING:
        return done.code == 0
    if form.name == "init":
        return (done.folder / form.db / "registry.db").exists()
    return state(done.folder / form.db).records == reference.after.records


def sampled(kinds: list[str], name: str) -> list[int]:
    """Numbers of calls to fail: all, or a few, those that are not plain writes first."""
    numbers = list(range(1, len(kinds) + 1))
    if FULL:
        return numbers
    random.Random(name).shuffle(numbers)  # noqa: S311 -- the same calls each time
    return sorted(numbers, key=lambda number: kinds[number - 1] == "w")[:SAMPLE]


@pytest.mark.timeout(7200)
@pytest.mark.parametrize(("error", "ops"), [(errno.EIO, CHANGES), (errno.ENOSPC, NEEDS_ROOM)], ids=["EIO", "ENOSPC"])
@pytest.mark.parametrize("name", NINE)
def test_a_failing_disk_is_told_truly(bench: Bench, name: str, error: int, ops: str) -> None:
    form, reference = BY_NAME[name], bench.reference(name)
    calls = [call for call in bench.all_calls(name) if call in ops]
    wrong: list[str] = []
    for at in sampled(calls, f"{name} {error}"):
        sticky = error == errno.ENOSPC or at % 2 == 0
        done = bench.run(form, Faults(at=at, error=error, sticky=sticky, ops=ops, everywhere=True))
        where = f"call {at} of {len(calls)} ({calls[at - 1]}{', and all later ones' * sticky})"
        wrong += [f"{where}: {fault}" for fault in untruths(form, done, reference)]
        bench.drop(done)
    assert wrong == []


@pytest.mark.parametrize("name", ["edit claim", "source add text"])
def test_a_disk_that_confirms_nothing_from_some_flush_on_is_told_truly(bench: Bench, name: str) -> None:
    """What SQLite has in its log when the flush fails is there for the next command."""
    form, reference = BY_NAME[name], bench.reference(name)
    calls = [call for call in bench.all_calls(name) if call in CHANGES]
    flushes = [number for number, call in enumerate(calls, 1) if call == "s"]
    assert flushes
    wrong: list[str] = []
    for at in flushes:
        done = bench.run(form, Faults(at=at, error=errno.EIO, sticky=True, ops=CHANGES, everywhere=True))
        wrong += [f"flush at call {at} of {len(calls)}: {fault}" for fault in untruths(form, done, reference)]
        bench.drop(done)
    assert wrong == []


@pytest.mark.timeout(7200)
@pytest.mark.parametrize("form", FORMS, ids=lambda form: form.name)
def test_an_output_that_cannot_be_written_is_told_truly(bench: Bench, form: Form) -> None:
    reference = bench.reference(form.name)
    outputs = reference.calls.count(OUTPUT)
    errors = (errno.EIO, errno.ENOSPC, errno.EPIPE)
    chosen = [(at, error) for at in range(1, outputs + 1) for error in errors]
    if not FULL:
        chosen = [chosen[FORMS.index(form) % len(chosen)]]
    wrong: list[str] = []
    for at, error in chosen:
        done = bench.run(form, Faults(at=at, error=error, sticky=True, ops=OUTPUT))
        where = f"{errno.errorcode[error]} at output {at} of {outputs}"
        wrong += [f"{where}: {fault}" for fault in untruths(form, done, reference)]
        # Whoever reads no more misses nothing; a file that lacks what was said is told of.
        if done.code != (0 if error == errno.EPIPE else 1):
            wrong.append(f"{where}: it ended with exit code {done.code}: {done.stderr}")
        bench.drop(done)
    assert wrong == []


@pytest.mark.parametrize("error", [errno.EIO, errno.ENOSPC], ids=["EIO", "ENOSPC"])
def test_control_a_lie_is_found_out(bench: Bench, error: int) -> None:
    form, reference = BY_NAME["relate"], bench.reference("relate")
    done = bench.run(form, Faults(at=reference.calls.index("s") + 1, error=error, sticky=True))
    assert done.code == 1
    assert list(untruths(form, done, reference)) == []
    told = done._replace(stdout=reference.done.stdout)
    assert list(untruths(form, told, reference)) != []
    assert list(untruths(form, told._replace(code=0, stderr=""), reference)) != []
    assert list(untruths(form, reference.done._replace(code=1, stderr="claimreg: Nothing was recorded.\n"), reference)) != []
