"""Sources of a report to publish, numbered by their first use, each told once."""

from __future__ import annotations

from typing import TYPE_CHECKING

from claimreg.render.publication.values import day, language_name, values
from claimreg.render.safe import plain_address
from claimreg.services.withholding import is_withheld

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from claimreg.model import Capture, Source
    from claimreg.render.labels import Words
    from claimreg.render.publication.values import Values
    from claimreg.services.reporting.pictures import Thumbnail
    from claimreg.services.reporting.views import SourceView

_DAY = len("2020-06-22")
_MAY_LACK = ("title", "lang_name", "author", "publisher", "published", "url", "archive", "retrieved", "caption", "sha", "picture")


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

    def told(self, words: Words, hidden: frozenset[str], pictures: Mapping[str, Thumbnail]) -> tuple[Values, ...]:
        """Tell of each source that was asked for, in the order of the numbers.

        ``hidden`` are names that may not be printed, ``pictures`` are by their sources' ids.
        """
        return tuple(
            values(
                number=self._numbers[one],
                cited=tuple(values(number=claim, anchor=anchor) for claim, anchor in cited.items()),
                **_details(self._views[one], words, hidden, pictures.get(one)),
            )
            for one, cited in self._cited.items()
        )


def _details(view: SourceView, words: Words, hidden: frozenset[str], picture: Thumbnail | None) -> dict[str, object]:
    source, capture = view.source, view.capture
    nothing = dict.fromkeys(_MAY_LACK)
    if is_withheld(source):
        return nothing | {"lang": "", "captures": 0, "earlier": (), "withheld": source.withheld}
    live = source.url or source.canonical_url
    told = {
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
        "earlier": tuple(_copy(one, words) for one in view.earlier),
        "withheld": None,
        "picture": values(uri=picture.uri, width=picture.width, height=picture.height) if picture is not None else None,
    }
    if capture is not None:
        told |= _copy(capture, words)
    return nothing | told


def _copy(capture: Capture, words: Words) -> Values:
    return values(retrieved=day(capture.retrieved_at[:_DAY], words), sha=capture.sha256)


def _author(source: Source, hidden: frozenset[str]) -> str | None:
    """Return the author's name, unless it is a login, or the publisher's again."""
    author = source.author
    if author is None or author.casefold() in hidden or author.casefold() == (source.publisher or "").casefold():
        return None
    return author
