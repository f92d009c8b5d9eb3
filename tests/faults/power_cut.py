"""What a disk holds after the power was cut: a file system in memory that is strict about what was flushed, as POSIX allows it to be.

A file's bytes and length are safe once the file was flushed; a name (made, renamed, removed) once the folder that holds it was. What was
not flushed may be there or not. It is filled from the journal that the shim keeps of a command.
"""

from __future__ import annotations

import os
import struct
from enum import Enum
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    import random
    from collections.abc import Callable, Iterator

_HEAD = struct.Struct("<cQqIII")
_EXCHANGE = 2
_SHARED_MEMORY = "-shm"
"""SQLite's index of its log is shared memory, written without calls and made anew by whoever opens it first."""


class Event(NamedTuple):
    """One call and what it did: its kind as in shim.c, the file's number, an offset, length or flags, up to two paths, data."""

    kind: str
    inode: int
    offset: int
    path: str
    other: str
    data: bytes


class Kept(Enum):
    """How much of what was not flushed is there."""

    FLUSHED = "nothing"
    MIXED = "some"
    ALL = "all"


def read_journal(path: Path) -> list[Event]:
    """The events that the shim wrote down."""
    content, place, events = path.read_bytes(), 0, []
    while place < len(content):
        kind, inode, offset, *lengths = _HEAD.unpack_from(content, place)
        place += _HEAD.size
        parts = []
        for length in lengths:
            parts.append(content[place : place + length])
            place += length
        events.append(
            Event(kind.decode(), inode, offset, os.path.normpath(parts[0].decode()), os.path.normpath(parts[1].decode()), parts[2])
        )
    return events


class _File:
    def __init__(self, content: bytes = b"") -> None:
        self.flushed = bytearray(content)
        self.waiting: list[tuple[int, bytes | None]] = []

    def flush(self) -> None:
        self.flushed = self.content(lambda: True)
        self.waiting.clear()

    def content(self, keeps: Callable[[], bool]) -> bytearray:
        content = bytearray(self.flushed)
        for offset, data in filter(lambda _one: keeps(), self.waiting):
            if data is None:
                del content[offset:]
                content.extend(bytes(offset - len(content)))
            else:
                content.extend(bytes(max(0, offset - len(content))))
                content[offset : offset + len(data)] = data
        return content


class _Folder:
    def __init__(self) -> None:
        self.names: dict[str, _Node] = {}
        self.flushed: dict[str, _Node] = {}
        self.waiting: list[tuple[int, dict[str, _Node | None]]] = []

    def change(self, number: int, names: dict[str, _Node | None]) -> None:
        """Change names by a call of this number: what one call does in a folder happens together."""
        self.waiting.append((number, names))
        _put(self.names, names)

    def flush(self) -> None:
        self.flushed = dict(self.names)
        self.waiting.clear()

    def entries(self, keeps: Callable[[int], bool]) -> dict[str, _Node]:
        entries = dict(self.flushed)
        for number, names in self.waiting:
            if keeps(number):
                _put(entries, names)
        return entries


_Node = _File | _Folder


def _put(entries: dict[str, _Node], names: dict[str, _Node | None]) -> None:
    for name, node in names.items():
        if node is None:
            entries.pop(name, None)
        else:
            entries[name] = node


class Disk:
    """A folder as the disk has it. It begins with all that is in ``root``, flushed."""

    def __init__(self, root: Path) -> None:
        self._root = str(root)
        self._inodes: dict[int, _Node] = {}
        self._top = self._loaded(root)
        self._calls = 0

    def apply(self, event: Event) -> None:
        """Let a call happen."""
        self._calls += 1
        match event.kind:
            case "c" | "m":
                node = self._inodes[event.inode] = _File() if event.kind == "c" else _Folder()
                self._change({event.path: node})
            case "w" | "t":
                self._file(event).waiting.append((event.offset, event.data if event.kind == "w" else None))
            case "s":
                self._inodes[event.inode].flush()
            case "r":
                back = self._at(event.other) if event.offset & _EXCHANGE else None
                self._change({event.path: back, event.other: self._at(event.path)})
            case "l":
                self._change({event.other: self._at(event.path)})
            case "u" | "d":
                self._change({event.path: None})

    def materialise(self, target: Path, kept: Kept, chance: random.Random) -> None:
        """Write the folder out as it is found after a power cut now."""
        decided: dict[int, bool] = {}

        def keeps(call: int) -> bool:
            if kept is not Kept.MIXED:
                return kept is Kept.ALL
            return decided.setdefault(call, chance.random() < 0.5)

        def written() -> bool:
            return kept is Kept.ALL or (kept is Kept.MIXED and chance.random() < 0.5)

        def write(folder: _Folder, path: Path) -> None:
            path.mkdir()
            for name, node in folder.entries(keeps).items():
                if isinstance(node, _Folder):
                    write(node, path / name)
                elif not name.endswith(_SHARED_MEMORY):
                    (path / name).write_bytes(node.content(written))

        write(self._top, target)

    def files(self) -> dict[str, bytes]:
        """All files as the running system sees them."""
        return dict(self._files(self._top, ""))

    def _files(self, folder: _Folder, path: str) -> Iterator[tuple[str, bytes]]:
        for name, node in folder.names.items():
            if isinstance(node, _Folder):
                yield from self._files(node, f"{path}{name}/")
            elif not name.endswith(_SHARED_MEMORY):
                yield path + name, bytes(node.content(lambda: True))

    def _loaded(self, path: Path) -> _Folder:
        folder = _Folder()
        self._inodes[path.stat().st_ino] = folder
        for one in path.iterdir():
            node = self._loaded(one) if one.is_dir() else _File(one.read_bytes())
            self._inodes[one.stat().st_ino] = folder.names[one.name] = node
        folder.flush()
        return folder

    def _change(self, paths: dict[str, _Node | None]) -> None:
        folders: dict[str, dict[str, _Node | None]] = {}
        for path, node in paths.items():
            parent, name = os.path.split(path)
            folders.setdefault(parent, {})[name] = node
        for parent, names in folders.items():
            folder = self._at(parent)
            assert isinstance(folder, _Folder), parent
            folder.change(self._calls, names)

    def _at(self, path: str) -> _Node:
        node: _Node = self._top
        for name in Path(path).relative_to(self._root).parts:
            assert isinstance(node, _Folder), path
            node = node.names[name]
        return node

    def _file(self, event: Event) -> _File:
        node = self._inodes[event.inode]
        assert isinstance(node, _File), event.path
        return node
