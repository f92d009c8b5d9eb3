"""What a language's file says can be read as what it stands for: pairs are pairs, values are values, golden pairs are whole."""

import re

import pytest

from claimreg.languages import Language, golden_pairs, language, languages
from claimreg.model import Flag
from claimreg.vocabulary import LinkKind

TAGS = [one.tag for one in languages()]
_WHOLE = re.compile(r"\d+")
_FRACTION = re.compile(r"\d+/[1-9]\d*")
_LEAST_GOLDEN = 5


def _by_turns(one: Language) -> dict[str, tuple[str, ...]]:
    lists = {name: getattr(one, name) for name in ("opposites", "contractions", "spellings", "signs")}
    lists |= {f"numerals.{name}": getattr(one.numerals, name) for name in ("cardinals", "ordinals", "fractions")}
    return lists | {"calendar.months": one.calendar.months, "calendar.weekdays": one.calendar.weekdays, "names.genders": one.names.genders}


@pytest.mark.parametrize("tag", TAGS)
def test_words_by_turns_are_pairs(tag: str) -> None:
    assert [name for name, words in _by_turns(language(tag)).items() if len(words) % 2] == []


@pytest.mark.parametrize("tag", TAGS)
def test_number_words_and_names_of_times_have_values(tag: str) -> None:
    one = language(tag)
    assert all(map(_WHOLE.fullmatch, (*one.numerals.cardinals[1::2], *one.numerals.ordinals[1::2])))
    assert all(map(_FRACTION.fullmatch, one.numerals.fractions[1::2]))
    assert {*one.calendar.months[1::2]} in (set(), set(map(str, range(1, 13))))
    assert {*one.calendar.weekdays[1::2]} in (set(), set(map(str, range(1, 8))))


@pytest.mark.parametrize("tag", TAGS)
def test_a_word_has_one_value_in_its_list(tag: str) -> None:
    one = language(tag)
    for words in (one.numerals.cardinals, one.numerals.ordinals, one.numerals.fractions, one.calendar.months, one.calendar.weekdays):
        assert len(set(words[::2])) == len(set(zip(words[::2], words[1::2], strict=True)))


@pytest.mark.parametrize("tag", TAGS)
def test_golden_pairs_name_known_kinds_and_flags(tag: str) -> None:
    pairs = golden_pairs(tag)
    assert not pairs or len(pairs) >= _LEAST_GOLDEN
    for pair in pairs:
        assert {*pair.kinds} <= {*map(str, LinkKind)}
        assert pair.kinds
        assert {*pair.flags} <= {*map(str, Flag)}
        # A man's name for a woman's is the one thing that may be flagged and near.
        assert "altered" in pair.kinds or pair.flags in {(), ("name",)}
        assert pair.quote != pair.source
