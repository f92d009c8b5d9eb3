"""What stands between marks: which marks belong together, which lack their partner, and what between them is no speech."""

import pytest

from claimreg.model import Span
from claimreg.speech.propose import propose, quotations
from claimreg.speech.types import Quotation, SpeechFlag


def words(text: str, span: Span | None) -> str:
    return text[span.start : span.end] if span else ""


def between(text: str, lang: str = "en") -> list[str]:
    return [" … ".join(words(text, part) for part in one.parts) for one in quotations(text, lang)]


def only(text: str) -> Quotation:
    (one,) = quotations(text, "en")
    return one


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("“The lock is broken,” he said.", ["The lock is broken,"]),
        ("„Das Schloss ist kaputt“, sagte er.", ["Das Schloss ist kaputt"]),
        ("»Låsen er i stykker,« sagde han.", ["Låsen er i stykker,"]),
        ("”Lukko on rikki”, hän sanoi.", ["Lukko on rikki"]),
        ("«La serrure est cassée», dit-il.", ["La serrure est cassée"]),
        ("「鍵が壊れた」と彼は言った。", ["鍵が壊れた"]),
        ('"A is so," he said. "B is so."', ["A is so,", "B is so."]),
        ("``A is so,'' he said. ``B is so.''", ["A is so,", "B is so."]),
        ("The ‘old mill’ stands.", ["old mill"]),
        ("The miller's son wasn't there, 'twas late, and the boys' dog ran.", []),
        ('A pipe of 12" and one of 14" were sold.', []),
        ("“He told us “no way” twice,” she said.", ["He told us “no way” twice,", "no way"]),
        ("In ‘til dawn he said “no way” to me.", ["no way"]),
        ("“First line.\n\n“Second line,” he said.", ["First line. … Second line,"]),
        ("“”", []),
    ],
)
def test_marks_are_paired_by_their_kind_and_neighbours(text: str, found: list[str]) -> None:
    assert between(text) == found


def test_a_closing_mark_without_its_partner_reaches_back_to_the_sentence() -> None:
    text = "The door was shut. We lost the key,” he said."
    assert between(text) == ["We lost the key,"]
    assert only(text).flags == (SpeechFlag.OPENER_MISSING,)


def test_an_opening_mark_without_its_partner_goes_on_to_the_cue_or_the_line() -> None:
    assert between("“We lost the key, the porter said. He left.") == ["We lost the key"]
    assert between("“We lost the key.\nHe left.") == ["We lost the key."]
    assert only("“We lost the key, the porter said.").flags == (SpeechFlag.CLOSER_MISSING,)
    (statement,) = propose("“We lost the key, the porter said.", "en")
    assert statement.flags == (SpeechFlag.CLOSER_MISSING,)


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("He read “The Long Winter” to his daughter.", "title"),
        ("Her book “What We Lost” sold well.", "title"),
        ("A ship called “Nordic Star” left the port.", "name"),
        ("The so-called “green zone” is a car park.", "name"),
        ("The word “mill” stands on the door.", "term"),
        ("The law “On Land” passed.", "law"),
        ("The “repair” took nine years.", "scare"),
    ],
)
def test_what_is_no_speech_has_a_reason_and_no_speaker(text: str, reason: str) -> None:
    one = only(text)
    assert not one.is_speech
    assert one.reason == reason
    assert one.speaker is None


@pytest.mark.parametrize("text", ["The mayor called it a “disgrace”.", "The report says the plan is “dead”.", "“Yes,” the mayor said."])
def test_few_words_beside_a_cue_are_speech(text: str) -> None:
    assert only(text).is_speech


def test_each_part_of_a_quotation_that_a_cue_parts_has_the_speaker() -> None:
    text = "“We lost the key,” Otto Brandt said. “Nobody found it.”"
    assert [(words(text, one.speaker), words(text, one.cue)) for one in quotations(text, "en")] == [("Otto Brandt", "said")] * 2


def test_a_quotation_within_a_quotation_has_the_speaker_that_it_names() -> None:
    text = "“The minister told me ‘go away and stay there’,” she said."
    outer, inner = quotations(text, "en")
    assert (words(text, outer.speaker), outer.depth) == ("she", 0)
    assert (words(text, inner.speaker), inner.depth) == ("The minister", 1)


def test_marks_are_read_in_a_language_without_tables_of_speech() -> None:
    text = "“Qapla’!” ja’ ghaH."
    assert not propose(text, "tlh")
    assert between(text, "tlh")
    assert all(one.speaker is None for one in quotations(text, "tlh"))


def test_what_is_told_of_within_a_statement_is_found_on_request_and_names_its_holder() -> None:
    text = "Anna Lund said that the mayor told the press he would resign."
    assert len(propose(text, "en")) == 1
    outer, inner = propose(text, "en", everything=True)
    assert (outer.nested_in, inner.nested_in) == (None, 0)
    assert words(text, inner.speaker) == "the mayor"


def test_belief_is_found_on_request() -> None:
    text = "The farmers believe that the dam will hold."
    assert not propose(text, "en")
    assert [str(one.act) for one in propose(text, "en", everything=True)] == ["belief"]
