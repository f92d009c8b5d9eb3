"""Sources as bibliographies have them: what the formats of reference managers share, and what none of them holds."""

from __future__ import annotations

import re
from enum import Enum
from typing import TYPE_CHECKING, NamedTuple

from claimreg.interchange.left_out import leave_out
from claimreg.model import Attribution, Claim, Link, Party, Relation, Verdict
from claimreg.render.safe import visible
from claimreg.services.withholding import is_withheld
from claimreg.store.port import Equals

if TYPE_CHECKING:
    from collections.abc import Iterator

    from claimreg.interchange.formats import Writing
    from claimreg.services.exchange.selection import Selection
    from claimreg.services.reporting.views import SourceView

_WHITE = re.compile("[ \t-\r\x1c-\x1f\x85\u2028\u2029]+")
_DAY = re.compile(r"(\d{4})(?:-(\d\d)(?:-(\d\d))?)?", re.ASCII)


class Kind(Enum):
    """Kind of a source, as far as its bytes and its address tell; nobody says of one whether it is an article or a ruling."""

    PAGE = "page"
    VIDEO = "video"
    SOUND = "sound"
    PICTURE = "picture"
    DOCUMENT = "document"


class Reference(NamedTuple):
    """A source as a bibliography names it.

    ``issued`` and ``accessed`` are a year, a month and a day, or the first of these. ``keywords`` are the cases and tags of the claims
    that were chosen and told by it.
    """

    key: str
    kind: Kind
    title: str
    author: str | None
    publisher: str | None
    issued: tuple[int, ...]
    accessed: tuple[int, ...]
    url: str | None
    archive: str | None
    lang: str | None
    abstract: str | None
    keywords: tuple[str, ...]


def references(selection: Selection, writing: Writing) -> Iterator[Reference]:
    """The sources that may be named; the withheld ones, and all that is no source, are counted as left out."""
    for view in selection.sources():
        if is_withheld(view.source):
            writing.told.left_out["withheld source"] += 1
        else:
            yield _reference(selection, view)
    leave_out(selection, writing.told, Claim, Party, Attribution, Link, Verdict, Relation)


def kind_of(media_type: str | None, url: str | None) -> Kind:
    """The kind of a source: a medium by its bytes, else a page where it has an address, else a document."""
    medium = {"video": Kind.VIDEO, "audio": Kind.SOUND, "image": Kind.PICTURE}.get((media_type or "").partition("/")[0])
    return medium or (Kind.PAGE if url else Kind.DOCUMENT)


def plain(text: str) -> str:
    """A text for a file of lines: each stretch of white space is a space, what acts instead of being seen is shown as a sign."""
    return visible(_WHITE.sub(" ", text).strip())


def _reference(selection: Selection, view: SourceView) -> Reference:
    source, capture = view.source, view.capture
    url = source.url or source.canonical_url
    return Reference(
        key=f"claimreg-{source.id}",
        kind=kind_of(capture.media_type if capture is not None else None, url),
        title=source.title,
        author=source.author,
        publisher=source.publisher,
        issued=_day(source.published_at),
        accessed=_day(capture.retrieved_at if capture is not None else None),
        url=url,
        archive=source.archive_url,
        lang=source.lang,
        abstract=source.caption,
        keywords=tuple(_keywords(selection, source.id)),
    )


def _day(date: str | None) -> tuple[int, ...]:
    found = _DAY.match(date or "")
    return tuple(int(part) for part in found.groups() if part) if found else ()


def _keywords(selection: Selection, source_id: str) -> list[str]:
    told: dict[str, None] = {}
    for attribution in selection.reader.find(Attribution, Equals("source_id", source_id)):
        claim = selection.reader.get(Claim, attribution.claim_id)
        if claim is not None and claim.removed_at is None and selection.has(claim.id):
            told |= dict.fromkeys(one for one in (claim.case, *claim.tags) if one)
    return list(told)
