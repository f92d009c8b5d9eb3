"""Which captured texts share letter groups: derived data beside an embedded registry, made anew whenever it is missing or damaged.

Append-only segments in `.cache/grams/`, each an inverted index in three flat arrays (sorted group hashes, where each one's
texts begin, the texts), read through a memory map so that a look-up touches a few pages only. Small segments are merged as
they grow in number, so that there are never many to look into (O'Neil et al., The log-structured merge-tree, Acta
Informatica 33, 1996). A list of segments that is replaced whole says which of them count.
"""

from __future__ import annotations

import json
import os
import shutil
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

if TYPE_CHECKING:
    from pathlib import Path

_VERSION = 1
_MOST_SEGMENTS = 6
_MERGED_AT_ONCE = 30_000_000
"""Postings up to which segments are merged in memory; a larger segment stays as it is."""

_POSTINGS_HELD = 8_000_000
_AS_GOOD = 0.75
_ALSO_LOOKED_AT = 8
"""Texts whose score is as good as the best one's may all hold the quote; of the others, a few are looked at."""

_BEHIND = 1 / 3
"""Share of the best text's score below which a text is left out."""

_CHANCE = 0.07
"""Share of the score of a text that holds every group; below it, what is shared is shared by chance.

Where one letter in five is wrong, a quarter of all groups of six are still whole.
"""

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
        numbers = np.repeat(np.array([text for text, _ in self._held], np.uint32), [len(groups) for _, groups in self._held])
        groups = np.concatenate([groups for _, groups in self._held]) if self._held else np.zeros(0, np.uint32)
        self._held, self._held_postings = [], 0
        segments = [*self._segments, self._written(groups, numbers)]
        small = [segment for segment in segments if len(segment.texts) < _MERGED_AT_ONCE // _MOST_SEGMENTS]
        if len(small) >= _MOST_SEGMENTS:
            merged = self._merged(small)
            segments = [segment for segment in segments if segment not in small] + [merged]
        self._keep(segments)

    def candidates(self, groups: Any, limit: int) -> list[int]:  # noqa: ANN401 -- as above
        """The texts that share the rarest groups with these, the likest first; those far behind the best are left out."""
        wanted = np.unique(np.asarray(groups, np.uint32))
        found = [_lookup(segment, wanted) for segment in self._segments]
        counts = np.sum([counts for counts, _ in found], axis=0) if found else np.zeros(0)
        if not len(counts) or not counts.any():
            return []
        weights = np.log1p(len(self._known) / np.maximum(counts, 1))
        if len(self._known) > 1 / _COMMON:
            weights[counts > _COMMON * len(self._known)] = 0.0
        scores = np.zeros(max(self._known) + 1)
        for _counts, postings in found:
            for weight, texts in zip(weights, postings, strict=True):
                if weight and len(texts):
                    scores[texts] += weight
        ranked = np.argsort(-scores, kind="stable")[:limit]
        best = scores[ranked[0]]
        alike = int((scores[ranked] >= best * _AS_GOOD).sum())
        bar = max(best * _BEHIND, float(weights.sum()) * _CHANCE)
        return [int(text) for text in ranked[: alike + _ALSO_LOOKED_AT] if scores[text] >= bar]

    def _written(self, groups: Any, numbers: Any) -> _Segment:  # noqa: ANN401 -- as above
        order = np.lexsort((numbers, groups))
        groups, numbers = groups[order], numbers[order]
        distinct, begins = np.unique(groups, return_index=True)
        begins = np.append(begins, len(groups)).astype(np.uint32)
        name = f"{os.getpid()}-{len(self._segments)}-{len(groups)}-{int(groups[:1].sum())}"
        self._folder.mkdir(parents=True, exist_ok=True)
        for part, array in (("groups", distinct), ("begins", begins), ("texts", numbers)):
            np.save(self._folder / f"{name}.{part}.npy", array)
        return self._mapped(name)

    def _merged(self, segments: list[_Segment]) -> _Segment:
        groups = np.concatenate([np.repeat(one.groups, np.diff(one.begins)) for one in segments])
        return self._written(groups, np.concatenate([one.texts for one in segments]))

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
        arrays = [np.load(self._folder / f"{name}.{part}.npy", mmap_mode="r") for part in ("groups", "begins", "texts")]
        return _Segment(name, *arrays)


def _lookup(segment: _Segment, wanted: Any) -> tuple[Any, list[Any]]:  # noqa: ANN401 -- arrays
    """For each wanted group, in how many of the segment's texts it stands, and in which."""
    places = np.searchsorted(segment.groups, wanted)
    places[places == len(segment.groups)] = 0
    there = segment.groups[places] == wanted if len(segment.groups) else np.zeros(len(wanted), bool)
    begins = np.where(there, segment.begins[places], 0)
    ends = np.where(there, segment.begins[places + 1], 0)
    return ends - begins, [segment.texts[begin:end] for begin, end in zip(begins.tolist(), ends.tolist(), strict=True)]
