"""Hashing everything that is kept as bytes, on the side: in processes of its own where there is much of it.

Run as a program, it checks the part of a folder that it is told to, and writes a line of JSON for each file: the fields of `BlobCheck`.
"""

from __future__ import annotations

import hashlib
import json
import os
import re
import stat
import subprocess
import sys
import tempfile
from typing import IO, TYPE_CHECKING

from claimreg.store.port import BlobCheck

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

_MANY = 400  # files from which on processes of their own are worth their start
_READ_AT_ONCE = 64 * 2**20
_SHA256 = re.compile(r"[0-9a-f]{64}", re.ASCII)
_PLAINLY = os.O_RDONLY | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_BINARY", 0)
"""Flags for opening a file: no link is followed, and the other end of a pipe is not waited for."""

_LINK = "it is a symbolic link, not a file that claimreg wrote"
_LINKED_FOLDER = "its folder is a symbolic link, not one that claimreg made"
_MISPLACED = "it lies where no capture of that name belongs"
_NO_FILE = "it is no file"
_NO_CAPTURE = "it is no capture: claimreg gives no file such a name"


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
                yield BlobCheck(*json.loads(line))
    finally:
        for process, lines in started:
            process.kill()
            process.wait()
            lines.close()


def _checked(places: list[str]) -> Iterator[BlobCheck]:
    for place in places:
        folder = os.path.basename(place)  # noqa: PTH119 -- thousands of files
        if not os.path.isdir(place):  # noqa: PTH112 -- as above
            if not folder.startswith("."):
                yield _strange(folder, _LINK if os.path.islink(place) else _NO_CAPTURE)  # noqa: PTH114 -- as above
            continue
        linked = os.path.islink(place)  # noqa: PTH114 -- as above
        for name in sorted(os.listdir(place)):  # noqa: PTH208 -- as above
            if not name.startswith("."):
                yield _strange(name, _LINKED_FOLDER) if linked else _check(place, folder, name)


def _check(place: str, folder: str, name: str) -> BlobCheck:
    if not _SHA256.fullmatch(name):
        return _strange(f"{folder}/{name}", _NO_CAPTURE)
    if not name.startswith(folder) or len(folder) != 2:  # noqa: PLR2004 -- the name's first two digits
        return _strange(name, _MISPLACED)
    path = os.path.join(place, name)  # noqa: PTH118 -- as above
    try:
        descriptor = os.open(path, _PLAINLY)
    except OSError:
        return _strange(name, _LINK) if os.path.islink(path) else BlobCheck(name, is_whole=False, length=None)  # noqa: PTH114 -- as above
    status = os.fstat(descriptor)
    if not stat.S_ISREG(status.st_mode):
        os.close(descriptor)
        return _strange(name, _NO_FILE)
    with open(descriptor, "rb", buffering=0) as file:  # noqa: PTH123 -- as above
        try:
            if status.st_size <= _READ_AT_ONCE:
                return check_content(name, file.read())
            is_whole = hashlib.file_digest(file, "sha256").hexdigest() == name
        except OSError:
            is_whole = False
    return BlobCheck(name, is_whole=is_whole, length=None)


def check_content(name: str, content: bytes) -> BlobCheck:
    """Check bytes against the SHA-256 that is their name."""
    try:
        length = len(content.decode("utf-8"))
    except UnicodeDecodeError:
        length = None
    return BlobCheck(name, hashlib.sha256(content).hexdigest() == name, length)


def _strange(name: str, what: str) -> BlobCheck:
    return BlobCheck(name, is_whole=False, length=None, strange=what)


def main() -> None:
    """Check every one of so many folders, the first one told by its number."""
    folder, parts, part = sys.argv[1], int(sys.argv[2]), int(sys.argv[3])
    places = [os.path.join(folder, name) for name in sorted(os.listdir(folder))]  # noqa: PTH118, PTH208 -- thousands of files
    for one in _checked(places[part::parts]):
        sys.stdout.write(json.dumps(one) + "\n")


if __name__ == "__main__":
    main()
