"""Real commands under faults: run with the shim before the C library, then looked at as any later command would find them."""

from __future__ import annotations

import hashlib
import os
import re
import shutil
import subprocess
import sys
from contextlib import closing
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from claimreg.codec import to_document
from claimreg.errors import ClaimregError
from claimreg.model import RECORD_TYPES
from claimreg.services.evidence.verify import verify
from claimreg.store.factory import open_store, registry_exists

from .forms import BY_NAME, FORMS, Form, Makes, environment, make_desk

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from loopback import Site

SHIM = Path(__file__).with_name("shim.c")
OUTPUT = "o"
CHANGES = "cmtwsrudl"
"""The kinds of calls that change files, see shim.c; `OUTPUT` is a write to standard output."""

FULL = int(os.environ.get("CLAIMREG_KILLS", "0")) >= 1000 or bool(os.environ.get("CLAIMREG_ALL"))
_ID = re.compile(r"\b[A-Z][1-9]\d*\b")
_MOMENTS = {"looked", "recorded_at", "retrieved_at", "removed_at", "rated_at", "warc_sha256"}
"""What differs from one run to the next: times, and bytes that hold them."""

Records = dict[str, dict[str, Any]]


class Faults(NamedTuple):
    """What happens to a command: at the call numbered ``at`` of those in ``ops`` it is killed, or gets ``error`` (an errno).

    ``everywhere`` takes in temporary files beside the command's folder; ``lazy`` lets the disk flush nothing.
    """

    at: int = 0
    error: int = 0
    sticky: bool = False
    torn: bool = False
    ops: str = CHANGES + OUTPUT
    everywhere: bool = False
    lazy: bool = False
    calls: Path | None = None
    log: Path | None = None

    def variables(self, shim: Path, folder: Path) -> dict[str, str]:
        """The environment that tells the shim."""
        values: dict[str, str | int | Path | None] = {
            "LD_PRELOAD": shim, "FAULT_PATH": folder.parent if self.everywhere else folder, "FAULT_OPS": self.ops, "FAULT_AT": self.at,
            "FAULT_ERRNO": self.error, "FAULT_STICKY": int(self.sticky), "FAULT_TORN": int(self.torn), "FAULT_LAZY": int(self.lazy),
            "FAULT_COUNT": self.calls, "FAULT_LOG": self.log,
        }  # fmt: skip
        return {name: str(value) for name, value in values.items() if value is not None}


class Done(NamedTuple):
    """What a command left: its exit code (negative: the signal that killed it), what it printed, and its folder."""

    code: int
    stdout: str
    stderr: str
    folder: Path

    @property
    def sentences(self) -> list[str]:
        """What it says went wrong."""
        return [line for line in self.stderr.splitlines() if line.startswith("claimreg: ")]


class State(NamedTuple):
    """What a registry holds, without moments, and what `verify` says is wrong with it."""

    records: Records
    damage: list[str]


class Reference(NamedTuple):
    """A form's run without faults: what it printed, the calls it made, and what was there before and after."""

    done: Done
    calls: str
    before: State
    after: State


class Bench:
    """Builds the shim and the folder that commands begin with, and runs commands in copies of it."""

    def __init__(self, folder: Path, compiler: str, site: Site) -> None:
        self._folder = folder
        self._runs = 0
        self._references: dict[str, Reference] = {}
        self._calls: dict[str, str] = {}
        self._site = site
        self.shim = folder / "shim.so"
        subprocess.run([compiler, "-shared", "-fPIC", "-O1", "-o", self.shim, SHIM, "-ldl", "-lpthread"], check=True)

    @cached_property
    def desk(self) -> Path:
        """The folder that every command begins with."""
        make_desk(self._folder / "template" / "desk", self._site)
        return self._folder / "template" / "desk"

    def copy(self) -> Path:
        """A fresh copy of it."""
        self._runs += 1
        folder = self._folder / f"run{self._runs}" / "desk"
        shutil.copytree(self.desk, folder)
        (folder.parent / "temporary").mkdir()
        return folder

    def run(self, form: Form, faults: Faults, folder: Path | None = None) -> Done:
        """Run a form under faults, in a fresh copy unless a folder is given."""
        return self.run_python(("-m", "claimreg", *form.arguments), faults, folder or self.copy(), db=form.db)

    def run_python(self, arguments: Sequence[str], faults: Faults, folder: Path, *, db: str = "registry") -> Done:
        """Run Python under faults."""
        surroundings = environment(folder) | faults.variables(self.shim, folder) | {"CLAIMREG_DB": str(folder / db)}
        command = [sys.executable, *arguments]
        done = subprocess.run(
            command, cwd=folder, env=surroundings, stdin=subprocess.DEVNULL, capture_output=True, check=False, timeout=120
        )
        return Done(done.returncode, done.stdout.decode(), done.stderr.decode(), folder)

    def calls(self, form: Form, faults: Faults) -> tuple[str, Done]:
        """The calls that a form makes without faults, a letter each, and what it left. There must be some."""
        counted = self._folder / "counted"
        counted.unlink(missing_ok=True)
        done = self.run(form, faults._replace(calls=counted))
        calls = counted.read_text() if counted.exists() else ""
        assert set(calls) & set(CHANGES), f"{form.name} makes no call that the shim sees"
        return calls, done

    def all_calls(self, name: str) -> str:
        """The calls of a form, those for temporary files too, counted once."""
        if name not in self._calls:
            self._calls[name], done = self.calls(BY_NAME[name], Faults(ops=CHANGES, everywhere=True))
            self.drop(done)
        return self._calls[name]

    def reference(self, name: str) -> Reference:
        """The form's run without faults, made once."""
        if name not in self._references:
            form = BY_NAME[name]
            calls, done = self.calls(form, Faults())
            assert done.code == 0, done.stderr
            assert acknowledged(form, done), f"{name} acknowledges nothing: {done}"
            states = state(self.desk / form.db), state(done.folder / form.db)
            assert not states[0].damage + states[1].damage
            self._references[name] = Reference(done, calls, *states)
        return self._references[name]

    def drop(self, done: Done) -> None:
        """Remove the folder of a run that was looked at."""
        shutil.rmtree(done.folder.parent)


def state(registry: Path) -> State:
    """What a registry holds; one that is not there, as commands see it, holds nothing."""
    if not registry_exists(str(registry)):
        return State({}, [])
    try:
        with closing(open_store(str(registry), create=False)) as store:
            records = {one.id: _timeless(to_document(one)) for kind in RECORD_TYPES for one in store.find(kind, withdrawn=True)}
            return State(records, [" ".join(one) for one in verify(store).damage])
    except ClaimregError as error:
        return State({}, [str(error)])


def _timeless(document: Mapping[str, Any]) -> dict[str, Any]:
    return {name: (value is not None if name in _MOMENTS else value) for name, value in document.items()}


def acknowledged(form: Form, done: Done) -> list[str]:
    """The whole lines by which a command says that it is done."""
    lines = [line for text in (done.stdout, done.stderr) for line in text.splitlines(keepends=True) if line.endswith("\n")]
    return [line for line in lines if re.match(form.acknowledges, line)]


def not_as_told(form: Form, done: Done, reference: Reference) -> Iterator[str]:
    """What a later command would find wrong with the registry, held against what this one acknowledged."""
    found = state(done.folder / form.db)
    yield from found.damage
    told = acknowledged(form, done)
    for line in told:
        for one in sorted(set(_ID.findall(line)) & set(reference.after.records)):
            if found.records.get(one) != reference.after.records[one]:
                yield f"“{line.strip()}” was acknowledged, but {one} is not as it says"
    if form.makes in (Makes.RECORDS, Makes.RESTORED, Makes.NEW) and told and not form.step_by_step and not _same(found, reference.after):
        yield f"“{told[0].strip()}” was acknowledged, but it is not there"
    yield from _half_done(form, found, reference)
    yield from _copies(form, done, reference, whole=bool(told))


def _half_done(form: Form, found: State, reference: Reference) -> Iterator[str]:
    if found.damage or _same(found, reference.before) or _same(found, reference.after):
        return
    allowed = [reference.before.records, reference.after.records]
    strange = [one for one, record in found.records.items() if all(records.get(one) != record for records in allowed)]
    if strange or not form.step_by_step:
        yield f"a part of it is there: {', '.join(strange) or sorted(set(found.records) ^ set(reference.before.records))}"


def _same(one: State, other: State) -> bool:
    return one.records == other.records


def _copies(form: Form, done: Done, reference: Reference, *, whole: bool) -> Iterator[str]:
    """What is wrong with a copy or a bundle: it must be whole where that was acknowledged, and where it can be taken for one."""
    if form.makes is Makes.COPY:
        copy = done.folder / form.arguments[1]
        if whole or (copy / "registry.db").exists():
            found = state(copy) if copy.exists() else State({}, ["it is not there"])
            yield from (f"the copy: {one}" for one in found.damage)
            if not found.damage and not _same(found, reference.before):
                yield "the copy holds something else"
    if form.makes is Makes.BUNDLE:
        bundle, made = (folder / form.arguments[2] for folder in (done.folder, reference.done.folder))
        if (whole or bundle.exists()) and _digest(bundle) != _digest(made):
            yield "the bundle is not whole"


def _digest(path: Path) -> str | None:
    return hashlib.sha256(path.read_bytes()).hexdigest() if path.exists() else None


__all__ = ["BY_NAME", "FORMS", "Bench", "Done", "Faults", "Form", "Makes", "Reference", "State", "acknowledged", "not_as_told", "state"]
