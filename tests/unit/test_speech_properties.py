"""What is found of speech in any text: spans of it, the same in every spelling of the same characters."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from claimreg.model import Span
from claimreg.speech.propose import propose, quotations
from claimreg.speech.types import Mode, Proposal

PIECES = [
    *("“", "”", "«", "»", '"', "'", "‘", "’", "„", "``", "''", ",", ".", "?", ":", "—", "…", "(", ")", "\n", "\r\n", "\n\n"),
    *("\u00a0", "\u00ad", "\u200b", "he", "said", "that", "Mr.", "Ana", "Cafe\u0301", "the mayor", "according to", "adding", "claims"),
    *("told", "wrote", "and", "was accused of", "the bridge is old", "WITNESS:", "деді", "заявил", "деп", "12", "\U0001f600"),
]
TEXTS = st.lists(st.sampled_from(PIECES), max_size=40).flatmap(lambda pieces: st.sampled_from([" ".join(pieces), "".join(pieces)]))
LANGUAGES = st.sampled_from(["en", "kk", "ru", "tlh"])
REPORT = "“The café is shut,” Zoë Ibáñez said. “We lost the key.”\nAccording to the mayor, the door is old. She added that nobody came."


@given(TEXTS, LANGUAGES)
def test_every_span_lies_in_the_text_and_the_parts_stand_in_order(text: str, lang: str) -> None:
    for one in propose(text, lang, everything=True):
        assert one.parts
        assert 0 < one.confidence <= 1
        for span in (*one.parts, *(span for span in (one.speaker, one.cue) if span)):
            assert 0 <= span.start < span.end <= len(text)
        assert (one.speaker is None) == (one.no_speaker is not None)


@given(TEXTS, LANGUAGES)
def test_every_quotation_lies_within_its_marks(text: str, lang: str) -> None:
    for one in quotations(text, lang):
        assert one.parts
        assert all(one.outside.start <= part.start < part.end <= one.outside.end <= len(text) for part in one.parts)
        assert one.is_speech == (not one.reason)


@given(st.text(max_size=60), LANGUAGES)
def test_any_text_at_all_is_read(text: str, lang: str) -> None:
    propose(text, lang)
    quotations(text, lang)


def _told(text: str) -> list[tuple[list[str], str, str]]:
    def words(span: Span | None) -> str:
        found = text[span.start : span.end] if span else ""
        return " ".join(unicodedata.normalize("NFC", found.replace("\u00ad", "")).split())

    return [([words(part) for part in one.parts], words(one.speaker), words(one.cue)) for one in propose(text, "en")]


@pytest.mark.parametrize(
    "text",
    [
        pytest.param(unicodedata.normalize("NFD", REPORT), id="decomposed letters"),
        pytest.param(REPORT.replace("\n", "\r\n"), id="line ends of Windows"),
        pytest.param(REPORT.replace(" ", "\u00a0"), id="spaces that do not break"),
        pytest.param(REPORT.replace("nobody", "no\u00adbody"), id="soft hyphens"),
        pytest.param(REPORT.replace("“", '"').replace("”", '"'), id="straight marks"),
        pytest.param(REPORT.replace("“", "``").replace("”", "''"), id="marks of typewriters"),
        pytest.param(REPORT.replace("“", "«").replace("”", "»"), id="French marks"),
        pytest.param(REPORT.replace("“", "„"), id="German marks"),
    ],
)
def test_the_same_words_say_the_same_in_every_spelling(text: str) -> None:
    assert _told(text) == _told(REPORT)
    assert [told[1] for told in _told(REPORT)] == ["Zoë Ibáñez", "the mayor", "She"]


def _only(text: str) -> Proposal:
    (one,) = propose(text, "en")
    return one


def test_the_mode_is_by_the_share_between_marks() -> None:
    assert _only("“The lock is broken,” he said.").mode is Mode.DIRECT
    assert _only("He said the lock was “beyond any repair” and the door too.").mode is Mode.MIXED
    assert _only("He said the lock was broken.").mode is Mode.INDIRECT
