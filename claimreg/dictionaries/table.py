"""Tables of words in a file that is mapped into memory: sorted hashes of the forms, then the number of each form's lemma.

A form's hash is the first 64 bits of its BLAKE2b; among four million forms two share one with a probability of 4 in ten million.
Every process that looks up a word shares the pages that it touches; opening reads the header alone.
"""

from __future__ import annotations

import struct
import unicodedata
from array import array
from bisect import bisect_left
from functools import lru_cache
from hashlib import blake2b
from typing import TYPE_CHECKING, NamedTuple

from claimreg.errors import InputError
from claimreg.files import make_folder, write_whole

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from mmap import mmap
    from pathlib import Path

_HEADER = struct.Struct("=8sQ")
"""A mark and the number of forms, in the byte order of the machine, as all that follows; a checksum of both comes next."""

_MARK = b"clmwords"
_HASH_SIZE = 8
_LEMMA_SIZE = 4
_START = _HEADER.size + _HASH_SIZE
_KEPT = 10_000
"""Forms whose lemmas are kept at hand: a passage has the same words again and again."""

_TURKISH_LOWER = str.maketrans("Iİ", "ıi")


class Words(NamedTuple):
    """Content of a table: the sorted ``hashes`` of its forms and the ``lemmas``' numbers in the same order."""

    hashes: memoryview
    lemmas: memoryview


class Table:
    """Dictionary whose forms are all listed."""

    def __init__(self, name: str, words: Words) -> None:
        self._hashes, self._lemmas = words
        self._turkish = name == "tr"
        self.lemma = lru_cache(_KEPT)(self._find)
        """The number of the lemma of a form, in the case that it is listed in, or None."""

    def lemmas(self, word: str) -> frozenset[int]:
        """Return the lemmas that a word is a form of, in whatever case it is written; empty for an unknown word."""
        low = self.lower(word)
        found = [self.lemma(form) for form in dict.fromkeys((word, low, self._title_of(low)))]
        return frozenset([lemma for lemma in found if lemma is not None])

    def knows(self, word: str) -> bool:
        """Return whether a word has lemmas, in less time than it takes to find them."""
        low = self.lower(word)
        # Nearly every word is known in lower case, or not at all.
        if self.lemma(low) is not None or self.lemma(self._title_of(low)) is not None:
            return True
        return word != low and self.lemma(word) is not None

    def is_common(self, word: str) -> bool:
        """Return whether the word is known in lower case."""
        return self.lemma(self.lower(word)) is not None

    def is_proper(self, word: str) -> bool:
        """Return whether the word is known with a capital."""
        return self.lemma(self.title(word)) is not None

    def lower(self, word: str) -> str:
        """Return the word in lower case, as its language has it."""
        return word.translate(_TURKISH_LOWER).lower() if self._turkish else word.lower()

    def title(self, word: str) -> str:
        """Return the word in lower case but for its first letter."""
        return self._title_of(self.lower(word))

    def _title_of(self, low: str) -> str:
        return ("İ" if self._turkish and low[:1] == "i" else low[:1].upper()) + low[1:]

    def _find(self, form: str) -> int | None:
        wanted = hash_of(form)
        at = bisect_left(self._hashes, wanted)
        return self._lemmas[at] if at < len(self._hashes) and self._hashes[at] == wanted else None


def open_table(path: Path, forms: Callable[[], Iterable[tuple[str, str]]]) -> Words:
    """Map the table of a file; one that is missing or damaged is built of each form and its lemma first.

    Where the file cannot be written, the table stays in this process's memory.
    """
    words = _mapped(path)
    if words is None:
        content = build(forms())
        try:
            make_folder(path.parent)
            write_whole(path, content)
        except (OSError, InputError):
            # A process beside this one may have written the same file and keep it open, which Windows does not replace.
            return _mapped(path) or _words(content)
        words = _mapped(path)
    return words or _words(content)


def build(forms: Iterable[tuple[str, str]]) -> bytes:
    """Return a table of forms with their lemmas, which are forms themselves."""
    import numpy as np

    numbers: dict[str, int] = {}
    hashes, lemmas = array("Q"), array("I")
    for form, lemma in forms:
        hashes.append(hash_of(form))
        lemmas.append(numbers.setdefault(lemma, len(numbers)))
    hashes.extend(map(hash_of, numbers))
    lemmas.extend(numbers.values())
    # The first of what is the same is kept: what is said of a form, before that a lemma is a form of its own.
    sorted_hashes, first = np.unique(np.frombuffer(hashes, np.uint64), return_index=True)
    return _head(len(first)) + sorted_hashes.tobytes() + np.frombuffer(lemmas, np.uint32)[first].tobytes()


def hash_of(form: str) -> int:
    """Return the 64-bit hash of a form: composed (NFC), with straight apostrophes."""
    plain = form
    if not form.isascii():
        # Two signs that hardly any word has are replaced in a tenth of the time that a table of them takes.
        plain = unicodedata.normalize("NFC", form).replace("’", "'").replace("ʼ", "'")
    return int.from_bytes(blake2b(plain.encode("utf-8", "surrogatepass"), digest_size=_HASH_SIZE).digest(), "little")


def _head(count: int) -> bytes:
    head = _HEADER.pack(_MARK, count)
    return head + blake2b(head, digest_size=_HASH_SIZE).digest()


def _mapped(path: Path) -> Words | None:
    import mmap

    try:
        with path.open("rb") as file:
            return _words(mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ))
    except (OSError, ValueError):
        return None


def _words(content: bytes | mmap) -> Words:
    """The table in some bytes; raises ValueError where its size or header is not what :func:`build` makes."""
    view = memoryview(content)
    count = (len(view) - _START) // (_HASH_SIZE + _LEMMA_SIZE)
    middle = _START + _HASH_SIZE * count
    if count < 0 or view[:_START] != _head(count) or len(view) != middle + _LEMMA_SIZE * count:
        raise ValueError("no table of words")
    return Words(view[_START:middle].cast("Q"), view[middle:].cast("I"))
