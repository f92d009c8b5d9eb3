"""Find who speaks in a line that only a colon parts: a headline (СМИ: C), a quotation without a cue (S: «Q»)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from claimreg.speech.orders import Found
from claimreg.speech.profile import Form, Sense
from claimreg.speech.types import Act

if TYPE_CHECKING:
    from collections.abc import Sequence

    from claimreg.speech.nominatives import Nominatives
    from claimreg.speech.profile import Profile
    from claimreg.speech.sentences import Token

_LONGEST = 6
"""Tokens before the colon, at most."""
_SHORTEST = 2
"""Tokens behind it that are no quotation, at least."""
_HEADING = Sense("heading", Act.ASSERTION, frozenset(("quote", "clause")), Form.BEFORE)


def heading(sentence: Sequence[Token], profile: Profile, phrases: Nominatives) -> list[Found]:
    """The statement of a sentence whose speaker a colon parts from what is said; the speaker is its cue, too."""
    colon = next((at for at in range(1, min(_LONGEST, len(sentence))) if sentence[at].key == ":"), 0)
    rest = sentence[colon + 1 :]
    if not colon or not rest:
        return []
    quoted = rest[0].quoted if not any(token.is_word for token in rest[1:]) else None
    # A sentence of running text ends in a sign; what none ends, and somebody opens, is a line of its own.
    is_line = rest[-1].is_word and sentence[colon - 1].key in profile.heads and len(rest) > _SHORTEST
    who = phrases.before(0, colon, "")
    if who is None or who[1] != colon or not (quoted or is_line):
        return []
    parts = tuple(quoted.parts) if quoted else ((rest[0].start, rest[-1].end),)
    speaker = sentence[who[0]].start, sentence[who[1] - 1].end
    return [Found(parts, speaker, _HEADING, "free-heading", speaker)]
