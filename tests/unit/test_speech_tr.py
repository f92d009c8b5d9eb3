"""Who says what in Turkish: sentences of ours for each order, and for what its grammar has of its own."""

import pytest
from statements import words_of

from claimreg.speech.propose import propose
from claimreg.speech.types import Act, NoSpeaker


@pytest.mark.parametrize(
    ("text", "content", "speaker"),
    [
        ("“Su geldi, kuyular doldu” dedi Aslı Nur.", "Su geldi, kuyular doldu", "Aslı Nur"),
        ("“Su geldi, kuyular doldu” diyen Aslı Nur köye döndü.", "Su geldi, kuyular doldu", "Aslı Nur"),
        ("Mühendis, suyun geldiğini söyledi.", "suyun geldiğini", "Mühendis"),
        ("Suyun geldiğini mühendis söyledi.", "Suyun geldiğini", "mühendis"),
        ("Suyun geldiğini söyleyen mühendis köye döndü.", "Suyun geldiğini", "mühendis"),
        ("Mühendise göre su gelecek.", "su gelecek", "Mühendise"),
        ("Mühendis, halkı su biriktirmeye çağırdı.", "halkı su biriktirmeye", "Mühendis"),
    ],
)
def test_each_order_of_content_speaker_and_cue_is_read(text: str, content: str, speaker: str) -> None:
    (one,) = propose(text, "tr")
    assert words_of(text, one)[:2] == (content, speaker)


def test_what_is_said_in_the_passive_begins_behind_the_words_of_where_it_was_said() -> None:
    text = "Valilikten yapılan açıklamada, yolun kapandığı bildirildi."
    (one,) = propose(text, "tr")
    assert words_of(text, one)[0] == "yolun kapandığı"


def test_a_name_within_what_is_said_in_the_passive_is_no_subject_of_it() -> None:
    text = "Aslı Nur'un geziyi yarıda kestiği öğrenildi."
    (one,) = propose(text, "tr")
    assert words_of(text, one)[0] == "Aslı Nur'un geziyi yarıda kestiği"
    assert one.no_speaker is NoSpeaker.PASSIVE


def test_a_shortened_title_opens_the_name_behind_it() -> None:
    text = "Doç. Dr. Aslı Nur, suyun geldiğini söyledi."
    (one,) = propose(text, "tr")
    assert words_of(text, one)[1] == "Doç. Dr. Aslı Nur"


@pytest.mark.parametrize(
    ("text", "act"),
    [
        ("Sözcü, yolun açılmasını istedi.", Act.CALL),
        ("Sözcü, şirketi suyu kirletmekle suçladı.", Act.ACCUSATION),
        ("Mahkeme, yolun açılmasına karar verdi.", Act.RULING),
    ],
)
def test_an_act_is_told_by_its_verb(text: str, act: Act) -> None:
    (one,) = propose(text, "tr")
    assert one.act is act


def test_a_comparison_with_an_earlier_time_names_no_source() -> None:
    assert propose("Fiyatlar geçen yıla göre arttı.", "tr") == ()
