"""Find the cues of a sentence: the words of a language that tell of speech, longest first, each once."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Sequence

    from claimreg.speech.profile import Profile, Sense
    from claimreg.speech.sentences import Token


class Cue(NamedTuple):
    """A cue in a sentence: its first token and the one behind its last."""

    first: int
    end: int
    sense: Sense


def cues(sentence: Sequence[Token], profile: Profile) -> list[Cue]:
    """The cues of a sentence in order; of those that overlap, the first and longest."""
    phrases = profile.phrases
    found: list[Cue] = []
    free = 0
    for first, token in enumerate(sentence):
        if first < free or token.key not in phrases:
            continue
        for words, sense in phrases[token.key]:
            end = first + len(words)
            if len(words) == 1 or tuple(one.key for one in sentence[first:end]) == words:
                found.append(Cue(first, end, sense))
                free = end
                break
    return found
