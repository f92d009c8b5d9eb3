"""The power is cut at any instant of real commands: what was acknowledged is there, whatever the disk kept of what was not flushed.

Some instants here; `CLAIMREG_KILLS=1000 pytest tests/faults` looks at 420 and more.
"""

from __future__ import annotations

import random
import shutil
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

import pytest

from .harness import BY_NAME, FULL, OUTPUT, Bench, Done, Faults, Form, Makes, State, acknowledged, state
from .power_cut import Disk, Event, Kept, read_journal

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

STORIES = (
    ("first add", "verdict in new"),
    ("init", "add in new", "import in new", "verdict in new"),
    ("add --source", "attribute", "link"),
    ("import", "attribute --source", "edit claim"),
    ("import bundle", "link --all"),
    ("backup", "add"),
    ("export", "add"),
    ("restore", "attribute"),
    ("source add folder", "rm"),
)
IN_NEW = {f"{name} in new": BY_NAME[name]._replace(db="new") for name in ("add", "import", "verdict")}
INSTANTS = 48 if FULL else 6
"""Instants of each story; each is looked at with nothing, some and all of what was not flushed."""


class Cut(NamedTuple):
    """An instant: the steps that were acknowledged before it, and the call after which the power goes."""

    acknowledged: int
    call: int


class Told(NamedTuple):
    """Commands one after the other, each with what it printed and the registry after it, and all their calls."""

    forms: list[Form]
    done: list[Done]
    states: list[State]
    events: list[Event]
    acknowledged: list[int]
    disk: Disk


def told(bench: Bench, names: Sequence[str], tmp_path: Path, *, lazy: bool = False) -> Told:
    """Run the commands of a story in one folder and keep their journal."""
    forms = [BY_NAME.get(name) or IN_NEW[name] for name in names]
    folder = bench.copy()
    story = Told(forms, [], [untouched(folder / forms[0].db)], [], [], Disk(folder))
    for number, form in enumerate(forms):
        log = tmp_path / f"journal{number}"
        story.done.append(bench.run(form, Faults(log=log, lazy=lazy), folder))
        assert story.done[-1].code == 0, story.done[-1].stderr
        events = read_journal(log)
        spoken = [index for index, event in enumerate(events) if event.kind == OUTPUT]
        story.acknowledged.append(len(story.events) + spoken[-1] + 1)
        story.events.extend(events)
        story.states.append(untouched(folder / form.db))
    return story


def untouched(registry: Path) -> State:
    """What a registry holds, looked at in a copy: to open it may change files, which no journal would tell."""
    copy = registry.parent.parent / "looked at"
    if registry.exists():
        shutil.copytree(registry, copy)
    found = state(copy)
    shutil.rmtree(copy, ignore_errors=True)
    return found


def cuts(story: Told, chance: random.Random) -> list[Cut]:
    """Instants, in order: right after each acknowledgement, at the end, and between."""
    calls = [call for one in story.acknowledged for call in (one, one + 1)] + [len(story.events)]
    others = list(range(1, len(story.events)))
    chance.shuffle(others)
    calls = sorted(dict.fromkeys(min(call, len(story.events)) for call in [*calls, *others]), key=[*calls, *others].index)[:INSTANTS]
    return [Cut(sum(one <= call for one in story.acknowledged), call) for call in sorted(calls)]


def lost(story: Told, cut: Cut, folder: Path) -> Iterator[str]:
    """What is not there after a power cut, though it was acknowledged; and what is damaged."""
    form = story.forms[min(cut.acknowledged, len(story.forms) - 1)]
    found = state(folder / form.db)
    yield from found.damage
    expected = story.states[cut.acknowledged : cut.acknowledged + 2]
    if not found.damage and all(found.records != one.records for one in expected) and not form.step_by_step:
        yield f"after {cut.acknowledged} of {len(story.forms)} acknowledgements the registry holds {len(found.records)} records"
    for made, done in zip(story.forms[: cut.acknowledged], story.done, strict=False):
        if made.makes is Makes.COPY:
            copy = state(folder / made.arguments[1])
            if copy.damage or copy.records != story.states[0].records:
                yield f"the copy was acknowledged: {copy.damage or len(copy.records)}"
        if made.makes is Makes.BUNDLE:
            bundle = folder / made.arguments[2]
            if not bundle.exists() or bundle.read_bytes() != (done.folder / made.arguments[2]).read_bytes():
                yield "the bundle was acknowledged"


def after_cuts(story: Told, tmp_path: Path, chance: random.Random) -> list[str]:
    """All that is lost or damaged after the power was cut at one instant or another."""
    wrong: list[str] = []
    applied = 0
    for cut in cuts(story, chance):
        for event in story.events[applied : cut.call]:
            story.disk.apply(event)
        applied = cut.call
        for kept in Kept:
            target = tmp_path / "after"
            story.disk.materialise(target, kept, chance)
            last = story.events[cut.call - 1]
            where = f"cut after call {cut.call} of {len(story.events)} ({last.kind} {Path(last.path).name}), {kept.value} of the rest kept"
            wrong += [f"{where}: {fault}" for fault in lost(story, cut, target)]
            shutil.rmtree(target)
    for event in story.events[applied:]:
        story.disk.apply(event)
    return wrong


@pytest.mark.timeout(3600)
@pytest.mark.parametrize("names", STORIES, ids=", then ".join)
def test_nothing_acknowledged_is_lost_by_a_power_cut(bench: Bench, tmp_path: Path, names: tuple[str, ...]) -> None:
    story = told(bench, names, tmp_path)
    for form, done in zip(story.forms, story.done, strict=True):
        assert acknowledged(form, done), done
    assert after_cuts(story, tmp_path, random.Random(names[0])) == []  # noqa: S311 -- the same instants each time
    # Else calls went by unseen, and the model is of another disk.
    folder = story.done[0].folder
    there = {str(one.relative_to(folder)): one.read_bytes() for one in folder.rglob("*") if one.is_file()}
    assert story.disk.files() == {name: content for name, content in there.items() if not name.endswith("-shm")}


WRITER = """
import os, sys
flushes = sys.argv[1]
with open("part", "wb") as file:
    file.write(b"evidence")
    file.flush()
    if "file" in flushes:
        os.fsync(file.fileno())
os.replace("part", "copy/README")
if "folder" in flushes:
    os.fsync(os.open("copy", os.O_RDONLY))
sys.stdout.write("Copied.\\n")
sys.stdout.flush()
"""


@pytest.mark.parametrize(("flushes", "survives"), [("file folder", True), ("file", False), ("folder", False), ("", False)])
def test_control_a_writer_that_does_not_flush_is_found_out(bench: Bench, tmp_path: Path, flushes: str, survives: bool) -> None:  # noqa: FBT001 -- a column of the table
    folder = bench.copy()
    disk = Disk(folder)
    done = bench.run_python(("-c", WRITER, flushes), Faults(log=tmp_path / "journal"), folder)
    assert done.code == 0, done.stderr
    for event in read_journal(tmp_path / "journal"):
        disk.apply(event)
    found = {}
    for kept in (Kept.FLUSHED, Kept.ALL):
        disk.materialise(tmp_path / kept.name, kept, random.Random(1))  # noqa: S311 -- always the same
        found[kept] = (tmp_path / kept.name / "copy" / "README").read_bytes()
    assert found[Kept.ALL] == b"evidence"
    assert (found[Kept.FLUSHED] == b"evidence") is survives


@pytest.mark.parametrize("names", [("add --source",), ("backup",), ("export",)], ids="".join)
def test_control_a_disk_that_flushes_nothing_is_found_out(bench: Bench, tmp_path: Path, names: tuple[str, ...]) -> None:
    story = told(bench, names, tmp_path, lazy=True)
    assert any("acknowledge" in one for one in after_cuts(story, tmp_path, random.Random(1)))  # noqa: S311 -- always the same
