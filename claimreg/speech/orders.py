"""Patterns of content, speaker and cue in a sentence of a language whose verb stands between its subject and what is said.

“Q,” S cue · “Q,” cue S · S cue “Q” · S cue (that) C · C, S cue · according to S, C · C, according to S.
"""

from __future__ import annotations

from bisect import bisect_left
from typing import TYPE_CHECKING, NamedTuple

from claimreg.speech.clauses import DASHES, PARTING, SIGNS, Clauses
from claimreg.speech.profile import Form, Sense
from claimreg.speech.speakers import Phrases, Subject
from claimreg.speech.types import Act, NoSpeaker
from claimreg.speech.verbs import true_cues

if TYPE_CHECKING:
    from collections.abc import Sequence

    from claimreg.speech.cues import Cue
    from claimreg.speech.profile import Profile
    from claimreg.speech.sentences import Token

Stretch = tuple[int, int]

_SHORTEST_CLAUSE = 2
_LONGEST_NAME = 8
_SIGNED = 2
"""Tokens beside a name that is signed under a quotation: that and the sign."""
_FEW = 3
"""Commas at the most between a sentence's begin and its subject."""
_NEAR = 12
"""Tokens behind a cue in which a quotation goes on with the one before it."""
NAMED = Sense("sign", Act.ASSERTION, frozenset(["quote"]), Form.BEFORE)
"""Sense of a colon or a dash beside a name."""
_INDIRECT = frozenset(["speaker-cue-clause", "speaker-cue-that", "speaker-cue-infinitive", "speaker-cue-object"])
"""Rules whose statements count only where they stand in no other: nobody notes both of “he said she said”."""


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
    """True where the content is the sentence before: the cue points back to it (about this)."""
    is_waiting: bool = False
    """True where the content is the quotation that the next sentence is: the cue ends its own with a colon."""


def medial(text: str, sentence: Sequence[Token], profile: Profile, *, everything: bool) -> list[Found]:
    """The statements of a sentence, in the order of their cues."""
    phrases = Phrases(text, sentence, profile)
    cues = true_cues(phrases, everything=everything)
    return _Sentence(phrases, cues, everything=everything).read()


class _Sentence:
    """The statements of one sentence, cue by cue."""

    def __init__(self, phrases: Phrases, cues: list[Cue], *, everything: bool) -> None:
        self.tokens = phrases.sentence
        self.profile = phrases.profile
        self.phrases = phrases
        self.clauses = Clauses(phrases, cues)
        self.end = self.clauses.end
        self.cues = cues
        self.everything = everything
        self.found: list[Found] = []
        self.past = 0
        """The first character behind the last cue whose content stands before it."""
        self.first_auxiliary = next((place for place, token in enumerate(self.tokens) if token.key in self.profile.auxiliaries), self.end)

    def read(self) -> list[Found]:
        if not self.cues:
            named = self._name_and_sign()
            return [named] if named else []
        for cue, following in zip(self.cues, [*self.cues[1:], None], strict=True):
            found = self._statement(cue, following)
            if found and (self.everything or not self._is_nested(found)):
                self.found.append(found)
                if found.parts and found.parts[0][0] < found.cue[0]:
                    self.past = found.cue[1]
        return self.found

    def _is_nested(self, found: Found) -> bool:
        """Return whether a statement is told of within the one before it."""
        if not self.found or found.rule not in _INDIRECT:
            return False
        return any(start <= found.cue[0] < end for start, end in self.found[-1].parts)

    def _name_and_sign(self) -> Found | None:
        """“Q” — S, at the end of a line · S: “Q”."""
        tokens = self.tokens
        if not _SIGNED < len(tokens) <= _SIGNED + _LONGEST_NAME:
            return None
        for sign, quoted, name in ((1, tokens[0].quoted, (2, self.end)), (len(tokens) - 2, tokens[-1].quoted, (0, len(tokens) - 2))):
            is_sign = tokens[sign].key in DASHES if sign == 1 else tokens[sign].key == ":"
            if quoted and is_sign and self._is_name(*name):
                rule = "quote-dash-speaker" if name[0] else "speaker-colon-quote"
                return Found(tuple(quoted.parts), (tokens[sign].start, tokens[sign].end), NAMED, rule, self._characters(name))
        return None

    def _is_name(self, first: int, end: int) -> bool:
        """Return whether all words of a stretch have a capital letter, but for prepositions."""
        if first >= end or any(token.quoted for token in self.tokens[first:end]):
            return False
        places = [place for place in range(first, end) if self.tokens[place].is_word]
        return bool(places) and all(self.phrases.is_capital(one) or self.tokens[one].key in self.profile.prepositions for one in places)

    def _statement(self, cue: Cue, following: Cue | None) -> Found | None:
        if cue.sense.form is Form.BEFORE:
            return self._according(cue)
        subject = self.phrases.before(cue.first)
        if cue.sense.form is Form.DEPENDENT and not (subject and subject.helped):
            return self._dependent(cue, following)
        quoted = self._quotation_before(cue.first)
        if quoted is not None:
            return self._inverted(cue, quoted)
        if cue.first == 0 and cue.sense.form is Form.FINITE:
            return self._inverted_first(cue, following)
        return self._inverted_clause(cue) or self._with_subject(cue, subject, following)

    # What comes before the cue is content.

    def _quotation_before(self, place: int) -> int | None:
        """The place of a quotation right before a token, perhaps with a comma behind it."""
        before = place - 1
        if before > 0 and self.tokens[before].key in PARTING:
            before -= 1
        return before if before >= 0 and self.tokens[before].quoted else None

    def _inverted(self, cue: Cue, quoted: int) -> Found | None:
        """“Q,” cue S."""
        who = self.phrases.after(cue.end)
        is_name = quoted == cue.first - 1 and not self.clauses.is_whole(quoted)
        if who is None or is_name or "quote" not in cue.sense.takes:
            return None
        return self._behind(cue, quoted, who, "quote-cue-speaker", who[1])

    def _inverted_first(self, cue: Cue, following: Cue | None) -> Found | None:
        """Cue S: “Q.”"""  # noqa: D400, D415 -- a pattern
        who = self.phrases.after(cue.end)
        if who is None or who[1] >= len(self.tokens) or self.tokens[who[1]].key != ":":
            return None
        return self._ahead(cue._replace(end=who[1]), self._characters(who), following, "cue-speaker", cue)

    def _inverted_clause(self, cue: Cue) -> Found | None:
        """C, cue S, at the sentence's end, or before a name's appositive."""
        comma = cue.first - 1
        if comma < 1 or self.tokens[comma].key != "," or cue.sense.form is not Form.FINITE or "clause" not in cue.sense.takes:
            return None
        who = self.phrases.after(cue.end)
        if who is None or self.clauses.has_cue(*who):
            return None
        is_capital = self.phrases.is_capital(who[0])
        key = self.tokens[who[0]].key
        is_last = who[1] >= self.end or (self.tokens[who[1]].key == "," and is_capital)
        if not is_last or not (is_capital or key in self.profile.determiners or key in self.profile.heads):
            return None
        parts = self.clauses.content(self._clause_start(comma - 1), comma)
        return self._make(cue, parts, self._characters(who), "content-cue-speaker", is_open=True)

    def _behind(self, cue: Cue, last: int, who: Stretch, rule: str, tail: int) -> Found | None:
        """A statement whose content ends at the quotation ``last``; one behind the tail goes on with it."""
        has_other = self.tokens[last - 1].key == ":" if last else False
        first = last if has_other or self.clauses.has_cue(0, last) else self._clause_start(last)
        parts = self.clauses.content(first, last + 1)
        rest = self.clauses.quotation_at(self.clauses.past_adverbials(tail))
        if rest is None and not self.clauses.has_cue(tail, self.end):
            rest = self._quotation_near(tail)
        if rest is not None:
            parts.extend(self.clauses.content(rest, self.clauses.content_end(rest, None)))
        return self._make(cue, parts, self._characters(who), rule, is_open=True)

    def _quotation_near(self, tail: int) -> int | None:
        """Return where a sentence goes on with a quotation: “Q1,” S said with a smile, “Q2.” · “Q1,” S said, but “Q2.”"""  # noqa: D400, D415 -- patterns
        last = self.end - 1
        if last > tail and self.tokens[last].quoted and self.tokens[last - 1].key in {",", ":"}:
            return last
        if tail + 2 < self.end and self.tokens[tail].key == "," and self.clauses.is_joined(tail + 1):
            return tail + 1 if any(token.quoted for token in self.tokens[tail + 2 : min(self.end, tail + _NEAR)]) else None
        return None

    def _clause_start(self, last: int) -> int:
        """The first token of the content that ends at a place: behind a statement that stands before it in the sentence."""
        if not self.past:
            return self.clauses.past_dateline()
        start = bisect_left(self.tokens, self.past, key=lambda token: token.start)
        while start < last and self.tokens[start].key not in SIGNS:
            start += 1
        return start + 1 if start < last else 0

    def _parenthesis(self, cue: Cue, comma: int, who: Stretch, right: int) -> Found | None:
        """C, S cue · C, S cue, C."""
        start = comma - 1 if self.tokens[comma - 1].key in self.profile.relatives else self._clause_start(comma - 1)
        parts = self.clauses.content(start, comma)
        if right + 1 < self.end and not self.clauses.has_cue(right + 1, right + 2) and not self.clauses.is_joined(right + 1):
            parts.extend(self.clauses.content(right + 1, self.end))
        return self._make(cue, parts, self._characters(who), "content-speaker-cue", is_open=right >= self.end)

    # What comes behind the cue is content, or may be.

    def _with_subject(self, cue: Cue, subject: Subject | None, following: Cue | None) -> Found | None:
        """S cue C, or a verb that is joined to the one before it."""
        if subject is None:
            joined = self.phrases.joined_to(cue.first)
            return self._ahead(cue, self._subject_so_far(cue.first), following) if joined else None
        who = subject.first, subject.end
        left = subject.first - 1
        key = self.tokens[left].key if left >= 0 else ""
        is_compared = key in self.profile.subordinators and key not in self.profile.cuts
        quoted = self._quotation_before(left if is_compared else subject.first)
        right = self.clauses.past_adverbials(cue.end)
        is_done = self.clauses.is_done(right)
        is_title = quoted is not None and quoted > 0 and not is_done and self.clauses.is_title(quoted)
        is_linked = cue.end < self.end and self.tokens[cue.end].key in self.profile.links
        if quoted is not None and not is_title and not is_linked and "quote" in cue.sense.takes:
            return self._behind(cue, quoted, who, "quote-speaker-cue", cue.end)
        if subject.passive and cue.sense.form is not Form.DEPENDENT:
            return self._passive(cue, who, following)
        is_parted = quoted is None and left > 1 and self.tokens[left].key in PARTING
        if is_parted and is_done and self._may_follow(cue):
            return self._parenthesis(cue, left, who, right)
        return self._ahead(cue, self._characters(who), following)

    def _passive(self, cue: Cue, who: Stretch, following: Cue | None) -> Found | None:
        """S was told that C · S was accused of C: who says so is not named, and who is accused is no speaker."""
        if cue.end >= self.end or any(token.key in self.profile.unreal for token in self.tokens[who[1] : cue.first]):
            return None
        parts: list[Stretch] = []
        if cue.sense.act is Act.ACCUSATION and self.tokens[cue.end].key in self.profile.bound:
            parts = self.clauses.content(*who)
        elif self.tokens[cue.end].key not in self.profile.links:
            return None
        parts.extend(self.clauses.content(cue.end, self.clauses.content_end(cue.end, following)))
        found = self._make(cue, parts, None, "passive")
        is_impersonal = self.tokens[who[0]].key in self.profile.impersonal and who[1] - who[0] == 1
        return found._replace(no_speaker=NoSpeaker.IMPERSONAL if is_impersonal else NoSpeaker.PASSIVE) if found else None

    def _may_follow(self, cue: Cue) -> bool:
        """Return whether a clause may stand before a cue and its subject: the cue takes one, or is a document's (the poll shows)."""
        return "clause" in cue.sense.takes or ("finding" in cue.sense.takes and self._is_document(cue.first))

    def _is_document(self, cue: int) -> bool:
        """Return whether what a cue is told of is a poll, a study or the like: what it shows is said."""
        subject = self.phrases.before(cue)
        return subject is not None and any(token.key in self.profile.documents for token in self.tokens[subject.first : subject.end])

    def _dependent(self, cue: Cue, following: Cue | None) -> Found | None:
        """…, saying that C: the speaker is the subject of the clause before it."""
        before = self.tokens[cue.first - 1] if cue.first else None
        if before is None or not before.is_word or self.clauses.is_joined(cue.first - 1) or self.profile.is_adverb(before.key):
            return self._ahead(cue, self._subject_so_far(cue.first), following, "dependent")
        is_bound = before.key in self.profile.prepositions
        if (is_bound or before.key in self.profile.boundaries) and "clause" in cue.sense.takes:
            return self._ahead(cue, self._subject_so_far(cue.first), following, "dependent")
        if is_bound or before.key in self.profile.determiners or cue.sense.act != Act.ASSERTION:
            return None
        who = self.phrases.before(cue.first)
        return self._ahead(cue, self._characters((who.first, who.end)), following, "participle") if who else None

    def _subject_so_far(self, stop: int) -> Stretch | None:
        """The speaker of the last statement of the sentence, else the noun phrase that its first clause begins with."""
        if self.found:
            return self.found[-1].speaker
        place = self._past_setting(stop)
        who = self.phrases.after(place)
        if who is None or who[0] == stop:
            return None
        return self._characters((who[0], next((place for place in range(who[0] + 1, who[1]) if self._seems_verb(place, stop)), who[1])))

    def _seems_verb(self, place: int, stop: int) -> bool:
        """Return whether a word behind the begin of a clause seems to be its verb, not an adjective behind a determiner."""
        key = self.tokens[place].key
        before = self.tokens[place - 1].key
        is_ending = key.endswith(self.profile.verb_endings) and before not in self.profile.determiners
        return place == stop or is_ending or before in self.profile.pronouns or self.clauses.has_cue(place, place + 1)

    def _past_setting(self, stop: int) -> int:
        """Return where the main clause begins: behind the words on when and how, or behind a participle that begins the sentence."""
        commas, place = self.clauses.commas, 0
        for comma in commas[:_FEW]:
            key = self.tokens[place].key
            is_setting = key in self.profile.prepositions or key in self.profile.subordinators or self.profile.is_adverb(key)
            if place < stop and not is_setting and place != stop:
                break
            place = comma + 1
        return min(place, self.end - 1)

    def _ahead(
        self, cue: Cue, who: Stretch | None, following: Cue | None, rule: str = "speaker-cue", named: Cue | None = None
    ) -> Found | None:
        """The statement whose content stands behind a cue; ``named`` is the cue where ``cue`` has the speaker's words, too."""
        clauses, takes = self.clauses, cue.sense.takes
        start = clauses.past_adverbials(cue.end)
        quotation = clauses.quotation_at(start)
        if quotation is not None and "quote" in takes:
            end = clauses.content_end(quotation, following)
            return self._make(named or cue, clauses.content(quotation, end), who, f"{rule}-quote", is_open=end == quotation + 1)
        if start == self.end - 1 and self.tokens[start].key == ":":
            return self._make(named or cue, [], who, f"{rule}-colon", is_waiting=True)
        kind, start = clauses.opening(cue, start, of_document="finding" in takes and self._is_document(cue.first))
        if not kind or (kind == "infinitive" and clauses.is_withheld(cue, start)):
            return None
        end = clauses.content_end(start, following, of_object=kind == "object")
        if self._is_within_main(cue.first):
            end = clauses.relative_end(start, end)
        if kind == "object" and cue.sense.act is not Act.ACCUSATION:
            end = clauses.object_end(start, end)
        if self._is_subordinate(cue.first, rule):
            end = clauses.first_comma(start, end)
        if end - start < _SHORTEST_CLAUSE and not self.tokens[start].quoted:
            return None
        return self._make(named or cue, clauses.content(start, end), who, f"{rule}-{kind}")

    def _is_within_main(self, cue: int) -> bool:
        """Return whether a cue stands in a relative clause between the subject of the main clause and its verb: “S, who cue C, …”."""
        subject = self.phrases.before(cue)
        comma = subject.first - 1 if subject and subject.is_word else -1
        if subject is None or comma < 1 or self.tokens[comma].key != "," or self.tokens[subject.first].key not in self.profile.relatives:
            return False
        return self.first_auxiliary > comma and not self.clauses.has_cue(0, comma)

    def _is_subordinate(self, cue: int, rule: str) -> bool:
        """Return whether a cue stands in a clause before the main one: “Although he has admitted …, he …”."""
        commas = self.clauses.commas
        if commas and commas[0] < cue:
            return False
        if rule in {"dependent", "participle"}:
            return not self.found and self.first_auxiliary >= cue
        return self.tokens[1 if self.clauses.is_joined(0) else 0].key in self.profile.subordinators

    def _according(self, cue: Cue) -> Found | None:
        """According to S, C · C, according to S."""
        who = self.phrases.after(cue.end)
        if who is None:
            return None
        before = cue.first
        while before and self.tokens[before - 1].key in SIGNS:
            before -= 1
        if before >= _SHORTEST_CLAUSE or (before and self.tokens[before - 1].quoted):
            parts = self.clauses.content(self._clause_start(before - 1), before)
            rest = self.clauses.quotation_at(who[1]) if self.tokens[before - 1].quoted else None
            if rest is not None:
                parts.extend(self.clauses.content(rest, rest + 1))
            return self._make(cue, parts, self._characters(who), "according-last")
        start = self.clauses.first_comma(who[1] - 1, self.end)
        return self._make(cue, self.clauses.content(start + 1, self.end), self._characters(who), "according-first")

    def _make(
        self, cue: Cue, parts: list[Stretch], who: Stretch | None, rule: str, *, is_open: bool = False, is_waiting: bool = False
    ) -> Found | None:
        if not parts and not is_waiting:
            return None
        stretch = self.tokens[cue.first].start, self.tokens[cue.end - 1].end
        no_speaker = None if who else NoSpeaker.ELIDED
        return Found(tuple(parts), stretch, cue.sense, rule, who, no_speaker, is_open=is_open, is_waiting=is_waiting)

    def _characters(self, tokens: Stretch) -> Stretch:
        return self.tokens[tokens[0]].start, self.tokens[tokens[1] - 1].end
