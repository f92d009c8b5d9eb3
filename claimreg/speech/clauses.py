"""Find where the content behind a cue, or before it, begins and ends. No search takes longer than a bound or a look-up."""

from __future__ import annotations

from bisect import bisect_left
from typing import TYPE_CHECKING

from claimreg.speech.profile import Form

if TYPE_CHECKING:
    from collections.abc import Sequence

    from claimreg.speech.cues import Cue
    from claimreg.speech.profile import Profile
    from claimreg.speech.sentences import Token
    from claimreg.speech.speakers import Phrases

Stretch = tuple[int, int]

DASHES = frozenset(["—", "–", "―", "--", "-"])
SIGNS = frozenset([",", ";", ":", *DASHES])
STOPS = frozenset([".", "!", "?", "…", ")", "]"])
PARTING = frozenset([",", "—", "–", "--"])
"""Signs that stand between a clause and one put into it."""

_SPEECH_ENDS = ".,!?…"
_LONGEST_ADVERBIAL = 12
_LONGEST_ADDRESSEE = 3
_LONGEST_SUBJECT = 20
_LONGEST_CONJUNCT = 6
"""Tokens behind a conjunction in which a clause has its auxiliary."""
_LONGEST_CONTENT = 200
"""Tokens of a content in which its end is looked for; a longer one goes on to the sentence's end."""
_LONGEST_DATELINE = 8
_LONGEST_TITLE = 60
_SHORT_WORD = 3


class Clauses:
    """The clauses of one sentence; ``end`` is the token behind its last, without the signs that end it."""

    def __init__(self, phrases: Phrases, cues: Sequence[Cue]) -> None:
        self.phrases = phrases
        self.text = phrases.text
        self.tokens: Sequence[Token] = phrases.sentence
        self.profile: Profile = phrases.profile
        self.firsts = [cue.first for cue in cues]
        self.commas = [place for place, token in enumerate(self.tokens) if token.key == ","]
        self.end = len(self.tokens)
        while self.end and self.tokens[self.end - 1].key in STOPS:
            self.end -= 1

    def has_cue(self, start: int, end: int) -> bool:
        """Return whether a cue begins among the tokens from one place to another."""
        place = bisect_left(self.firsts, start)
        return place < len(self.firsts) and self.firsts[place] < end

    def content(self, first: int, end: int) -> list[Stretch]:
        """The characters of tokens, without signs at their ends; without its marks where they are one quotation."""
        tokens = self.tokens
        while first < end and tokens[first].key in SIGNS:
            first += 1
        while end > first and tokens[end - 1].key in SIGNS:
            end -= 1
        if first >= end:
            return []
        quoted = tokens[first].quoted
        return list(quoted.parts) if quoted and end == first + 1 else [(tokens[first].start, tokens[end - 1].end)]

    def is_title(self, place: int) -> bool:
        """Return whether a quotation within a sentence is a name or a title: it has few words, all long ones with a capital letter."""
        quoted = self.tokens[place].quoted
        words = self.text[quoted.parts[0][0] : quoted.parts[-1][1]].split() if quoted and quoted.end - quoted.start < _LONGEST_TITLE else []
        return bool(words) and all(word[0].isupper() or len(word) <= _SHORT_WORD for word in words)

    def is_whole(self, place: int) -> bool:
        """Return whether a quotation ends with a sign that ends speech: what follows it is no content."""
        quoted = self.tokens[place].quoted
        return quoted is not None and self.text[quoted.parts[-1][1] - 1] in _SPEECH_ENDS

    def is_done(self, place: int) -> bool:
        """Return whether nothing that could be a content stands at a place: the sentence's end, or a comma with no quotation behind it."""
        if place >= self.end:
            return True
        key = self.tokens[place].key
        return (key in PARTING or key == ";") and not (place + 1 < self.end and self.tokens[place + 1].quoted)

    def is_joined(self, place: int) -> bool:
        """Return whether a token is a conjunction."""
        return self.tokens[place].key in self.profile.joiners

    def past_dateline(self) -> int:
        """The token behind the place that a report begins with, as papers print it (WASHINGTON — …); the first where there is none."""
        if not self.text[self.tokens[0].start : self.tokens[0].end].isupper():
            return 0
        places = range(1, min(_LONGEST_DATELINE, self.end))
        return next((place + 1 for place in places if self.tokens[place].key in DASHES), 0)

    def past_adverbials(self, place: int) -> int:
        """The token behind the words between a cue and its content: adverbs, times, “in an interview”."""
        profile = self.profile
        for _ in range(_LONGEST_ADVERBIAL):
            if place >= self.end:
                return place
            token = self.tokens[place]
            if token.is_word and (token.key in profile.times or profile.is_adverb(token.key)):
                place += 1
            elif token.key in profile.prepositions and token.key not in profile.bound:
                end = self._phrase_end(place)
                if end is None:
                    return place
                place = end
            else:
                return place
        return place

    def _phrase_end(self, place: int) -> int | None:
        """The token behind a prepositional phrase that a colon, comma, quotation, complementiser or the sentence's end follows."""
        for end in range(place + 1, min(self.end, place + _LONGEST_ADVERBIAL) + 1):
            if end >= self.end:
                return end
            token = self.tokens[end]
            if token.quoted or token.key in {",", ":"} or token.key in self.profile.links:
                return end
            is_verb = token.key in self.profile.auxiliaries and token.key not in self.profile.infinitives
            if is_verb or (not token.is_word and token.key != "."):
                return None
        return None

    def quotation_at(self, place: int) -> int | None:
        """The place of a quotation at a token, perhaps behind a comma or colon."""
        if place < self.end and (self.tokens[place].key in SIGNS or self.tokens[place].key in self.profile.links):
            place += 1
        return place if place < self.end and self.tokens[place].quoted else None

    # How a content begins.

    def opening(self, cue: Cue, start: int, *, of_document: bool) -> tuple[str, int]:
        """Return how the content behind a cue begins, and where; nothing where it is none that the cue takes."""
        profile, takes = self.profile, cue.sense.takes
        if start >= self.end or self.tokens[start].key in STOPS:
            return "", start
        key = self.tokens[start].key
        if key in profile.complementisers and takes & {"that", "clause"}:
            return "that", start
        marked = self._marked_opening(start, takes)
        if marked:
            return marked
        if key in SIGNS:
            return "", start
        if key in profile.auxiliaries and key not in profile.infinitives:
            return ("clause", start) if self._is_relative(cue.first) else ("", start)
        if "addressee" in takes and "clause" in takes:
            start = self._past_addressee(start)
        return self._plain_opening(start, key, takes, of_document=of_document)

    def _marked_opening(self, start: int, takes: frozenset[str]) -> tuple[str, int] | None:
        """An opening that a word or a mark behind somebody who is told shows: a complementiser, an infinitive, a quotation."""
        profile, tokens = self.profile, self.tokens
        is_parted = False
        for place in range(start, min(self.end, start + _LONGEST_SUBJECT)):
            token = tokens[place]
            if not is_parted and token.key in profile.links and takes >= {"that", "addressee"}:
                return "that", place
            if token.key in profile.infinitives and "infinitive" in takes and (place == start or ("object" not in takes and not is_parted)):
                return "infinitive", place
            is_told = "addressee" in takes and place <= start + _LONGEST_ADDRESSEE and not is_parted
            if token.quoted and "quote" in takes and place > start and (is_told or tokens[place - 1].key in {",", ":"}):
                return "quote", place
            is_parted = is_parted or token.key in SIGNS
        return None

    def _plain_opening(self, start: int, key: str, takes: frozenset[str], *, of_document: bool) -> tuple[str, int]:
        profile = self.profile
        if key not in profile.infinitives and "any" in takes:
            return ("", start) if self._is_amount(start) else ("clause", start)
        if key in profile.prepositions and key not in profile.complementisers:
            return "", start
        if key not in profile.infinitives and "clause" in takes and self._has_verb(start):
            return "clause", start
        return ("object", start) if "object" in takes or ("finding" in takes and of_document) else ("", start)

    def _is_amount(self, start: int) -> bool:
        """Return whether only how much was said stands at a place, not what: said nothing about it, said as much."""
        profile, tokens = self.profile, self.tokens
        place = start if tokens[start].key in profile.amounts else start + 1
        behind = place
        while behind < self.end and tokens[behind].key in profile.amounts:
            behind += 1
        if behind == place:
            return False
        if behind >= self.end or tokens[behind].key in SIGNS:
            return True
        if tokens[behind].key not in profile.prepositions or tokens[behind].key in profile.bound:
            return False
        end = min(self.first_comma(behind, self.end), behind + _LONGEST_SUBJECT)
        return not any(tokens[each].quoted or self._is_verb(each) for each in range(behind, end))

    def _is_verb(self, place: int) -> bool:
        """Return whether a word seems to be a verb of a clause."""
        token = self.tokens[place]
        return token.key in self.profile.auxiliaries or (token.is_word and token.key.endswith(self.profile.verb_endings))

    def _is_relative(self, cue: int) -> bool:
        """Return whether a relative pronoun behind a comma stands before the subject: “…, which he said were …”."""
        subject = self.phrases.before(cue)
        first = subject.first if subject else 0
        return first > 1 and self.tokens[first - 1].key in self.profile.relatives and self.tokens[first - 2].key == ","

    def _past_addressee(self, start: int) -> int:
        """The token that a clause seems to begin with, behind the one who is told: a pronoun, or a determiner."""
        profile = self.profile
        for place in range(start + 1, min(self.end, start + _LONGEST_SUBJECT)):
            key = self.tokens[place].key
            if not self.tokens[place].is_word:
                break
            is_time = place + 1 < self.end and self.tokens[place + 1].key in profile.times
            is_bound = is_time or self.tokens[place - 1].key in profile.prepositions
            if (key in profile.pronouns or key in profile.determiners) and not is_bound:
                return place
        return start

    def _has_verb(self, start: int) -> bool:
        """Return whether a clause seems to begin at a place: with a pronoun, or with a verb not far behind."""
        profile = self.profile
        key = self.tokens[start].key
        if (key in profile.pronouns and key not in profile.determiners) or key in profile.impersonal:
            return True
        return any(self._is_verb(place) for place in range(start, min(self.end, start + _LONGEST_SUBJECT)))

    def is_withheld(self, cue: Cue, start: int) -> bool:
        """Return whether an infinitive only tells that nothing is said, or nobody named: asked not to be named, declined to comment."""
        profile, tokens = self.profile, self.tokens
        verb = start
        while verb < self.end and (tokens[verb].key in profile.auxiliaries or profile.is_adverb(tokens[verb].key)):
            verb += 1
        if verb >= self.end or tokens[verb].key not in profile.withheld:
            return False
        before = {token.key for token in tokens[cue.end : verb]}
        return tokens[cue.first].key in profile.refusals or bool(before & (profile.unreal - profile.infinitives))

    # How a content ends.

    def relative_end(self, start: int, end: int) -> int:
        """The comma at which the verb of the main clause goes on behind a relative clause; the end where none seems to."""
        has_verb = False
        for place in range(start, end - 1):
            has_verb = has_verb or self._is_verb(place)
            if self.tokens[place].key == "," and (self.has_cue(place + 1, place + 2) or (has_verb and self._may_be_verb(place + 1))):
                return place
        return end

    def _may_be_verb(self, place: int) -> bool:
        """Return whether a word behind a comma opens neither a noun phrase nor another clause."""
        profile, key = self.profile, self.tokens[place].key
        openers = (
            profile.determiners, profile.pronouns, profile.prepositions, profile.relatives, profile.boundaries, profile.joiners,
            profile.subordinators,
        )  # fmt: skip
        is_opener = any(key in words for words in openers)
        return self.tokens[place].is_word and not self.phrases.is_capital(place) and not is_opener

    def content_end(self, start: int, following: Cue | None, *, of_object: bool = False) -> int:
        """The token behind the content that begins at a place: the sentence's end, or where another clause or cue begins."""
        if self.tokens[start].quoted and (start + 1 >= self.end or self.tokens[start + 1].key in SIGNS or self.is_whole(start)):
            return start + 1
        end = self._cue_before(start, following, of_object=of_object)
        for place in range(start, min(end, start + _LONGEST_CONTENT)):
            key = self.tokens[place].key
            if key == ";" or (key == "," and place + 1 < self.end and self._parts(place + 1)):
                return place
        return end

    def _parts(self, place: int) -> bool:
        """Return whether a clause that is no content any more begins at a token behind a comma, such as “but …”."""
        key = self.tokens[place].key
        if key in self.profile.cuts or key in self.profile.contrasts:
            return True
        near = self.tokens[place + 1 : min(self.end, place + _LONGEST_CONJUNCT)]
        return key in self.profile.joiners and any(token.key in self.profile.auxiliaries for token in near)

    def _cue_before(self, start: int, following: Cue | None, *, of_object: bool) -> int:
        """The token before the words of the next cue, where that begins a statement of its own; else the sentence's end."""
        if following is None or following.first <= start:
            return self.end
        form = following.sense.form
        if form is not Form.FINITE:
            is_parted = form is not Form.UNSURE and self.tokens[following.first - 1].key == ","
            return following.first - 1 if is_parted else self.end
        if (of_object or "clause" in following.sense.takes) and self.phrases.joined_to(following.first):
            return self._conjunction_before(following.first)
        subject = self.phrases.before(following.first)
        if subject and subject.first > start and self.is_joined(subject.first - 1):
            return self._conjunction_before(subject.first - 1)
        return self.end

    def _conjunction_before(self, place: int) -> int:
        """The token of the conjunction before a verb, or of the comma before that."""
        while not self.is_joined(place):
            place -= 1
        return place - 1 if self.tokens[place - 1].key == "," else place

    def object_end(self, start: int, end: int) -> int:
        """The token behind a noun phrase: at a comma, at the word of another clause, or behind a quotation that a verb follows."""
        for place in range(start + 1, min(end, start + _LONGEST_CONTENT)):
            token = self.tokens[place]
            if token.key in self.profile.cuts or token.key in self.profile.contrasts or self._joins_verb(place):
                return place
            if token.key in SIGNS and token.key != "-" and not self._goes_on(place):
                return place
            if self.tokens[place - 1].quoted and not self._is_joint(place):
                return place
        return end

    def _joins_verb(self, place: int) -> bool:
        """Return whether a conjunction joins a verb to the one before the object: “agreed with her and left”."""
        after = self.tokens[place + 1] if place + 1 < self.end else None
        is_verb = after is not None and (after.key in self.profile.auxiliaries or after.key.endswith(self.profile.verb_endings))
        return is_verb and self.is_joined(place)

    def _is_joint(self, place: int) -> bool:
        """Return whether a word goes on with the noun phrase before it."""
        key = self.tokens[place].key
        return key in self.profile.prepositions or key in self.profile.relatives or key in SIGNS or self.is_joined(place)

    def _goes_on(self, place: int) -> bool:
        """Return whether a comma parts the members of a list: a noun with a capital letter or a quotation follows it."""
        return place + 1 < self.end and (self.phrases.is_capital(place + 1) or self.tokens[place + 1].quoted is not None)

    def first_comma(self, start: int, end: int) -> int:
        """The first comma behind a place; the end where none stands before it."""
        place = bisect_left(self.commas, start + 1)
        return min(end, self.commas[place]) if place < len(self.commas) else end
