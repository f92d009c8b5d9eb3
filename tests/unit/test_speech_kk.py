"""Who says what in Kazakh: sentences of ours for each order, and the article of the project."""

from pathlib import Path

import pytest
from statements import words_of

from claimreg.speech.propose import propose, quotations
from claimreg.speech.types import Act, Mode, NoSpeaker, Proposal, SpeechFlag

ARTICLE = Path(__file__).parents[3] / "shared" / "seed" / "article-kk.txt"


@pytest.mark.parametrize(
    ("text", "content", "speaker"),
    [
        ("«Су келді», — дейді Әсел Нұрбаева.", "Су келді", "Әсел Нұрбаева"),
        ("Инженер: «Су келді», — дейді.", "Су келді", "Инженер"),
        ("Инженер судың келгенін айтты.", "судың келгенін", "Инженер"),
        ("Судың келгенін инженер айтты.", "Судың келгенін", "инженер"),
        ("Инженердің айтуынша, су келді.", "су келді", "Инженердің"),
        ("Инженер су келді деп мәлімдеді.", "су келді", "Инженер"),
        ("Су келді деп мәлімдеді инженер.", "Су келді", "инженер"),
        ("Инженер тұрғындарды суды үнемдеуге шақырды.", "тұрғындарды суды үнемдеуге", "Инженер"),
        ("Инженер судың келгені туралы хабарлады.", "судың келгені туралы", "Инженер"),
    ],
)
def test_each_order_of_content_speaker_and_cue_is_read(text: str, content: str, speaker: str) -> None:
    (one,) = propose(text, "kk")
    assert words_of(text, one)[:2] == (content, speaker)


def test_the_accused_is_not_the_speaker() -> None:
    text = "Қоймашы Марат Сейілов «астықты жасырды» деп айыпталған."
    (one,) = propose(text, "kk")
    assert one.speaker is None
    assert one.no_speaker is NoSpeaker.PASSIVE
    assert one.act is Act.ACCUSATION


def test_a_word_that_points_back_has_the_sentence_before_it() -> None:
    text = "Көпір екі айға жабылды. Бұл туралы қала әкімдігі хабарлады."
    (one,) = propose(text, "kk")
    assert words_of(text, one) == ("Көпір екі айға жабылды", "қала әкімдігі", "хабарлады")
    assert SpeechFlag.ANAPHORIC in one.flags


def test_a_quotation_goes_on_over_a_line_that_stops_amid_its_sentence() -> None:
    text = '"Біз мұны көрген жоқпыз\nОл "мамандар" дегендер ойдан шығарды" деп мәлімдеді зауыт өкілі.'
    (one,) = propose(text, "kk")
    assert words_of(text, one)[0] == 'Біз мұны көрген жоқпыз … Ол "мамандар" дегендер ойдан шығарды'
    assert one.mode is Mode.DIRECT


def test_a_lost_opening_mark_is_repaired_and_told() -> None:
    text = "Жөндеу келесі жылға қалды” деді бөлім басшысы."
    (one,) = propose(text, "kk")
    assert words_of(text, one) == ("Жөндеу келесі жылға қалды", "бөлім басшысы", "деді")
    assert SpeechFlag.OPENER_MISSING in one.flags


@pytest.mark.parametrize(
    "text", ["Инженер судың келгенін айтқан жоқ.", "Ол бұл сөзді айтуы керек.", "Министр құрылысшыларды сарайға шақырды."]
)
def test_what_was_not_said_is_no_statement(text: str) -> None:
    assert propose(text, "kk") == ()


@pytest.fixture
def article() -> str:
    if not ARTICLE.is_file():
        pytest.skip("the project's article (shared/seed) is not beside the repository")
    return ARTICLE.read_text(encoding="utf-8")


def test_the_article_has_its_statements_with_their_speakers(article: str) -> None:
    found = propose(article, "kk")
    by_line: dict[int, list[Proposal]] = {}
    for one in found:
        by_line.setdefault(article.count("\n", 0, one.parts[0].start) + 1, []).append(one)
    acts = {line: [one.act for one in here] for line, here in by_line.items()}
    assert acts == {
        1: [Act.ASSERTION],
        2: [Act.CALL],
        3: [Act.RULING, Act.RULING],
        4: [Act.ACCUSATION],
        5: [Act.CRITICISM],
        6: [Act.CRITICISM],
        7: [Act.CALL],
        8: [Act.CRITICISM],
        9: [Act.ASSERTION],
        12: [Act.ASSERTION],
        15: [Act.CRITICISM],
    }
    assert [line for line, here in by_line.items() if here[0].speaker is None] == [4, 6]
    assert by_line[4][0].no_speaker is NoSpeaker.PASSIVE
    assert len(by_line[9][0].parts) == 2


def test_no_law_and_no_party_of_the_article_is_speech(article: str) -> None:
    assert {one.reason for one in quotations(article, "kk") if not one.is_speech and not one.depth} == {"law", "name"}
