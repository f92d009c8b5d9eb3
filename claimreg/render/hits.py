"""Words of a listing's cells that are to be seen first: those that a search found."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from claimreg.render.lines import hit_cells

if TYPE_CHECKING:
    from claimreg.model import Span
    from claimreg.services.finding.search import Hit
    from claimreg.services.reporting.views import ClaimView


class Marked(NamedTuple):
    """A cell's text, and where in it the marked words stand (code points, in order, apart from each other)."""

    text: str
    spans: tuple[Span, ...]


def marked_hit_cells(hit: Hit, view: ClaimView) -> tuple[str | Marked, ...]:
    """Return the cells of `claimreg.render.lines.hit_cells`, with the words found in the claim marked."""
    claim_id, score, text, *rest = hit_cells(hit, view)
    spans = {one.span for one in hit.found if one.field == "claim"}
    return claim_id, score, Marked(text, tuple(sorted(spans))), *rest
