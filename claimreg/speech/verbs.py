"""Tell which words of a sentence are cues there: verbs that say, no names, no nouns of the same letters, no adjectives."""

from __future__ import annotations

from typing import TYPE_CHECKING

from claimreg.speech.cues import cues
from claimreg.speech.profile import Form

if TYPE_CHECKING:
    from collections.abc import Sequence

    from claimreg.speech.cues import Cue
    from claimreg.speech.profile import Profile
    from claimreg.speech.sentences import Token
    from claimreg.speech.speakers import Phrases, Subject

_SHORT_WORD = 3
"""Letters of words that have none large in a title."""
_LONGEST_HEADLINE = 40


def true_cues(phrases: Phrases, *, everything: bool) -> list[Cue]:
    """The cues of a sentence that are some there, in order; those of belief only where ``everything`` is asked for."""
    reader = _Reader(phrases)
    return [cue for cue in cues(phrases.sentence, phrases.profile) if (everything or cue.sense.act != "belief") and reader.counts(cue)]


class _Reader:
    def __init__(self, phrases: Phrases) -> None:
        self.phrases = phrases
        self.tokens: Sequence[Token] = phrases.sentence
        self.profile: Profile = phrases.profile
        self.is_headline = _is_headline(phrases)

    def counts(self, cue: Cue) -> bool:
        """Return whether the words of a cue are one here: no name, no adjective (an alleged thief), no noun."""
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
        """Return whether a word that is a noun or an infinitive, too, is a verb behind its subject."""
        if subject is None:
            return False
        profile, key = self.profile, self.tokens[cue.first].key
        is_third = key.endswith(profile.third_endings) and not key.endswith(profile.third_not)
        if subject.helped:
            return is_third or not any(token.key in profile.unreal for token in self.tokens[subject.end : cue.first])
        last = self.tokens[subject.end - 1].key
        if last in profile.relatives:
            return True
        is_quantity = last in profile.determiners and (last not in profile.pronouns or (subject.is_word and cue.sense.kind != "say"))
        if is_quantity or last in profile.prepositions or last.endswith(profile.possessives):
            return False
        return self._agrees(cue, subject, is_third=is_third)

    def _agrees(self, cue: Cue, subject: Subject, *, is_third: bool) -> bool:
        """Return whether a verb has the number of its subject."""
        if is_third and "finding" in cue.sense.takes and self._shows(cue, subject):
            return True
        is_plural = self._is_plural(subject)
        return not is_plural and self._may_say(subject.end - 1) if is_third else is_plural

    def _shows(self, cue: Cue, subject: Subject) -> bool:
        """Return whether a document shows something, or whatever shows it shows that it is so."""
        after = self.tokens[cue.end].key if cue.end < len(self.tokens) else ""
        keys = (token.key for token in self.tokens[subject.first : subject.end])
        return after in self.profile.complementisers or any(key in self.profile.documents for key in keys)

    def _is_plural(self, subject: Subject) -> bool:
        keys = [token.key for token in self.tokens[subject.first : subject.end]]
        return keys[-1] in self.profile.plural_words or keys[-1].endswith(self.profile.plurals) or not self.profile.joiners.isdisjoint(keys)

    def _may_say(self, last: int) -> bool:
        """Return whether a noun in the singular can be one who speaks: a pronoun, a role, a name."""
        key = self.tokens[last].key
        known = (self.profile.pronouns, self.profile.heads, self.profile.documents)
        return any(key in words for words in known) or self.phrases.is_capital(last)


def _is_headline(phrases: Phrases) -> bool:
    """Return whether a sentence is written as a title: all its long words have a capital letter."""
    long = [
        place
        for place, token in enumerate(phrases.sentence[:_LONGEST_HEADLINE])
        if token.is_word and len(token.key) > _SHORT_WORD and token.key[0].isalpha()
    ]
    return len(long) >= _SHORT_WORD and all(map(phrases.is_capital, long))
