"""Find the subject of a verb where words may stand in any order and their endings tell the case, as in Russian and Ukrainian."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

    from claimreg.speech.profile import Profile
    from claimreg.speech.sentences import Token

_LONGEST = 40
"""Tokens of a clause in which a subject is looked for, at most."""
_SHORT = 40
"""Characters of a name between marks, at most."""
_INNER = frozenset("-–.&/№")
_NEAR = 5
"""Tokens of a body that many speak in, with its preposition, at most."""
_FEW = 6
"""Words of a phrase of which no word is known to be somebody, at most."""


class Nominatives:
    """The noun phrases of one sentence; ``names`` are the words that the text has as names."""

    def __init__(self, text: str, tokens: Sequence[Token], profile: Profile, names: frozenset[str]) -> None:
        self.text = text
        self.tokens = tokens
        self.profile = profile
        self.names = names

    def before(self, low: int, high: int, verb: str) -> tuple[int, int] | None:
        """The subject of a verb that stands among the tokens from ``low`` up to ``high``."""
        low = self._behind_openers(max(low, high - _LONGEST), high)
        start, is_governed = low, False
        for at in range(low, high):
            if self._is_preposition(at):
                is_governed = True
            elif self._may_speak(at, verb, is_sure=is_governed) and not (at > low and self._is_preposition(at - 1)):
                start = self._with_modifiers(start if not is_governed else at, at, low)
                return start, self._end(at, high, verb)
            elif not self.tokens[at].is_word and not self.tokens[at].quoted and self.tokens[at].key not in _INNER:
                start, is_governed = at + 1, False
        return self._unknown(low, high)

    def behind(self, low: int, verb: str) -> tuple[int, int] | None:
        """The subject of a verb that stands behind it, from ``low`` to the next pause."""
        high = low
        while high < min(len(self.tokens), low + _LONGEST) and self._is_within(high):
            high += 1
        is_governed = False
        start = self._behind_openers(low, high)
        for at in range(start, high):
            if self._is_preposition(at):
                is_governed = True
            elif self._may_speak(at, verb, is_sure=is_governed) and not (at > low and self._is_preposition(at - 1)):
                begin = self._with_modifiers(at if is_governed else start, at, start)
                return begin, self._end(at, high, verb)
        return self._unknown(start, high)

    def _is_within(self, at: int) -> bool:
        token = self.tokens[at]
        if token.quoted:
            return token.end - token.start <= _SHORT
        return (token.is_word and token.key not in self.profile.complementisers) or token.key in _INNER

    def _behind_openers(self, low: int, high: int) -> int:
        """Return the start of a clause behind conjunctions, adverbs and signs."""
        while low < high and not self.tokens[low].quoted and (not self.tokens[low].is_word or self._is_opener(low)):
            low += 1
        return low

    def _is_opener(self, at: int) -> bool:
        key = self.tokens[at].key
        profile = self.profile
        return profile.is_adverb(key) or key in profile.cuts or key in profile.complementisers or key in profile.relatives

    def _is_preposition(self, at: int) -> bool:
        return self.tokens[at].key in self.profile.prepositions

    def _may_speak(self, at: int, verb: str, *, is_sure: bool) -> bool:
        token, profile = self.tokens[at], self.profile
        if token.quoted:
            return not is_sure and token.end - token.start <= _SHORT
        if not token.is_word:
            return False
        if token.key in profile.pronouns or token.key in profile.heads:
            return True
        word = self.text[token.start : token.end]
        if not word[0].isupper() or token.key in profile.times or (at == 0 and token.key not in self.names and not self._is_followed(at)):
            return False
        if len(word) > 1 and word.isupper():
            return not is_sure
        return not token.key.endswith(self._oblique(verb, is_sure=is_sure))

    def _is_followed(self, at: int) -> bool:
        """Return whether the sentence's first word is one of several with a capital letter."""
        return at + 1 < len(self.tokens) and self.tokens[at + 1].is_word and self.text[self.tokens[at + 1].start].isupper()

    def _oblique(self, verb: str, *, is_sure: bool) -> tuple[str, ...]:
        """The endings that a name does not have as the subject of a verb."""
        profile = self.profile
        if verb.endswith(profile.masculine):
            return (*profile.endings, *profile.feminine_names)
        return profile.endings if verb.endswith(profile.feminine) or not is_sure else (*profile.endings, *profile.feminine_names)

    def _with_modifiers(self, start: int, at: int, low: int) -> int:
        """The start of the phrase with the head at a place: behind prepositions, with the adjectives before it."""
        if start < at:
            return self._behind_addressee(start, at)
        while at > low and self.tokens[at - 1].is_word and self.tokens[at - 1].key.endswith(self.profile.modifiers):
            at -= 1
        return at

    def _behind_addressee(self, start: int, at: int) -> int:
        """The start of the phrase behind a word in another case: журналистам, ему."""
        while start < at and self.tokens[start].is_word and self.tokens[start].key.endswith(self.profile.addressed):
            start += 1
        return start

    def _end(self, at: int, high: int, verb: str) -> int:
        """The end of the phrase with the head at a place: with the words in other cases and the names behind it."""
        profile = self.profile
        end = at + 1
        if self.tokens[at].key in profile.pronouns:
            return end
        while end < high and self._belongs(end):
            end += 1
        last = end
        for further in range(end, high):
            token = self.tokens[further]
            if not token.is_word and not token.quoted and token.key not in _INNER:
                break
            is_name = token.is_word and self.text[token.start].isupper()
            if is_name and not self._is_preposition(further - 1) and self._may_speak(further, verb, is_sure=True):
                last = further + 1
        while last > end and last < high and self._belongs(last):
            last += 1
        while last > at + 1 and not self.tokens[last - 1].is_word and not self.tokens[last - 1].quoted:
            last -= 1
        return last

    def _belongs(self, at: int) -> bool:
        token, profile = self.tokens[at], self.profile
        if token.quoted or token.key in _INNER:
            return True
        is_other = token.key in profile.prepositions or token.key in profile.pronouns or profile.is_adverb(token.key)
        return token.is_word and not is_other and token.key not in profile.complementisers and not token.key.endswith(profile.addressed)

    def _unknown(self, low: int, high: int) -> tuple[int, int] | None:
        """The first words of a clause that nothing is known of, where they stand behind no preposition."""
        if low >= high or self._is_preposition(low) or not self.tokens[low].is_word or self.tokens[low].key in self.profile.impersonal:
            return None
        end = low
        while end < high and self._belongs(end):
            end += 1
        while end > low + 1 and self.tokens[end - 1].key in _INNER:
            end -= 1
        is_other = self.tokens[low].key.endswith(self.profile.addressed) or self.tokens[low].key in self.profile.unreal
        return (low, end) if low < end <= low + _FEW and not is_other else None

    def can_be_many(self, who: tuple[int, int]) -> bool:
        """Return whether a phrase has a word that can be the subject of a verb in the plural: the accused stand in another case."""
        keys = {token.key for token in self.tokens[who[0] : who[1]]}
        return bool(keys & self.profile.heads or keys & self.profile.pronouns)

    def is_known(self, who: tuple[int, int]) -> bool:
        """Return whether a phrase has a word that is known to be somebody: a role, a body, a pronoun, a name."""
        return self.can_be_many(who) or any(
            self.tokens[at].quoted is not None
            or self.tokens[at].key in self.names
            or (at > 0 and self.text[self.tokens[at].start].isupper())
            for at in range(*who)
        )

    def body(self, first: int, behind: int) -> tuple[int, int] | None:
        """The body that many speak in, next to a cue from ``first`` to ``behind``: в полиции сообщили, сообщили в полиции."""
        for at in (*range(max(0, first - _NEAR), first - 1), *range(behind, min(behind + 1, len(self.tokens)))):
            end = self._body_at(at) if self._is_preposition(at) else 0
            if end and not at < first < end:
                return at + 1, end
        return None

    def _body_at(self, at: int) -> int:
        """The end of the phrase that a preposition opens, if a body is its head."""
        for end in range(at + 1, min(at + 1 + _NEAR, len(self.tokens))):
            if self.tokens[end].key in self.profile.bodies:
                return end + 1
            if not self.tokens[end].is_word:
                break
        return 0
