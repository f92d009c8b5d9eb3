"""One file for objects with large arrays: pickled, the arrays beside the pickle, mapped into memory by every reader.

Pickle's protocol 5 hands out the arrays as buffers (PEP 574); workers that map the file share one copy of them.
"""

from __future__ import annotations

import mmap
import pickle
import struct
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path

    from claimreg.linker.bulk.index import QuoteIndex
    from claimreg.linker.collection import Collection

_ALIGNMENT = 64
_NUMBER = struct.Struct("<Q")


def save_index(path: Path, index: QuoteIndex, collection: Collection | None) -> None:
    """Write an index, and what is known of the documents' words, to a file."""
    buffers: list[pickle.PickleBuffer] = []
    head = pickle.dumps((index, collection), protocol=5, buffer_callback=buffers.append)
    pieces = [memoryview(head), *(buffer.raw() for buffer in buffers)]
    with path.open("wb") as file:
        for number in (len(pieces), *(piece.nbytes for piece in pieces)):
            file.write(_NUMBER.pack(number))
        for piece in pieces:
            file.write(bytes(-file.tell() % _ALIGNMENT))
            file.write(piece)


def load_index(path: Path) -> tuple[QuoteIndex, Collection | None]:
    """Read what :func:`save_index` wrote in this run of the program; the arrays stay in the file and are read-only."""
    with path.open("rb") as file:
        mapped = memoryview(mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ))
    count = _NUMBER.unpack_from(mapped, 0)[0]
    sizes = [_NUMBER.unpack_from(mapped, _NUMBER.size * (1 + number))[0] for number in range(count)]
    at = _NUMBER.size * (1 + count)
    pieces: list[memoryview] = []
    for size in sizes:
        at += -at % _ALIGNMENT
        pieces.append(mapped[at : at + size])
        at += size
    loaded: tuple[QuoteIndex, Collection | None] = pickle.loads(pieces[0], buffers=pieces[1:])  # noqa: S301 -- our own parent wrote it
    return loaded
