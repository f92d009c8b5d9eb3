"""Index of the letter groups, or of the words, of captured texts: derived data beside an embedded registry, made again when damaged.

An inverted index in segments (see `claimreg.store.segments`), each with the sorted hashes of its groups and, in the same order, the
texts that have them. A list of every so many hashes says in which block of the file one is to be looked for, so that a look-up
reads one block for the group and one or two for its texts. Small segments are merged as they grow in number, so that there are never
many to look into (O'Neil et al., The log-structured merge-tree, Acta Informatica 33, 1996).

Looking up does without NumPy, whose import would take longer; segments are made with it.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from itertools import pairwise
from math import log1p
from operator import itemgetter
from typing import TYPE_CHECKING, Any, NamedTuple

from claimreg.store.port import DamagedIndexError, GramIndex

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence
    from contextlib import AbstractContextManager

    from claimreg.store.segments import Column, SegmentFolder

VERSION = 2
"""Version of the groups and their form."""

_MOST_SEGMENTS = 6
_MERGED_AT_ONCE = 30_000_000  # postings up to which segments are merged; a larger segment stays as it is
_POSTINGS_HELD = 1_000_000
_MERGED_AT_A_TIME = 1_000_000
_HASH_BITS = 32
_LOW_BITS = (1 << _HASH_BITS) - 1
_STEP = 512  # groups from one that is listed to the next: as many as a block of a file holds
_AS_GOOD = 0.75
_ALSO_LOOKED_AT = 8
"""Texts whose score is as good as the best one's may all hold the quote; of the others, a few are looked at."""

_BEHIND = 1 / 3  # share of the best text's score below which a text is left out
_CHANCE = 0.07
"""Share of the score of a text that holds every group; below it, what is shared is shared by chance.

Where one letter in five is wrong, a quarter of all groups of six are still whole.
"""

_BOTH = 2
_COMMON = 0.2  # share of the texts from which on a group tells too little to be counted


class _Segment(NamedTuple):
    """``groups`` has a hash and the place of its first text in each number, ``listed`` every so manieth of them."""

    columns: Mapping[str, Column]
    groups: Column
    listed: Sequence[int]
    texts: Column


class LetterGroupIndex(GramIndex):
    """Texts, by number, and the hashes of their letter groups."""

    def __init__(self, kept: SegmentFolder) -> None:
        self._kept = kept
        self._held: list[tuple[int, Any]] = []
        self._held_postings = 0
        self.forget()

    def forget(self) -> None:
        self.known: set[int] = set()
        self.position: tuple[int, str] = (0, "")
        self._segments: list[_Segment] = []

    def load(self) -> None:
        self.forget()
        loaded = self._kept.load()
        if loaded is None or loaded[0].get("version") != VERSION:
            return
        document, segments = loaded
        try:
            seq, own = document["position"]
            known = {number for first, last in document["known"] for number in range(first, last + 1)}
            self._segments = [_segment(columns) for columns in segments]
        except (KeyError, ValueError, TypeError) as error:
            raise DamagedIndexError(str(error)) from error
        self.position, self.known = (int(seq), str(own)), known

    def locked(self) -> AbstractContextManager[None]:
        return self._kept.locked()

    def clear(self) -> None:
        self.forget()
        self._kept.clear()

    def close(self) -> None:
        self._kept.close()

    def add(self, text: int, groups: Any) -> bool:  # noqa: ANN401 -- an array of the distinct group hashes, uint32
        self._held.append((text, groups))
        self._held_postings += len(groups)
        return self._held_postings < _POSTINGS_HELD

    def keep(self, position: tuple[int, str]) -> None:
        import numpy as np

        held, self._held, self._held_postings = self._held, [], 0
        segments = list(self._segments)
        if held:
            piece = np.concatenate([_joined(groups, text) for text, groups in held])
            piece.sort()
            segments.append(self._written([piece], len(piece)))
        small = [segment for segment in segments if len(segment.texts) < _MERGED_AT_ONCE // _MOST_SEGMENTS]
        if len(small) >= _MOST_SEGMENTS:
            merged = self._written(_merged_pieces(small), sum(len(segment.texts) for segment in small))
            segments = [segment for segment in segments if segment not in small] + [merged]
        self.known.update(text for text, _ in held)
        self.position = position
        self._segments = segments
        self._keep()

    def take_out(self, texts: set[int]) -> None:
        """Leave texts out of what is kept; to be called while it is `locked`."""
        self._segments = [one for one, of_these in self._parted(texts) if not of_these]
        self.known -= texts
        self._keep()

    def differing(self, other: GramIndex) -> set[int]:
        import numpy as np

        assert isinstance(other, LetterGroupIndex)  # noqa: S101 -- a store's indexes are of one kind
        ranges = max(self.ranges(), other.ranges())
        found = self.known ^ other.known
        for own, others in zip(self.entries(ranges), other.entries(ranges), strict=True):
            # Each is there once in either.
            entries, counts = np.unique(np.concatenate([own, others]), return_counts=True)
            found.update((entries[counts != _BOTH] & np.uint64(_LOW_BITS)).tolist())
        return found

    def ranges(self) -> int:
        """In how many ranges of hashes the entries are gone through, so that one takes little memory."""
        return _ranges_of(self._segments)

    def entries(self, ranges: int) -> Iterator[Any]:
        """Yield the groups and their texts, in one number each, sorted, in each of so many ranges of hashes."""
        return _merged_ranges(self._segments, ranges)

    def set_apart(self, texts: set[int]) -> list[bool]:
        """Keep some texts in segments of their own; tells of each segment whether it is one of these. To be called while it is `locked`."""
        parted = self._parted(texts)
        if len(parted) != len(self._segments):
            self._segments = [one for one, _of_these in parted]
            self._keep()
        return [of_these for _one, of_these in parted]

    def document(self, known: set[int]) -> dict[str, Any]:
        """Document that is kept beside the segments of these texts."""
        return {"version": VERSION, "position": list(self.position), "known": _ranges(known)}

    def _keep(self) -> None:
        self._kept.keep(self.document(self.known), [segment.columns for segment in self._segments])

    def _parted(self, texts: set[int]) -> list[tuple[_Segment, bool]]:
        """The segments, those that some texts share with others in two; with each, whether it is of these texts."""
        import numpy as np

        wanted = np.array(sorted(texts), np.uint32)
        parted: list[tuple[_Segment, bool]] = []
        for segment in self._segments:
            of_these = np.isin(segment.texts.part(0, len(segment.texts)), wanted)
            if of_these.all() or not of_these.any():
                parted.append((segment, bool(of_these.any())))
                continue
            every = segment.groups.part(0, len(segment.groups))
            postings = _postings(segment, every, 0, len(every))
            for chosen, is_wanted in ((~of_these, False), (of_these, True)):
                parted.append((self._written([postings[chosen]], int(chosen.sum())), is_wanted))
        return parted

    def candidates(self, groups: Iterable[int], limit: int) -> list[int]:
        total = len(self.known)
        there = False
        found: list[tuple[int, float, list[Sequence[int]]]] = []
        for group in sorted(set(map(int, groups))):
            places = [(segment.texts, *place) for segment in self._segments if (place := _lookup(segment, group))]
            count = sum(end - begin for _, begin, end in places)
            there = there or count > 0
            if total <= 1 / _COMMON or count <= _COMMON * total:
                found.append((count, log1p(total / max(count, 1)), [texts.numbers(begin, end) for texts, begin, end in places]))
        if there and not found:
            # Every group is a common one: none tells the texts apart, and none leaves one out.
            return sorted(self.known)[:limit]
        scores = _scores(found)
        ranked = sorted(((text, score) for text, score in scores.items() if text in self.known), key=lambda one: (-one[1], one[0]))[:limit]
        best = ranked[0][1] if ranked else 0.0
        alike = sum(score >= best * _AS_GOOD for _, score in ranked)
        bar = max(best * _BEHIND, sum(weight for _, weight, _ in found) * _CHANCE)
        return [text for text, score in ranked[: alike + _ALSO_LOOKED_AT] if score >= bar]

    def texts_with(self, groups: Iterable[int]) -> set[int]:
        found: set[int] = set()
        for group in groups:
            for segment in self._segments:
                if (place := _lookup(segment, group)) is not None:
                    found.update(segment.texts.numbers(*place))
        return found

    def _written(self, pieces: Iterable[Any], size: int) -> _Segment:
        """Write a segment of so many postings.

        They come in sorted pieces that follow each other, each an array of groups and texts in one number.
        """
        import numpy as np

        texts = np.empty(size, np.uint32)
        groups = [np.zeros(0, np.uint64)]
        count = 0
        for piece in pieces:
            in_groups = piece >> np.uint64(_HASH_BITS)
            firsts = np.flatnonzero(np.append(True, in_groups[1:] != in_groups[:-1]))
            groups.append(_joined(in_groups[firsts], firsts + count))
            texts[count : count + len(piece)] = piece.astype(np.uint32)
            count += len(piece)
        every = np.concatenate(groups)
        # The groups come first: so their blocks are the file's.
        return _segment(self._kept.add({"groups": _Made(every), "listed": _Made(every[::_STEP].copy()), "texts": _Made(texts)}))


class _Made:
    """A column in memory."""

    def __init__(self, items: Any) -> None:  # noqa: ANN401 -- an array
        self._items = items

    def __len__(self) -> int:
        return len(self._items)

    def part(self, begin: int, end: int) -> Any:  # noqa: ANN401 -- an array
        return self._items[begin:end]


def _segment(columns: Mapping[str, Column]) -> _Segment:
    listed = columns["listed"]
    return _Segment(columns, columns["groups"], listed.numbers(0, len(listed)), columns["texts"])


def _ranges(numbers: Iterable[int]) -> list[list[int]]:
    """Numbers as the first and the last of each run of them."""
    runs: list[list[int]] = []
    for number in sorted(numbers):
        if runs and number == runs[-1][1] + 1:
            runs[-1][1] = number
        else:
            runs.append([number, number])
    return runs


def _joined(high: Any, low: Any) -> Any:  # noqa: ANN401 -- arrays
    """Groups, and their texts or places, in one number each, so that sorting these sorts both."""
    import numpy as np

    return (np.asarray(high).astype(np.uint64) << np.uint64(_HASH_BITS)) | np.asarray(low).astype(np.uint64)


def _ranges_of(segments: Sequence[_Segment]) -> int:
    """In how many ranges of hashes the entries of segments are gone through, so that one takes little memory."""
    return max(1, sum(len(segment.texts) for segment in segments) // _MERGED_AT_A_TIME)


def _merged_pieces(segments: Sequence[_Segment]) -> Iterator[Any]:
    """Yield the sorted entries of all segments in pieces, none of them empty."""
    return (piece for piece in _merged_ranges(segments, _ranges_of(segments)) if len(piece))


def _merged_ranges(segments: Sequence[_Segment], ranges: int) -> Iterator[Any]:
    """Yield the sorted entries of all segments in each of so many ranges of hashes."""
    import numpy as np

    bounds = [(number << _HASH_BITS) // ranges for number in range(1, ranges)]
    cuts = []
    for segment in segments:
        every = segment.groups.part(0, len(segment.groups))
        places = np.searchsorted(every >> np.uint64(_HASH_BITS), np.array(bounds, np.uint64)).tolist()
        cuts.append((segment, every, pairwise([0, *places, len(every)])))
    for _ in range(ranges):
        piece = np.concatenate([np.zeros(0, np.uint64), *(_postings(segment, every, *next(cut)) for segment, every, cut in cuts)])
        piece.sort()
        yield piece


def _postings(segment: _Segment, every: Any, first: int, last: int) -> Any:  # noqa: ANN401 -- arrays
    """The postings of a segment's groups from the first up to the last."""
    import numpy as np

    begins = np.append(every[first : last + 1] & np.uint64(_LOW_BITS), np.uint64(len(segment.texts)))[: last - first + 1].astype(np.int64)
    return _joined(
        np.repeat(every[first:last] >> np.uint64(_HASH_BITS), np.diff(begins)), segment.texts.part(int(begins[0]), int(begins[-1]))
    )


def _lookup(segment: _Segment, group: int) -> tuple[int, int] | None:
    """Return where the texts of a group begin and end in the segment's; ``None`` where there are none."""
    listed = segment.listed
    step = bisect_right(listed, group << _HASH_BITS | _LOW_BITS) - 1
    if step < 0:
        return None
    first = step * _STEP
    groups = segment.groups.numbers(first, min(first + _STEP, len(segment.groups)))
    place = bisect_left(groups, group << _HASH_BITS)
    if place == len(groups) or groups[place] >> _HASH_BITS != group:
        return None
    if place + 1 < len(groups):
        end = groups[place + 1] & _LOW_BITS
    else:
        end = listed[step + 1] & _LOW_BITS if step + 1 < len(listed) else len(segment.texts)
    return groups[place] & _LOW_BITS, end


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
