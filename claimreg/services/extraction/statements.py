"""Statements of a text as they are proposed: with the party that each speaker may be, and the stance that the cue suggests."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

from claimreg.errors import UsageError
from claimreg.frozen import replace
from claimreg.languages import languages, speech
from claimreg.model import Alias, Draft, Mention, Party, Stance, Statement
from claimreg.services.lookup import require
from claimreg.services.recording.fields import checked_language
from claimreg.services.recording.parties import canonical, resolve
from claimreg.text.fold import fold_key
from claimreg.vocabulary import Act, Mode

if TYPE_CHECKING:
    from claimreg.model import Span
    from claimreg.speech.types import Proposal
    from claimreg.store.port import Reader

CERTAIN = 100.0
"""The likeness of a name to itself."""

_MANY = 1_000
"""Names from which on only the likeliest are compared word by word, which takes a tenth of a millisecond each."""

_LIKELIEST = 100
"""Names that are compared word by word, by each of two quick measures of their letters."""

_UNTOLD = 0.5
"""Confidence in what stands between marks where nothing is known of the language: as much as a coin's, for want of a measure."""


class LikelyParties:
    """The parties of a registry that speakers may be, by the likeness of names; each name is looked up once."""

    def __init__(self, reader: Reader) -> None:
        self._reader = reader
        self._aliases: list[Alias] | None = None
        self._known: dict[str, tuple[Party, float] | None] = {}

    def of(self, name: str) -> tuple[Party, float] | None:
        """The party that a name may be, and how like (0..100) the names are; ``None`` for none, or several that are as like."""
        if name not in self._known:
            self._known[name] = self._looked_up(name)
        return self._known[name]

    def _looked_up(self, name: str) -> tuple[Party, float] | None:
        from claimreg.text.name_keys import name_key
        from claimreg.text.names import closest_names

        if not name_key(name):
            return None
        if (party := resolve(self._reader, name, alike=False).party) is not None:
            return party, CERTAIN
        if self._aliases is None:
            self._aliases = list(self._reader.find(Alias))
        likely = [(alias.party_id, alias.name) for alias in self._likeliest(name, self._aliases)]
        scores: dict[str, tuple[Party, float]] = {}
        for party_id, _alias, score in closest_names(name, likely, limit=len(likely)):
            party = canonical(self._reader, require(self._reader, Party, party_id, withdrawn=True))
            scores.setdefault(party.id, (party, score))
        best = [*scores.values()][:2]
        return None if len({score for _party, score in best}) < len(best) else next(iter(best), None)

    def _likeliest(self, name: str, aliases: list[Alias]) -> list[Alias]:
        """The names that one may be; of many, those that are likest by their letters alone."""
        if len(aliases) <= _MANY:
            return aliases
        from rapidfuzz import fuzz, process

        from claimreg.text.name_keys import name_skeleton

        asked, skeletons = name_skeleton(name), [alias.skeleton for alias in aliases]
        scorers = (fuzz.token_set_ratio, fuzz.partial_ratio)
        found = (place for one in scorers for _text, _score, place in process.extract(asked, skeletons, scorer=one, limit=_LIKELIEST))
        return [aliases[place] for place in dict.fromkeys(found)]


def known_tag(lang: str | None) -> str | None:
    """A language's tag in its usual spelling; raises `UsageError`, which names those with data on speech, for one that is none."""
    if lang is None:
        return None
    try:
        return checked_language(lang)
    except UsageError:
        raise UsageError(f"“{lang}” is no language tag; there is data on speech for: {', '.join(spoken_languages())}.") from None


def spoken_languages() -> tuple[str, ...]:
    """The tags of the languages that there is data on speech for."""
    return tuple(one.tag for one in languages() if speech(one.tag) is not None)


def has_data(lang: str | None) -> bool:
    """Return whether there is data on speech for a language; where none is known, the finder's own choice has some."""
    return lang is None or speech(_main_part(lang)) is not None


def statements_of(
    text: str, lang: str | None, parties: LikelyParties | None = None, *, everything: bool = False
) -> list[tuple[Statement, int | None]]:
    """The statements of a text in their order, each with the place of the one that it is quoted in.

    ``everything`` asks for what is only believed, too. Without ``parties``, none is suggested.
    """
    from claimreg.speech.propose import propose

    found = propose(text, lang, everything=everything) if has_data(lang) else _between_marks(text, lang)
    return [(_statement(text, one, parties), one.nested_in) for one in found]


def numbered_statements(text: str, lang: str | None, *, everything: bool = False) -> list[tuple[str, Statement]]:
    """The statements of a text with ids from ``D1`` on, for one that is not stored; raises `UsageError` for a tag that is none."""
    found = statements_of(text, known_tag(lang), everything=everything)
    names = [f"{Draft.PREFIX}{number}" for number in range(1, len(found) + 1)]
    within = [names[nested] if nested is not None else None for _one, nested in found]
    return [(name, replace(one, nested_in=nested)) for name, nested, (one, _place) in zip(names, within, found, strict=True)]


def stance_of(act: Act, cue: str, lang: str | None) -> Stance:
    """The stance that a cue suggests: a ruling rules, one that denies denies, one that passes on reports, any other asserts."""
    if act is Act.RULING:
        return Stance.RULES
    denials, relays = _telling(_main_part(lang))
    words = _folded(cue)
    if any(one in words for one in denials):
        return Stance.DENIES
    return Stance.REPORTS if any(one in words for one in relays) else Stance.ASSERTS


def openers_in(lang: str | None) -> frozenset[str]:
    """The words of a language that open what is said and say nothing themselves, folded."""
    known = speech(_main_part(lang))
    return frozenset(map(fold_key, known.openers)) if known is not None else frozenset()


def _between_marks(text: str, lang: str | None) -> tuple[Proposal, ...]:
    """The words between marks in a text of a language without data: that somebody says them, and nothing of who does."""
    from claimreg.speech.propose import quotations
    from claimreg.speech.types import Proposal

    found = (one for one in quotations(text, lang) if one.is_speech and not one.depth)
    return tuple(
        Proposal(parts=one.parts, mode=Mode.DIRECT, confidence=_UNTOLD, rule="marks", lang=_main_part(lang), flags=one.flags)
        for one in found
    )


@cache
def _telling(lang: str) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """The forms of cues that deny, and of those that pass on, in a language, folded."""
    known = speech(lang)
    if known is None:
        return (), ()
    denials, relays = (tuple(map(_form, forms)) for forms in (known.denials, known.relays))
    return denials, relays


def _form(form: str) -> str:
    """A form as it is looked for in a cue; one with a hyphen at its end is the beginning of words."""
    folded = _folded(form.removesuffix("-").replace("_", " "))
    return folded.rstrip() if form.endswith("-") else folded


def _folded(words: str) -> str:
    """Words as they are compared, each between spaces."""
    return f" {' '.join(map(fold_key, words.split()))} "


def _main_part(lang: str | None) -> str:
    return (lang or "").partition("-")[0].lower()


def _statement(text: str, found: Proposal, parties: LikelyParties | None) -> Statement:
    start, end = min(part.start for part in found.parts), max(part.end for part in found.parts)
    speaker, cue = (_mention(text, span) for span in (found.speaker, found.cue))
    likely = parties.of(speaker.exact) if parties is not None and speaker is not None else None
    return Statement(
        start=start, end=end, exact=text[start:end], parts=tuple(found.parts), mode=found.mode, act=found.act,
        stance=stance_of(found.act, cue.exact if cue is not None else "", found.lang), confidence=found.confidence, rule=found.rule,
        proposed_by=found.proposed_by, lang=found.lang or None, speaker=speaker, no_speaker=found.no_speaker, cue=cue, flags=found.flags,
        party_id=likely[0].id if likely is not None else None, party_score=round(likely[1], 1) if likely is not None else None,
    )  # fmt: skip


def _mention(text: str, span: Span | None) -> Mention | None:
    return Mention(text[span.start : span.end], span.start, span.end) if span is not None and span.start < span.end else None
