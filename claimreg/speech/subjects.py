"""Find the subject of a clause whose verb comes last: the first noun phrase there that stands in no case and has a head that can speak."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

    from claimreg.speech.profile import Profile
    from claimreg.speech.sentences import Token

_WORD = re.compile(r"[^\W_]+")
_INNER = frozenset("-–&./")
_BEHIND = 40
"""Tokens of a speaker behind a cue, and of the adverbs before one, at most."""
_LONGEST = 14
"""Words of a phrase between an acronym and its head, at most."""
_ROOT = 5
"""Letters of the shortest words that are no verbs though they end as a participle does (арқан, тоған), at most."""
_TAIL = 3
"""Words without a case between a name and the head behind it (Amnesty International құқық қорғау ұйымы), at most."""


class Subjects:
    """The noun phrases of one sentence; ``text`` is the text that its tokens are of, ``names`` the words that it has as names."""

    def __init__(self, text: str, tokens: Sequence[Token], profile: Profile, names: frozenset[str]) -> None:
        self.text = text
        self.tokens = tokens
        self.profile = profile
        self.names = names

    def find(self, low: int, high: int, *, is_sure: bool = False) -> tuple[int, int] | None:
        """The subject among the tokens from ``low`` up to ``high``; ``None`` where none can be told.

        With ``is_sure`` it must be somebody: other things in the plural stand as subjects, too, of what is said.
        """
        begin = low
        for at in range(low, high):
            behind = self._is_acronym(at) and self._head_behind(at + 1, high)
            if behind:
                return self.without_adverbs(begin, behind + 1), behind + 1
            if self._is_head(at, low, high, is_sure=is_sure):
                end = self._end(at, high)
                return self.without_adverbs(begin, end), end
            if self._parts(at):
                begin = at + 1
        return None

    def phrase_behind(self, low: int) -> tuple[int, int] | None:
        """The noun phrase that stands from ``low`` to the next pause: the speaker behind a cue."""
        end = low
        while end < min(len(self.tokens), low + _BEHIND) and (
            self.tokens[end].is_word or self.tokens[end].quoted or self.tokens[end].key in _INNER
        ):
            end += 1
        begin = self.without_adverbs(low, end)
        last = end
        while last > begin and not self._is_head(last - 1, begin, last):
            last -= 1
        if last == begin:
            last = end
            while last > begin and (self.is_in_case(last - 1) or not self.tokens[last - 1].is_word):
                last -= 1
        # Words on where it was said are no speaker: деп жазды Facebook парақшасында.
        is_setting = any(self.tokens[at].key in self.profile.settings for at in range(begin, min(last + 1, end)))
        return (begin, last) if last > begin and not is_setting and not self._has_verb(begin, last) else None

    def without_adverbs(self, begin: int, end: int) -> int:
        """Return the start of the phrase behind words of time and manner, conjunctions and signs."""
        profile = self.profile
        for _ in range(min(end - begin - 1, _BEHIND)):
            if begin >= end - 1:
                break
            token = self.tokens[begin]
            if token.key == "(":
                begin = self._behind_bracket(begin, end)
            elif token.quoted is None and (
                not token.is_word or profile.is_adverb(token.key) or token.key in profile.cuts or token.key in profile.times
            ):
                begin += 1
            else:
                break
        return begin

    def _behind_bracket(self, begin: int, end: int) -> int:
        for at in range(begin, end):
            if self.tokens[at].key == ")":
                return at + 1
        return begin + 1

    def _is_head(self, at: int, low: int, high: int, *, is_sure: bool = False) -> bool:
        token, profile = self.tokens[at], self.profile
        if not token.is_word:
            return False
        is_somebody = token.key in profile.pronouns or token.key in profile.heads or token.key.endswith(profile.agents)
        is_many = not is_sure and token.key.endswith(profile.plurals)
        return (is_somebody or is_many or self._is_name(at, low)) and not self._goes_on(at, high)

    def _is_name(self, at: int, low: int) -> bool:
        token = self.tokens[at]
        word = self.text[token.start : token.end]
        if not word[0].isupper() or self.is_in_case(at):
            return False
        if len(word) > 1 and word.isupper():
            return True
        is_first = at in {0, low}
        following = at + 1 < len(self.tokens) and self.tokens[at + 1].is_word and self.text[self.tokens[at + 1].start].isupper()
        return not is_first or following or token.key in self.names

    def _goes_on(self, at: int, high: int) -> bool:
        """Return whether the phrase goes on behind a word that could be its head: министрлік өкілі, Ерлан Сәрсенов."""
        after = at + 1
        if self._is_title(at, high) or self._is_member(at, high):
            return True
        if after >= high or not self.tokens[after].is_word or self._is_plural(at) or self.tokens[at].key in self.profile.pronouns:
            return False
        is_name = self._is_capital(at) and (at > 0 or self.tokens[at].key in self.names or self.tokens[at].key not in self.profile.heads)
        if self.tokens[after].key in self.profile.heads:
            return is_name or self.tokens[after].key.endswith(self.profile.possessed)
        is_group = self.tokens[at].key in self.profile.organisations and not self._is_capital(at)
        if is_group or not self._is_capital(after) or self._is_latin(at) != self._is_latin(after):
            return False
        if self.is_in_case(after):
            is_full = self.tokens[at].key.endswith(self.profile.surnames) or (at > 0 and self._is_forename(at - 1))
            return is_name and not is_full
        return True

    def _is_title(self, at: int, high: int) -> bool:
        """Return whether a word is a shortened title, with its full stop and a name behind it: Dr. Ersoy."""
        is_shortened = at + 2 < high and self.tokens[at + 1].key == "." and self.tokens[at].key in self.profile.abbreviations
        return is_shortened and self._is_capital(at + 2)

    def _is_member(self, at: int, high: int) -> bool:
        """Return whether a word for somebody tells only what group stands behind it: қорғаушы тарап."""
        is_group = at + 1 < high and self.tokens[at + 1].key in self.profile.groups
        return is_group and self.tokens[at].key.endswith(self.profile.agents)

    def _is_forename(self, at: int) -> bool:
        """Return whether a word with a capital letter, and no head, may be the first of the next one's name."""
        return (
            self.tokens[at].is_word and self._is_capital(at) and self.tokens[at].key not in self.profile.heads and not self.is_in_case(at)
        )

    def _head_behind(self, low: int, high: int) -> int:
        """The place of the head of a phrase that an acronym opens, where no word in another case parts them; 0 where there is none."""
        for at in range(low, min(high, low + _LONGEST)):
            if self.tokens[at].key in self.profile.heads and self.tokens[at].key.endswith(self.profile.possessed):
                return at if not self._goes_on(at, high) else 0
            if self._parts(at):
                return 0
        return 0

    def _is_capital(self, at: int) -> bool:
        return self.text[self.tokens[at].start].isupper()

    def _is_acronym(self, at: int) -> bool:
        word = self.text[self.tokens[at].start : self.tokens[at].end]
        return len(word) > 1 and word.isupper()

    def _is_latin(self, at: int) -> bool:
        return self.text[self.tokens[at].start] < "ɐ"

    def _end(self, at: int, high: int) -> int:
        """The end of the phrase whose head was found, with the head that a name may own (Amnesty International құқық қорғау ұйымы)."""
        end = at + 1
        if self._is_capital(at):
            for further in range(end, min(high, end + _TAIL)):
                if self._parts(further):
                    break
                if self.tokens[further].key in self.profile.heads and self.tokens[further].key.endswith(self.profile.possessed):
                    return further + 1
        return end

    def _is_plural(self, at: int) -> bool:
        return self.tokens[at].key.endswith(self.profile.plurals)

    def is_in_case(self, at: int) -> bool:
        """Return whether a word stands in a case that no subject has."""
        key, profile = self.tokens[at].key, self.profile
        return key.endswith(profile.endings) and key not in profile.heads and not key.endswith(profile.caseless)

    def last_word(self, at: int) -> str:
        """The last word of the quotation at a place, in small letters."""
        return self._words(at)[-1].lower()

    def words_in(self, at: int) -> int:
        """Return how many words the quotation at a place has."""
        return len(self._words(at))

    def _words(self, at: int) -> list[str]:
        quoted = self.tokens[at].quoted
        parts = quoted.parts if quoted else []
        return _WORD.findall(" ".join(self.text[start:end] for start, end in parts)) or [""]

    def _parts(self, at: int) -> bool:
        """Return whether a phrase begins behind a word: a sign, an adverb, or a noun in a case that does not own the next."""
        token = self.tokens[at]
        if token.quoted:
            return False
        if not token.is_word:
            return token.key not in _INNER and token.key not in "()"
        return self._is_parting(at) or (at > 0 and self._is_parting(at - 1) and self._is_participle(at))

    def _is_parting(self, at: int) -> bool:
        return self.tokens[at].is_word and self.tokens[at].key.endswith(self.profile.parting) and self.is_in_case(at)

    def _is_participle(self, at: int) -> bool:
        """Return whether a word is a verb that tells of who speaks; behind a word in a case it parts (Лондонда жайғасқан)."""
        key = self.tokens[at].key
        is_verb = len(key) > _ROOT and key.endswith(self.profile.participles)
        return is_verb and not self._is_capital(at) and key not in self.profile.heads

    def _has_verb(self, begin: int, end: int) -> bool:
        words = [self.tokens[at].key for at in range(begin, end) if self.tokens[at].is_word and not self._is_capital(at)]
        return any(word.endswith(self.profile.cue_endings) and word not in self.profile.heads for word in words)
