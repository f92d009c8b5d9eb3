"""Words of a proof for people: its verdicts, and what was found of a quotation in a sentence or two."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from claimreg.model import WordChange
from claimreg.render.labels import ENGLISH
from claimreg.render.sentences import alteration_in_words, label_in_words, offsets_in_words
from claimreg.services.proofing.types import BRACKETED, LEFT_OUT, OTHER_SPEAKER, SPEAKER_UNCHECKED, ProofVerdict
from claimreg.services.reporting.side_by_side import alterations
from claimreg.text.counted import counted
from claimreg.vocabulary import Flag

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from claimreg.services.proofing.types import Proof, ProofPlace, ProvedQuotation

VERDICTS: Mapping[ProofVerdict, str] = {
    ProofVerdict.NOT_FOUND: "not found",
    ProofVerdict.ALTERED: "altered",
    ProofVerdict.MISATTRIBUTED: "misattributed",
    ProofVerdict.OTHER_LANGUAGE: "other language",
    ProofVerdict.PARAPHRASE: "paraphrase",
    ProofVerdict.SLIP: "slip",
    ProofVerdict.UNSURE: "unsure",
    ProofVerdict.OK: "ok",
    ProofVerdict.SKIPPED: "skipped",
}
RULES: Mapping[ProofVerdict, str] = {
    ProofVerdict.NOT_FOUND: "The words of a quotation stand in none of the sources.",
    ProofVerdict.ALTERED: "The words of a quotation were changed, added or dropped, or mean something else.",
    ProofVerdict.MISATTRIBUTED: "The sources have the words of a quotation from somebody else.",
    ProofVerdict.OTHER_LANGUAGE: "No source is in the quotation's language.",
    ProofVerdict.PARAPHRASE: "The words of a quotation stand only in a source's own telling.",
    ProofVerdict.SLIP: "The words of a quotation are spelled otherwise than in the source.",
    ProofVerdict.UNSURE: "Nobody could tell whether a quotation stands.",
    ProofVerdict.OK: "A quotation stands in the sources.",
    ProofVerdict.SKIPPED: "Words between marks are no speech.",
}
"""Meaning of each verdict, for those who meet its name first."""

_FLAGS = {
    BRACKETED: "words in brackets",
    LEFT_OUT: "only in what was left out of the source's text",
    SPEAKER_UNCHECKED: "speaker unchecked",
    OTHER_SPEAKER: "another speaker",
    "opener_missing": "opening mark missing",
    "closer_missing": "closing mark missing",
    "anaphoric": "points back",
}


def summary(proof: Proof) -> str:
    """Say in a line how many quotations a draft has, and how many of each verdict, the worst first."""
    told = Counter(one.verdict for one in proof.answered)
    parts = [f"{told[verdict]} {VERDICTS[verdict]}" for verdict in ProofVerdict if told[verdict]]
    ignored = f"; {counted(proof.ignored, 'quotation')} ignored" if proof.ignored else ""
    return f"{counted(len(proof.answered), 'quotation')}{': ' if parts else ''}{', '.join(parts)}{ignored}"


def flags_in_words(quotation: ProvedQuotation) -> str:
    """Name the flags of a quotation."""
    known = {flag.value: flag for flag in Flag}
    return ", ".join(ENGLISH.flags((known[one],)) if one in known else _FLAGS.get(one, one) for one in quotation.flags)


def differences(quotation: ProvedQuotation, place: ProofPlace, shown: Callable[[str], str] = str) -> str:
    """Say which words differ at a place, the source's first; ``shown`` makes others' words fit for the rendering."""
    return "; ".join(alteration_in_words(one, ENGLISH, shown) for one in alterations(quotation.text, place.match))


def where(place: ProofPlace, shown: Callable[[str], str] = str) -> str:
    """Name the document of a place, where in it, and who says the words there."""
    speaker = f", by {shown(place.speaker.exact)}" if place.speaker is not None else ""
    stance = f", which {place.stance}" if place.stance is not None else ""
    label = label_in_words(place.place, ENGLISH, left_out=place.left_out, is_page=place.is_page)
    told = f", {shown(label)}" if label is not None else ""
    return f"{shown(place.document)}{offsets_in_words(place.match)}{told}{speaker}{stance}"


def worst_place(quotation: ProvedQuotation) -> ProofPlace | None:
    """The place that tells most of the verdict: the first whose words differ, else the first; none of words that are missing."""
    if quotation.verdict in (ProofVerdict.NOT_FOUND, ProofVerdict.OTHER_LANGUAGE, ProofVerdict.UNSURE):
        return None
    changed = (one for one in quotation.places if any(edit.change not in _SAME for edit in one.match.words))
    return next(changed, quotation.places[0] if quotation.places else None)


_SAME = (WordChange.KEPT, WordChange.ASIDE)


def sentence(quotation: ProvedQuotation, shown: Callable[[str], str] = str) -> str:
    """Say what was found of a quotation, in a sentence or two; ``shown`` makes others' words fit for the rendering."""
    place = worst_place(quotation)
    told = [_finding(quotation, shown)]
    if place is not None:
        told.append(f"In {where(place, shown)}: “{shown(place.match.exact)}”.")
    elif quotation.nearest is not None:
        told.append(f"The nearest place is in {where(quotation.nearest, shown)}: “{shown(quotation.nearest.match.exact)}”.")
    if flags := flags_in_words(quotation):
        told.append(f"Look at: {flags}.")
    return " ".join(told)


def _finding(quotation: ProvedQuotation, shown: Callable[[str], str]) -> str:
    place, reason = worst_place(quotation), shown(quotation.reason).rstrip(".")
    changed = differences(quotation, place, shown) if place is not None else ""
    speaker = f" from {shown(quotation.speaker.exact)}" if quotation.speaker is not None else ""
    told = {
        ProofVerdict.NOT_FOUND: f"These words were not found in the sources{': ' if reason else ''}{reason.removeprefix('not found: ')}",
        ProofVerdict.ALTERED: f"Altered{': ' if changed else ''}{changed}",
        ProofVerdict.SLIP: f"Spelled otherwise{': ' if changed else ''}{changed}",
        ProofVerdict.MISATTRIBUTED: f"The draft has these words{speaker}; in the sources they are {reason}",
        ProofVerdict.PARAPHRASE: "These words stand only in the source's own telling, not between its marks",
        ProofVerdict.OTHER_LANGUAGE: f"No source is in the language of these words: {reason}",
        ProofVerdict.UNSURE: f"Nobody can tell: {reason}",
        ProofVerdict.SKIPPED: f"No speech: {reason}",
        ProofVerdict.OK: "These words stand in the sources",
    }
    return f"{told[quotation.verdict]}."
