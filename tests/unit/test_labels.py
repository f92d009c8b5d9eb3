"""Every label is translated, with its places, plural forms and dates."""

from __future__ import annotations

import re

import pytest
from catalogue import catalogue, forms_of, labels, translated

from claimreg.model import Flag, LinkKind, LinkState, RelationKind, Stance, WordChange
from claimreg.render import labels as render_words
from claimreg.render.labels import LANGUAGES, Words

OTHERS = LANGUAGES[1:]


@pytest.mark.parametrize("lang", OTHERS)
def test_every_label_is_translated_and_none_is_left_over(lang: str) -> None:
    assert labels() - translated(lang) == set(), "python tests/catalogue.py tells what is missing"
    assert translated(lang) - labels() == set()


def test_the_labels_are_found_where_they_are_used() -> None:
    found = labels()
    assert {"Case:", "asserts", "links:", ("{number} claim", "{number} claims")} <= found
    assert len(found) > 60


@pytest.mark.parametrize("lang", OTHERS)
def test_a_translation_has_the_places_of_its_label(lang: str) -> None:
    for message in catalogue(lang):
        texts = [message.id] if isinstance(message.id, str) else list(message.id)
        for form in forms_of(message) if message.id else ():
            assert set(re.findall(r"{\w+}", form)) == set(re.findall(r"{\w+}", texts[-1])), form
            assert form == form.strip()


@pytest.mark.parametrize("lang", LANGUAGES)
def test_every_value_has_a_label(lang: str) -> None:
    assert set(render_words.STANCES) == set(Stance)
    assert set(render_words.STATES) == set(LinkState)
    assert set(render_words.FLAGS) == set(Flag)
    assert set(render_words.RELATIONS) == set(RelationKind)
    assert set(render_words.CHANGES) == set(WordChange) - {WordChange.KEPT}
    words = Words(lang)
    assert len({words.stance(stance) for stance in Stance}) == len(Stance)
    assert len({words.state(state) for state in LinkState}) == len(LinkState)
    assert LinkKind.EXACT in render_words.KINDS


@pytest.mark.parametrize(
    ("lang", "number", "told"),
    [
        ("en", 1, "1 claim"), ("en", 2, "2 claims"), ("en", 0, "0 claims"), ("en", 12345, "12,345 claims"),
        ("ru", 1, "1 утверждение"), ("ru", 2, "2 утверждения"), ("ru", 5, "5 утверждений"), ("ru", 11, "11 утверждений"),
        ("ru", 21, "21 утверждение"), ("ru", 22, "22 утверждения"), ("ru", 112, "112 утверждений"), ("ru", 0, "0 утверждений"),
        ("kk", 1, "1 мәлімдеме"), ("kk", 7, "7 мәлімдеме"),
    ],
)  # fmt: skip
def test_plural_forms(lang: str, number: int, told: str) -> None:
    assert Words(lang).count("{number} claim", "{number} claims", number) == told


@pytest.mark.parametrize(
    ("lang", "value", "told"),
    [
        ("en", "2020-06-22", "22 June 2020"), ("en", "2020-06", "June 2020"), ("en", "2020", "2020"),
        ("ru", "2020-06-22", "22 июня 2020 г."), ("kk", "2020-06-22", "2020 ж. 22 маусым"),
        ("en", "2026-01-01T00:00:00Z", "1 January 2026, 00:00 UTC"),
    ],
)  # fmt: skip
def test_dates(lang: str, value: str, told: str) -> None:
    assert Words(lang).date(value) == told


@pytest.mark.parametrize("lang", LANGUAGES)
def test_the_clock_and_place_of_the_reader_do_not_matter(lang: str, monkeypatch: pytest.MonkeyPatch) -> None:
    import time

    told = set()
    for zone in ("UTC", "Asia/Almaty", "America/New_York"):
        monkeypatch.setenv("TZ", zone)
        monkeypatch.setenv("LC_ALL", "de_DE.UTF-8")
        if hasattr(time, "tzset"):
            time.tzset()
        told.add(Words(lang).date("2026-01-01T00:00:00Z"))
    monkeypatch.undo()
    if hasattr(time, "tzset"):
        time.tzset()
    assert len(told) == 1
