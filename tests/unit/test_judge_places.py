"""What is said of whole places: kind, flags and what could not be judged, by the language of the passage."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from claimreg.linker import LayeredLinker, Match
from claimreg.linker.compare import compare
from claimreg.linker.judge.place import judged
from claimreg.linker.judge.setting import Setting, own_words, setting_of
from claimreg.linker.judge.telling import told_language
from claimreg.linker.judge.written import are_as_written
from claimreg.linker.passage import TextIndex, passage_of, read_quote
from claimreg.model import Span
from claimreg.vocabulary import Flag, LinkKind

LINKER = LayeredLinker()

ENGLISH = "The harbour was closed on that night because the storm had torn the old quay from the shore, and nobody was allowed to land."
RUSSIAN = "Гавань закрыли в ту ночь, потому что буря оторвала старый причал от берега, и никому не разрешили сойти на берег."


def said(quote: str, text: str, lang: str | None = None) -> Match:
    return LINKER.find(quote, f"Chapter 3.\n{text}\nChapter 4.", lang=lang).matches[0]


@pytest.mark.parametrize(
    ("source", "quote", "kind", "flags"),
    [
        ("storm", "storm", LinkKind.EXACT, ()),
        ("storm", "sotrm", LinkKind.NEAR, ()),
        ("quay", "quays", LinkKind.NEAR, ()),
        ("shore", "store", LinkKind.ALTERED, ()),
        ("harbour", "harbor", LinkKind.NEAR, ()),
        ("The harbour", "The Marlow harbour", LinkKind.ALTERED, (Flag.NAME,)),
    ],
)
def test_a_word_in_an_english_sentence(source: str, quote: str, kind: LinkKind, flags: tuple[Flag, ...]) -> None:
    found = said(ENGLISH.replace(source, quote), ENGLISH)
    assert (found.kind, found.flags) == (kind, flags)


@pytest.mark.parametrize(
    ("source", "quote", "kind"),
    [("причал", "причла", LinkKind.NEAR), ("причал", "причала", LinkKind.NEAR), ("буря", "бура", LinkKind.ALTERED)],
)
def test_a_word_in_a_russian_sentence(source: str, quote: str, kind: LinkKind) -> None:
    assert said(RUSSIAN.replace(source, quote), RUSSIAN).kind is kind


def test_a_short_form_is_its_long_one_also_where_an_end_cuts_it() -> None:
    text = "We said then that we will not leave the harbour before the storm is over and the boats are safe."
    for short in ("we won't leave", "we'll not leave"):
        found = said(text.replace("we will not leave", short), text)
        assert (found.kind, found.flags) == (LinkKind.NEAR, ())
    cut = said(text.removeprefix("We said then that ").replace("we will not", "We'll not"), text)
    assert (cut.kind, cut.flags) == (LinkKind.NEAR, ())


def test_marks_that_make_another_word_are_no_typography() -> None:
    text = "Dijo que la peña de los pescadores fue siempre muy grande y que nadie de la villa lo sabía por entonces."
    assert said(text.replace("peña", "pena"), text, "es").kind is LinkKind.ALTERED
    assert said(text.replace("peña", "pena").replace("sabía", "sabia"), text, "es").kind is LinkKind.NEAR


def test_what_is_found_and_how_surely_does_not_depend_on_the_language() -> None:
    quote = ENGLISH.replace("shore", "store")
    first = LINKER.find(quote, ENGLISH, lang="en").matches[0]
    other = LINKER.find(quote, ENGLISH, lang="hu").matches[0]
    assert (first.start, first.end, first.score, first.probability) == (other.start, other.end, other.score, other.probability)


def test_where_there_is_no_data_the_match_says_what_was_not_judged() -> None:
    text = "Mapleni kadoru sevint olbrak tamireno, gostilar venduk pralomi estanor, dulvek karimona."
    found = said(text.replace("tamireno", "tamirebo"), text)
    assert found.kind is LinkKind.NEAR
    assert found.not_judged == ("word", "negation", "number", "date", "hedge", "quantifier", "opposite")


def test_of_words_as_they_are_written_everything_is_judged() -> None:
    text = "Mapleni kadoru sevint olbrak tamireno, gostilar venduk pralomi estanor, dulvek karimona."
    assert said(text.upper(), text).not_judged == ()


@pytest.mark.parametrize(
    ("text", "tag"), [(ENGLISH, "en"), (RUSSIAN, "ru"), ("Жел тұрған түні кемелер айлақта қалды, бірақ ешкім жоқ еді.", "kk")]
)
def test_the_language_is_told_by_its_letters_and_its_frequent_words(text: str, tag: str) -> None:
    assert told_language(text) == tag
    assert told_language(text, ("hu", "xx")) == tag


def test_a_recorded_language_decides_where_words_tell_nothing() -> None:
    assert told_language("Marlow 1871") == ""
    assert told_language("Marlow 1871", ("en-GB",)) == "en"


def test_a_passage_with_misread_words_is_noisy_and_one_with_a_misspelt_word_is_not() -> None:
    clean = setting_of(ENGLISH, ENGLISH, Span(0, len(ENGLISH)))
    assert (clean.language.tag, clean.known, clean.noisy) == ("en", True, False)
    misspelt = ENGLISH.replace("harbour", "harbuor")
    assert not setting_of(misspelt, misspelt, Span(0, len(ENGLISH))).noisy
    scanned = ENGLISH.replace("storm", "stonn").replace("nobody", "nobodv").replace("because", "becanse")
    assert setting_of(ENGLISH, scanned, Span(0, len(ENGLISH))).noisy


def test_the_words_of_a_languages_file_are_known() -> None:
    assert {"nobody", "january", "seven"} <= own_words("en")


@given(st.text(min_size=1, max_size=60))
def test_the_same_text_is_judged_to_be_the_same(text: str) -> None:
    passage = passage_of(text, 0, len(text))
    if not passage.key:
        return
    comparison = compare(passage, passage, passage.span)
    assert are_as_written(comparison, text, text) or any(map(str.isnumeric, text))
    judgement = judged(comparison, text, text, Setting(setting_of(text, text, passage.span).language))
    assert judgement.comparison == comparison
    assert (judgement.flags, judgement.not_judged) == (frozenset(), ())


def test_languages_are_kept_with_quote_and_text() -> None:
    assert read_quote("of the quay", "en").lang == TextIndex("of the quay", "en").lang == "en"


@pytest.mark.parametrize(("quote", "text"), [("könnte", "konnte"), ("konnte", "könnte"), ("hatten", "hätten")])
def test_a_mark_that_makes_another_mood_alters_a_word(quote: str, text: str) -> None:
    sentence = "Der Wärter {} die alte Brücke am Abend noch einmal sehen"
    (match,) = LayeredLinker().find(sentence.format(quote), f"Gestern. {sentence.format(text)}.", lang="de").matches
    assert match.kind is LinkKind.ALTERED
