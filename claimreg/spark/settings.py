"""Settings of Spark as they are typed, and the sentences for those that cannot be taken."""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from claimreg.errors import SparkError, UsageError

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

ENTRY = Path(__file__).parent / "entry" / "claimreg_scan.py"
"""Script to give to spark-submit."""

USUAL = {
    "spark.ui.enabled": "false",
    "spark.ui.showConsoleProgress": "false",  # it would write over our own signs of life
    "spark.python.worker.reuse": "true",  # a worker keeps the index that it has loaded
    "spark.executorEnv.OPENBLAS_NUM_THREADS": "1",  # as in every process of ours: Spark already gives each core a task
}
"""Settings of a session that we start, unless the person or Spark's own files have set them."""

LOOPBACK = {"spark.driver.host": "127.0.0.1", "spark.driver.bindAddress": "127.0.0.1"}
"""Settings where no other machine takes part, so that none is spoken to and no host name needs to be known."""

_CREDENTIAL = r"(?:secret|password|token|access[._-]?key)"
_CREDENTIAL_IN_KEY = re.compile(_CREDENTIAL, re.IGNORECASE)
_CREDENTIAL_IN_VALUE = re.compile(rf"-D[^=\s]*{_CREDENTIAL}[^=\s]*=|://[^/@\s]*:[^/@\s]*@", re.IGNORECASE)
_STANDALONE = "spark://"
_LOCAL = re.compile(r"local(?:\[[^,\]]*(?:,\s*(\d+))?\s*\])?")


def parsed_settings(typed: Iterable[str]) -> dict[str, str]:
    """The settings typed as ``KEY=VALUE``.

    Raises `UsageError` for what is no setting of Spark, and for one with a credential in it, which it does not repeat.
    """
    settings: dict[str, str] = {}
    for one in typed:
        key, equals, value = one.partition("=")
        if _CREDENTIAL_IN_KEY.search(key) or _CREDENTIAL_IN_VALUE.search(value):
            raise UsageError(
                f"The setting {key} holds a credential, which every user of this machine could read from the list of processes; "
                "put it into spark-defaults.conf or the environment."
            )
        if not equals or not re.fullmatch(r"spark\.[\w.$/*-]+", key):
            raise UsageError("A setting of Spark is given as KEY=VALUE with a key that starts with “spark.”, each after its own --conf.")
        settings[key] = value
    return settings


def refuse_other_modes(master: str | None, settings: Mapping[str, str], environment: Mapping[str, str]) -> None:
    """Raise `SparkError` where Spark Connect, or a driver elsewhere than here, is asked for."""
    asked = [master or "", environment.get("MASTER", ""), settings.get("spark.master", "")]
    connect = environment.get("SPARK_REMOTE") or environment.get("SPARK_CONNECT_MODE_ENABLED") or settings.get("spark.remote")
    if connect or settings.get("spark.api.mode") == "connect" or any(one.startswith("sc://") for one in asked):
        raise connect_error()
    if settings.get("spark.submit.deployMode") == "cluster" or any(one.endswith("-cluster") for one in asked):
        raise SparkError("The cluster deploy mode is not supported; use the client mode, in which this command itself is the driver.")


def connect_error() -> SparkError:
    """The error that a session of Spark Connect is."""
    return SparkError(
        "This session is Spark Connect, which has no RDD; use a classic one (a master such as local[*] or spark://HOST:7077)."
    )


def hosts_of(master: str) -> list[tuple[str, int]]:
    """Hosts and ports of a standalone master; none for masters of other kinds, and where the address cannot be read."""
    if not master.startswith(_STANDALONE):
        return []
    try:
        parts = [urlsplit(f"//{one}") for one in master.removeprefix(_STANDALONE).split(",")]
        return [(part.hostname or "", part.port or 7077) for part in parts]
    except ValueError:
        return []


def is_on_this_machine(master: str) -> bool:
    """Return whether no other machine takes part."""
    hosts = hosts_of(master)
    return is_local(master) or (bool(hosts) and all(host == "localhost" or host.startswith("127.") for host, _ in hosts))


def is_local(master: str) -> bool:
    """Return whether the work is done in processes of the driver's machine alone."""
    return _LOCAL.fullmatch(master) is not None


def attempts_of(master: str, failures: str | None) -> int:
    """Return how often a task is tried; ``failures`` is ``spark.task.maxFailures``, which does not count for a local master."""
    if found := _LOCAL.fullmatch(master):
        return int(found[1] or 1)
    return int(failures or 4)
