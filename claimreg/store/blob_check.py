"""Hashing everything that is kept as bytes, on the side: in processes of its own where there is much of it.

Run as a program, it checks the part of a folder that it is told to, and writes a line for each file: its name, whether its bytes
are those that the name stands for, and how many code points it has as UTF-8 (``-`` where it is no text).
"""

from __future__ import annotations

import hashlib
import os
import subprocess
import sys
import tempfile
from typing import IO, TYPE_CHECKING

from claimreg.store.port import BlobCheck

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

_MANY = 400
"""Files from which on processes of their own are worth their start."""

_READ_AT_ONCE = 64 * 2**20


def check_folder(folder: Path) -> Iterator[BlobCheck]:
    """Hash all files of a folder of captures; where they are many, the work begins at once and goes on while others are done."""
    places = [os.path.join(folder, name) for name in sorted(os.listdir(folder))] if folder.is_dir() else []  # noqa: PTH118, PTH208 -- thousands of files
    many = 0
    for place in places:
        many += len(os.listdir(place)) if os.path.isdir(place) else 0  # noqa: PTH112, PTH208 -- as above
        if many >= _MANY:
            return _told(_started(folder))
    return _checked(places)


def _started(folder: Path) -> list[tuple[subprocess.Popen[bytes], IO[str]]]:
    parts = max(1, min(8, (os.cpu_count() or 1) - 1))
    command = [sys.executable, "-P", "-m", "claimreg.store.blob_check", str(folder), str(parts)]
    started: list[tuple[subprocess.Popen[bytes], IO[str]]] = []
    for part in range(parts):
        # A file takes all lines at once; a pipe would hold the work up until somebody reads.
        lines = tempfile.TemporaryFile("w+", encoding="utf-8")  # noqa: SIM115 -- closed when it has been read
        started.append((subprocess.Popen([*command, str(part)], stdout=lines, stdin=subprocess.DEVNULL), lines))  # noqa: S603 -- our own interpreter
    return started


def _told(started: list[tuple[subprocess.Popen[bytes], IO[str]]]) -> Iterator[BlobCheck]:
    try:
        for process, lines in started:
            if process.wait() != 0:
                raise OSError("a process that hashes captures broke down")
            lines.seek(0)
            for line in lines:
                name, whole, length = line.rstrip("\n").rsplit(" ", 2)
                yield BlobCheck(name, whole == "whole", None if length == "-" else int(length))
    finally:
        for process, lines in started:
            process.kill()
            process.wait()
            lines.close()


def _checked(places: list[str]) -> Iterator[BlobCheck]:
    for place in places:
        if not os.path.isdir(place):  # noqa: PTH112 -- thousands of files
            continue
        for name in sorted(os.listdir(place)):  # noqa: PTH208 -- as above
            if not name.startswith("."):
                yield _check(os.path.join(place, name), name)  # noqa: PTH118 -- as above


def _check(path: str, name: str) -> BlobCheck:
    try:
        with open(path, "rb", buffering=0) as file:  # noqa: PTH123 -- as above
            size = os.fstat(file.fileno()).st_size
            if size > _READ_AT_ONCE:
                return BlobCheck(name, hashlib.file_digest(file, "sha256").hexdigest() == name, None)
            content = file.read()
    except OSError:
        return BlobCheck(name, is_whole=False, length=None)
    try:
        length = len(content.decode("utf-8"))
    except UnicodeDecodeError:
        length = None
    return BlobCheck(name, hashlib.sha256(content).hexdigest() == name, length)


def main() -> None:
    """Check every one of so many folders, the first one told by its number."""
    folder, parts, part = sys.argv[1], int(sys.argv[2]), int(sys.argv[3])
    places = [os.path.join(folder, name) for name in sorted(os.listdir(folder))]  # noqa: PTH118, PTH208 -- thousands of files
    write = sys.stdout.write
    for one in _checked(places[part::parts]):
        length = "-" if one.length is None else one.length
        write(f"{one.sha256} {'whole' if one.is_whole else 'damaged'} {length}\n")


if __name__ == "__main__":
    main()
