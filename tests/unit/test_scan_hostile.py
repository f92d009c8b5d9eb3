"""Texts and quotes that repeat themselves: what they take grows with their size and no faster, and no link is lost."""

import json
import sys
from itertools import pairwise
from pathlib import Path

import pytest
from growth import assert_fair_growth

from claimreg.corpus.base import SAMPLE
from claimreg.corpus.files import open_documents
from claimreg.linker.bulk import QuoteCollector, QuoteIndex, ScanLink, Scanner, build_index, rarities_of
from claimreg.services.bulk import run

QUOTE = "The harbour office says that the night ferry will not run before the old pier is repaired"
LONG = 1_300_000
"""Code points of a text that is worked on in pieces."""


def index_of(quotes: list[str], texts: list[str]) -> QuoteIndex:
    collector = QuoteCollector()
    assert not any(collector.add([(f"q{number}", quote, "") for number, quote in enumerate(quotes)]))
    return build_index(collector.table(), rarities_of(len(quotes), texts))


def links(quotes: list[str], texts: list[str], sample: list[str] | None = None) -> list[ScanLink]:
    return list(Scanner(index_of(quotes, texts if sample is None else sample)).scan(texts))


def test_nothing_known_of_a_text_of_one_letter_takes_no_longer() -> None:
    assert_fair_growth(lambda size: lambda: links(["a" * 60, "ab" * 30, "a" * 40 + QUOTE], ["a" * size], []), 250_000)


def test_quote_that_is_known_well_enough_does_not_hide_another_one() -> None:
    other = "Nobody at the office knew when the lighthouse keeper would come back from the island"
    text = f"{QUOTE}. " * (LONG // len(QUOTE)) + other
    found = links([QUOTE, other], [text])
    assert [link.quote for link in found] == [0] * 1_000 + [1]
    assert all({"ambiguous", "capped"} <= set(link.match.flags) for link in found[:-1])
    assert text[found[-1].match.start :] == other
    assert all(one.match.end <= another.match.start for one, another in pairwise(found))


def test_a_scanner_forgets_nothing_between_documents() -> None:
    texts = [f"{QUOTE}. " * (LONG // len(QUOTE)), f"once more: {QUOTE}"]
    found = links([QUOTE], texts)
    assert [link.document for link in found] == [0] * 1_000 + [1]


def test_equal_quotes_are_all_linked() -> None:
    quotes = [QUOTE, "something else that nobody said", QUOTE, QUOTE.upper(), QUOTE]
    found = links(quotes, [f"{QUOTE}; {QUOTE}", "nothing", QUOTE])
    assert [(link.document, link.quote) for link in found] == [(0, 0), (0, 0), (0, 2), (0, 2), (0, 3), (0, 3), (0, 4), (0, 4),
                                                               (2, 0), (2, 2), (2, 3), (2, 4)]  # fmt: skip
    kinds = {link.quote: link.match.kind for link in found}
    assert kinds == {0: "exact", 2: "exact", 4: "exact", 3: "typographic"}


@pytest.mark.parametrize("word", ["ferry ", "ab", "渡轮", "на "])
def test_quote_that_repeats_itself_is_found(word: str) -> None:
    quote = (word * 20).strip()
    text = f"before it all began, {quote}, and then nothing more"
    matches = [link.match for link in links([quote], [text])]
    assert [text[match.start : match.end] for match in matches] == [quote]


def test_odd_characters_do_no_harm() -> None:
    odd = "\u202e\u2066\u200f\0\u0301\u2069 \ufeff"
    quote = odd.join(QUOTE)
    texts = [f"\ud800{QUOTE}\udfff", f"\u202e{quote}", odd * 1_000]
    assert {(link.quote, link.document) for link in links([quote, "\ud800" + QUOTE], texts)} >= {(1, 0)}


def test_one_line_too_long_for_the_sample_is_learned_from_all_the_same(tmp_path: Path) -> None:
    path = tmp_path / "docs.jsonl"
    text = f"{QUOTE}. " * (SAMPLE // len(QUOTE))
    path.write_text(json.dumps({"id": "d", "text": text}) + "\n")
    source = open_documents(str(path), sys.stdin.buffer)
    assert not source.sample().texts
    learned = run._sample(source)
    assert learned.texts == [text[:SAMPLE]]
    assert 1 <= learned.share < 1.1


def test_links_of_texts_that_repeat_themselves_do_not_depend_on_the_company() -> None:
    repeated = ["a" * 3_000, "ferry " * 700, "ab" * 4_000, f"{QUOTE}. " * 40, "ha ferry " * 90 + QUOTE]
    texts = [one for number in range(12) for one in (*repeated, "b" * number, "ferry " * (90 + number))]
    scanner = Scanner(index_of([QUOTE, "a" * 60, "ab" * 30, "ferry " * 20, "a" * 40 + QUOTE], texts))
    together = [(link.quote, link.document, link.match) for link in scanner.scan(texts)]
    apart = [(link.quote, number, link.match) for number, text in enumerate(texts) for link in scanner.scan([text])]
    assert together == apart
