from collections.abc import Sequence
from zlib import crc32

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from claimreg.rank.encoder import Vectors
from claimreg.rank.index import StatementIndex
from claimreg.rank.meaning import Meaning, claim_readings, encode_cached, familiarity, query_readings
from claimreg.rank.ranker import rank
from claimreg.rank.segment import Entry, build_segment
from claimreg.rank.statement import read_statement

CLAIMS = ["The harbour office closed the pier", "The ferry sails twice a day", "The mayor promised a school"]
INDEX = StatementIndex([build_segment([Entry(number, (("claim", text),)) for number, text in enumerate(CLAIMS)])])


class HashedWords:
    """An encoder for tests: texts are near each other as far as they share words."""

    def __init__(self, size: int = 64, name: str = "hashed-words") -> None:
        self.size = size
        self.name = name
        self.encoded = 0

    def encode(self, texts: Sequence[str]) -> Vectors:
        """A row of unit length for each text."""
        self.encoded += len(texts)
        rows = np.zeros((len(texts), self.size), np.float32)
        for row, text in zip(rows, texts, strict=True):
            for word in text.lower().split() or [""]:
                row[crc32(word.encode("utf-8", "surrogatepass")) % self.size] += 1
        rows /= np.linalg.norm(rows, axis=1, keepdims=True)
        return rows

    def pieces(self, texts: Sequence[str]) -> list[int]:
        """Letters of ASCII make whole words, others stand alone."""
        return [sum(1 if word.isascii() else len(word) for word in text.split()) for text in texts]


class Memory(dict[bytes, np.ndarray]):
    def get_many(self, keys: Sequence[bytes]) -> dict[bytes, np.ndarray]:
        return {key: self[key] for key in keys if key in self}

    def add_many(self, vectors: dict[bytes, np.ndarray]) -> None:
        self.update(vectors)


def test_meaning_finds_what_shares_no_letters() -> None:
    class Synonyms(HashedWords):
        def encode(self, texts: Sequence[str]) -> Vectors:
            return super().encode([text.replace("Vessel", "The ferry sails") for text in texts])

    meaning = Meaning(Synonyms(), [[text] for text in CLAIMS])
    asked = read_statement(["Vessel"])
    assert rank(INDEX, asked, 3) == []
    assert rank(INDEX, asked, 3, meant=meaning.of("Vessel"))[0].place == 1
    assert rank(INDEX, asked, 3, meant=meaning.of("Vessel"), accepts=lambda place: place == 2)[0].place == 2
    without = StatementIndex(INDEX.segments, gone=[1])
    assert 1 not in [one.place for one in rank(without, asked, 3, meant=meaning.of("Vessel"))]


def test_a_language_that_the_model_does_not_know_is_left_to_the_letters() -> None:
    text = "қайық күніне екі рет жүреді"
    meant = Meaning(HashedWords(), [[text] for text in CLAIMS]).of(text)
    assert meant.trust == 0
    asked = read_statement([text])
    assert rank(INDEX, asked, 3, meant=meant) == rank(INDEX, asked, 3)
    assert familiarity(HashedWords(), "the ferry") == 1


def test_each_text_is_encoded_once_and_kept() -> None:
    encoder, cache = HashedWords(), Memory()
    first = encode_cached(encoder, cache, ["a b", "c", "a b"])
    assert encoder.encoded == 2
    again = encode_cached(encoder, cache, ["a b", "c", "a b"])
    assert encoder.encoded == 2
    assert np.array_equal(first, again)


def test_quotation_marks_and_signatures_are_no_words() -> None:
    assert claim_readings(["He said 'no more' to it", "Title"]) == claim_readings(['He said "no more" to it', "Title"])
    readings = query_readings("It's over. We are going home now — Some Body (@somebody) January 5, 2020")
    assert "It's over. We are going home now" in readings
    assert "We are going home now" in readings


@settings(max_examples=60, deadline=None)
@given(st.lists(st.lists(st.text(max_size=40), max_size=3), max_size=6), st.text(max_size=200))
def test_any_text_can_be_asked(claims: list[list[str]], text: str) -> None:
    meant = Meaning(HashedWords(), claims).of(text)
    assert len(meant.cosines) == len(claims)
    assert 0 <= meant.trust <= 1
