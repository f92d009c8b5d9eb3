"""The session with Spark: one that is given is used, else one is started for the work and ended after it.

A session is given by spark-submit and by platforms that start this program themselves.
"""

from __future__ import annotations

import logging
import os
import re
import signal
import sys
import tempfile
import threading
import warnings
from contextlib import contextmanager, suppress
from subprocess import TimeoutExpired
from typing import TYPE_CHECKING, Any

from claimreg.errors import SparkError, UsageError
from claimreg.spark.requirements import require_answer, require_java, require_pyspark, require_spark_home
from claimreg.spark.settings import LOOPBACK, USUAL, connect_error, hosts_of, is_on_this_machine, refuse_other_modes

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from typing import BinaryIO

_NAME = "claimreg scan"
_SECONDS_TO_REGISTER = 30
"""Time for a standalone master to take the session. Spark asks it every 20 seconds, and gives up after the third time."""

_SECONDS_TO_STOP = 4
_STDERR = 2


def is_given() -> bool:
    """Return whether spark-submit, or a platform, has started this program and holds a session for it."""
    return "PYSPARK_GATEWAY_PORT" in os.environ


@contextmanager
def spark_session(master: str | None, settings: Mapping[str, str], *, verbose: bool = False) -> Iterator[Any]:
    """Give a ``SparkContext`` for the time of the ``with`` block.

    Without a master, Spark's own files decide. What Spark says goes to standard error if ``verbose``, else nowhere.
    Raises `SparkError` where Spark cannot be started, within a minute.
    """
    refuse_other_modes(master, settings, os.environ)
    version = require_pyspark()
    from pyspark import SparkContext

    if is_given() or SparkContext._active_spark_context is not None:  # noqa: SLF001 -- pyspark has no other question for it
        if master or settings:
            raise UsageError("The session is already there: give --master and --conf to what starts it, such as spark-submit.")
        yield _given_context()
        return
    require_spark_home(os.environ)
    require_java(version, os.environ)
    require_answer(master or "")
    with _nothing_logged(), _log(verbose=verbose) as log, _gateway(master, settings, log) as gateway:
        yield _started_context(gateway, settings, log, verbose=verbose)


def _given_context() -> Any:  # noqa: ANN401 -- pyspark is an extra
    """The context of the session that is there; raises `SparkError` where it is none that can be used."""
    from py4j.protocol import Py4JError
    from pyspark.errors import PySparkException
    from pyspark.sql import SparkSession

    try:
        with _usual_interruption():
            context = SparkSession.builder.getOrCreate().sparkContext
    # A session of Spark Connect has no context: pyspark says so with a kind of each of these, by its version.
    except (AttributeError, NotImplementedError, PySparkException):
        raise connect_error() from None
    except (Py4JError, OSError, KeyError) as error:
        raise SparkError(f"The session that is given does not come up: {cause_of(error) or 'it does not answer'}.") from None
    refuse_other_modes(None, dict(context.getConf().getAll()), {})
    return context


def _started_context(gateway: Any, settings: Mapping[str, str], log: BinaryIO | None, *, verbose: bool) -> Any:  # noqa: ANN401 -- as above
    """Start a context by a process of Spark that is ours; raises `SparkError` where it does not come up."""
    from py4j.protocol import Py4JError
    from pyspark import SparkConf, SparkContext

    # It holds what Spark's own files say, too.
    conf = SparkConf(_jvm=gateway.jvm)
    master = conf.get("spark.master", "")
    require_answer(master)
    for key, value in {**USUAL, **(LOOPBACK if is_on_this_machine(master) else {})}.items():
        conf.setIfMissing(key, value)
    conf.setAppName(settings.get("spark.app.name", _NAME))
    silent = threading.Event()
    try:
        with _usual_interruption(), _ended_unless_registered(gateway, master, silent):
            context = SparkContext(conf=conf, gateway=gateway)
    except (Py4JError, OSError, RuntimeError, EOFError) as error:
        if silent.is_set():
            raise SparkError(f"What takes connections at {master} does not answer as a Spark master; look at the address.") from None
        raise SparkError(f"Spark could not be started: {cause_of(error) or _last_words(log)}.") from None
    if not verbose:
        context.setLogLevel("ERROR")
    # Where Spark's process is killed, pyspark's server would print a stack of its own beside our sentence.
    context._accumulatorServer.handle_error = lambda *_: None  # noqa: SLF001 -- pyspark has no setting for it
    context.pythonExec = conf.get("spark.pyspark.python", os.environ.get("PYSPARK_PYTHON", sys.executable))
    return context


@contextmanager
def _gateway(master: str | None, settings: Mapping[str, str], log: BinaryIO | None) -> Iterator[Any]:
    """Start Spark's process and speak with it; at the end, whatever happens, it is ended."""
    from pyspark import SparkConf, SparkContext
    from pyspark.java_gateway import launch_gateway

    asked = SparkConf(loadDefaults=False)
    asked.setAll([*settings.items(), *([("spark.master", master)] if master else [])])
    # Standard output is for the links.
    output = log or _STDERR
    gateway = None
    try:
        # Interrupted meanwhile, pyspark forgets the process, which then runs for ever.
        with _interruption_put_off():
            try:
                gateway = launch_gateway(asked, {"stdout": output, "stderr": output})
            except (RuntimeError, OSError):
                raise SparkError(f"Spark could not be started: {_last_words(log)}.") from None
        yield gateway
    finally:
        if gateway is not None:
            try:
                _stop(gateway)
            finally:
                gateway.proc.kill()
                gateway.proc.wait()
                # pyspark would go on using the process that has ended.
                SparkContext._gateway = SparkContext._jvm = None  # noqa: SLF001 -- as its own tests do


def _stop(gateway: Any) -> None:  # noqa: ANN401 -- as above
    """Ask Spark's process to end, and wait a little."""
    from pyspark import SparkContext

    def stop() -> None:
        # Spark's process may be gone, which is what is wanted.
        with suppress(Exception):
            if context := SparkContext._active_spark_context:  # noqa: SLF001 -- as above
                context.stop()
            gateway.shutdown()

    with warnings.catch_warnings(action="ignore"):
        stopping = threading.Thread(target=stop, daemon=True)
        stopping.start()
        stopping.join(_SECONDS_TO_STOP)
    with suppress(OSError):
        gateway.proc.stdin.close()
    with suppress(TimeoutExpired):
        gateway.proc.wait(_SECONDS_TO_STOP)


@contextmanager
def _ended_unless_registered(gateway: Any, master: str, silent: threading.Event) -> Iterator[None]:  # noqa: ANN401 -- as above
    """End Spark's process, and set ``silent``, where a standalone master takes too long to answer."""
    if not hosts_of(master):
        yield
        return

    def end() -> None:
        silent.set()
        gateway.proc.kill()

    timer = threading.Timer(_SECONDS_TO_REGISTER, end)
    timer.daemon = True
    timer.start()
    try:
        yield
    finally:
        timer.cancel()


@contextmanager
def _log(*, verbose: bool) -> Iterator[BinaryIO | None]:
    """Open a file for what Spark says; none where that is shown."""
    if verbose:
        yield None
        return
    with tempfile.TemporaryFile(prefix="claimreg-spark-") as log:
        yield log


@contextmanager
def _nothing_logged() -> Iterator[None]:
    """Keep off the screen what Spark's Python libraries log of a process that is gone: the error that they raise is told."""
    root, nothing = logging.getLogger(), logging.NullHandler()
    root.addHandler(nothing)
    try:
        yield
    finally:
        root.removeHandler(nothing)


@contextmanager
def _usual_interruption() -> Iterator[None]:
    """Keep what answers an interruption: Spark's context would cancel all jobs, also those of others in a session that is given."""
    before = signal.getsignal(signal.SIGINT)
    try:
        yield
    finally:
        _answer_interruption(before)


@contextmanager
def _interruption_put_off() -> Iterator[None]:
    """Put an interruption off to the end of the ``with`` block; a second one comes at once."""
    before = signal.getsignal(signal.SIGINT)
    came: list[int] = []

    def note(number: int, _frame: object) -> None:
        came.append(number)
        _answer_interruption(before)

    # Where it is ignored, it stays so.
    if callable(before):
        _answer_interruption(note)
    try:
        yield
    finally:
        _answer_interruption(before)
    if came:
        raise KeyboardInterrupt


def _answer_interruption(handler: Any) -> None:  # noqa: ANN401 -- as the library has it
    """Set what answers an interruption; only the main thread can, and elsewhere nobody has changed it."""
    if handler is not None and threading.current_thread() is threading.main_thread():
        signal.signal(signal.SIGINT, handler)


def cause_of(error: BaseException) -> str:
    """Return the cause of a failure in Spark, as one line without a full stop; empty where Spark's process says none."""
    java = getattr(error, "java_exception", None)
    try:
        message = str(java.getMessage() or java.toString()) if java is not None else ""
    except Exception:  # noqa: BLE001 -- Spark's process, which is asked, may be gone
        message = ""
    return first_line(message)


def first_line(message: str) -> str:
    """Return the line of Spark's message that names the cause, without a full stop."""
    message = re.sub(r"^(?:.*\n)*?.*most recent failure: (?:Lost task .*?executor [^)]*\): )?", "", message)
    if "Traceback (most recent call last):" in message:
        traceback = message.partition("Traceback (most recent call last):")[2].splitlines()
        message = next((line for line in traceback if line.strip() and not line.startswith(" ")), message)
    line = next((line.strip() for line in message.splitlines() if line.strip()), "")
    return re.sub(r"^(?:[a-z]\w*\.)+(?=[A-Z]\w*(?:Exception|Error)\b)", "", line).rstrip(".")


def _last_words(log: BinaryIO | None) -> str:
    """Return what Spark's process said last of an error; where to look for it if nothing, or if it was shown."""
    if log is None:
        return "what it says of it stands above"
    log.seek(0)
    told = re.findall(r"^(?!\s|Picked up).*(?:Exception|Error|error:).*", log.read().decode("utf-8", "replace"), re.MULTILINE)
    if not told:
        return "--verbose shows what it says"
    return first_line(re.sub(r"^.*?\b(?:Exception in thread \S+|Error:|ERROR \w+:) ", "", told[-1]))
