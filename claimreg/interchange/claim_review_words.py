"""Words, dates and addresses of one review, checked, with what there is to tell of them; see `claim_review_reading`."""

from __future__ import annotations

import html
from typing import TYPE_CHECKING, NamedTuple
from urllib.parse import urljoin, urlsplit

from claimreg.characters import replaced
from claimreg.corpus.jsonl import BadLine
from claimreg.errors import UsageError
from claimreg.interchange.json_ld_values import every, is_address, mended, node_of, text_of, texts_of, types_of
from claimreg.services.exchange.outside_ids import OWN_URNS
from claimreg.services.recording.fields import checked_date, checked_language, checked_text

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Mapping

    from claimreg.interchange.json_ld import Found
    from claimreg.interchange.json_ld_values import Node
    from claimreg.services.exchange.rows import Reading

_FEWEST_LETTERS = 20
"""Letters of a text whose language is guessed; a guess from fewer is none."""

_MOST_UNKNOWN = 1_000
"""Different names that are told of; a file made to fill memory has no end of them."""

_LONGEST_NAME = 80
_OTHERS = "…"


class Tree(NamedTuple):
    """Names that have a place here, each with those below it."""

    names: Mapping[str, Tree | None]


class Words:
    """Words of one review. What is in our own export is taken to the letter; what is not is mended and unescaped, and told of."""

    def __init__(self, found: Found, reading: Reading, languages: dict[str, str | None]) -> None:
        self.found = found
        self.node = node_of(found.node)
        name = self.node.get("@id")
        self.is_ours = isinstance(name, str) and name.startswith(OWN_URNS)
        self.is_review = "claimreview" in types_of(found.node)
        self._reading = reading
        self._languages = languages
        self._mended: list[str] = []

    def note(self, sentence: str) -> None:
        """Tell something of the review, which is recorded all the same."""
        self._reading.told.notes.append(BadLine(self.found.number, sentence))

    def tell_mended(self) -> None:
        """Tell which words were mended."""
        if self._mended:
            self.note(f"its UTF-8 had been read as Latin-1; mended in: {', '.join(dict.fromkeys(self._mended))}")

    def node_at(self, value: object) -> Node:
        """The object that stands there, or the one of the same document that it refers to."""
        node = node_of(value)
        name = node.get("@id")
        if len(node) == 1 and isinstance(name, str) and name in self.found.ids:
            return node_of(self.found.ids[name])
        return node

    def text(self, value: object, what: str) -> str | None:
        """The first text there, with something in it; raises `UsageError` for one that no record can hold."""
        found = text_of(value)
        return None if found is None else self.cleaned(found, what)

    def cleaned(self, text: str, what: str) -> str | None:
        """A text of others, mended if it was misread, its characters of HTML unescaped once."""
        if not self.is_ours:
            whole = mended(text)
            if whole is not None:
                self._mended.append(what)
            text = html.unescape(text if whole is None else whole)
        return checked_text(text, what) if text.strip() else None

    def texts(self, value: object, what: str) -> list[str]:
        """All texts there, each once."""
        return list(dict.fromkeys(one for text in texts_of(value) if (one := self.cleaned(text, what)) is not None))

    def names(self, value: object, what: str) -> list[str]:
        """Names of all who stand there."""
        found: list[str] = []
        for one in every(value):
            is_node = isinstance(one, dict) and "@value" not in one
            written = self.node_at(one).get("name") if is_node else one
            name = self.text(written, what)
            if is_node and len(every(written)) > 1:
                self.note(f"of several names of the same one, the first was taken: “{name}”")
            if name is not None and name not in found:
                found.append(name)
        return found

    def date(self, value: object, lang: str | None) -> str | None:
        """The date there as ISO 8601 has it; ``None`` for none, and for what is none, which is told."""
        written = text_of(value)
        if written is None:
            return None
        try:
            # A text that no record can hold is told as such.
            return checked_date(checked_text(written, "date"), self._reading.dates, lang)
        except UsageError as error:
            self._reading.told.undated.append(BadLine(self.found.number, str(error)))
            return None

    def language(self, stated: object, text: str) -> str | None:
        """The language stated, else the page's, else a guess, which is told; ``None`` where there is too little for one."""
        for tag in (_tag_in(stated), self.found.language):
            if tag is not None and tag.strip():
                known = self._language(tag)
                if known is not None:
                    return known
                self.note(f"“{tag.strip()[:_LONGEST_NAME]}” is no language tag")
        if self.is_ours or sum(map(str.isalpha, text)) < _FEWEST_LETTERS:
            return None
        guess = self._reading.guess(text)
        if guess is not None:
            self.note(f"its language, {guess}, is guessed from its words")
        return guess

    def stated_language(self, value: object) -> str | None:
        """The language that a part of the review says of itself."""
        tag = _tag_in(value)
        return self._language(tag) if tag else None

    def _language(self, tag: str) -> str | None:
        if tag not in self._languages:
            try:
                self._languages[tag] = checked_language(tag.strip().replace("_", "-"))
            except UsageError:
                self._languages[tag] = None
        return self._languages[tag]

    def absolute(self, address: str) -> str | None:
        """The address, joined to that of the file or the page where it is relative; ``None`` where that makes none."""
        if is_address(address):
            return address
        base = self._reading.base or self.found.address
        if base is None:
            return None
        # “desk.example/checks/1” under https://desk.example/ is an address without its beginning, not one relative to it.
        parts = urlsplit(base)
        host = address.partition("/")[0].lower().removeprefix("www.")
        is_whole = bool(parts.hostname) and host == str(parts.hostname).removeprefix("www.")
        try:
            joined = f"{parts.scheme}://{address}" if is_whole else urljoin(base, address)
        except ValueError:
            return None
        return joined if is_address(joined) else None

    def tell_unknown(self, known: Tree, used: Collection[str]) -> None:
        """Count what has no place here, by its path, once for a review; ``used`` are paths besides the known ones."""
        unknown = self._reading.told.unknown
        for path in dict.fromkeys(_unknown_in(self.node, known, "")):
            if path not in used:
                shown = replaced(path[:_LONGEST_NAME])
                unknown[shown if shown in unknown or len(unknown) < _MOST_UNKNOWN else _OTHERS] += 1


def _tag_in(value: object) -> str | None:
    """The tag of a language: a text, or what an object says of one."""
    node = node_of(value)
    return text_of(node.get("alternateName")) or text_of(node.get("name")) if "@value" not in node and node else text_of(value)


def _unknown_in(node: Node, known: Tree, within: str) -> Iterator[str]:
    for name, value in node.items():
        if name.startswith("@") or value in (None, "", [], {}):
            continue
        if name not in known.names:
            yield within + name
        elif (below := known.names[name]) is not None:
            for one in every(value):
                if isinstance(one, dict):
                    yield from _unknown_in(node_of(one), below, f"{within}{name}.")
