"""Find what is said where the words of a clause may stand in any order, as in Russian and Ukrainian.

«Q», — cue S · «Q» — S cue · S cue: «Q» · S cue, that C · C, cue S · C1, cue S, C2 · as cue S, C · by the words of S, C · S calls on O to C.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from claimreg.speech.cues import cues
from claimreg.speech.headings import heading
from claimreg.speech.nominatives import Nominatives
from claimreg.speech.orders import Found
from claimreg.speech.places import PAUSES, REACH, Places
from claimreg.speech.profile import Form
from claimreg.speech.types import Act, NoSpeaker
from claimreg.speech.unspoken import reason_against

if TYPE_CHECKING:
    from collections.abc import Sequence

    from claimreg.speech.cues import Cue
    from claimreg.speech.profile import Profile
    from claimreg.speech.sentences import Token

Stretch = tuple[int, int]

_CUES = 8
"""Cues behind a cue that may end its content, at most."""
_SHORTEST = 2
"""Tokens of a content that is no quotation and that nothing opens, at least."""


def free(text: str, sentence: Sequence[Token], profile: Profile, *, everything: bool, names: frozenset[str]) -> list[Found]:
    """The statements of a sentence, in the order of their cues; ``names`` are the words that the text has as names."""
    phrases = Nominatives(text, sentence, profile, names)
    return _Sentence(text, sentence, profile, phrases, everything=everything).read() or heading(
        text, sentence, profile, lambda low, high: phrases.before(low, high, "")
    )


class _Sentence:
    """One sentence, read from left to right; tokens up to ``low`` are of a content already."""

    def __init__(self, text: str, tokens: Sequence[Token], profile: Profile, phrases: Nominatives, *, everything: bool) -> None:
        self.text = text
        self.tokens = tokens
        self.profile = profile
        self.phrases = phrases
        self.cues = [cue for cue in cues(tokens, profile) if everything or cue.sense.act is not Act.BELIEF]
        self.places = Places(tokens, self.cues, profile)
        self.end = self.places.end
        self.low = 0
        self.speaker: Stretch | None = None
        self.found: list[Found] = []

    def read(self) -> list[Found]:
        for number, cue in enumerate(self.cues):
            if cue.first < self.low or self._is_unreal(cue):
                continue
            following = self.cues[number + 1 : number + 1 + _CUES]
            if cue.sense.form is Form.BEFORE:
                self._according(cue)
            elif not (self._behind_content(cue) or self._as_told(cue)):
                self._ahead(cue, following)
        return self.found

    def _is_unreal(self, cue: Cue) -> bool:
        return any(token.key in self.profile.unreal for token in self.tokens[max(0, cue.first - 1) : cue.first])

    # The content stands before the cue.

    def _behind_content(self, cue: Cue) -> bool:
        """«Q», — cue S · «Q», — S cue · C, cue S · C1, cue S, C2."""
        pause = self.places.pause_before(cue, self.low)
        if pause is None or pause < self.low:
            return False
        last = pause - 1
        while last > 0 and self.tokens[last].key in PAUSES:
            last -= 1
        quoted = self.tokens[last].quoted is not None
        at = self.places.past_adverbs(cue.end)
        if at < len(self.tokens) and (self.places.opens_clause(at) or self.tokens[at].key == ":"):
            return False
        behind = self.phrases.behind(cue.end, self._verb(cue))
        if behind and self.places.opens_content(behind[1]):
            return False
        between = self.phrases.before(pause, cue.first, self._verb(cue)) if pause < cue.first else None
        is_told = (
            quoted
            or ((behind or self.phrases.body(cue.first, cue.end)) is not None and pause == cue.first)
            or (cue.sense.form is Form.PASSIVE and pause == cue.first)
        )
        takes = cue.sense.takes
        if not is_told or not takes & {"quote", "clause"} or (not quoted and "clause" not in takes):
            return False
        if cue.sense.form is Form.DEPENDENT and not quoted:
            return False
        self._add_behind(cue, last, between or behind or self.phrases.body(cue.first, cue.end), quoted=quoted)
        return True

    def _add_behind(self, cue: Cue, last: int, who: Stretch | None, *, quoted: bool) -> None:
        first = last if quoted and self.places.is_alone(last, self.low) else self.places.first(last, self.low)
        parts = [(first, last + 1)]
        end = max(cue.end, who[1] if who else 0)
        resumed = self.places.resumed(end, quoted=quoted)
        if resumed is not None:
            parts.append(resumed)
            end = resumed[1]
        self._add(cue, parts, who, "quote-cue" if quoted else "content-cue", end, is_open=quoted)

    def _as_told(self, cue: Cue) -> bool:
        """Read: as S cue, C · C1, as S cue, C2: the cue stands in a clause that names only where it is from."""
        opener = cue.first - 1
        if opener < 0 or self.tokens[opener].key not in self.profile.sources:
            return False
        who = self.phrases.behind(cue.end, self._verb(cue)) or self.phrases.body(cue.first, cue.end)
        end = max(cue.end, who[1] if who else 0)
        while end < min(self.end, cue.end + REACH) and self.tokens[end].key != ",":
            end += 1
        parts = [(end + 1, self.end)] if end + 1 < self.end else []
        if opener > self.low + 1:
            parts.insert(0, (self.places.behind_signs(self.low), opener))
        if parts:
            self._add(cue, parts, who, "as-told", self.end)
        return bool(parts)

    # The content stands behind the cue.

    def _ahead(self, cue: Cue, following: Sequence[Cue]) -> None:
        """S cue: «Q» · S cue, that C · S calls on O to C."""
        opening = self._opening(cue)
        if opening is None:
            self._point(cue)
            return
        kind, start = opening
        if kind == "verdict":
            cue = cue._replace(sense=cue.sense._replace(act=Act.RULING))
        who = self._subject(cue, start)
        if kind == "waiting":
            if who:
                self._add(cue, [], who, "cue-colon", self.end, is_waiting=True)
            return
        end = self.places.end_behind(start, following) if kind != "quote" else start + 1
        if start >= min(end, len(self.tokens)) or (kind != "that" and end - start < _SHORTEST and not self.tokens[start].quoted):
            return
        may_lack = cue.sense.act is Act.ACCUSATION or cue.sense.form is Form.PASSIVE
        if kind in {"object", "infinitive", "verdict"} and who is None and not may_lack:
            return
        if kind == "infinitive" and who and not self.phrases.is_known(who):
            # Things only look as if they promise: a rain that promises to last.
            return
        self._add(cue, [(start, end)], who, f"cue-{kind}", end, is_open=kind == "quote")
        if kind != "quote" and end + 1 < len(self.tokens) and self.tokens[end].key == ":" and self.tokens[end + 1].quoted:
            self._add(cue, [(end + 1, end + 2)], who, "cue-quote", end + 2, is_open=True)

    def _point(self, cue: Cue) -> None:
        """About this S cue: the content is the sentence before."""
        keys = [token.key for token in self.tokens[max(0, cue.first - REACH) : min(self.end, cue.end + REACH)]]
        pointers = self.profile.pointers
        is_pointing = any(key in pointers or "_".join(keys[at : at + 2]) in pointers for at, key in enumerate(keys))
        if is_pointing and "that" in cue.sense.takes and not self.found:
            self._add(cue, [], self._subject(cue, self.end), "pointer", self.end, is_pointing=True)

    def _opening(self, cue: Cue) -> tuple[str, int] | None:
        """Return how the content behind a cue begins, and where."""
        takes = cue.sense.takes
        for at in range(cue.end, min(self.end, cue.end + REACH)):
            token = self.tokens[at]
            if token.key in self.profile.complementisers:
                return ("that", at + 1) if "that" in takes and not self._is_quotation_behind(at) else self._quotation(at + 1, cue)
            if token.key == ":":
                return self._quotation(at + 1, cue)
            if token.quoted and "quote" in takes and self._is_speech(at, cue):
                return "quote", at
            if token.key in {";", "—", "–"} or (token.key == "," and not self.places.opens_content(at)):
                break
        else:
            if self.end < len(self.tokens) and self.tokens[-1].key == ":":
                return "waiting", self.end
        return self._phrase_behind(cue)

    def _phrase_behind(self, cue: Cue) -> tuple[str, int] | None:
        """Return the start of a content that is no clause: an infinitive, a verdict, a noun phrase."""
        takes = cue.sense.takes
        start = self.places.infinitive(cue) if "infinitive" in takes else 0
        if start:
            return "infinitive", start
        if "verdict" in takes and self.places.has_verdict(cue):
            return "verdict", cue.end
        if "object" in takes and not (cue.sense.form is Form.PASSIVE and self._is_reported()):
            who = (
                self.phrases.behind(cue.end, self._verb(cue))
                if self.places.pause_before(cue, self.low) is not None or cue.first == self.low
                else None
            )
            return "object", who[1] if who and not self._subject_before(cue) else cue.end
        return None

    def _is_reported(self) -> bool:
        """Return whether a cue behind a comma tells who says the whole sentence."""
        last = self.cues[-1]
        return self.places.pause_before(last, self.low) == last.first and last.sense.form is Form.FINITE

    def _is_quotation_behind(self, at: int) -> bool:
        return at + 2 < len(self.tokens) and self.tokens[at + 1].key == ":" and self.tokens[at + 2].quoted is not None

    def _quotation(self, at: int, cue: Cue) -> tuple[str, int] | None:
        while at < self.end and (self.tokens[at].key in PAUSES or self.tokens[at].key == ":"):
            at += 1
        if at >= self.end:
            return "waiting", at
        if self.tokens[at].quoted:
            return "quote", at
        return ("clause", at) if "clause" in cue.sense.takes else None

    def _is_speech(self, at: int, cue: Cue) -> bool:
        """Return whether a quotation behind a cue without a colon is its content, and no name: it stands next to it, or has many words."""
        quoted = self.tokens[at].quoted
        if quoted is None or reason_against(self.text, quoted, self.profile, has_cue=True):
            return False
        words = sum(len(self.text[start:end].split()) for start, end in quoted.parts)
        return words > 3 or (at == cue.end and words > 1)  # noqa: PLR2004 -- a name has three words at most

    def _subject(self, cue: Cue, start: int) -> Stretch | None:
        if cue.sense.form is Form.PASSIVE:
            return None
        who = self._somebody(cue, start)
        is_many = self._verb(cue).endswith(self.profile.many)
        if who is None and is_many:
            return self.phrases.body(cue.first, cue.end)
        if who and is_many and cue.sense.act is Act.ACCUSATION and not self.phrases.can_be_many(who):
            return None
        return who

    def _somebody(self, cue: Cue, start: int) -> Stretch | None:
        before = self._subject_before(cue)
        if before:
            return before
        is_first = cue.sense.form is Form.FINITE and not self._follows_joiner(cue)
        behind = self.phrases.behind(cue.end, self._verb(cue)) if is_first else None
        if behind and behind[1] <= max(start, cue.end + 1):
            return behind
        return self.speaker or (self.phrases.before(0, cue.first, self._verb(cue)) if self._is_joined(cue) else None)

    def _subject_before(self, cue: Cue) -> Stretch | None:
        low = cue.first
        while (
            low > max(0, cue.first - REACH)
            and self.tokens[low - 1].key not in {",", ";", ":", "—", "–"}
            and self.tokens[low - 1].key not in self.profile.joiners
        ):
            low -= 1
        return self.phrases.before(low, cue.first, self._verb(cue)) if low < cue.first else None

    def _is_joined(self, cue: Cue) -> bool:
        """Return whether the cue's own clause has no subject: it is joined to one before (и добавил), or closes an aside (…, заявил)."""
        before = self.tokens[cue.first - 1].key if cue.first else ""
        return (
            before in self.profile.joiners
            or before in self.profile.relatives
            or before in {",", "—", "–"}
            or self.profile.is_adverb(before)
        )

    def _follows_joiner(self, cue: Cue) -> bool:
        return cue.first > 0 and self.tokens[cue.first - 1].key in self.profile.joiners

    def _verb(self, cue: Cue) -> str:
        return self.tokens[cue.first].key

    # Without a verb.

    def _according(self, cue: Cue) -> None:
        """Read: by the words of S, C · C, by the words of S · C1, by the words of S, C2."""
        end = cue.end
        while end < min(self.end, cue.end + REACH) and self.tokens[end].key not in {",", "—", "–", ":"}:
            end += 1
        who = (cue.end, end) if end > cue.end else self._named(cue)
        parts = [(end + 1, self.end)] if end + 1 < self.end else []
        if cue.first > 0 and self.tokens[cue.first - 1].key in PAUSES and cue.first - 1 > self.low:
            parts.insert(0, (self.places.behind_signs(self.low), cue.first - 1))
        if parts:
            self._add(cue, parts, who, "according", self.end)

    def _named(self, cue: Cue) -> Stretch | None:
        """The pronoun within the words that name a source: по его словам."""
        for at in range(cue.first, cue.end):
            if self.tokens[at].key in self.profile.determiners:
                return at, at + 1
        return None

    def _add(
        self,
        cue: Cue,
        parts: Sequence[Stretch],
        who: Stretch | None,
        rule: str,
        low: int,
        *,
        is_open: bool = False,
        is_waiting: bool = False,
        is_pointing: bool = False,
    ) -> None:
        kept = tuple(self.places.characters_of(first, end) for first, end in parts if end > first)
        speaker = None if cue.sense.form is Form.PASSIVE else who
        found = Found(
            tuple(part for part in kept if part[1] > part[0]),
            self.places.characters((cue.first, cue.end)),
            cue.sense,
            f"free-{rule}",
            self.places.characters(speaker) if speaker else None,
            None if speaker else self._reason(cue),
            is_open=is_open,
            is_waiting=is_waiting,
            is_pointing=is_pointing,
        )
        self.found.append(found)
        self.speaker = speaker or self.speaker
        self.low = low

    def _reason(self, cue: Cue) -> NoSpeaker:
        if cue.sense.form is Form.PASSIVE:
            return NoSpeaker.PASSIVE if cue.sense.act in {Act.ACCUSATION, Act.RULING} else NoSpeaker.IMPERSONAL
        return NoSpeaker.IMPERSONAL if self._verb(cue).endswith(self.profile.many) else NoSpeaker.ELIDED
