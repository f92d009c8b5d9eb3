"""The golden texts of speech at the end of a language's file: what each says, and enough that say nothing."""

import pytest

from claimreg.languages import languages, speech, speech_golden
from claimreg.languages.speech_tables import SpeechGolden
from claimreg.model import Span
from claimreg.speech.propose import propose

TAGS = [one.tag for one in languages() if speech(one.tag)]
GOLDEN = [pytest.param(tag, one, id=f"{tag}: {one.text[:40]}") for tag in TAGS for one in speech_golden(tag)]


def test_english_has_tables_of_speech() -> None:
    assert "en" in TAGS


@pytest.mark.parametrize(("tag", "golden"), GOLDEN)
def test_a_golden_text_has_the_statements_that_its_file_says(tag: str, golden: SpeechGolden) -> None:
    def words(span: Span | None) -> str:
        return golden.text[span.start : span.end] if span else "-"

    found = [" | ".join((" … ".join(map(words, one.parts)), words(one.speaker), words(one.cue))) for one in propose(golden.text, tag)]
    assert found == [line for line in golden.statements.splitlines() if line]


@pytest.mark.parametrize("tag", TAGS)
def test_there_are_golden_texts_enough_and_some_without_a_statement(tag: str) -> None:
    texts = speech_golden(tag)
    assert len(texts) >= 25
    assert sum(not one.statements for one in texts) >= 8
