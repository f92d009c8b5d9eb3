"""Claims as rows of a table, a row for each who said it; what the table has no column for is counted."""

from __future__ import annotations

from typing import TYPE_CHECKING

from claimreg.interchange.table_columns import NAMES
from claimreg.model import LinkState, Party, Source
from claimreg.services.recording.parties import aliases_of
from claimreg.services.withholding import offsets_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from claimreg.model import Claim, Link, Verdict
    from claimreg.services.exchange.rows import Told
    from claimreg.services.exchange.selection import Selection
    from claimreg.services.reporting.views import AttributionView, ClaimView

_BEST_FIRST = (LinkState.CONFIRMED, LinkState.SUGGESTED, LinkState.REJECTED)
_BETWEEN = "; "
_DETAILS = ("author", "lang", "canonical_url", "archive_url", "caption")
_NO_CELLS: dict[str, str | None] = {}


class TableWriter:
    """A writer of the rows of a selection, each with the id of its claim; ``told`` is told what they leave out."""

    def __init__(self, selection: Selection, told: Told) -> None:
        self._selection = selection
        self._left_out = told.left_out
        self._parties: dict[str, Party] = {}
        self._sources: dict[str, Source] = {}

    def rows(self) -> Iterator[tuple[str, list[str]]]:
        """The rows, their cells in the order of the columns."""
        for view in self._selection.claims():
            of_claim = _claim_cells(view.claim) | (_verdict_cells(view.verdicts[-1]) if view.verdicts else _NO_CELLS)
            self._count_of_claim(view)
            for said in [self._said_cells(one) for one in view.attributions] or [_NO_CELLS]:
                cells = of_claim | said
                yield view.claim.id, [cells.get(name) or "" for name in NAMES]
        self._count_others()

    def _said_cells(self, view: AttributionView) -> dict[str, str | None]:
        self._parties[view.party.id] = view.party
        attribution, source, link = view.attribution, view.source, _best(view.links)
        cells = {
            "by": view.party.name,
            "stance": attribution.stance.value,
            "quote": attribution.quote,
            "quote_lang": attribution.lang,
            "said_at": attribution.said_at,
        }
        if source is not None:
            self._sources[source.id] = source
            cells |= {
                "source": source.id, "source_title": source.title, "source_url": source.url, "publisher": source.publisher,
                "published_at": source.published_at,
            }  # fmt: skip
        if link is None:
            return cells
        self._count("further link", len(view.links) - 1)
        self._count("altered word", link.edits)
        return cells | self._link_cells(link, is_own=link.source_id == attribution.source_id)

    def _link_cells(self, link: Link, *, is_own: bool) -> dict[str, str | None]:
        """The cells on how a quote stands in a source, and those on the place where that is the source that the row names."""
        offsets = offsets_of(link) if is_own else None
        self._count("linked place", 0 if offsets else 1)
        return {
            "link_kind": link.kind.value,
            "link_state": link.state.value,
            "source_start": str(offsets.start) if offsets else None,
            "source_end": str(offsets.end) if offsets else None,
            "flags": _BETWEEN.join(flag.value for flag in link.flags),
            "not_judged": _BETWEEN.join(link.not_judged),
        }

    def _count_of_claim(self, view: ClaimView) -> None:
        self._count("superseded verdict", len(view.verdicts) - 1)
        # A relation stands with both its claims.
        self._count("relation", sum(one.relation.claim_id == view.claim.id for one in view.relations))
        self._count("tag's semicolon", sum(tag.count(";") for tag in view.claim.tags))
        self._count("note", bool(view.claim.note))
        self._count("assignee", bool(view.claim.assignee))

    def _count_others(self) -> None:
        reader = self._selection.reader
        for party in self._parties.values():
            self._count("other name", len({alias.name for alias in aliases_of(reader, party)} - {party.name}))
        self._count("source's detail", sum(getattr(one, name) is not None for one in self._sources.values() for name in _DETAILS))
        if self._selection.is_whole:
            self._count("unused source", sum(one.id not in self._sources for one in reader.find(Source)))
            self._count("unused party", sum(one.id not in self._parties and not one.merged_into for one in reader.find(Party)))

    def _count(self, noun: str, count: int) -> None:
        if count > 0:
            self._left_out[noun] += count


def _best(links: tuple[Link, ...]) -> Link | None:
    """The link to tell of: one that a person confirmed, else one that nobody rejected, else the best of those."""
    states = {state: place for place, state in enumerate(_BEST_FIRST)}
    return min(links, key=lambda one: (states.get(one.state, len(states)), -one.score), default=None)


def _claim_cells(claim: Claim) -> dict[str, str | None]:
    return {
        "claim_id": claim.id, "external_id": claim.external_id, "claim": claim.text, "title": claim.title, "lang": claim.lang,
        "case": claim.case, "tags": _BETWEEN.join(claim.tags),
    }  # fmt: skip


def _verdict_cells(verdict: Verdict) -> dict[str, str | None]:
    return {
        "verdict": verdict.rating, "scheme": verdict.scheme, "why": verdict.rationale, "rated_by": verdict.author,
        "rated_at": verdict.rated_at,
    }  # fmt: skip
