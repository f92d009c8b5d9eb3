"""Align a quote with a stretch of a text word by word, and judge each pair of words.

The characters are aligned by edit distance first; words that share enough of the aligned characters belong together,
also two with one (a space that scanning lost or a hyphen that a line cut). What is left over on both sides between
two such pairs is a changed word; what is left over on one side, an added or a dropped one.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

from claimreg.linker.sameness import Sameness, adds_negation, denies, likeness, sameness
from claimreg.model import Span, WordChange, WordEdit

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from claimreg.linker.passage import Passage, Word


_Range = tuple[int, int]


class Step(NamedTuple):
    """One step of the alignment: the words of each side (either may be empty) and how much the same they are.

    ``likeness`` (0..1) is how much of the quote's letters the source has: 1 for the same word, less for a changed one
    that is still legible behind the noise, 0 for another word.
    """

    quote: tuple[Word, ...]
    source: tuple[Word, ...]
    same: Sameness
    likeness: float


class Shares(NamedTuple):
    """Shares of the quote's letters: ``coverage`` (0..1) of those in words that the source has too, in order.

    ``longest_loss`` (0..1) is the longest run of words that the source does not have, ``dropped`` the letters of the source's words that
    the quote leaves out, in lengths of the quote.
    """

    coverage: float
    longest_loss: float
    dropped: float


@dataclass(frozen=True, slots=True)
class Comparison:
    """A quote aligned with the words of its place: ``steps`` in the quote's order, ``span`` in the text."""

    steps: tuple[Step, ...]
    span: Span

    @property
    def edits(self) -> int:
        """Return how many steps differ beyond typography."""
        return len(self.steps) - [step.same for step in self.steps].count(Sameness.SAME)

    @property
    def altered(self) -> bool:
        """Return whether words were changed, added or dropped, beyond slips and endings."""
        return Sameness.OTHER in [step.same for step in self.steps]

    @property
    def shares(self) -> Shares:
        """The shares of the quote's letters that stand in the source, that are lost in a row, and that the source has beyond them."""
        kept: list[float] = []
        length = longest = run = dropped = 0
        for quote, source, _, alike in self.steps:
            if quote:
                size = letters(quote)
                length += size
                kept.append(alike * size)
                run = 0 if alike else run + size
                longest = max(longest, run)
            else:
                dropped += letters(source)
        length = length or 1
        return Shares(sum(kept) / length, longest / length, dropped / length)

    @property
    def coverage(self) -> float:
        """The share (0..1) of the quote's letters that stand in words that the source has too, in order."""
        return self.shares.coverage


def compare(quote: Passage, source: Passage, span: Span) -> Comparison:
    """Align ``quote`` with ``source``, of which ``span`` (code points of the text) is the stretch that fits best.

    ``source`` may have a word more at each end than the quote covers; such words are left out of the result.
    """
    joined = _one_by_one(quote, source) or _aligned(quote, source)
    steps: list[Step] = []
    quote_at = source_at = 0
    for (quote_from, quote_to), (source_from, source_to) in joined:
        if quote_from > quote_at or source_from > source_at:
            steps += _left_over(quote.words[quote_at:quote_from], source.words[source_at:source_from], quote, source, span)
        steps += _judge(quote.words[quote_from:quote_to], source.words[source_from:source_to], quote, source)
        quote_at, source_at = quote_to, source_to
    steps += _left_over(quote.words[quote_at:], source.words[source_at:], quote, source, span)
    trimmed = _trim(_unpaired_at_ends(steps))
    if trimmed:
        trimmed[0] = _cut_word(trimmed[0], str.endswith)
        trimmed[-1] = _cut_word(trimmed[-1], str.startswith)
    sources = [step.source for step in trimmed if step.source]
    hull = Span(sources[0][0].span.start, sources[-1][-1].span.end) if sources else span
    return Comparison(tuple(trimmed), hull)


def word_edits(comparison: Comparison) -> tuple[WordEdit, ...]:
    """The alignment as the registry records it."""
    edits: list[WordEdit] = []
    same = Sameness.SAME
    quote_at = comparison.steps[0].quote[0].span.start if comparison.steps and comparison.steps[0].quote else 0
    source_at = comparison.span.start
    for step in comparison.steps:
        quote = _hull(step.quote, quote_at)
        source = _hull(step.source, source_at)
        kept = step.same is same and step.quote and step.source
        edits.append(WordEdit(WordChange.KEPT if kept else _change(step), quote, source))
        quote_at, source_at = quote.end, source.end
    return tuple(edits)


def _change(step: Step) -> WordChange:
    """The change that a step is which is not kept."""
    if step.same is Sameness.SAME:
        return WordChange.ASIDE
    if not step.source:
        return WordChange.ADDED
    return WordChange.CHANGED if step.quote else WordChange.DROPPED


def _hull(words: tuple[Word, ...], otherwise: int) -> Span:
    if len(words) == 1:
        return words[0].span
    return Span(words[0].span.start, words[-1].span.end) if words else Span(otherwise, otherwise)


def letters(words: tuple[Word, ...]) -> int:
    """The length of the words' keys."""
    if len(words) == 1:
        return len(words[0].key)
    return sum([len(word.key) for word in words])


def _one_by_one(quote: Passage, source: Passage) -> list[tuple[_Range, _Range]]:
    """The words side by side where both sides have the same letters in the same words; else nothing."""
    if quote.plain != source.plain or [word.at for word in quote.words] != [word.at for word in source.words]:
        return []
    return [((at, at + 1), (at, at + 1)) for at in range(len(quote.words))]


def _aligned(quote: Passage, source: Passage) -> list[tuple[_Range, _Range]]:
    """Runs of words of both sides that belong together by their letters, as index ranges."""
    return _groups(_overlaps(quote.words, source.words, _blocks(quote.plain, source.plain)), quote.words, source.words)


def _blocks(quote: str, source: str) -> list[tuple[int, int, int]]:
    if quote == source:
        return [(0, 0, len(quote))]
    from rapidfuzz.distance import Levenshtein

    # RapidFuzz's own way to these takes half as long; it ends with a block of no characters.
    return [(block.a, block.b, block.size) for block in Levenshtein.opcodes(quote, source).as_matching_blocks()]


def _overlaps(quote: tuple[Word, ...], source: tuple[Word, ...], blocks: list[tuple[int, int, int]]) -> dict[tuple[int, int], int]:
    """Return how many aligned characters each pair of words (by index) shares, in order."""
    shared: dict[tuple[int, int], int] = {}
    quote_ends, source_ends = ([word.at + len(word.key) for word in words] for words in (quote, source))
    left = right = 0
    for quote_start, source_start, size in blocks:
        quote_at, source_at, until = quote_start, source_start, quote_start + size
        while quote_at < until:
            while quote_ends[left] <= quote_at:
                left += 1
            while source_ends[right] <= source_at:
                right += 1
            run = min(until - quote_at, quote_ends[left] - quote_at, source_ends[right] - source_at)
            shared[left, right] = shared.get((left, right), 0) + run
            quote_at += run
            source_at += run
    return shared


def _groups(overlaps: dict[tuple[int, int], int], quote: tuple[Word, ...], source: tuple[Word, ...]) -> list[tuple[_Range, _Range]]:
    """Return runs of words of both sides that belong together, as index ranges."""
    groups: list[tuple[_Range, _Range]] = []
    for (left, right), shared in overlaps.items():
        if 2 * shared <= min(len(quote[left].key), len(source[right].key)):
            continue
        if groups and (left < groups[-1][0][1] or right < groups[-1][1][1]):
            (quote_from, quote_to), (source_from, source_to) = groups[-1]
            groups[-1] = ((quote_from, max(quote_to, left + 1)), (source_from, max(source_to, right + 1)))
        else:
            groups.append(((left, left + 1), (right, right + 1)))
    return groups


def _judge(quote: tuple[Word, ...], source: tuple[Word, ...], of_quote: Passage, of_source: Passage) -> list[Step]:
    if len(quote) == len(source) == 1 and quote[0].key == source[0].key and not quote[0].key[0].isdigit():
        return [Step(quote, source, Sameness.SAME, 1.0)]
    same = sameness(quote, source, of_quote.text, of_source.text)
    whole = Step(quote, source, same, 1.0 if same is not Sameness.OTHER else likeness(quote, source))
    if whole.same is not Sameness.OTHER or len(quote) == len(source) == 1:
        return [whole]
    return _piecewise(quote, source, of_quote, of_source)


def _piecewise(quote: tuple[Word, ...], source: tuple[Word, ...], of_quote: Passage, of_source: Passage) -> list[Step]:
    """Words that stand together but do not make the same whole: the best pair is kept, the rest is left over."""
    pairs = [
        (sameness((left,), (right,), of_quote.text, of_source.text), -len(left.key), i, j)
        for i, left in enumerate(quote)
        for j, right in enumerate(source)
    ]
    same, _, i, j = min(pairs)
    if same is Sameness.OTHER:
        return _pair_up(quote, source)
    return [
        *_pair_up(quote[:i], source[:j]),
        Step((quote[i],), (source[j],), same, 1.0),
        *_pair_up(quote[i + 1 :], source[j + 1 :]),
    ]


def _left_over(quote: Sequence[Word], source: Sequence[Word], of_quote: Passage, of_source: Passage, span: Span) -> list[Step]:
    """Steps for words that found no partner between two pairs, or before the first or after the last one.

    At the ends of the place only words that lie for the better part in the stretch that fits count as its own.
    """
    if not quote and not source:
        return []
    inside = [word for word in source if _mostly_inside(word, span)]
    if quote and (quote[0] is of_quote.words[0] or quote[-1] is of_quote.words[-1]):
        return _pair_up(tuple(quote), tuple(inside))
    return _pair_up(tuple(quote), tuple(source if of_source.words else ()))


def _cut_word(step: Step, is_rest: Callable[[str, str], bool]) -> Step:
    """A quote that begins or ends within a word of the source has that word, cut."""
    if step.same is not Sameness.OTHER or len(step.quote) != 1 or len(step.source) != 1:
        return step
    quote, source = step.quote[0].key, step.source[0].key
    if is_rest(source, quote) and not denies(quote, source) and not (quote + source).isdigit():
        return Step(step.quote, step.source, Sameness.SLIP, 1.0)
    return step


def _unpaired_at_ends(steps: list[Step]) -> list[Step]:
    """A negation that the quote adds before the first or after the last word is not the source's next word changed."""
    found = list(steps)
    for at in {0, len(found) - 1} if found else ():
        step = found[at]
        if len(step.quote) == 1 and step.source and not step.likeness and adds_negation(step.quote[0].key, step.source[0].key):
            found[at] = Step(step.quote, (), step.same, 0.0)
    return found


def _pair_up(quote: tuple[Word, ...], source: tuple[Word, ...]) -> list[Step]:
    paired = min(len(quote), len(source))
    return [
        *(Step((left,), (right,), Sameness.OTHER, likeness((left,), (right,))) for left, right in zip(quote, source, strict=False)),
        *(Step((word,), (), Sameness.OTHER, 0.0) for word in quote[paired:]),
        *(Step((), (word,), Sameness.OTHER, 0.0) for word in source[paired:]),
    ]


def _mostly_inside(word: Word, span: Span) -> bool:
    shared = min(word.span.end, span.end) - max(word.span.start, span.start)
    return 2 * shared >= word.span.end - word.span.start


def _trim(steps: list[Step]) -> list[Step]:
    first, last = 0, len(steps)
    while first < last and not steps[first].quote:
        first += 1
    while last > first and not steps[last - 1].quote:
        last -= 1
    return steps[first:last]
