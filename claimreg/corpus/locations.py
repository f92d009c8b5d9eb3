"""Files at a location: a path of this machine, or an address that pyarrow reads from."""

from __future__ import annotations

from enum import StrEnum
from pathlib import Path
from typing import BinaryIO


class Kind(StrEnum):
    FILE = "file"
    FOLDER = "folder"
    MISSING = "missing"
    OTHER = "other"


def is_url(location: str) -> bool:
    return "://" in location


def opened(location: str) -> BinaryIO:
    return Path(location).open("rb")


def size_of(location: str) -> int:
    return Path(location).stat().st_size


def kind_of(location: str) -> Kind:
    path = Path(location)
    return Kind.FOLDER if path.is_dir() else Kind.FILE if path.is_file() else Kind.OTHER if path.exists() else Kind.MISSING


def joined(folder: str, name: str) -> str:
    return str(Path(folder) / name)


def listed(folder: str) -> list[tuple[str, int]]:
    raise NotImplementedError
