"""Which captured texts share letter groups: derived data beside an embedded registry, made anew whenever it is missing or damaged.

Append-only segments in `.cache/grams/`, each an inverted index in three flat arrays (sorted group hashes, where each one's
texts begin, the texts), read through a memory map so that a look-up touches a few pages only. Small segments are merged as
they grow in number, so that there are never many to look into (O'Neil et al., The log-structured merge-tree, Acta
Informatica 33, 1996). A list of segments that is replaced whole says which of them count.

Looking up does without NumPy, whose import would take longer; the arrays are written with it.
"""

from __future__ import annotations

import json
import mmap
import os
import sys
import time
from bisect import bisect_left
from contextlib import ExitStack
from itertools import pairwise
from math import log1p
from operator import itemgetter
from typing import TYPE_CHECKING, Any, NamedTuple, Self

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence
    from pathlib import Path

_VERSION = 1
_MOST_SEGMENTS = 6
_MERGED_AT_ONCE = 30_000_000
"""Postings up to which segments are merged; a larger segment stays as it is."""

_POSTINGS_HELD = 1_000_000
_MERGED_AT_A_TIME = 1_000_000
_HASH_BITS = 32
_AS_GOOD = 0.75
_ALSO_LOOKED_AT = 8
"""Texts whose score is as good as the best one's may all hold the quote; of the others, a few are looked at."""

_BEHIND = 1 / 3
"""Share of the best text's score below which a text is left out."""

_CHANCE = 0.07
"""Share of the score of a text that holds every group; below it, what is shared is shared by chance.

Where one letter in five is wrong, a quarter of all groups of six are still whole.
"""

_STRAY = 6_000
"""How far from its place among evenly spread hashes a group is looked for first: some nine standard deviations in a segment."""

_MAGIC = b"\x93NUMPY\x01"
_HEADER = 128
_PREAMBLE = 10
"""Bytes of a NumPy file before its header, the last two of them the header's length."""

_COMMON = 0.2
"""Share of the texts from which on a group tells too little to be counted."""


class _Segment(NamedTuple):
    name: str
    groups: Any
    begins: Any
    texts: Any


class GramIndex:
    """Texts, by number, and the hashes of their letter groups."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._held: list[tuple[int, Any]] = []
        self._held_postings = 0
        self._known: set[int] = set()
        self._segments: list[_Segment] = []
        self._read()

    def known(self) -> frozenset[int]:
        """The numbers of the texts that it holds."""
        return frozenset(self._known)

    def clear(self) -> None:
        """Forget everything."""
        import shutil

        self._segments, self._held, self._held_postings, self._known = [], [], 0, set()
        shutil.rmtree(self._folder, ignore_errors=True)

    def add(self, text: int, groups: Any) -> None:  # noqa: ANN401 -- an array of the distinct group hashes, uint32
        """Take in a text; `flush` keeps it."""
        self._held.append((text, groups))
        self._held_postings += len(groups)
        self._known.add(text)
        if self._held_postings >= _POSTINGS_HELD:
            self.flush()

    def flush(self) -> None:
        """Keep what was added."""
        if not self._held:
            return
        import numpy as np

        piece = np.concatenate([_joined(groups, text) for text, groups in self._held])
        self._held, self._held_postings = [], 0
        piece.sort()
        segments = [*self._segments, self._written([piece])]
        small = [segment for segment in segments if len(segment.texts) < _MERGED_AT_ONCE // _MOST_SEGMENTS]
        if len(small) >= _MOST_SEGMENTS:
            merged = self._merged(small)
            segments = [segment for segment in segments if segment not in small] + [merged]
        self._keep(segments)

    def candidates(self, groups: Iterable[int], limit: int) -> list[int]:
        """The texts that share the rarest groups with these, the likest first; those far behind the best are left out."""
        total = len(self._known)
        there = False
        found: list[tuple[int, float, list[Sequence[int]]]] = []
        for group in sorted(set(map(int, groups))):
            postings = [texts for segment in self._segments if len(texts := _lookup(segment, group))]
            count = sum(map(len, postings))
            there = there or count > 0
            if total <= 1 / _COMMON or count <= _COMMON * total:
                found.append((count, log1p(total / max(count, 1)), postings))
        if there and not found:
            # Every group is a common one: none tells the texts apart, and none leaves one out.
            return sorted(self._known)[:limit]
        scores = _scores(found)
        ranked = sorted(((text, score) for text, score in scores.items() if text in self._known), key=_by_score)[:limit]
        best = ranked[0][1] if ranked else 0.0
        alike = sum(score >= best * _AS_GOOD for _, score in ranked)
        bar = max(best * _BEHIND, sum(weight for _, weight, _ in found) * _CHANCE)
        return [text for text, score in ranked[: alike + _ALSO_LOOKED_AT] if score >= bar]

    def _written(self, pieces: Iterable[Any]) -> _Segment:
        """Write a segment from sorted pieces, each an array of groups and texts in one number, that follow each other."""
        import numpy as np

        self._folder.mkdir(parents=True, exist_ok=True)
        name = f"{os.getpid()}-{time.time_ns()}"
        count = 0
        with ExitStack() as files:
            columns = [files.enter_context(_Column(self._folder / f"{name}.{part}.npy")) for part in ("groups", "begins", "texts")]
            groups, begins, texts = columns
            for piece in pieces:
                in_groups = (piece >> np.uint64(_HASH_BITS)).astype(np.uint32)
                firsts = np.flatnonzero(np.append(True, in_groups[1:] != in_groups[:-1])) if len(piece) else np.zeros(0, np.int64)
                groups.append(in_groups[firsts])
                begins.append((firsts + count).astype(np.uint32))
                texts.append(piece.astype(np.uint32))
                count += len(piece)
            begins.append(np.array([count], np.uint32))
        return self._mapped(name)

    def _merged(self, segments: list[_Segment]) -> _Segment:
        return self._written(_merged_pieces(segments))

    def _keep(self, segments: list[_Segment]) -> None:
        # The list is replaced whole: whatever a crash leaves beside it does not count.
        state = {"version": _VERSION, "segments": [segment.name for segment in segments], "known": sorted(self._known)}
        temporary = self._folder / f".segments.{os.getpid()}"
        temporary.write_text(json.dumps(state), encoding="utf-8")
        temporary.replace(self._folder / "segments.json")
        self._segments = segments
        counted = {f"{segment.name}.{part}.npy" for segment in segments for part in ("groups", "begins", "texts")}
        for path in self._folder.glob("*.npy"):
            if path.name not in counted:
                path.unlink(missing_ok=True)

    def _read(self) -> None:
        try:
            state = json.loads((self._folder / "segments.json").read_text(encoding="utf-8"))
            if state["version"] == _VERSION:
                self._segments = [self._mapped(name) for name in state["segments"]]
                self._known = set(state["known"])
        except FileNotFoundError:
            return
        except (OSError, ValueError, KeyError, TypeError):
            self.clear()

    def _mapped(self, name: str) -> _Segment:
        groups, begins, texts = (_mapped_array(self._folder / f"{name}.{part}.npy") for part in ("groups", "begins", "texts"))
        if len(begins) != len(groups) + 1:
            raise ValueError(name)
        return _Segment(name, groups, begins, texts)


class _Column:
    """A file in NumPy's format that is written piece by piece: its header, which tells the length, comes last."""

    def __init__(self, path: Path) -> None:
        self._file = path.open("wb")
        self._file.write(bytes(_HEADER))
        self._length = 0

    def append(self, numbers: Any) -> None:  # noqa: ANN401 -- an array, uint32
        self._file.write(numbers.tobytes())
        self._length += len(numbers)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_exception: object) -> None:
        described = f"{{'descr': '<u4', 'fortran_order': False, 'shape': ({self._length},), }}"
        size = _HEADER - _PREAMBLE
        self._file.seek(0)
        self._file.write(_MAGIC + b"\x00" + size.to_bytes(2, "little") + f"{described:<{size - 1}}\n".encode("ascii"))
        self._file.close()


def _joined(groups: Any, texts: Any) -> Any:  # noqa: ANN401 -- arrays
    """Groups and their texts in one number each, so that sorting these sorts both."""
    import numpy as np

    return (np.asarray(groups).astype(np.uint64) << np.uint64(_HASH_BITS)) | np.asarray(texts).astype(np.uint64)


def _merged_pieces(segments: list[_Segment]) -> Iterator[Any]:
    """What segments hold together, sorted, in pieces that take little memory: a range of hashes at a time."""
    import numpy as np

    ranges = max(1, sum(len(segment.texts) for segment in segments) // _MERGED_AT_A_TIME)
    bounds = [(number << _HASH_BITS) // ranges for number in range(ranges + 1)]
    for low, high in pairwise(bounds):
        parts = []
        for segment in segments:
            first, last = bisect_left(segment.groups, low), bisect_left(segment.groups, high)
            if first < last:
                begins = np.array(segment.begins[first : last + 1])
                groups = np.repeat(np.array(segment.groups[first:last]), np.diff(begins))
                parts.append(_joined(groups, np.array(segment.texts[begins[0] : begins[-1]])))
        if parts:
            piece = np.concatenate(parts)
            piece.sort()
            yield piece


def _mapped_array(path: Path) -> memoryview:
    """The numbers of a file in NumPy's format, read as they are touched; raises `ValueError` where it is not whole."""
    with path.open("rb") as file:
        mapped = memoryview(mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ))
    start = _PREAMBLE + int.from_bytes(mapped[_PREAMBLE - 2 : _PREAMBLE], "little")
    header = bytes(mapped[:start])
    length = (len(mapped) - start) // 4
    if not header.startswith(_MAGIC) or b"'<u4'" not in header or b"(%d,)" % length not in header or sys.byteorder != "little":
        raise ValueError(path.name)
    return mapped[start : start + 4 * length].cast("I")


def _lookup(segment: _Segment, group: int) -> Sequence[int]:
    """In which of the segment's texts a group stands."""
    groups = segment.groups
    # Hashes are spread evenly: where one is to be expected, few pages are touched.
    about, reach = group * len(groups) >> 32, _STRAY
    low, high = max(0, about - reach), min(len(groups), about + reach)
    if low and groups[low] >= group:
        low = 0
    if high < len(groups) and groups[high] < group:
        high = len(groups)
    place = bisect_left(groups, group, low, high)
    if place == len(groups) or groups[place] != group:
        return ()
    texts: Sequence[int] = segment.texts[segment.begins[place] : segment.begins[place + 1]]
    return texts


def _scores(found: list[tuple[int, float, list[Sequence[int]]]]) -> dict[int, float]:
    """The summed weights of the texts that may come near the best one, the rarest groups counted first.

    Once what is left to count cannot lift a text over the bar by itself, only the texts met so far are counted on (H. Turtle
    and J. Flood, Query evaluation: strategies and optimizations, Information Processing & Management 31(6), 1995).
    """
    scores: dict[int, float] = {}
    left = sum(weight for _, weight, _ in found)
    least = left * _CHANCE
    for _count, weight, postings in sorted(found, key=itemgetter(0)):
        if scores and left < max(least, max(scores.values()) * _BEHIND):
            scores = {text: score for text, score in scores.items() if score + left >= least}
            for texts in postings:
                for text in scores.keys() & set(texts):
                    scores[text] += weight
        else:
            for texts in postings:
                for text in texts:
                    scores[text] = scores.get(text, 0.0) + weight
        left -= weight
    return scores


def _by_score(entry: tuple[int, float]) -> tuple[float, int]:
    return -entry[1], entry[0]
