"""Judgement on one quotation of a draft: what the linker says of its words, and who says them in the sources."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, NamedTuple

from claimreg.errors import InputError
from claimreg.frozen import replace as changed
from claimreg.linker.accept import SHORTEST_FUZZY
from claimreg.linker.passage import read_quote
from claimreg.linker.types import is_intact, of_meaning
from claimreg.model import LinkKind
from claimreg.services.proofing.speakers import Same
from claimreg.services.proofing.types import (
    BRACKETED,
    OTHER_SPEAKER,
    SPEAKER_UNCHECKED,
    ProofPlace,
    ProofVerdict,
    ProvedQuotation,
)
from claimreg.text.fold import fold_key

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from claimreg.linker import LayeredLinker, Match
    from claimreg.linker.passage import Quote
    from claimreg.services.proofing.drafts import DraftQuotation
    from claimreg.services.proofing.sources import SourceText
    from claimreg.services.proofing.speakers import Speakers, Writing
    from claimreg.services.proofing.types import Mention

_BRACKETED = re.compile(r"\[[^\[\]]*\w[^\[\]]*\]")
TOO_SHORT = "too short to look for"
_SAME_FIRST = (Same.YES, Same.UNCHECKED, Same.NO)
_WORST = list(ProofVerdict)
_KINDS = [LinkKind.ALTERED, LinkKind.NEAR, LinkKind.STITCHED, LinkKind.TYPOGRAPHIC, LinkKind.EXACT]
"""The kinds, the one first that tells most against a quotation."""


class _Place(NamedTuple):
    """A place of words in a source, and who says them there."""

    source: SourceText
    match: Match
    speaker: Mention | None = None

    def shown(self, at: int) -> ProofPlace:
        """The place as a finding: its words are aligned with a text in which those looked for begin at ``at``."""
        words = tuple(edit._replace(quote=edit.quote.shifted(at)) for edit in self.match.words)
        match = changed(self.match, words=words) if at else self.match
        source = self.source
        return ProofPlace(document=source.document, source_id=source.source_id, match=match, speaker=self.speaker, stance=source.stance)


@dataclass(frozen=True, slots=True)
class _Answer:
    """Answer for one part of a quotation: the verdict on its words, its places, the nearest one where there is none."""

    words: str
    at: int
    verdict: ProofVerdict
    places: tuple[_Place, ...] = ()
    nearest: _Place | None = None
    flags: tuple[str, ...] = ()
    reason: str = ""


class Judge:
    """Judge of a draft's quotations against sources.

    ``likely`` gives, for words, the sources in which they may stand. ``missing`` says what is to be said of words that stand in none:
    not found, or, where there are no sources in their language or some could not be read, less; with the reason.
    """

    def __init__(
        self,
        linker: LayeredLinker,
        likely: Callable[[str], Iterable[SourceText]],
        speakers: Speakers,
        missing: Callable[[str], tuple[ProofVerdict, str]],
    ) -> None:
        self._linker = linker
        self._likely = likely
        self._speakers = speakers
        self._missing = missing
        self._looked: dict[str, tuple[list[_Place], _Place | None]] = {}

    def judged(self, number: int, quotation: DraftQuotation, position: tuple[int, int], writing: Writing) -> ProvedQuotation:
        """Judge a quotation that begins at this line and column of its draft, which writes names in this way."""
        text = " ".join(quotation.texts)
        line, column = position
        proved = ProvedQuotation(
            id=number, text=text, start=quotation.parts[0].start, end=quotation.parts[-1].end, line=line, column=column,
            parts=quotation.parts, verdict=ProofVerdict.SKIPPED, reason=quotation.reason, speaker=quotation.speaker, flags=quotation.flags,
        )  # fmt: skip
        return self._answered(proved, quotation, writing) if quotation.is_speech else proved

    def _answered(self, proved: ProvedQuotation, quotation: DraftQuotation, writing: Writing) -> ProvedQuotation:
        answers = [self._with_speakers(one, quotation.speaker, writing) for one in self._answers(proved.text, quotation.texts)]
        worst = min(answers, key=lambda answer: _WORST.index(answer.verdict))
        first = [answer.places[0].match for answer in answers if answer.places]
        nearest = next((answer for answer in answers if answer.nearest is not None), None)
        brackets = (BRACKETED,) if _BRACKETED.search(proved.text) else ()
        flags = (*proved.flags, *brackets, *(flag for answer in answers for flag in answer.flags))
        return replace(
            proved,
            verdict=worst.verdict,
            kind=min((match.kind for match in first), key=_KINDS.index, default=None),
            flags=tuple(dict.fromkeys(flags)),
            edits=sum(match.edits for match in first),
            reason=worst.reason if len(answers) == 1 or worst.reason else f"not found: “{worst.words}”" if not worst.places else "",
            places=tuple(place.shown(answer.at) for answer in answers for place in answer.places),
            nearest=nearest.nearest.shown(nearest.at) if nearest is not None and nearest.nearest is not None else None,
        )

    def _answers(self, text: str, parts: Sequence[str]) -> list[_Answer]:
        """The answers for a quotation: one, or one for each part where the whole does not stand as it is."""
        whole = self._of_words(text, 0)
        if len(parts) == 1 or whole.verdict in (ProofVerdict.OK, ProofVerdict.PARAPHRASE):
            return [whole]
        answers, at = [], 0
        for part in parts:
            answers.append(self._of_words(part, at))
            at += len(part) + 1
        telling = [one for one in answers if one.verdict is not ProofVerdict.UNSURE]
        worst = min((_WORST.index(one.verdict) for one in telling), default=-1)
        return telling if worst >= _WORST.index(whole.verdict) or (whole.verdict is ProofVerdict.ALTERED and telling) else [whole]

    def _of_words(self, words: str, at: int) -> _Answer:
        """Look for the words of a quotation's part, which begin in its text at ``at``."""
        try:
            sought = read_quote(words)
        except InputError as error:
            return _Answer(words, at, ProofVerdict.UNSURE, reason=str(error))
        if words not in self._looked:
            # A draft may say the same words again and again.
            self._looked[words] = self._look(sought, words)
        found, nearest = self._looked[words]
        if not found:
            verdict, reason = self._missing(words)
            if verdict is ProofVerdict.NOT_FOUND and sought.whole.weight < SHORTEST_FUZZY:
                verdict, reason = ProofVerdict.UNSURE, TOO_SHORT
            return _Answer(words, at, verdict, nearest=nearest, reason=reason)
        told = [(one, one.source.said(one.match)) for one in found]
        quoted = [(one, said) for one, said in told if said.is_quoted or not one.source.has_speech]
        verdict = _of_matches([one.match for one in found])
        if not quoted and verdict in (ProofVerdict.OK, ProofVerdict.SLIP):
            verdict = ProofVerdict.PARAPHRASE
        return _Answer(words, at, verdict, tuple(one._replace(speaker=said.speaker) for one, said in quoted or told))

    def _look(self, sought: Quote, words: str) -> tuple[list[_Place], _Place | None]:
        """The places of words as `check` gives them: the best first, and none altered where any is not; else the nearest."""
        found: list[_Place] = []
        nearest: _Place | None = None
        for source in self._likely(words):
            findings = self._linker.find_prepared(sought, source.index)
            matches = findings.matches
            if (matches or findings.nearest) and not any(map(_stands, matches)):
                matches = self._without_cues(sought, source) or matches
            found.extend(_Place(source, match) for match in matches)
            if findings.nearest and (nearest is None or findings.nearest.score > nearest.match.score):
                nearest = _Place(source, findings.nearest)
        found.sort(key=lambda one: -one.match.score)
        if any(one.match.kind is not LinkKind.ALTERED for one in found):
            found = [one for one in found if one.match.kind is not LinkKind.ALTERED]
        return found, None if found else nearest

    def _without_cues(self, sought: Quote, source: SourceText) -> tuple[Match, ...]:
        """The places of words in what the source's speakers say, whatever stands between the parts of it, where they stand unaltered."""
        if source.spoken is None:
            return ()
        matches = self._linker.find_prepared(sought, source.spoken.index).matches
        return tuple(source.spoken.back(match) for match in matches if _stands(match))

    def _with_speakers(self, answer: _Answer, speaker: Mention | None, writing: Writing) -> _Answer:
        """The answer with what can be said of the speakers: other names than the draft's, at every place, are an error."""
        flags = tuple(flag.value for flag in answer.places[0].match.flags) if answer.places else ()
        answer = replace(answer, flags=flags)
        if not answer.places or answer.verdict is ProofVerdict.PARAPHRASE:
            return answer
        compared = [(self._compared(speaker, place, writing), place) for place in answer.places]
        if speaker is not None and all(same is Same.NO for same, _place in compared):
            elsewhere = self._elsewhere(answer.words, speaker, writing)
            if not elsewhere and answer.verdict is ProofVerdict.ALTERED:
                return replace(answer, flags=(*flags, OTHER_SPEAKER))
            if not elsewhere:
                names = dict.fromkeys(place.speaker.exact for place in answer.places if place.speaker is not None)
                return replace(answer, verdict=ProofVerdict.MISATTRIBUTED, reason=f"said by {', '.join(names)}")
            compared = [*elsewhere, *compared]
        compared.sort(key=lambda one: _SAME_FIRST.index(one[0]))
        unchecked = () if compared[0][0] is Same.YES else (SPEAKER_UNCHECKED,)
        return replace(answer, places=tuple(place for _same, place in compared), flags=(*flags, *unchecked))

    def _compared(self, speaker: Mention | None, place: _Place, writing: Writing) -> Same:
        if speaker is None or place.speaker is None:
            return Same.UNCHECKED
        return self._speakers.compare(speaker.exact, writing, place.speaker.exact, place.source.writing)

    def _elsewhere(self, words: str, speaker: Mention, writing: Writing) -> list[tuple[Same, _Place]]:
        """The quotations with these very words that may be the speaker's: the linker keeps of places only those that fit best."""
        found = []
        key = fold_key(words)
        for source in self._likely(words):
            for one in source.quotations:
                start, end = one.parts[0].start, one.parts[-1].end
                if not one.is_speech or key not in fold_key(source.text[start:end]):
                    continue
                matches = self._linker.find(words, source.text[start:end]).matches
                there = [match.shifted(start) for match in matches if _stands(match)]
                places = [_Place(source, match, source.said(match).speaker) for match in there]
                found += [(self._compared(speaker, place, writing), place) for place in places]
        return [(same, place) for same, place in found if same is not Same.NO]


def _stands(match: Match) -> bool:
    return is_intact(match.kind, match.flags, match.not_judged)


def _of_matches(matches: Iterable[Match]) -> ProofVerdict:
    """The verdict on words by the best of their places."""
    return min(map(_of_match, matches), key=lambda verdict: -_WORST.index(verdict))


def _of_match(match: Match) -> ProofVerdict:
    if match.kind is LinkKind.ALTERED or of_meaning(match.flags):
        return ProofVerdict.ALTERED
    return ProofVerdict.SLIP if match.kind is LinkKind.NEAR else ProofVerdict.OK
