"""Profile of one language, which the finder goes by: the words of its tables as sets, and its cues by their first word."""

from __future__ import annotations

from enum import Enum
from functools import cache
from typing import TYPE_CHECKING, Any, NamedTuple

from claimreg.languages import language, speech
from claimreg.speech.types import Act

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from claimreg.languages.speech_tables import Speech


class Form(Enum):
    """Form in which a cue's word stands: with a subject, without one of its own, only perhaps as a verb, or as a preposition does."""

    FINITE = "finite"
    DEPENDENT = "dependent"
    UNSURE = "unsure"
    PASSIVE = "passive"
    BEFORE = "before"
    """Before the name of the source (according to)."""
    AFTER = "after"
    """Behind the name of the source (айтуынша)."""


class Sense(NamedTuple):
    """A cue of the language: its kind's name, its act, what it takes, its form."""

    kind: str
    act: Act
    takes: frozenset[str]
    form: Form


class Phrase(NamedTuple):
    """Words that are one cue, with what they mean."""

    words: tuple[str, ...]
    sense: Sense


class Profile(NamedTuple):
    """The words of a language's tables; ``phrases`` are by their first word, the longest first."""

    tag: str
    order: str
    dashes: bool
    abbreviations: frozenset[str]
    phrases: Mapping[str, tuple[Phrase, ...]]
    pronouns: frozenset[str]
    impersonal: frozenset[str]
    titles: frozenset[str]
    heads: frozenset[str]
    """Roles and organisations."""
    organisations: frozenset[str]
    determiners: frozenset[str]
    relatives: frozenset[str]
    boundaries: frozenset[str]
    prepositions: frozenset[str]
    auxiliaries: frozenset[str]
    passives: frozenset[str]
    adverbs: frozenset[str]
    adverb_endings: tuple[str, ...]
    endings: tuple[str, ...]
    complementisers: frozenset[str]
    infinitives: frozenset[str]
    cuts: frozenset[str]
    content_endings: tuple[str, ...]
    content_stems: tuple[str, ...]
    infinitive_endings: tuple[str, ...]
    passive_endings: tuple[str, ...]
    postpositions: frozenset[str]
    particles: frozenset[str]
    settings: frozenset[str]
    sources: frozenset[str]
    joiners: frozenset[str]
    contrasts: frozenset[str]
    modifiers: tuple[str, ...]
    addressed: tuple[str, ...]
    masculine: tuple[str, ...]
    feminine: tuple[str, ...]
    feminine_names: tuple[str, ...]
    many: tuple[str, ...]
    bodies: frozenset[str]
    groups: frozenset[str]
    participles: tuple[str, ...]
    cue_endings: tuple[str, ...]
    owners: tuple[str, ...]
    parting: tuple[str, ...]
    agents: tuple[str, ...]
    plurals: tuple[str, ...]
    possessed: tuple[str, ...]
    surnames: tuple[str, ...]
    caseless: tuple[str, ...]
    pointers: frozenset[str]
    times: frozenset[str]
    verdicts: frozenset[str]
    reasons: frozenset[str]
    unreal: frozenset[str]
    subordinators: frozenset[str]
    documents: frozenset[str]
    behind: frozenset[str]
    plural_words: frozenset[str]
    possessives: tuple[str, ...]
    third_endings: tuple[str, ...]
    third_not: tuple[str, ...]
    links: frozenset[str]
    bound: frozenset[str]
    withheld: frozenset[str]
    refusals: frozenset[str]
    amounts: frozenset[str]
    verb_endings: tuple[str, ...]
    names_before: frozenset[str]
    names_after: frozenset[str]
    titles_beside: frozenset[str]
    laws_beside: frozenset[str]
    terms_beside: frozenset[str]

    def is_adverb(self, key: str) -> bool:
        """Return whether a word may stand between a subject and its verb."""
        return key in self.adverbs or (len(key) > 4 and key.endswith(self.adverb_endings))  # noqa: PLR2004 -- shorter words with such an end are others (only, fly)


@cache
def profile(tag: str) -> Profile | None:
    """The profile of a language by its tag; ``None`` where there is no table of speech for it."""
    tables = speech(tag)
    return _profile(tag, tables) if tables else None


def _profile(tag: str, tables: Speech) -> Profile:
    who, what, unspoken = tables.speakers, tables.contents, tables.unspoken
    words: dict[str, Any] = {
        **what._asdict(),
        **who._asdict(),
        **unspoken._asdict(),
        "abbreviations": tables.abbreviations,
        "cue_endings": tables.cue_endings,
        "titles": who.titles,
        "heads": _heads((*who.roles, *who.organisations), who.head_endings),
        "organisations": _heads(who.organisations, who.head_endings),
        "content_endings": what.endings,
        "content_stems": tuple(one[:-1] for one in what.endings),
        "parting": tuple(one for one in who.endings if one not in who.owners),
        "surnames": language(tag).names.genders,
        "titles_beside": unspoken.titles,
        "laws_beside": unspoken.laws,
        "terms_beside": unspoken.terms,
    }
    # A field's type says whether order tells anything: words are looked up in a set, endings tried one after the other.
    kept: dict[str, Any] = {
        name: frozenset(words[name]) if "frozenset" in kind else words[name] for name, kind in _kinds().items() if name in words
    }
    return Profile(tag=tag, order=tables.order, dashes=bool(tables.dashes), phrases=_phrases(tables), **kept)


def _kinds() -> dict[str, str]:
    """The types of a profile's fields, as they are written, by name."""
    return {name: str(kind) for name, kind in Profile.__annotations__.items()}


def _heads(words: Iterable[str], endings: Iterable[str]) -> frozenset[str]:
    return frozenset(word + ending for word in words for ending in ("", *endings))


def _phrases(tables: Speech) -> dict[str, tuple[Phrase, ...]]:
    senses: dict[tuple[str, ...], Sense] = {}
    for kind, cue in tables.cues.items():
        for form, listed in (
            (Form.FINITE, cue.forms),
            (Form.DEPENDENT, cue.dependent),
            (Form.UNSURE, cue.unsure),
            (Form.PASSIVE, cue.passive),
        ):
            _add(senses, _forms(listed, tables.cue_endings), Sense(kind, Act(cue.act), frozenset(cue.takes), form))
    for form, listed in ((Form.BEFORE, tables.according.before), (Form.AFTER, tables.according.after)):
        _add(senses, listed, Sense("according", Act.ASSERTION, frozenset(("quote", "clause")), form))
    by_first: dict[str, list[Phrase]] = {}
    for key in sorted(senses, key=len, reverse=True):
        by_first.setdefault(key[0], []).append(Phrase(key, senses[key]))
    return {first: tuple(found) for first, found in by_first.items()}


def _add(senses: dict[tuple[str, ...], Sense], listed: Iterable[str], sense: Sense) -> None:
    """Note the words of a kind of cue; a word of several kinds is of the first, and takes what all of them take."""
    for phrase in listed:
        words = tuple(phrase.lower().split("_"))
        known = senses.get(words)
        senses[words] = known._replace(takes=known.takes | sense.takes) if known else sense


def _forms(listed: Iterable[str], endings: Iterable[str]) -> Iterator[str]:
    """The words of a list, those that are a stem with every ending."""
    for word in listed:
        if word.endswith("-"):
            yield from (word[:-1] + ending for ending in endings)
        else:
            yield word
