"""Types of what is found of speech in a text. Spans are code points of the text as it was given."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from claimreg.vocabulary import Act, Mode, NoSpeaker, SpeechFlag

if TYPE_CHECKING:
    from claimreg.model import Span

__all__ = ["Act", "Mode", "NoSpeaker", "Proposal", "Quotation", "SpeechFlag"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Proposal:
    """Statement that a text attributes to somebody.

    ``parts`` are the spans of the words, several where the cue stands between them. ``confidence`` (0..1) is how often the rule was
    right on texts with known answers; ``nested_in`` the place of the proposal, among those of the text, that this one is quoted in.
    """

    parts: tuple[Span, ...]
    mode: Mode
    confidence: float
    rule: str
    lang: str
    cue: Span | None = None
    speaker: Span | None = None
    no_speaker: NoSpeaker | None = None
    act: Act = Act.ASSERTION
    flags: tuple[SpeechFlag, ...] = ()
    nested_in: int | None = None
    proposed_by: str = "rules/1"


@dataclass(frozen=True, slots=True, kw_only=True)
class Quotation:
    """Words between quotation marks, or in a block that is one; several ``parts`` where the text breaks into them to name the speaker.

    The parts hold no marks, ``outside`` has them; ``depth`` counts the marks around. Of what is no speech, ``reason`` says why: a
    title, a name, a term.
    """

    parts: tuple[Span, ...]
    outside: Span
    is_speech: bool
    reason: str = ""
    speaker: Span | None = None
    cue: Span | None = None
    flags: tuple[SpeechFlag, ...] = ()
    depth: int = 0
