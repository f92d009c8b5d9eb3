"""Files that are whole or not there, and on the disk when we say so.

A file's bytes outlast a power cut once the file is flushed, its name once the folder is.
"""

from __future__ import annotations

import errno
import os
import sys
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from typing import IO, TYPE_CHECKING

from claimreg.errors import InputError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

PART_PREFIX = ".claimreg-"
"""Beginning of the names of files that `replacing` has not finished; the number of the process follows."""

_CANNOT_FLUSH = (errno.EINVAL, errno.ENOTSUP, errno.EBADF)
_EXCHANGE = 2  # RENAME_EXCHANGE of Linux and RENAME_SWAP of macOS
_EXCHANGES = {"linux": (-100, "renameat2"), "darwin": (-2, "renameatx_np")}
"""AT_FDCWD, by which paths that are not absolute start at the working folder, and the system's function."""


@contextmanager
def undone_on_failure(undo: Callable[[], object]) -> Iterator[None]:
    """Call ``undo`` where the block raises, so that what was begun is whole or not there."""
    try:
        yield
    except BaseException:
        undo()
        raise


@contextmanager
def unreadable_told(name: str) -> Iterator[None]:
    """Turn what keeps a file of this name from being read into `InputError`."""
    try:
        yield
    except FileNotFoundError:
        raise InputError(f"There is no file {name}.") from None
    except ValueError:
        raise InputError("The file's name holds a NUL character.") from None
    except OSError as error:
        raise InputError(f"{name} cannot be read: {error.strerror}.") from error


@contextmanager
def replacing(target: Path) -> Iterator[IO[bytes]]:
    """A file to write to that takes the place of ``target`` when the block ends, whole and on the disk, and never when it raises.

    Raises `InputError` for a folder, and for a pipe or a device, which is nobody's to replace.
    """
    import tempfile

    if target.exists() and not target.is_file():
        raise InputError(f"{target} is no plain file and cannot be replaced; give another name.")
    mode = target.stat().st_mode & 0o777 if target.exists() else 0o666 & ~_umask()
    with tempfile.NamedTemporaryFile("w+b", dir=target.parent, prefix=f"{PART_PREFIX}{os.getpid()}-", delete=False) as file:
        temporary = Path(file.name)
        with undone_on_failure(partial(temporary.unlink, missing_ok=True)):
            yield file
            file.flush()
            temporary.chmod(mode)
            os.fsync(file.fileno())
            temporary.replace(target)
    flush_folder(target.parent)


def real_path(path: Path) -> Path:
    """Return the absolute path that a path leads to; raises `OSError` for a loop of symbolic links."""
    target = Path(os.path.realpath(path))
    if target.is_symlink():
        raise OSError(errno.ELOOP, os.strerror(errno.ELOOP), str(path))
    return target


def write_whole(target: Path, content: bytes) -> None:
    """Write a file, whole and on the disk or not at all."""
    with replacing(target) as file:
        file.write(content)


def write_new(path: Path, content: bytes, *, durably: bool = False) -> None:
    """Write a file anew; ``durably`` flushes its bytes to the disk, too."""
    with path.open("wb") as file:
        file.write(content)
        if durably:
            file.flush()
            os.fsync(file.fileno())


def flush(path: Path) -> None:
    """Flush a file's bytes to the disk."""
    # Windows flushes only what is open for writing; elsewhere a file may be write-protected.
    descriptor = os.open(path, os.O_RDWR if sys.platform == "win32" else os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def flush_folder(folder: Path) -> None:
    """Flush the names in a folder to the disk; does nothing where the system cannot open or flush folders."""
    try:
        descriptor = os.open(folder, os.O_RDONLY)
    except (PermissionError, IsADirectoryError):
        return
    try:
        os.fsync(descriptor)
    except OSError as error:
        if error.errno not in _CANNOT_FLUSH:
            raise
    finally:
        os.close(descriptor)


def make_folder(folder: Path, mode: int = 0o777) -> None:
    """Make a folder unless it is there, with those above it, each on the disk; ``mode`` is the folder's own, less what the umask denies."""
    missing = [folder] if not folder.is_dir() else []
    while missing and not missing[-1].parent.is_dir() and missing[-1].parent != missing[-1]:
        missing.append(missing[-1].parent)
    for one in reversed(missing):
        one.mkdir(mode=mode if one is folder else 0o777, exist_ok=True)
        flush_folder(one.parent)


def lock(file: IO[bytes], *, wait: bool) -> bool:
    """Lock a file until it is closed; return whether that was granted, where it is not waited for. Raises `OSError`."""
    try:
        if sys.platform == "win32":
            import msvcrt

            file.seek(0)
            msvcrt.locking(file.fileno(), msvcrt.LK_LOCK if wait else msvcrt.LK_NBLCK, 1)
        else:
            import fcntl

            fcntl.flock(file, fcntl.LOCK_EX | (0 if wait else fcntl.LOCK_NB))
    except (BlockingIOError, PermissionError):
        if wait:
            raise
        return False
    return True


def exchange(one: Path, other: Path) -> bool:
    """Exchange two files or folders in one step; return whether the system and the disk can do so. Raises `OSError`."""
    import ctypes

    here, name = _EXCHANGES.get(sys.platform, (0, ""))
    call = getattr(ctypes.CDLL(None, use_errno=True), name, None) if name else None
    if call is None:
        return False
    if call(here, os.fsencode(one), here, os.fsencode(other), ctypes.c_uint(_EXCHANGE)) == 0:
        return True
    code = ctypes.get_errno()
    if code in (errno.ENOSYS, errno.EINVAL, errno.ENOTSUP):
        return False
    raise OSError(code, os.strerror(code), str(one))


def is_running(process: int) -> bool:
    """Return whether a process of this machine has the number; where that cannot be asked, it is taken to run."""
    if sys.platform == "win32" or process <= 0:
        return True
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return False
    except (PermissionError, OverflowError):
        return True
    return True


def _umask() -> int:
    mask = os.umask(0)
    os.umask(mask)
    return mask
