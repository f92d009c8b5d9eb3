"""Blocks worked on by Spark: handed out in waves, each of them one job, and two at a time.

A wave gives each slot of the cluster one task of some blocks. While one wave's last tasks run, the next one's fill the free slots.
"""

from __future__ import annotations

import os
import pickle
import shutil
import socket
from collections import deque
from concurrent.futures import Future, ThreadPoolExecutor, wait
from contextlib import closing, contextmanager, suppress
from itertools import chain
from pathlib import Path
from typing import TYPE_CHECKING, Any
from uuid import uuid4

from claimreg.errors import InputError, SparkError
from claimreg.services.bulk.engine import without_content
from claimreg.spark.session import cause_of
from claimreg.spark.settings import attempts_of
from claimreg.spark.task import BUG, DONE, OTHER, function_of, versions_with

if TYPE_CHECKING:
    from collections.abc import Callable, Generator, Iterator, Sequence

    from claimreg.corpus.base import Block
    from claimreg.services.bulk.engine import Prepared
    from claimreg.services.bulk.work import BlockResult

BLOCKS_OF_TASK = 4
SIZE_OF_TASK = 16 * 1024 * 1024
"""Bytes of the documents of a task; a larger block is a task of its own."""

CARRIED_BY_WAVE = 64 * 1024 * 1024
"""Bytes that the blocks of a wave carry with them, which are in memory here and in Spark's process."""

_WAVES = 2
_SECONDS_TO_CANCEL = 4.0
_SECONDS_WITHOUT_EXECUTOR = 20.0

Task = list["Block"]
Wave = list[Task]


class _Filling:
    """A wave while it is filled: greedily, task by task."""

    def __init__(self, room: int) -> None:
        self.blocks: Task = []
        self._room = max(1, room)
        self._carried = self._tasks = self._in_task = self._size = 0

    def add(self, block: Block) -> bool:
        """Take a block in; return whether there was room for it, as for the first one there always is."""
        begins = self._in_task in {0, BLOCKS_OF_TASK} or self._size + block.size > SIZE_OF_TASK
        carried = self._carried + block.content.carried
        if self.blocks and (carried > CARRIED_BY_WAVE or (begins and self._tasks == self._room)):
            return False
        self._carried = carried
        self._tasks += begins
        self._in_task, self._size = (1, block.size) if begins else (self._in_task + 1, self._size + block.size)
        self.blocks.append(block)
        return True

    def tasks(self) -> Wave:
        """Cut the blocks into tasks, smaller ones where there is room for more."""
        return tasks_of(self.blocks, -(-len(self.blocks) // self._room))


def waves_of(blocks: Iterator[Block], slots: Callable[[], int]) -> Iterator[Wave]:
    """Cut blocks into waves, in their order; ``slots`` tells how many tasks the cluster has room for, asked before each wave."""
    filling = _Filling(slots())
    for block in blocks:
        if not filling.add(block):
            yield filling.tasks()
            filling = _Filling(slots())
            filling.add(block)
    if filling.blocks:
        yield filling.tasks()


def tasks_of(blocks: Sequence[Block], most: int) -> Wave:
    """Cut blocks into tasks of at most so many, and of at most `SIZE_OF_TASK` where they are more than one."""
    tasks: Wave = []
    size = 0
    for block in blocks:
        if not tasks or len(tasks[-1]) >= most or size + block.size > SIZE_OF_TASK:
            tasks.append([])
            size = 0
        tasks[-1].append(block)
        size += block.size
    return tasks


class SparkEngine:
    """Engine of a scan that hands its blocks to a Spark context, see :class:`claimreg.services.bulk.engine.Engine`.

    ``version`` is this claimreg's, which the executors must have as well; ``tell`` is told once where the cluster gives none.
    """

    def __init__(self, context: Any, version: str, tell: Callable[[str], None] = lambda _sentence: None) -> None:  # noqa: ANN401 -- pyspark is an extra
        self._context = context
        self._versions = versions_with(version)
        self._tell = tell
        self._has_told = False

    def helpers(self) -> None:
        """No helpers: the index is made where the scan was started."""

    def close(self) -> None:
        """Nothing to end."""

    def results(self, prepared: Prepared, blocks: Iterator[Block]) -> Generator[tuple[Block, BlockResult]]:
        """Yield each block, without what it carries, with its result, in the blocks' order.

        Raises `SparkError` where Spark gives the work up, or an executor has another claimreg; and whatever a worker has raised.
        """
        waves = waves_of(blocks, self._slots)
        first = next(waves, None)
        if first is None:
            return
        pending: deque[tuple[Wave, Future[list[bytes]]]] = deque()
        with closing(_Jobs(self._context, prepared.saved(), self._versions)) as jobs:
            for wave in chain([first], waves):
                pending.append((wave, jobs.submit(wave)))
                # One more than run, so that none has to wait until what came before is written.
                if len(pending) > _WAVES:
                    yield from self._results(*pending.popleft())
            while pending:
                yield from self._results(*pending.popleft())

    def _slots(self) -> int:
        """Ask how many tasks the cluster has room for."""
        with _spark_told():
            return int(self._context.defaultParallelism)

    def _is_idle(self) -> bool:
        """Ask whether no task runs."""
        with _spark_told():
            tracker = self._context.statusTracker()
            stages = map(tracker.getStageInfo, tracker.getActiveStageIds())
            return not any(stage is not None and stage.numActiveTasks for stage in stages)

    def _results(self, wave: Wave, future: Future[list[bytes]]) -> Iterator[tuple[Block, BlockResult]]:
        """Wait for a wave, and yield its blocks with their results."""
        if not self._has_told and not wait([future], timeout=_SECONDS_WITHOUT_EXECUTOR).done and self._is_idle():
            self._has_told = True
            self._tell(
                "Spark waits for the cluster to give it an executor: other work may hold all cores, "
                "or no machine has the memory that is asked for (spark.executor.memory, 1g unless set)."
            )
        for task, outcome in zip(wave, future.result(), strict=True):
            yield from zip(map(without_content, task), results_in(outcome, self._versions), strict=True)


def results_in(outcome: bytes, versions: tuple[str, ...]) -> list[BlockResult]:
    """Return the results that a task came back with; what it came back with instead is raised. ``versions`` are ours."""
    word, value = pickle.loads(outcome)  # noqa: S301 -- our own function wrote it, on a machine that the person has work for them
    if word == DONE:
        results: list[BlockResult] = value
        return results
    if word == BUG:
        raise RuntimeError(f"a task on Spark ended with\n{value}")
    host, found = value
    if word == OTHER:
        raise _other_claimreg(host, found, versions)
    if isinstance(found, InputError) and host != socket.gethostname():
        raise InputError(f"On {host}, which must reach the documents under the same name as this machine, {found}")
    raise found


def _other_claimreg(host: str, found: tuple[str, ...], own: tuple[str, ...]) -> SparkError:
    where, (version, *others) = f"Spark's Python on {host}", found
    if not version:
        return SparkError(f"{where} cannot use claimreg ({others[0]}); install it there, in version {own[0]}.")
    if not others:
        return SparkError(f"{where} has claimreg {version}, here it is {own[0]}; install the same version.")
    return SparkError(f"{where} has a claimreg that links as {' '.join(found)}, here it is {' '.join(own)}; install the same.")


class _Jobs:
    """Jobs of one scan: two run at a time, and they alone are cancelled when it ends early."""

    def __init__(self, context: Any, index: Path, versions: tuple[str, ...]) -> None:  # noqa: ANN401 -- as above
        self._context = context
        self._name = f"claimreg-{uuid4().hex}"
        self._is_closed = False
        self._jobs: list[Future[list[bytes]]] = []
        with _spark_told():
            _share(context, index, self._name)
            attempts = attempts_of(context.master, context.getConf().get("spark.task.maxFailures"))
        self._function = function_of(self._name, versions, attempts)
        self._threads = ThreadPoolExecutor(_WAVES, "spark-job", initializer=self._name_jobs)

    def submit(self, wave: Wave) -> Future[list[bytes]]:
        """Start a wave; the outcome is a task's, one after another."""
        tasks = [pickle.dumps(task) for task in wave]
        job = self._threads.submit(self._run, tasks)
        self._jobs = [*(one for one in self._jobs if not one.done()), job]
        return job

    def close(self) -> None:
        """Cancel what still runs, and wait until it has ended."""
        self._is_closed = True
        self._threads.shutdown(wait=False, cancel_futures=True)
        waited = 0.0
        # A job that was about to start when it was cancelled is cancelled the next time.
        while waited < _SECONDS_TO_CANCEL and not all(one.done() for one in self._jobs):
            with suppress(Exception):  # Spark's process may be gone
                self._context.cancelJobGroup(self._name)
            wait(self._jobs, timeout=0.2)
            waited += 0.2

    def _name_jobs(self) -> None:
        self._context.setJobGroup(self._name, "claimreg scan", interruptOnCancel=True)

    def _run(self, tasks: list[bytes]) -> list[bytes]:
        """Run one job; raises `SparkError` where Spark gives it up."""
        if self._is_closed:
            return []
        with _spark_told():
            outcomes: list[bytes] = self._context.parallelize(tasks, len(tasks)).mapPartitions(self._function).collect()
        return outcomes


@contextmanager
def _spark_told() -> Iterator[None]:
    """Turn a failure of Spark into `SparkError`."""
    from py4j.protocol import Py4JError, Py4JJavaError
    from pyspark.errors import PySparkException

    try:
        yield
    except Py4JJavaError as error:
        raise SparkError(f"Spark gave the work up ({cause_of(error)}); run again with --resume.") from error
    except (Py4JError, PySparkException, OSError, EOFError) as error:
        raise _gone() from error
    except UnboundLocalError as error:
        # Where pyspark cannot fetch what it collects, it closes a socket that it has not opened, and tells of that.
        if not isinstance(error.__context__, OSError | PySparkException):
            raise
        raise _gone() from error


def _gone() -> SparkError:
    return SparkError("Spark's process ended, or no longer answers; run again with --resume.")


def _share(context: Any, index: Path, name: str) -> None:  # noqa: ANN401 -- as above
    """Offer the index to every executor, under a name of its own: a session that is given may see several scans.

    It lies in a folder that Spark removes at the session's end: an executor that joins later fetches it even if it needs it no more.
    """
    from pyspark import SparkFiles

    folder = Path(SparkFiles.getRootDirectory()) / "claimreg"
    folder.mkdir(exist_ok=True)
    try:
        os.link(index, folder / name)
    except OSError:
        shutil.copyfile(index, folder / name)
    context.addFile(str(folder / name))
