"""Tell where a content begins and ends where the words of a clause may stand in any order, as in Russian and Ukrainian."""

from __future__ import annotations

from typing import TYPE_CHECKING

from claimreg.speech.profile import Form

if TYPE_CHECKING:
    from collections.abc import Sequence

    from claimreg.speech.cues import Cue
    from claimreg.speech.profile import Profile
    from claimreg.speech.sentences import Token

Stretch = tuple[int, int]

PAUSES = frozenset([",", "—", "–", "-", "--", ";"])
ENDS = frozenset([".", "!", "?", "…", "...", ")"])
REACH = 30
"""Tokens between a cue and its content, at most: the speaker, an addressee, a time."""
_DASHES = frozenset(["—", "–", "-", "--"])
_LONGEST = 300
"""Tokens of a content in which a quotation behind a colon ends it, at most."""
_NEAR = 5
"""Tokens between a quotation and the cue behind it, at most."""


class Places:
    """The places in one sentence where contents begin and end; ``end`` is where its last signs begin."""

    def __init__(self, tokens: Sequence[Token], cues: Sequence[Cue], profile: Profile) -> None:
        self.tokens = tokens
        self.cues = {cue.first: cue for cue in cues}
        self.profile = profile
        self.end = len(tokens)
        while self.end and tokens[self.end - 1].key in ENDS:
            self.end -= 1

    def pause_before(self, cue: Cue, low: int) -> int | None:
        """The place behind the comma, dash or quotation that parts a content from its cue; a subject may stand behind it."""
        for at in range(cue.first - 1, max(low, cue.first - REACH) - 1, -1):
            token = self.tokens[at]
            if token.key in PAUSES:
                return at + 1
            if not token.is_word and not (token.quoted and at and self.tokens[at - 1].is_word):
                return None
        return None

    def is_alone(self, at: int, low: int) -> bool:
        """Return whether a quotation is the whole of what was said: nothing but a speaker and a colon stands before it."""
        return at == low or self.tokens[at - 1].key in {":", "—", "–", "-"} or not self.tokens[at - 1].is_word

    def first(self, last: int, low: int) -> int:
        """Return the start of a content that ends with a token: behind the statement before it, which ends at ``low``."""
        return self.behind_signs(low) if low < last else 0

    def resumed(self, at: int, *, quoted: bool) -> Stretch | None:
        """Find what goes on behind cue and speaker: a quotation behind a pause, a clause behind a comma."""
        place = at
        while place < len(self.tokens) and (self.tokens[place].key in PAUSES or (quoted and self.tokens[place].key in ENDS)):
            place += 1
        if quoted:
            place = place if place > at and place < len(self.tokens) and self.tokens[place].quoted else self._behind_addressee(at)
            return (place, place + 1) if place and not self._has_own_cue(place) else None
        if place == at or place >= len(self.tokens):
            return None
        is_clause = self.tokens[at].key == "," and place < self.end and not self._is_relative(place)
        return (place, self.end) if is_clause else None

    def _behind_addressee(self, at: int) -> int:
        """The quotation behind a dash and words on who was told, where and how (сказала она журналистам. — «Q»); 0 where there is none."""
        for place in range(at, min(len(self.tokens), at + REACH)):
            token = self.tokens[place]
            if token.quoted:
                return place if place > at + 1 and self.tokens[place - 1].key in _DASHES else 0
            if token.key == ":" or self.opens_clause(place):
                return 0
            cue = self.cues.get(place)
            if cue and cue.sense.form is not Form.DEPENDENT:
                return 0
        return 0

    def _has_own_cue(self, at: int) -> bool:
        """Return whether a cue of its own stands behind the quotation at a place: — «Q2», — ответила S."""
        place = at + 1
        while place < len(self.tokens) and self.tokens[place].key in PAUSES:
            place += 1
        for further in range(place, min(len(self.tokens), place + _NEAR) if place > at + 1 else place):
            token, cue = self.tokens[further], self.cues.get(further)
            if cue:
                return cue.end >= len(self.tokens) or not self.opens_clause(cue.end)
            if not token.is_word or token.key in self.profile.joiners:
                return False
        return False

    def _is_relative(self, at: int) -> bool:
        profile = self.profile
        return any(
            token.key in profile.relatives or token.key in profile.joiners or token.key in profile.cuts
            for token in self.tokens[at : at + 2]
        )

    def opens_clause(self, at: int) -> bool:
        """Return whether a complementiser stands at a place, behind a comma or not."""
        return self.tokens[at].key in self.profile.complementisers or self.opens_content(at)

    def opens_content(self, at: int) -> bool:
        """Return whether a comma and a complementiser stand at a place (о том, что)."""
        behind = self.tokens[at : at + 2]
        return len(behind) > 1 and behind[0].key == "," and behind[1].key in self.profile.complementisers

    def end_behind(self, start: int, following: Sequence[Cue]) -> int:
        """Return the end of a content: before a quotation behind a colon, the next cue's clause, or with the sentence."""
        stop = self.end
        for at in range(start, min(self.end - 1, start + _LONGEST)):
            if self.tokens[at].key == ":" and self.tokens[at + 1].quoted:
                stop = at
                break
            if self.tokens[at].key == ";" or (self.tokens[at].key == "," and self.tokens[at + 1].key in self.profile.cuts):
                stop = at
                break
        for cue in following:
            if start < cue.first < stop:
                before = self.tokens[cue.first - 1]
                is_last = before.key in PAUSES and cue.sense.form is not Form.DEPENDENT
                is_joined = before.key in self.profile.joiners and cue.sense.form in {Form.FINITE, Form.DEPENDENT}
                is_adverbial = before.key == "," and cue.sense.form in {Form.DEPENDENT, Form.BEFORE}
                if is_last or is_joined or is_adverbial:
                    return cue.first - 1
        return stop

    def infinitive(self, cue: Cue) -> int:
        """Return the start of a content that an infinitive opens, behind those who are told (пообещал жителям снизить цены); 0 without."""
        if self._is_in_relative(cue):
            return 0
        start = self.past_adverbs(cue.end)
        while start < self.end and self.tokens[start].is_word and self.tokens[start].key.endswith(self.profile.addressed):
            start += 1
        for at in range(start, min(self.end, start + _NEAR)):
            if not self.tokens[at].is_word:
                return 0
            if self.tokens[at].key.endswith(self.profile.infinitive_endings):
                return start
        return 0

    def _is_in_relative(self, cue: Cue) -> bool:
        """Return whether a cue stands in a clause that tells only who somebody is: компания, которая намерена."""
        for at in range(cue.first - 1, max(-1, cue.first - _NEAR), -1):
            if not self.tokens[at].is_word:
                return False
            if self.tokens[at].key in self.profile.relatives:
                return True
        return False

    def has_verdict(self, cue: Cue) -> bool:
        """Return whether what somebody or something is found to be stands behind a cue: признал директора виновным."""
        for at in range(cue.end, min(self.end, cue.end + REACH)):
            if self.tokens[at].key in self.profile.verdicts:
                return at > cue.end or at + 1 < self.end
            if self.tokens[at].key in {";", ":"} or self.opens_content(at):
                return False
        return False

    def past_adverbs(self, at: int) -> int:
        """Return the place behind the adverbs and times at a place."""
        while at < self.end and (self.profile.is_adverb(self.tokens[at].key) or self.tokens[at].key in self.profile.times):
            at += 1
        return at

    def behind_signs(self, at: int) -> int:
        """Return the place behind the pauses and colons at a place."""
        while at < self.end and (self.tokens[at].key in PAUSES or self.tokens[at].key == ":"):
            at += 1
        return at

    def characters_of(self, first: int, end: int) -> Stretch:
        """The characters of tokens without signs at their ends, and without its marks where they are one quotation."""
        tokens = self.tokens
        while first < end and tokens[first].key in PAUSES:
            first += 1
        while end > first and (tokens[end - 1].key in PAUSES or tokens[end - 1].key in ENDS):
            end -= 1
        if end <= first:
            return 0, 0
        quoted = tokens[first].quoted if end - first == 1 else None
        return (quoted.parts[0][0], quoted.parts[-1][1]) if quoted else (tokens[first].start, tokens[end - 1].end)

    def characters(self, tokens: Stretch) -> Stretch:
        """Return the characters of tokens, from the first up to the last."""
        return self.tokens[tokens[0]].start, self.tokens[tokens[1] - 1].end
