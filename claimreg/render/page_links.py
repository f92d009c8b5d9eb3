"""Links from a report to where a quote stands: the page at the quote's words, a PDF at its page."""

from __future__ import annotations

from typing import TYPE_CHECKING

from claimreg.model import Flag, LinkKind
from claimreg.render.safe import plain_address
from claimreg.services.recording.places import is_page
from claimreg.services.withholding import is_withheld
from claimreg.text.fragments import Passage, address_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from claimreg.model import Link
    from claimreg.services.reporting.views import SourceView, Where

_PDF = "application/pdf"
_PAGE = "page "


class PageLinks:
    """Addresses that lead to the words of links, for the sources of a report."""

    def __init__(self, sources: Iterable[SourceView]) -> None:
        self._sources = {view.source.id: view for view in sources}

    def address(self, link: Link, where: Where | None = None) -> str | None:
        """The address that leads to a link's words; ``None`` where its source has none that can be followed, or is withheld.

        Words that the source no longer has are led to in the archive's copy, where there is one.
        """
        view = self._sources.get(link.source_id)
        return None if view is None or is_withheld(view.source) or is_withheld(link) else _address(link, view, where)


def _address(link: Link, view: SourceView, where: Where | None) -> str | None:
    source, capture = view.source, view.capture
    if capture is None:
        return None
    live = source.url or source.canonical_url
    url = source.archive_url if source.archive_url and (live is None or (where is not None and where.outdated)) else live
    if not url or not plain_address(url):
        return None
    if is_page(capture.media_type, capture.method):
        return address_of(url, list(_passages(link)), is_ambiguous=Flag.AMBIGUOUS in link.flags)
    label = where.label if where is not None else None
    if capture.media_type == _PDF and label and label.startswith(_PAGE) and label.removeprefix(_PAGE).isdecimal() and "#" not in url:
        return f"{url}#page={label.removeprefix(_PAGE)}"
    return None


def _passages(link: Link) -> Iterator[Passage]:
    """Yield the passages of a quote: one, unless it was put together of several."""
    if link.kind is not LinkKind.STITCHED:
        yield Passage(link.exact, link.prefix, link.suffix)
        return
    whole = f"{link.prefix}{link.exact}{link.suffix}"
    for part in sorted(link.parts):
        start, end = (at - link.start + len(link.prefix) for at in part)
        yield Passage(whole[start:end], whole[:start], whole[end:])
