"""The fixed words that records use: stances, kinds, modes, states and flags; and what stands for a word that is not known here.

A later claimreg may have more of them. Where one of its words is met, it is kept and shown as it is.
"""

from __future__ import annotations

from enum import StrEnum


class UnknownWord(str):
    """A word that stands where a fixed one is expected and is none that this claimreg knows; it has what a fixed one has."""

    __slots__ = ()

    @property
    def value(self) -> str:
        """The word."""
        return str(self)

    @property
    def symmetric(self) -> bool:
        """Return whether the relation that it may be reads the same from both claims; nobody here knows."""
        return False


class Stance(StrEnum):
    """Stance of a party on a claim."""

    ASSERTS = "asserts"
    DENIES = "denies"
    REPORTS = "reports"
    QUESTIONS = "questions"
    RULES = "rules"


class DayOrder(StrEnum):
    """Order of day, month and year in a date that is all numbers."""

    DMY = "dmy"
    MDY = "mdy"


class LinkKind(StrEnum):
    """Kind of a link: how the quote's words compare with the source's words."""

    EXACT = "exact"
    TYPOGRAPHIC = "typographic"
    NEAR = "near"
    ALTERED = "altered"
    STITCHED = "stitched"


class LinkState(StrEnum):
    """Decision of a person on a link."""

    SUGGESTED = "suggested"
    CONFIRMED = "confirmed"
    REJECTED = "rejected"


class Flag(StrEnum):
    """Warning that a person must see before believing a link."""

    NEGATION = "negation"
    NUMBER = "number"
    DATE = "date"
    NAME = "name"
    HEDGE = "hedge"
    QUANTIFIER = "quantifier"
    OPPOSITE = "opposite"
    ORDER = "order"
    GAP = "gap"
    AMBIGUOUS = "ambiguous"
    CAPPED = "capped"


class RelationKind(StrEnum):
    """Kind of relation of one claim to another.

    ``DIFFERS`` says that the two are different claims, however alike their words: what a person says of a pair that was proposed.
    """

    CONTRADICTS = "contradicts"
    SUPPORTS = "supports"
    REPEATS = "repeats"
    TRANSLATES = "translates"
    NARROWS = "narrows"
    DIFFERS = "differs-from"

    @property
    def symmetric(self) -> bool:
        """Return whether the relation reads the same from both claims."""
        return self not in (RelationKind.SUPPORTS, RelationKind.NARROWS)


class WordChange(StrEnum):
    """Change of one word between the source and the quote."""

    KEPT = "kept"
    CHANGED = "changed"
    ADDED = "added"
    DROPPED = "dropped"
    ASIDE = "aside"
    """No speech, such as a note's mark or a time between the words: set aside on the side where it stands."""


class Mode(StrEnum):
    """Share of the words that stands between marks: all but a fifth, some, hardly any."""

    DIRECT = "direct"
    MIXED = "mixed"
    INDIRECT = "indirect"


class Act(StrEnum):
    """Act of speech that the cue names."""

    ASSERTION = "assertion"
    CALL = "call"
    ACCUSATION = "accusation"
    RULING = "ruling"
    CRITICISM = "criticism"
    BELIEF = "belief"


class NoSpeaker(StrEnum):
    """Reason for a statement without a speaker."""

    PASSIVE = "passive"
    IMPERSONAL = "impersonal"
    ELIDED = "elided"


class SpeechFlag(StrEnum):
    """Finding about a statement that a person should look at."""

    OPENER_MISSING = "opener_missing"
    CLOSER_MISSING = "closer_missing"
    ANAPHORIC = "anaphoric"
    """The cue points back: the statement is the sentence before."""


class DraftState(StrEnum):
    """Decision of a person on a draft."""

    PROPOSED = "proposed"
    ACCEPTED = "accepted"
    REJECTED = "rejected"


HEADLINE = "headline"
STRUCK_OUT = "struck out"
"""Labels of places that are more than a name: the headline of a page, and words that its author struck out, which nobody says any more."""
