"""The part that runs on Spark's executors, where this claimreg is installed as well."""

from __future__ import annotations

import pickle
import socket
import traceback
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING

from claimreg.errors import ClaimregError
from claimreg.linker.bulk import VERSION, load_index
from claimreg.linker.layered import LayeredLinker
from claimreg.services.bulk.work import BlockResult, BlockWorker

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

Outcome = tuple[str, object]
"""A word and what comes with it, pickled: plain values where the other side may have another claimreg."""

DONE, FAILED, BUG, OTHER = "done", "failed", "bug", "other claimreg"


def versions_with(program: str) -> tuple[str, ...]:
    """Versions that must be the same wherever blocks are worked on: of the program, of bulk linking, and of the linker."""
    return (program, str(VERSION), LayeredLinker.name)


def function_of(index: str, versions: tuple[str, ...], attempts: int) -> Callable[[Iterator[bytes]], Iterator[bytes]]:
    """Make the function that Spark runs on each partition.

    Spark sends it as code, not by its name, and it names nothing of this module: so it runs, and can say what is amiss, where
    claimreg is missing or another one.
    """

    def work(tasks: Iterator[bytes]) -> Iterator[bytes]:
        import pickle
        import socket
        from importlib import import_module

        try:
            found: tuple[str, ...] = (import_module("claimreg").__version__,)
            if found == versions[:1]:
                from claimreg.spark.task import outcome_of, versions_with

                found = versions_with(*found)
        except (ImportError, AttributeError) as error:
            found = ("", str(error))
        for task in tasks:
            if found == versions:
                yield outcome_of(task, index, attempts)
            else:
                yield pickle.dumps(("other claimreg", (socket.gethostname(), found)))

    return work


def outcome_of(task: bytes, index: str, attempts: int) -> bytes:
    """Work on the blocks of a task; a failure that another machine may not have is raised, so that Spark tries it there."""
    from pyspark import TaskContext

    context = TaskContext.get()
    outcome: Outcome
    try:
        outcome = (DONE, _results(task, index))
    except (ClaimregError, OSError) as error:
        if context is not None and context.attemptNumber() + 1 < attempts:
            raise
        outcome = (FAILED, (socket.gethostname(), error))
    except Exception:  # noqa: BLE001 -- whatever it is, the driver tells of it as a bug
        outcome = (BUG, traceback.format_exc())
    return pickle.dumps(outcome)


def _results(task: bytes, index: str) -> list[BlockResult]:
    worker = _worker(index)
    return [worker.work(block) for block in pickle.loads(task)]  # noqa: S301 -- our own driver wrote it


@lru_cache(maxsize=1)
def _worker(index: str) -> BlockWorker:
    """The worker of this process, which Spark keeps from task to task."""
    from pyspark import SparkFiles

    return BlockWorker(*load_index(Path(SparkFiles.get(index))))
