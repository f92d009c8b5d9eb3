"""The golden pairs of every language's file come out as the file says."""

import pytest

from claimreg.languages import Golden, golden_pairs, languages
from claimreg.linker import LayeredLinker
from claimreg.vocabulary import Flag

FULL = frozenset(["en", "ru", "kk", "uk", "tr", "ky", "uz", "de", "fr", "es", "pt", "it", "pl", "cs", "ar", "fa", "zh"])
"""Languages whose data is meant to be complete."""

FEWEST_OF_FULL, FEWEST = 20, 5
_SET_ASIDE = frozenset((Flag.AMBIGUOUS, Flag.CAPPED))

PAIRS = [
    pytest.param(one.tag, pair, id=f"{one.tag}-{number}") for one in languages() for number, pair in enumerate(golden_pairs(one.tag), 1)
]
WITH_SENSES = sorted(one.tag for one in languages() if one.hedges or (one.tag not in FULL and one.negation.words))


@pytest.mark.parametrize(("tag", "pair"), PAIRS)
def test_a_golden_pair_comes_out_as_its_file_says(tag: str, pair: Golden) -> None:
    (match,) = LayeredLinker().find(pair.quote, pair.source, lang=tag).matches
    assert match.kind.value in pair.kinds
    assert {flag.value for flag in match.flags if flag not in _SET_ASIDE} == set(pair.flags)


@pytest.mark.parametrize("tag", WITH_SENSES)
def test_a_language_whose_senses_are_known_has_golden_pairs_enough(tag: str) -> None:
    assert len(golden_pairs(tag)) >= (FEWEST_OF_FULL if tag in FULL else FEWEST)
