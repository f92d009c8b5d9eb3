"""Others that find a quote in a text, for the table of `scan.py`: what it takes to compare each quote with each document.

Measured on a few of both, drawn evenly, in seconds of the processor, and extrapolated to all. They get the folded keys of both for nothing,
and no set-up is counted.
"""

import json
import time
from collections.abc import Callable, Iterator
from itertools import islice
from pathlib import Path
from typing import NamedTuple

from scan_corpus import Corpus

from claimreg.text.fold import fold_key

CUTOFF = 60
QUOTES, DOCUMENTS = 60, 60
SYMBOLS = 255
"""Edlib takes no more than 256 different symbols."""


class Pair(NamedTuple):
    """A quote and a text, folded."""

    quote: str
    text: str


def compare_peers(corpus: Corpus, count: int) -> Iterator[tuple[str, float]]:
    """Each peer's name and the megabytes of documents that it would compare with so many quotes in a second of the processor."""
    quotes = [fold_key(json.loads(line)["text"]) for line in some_lines(corpus.quotes[count], QUOTES)]
    lines = list(some_lines(corpus.documents, DOCUMENTS))
    texts = [fold_key(json.loads(line)["text"]) for line in lines]
    megabytes = sum(map(len, lines)) / 1e6
    pairs = [Pair(quote, text) for quote in quotes for text in texts]
    for name, prepare, compare in peers():
        prepared = [prepare(pair) for pair in pairs]
        started = time.process_time()
        for quote, text in prepared:
            compare(quote, text)
        yield name, megabytes * len(quotes) / (time.process_time() - started) / count


def some_lines(path: Path, most: int) -> Iterator[bytes]:
    """Lines of a file, as far from each other as they can be."""
    with path.open("rb") as file:
        every = max(1, sum(1 for _ in file) // most)
    with path.open("rb") as file:
        yield from islice(file, 0, every * most, every)


def peers() -> Iterator[tuple[str, Callable[[Pair], Pair], Callable[[str, str], object]]]:
    """What each is called, what is done to a pair before it, which is not counted, and the comparison."""
    from rapidfuzz import fuzz

    yield "rapidfuzz partial_ratio, cutoff 60", lambda pair: pair, lambda quote, text: fuzz.partial_ratio(quote, text, score_cutoff=CUTOFF)
    try:
        import edlib
    except ImportError:
        print("edlib is not installed (pip install edlib)")
        return

    def infix(quote: str, text: str) -> object:
        return edlib.align(quote, text, mode="HW", task="distance", k=len(quote) * 3 // 10)

    yield "edlib infix", with_few_symbols, infix


def with_few_symbols(pair: Pair) -> Pair:
    """The pair with few enough symbols: what is not in the quote may as well be one of them."""
    quote, text = pair.quote[:SYMBOLS] if len(set(pair.quote)) >= SYMBOLS else pair.quote, pair.text
    if len(set(text) | set(quote)) > SYMBOLS:
        text = text.translate({ord(letter): "\0" for letter in set(text) - set(quote)})
    return Pair(quote, text)
