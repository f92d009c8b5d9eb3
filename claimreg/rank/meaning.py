"""The optional stronger stage: statements by what they mean, as vectors of a sentence-embedding model, fused with the letters.

A claim is known by each of its texts and by the first two together, a statement that is asked by the whole of it, without who signed
it, and sentence by sentence; what counts is the nearest pair (maximum similarity, as in N. Reimers and I. Gurevych, Sentence-BERT,
EMNLP 2019, for the vectors). Pure; NumPy only: the model is an :class:`~claimreg.rank.encoder.Encoder`.
"""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol, TypeAlias

import numpy as np

from claimreg.rank.statement import LONGEST, plain_words, without_signature
from claimreg.text.words import words

if TYPE_CHECKING:
    from collections.abc import Sequence

    from claimreg.rank.encoder import Encoder

Halves: TypeAlias = "np.ndarray[tuple[int, int], np.dtype[np.float16]]"
Cosines: TypeAlias = "np.ndarray[tuple[int], np.dtype[np.float32]]"

LETTERS, MEANING = 0.65, 20.2
"""Weights of the likeness of the letters and of the nearness of meaning (cosine).

Fitted by `benchmarks/fit_semantic.py` (conditional logistic regression on CLEF 2020 CheckThat! task 2, training part). Ten weights of
features with several cosines did no better in cross-validation, and worse on other statements than tweets.
"""

_WHOLLY_KNOWN, _UNKNOWN = 2.0, 2.5
"""Pieces a word up to which a model is wholly trusted, and from which on not at all (English tweets: 95 % have fewer than 1.9)."""

_MOST_TEXTS, _MOST_SENTENCES = 4, 12
_LEAST_WORDS = 3
_CHUNK = 8_192
_BATCH = 4_096
"""Texts that are encoded before they are kept, so that an interruption loses little."""

# Quotation marks are no words of anyone: two statements that differ only in them mean the same.
_QUOTATION = re.compile(r"[\"“”„«»‟]|(?<!\w)['‘’`]|['‘’`](?!\w)")
_SENTENCE_END = re.compile(r"(?<=[.!?…])\s+(?=\S)|\n+")


class Cache(Protocol):
    """Place of vectors, by the hash of their text."""

    def get_many(self, keys: Sequence[bytes]) -> dict[bytes, np.ndarray]:
        """Return the vectors that are kept."""

    def add_many(self, vectors: dict[bytes, np.ndarray]) -> None:
        """Keep some."""


@dataclass(frozen=True, slots=True)
class Meant:
    """Nearness in meaning to one statement: the cosine of each claim, by its place, and how far to trust it (0..1)."""

    cosines: Cosines
    trust: float


class Meaning:
    """Claims by what they mean; they are known by their place in the sequence."""

    def __init__(self, encoder: Encoder, claims: Sequence[Sequence[str]], cache: Cache | None = None) -> None:
        readings = [claim_readings(texts) for texts in claims]
        self._encoder = encoder
        self._begins = np.cumsum([0, *map(len, readings)])[:-1]
        self._vectors = encode_cached(encoder, cache, [text for some in readings for text in some])

    def of(self, text: str) -> Meant:
        """Return how near each claim is to what is asked."""
        readings = query_readings(text)
        trust = familiarity(self._encoder, readings[0])
        if not trust or not len(self._begins):
            return Meant(np.zeros(len(self._begins), np.float32), 0.0)
        asked = self._encoder.encode(readings).astype(np.float32).T
        best = np.empty(len(self._vectors), np.float32)
        for begin in range(0, len(best), _CHUNK):
            best[begin : begin + _CHUNK] = (self._vectors[begin : begin + _CHUNK].astype(np.float32) @ asked).max(1)
        # Rounded, what differs by the order of adding only is equal.
        nearest_of_each: Cosines = np.maximum.reduceat(best, self._begins).round(3).astype(np.float32)
        return Meant(nearest_of_each, trust)


def nearest(meant: Meant, most: int) -> list[int]:
    """The claims nearest in meaning, at most so many, as far as the model is to be trusted at all."""
    most = min(most, len(meant.cosines)) if meant.trust else 0
    found: list[int] = np.argpartition(-meant.cosines, most - 1)[:most].tolist() if most else []
    return found


def fused(likeness: Sequence[float], cosines: Sequence[float], trust: float) -> list[float]:
    """Likeness of letters with nearness in meaning counted in, on the same scale; without trust, it stays as it is."""
    letters = 1 - trust * (1 - LETTERS)
    return [round(letters * one + trust * MEANING * cosine, 3) for one, cosine in zip(likeness, cosines, strict=True)]


def claim_readings(texts: Sequence[str]) -> list[str]:
    """Return the texts of a claim to encode: each of them, and the first two (the claim and its title) together."""
    plain = [_plain(text) for text in texts[:_MOST_TEXTS]] or [""]
    return [*plain, " ".join(plain[:2])] if len(plain) > 1 else plain


def query_readings(text: str) -> list[str]:
    """Return the texts of a query to encode: the whole, without its signature, and each sentence."""
    text = text[:LONGEST]
    body = without_signature(text)
    sentences = [one for one in _SENTENCE_END.split(body) if len(one.split()) >= _LEAST_WORDS][:_MOST_SENTENCES]
    return list(dict.fromkeys([_plain(text), *(plain for one in (body, *sentences) if (plain := _plain(one)))]))


def familiarity(encoder: Encoder, text: str) -> float:
    """Return the trust (0..1) in a model for a text: a language that it does not know falls into many pieces."""
    every = [text[start:end] for start, end in words(text)]
    if not every:
        return 0.0
    pieces = encoder.pieces([" ".join(every)])[0] / len(every)
    return min(1.0, max(0.0, (_UNKNOWN - pieces) / (_UNKNOWN - _WHOLLY_KNOWN)))


def encode_cached(encoder: Encoder, cache: Cache | None, texts: Sequence[str]) -> Halves:
    """The vectors of texts, as float16; only those are encoded that are not kept yet, each once, and kept."""
    keys = [hashlib.blake2b(text.encode("utf-8", "surrogatepass"), digest_size=16).digest() for text in texts]
    found = cache.get_many(keys) if cache is not None else {}
    missing = list({key: text for key, text in zip(keys, texts, strict=True) if key not in found}.items())
    for begin in range(0, len(missing), _BATCH):
        some = missing[begin : begin + _BATCH]
        # What was kept and what is new are rounded alike, so that answers do not depend on it.
        rows = encoder.encode([text for _, text in some]).astype(np.float16)
        new = {key: row for (key, _), row in zip(some, rows, strict=True)}
        found |= new
        if cache is not None:
            cache.add_many(new)
    return np.array([found[key] for key in keys], np.float16).reshape(len(keys), encoder.size)


def _plain(text: str) -> str:
    """A text without addresses, its hashtags as words, without quotation marks."""
    return " ".join(_QUOTATION.sub(" ", plain_words(text[:LONGEST])).replace("’", "'").split())
