"""ClaimReview in: reviews of claims as schema.org has them, read as they are found, which is often not as they should be.

A review is a claim, its verdict, and those who said it; where they said it are sources, addresses without their documents. A rating is its
words (``alternateName``); its numbers are kept, as the verdict's scheme, only where they are a place on a scale, since most are not and a
verdict sorted by such numbers would be false. The desk's name is the verdict's author, and no scheme: one desk may have several, and two
desks one. Who is nobody (“social media users”) is marked as such; what a party is said to be the same as may be its profile or a post,
which nobody can tell, so it is a tag and no source. Words are never altered but for HTML's characters and UTF-8 that was read as Latin-1.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from claimreg.corpus.jsonl import BadLine
from claimreg.errors import ClaimregError, InputError
from claimreg.interchange.claim_review_statements import ITEM, STATEMENT, Statements
from claimreg.interchange.claim_review_words import Tree, Words
from claimreg.interchange.google_claims import SHARED
from claimreg.interchange.json_ld import found_in
from claimreg.interchange.json_ld_values import addresses_of, every, text_of, texts_of
from claimreg.services.exchange.numbers import Numbers
from claimreg.services.exchange.rating_scale import scale_of, scheme_of
from claimreg.services.exchange.rows import ClaimRow, VerdictRow
from claimreg.services.recording.claims import ClaimFields
from claimreg.text.addresses import address_key

if TYPE_CHECKING:
    from collections.abc import Iterator
    from typing import BinaryIO

    from claimreg.interchange.json_ld import Found
    from claimreg.services.exchange.rows import Reading, Row, SourceRow

_NAME = Tree({"name": None})
_RATING = Tree({"alternateName": None, "claimreg:scheme": None})
_KNOWN = Tree(
    {
        "url": None,
        "claimReviewed": None,
        "inLanguage": None,
        "keywords": None,
        "datePublished": None,
        "author": _NAME,
        "reviewRating": _RATING,
        "reviewBody": None,
        "itemReviewed": ITEM,
        "claimreg:attributions": STATEMENT,
        SHARED: None,
    }
)
# Whoever is an author of a claim of ours, and wherever, stands among its attributions, too.
_OF_CLAIM = Tree(
    {
        **{name: _KNOWN.names[name] for name in ("inLanguage", "keywords", "claimreg:attributions")},
        "text": None,
        "author": None,
        "appearance": None,
    }
)
_NUMBERS = ("ratingValue", "worstRating", "bestRating")


def read(stream: BinaryIO, reading: Reading) -> Iterator[Row | BadLine]:
    """The reviews of a file as rows; raises `InputError` for a file that has none. Nothing is fetched."""
    reviews = _Reviews(reading)
    met = False
    for found in found_in(stream, reading):
        if isinstance(found, BadLine):
            yield found
            continue
        met = True
        try:
            # All of a review or nothing: its sources are handed over once its claim can be.
            rows = list(reviews.rows_of(found))
        except ClaimregError as error:
            yield BadLine(found.number, str(error))
            continue
        yield from rows
    if not met:
        raise InputError(f"{reading.name} has no review of a claim (ClaimReview); give a file, a feed or a page of a fact-checker.")


class _Reviews:
    """Reviews of one file, one after the other: the texts that each address stands for, and the languages that were checked."""

    def __init__(self, reading: Reading) -> None:
        self._reading = reading
        self._languages: dict[str, str | None] = {}
        self._texts = Numbers()
        self._places = Numbers()
        self._titled = Numbers()

    def rows_of(self, found: Found) -> Iterator[Row]:
        """The rows of a review; raises `UsageError` for one that cannot be recorded."""
        words = Words(found, self._reading, self._languages)
        name = "claimReviewed" if words.is_review else "text"
        texts = words.texts(words.node.get(name), "claim's text")
        if not texts:
            raise InputError(f"it has no {name}, the claim's text")
        used: set[str] = set()
        lang = self._lang_of(words, name, texts[0])
        verdicts = _verdicts(words, lang, used)
        said = Statements(words, lang, used)
        tags = (*_tags(words), *said.tags)
        address = self._address_of(words, used)
        yield from self._new(said.sources)
        for text in texts:
            external = self._named(address, text)
            fields = ClaimFields(text, lang=lang, tags=tags, external_id=external)
            yield ClaimRow(found.number, fields, said.statements, verdicts, address_key(external) if external else None)
        words.tell_mended()
        words.tell_unknown(_KNOWN if words.is_review else _OF_CLAIM, used)

    def _new(self, sources: tuple[SourceRow, ...]) -> Iterator[SourceRow]:
        """Yield the sources; one without an address only once in a file, as nothing but its details tells that it is the same."""
        for source in sources:
            if source.details.url is None:
                if self._titled.get(source.key) is not None:
                    continue
                self._titled.put(source.key, source.number)
            yield source

    def _lang_of(self, words: Words, name: str, text: str) -> str | None:
        own = next((one.get("@language") for one in every(words.node.get(name)) if isinstance(one, dict)), None)
        return words.language(words.node.get("inLanguage") if own is None else own, text)

    def _address_of(self, words: Words, used: set[str]) -> str | None:
        """The address of the review, by which a claim is known again; else its id, else the page's address."""
        node = words.node
        if words.is_ours:
            used.update(("identifier", "url"))
            return words.text(node.get("identifier"), "claim's id") or next(iter(addresses_of(node.get("url"))), None) or node["@id"]
        written = next(iter(addresses_of(node.get(SHARED)) or addresses_of(node.get("url"))), None)
        if written is None:
            name = text_of(node.get("@id"))
            return words.text(name, "claim's id") if name is not None and not name.startswith("#") else words.found.address
        written = words.text(written, "review's address")
        absolute = words.absolute(written) if written else None
        if absolute is None:
            words.note(f"the review's address “{written}” is not whole; give --base with the address of the page that it is from")
        return absolute or written

    def _named(self, address: str | None, text: str) -> str | None:
        """The id of a claim: the address, and a number behind it where that stands for another claim of the file, too."""
        if address is None:
            return None
        key = address_key(address)
        place = self._places.get(f"{key} {text}")
        if place is None:
            place = (self._texts.get(key) or 0) + 1
            self._texts.put(key, place)
            self._places.put(f"{key} {text}", place)
        return address if place == 1 else f"{address} ({place})"


def _verdicts(words: Words, lang: str | None, used: set[str]) -> tuple[VerdictRow, ...]:
    """The verdict of a review; none, and that is told, where nothing is said in words or on a scale."""
    if not words.is_review:
        return ()
    value = words.node.get("reviewRating")
    rating = words.node_at(value)
    scale = scale_of(*(text_of(rating.get(name)) for name in _NUMBERS))
    in_words = words.text(rating.get("alternateName") if rating else value, "rating")
    if in_words is None and scale is not None:
        in_words = f"{scale.value} of {scale.best}"
    if scale is not None:
        used.update(f"reviewRating.{name}" for name in _NUMBERS)
    if in_words is None:
        words.note("it has no rating in words, so it was read without a verdict")
        return ()
    scheme = words.text(rating.get("claimreg:scheme"), "scheme") or (scheme_of(scale) if scale is not None else None)
    author = ", ".join(words.names(words.node.get("author"), "author"))
    if not author:
        author = ", ".join(words.names(words.node.get("publisher"), "publisher"))
        used.update(("publisher", "publisher.name"))
    rationale = words.text(words.node.get("reviewBody"), "rationale")
    return (VerdictRow(in_words, scheme, rationale, author or None, words.date(words.node.get("datePublished"), lang)),)


def _tags(words: Words) -> list[str]:
    """The keywords: a list of them, or one text with commas between."""
    value = words.node.get("keywords")
    found: list[str] = []
    for one in every(value):
        if isinstance(one, dict) and "@value" not in one:
            found += words.names([one], "tag")
            continue
        for text in texts_of(one):
            parts = [text] if isinstance(value, list) else text.split(",")
            found += [tag for part in parts if (tag := words.cleaned(part, "tag")) is not None]
    return list(dict.fromkeys(found))
