"""Statements of a review: who said its claim, in which words, when and where; of our own exports, who denied it or else, too."""

from __future__ import annotations

from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from claimreg.errors import InputError
from claimreg.interchange.claim_review_words import Tree
from claimreg.interchange.crowds import is_crowd
from claimreg.interchange.json_ld_values import addresses_of, every, is_address, node_of, text_of
from claimreg.model import Stance
from claimreg.services.exchange.rows import SourceRow, StatementRow
from claimreg.services.recording.claims import AttributionFields
from claimreg.services.recording.fields import checked_choice
from claimreg.services.recording.sources import SourceDetails
from claimreg.text.addresses import address_key

if TYPE_CHECKING:
    from claimreg.interchange.claim_review_words import Words
    from claimreg.interchange.json_ld_values import Node

_NAME = Tree({"name": None})
_WORK = Tree(
    {
        "url": None,
        "headline": None,
        "name": None,
        "datePublished": None,
        "publisher": _NAME,
        "author": _NAME,
        "inLanguage": None,
        "archivedAt": None,
    }
)
ITEM = Tree(
    {"author": _NAME, "datePublished": None, "text": None, "inLanguage": None, "url": None, "appearance": _WORK, "firstAppearance": _WORK}
)
STATEMENT = Tree({"claimreg:stance": None, "author": _NAME, "text": None, "inLanguage": None, "datePublished": None, "isPartOf": _WORK})
_ENCYCLOPAEDIAS = ("wikipedia.org", "wikidata.org", "wikimedia.org", "britannica.com", "dbpedia.org", "viaf.org")
_SHOWN = 200
_MOST = 1_000
"""Statements of one review: everybody who said it, in every place where it was said."""


class Statements:
    """All that a review says of those who made its claim: statements, the sources of these, and tags for addresses of an unknown kind."""

    def __init__(self, words: Words, lang: str | None, used: set[str]) -> None:
        self._words = words
        self._lang = lang
        self._used = used
        self._sources: dict[str, SourceRow] = {}
        self.tags: list[str] = []
        own = words.node.get("claimreg:attributions") if words.is_ours else None
        given = [statement for one in every(own) for statement in self._own(one)]
        # Where one of them asserts the claim, they are all who do; see `claimreg.render.claim_review`.
        is_whole = any(one.fields.stance is Stance.ASSERTS for one in given)
        self.statements: tuple[StatementRow, ...] = (*(() if is_whole else self._of_item()), *given)

    @property
    def sources(self) -> tuple[SourceRow, ...]:
        """The sources, each once."""
        return tuple(self._sources.values())

    def _of_item(self) -> list[StatementRow]:
        """The statements of all authors of the item reviewed, in all places where it appeared."""
        item = self._words.node_at(self._words.node.get("itemReviewed"))
        places: list[str | None] = [*self._places(item)]
        # A name without a letter or a digit names nobody (“-”, “???”).
        names = [one for one in self._words.names(item.get("author"), "party's name") if any(map(str.isalnum, one))]
        self._tag_likenesses(item.get("author"))
        quotes = self._words.texts(item.get("text"), "quote")
        # Several quotes of several people cannot be told apart.
        quote = quotes[0] if len(quotes) == 1 else None
        if len(quotes) > 1:
            self._words.note("its itemReviewed.text has several texts, none of which was taken for a quote")
        said_at = self._words.date(item.get("datePublished"), self._lang)
        lang = self._words.stated_language(item.get("inLanguage"))
        if not names and self._words.is_review and not self._words.is_ours:
            self._words.note("it does not name who said it, so it was read without a statement")
        if len(names) * max(1, len(places)) > _MOST:
            raise InputError(f"it has more than {_MOST} statements of one claim")
        return [
            StatementRow(
                AttributionFields(Stance.ASSERTS, name, quote, lang, said_at), place, is_crowd=not self._words.is_ours and is_crowd(name)
            )
            for name in names
            for place in (places or [None])
        ]

    def _own(self, value: object) -> list[StatementRow]:
        """The statement of our own export; raises `InputError` for what is none."""
        node = node_of(value)
        names = self._words.names(node.get("author"), "party's name")
        if not names:
            raise InputError("one of its claimreg:attributions names nobody")
        fields = AttributionFields(
            stance=checked_choice(text_of(node.get("claimreg:stance")) or "", Stance, "stance"),
            party_as_written=names[0],
            quote=self._words.text(node.get("text"), "quote"),
            lang=self._words.stated_language(node.get("inLanguage")),
            said_at=self._words.date(node.get("datePublished"), self._lang),
        )
        return [StatementRow(fields, self._source(node["isPartOf"]) if node.get("isPartOf") else None)]

    def _places(self, item: Node) -> list[str]:
        """The keys of the sources in which the claim appeared, each once."""
        values = [*every(item.get("appearance")), *every(item.get("firstAppearance"))]
        if item.get("url"):
            # The item's name is its own address's title, and otherwise that of a place without an address.
            values += [{"url": one, "name": item.get("name")} for one in addresses_of(item["url"])]
            self._used.add("itemReviewed.name")
        found = (self._source(one) for one in values)
        return list(dict.fromkeys(one for one in found if one is not None))

    def _source(self, value: object) -> str | None:
        """The key of the source of an appearance; ``None`` where it has neither an address nor a title."""
        words = self._words
        written = next(iter(addresses_of(value if isinstance(value, str) else words.node_at(value))), None)
        work = {} if isinstance(value, str) else words.node_at(value)
        title = words.text(work.get("headline"), "title") or words.text(work.get("name"), "title")
        written = words.cleaned(written, "address of a source") if written is not None else None
        url = words.absolute(written) if written is not None else None
        if written is not None and url is None:
            words.note(f"the address “{written[:_SHOWN]}” of its source is none of the web, so it was left out")
        lang = words.stated_language(work.get("inLanguage"))
        details = SourceDetails(
            title=title,
            publisher=", ".join(words.names(work.get("publisher"), "publisher")) or None,
            published_at=words.date(work.get("datePublished"), lang or self._lang),
            lang=lang,
            url=url,
            author=", ".join(words.names(work.get("author"), "author")) or None,
            archive_url=next((one for one in addresses_of(work.get("archivedAt")) if is_address(one)), None),
        )
        if url is None and title is None:
            return None
        # A source without an address is known by what is told of it.
        key = url or " · ".join(one for one in (title, details.publisher, details.published_at) if one)
        return self._sources.setdefault(address_key(key), SourceRow(words.found.number, key, details)).key

    def _tag_likenesses(self, authors: object) -> None:
        """Keep what a claimant is said to be the same as; pages of encyclopaedias only say who it is, and are told as having no place."""
        for author in every(authors):
            likenesses = addresses_of(self._words.node_at(author).get("sameAs")) if isinstance(author, dict) else []
            kept = [one for one in likenesses if is_address(one) and not _is_encyclopaedia(one)]
            self.tags += [tag for one in kept if (tag := self._words.cleaned(one, "tag")) is not None]
            if kept and len(kept) == len(likenesses):
                self._used.add("itemReviewed.author.sameAs")


def _is_encyclopaedia(address: str) -> bool:
    try:
        host = (urlsplit(address).hostname or "").lower()
    except ValueError:
        return False
    return any(host == one or host.endswith(f".{one}") for one in _ENCYCLOPAEDIAS)
