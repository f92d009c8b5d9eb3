"""A part of an index that never changes: some claims, and for each term those that have it.

The columns of a segment may be arrays in memory or parts of a file that are read when they are asked for; how they are kept is not
known here.
"""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING, Any, NamedTuple, Protocol, TypeAlias
from zlib import crc32

import numpy as np

from claimreg.rank.statement import LONGEST, packed, plain_skeletons
from claimreg.text.grams import Hashes, gram_hashes
from claimreg.text.other_spellings import other_spellings

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence

Array: TypeAlias = "np.ndarray[tuple[int], np.dtype[Any]]"

GRAM = 4
SAID = ("claim", "title", "quote")
"""The kinds of fields that say what is claimed; a statement's length is the length of these."""

ABOUT = ("party", "tag", "case")
"""The kinds of fields that tell of a claim: found by, but no part of what is said."""

SPELT = "spelling"
"""The kind of field that has the other spellings of the words in all others; an index makes it itself."""

_KINDS = (*SAID, *ABOUT, SPELT)
_MOST_OFTEN = 255
_RANGE = 1 << 28
LOWEST_TERMS = range(0, 1 << 32, _RANGE)
"""The first term, by its hash, of each range whose postings are in memory at a time."""

MOST_CLAIMS = 1 << 24
"""Claims that one segment can hold."""


class Column(Protocol):
    """An array that is read in parts."""

    def __len__(self) -> int:
        """Return how many items it has."""

    def part(self, begin: int, end: int) -> Array:
        """The items from ``begin`` up to ``end``."""


class Held:
    """A column in memory."""

    def __init__(self, items: Array) -> None:
        self._items = items

    def __len__(self) -> int:
        """See `Column`."""
        return len(self._items)

    def part(self, begin: int, end: int) -> Array:
        """See `Column.part`."""
        return self._items[begin:end]


class Entry(NamedTuple):
    """A claim to be indexed: its number, and its fields, each the kind (see `SAID` and `ABOUT`) and the text, none blank."""

    number: int
    fields: tuple[tuple[str, str], ...]


class Segment:
    """Segment of claims, known by their place in it."""

    def __init__(self, columns: Mapping[str, Column]) -> None:
        self.columns = columns

    def __len__(self) -> int:
        """Return how many claims it has."""
        return len(self.columns["numbers"])

    @cached_property
    def numbers(self) -> Array:
        """The number of each claim."""
        return self._whole("numbers")

    @cached_property
    def said_ends(self) -> Array:
        """Return where what each claim says ends, in bytes."""
        return self._whole("said_ends")

    @cached_property
    def terms(self) -> dict[str, tuple[Array, Array]]:
        """The terms of each space, sorted, and where the postings of each begin, with their end behind the last."""
        return {space: (self._whole(f"{space}.terms"), self._whole(f"{space}.begins")) for space in SPACES}

    def fields(self, place: int) -> list[tuple[str, str]]:
        """The fields of a claim: the kind of each, and its skeleton as `claimreg.rank.statement.packed` gives it."""
        begin, end = int(self.said_ends[place - 1]) if place else 0, int(self.said_ends[place])
        lines = self.columns["said"].part(begin, end).tobytes().decode("utf-8", "surrogatepass").split("\n")
        return [(_KINDS[int(line[0])], line[1:]) for line in lines if line]

    def lengths(self, space: str) -> Array:
        """Return how many terms each claim says."""
        return self._whole(f"{space}.lengths")

    def find(self, space: str, wanted: Hashes) -> tuple[Array, Array]:
        """Return where the postings of each term begin and end; the two are equal for a term that no claim has."""
        terms, begins = self.terms[space]
        if not len(terms):
            return np.zeros(len(wanted), np.int64), np.zeros(len(wanted), np.int64)
        at = np.minimum(np.searchsorted(terms, wanted), len(terms) - 1)
        there = terms[at] == wanted
        return np.where(there, begins[at], 0).astype(np.int64), np.where(there, begins[at + 1], 0).astype(np.int64)

    def postings(self, space: str, begin: int, end: int) -> tuple[Array, Array]:
        """The places of the claims that have a term, and how often each has it (at most 255)."""
        return self.columns[f"{space}.places"].part(begin, end), self.columns[f"{space}.counts"].part(begin, end)

    def _whole(self, name: str) -> Array:
        column = self.columns[name]
        return column.part(0, len(column))


def build_segment(entries: Sequence[Entry]) -> Segment:
    """Index claims."""
    said = [[(kind, packed(text)) for kind, text in (*entry.fields, *_spelt(entry.fields))] for entry in entries]
    kept = [_lines(fields) for fields in said]
    columns: dict[str, Array] = {
        "numbers": np.array([entry.number for entry in entries], np.uint32),
        "said": np.frombuffer(b"".join(kept), np.uint8),
        "said_ends": np.cumsum([len(one) for one in kept], dtype=np.uint64),
    }
    parts = [_parted(fields) for fields in said]
    for space, terms_of in SPACES.items():
        pairs = [(terms_of(said), terms_of(about)) for said, about in parts]
        places = np.repeat(np.arange(len(entries), dtype=np.uint64), [len(own) + len(other) for own, other in pairs])
        terms = np.concatenate([np.zeros(0, np.uint32), *(part for pair in pairs for part in pair)])
        both, often = np.unique(_packed(terms, places, 0), return_counts=True)
        columns |= {f"{space}.lengths": np.array([len(own) for own, _other in pairs], np.uint32)}
        columns |= _inverted(space, both | np.minimum(often, _MOST_OFTEN).astype(np.uint64))
    return Segment({name: Held(column) for name, column in columns.items()})


def merge_segments(segments: Sequence[Segment], alive: Sequence[np.ndarray[tuple[int], np.dtype[np.bool_]]]) -> Segment:
    """One segment of several, without the claims that are gone; ``alive`` says of each segment's claims which are still in use."""
    columns: dict[str, Array] = {"numbers": np.concatenate([one.numbers[kept] for one, kept in zip(segments, alive, strict=True)])}
    offsets = np.cumsum([0, *(int(kept.sum()) for kept in alive)])
    said, sizes = [], []
    for one, kept in zip(segments, alive, strict=True):
        ends: Array = one.said_ends.astype(np.int64)
        each: Array = ends - np.concatenate([np.zeros(1, np.int64), ends[:-1]])
        column = one.columns["said"]
        said.append(column.part(0, len(column))[np.repeat(kept, each)])
        sizes.append(each[kept])
    columns |= {"said": np.concatenate(said), "said_ends": np.cumsum(np.concatenate(sizes), dtype=np.uint64)}
    for space in SPACES:
        columns[f"{space}.lengths"] = np.concatenate([one.lengths(space)[kept] for one, kept in zip(segments, alive, strict=True)])
        columns |= _merged(space, segments, alive, offsets.tolist())
    return Segment({name: Held(column) for name, column in columns.items()})


def words_in(words: Iterable[str]) -> Hashes:
    """The hash of each word."""
    return np.array([crc32(word.encode("utf-8", "surrogatepass")) for word in words], np.uint32)


def said_texts(fields: Iterable[tuple[str, str]]) -> tuple[tuple[str, str], ...]:
    """Fields as they are indexed: those that say something, each once, as far as they count."""
    return tuple(dict.fromkeys((kind, text[:LONGEST]) for kind, text in fields if text.strip()))


def _spelt(fields: Iterable[tuple[str, str]]) -> tuple[tuple[str, str], ...]:
    others = dict.fromkeys(other for _kind, text in fields for other in other_spellings(text))
    return ((SPELT, " ".join(others)[:LONGEST]),) if others else ()


def _word_terms(skeletons: Sequence[str]) -> Hashes:
    return words_in(word for skeleton in skeletons for word in skeleton.split())


def _gram_terms(skeletons: Sequence[str]) -> Hashes:
    keys = np.frombuffer(f" {' '.join(skeletons)} ".encode("utf-16-le", "surrogatepass"), "<u2")
    return gram_hashes(keys, GRAM)


SPACES: dict[str, Callable[[Sequence[str]], Hashes]] = {"words": _word_terms, "grams": _gram_terms}
"""The kinds of terms, and how those of skeletons are found: the hashes of words, and of runs of characters, repeated as they are."""


def _lines(fields: Iterable[tuple[str, str]]) -> bytes:
    """A line for each field: a digit for its kind, then its skeleton."""
    return "".join(f"{_KINDS.index(kind)}{skeleton}\n" for kind, skeleton in fields).encode("utf-8", "surrogatepass")


def _parted(fields: Sequence[tuple[str, str]]) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """The skeletons of what is said, and of what is told about it."""
    return (
        plain_skeletons(skeleton for kind, skeleton in fields if kind in SAID),
        plain_skeletons(skeleton for kind, skeleton in fields if kind not in SAID),
    )


def _packed(terms: Array, places: Array, counts: Array | int) -> Array:
    """Postings as numbers that sort by term and then by place."""
    packed: Array = terms.astype(np.uint64) << np.uint64(32) | places.astype(np.uint64) << np.uint64(8)
    return packed | np.asarray(counts, np.uint64)


def _inverted(space: str, postings: Array) -> dict[str, Array]:
    """The columns of sorted postings, no two of one term and place."""
    terms, begins = np.unique((postings >> np.uint64(32)).astype(np.uint32), return_index=True)
    return {
        f"{space}.terms": terms,
        f"{space}.begins": np.append(begins, len(postings)).astype(np.uint32),
        f"{space}.places": (postings >> np.uint64(8) & np.uint64(0xFFFFFF)).astype(np.int32),
        f"{space}.counts": (postings & np.uint64(0xFF)).astype(np.uint8),
    }


def _merged(
    space: str, segments: Sequence[Segment], alive: Sequence[np.ndarray[tuple[int], np.dtype[np.bool_]]], offsets: Sequence[int]
) -> dict[str, Array]:
    """The columns of several segments' postings, made a range of terms after the other, so that few are in memory unpacked."""
    names = [f"{space}.{name}" for name in ("terms", "begins", "places", "counts")]
    pieces: list[dict[str, Array]] = []
    for low in LOWEST_TERMS:
        parts = [
            unrolled(one, space, kept, np.cumsum(kept) - 1 + offset, low)
            for one, kept, offset in zip(segments, alive, offsets, strict=False)
        ]
        pieces.append(_inverted(space, np.sort(np.concatenate(parts))))
    begin = 0
    for piece in pieces:
        # The end of one range is the beginning of the next.
        size = len(piece[names[2]])
        piece[names[1]] = piece[names[1]][:-1] + np.uint32(begin)
        begin += size
    columns = {name: np.concatenate([piece[name] for piece in pieces]) for name in names}
    columns[names[1]] = np.append(columns[names[1]], np.uint32(begin))
    return columns


def unrolled(segment: Segment, space: str, kept: Array, renumbered: Array, low: int) -> Array:
    """Postings of a range of terms that begins with ``low``, without those of claims that are not kept.

    Each is one number, of the term, then the place that the claim gets by ``renumbered``, then how often it has the term.
    """
    terms, begins = segment.terms[space]
    first, last = np.searchsorted(terms, [low, low + _RANGE]).tolist()
    places, counts = segment.postings(space, int(begins[first]), int(begins[last]))
    stays = kept[places]
    spread = (begins[first + 1 : last + 1] - begins[first:last]).astype(np.int64)
    return _packed(np.repeat(terms[first:last], spread)[stays], renumbered[places[stays]], counts[stays])
