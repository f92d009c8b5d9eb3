"""Proving drafts against the registry and documents: which texts are looked in, and whose names are known."""

from __future__ import annotations

from contextlib import nullcontext
from dataclasses import replace
from functools import cache
from typing import TYPE_CHECKING, NamedTuple

from claimreg.errors import NotFoundError, UsageError
from claimreg.model import Attribution, Capture, Party, Source, record_type_of
from claimreg.services.linking.likely import LikelyDocuments, all_documents, are_many, stored_collection
from claimreg.services.linking.texts import read_texts, stored_texts
from claimreg.services.proofing.likely import likeliest
from claimreg.services.proofing.proof import Sources, prove
from claimreg.services.proofing.sources import RecordedStatement, SourceText
from claimreg.services.proofing.speakers import Speakers
from claimreg.services.proofing.types import ProofPlace
from claimreg.services.recording.bare import passed_over
from claimreg.services.recording.media import medium_of, without_text
from claimreg.services.recording.parties import canonical, resolve
from claimreg.services.recording.sources import find_source, latest_capture, names_a_source, uncaptured
from claimreg.services.withholding import place_or_withheld

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from claimreg.services.articles import Article
    from claimreg.services.proofing.sources import LanguageOf
    from claimreg.services.proofing.types import Proof
    from claimreg.services.surroundings import DocumentReader, Surroundings
    from claimreg.store.port import Reader, Store


_NO_SOURCE = "No source is stored to prove the draft against; name some with --in, or add them with claimreg source add."

_OTHERS = "no other is stored to prove the draft against: name some with --in, or add them with claimreg source add."


class Asked(NamedTuple):
    """Wishes for a proof: a guesser of languages, and names with the party that each means, in pairs.

    ``unread`` names sources that may not be read, each with the reason.
    """

    language_of: LanguageOf
    joined: tuple[tuple[str, str], ...] = ()
    unread: tuple[tuple[str, str], ...] = ()


def prove_articles(
    store: Store, around: Surroundings, articles: Iterable[Article], inside: Sequence[str] | None, asked: Asked
) -> Iterator[Proof]:
    """Prove drafts against the documents and sources named; with ``None``, against what the registry has.

    Raises `UsageError` where there is nothing to prove them against.
    """
    from claimreg.linker import LayeredLinker

    joined = tuple((name, _named(store, party)) for name, party in asked.joined)
    speakers = Speakers(cache(lambda name: _party_of(store, name)), joined)
    with LikelyDocuments(store, around.tell_aside) if inside is None else nullcontext() as documents:
        sources = (
            _stored(store, documents, asked.language_of)
            if documents is not None
            else _documents(store, inside or (), around.documents, asked)
        )
        is_empty = documents is not None and next(iter(sources.every()), None) is None
        linker = LayeredLinker(stored_collection(store) if documents is not None else None)
        for article in articles:
            proof = prove(article, sources, linker, speakers, asked.language_of)
            if is_empty and proof.answered:
                unseen = passed_over(store, (), everywhere=True)
                raise UsageError(_NO_SOURCE if unseen is None else f"{unseen[:-1]}; {_OTHERS}")
            yield _told(store, proof)


def _documents(store: Reader, references: Sequence[str], documents: DocumentReader, asked: Asked) -> Sources:
    """The sources and documents that references lead to, each once; those that cannot be read are named."""
    texts: dict[str, SourceText] = {}
    unread, language_of = list(asked.unread), asked.language_of
    for reference in dict.fromkeys(references):
        source = find_source(store, reference) if names_a_source(reference) else None
        if source is not None:
            capture = latest_capture(store, source)
            if capture is None:
                unread.append((source.id, f"{uncaptured(source)}."))
                continue
            there = stored_texts(store, capture)
            texts[source.id] = SourceText(
                source.id, there.text, source_id=source.id, lang=source.lang, language_of=language_of, texts=there
            )
            continue
        for read in documents.read_all([reference], guess_language=False):
            if read.document is not None and medium_of(read.document.media_type) and not read.document.text:
                unread.append((read.name, without_text(read.name, read.document.media_type)))
            elif read.document is not None:
                handed = read_texts(read.document)
                lang = read.document.details.lang
                texts[read.name] = SourceText(read.name, handed.text, lang=lang, language_of=language_of, texts=handed)
            else:
                unread.append((read.name, str(read.error)))
    every = tuple(texts.values())
    return Sources(likely=likeliest(every), every=lambda: every, unread=tuple(unread))


def _stored(store: Store, documents: LikelyDocuments, language_of: LanguageOf) -> Sources:
    """All stored sources, and the words that attributions have."""
    recorded = tuple(RecordedStatement(one, _name_of(store, one.party_id)) for one in store.find(Attribution) if one.quote)
    texts: dict[str, SourceText] = {}

    def text(source: Source, capture: Capture, content: str) -> SourceText:
        if source.id not in texts:
            there = stored_texts(store, capture, content)
            texts[source.id] = SourceText(source.id, content, source_id=source.id, lang=source.lang, language_of=language_of, texts=there)
        return texts[source.id]

    def every() -> Iterator[SourceText]:
        yield from (text(source, capture, content) for source, capture, content in all_documents(store))
        yield from recorded

    if not are_many(store):
        whole = tuple(every())
        return Sources(likely=lambda _words: whole, every=lambda: whole)

    def likely(words: str) -> Iterator[SourceText]:
        yield from (text(source, capture, content) for source, capture, content in documents.of(words))
        yield from recorded

    return Sources(likely=likely, every=every)


def _name_of(reader: Reader, party_id: str) -> str:
    party = reader.get(Party, party_id)
    return canonical(reader, party).name if party is not None else ""


def _named(reader: Reader, party: str) -> str:
    """The name of a party that is given by its id or a name; one that is not recorded is its own."""
    found = resolve(reader, party, alike=False).party
    return found.name if found is not None else party


def _party_of(reader: Reader, name: str) -> str | None:
    """The id of the party that has this name, in whatever script; ``None`` where none or several have it."""
    try:
        party = resolve(reader, name, alike=False).party
    except (UsageError, NotFoundError):
        return None
    return party.id if party is not None else None


def _told(reader: Reader, proof: Proof) -> Proof:
    """The proof as others may see it: of withheld sources no words but the draft's own, and no speaker."""
    quotations = []
    for one in proof.quotations:
        places = tuple(_told_place(reader, place, one.text) for place in one.places)
        nearest = _told_place(reader, one.nearest, one.text) if one.nearest is not None else None
        quotations.append(replace(one, places=places, nearest=nearest))
    return replace(proof, quotations=tuple(quotations))


def _told_place(reader: Reader, place: ProofPlace, text: str) -> ProofPlace:
    source = reader.get(Source, place.source_id) if place.source_id and record_type_of(place.source_id) is Source else None
    told = place_or_withheld(place.match, source, text) if place.stance is None else None
    return place if told is None else ProofPlace(document=place.document, source_id=place.source_id, match=told)
