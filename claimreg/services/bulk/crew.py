"""Processes of this machine that do what they are handed, each over a pipe of its own.

`ProcessPoolExecutor` has one queue for all, whose lock whoever waits for work holds: one that is stopped from outside then keeps the others
waiting for ever. Here nothing is shared. A thread for each process hands it one thing at a time and waits for the answer; where
the process is gone, at whatever moment, its pipe says so.
"""

from __future__ import annotations

import multiprocessing
import os
import pickle
import signal
import threading
import traceback
from collections import deque
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from queue import SimpleQueue
from typing import TYPE_CHECKING, Any, ParamSpec, Self, TypeVar

from claimreg.errors import ClaimregError
from claimreg.files import undone_on_failure
from claimreg.services.bulk.collecting import seldom_collected

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from concurrent.futures import Future
    from multiprocessing.connection import Connection
    from multiprocessing.context import SpawnContext, SpawnProcess

P = ParamSpec("P")
R = TypeVar("R")
T = TypeVar("T")

_AHEAD = 2


class Crew:
    """Workers that start at once; closed, or left as a context, none of them runs on."""

    def __init__(self, workers: int) -> None:
        context = multiprocessing.get_context("spawn")
        self._idle: SimpleQueue[Connection] = SimpleQueue()
        self._processes: list[SpawnProcess] = []
        self._threads = ThreadPoolExecutor(workers, "crew")
        with undone_on_failure(self.close):
            for _ in range(workers):
                self._start(context)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def submit(self, function: Callable[P, R], *args: P.args, **kwargs: P.kwargs) -> Future[R]:
        """Have a function called in a process that is idle, or will be; both it and its arguments are pickled."""
        return self._threads.submit(self._done, function, args, kwargs)

    def map(self, function: Callable[[T], R], items: Iterator[T]) -> Iterator[R]:
        """Yield what a function returns for each item, in their order; a few of them are taken ahead."""
        pending: deque[Future[R]] = deque()
        for item in items:
            pending.append(self.submit(function, item))
            if len(pending) > _AHEAD * len(self._processes):
                yield pending.popleft().result()
        while pending:
            yield pending.popleft().result()

    def close(self) -> None:
        """End all processes, whatever they are at."""
        for process in self._processes:
            if process.pid is not None:
                process.kill()
        self._threads.shutdown(wait=True, cancel_futures=True)
        for process in self._processes:
            if process.pid is not None:
                process.join()

    def _start(self, context: SpawnContext) -> None:
        ours, theirs = context.Pipe()
        process = context.Process(target=_serve, args=(theirs,), daemon=True)
        self._idle.put(ours)
        self._processes.append(process)
        try:
            process.start()
        except BrokenPipeError:
            raise _stopped() from None
        # Once the process alone holds its end, the pipe ends with the process.
        theirs.close()

    def _done(self, function: Callable[..., R], args: tuple[Any, ...], kwargs: dict[str, Any]) -> R:
        connection = self._idle.get()
        try:
            connection.send((function, args, kwargs))
            result, error = connection.recv()
        except (EOFError, OSError):
            raise _stopped() from None
        finally:
            # Also where it is broken: whoever takes it next is told.
            self._idle.put(connection)
        if error is not None:
            raise error
        value: R = result
        return value


def _stopped() -> ClaimregError:
    return ClaimregError(
        "A worker was stopped from outside, most likely because memory ran out; run again with --resume and fewer --workers."
    )


def _serve(connection: Connection) -> None:
    """Do in this process what comes over a pipe, until the parent is gone."""
    # The parent alone answers an interruption.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    threading.Thread(target=_end_with_the_parent, daemon=True).start()
    with seldom_collected(), suppress(EOFError):
        while True:
            connection.send_bytes(_answer(*connection.recv()))


def _answer(function: Callable[..., object], args: tuple[Any, ...], kwargs: dict[str, Any]) -> bytes:
    """Pickle what a function returns, or the error that it raises; of a bug, with the place where it happened."""
    try:
        return pickle.dumps((function(*args, **kwargs), None), protocol=pickle.HIGHEST_PROTOCOL)
    except ClaimregError as error:
        return pickle.dumps((None, error))
    except Exception:  # noqa: BLE001 -- whatever it is, the parent tells of it as a bug
        return pickle.dumps((None, RuntimeError(f"a worker ended with\n{traceback.format_exc()}")))


def _end_with_the_parent() -> None:
    """End this process when its parent is gone, also while it works: nobody else would tell it to."""
    parent = multiprocessing.parent_process()
    if parent is not None:
        parent.join()
        os._exit(1)
