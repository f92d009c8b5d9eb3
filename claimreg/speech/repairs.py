"""Mend a quotation without its closing mark: it ends before the words that say who speaks, where it holds some."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from claimreg.speech.sentences import sentences

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from claimreg.speech.marks import Marked
    from claimreg.speech.orders import Found
    from claimreg.speech.profile import Profile


def mended(text: str, quotations: Sequence[Marked], profile: Profile, order: Callable[..., list[Found]]) -> list[Marked]:
    """The quotations of a text, those without a closing mark cut before their cue."""
    return [_mended(text, one, profile, order) if one.closer_missing else one for one in quotations]


def _mended(text: str, one: Marked, profile: Profile, order: Callable[..., list[Found]]) -> Marked:
    start, end = one.parts[-1]
    for sentence in sentences(text, one.inner, profile.abbreviations, (start, end)):
        for found in order(text, sentence, profile, everything=False):
            if found.parts and found.parts[0][0] == sentence[0].start and found.parts[0][1] <= found.cue[0]:
                stop = found.parts[0][1]
                inner = [each for each in one.inner if each.end <= stop]
                return replace(one, end=stop, parts=[*one.parts[:-1], (start, stop)], inner=inner)
    return one
