"""The fold of :mod:`claimreg.text.fold` as one table look-up a code point, for NumPy.

A table entry is the 16-bit key of a code point, or one of three marks: dropped, expands (ligatures, ß, Hangul: a side
table), not looked up yet. Entries are worked out from :func:`claimreg.text.fold.fold_key` (and the linker's plain
letters) page by page, 256 code points at a time, as texts are met: all of Unicode would take seconds in each worker.
Letters beyond U+FFFF are narrowed into the private use area, which no key holds; two of them may share a key, which
costs a look and never a link.
"""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, TypeAlias

import numpy as np

from claimreg.linker import kernel
from claimreg.linker.passage import plain_key
from claimreg.text.fold import fold_key
from claimreg.text.scripts import narrow

if TYPE_CHECKING:
    from collections.abc import Sequence

Keys: TypeAlias = "np.ndarray[tuple[int], np.dtype[np.uint16]]"
Codes: TypeAlias = "np.ndarray[tuple[int], np.dtype[np.uint32]]"
Positions: TypeAlias = "np.ndarray[tuple[int], np.dtype[np.int64]]"

SEPARATOR = 0xFFFF
"""The key between two texts of one array; U+FFFF itself is dropped by the fold."""

_BETWEEN = 0x110000
"""Sign that is no code point of Unicode: the separator before folding."""

_DROPPED, _EXPANDS, _UNKNOWN = 0, 1, 2
_PAGE = 256
_ROOM = 64
"""Keys that a fold may give beyond one for each code point before more room is made."""

_NOT_LOOKED_UP = -1
_CHUNK = 1 << 15
"""Code points folded at a time: their arrays stay in the processor's cache."""


class FoldTable:
    """Code points to keys. One a process is enough, see :func:`fold_table`."""

    def __init__(self) -> None:
        self._keys = np.full(_BETWEEN + 1, _UNKNOWN, np.uint16)
        self._keys[_BETWEEN] = SEPARATOR
        self._lengths = np.ones(_BETWEEN + 1, np.uint8)
        self._starts = np.zeros(_BETWEEN + 1, np.int32)
        self._pool = np.zeros(0, np.uint16)

    def fold(self, codes: Codes) -> Keys:
        """The keys of code points, dropped ones left out."""
        if kernel.compiled:
            return self._fold_compiled(codes)
        pieces = [self._fold_chunk(codes[at : at + _CHUNK]) for at in range(0, len(codes), _CHUNK)]
        return pieces[0] if len(pieces) == 1 else np.concatenate(pieces) if pieces else np.zeros(0, np.uint16)

    def origins(self, codes: Codes) -> Positions:
        """Return, for each key of ``fold(codes)``, the index of the code point that it comes from."""
        if kernel.compiled:
            return self._origins_compiled(codes)
        kept: Positions = np.flatnonzero(self._look_up(codes) != _DROPPED)
        lengths = self._lengths.take(codes.take(kept))
        return np.repeat(kept, lengths) if lengths.max(initial=1) > 1 else kept

    def _fold_compiled(self, codes: Codes) -> Keys:
        out = np.empty(len(codes) + _ROOM, np.uint16)
        read = written = 0
        while True:
            assert kernel.compiled  # noqa: S101 -- the caller has seen it
            read, written = kernel.compiled.fold(codes, *self._buffers, read, out, written)
            if read == len(codes):
                return out[:written]
            if self._keys[codes[read]] == _UNKNOWN:
                self._fill(int(codes[read]) // _PAGE * _PAGE)
            else:
                # By half at least, so that letters which all expand are not copied over and over.
                out = np.concatenate([out, np.empty(max(len(codes) - read, len(out) // 2) + _ROOM, np.uint16)])

    def _origins_compiled(self, codes: Codes) -> Positions:
        assert kernel.compiled  # noqa: S101 -- the caller has seen it
        room = len(codes) + _ROOM
        while True:
            out = np.empty(room, np.int64)
            count = kernel.compiled.origins(codes, *self._buffers, out)
            if count >= 0:
                return out[:count]
            if count == _NOT_LOOKED_UP:
                self._look_up(codes)
            else:
                room *= 2

    @property
    def _buffers(self) -> tuple[Keys, np.ndarray[tuple[int], np.dtype[np.uint8]], np.ndarray[tuple[int], np.dtype[np.int32]], Keys]:
        return self._keys, self._lengths, self._starts, self._pool

    def _fold_chunk(self, codes: Codes) -> Keys:
        keys = self._keys.take(codes, mode="clip")
        # Processors cannot foresee which letter is dropped: NumPy finds the others and takes them without asking at each letter, and
        # so twice as fast as by a mask.
        at = np.flatnonzero(keys != _DROPPED)
        kept: Keys = keys.take(at)
        if not len(kept) or kept.min() > _UNKNOWN:
            return kept
        if (kept == _UNKNOWN).any():
            self._look_up(codes)
            return self._fold_chunk(codes)
        expanding = np.flatnonzero(kept == _EXPANDS)
        return self._expanded(kept, expanding, codes.take(at.take(expanding)))

    def _look_up(self, codes: Codes) -> Keys:
        looked_up: Keys = self._keys.take(codes)
        unknown = codes[looked_up == _UNKNOWN]
        if not len(unknown):
            return looked_up
        for page in np.unique(unknown // _PAGE).tolist():
            self._fill(page * _PAGE)
        return self._keys.take(codes)

    def _expanded(self, keys: Keys, at: Positions, codes: Codes) -> Keys:
        """Keys with those ``at`` some places, of ``codes``, replaced by several."""
        begin, lengths = self._starts.take(codes), self._lengths.take(codes)
        counts = np.ones(len(keys), np.int64)
        counts[at] = lengths
        out: Keys = np.repeat(keys, counts)
        into = at + np.cumsum(lengths, dtype=np.int64) - lengths - np.arange(len(at))
        for step in range(int(lengths.max(initial=0))):
            more = np.flatnonzero(lengths > step)
            out[into.take(more) + step] = self._pool.take(begin.take(more) + step)
        return out

    def _fill(self, first: int) -> None:
        pool: list[int] = []
        for code in range(first, min(first + _PAGE, _BETWEEN)):
            piece = scan_key(chr(code))
            if len(piece) == 1:
                self._keys[code] = ord(piece)
                continue
            self._keys[code] = _EXPANDS if piece else _DROPPED
            if piece:
                self._lengths[code] = len(piece)
                self._starts[code] = len(self._pool) + len(pool)
                pool += map(ord, piece)
        self._pool = np.concatenate([self._pool, np.array(pool, np.uint16)])


@cache
def fold_table() -> FoldTable:
    """The table of this process."""
    return FoldTable()


def codes_of(texts: Sequence[str]) -> Codes:
    """The code points of texts, one separator before each and one after the last; lone surrogates are as they are."""
    some = list(texts) or [""]
    if kernel.compiled:
        out = np.empty(sum(map(len, some)) + len(some) + 1, "<u4")
        kernel.compiled.codes(some, out, _BETWEEN)
        return out
    pieces = [text.encode("utf-32-le", "surrogatepass") for text in some]
    return np.frombuffer(_BETWEEN.to_bytes(4, "little").join([b"", *pieces, b""]), "<u4")


def text_of(keys: Keys) -> str:
    """Keys as a string, a character each."""
    return str(np.ascontiguousarray(keys, "<u2").data, "utf-16-le")


def scan_key(text: str) -> str:
    """The key that the table gives a text, the slow way: folded, poor keyboards' letters evened out, narrowed."""
    return narrow(plain_key(fold_key(text)))
