"""Leftovers of interrupted commands: in a registry's folder, beside it, and of private copies of it.

A name tells the process that was writing: when that is gone, or nothing was written for a day (the number may be another's by
then), it is a leftover. Where the name tells none, it is one after an hour without a change. A restore holds a lock on its copy.
"""

from __future__ import annotations

import os
import re
import shutil
import time
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING

from claimreg.files import PART_PREFIX, is_running
from claimreg.store.layout import DATABASE
from claimreg.store.opening import PRIVATE_PREFIX
from claimreg.store.restoring import MARKER, is_at_work, is_unfinished, part_of, remove_unfinished, set_aside

if TYPE_CHECKING:
    from collections.abc import Iterator

_HOUR = 3600
_DAY = 24 * _HOUR
_CAPTURE = re.compile(r"\.[0-9a-f]{64}\.(?P<process>\d+)", re.ASCII)
_OUTPUT = re.compile(rf"{re.escape(PART_PREFIX)}(?:(?P<process>\d+)-)?[a-z0-9_]{{8}}", re.ASCII)
_COPY = re.compile(rf"\.{re.escape(DATABASE)}(?:\.schema-\d+)?(?:\.(?P<process>\d+))?\.part(?:-journal|-wal|-shm)?", re.ASCII)
_PRIVATE_COPY = re.compile(rf"{re.escape(PRIVATE_PREFIX)}(?P<process>\d+)-[a-z0-9_]{{8}}", re.ASCII)
_DERIVED = re.compile(r"\..*?(?:\.(?P<process>\d+))?", re.ASCII | re.DOTALL)


def leftovers(folder: Path) -> Iterator[Path]:
    """The files and folders that may be deleted."""
    yield from _matching(folder, _COPY, _OUTPUT)
    yield from _matching(folder.parent, _OUTPUT)
    for captures in sorted((folder / "captures").glob("??")):
        yield from _matching(captures, _CAPTURE)
    for place, _folders, _names in os.walk(folder / ".cache"):
        yield from _matching(Path(place), _DERIVED)
    part = part_of(folder)
    if os.path.lexists(part) and is_unfinished(part) and not is_at_work(part):
        yield part
    if (folder / MARKER).exists() and not is_at_work(folder):
        yield folder / MARKER
    from tempfile import gettempdir

    yield from (path for path in _matching(Path(gettempdir()), _PRIVATE_COPY) if _is_ours(path))


def replaced(folder: Path) -> Path | None:
    """The registry that was here before a restore which was cut off when it had no name of its own yet."""
    part = part_of(folder)
    return part if os.path.lexists(part) and not is_unfinished(part) else None


def older_copies(folder: Path) -> list[Path]:
    """Copies of the database from before it was brought up to a newer schema; nothing needs them, but they are no leftovers."""
    return sorted(path for path in folder.glob(f"{DATABASE}.schema-*") if path.is_file())


def remove_leftovers(folder: Path) -> list[str]:
    """Delete what may be deleted, give a replaced registry its name, and tell of each in a sentence. What cannot be deleted stays."""
    told: list[str] = []
    for path in list(leftovers(folder)):
        with suppress(OSError):
            _remove(path)
            told.append(f"Removed {path}, which a command that was cut off had left.")
    before = replaced(folder)
    with suppress(OSError):
        if (moved := set_aside(folder, time.strftime("replaced-%Y-%m-%dT%H%M%SZ", time.gmtime()))) is not None:
            told.append(f"Renamed {before}, the registry that was here before a restore which was cut off, to {moved}.")
    return told


def _remove(path: Path) -> None:
    if path.is_symlink() or not path.is_dir():
        path.unlink()
    elif path.name.startswith(PRIVATE_PREFIX):
        shutil.rmtree(path)
    else:
        remove_unfinished(path)


def _matching(folder: Path, *names: re.Pattern[str]) -> Iterator[Path]:
    try:
        found = sorted(folder.iterdir())
    except OSError:
        return
    for path in found:
        for name in names:
            match = name.fullmatch(path.name)
            if match is not None and _is_over(path, match["process"]):
                yield path
                break


def _is_over(path: Path, process: str | None) -> bool:
    try:
        age = time.time() - path.lstat().st_mtime
    except OSError:
        return False
    return age > _HOUR if process is None else age > _DAY or not is_running(int(process))


def _is_ours(path: Path) -> bool:
    return not hasattr(os, "getuid") or path.lstat().st_uid == os.getuid()
