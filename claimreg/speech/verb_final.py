"""Find what is said where the verb ends its clause, as in Kazakh, Kyrgyz and Turkish.

The content stands before the cue, joined to it by a word (деп), by the ending of its own verb (-ғанын, -уға) or by quotation marks; the
speaker stands before the content, between it and the cue, or behind the cue.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from claimreg.speech.cues import cues
from claimreg.speech.headings import heading
from claimreg.speech.orders import Found
from claimreg.speech.profile import Form
from claimreg.speech.subjects import Subjects
from claimreg.speech.types import Act, NoSpeaker

if TYPE_CHECKING:
    from collections.abc import Sequence

    from claimreg.speech.cues import Cue
    from claimreg.speech.profile import Profile
    from claimreg.speech.sentences import Token

_REACH = 14
"""Tokens between a content and its cue, at most: adverbs and a speaker stand there."""
_NEAR = 4
"""Tokens between an infinitive or a quotation and its cue, at most."""
_TERM = 3
"""Words of a quotation that may be one word of a clause; one of more is said as a whole."""
_SETTING = 6
"""Tokens from the speaker to the last word of where it was said, at most."""
_PAUSES = frozenset(",—–-:;")
_STOPS = frozenset(".!?…,;:—–-")
_ENDS = frozenset(".!?…")
_DASHES = frozenset("—–-")
_FILLERS = frozenset("()")


class Statement(NamedTuple):
    """Finding in a sentence, in places of its tokens, half open: content, cue and speaker, and the joint of content and cue."""

    content: tuple[int, int]
    cue: Cue
    speaker: tuple[int, int] | None
    joint: str
    further: int = 0
    """The token of a quotation that goes on behind the cue, where there is one."""


class _Joint(NamedTuple):
    """Joint of a content and its cue.

    The content ends before ``end`` and, where it is a quotation, begins at ``begin``; what stands between it and the cue begins at
    ``resume``.
    """

    kind: str
    begin: int | None
    end: int
    resume: int


def final(text: str, sentence: Sequence[Token], profile: Profile, *, everything: bool, names: frozenset[str]) -> list[Found]:
    """The statements of a sentence, in the order of their cues; ``names`` are the words that the text has as names."""
    subjects = Subjects(text, sentence, profile, names)
    found = [_found(sentence, one) for one in _Sentence(sentence, profile, subjects, everything=everything).read()]
    return found or heading(text, sentence, profile, lambda low, high: subjects.find(low, high, is_sure=True))


def _found(tokens: Sequence[Token], one: Statement) -> Found:
    first, end = one.content
    quoted = tokens[first].quoted if end - first == 1 else None
    if one.joint == "pointer":
        # The content is not in this sentence.
        end = first
    parts = tuple(quoted.parts) if quoted else ((tokens[first].start, tokens[end - 1].end),) if end > first else ()
    further = tokens[one.further].quoted if one.further else None
    parts += tuple(further.parts) if further else ()
    speaker = (tokens[one.speaker[0]].start, tokens[one.speaker[1] - 1].end) if one.speaker else None
    reason = NoSpeaker.PASSIVE if one.cue.sense.form is Form.PASSIVE else NoSpeaker.ELIDED
    return Found(
        parts,
        (tokens[one.cue.first].start, tokens[one.cue.end - 1].end),
        one.cue.sense,
        f"final-{one.joint}",
        speaker,
        None if speaker else reason,
        is_open=one.joint == "quote" and quoted is not None,
        is_pointing=one.joint == "pointer",
    )


class _Sentence:
    """One sentence, read from left to right; ``low`` is where the statement before ended, ``speaker`` who made it."""

    def __init__(self, tokens: Sequence[Token], profile: Profile, subjects: Subjects, *, everything: bool) -> None:
        self.tokens = tokens
        self.cues = [cue for cue in cues(tokens, profile) if everything or cue.sense.act is not Act.BELIEF]
        self.firsts = {cue.first for cue in self.cues}
        self.profile = profile
        self.subjects = subjects
        self.low = 0
        self.speaker: tuple[int, int] | None = None
        self.found: list[Statement] = []

    def read(self) -> list[Statement]:
        for cue in self.cues:
            if cue.first < self.low:
                continue
            if cue.sense.form is Form.AFTER:
                self._according(cue)
            elif self._is_told(cue):
                self._spoken(cue)
        return self.found

    def _is_told(self, cue: Cue) -> bool:
        """Return whether a cue is one: no word behind it takes it back (айтқан жоқ), and it points to nothing else."""
        behind = self._behind_auxiliaries(cue.end)
        return behind >= len(self.tokens) or self.tokens[behind].key not in self.profile.unreal

    def _behind_auxiliaries(self, at: int) -> int:
        while at < len(self.tokens) and self.tokens[at].key in self.profile.auxiliaries:
            at += 1
        return at

    def _according(self, cue: Cue) -> None:
        start = cue.first
        while start > self.low and self.tokens[start - 1].key not in _STOPS and cue.first - start < _REACH:
            start -= 1
        start = self.subjects.without_adverbs(start, cue.first)
        begin = self._behind_pauses(cue.end)
        end = len(self.tokens)
        while end > begin and self.tokens[end - 1].key in _ENDS:
            end -= 1
        if begin < end and start < cue.first:
            self._add(Statement((begin, end), cue, (start, cue.first), "according"), len(self.tokens))

    def _spoken(self, cue: Cue) -> None:
        joint = self._joint(cue)
        if joint is None:
            return
        is_ahead = joint.kind == "colon"
        is_passive = cue.sense.form is Form.PASSIVE
        behind = None if is_ahead else self._behind(cue)
        between = None if is_ahead or behind else self.subjects.find(joint.resume, cue.first)
        before = None
        begin = joint.begin
        if joint.kind == "clause" and cue.sense.act is Act.RULING:
            # What a court decides is told from the start: what it found belongs to it.
            self.low = 0
        if begin is None:
            begin = self.subjects.without_adverbs(self.low, joint.end)
            # Before what is said in the passive only the accused stands (S … деп айыпталды); a name there belongs to it.
            if not (behind or between or (is_passive and joint.kind in {"nominal", "infinitive"})):
                before = self.subjects.find(begin, joint.end - 1, is_sure=joint.kind in ("that", "clause"))
            begin = self._behind_setting(before[1] if before else self._behind_cuts(joint.end), joint.end)
        elif not behind and not between:
            is_pointing = joint.kind == "pointer"
            before = self.subjects.find(joint.end if is_pointing else self.low, cue.first if is_ahead or is_pointing else begin)
        is_accused_alone = joint.kind == "object" and cue.sense.act is Act.ACCUSATION and joint.end - begin == 1
        if begin >= joint.end or is_accused_alone:
            return
        speaker = None if is_passive else behind or between or before or self.speaker
        end = max(joint.end if is_ahead else 0, behind[1] if behind else 0, self._behind_auxiliaries(cue.end))
        further = self._further(end) if joint.begin is not None and not is_ahead else 0
        self._add(Statement((begin, joint.end), cue, speaker, joint.kind, further), further + 1 if further else end)

    def _add(self, statement: Statement, low: int) -> None:
        self.found.append(statement)
        self.speaker = statement.speaker
        # A sign that ends a sentence stands here only where speech goes on behind it: — деді ол. — «Q2».
        while low < len(self.tokens) and (self.tokens[low].key in _PAUSES or self.tokens[low].key in _ENDS):
            low += 1
        self.low = low

    def _further(self, at: int) -> int:
        """The quotation that goes on behind cue and speaker: «Q1», — деді ол журналистерге. — «Q2»; behind words only with a dash."""
        has_words = False
        for place in range(at, min(len(self.tokens), at + _REACH)):
            token = self.tokens[place]
            if token.quoted:
                is_parted = place > at and self.tokens[place - 1].key in (_DASHES if has_words else _STOPS)
                return place if is_parted and not self._has_own_cue(place) else 0
            has_words = has_words or token.is_word
            if place in self.firsts or (has_words and token.key == ":"):
                return 0
        return 0

    def _has_own_cue(self, at: int) -> bool:
        """Return whether a pause and a cue of its own stand behind the quotation at a place: — Q2, — деді S."""
        place = self._behind_pauses(at + 1)
        near = range(place, min(len(self.tokens), place + _NEAR)) if place > at + 1 else ()
        return any(self.tokens[further].key in self.profile.complementisers or further in self.firsts for further in near)

    def _behind(self, cue: Cue) -> tuple[int, int] | None:
        """The speaker behind a cue: деді ұйым өкілдері."""
        at = self._behind_auxiliaries(cue.end)
        if at >= len(self.tokens) or self.tokens[at].key in self.profile.complementisers:
            return None
        return self.subjects.phrase_behind(at)

    def _behind_pauses(self, at: int) -> int:
        while at < len(self.tokens) and self.tokens[at].key in _PAUSES:
            at += 1
        return at

    def _behind_setting(self, at: int, end: int) -> int:
        """Return the start of the content behind its subject: behind particles and the words of where it was said (брифингте)."""
        while at < end and (self.tokens[at].key in _PAUSES or self.tokens[at].key in self.profile.particles):
            at += 1
        for further in range(at, min(end - 1, at + _SETTING)):
            if self.tokens[further].key in self.profile.settings:
                return self._behind_pauses(further + 1)
        return at

    def _behind_cuts(self, end: int) -> int:
        at = self.low
        while at < min(end, self.low + _REACH) and (self.tokens[at].key in self.profile.cuts or self.tokens[at].key in _PAUSES):
            at += 1
        return at

    def _joint(self, cue: Cue) -> _Joint | None:
        for at in range(cue.first - 1, max(self.low, cue.first - _REACH) - 1, -1):
            joint = self._joint_at(at, cue)
            if joint:
                return joint
            if self.tokens[at].key in _STOPS and not self._follows_quotation(at):
                break
        return self._colon(cue) or self._bare(cue) or self._pointer(cue)

    def _joint_at(self, at: int, cue: Cue) -> _Joint | None:
        token, takes = self.tokens[at], cue.sense.takes
        if token.key in self.profile.complementisers:
            return self._joined_by_word(at) if "that" in takes else None
        if token.quoted:
            return self._joined_by_marks(at, cue)
        if not token.is_word:
            return None
        if "nominal" in takes and self._is_nominal(at, cue):
            return _Joint("nominal", None, at + 1, at + 1)
        if "infinitive" in takes and cue.first - at <= _NEAR and token.key.endswith(self.profile.infinitive_endings):
            return _Joint("infinitive", None, at + 1, at + 1)
        return None

    def _is_nominal(self, at: int, cue: Cue) -> bool:
        token = self.tokens[at]
        if cue.sense.form is Form.PASSIVE and token.key.endswith(self.profile.passive_endings):
            return True
        if token.key in self.profile.postpositions:
            return at > self.low and self.tokens[at - 1].key.endswith(self.profile.content_stems)
        return token.key.endswith(self.profile.content_endings)

    def _joined_by_word(self, at: int) -> _Joint | None:
        end = at
        while end > self.low and self.tokens[end - 1].key in _PAUSES:
            end -= 1
        if end <= self.low:
            return None
        quoted = self.tokens[end - 1].quoted
        if quoted and (self._is_whole(end - 1) or end - 1 == self.low or self._is_subject(end - 1)):
            return _Joint("quote", self._begin_of_quotation(end - 1), end, at + 1)
        return _Joint("that", None, end, at + 1)

    def _joined_by_marks(self, at: int, cue: Cue) -> _Joint | None:
        takes = cue.sense.takes
        last = self.subjects.last_word(at)
        if "infinitive" in takes and last.endswith(self.profile.infinitive_endings) and cue.first - at <= _NEAR:
            return _Joint("infinitive", None, at + 1, at + 1)
        if "nominal" in takes and last.endswith(self.profile.content_endings):
            return _Joint("nominal", None, at + 1, at + 1)
        parted = at + 1 < len(self.tokens) and self.tokens[at + 1].key in _PAUSES
        is_next = at + 1 == cue.first and cue.sense.form is not Form.DEPENDENT
        is_joined = is_next and (self._is_whole(at) or "clause" in takes)
        if "quote" in takes and (parted or is_joined):
            return _Joint("quote", self._begin_of_quotation(at), at + 1, at + 1)
        return None

    def _is_subject(self, end: int) -> bool:
        """Return whether a subject is all that stands before a place."""
        who = self.subjects.find(self.low, end)
        return who is not None and who[1] == end

    def _is_whole(self, at: int) -> bool:
        """Return whether a quotation has more words than a term has."""
        return self.subjects.words_in(at) > _TERM

    def _begin_of_quotation(self, at: int) -> int:
        """Return the start of a quotation: with the sentence where its opening mark is lost and another quotation stands before it."""
        quoted = self.tokens[at].quoted
        is_torn = quoted is not None and quoted.opener_missing and at > self.low and self.tokens[at - 1].quoted is not None
        return at - 1 if is_torn else at

    def _follows_quotation(self, at: int) -> bool:
        while at >= 0 and self.tokens[at].key in _PAUSES:
            at -= 1
        return at >= 0 and self.tokens[at].quoted is not None

    def _colon(self, cue: Cue) -> _Joint | None:
        """The quotation behind the cue and a colon: былай деді: «…»."""
        at = self._behind_auxiliaries(cue.end)
        if at + 1 < len(self.tokens) and self.tokens[at].key == ":" and self.tokens[at + 1].quoted and "quote" in cue.sense.takes:
            return _Joint("colon", at + 1, at + 2, at + 2)
        return None

    def _bare(self, cue: Cue) -> _Joint | None:
        """The content that nothing joins to the cue: a clause before *says*, a noun phrase before *criticised*."""
        takes = cue.sense.takes
        end = cue.first
        while end > self.low and self.tokens[end - 1].key in _PAUSES:
            end -= 1
        if end <= self.low:
            return None
        if "clause" in takes and cue.sense.form is not Form.DEPENDENT:
            return _Joint("clause", None, end, cue.first)
        while end > self.low + 1 and self.profile.is_adverb(self.tokens[end - 1].key):
            end -= 1
        if "object" in takes and self._is_object(end - 1):
            return _Joint("object", None, end, cue.first)
        return None

    def _is_object(self, at: int) -> bool:
        """Return whether a word may be the last of a noun phrase that is criticised or blamed: in a case, or behind the reason for it."""
        key = self.tokens[at].key
        return key in self.profile.reasons or (self.subjects.is_in_case(at) and key not in self.profile.pointers)

    def _pointer(self, cue: Cue) -> _Joint | None:
        """A word that stands for what the sentence before says: бұл туралы … хабарлады."""
        if self.found or "nominal" not in cue.sense.takes:
            return None
        for at in range(max(0, cue.first - _REACH), cue.first):
            key = self.tokens[at].key
            pair = "_".join(token.key for token in self.tokens[at : at + 2])
            if key in self.profile.pointers or pair in self.profile.pointers:
                return _Joint("pointer", at, at + 1 + (key not in self.profile.pointers), cue.first)
        return None
