"""Judgement on one quotation of a draft: what the linker says of its words, and who says them in the sources."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, NamedTuple

from claimreg.errors import InputError
from claimreg.frozen import replace as changed
from claimreg.linker.accept import SHORTEST_FUZZY
from claimreg.linker.passage import passage_of, read_quote
from claimreg.linker.types import is_intact, of_meaning
from claimreg.model import Flag, LinkKind, WordChange
from claimreg.services.proofing.speakers import Same
from claimreg.services.proofing.types import (
    BRACKETED,
    LEFT_OUT,
    OTHER_SPEAKER,
    SPEAKER_UNCHECKED,
    ProofPlace,
    ProofVerdict,
    ProvedQuotation,
)
from claimreg.services.recording.places import has_struck_words, label_of
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
_INSERTED = re.compile(r"(?<!\w)\[([^\[\]]*\w{2}[^\[\]]*)\](?!\w)")
"""Words in brackets; a bracketed letter, as in ``[T]he``, is none."""

_DENIALS = frozenset({Flag.NEGATION, Flag.OPPOSITE, Flag.HEDGE, Flag.QUANTIFIER})
_VALUES = frozenset({Flag.NUMBER, Flag.DATE})
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
        source, begin = self.source, self.source.begin
        words = tuple(edit._replace(quote=edit.quote.shifted(at)) for edit in self.match.words)
        match = (changed(self.match, words=words) if at else self.match).shifted(begin)
        speaker = self.speaker
        if speaker is not None and begin:
            speaker = replace(speaker, start=speaker.start + begin, end=speaker.end + begin)
        place = ProofPlace(document=source.document, source_id=source.source_id, match=match, speaker=speaker, stance=source.stance)
        if source.texts is None:
            return place
        label = label_of(source.texts.locators(), match.start, match.end, source.texts.length)
        return replace(place, place=label, left_out=begin > 0, is_page=source.texts.is_page)

    @property
    def is_said(self) -> bool:
        """Return whether the words are none that their author struck out."""
        texts = self.source.texts
        return texts is None or not has_struck_words(texts.locators(), self.match.shifted(self.source.begin), texts.length)


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
        left_out = (LEFT_OUT,) if any(answer.places and answer.places[0].source.begin for answer in answers) else ()
        flags = (*proved.flags, *brackets, *left_out, *(flag for answer in answers for flag in answer.flags))
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
        """Look for the words of a quotation's part, which begin in its text at ``at``.

        What an editor puts in brackets may stand for other words of the source, and may not turn their sense: the words are also looked
        for without it where they do not stand with it, and as if nothing were in brackets where they do.
        """
        try:
            found, nearest = self._places(words)
        except InputError as error:
            return _Answer(words, at, ProofVerdict.UNSURE, reason=str(error))
        bracketed = _INSERTED.search(words) is not None
        if bracketed and not _all_stand(found):
            without, _nearest = self._places_or_none(_INSERTED.sub(lambda group: " " * len(group[0]), words))
            found = without if _all_stand(without) else found
        if bracketed and _all_stand(found):
            plain, _nearest = self._places_or_none(_INSERTED.sub(lambda group: f" {group[1]} ", words))
            found = plain if any(_turns(place.match, words) for place in plain) else found
        if not found:
            verdict, reason = self._missing(words)
            if verdict is ProofVerdict.NOT_FOUND and passage_of(words, 0, len(words)).weight < SHORTEST_FUZZY:
                verdict, reason = ProofVerdict.UNSURE, TOO_SHORT
            return _Answer(words, at, verdict, nearest=nearest, reason=reason)
        told = [(one, one.source.said(one.match)) for one in found]
        quoted = [(one, said) for one, said in told if said.is_quoted or not one.source.has_speech]
        verdict = _of_matches([one.match for one in found])
        if not quoted and verdict in (ProofVerdict.OK, ProofVerdict.SLIP):
            verdict = ProofVerdict.PARAPHRASE
        return _Answer(words, at, verdict, tuple(one._replace(speaker=said.speaker) for one, said in quoted or told))

    def _places(self, words: str) -> tuple[list[_Place], _Place | None]:
        """Find the places of words, else the nearest one; a draft may say the same words again and again."""
        if words not in self._looked:
            self._looked[words] = self._look(read_quote(words), words)
        return self._looked[words]

    def _places_or_none(self, words: str) -> tuple[list[_Place], _Place | None]:
        try:
            return self._places(words)
        except InputError:
            return [], None

    def _look(self, sought: Quote, words: str) -> tuple[list[_Place], _Place | None]:
        """The places of words as `check` gives them: the best first, and none altered where any is not; else the nearest."""
        likely = list(self._likely(words))
        found, nearest = self._look_in(sought, likely)
        if not any(_stands(one.match) for one in found):
            besides, nearer = self._look_in(sought, [source.left_out for source in likely if source.left_out is not None])
            found = besides if any(_stands(one.match) for one in besides) or not found else found
            nearest = max((one for one in (nearest, nearer) if one is not None), key=lambda one: one.match.score, default=None)
        found.sort(key=lambda one: -one.match.score)
        if any(one.match.kind is not LinkKind.ALTERED for one in found):
            found = [one for one in found if one.match.kind is not LinkKind.ALTERED]
        return found, None if found else nearest

    def _look_in(self, sought: Quote, sources: Iterable[SourceText]) -> tuple[list[_Place], _Place | None]:
        """The places of words in these texts, and the nearest one below the bar, or among words that their author struck out."""
        found: list[_Place] = []
        near: list[_Place] = []
        for source in sources:
            findings = self._linker.find_prepared(sought, source.index)
            matches = findings.matches
            if (matches or findings.nearest) and not any(map(_stands, matches)):
                matches = self._without_cues(sought, source) or matches
            places = [_Place(source, match) for match in matches]
            found += [one for one in places if one.is_said]
            near += [one for one in places if not one.is_said]
            near += [_Place(source, findings.nearest)] if findings.nearest else []
        return found, max(near, key=lambda one: one.match.score, default=None)

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


def _all_stand(places: Sequence[_Place]) -> bool:
    return bool(places) and all(_stands(place.match) for place in places)


def _turns(match: Match, words: str) -> bool:
    """Return whether what stands in brackets turns the sense at a place: it denies, or takes the place of another value or name."""
    inside = [group.span(1) for group in _INSERTED.finditer(words)]
    edits = [edit for edit in match.words if any(start <= edit.quote.start < edit.quote.end <= end for start, end in inside)]
    replaced = [edit for edit in edits if edit.change is WordChange.CHANGED]
    if any(edit.change is WordChange.ADDED for edit in edits) or replaced:
        named = any(match.exact[edit.source.start - match.start :][:1].isupper() for edit in replaced)
        wrong = {*_DENIALS, *(_VALUES if replaced else ()), *([Flag.NAME] if named else ())}
        return not wrong.isdisjoint(match.flags)
    return False


def _stands(match: Match) -> bool:
    return is_intact(match.kind, match.flags, match.not_judged)


def _of_matches(matches: Iterable[Match]) -> ProofVerdict:
    """The verdict on words by the best of their places."""
    return min(map(_of_match, matches), key=lambda verdict: -_WORST.index(verdict))


def _of_match(match: Match) -> ProofVerdict:
    if match.kind is LinkKind.ALTERED or of_meaning(match.flags):
        return ProofVerdict.ALTERED
    return ProofVerdict.SLIP if match.kind is LinkKind.NEAR else ProofVerdict.OK
