"""Decisions on drafts: one that is accepted becomes a claim, an attribution and a confirmed link; others are edited or rejected."""

from __future__ import annotations

from enum import Enum, auto
from typing import TYPE_CHECKING, NamedTuple

from claimreg.errors import InputError, UsageError
from claimreg.frozen import replace
from claimreg.linker.types import Match
from claimreg.model import (
    Attribution,
    Capture,
    Claim,
    Draft,
    DraftState,
    Link,
    LinkKind,
    LinkState,
    Party,
    Source,
    Span,
    Stance,
    record_type_of,
)
from claimreg.services.extraction.statements import CERTAIN, LikelyParties, openers_in
from claimreg.services.linking.links import new_link
from claimreg.services.linking.looked import looking
from claimreg.services.lookup import require
from claimreg.services.recording.claims import AttributionFields, ClaimFields, record_attribution, record_claim
from claimreg.services.recording.fields import checked_choice, checked_text
from claimreg.services.recording.parties import add_alias, canonical, create_party, require_party
from claimreg.services.recording.sources import text_of
from claimreg.store.port import Equals
from claimreg.text.fold import fold_key

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from claimreg.linker import Linker
    from claimreg.store.port import Reader, Writer

GAP = " … "
"""Sign between the parts of a statement where they make one quote."""

_MARKS = frozenset('"“”„«»‹›‟「」『』')
"""Quotation marks that are never an apostrophe."""

_STITCHED_SCORE = 99.0
"""The score of a stitched place whose parts are too short for the linker to look for, and stand there as they are."""


class As(Enum):
    """Party that the speaker of an accepted draft is: the one suggested, the same under one more name, or a new one."""

    SUGGESTED = auto()
    ALIAS = auto()
    NEW = auto()


class Accepted(NamedTuple):
    """Records made of a draft."""

    draft: Draft
    claim: Claim
    attribution: Attribution
    party: Party
    link: Link


def words_of(draft: Draft) -> str:
    """The words of a draft as a quote: its parts as the source has them, without the marks around, and a sign between them."""
    return GAP.join(draft.exact[start - draft.start : end - draft.start] for start, end in bare_parts(draft))


def claim_text(draft: Draft) -> str:
    """The text of the claim that a draft becomes: as a person worded it, else its words as a sentence on one line.

    Words that only open what is said (that) are left out, and the first letter is a capital.
    """
    if draft.text is not None:
        return draft.text
    words = words_of(draft).replace(GAP, " ").split()
    if len(words) > 1 and fold_key(words[0]) in openers_in(draft.lang):
        del words[0]
    text = " ".join(words).rstrip(",")
    return text[:1].upper() + text[1:]


def speaker_name(draft: Draft) -> str | None:
    """The name of a draft's speaker: as a person gave it, else as the source has it, on one line; ``None`` where there is none."""
    return draft.by or (" ".join(draft.speaker.exact.split()) if draft.speaker is not None else None)


def suggested_party(reader: Reader, draft: Draft) -> tuple[Party, float | None] | None:
    """The party that a draft's speaker may be, as it counts now, and the likeness of the names; ``None`` where there is none.

    A party that was recorded since the draft was may be it, too.
    """
    party = reader.get(Party, draft.party_id) if draft.party_id is not None else None
    if party is not None and party.removed_at is None:
        return canonical(reader, party), draft.party_score
    name = speaker_name(draft)
    return LikelyParties(reader).of(name) if name is not None else None


def accept(writer: Writer, draft: Draft, speaker: As, linker: Linker) -> Accepted:
    """Make a claim, an attribution and a confirmed link of a draft; raises `UsageError` where it is not known whose words they are.

    A claim of the very same text is there only once.
    """
    party = _party(writer, draft, speaker)
    text = claim_text(draft)
    claim = next(writer.find(Claim, Equals("text", text)), None) or record_claim(writer, ClaimFields(text, lang=draft.lang))
    source = require(writer, Source, draft.source_id)
    stated = AttributionFields(draft.stance, speaker_name(draft) or party.name, words_of(draft), draft.lang)
    looked = looking(writer, linker.name, [source.id])
    attribution = record_attribution(writer, claim, party, source, stated, looked=looked)
    link = _link(writer, draft, attribution, linker)
    done = writer.put(replace(draft, state=DraftState.ACCEPTED, attribution_id=attribution.id))
    return Accepted(done, claim, attribution, party, link)


def reject(writer: Writer, draft: Draft) -> Draft:
    """Reject a draft; its statement is never proposed again."""
    return writer.put(replace(draft, state=DraftState.REJECTED))


def edited(reader: Reader, draft: Draft, changes: Mapping[str, str]) -> Draft:
    """A draft with another ``text`` of its claim, ``by``, ``stance`` or ``quote``; an empty text or name is the source's own again.

    Raises `UsageError` for a stance that is none, and for words that do not stand in the source as they are.
    """
    values: dict[str, object] = {}
    if "text" in changes:
        values["text"] = checked_text(changes["text"], "claim's text") if changes["text"].strip() else None
    if "stance" in changes:
        values["stance"] = checked_choice(changes["stance"], Stance, "stance")
    if "quote" in changes:
        values |= _other_words(reader, draft, changes["quote"])
    draft = replace(draft, **values)
    return _spoken_by(reader, draft, changes["by"]) if "by" in changes else draft


def _spoken_by(reader: Reader, draft: Draft, name: str) -> Draft:
    """The draft with another speaker, an id of a party or a name, and the party that it may be."""
    by = checked_text(name, "party's name") if name.strip() else None
    if by is not None and record_type_of(by) is Party:
        party = require_party(reader, by)
        return replace(draft, by=party.name, party_id=party.id, party_score=CERTAIN)
    renamed = replace(draft, by=by)
    called = speaker_name(renamed)
    likely = LikelyParties(reader).of(called) if called is not None else None
    return replace(renamed, party_id=likely[0].id if likely else None, party_score=round(likely[1], 1) if likely else None)


def _party(writer: Writer, draft: Draft, speaker: As) -> Party:
    name = speaker_name(draft)
    if speaker is As.NEW:
        if name is None:
            raise UsageError(f"The source names no speaker of {draft.id}; edit it to say who says it.")
        return create_party(writer, name)
    suggested = suggested_party(writer, draft)
    if suggested is None:
        raise UsageError(f"No party is suggested for {draft.id}; edit it to name one, or make a new one.")
    if speaker is As.ALIAS and name is not None:
        add_alias(writer, suggested[0], name)
    return suggested[0]


def _link(writer: Writer, draft: Draft, attribution: Attribution, linker: Linker) -> Link:
    """The confirmed link to where the draft's words stand; one that is there already is confirmed."""
    capture = require(writer, Capture, draft.capture_id, withdrawn=True)
    match = _match(draft, text_of(writer, capture), linker)
    place = (capture.id, match.start, match.end)
    there = (one for one in writer.find(Link, Equals("attribution_id", attribution.id)) if (one.capture_id, one.start, one.end) == place)
    link = next(there, None) or new_link(writer, attribution, capture, match, linker.name)
    return writer.put(replace(link, state=LinkState.CONFIRMED))


def _match(draft: Draft, text: str, linker: Linker) -> Match:
    """The place of the words in their source, compared word by word by the linker where it can tell them."""
    from claimreg.linker.verdict import CONTEXT

    parts = bare_parts(draft)
    start = parts[0].start
    passage = text[start : parts[-1].end]
    try:
        found = linker.find(words_of(draft), passage, lang=draft.lang).matches
    except InputError:
        found = ()
    wanted = LinkKind.EXACT if len(parts) == 1 else LinkKind.STITCHED
    match = next((one for one in found if one.kind is wanted), None)
    if match is None:
        score = 100.0 if wanted is LinkKind.EXACT else _STITCHED_SCORE
        within = tuple(part.shifted(-start) for part in parts)
        match = Match(
            start=0, end=len(passage), exact=passage, prefix="", suffix="", score=score, kind=wanted, parts=within, probability=1.0
        )
    match = match.shifted(start)
    return replace(match, prefix=text[max(0, match.start - CONTEXT) : match.start], suffix=text[match.end : match.end + CONTEXT])


def _other_words(reader: Reader, draft: Draft, quote: str) -> dict[str, object]:
    """The fields of the place of other words, the one nearest to the draft's where they stand in several."""
    text = text_of(reader, require(reader, Capture, draft.capture_id, withdrawn=True))
    pieces = [piece for piece in quote.strip().split(GAP.strip()) if piece.strip()]
    parts = list(_places([piece.strip() for piece in pieces], text, draft.start))
    if not pieces or len(parts) < len(pieces):
        raise UsageError(f"These words do not stand in {draft.source_id} like this; a draft has the source's own words.")
    start, end = parts[0].start, parts[-1].end
    return {"start": start, "end": end, "exact": text[start:end], "parts": tuple(parts)}


def _places(pieces: list[str], text: str, near: int) -> Iterator[Span]:
    """The places of pieces in a text, one behind the other, the first one as near to a place as can be."""
    at = 0
    for number, piece in enumerate(pieces):
        start = _nearest(piece, text, near) if number == 0 else text.find(piece, at)
        if start < 0:
            return
        at = start + len(piece)
        yield Span(start, at)


def _nearest(piece: str, text: str, near: int) -> int:
    """The place of a piece that is nearest to another place; -1 where it stands nowhere."""
    before, behind = text.rfind(piece, 0, near + len(piece)), text.find(piece, near)
    known = [one for one in (before, behind) if one >= 0]
    return min(known, key=lambda one: abs(one - near), default=-1)


def bare_parts(draft: Draft) -> tuple[Span, ...]:
    """The parts of a draft without the quotation marks around each, and without white space."""
    return tuple(_bare(draft.exact[start - draft.start : end - draft.start], start) for start, end in draft.parts)


def _bare(words: str, start: int) -> Span:
    first, last = _stripped(words, 0, len(words))
    marks = [place for place in range(first, last) if words[place] in _MARKS]
    if marks and set(marks) <= {first, last - 1} and last - first > len(marks):
        first, last = _stripped(words, first + (marks[0] == first), last - (marks[-1] == last - 1))
    return Span(start + first, start + last)


def _stripped(words: str, first: int, last: int) -> tuple[int, int]:
    """The stretch of some words without white space at its ends."""
    while last > first + 1 and words[last - 1].isspace():
        last -= 1
    while first < last - 1 and words[first].isspace():
        first += 1
    return first, last
