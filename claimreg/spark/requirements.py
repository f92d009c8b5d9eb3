"""Requirements of Spark on this machine, looked at before it is started: its own messages are pages of a stack."""

from __future__ import annotations

import os
import re
import shutil
import socket
import subprocess
from pathlib import Path
from typing import TYPE_CHECKING

from claimreg.errors import SparkError
from claimreg.spark.settings import connect_error, hosts_of

if TYPE_CHECKING:
    from collections.abc import Mapping

_LOWEST = (3, 5)
_JAVA_OF = {3: 8, 4: 17}
"""Lowest Java of each major version of Spark, as its documentation says."""

_SECONDS_FOR_JAVA = 20
_SECONDS_FOR_MASTER = 5


def require_pyspark() -> tuple[int, int]:
    """Return pyspark's version; raises `SparkError` where it is missing, too old, or the client of Spark Connect alone."""
    try:
        import pyspark
    except ImportError:
        raise SparkError(
            "Spark's Python package is not installed; install it: pip install 'claimreg[spark]'. A cluster's own pyspark serves as well."
        ) from None
    numbers = re.match(r"(\d+)\.(\d+)", pyspark.__version__)
    version = (int(numbers[1]), int(numbers[2])) if numbers else _LOWEST
    if version < _LOWEST:
        raise SparkError(f"pyspark {pyspark.__version__} is too old; at least 3.5 is needed.")
    try:
        from pyspark import SparkContext
    except ImportError:
        raise connect_error() from None
    del SparkContext
    return version


def require_java(version: tuple[int, int], environment: Mapping[str, str]) -> None:
    """Look for the Java that Spark's scripts would start; raises `SparkError` where there is none that it can use."""
    lowest = _JAVA_OF.get(version[0], max(_JAVA_OF.values()))
    wanted = f"Spark {version[0]}.{version[1]} needs Java {lowest} or newer; install it, or name its folder in JAVA_HOME"
    home = environment.get("JAVA_HOME")
    java = str(Path(home) / "bin" / "java") if home else shutil.which("java", path=environment.get("PATH", os.defpath))
    if java is None:
        raise SparkError(f"There is no Java on this machine: {wanted}.")
    try:
        done = subprocess.run(  # noqa: S603 -- the Java that Spark itself would start
            [java, "-version"], env=dict(environment), stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
            timeout=_SECONDS_FOR_JAVA, check=False,
        )  # fmt: skip
    except (OSError, subprocess.SubprocessError) as error:
        why = error.strerror if isinstance(error, OSError) else f"it does not answer within {_SECONDS_FOR_JAVA} seconds"
        raise SparkError(f"The Java at {java} cannot be started ({why}): {wanted}.") from None
    # Before Java 9, versions began with 1.
    found = re.search(rb'version "(?:1\.)?(\d+)', done.stdout)
    if done.returncode or found is None:
        raise SparkError(f"The program {java} is no Java that works: {wanted}.")
    if int(found[1]) < lowest:
        raise SparkError(f"The Java at {java} is version {int(found[1])}: {wanted}.")


def require_spark_home(environment: Mapping[str, str]) -> None:
    """Raise `SparkError` where ``SPARK_HOME`` names a folder without Spark, which would be started in place of pyspark's own."""
    home = environment.get("SPARK_HOME")
    if home and not (Path(home) / "bin" / "spark-submit").is_file():
        raise SparkError(f"SPARK_HOME names {home}, where there is no Spark; unset it, or name the folder that holds bin/spark-submit.")


def require_answer(master: str) -> None:
    """Knock at a standalone master; raises `SparkError` where none of its addresses takes a connection."""
    hosts = hosts_of(master)
    if not hosts:
        return
    why = ""
    for host, port in hosts:
        try:
            with socket.create_connection((host, port), timeout=_SECONDS_FOR_MASTER):
                return
        except OSError as error:
            why = error.strerror or str(error)
    raise SparkError(f"No Spark master answers at {master} ({why}); look at the address, and whether the master runs.")
