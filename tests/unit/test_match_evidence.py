"""What is accepted, what is flagged, and what a collection changes."""

from __future__ import annotations

import pickle

import pytest

from claimreg.linker import LayeredLinker
from claimreg.linker.collection import MOST_ENTRIES, Collection, Ground
from claimreg.linker.passage import read_quote
from claimreg.model import Flag, LinkKind, WordChange

FIND = LayeredLinker().find

STOCK = "She is going to be the next governor of the northern province"
RARE = "the lighthouse keeper's tangerine waistcoat baffled auditors"


def newspaper() -> Collection:
    """Forty articles in which a stock phrase recurs, counted as a small archive of a million characters."""
    found = Collection()
    for number in range(40):
        found.observe(f"Somebody said that he is going to be the next governor of the northern province, report {number} says.")
    found.observe(f"Yesterday {RARE} in the harbour office.")
    found.size = 5_000_000
    return found


def test_a_stock_phrase_does_not_link_across_an_archive() -> None:
    other = "Nobody is going to be the next governor of the southern province, he said."
    assert FIND(STOCK, other).matches
    assert LayeredLinker(newspaper()).find(STOCK, other).matches == ()


def test_rare_words_link_in_an_archive_too() -> None:
    text = "A witness said the lighthouse keepers tangerine waistcoat had baffled auditors for years."
    assert [match.kind for match in LayeredLinker(newspaper()).find(RARE, text).matches] == [LinkKind.ALTERED]


def test_what_stands_literally_is_always_linked_with_an_honest_probability() -> None:
    linker = LayeredLinker(newspaper())
    stock = linker.find("the next governor", "He is the next governor now.").matches[0]
    rare = linker.find(RARE, f"So {RARE}.").matches[0]
    assert stock.kind is rare.kind is LinkKind.EXACT
    assert stock.probability < rare.probability


def test_rarity_is_in_bits_and_stock_words_surprise_little() -> None:
    found = newspaper()
    assert found.rarity("the") < found.rarity("tangerine")
    assert found.surprise("next", "governor") < found.rarity("governor")
    assert found.surprise("", "governor") == found.rarity("governor")


def test_collections_merge_and_pickle() -> None:
    one, other = newspaper(), newspaper()
    one.merge(other)
    assert one.size == 10_000_000
    copy = pickle.loads(pickle.dumps(one))  # noqa: S301 -- our own bytes
    assert copy.rarity("governor") == one.rarity("governor")
    assert copy.surprise("next", "governor") == one.surprise("next", "governor")


def test_memory_is_bounded() -> None:
    found = Collection()
    for number in range(12):
        found.observe(" ".join(f"w{number}x{at}" for at in range(40_000)))
    assert max(len(found._words), len(found._pairs)) <= MOST_ENTRIES


def test_a_larger_collection_asks_for_more() -> None:
    small, large = Collection(size=10_000), Collection(size=10**9)
    passage = read_quote(STOCK).whole
    assert Ground(small, 0).room < Ground(large, 0).room
    assert sum(Ground(small, 0).bits(passage).values()) == sum(Ground(large, 0).bits(passage).values())


@pytest.mark.parametrize(
    ("quote", "text", "exact", "flag"),
    [
        ("The vote was not fair", "Observers came. The vote was fair, they said.", "The vote was fair", Flag.NEGATION),
        ("The vote was fair", "Observers came. The vote was not fair, they said.", "The vote was not fair", Flag.NEGATION),
        ("We cannot win this case", "We can win this case, he said.", "We can win this case", Flag.NEGATION),
        ("Ол кінәлі емес", "Адвокат айтты. Ол кінәлі, деді прокурор.", "Ол кінәлі", Flag.NEGATION),
        ("Ол кінәлі", "Адвокат айтты. Ол кінәлі емес, деді прокурор.", "Ол кінәлі", Flag.NEGATION),
        ("Сот шешімі әділ болған жоқ", "Ол: «Сот шешімі әділ болды», деді.", "Сот шешімі әділ болды", Flag.NEGATION),
        ("выборы не были честными", "Сказали, что выборы были честными.", "выборы были честными", Flag.NEGATION),
        ("Он виновен", "Суд решил: он не виновен, сказал прокурор.", "он не виновен", Flag.NEGATION),
        ("They paid 120 crowns", "The report says they paid 150 crowns for it.", "they paid 150 crowns", Flag.NUMBER),
        ("12 адам қаза тапты", "Полицияның айтуынша, 15 адам қаза тапты.", "15 адам қаза тапты", Flag.NUMBER),
        ("Погибли 12 человек", "По данным полиции, погибли 15 человек.", "погибли 15 человек", Flag.NUMBER),
        ("Он сказал это в мае", "Как известно, он сказал это в июне, и ушёл.", "он сказал это в июне", Flag.DATE),
    ],
)
def test_a_short_quote_with_its_meaning_turned_is_found_and_flagged(quote: str, text: str, exact: str, flag: Flag) -> None:
    match = FIND(quote, text).matches[0]
    assert match.exact == exact
    assert flag in match.flags
    assert match.kind in {LinkKind.ALTERED, LinkKind.EXACT}


@pytest.mark.parametrize(
    ("quote", "text"),
    [
        ("The vote was … fair", "Observers came. The vote was not fair, they said."),
        ("Министр … одобрил план", "Вчера министр заявил, что не одобрил план совета."),
        ("Министр … мақұлдады деп айтты", "Кеше министр жиналыста ешқашан мақұлдады деп айтты."),
    ],
)
def test_an_ellipsis_that_swallowed_a_negation_is_flagged(quote: str, text: str) -> None:
    match = FIND(quote, text).matches[0]
    assert match.kind is LinkKind.STITCHED
    assert Flag.NEGATION in match.flags


SPEECH = (
    "The commission published its findings on the collapse of the northern dam. It found that the engineers had warned "
    "the owners in three letters, that none of the letters was answered before the spring, and that the owners never "
    "inspected the valves. The owners have rejected the findings. "
)


def test_words_left_out_of_the_middle_without_a_mark() -> None:
    quote = "It found that the engineers had warned the owners and that the owners never inspected the valves"
    match = FIND(quote, SPEECH).matches[0]
    dropped = [SPEECH[slice(*edit.source)] for edit in match.words if edit.change is WordChange.DROPPED]
    assert match.kind is LinkKind.ALTERED
    assert match.exact.startswith("It found")
    assert match.exact.endswith("the valves")
    assert dropped[0] == "in"
    assert "answered" in dropped
    assert {Flag.NEGATION, Flag.GAP} <= set(match.flags)


def test_two_passages_far_apart_without_a_mark() -> None:
    between = "Reporters asked about the weather and the harbour. " * 12
    text = SPEECH + between + "In the end the minister promised a new law on dams before the summer."
    quote = "the engineers had warned the owners in three letters the minister promised a new law on dams before the summer"
    match = FIND(quote, text).matches[0]
    assert match.kind is LinkKind.ALTERED
    assert len(match.parts) == 2
    assert Flag.GAP in match.flags


def test_a_sentence_of_the_quote_that_stands_alone() -> None:
    added = "Everyone in the valley knows what this means for the coming elections and for the party."
    match = FIND(
        "The owners never inspected the valves, and the engineers had warned the owners in three letters. " + added, SPEECH
    ).matches
    assert match == () or match[0].kind is LinkKind.ALTERED
    alone = FIND("that none of the letters was answered before the spring. " + added[:60], SPEECH).matches[0]
    assert alone.exact == "that none of the letters was answered before the spring"
    assert sum(edit.change is WordChange.ADDED for edit in alone.words) >= 8
