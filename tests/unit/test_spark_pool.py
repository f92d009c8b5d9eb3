"""The half of the Spark engine that needs no Spark: waves, tasks, order, and versions."""

from __future__ import annotations

import pickle
import socket
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path
from types import ModuleType, SimpleNamespace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

import claimreg
from claimreg.corpus.base import Block, Line, Position
from claimreg.errors import InputError, SparkError
from claimreg.services.bulk.work import BlockResult
from claimreg.spark import pool, task
from claimreg.spark.pool import BLOCKS_OF_TASK, CARRIED_BY_WAVE, SIZE_OF_TASK, SparkEngine, results_in, tasks_of, waves_of

VERSIONS = ("1.0", "3", "layered/3")
GIVEN_UP = """Job aborted: most recent failure: Lost task 0.3 (TID 11) (192.0.2.2 executor 1): java.io.IOException: no space
\tat x"""
MEGABYTE = 2**20


@dataclass(frozen=True)
class Numbered:
    """The content of a block, known by its number."""

    number: int
    carried: int = 0

    def read(self) -> Iterator[Line]:
        raise AssertionError


def block(number: int, size: int = MEGABYTE, carried: int = 0) -> Block:
    return Block(Numbered(number, carried), Position(0, number), size)


def numbers(waves: list[list[list[Block]]]) -> list[list[list[int]]]:
    return [[[one.position.at for one in blocks] for blocks in wave] for wave in waves]


def test_each_slot_has_a_task_of_some_blocks() -> None:
    found = numbers(list(waves_of(map(block, range(18)), lambda: 2)))
    assert found == [[[0, 1, 2, 3], [4, 5, 6, 7]], [[8, 9, 10, 11], [12, 13, 14, 15]], [[16], [17]]]


def test_few_blocks_are_spread_over_the_slots() -> None:
    assert numbers(list(waves_of(map(block, range(5)), lambda: 3))) == [[[0, 1], [2, 3], [4]]]
    assert numbers(list(waves_of(map(block, range(5)), lambda: 8))) == [[[0], [1], [2], [3], [4]]]
    assert list(waves_of(iter([]), lambda: 8)) == []


def test_large_blocks_are_tasks_of_their_own() -> None:
    sizes = [SIZE_OF_TASK * 9, SIZE_OF_TASK, SIZE_OF_TASK // 2, SIZE_OF_TASK // 2, 1]
    blocks = (block(number, size) for number, size in enumerate(sizes))
    assert numbers(list(waves_of(blocks, lambda: 2))) == [[[0], [1]], [[2, 3], [4]]]


def test_the_cluster_may_grow() -> None:
    slots = iter([1, 2, 4])
    assert [len(wave) for wave in waves_of(map(block, range(28)), lambda: next(slots))] == [1, 2, 4]


@given(
    st.lists(st.tuples(st.integers(1, 2 * SIZE_OF_TASK), st.integers(0, CARRIED_BY_WAVE * 2)), max_size=60),
    st.integers(0, 5),
)
def test_waves_keep_the_order_and_the_limits(sizes: list[tuple[int, int]], slots: int) -> None:
    blocks = [block(number, size, carried) for number, (size, carried) in enumerate(sizes)]
    waves = list(waves_of(iter(blocks), lambda: slots))
    assert [one for wave in waves for blocks_ in wave for one in blocks_] == blocks
    for wave in waves:
        assert all(1 <= len(blocks_) <= BLOCKS_OF_TASK for blocks_ in wave)
        assert all(len(blocks_) == 1 or sum(one.size for one in blocks_) <= SIZE_OF_TASK for blocks_ in wave)
        held = [one for blocks_ in wave for one in blocks_]
        assert len(held) == 1 or sum(one.content.carried for one in held) <= CARRIED_BY_WAVE
        assert len(tasks_of(held, BLOCKS_OF_TASK)) <= max(1, slots)


@dataclass
class Fake:
    """A Spark context that works in this process; ``given`` are the blocks of each job, ``fails`` is raised instead of an outcome."""

    defaultParallelism: int = 2  # noqa: N815 -- Spark's name
    master: str = "local[2]"
    given: list[list[list[int]]] = field(default_factory=list)
    groups: set[str] = field(default_factory=set)
    cancelled: list[str] = field(default_factory=list)
    files: list[Path] = field(default_factory=list)
    running: threading.Event = field(default_factory=threading.Event)
    fails: Exception | None = None
    waits: bool = False
    active_tasks: int = 0

    def statusTracker(self) -> Any:  # noqa: ANN401, N802
        return self

    def getActiveStageIds(self) -> list[int]:  # noqa: N802
        return [1, 2]

    def getStageInfo(self, stage: int) -> Any:  # noqa: ANN401, N802
        return SimpleNamespace(numActiveTasks=self.active_tasks) if stage == 2 else None

    def getConf(self) -> Any:  # noqa: ANN401, N802 -- Spark's names
        return self

    def get(self, _key: str) -> None:
        return None

    def setJobGroup(self, name: str, _text: str, *, interruptOnCancel: bool) -> None:  # noqa: N802, N803
        assert interruptOnCancel
        self.groups.add(name)

    def cancelJobGroup(self, name: str) -> None:  # noqa: N802
        self.cancelled.append(name)
        self.running.set()

    def addFile(self, path: str) -> None:  # noqa: N802
        assert Path(path).read_bytes() == b"index"
        self.files.append(Path(path))

    def parallelize(self, tasks: list[bytes], parts: int) -> Partitions:
        assert parts == len(tasks)
        return Partitions(self, tasks)


@dataclass
class Partitions:
    """The partitions of one job."""

    context: Fake
    tasks: list[bytes]

    def mapPartitions(self, _function: Callable[[Iterator[bytes]], Iterator[bytes]]) -> Partitions:  # noqa: N802
        return self

    def collect(self) -> list[bytes]:
        if self.context.fails:
            raise self.context.fails
        if self.context.waits and self.context.given:
            assert self.context.running.wait(10)
        wanted = [[one.position.at for one in pickle.loads(blocks)] for blocks in self.tasks]  # noqa: S301
        self.context.given.append(wanted)
        return [pickle.dumps(("done", [BlockResult(links=b"%d" % at) for at in blocks])) for blocks in wanted]


class SavedIndex:
    """What the engine asks of a prepared index."""

    def __init__(self, path: Path) -> None:
        self.path = path

    def saved(self) -> Path:
        self.path.write_bytes(b"index")
        return self.path


class JavaError(Exception):
    """Stands for py4j's errors."""


@pytest.fixture
def fake(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Fake:
    """A context, and the few names of pyspark that the engine asks for, so that it runs where that is missing."""
    (tmp_path / "files").mkdir()
    modules: dict[str, dict[str, object]] = {
        "pyspark": {"SparkFiles": type("SparkFiles", (), {"getRootDirectory": staticmethod(lambda: str(tmp_path / "files"))})},
        "pyspark.errors": {"PySparkException": type("PySparkException", (Exception,), {})},
        "py4j": {},
        "py4j.protocol": {"Py4JError": type("Py4JError", (Exception,), {}), "Py4JJavaError": JavaError},
    }
    for name, content in modules.items():
        module = ModuleType(name)
        module.__dict__.update(content)
        monkeypatch.setitem(sys.modules, name, module)
    return Fake()


def run(fake: Fake, folder: Path, count: int) -> list[tuple[Block, BlockResult]]:
    with closing(SparkEngine(fake, "1.0").results(SavedIndex(folder / "index"), map(block, range(count)))) as results:  # type: ignore[arg-type]
        return list(results)


def test_results_come_in_the_blocks_order(fake: Fake, tmp_path: Path) -> None:
    found = run(fake, tmp_path, 21)
    assert [(one.position.at, result.links) for one, result in found] == [(number, b"%d" % number) for number in range(21)]
    assert sorted(fake.given) == [
        [[0, 1, 2, 3], [4, 5, 6, 7]], [[8, 9, 10, 11], [12, 13, 14, 15]], [[16, 17, 18], [19, 20]],
    ]  # fmt: skip
    assert len(fake.groups) == 1
    assert [path.name for path in fake.files] == list(fake.groups)


def test_two_scans_share_nothing(fake: Fake, tmp_path: Path) -> None:
    run(fake, tmp_path, 2)
    run(fake, tmp_path, 2)
    assert len(fake.groups) == len({path.name for path in fake.files}) == 2


def test_nothing_is_started_for_no_documents(fake: Fake, tmp_path: Path) -> None:
    assert run(fake, tmp_path, 0) == []
    assert (fake.given, fake.files) == ([], [])


def test_a_scan_that_ends_early_cancels_its_own_jobs(fake: Fake, tmp_path: Path) -> None:
    fake.waits = True
    results = SparkEngine(fake, "1.0").results(SavedIndex(tmp_path / "index"), map(block, range(80)))  # type: ignore[arg-type]
    assert next(results)[1].links == b"0"
    results.close()
    assert set(fake.cancelled) == fake.groups
    # What had not begun is not begun any more.
    assert len(fake.given) <= 3


def test_a_cluster_that_gives_no_executor_is_told(fake: Fake, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pool, "_SECONDS_WITHOUT_EXECUTOR", 0.05)
    told: list[str] = []

    def tell(sentence: str) -> None:
        told.append(sentence)
        fake.running.set()

    engine = SparkEngine(fake, "1.0", tell)
    fake.given, fake.waits = [[[0]]], True
    results = engine.results(SavedIndex(tmp_path / "index"), map(block, range(2)))  # type: ignore[arg-type]
    assert [result.links for _, result in results] == [b"0", b"1"]
    assert len(told) == 1
    assert told[0].startswith("Spark waits for the cluster to give it an executor")
    fake.active_tasks, fake.running = 1, threading.Event()
    threading.Timer(0.2, fake.running.set).start()
    run(fake, tmp_path, 2)
    assert len(told) == 1


def test_work_that_spark_gives_up_is_told_with_its_cause(fake: Fake, tmp_path: Path) -> None:
    fake.fails = JavaError()
    fake.fails.java_exception = type("Java", (), {"getMessage": lambda _self: GIVEN_UP})()  # type: ignore[attr-defined]
    with pytest.raises(SparkError, match=r"^Spark gave the work up \(IOException: no space\); run again with --resume\.$"):
        run(fake, tmp_path, 3)


def unfetched(cause: Exception) -> UnboundLocalError:
    """Make what pyspark 4 raises where it cannot connect to fetch what it collects: it then closes a socket that it has not opened."""
    error = UnboundLocalError("cannot access local variable 'sockfile' where it is not associated with a value")
    error.__context__ = cause
    return error


@pytest.mark.parametrize("error", [ConnectionResetError(), EOFError(), unfetched(ConnectionRefusedError())])
def test_a_spark_that_is_gone_is_told(fake: Fake, tmp_path: Path, error: Exception) -> None:
    fake.fails = error
    with pytest.raises(SparkError, match=r"^Spark's process ended, or no longer answers; run again with --resume\.$"):
        run(fake, tmp_path, 3)


def test_a_mistake_of_ours_is_no_spark_that_is_gone(fake: Fake, tmp_path: Path) -> None:
    fake.fails = unfetched(KeyError("sockfile"))
    with pytest.raises(UnboundLocalError):
        run(fake, tmp_path, 3)


def test_what_a_task_came_back_with_is_raised() -> None:
    for host, told in (
        (socket.gethostname(), "x is damaged."),
        ("far", "On far, which must reach the documents under the same name as this machine, x is damaged."),
    ):
        with pytest.raises(InputError) as failed:
            results_in(pickle.dumps((task.FAILED, (host, InputError("x is damaged.")))), VERSIONS)
        assert str(failed.value) == told
    with pytest.raises(OSError, match="no space"):
        results_in(pickle.dumps((task.FAILED, ("far", OSError(28, "no space")))), VERSIONS)
    with pytest.raises(RuntimeError, match="ended with\nTraceback"):
        results_in(pickle.dumps((task.BUG, "Traceback …")), VERSIONS)
    for found, told in (
        (("0.9",), "Spark's Python on far has claimreg 0.9, here it is 1.0; install the same version."),
        (("", "No module named 'claimreg'"), "Spark's Python on far cannot use claimreg (No module named 'claimreg'); install it there"),
        (("1.0", "2", "layered/2"), "links as 1.0 2 layered/2, here it is 1.0 3 layered/3; install the same."),
    ):
        with pytest.raises(SparkError) as refused:
            results_in(pickle.dumps((task.OTHER, ("far", found))), VERSIONS)
        assert told in str(refused.value)


def worked(tasks: list[bytes], versions: tuple[str, ...]) -> list[tuple[str, Any]]:
    return [pickle.loads(one) for one in task.function_of("index", versions, 4)(iter(tasks))]  # noqa: S301


def test_an_executor_compares_versions_before_it_works(monkeypatch: pytest.MonkeyPatch) -> None:
    here = task.versions_with(claimreg.__version__)
    monkeypatch.setattr(task, "outcome_of", lambda *given: pickle.dumps(("done", given)))
    assert worked([b"a", b"b"], here) == [("done", (b"a", "index", 4)), ("done", (b"b", "index", 4))]
    ((word, (_host, found)),) = worked([b"a"], ("0.9", *here[1:]))
    assert (word, found) == (task.OTHER, (claimreg.__version__,))
    ((word, (_host, found)),) = worked([b"a"], (*here[:2], "layered/2"))
    assert (word, found) == (task.OTHER, here)
    monkeypatch.setitem(sys.modules, "claimreg", None)
    ((word, (_host, found)),) = worked([b"a"], here)
    assert (word, found[0]) == (task.OTHER, "")


@dataclass
class Attempt:
    """Which attempt at a task this is, as Spark's own ``TaskContext`` tells."""

    number: int

    def attemptNumber(self) -> int:  # noqa: N802 -- Spark's name
        return self.number

    def get(self) -> Attempt:
        return self


@pytest.mark.parametrize("error", [InputError("x cannot be read"), OSError(5, "Input/output error")])
def test_what_may_succeed_elsewhere_is_tried_there(monkeypatch: pytest.MonkeyPatch, error: Exception) -> None:
    def fail(_task: bytes, _index: str) -> None:
        raise error

    monkeypatch.setattr(task, "_results", fail)
    module = ModuleType("pyspark")
    monkeypatch.setitem(sys.modules, "pyspark", module)
    module.TaskContext = Attempt(2)  # type: ignore[attr-defined]
    with pytest.raises(type(error)):
        task.outcome_of(b"", "index", 4)
    module.TaskContext = Attempt(3)  # type: ignore[attr-defined]
    word, value = pickle.loads(task.outcome_of(b"", "index", 4))  # noqa: S301
    host, found = value
    assert (word, host, type(found), str(found)) == (task.FAILED, socket.gethostname(), type(error), str(error))


def test_a_bug_is_not_tried_again(monkeypatch: pytest.MonkeyPatch) -> None:
    module = ModuleType("pyspark")
    module.TaskContext = Attempt(0)  # type: ignore[attr-defined]
    monkeypatch.setitem(sys.modules, "pyspark", module)
    word, value = pickle.loads(task.outcome_of(b"no pickle", "index", 4))  # noqa: S301
    assert word == task.BUG
    assert value.startswith("Traceback")
