"""Thumbnails of the pictures among a report's sources: small, made anew, and without anything that a file tells beside its picture."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from claimreg.errors import ClaimregError
from claimreg.services.withholding import is_withheld

if TYPE_CHECKING:
    from collections.abc import Callable

    from claimreg.model import Capture
    from claimreg.services.reporting.report import Report
    from claimreg.services.reporting.views import SourceView
    from claimreg.store.port import Reader

DRAWN = frozenset({"image/jpeg", "image/png", "image/webp"})
"""Media types of pictures that thumbnails are made of."""


class Thumbnail(NamedTuple):
    """A small picture: its media type, its size in pixels, and its bytes in Base64."""

    media_type: str
    width: int
    height: int
    data: str

    @property
    def uri(self) -> str:
        """The picture as an address that holds all of it."""
        return f"data:{self.media_type};base64,{self.data}"


def has_pictures(report: Report) -> bool:
    """Return whether thumbnails can be made of any source of a report."""
    return any(_picture_of(view) is not None for view in report.sources)


def _picture_of(view: SourceView) -> Capture | None:
    """The capture that a thumbnail can be made of; ``None`` for what is no picture, is withheld, or was not captured yet."""
    capture = view.capture
    if capture is None or capture.media_type not in DRAWN or is_withheld(view.source) or is_withheld(capture):
        return None
    return capture


def thumbnails(
    reader: Reader, report: Report, draw: Callable[[bytes, str], Thumbnail], tell: Callable[[str], None]
) -> dict[str, Thumbnail]:
    """The thumbnails of a report's pictures by their sources' ids, none of a withheld source.

    ``draw`` makes one from a picture's bytes and its name, or raises `ClaimregError`, which ``tell`` is told of.
    """
    drawn: dict[str, Thumbnail] = {}
    for view in report.sources:
        if (picture := _picture_of(view)) is None:
            continue
        try:
            drawn[view.source.id] = draw(reader.blob(picture.sha256), f"The picture of {view.source.id}")
        except ClaimregError as error:
            tell(f"{error} The report has no thumbnail of it.")
    return drawn
