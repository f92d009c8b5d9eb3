"""Users whom a shared registry's database knew to have recorded its events, kept in a folder that such a registry was copied into.

It is no part of the history and of no event's hash: only the database vouched for it. The file has a line of JSON for each run of
events that one user recorded.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, NamedTuple

from claimreg.errors import DamagedRegistryError, StoreError
from claimreg.files import replacing

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from pathlib import Path

FILE = "database-users.jsonl"


class Run(NamedTuple):
    """Events that follow one another, from the first to the last, and the database's user who recorded them."""

    first: int
    last: int
    user: str


def read_runs(folder: Path) -> Iterator[Run]:
    """The runs that a folder's file tells of, none where there is no file; raises `StoreError`."""
    path = folder / FILE
    try:
        with path.open(encoding="utf-8") as lines:
            for line in lines:
                told = json.loads(line)
                yield Run(int(told["first_event"]), int(told["last_event"]), str(told["database_user"]))
    except FileNotFoundError:
        return
    except OSError as error:
        raise StoreError(f"The file {path} cannot be read: {error.strerror}.") from error
    except (KeyError, TypeError, ValueError) as error:
        raise DamagedRegistryError(f"The file {path} is not as claimreg wrote it; restore it from a backup.") from error


def write_runs(folder: Path, runs: Iterable[Run]) -> None:
    """Write a folder's file anew; raises `OSError`."""
    with replacing(folder / FILE) as file:
        for run in runs:
            told = {"first_event": run.first, "last_event": run.last, "database_user": run.user}
            file.write(json.dumps(told, ensure_ascii=False).encode() + b"\n")


def add_to(runs: list[Run], number: int, user: str) -> None:
    """Add an event, which follows those that are there, to the last run, or as a new one."""
    if runs and (runs[-1].last + 1, runs[-1].user) == (number, user):
        runs[-1] = runs[-1]._replace(last=number)
    else:
        runs.append(Run(number, number, user))


def up_to(runs: Iterable[Run], last: int) -> Iterator[Run]:
    """The runs as far as the event with this number: a copy that was cut off may tell of others, which never came."""
    return (run._replace(last=min(run.last, last)) for run in runs if run.first <= last)
