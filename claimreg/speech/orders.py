"""Patterns of content, speaker and cue in a sentence of a language whose verb stands between its subject and what is said.

“Q,” S cue · “Q,” cue S · S cue “Q” · S cue (that) C · C, S cue · according to S, C · C, according to S.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from claimreg.speech.cues import cues
from claimreg.speech.profile import Form
from claimreg.speech.speakers import Phrases, Subject
from claimreg.speech.types import NoSpeaker

if TYPE_CHECKING:
    from collections.abc import Sequence

    from claimreg.speech.cues import Cue
    from claimreg.speech.profile import Profile, Sense
    from claimreg.speech.sentences import Token

Stretch = tuple[int, int]

_SIGNS = frozenset([",", ";", ":", "—", "–", "--", "-"])
_STOPS = frozenset([".", "!", "?", "…", ")", "]"])
_AND = frozenset(["and", "or", "but"])
_LONGEST_ADDRESSEE = 12
_SHORTEST_CLAUSE = 2


class Found(NamedTuple):
    """A statement in the normal form's characters; ``is_open`` where a quotation of the next sentence may go on with it."""

    parts: tuple[Stretch, ...]
    cue: Stretch
    sense: Sense
    rule: str
    speaker: Stretch | None = None
    no_speaker: NoSpeaker | None = None
    is_open: bool = False
    is_waiting: bool = False
    """Whether the content is the quotation that the next sentence is: the cue ends its own with a colon."""


class _Sentence:
    """The statements of one sentence, cue by cue."""

    def __init__(self, text: str, sentence: Sequence[Token], profile: Profile, *, everything: bool) -> None:
        self.text = text
        self.tokens = sentence
        self.profile = profile
        self.phrases = Phrases(text, sentence, profile)
        self.cues = [cue for cue in cues(sentence, profile) if everything or cue.sense.act != "belief"]
        self.found: list[Found] = []
        self.end = len(sentence)
        while self.end and self.tokens[self.end - 1].key in _STOPS:
            self.end -= 1

    def read(self) -> list[Found]:
        for number, cue in enumerate(self.cues):
            following = self.cues[number + 1] if number + 1 < len(self.cues) else None
            found = self._statement(cue, following)
            if found:
                self.found.append(found)
        return self.found

    def _statement(self, cue: Cue, following: Cue | None) -> Found | None:
        form = cue.sense.form
        if form is Form.BEFORE:
            return self._according(cue)
        subject = self.phrases.before(cue.first)
        if form is Form.UNSURE and not self._is_verb(cue, subject):
            return None
        if form is Form.DEPENDENT and not (subject and subject.helped):
            return self._dependent(cue, following)
        before = self.tokens[cue.first - 1] if cue.first else None
        if before is not None and before.quoted or (before and before.key == "," and cue.first > 1 and self.tokens[cue.first - 2].quoted):
            return self._inverted(cue)
        if subject is None:
            return self._without_subject(cue, following)
        return self._with_subject(cue, subject, following)

    # What comes before the cue is content.

    def _inverted(self, cue: Cue) -> Found | None:
        """“Q,” cue S."""
        who = self.phrases.after(cue.end)
        if who is None or "quote" not in cue.sense.takes:
            return None
        at = cue.first - 1
        last = at if self.tokens[at].quoted else at - 1
        return self._behind(cue, last, self._characters(who), "quote-cue-speaker", who[1])

    def _behind(self, cue: Cue, last: int, who: Stretch | None, rule: str, tail: int) -> Found | None:
        """A statement whose content ends at the token ``last``; a quotation behind the tail goes on with it."""
        parts = [self._content(self._clause_start(last), last + 1)]
        rest = self._quotation_at(self._past_adverbials(tail))
        if rest is None and self.tokens[last].quoted:
            rest = self._quotation_near(tail)
        if rest is not None:
            parts.append(self._content(rest, self._content_end(rest, None)))
        return self._make(cue, parts, who, rule, is_open=self.tokens[last].quoted is not None)

    def _quotation_near(self, place: int) -> int | None:
        """A quotation that ends the sentence, behind a comma: “Q1,” S said with a smile, “Q2.”"""
        last = self.end - 1
        return last if last > place and self.tokens[last].quoted and self.tokens[last - 1].key in {",", ":"} else None

    def _clause_start(self, last: int) -> int:
        """The first token of the content that ends at a place: behind a statement before it that is of this sentence, too."""
        if not self.found:
            return 0
        past = self.found[-1].cue[1]
        start = next((index for index in range(last, -1, -1) if self.tokens[index].start < past), -1) + 1
        while start < last and self.tokens[start].key not in _SIGNS:
            start += 1
        return start + 1 if start < last else 0

    # What comes behind the cue is content.

    def _with_subject(self, cue: Cue, subject: Subject, following: Cue | None) -> Found | None:
        who = self._characters((subject.first, subject.end))
        left = subject.first - 1
        quoted = left if left >= 0 and self.tokens[left].quoted else left - 1
        right = self._past_adverbials(cue.end)
        after_comma = left > 0 and self.tokens[left].key in {",", "—", "–", "--"}
        after_quotation = left >= 0 and quoted >= 0 and self.tokens[quoted].quoted is not None and (quoted == left or after_comma)
        if after_quotation and not self._opens_clause(cue, right):
            return self._behind(cue, quoted, who, "quote-speaker-cue", cue.end)
        if subject.passive and not cue.sense.kind == "say":
            return None
        if after_comma and "clause" in cue.sense.takes and left > 1 and self._is_done(right):
            return self._parenthesis(cue, left, who, right)
        return self._ahead(cue, cue.end, who, following)

    def _is_done(self, place: int) -> bool:
        """Whether nothing that could be a content stands at a place: the sentence's end, or a comma with no quotation behind it."""
        if place >= self.end:
            return True
        return self.tokens[place].key in {",", ";", "—", "–", "--"} and not (place + 1 < self.end and self.tokens[place + 1].quoted)

    def _parenthesis(self, cue: Cue, comma: int, who: Stretch | None, right: int) -> Found | None:
        """C, S cue · C, S cue, C."""
        start = self._clause_start(comma - 1)
        parts = [self._content(start, comma)]
        if right + 1 < self.end and not self._cue_at(right + 1) and self.tokens[right + 1].key not in _AND:
            parts.append(self._content(right + 1, self.end))
        return self._make(cue, parts, who, "content-speaker-cue")

    def _cue_at(self, place: int) -> bool:
        return any(cue.first == place for cue in self.cues if cue.first >= place) if place < self.end else False

    def _opens_clause(self, cue: Cue, place: int) -> bool:
        """Whether a clause stands at a place that is content of the cue: “…,” he said that …"""
        if place >= self.end:
            return False
        return self.tokens[place].key in self.profile.complementisers and self.tokens[place].key in {"that"} and bool(cue.sense.takes)

    def _without_subject(self, cue: Cue, following: Cue | None) -> Found | None:
        """A cue joined to the one before it (and said …): the speaker is the same."""
        before = self.tokens[cue.first - 1].key if cue.first else ""
        if before not in _AND or not self.found:
            return None
        last = self.found[-1]
        return self._ahead(cue, cue.end, last.speaker, following)

    def _dependent(self, cue: Cue, following: Cue | None) -> Found | None:
        """…, saying that C: the speaker is the subject of the clause before it."""
        before = self.tokens[cue.first - 1].key if cue.first else ""
        if before not in {",", '"', "and", "by", "—", "–"} and not (before and self.profile.is_adverb(before)):
            return None
        who = self.found[-1].speaker if self.found else self._first_subject(cue.first)
        return self._ahead(cue, cue.end, who, following, rule="dependent")

    def _first_subject(self, stop: int) -> Stretch | None:
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
            return self._make(cue, [self._content(quotation, end)], who, f"{rule}-quote", is_open=whole)
        if start + 1 >= self.end and start < len(self.tokens) and self.tokens[min(start, self.end - 1)].key == ":":
            return self._make(cue, [], who, f"{rule}-colon", is_waiting=True)
        kind, start = self._opening(cue, start)
        if not kind:
            return None
        end = self._content_end(start, following)
        if end - start < _SHORTEST_CLAUSE and not self.tokens[start].quoted:
            return None
        return self._make(cue, [self._content(start, end)], who, f"{rule}-{kind}")

    def _opening(self, cue: Cue, start: int) -> tuple[str, int]:
        """How the content behind a cue begins, and where; nothing where it is none that the cue takes."""
        profile, takes, tokens = self.profile, cue.sense.takes, self.tokens
        if start >= self.end or tokens[start].key in _STOPS:
            return "", start
        limit = min(self.end, start + _LONGEST_ADDRESSEE)
        key = tokens[start].key
        if key in profile.complementisers and takes & {"that", "clause"}:
            return "that", start
        for place in range(start, limit):
            if tokens[place].key == "that" and "that" in takes and not self._has_sign(start, place):
                return "that", place
            if tokens[place].key in profile.infinitives and "infinitive" in takes:
                return "infinitive", place
            if tokens[place].quoted and "quote" in takes and place > start and tokens[place - 1].key in {",", ":"}:
                return "quote", place
        if "clause" in takes and key not in {",", ";"} and key not in profile.prepositions and key not in profile.infinitives:
            return "clause", start
        if "object" in takes and key not in {",", ";"}:
            return "object", start
        return "", start

    def _has_sign(self, start: int, end: int) -> bool:
        return any(self.tokens[place].key in _SIGNS for place in range(start, end))

    def _content_end(self, start: int, following: Cue | None) -> int:
        """The token behind the content that begins at a place: the sentence's end, or where another cue's words begin."""
        if self.tokens[start].quoted and (
            start + 1 >= self.end or self.tokens[start + 1].key in _SIGNS or self.tokens[start + 1].key in _AND
        ):
            return start + 1
        if following and following.first > start:
            before = self.tokens[following.first - 1].key
            if following.sense.form is Form.DEPENDENT and before == ",":
                return following.first - 1
            if following.sense.form is Form.BEFORE and before == ",":
                return following.first - 1
            if before in _AND and following.sense.form is Form.FINITE and following.sense.kind == "say":
                return following.first - 1
        return self.end

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
            if not self.tokens[end].is_word and self.tokens[end].key != ".":
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
            return self._make(cue, [self._content(start + 1, self.end)], who, "according-first")
        return self._make(cue, [self._content(self._clause_start(before - 1), before)], who, "according-last")

    # Words that are verbs only perhaps.

    def _is_verb(self, cue: Cue, subject: Subject | None) -> bool:
        if subject is None or subject.end <= subject.first:
            return False
        if subject.helped:
            return True
        profile, last = self.profile, self.tokens[subject.end - 1]
        if last.key in profile.determiners - profile.pronouns or last.key in profile.prepositions or last.key.endswith("'s"):
            return False
        is_plural = last.key.endswith("s") or last.key in {
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
        is_third = self.tokens[cue.end - 1].key.endswith("s")
        return is_plural != is_third or last.key in {"who", "that", "which"}

    def _content(self, first: int, end: int) -> Stretch:
        """The characters of tokens, without signs at their ends; without its marks where they are one quotation."""
        tokens = self.tokens
        while first < end and not tokens[first].is_word and not tokens[first].quoted and tokens[first].key in _SIGNS:
            first += 1
        while end > first and tokens[end - 1].key in _SIGNS:
            end -= 1
        return tokens[first].start if first < len(tokens) else 0, tokens[end - 1].end if end > first else 0

    def _make(
        self, cue: Cue, parts: list[Stretch], who: Stretch | None, rule: str, *, is_open: bool = False, is_waiting: bool = False
    ) -> Found | None:
        kept = tuple((start, end) for start, end in parts if end > start)
        if not kept and not is_waiting:
            return None
        stretch = self.tokens[cue.first].start, self.tokens[cue.end - 1].end
        no_speaker = None if who else NoSpeaker.ELIDED
        return Found(kept, stretch, cue.sense, rule, who, no_speaker, is_open=is_open, is_waiting=is_waiting)

    def _characters(self, tokens: Stretch) -> Stretch:
        return self.tokens[tokens[0]].start, self.tokens[tokens[1] - 1].end


def medial(text: str, sentence: Sequence[Token], profile: Profile, *, everything: bool) -> list[Found]:
    """The statements of a sentence, in the order of their cues."""
    return _Sentence(text, sentence, profile, everything=everything).read()
