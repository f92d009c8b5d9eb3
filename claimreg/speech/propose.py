"""Propose who says what in a text: sentence by sentence, by the words and orders of its language."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from functools import partial
from itertools import accumulate
from typing import TYPE_CHECKING

from claimreg.speech.confidence import confidence
from claimreg.speech.free_order import free
from claimreg.speech.insertions import pieces, with_insertions
from claimreg.speech.joining import Gathered
from claimreg.speech.marks import marked
from claimreg.speech.orders import Found, medial
from claimreg.speech.plain import Plain, plain
from claimreg.speech.profile import profile
from claimreg.speech.repairs import mended
from claimreg.speech.sentences import sentences
from claimreg.speech.transcripts import turns
from claimreg.speech.types import Mode, Proposal, Quotation, SpeechFlag
from claimreg.speech.verb_final import final

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from claimreg.model import Span
    from claimreg.speech.marks import Marked
    from claimreg.speech.profile import Profile
    from claimreg.speech.sentences import Token

Stretch = tuple[int, int]

DIRECT_SHARE = 0.8
MIXED_SHARE = 0.05
"""Shares of a content's letters between marks from which on it is direct, and mixed: what people call so in the corpora we measure by."""

_DEFAULT = "en"


def propose(text: str, lang: str | None = None, *, everything: bool = False) -> tuple[Proposal, ...]:
    """The statements that a text attributes to somebody, in the order of their first words; all spans are of the text as given.

    ``lang`` is a BCP 47 tag; without one the language is English's. A language without tables of speech has none. ``everything``
    takes words of belief and wishing, too, and what is told of within other statements, which ``nested_in`` names.
    """
    return _Text(text, lang or _DEFAULT).proposals(everything=everything)


def quotations(text: str, lang: str | None = None) -> tuple[Quotation, ...]:
    """Return what stands between marks in a text, with what they hold, each with its speaker and cue where the text names them."""
    return _Text(text, lang or _DEFAULT).quotations()


class _Text:
    def __init__(self, text: str, lang: str) -> None:
        self.plain: Plain = plain(text)
        self.lang = lang.partition("-")[0].lower()
        self.profile: Profile | None = profile(self.lang)
        self.marked: list[Marked] = marked(self.plain.text)
        if self.profile and self.profile.dashes:
            self.marked = with_insertions(self.plain.text, self.marked, self.profile)
        elif self.profile:
            self.marked = mended(self.plain.text, self.marked, self.profile, medial)
        self.quoted = _Quoted(self.marked)

    def proposals(self, *, everything: bool) -> tuple[Proposal, ...]:
        found = self.found(everything=everything)
        if everything:
            found.extend(self._within())
        found.sort(key=lambda one: (one.parts[0], one.parts[-1][1]))
        holders = innermost([one.parts for one in found], [one.cue for one in found]) if everything else {}
        return tuple(self._proposal(one, holders.get(place)) for place, one in enumerate(found))

    def _within(self) -> list[Found]:
        """The statements that are told of in quotations which hold some themselves."""
        if self.profile is None:
            return []
        text = self.plain.text
        found: list[Found] = []
        for outermost in self.marked:
            for part in outermost.parts if outermost.inner else ():
                parted = list(sentences(text, outermost.inner, self.profile.abbreviations, part))
                order = _order(text, parted, self.profile)
                found.extend(one for sentence in parted for one in order(text, sentence, self.profile, everything=False) if one.parts)
        return found

    def found(self, *, everything: bool) -> list[Found]:
        if self.profile is None:
            return []
        text = self.plain.text
        gathered = Gathered(text)
        parted = list(sentences(text, list(pieces(self.marked)), self.profile.abbreviations))
        order = _order(text, parted, self.profile)
        before: Stretch | None = None
        for sentence in parted:
            found = [_pointed(one, before) for one in order(text, sentence, self.profile, everything=everything)]
            is_joined = gathered.add(sentence, found)
            before = None if found or is_joined else _words_of(sentence)
        return [*turns(text), *(one for one in gathered.all if one.parts)]

    def _proposal(self, found: Found, holder: int | None) -> Proposal:
        mode = self.quoted.mode(found.parts)
        return Proposal(
            parts=tuple(self._span(self._without_comma(part)) for part in found.parts),
            mode=mode,
            confidence=confidence(found.rule, found.sense.kind),
            rule=found.rule,
            lang=self.lang,
            cue=self._span(found.cue),
            speaker=self._span(found.speaker) if found.speaker else None,
            no_speaker=found.no_speaker,
            act=found.sense.act,
            flags=(*self.quoted.flags(found.parts), *((SpeechFlag.ANAPHORIC,) if found.is_pointing else ())),
            nested_in=holder,
        )

    def _without_comma(self, part: Stretch) -> Stretch:
        """A part without the comma that some languages put before a closing mark."""
        start, end = part
        return (start, end - 1) if end - start > 1 and self.plain.text[end - 1] == "," else part

    def _span(self, stretch: Stretch) -> Span:
        return self.plain.span(*stretch)

    def quotations(self) -> tuple[Quotation, ...]:
        outer, inner = self.found(everything=False), self._within()
        within = [each for one in self.marked for each in one.inner]
        by_place = innermost([one.parts for one in outer], [(one.start, one.end) for one in self.marked])
        by_inner = innermost([one.parts for one in inner], [(one.start, one.end) for one in within])
        inside = {id(one): inner[by_inner[place]] for place, one in enumerate(within) if place in by_inner}
        listed: list[Quotation] = []
        for place, outermost in enumerate(self.marked):
            holder = outer[by_place[place]] if place in by_place else None
            each_held = ((each, holder if each is outermost else inside.get(id(each))) for each in _with_inner(outermost))
            listed.extend(self._quotation(each, held) for each, held in each_held)
        return tuple(listed)

    def _quotation(self, one: Marked, found: Found | None) -> Quotation:
        from claimreg.speech.unspoken import reason_against

        reason = reason_against(self.plain.text, one, self.profile, has_cue=found is not None)
        flags = [flag for flag, is_set in _flags(one) if is_set]
        return Quotation(
            parts=tuple(self._span(part) for part in one.parts),
            outside=self._span((one.start, one.end)),
            is_speech=not reason,
            reason=reason,
            speaker=self._span(found.speaker) if found and found.speaker and not reason else None,
            cue=self._span(found.cue) if found and not reason else None,
            flags=tuple(flags),
            depth=one.depth,
        )


def _order(text: str, parted: Sequence[Sequence[Token]], profile: Profile) -> Callable[..., list[Found]]:
    """Choose how the statements of a sentence are found in a language."""
    if profile.order == "medial":
        return medial
    names = frozenset(token.key for sentence in parted for token in sentence[1:] if token.is_word and text[token.start].isupper())
    return partial(final if profile.order == "final" else free, names=names)


def _words_of(sentence: Sequence[Token]) -> Stretch | None:
    """Return the place of the words of a sentence, without the signs at its end."""
    ends = [token.end for token in sentence if token.is_word or token.quoted]
    return (sentence[0].start, ends[-1]) if ends else None


def _pointed(one: Found, before: Stretch | None) -> Found:
    """A statement with the content that its cue points back to."""
    return one._replace(parts=(before,)) if one.is_pointing and before else one


def _with_inner(one: Marked) -> Iterator[Marked]:
    waiting = [one]
    while waiting:
        last = waiting.pop()
        yield last
        waiting.extend(reversed(last.inner))


def _flags(one: Marked) -> tuple[tuple[SpeechFlag, bool], ...]:
    return (SpeechFlag.OPENER_MISSING, one.opener_missing), (SpeechFlag.CLOSER_MISSING, one.closer_missing)


def innermost(statements: Sequence[Sequence[Stretch]], stretches: Sequence[Stretch]) -> dict[int, int]:
    """The statement that each stretch, by its place, stands in: of several the one whose part begins last; none for some.

    A stretch may reach a little over a part: the marks of a quotation stand outside of its words.
    """
    parts = sorted((*part, number) for number, one in enumerate(statements) for part in one)
    found: dict[int, int] = {}
    open_parts: list[tuple[int, int, int]] = []
    waiting = iter(parts)
    part = next(waiting, None)
    for start, end, place in sorted((start, end, place) for place, (start, end) in enumerate(stretches)):
        while part is not None and part[0] < end:
            open_parts.append(part)
            part = next(waiting, None)
        while open_parts and open_parts[-1][1] <= start:
            open_parts.pop()
        if open_parts:
            found[place] = open_parts[-1][2]
    return found


class _Quoted:
    """Share of any stretch that stands between marks, by sums that make it one look-up."""

    def __init__(self, quotations: Sequence[Marked]) -> None:
        self.all = quotations
        self.starts = [one.start for one in quotations]
        self.ends = [one.end for one in quotations]
        self.sums = [0, *accumulate(one.end - one.start for one in quotations)]

    def within(self, start: int, end: int) -> range:
        """The places of the quotations that a stretch has something of."""
        return range(bisect_right(self.ends, start), bisect_left(self.starts, end))

    def mode(self, parts: Sequence[Stretch]) -> Mode:
        share = sum(map(self._characters, parts)) / max(1, sum(end - start for start, end in parts))
        return Mode.DIRECT if share >= DIRECT_SHARE else Mode.MIXED if share >= MIXED_SHARE else Mode.INDIRECT

    def _characters(self, part: Stretch) -> int:
        start, end = part
        places = self.within(start, end)
        if not places:
            return 0
        whole = self.sums[places[-1] + 1] - self.sums[places[0]]
        return whole - max(0, start - self.starts[places[0]]) - max(0, self.ends[places[-1]] - end)

    def flags(self, parts: Sequence[Stretch]) -> tuple[SpeechFlag, ...]:
        touched = [self.all[place] for part in parts for place in self.within(*part)[:8]]
        return tuple(dict.fromkeys(flag for one in touched for flag, is_set in _flags(one) if is_set))
