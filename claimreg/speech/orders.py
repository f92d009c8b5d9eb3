"""Patterns of content, speaker and cue in a sentence of a language whose verb stands between its subject and what is said.

“Q,” S cue · “Q,” cue S · S cue “Q” · S cue (that) C · C, S cue · according to S, C · C, according to S.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from claimreg.speech.cues import cues
from claimreg.speech.profile import Form, Sense
from claimreg.speech.speakers import Phrases, Subject
from claimreg.speech.types import Act, NoSpeaker

if TYPE_CHECKING:
    from collections.abc import Sequence

    from claimreg.speech.cues import Cue
    from claimreg.speech.profile import Profile
    from claimreg.speech.sentences import Token

Stretch = tuple[int, int]

_SIGNS = frozenset([",", ";", ":", "—", "–", "―", "--", "-"])
_DASHES = frozenset(["—", "–", "―", "--", "-"])
_STOPS = frozenset([".", "!", "?", "…", ")", "]"])
_AND = frozenset(["and", "or", "but"])
_LONGEST_ADDRESSEE = 12
_SHORTEST_CLAUSE = 2


_LONGEST_NAME = 8
_LONGEST_CONTENT = 200
_LONGEST_SUBJECT = 20
_LONGEST_TITLE = 60
_SHORT_WORD = 3
_LONGEST_HEADLINE = 40
NAMED = Sense("sign", Act.ASSERTION, frozenset(["quote"]), Form.BEFORE)
"""What a colon or a dash beside a name says."""


_INDIRECT = frozenset(["speaker-cue-clause", "speaker-cue-that", "speaker-cue-infinitive", "speaker-cue-object"])


class Found(NamedTuple):
    """A statement in the normal form's characters; ``is_open`` where a quotation of the next sentence may go on with it."""

    parts: tuple[Stretch, ...]
    cue: Stretch
    sense: Sense
    rule: str
    speaker: Stretch | None = None
    no_speaker: NoSpeaker | None = None
    is_open: bool = False
    is_pointing: bool = False
    """Whether the content is the sentence before: the cue points back to it (about this)."""
    is_waiting: bool = False
    """Whether the content is the quotation that the next sentence is: the cue ends its own with a colon."""


class _Sentence:
    """The statements of one sentence, cue by cue."""

    def __init__(self, text: str, sentence: Sequence[Token], profile: Profile, *, everything: bool) -> None:
        self.text = text
        self.tokens = sentence
        self.profile = profile
        self.phrases = Phrases(text, sentence, profile)
        self.is_headline = _is_headline(text, sentence)
        self.cues = [cue for cue in cues(sentence, profile) if (everything or cue.sense.act != "belief") and self._counts(cue)]
        self.everything = everything
        self.found: list[Found] = []
        self.end = len(sentence)
        while self.end and self.tokens[self.end - 1].key in _STOPS:
            self.end -= 1

    def read(self) -> list[Found]:
        named = self._name_and_sign()
        if named:
            return [named]
        for number, cue in enumerate(self.cues):
            following = self.cues[number + 1] if number + 1 < len(self.cues) else None
            found = self._statement(cue, following)
            if found and (self.everything or not self._is_nested(found)):
                self.found.append(found)
        return self.found

    def _is_nested(self, found: Found) -> bool:
        """Whether a statement is told of within another: people who read for who speaks seldom note it."""
        if not self.found or found.rule not in _INDIRECT:
            return False
        return any(start <= found.cue[0] < end for start, end in self.found[-1].parts)

    def _name_and_sign(self) -> Found | None:
        """“Q” — S, at the end of a line · S: “Q”."""
        tokens = self.tokens
        if len(tokens) < 3 or len(tokens) > 2 + _LONGEST_NAME:  # noqa: PLR2004 -- a quotation, a sign and a name
            return None
        if tokens[0].quoted and tokens[1].key in _DASHES and self._is_name(2, self.end):
            who = self._characters((2, self.end))
            return Found(tuple(tokens[0].quoted.parts), (tokens[1].start, tokens[1].end), NAMED, "quote-dash-speaker", who)
        last = tokens[-1].quoted
        if last and tokens[-2].key == ":" and self._is_name(0, len(tokens) - 2):
            who = self._characters((0, len(tokens) - 2))
            return Found(tuple(last.parts), (tokens[-2].start, tokens[-2].end), NAMED, "speaker-colon-quote", who)
        return None

    def _is_name(self, first: int, end: int) -> bool:
        return (
            first < end
            and not self.tokens[first].quoted
            and all(
                self.phrases.is_capital(place) or not self.tokens[place].is_word or self.tokens[place].key in self.profile.prepositions
                for place in range(first, end)
            )
            and not any(cue.first < end and cue.first >= first for cue in self.cues)
        )

    def _statement(self, cue: Cue, following: Cue | None) -> Found | None:
        form = cue.sense.form
        if form is Form.BEFORE:
            return self._according(cue)
        subject = self.phrases.before(cue.first)
        if form is Form.DEPENDENT and not (subject and subject.helped):
            return self._dependent(cue, following)
        before = self.tokens[cue.first - 1] if cue.first else None
        if before is not None and before.quoted or (before and before.key == "," and cue.first > 1 and self.tokens[cue.first - 2].quoted):
            return self._inverted(cue)
        if before and before.key == "," and "quote" in cue.sense.takes and form is Form.FINITE:
            who = self.phrases.after(cue.end)
            if who and "clause" in cue.sense.takes and self._ends_sentence(who) and self._names(who):
                at = cue.first - 1
                parts = self._content(self._clause_start(at - 1), at)
                return self._make(cue, parts, self._characters(who), "content-cue-speaker", is_open=True)
        if cue.first == 0 and form is Form.FINITE:
            return self._inverted_first(cue, following)
        if subject is None:
            return self._without_subject(cue, following)
        return self._with_subject(cue, subject, following)

    # What comes before the cue is content.

    def _names(self, who: Stretch) -> bool:
        """Whether a noun phrase begins as one who speaks: with a capital letter or a determiner, and without a cue in it."""
        key = self.tokens[who[0]].key
        begins = self.phrases.is_capital(who[0]) or key in self.profile.determiners or key in self.profile.heads
        return begins and not any(who[0] <= cue.first < who[1] for cue in self.cues)

    def _ends_sentence(self, who: Stretch) -> bool:
        """Whether nothing stands behind a noun phrase, or a name's appositive alone."""
        return who[1] >= self.end or (self.tokens[who[1]].key == "," and self.phrases.is_capital(who[0]))

    def _inverted(self, cue: Cue) -> Found | None:
        """“Q,” cue S."""
        who = self.phrases.after(cue.end)
        if who is None or "quote" not in cue.sense.takes:
            return None
        at = cue.first - 1
        last = at if self.tokens[at].quoted else at - 1
        if last == at and not self._is_whole(at):
            return None
        return self._behind(cue, last, self._characters(who), "quote-cue-speaker", who[1])

    def _inverted_first(self, cue: Cue, following: Cue | None) -> Found | None:
        """Cue S: “Q.”"""
        who = self.phrases.after(cue.end)
        if who is None or who[1] >= len(self.tokens) or self.tokens[who[1]].key != ":":
            return None
        return self._ahead(cue, who[1], self._characters(who), following, rule="cue-speaker")

    def _behind(self, cue: Cue, last: int, who: Stretch | None, rule: str, tail: int) -> Found | None:
        """A statement whose content ends at the token ``last``; a quotation behind the tail goes on with it."""
        parts = self._content(self._quotation_start(last), last + 1)
        rest = self._quotation_at(self._past_adverbials(tail))
        if rest is None and self.tokens[last].quoted:
            rest = self._quotation_near(tail) or self._contrast(tail)
        if rest is not None:
            parts.extend(self._content(rest, self._content_end(rest, None)))
        return self._make(cue, parts, who, rule, is_open=self.tokens[last].quoted is not None)

    def _quotation_near(self, place: int) -> int | None:
        """A quotation that ends the sentence, behind a comma: “Q1,” S said with a smile, “Q2.”"""
        last = self.end - 1
        if any(cue.first > place for cue in self.cues[-1:]):
            return None
        return last if last > place and self.tokens[last].quoted and self.tokens[last - 1].key in {",", ":"} else None

    def _contrast(self, tail: int) -> int | None:
        """The rest of a sentence that goes on with a quotation: “Q1,” S said, but “Q2.”"""
        if tail + 2 < self.end and self.tokens[tail].key == "," and self.tokens[tail + 1].key in _AND:
            near = range(tail + 2, min(self.end, tail + 2 + _LONGEST_ADDRESSEE))
            if any(self.tokens[place].quoted for place in near) and not any(cue.first > tail for cue in self.cues):
                return tail + 1
        return None

    def _clause_start(self, last: int) -> int:
        """The first token of the content that ends at a place: behind a statement before it that is of this sentence, too."""
        start = self._past_dateline()
        for one in reversed(self.found):
            if one.parts[0][0] < one.cue[0]:
                past = one.cue[1]
                start = next((index for index in range(last, -1, -1) if self.tokens[index].start < past), -1) + 1
                while start < last and self.tokens[start].key not in _SIGNS:
                    start += 1
                start = start + 1 if start < last else 0
                break
        return start

    def _quotation_start(self, last: int) -> int:
        """The first token of a content that ends with a quotation: that one where a colon or another cue stands before it."""
        start = self._clause_start(last)
        is_parted = last > 0 and self.tokens[last - 1].key == ":"
        return last if is_parted or any(cue.first < last for cue in self.cues[:1]) and self.tokens[last].quoted else start

    def _past_dateline(self) -> int:
        """The token behind the place that a report begins with, as papers print it: WASHINGTON —"""
        for place in range(1, min(_LONGEST_NAME, self.end)):
            if self.tokens[place].key in _DASHES and self.text[self.tokens[0].start : self.tokens[0].end].isupper():
                return place + 1
        return 0

    # What comes behind the cue is content.

    def _with_subject(self, cue: Cue, subject: Subject, following: Cue | None) -> Found | None:
        who = self._characters((subject.first, subject.end))
        left = subject.first - 1
        quoted = left if left >= 0 and self.tokens[left].quoted else left - 1
        right = self._past_adverbials(cue.end)
        after_comma = left > 0 and self.tokens[left].key in {",", "—", "–", "--"}
        after_quotation = left >= 0 and quoted >= 0 and self.tokens[quoted].quoted is not None and (quoted == left or after_comma)
        if after_quotation and quoted > 0 and self._is_title(quoted) and not self._is_done(right):
            return self._ahead(cue, cue.end, who, following)
        if after_quotation and "quote" in cue.sense.takes and not (cue.end < self.end and self.tokens[cue.end].key == "that"):
            return self._behind(cue, quoted, who, "quote-speaker-cue", cue.end)
        if subject.passive and cue.sense.form is not Form.DEPENDENT:
            return None
        if after_comma and self._may_follow(cue) and left > 1 and self._is_done(right):
            return self._parenthesis(cue, left, who, right)
        return self._ahead(cue, cue.end, who, following)

    def _may_follow(self, cue: Cue) -> bool:
        """Whether a clause may stand before a cue and its subject: the cue takes one, or is a document's (the poll shows)."""
        return "clause" in cue.sense.takes or ("finding" in cue.sense.takes and self._is_document(cue.first))

    def _is_title(self, place: int) -> bool:
        """Whether a quotation within a sentence is a name or a title: it has few words, all long ones with a capital letter."""
        quoted = self.tokens[place].quoted
        words = self.text[quoted.parts[0][0] : quoted.parts[-1][1]].split() if quoted and quoted.end - quoted.start < _LONGEST_TITLE else []
        return bool(words) and all(word[0].isupper() or len(word) <= _SHORT_WORD for word in words)

    def _is_done(self, place: int) -> bool:
        """Whether nothing that could be a content stands at a place: the sentence's end, or a comma with no quotation behind it."""
        if place >= self.end:
            return True
        return self.tokens[place].key in {",", ";", "—", "–", "--"} and not (place + 1 < self.end and self.tokens[place + 1].quoted)

    def _parenthesis(self, cue: Cue, comma: int, who: Stretch | None, right: int) -> Found | None:
        """C, S cue · C, S cue, C."""
        start = comma - 1 if self.tokens[comma - 1].key in self.profile.relatives else self._clause_start(comma - 1)
        parts = self._content(start, comma)
        if right + 1 < self.end and not self._cue_at(right + 1) and self.tokens[right + 1].key not in _AND:
            parts.extend(self._content(right + 1, self.end))
        return self._make(cue, parts, who, "content-speaker-cue", is_open=right >= self.end)

    def _cue_at(self, place: int) -> bool:
        return any(cue.first == place for cue in self.cues if cue.first >= place) if place < self.end else False

    def _without_subject(self, cue: Cue, following: Cue | None) -> Found | None:
        """A cue joined to the one before it (and said …): the speaker is the same."""
        if not self.phrases.joined_to(cue.first):
            return None
        return self._ahead(cue, cue.end, self._subject_so_far(cue.first), following)

    def _dependent(self, cue: Cue, following: Cue | None) -> Found | None:
        """…, saying that C: the speaker is the subject of the clause before it."""
        before = self.tokens[cue.first - 1] if cue.first else None
        if before and before.is_word and before.key not in _AND and not self.profile.is_adverb(before.key):
            if (before.key in self.profile.prepositions or before.key in self.profile.boundaries) and "clause" in cue.sense.takes:
                return self._ahead(cue, cue.end, self._subject_so_far(cue.first), following, rule="dependent")
            if before.key in self.profile.prepositions or before.key in self.profile.determiners or cue.sense.act != "assertion":
                return None
            who = self.phrases.before(cue.first)
            return self._ahead(cue, cue.end, self._characters((who.first, who.end)), following, rule="participle") if who else None
        return self._ahead(cue, cue.end, self._subject_so_far(cue.first), following, rule="dependent")

    def _subject_so_far(self, stop: int) -> Stretch | None:
        """The speaker of the last statement of the sentence, else the noun phrase that its first clause begins with."""
        if self.found:
            return self.found[-1].speaker
        who = self.phrases.after(0)
        return None if who is None or who[1] > stop else self._characters(who)

    def _ahead(self, cue: Cue, place: int, who: Stretch | None, following: Cue | None, rule: str = "speaker-cue") -> Found | None:
        """The statement whose content stands behind a cue."""
        start = self._past_adverbials(place)
        takes = cue.sense.takes
        quotation = self._quotation_at(start)
        if quotation is not None and "quote" in takes:
            end = self._content_end(quotation, following)
            whole = end == quotation + 1
            return self._make(cue, self._content(quotation, end), who, f"{rule}-quote", is_open=whole)
        if start + 1 >= self.end and start < len(self.tokens) and self.tokens[min(start, self.end - 1)].key == ":":
            return self._make(cue, [], who, f"{rule}-colon", is_waiting=True)
        kind, start = self._opening(cue, start, of_document=self._is_document(cue.first))
        if not kind:
            return None
        end = self._content_end(start, following, of_object=kind == "object")
        if kind == "object" and cue.sense.act != "accusation":
            end = self._object_end(start, end)
        if self._is_subordinate(cue.first, rule):
            end = self._first_comma(start, end)
        if end - start < _SHORTEST_CLAUSE and not self.tokens[start].quoted:
            return None
        return self._make(cue, self._content(start, end), who, f"{rule}-{kind}")

    def _opening(self, cue: Cue, start: int, *, of_document: bool) -> tuple[str, int]:
        """How the content behind a cue begins, and where; nothing where it is none that the cue takes."""
        profile, takes, tokens = self.profile, cue.sense.takes, self.tokens
        if start >= self.end or tokens[start].key in _STOPS:
            return "", start
        limit = min(self.end, start + _LONGEST_SUBJECT)
        key = tokens[start].key
        if key in profile.complementisers and takes & {"that", "clause"}:
            return "that", start
        for place in range(start, limit):
            if tokens[place].key == "that" and "that" in takes and "addressee" in takes and not self._has_sign(start, place):
                return "that", place
            if tokens[place].key in profile.infinitives and "infinitive" in takes and self._may_reach(start, place, takes):
                return "infinitive", place
            if tokens[place].quoted and "quote" in takes and place > start and tokens[place - 1].key in {",", ":"}:
                return "quote", place
        if key in {",", ";"}:
            return "", start
        if key in profile.auxiliaries and key not in profile.infinitives:
            return ("clause", start) if self._is_relative(cue.first) else ("", start)
        if "addressee" in takes and "clause" in takes:
            start = self._past_addressee(start, limit)
        if "any" in takes and key not in profile.infinitives:
            return "clause", start
        if "clause" in takes and key not in profile.prepositions and key not in profile.infinitives and self._has_verb(start):
            return "clause", start
        if key in profile.prepositions and key not in profile.complementisers:
            return "", start
        return ("object", start) if "object" in takes or ("finding" in takes and of_document) else ("", start)

    def _is_relative(self, cue: int) -> bool:
        """Whether a relative pronoun behind a comma stands before the subject: “…, which he said were …”."""
        subject = self.phrases.before(cue)
        first = subject.first if subject else 0
        return first > 1 and self.tokens[first - 1].key in self.profile.relatives and self.tokens[first - 2].key == ","

    def _may_reach(self, start: int, place: int, takes: frozenset[str]) -> bool:
        """Whether the infinitive at a place belongs to the cue: no sign stands before it, nor an object that the cue takes, too."""
        return place == start or ("object" not in takes and not self._has_sign(start, place))

    def _is_document(self, cue: int) -> bool:
        """Whether what a cue is told of is a poll, a study or the like: what it shows is said."""
        subject = self.phrases.before(cue)
        return subject is not None and any(token.key in self.profile.documents for token in self.tokens[subject.first : subject.end])

    def _past_addressee(self, start: int, limit: int) -> int:
        """The token that a clause seems to begin with, behind the one who is told: a pronoun, or a determiner."""
        profile = self.profile
        for place in range(start + 1, limit):
            key = self.tokens[place].key
            if not self.tokens[place].is_word:
                break
            if (key in profile.pronouns or key in profile.determiners) and self.tokens[place - 1].key not in profile.prepositions:
                return place
        return start

    def _has_verb(self, start: int) -> bool:
        """Whether a clause seems to begin at a place: with a pronoun, or with an auxiliary or a cue before the next sign."""
        profile = self.profile
        if self.tokens[start].key in profile.pronouns or self.tokens[start].key in profile.impersonal:
            return True
        for token in self.tokens[start : min(self.end, start + _LONGEST_SUBJECT)]:
            if token.key in profile.auxiliaries:
                return True
            if token.is_word and token.key.endswith(profile.verb_endings):
                return True
        return False

    def _object_end(self, start: int, end: int) -> int:
        """The token behind a noun phrase: at a comma, at the word of another clause, or behind a quotation that a verb follows."""
        profile = self.profile
        for place in range(start + 1, end):
            token = self.tokens[place]
            if token.key in profile.cuts or (token.key in {",", "—", "–", "--", ":"} and not self._goes_on(place)):
                return place
            if self.tokens[place - 1].quoted and place > start and not self._is_joint(token.key):
                return place
        return end

    def _is_joint(self, key: str) -> bool:
        """Whether a word goes on with the noun phrase before it."""
        return key in self.profile.prepositions or key in self.profile.relatives or key in _AND or key in _SIGNS

    def _goes_on(self, place: int) -> bool:
        """Whether a comma parts the members of a list: a noun with a capital letter or a conjunction follows it."""
        return place + 1 < self.end and (self.phrases.is_capital(place + 1) or self.tokens[place + 1].quoted is not None)

    def _is_subordinate(self, cue: int, rule: str) -> bool:
        """Whether a cue stands in a clause before the main one: “Although he has admitted …, he …”."""
        if rule in {"dependent", "participle"}:
            return not self.found and not any(token.key == "," or token.key in self.profile.auxiliaries for token in self.tokens[:cue])
        first = 1 if self.tokens[0].key in _AND and self.tokens[1:] else 0
        if self.tokens[first].key not in self.profile.subordinators:
            return False
        return not any(token.key == "," for token in self.tokens[first : min(cue, first + _LONGEST_CONTENT)])

    def _first_comma(self, start: int, end: int) -> int:
        for place in range(start + 1, end):
            if self.tokens[place].key == ",":
                return place
        return end

    def _past_addressee(self, start: int, limit: int) -> int:
        """The token that a clause seems to begin with, behind the one who is told: a pronoun, or a determiner."""
        profile = self.profile
        for place in range(start + 1, limit):
            key = self.tokens[place].key
            if not self.tokens[place].is_word:
                break
            if (key in profile.pronouns or key in profile.determiners) and self.tokens[place - 1].key not in profile.prepositions:
                return place
        return start

    def _has_verb(self, start: int) -> bool:
        """Whether a clause seems to begin at a place: with a pronoun, or with an auxiliary or a cue before the next sign."""
        profile = self.profile
        if self.tokens[start].key in profile.pronouns or self.tokens[start].key in profile.impersonal:
            return True
        for token in self.tokens[start : min(self.end, start + _LONGEST_SUBJECT)]:
            if token.key in profile.auxiliaries:
                return True
            if token.is_word and token.key.endswith(profile.verb_endings):
                return True
        return False

    def _quotation_within(self, start: int, end: int) -> int:
        """The token behind the first quotation of an object, where one stands near: “called the plan a ‘disgrace’”."""
        for place in range(start, min(end, start + _LONGEST_ADDRESSEE)):
            if self.tokens[place].quoted:
                return place + 1
            if self.tokens[place].key in _SIGNS:
                break
        return end

    def _has_sign(self, start: int, end: int) -> bool:
        return any(self.tokens[place].key in _SIGNS for place in range(start, end))

    def _content_end(self, start: int, following: Cue | None, *, of_object: bool = False) -> int:
        """The token behind the content that begins at a place: the sentence's end, or where another cue's words begin."""
        if self.tokens[start].quoted and (start + 1 >= self.end or self.tokens[start + 1].key in _SIGNS or self._is_whole(start)):
            return start + 1
        for place in range(start, min(self.end, start + _LONGEST_CONTENT)):
            key = self.tokens[place].key
            if key == ";" or (key == "," and place + 1 < self.end and self.tokens[place + 1].key in self.profile.cuts):
                return min(place, self._cue_before(start, place, following, of_object=of_object))
        return self._cue_before(start, self.end, following, of_object=of_object)

    def _is_whole(self, place: int) -> bool:
        """Whether a quotation ends with a sign that ends speech: what follows it is no content."""
        quoted = self.tokens[place].quoted
        return quoted is not None and self.text[quoted.parts[-1][1] - 1] in ".,!?…"

    def _cue_before(self, start: int, end: int, following: Cue | None, *, of_object: bool = False) -> int:
        """The token before the words of the next cue, where that begins a statement of its own; else the end that is given."""
        if following and following.first > start:
            before = self.tokens[following.first - 1].key
            if following.sense.form is Form.DEPENDENT and before == ",":
                return following.first - 1
            if following.sense.form is Form.BEFORE and before == ",":
                return following.first - 1
            if (
                following.sense.form is Form.FINITE
                and (of_object or "clause" in following.sense.takes)
                and self.phrases.joined_to(following.first)
            ):
                return self._conjunction_before(following.first)
            if following.sense.form is Form.FINITE:
                subject = self.phrases.before(following.first)
                before = self.tokens[subject.first - 1].key if subject and subject.first > start else ""
                if before in _AND:
                    return self._conjunction_before(subject.first - 1) if subject else end
        return end

    def _conjunction_before(self, place: int) -> int:
        """The token of the conjunction before a verb, or of the comma before that."""
        while self.tokens[place].key not in _AND:
            place -= 1
        return place - 1 if self.tokens[place - 1].key == "," else place

    def _past_adverbials(self, place: int) -> int:
        """The token behind the words between a cue and its content: adverbs, times, “in an interview”."""
        profile, tokens = self.profile, self.tokens
        for _ in range(_LONGEST_ADDRESSEE):
            if place >= self.end:
                return place
            token = tokens[place]
            if token.is_word and (token.key in profile.times or profile.is_adverb(token.key)):
                place += 1
            elif token.key in profile.prepositions and token.key not in {"like", "for", "of", "to"}:
                end = self._phrase_end(place)
                if end is None:
                    return place
                place = end
            else:
                return place
        return place

    def _phrase_end(self, place: int) -> int | None:
        """The token behind a prepositional phrase that a colon, comma, quotation, complementiser or the sentence's end follows."""
        for end in range(place + 1, min(self.end, place + _LONGEST_ADDRESSEE) + 1):
            if end >= self.end or self.tokens[end].quoted or self.tokens[end].key in {",", ":"} or self.tokens[end].key == "that":
                return end
            if (not self.tokens[end].is_word and self.tokens[end].key != ".") or self.tokens[end].key in self.profile.auxiliaries:
                return None
        return None

    def _quotation_at(self, place: int) -> int | None:
        """The place of a quotation at a token, perhaps behind a comma or colon."""
        if place < self.end and self.tokens[place].key in {",", ":", "—", "–", "-", "that"}:
            place += 1
        return place if place < self.end and self.tokens[place].quoted else None

    # According to.

    def _according(self, cue: Cue) -> Found | None:
        phrase = self.phrases.after(cue.end)
        if phrase is None:
            return None
        who = self._characters(phrase)
        before = cue.first
        while before and self.tokens[before - 1].key in _SIGNS:
            before -= 1
        if before < _SHORTEST_CLAUSE:
            start = phrase[1]
            while start < self.end and self.tokens[start].key not in {",", ":"}:
                start += 1
            if start + 1 >= self.end:
                return None
            return self._make(cue, self._content(start + 1, self.end), who, "according-first")
        return self._make(cue, self._content(self._clause_start(before - 1), before), who, "according-last")

    # Words that are verbs only perhaps.

    def _counts(self, cue: Cue) -> bool:
        """Whether the words of a cue are one here: no name, no adjective (an alleged thief), no noun."""
        form = cue.sense.form
        if form is Form.BEFORE:
            return True
        if self.phrases.is_name(cue.first) and not self.is_headline:
            return False
        before = self.tokens[cue.first - 1].key if cue.first else ""
        if before in self.profile.determiners and before not in self.profile.pronouns:
            return False
        return form is not Form.UNSURE or self._is_verb(cue, self.phrases.before(cue.first))

    def _is_verb(self, cue: Cue, subject: Subject | None) -> bool:
        if subject is None or subject.end <= subject.first:
            return False
        key = self.tokens[cue.end - 1].key
        if subject.helped:
            return key.endswith("s") or not self._is_unreal(subject.end, cue.first)
        profile, last = self.profile, self.tokens[subject.end - 1]
        if last.key in profile.determiners - profile.pronouns or last.key in profile.prepositions or last.key.endswith("'s"):
            return False
        is_plural = (
            any(token.key == "and" for token in self.tokens[subject.first : subject.end])
            or last.key.endswith("s")
            or last.key
            in {
                "i",
                "you",
                "we",
                "they",
                "people",
                "who",
                "that",
                "others",
                "some",
                "many",
                "police",
                "critics",
            }
        )
        key = self.tokens[cue.first].key
        if (
            last.key in profile.determiners
            and last.key in profile.pronouns
            and subject.end - subject.first == 1
            and cue.sense.kind != "say"
        ):
            return False
        if last.key in profile.relatives:
            return True
        if key.endswith("s") and not key.endswith("ss"):
            return not is_plural and (last.key in profile.pronouns or last.key in profile.heads or self.phrases.is_capital(subject.end - 1))
        return is_plural

    def _is_unreal(self, first: int, end: int) -> bool:
        """Whether the words before a verb say that nothing was said: “to say”, “did not say”, “could say”."""
        return any(token.key in self.profile.unreal for token in self.tokens[first:end])

    def _content(self, first: int, end: int) -> list[Stretch]:
        """The characters of tokens, without signs at their ends; without its marks where they are one quotation."""
        tokens = self.tokens
        while first < end and not tokens[first].is_word and not tokens[first].quoted and tokens[first].key in _SIGNS:
            first += 1
        while end > first and tokens[end - 1].key in _SIGNS:
            end -= 1
        if first >= end:
            return []
        quoted = tokens[first].quoted
        return list(quoted.parts) if quoted and end == first + 1 else [(tokens[first].start, tokens[end - 1].end)]

    def _make(
        self, cue: Cue, parts: list[Stretch], who: Stretch | None, rule: str, *, is_open: bool = False, is_waiting: bool = False
    ) -> Found | None:
        kept = tuple(parts)
        if not kept and not is_waiting:
            return None
        stretch = self.tokens[cue.first].start, self.tokens[cue.end - 1].end
        no_speaker = None if who else NoSpeaker.ELIDED
        return Found(kept, stretch, cue.sense, rule, who, no_speaker, is_open=is_open, is_waiting=is_waiting)

    def _characters(self, tokens: Stretch) -> Stretch:
        return self.tokens[tokens[0]].start, self.tokens[tokens[1] - 1].end


def _is_headline(text: str, sentence: Sequence[Token]) -> bool:
    """Whether a sentence is written as a title: all its long words have a capital letter."""
    long = [token for token in sentence[:_LONGEST_HEADLINE] if token.is_word and len(token.key) > _SHORT_WORD and token.key[0].isalpha()]
    return len(long) >= _SHORT_WORD and all(text[token.start].isupper() for token in long)


def medial(text: str, sentence: Sequence[Token], profile: Profile, *, everything: bool) -> list[Found]:
    """The statements of a sentence, in the order of their cues."""
    return _Sentence(text, sentence, profile, everything=everything).read()
