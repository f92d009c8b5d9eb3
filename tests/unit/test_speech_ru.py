"""Who says what in Russian: sentences of ours for each order."""

import pytest
from statements import words_of

from claimreg.speech.propose import propose
from claimreg.speech.types import Act, NoSpeaker, SpeechFlag


@pytest.mark.parametrize(
    ("text", "content", "speaker"),
    [
        ("«Вода пошла», — сказал инженер Ломов.", "Вода пошла", "инженер Ломов"),
        ("«Вода, — сказал инженер, — пошла».", "Вода … пошла", "инженер"),
        ("— Вода пошла, — сказал инженер. — Открывайте.", "Вода пошла … Открывайте.", "инженер"),
        ("Инженер сказал: «Вода пошла».", "Вода пошла", "Инженер"),
        ("Инженер сказал, что вода пошла.", "вода пошла", "Инженер"),
        ("Инженер сказал, что доволен.", "доволен", "Инженер"),
        ("Вода пошла, сообщил инженер.", "Вода пошла", "инженер"),
        ("Вода, сообщил инженер, пошла.", "Вода … пошла", "инженер"),
        ("По словам инженера, вода пошла.", "вода пошла", "инженера"),
        ("Как сообщил инженер, вода пошла.", "вода пошла", "инженер"),
        ("Инженер призвал жителей беречь воду.", "жителей беречь воду", "Инженер"),
        ("Инженер: «Вода пошла».", "Вода пошла", "Инженер"),
    ],
)
def test_each_order_of_content_speaker_and_cue_is_read(text: str, content: str, speaker: str) -> None:
    (one,) = propose(text, "ru")
    assert words_of(text, one)[:2] == (content, speaker)


def test_what_follows_a_clause_behind_a_colon_is_a_statement_of_its_own() -> None:
    text = "Тренер заявил, что недоволен игрой: «Мы проспали начало»."
    assert [words_of(text, one)[0] for one in propose(text, "ru")] == ["недоволен игрой", "Мы проспали начало"]


def test_the_accused_is_not_the_speaker() -> None:
    text = "Кладовщика обвиняют в краже муки."
    (one,) = propose(text, "ru")
    assert one.speaker is None
    assert one.no_speaker is NoSpeaker.IMPERSONAL
    assert one.act is Act.ACCUSATION


def test_what_nobody_is_named_for_has_no_speaker() -> None:
    (one,) = propose("Сообщается, что мост закрыли.", "ru")
    assert one.no_speaker is NoSpeaker.IMPERSONAL


def test_a_word_that_points_back_has_the_sentence_before_it() -> None:
    text = "Мост закрыли на месяц. Об этом сообщил мэр."
    (one,) = propose(text, "ru")
    assert words_of(text, one) == ("Мост закрыли на месяц", "мэр", "сообщил")
    assert SpeechFlag.ANAPHORIC in one.flags


@pytest.mark.parametrize("text", ["Инженер не говорил, что вода пошла.", "Вышла книга «Большая вода для малых городов» о трубах."])
def test_what_was_not_said_is_no_statement(text: str) -> None:
    assert propose(text, "ru") == ()
