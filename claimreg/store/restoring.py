"""Bringing a copy of a registry back to its place, so that whenever it is cut off either the old or the new one is there.

The copy is made beside the registry, in `.NAME.restoring`. As long as it is not the registry, a marker in it says so, and, at last,
that it is whole. Then the two change places in one step. Where the system has no such step, the registry makes way first; a whole
copy beside a place that is empty takes the place when the registry is opened next. Without a marker, `.NAME.restoring` is the
registry that made way, and nobody deletes it.
"""

from __future__ import annotations

import os
import shutil
from contextlib import closing, contextmanager, suppress
from pathlib import Path
from typing import IO, TYPE_CHECKING

from claimreg.errors import StoreError
from claimreg.files import exchange, flush, flush_folder, lock, make_folder

if TYPE_CHECKING:
    from collections.abc import Iterator

MARKER = ".claimreg-restoring"
_WHOLE = b"whole\n"
_PRIVATE = 0o700


def finish_restoring(folder: Path) -> None:
    """Finish an interrupted restore by putting the whole copy in the registry's place. Raises `StoreError`."""
    try:
        if folder.exists() or (part_of(folder) / MARKER).read_bytes() != _WHOLE:
            return
    except (OSError, ValueError):
        return
    part = part_of(folder)
    try:
        part.rename(folder)
        flush_folder(folder.parent)
    except FileNotFoundError:
        # Another process did it.
        return
    except OSError as error:
        raise StoreError(f"A restore to {folder} was cut off and cannot be finished: {error.strerror}; rename {part} to it.") from error


def restore_registry(backup: Path, folder: Path, aside: str) -> Path | None:
    """Restore a copy to a registry's place; what was there is moved beside it, under the name returned.

    ``aside`` ends that name. The copy is checked before anything is moved. Raises `StoreError` where the copy is no registry.
    """
    from claimreg.store.layout import DATABASE, check_folder

    if folder.name in ("", ".."):
        folder = folder.resolve()
    if not (backup / DATABASE).is_file():
        raise StoreError(f"There is no copy of a registry in {backup}.")
    check_folder(backup)
    try:
        make_folder(folder.parent)
        set_aside(folder, aside)
        _unmark(folder)
        with _half_made(folder) as (part, marker):
            _copy(backup, part)
            if folder.is_dir():
                part.chmod(folder.stat().st_mode & 0o777)
            _flush_tree(part)
            marker.write(_WHOLE)
            marker.flush()
            os.fsync(marker.fileno())
            if os.name == "nt":
                # Windows moves no folder in which a file is open.
                marker.close()
            before = _swapped(part, folder, aside)
    except OSError as error:
        raise StoreError(f"The copy could not be brought back: {error.strerror}; nothing was changed.") from error
    try:
        flush_folder(folder.parent)
        if before == part:
            before = _renamed(part, folder, aside)
            flush_folder(folder.parent)
        _unmark(folder)
    except OSError as error:
        kept = f"; what was there is in {before}" if before is not None else ""
        raise StoreError(f"The copy is in {folder}{kept}, but a power cut may undo that: {error.strerror}.") from error
    return before


def set_aside(folder: Path, aside: str) -> Path | None:
    """Give a registry that a restore had replaced, when it was cut off, its name beside the registry; the name. Raises `OSError`."""
    part = part_of(folder)
    if not os.path.lexists(part) or is_unfinished(part):
        return None
    moved = _renamed(part, folder, aside)
    flush_folder(folder.parent)
    return moved


def is_unfinished(part: Path) -> bool:
    """Return whether a folder is a copy that never took the registry's place, rather than the registry that made way for one."""
    return (part / MARKER).exists() or (part.is_dir() and not any(part.iterdir()))


def is_at_work(part: Path) -> bool:
    """Return whether a restore is making the copy in a folder now."""
    try:
        with (part / MARKER).open("rb") as marker:
            return not lock(marker, wait=False)
    except OSError:
        return False


def remove_unfinished(part: Path) -> None:
    """Delete a copy that never took the registry's place. Raises `OSError`."""
    for path in part.iterdir():
        if path.is_dir() and not path.is_symlink():
            shutil.rmtree(path)
        elif path.name != MARKER:
            path.unlink()
    # The marker goes last: what is left when this is cut off is still told from a registry.
    (part / MARKER).unlink(missing_ok=True)
    part.rmdir()


def part_of(folder: Path) -> Path:
    """Return the folder where the copy for a registry is made."""
    return folder.with_name(f".{folder.name}.restoring")


@contextmanager
def _half_made(folder: Path) -> Iterator[tuple[Path, IO[bytes]]]:
    """A new folder for the copy, with its marker, which is held so that no other restore takes it for abandoned."""
    part, was_there = part_of(folder), os.path.lexists(folder)
    if part.exists():
        if is_at_work(part):
            raise StoreError(f"Another restore is at work in {part}; wait for it.")
        remove_unfinished(part)
    part.mkdir(mode=_PRIVATE)
    with (part / MARKER).open("xb") as marker:
        lock(marker, wait=False)
        try:
            yield part, marker
        except BaseException:
            if is_unfinished(part) and (os.path.lexists(folder) or not was_there):
                with suppress(OSError):
                    remove_unfinished(part)
            raise


def _copy(backup: Path, part: Path) -> None:
    """Copy a registry's folder, but for what is derived from it; the database, as it is at one moment."""
    from claimreg.model import SCHEMA_VERSION
    from claimreg.store.faults import faults_told
    from claimreg.store.layout import DATABASE
    from claimreg.store.migrations import copy_database
    from claimreg.store.opening import open_as_it_is

    with faults_told(backup), closing(open_as_it_is(backup, wait=10.0)) as opened:
        connection = opened.database.sqlite.connection
        (version,) = connection.execute("PRAGMA user_version").fetchone()
        (told,) = connection.execute("PRAGMA integrity_check(1)").fetchone()
        if not 0 < version <= SCHEMA_VERSION or told != "ok":
            raise StoreError(f"The copy in {backup} is damaged or of a newer claimreg; nothing was changed.")
        copy_database(connection, part / DATABASE)
    ours = (DATABASE, *(f"{DATABASE}-{end}" for end in ("wal", "shm", "journal")))
    for place, folders, names in os.walk(backup):
        folders[:] = [name for name in folders if not name.startswith(".")]
        target = part / Path(place).relative_to(backup)
        target.mkdir(exist_ok=True)
        for name in names:
            if not name.startswith(".") and not (name in ours and target == part):
                shutil.copyfile(Path(place, name), target / name)


def _swapped(part: Path, folder: Path, aside: str) -> Path | None:
    """Put the copy in the registry's place; return where that is now, if there was one."""
    if not os.path.lexists(folder):
        part.rename(folder)
        return None
    if exchange(part, folder):
        return part
    moved = _renamed(folder, folder, aside)
    try:
        flush_folder(folder.parent)
        # Somebody who opened the registry meanwhile has let the copy take the place.
        if os.path.lexists(part):
            with suppress(FileNotFoundError):
                part.rename(folder)
    except OSError:
        moved.rename(folder)
        raise
    return moved


def _renamed(what: Path, folder: Path, aside: str) -> Path:
    """Move what was a registry beside its place, under a name that nothing has yet; that name."""
    name = folder.with_name(f"{folder.name}.{aside}")
    number = 2
    while os.path.lexists(name):
        name = folder.with_name(f"{folder.name}.{aside}-{number}")
        number += 1
    return what.rename(name)


def _unmark(folder: Path) -> None:
    """Take the marker away from a copy that is the registry now: when that makes way itself, it is no copy."""
    if (folder / MARKER).exists():
        (folder / MARKER).unlink()
        flush_folder(folder)


def _flush_tree(part: Path) -> None:
    for place, _folders, names in os.walk(part):
        for name in names:
            flush(Path(place, name))
        flush_folder(Path(place))
    flush_folder(part.parent)
