"""Sources of a report to publish, numbered by their first use, each told once."""

from __future__ import annotations

from typing import TYPE_CHECKING

from claimreg.render.publication.values import day, language_name, values
from claimreg.render.safe import plain_address
from claimreg.services.withholding import is_withheld

if TYPE_CHECKING:
    from collections.abc import Iterable

    from claimreg.model import Source
    from claimreg.render.labels import Words
    from claimreg.render.publication.values import Values
    from claimreg.services.reporting.views import SourceView

_DAY = len("2020-06-22")


class Numbering:
    """Numbers of the sources that a report uses, given as they are first asked for, and who asked."""

    def __init__(self, sources: Iterable[SourceView]) -> None:
        self._views = {view.source.id: view for view in sources}
        self._numbers: dict[str, int] = {}
        self._cited: dict[str, dict[int, str]] = {}

    def number(self, source_id: str | None, claim: int, anchor: str) -> int | None:
        """The number of a source, cited in the claim of this number and anchor; ``None`` for no source, or one that is lost."""
        if source_id is None or source_id not in self._views:
            return None
        self._cited.setdefault(source_id, {})[claim] = anchor
        return self._numbers.setdefault(source_id, len(self._cited))

    def view(self, source_id: str | None) -> SourceView | None:
        """The source of an id; ``None`` for no source, or one that is lost."""
        return self._views.get(source_id) if source_id is not None else None

    def told(self, words: Words, hidden: frozenset[str]) -> tuple[Values, ...]:
        """Tell of each source that was asked for, in the order of the numbers; ``hidden`` are names that may not be printed."""
        return tuple(_source(self._numbers[one], self._views[one], cited, words, hidden) for one, cited in self._cited.items())


def _source(number: int, view: SourceView, cited: dict[int, str], words: Words, hidden: frozenset[str]) -> Values:
    source, capture = view.source, view.capture
    places = tuple(values(number=claim, anchor=anchor) for claim, anchor in cited.items())
    nothing = dict.fromkeys(("title", "lang_name", "author", "publisher", "published", "url", "archive", "retrieved", "caption", "sha"))
    if is_withheld(source):
        return values(**nothing | {"number": number, "lang": "", "captures": 0, "withheld": source.withheld, "cited": places})
    live = source.url or source.canonical_url
    told = {
        "number": number,
        "title": source.title,
        "lang": source.lang or "",
        "lang_name": language_name(source.lang, words),
        "author": _author(source, hidden),
        "publisher": source.publisher,
        "published": day(source.published_at, words),
        "url": live if live and plain_address(live) else None,
        "archive": source.archive_url if source.archive_url and plain_address(source.archive_url) else None,
        "caption": source.caption,
        "captures": view.captures if capture is not None else 0,
        "withheld": None,
        "cited": places,
    }
    if capture is not None:
        told |= {"retrieved": day(capture.retrieved_at[:_DAY], words), "sha": capture.sha256}
    return values(**nothing | told)


def _author(source: Source, hidden: frozenset[str]) -> str | None:
    """Return the author's name, unless it is a login, or the publisher's again."""
    author = source.author
    if author is None or author.casefold() in hidden or author.casefold() == (source.publisher or "").casefold():
        return None
    return author
