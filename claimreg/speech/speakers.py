"""Find the noun phrase that speaks, before a cue or behind it. Every search looks at a bounded number of tokens."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Sequence

    from claimreg.speech.profile import Profile
    from claimreg.speech.sentences import Token

_LONGEST = 30
"""Tokens that a noun phrase has at most, appositives not counted."""
_LONGEST_APPOSITIVE = 40
_SHORT_QUOTATION = 40
"""Characters of a name between marks in a noun phrase."""
_WITHIN = frozenset(".&'’/-–*")
"""Signs within a noun phrase: an abbreviation's full stop, a company's ampersand."""


_DASHES = frozenset("—–―")


class Subject(NamedTuple):
    """A noun phrase with a verb behind it: tokens from ``first`` to ``end``; ``passive`` tells of the words between."""

    first: int
    end: int
    passive: bool = False
    helped: bool = False
    """True where an auxiliary stands between: what follows is a verb, then."""

    @property
    def is_word(self) -> bool:
        """Return whether it is one word."""
        return self.end - self.first == 1


class Phrases:
    """The noun phrases of one sentence."""

    def __init__(self, text: str, sentence: Sequence[Token], profile: Profile) -> None:
        self.text = text
        self.sentence = sentence
        self.profile = profile

    def is_capital(self, index: int) -> bool:
        """Return whether a token is a word with a capital letter."""
        return self.sentence[index].is_word and self.text[self.sentence[index].start].isupper()

    def before(self, cue: int) -> Subject | None:
        """The subject of a verb at a place; ``None`` where nothing before it can be one."""
        profile = self.profile
        place, passive, helped = cue - 1, False, False
        for _ in range(_LONGEST):
            if place < 0:
                return None
            token = self.sentence[place]
            if token.key in profile.auxiliaries:
                passive = passive or token.key in profile.passives
                helped = True
            elif not (token.is_word and profile.is_adverb(token.key) and not self.is_name(place)) and not self._is_time(place):
                break
            place -= 1
        token = self.sentence[place]
        if token.key in {",", "—", "–", "--"}:
            phrase = self._with_appositive(place)
        elif token.is_word or token.key in {")", "."} or self._is_short(token):
            phrase = self._phrase_before(place)
        else:
            return None
        return phrase and Subject(*phrase, passive=passive, helped=helped)

    def joined_to(self, cue: int) -> bool:
        """Return whether a conjunction joins the verb at a place to one before it: “and repeatedly said”."""
        place = cue - 1
        while place >= 0 and (self.sentence[place].key in self.profile.auxiliaries or self.profile.is_adverb(self.sentence[place].key)):
            place -= 1
        return place > 0 and self.sentence[place].key in self.profile.joiners

    def _is_time(self, place: int) -> bool:
        """Return whether a token is a day's name or the preposition before one: “on Monday said”."""
        key = self.sentence[place].key
        after = self.sentence[place + 1].key if place + 1 < len(self.sentence) else ""
        is_bound = place > 0 and self.sentence[place - 1].key in self.profile.prepositions
        is_year = key.isdigit() and is_bound
        return (
            key in self.profile.times or is_year or (key in self.profile.prepositions and (after in self.profile.times or after.isdigit()))
        )

    def is_name(self, place: int) -> bool:
        """Return whether a word with a capital letter is no day's name, and not so for beginning the sentence."""
        return self.is_capital(place) and place > 0 and self.sentence[place].key not in self.profile.adverbs

    def _is_short(self, token: Token) -> bool:
        """Return whether a token is a name between marks: short, and without the sign that speech ends in."""
        quoted = token.quoted
        return quoted is not None and token.end - token.start <= _SHORT_QUOTATION and self.text[quoted.parts[-1][1] - 1].isalnum()

    def _phrase_before(self, last: int) -> tuple[int, int] | None:
        """The noun phrase whose last token is at a place."""
        profile, sentence = self.profile, self.sentence
        key = sentence[last].key
        if key in self.profile.joiners or (key in profile.boundaries and key not in profile.relatives):
            return None
        if key in profile.pronouns and (last == 0 or sentence[last - 1].key not in profile.determiners):
            return last, last + 1
        first = self._first_of(last)
        while first <= last and (sentence[first].key in profile.prepositions or not sentence[first].is_word) and not sentence[first].quoted:
            trailing = self._names_before(last)
            if trailing > first and trailing <= last:
                first = trailing
                break
            first += 1
        while first < last and (sentence[first].key in profile.boundaries or sentence[first].key in profile.relatives):
            first += 1
        return (first, last + 1) if first <= last else None

    def _names_before(self, last: int) -> int:
        """The first of the run of words with capital letters, or of the phrase with a determiner, that ends at a place."""
        place = last
        while place >= 0 and (self.is_capital(place) or self.sentence[place].key == "."):
            place -= 1
        if place < last:
            return place + 1
        while place > 0 and self.sentence[place].is_word and self.sentence[place].key not in self.profile.determiners:
            place -= 1
        return place

    def _first_of(self, last: int) -> int:
        profile, sentence = self.profile, self.sentence
        place = last
        for _ in range(_LONGEST):
            if place < 0:
                break
            token = sentence[place]
            if token.key == ")":
                place = self._opening(place)
                continue
            if token.is_word:
                if token.key in profile.relatives and 0 < place < last:
                    place -= 1
                    continue
                if token.key in profile.boundaries or (token.key in profile.joiners and not self._joins(place)):
                    break
                if token.key in profile.auxiliaries or (place < last and self._is_cue(place)):
                    relative = self._relative_before(place)
                    if relative <= 0:
                        break
                    place = relative
            elif token.key not in _WITHIN and not self._is_short(token):
                break
            place -= 1
        return place + 1

    def _is_cue(self, place: int) -> bool:
        phrases = self.profile.phrases.get(self.sentence[place].key, ())
        return any(len(one.words) == 1 and one.sense.form.value == "finite" for one in phrases) and not self.is_name(place)

    def _relative_before(self, place: int) -> int:
        for back in range(place - 1, max(place - 8, 0), -1):
            if self.sentence[back].key in self.profile.relatives:
                return back
        return 0

    def _joins(self, place: int) -> bool:
        """Return whether the conjunction at a place joins two noun phrases: names on both sides, or nothing like a verb before it."""
        if place == 0 or place + 1 >= len(self.sentence):
            return False
        if self.is_capital(place - 1) and self.sentence[place + 1].key not in self.profile.pronouns:
            return True
        for back in range(place - 1, max(place - 9, -1), -1):
            token = self.sentence[back]
            if not token.is_word:
                return token.key == "," and False
            if token.key in self.profile.auxiliaries or self._is_cue(back):
                return False
            if token.key in self.profile.boundaries:
                return True
        return place < 9  # noqa: PLR2004 -- as far as the loop looks

    def _opening(self, place: int) -> int:
        for back in range(place, max(place - 12, -1), -1):
            if self.sentence[back].key == "(":
                return back - 1
        return place - 1

    def _with_appositive(self, comma: int) -> tuple[int, int] | None:
        """The noun phrase before an appositive that ends at a comma: of several parts the nearest that is a name, else the first."""
        sentence = self.sentence
        end = comma
        if end > 1 and self._is_aside(end - 1):
            # The word between the commas is no appositive: The mayor, however, said.
            end -= 2
        candidate: tuple[int, int] | None = None
        for place in range(comma - 1, max(comma - _LONGEST_APPOSITIVE, -1), -1):
            token = sentence[place]
            if token.quoted and not self._is_short(token):
                break
            if token.key in {",", "—", "–", "--", ";", ":"} or place == 0:
                if token.key in {";", ":"}:
                    break
                if place == 0 and candidate is None:
                    break
                if place > 0 and (sentence[place - 1].is_word or sentence[place - 1].key in {")", "."}):
                    candidate = self._phrase_before(place - 1)
                    if candidate and self.is_capital(candidate[0]) and sentence[candidate[0]].key not in self.profile.determiners:
                        return candidate[0], end
        return (candidate[0], end) if candidate else None

    def _is_aside(self, place: int) -> bool:
        """Return whether a word between commas stands for itself (however, meanwhile)."""
        key = self.sentence[place].key
        return self.sentence[place - 1].key == "," and (key in self.profile.boundaries or self.profile.is_adverb(key))

    def after(self, place: int) -> tuple[int, int] | None:
        """The noun phrase that begins at a place, such as behind an inverted cue (said Blair)."""
        profile, sentence = self.profile, self.sentence
        end = place
        while end < min(len(sentence), place + _LONGEST):
            token = sentence[end]
            key = token.key
            if token.is_word:
                is_stop = key in profile.boundaries or key in profile.relatives or key in profile.times or key in profile.auxiliaries
                if end > place and (is_stop or (key in profile.prepositions and key not in profile.behind)):
                    break
                if (
                    end == place
                    and (is_stop or key in profile.prepositions)
                    and not self.is_capital(place)
                    and key not in profile.determiners
                ):
                    return None
            elif key == "(":
                end = self._closing(end)
            elif key not in _WITHIN and not self._is_short(token):
                break
            end += 1
        while end > place and (not sentence[end - 1].is_word or sentence[end - 1].key in profile.behind) and sentence[end - 1].key != ")":
            end -= 1
        return (place, end) if end > place else None

    def _closing(self, place: int) -> int:
        for forward in range(place, min(place + 12, len(self.sentence))):
            if self.sentence[forward].key == ")":
                return forward
        return place
