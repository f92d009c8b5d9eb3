"""Set aside what nobody said and stands between the words: note marks, line numbers, times, speaker labels, page feet, glosses.

Such words are no words of the speech, on whichever side they stand; they are shown as set aside and count as no alteration. In doubt a word
counts: a label is one only where it returns, a line number only where its neighbours stand, too.
"""

from __future__ import annotations

import re
from functools import lru_cache
from itertools import chain, takewhile
from typing import TYPE_CHECKING

from claimreg.linker.accept import SHORTEST_FUZZY
from claimreg.linker.compare import Comparison, Step, compare
from claimreg.linker.judge.written import is_untouched
from claimreg.linker.lexicon import lexicon
from claimreg.linker.locate import Window, fit
from claimreg.linker.passage import Quote, only_words, passage_at, without_words
from claimreg.linker.sameness import Sameness
from claimreg.model import Span

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from claimreg.linker.passage import Passage, Word

_AROUND = 400
"""Code points before and after a place in which the neighbours of line numbers, and other lines with a label, are looked for."""

_LINE_LENGTHS = range(12, 200)
"""Code points that may lie between two line numbers."""

_BRACKETED = re.compile(r"(?<!\w)\[[^\[\]\n]{1,80}\](?!\w)")
_NUMBERED_NOTE = re.compile(r"(?<=\w)\[\s*(?:\d{1,4}|[^\W\d_])(?:\s*[,;–-]\s*\d{1,4})*\s*\]")
_TIME = r"\d{1,2}:\d{2}(?::\d{2})?(?:[.,]\d{1,3})?"
_STAMP = re.compile(rf"(?m)^[^\S\n]*(?:\d{{1,5}}[^\S\n]*\n)?[\[(]?{_TIME}[\])]?(?:[^\S\n]*-->[^\S\n]*{_TIME})?|[\[(]{_TIME}[\])]")
_LABEL = re.compile(
    r"(?m)^[^\S\n]*(?:\d{1,3}[^\S\n]+)?((?:\[[^\]\n]{1,60}\]|[\[(]?\d{1,2}:\d{2}(?::\d{2})?[\])]?)?)[^\S\n]*([^\W\d_][^\n:.]{0,39}?)\s?(?::(?=\s)|(?<=[QA])\.(?=\s))"
)
_NUMBERED_SPEAKER = re.compile(r"\w+ \d{1,3}\Z")
_ADDRESS = re.compile(r"(?:https?://|www\.|pic\.twitter\.com/)\S+")
_THREAD_MARK = re.compile(r"(?<![\w/])(?:\(\d{1,2}/\d{0,2}\)|\d{1,2}/(?=\s|$))")
_LINE_NUMBER = re.compile(r"(?<![\w.,:/%-])\d{1,4}(?![\w.,:/%-])")
_PAGE_NUMBER = re.compile(
    r"(?m)^[^\S\n]*(?:[^\W\d_]{1,6}\.?[^\S\n]*)?[-–—]?[^\S\n]*\d{1,4}(?:[^\S\n]*/[^\S\n]*\d{1,4})?[^\S\n]*[-–—]?[^\S\n]*$"
)
_FOOT_NOTE = re.compile(r"\n[^\S\n]*\d{1,3}[^\S\n][^\n]{3,400}?[.!?]\s+(?=[^\W\d_])")
_SENTENCE_END = re.compile(r"[.!?…:;][\"»”’)\]]*\s*\Z")
_RAISED = re.compile(r"[⁰¹²³⁴-⁹](?<=[^\s\d].)[⁰¹²³⁴-⁹]*")
_NUMBER_SIGN = re.compile(r"(?<!\w)(?:№|[Nn](?:[oºr]\.|[º°]))[^\S\n]?(?=\d)")
_ROUND = re.compile(r"(?<!\w)\([^()\n]{1,80}\)")
_FORMS = (
    ("[", _BRACKETED),
    ("[", _NUMBERED_NOTE),
    ("", _RAISED),
    ("", _NUMBER_SIGN),
    (":", _STAMP),
    ("", _ADDRESS),
    ("/", _THREAD_MARK),
    ("", _PAGE_NUMBER),
)
"""Patterns of what is told by its form, each with a sign that it is never without: to look for that is quicker."""


def set_aside(comparison: Comparison, quote: Passage, text: str) -> Comparison:
    """The alignment with what is no speech set aside on the side where it stands: a step of that side's words alone, the same.

    It stays as it is where nothing differs, and where the words that are left do not fit better.
    """
    if is_untouched(comparison, quote):
        return comparison
    is_whole = sum(len(step.quote) for step in comparison.steps) == len(quote.words)
    start, end = comparison.span
    asides = [*_asides_of_source(text, start, end)]
    glosses = _glosses(quote.text, quote.span.start)
    best = comparison if is_whole else None
    for spans_of_source, spans_of_quote in ((asides, glosses), (asides, ()), ((), glosses)):
        if not spans_of_source and not spans_of_quote:
            continue
        found = _compared(quote, text, comparison.span, spans_of_quote, spans_of_source)
        if found is not None and (best is None or found.edits < best.edits):
            best = found
    return best or comparison


def without_glosses(sought: Quote) -> Quote | None:
    """The quote without what it says in brackets for its readers; ``None`` where it says no such thing, or too little else."""
    glosses = _glosses(sought.whole.text, sought.whole.span.start)
    if not glosses:
        return None
    spoken = without_words(sought.whole, glosses)
    if spoken.key == sought.whole.key or spoken.weight < SHORTEST_FUZZY:
        return None
    return Quote(sought.typed, sought.lead, spoken, (spoken,), sought.lang)


def _compared(quote: Passage, text: str, span: Span, glosses: Sequence[Span], asides: Sequence[Span]) -> Comparison | None:
    beyond = sum(aside.end - aside.start for aside in (*glosses, *asides))
    source = passage_at(text, max(0, span.start - beyond), min(len(text), span.end + beyond))
    spoken_quote, spoken = without_words(quote, glosses), without_words(source, asides)
    if not spoken_quote.key or not spoken.key or (spoken.key == source.key and spoken_quote.key == quote.key):
        return None
    start, end, _ = fit(spoken_quote.plain, spoken.plain, Window(0, len(spoken.plain), 0))
    touched = [word.span for word in spoken.words if word.end > start and word.at < end]
    if not touched:
        return None
    found = compare(spoken_quote, only_words(spoken, touched), Span(touched[0].start, touched[-1].end))
    steps = _with_asides(found.steps, _left(quote, spoken_quote), _left(source, spoken), found.span)
    return Comparison(tuple(steps), found.span)


def _left(whole: Passage, spoken: Passage) -> list[Word]:
    kept = {word.span.start for word in spoken.words}
    return [word for word in whole.words if word.span.start not in kept]


def _with_asides(steps: Sequence[Step], of_quote: list[Word], of_source: list[Word], place: Span) -> Iterator[Step]:
    """The steps in order, with the words set aside where they stand; those of the source outside the place are no part of it."""
    source = [word for word in of_source if place.start <= word.span.start and word.span.end <= place.end]
    for step in steps:
        if step.quote:
            yield from _asides_before(of_quote, step.quote[0].span.start, is_quote=True)
        if step.source:
            yield from _asides_before(source, step.source[0].span.start, is_quote=False)
        yield step
    yield from _asides_before(of_quote, None, is_quote=True)


def _asides_before(words: list[Word], position: int | None, *, is_quote: bool) -> Iterator[Step]:
    before = tuple(word for word in words if position is None or word.span.start < position)
    if before:
        del words[: len(before)]
        yield Step(before if is_quote else (), () if is_quote else before, Sameness.SAME, 1.0)


@lru_cache(maxsize=256)
def _glosses(text: str, first: int) -> tuple[Span, ...]:
    """The spans of glosses from a place on; a quote is asked for them wherever it is looked for."""
    return tuple(_each_gloss(text, first))


def _each_gloss(text: str, first: int) -> Iterator[Span]:
    """Glosses in brackets, what a round pair says of the wording itself (emphasis added), and the sign for “number”."""
    for sign, pattern, start in (("[", _BRACKETED, first), ("", _NUMBER_SIGN, 0)):
        if sign in text:
            yield from (Span(*match.span()) for match in pattern.finditer(text, start))
    for match in _ROUND.finditer(text) if "(" in text else ():
        if not lexicon().editorial.isdisjoint(re.findall(r"[^\W\d_]+", match[0].casefold())):
            yield Span(*match.span())


def _asides_of_source(text: str, start: int, end: int) -> Iterator[Span]:
    """The spans of what may be no speech within a stretch of a document, by form and by what stands around."""
    low, high = max(0, start - _AROUND), min(len(text), end + _AROUND)
    window = text[low:high]
    inside = range(start - low, end - low)
    for sign, pattern in _FORMS:
        if sign not in window:
            continue
        matches = takewhile(lambda match: match.start() < inside.stop, pattern.finditer(window))
        yield from (Span(low + match.start(), low + match.end()) for match in matches if match.start() in inside)
    for found in chain(_labels(window), _line_numbers(window), _foot_notes(window)):
        if found.start in inside or found.end - 1 in inside:
            yield found.shifted(low)


def _labels(window: str) -> Iterator[Span]:
    """The labels of who speaks, at the start of a line: numbered, in capitals, behind a time, or more than once."""
    found = list(_LABEL.finditer(window))
    names = [match[2] for match in found]
    for match in found:
        name = match[2]
        if match[1] or name.isupper() or _NUMBERED_SPEAKER.search(name) or names.count(name) > 1:
            yield Span(*match.span())


def _line_numbers(window: str) -> Iterator[Span]:
    """Numbers that count the lines: three that follow each other, a line apart."""
    found = [(int(match[0]), match.start(), match.end()) for match in _LINE_NUMBER.finditer(window)]
    after = {one: other for one in found for other in found if other[0] == one[0] + 1 and other[1] - one[1] in _LINE_LENGTHS}
    runs = ((one, after[one], after[after[one]]) for one in after if after[one] in after)
    yield from dict.fromkeys(Span(start, end) for run in runs for _, start, end in run)


def _foot_notes(window: str) -> Iterable[Span]:
    """A numbered note that stands in the middle of a sentence, as the foot of a page does when two pages are read as one."""
    for match in _FOOT_NOTE.finditer(window):
        if not _SENTENCE_END.search(window[: match.start()]) and window[match.end()].islower():
            yield Span(*match.span())
