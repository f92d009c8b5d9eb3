"""What holds of every answer, whatever the quote and the text."""

from __future__ import annotations

import random

from hypothesis import given, settings
from hypothesis import strategies as st

from claimreg.errors import InputError
from claimreg.linker import Findings, LayeredLinker
from claimreg.linker.collection import Collection
from claimreg.model import LinkKind, WordChange

LETTERS = "abcdeéäßﬁ кқаңіүеслн αβγά ابتثَةى אבגָ कखिं कর 中文的字 かなが 한글 ไทยกุ่ 0123٤½ '’-.,…«»\n\u00ad\u200d\ud800\x00"
TEXTS = st.text(LETTERS, max_size=300)
WORDS = st.lists(st.text("abdeikmnorstuкалмності", min_size=2, max_size=8), min_size=4, max_size=25)


def check(found: Findings, quote: str, text: str) -> None:
    for match in (*found.matches, *filter(None, [found.nearest])):
        assert 0 <= match.start < match.end <= len(text)
        assert match.exact == text[match.start : match.end]
        assert 0 <= match.score <= 100
        assert 0 <= match.probability <= 1
        assert (match.score == 100) == (match.kind is LinkKind.EXACT)
        assert match.edits == sum(edit.change is not WordChange.KEPT for edit in match.words)
        assert match.parts
        assert match.start == min(start for start, _ in match.parts)
        assert match.end == max(end for _, end in match.parts)
        assert all(match.start <= start < end <= match.end for start, end in match.parts)
        for edit in match.words:
            assert 0 <= edit.quote.start <= edit.quote.end <= len(quote)
            assert match.start <= edit.source.start <= edit.source.end <= match.end
            assert (edit.source.start == edit.source.end) == (edit.change is WordChange.ADDED)
            assert (edit.quote.start == edit.quote.end) == (edit.change is WordChange.DROPPED)


def look(quote: str, text: str) -> Findings:
    try:
        found = LayeredLinker().find(quote, text)
    except InputError:
        return Findings()
    check(found, quote, text)
    return found


@settings(max_examples=300)
@given(TEXTS, TEXTS)
def test_any_quote_in_any_text(quote: str, text: str) -> None:
    look(quote, text)


@settings(max_examples=300)
@given(TEXTS, st.integers(0, 300), st.integers(1, 80))
def test_a_slice_of_the_text_is_found(text: str, start: int, length: int) -> None:
    look(text[start : start + length], text)


@settings(max_examples=200)
@given(WORDS, st.randoms(use_true_random=False))
def test_an_altered_passage(words: list[str], rng: random.Random) -> None:
    text = " ".join(words) + ". " + " ".join(rng.sample(words, len(words)))
    altered = list(words)
    for _ in range(rng.randint(0, 4)):
        at = rng.randrange(len(altered))
        altered[at : at + 1] = rng.choice([[], ["…"], [altered[at], "not"], ["жоқ"], [altered[at][::-1]], [altered[at] + "x"]])
        if not altered:
            return
    look(" ".join(altered), text)


@settings(max_examples=100)
@given(WORDS, WORDS)
def test_a_collection_only_ever_asks_for_more(quoted: list[str], others: list[str]) -> None:
    quote, text = " ".join(quoted), " ".join([*others[:5], *quoted[1:], *others[5:]])
    collection = Collection()
    for _ in range(5):
        collection.observe(text)
    collection.size = 10**10
    try:
        found = LayeredLinker(collection).find(quote, text)
    except InputError:
        return
    check(found, quote, text)
    assert not found.matches or look(quote, text).matches
