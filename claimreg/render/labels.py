"""The words that a report is written in: labels, plural forms and dates in the reader's language.

English is in the code; other languages are catalogues of GNU gettext (`claimreg/locale/<language>/*.po`, see `CATALOGUES`), read as they
are, so that nothing compiled can be older than what was translated. Dates and plural forms are those of the CLDR, by Babel.
"""

from __future__ import annotations

import gettext
from datetime import date, datetime
from enum import StrEnum
from functools import cache
from importlib.resources import files
from typing import TYPE_CHECKING, TypeVar

from claimreg.model import Flag, LinkKind, LinkState, Place, RelationKind, Stance, WordChange

if TYPE_CHECKING:
    from collections.abc import Mapping

    from claimreg.services.reporting.views import RelationView

WordT = TypeVar("WordT", bound=StrEnum)

LANGUAGES = ("en", "kk", "ru")
"""The languages that there are words in; the first one is the code's own."""

CATALOGUES = ("claimreg", "publication", "review", "listing")
"""Names of the catalogues: of reports and of what all share, of reports to publish, of the review, of listings; asked in this order."""

_LOCALES = {"en": "en_GB"}
_GROUPED = 1000
_YEAR, _MONTH = 4, 7  # characters of an ISO 8601 date of that precision


def message(text: str) -> str:
    """Mark a text that is translated where it is used."""
    return text


STANCES: Mapping[Stance, str] = {
    Stance.ASSERTS: message("asserts"),
    Stance.DENIES: message("denies"),
    Stance.REPORTS: message("reports"),
    Stance.QUESTIONS: message("questions"),
    Stance.RULES: message("rules"),
}
STANCE_NOUNS: Mapping[Stance, str] = {
    Stance.ASSERTS: message("statement"),
    Stance.DENIES: message("denial"),
    Stance.REPORTS: message("report"),
    Stance.QUESTIONS: message("doubt"),
    Stance.RULES: message("ruling"),
}
"""Nouns for stances: a verb would need the party's number and gender, which no program knows."""

STATES: Mapping[LinkState, str] = {
    LinkState.SUGGESTED: message("suggested"),
    LinkState.CONFIRMED: message("confirmed"),
    LinkState.REJECTED: message("rejected"),
}
FLAGS: Mapping[Flag, str] = {
    Flag.NEGATION: message("negation"),
    Flag.NUMBER: message("number"),
    Flag.DATE: message("date"),
    Flag.NAME: message("name"),
    Flag.HEDGE: message("how sure it is"),
    Flag.QUANTIFIER: message("how many or how far"),
    Flag.OPPOSITE: message("the opposite"),
    Flag.ORDER: message("order of words"),
    Flag.GAP: message("words between that are left out"),
    Flag.AMBIGUOUS: message("several places fit"),
    Flag.CAPPED: message("more places than are shown"),
}
NOT_JUDGED: Mapping[str, str] = {"word": message("whether words are the same"), **{flag.value: label for flag, label in FLAGS.items()}}
"""Names of what could not be judged of a link."""

RELATIONS: Mapping[RelationKind, tuple[str, str]] = {
    RelationKind.CONTRADICTS: (message("contradicts"), message("contradicts")),
    RelationKind.SUPPORTS: (message("supports"), message("is supported by")),
    RelationKind.REPEATS: (message("repeats"), message("repeats")),
    RelationKind.TRANSLATES: (message("translates"), message("translates")),
    RelationKind.NARROWS: (message("narrows"), message("is narrowed by")),
    RelationKind.DIFFERS: (message("differs from"), message("differs from")),
}
"""Names of a relation, read from its first claim, and from the other one."""

KINDS: Mapping[LinkKind, str] = {
    LinkKind.EXACT: message("word for word"),
    LinkKind.TYPOGRAPHIC: message("word for word, set differently"),
    LinkKind.NEAR: message("the same words, spelled differently"),
}
KIND_NAMES: Mapping[LinkKind, str] = {
    LinkKind.EXACT: message("exact"),
    LinkKind.TYPOGRAPHIC: message("typographic"),
    LinkKind.NEAR: message("near"),
    LinkKind.ALTERED: message("altered"),
    LinkKind.STITCHED: message("stitched"),
}
"""Names of the kinds of link in one word."""

CHANGES: Mapping[WordChange, str] = {
    WordChange.CHANGED: "{theirs} → {mine}",
    WordChange.DROPPED: message("left out: {theirs}"),
    WordChange.ADDED: message("put in: {mine}"),
    WordChange.ASIDE: message("set aside: {theirs}{mine}"),
}
"""Names of the change of one word, the source's first."""
PARTS = frozenset({
    message("headline"),
    message("the page's title"),
    message("the page's header"),
    message("the page's menu"),
    message("the page's footer"),
    message("the article's footer"),
    message("a picture's caption"),
    message("an aside"),
    message("a pull quote"),
    message("a comment"),
    message("a form"),
    message("a frame"),
    message("a consent notice"),
    message("a note on the newsletter"),
    message("a dialogue over the page"),
    message("a part that the page does not show at first"),
    message("the archive's bar"),
    message("the file's front matter"),
    message("a link's address"),
    message("hidden text"),
    message("beside the article"),
    message("the pages' heads and feet"),
    message("the lines' numbers"),
    message("a reviewer's comment"),
    message("a reading aid"),
})  # fmt: skip
"""Labels of the parts of documents that are words, and no numbers or names of the document's own."""


class Words:
    """The words of one language, by the English ones."""

    def __init__(self, lang: str = LANGUAGES[0]) -> None:
        self.lang = lang
        self._catalogue = gettext.NullTranslations() if lang == LANGUAGES[0] else _Catalogues(lang)
        self._locale = _LOCALES.get(lang, lang)
        self._dates: dict[str, str] = {}
        self._numbers: dict[float, str] = {}

    def say(self, text: str) -> str:
        """A label or a sentence; places in braces are left for the renderer, which knows what is to be escaped."""
        return self._catalogue.gettext(text)

    def count(self, one: str, many: str, number: int, **others: str) -> str:
        """A number with its noun, in the plural form that the language wants; ``{number}`` is put in with its separators.

        ``others`` fill further places of the sentence.
        """
        return self._catalogue.ngettext(one, many, number).format(number=self.number(number), **others)

    def number(self, number: float) -> str:
        """A number as the language writes it."""
        if isinstance(number, int) and 0 <= number < _GROUPED:
            return str(number)
        if number not in self._numbers:
            from babel.numbers import format_decimal

            self._numbers[number] = str(format_decimal(number, locale=self._locale))
        return self._numbers[number]

    def date(self, value: str) -> str:
        """A date of whatever precision (ISO 8601: ``2020``, ``2020-06``, ``2020-06-22``) or a time in UTC, as the language writes it."""
        if value not in self._dates:
            self._dates[value] = self._written(value)
        return self._dates[value]

    def _written(self, value: str) -> str:
        from babel.dates import format_date, format_datetime, format_skeleton

        if "T" in value:
            moment = datetime.fromisoformat(value)
            told = f"{format_datetime(moment, 'd MMMM y, HH:mm', locale=self._locale)} UTC"
        elif len(value) == _YEAR:
            told = value
        elif len(value) == _MONTH:
            told = format_skeleton("yMMMM", date.fromisoformat(f"{value}-01"), locale=self._locale)
        else:
            told = format_date(date.fromisoformat(value), "long", locale=self._locale)
        # One edition of the CLDR has narrow and unbreakable spaces where another has plain ones.
        return " ".join(str(told).split())

    def stance(self, stance: Stance) -> str:
        """Name the stance of a party on a claim."""
        return self._label(STANCES, stance)

    def stance_noun(self, stance: Stance) -> str:
        """Name the stance of a party on a claim as a thing: what stands after a name where a verb would have to agree with it."""
        return self._label(STANCE_NOUNS, stance)

    def state(self, state: LinkState) -> str:
        """Name a person's decision on a link."""
        return self._label(STATES, state)

    def flags(self, flags: tuple[Flag, ...]) -> str:
        """Name a flag of a link."""
        return ", ".join(self._label(FLAGS, flag) for flag in flags)

    def not_judged(self, names: tuple[str, ...]) -> str:
        """Say in a sentence, without its full stop, what could not be judged of a link."""
        told = ", ".join(self.say(NOT_JUDGED[name]) if name in NOT_JUDGED else shown_word(name) for name in names)
        return self.say("could not be judged for want of data on the language: {what}").format(what=told)

    def part(self, label: str) -> str:
        """Name a part of a document by its label; one that is not known here is its own name."""
        return self.say(label) if label in PARTS else label

    def relation(self, view: RelationView) -> str:
        """Name the relation of a claim to another one."""
        kind = view.relation.kind
        if kind not in RELATIONS:
            return f"← {shown_word(kind)}" if view.inverse else shown_word(kind)
        return self.say(RELATIONS[kind][view.inverse])

    def kind(self, place: Place) -> str:
        """Name the kind of place in plain words: ``2 words altered``."""
        if place.kind is LinkKind.ALTERED:
            return self.count("{number} word altered", "{number} words altered", place.edits)
        if place.kind is LinkKind.STITCHED:
            return self.count("{number} passage joined", "{number} passages joined", len(place.parts))
        return self._label(KINDS, place.kind)

    def kind_name(self, kind: LinkKind) -> str:
        """Name a kind of place in one word."""
        return self._label(KIND_NAMES, kind)

    def _label(self, labels: Mapping[WordT, str], word: WordT) -> str:
        """The label of a fixed word; one that is not known here is its own."""
        return self.say(labels[word]) if word in labels else shown_word(word)


def shown_word(word: str) -> str:
    """A word that is not known here, for any page: a character that no fixed word has is shown as its number."""
    return "".join(one if one.isalnum() or one in " -_" else f"⟨U+{ord(one):04X}⟩" for one in word)


ENGLISH = Words()


class _Catalogues(gettext.NullTranslations):
    """The catalogues of a language, each read when those before it lack a text."""

    def __init__(self, lang: str) -> None:
        super().__init__()
        self._lang = lang

    def gettext(self, message: str) -> str:
        """Return the text's translation, else the text."""
        told = (_catalogue(self._lang, name).gettext(message) for name in CATALOGUES)
        return next((one for one in told if one != message), message)

    def ngettext(self, msgid1: str, msgid2: str, n: int) -> str:
        """Return the form of a text that goes with a number, in the language, else in English."""
        english = super().ngettext(msgid1, msgid2, n)
        told = (_catalogue(self._lang, name).ngettext(msgid1, msgid2, n) for name in CATALOGUES)
        return next((one for one in told if one != english), english)


@cache
def _catalogue(lang: str, name: str) -> gettext.NullTranslations:
    import io

    from babel.messages.mofile import write_mo
    from babel.messages.pofile import read_po

    source = files("claimreg") / "locale" / lang / f"{name}.po"
    compiled = io.BytesIO()
    write_mo(compiled, read_po(io.BytesIO(source.read_bytes()), locale=lang))
    compiled.seek(0)
    return gettext.GNUTranslations(compiled)
