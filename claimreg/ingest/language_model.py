"""The model of `py3langid` without the half second that it takes to unpack: mapped from a file that is made once in the user's cache.

What is kept are the library's own numbers. Each row of a table has its checksum behind it, and is believed when it is first read and
fits: so nothing is read that a text has no use for, and a damaged file is known as such. Where nothing can be kept, as in the process
that may write no file, the same bytes are made in memory. Sums are in Python's floats, those of the library in its processor's
`float32`: they agree to the fourth decimal, and no numpy has to be loaded for a few texts; for many it is, as it adds faster.
"""

from __future__ import annotations

import json
import math
import mmap
import struct
import sys
import unicodedata
from contextlib import suppress
from functools import cache
from hashlib import blake2b
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from claimreg.errors import ClaimregError

if TYPE_CHECKING:
    import numpy as np

_LIBRARY = "py3langid"
_MODEL_FILE = ("data", "model.npz.xz")
_FORM = 1  # to be raised when the form of the kept file, or the choice of languages, becomes another
_LONGER_TAGS = frozenset({"crh", "zxx"})
"""Labels of three letters that are kept; the others are dialects beside a language of two, and would share its probability."""

_MANY = 8
"""Texts after which loading numpy takes less time than it saves."""

_LENGTH = struct.Struct("<Q")
_DIGEST = 8
_LETTERS = 256

_Bytes = bytes | mmap.mmap


class _DamagedError(ClaimregError):
    """The kept file is not what was written."""


class _Head(NamedTuple):
    """Part that is read as a whole: labels and priors of the languages, and for each state its row of moves and its feature (or -1)."""

    labels: list[str]
    priors: list[float]
    row_of: memoryview[int]
    feature_of: memoryview[int]
    moves_at: int
    weights_at: int


class Model:
    """A naive Bayes classifier over the features that an automaton finds in a text's bytes."""

    def __init__(self, content: _Bytes) -> None:
        self._content = content
        self._head = _head(content)
        self._weights_form = struct.Struct(f"={len(self._head.labels)}e")
        self._moves: dict[int, memoryview[int]] = {}
        self._weights: dict[int, tuple[float, ...]] = {}
        self._rows: dict[int, np.ndarray] = {}
        self._texts = 0

    def rank(self, text: str) -> list[tuple[str, float]]:
        """The languages, likeliest first, with their probabilities."""
        content = _encoded(text)
        self._texts += 1
        counts = self._counted(content)
        scores = self._scores(counts) if self._texts <= _MANY else self._scores_at_once(counts)
        scale = 1.0 / math.sqrt(len(content) or 1)  # as in the library: a probability that means the same for short and long texts
        most = max(scores)
        chances = [math.exp((score - most) * scale) for score in scores]
        total = sum(chances)
        merged: dict[str, float] = {}
        for label, chance in zip(self._head.labels, chances, strict=True):
            merged[label] = merged.get(label, 0.0) + chance / total
        return sorted(merged.items(), key=lambda item: -item[1])

    def _counted(self, content: bytes) -> dict[int, int]:
        """Numbers of times that each feature is found."""
        row_of, feature_of, moves = self._head.row_of, self._head.feature_of, self._moves
        counts: dict[int, int] = {}
        state = 0
        for letter in content:
            row = row_of[state]
            if row not in moves:
                moves[row] = self._row(row, self._head.moves_at, _LETTERS * 4).cast("I")
            state = moves[row][letter]
            feature = feature_of[state]
            if feature >= 0:
                counts[feature] = counts.get(feature, 0) + 1
        return counts

    def _scores(self, counts: dict[int, int]) -> list[float]:
        if not counts:
            return [0.0] * len(self._head.labels)
        scores = self._head.priors
        for feature, count in counts.items():
            weights = self._weights.get(feature)
            if weights is None:
                row = self._row(feature, self._head.weights_at, self._weights_form.size)
                weights = self._weights[feature] = self._weights_form.unpack(row)
            factor = math.log1p(count)
            scores = [score + factor * weight for score, weight in zip(scores, weights, strict=True)]
        return scores

    def _scores_at_once(self, counts: dict[int, int]) -> list[float]:
        """Scores as of `_scores`, added all at once."""
        import numpy as np

        if not counts:
            return [0.0] * len(self._head.labels)
        self._weights.clear()
        rows = self._rows
        for feature in counts.keys() - rows.keys():
            row = self._row(feature, self._head.weights_at, self._weights_form.size)
            rows[feature] = np.frombuffer(row, dtype=np.float16).astype(np.float64)
        factors = np.log1p(np.fromiter(counts.values(), dtype=np.float64, count=len(counts)))
        scores = factors @ np.stack([rows[feature] for feature in counts]) + np.asarray(self._head.priors)
        return [float(score) for score in scores]

    def _row(self, number: int, start: int, size: int) -> memoryview:
        place = start + number * (size + _DIGEST)
        row = self._content[place : place + size]
        if self._content[place + size : place + size + _DIGEST] != _digest(row):
            raise _DamagedError("The kept model of languages is damaged.")
        return memoryview(row)


def ranked(text: str, folder: Path | None = None) -> list[tuple[str, float]]:
    """All languages of the model, likeliest first, with their probabilities; a kept file that is damaged is made anew."""
    try:
        return model(folder).rank(text)
    except _DamagedError:
        model.cache_clear()
        return Model(_made(_kept_path(folder))).rank(text)


@cache
def model(folder: Path | None = None) -> Model:
    """The model, mapped from the file kept in a folder (the user's cache unless another is named), or made and kept now."""
    path = _kept_path(folder)
    with suppress(OSError, ValueError, _DamagedError), path.open("rb") as file:
        return Model(mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ))
    return Model(_made(path))


def model_file() -> Path:
    """The library's file, found without loading the library."""
    found = find_spec(_LIBRARY)
    if found is None or found.origin is None:
        raise ModuleNotFoundError(f"No module named {_LIBRARY!r}", name=_LIBRARY)
    return Path(found.origin).parent.joinpath(*_MODEL_FILE)


def _kept_path(folder: Path | None = None) -> Path:
    if folder is None:
        from platformdirs import user_cache_path

        folder = user_cache_path("claimreg", appauthor=False)
    status = model_file().stat()
    told = (_FORM, sys.byteorder, status.st_size, status.st_mtime_ns)
    return folder / f"languages-{blake2b(repr(told).encode(), digest_size=8).hexdigest()}.model"


def _made(path: Path) -> bytes:
    """The bytes of the file to keep, kept if they can be."""
    from claimreg.files import make_folder, write_whole

    content = _from_library()
    # A full disk, a folder of somebody else's, a process that may write nothing: then each start makes it anew.
    with suppress(OSError, ClaimregError):
        make_folder(path.parent)
        write_whole(path, content)
    return content


def _from_library() -> bytes:
    import io
    import lzma

    import numpy as np

    # The library's own reader unpacks into a temporary file, which the process that reads documents may not write.
    with np.load(io.BytesIO(lzma.decompress(model_file().read_bytes())), allow_pickle=False) as arrays:
        labels = [str(label) for label in arrays["classes"]]
        chosen = [number for number, label in enumerate(labels) if len(label) == 2 or label in _LONGER_TAGS]  # noqa: PLR2004 -- ISO 639-1
        rows, features = arrays["nextmove_row"].astype("=u4"), arrays["out_feat"].astype("=i4")
        priors = [float(prior) for prior in arrays["pc"][chosen]]
        told = {"labels": [labels[number] for number in chosen], "priors": priors, "states": len(rows)}
        moves = _with_digests(arrays["nextmove"].reshape(-1, _LETTERS).astype("=u4"))
        weights = _with_digests(np.ascontiguousarray(arrays["ptc"][:, chosen]).astype("=f2"))
        head = json.dumps({**told, "moves": len(moves)}).encode()
        body = _LENGTH.pack(len(head)) + head + rows.tobytes() + features.tobytes()
        return b"".join((_LENGTH.pack(len(body)), _digest(body), body, moves, weights))


def _with_digests(table: np.ndarray[tuple[int, ...], np.dtype[np.generic]]) -> bytes:
    whole, size = table.tobytes(), table.itemsize * table.shape[1]
    rows = (whole[place : place + size] for place in range(0, len(whole), size))
    return b"".join(part for row in rows for part in (row, _digest(row)))


def _head(content: _Bytes) -> _Head:
    """Raises `_DamagedError` for what is no such file."""
    start = _LENGTH.size + _DIGEST
    size = _LENGTH.unpack(content[: _LENGTH.size])[0] if len(content) > start else 0
    body = content[start : start + size]
    if not size or _digest(body) != content[_LENGTH.size : start]:
        raise _DamagedError("The kept model of languages is damaged.")
    told_size = _LENGTH.unpack(body[: _LENGTH.size])[0]
    told = json.loads(body[_LENGTH.size : _LENGTH.size + told_size])
    # Numbers are read in place, so they begin behind the description.
    numbers = memoryview(body[_LENGTH.size + told_size :])
    states = 4 * told["states"]
    moves_at = start + size
    return _Head(told["labels"], told["priors"], numbers[:states].cast("I"), numbers[states:].cast("i"), moves_at, moves_at + told["moves"])


def _digest(content: bytes) -> bytes:
    return blake2b(content, digest_size=_DIGEST).digest()


def _encoded(text: str) -> bytes:
    """The text as the model was trained on: composed, in UTF-8, and in lower case where it is all in capitals."""
    return unicodedata.normalize("NFC", text.lower() if text.isupper() else text).encode("utf-8", "surrogatepass")
