"""Readers in processes of their own: what a hostile or a huge document does there ends with the process, not with claimreg.

Each reader takes one document at a time. One that takes too long or dies is told of in a sentence, and the next document gets
a new reader.
"""

from __future__ import annotations

import os
import subprocess
import sys
import threading
from collections import deque
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import suppress
from time import monotonic
from typing import TYPE_CHECKING, Any, TypeVar

from claimreg.errors import InputError
from claimreg.ingest.sandbox.worker import ReadInto, article_of, extraction_of, read_message, write_message
from claimreg.ingest.types import Extraction, Limits, Ready, Task
from claimreg.services.reporting.pictures import Thumbnail

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from claimreg.services.articles import Article


KeyT = TypeVar("KeyT")

_LOADING_SECONDS = 30.0  # seconds beyond the limit that a new reader has for loading its libraries
_MOST_WAITING = 256
_MOST_BYTES_WAITING = 64 * 2**20
_SECONDS_WAITING = 0.5
"""Documents, and their bytes, that are read before they are asked for: while what came is recorded, the readers go on. What is read comes
out after so many seconds at the latest, as far as the documents before it are read, too.
"""


class Reader:
    """One process that reads documents, started when the first one comes."""

    def __init__(self, limits: Limits) -> None:
        self._limits = limits
        self._process: subprocess.Popen[bytes] | None = None

    def read(self, task: Task) -> Extraction:
        """Read a document; raises `InputError` where it cannot be read within the limits."""
        return extraction_of(self._answer(task, ReadInto.EXTRACTION))

    def read_article(self, task: Task) -> Article:
        """Read a document with its structure; raises `InputError` where it cannot be read within the limits."""
        return article_of(self._answer(task, ReadInto.ARTICLE))

    def read_thumbnail(self, task: Task) -> Thumbnail:
        """Make a picture small; raises `InputError` where it cannot be read within the limits."""
        return Thumbnail(**self._answer(task, ReadInto.THUMBNAIL))

    def _answer(self, task: Task, form: ReadInto) -> dict[str, Any]:
        is_new = self._process is None
        process = self._process = self._process or _started()
        late = threading.Event()
        clock = threading.Timer(self._limits.seconds + (_LOADING_SECONDS if is_new else 0), _stop, (process, late))
        clock.daemon = True
        clock.start()
        try:
            answer = self._asked(process, task, form)
        finally:
            clock.cancel()
        if answer is None:
            self.close()
            if late.is_set():
                raise InputError(f"Reading {task.hints.name} took longer than {self._limits.seconds:g} seconds; --timeout gives it more.")
            raise InputError(f"{task.hints.name} cannot be read: its reader broke down over it.")
        if "error" in answer:
            raise _error(answer)
        return dict(answer[form])

    def close(self) -> None:
        """End the process."""
        process, self._process = self._process, None
        if process is not None:
            process.kill()
            for stream in filter(None, (process.stdin, process.stdout)):
                with suppress(OSError):
                    stream.close()
            process.wait()

    def _asked(self, process: subprocess.Popen[bytes], task: Task, form: ReadInto) -> dict[str, Any] | None:
        if process.stdin is None or process.stdout is None:
            return None
        request = {"form": form, "hints": task.hints._asdict(), "limits": self._limits._asdict(), "size": len(task.content)}
        try:
            write_message(process.stdin, request, task.content)
            return read_message(process.stdout)
        except (OSError, ValueError):
            return None


class ReaderPool:
    """Pool of readers that work side by side; results come in the order of their documents."""

    def __init__(self, limits: Limits, workers: int) -> None:
        self._limits = limits
        self._own = threading.local()
        self._readers: list[Reader] = []
        self._workers = max(1, workers)
        self._threads = ThreadPoolExecutor(self._workers, thread_name_prefix="claimreg-reader")

    def read(self, tasks: Iterable[tuple[KeyT, Task | Ready]]) -> Iterator[tuple[KeyT, Extraction | InputError]]:
        """Read documents; only a few are in memory at a time. What came ready, or as an error, comes out as it is, in its place."""
        waiting: deque[tuple[KeyT, Ready | Future[Ready], int]] = deque()
        size = 0
        due = monotonic() + _SECONDS_WAITING
        for key, task in tasks:
            own = len(task.content) if isinstance(task, Task) else 0
            waiting.append((key, self._threads.submit(self._read, task) if isinstance(task, Task) else task, own))
            size += own
            while len(waiting) > _MOST_WAITING or (size > _MOST_BYTES_WAITING and len(waiting) > self._workers):
                ready, result, own = waiting.popleft()
                size -= own
                yield _done(ready, result)
            if monotonic() >= due:
                # Documents that come slowly, as from the network, are not kept back until there are many.
                while waiting and _is_done(waiting[0][1]):
                    ready, result, own = waiting.popleft()
                    size -= own
                    yield _done(ready, result)
                due = monotonic() + _SECONDS_WAITING
        while waiting:
            yield _done(*waiting.popleft()[:2])

    def close(self) -> None:
        """End the processes."""
        self._threads.shutdown(wait=False, cancel_futures=True)
        for reader in self._readers:
            reader.close()
        self._threads.shutdown(wait=True)

    def _read(self, task: Task) -> Extraction | InputError:
        reader: Reader | None = getattr(self._own, "reader", None)
        if reader is None:
            reader = self._own.reader = Reader(self._limits)
            self._readers.append(reader)
        try:
            return reader.read(task)
        except InputError as error:
            return error


def _is_done(result: Ready | Future[Ready]) -> bool:
    return not isinstance(result, Future) or result.done()


def _done(key: KeyT, result: Ready | Future[Ready]) -> tuple[KeyT, Ready]:
    return key, result.result() if isinstance(result, Future) else result


def _started() -> subprocess.Popen[bytes]:
    # -P keeps the folder that one happens to work in, with whatever lies there, off the path of imports.
    command = [sys.executable, "-P", "-m", "claimreg.ingest.sandbox.worker"]
    environment = {**os.environ, "PYTHONIOENCODING": "utf-8", "OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1"}
    return subprocess.Popen(  # noqa: S603 -- our own interpreter
        command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, env=environment
    )


def _stop(process: subprocess.Popen[bytes], late: threading.Event) -> None:
    late.set()
    process.kill()


def _error(answer: dict[str, Any]) -> InputError:
    import claimreg.errors

    kind = getattr(claimreg.errors, str(answer.get("class")), InputError)
    return (kind if isinstance(kind, type) and issubclass(kind, InputError) else InputError)(str(answer["error"]))
