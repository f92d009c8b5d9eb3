from typing import Any, TypeAlias

import numpy as np

Buffer: TypeAlias = np.ndarray[Any, np.dtype[Any]]
_Seeds: TypeAlias = tuple[Buffer, Buffer, Buffer, Buffer, Buffer, Buffer, Buffer, Buffer, Buffer, Buffer, Buffer]

VERSION: int

def codes(texts: list[str], out: Buffer, between: int, /) -> int: ...
def fold(
    codes: Buffer, keys: Buffer, lengths: Buffer, starts: Buffer, pool: Buffer, read: int, out: Buffer, written: int, /
) -> tuple[int, int]: ...
def origins(codes: Buffer, keys: Buffer, lengths: Buffer, starts: Buffer, pool: Buffer, out: Buffer, /) -> int: ...
def skeleton(codes: Buffer, table: Buffer, out: Buffer, start: int, size: int, other: int, size_of_other: int, /) -> int: ...
def probe(
    index: _Seeds,
    shape: tuple[int, bool, bool, int, int],
    limits: tuple[float, float],
    keys: Buffer,
    units: Buffer,
    starts: Buffer,
    seeds: Buffer,
    chunk: tuple[int, int],
    /,
) -> int: ...
def common(unit_keys: Buffer, starts: Buffer, lengths: Buffer, keys: Buffer, left: Buffer, right: Buffer, out: Buffer, /) -> None: ...
def least_end(pattern: str, text: str, anchored: bool, /) -> int | None: ...
