"""Proving a draft: each of its quotations against the sources."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING, NamedTuple

from claimreg.services.articles import Role
from claimreg.services.proofing.drafts import quotations_of
from claimreg.services.proofing.judge import Judge
from claimreg.services.proofing.sources import tag_of
from claimreg.services.proofing.speakers import Speakers, Writing
from claimreg.services.proofing.types import Proof, ProofVerdict
from claimreg.text.scripts import ARABIC_WITH_FORMS, CYRILLIC, GREEK, LATIN_WITH_SIGNS, is_in

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from claimreg.linker import LayeredLinker
    from claimreg.services.articles import Article
    from claimreg.services.proofing.sources import LanguageOf, SourceText
    from claimreg.text.scripts import Ranges

_ALPHABETS = (LATIN_WITH_SIGNS, CYRILLIC, GREEK, ARABIC_WITH_FORMS)
_SAMPLE = 1_000
"""Code points of a text that its alphabet is told by."""

_SURE = 0.95
_SURE_LETTERS = 40
"""Certainty of a guess of a quotation's language, and letters of the quotation, from which on it counts against its draft's language:
short sentences are guessed wrong one time in twenty."""


class Sources(NamedTuple):
    """Sources to prove drafts against: ``likely`` gives those in which words may stand, ``every`` one of them.

    ``unread`` names those that could not be read, each with the reason.
    """

    likely: Callable[[str], Iterable[SourceText]]
    every: Callable[[], Iterable[SourceText]]
    unread: tuple[tuple[str, str], ...] = ()


def prove(draft: Article, sources: Sources, linker: LayeredLinker, speakers: Speakers, language_of: LanguageOf) -> Proof:
    """Answer for every quotation of a draft; nothing is recorded."""
    body = "\n\n".join(block.text for block in draft.blocks if block.role is not Role.CODE)
    lang = tag_of(language_of(body))
    found = quotations_of(draft, lang)
    writing = Writing(body, lang)
    missing = _Missing(sources, language_of, lang)
    judge = Judge(linker, sources.likely, speakers, missing.verdict)
    quotations = tuple(
        judge.judged(number, one, draft.position(one.parts[0].start), writing) for number, one in enumerate(found.quotations, 1)
    )
    return Proof(draft=draft.name, quotations=quotations, unread=sources.unread, ignored=found.ignored)


class _Missing:
    """Verdict on words that stand in none of the sources."""

    def __init__(self, sources: Sources, language_of: LanguageOf, lang: str | None) -> None:
        self._sources = sources
        self._language_of = language_of
        self._lang = _primary(lang)

    def verdict(self, words: str) -> tuple[ProofVerdict, str]:
        if self._sources.unread:
            return ProofVerdict.UNSURE, f"not in the sources that were read; {self._sources.unread[0][0]} was not"
        languages = self._languages
        other = self._other_language(words, languages)
        if other is not None:
            return ProofVerdict.OTHER_LANGUAGE, f"in {other}; the sources are in {', '.join(sorted(languages))}"
        return ProofVerdict.NOT_FOUND, ""

    def _other_language(self, words: str, languages: frozenset[str]) -> str | None:
        """The language of words where no source is in it; ``None`` where one may be. The letters tell, then a guess that is sure."""
        guess = self._language_of(words)
        own = _primary(tag_of(guess))
        if own is not None and own in languages:
            return None
        script = _script(words)
        if script is not None and script not in self._scripts and None not in self._scripts:
            return own or "other letters"
        sure = guess is not None and guess[1] >= _SURE and sum(map(str.isalpha, words)) >= _SURE_LETTERS
        told = own if sure or self._lang not in languages else None
        return told or self._lang if languages and (told or self._lang) not in languages else None

    @cached_property
    def _scripts(self) -> frozenset[Ranges | None]:
        return frozenset(_script(source.text[:_SAMPLE]) for source in self._sources.every())

    @cached_property
    def _languages(self) -> frozenset[str]:
        """The languages of the sources; none where one's cannot be told, as that may be any."""
        tags = [source.lang for source in self._sources.every()]
        return frozenset(tag for one in tags if (tag := _primary(one))) if all(tags) else frozenset()


def _primary(tag: str | None) -> str | None:
    return tag.partition("-")[0].lower() if tag else None


def _script(text: str) -> Ranges | None:
    """The alphabet of more than half of the letters."""
    letters = [ord(letter) for letter in text if letter.isalpha()]
    for ranges in _ALPHABETS:
        if sum(is_in(letter, ranges) for letter in letters) * 2 > len(letters):
            return ranges
    return None
