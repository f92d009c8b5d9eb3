"""Find who speaks in a line that only a colon parts: a headline (СМИ: C), a quotation without a cue (S: «Q»)."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from claimreg.speech.orders import Found
from claimreg.speech.profile import Form, Sense
from claimreg.speech.types import Act

if TYPE_CHECKING:
    from collections.abc import Sequence

    from claimreg.speech.profile import Profile
    from claimreg.speech.sentences import Token

_LONGEST = 6
"""Tokens before the colon of a line, at most."""
_CLAUSE = 20
"""Tokens before the colon of a quotation, at most."""
_SHORTEST = 2
"""Tokens behind it that are no quotation, at least."""
_TERM = 3
"""Words of a quotation that may be a term or a title, behind a clause; one of more is said."""
_HEADING = Sense("heading", Act.ASSERTION, frozenset(("quote", "clause")), Form.BEFORE)

Find = Callable[[int, int], tuple[int, int] | None]
"""Search for the subject among the tokens from one place to another."""


def heading(text: str, sentence: Sequence[Token], profile: Profile, find: Find) -> list[Found]:
    """The statement of a sentence whose speaker a colon parts from what is said; the speaker is its cue, too.

    Before a quotation a clause may stand, of somebody who does something (S не согласен: «Q»).
    """
    colon = next((at for at in range(1, min(_CLAUSE, len(sentence))) if sentence[at].key == ":"), 0)
    rest = sentence[colon + 1 :]
    who = find(0, colon) if colon and rest else None
    if who is None:
        return []
    quoted = rest[0].quoted if not any(token.is_word for token in rest[1:]) else None
    # A sentence of running text ends in a sign; what none ends, and somebody opens, is a line of its own.
    is_alone = who[1] == colon
    is_line = is_alone and colon < _LONGEST and rest[-1].is_word and sentence[colon - 1].key in profile.heads and len(rest) > _SHORTEST
    is_said = quoted is not None and (is_alone or (_words_in(text, rest[0]) > _TERM and _is_somebody(text, sentence, who, profile)))
    if not is_line and not is_said:
        return []
    parts = tuple(quoted.parts) if quoted else ((rest[0].start, rest[-1].end),)
    speaker = sentence[who[0]].start, sentence[who[1] - 1].end
    return [Found(parts, speaker, _HEADING, "heading", speaker, is_open=quoted is not None)]


def _words_in(text: str, token: Token) -> int:
    parts = token.quoted.parts if token.quoted else []
    return sum(len(text[start:end].split()) for start, end in parts)


def _is_somebody(text: str, sentence: Sequence[Token], who: tuple[int, int], profile: Profile) -> bool:
    """Return whether a phrase has a word of somebody: a role, a pronoun, a name."""
    words = [token for token in sentence[who[0] : who[1]] if token.is_word]
    is_known = any(token.key in profile.heads or token.key in profile.pronouns for token in words)
    return is_known or any(text[token.start].isupper() and place + who[0] > 0 for place, token in enumerate(words))
