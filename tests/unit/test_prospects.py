"""What is passed over without a close look is what a close look would turn down."""

import random
import zlib

import pytest

from claimreg.languages import golden_pairs, languages
from claimreg.linker import LayeredLinker
from claimreg.linker.bulk.confirm import Stretch, Window
from claimreg.linker.bulk.foldtable import codes_of, fold_table, scan_key
from claimreg.linker.bulk.prospects import may_hold
from claimreg.linker.collection import Collection
from claimreg.linker.passage import read_quote
from claimreg.model import Span

SIZE = 60_000_000
"""Characters of an archive in which a place must tell some 36 bits."""

PAIRS = [
    pytest.param(pair.quote, pair.source, id=f"{one.tag}-{number}")
    for one in languages()
    for number, pair in enumerate(golden_pairs(one.tag))
]
NOTHING_ALIKE = "Two goats and a red tractor crossed the empty market square while the baker was counting his coins again"


def stretch_of(text: str) -> Stretch:
    origins = fold_table().origins(codes_of([text]))[1:-1] - 1
    return Stretch(text, Span(0, len(text)), scan_key(text), origins)


def linker() -> LayeredLinker:
    return LayeredLinker(Collection(SIZE))


def slipped(text: str, share: float, seed: int) -> str:
    """The text with some letters replaced by others of it."""
    chance = random.Random(seed)  # noqa: S311 -- a made text, not a secret
    return "".join(chance.choice(text) if letter.isalpha() and chance.random() < share else letter for letter in text)


def accepts(quote: str, text: str) -> bool:
    return bool(linker().matches_prepared(read_quote(quote), Window(stretch_of(text))))


def is_worth_a_look(quote: str, text: str) -> bool:
    return may_hold(read_quote(quote), stretch_of(text), linker().ground(len(text)))


@pytest.mark.parametrize(("quote", "source"), PAIRS)
def test_what_a_close_look_accepts_is_not_passed_over(quote: str, source: str) -> None:
    if accepts(quote, source):
        assert is_worth_a_look(quote, source)


@pytest.mark.parametrize("share", [0.05, 0.1, 0.2])
@pytest.mark.parametrize(("quote", "source"), PAIRS[::5])
def test_slips_that_a_close_look_accepts_are_not_passed_over(quote: str, source: str, share: float) -> None:
    noisy = slipped(source, share, zlib.crc32(source.encode()))
    if accepts(quote, noisy):
        assert is_worth_a_look(quote, noisy)


def test_the_pairs_are_accepted_often_enough_for_the_test_to_say_anything() -> None:
    assert sum(accepts(pair.values[0], pair.values[1]) for pair in PAIRS) > len(PAIRS) // 3  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("quote", "text"),
    [
        ("the night ferry will not run", NOTHING_ALIKE),
        ("the old … a red tractor", NOTHING_ALIKE),
        ("Депутаты обсудили бюджет области", "Две козы и красный трактор пересекли пустую рыночную площадь, пока пекарь считал монеты"),
    ],
)
def test_a_stretch_that_has_few_of_the_words_is_passed_over(quote: str, text: str) -> None:
    assert not is_worth_a_look(quote, text)
    assert not accepts(quote, text)


@pytest.mark.parametrize(
    ("quote", "text"),
    [
        ("Nochnoy parom ne poydyot", "Сегодня ночной паром не пойдёт, сказал капитан у старого причала"),
        ("(the ferry) will not run", NOTHING_ALIKE),
    ],
)
def test_what_the_bound_tells_nothing_of_is_looked_at(quote: str, text: str) -> None:
    assert is_worth_a_look(quote, text)


def test_where_every_document_was_chosen_nothing_is_passed_over() -> None:
    assert may_hold(read_quote("the night ferry will not run"), stretch_of(NOTHING_ALIKE), LayeredLinker().ground(len(NOTHING_ALIKE)))
