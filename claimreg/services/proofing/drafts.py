"""The quotations of a draft: between marks, in blocks that are quotations, with the speaker that the draft gives each."""

from __future__ import annotations

import re
from bisect import bisect_right
from dataclasses import dataclass, replace
from itertools import groupby
from typing import TYPE_CHECKING, NamedTuple

from claimreg.model import Span
from claimreg.services.articles import Role
from claimreg.services.proofing.types import Mention
from claimreg.services.proofing.whole import whole_quotations
from claimreg.speech.types import SpeechFlag

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from claimreg.services.articles import Article, Block
    from claimreg.speech.types import Quotation

_BETWEEN = "\n\n"
_IGNORE = "ignore"
_NAME_END = re.compile(r"[,;(\n]|\s[—–-]\s|:\s*$")
_OPENERS, _CLOSERS = '“„«"‘‹「『', '”“»"’›」』'
_MOST_CONTEXT = 400
"""Code points before a block in which its speaker is looked for: a sentence or two."""

_COMMA = re.compile("[,،]")
_SETTINGS = (("“", ",” "), ("«", "», — "))
"""Ways to set a quotation before its cue: what stands before it, and between both."""

_LONGEST_CUE, _MOST_COMMAS = 120, 3
"""Code points, and commas, from the end of a quotation without a closing mark, in which a cue is looked for."""

_MOSTLY = 0.5
"""Share of a block that stands between marks from which on the marks tell what is quoted in it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class DraftQuotation:
    """A quotation as it stands in a draft; spans and the speaker's place are code points of the draft's file.

    ``texts`` are the words of its parts. Of what is no speech, ``reason`` says why.
    """

    parts: tuple[Span, ...]
    texts: tuple[str, ...]
    is_speech: bool
    reason: str = ""
    speaker: Mention | None = None
    flags: tuple[str, ...] = ()


class DraftQuotations(NamedTuple):
    """The quotations of a draft in its order, and how many the draft asks to pass over."""

    quotations: tuple[DraftQuotation, ...]
    ignored: int


class _Stretch:
    """Blocks read as one text, with the way back to the file."""

    def __init__(self, blocks: Sequence[Block]) -> None:
        self.text = _BETWEEN.join(block.text for block in blocks)
        self._blocks = blocks
        self._starts: list[int] = []
        start = 0
        for block in blocks:
            self._starts.append(start)
            start += len(block.text) + len(_BETWEEN)

    def span(self, span: Span) -> Span:
        """The stretch of the file that a stretch of the text stands at."""
        first, last = (bisect_right(self._starts, at) - 1 for at in (span.start, max(span.start, span.end - 1)))
        if first == last:
            return self._in_file(first, span)
        start = self._in_file(first, Span(span.start, self._starts[first] + len(self._blocks[first].text))).start
        return Span(start, self._in_file(last, Span(self._starts[last], span.end)).end)

    def mention(self, span: Span | None) -> Mention | None:
        """The speaker who is named in a stretch of the text."""
        return None if span is None else Mention(self.text[span.start : span.end], *self.span(span))

    def _in_file(self, number: int, span: Span) -> Span:
        return self._blocks[number].in_file(span.shifted(-self._starts[number]))


def quotations_of(draft: Article, lang: str | None = None) -> DraftQuotations:
    """Find the quotations of a draft in a language (BCP 47), where it is known.

    A comment ``<!-- claimreg: ignore -->`` asks to pass over the next one.
    """
    found = sorted(_all(draft, lang), key=lambda one: one.parts[0])
    silent = sorted(comment.place.end for comment in draft.comments if comment.text.strip().lower() == _IGNORE)
    kept: list[DraftQuotation] = []
    done = 0
    for one in found:
        before = bisect_right(silent, one.parts[0].start)
        if not (one.is_speech and before > done):
            kept.append(one)
        if one.is_speech:
            done = before
    return DraftQuotations(tuple(kept), len(found) - len(kept))


def _all(draft: Article, lang: str | None) -> Iterator[DraftQuotation]:
    runs = [_Run(role, list(group)) for role, group in groupby(draft.blocks, key=lambda block: block.role)]
    cites = {block.group: block for block in draft.blocks if block.role is Role.CITE}
    for number, run in enumerate(runs):
        before = runs[number - 1] if number else None
        if run.role is Role.BODY:
            yield from _in_marks(_Stretch(run.blocks), lang)
        elif run.role is Role.QUOTE:
            for block in run.blocks:
                yield from _in_block(block, cites.get(block.group), before, lang)
        elif run.role is not Role.CITE:
            for block in run.blocks:
                yield from _elsewhere(block, lang)


def _in_marks(stretch: _Stretch, lang: str | None) -> Iterator[DraftQuotation]:
    """The quotations between marks; what stands in another one's marks is part of that one."""
    for one in whole_quotations(stretch.text, lang):
        if one.depth == 0 and one.parts:
            yield _of(stretch, _without_cue(stretch.text, one, lang))


def _without_cue(text: str, one: Quotation, lang: str | None) -> Quotation:
    """A quotation whose closing mark is lost, without the cue and the speaker that this lets in: it ends where a mark finds them."""
    if SpeechFlag.CLOSER_MISSING not in one.flags or len(one.parts) != 1:
        return one
    start, end = one.parts[0]
    commas = [found.start() for found in _COMMA.finditer(text, max(start, end - _LONGEST_CUE), end)]
    for comma in commas[: -_MOST_COMMAS - 1 : -1]:
        rest = comma + 1
        while rest < end and text[rest].isspace():
            rest += 1
        speaker = _speaker_behind(text[start:comma], text[rest:end], lang)
        if speaker is not None:
            return replace(one, parts=(Span(start, comma),), speaker=speaker.shifted(rest))
    return one


def _speaker_behind(words: str, rest: str, lang: str | None) -> Span | None:
    """The speaker in the words behind a quotation, where these begin with the cue or with him; in whichever way the language sets it."""
    for before, after in _SETTINGS:
        told = whole_quotations(f"{before}{words}{after}{rest}", lang)
        at = len(before) + len(words) + len(after)
        if told and told[0].cue is not None and told[0].speaker is not None and at in (told[0].cue.start, told[0].speaker.start):
            return told[0].speaker.shifted(-at)
    return None


def _of(stretch: _Stretch, one: Quotation) -> DraftQuotation:
    parts = [_trimmed(stretch.text, part) for part in one.parts]
    parts = [part for part in parts if part.end > part.start] or [one.parts[0]]
    return DraftQuotation(
        parts=tuple(map(stretch.span, parts)), texts=tuple(stretch.text[part.start : part.end] for part in parts), is_speech=one.is_speech,
        reason=one.reason, speaker=stretch.mention(one.speaker), flags=tuple(flag.value for flag in one.flags),
    )  # fmt: skip


def _trimmed(text: str, span: Span) -> Span:
    """A span without the space and the comma around the words, which belong to the sentence around the marks."""
    start, end = span
    while start < end and text[start].isspace():
        start += 1
    while end > start and (text[end - 1].isspace() or text[end - 1] in ",،、"):
        end -= 1
    return Span(start, end)


def _elsewhere(block: Block, lang: str | None) -> Iterator[DraftQuotation]:
    """The quotations of a heading, a note or code: in a heading only those that somebody is said to have spoken."""
    for one in _in_marks(_Stretch([block]), lang):
        if block.role is Role.CODE:
            yield replace(one, is_speech=False, reason="code")
        elif block.role is Role.HEADING and one.is_speech and one.speaker is None:
            yield replace(one, is_speech=False, reason="heading")
        else:
            yield one


class _Run(NamedTuple):
    """Neighbouring blocks of one role."""

    role: Role
    blocks: list[Block]


def _in_block(block: Block, cite: Block | None, before: _Run | None, lang: str | None) -> Iterator[DraftQuotation]:
    """The quotation that a block is; or those in its marks, where most of it stands between them."""
    stretch = _Stretch([block])
    words = _unmarked(block.text, _trimmed(block.text, Span(0, len(block.text))))
    if words.end <= words.start:
        return
    speaker = _cited(cite) or _introduced(block, before, lang)
    told = [one for one in whole_quotations(block.text, lang) if one.depth == 0 and one.is_speech]
    length = sum(part.end - part.start for one in told for part in one.parts)
    if any(one.speaker is not None for one in told) or (len(told) > 1 and length >= _MOSTLY * len(block.text)):
        yield from (replace(quotation, speaker=quotation.speaker or speaker) for quotation in (_of(stretch, one) for one in told))
        return
    yield DraftQuotation(parts=(stretch.span(words),), texts=(block.text[words.start : words.end],), is_speech=True, speaker=speaker)


def _unmarked(text: str, span: Span) -> Span:
    """A span without the marks around all of it."""
    start, end = span
    inside = text[start + 1 : end - 1]
    if end - start > 1 and text[start] in _OPENERS and text[end - 1] in _CLOSERS and not set(inside) & set(_OPENERS + _CLOSERS) - set("’'"):
        return _trimmed(text, Span(start + 1, end - 1))
    return span


def _cited(cite: Block | None) -> Mention | None:
    """The speaker whom a block cites."""
    return None if cite is None else _Stretch([cite]).mention(_name_in(cite.text, Span(0, len(cite.text))))


def _name_in(text: str, span: Span) -> Span | None:
    """The name at the beginning of a line that cites somebody: without the dash before it and what follows a comma."""
    start = span.start
    while start < span.end and not text[start].isalnum():
        start += 1
    cut = _NAME_END.search(text, start, span.end)
    end = cut.start() if cut else span.end
    while end > start and text[end - 1].isspace():
        end -= 1
    return Span(start, end) if end > start else None


def _introduced(block: Block, before: _Run | None, lang: str | None) -> Mention | None:
    """The speaker whom the text before a block names: “Okafor told the council:”."""
    if before is None or before.role not in (Role.BODY, Role.HEADING):
        return None
    last = _Stretch(before.blocks[-1:])
    whole = last.text.rstrip()
    lead = whole[-_MOST_CONTEXT:]
    if not lead.endswith(":"):
        return None
    marked = f"{lead} “{block.text.strip(_OPENERS + _CLOSERS)}”"
    for one in whole_quotations(marked, lang):
        if one.speaker is not None and one.speaker.end <= len(lead) and one.parts and one.parts[-1].end > len(lead):
            return last.mention(one.speaker.shifted(len(whole) - len(lead)))
    return None
